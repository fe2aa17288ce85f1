// The messages the ACS builds: ARes, RReq, the final CRes, ORes. One row per element: where it belongs, and what it holds.
// Spec: Tables B.2, B.5, B.8; RES sections 3, 5, 6, 8, FLOW-BRW-7, VER-IM-5.
import { ProtocolError, toErro } from '../../protocol/errors.ts'
import type { ARes, CRes, Erro, Message, RReq } from '../../protocol/messages/types.ts'
import type { ErrorCode } from '../../protocol/tables/errors.ts'
import { reasonFor } from '../../protocol/tables/reasons.ts'
import type { Version } from '../../protocol/tables/types.ts'
import type { AuthenticationRequest } from '../authenticate/request.ts'
import { methodOfChannel } from '../challenge/kinds.ts'
import type { Verdict } from '../challenge/state.ts'
import type { Language } from '../language.ts'
import type { Plan } from '../plan.ts'
import type { Secrets, Transaction, TransactionDetails } from '../ports.ts'
import { methodIn, methodsIn, typeOf } from './authentication-methods.ts'
import { type InfoTexts, infoWithARes, infoWithRReq } from './cardholder-info.ts'
import { type About, carriesValue, eciOf, layoutOf } from './values.ts'

/** Marks the product; obviously not a reference number that anybody was given (RES-AR-4). */
const acsReferenceNumber = 'SEKISHO_ACS_SIMULATOR'

/** Data version of deviceInfo whose parameters the ACS knows ([2.3.1] app). */
const deviceInfoRecognisedVersion = '1.6'

/** A challenge of ours: a code by e-mail, "other OTP" (RES section 6). */
const usualMethods: readonly string[] = ['05']

/** Where an element belongs; absent: everywhere. */
interface Row<A> {
  readonly element: string
  readonly versions?: readonly Version[]
  readonly channels?: readonly string[]
  /** transStatus letters. */
  readonly statuses?: string
  /** Undefined: left out, since nothing empty is sent (RES-AR-1). */
  readonly value: (about: A) => unknown
}

interface Column {
  readonly messageVersion: string
  readonly deviceChannel: string
  readonly transStatus: string
}

/** Builders of one message; the rows of a column are picked once. */
function builderOf<A>(rows: readonly Row<A>[]): (column: Column, about: A) => Record<string, unknown> {
  const picked = new Map<string, readonly Row<A>[]>()
  const isIn = (list: readonly string[] | undefined, value: string): boolean =>
    list === undefined || list.includes(value)
  return ({ messageVersion, deviceChannel, transStatus }, about) => {
    const key = `${messageVersion} ${deviceChannel} ${transStatus}`
    let own = picked.get(key)
    if (own === undefined) {
      own = rows.filter(
        ({ versions, channels, statuses }) =>
          isIn(versions, messageVersion) &&
          isIn(channels, deviceChannel) &&
          (statuses === undefined || statuses.includes(transStatus)),
      )
      picked.set(key, own)
    }
    const message: Record<string, unknown> = {}
    for (const { element, value } of own) {
      const given = value(about)
      if (given !== undefined) message[element] = given
    }
    return message
  }
}

const app = ['01']
const browser = ['02']
const appAndBrowser = ['01', '02']
const upTo220: readonly Version[] = ['2.1.0', '2.2.0']
const only220: readonly Version[] = ['2.2.0']
const only231: readonly Version[] = ['2.3.1']
const since220: readonly Version[] = ['2.2.0', '2.3.1']
/** The ACS itself says so (CHL-TL-3). */
const byAcs = '03'
/** deviceBindingStatus: by static data. */
const bound = '14'

/** What was decided; by the newest names. */
export interface Outcome {
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly acsChallengeMandated?: 'Y' | 'N' | undefined
  readonly acsDecConInd?: 'Y' | 'N' | undefined
  readonly authenticationMethods?: readonly string[] | undefined
  readonly trustListStatus?: string | undefined
  readonly deviceBindingStatus?: string | undefined
  readonly transChallengeExemption?: string | undefined
}

export interface AResInput {
  readonly request: AuthenticationRequest
  readonly acsTransID: string
  readonly panHash: string
  readonly scheme: string
  readonly decision: Outcome
  /** ECI and cardholderInfo of it go before all others. */
  readonly plan?: Plan | undefined
  /** Of the issuer, in the language that it speaks with the cardholder. */
  readonly texts?: InfoTexts | undefined
  readonly language?: Language | undefined
  /** Where a browser posts its CReq. */
  readonly acsURL: string
  readonly nonPaymentValues: boolean
}

interface AResAbout extends AResInput {
  readonly values: About
  readonly secrets: Secrets
}

const trustListStatus = ({ decision }: AResAbout): string | undefined => decision.trustListStatus
const trustListStatusSource = ({ decision }: AResAbout): string | undefined =>
  decision.trustListStatus === undefined ? undefined : byAcs
const deviceBindingStatus = ({ decision }: AResAbout): string | undefined => decision.deviceBindingStatus
const deviceBindingStatusSource = ({ decision }: AResAbout): string | undefined =>
  decision.deviceBindingStatus === undefined ? undefined : byAcs
const methodsOf = ({ decision }: AResAbout): readonly string[] => decision.authenticationMethods ?? usualMethods

const infoOf = ({ plan, decision, texts = {}, language = 'en' }: AResAbout): string | undefined =>
  plan?.cardholderInfo ?? infoWithARes(decision.transStatus, texts, language)
const infoObject = (text: string | undefined): { readonly text: string } | undefined =>
  text === undefined ? undefined : { text }

/** Of a plan only where it is a result (with C and D the RReq has it). */
const isResult = (transStatus: string): boolean => transStatus !== 'C' && transStatus !== 'D'

const aresRows: readonly Row<AResAbout>[] = [
  { element: 'messageType', value: () => 'ARes' },
  { element: 'messageVersion', value: ({ request }) => request.messageVersion },
  { element: 'threeDSServerTransID', value: ({ request }) => request.threeDSServerTransID }, // RES-AR-2
  { element: 'dsTransID', value: ({ request }) => request.dsTransID },
  { element: 'acsTransID', value: ({ acsTransID }) => acsTransID },
  { element: 'sdkTransID', channels: app, value: ({ request }) => request.sdkTransID },
  { element: 'dsReferenceNumber', value: ({ request }) => request.dsReferenceNumber },
  { element: 'acsReferenceNumber', value: () => acsReferenceNumber },
  { element: 'transStatus', value: ({ decision }) => decision.transStatus },
  {
    element: 'transStatusReason', // RES-TR-1, RES-TR-2
    statuses: 'NUR',
    value: ({ decision, request }) =>
      reasonFor(request.messageVersion, decision.transStatus, decision.transStatusReason),
  },
  { element: 'acsChallengeMandated', statuses: 'CD', value: ({ decision }) => decision.acsChallengeMandated ?? 'N' }, // RES-CM-1
  { element: 'acsURL', channels: browser, statuses: 'C', value: ({ acsURL }) => acsURL },
  {
    element: 'authenticationType', // VER-23-4
    versions: upTo220,
    statuses: 'CD',
    value: (about) => typeOf(methodsOf(about)),
  },
  { element: 'authenticationMethod', versions: only231, statuses: 'CD', value: methodsOf },
  { element: 'acsDecConInd', versions: since220, statuses: 'D', value: () => 'Y' }, // RES-DEC-2
  {
    element: 'acsDecConInd', // RES-DEC-3: never Y with another status
    versions: since220,
    statuses: 'YNAURCI',
    value: ({ decision }) => (decision.acsDecConInd === 'N' ? 'N' : undefined),
  },
  {
    element: 'cardholderInfo',
    versions: ['2.1.0'],
    channels: appAndBrowser,
    value: infoOf,
  },
  { element: 'cardholderInfo', versions: only220, value: infoOf }, // VER-23-31, RES-AR-6
  { element: 'cardholderInfo', versions: only231, value: (about) => infoObject(infoOf(about)) },
  { element: 'whiteListStatus', versions: only220, value: trustListStatus }, // VER-23-3, CHL-TL-4, 5
  { element: 'whiteListStatusSource', versions: only220, value: trustListStatusSource },
  { element: 'trustListStatus', versions: only231, value: trustListStatus },
  { element: 'trustListStatusSource', versions: only231, value: trustListStatusSource },
  { element: 'deviceBindingStatus', versions: only231, value: deviceBindingStatus },
  { element: 'deviceBindingStatusSource', versions: only231, value: deviceBindingStatusSource },
  {
    element: 'deviceInfoRecognisedVersion', // VER-23-24, FLOW-APP-9
    versions: only231,
    channels: app,
    value: () => deviceInfoRecognisedVersion,
  },
  { element: 'threeDSRequestorAppURLInd', versions: only231, channels: app, value: () => 'N' },
  {
    element: 'transChallengeExemption', // RES-EX-4
    versions: only231,
    value: ({ decision }) => decision.transChallengeExemption,
  },
  {
    element: 'eci',
    value: ({ decision: { transStatus }, plan, values }) =>
      (isResult(transStatus) ? plan?.eci : undefined) ?? eciOf(transStatus, values),
  },
  {
    element: 'authenticationValue', // RES-AV-1…4
    statuses: 'YA',
    value: ({ decision: { transStatus }, values, secrets, request, acsTransID, panHash }) =>
      carriesValue(transStatus, values)
        ? secrets.authenticationValue({
            acsTransID,
            panHash,
            purchaseAmount: request.purchaseAmount ?? '',
            purchaseCurrency: request.purchaseCurrency ?? '',
            transStatus,
            layout: layoutOf(values.scheme, transStatus),
          })
        : undefined,
  },
]

const aresOf = builderOf(aresRows)

const asksDataShare = ({ challengeInds }: AuthenticationRequest): boolean => challengeInds.includes('06')

export function buildARes(input: AResInput, secrets: Secrets): ARes {
  const { request, decision, scheme, nonPaymentValues } = input
  const { messageVersion, deviceChannel, messageCategory } = request
  const values = { scheme, messageCategory, isDataShare: asksDataShare(request), nonPaymentValues }
  const column = { messageVersion, deviceChannel, transStatus: decision.transStatus }
  return aresOf(column, { ...input, values, secrets }) as ARes
}

/** What the RReq will need of the AReq and the decision, for the record of the transaction. */
export function resultDetails({
  request,
  decision,
  nonPaymentValues,
}: Pick<AResInput, 'request' | 'decision' | 'nonPaymentValues'>): Pick<
  TransactionDetails,
  | 'dsURL'
  | 'dsReferenceNumber'
  | 'sdkTransID'
  | 'challengeInd'
  | 'authenticationMethods'
  | 'nonPaymentValues'
  | 'isDataShare'
  | 'decReqInd'
  | 'trustListStatus'
  | 'deviceBindingStatus'
> {
  const isOpen = decision.transStatus === 'C' || decision.transStatus === 'D'
  return {
    dsURL: request.dsURL,
    dsReferenceNumber: request.dsReferenceNumber,
    challengeInd: request.challengeInds[0],
    ...(request.sdkTransID !== undefined && { sdkTransID: request.sdkTransID }),
    ...(isOpen &&
      decision.authenticationMethods !== undefined && { authenticationMethods: decision.authenticationMethods }),
    ...(nonPaymentValues && { nonPaymentValues }),
    ...(asksDataShare(request) && { isDataShare: true }),
    ...(isOpen && decision.trustListStatus !== undefined && { trustListStatus: decision.trustListStatus }),
    ...(isOpen && decision.deviceBindingStatus !== undefined && { deviceBindingStatus: decision.deviceBindingStatus }),
    ...(isOpen && (request.decReqInd === 'F' || request.decReqInd === 'B') && { decReqInd: request.decReqInd }),
  }
}

/** Decoupled: there was no CReq, and the ARes said so by acsDecConInd. */
export const isDecoupled = ({ transStatus }: Pick<Transaction, 'transStatus'>): boolean => transStatus === 'D'

/** An Erro of the ACS about a message of this transaction; `errorMessageType` names the one that was wrong (ERR-A1). */
export const erroAbout = (
  transaction: Transaction,
  errorMessageType: 'CReq' | 'RRes',
  errorCode: ErrorCode,
  errorDetail: string,
): Erro =>
  toErro(new ProtocolError(errorCode, errorDetail), 'A', {
    threeDSServerTransID: transaction.threeDSServerTransID,
    acsTransID: transaction.acsTransID,
    dsTransID: transaction.dsTransID,
    ...(transaction.details.sdkTransID !== undefined && { sdkTransID: transaction.details.sdkTransID }),
    messageVersion: transaction.messageVersion,
    errorMessageType,
  })

/** The Erro that answered the CReq which ended the challenge, or that the client sent about a CRes. */
export const erroOf = (
  transaction: Transaction,
  { by, errorCode, errorDetail }: NonNullable<Verdict['erro']>,
): Erro => {
  const erro = erroAbout(transaction, 'CReq', errorCode as ErrorCode, errorDetail)
  return by === undefined ? erro : { ...erro, errorComponent: by, errorMessageType: 'CRes' }
}

export const aboutValues = ({ scheme, messageCategory, details }: Transaction): About => ({
  scheme,
  messageCategory,
  nonPaymentValues: details.nonPaymentValues === true,
  isDataShare: details.isDataShare === true,
})

/** The authentication value of a transaction that ends so; from stored data only. */
export const authenticationValueOf = (
  { acsTransID, panHash, purchaseAmount = '', purchaseCurrency = '', scheme }: Transaction,
  transStatus: string,
  secrets: Secrets,
): string =>
  secrets.authenticationValue({
    acsTransID,
    panHash,
    purchaseAmount,
    purchaseCurrency,
    transStatus,
    layout: layoutOf(scheme, transStatus),
  })

interface RReqAbout {
  readonly transaction: Transaction
  readonly verdict: Verdict
  readonly secrets: Secrets
  readonly methods: readonly string[]
}

/** By the end: what was said to the prompt; otherwise what the ARes said, but that nobody is waited for any more (CHL-TL-3). */
function trustListAfter({ transaction: { details }, verdict: { consent } }: RReqAbout): string | undefined {
  const { trustListStatus: before } = details
  if (consent?.trustList === undefined) return before === 'P' ? 'N' : before
  return consent.trustList || before === 'Y' ? 'Y' : 'R'
}

/** The same of the device, which is known by data that it sends (CHL-TL-4). */
function deviceBindingAfter({ transaction: { details }, verdict: { consent } }: RReqAbout): string | undefined {
  const { deviceBindingStatus: before } = details
  if (consent?.deviceBinding === undefined) return before === '03' ? '01' : before
  return consent.deviceBinding || before === bound ? bound : '04'
}

const sourceOf =
  (status: (about: RReqAbout) => string | undefined) =>
  (about: RReqAbout): string | undefined =>
    status(about) === undefined ? undefined : byAcs

const rreqRows: readonly Row<RReqAbout>[] = [
  { element: 'messageType', value: () => 'RReq' },
  { element: 'messageVersion', value: ({ transaction }) => transaction.messageVersion },
  { element: 'messageCategory', value: ({ transaction }) => transaction.messageCategory },
  { element: 'threeDSServerTransID', value: ({ transaction }) => transaction.threeDSServerTransID },
  { element: 'acsTransID', value: ({ transaction }) => transaction.acsTransID },
  { element: 'dsTransID', value: ({ transaction }) => transaction.dsTransID },
  {
    element: 'sdkTransID', // no element of RReq and RRes in 2.1.0
    versions: since220,
    channels: app,
    value: ({ transaction }) => transaction.details.sdkTransID,
  },
  { element: 'transStatus', value: ({ verdict }) => verdict.transStatus },
  {
    element: 'transStatusReason', // RES-TR-1, RES-TR-2
    statuses: 'NURD',
    value: ({ transaction, verdict }) =>
      reasonFor(transaction.messageVersion, verdict.transStatus, verdict.transStatusReason),
  },
  { element: 'authenticationType', versions: upTo220, statuses: 'YN', value: ({ methods }) => typeOf(methods) },
  {
    element: 'authenticationMethod', // one code, for the DS only
    versions: upTo220,
    value: ({ transaction, methods }) => methodIn(transaction.messageVersion, methods),
  },
  {
    element: 'authenticationMethod',
    versions: only231,
    statuses: 'YN',
    value: ({ transaction, methods }) => methodsIn(transaction.messageVersion, methods),
  },
  {
    element: 'interactionCounter', // CHL-ATT-1, VER-23-28: [2.3.1] none where the ARes said acsDecConInd Y
    channels: appAndBrowser,
    value: ({ transaction, verdict }) =>
      isDecoupled(transaction) && transaction.messageVersion === '2.3.1'
        ? undefined
        : String(Math.min(verdict.interactionCounter, 99)).padStart(2, '0'),
  },
  { element: 'challengeCancel', value: ({ verdict }) => verdict.challengeCancel },
  { element: 'whiteListStatus', versions: only220, value: trustListAfter }, // VER-22-11, CHL-TL-3…5
  { element: 'whiteListStatusSource', versions: only220, value: sourceOf(trustListAfter) },
  { element: 'trustListStatus', versions: only231, value: trustListAfter },
  { element: 'trustListStatusSource', versions: only231, value: sourceOf(trustListAfter) },
  { element: 'deviceBindingStatus', versions: only231, value: deviceBindingAfter },
  { element: 'deviceBindingStatusSource', versions: only231, value: sourceOf(deviceBindingAfter) },
  {
    element: 'cardholderInfo', // VER-23-31
    versions: only231,
    value: ({ transaction, verdict }) => infoObject(infoWithRReq(verdict, transaction.details.cardholderInfo)),
  },
  {
    element: 'challengeErrorReporting', // CHL-CAN-9
    versions: only231,
    value: ({ transaction, verdict }) =>
      verdict.erro !== undefined && ['09', '10'].includes(verdict.challengeCancel ?? '')
        ? erroOf(transaction, verdict.erro)
        : undefined,
  },
  {
    element: 'eci',
    value: ({ transaction, verdict }) =>
      transaction.details.plan?.eci ?? eciOf(verdict.transStatus, aboutValues(transaction)),
  },
  {
    element: 'authenticationValue', // RES-AV-1, 2, 7
    statuses: 'YA',
    value: ({ transaction, verdict, secrets }) =>
      carriesValue(verdict.transStatus, aboutValues(transaction))
        ? authenticationValueOf(transaction, verdict.transStatus, secrets)
        : undefined,
  },
]

const rreqOf = builderOf(rreqRows)

/** The one RReq of a challenge. Made of stored data only, so every attempt has the same bytes (CHL-SM-3). */
export function buildRReq(transaction: Transaction, verdict: Verdict, secrets: Secrets): RReq {
  const { messageVersion, deviceChannel, details } = transaction
  const chosen = verdict.channel === undefined ? undefined : [methodOfChannel[verdict.channel]]
  const methods = chosen ?? details.authenticationMethods ?? usualMethods
  const column = { messageVersion, deviceChannel, transStatus: verdict.transStatus }
  return rreqOf(column, { transaction, verdict, secrets, methods }) as RReq
}

/** What the browser is told: Y; [2.3.1] D after an RReq D; N for every other verdict (CHL-CTR-7, FLOW-BRW-7). */
const toldAs = { Y: 'Y', D: 'D', N: 'N', A: 'N', U: 'N', R: 'N' } as const satisfies Record<
  Verdict['transStatus'],
  string
>

/** The final CRes of a browser challenge. */
export const buildFinalCRes = (
  transaction: Transaction,
  { transStatus }: Pick<Verdict, 'transStatus'>,
): Pick<CRes, 'messageType' | 'messageVersion' | 'transStatus'> & {
  readonly threeDSServerTransID: string
  readonly acsTransID: string
} => ({
  messageType: 'CRes',
  messageVersion: transaction.messageVersion,
  threeDSServerTransID: transaction.threeDSServerTransID,
  acsTransID: transaction.acsTransID,
  transStatus: toldAs[transStatus],
})

/** The answer to an OReq (FLOW-OP-3). */
export const buildORes = (
  { messageVersion, dsTransID }: Pick<Message<'OReq'>, 'messageVersion' | 'dsTransID'>,
  acsTransID: string,
  opStatus: '01' | '02' | '03',
): Message<'ORes'> => ({
  messageType: 'ORes',
  messageVersion,
  dsTransID,
  acsTransID,
  acsReferenceNumber,
  opStatus,
})
