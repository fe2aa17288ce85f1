// Every address of a running Sekisho in one place: what browsers use, where the servers meet, and what they tell others.
// Parties of one process meet on this machine, whatever their public addresses are: a proxy need not lead back to itself.
import { hostname } from 'node:os'
import { type Config, isLoopbackHost } from '../config.ts'

export interface Ports {
  readonly acs: number
  readonly shop: number
  readonly mtls: number
}

/** All without a slash at the end. */
export interface Addresses {
  /** What browsers use. */
  readonly publicUrl: string
  readonly shopUrl: string
  /** The paths of the two: '' or '/sekisho'. */
  readonly base: string
  readonly shopBase: string
  /** Where other servers post AReqs and RReqs: the mTLS port under TLS, else the public addresses. */
  readonly servers: string
  readonly acs: {
    /** Where our DS posts AReqs. */
    readonly areq: string
    readonly method: string
    /** Origin of its pages. */
    readonly origin: string
  }
  readonly ds: {
    /** Where our 3DS Server posts AReqs. */
    readonly areq: string
    /** The dsURL: where the ACS posts RReqs. */
    readonly rreq: string
    /** Where its message log is asked for; undefined: nowhere near. */
    readonly messages: string | undefined
  }
  readonly threeDSServer: {
    /** Where the shop calls it. */
    readonly api: string
    /** What browsers post to. */
    readonly publicUrl: string
    /** The threeDSServerURL: where the DS posts RReqs. */
    readonly results: string
    readonly messages: string | undefined
  }
  /** Where the shop sends authorisations. */
  readonly acquirer: string
  /** The screening service, run here or elsewhere; undefined: there is none. */
  readonly screening:
    | {
        /** Where the shop calls it. */
        readonly api: string
        /** Where the ACS asks it. */
        readonly assess: string
        /** Its pages. */
        readonly publicUrl: string
      }
    | undefined
  /** Where merchant-side services reach the ACS. */
  readonly hook: string
  /** The admin API of an ACS that is run here. */
  readonly adminApi: string | undefined
  /** Host names and addresses that this process answers to. */
  readonly names: readonly string[]
}

const pathOf = (url: string): string => new URL(url).pathname.replace(/\/$/, '')
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')

/** Whether every card range leads to the ACS of this process. */
const meetsAtHome = (config: Config, hasForeignRoutes: boolean): boolean =>
  config.only.includes('acs') && config.acsUrl === undefined && !hasForeignRoutes

/** `below`: the path of a tenant, such as /t/blue; the bare paths are those of the default one. */
export function addressesOf(config: Config, ports: Ports, hasForeignRoutes = false, below = ''): Addresses {
  const { host, tls, singlePort } = config
  const isWildcard = host === '0.0.0.0' || host === '::'
  const isSpecific = !isWildcard && !isLoopbackHost(host)
  const at = (loopback: string, port: number): string => {
    const name = isSpecific ? (host.includes(':') ? `[${host}]` : host) : loopback
    return `${tls ? 'https' : 'http'}://${name}:${port}${below}`
  }
  const here = at('localhost', ports.acs)
  const publicUrl = config.publicUrl === undefined ? here : `${config.publicUrl}${below}`
  // Two sites by default, 127.0.0.1 and localhost, because that is what breaks integrations. A certificate that is not
  // ours need not have the address, so servers use the name.
  const shopPublicUrl = config.shopPublicUrl === undefined ? undefined : `${config.shopPublicUrl}${below}`
  const shopUrl = shopPublicUrl ?? (singlePort ? publicUrl : at('127.0.0.1', ports.shop))
  const shopHere = singlePort ? here : at(tls ? 'localhost' : '127.0.0.1', ports.shop)
  const mtls = at('localhost', ports.mtls)
  const isElsewhere = isWildcard || isSpecific
  const mtlsElsewhere = isElsewhere ? `https://${new URL(publicUrl).hostname}:${ports.mtls}${below}` : mtls
  const publicMtls = config.mtlsPublicUrl === undefined ? mtlsElsewhere : `${config.mtlsPublicUrl}${below}`

  const home = { acs: tls ? mtls : here, shop: tls ? mtls : shopHere }
  const abroad = { acs: tls ? publicMtls : publicUrl, shop: tls ? publicMtls : shopUrl }
  const rreq = meetsAtHome(config, hasForeignRoutes) ? home.acs : abroad.acs
  const results = config.only.includes('ds') && config.dsUrl === undefined ? home.shop : abroad.shop
  const { acsUrl, dsUrl, '3dsServerUrl': threeDSServerUrl } = config
  // The token goes along with a question for the log, so no other operator is asked.
  const hasScreening = config.only.includes('screening') || config.screeningUrl !== undefined
  const screeningApi = config.screeningUrl ?? `${shopHere}/screening`
  const nearby = (url: string): string | undefined => (isLoopbackHost(hostOf(url)) ? url : undefined)
  return {
    publicUrl,
    shopUrl,
    base: pathOf(publicUrl),
    shopBase: pathOf(shopUrl),
    servers: abroad.acs,
    acs: {
      areq: `${acsUrl ?? `${home.acs}/acs`}/areq`,
      method: `${acsUrl ?? `${publicUrl}/acs`}/method`,
      origin: new URL(acsUrl ?? publicUrl).origin,
    },
    ds: {
      areq: `${dsUrl ?? `${home.acs}/ds`}/areq`,
      rreq: `${dsUrl ?? `${rreq}/ds`}/rreq`,
      messages: dsUrl === undefined ? `${here}/ds` : nearby(dsUrl),
    },
    threeDSServer: {
      api: threeDSServerUrl ?? `${shopHere}/3ds-server`,
      publicUrl: `${shopUrl}/3ds-server`,
      results: `${results}/3ds-server/results`,
      messages: threeDSServerUrl === undefined ? `${shopHere}/3ds-server` : nearby(threeDSServerUrl),
    },
    acquirer: `${shopHere}/shop/acquirer`,
    screening: hasScreening
      ? {
          api: screeningApi,
          assess: `${screeningApi}/assess`,
          publicUrl: config.screeningUrl ?? `${shopUrl}/screening`,
        }
      : undefined,
    hook: `${acsUrl?.replace(/\/acs$/, '') ?? here}/hook`,
    adminApi: config.only.includes('acs') ? `${here}/api/v1` : undefined,
    names: [
      ...new Set([
        ...['localhost', '127.0.0.1', '::1'],
        ...(isSpecific ? [host] : []),
        ...(isWildcard ? [hostname()] : []),
        ...[publicUrl, shopUrl, publicMtls].map(hostOf),
        ...config.tlsNames,
      ]),
    ],
  }
}

/** What exports write in the place of an address. */
export const placesOf = ({
  publicUrl,
  shopUrl,
  servers,
  acs,
  ds,
  threeDSServer,
}: Addresses): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    [...new Set([publicUrl, shopUrl, servers])].flatMap((url) => [
      [`${url}/acs`, '{acs}'],
      [`${url}/ds`, '{ds}'],
      [`${url}/3ds-server`, '{3dss}'],
      [`${url}/shop`, '{shop}'],
      [`${url}/screening`, '{screening}'],
    ]),
  ),
  ...Object.fromEntries([
    [acs.areq.replace(/\/areq$/, ''), '{acs}'],
    [ds.rreq.replace(/\/rreq$/, ''), '{ds}'],
    [ds.areq.replace(/\/areq$/, ''), '{ds}'],
    [threeDSServer.publicUrl, '{3dss}'],
    [threeDSServer.results.replace(/\/results$/, ''), '{3dss}'],
    [threeDSServer.api, '{3dss}'],
  ]),
})
