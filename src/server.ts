// The one place where parts are put together: configuration in, a running Sekisho out. The parts themselves are in start/.
import type { Issuer } from './acs/issuer.ts'
import type { Random, Secrets, Store } from './acs/ports.ts'
import { createSecrets } from './acs/secrets.ts'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { operationsRouter } from './http/operations.ts'
import { createObserver } from './observe/observer.ts'
import { seededRandom, systemRandom } from './random.ts'
import { loadPolicy, shippedPolicy } from './risk/policy.ts'
import { decodeProfile, encodeProfile } from './risk/profile-codec.ts'
import { openAcs } from './start/acs.ts'
import { application, lastHandlers } from './start/app.ts'
import { openEmulators } from './start/emulators.ts'
import { databaseFile, keysOf, readIssuer, readText, storeProblem } from './start/files.ts'
import { createLog, type House, type Overrides } from './start/house.ts'
import { openSqliteStore } from './store/sqlite.ts'
import { choosePort, listen } from './web/server.ts'

export interface Sekisho {
  /** Base addresses, without a slash at the end; undefined: that port serves nothing. */
  readonly urls: { readonly acs?: string | undefined; readonly shop?: string | undefined }
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
    const acsPort = await choosePort(config.host, config.acsPort)
    const shopPort = await choosePort(config.host, config.shopPort)
    const publicUrl = config.publicUrl ?? `http://localhost:${acsPort}`
    const shopUrl = config.shopPublicUrl ?? `http://127.0.0.1:${shopPort}`
    const secrets = createSecrets(keysOf(config))
    const observation = createObserver(log)
    const house: House = {
      config,
      overrides,
      clock: overrides.clock ?? systemClock,
      random: randomFor('acs'),
      emulatorRandom: randomFor('emulators'),
      log,
      observation,
      policy,
      issuer,
      secrets,
      publicUrl,
      shopUrl,
      acsBase: config.acsUrl ?? `${publicUrl}/acs`,
      dsBase: config.dsUrl ?? `${publicUrl}/ds`,
      closers,
    }
    const acsApp = application()
    const shopApp = application()
    let isReady = false
    const acs = runs('acs') ? await openAcs(house, acsApp) : undefined
    acsApp.use(operationsRouter({ isReady: () => isReady, metrics: observation.metrics }))
    if (runs('ds') || runs('3ds-server') || runs('shop')) openEmulators(house, acsApp, shopApp)
    lastHandlers(acsApp, log)
    lastHandlers(shopApp, log)
    // The doors open when everything behind them is there; effects of an earlier run may need them too. The 3DS Server
    // stands behind the DS: it opens first and closes last, or an RReq would be refused for good.
    const hasAcsPort = runs('acs') || runs('ds')
    const hasShopPort = runs('3ds-server') || runs('shop')
    for (const [has, app, port] of [
      [hasShopPort, shopApp, shopPort],
      [hasAcsPort, acsApp, acsPort],
    ] as const) {
      if (!has) continue
      const listening = await listen(app, config.host, port)
      closers.push(() => listening.close())
    }
    acs?.start()
    isReady = true
    closers.push(() => {
      isReady = false
      observation.live.close()
      setTimeout(() => acs?.hurry(), hurryAfterMs).unref()
    })
    return {
      urls: { acs: hasAcsPort ? publicUrl : undefined, shop: hasShopPort ? shopUrl : undefined },
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
