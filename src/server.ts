// The one place where parts are put together: configuration in, a running Sekisho out. The parts themselves are in start/.
import path from 'node:path'
import type { Issuer } from './acs/issuer.ts'
import type { Secrets, Store } from './acs/ports.ts'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { createAccessLimits, mayMakeTenant } from './http/admin/access.ts'
import { operationsRouter } from './http/operations.ts'
import { createMetrics } from './observe/observer.ts'
import { decodeProfile, encodeProfile } from './risk/profile-codec.ts'
import { addressesOf } from './start/addresses.ts'
import { createPort, lastHandlers } from './start/app.ts'
import { dispatch } from './start/dispatch.ts'
import { databaseFile, readRanges, storeProblem } from './start/files.ts'
import { loadHookModule, openSourcesFile } from './start/hook.ts'
import { createLog, type Overrides } from './start/house.ts'
import { openIssuerSource } from './start/issuer-file.ts'
import { LabTurn } from './start/lab.ts'
import { openLinks } from './start/links.ts'
import { openPolicySource } from './start/policy-source.ts'
import { folderOf, hasWork, keptTenants, type OpenHouse, openRoom, removeRoom, type World } from './start/room.ts'
import { guardServers } from './start/servers-port.ts'
import { shippedTables } from './start/tables.ts'
import { openSqliteStore } from './store/sqlite.ts'
import { defaultName } from './tenants/room.ts'
import { createRooms } from './tenants/rooms.ts'
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

/** Tables of the risk engine that nobody has needed yet are read then, so that the first who does need not wait. */
const warmAfterMs = 1_000
/** How long a stop waits for answers of the DS. */
const hurryAfterMs = 3_000

/** Starts the parties that `config.only` names. Throws StartError, ListenError or PolicyError with a line for a person. */
export async function startSekisho(config: Config, overrides: Overrides = {}): Promise<Sekisho> {
  const runs = (party: Config['only'][number]): boolean => config.only.includes(party)
  const log = overrides.log ?? createLog(config)
  const tables = shippedTables({ networks: config.networkTables })
  const policies = openPolicySource({
    file: config.policy,
    modelsFolder: path.join(config.dataDir, 'models'),
    log,
  })
  const issuers = openIssuerSource({ file: config.issuer, log })
  const sourcesFile = openSourcesFile({
    file: config.hookSources,
    hasModule: config.hookModule !== undefined,
    env: process.env,
    log,
  })
  const closers: (() => Promise<void> | void)[] = [
    () => issuers.close(),
    () => policies.close(),
    () => sourcesFile.close(),
  ]
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    databaseFile(config, '') // the folder, before anything is put into it
    const hookModule = await loadHookModule(config, log)
    closers.push(() => hookModule?.close())
    const ports = {
      acs: await choosePort(config.host, config.acsPort),
      shop: config.singlePort ? 0 : await choosePort(config.host, config.shopPort),
      mtls: config.tls ? await choosePort(config.host, config.mtlsPort) : 0,
    }
    const ownRanges = readRanges(config.cardRanges)
    const hasForeignRoutes = ownRanges?.some(({ acsUrl }) => acsUrl !== undefined) ?? false
    const addresses = addressesOf(config, ports, hasForeignRoutes)
    const clock = overrides.clock ?? systemClock
    const links = await openLinks(config, addresses, { clock, log, closers })
    const limits = createAccessLimits(config.adminWritesPerMinute)
    closers.push(() => limits.close())
    const metrics = createMetrics()
    let isOpen = false
    let isReady = false
    const world: World = {
      config,
      overrides,
      log,
      ports,
      ownRanges,
      hasForeignRoutes,
      links,
      policies,
      tables,
      issuers,
      sourcesFile,
      hookModule,
      metrics,
      limits,
      labTurn: new LabTurn(),
      rooms: () => rooms,
      isOpen: () => isOpen,
    }
    const rooms = createRooms<OpenHouse>({
      open: (name, again) => openRoom(world, name, again),
      remove: (name) => removeRoom(config, name),
      known: keptTenants(config),
      most: config.maxTenants,
    })
    closers.push(() => rooms.close())
    await rooms.get(defaultName, true)
    // Timers and RReqs that wait are somebody's, whether anybody asks for the tenant or not.
    for (const name of rooms.names()) {
      try {
        if (hasWork(config, name)) await rooms.get(name, false)
      } catch (error) {
        log.error({ err: error, tenant: name }, 'tenant: its files cannot be used; the others go on without it')
      }
    }

    const proxies = config.trustProxy
    const acsPort = createPort(addresses.base, { proxies, isShared: config.singlePort })
    const shopPort = config.singlePort ? acsPort : createPort(addresses.shopBase, { proxies })
    const serversPort = links.tls === undefined ? undefined : createPort('', { isShared: true })
    if (links.tls !== undefined && serversPort !== undefined) {
      guardServers(serversPort.routes, links.tls.isClient)
      const { ca } = links.tls
      for (const { routes } of new Set([acsPort, shopPort]))
        routes.get('/ca.pem', (_req, res) => void res.type('application/x-pem-file').send(ca))
    }
    const mayMake = mayMakeTenant({
      token: config.adminToken,
      publicUrls: [addresses.publicUrl, addresses.shopUrl, addresses.servers],
      limits,
    })
    dispatch(acsPort, { rooms, mayMake, door: ({ acs }) => acs })
    if (shopPort !== acsPort) dispatch(shopPort, { rooms, mayMake, door: ({ shop }) => shop })
    if (serversPort !== undefined) dispatch(serversPort, { rooms, mayMake, door: ({ acsServers }) => acsServers })
    acsPort.routes.use(operationsRouter({ isReady: () => isReady, metrics: metrics.metrics }))
    // The doors open when everything behind them is there; effects of an earlier run may need them too. The 3DS Server
    // stands behind the DS: it opens first and closes last, or an RReq would be refused for good.
    const hasShopPort = runs('3ds-server') || runs('shop') || runs('screening')
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
    isOpen = true
    for (const { acs } of rooms.all()) acs?.start()
    isReady = true
    const warming = setTimeout(() => void tables.warm(), warmAfterMs).unref()
    closers.push(() => {
      clearTimeout(warming)
      isReady = false
      for (const room of rooms.all()) room.quieten()
      setTimeout(() => {
        for (const room of rooms.all()) room.hurry()
      }, hurryAfterMs).unref()
    })
    const byDefault = (): OpenHouse => {
      const room = rooms.opened(defaultName)
      if (room === undefined) throw new Error('the default tenant is being made again')
      return room
    }
    return {
      urls: {
        acs: hasAcsPort ? addresses.publicUrl : undefined,
        shop: hasShopPort ? addresses.shopUrl : undefined,
        servers: addresses.servers,
      },
      caFile: links.tls?.caFile,
      get issuer() {
        return byDefault().house.issuer
      },
      get secrets() {
        return byDefault().house.secrets
      },
      get store() {
        return byDefault().acs?.store
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Removes what ended before `before`, of all tenants; the server must not be running on the same folder. Returns how many transactions. */
export async function pruneData(config: Config, before: number): Promise<number> {
  let count = 0
  for (const name of [defaultName, ...keptTenants(config)])
    count += await pruneRoom({ ...config, dataDir: folderOf(config, name) ?? config.dataDir }, before)
  return count
}

async function pruneRoom(config: Config, before: number): Promise<number> {
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
