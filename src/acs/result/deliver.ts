// One attempt to deliver an RReq, and what follows from its answer. Spec: sections 5.9.8–5.9.12; RES-RR-1…9, ACS-VAL-134…144.
import { ProtocolError } from '../../protocol/errors.ts'
import { maskMessage, maskRefused } from '../../protocol/mask.ts'
import { parseMessage } from '../../protocol/messages/parse.ts'
import type { ErrorCode } from '../../protocol/tables/errors.ts'
import { isOutOfOrder } from '../challenge/order.ts'
import type { Challenge, Verdict } from '../challenge/state.ts'
import type {
  Clock,
  DeliveryState,
  DsLink,
  Effect,
  NewJournalEntry,
  Observer,
  RReqAnswer,
  Secrets,
  Store,
  Transaction,
} from '../ports.ts'
import { buildRReq, erroAbout, isDecoupled } from './messages.ts'
import type { Outgoing } from './outgoing.ts'

export interface DeliverPorts {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: Secrets
  readonly ds: DsLink
  readonly observer: Observer
  readonly profile: 'lenient' | 'strict'
  readonly outgoing: Outgoing
  /** [2.3.1] The third and later tries carry U (RES-RR-3); otherwise every try is the same. */
  readonly degradesUnreachable: boolean
}

/** Wait between attempts after the second one [Req 240]. */
const retryAfterMs = 10_000
/** The ACS gives up this long after the verdict (CHL-TMR-8). */
const giveUpAfterMs = 600_000

export interface Judgement {
  readonly delivery: DeliveryState
  readonly isRetried: boolean
  /** Tell D by an Erro of ours (ERR-A5, ACS-VAL-140). */
  readonly erro?: { readonly errorCode: ErrorCode; readonly errorDetail: string } | undefined
  readonly outcome: string
}

const utf8 = new TextDecoder()

const retry = (outcome: string): Judgement => ({ delivery: 'pending', isRetried: true, outcome })

/** A body that says it is something else is no RRes (ACS-VAL-134); one that says nothing may be, by lenient reading. */
const isJson = (contentType: string, profile: 'lenient' | 'strict'): boolean => {
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return mediaType === 'application/json' || (mediaType === '' && profile === 'lenient')
}

/** The one place that reads an answer to an RReq. Pure. */
export function judge(transaction: Transaction, answer: RReqAnswer, profile: 'lenient' | 'strict'): Judgement {
  switch (answer.kind) {
    case 'noConnection':
      return retry('noConnection')
    case 'notAllowed':
      return { delivery: 'refused', isRetried: false, outcome: 'dsURL not allowed' } // SEC-TLS-9
    case 'late':
      return {
        delivery: 'late',
        isRetried: false,
        erro: { errorCode: '402', errorDetail: 'RRes not received in time' },
        outcome: 'late',
      } // RES-RR-4
    case 'status':
      return answer.status >= 500
        ? retry(`status ${answer.status}`)
        : { delivery: 'refused', isRetried: false, outcome: `status ${answer.status}` } // RES-RR-5
    case 'body':
      break
  }
  try {
    if (!isJson(answer.contentType, profile)) throw new ProtocolError('101', 'Invalid Formatted Message')
    const { message } = parseMessage(answer.bytes, {
      expects: ['RRes', 'Erro'],
      leg: 'DS-ACS',
      profile,
      channel: transaction.deviceChannel,
      category: transaction.messageCategory,
      version: transaction.messageVersion,
    })
    if (message.messageType === 'Erro')
      return { delivery: 'refused', isRetried: false, outcome: `Erro ${String(message.errorCode)}` } // ACS-VAL-150
    const { acsTransID, dsTransID, threeDSServerTransID, details } = transaction
    // [2.1.0] has no sdkTransID in RReq and RRes, and only app transactions have one (ACS-VAL-137).
    const hasSdkTransID = transaction.deviceChannel === '01' && transaction.messageVersion !== '2.1.0'
    const sdkTransID = hasSdkTransID ? details.sdkTransID : undefined
    const wrong = Object.entries({ acsTransID, dsTransID, sdkTransID, threeDSServerTransID })
      .filter(([name, id]) => id !== undefined && String(message[name]).toLowerCase() !== id.toLowerCase())
      .map(([name]) => name)
    if (wrong.length > 0) {
      return {
        delivery: 'delivered',
        isRetried: false,
        erro: { errorCode: '301', errorDetail: wrong.join(',') },
        outcome: 'RRes with other ids',
      } // ACS-VAL-136, ACS-VAL-137
    }
    const { resultsStatus } = message
    // [2.3.1] 04 belongs to an RReq D; to another one it is no fault that anybody refuses (ACS-VAL-141).
    const isOdd = resultsStatus === '04' && transaction.resultStatus !== 'D'
    const outcome = `RRes ${String(resultsStatus)}${isOdd ? ', taken as 01' : ''}`
    return { delivery: 'delivered', isRetried: false, outcome }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    // An answer that is no message but an Erro in all but form gets none back (FLOW-GEN-10).
    if (error.about.errorMessageType === 'Erro')
      return { delivery: 'refused', isRetried: false, outcome: 'malformed Erro' }
    return {
      delivery: 'delivered',
      isRetried: false,
      erro: { errorCode: error.errorCode, errorDetail: error.errorDetail },
      outcome: `RRes refused: ${error.errorCode}`,
    } // ACS-VAL-134…139
  }
}

function answerEntry(transaction: Transaction, answer: RReqAnswer, at: number, durationMs: number): NewJournalEntry {
  const about = { tenant: transaction.tenant, transactionId: transaction.id, at, link: 'DS→ACS', durationMs } as const
  switch (answer.kind) {
    case 'body':
      return {
        ...about,
        messageType: 'RRes',
        masked: maskRefused(utf8.decode(answer.bytes)),
        httpStatus: 200,
        ...(answer.contentType !== '' && { headers: { 'content-type': answer.contentType.slice(0, 100) } }),
      }
    case 'status':
      return { ...about, masked: '', httpStatus: answer.status }
    case 'noConnection':
      return { ...about, masked: `no connection: ${answer.reason}` }
    case 'late':
      return { ...about, masked: 'no answer in time' }
    case 'notAllowed':
      return { ...about, masked: 'dsURL is not on the allow-list; not called' }
  }
}

/** What is reported in the place of a result that could not be in two tries (RES-RR-3). */
const unreported = ({ transStatus, interactionCounter, challengeCancel, at, erro }: Verdict): Verdict => ({
  transStatus: 'U',
  transStatusReason: '22',
  interactionCounter,
  at,
  was: transStatus,
  ...(challengeCancel !== undefined && { challengeCancel }),
  ...(erro !== undefined && { erro }),
})

/** The state with another verdict; the one exception of CHL-SM-2. */
const withVerdict = (challenge: Challenge, verdict: Verdict): Challenge =>
  challenge.phase === 'ended' ? { ...challenge, verdict } : challenge

/** Performs a sendRReq effect once (twice when the very first connection fails). Returns when to try again, if so. */
export async function deliverRReq(ports: DeliverPorts, effect: Effect): Promise<number | undefined> {
  const { store, clock, ds, observer } = ports
  const row = await store.unit((unit) => unit.challengeOf(effect.transactionId))
  if (row?.verdict === undefined) throw new Error(`effect ${effect.id} has no verdict to send`)
  const { transaction, verdict } = row
  const rreq = buildRReq(transaction, verdict, ports.secrets)
  ports.outgoing.check('RReq', rreq, {
    leg: 'ACS-DS',
    deviceChannel: transaction.deviceChannel,
    messageCategory: transaction.messageCategory,
    context: { 'ARes.acsDecConInd': isDecoupled(transaction) ? 'Y' : 'N' },
  })
  const body = JSON.stringify(rreq)
  const url = transaction.details.dsURL ?? ''
  const entries: NewJournalEntry[] = []
  const attempt = async (): Promise<RReqAnswer> => {
    const from = clock.now()
    const sent: NewJournalEntry = {
      tenant: transaction.tenant,
      transactionId: transaction.id,
      at: from,
      link: 'ACS→DS',
      messageType: 'RReq',
      masked: maskMessage(rreq),
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': transaction.acsTransID }, // FLOW-GEN-8
    }
    const index = entries.push(sent) - 1
    const answer = await ds.post(url, body, transaction.acsTransID, (met) => {
      entries[index] = { ...sent, ...met }
    })
    entries.push(answerEntry(transaction, answer, clock.now(), clock.now() - from))
    return answer
  }
  const { plan } = transaction.details
  const degrades = ports.degradesUnreachable && transaction.messageVersion === '2.3.1' && !isOutOfOrder(plan?.rreq)
  let answer = await attempt()
  // At once again [Req 240]. Where the second failure changes the result, a 5xx counts too: a browser that was told N must
  // not be followed by an RReq Y (RES-RR-5, RES-RR-7).
  const isRepeated = answer.kind === 'noConnection' || (degrades && answer.kind === 'status' && answer.status >= 500)
  if (isRepeated && effect.attempts === 0) answer = await attempt()
  const judgement = judge(transaction, answer, ports.profile)
  const attempts = entries.filter(({ messageType }) => messageType === 'RReq').length
  // Copies that a plan asks for follow an RReq that has arrived; nothing comes of their answers.
  for (let copy = judgement.isRetried ? 0 : (effect.payload.rreq?.copies ?? 1); copy > 1; copy -= 1) await attempt()
  const isOver = clock.now() + retryAfterMs > effect.createdAt + giveUpAfterMs
  const retryAt = judgement.isRetried && !isOver ? clock.now() + retryAfterMs : undefined
  const delivery = judgement.isRetried && isOver ? 'gaveUp' : judgement.delivery
  const tries = attempts + effect.attempts
  const isDegraded = degrades && judgement.isRetried && tries >= 2 && verdict.transStatus !== 'U'
  await store.unit((unit) => {
    for (const entry of entries) unit.journal(entry)
    unit.saveDelivery(transaction.id, delivery)
    if (isDegraded) {
      const instead = unreported(verdict)
      unit.replaceVerdict(transaction.id, instead)
      unit.saveChallenge(transaction.id, withVerdict(row.challenge, instead))
    }
    if (retryAt === undefined) unit.finishEffect(effect.id)
    else unit.postponeEffect(effect.id, retryAt)
  })
  observer.rreq({
    transactionId: transaction.id,
    acsTransID: transaction.acsTransID,
    outcome: judgement.outcome,
    attempt: effect.attempts + 1,
  })
  if (judgement.erro !== undefined) {
    const erro = erroAbout(transaction, 'RRes', judgement.erro.errorCode, judgement.erro.errorDetail) // ERR-A1
    ports.outgoing.check('Erro', erro, { leg: 'ACS-DS', deviceChannel: transaction.deviceChannel })
    let entry: NewJournalEntry = {
      tenant: transaction.tenant,
      transactionId: transaction.id,
      at: clock.now(),
      link: 'ACS→DS',
      messageType: 'Erro',
      masked: maskMessage(erro),
    }
    const told = ds.post(url, JSON.stringify(erro), transaction.acsTransID, (met) => {
      entry = { ...entry, ...met }
    })
    await store.unit((unit) => unit.journal(entry))
    await told
  }
  return retryAt
}
