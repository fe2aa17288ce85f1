// The one place where parts are put together: configuration in, a running Sekisho out.
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { destination, type Logger, pino } from 'pino'
import { advance } from './acs/challenge/advance.ts'
import { challengeLimits } from './acs/challenge/limits.ts'
import { composeOtpMail } from './acs/challenge/otp-mail.ts'
import type { Limits } from './acs/challenge/state.ts'
import { type Issuer, loadIssuer, rangeOf } from './acs/issuer.ts'
import {
  type Clock,
  defaultTenant,
  type Effect,
  type InboxMessage,
  type Mailer,
  type Random,
  type Secrets,
  type Store,
} from './acs/ports.ts'
import { saveProfiles } from './acs/profiles.ts'
import { deliverRReq } from './acs/result/deliver.ts'
import { createSecrets } from './acs/secrets.ts'
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
import { createObserver } from './observe/observer.ts'
import { createDsLink } from './outbound/ds-link.ts'
import { createEffectRunner } from './outbound/effect-runner.ts'
import { maskPan } from './protocol/mask.ts'
import { seededRandom, systemRandom } from './random.ts'
import { merchantValue } from './risk/facts.ts'
import { seedHabit } from './risk/habit.ts'
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

/** The cards and habits of the issuer's data, where the register does not have them yet. */
async function seedRegister(
  store: Store,
  secrets: Secrets,
  issuer: Issuer,
  policy: Policy,
  clock: Clock,
): Promise<void> {
  const at = clock.now()
  await store.unit((unit) => {
    for (const seed of issuer.cards) {
      const panHash = secrets.panHash(seed.acctNumber)
      if (unit.card(defaultTenant, panHash) !== undefined) continue
      unit.saveCard(defaultTenant, {
        panHash,
        mask: maskPan(seed.acctNumber),
        scheme: rangeOf(issuer.ranges, seed.acctNumber)?.scheme ?? '',
        holder: seed.holder,
        email: seed.email,
        language: seed.language,
        methods: ['emailOtp'],
        blocked: seed.blocked,
        stolen: seed.stolen,
        expired: seed.expired,
        failures: 0,
        failuresSince: 0,
        isRegistered: true,
      })
      const habit = seed.habit === undefined ? undefined : issuer.habits[seed.habit]
      if (habit === undefined) continue
      const { shops, ...spec } = habit
      const merchantKeys = shops.map((shop) => secrets.keyOf('merchant', merchantValue(shop) ?? ''))
      saveProfiles(unit, defaultTenant, { account: panHash }, seedHabit({ ...spec, merchantKeys }, at, policy))
    }
  })
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

export async function startSekisho(config: Config, overrides: Overrides = {}): Promise<Sekisho> {
  const clock = overrides.clock ?? systemClock
  const random = overrides.random ?? (config.seed === undefined ? systemRandom : seededRandom(config.seed, 'acs'))
  const emulatorRandom =
    overrides.random ?? (config.seed === undefined ? systemRandom : seededRandom(config.seed, 'emulators'))
  const log = overrides.log ?? createLog(config)
  const limits: Limits = { ...challengeLimits, isStrict: config.validation === 'strict', ...overrides.limits }
  const policy = loadPolicy(readText(config.policy ?? shippedPolicy('default')))
  const issuer = readIssuer(config.issuer ?? new URL('../src/acs/data/issuer.yaml', import.meta.url))
  const runs = (party: Config['only'][number]): boolean => config.only.includes(party)
  const timeZone = policy.issuer.zone.name
  const closers: (() => Promise<void> | void)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    const file = databaseFile(config, 'sekisho.sqlite')
    let keys: ReturnType<typeof loadKeys>
    try {
      keys = loadKeys({
        file: config.ephemeral ? undefined : path.join(config.dataDir, 'keys.json'),
        seed: config.seed,
        panHashKey: config.panHashKey,
      })
    } catch (error) {
      const problem = storeProblem(config, error)
      // The parser's own words would show what is in the file.
      throw problem instanceof StartError ? problem : new StartError(`The keys in ${config.dataDir} cannot be read.`)
    }
    const secrets = createSecrets(keys)

    const acsApp = application()
    const shopApp = application()
    const { observer, metrics } = createObserver(log)
    let isReady = false
    const hasAcsPort = runs('acs') || runs('ds')
    const hasShopPort = runs('3ds-server') || runs('shop')
    const acsPort = await choosePort(config.host, config.acsPort)
    const shopPort = await choosePort(config.host, config.shopPort)
    const publicUrl = config.publicUrl ?? `http://localhost:${acsPort}`
    const shopUrl = config.shopPublicUrl ?? `http://127.0.0.1:${shopPort}`
    const isSecure = publicUrl.startsWith('https:')
    const acsBase = config.acsUrl ?? `${publicUrl}/acs`
    const dsBase = config.dsUrl ?? `${publicUrl}/ds`

    const operations = operationsRouter({ isReady: () => isReady, metrics })

    let store: Store | undefined
    let startEffects = (): void => {}
    let hurry = (): void => {}
    if (runs('acs')) {
      try {
        store = await openSqliteStore({ path: file, encodeProfile, decodeProfile })
      } catch (error) {
        throw storeProblem(config, error)
      }
      const opened = store
      closers.push(() => opened.close())
      await seedRegister(opened, secrets, issuer, policy, clock)

      const compose = (message: Omit<InboxMessage, 'id'>) =>
        composeOtpMail(message, secrets.otp(message.acsTransID, message.codeNumber), formatAmount)
      let mailer: Mailer | undefined
      if (config.smtpUrl !== undefined) {
        const { createSmtpMailer } = await import('./outbound/smtp.ts')
        mailer = createSmtpMailer({ url: config.smtpUrl, from: config.smtpFrom, compose })
      }
      const ds = createDsLink({ allowedOrigins: [new URL(dsBase).origin, ...config.dsOrigins] })
      closers.push(() => ds.close())
      const ports = {
        store: opened,
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
      }
      const effects = createEffectRunner({
        store: opened,
        clock,
        observer,
        handlers: {
          sendRReq: (effect) => deliverRReq({ ...ports, ds }, effect),
          async timer(effect) {
            const { timer = 'answer' } = effect.payload
            await advance(
              full,
              (unit) => unit.challengeOf(effect.transactionId),
              { type: 'timeout', at: clock.now(), timer },
              { finishes: effect },
            )
            return undefined
          },
          sendOtp: (effect) => sendCode(opened, mailer, clock, effect),
        },
      })
      closers.push(() => effects.stop())
      // A DS that does not answer gets little time; what is cut off is sent again at the next start.
      hurry = () => ds.close()
      const full = {
        ...ports,
        effects,
        acsURL: `${publicUrl}/acs/challenge`,
        tenant: defaultTenant,
        exponentCheck: config.exponentCheck,
      }
      const guard = access({ token: config.adminToken, hosts: [new URL(publicUrl).hostname] })
      acsApp.all('/acs/areq', areqHandler(full)) // first: the busiest path has the shortest way
      acsApp.use(
        '/acs',
        browserRouter({
          ...full,
          isSecure,
          issuerName: 'Sekisho Bank',
          requestsPerMinute: config.browserRequestsPerMinute,
          timeZone,
        }),
      )
      acsApp.use('/api/v1', guard, adminRouter({ ...ports, tenant: defaultTenant }))
      acsApp.use(['/inbox', /^\/$/], guard)
      acsApp.use(
        pagesRouter({
          store: opened,
          secrets,
          issuer,
          tenant: defaultTenant,
          version,
          shopUrl: `${shopUrl}/shop`,
          timeZone,
          isSecure,
        }),
      )
      startEffects = () => effects.start()
    }

    acsApp.use(operations)

    if (runs('ds') || runs('3ds-server') || runs('shop')) {
      let emulatorStore: EmulatorStore
      try {
        emulatorStore = openEmulatorStore(databaseFile(config, 'emulators.sqlite'))
      } catch (error) {
        throw storeProblem(config, error)
      }
      closers.push(() => emulatorStore.close())
      const methodUrl = `${acsBase}/method`
      const ranges = issuer.ranges.map(({ from, to, scheme }) => ({
        from,
        to,
        scheme,
        acsUrl: `${acsBase}/areq`,
        methodUrl,
      }))
      const world = { clock: clock.now, uuid: emulatorRandom.uuid, log, profile: config.validation } as const
      if (runs('ds')) {
        acsApp.use(
          '/ds',
          createDs({
            ...world,
            store: emulatorStore,
            routes: () => ranges,
            dsUrl: `${dsBase}/rreq`,
            referenceNumber: 'SEKISHO_DS_EMULATOR',
          }),
        )
      }
      if (runs('3ds-server')) {
        shopApp.use(
          '/3ds-server',
          createThreeDSServer({
            ...world,
            store: emulatorStore,
            ranges: () => ranges,
            dsUrl: `${dsBase}/areq`,
            publicUrl: `${shopUrl}/3ds-server`,
          }),
        )
      }
      if (runs('shop')) {
        shopApp.use(
          '/shop',
          createShop({
            ...world,
            ...overrides.shop,
            store: emulatorStore,
            threeDSServerUrl: `${shopUrl}/3ds-server`,
            publicUrl: `${shopUrl}/shop`,
            acsPublicOrigin: new URL(acsBase).origin,
            inboxUrl: `${publicUrl}/inbox`,
            cards: issuer.try.map(({ acctNumber, what, whatJa }) => ({ acctNumber, about: { en: what, ja: whatJa } })),
          }),
        )
        shopApp.get('/', (_req, res) => res.redirect(302, '/shop'))
      }
    }
    lastHandlers(acsApp, log)
    lastHandlers(shopApp, log)
    // The doors open when everything behind them is there; effects of an earlier run may need them too. The 3DS Server
    // stands behind the DS: it opens first and closes last, or an RReq would be refused for good.
    for (const [has, app, port] of [
      [hasShopPort, shopApp, shopPort],
      [hasAcsPort, acsApp, acsPort],
    ] as const) {
      if (!has) continue
      const listening = await listen(app, config.host, port)
      closers.push(() => listening.close())
    }
    startEffects()
    isReady = true
    closers.push(() => {
      isReady = false
      setTimeout(hurry, hurryAfterMs).unref()
    })
    return {
      urls: { acs: hasAcsPort ? publicUrl : undefined, shop: hasShopPort ? shopUrl : undefined },
      issuer,
      secrets,
      store,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A mail that cannot be sent now is tried again a few times; the built-in inbox has it anyway. */
const mailRetryAfterMs = 10_000
const mailAttempts = 5

async function sendCode(
  store: Store,
  mailer: Mailer | undefined,
  clock: Clock,
  effect: Effect,
): Promise<number | undefined> {
  const messages = await store.inbox(effect.tenant, 10, effect.transactionId)
  const message = messages.find(({ codeNumber }) => codeNumber === effect.payload.codeNumber)
  try {
    if (message !== undefined) await mailer?.send(message)
  } catch {
    if (effect.attempts + 1 < mailAttempts) {
      const dueAt = clock.now() + mailRetryAfterMs
      await store.unit((unit) => unit.postponeEffect(effect.id, dueAt))
      return dueAt
    }
  }
  await store.unit((unit) => unit.finishEffect(effect.id))
  return undefined
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
