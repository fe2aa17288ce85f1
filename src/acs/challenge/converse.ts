// What the ACS shows a browser: for a CReq, and for the posts of its own pages. Spec: section 5.9.6; ACS-VAL-90…105, CHL-REP.

import { decodeBase64url } from '../../protocol/base64url.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import { maskMessage, maskRefused } from '../../protocol/mask.ts'
import { parseCReq } from '../../protocol/messages/parse.ts'
import { readMessage } from '../../protocol/messages/read.ts'
import type { CReq } from '../../protocol/messages/types.ts'
import { isObject, type JsonObject } from '../../protocol/rules/conditions.ts'
import { formatTests } from '../../protocol/rules/formats.ts'
import type { BehaviourFacts } from '../../risk/behaviour.ts'
import type { Card, ChallengeRow, DeliveryState, Effect, Transaction } from '../ports.ts'
import { madeUpCard } from '../register.ts'
import { buildFinalCRes, erroAbout, erroOf } from '../result/messages.ts'
import type { Outgoing } from '../result/outgoing.ts'
import { type AdvancePorts, advance } from './advance.ts'
import { rulesOf } from './limits.ts'
import { isOutOfOrder } from './order.ts'
import type { AwaitingAnswer, Challenge, ChallengeEvent, Consent, Verdict } from './state.ts'

/** The page to answer with. */
export type Screen =
  | {
      readonly show: 'challenge'
      readonly transaction: Transaction
      readonly state: AwaitingAnswer
      readonly card: Card
      readonly isStale: boolean
    }
  /** `cres` (a final CRes or an Erro) is posted to the notificationURL of the AReq, and nowhere else (SEC-URL-1). */
  | {
      readonly show: 'return'
      readonly transaction: Transaction
      readonly message: JsonObject
      readonly threeDSSessionData?: string | undefined
    }
  /** The challenge is over, and a plan does not send the browser back. */
  | { readonly show: 'kept'; readonly transaction: Transaction }
  | {
      readonly show: 'error'
      readonly kind: 'badRequest' | 'unknownTransaction' | 'expired'
      readonly errorCode?: string | undefined
    }

export interface ConversePorts extends AdvancePorts {
  readonly profile: 'lenient' | 'strict'
  readonly keepsRaw: boolean
  readonly outgoing: Outgoing
  /** [2.3.1] A result that cannot be reported becomes U, so the browser is told N (RES-RR-3, CHL-RES-6). */
  readonly degradesUnreachable: boolean
}

type ErrorKind = 'badRequest' | 'unknownTransaction' | 'expired'

const refusal = (kind: ErrorKind, errorCode?: string): Screen => ({
  show: 'error',
  kind,
  errorCode,
})

/** What the accepted CReq came with, in clear again. */
function sessionDataOf({ secrets }: ConversePorts, { transaction, challenge }: ChallengeRow): string | undefined {
  const sealed = challenge.phase === 'ended' ? challenge.threeDSSessionData : undefined
  return sealed === undefined ? undefined : secrets.unseal(transaction.acsTransID, sealed)
}

/** The RReq is where it belongs, or will not be sent in another way. */
const isSettled = (delivery: DeliveryState | undefined): boolean =>
  delivery === 'delivered' || delivery === 'late' || delivery === 'refused'

/**
 * What the browser may be told. [2.3.1] As long as nobody has taken a Y it may become a U, and a Y that was told could not be
 * taken back: N (RES-RR-3, RES-RR-7, CHL-RES-6).
 */
async function toldVerdict(
  ports: ConversePorts,
  { tenant, acsTransID, messageVersion, details }: Transaction,
  verdict: Verdict,
): Promise<Pick<Verdict, 'transStatus'>> {
  if (!ports.degradesUnreachable || messageVersion !== '2.3.1' || isOutOfOrder(details.plan?.rreq)) return verdict
  const row = await ports.store.challengeRow(tenant, acsTransID)
  return isSettled(row?.transaction.delivery) ? (row?.verdict ?? verdict) : { transStatus: 'N' }
}

/** The page for the state the challenge is in now. */
export async function screenOf(ports: ConversePorts, row: ChallengeRow, isStale = false): Promise<Screen> {
  const { transaction, challenge, verdict } = row
  if (challenge.phase === 'awaitingAnswer') {
    const { tenant, panHash, panMask, scheme } = transaction
    const card = (await ports.store.card(tenant, panHash)) ?? madeUpCard(panHash, panMask, scheme)
    return { show: 'challenge', transaction, state: challenge, card, isStale }
  }
  if (challenge.phase !== 'ended' || verdict === undefined) return refusal('badRequest')
  await ports.effects.whenSent(transaction.id) // the RReq goes first, also for a second click (CHL-SM-4, CHL-REP-8)
  if (transaction.details.plan?.rreq?.when === 'insteadOfCRes') return { show: 'kept', transaction }
  const message: JsonObject =
    verdict.erro === undefined || verdict.erro.by !== undefined
      ? buildFinalCRes(transaction, await toldVerdict(ports, transaction, verdict))
      : erroOf(transaction, verdict.erro)
  return { show: 'return', transaction, message, threeDSSessionData: sessionDataOf(ports, row) }
}

/** Member of the CReq as a UUID in lower case. */
const idIn = (message: JsonObject, name: string): string | undefined => {
  const id = message[name]
  return typeof id === 'string' && formatTests.uuid?.(id) === true ? id.toLowerCase() : undefined
}

interface Read {
  readonly message: JsonObject
  readonly bytes: Uint8Array
}

function readCReq(field: string): Read | undefined {
  const bytes = decodeBase64url(field)
  if (bytes === undefined || bytes.length === 0) return undefined
  try {
    return { bytes, message: readMessage(bytes).message }
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** The refusal a CReq deserves by itself, for the version of its transaction. */
function refusalOf(read: Read, transaction: Transaction, profile: 'lenient' | 'strict'): ProtocolError | CReq {
  try {
    return parseCReq(read.bytes, {
      profile,
      channel: transaction.deviceChannel,
      category: transaction.messageCategory,
      version: transaction.messageVersion,
    }).message
  } catch (error) {
    if (error instanceof ProtocolError) return error
    throw error
  }
}

/**
 * What goes back to the requestor through the browser is a message, and kept as such. The verdict is durable by now, so a
 * row that cannot be written keeps nobody from being sent back.
 */
async function remembered(ports: ConversePorts, answer: Promise<Screen>): Promise<Screen> {
  const screen = await answer
  if (screen.show === 'kept') {
    const { id: transactionId, tenant } = screen.transaction
    await ports.store.unit((unit) =>
      unit.journal({
        tenant,
        transactionId,
        at: ports.clock.now(),
        link: 'ACS→browser',
        masked: JSON.stringify({ page: 'kept' }),
        httpStatus: 200,
      }),
    )
  }
  if (screen.show !== 'return') return screen
  const { transaction, message } = screen
  ports.outgoing.check(message.messageType === 'Erro' ? 'Erro' : 'CRes', message, {
    leg: 'ACS-BRW',
    messageCategory: transaction.messageCategory,
    context: { final: true },
  })
  try {
    await ports.store.unit((unit) =>
      unit.journal({
        tenant: transaction.tenant,
        transactionId: transaction.id,
        at: ports.clock.now(),
        link: 'ACS→browser',
        messageType: String(message.messageType),
        masked: maskMessage(message),
        httpStatus: 200,
      }),
    )
  } catch (error) {
    ports.observer.failed({ what: 'journal', error, acsTransID: transaction.acsTransID })
  }
  return screen
}

export interface OpenInput {
  readonly tenant: number
  readonly creq: string
  readonly threeDSSessionData?: string | undefined
  readonly receivedAt: number
  /** Transport headers worth keeping. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** No browser: the API, or the cardholder of a plan. */
  readonly isDriven?: boolean
  /** The step of a play that this is. */
  readonly finishes?: Effect | undefined
}

/** Answers a `creq` form post. `threeDSSessionData` is kept as it came (FLOW-GEN-5). */
export const openChallenge = (ports: ConversePorts, input: OpenInput): Promise<Screen> =>
  remembered(ports, screenForCReq(ports, input))

/** What belongs to no transaction is kept as well, with the page it is answered with. */
async function turnedAway(ports: ConversePorts, input: OpenInput, kind: ErrorKind, errorCode: string): Promise<Screen> {
  const { tenant, receivedAt, headers } = input
  const text = decodeBase64url(input.creq)?.toString('utf8') ?? input.creq
  try {
    await ports.store.unit((unit) => {
      unit.journal({
        tenant,
        at: receivedAt,
        link: 'browser→ACS',
        messageType: 'CReq',
        masked: maskRefused(text.slice(0, longestStray)),
        headers,
      })
      unit.journal({
        tenant,
        at: ports.clock.now(),
        link: 'ACS→browser',
        masked: JSON.stringify({ page: 'error', kind, errorCode }),
        httpStatus: 400,
      })
    })
  } catch (error) {
    ports.observer.failed({ what: 'journal', error })
  }
  return refusal(kind, errorCode)
}

/** Of a form field that is nothing of ours. */
const longestStray = 8_192

async function screenForCReq(ports: ConversePorts, input: OpenInput): Promise<Screen> {
  const { tenant, threeDSSessionData } = input
  const read = readCReq(input.creq)
  if (read === undefined) return turnedAway(ports, input, 'badRequest', '101') // ACS-VAL-91
  const acsTransID = idIn(read.message, 'acsTransID')
  const serverTransID = idIn(read.message, 'threeDSServerTransID')
  // What cannot be tied to a transaction touches none (ACS-VAL-105): both ids have to fit.
  if (acsTransID === undefined || serverTransID === undefined) {
    return turnedAway(
      ports,
      input,
      'badRequest',
      read.message.messageType !== 'CReq' ? '101' : isMissingId(read.message) ? '201' : '203',
    ) // ACS-VAL-92…94
  }
  const [transaction] = await ports.store.transactions({ tenant, acsTransID, limit: 1 })
  if (transaction === undefined || transaction.threeDSServerTransID.toLowerCase() !== serverTransID) {
    return turnedAway(ports, input, 'unknownTransaction', '301') // ACS-VAL-95
  }
  const parsed = refusalOf(read, transaction, ports.profile)
  const isRefused = parsed instanceof ProtocolError
  await ports.store.unit((unit) =>
    unit.journal({
      tenant,
      transactionId: transaction.id,
      at: input.receivedAt,
      link: 'browser→ACS',
      messageType: 'CReq',
      masked: maskMessage(read.message),
      headers: input.headers,
      ...(isRefused && { findings: parsed.findings }),
      ...(ports.keepsRaw && { raw: read.bytes }),
    }),
  )
  const at = ports.clock.now()
  const before = await ports.store.challengeRow(tenant, acsTransID)
  if (before === undefined || transaction.transStatus !== 'C' || transaction.deviceChannel !== '02') {
    // The ARes was not C, or the transaction is not the browser's (ACS-VAL-98, RES-DEC-8, SEC-RPL-5): told to the
    // requestor, nothing changes.
    const erro = erroAbout(transaction, 'CReq', '305', 'acsTransID')
    return transaction.details.notificationURL === undefined || transaction.deviceChannel !== '02'
      ? refusal('badRequest', '305')
      : { show: 'return', transaction, message: erro, threeDSSessionData }
  }
  const wasOver = before.challenge.phase === 'ended'
  const kept =
    threeDSSessionData === undefined ? undefined : ports.secrets.seal(transaction.acsTransID, threeDSSessionData)
  const row = await advance(
    ports,
    (unit) => unit.challenge(tenant, acsTransID),
    isRefused
      ? { type: 'badCReq', at, errorCode: parsed.errorCode, errorDetail: parsed.errorDetail, threeDSSessionData: kept }
      : {
          type: 'creq',
          at,
          windowSize: parsed.challengeWindowSize ?? '05',
          fingerprint: ports.secrets.keyOf('creq', canonical(read.message)),
          threeDSSessionData: kept,
          ...(input.isDriven === true && { isDriven: true }),
        },
    { finishes: input.finishes },
  )
  if (row === undefined) return refusal('unknownTransaction', '301')
  const { verdict } = row
  if (row.challenge.phase === 'ended' && verdict !== undefined) {
    await ports.effects.whenSent(transaction.id)
    const sessionData = sessionDataOf(ports, row) ?? threeDSSessionData
    // A first CReq that comes after its time is told so (ACS-VAL-99, CHL-TMR-1).
    if (verdict.challengeCancel === '05') {
      return {
        show: 'return',
        transaction,
        message: erroAbout(transaction, 'CReq', '402', 'CReq not received in time'),
        threeDSSessionData: sessionData,
      }
    }
    // [2.3.1] 315; [≤ 2.2] the stored final CRes again, or 305 by the strict reading (ACS-VAL-101, CHL-REP-4).
    const { afterEnd } = rulesOf(ports.limits, transaction.messageVersion)
    if (wasOver && afterEnd !== undefined && verdict.erro === undefined) {
      return {
        show: 'return',
        transaction,
        message: erroAbout(transaction, 'CReq', afterEnd, 'acsTransID'),
        threeDSSessionData: sessionData,
      }
    }
  }
  return screenOf(ports, row)
}

/** Equal for messages with equal members, whatever their order and blanks (CHL-REP-15). */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, member: unknown) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1))) : member,
  )

const isMissingId = (message: JsonObject): boolean =>
  ['acsTransID', 'threeDSServerTransID'].some(
    (name) => message[name] === undefined || message[name] === null || message[name] === '',
  )

/**
 * verify: an answer, also `continue` on screens without an entry; otherWay: the code is to go somewhere else; refresh: the page as it
 * is by now; expired: its time is over.
 */
export const pageActions = ['verify', 'continue', 'resend', 'otherWay', 'cancel', 'refresh', 'expired'] as const
export type PageAction = (typeof pageActions)[number]

/** What was entered, on whatever screen. */
export interface Entered {
  readonly otp?: string | undefined
  readonly password?: string | undefined
  readonly selected?: readonly string[] | undefined
  readonly consent?: Consent | undefined
  /** How; absent: no script told of it. */
  readonly behaviour?: BehaviourFacts | undefined
}

export interface ContinueInput {
  readonly tenant: number
  readonly acsTransID: string
  readonly stepToken: string
  readonly action: PageAction
  readonly entered: Entered
  readonly receivedAt: number
  /** Transport headers worth keeping. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The step of a play that this is. */
  readonly finishes?: Effect | undefined
}

/** Answers a post of one of the ACS's own pages. A token that we never gave changes nothing (SEC-CSP-9). */
export const continueChallenge = (ports: ConversePorts, input: ContinueInput): Promise<Screen> =>
  remembered(ports, screenForAnswer(ports, input))

async function screenForAnswer(ports: ConversePorts, input: ContinueInput): Promise<Screen> {
  const { tenant, acsTransID, action } = input
  if (formatTests.uuid?.(acsTransID) !== true) return refusal('badRequest')
  const step = Number.parseInt(input.stepToken, 10)
  if (!Number.isSafeInteger(step) || ports.secrets.stepToken(acsTransID, step) !== input.stepToken)
    return refusal('badRequest')
  const before = await ports.store.challengeRow(tenant, acsTransID)
  if (before === undefined) return refusal('unknownTransaction', '301')
  await ports.store.unit((unit) =>
    unit.journal({
      tenant,
      transactionId: before.transaction.id,
      at: input.receivedAt,
      link: 'browser→ACS',
      masked: JSON.stringify({ action, step, ...shownEntry(action, input.entered, before.challenge) }),
      headers: input.headers,
    }),
  )
  if (action === 'refresh') return screenOf(ports, before)
  const at = ports.clock.now()
  const event = eventOf(action, at, step, input.entered)
  const { finishes } = input
  const row = await advance(ports, (unit) => unit.challenge(tenant, acsTransID), event, { finishes })
  if (row === undefined) return refusal('unknownTransaction', '301')
  const isStale = before.challenge.phase === 'awaitingAnswer' && before.challenge.step !== step
  return screenOf(ports, row, isStale)
}

/** What the journal says of an answer: that there was one; where a code is to go is no secret (SEC-LOG-1). */
function shownEntry(
  action: PageAction,
  { otp, password, selected, consent, behaviour }: Entered,
  challenge: Challenge,
) {
  if (action !== 'verify') return undefined
  const screen = challenge.phase === 'awaitingAnswer' ? challenge.screen : undefined
  return {
    ...(otp !== undefined && { otp: '***' }),
    ...(password !== undefined && { password: '***' }),
    ...(selected !== undefined && { selected: screen === 'choose' ? selected : selected.map(() => '***') }),
    ...(consent !== undefined && { consent }),
    ...(behaviour !== undefined && { behaviour }),
  }
}

function eventOf(
  action: Exclude<PageAction, 'refresh'>,
  at: number,
  step: number,
  { otp = '', password, selected, consent, behaviour }: Entered,
): ChallengeEvent {
  switch (action) {
    case 'verify':
      return { type: 'answer', at, step, entered: otp, password, selected, consent, behaviour }
    case 'continue':
      return { type: 'answer', at, step, entered: '' }
    case 'resend':
    case 'otherWay':
    case 'cancel':
      return { type: action, at, step }
    case 'expired':
      return { type: 'timeout', at, timer: 'answer' }
  }
}

export const isPageAction = (value: unknown): value is PageAction => pageActions.some((action) => action === value)

/**
 * Whether a page that was shown is still the one to show; for a page that asks from time to time. It restarts no timer
 * (CHL-TMR-3). Undefined: a token that we never gave.
 */
export async function hasMovedOn(
  { store, secrets }: Pick<ConversePorts, 'store' | 'secrets'>,
  { tenant, acsTransID, stepToken }: Pick<ContinueInput, 'tenant' | 'acsTransID' | 'stepToken'>,
): Promise<boolean | undefined> {
  const step = Number.parseInt(stepToken, 10)
  if (formatTests.uuid?.(acsTransID) !== true || !Number.isSafeInteger(step)) return undefined
  if (secrets.stepToken(acsTransID, step) !== stepToken) return undefined
  const row = await store.challengeRow(tenant, acsTransID)
  if (row === undefined) return undefined
  return row.challenge.phase !== 'awaitingAnswer' || row.challenge.step !== step
}

/** An Erro that a DS posts: journaled; about an ARes of ours it ends the challenge before it began (ACS-VAL-151, 153, 154). */
export async function receiveErro(
  ports: ConversePorts,
  input: {
    readonly tenant: number
    readonly message: JsonObject
    readonly masked: string
    readonly headers?: Readonly<Record<string, string>> | undefined
  },
): Promise<void> {
  const { tenant, message } = input
  const acsTransID = idIn(message, 'acsTransID')
  const serverTransID = idIn(message, 'threeDSServerTransID')
  const [named] = acsTransID === undefined ? [] : await ports.store.transactions({ tenant, acsTransID, limit: 1 })
  const transaction = named?.threeDSServerTransID.toLowerCase() === serverTransID ? named : undefined
  const at = ports.clock.now()
  await ports.store.unit((unit) =>
    unit.journal({
      tenant,
      at,
      link: 'DS→ACS',
      messageType: 'Erro',
      masked: input.masked,
      headers: input.headers,
      httpStatus: 200,
      ...(transaction !== undefined && { transactionId: transaction.id }),
    }),
  )
  if (transaction === undefined || message.errorMessageType !== 'ARes') return
  await advance(ports, (unit) => unit.challengeOf(transaction.id), { type: 'erroFromDs', at })
}
