/** What a 3RI request may build on: an earlier authentication of the same card. Spec: RES-3RI-4, FLOW-3RI-4. */

/** `none`: no reference was given. Only `good` approves by itself. */
export type PriorJudgement = 'none' | 'unknown' | 'notAuthenticated' | 'beyondTerms' | 'good'

/** A purchase as messages tell it, with its worth in the issuer's currency where there is a rate. */
export type Money = {
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly issuerAmount?: number | undefined
}

/** What was agreed for the payments of a series (threeRIInd 01 and 02). */
export type SeriesTerms = {
  /** recurringExpiry: the last day, YYYYMMDD. */
  readonly until?: string | undefined
  /** [2.3.1] Of each payment, where it is another than that of the first. */
  readonly each?: Money | undefined
}

/** What is asked for now. */
export type Claim = Money & {
  readonly threeRIInd?: string | undefined
  /** YYYYMMDD. */
  readonly today?: string | undefined
}

/** An earlier transaction in which the cardholder was asked. */
export type Prior = Money & {
  readonly series?: SeriesTerms | undefined
  readonly isOfSameCard: boolean
  /** How it ended: transStatus of its result. */
  readonly resultStatus: string | undefined
}

const isAmount = (text: string | undefined): text is string => text !== undefined && /^\d+$/.test(text)

/** Read as: what was agreed is the amount that was authenticated; every later payment is at most as much. */
function isWithinTerms(now: Money, then: Money): boolean {
  const sameMoney = now.purchaseCurrency === then.purchaseCurrency && now.purchaseExponent === then.purchaseExponent
  if (sameMoney && isAmount(now.purchaseAmount) && isAmount(then.purchaseAmount))
    return BigInt(now.purchaseAmount) <= BigInt(then.purchaseAmount)
  return now.issuerAmount !== undefined && then.issuerAmount !== undefined && now.issuerAmount <= then.issuerAmount
}

const isOfSeries = ({ threeRIInd }: Claim): boolean => threeRIInd === '01' || threeRIInd === '02'

/** A series has an end, and may have an amount of its own; whatever else is asked for builds on the one purchase. */
function isAgreed(now: Claim, prior: Prior): boolean {
  if (!isOfSeries(now)) return isWithinTerms(now, prior)
  const { until, each = prior } = prior.series ?? {}
  const isOver = until !== undefined && now.today !== undefined && now.today > until
  return !isOver && isWithinTerms(now, each)
}

/** A card of somebody else is as good as no reference: nobody learns that there was one. */
export function judgePrior(now: Claim, prior: Prior | undefined): PriorJudgement {
  if (prior === undefined || !prior.isOfSameCard) return 'unknown'
  if (prior.resultStatus !== 'Y') return 'notAuthenticated'
  return isAgreed(now, prior) ? 'good' : 'beyondTerms'
}

const order: readonly PriorJudgement[] = ['none', 'unknown', 'notAuthenticated', 'beyondTerms', 'good']

/** Of several references the one that says most. */
export const bestOf = (judgements: readonly PriorJudgement[]): PriorJudgement =>
  judgements.reduce((best, one) => (order.indexOf(one) > order.indexOf(best) ? one : best), 'none')
