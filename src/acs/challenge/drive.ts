// The cardholder without a browser: what the pages and the banking app would send, said by a test or by a plan. It goes the same way as the
// posts of a browser: the same CReq, the same machine, the same rows of the journal (with `via` where a browser has its headers), and
// the final form really goes to the notificationURL.
import { encodeBase64url } from '../../protocol/base64url.ts'
import type { JsonObject } from '../../protocol/rules/conditions.ts'
import type { ChallengeRow, Effect, ReturnAnswer, ReturnLink, Transaction } from '../ports.ts'
import { advance } from './advance.ts'
import {
  type ConversePorts,
  continueChallenge,
  type Entered,
  openChallenge,
  type PageAction,
  type Screen,
  screenOf,
} from './converse.ts'
import { rightKeys } from './judge.ts'
import { hasCode, isInApp, kindOf, rowOf, type ScreenName } from './kinds.ts'
import type { AwaitingAnswer, Challenge, Consent, Prompt, TimerName } from './state.ts'

export const driveActions = [
  'open',
  'submit',
  'verify',
  'wrong',
  'select',
  'otherWay',
  'continue',
  'resend',
  'cancel',
  'approve',
  'refuse',
  'trust',
  'abandon',
  'expire',
] as const
export type DriveAction = (typeof driveActions)[number]

export type Fields = Readonly<Record<string, string>>

/** Fields as they arrived. `isWhole`: only later; the row that is written of it then says so. */
export interface Arrived {
  readonly fields: Fields
  readonly fault?: string
  readonly isWhole?: boolean
}

/** What befalls the posts of a browser, and the pages that it is sent, where something is to go wrong on purpose. */
export interface BrowserPath {
  /** The fields as they arrive; `lost`: the fault that keeps them from arriving. */
  post(
    transaction: Transaction,
    message: 'CReq' | 'answer',
    fields: Fields,
  ): Promise<Arrived | { readonly lost: string }>
  /** A page on its way; of the last one the message in it as it arrives, base64url. */
  page(transaction: Transaction, message?: JsonObject): Promise<{ readonly cres: string } | { readonly lost: string }>
}

export interface DrivePorts extends ConversePorts {
  readonly browser: BrowserPath
  readonly returns: ReturnLink
}

export interface DriveInput {
  readonly tenant: number
  readonly acsTransID: string
  readonly action: DriveAction
  /** What is entered or selected; absent: what is right. */
  readonly value?: string | undefined
  readonly otp?: string | undefined
  readonly password?: string | undefined
  readonly selected?: readonly string[] | undefined
  readonly consent?: Consent | undefined
  /** Of the CReq. */
  readonly windowSize?: string | undefined
  readonly threeDSSessionData?: string | undefined
  /** Whether the final form is posted; absent: where no browser is there to do it. */
  readonly post?: boolean | undefined
  readonly via: 'api' | 'plan'
  /** The step of a play that this is. */
  readonly finishes?: Effect | undefined
}

export type Driven =
  | { readonly is: 'unknown' }
  /** The action does not fit the phase, or the screen. */
  | { readonly is: 'unfit'; readonly phase: Challenge['phase']; readonly screen?: ScreenName | undefined }
  | { readonly is: 'refused'; readonly errorCode?: string | undefined }
  | {
      readonly is: 'done'
      readonly row: ChallengeRow
      readonly screen?: Screen | undefined
      /** How the post to the notificationURL fared; absent: there was none. */
      readonly returned?: ReturnAnswer | undefined
      /** What went wrong on the way, on purpose. */
      readonly fault?: string | undefined
    }

const timers = {
  awaitingFirstCReq: 'firstCReq',
  awaitingAnswer: 'answer',
  awaitingDecoupled: 'decoupled',
} as const satisfies Readonly<Record<Exclude<Challenge['phase'], 'ended'>, TimerName>>

/** What the cardholder does where they are: on the page, or in the banking app. */
type Move =
  | { readonly on: 'page'; readonly action: PageAction; readonly entered: Entered }
  | { readonly on: 'app'; readonly isApproved: boolean; readonly consent?: Consent | undefined }

const listed = ({ selected, value }: DriveInput): readonly string[] | undefined =>
  selected ?? value?.split(',').map((key) => key.trim())

/** Yes to all that is asked. */
const yesTo = (prompts: readonly Prompt[] = []): Consent => Object.fromEntries(prompts.map((prompt) => [prompt, true]))

const wrongCode = (right: string): string =>
  String((Number(right) + 1) % 10 ** right.length).padStart(right.length, '0')

const button = (action: PageAction): Move => ({ on: 'page', action, entered: {} })

/** Right, or wrong, on the screen that is shown; undefined: there is nothing to get wrong on it. */
function answerOn(
  ports: DrivePorts,
  input: DriveInput,
  { transaction: { acsTransID } }: ChallengeRow,
  { screen, codeNumber, setup }: AwaitingAnswer,
): Move | undefined {
  const { knowledge } = ports.issuer
  const isWrong = input.action === 'wrong'
  const consent = input.action === 'trust' ? yesTo(setup.prompts) : input.consent
  const said = consent === undefined ? {} : { consent }
  if (isInApp(screen)) return { on: 'app', isApproved: !isWrong, ...said }
  if (screen === 'info') return isWrong ? undefined : button('continue')
  if (screen === 'choose') {
    if (isWrong) return undefined
    return { on: 'page', action: 'verify', entered: { selected: listed(input) ?? setup.channels.slice(0, 1) } }
  }
  if (hasCode(screen)) {
    const right = ports.secrets.otp(acsTransID, codeNumber, setup.secret)
    const otp = input.otp ?? input.value ?? (isWrong ? wrongCode(right) : right)
    const password = screen === 'entries' ? { password: input.password ?? knowledge.password } : {}
    return { on: 'page', action: 'verify', entered: { otp, ...password, ...said } }
  }
  const right = rightKeys(knowledge, screen)
  const { options } = knowledge[screen === 'pictures' ? 'pictures' : 'question']
  const other = options.find(({ isRight }) => !isRight)
  const wrong = other === undefined ? right.slice(1) : [other.key]
  return { on: 'page', action: 'verify', entered: { selected: listed(input) ?? (isWrong ? wrong : right), ...said } }
}

/** What the action is on the screen that is shown; undefined: it is not there to be done. */
function moveOn(ports: DrivePorts, input: DriveInput, row: ChallengeRow, state: AwaitingAnswer): Move | undefined {
  const { action, consent } = input
  const { screen, setup } = state
  switch (action) {
    case 'submit':
    case 'verify':
    case 'trust':
    case 'wrong':
      return answerOn(ports, input, row, state)
    case 'select':
      return screen === 'choose' || screen === 'question' || screen === 'pictures'
        ? answerOn(ports, input, row, state)
        : undefined
    case 'otherWay':
      return setup.kind === 'chooseOtp' && screen === 'code' ? button(action) : undefined
    case 'resend':
      return hasCode(screen) ? button(action) : undefined
    case 'continue':
      return isInApp(screen) || screen === 'info' ? button(action) : undefined
    case 'cancel':
      return button(action)
    case 'approve':
    case 'refuse':
      return isInApp(screen)
        ? { on: 'app', isApproved: action === 'approve', ...(consent !== undefined && { consent }) }
        : undefined
    case 'open':
    case 'abandon':
    case 'expire':
      return undefined
  }
}

/** Of a decoupled authentication, where there is the banking app alone. */
const decidedBy: Readonly<Partial<Record<DriveAction, boolean>>> = {
  approve: true,
  submit: true,
  verify: true,
  trust: true,
  refuse: false,
  wrong: false,
}

/** Whether the kind has a screen for it; what cannot be done later need not be opened. */
function mayFit(action: DriveAction, { transaction }: ChallengeRow): boolean {
  const { screens } = rowOf(kindOf(transaction))
  return (action !== 'approve' && action !== 'refuse') || screens.some(isInApp)
}

/** The smallest CReq of a browser. */
const creqOf = ({ transaction }: ChallengeRow, challengeWindowSize: string): string =>
  encodeBase64url(
    JSON.stringify({
      messageType: 'CReq',
      messageVersion: transaction.messageVersion,
      threeDSServerTransID: transaction.threeDSServerTransID,
      acsTransID: transaction.acsTransID,
      challengeWindowSize,
    }),
  )

/** What is said by nobody's page. */
async function noted(
  ports: DrivePorts,
  { transaction }: ChallengeRow,
  said: object,
  via: DriveInput['via'],
): Promise<void> {
  await ports.store.unit((unit) =>
    unit.journal({
      tenant: transaction.tenant,
      transactionId: transaction.id,
      at: ports.clock.now(),
      link: 'browser→ACS',
      masked: JSON.stringify(said),
      headers: { via },
    }),
  )
}

/** What came of one post of a page, or of one word of the banking app. */
interface Came {
  readonly screen?: Screen | undefined
  readonly returned?: ReturnAnswer | undefined
  readonly fault?: string | undefined
}

/** The page that the browser would have now. */
async function shownTo(ports: DrivePorts, screen: Screen, input: DriveInput, isDriven: boolean): Promise<Came> {
  switch (screen.show) {
    case 'error':
    case 'kept':
      return { screen }
    case 'challenge': {
      const page = await ports.browser.page(screen.transaction)
      return 'lost' in page ? { screen, fault: page.lost } : { screen }
    }
    case 'return':
      return { screen, ...(await goneBack(ports, screen, input, isDriven)) }
  }
}

/** Posts the final form, as the last page does by itself (CHL-RES-1). */
async function goneBack(
  ports: DrivePorts,
  { transaction, message, threeDSSessionData }: Extract<Screen, { show: 'return' }>,
  { post }: DriveInput,
  isDriven: boolean,
): Promise<Omit<Came, 'screen'>> {
  const { id, details } = transaction
  const page = await ports.browser.page(transaction, message)
  const isFirst = details.plan?.rreq?.when !== 'afterReturn'
  if (isFirst) ports.effects.release(id, 'cres')
  if ('lost' in page) return { fault: page.lost }
  if (!(post ?? isDriven)) return {}
  const returned = await ports.returns.post(details.notificationURL ?? '', {
    cres: page.cres,
    ...(threeDSSessionData !== undefined && { threeDSSessionData }),
  })
  if (!isFirst) ports.effects.release(id, 'return')
  return { returned }
}

async function openedWith(ports: DrivePorts, input: DriveInput, row: ChallengeRow): Promise<Came> {
  const { tenant, via, action } = input
  const { challenge } = row
  const usual = challenge.phase === 'awaitingAnswer' || challenge.phase === 'ended' ? challenge.windowSize : undefined
  const { threeDSSessionData } = input
  const sent = await ports.browser.post(row.transaction, 'CReq', {
    creq: creqOf(row, input.windowSize ?? usual ?? '05'),
    ...(threeDSSessionData !== undefined && { threeDSSessionData }),
  })
  if ('lost' in sent) return { fault: sent.lost }
  const screen = await openChallenge(ports, {
    tenant,
    creq: sent.fields.creq ?? '',
    threeDSSessionData: sent.fields.threeDSSessionData,
    receivedAt: ports.clock.now(),
    headers: { via },
    isDriven: true,
    ...(action === 'open' && { finishes: input.finishes }),
  })
  if (sent.fault !== undefined && sent.isWhole === true) await noteDelay(ports, row, sent.fault)
  const came = await shownTo(ports, screen, input, true)
  return sent.fault === undefined ? came : { fault: sent.fault, ...came }
}

const noteDelay = ({ store }: DrivePorts, { transaction }: ChallengeRow, fault: string): Promise<void> =>
  store.unit((unit) => {
    const { tenant, acsTransID } = transaction
    unit.noteFault({ tenant, acsTransID, link: 'browser→ACS', messageType: 'CReq', fault })
  })

/** A post of the page with the token of its step. */
interface Press {
  readonly row: ChallengeRow
  readonly step: number
  /** No browser has the page in front of it. */
  readonly isDriven: boolean
  readonly action: PageAction
  readonly entered: Entered
}

async function posted(
  ports: DrivePorts,
  input: DriveInput,
  { row, step, isDriven, action, entered }: Press,
): Promise<Came> {
  const { tenant, acsTransID, via, finishes } = input
  const sent = await ports.browser.post(row.transaction, 'answer', { acsTransID, action })
  if ('lost' in sent) return { fault: sent.lost }
  const screen = await continueChallenge(ports, {
    tenant,
    acsTransID,
    stepToken: ports.secrets.stepToken(acsTransID, step),
    action,
    entered,
    receivedAt: ports.clock.now(),
    headers: { via },
    ...(action !== 'refresh' && { finishes }),
  })
  const came = await shownTo(ports, screen, input, isDriven)
  return sent.fault === undefined ? came : { fault: sent.fault, ...came }
}

/** The banking app answers; a page that nobody else has in front of them learns of it, as one that polls does. */
async function saidInApp(
  ports: DrivePorts,
  input: DriveInput,
  row: ChallengeRow,
  { isApproved, consent }: Extract<Move, { on: 'app' }>,
): Promise<Came> {
  const { tenant, acsTransID, via, finishes } = input
  const { challenge } = row
  const isLate = challenge.phase === 'ended'
  await noted(
    ports,
    row,
    { action: isApproved ? 'approve' : 'refuse', ...(consent !== undefined && { consent }), ...(isLate && { isLate }) },
    via,
  )
  if (isLate) return {}
  const event = {
    type: 'appAnswer',
    at: ports.clock.now(),
    isApproved,
    ...(consent !== undefined && { consent }),
  } as const
  const after = await advance(ports, (unit) => unit.challenge(tenant, acsTransID), event, { finishes })
  return after === undefined ? {} : learnt(ports, input, challenge, after, 'refresh')
}

/** The page that was opened without a browser sees that the challenge has ended. */
async function learnt(
  ports: DrivePorts,
  input: DriveInput,
  before: Challenge,
  after: ChallengeRow,
  action: 'refresh' | 'expired',
): Promise<Came> {
  if (before.phase !== 'awaitingAnswer' || before.isDriven !== true || after.challenge.phase !== 'ended') return {}
  return posted(ports, input, { row: after, step: before.step, isDriven: true, action, entered: {} })
}

async function expired(ports: DrivePorts, input: DriveInput, row: ChallengeRow): Promise<Came> {
  const { tenant, acsTransID, via } = input
  const { challenge } = row
  if (challenge.phase === 'ended') return {}
  await noted(ports, row, { action: 'expire' }, via)
  const event = { type: 'timeout', at: ports.clock.now(), timer: timers[challenge.phase], isNow: true } as const
  const after = await advance(ports, (unit) => unit.challenge(tenant, acsTransID), event)
  return after === undefined ? {} : learnt(ports, input, challenge, after, 'expired')
}

/** The window is closed, which tells nobody anything (CHL-CAN-4); nobody does anything in it any more, and no plan either. */
async function abandoned(ports: DrivePorts, { transaction }: ChallengeRow): Promise<Came> {
  const { id } = transaction
  const effects = await ports.store.effectsOf(id)
  const steps = effects.filter(({ kind, done }) => kind === 'play' && !done)
  await ports.store.unit((unit) => {
    for (const step of steps) unit.finishEffect(step.id)
    const row = unit.challengeOf(id)
    if (row?.challenge.phase !== 'awaitingAnswer' || row.challenge.isDriven !== true) return
    const { isDriven: _driven, ...rest } = row.challenge
    unit.saveChallenge(id, rest)
  })
  return {}
}

async function done(ports: DrivePorts, input: DriveInput, { screen, ...came }: Came): Promise<Driven> {
  if (screen?.show === 'error') return { is: 'refused', errorCode: screen.errorCode }
  const row = await ports.store.challengeRow(input.tenant, input.acsTransID)
  return row === undefined ? { is: 'unknown' } : { is: 'done', row, screen, ...came }
}

/** Does what the cardholder would do. What needs the page opens it first. */
export async function drive(ports: DrivePorts, input: DriveInput): Promise<Driven> {
  const { tenant, acsTransID, action } = input
  const found = await ports.store.challengeRow(tenant, acsTransID)
  if (found === undefined) return { is: 'unknown' }
  const end = (came: Came): Promise<Driven> => done(ports, input, came)
  const { phase } = found.challenge
  if (action === 'expire') return end(await expired(ports, input, found))
  if (action === 'abandon') return end(await abandoned(ports, found))
  if (phase === 'awaitingDecoupled') {
    const isApproved = decidedBy[action]
    if (isApproved === undefined) return { is: 'unfit', phase }
    const consent = action === 'trust' ? yesTo(found.challenge.prompts) : input.consent
    return end(await saidInApp(ports, input, found, { on: 'app', isApproved, consent }))
  }
  if (found.transaction.transStatus === 'D') {
    return action === 'open' ? { is: 'unfit', phase } : end(await afterEnd(ports, input, found))
  }
  if (action === 'open') return end(await openedWith(ports, input, found))
  if (phase === 'ended') return end(await afterEnd(ports, input, found))
  if (!mayFit(action, found)) return { is: 'unfit', phase }
  const opening = phase === 'awaitingFirstCReq' ? await openedWith(ports, input, found) : undefined
  const row = opening === undefined ? found : await ports.store.challengeRow(tenant, acsTransID)
  if (row?.challenge.phase !== 'awaitingAnswer') return end(opening ?? {})
  const move = moveOn(ports, input, row, row.challenge)
  if (move === undefined) return { is: 'unfit', phase: row.challenge.phase, screen: row.challenge.screen }
  if (move.on === 'app') return end(await saidInApp(ports, input, row, move))
  const { step, isDriven = false } = row.challenge
  return end(await posted(ports, input, { row, step, isDriven, ...move }))
}

/** Any page had this one; what is shown after the end does not depend on it. */
const firstStep = 1

/** After the end the banking app can still be told something, which comes to nothing, and a page that is still open goes back. */
async function afterEnd(ports: DrivePorts, input: DriveInput, row: ChallengeRow): Promise<Came> {
  const { action } = input
  const isDecoupled = row.transaction.transStatus === 'D'
  if ((action === 'approve' || action === 'refuse') && (isDecoupled || mayFit(action, row)))
    await saidInApp(ports, input, row, { on: 'app', isApproved: action === 'approve', consent: input.consent })
  if (isDecoupled) return {}
  return action === 'continue'
    ? posted(ports, input, { row, step: firstStep, isDriven: true, action: 'refresh', entered: {} })
    : { screen: await screenOf(ports, row) }
}

/** The way back that a process began and did not end. */
export async function driveBack(ports: DrivePorts, row: ChallengeRow): Promise<ReturnAnswer | undefined> {
  const { tenant, acsTransID } = row.transaction
  const input = { tenant, acsTransID, action: 'continue', via: 'plan' } as const
  return (await afterEnd(ports, input, row)).returned
}
