// The one place where parts are put together: configuration in, a running Sekisho out. The parts themselves are in start/.
import type { Issuer } from './acs/issuer.ts'
import type { Random, Secrets, Store } from './acs/ports.ts'
import { createSecrets } from './acs/secrets.ts'
import { virtualClock } from './clock.ts'
import type { Config } from './config.ts'
import { routesFor } from './emulators/card-ranges.ts'
import { createFaults } from './faults/registry.ts'
import { operationsRouter } from './http/operations.ts'
import { createObserver } from './observe/observer.ts'
import { seededRandom, systemRandom } from './random.ts'
import { loadPolicy, shippedPolicy } from './risk/policy.ts'
import { decodeProfile, encodeProfile } from './risk/profile-codec.ts'
import { openAcs } from './start/acs.ts'
import { addressesOf } from './start/addresses.ts'
import { createPort, lastHandlers } from './start/app.ts'
import { openEmulators } from './start/emulators.ts'
import { databaseFile, keysOf, readIssuer, readRanges, readText, storeProblem } from './start/files.ts'
import { createLog, type Doors, type House, type Overrides } from './start/house.ts'
import { openLinks } from './start/links.ts'
import { guardServers, turnAwayServers } from './start/servers-port.ts'
import { openSqliteStore } from './store/sqlite.ts'
import { choosePort, listen } from './web/server.ts'

export interface Sekisho {
  /** Base addresses, without a slash at the end; undefined: that port serves nothing. */
  readonly urls: {
    readonly acs?: string | undefined
    readonly shop?: string | undefined
    /** Where other servers post AReqs and RReqs. */
    readonly servers: string
  }
  /** The CA of the made certificates, under TLS and unless nothing is kept. */
  readonly caFile: string | undefined
  readonly issuer: Issuer
  readonly secrets: Secrets
  readonly store?: Store | undefined
  /** Answers what is in flight, keeps what is to be done, stops. */
  close(): Promise<void>
}

/** How long a stop waits for answers of the DS. */
const hurryAfterMs = 3_000

/** Starts the parties that `config.only` names. Throws StartError, ListenError or PolicyError with a line for a person. */
export async function startSekisho(config: Config, overrides: Overrides = {}): Promise<Sekisho> {
  const { seed } = config
  const randomFor = (name: string): Random =>
    overrides.random ?? (seed === undefined ? systemRandom : seededRandom(seed, name))
  const runs = (party: Config['only'][number]): boolean => config.only.includes(party)
  const log = overrides.log ?? createLog(config)
  const policy = loadPolicy(readText(config.policy ?? shippedPolicy('default')))
  const issuer = readIssuer(config.issuer ?? new URL('../src/acs/data/issuer.yaml', import.meta.url))
  const closers: House['closers'] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    databaseFile(config, '') // the folder, before anything is put into it
    const ports = {
      acs: await choosePort(config.host, config.acsPort),
      shop: config.singlePort ? 0 : await choosePort(config.host, config.shopPort),
      mtls: config.tls ? await choosePort(config.host, config.mtlsPort) : 0,
    }
    const ownRanges = readRanges(config.cardRanges)
    const hasForeignRoutes = ownRanges?.some(({ acsUrl }) => acsUrl !== undefined)
    const addresses = addressesOf(config, ports, hasForeignRoutes)
    const clock = virtualClock({ ...(overrides.clock !== undefined && { base: overrides.clock }) })
    const links = await openLinks(config, addresses, { clock, log, closers })
    const secrets = createSecrets(keysOf(config))
    const observation = createObserver(log)
    const faults = createFaults({ random: randomFor('faults').fraction, now: clock.now })
    const house: House = {
      config,
      overrides,
      room: {
        name: 'default',
        folder: config.ephemeral ? undefined : config.dataDir,
        settings: () => ({ name: 'default', overrides: false, hasToken: false, createdAt: 0 }),
        change: () => ({ name: 'default', overrides: false, hasToken: false, createdAt: 0 }),
      },
      faults,
      clock,
      random: randomFor('acs'),
      emulatorRandom: randomFor('emulators'),
      log,
      observation,
      policy,
      issuer,
      secrets,
      addresses,
      links,
      routes: routesFor(ownRanges ?? issuer.ranges.map(({ from, to, scheme }) => ({ from, to, scheme })), {
        acsUrl: addresses.acs.areq,
        methodUrl: addresses.acs.method,
      }),
      closers,
    }
    const proxies = config.trustProxy
    const acsPort = createPort(addresses.base, { proxies, isShared: config.singlePort })
    const shopPort = config.singlePort ? acsPort : createPort(addresses.shopBase, { proxies })
    const serversPort = links.tls === undefined ? undefined : createPort('', { isShared: true })
    const doors: Doors = {
      acs: acsPort.routes,
      shop: shopPort.routes,
      acsServers: (serversPort ?? acsPort).routes,
      shopServers: (serversPort ?? shopPort).routes,
    }
    if (links.tls !== undefined && serversPort !== undefined) {
      guardServers(serversPort.routes, links.tls.isClient)
      const { ca } = links.tls
      for (const { routes } of new Set([acsPort, shopPort])) {
        turnAwayServers(routes, addresses.servers)
        routes.get('/ca.pem', (_req, res) => void res.type('application/x-pem-file').send(ca))
      }
    }
    let isReady = false
    const acs = runs('acs') ? await openAcs(house, doors) : undefined
    acsPort.routes.use(operationsRouter({ isReady: () => isReady, metrics: observation.metrics }))
    if (runs('ds') || runs('3ds-server') || runs('shop')) openEmulators(house, doors)
    // The doors open when everything behind them is there; effects of an earlier run may need them too. The 3DS Server
    // stands behind the DS: it opens first and closes last, or an RReq would be refused for good.
    const hasShopPort = runs('3ds-server') || runs('shop')
    const hasAcsPort = runs('acs') || runs('ds') || (config.singlePort && hasShopPort)
    const security = links.tls?.browsers
    for (const { has, door, port, by } of [
      { has: hasShopPort && !config.singlePort, door: shopPort, port: ports.shop, by: security },
      { has: true, door: serversPort, port: ports.mtls, by: links.tls?.servers },
      { has: hasAcsPort, door: acsPort, port: ports.acs, by: security },
    ]) {
      if (!has || door === undefined) continue
      lastHandlers(door.app, log)
      const listening = await listen(door.app, config.host, port, by)
      closers.push(async () => {
        await door.drain()
        await listening.close()
      })
    }
    acs?.start()
    isReady = true
    closers.push(() => {
      isReady = false
      faults.close() // what is held up on purpose must not hold up the end
      observation.live.close()
      setTimeout(() => acs?.hurry(), hurryAfterMs).unref()
    })
    return {
      urls: {
        acs: hasAcsPort ? addresses.publicUrl : undefined,
        shop: hasShopPort ? addresses.shopUrl : undefined,
        servers: addresses.servers,
      },
      caFile: links.tls?.caFile,
      issuer,
      secrets,
      store: acs?.store,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Removes what ended before `before`; the server must not be running on the same folder. Returns how many transactions. */
export async function pruneData(config: Config, before: number): Promise<number> {
  let store: Store
  try {
    store = await openSqliteStore({ path: databaseFile(config, 'sekisho.sqlite'), encodeProfile, decodeProfile })
  } catch (error) {
    throw storeProblem(config, error)
  }
  try {
    return await store.prune(before)
  } finally {
    await store.close()
  }
}
