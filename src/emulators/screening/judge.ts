// From findings to an opinion: log-odds added up, cut into verdicts, with floors that no sum takes back.
import type { Assessment, ScreeningVerdict } from '../../risk/assessment.ts'
import type { Signals } from '../../risk/signals.ts'
import type { OrderRequest } from './api.ts'
import { type Finding, type History, isHardlyKnown, placeKindOf } from './checks.ts'
import { type ReasonCode, reasons } from './reasons.ts'

/** The name under which the service speaks to issuers. */
export const sourceOfService = 'screening'

/** Log-odds of an order of which nothing is found. Made up, as the weights are. */
const start = -3
const reviewFrom = 0.4
const refuseFrom = 0.85
/** How long an opinion about an order is one: a checkout does not last longer. */
const validMs = 30 * 60_000

export interface Judged {
  readonly verdict: ScreeningVerdict
  /** 0 to 1, higher is riskier. */
  readonly score: number
  /** Heaviest first. */
  readonly findings: readonly Finding[]
}

const weightOf = ({ code }: Finding): number => reasons[code].weight

export function judge(order: OrderRequest, findings: readonly Finding[]): Judged {
  const sum = findings.reduce((total, finding) => total + weightOf(finding), start)
  const score = Math.round(1_000 / (1 + Math.exp(-sum))) / 1_000
  const sorted = findings.toSorted((a, b) => Math.abs(weightOf(b)) - Math.abs(weightOf(a)))
  const has = (code: ReasonCode): boolean => findings.some((finding) => finding.code === code)
  if (has('list.negative') || score >= refuseFrom) return { verdict: 'NG', score, findings: sorted }
  if (isHardlyKnown(order)) return { verdict: 'HOLD', score, findings: [...sorted, { code: 'data.missing' }] }
  const isToBeSeen = has('offer.first-time-again') || score >= reviewFrom
  return { verdict: isToBeSeen ? 'REVIEW' : 'OK', score, findings: sorted }
}

/** What the issuer has no element for and may need: it compares and forgets. */
function signalsOf(order: OrderRequest, history: History): Signals | undefined {
  const { buyer, delivery } = order
  const raw = delivery && [delivery.city, delivery.line1, delivery.line2].filter((line) => line !== undefined).join(' ')
  const addressKind = delivery && placeKindOf(delivery)
  const signals: Signals = {
    ...(buyer.kanji !== undefined && { kanji: buyer.kanji }),
    ...(buyer.kana !== undefined && { kana: buyer.kana }),
    ...(raw !== undefined && { rawAddress: raw.slice(0, 300) }),
    ...(delivery?.postCode !== undefined && delivery.postCode !== '' && { postCode: delivery.postCode.slice(0, 12) }),
    ...(addressKind !== undefined && { addressKind }),
    ...(order.firstTimeOffer && { firstTimeOffer: true }),
    ...(buyer.passwordChangedToday === true && { passwordReset: true }),
    ...(history.listed.length > 0 && { sharedList: history.listed.slice(0, 20) }),
  }
  return Object.keys(signals).length === 0 ? undefined : signals
}

/** What a person made of a verdict that was to be looked at. */
export type Review = 'passed' | 'stopped'

const afterReview = { passed: 'OK', stopped: 'NG' } as const
const reviewReason = { passed: 'person.passed-on', stopped: 'person.stopped' } as const

export function assessmentOf(
  { verdict, score, findings }: Judged,
  order: OrderRequest,
  history: History,
  now: number,
  review?: Review,
): Assessment {
  const codes: readonly ReasonCode[] = [
    ...(review === undefined ? [] : [reviewReason[review]]),
    ...findings.map(({ code }) => code),
  ]
  const signals = signalsOf(order, history)
  return {
    source: sourceOfService,
    verdict: review === undefined ? verdict : afterReview[review],
    score,
    reasons: [...new Set(codes)].slice(0, 20),
    ...(signals !== undefined && { signals }),
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + validMs).toISOString(),
    about: {
      ...(order.threeDSServerTransID !== undefined && { threeDSServerTransID: order.threeDSServerTransID }),
      orderId: order.orderId,
      acquirerMerchantID: order.merchant.acquirerMerchantID,
    },
  }
}
