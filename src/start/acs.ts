// The ACS, put together on its port.
import { challengeLimits } from '../acs/challenge/limits.ts'
import { codeIn, composeNote } from '../acs/challenge/otp-mail.ts'
import { postLate } from '../acs/challenge/post-note.ts'
import type { Limits } from '../acs/challenge/state.ts'
import { performMatch } from '../acs/hook/feedback.ts'
import { mayUse } from '../acs/hook/sources.ts'
import { createTelling, performTell } from '../acs/hook/tell.ts'
import { sendWebhook, webhookTurns } from '../acs/hook/webhooks.ts'
import { openPolicyDesk } from '../acs/policies/desk.ts'
import { defaultTenant, type InboxMessage, type Mailer, type Store } from '../acs/ports.ts'
import { deliverRReq } from '../acs/result/deliver.ts'
import { createOperations } from '../acs/result/operations.ts'
import { createOutgoing } from '../acs/result/outgoing.ts'
import { seedRegister } from '../acs/seed-register.ts'
import { simulatedProvider } from '../acs/simulated-provider.ts'
import { systemClock } from '../clock.ts'
import { access } from '../http/admin/access.ts'
import { createPeerMessages } from '../http/admin/peer-messages.ts'
import { adminRouter } from '../http/admin/router.ts'
import { bankRouter } from '../http/bank/router.ts'
import { browserRouter } from '../http/browser.ts'
import { consoleRouter } from '../http/console/router.ts'
import { drivenPath } from '../http/driven-path.ts'
import { areqHandler } from '../http/ds.ts'
import { hookRouter } from '../http/hook.ts'
import { hookFeedbackRouter } from '../http/hook-feedback.ts'
import { pagesRouter } from '../http/pages.ts'
import { createDsLink } from '../outbound/ds-link.ts'
import { createEffectRunner } from '../outbound/effect-runner.ts'
import { createHookLink } from '../outbound/hook-link.ts'
import { createReturnLink } from '../outbound/return-link.ts'
import { sendCode } from '../outbound/send-code.ts'
import { decodeProfile, encodeProfile } from '../risk/profile-codec.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import { defaultName } from '../tenants/room.ts'
import { formatAmount } from '../web/i18n.ts'
import { placesOf } from './addresses.ts'
import { databaseFile, storeProblem } from './files.ts'
import { openHook } from './hook.ts'
import type { Doors, House } from './house.ts'
import { openExperiments } from './lab.ts'
import { performPlay } from './play.ts'
import { performTimer } from './timer.ts'
import { takesUnlisted } from './unlisted.ts'
import { version } from './version.ts'

async function mailerOf({ config, secrets }: House, store: Store): Promise<Mailer | undefined> {
  if (config.smtpUrl === undefined) return undefined
  const compose = (message: Omit<InboxMessage, 'id'>) =>
    composeNote(message, codeIn(message, { secrets, store }), formatAmount)
  const { createSmtpMailer } = await import('../outbound/smtp.ts')
  return createSmtpMailer({ url: config.smtpUrl, from: config.smtpFrom, compose })
}

/** Whether browsers are told to come by https only: not on this machine, where other ports are http. */
function isStrictTransport(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' && !/^(?:localhost|.*\.localhost|[0-9.]+|\[.*\])$/.test(hostname)
}

/** How long the final CRes waits: for the RRes (CHL-TMR-8), and a little, so that what came of it is known (RES-RR-4). */
const rresWithinMs = 5_000
const settledWithinMs = 500

const ownPeersWithinMs = 30_000

export interface Acs {
  readonly store: Store
  /** Takes up the effects that are open. */
  start(): void
  /** Resolves when no effect is under way. */
  idle(): Promise<void>
  /** Gives up waiting for a DS that does not answer; what is cut off is sent again at the next start. */
  hurry(): void
}

export async function openAcs(house: House, { acs: app, acsServers }: Doors): Promise<Acs> {
  const { config, clock, random, secrets, issuer, policyOrigin, addresses, closers } = house
  const { publicUrl, shopUrl } = addresses
  const { observer } = house.observation
  const { answersWithinMs, returnsWithinMs } = house.overrides
  let store: Store
  try {
    store = await openSqliteStore({ path: databaseFile(config, 'sekisho.sqlite'), encodeProfile, decodeProfile })
  } catch (error) {
    throw storeProblem(config, error)
  }
  closers.push(() => store.close())
  const policies = await openPolicyDesk({
    store,
    clock,
    tenant: defaultTenant,
    load: policyOrigin.load,
    base: policyOrigin.base(),
    onUnreadable: ({ name, hash }) =>
      house.log.error(
        { name, hash },
        'policy: the one that ran last is not valid any more, that of the start is taken',
      ),
  })
  closers.push(
    policyOrigin.onChange((base) => {
      policies.renew(base).catch((error: unknown) => observer.failed({ what: 'policy', error }))
    }),
  )
  await seedRegister(store, secrets, issuer, policies.running(), clock)
  // Cards of another table join the register; those that are there stay as they are.
  const forget = issuer.onChange(() => {
    seedRegister(store, secrets, issuer, policies.running(), clock).catch((error: unknown) =>
      observer.failed({ what: 'register', error }),
    )
  })
  closers.push(forget)

  const mailer = await mailerOf(house, store)
  const ds = createDsLink({
    allowedOrigins: [...[addresses.ds.rreq, addresses.servers].map((url) => new URL(url).origin), ...config.dsOrigins],
    tls: house.links.optionsOf('acs'),
    faults: house.faults,
    ...(answersWithinMs !== undefined && { withinMs: answersWithinMs }),
    onNotAllowed: (origin) =>
      house.log.warn(
        { origin },
        'ACS: this dsURL was not called; if the DS is yours, name its origin with --ds-origins (SEKISHO_DS_ORIGINS)',
      ),
  })
  closers.push(() => ds.close())
  // As a browser would, but not whatever a request names: the parties here, and those that an operator has allowed.
  const returns = createReturnLink({
    allowedOrigins: [
      ...[shopUrl, addresses.threeDSServer.publicUrl].map((url) => new URL(url).origin),
      ...config['3dsServerOrigins'],
    ],
    tls: house.links.optionsOf('acs'),
    ...(returnsWithinMs !== undefined && { withinMs: returnsWithinMs }),
  })
  closers.push(() => returns.close())
  const limits: Limits = {
    ...challengeLimits,
    isStrict: config.validation === 'strict',
    takesRepeats: config.creqRepeats === 'taken',
    ...house.overrides.limits,
  }
  const outgoing = createOutgoing(house.overrides.outgoing ?? config.outgoingCheck, (error) =>
    observer.failed({ what: 'outgoing message', error }),
  )
  const parts = {
    store,
    room: house.room,
    faults: house.faults,
    clock,
    random,
    secrets,
    observer,
    issuer,
    policies,
    policyProblem: policyOrigin.problem,
    shipped: policyOrigin.shipped,
    tables: house.tables,
    signalsFor: config.simulatedProvider ? simulatedProvider(config.seed ?? 'sekisho', house.tables) : undefined,
    limits,
    // Fractions of a millisecond; what a manual clock or a seed makes repeatable stays so.
    stopwatch: house.overrides.clock === undefined && config.seed === undefined ? () => performance.now() : clock.now,
    mailer,
    keepsRaw: config.testData,
    profile: config.validation,
    outgoing,
    degradesUnreachable: config.rreqRetries === 'letter',
    tenant: defaultTenant,
    takesUnlisted: (acctNumber: string) => takesUnlisted(config, acctNumber),
  }
  // Merchants and cardholders hear of a payment after it. Webhooks go to addresses that the operator has named.
  const webhooks = createHookLink({ tls: house.links.optionsOf('acs'), faults: house.faults })
  closers.push(() => webhooks.close())
  const tellingPorts = {
    sources: () => hook.signed.sources(),
    alerts: { reasons: config.alerts, bankUrl: `${publicUrl}/bank`, hasMailer: mailer !== undefined },
  }
  const webhookTurn = webhookTurns(store)
  const tellerOf = (name: string) => {
    const source = hook.signed.sources().get(name)
    return source !== undefined && mayUse(source, 'feedback') ? source : undefined
  }
  const effects = createEffectRunner({
    store,
    clock,
    observer,
    firstWithinMs: (answersWithinMs ?? rresWithinMs) + settledWithinMs,
    ...(answersWithinMs !== undefined && { idleWithinMs: 2 * answersWithinMs }),
    handlers: {
      sendRReq: (effect) => deliverRReq({ ...parts, ds }, effect),
      timer: (effect) => performTimer(ports, effect),
      play: (effect) => performPlay(ports, effect),
      sendOtp: (effect) =>
        effect.payload.note === undefined
          ? sendCode(store, mailer, clock, observer, effect)
          : postLate({ ...parts, effects }, effect),
      tell: (effect) => performTell({ ...parts, ...tellingPorts, effects }, effect),
      matchFeedback: (effect) => performMatch({ ...parts, tellerOf }, effect),
      sendWebhook: (effect) =>
        webhookTurn(effect, () => sendWebhook({ ...parts, sources: tellingPorts.sources, link: webhooks }, effect)),
    },
  })
  closers.push(() => effects.stop())
  const hook = openHook(house, store)
  const { exponentCheck, dateCheck, mccCheck, versions, nonPaymentValues } = config
  const operations = createOperations()
  const ports = {
    ...parts,
    effects,
    acsURL: `${publicUrl}/acs/challenge`,
    exponentCheck,
    dateCheck,
    mccCheck,
    versions,
    nonPaymentValues,
    operations,
    allowsOverrides: () => house.room.settings().overrides,
    hook: hook.doors,
    telling: createTelling(tellingPorts),
    browser: drivenPath(parts),
    returns,
  }

  const isSecure = isStrictTransport(publicUrl)
  const isEncrypted = publicUrl.startsWith('https:')
  const timeZone = () => policies.running().issuer.zone.name
  const requestsPerMinute = config.browserRequestsPerMinute
  const { room, limits: accessLimits } = house
  const rules = {
    token: config.adminToken,
    ownDigest: room.tokenDigest,
    publicUrls: [publicUrl],
    realm: room.name === defaultName ? 'Sekisho' : `Sekisho ${room.name}`,
    limits: accessLimits,
  }
  const guard = access(rules)
  const peerMessages = createPeerMessages({
    peers: [
      { party: '3DSS' as const, url: addresses.threeDSServer.messages },
      { party: 'DS' as const, url: addresses.ds.messages },
    ].flatMap(({ party, url }) => (url === undefined ? [] : [{ party, url }])),
    fetch: house.links.fetchOf('acs'),
    adminToken: config.adminToken,
    clock: systemClock, // how long a peer is left alone, whatever the time is here
    // Parties of this process are as busy as we are: they will answer.
    ...(config.dsUrl === undefined && config['3dsServerUrl'] === undefined && { withinMs: ownPeersWithinMs }),
  })
  const about = {
    version,
    urls: {
      acs: publicUrl,
      servers: addresses.servers,
      shop: shopUrl,
      threeDSServer: addresses.threeDSServer.publicUrl,
    },
  }
  const experiments = openExperiments({
    folder: house.room.folder,
    turn: house.labTurn,
    now: systemClock.now, // people wait for it, whatever the time is here
    ...(house.overrides.launchLab !== undefined && { launch: house.overrides.launchLab }),
    onFailure: (about) => house.log.warn(about, 'lab: an experiment failed'),
  })
  closers.push(() => experiments.close())
  const { checksAnswers } = house.overrides
  acsServers.all('/acs/areq', areqHandler(ports)) // first: the busiest path has the shortest way
  app.use('/acs', browserRouter({ ...ports, isSecure, bankUrl: `${publicUrl}/bank`, requestsPerMinute, timeZone }))
  app.use(
    '/hook',
    hookFeedbackRouter({
      signed: hook.signed,
      feedback: parts,
      journey: parts,
      tellerOf,
      // Asked for by whoever uses it, so that it need not be switched on.
      mail: { tables: house.tables, provider: simulatedProvider(config.seed ?? 'sekisho', house.tables) },
    }),
  )
  app.use(
    '/hook',
    hookRouter({ ...hook.signed, tellAhead: hook.tellAhead, tenant: hook.tenant, url: publicUrl, version }),
  )
  app.use(
    '/api/v1',
    guard,
    adminRouter({
      ...parts,
      hookSources: hook.signed.sources,
      hookDoors: hook.doors,
      idle: () => effects.idle(),
      places: placesOf(addresses),
      challenge: ports,
      peerMessages,
      live: house.observation.live,
      experiments,
      about,
      checksAnswers,
    }),
  )
  app.use(
    '/console',
    access({ ...rules, isPublic: true }), // it asks for a token by itself
    consoleRouter({
      version,
      base: addresses.base,
      shopUrl: `${shopUrl}/shop`,
      servers: addresses.servers,
      isSecure,
      isEncrypted,
    }),
  )
  app.use(
    '/bank',
    access({ ...rules, takesForms: true }),
    bankRouter({ ...ports, base: addresses.base, timeZone, isSecure }),
  )
  app.use(['/inbox', '/cards', /^\/$/], guard)
  app.use(
    pagesRouter({
      ...parts,
      version,
      base: addresses.base,
      shopUrl: `${shopUrl}/shop`,
      timeZone,
      isSecure,
      isEncrypted,
    }),
  )
  /** Whoever keeps it waiting is waited for no longer. */
  const hurry = (): void => {
    ds.close()
    returns.close()
  }
  return { store, start: () => effects.start(), idle: () => effects.idle(), hurry }
}
