// Sekisho inside of a program, above all of a test: started in process on free ports, with a client for all of it.
import { type Client, createClient } from './client/client.ts'
import type { Settings } from './client/settings.ts'
import { readConfig } from './config.ts'
import { startSekisho as start } from './server.ts'

export type * from './client/client.ts'
export { challengedCard, createClient, SekishoError, UnmetExpectation, usualPurchase } from './client/client.ts'
export type { Settings } from './client/settings.ts'

/** Where everything is, of one tenant; without a slash at the end. */
export interface Urls {
  /** Base address of the ACS port. */
  readonly acs: string
  /** Where a DS posts AReqs. */
  readonly areq: string
  /** Where the pages of the shop begin. */
  readonly shop: string
  readonly threeDSServer: string
  readonly ds: string
  readonly console: string
  readonly inbox: string
  /** The admin API. */
  readonly api: string
}

export type Tenant = Client & { readonly urls: Urls }

export interface Sekisho {
  readonly urls: Urls
  readonly client: Client
  /** A house of its own: stubs, faults, clock, inbox, journal. Made when it is used first. */
  tenant(name: string): Tenant
  /** Answers what is in flight, then stops. */
  close(): Promise<void>
}

const below = (base: string, tenant: string | undefined): string =>
  tenant === undefined || tenant === 'default' ? base : `${base}/t/${tenant}`

function urlsOf(acs: string, servers: string, shop: string): Urls {
  return {
    acs,
    areq: `${servers}/acs/areq`,
    shop: `${shop}/shop`,
    threeDSServer: `${shop}/3ds-server`,
    ds: `${servers}/ds`,
    console: `${acs}/console`,
    inbox: `${acs}/inbox`,
    api: `${acs}/api/v1`,
  }
}

/**
 * Starts Sekisho in this process: on free ports of loopback, keeping nothing, without a log. Settings are those of
 * docs/configuration.md; one that is not valid is refused with a line that names it.
 */
export async function startSekisho(settings: Settings = {}): Promise<Sekisho> {
  const config = readConfig({
    flags: { acsPort: 0, shopPort: 0, mtlsPort: 0, ephemeral: true, logLevel: 'silent', ...settings },
  })
  const running = await start(config)
  const { acs = '', shop = acs, servers } = running.urls
  const token = config.adminToken
  const tenant = (name?: string): Tenant => ({
    ...createClient({ baseUrl: acs, tenant: name, token }),
    urls: urlsOf(below(acs, name), below(servers, name), below(shop, name)),
  })
  const own = tenant()
  return {
    urls: own.urls,
    client: own,
    tenant,
    close: () => running.close(),
  }
}
