// The one place where parts are put together: configuration in, a running Sekisho out.
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { destination, type Logger, pino } from 'pino'
import { advance } from './acs/challenge/advance.ts'
import { challengeLimits } from './acs/challenge/limits.ts'
import { composeOtpMail } from './acs/challenge/otp-mail.ts'
import type { Limits } from './acs/challenge/state.ts'
import { type Issuer, loadIssuer } from './acs/issuer.ts'
import {
  type Clock,
  defaultTenant,
  type InboxMessage,
  type Mailer,
  type Random,
  type Secrets,
  type Store,
} from './acs/ports.ts'
import { deliverRReq } from './acs/result/deliver.ts'
import { createSecrets, type Keys } from './acs/secrets.ts'
import { seedRegister } from './acs/seed-register.ts'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { createDs } from './emulators/ds/ds.ts'
import { createShop } from './emulators/shop/shop.ts'
import { type EmulatorStore, openEmulatorStore } from './emulators/store.ts'
import { createThreeDSServer } from './emulators/threeds-server/threeds-server.ts'
import { access } from './http/admin/access.ts'
import { adminRouter } from './http/admin/router.ts'
import { browserRouter } from './http/browser.ts'
import { areqHandler } from './http/ds.ts'
import { operationsRouter } from './http/operations.ts'
import { pagesRouter } from './http/pages.ts'
import { loadKeys } from './keys.ts'
import { createObserver, type Observation } from './observe/observer.ts'
import { createDsLink } from './outbound/ds-link.ts'
import { createEffectRunner } from './outbound/effect-runner.ts'
import { sendCode } from './outbound/send-code.ts'
import { seededRandom, systemRandom } from './random.ts'
import { loadPolicy, type Policy, shippedPolicy } from './risk/policy.ts'
import { decodeProfile, encodeProfile } from './risk/profile-codec.ts'
import { openSqliteStore } from './store/sqlite.ts'
import { formatAmount } from './web/i18n.ts'
import { choosePort, listen } from './web/server.ts'

/** What tests put in the place of the world. */
export interface Overrides {
  readonly clock?: Clock
  readonly random?: Random
  readonly limits?: Partial<Limits>
  readonly log?: Logger
  /** Waits of the shop and its 3DS Server, in milliseconds. */
  readonly shop?: {
    readonly processingScreenMs?: number
    readonly methodWithinMs?: number
    readonly returnWithinMs?: number
  }
}

export interface Sekisho {
  /** Base addresses, without a slash at the end; undefined: that port serves nothing. */
  readonly urls: { readonly acs?: string | undefined; readonly shop?: string | undefined }
  readonly issuer: Issuer
  readonly secrets: Secrets
  readonly store?: Store | undefined
  /** Answers what is in flight, keeps what is to be done, stops. */
  close(): Promise<void>
}

/** Something about this machine that keeps Sekisho from starting; the message is one line for a person. */
export class StartError extends Error {}

export const version: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version

const readText = (file: string | URL): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartError(
      `${String(file)} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'}).`,
    )
  }
}

function readIssuer(file: string | URL): Issuer {
  const text = readText(file)
  try {
    return loadIssuer(text)
  } catch (error) {
    throw new StartError(`${String(file)} is not valid: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}

/** As mkdir -p. Node's own never ends where a folder cannot have folders, as under /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  try {
    mkdirSync(folder)
  } catch (error) {
    const parent = path.dirname(folder)
    if (codeOf(error) !== 'ENOENT' || existsSync(parent)) throw error
    makeFolder(parent)
    mkdirSync(folder)
  }
}

/** The database file of a party, in a folder that exists; ':memory:' when nothing is kept. */
function databaseFile(config: Config, name: string): string {
  if (config.ephemeral) return ':memory:'
  try {
    makeFolder(path.resolve(config.dataDir))
  } catch (error) {
    throw new StartError(
      `The data folder ${config.dataDir} cannot be made (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'}).`,
    )
  }
  return path.join(config.dataDir, name)
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** A database error at start in words. */
function storeProblem(config: Config, error: unknown): unknown {
  const code = codeOf(error)
  if (code.startsWith('SQLITE_BUSY'))
    return new StartError(`The data folder ${config.dataDir} is in use by another Sekisho.`)
  if (
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_READONLY') ||
    code === 'EACCES' ||
    code === 'EROFS' ||
    code === 'EPERM'
  ) {
    return new StartError(`The data folder ${config.dataDir} cannot be written (${code}).`)
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT')
    return new StartError(`The database in ${config.dataDir} cannot be read (${code}).`)
  return error
}

/** How long a stop waits for answers of the DS. */
const hurryAfterMs = 3_000

const application = (): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  return app
}

/** No stack trace and no input leaves the house (SEC-LOG-3). */
const lastHandlers = (app: Express, log: Logger): void => {
  app.use((_req: Request, res: Response) => {
    res.status(404).type('txt').send('Not found\n')
  })
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error)
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500
    if (status >= 500) log.error({ err: error }, 'request failed')
    return res
      .status(status)
      .type('txt')
      .send(status >= 500 ? 'Something failed; the log says what.\n' : 'Bad request\n')
  })
}

const createLog = (config: Config): Logger =>
  pino({ level: config.logLevel, base: null }, destination({ sync: false, minLength: 0 }))

/** What the parts of one running Sekisho share. */
interface House {
  readonly config: Config
  readonly overrides: Overrides
  readonly clock: Clock
  readonly random: Random
  readonly emulatorRandom: Random
  readonly log: Logger
  readonly observation: Observation
  readonly policy: Policy
  readonly issuer: Issuer
  readonly secrets: Secrets
  /** Public addresses, without a slash at the end. */
  readonly publicUrl: string
  readonly shopUrl: string
  readonly acsBase: string
  readonly dsBase: string
  /** Undone in reverse order when Sekisho stops. */
  readonly closers: (() => Promise<void> | void)[]
}

function keysOf(config: Config): Keys {
  try {
    return loadKeys({
      file: config.ephemeral ? undefined : path.join(config.dataDir, 'keys.json'),
      seed: config.seed,
      panHashKey: config.panHashKey,
    })
  } catch (error) {
    const problem = storeProblem(config, error)
    // The parser's own words would show what is in the file.
    throw problem instanceof StartError ? problem : new StartError(`The keys in ${config.dataDir} cannot be read.`)
  }
}

async function mailerOf({ config, secrets }: House): Promise<Mailer | undefined> {
  if (config.smtpUrl === undefined) return undefined
  const compose = (message: Omit<InboxMessage, 'id'>) =>
    composeOtpMail(message, secrets.otp(message.acsTransID, message.codeNumber), formatAmount)
  const { createSmtpMailer } = await import('./outbound/smtp.ts')
  return createSmtpMailer({ url: config.smtpUrl, from: config.smtpFrom, compose })
}

interface Acs {
  readonly store: Store
  /** Takes up the effects that are open. */
  start(): void
  /** Gives up waiting for a DS that does not answer; what is cut off is sent again at the next start. */
  hurry(): void
}

async function openAcs(house: House, app: Express): Promise<Acs> {
  const { config, clock, random, secrets, issuer, policy, publicUrl, closers } = house
  const { observer } = house.observation
  let store: Store
  try {
    store = await openSqliteStore({ path: databaseFile(config, 'sekisho.sqlite'), encodeProfile, decodeProfile })
  } catch (error) {
    throw storeProblem(config, error)
  }
  closers.push(() => store.close())
  await seedRegister(store, secrets, issuer, policy, clock)

  const mailer = await mailerOf(house)
  const ds = createDsLink({ allowedOrigins: [new URL(house.dsBase).origin, ...config.dsOrigins] })
  closers.push(() => ds.close())
  const limits: Limits = { ...challengeLimits, isStrict: config.validation === 'strict', ...house.overrides.limits }
  const parts = {
    store,
    clock,
    random,
    secrets,
    observer,
    issuer,
    policy,
    limits,
    stubs: [],
    mailer,
    keepsRaw: config.testData,
    profile: config.validation,
    tenant: defaultTenant,
  }
  const effects = createEffectRunner({
    store,
    clock,
    observer,
    handlers: {
      sendRReq: (effect) => deliverRReq({ ...parts, ds }, effect),
      async timer(effect) {
        const { timer = 'answer' } = effect.payload
        const event = { type: 'timeout', at: clock.now(), timer } as const
        await advance(ports, (unit) => unit.challengeOf(effect.transactionId), event, { finishes: effect })
        return undefined
      },
      sendOtp: (effect) => sendCode(store, mailer, clock, observer, effect),
    },
  })
  closers.push(() => effects.stop())
  const ports = { ...parts, effects, acsURL: `${publicUrl}/acs/challenge`, exponentCheck: config.exponentCheck }

  const isSecure = publicUrl.startsWith('https:')
  const timeZone = policy.issuer.zone.name
  const requestsPerMinute = config.browserRequestsPerMinute
  const guard = access({ token: config.adminToken, hosts: [new URL(publicUrl).hostname] })
  app.all('/acs/areq', areqHandler(ports)) // first: the busiest path has the shortest way
  app.use('/acs', browserRouter({ ...ports, isSecure, issuerName: 'Sekisho Bank', requestsPerMinute, timeZone }))
  app.use('/api/v1', guard, adminRouter(parts))
  app.use(['/inbox', /^\/$/], guard)
  app.use(pagesRouter({ ...parts, version, shopUrl: `${house.shopUrl}/shop`, timeZone, isSecure }))
  return { store, start: () => effects.start(), hurry: () => ds.close() }
}

function openEmulators(house: House, acsApp: Express, shopApp: Express): void {
  const { config, issuer, publicUrl, shopUrl, acsBase, dsBase, closers } = house
  let store: EmulatorStore
  try {
    store = openEmulatorStore(databaseFile(config, 'emulators.sqlite'))
  } catch (error) {
    throw storeProblem(config, error)
  }
  closers.push(() => store.close())
  const at = { acsUrl: `${acsBase}/areq`, methodUrl: `${acsBase}/method` }
  const ranges = issuer.ranges.map(({ from, to, scheme }) => ({ from, to, scheme, ...at }))
  const world = {
    store,
    clock: house.clock.now,
    uuid: house.emulatorRandom.uuid,
    log: house.log,
    profile: config.validation,
  } as const
  if (config.only.includes('ds')) {
    const referenceNumber = 'SEKISHO_DS_EMULATOR'
    acsApp.use('/ds', createDs({ ...world, routes: () => ranges, dsUrl: `${dsBase}/rreq`, referenceNumber }))
  }
  const threeDSServerUrl = `${shopUrl}/3ds-server`
  if (config.only.includes('3ds-server')) {
    const dsUrl = `${dsBase}/areq`
    shopApp.use(
      '/3ds-server',
      createThreeDSServer({ ...world, ranges: () => ranges, dsUrl, publicUrl: threeDSServerUrl }),
    )
  }
  if (config.only.includes('shop')) {
    const shop = createShop({
      ...world,
      ...house.overrides.shop,
      threeDSServerUrl,
      publicUrl: `${shopUrl}/shop`,
      acsPublicOrigin: new URL(acsBase).origin,
      inboxUrl: `${publicUrl}/inbox`,
      cards: issuer.try.map(({ acctNumber, what, whatJa }) => ({ acctNumber, about: { en: what, ja: whatJa } })),
    })
    shopApp.use('/shop', shop)
    shopApp.get('/', (_req, res) => res.redirect(302, '/shop'))
  }
}

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
