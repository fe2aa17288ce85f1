/**
 * The sums that every rate is made of, and the rates from them: the same formulas give the value and each resample. Columns that few cards
 * have lie in tables of their own, so that a resample touches them only there.
 */
import type { EstimateKey, Prices } from './types.ts'

/** Of all cards. Amounts are minor units; rows without an amount add 0 to them. */
export const dense = { decided: 0, challenged: 1, amount: 2, brier: 3, logLoss: 4 } as const
/** Of cards that something was lost with. Not approved: declined, or challenged and not passed. */
export const lost = {
  declined: 5,
  notApproved: 6,
  notApprovedAmount: 7,
  genuineLost: 8,
  genuineLostAmount: 9,
  genuineNotPassed: 10,
  genuineAbandoned: 11,
} as const
export const fraud = {
  events: 12,
  amount: 13,
  caught: 14,
  caughtAmount: 15,
  stopped: 16,
  stoppedAmount: 17,
  challenged: 18,
} as const
/** Of events whose truth was not told: taken out where a class is meant. */
export const rare = {
  a: 19,
  i: 20,
  d: 21,
  s: 22,
  r: 23,
  unscoredGenuine: 24,
  unscoredFraud: 25,
  untold: 26,
  untoldChallenged: 27,
  untoldFlagged: 28,
  untoldAmount: 29,
} as const
export const blocks = [
  { at: dense.decided, width: 5 },
  { at: lost.declined, width: 7 },
  { at: fraud.events, width: 7 },
  { at: rare.a, width: 11 },
] as const
export const totalColumns = 30

export type Totals = Float64Array
const of = (totals: Totals, column: number): number => totals[column] as number

export const genuineOf = (t: Totals): number => of(t, dense.decided) - of(t, fraud.events) - of(t, rare.untold)
const flaggedGenuineOf = (t: Totals): number =>
  of(t, dense.challenged) + of(t, lost.declined) - of(t, fraud.caught) - of(t, rare.untoldFlagged)
export const challengedGenuineOf = (t: Totals): number =>
  of(t, dense.challenged) - of(t, fraud.challenged) - of(t, rare.untoldChallenged)
const genuineAmountOf = (t: Totals): number => of(t, dense.amount) - of(t, fraud.amount) - of(t, rare.untoldAmount)
const approvedAmountOf = (t: Totals): number => of(t, dense.amount) - of(t, lost.notApprovedAmount)
const approvedFraudAmountOf = (t: Totals): number => of(t, fraud.amount) - of(t, fraud.stoppedAmount)
const frictionlessOf = (t: Totals): number => of(t, dense.decided) - of(t, dense.challenged) - of(t, lost.declined)
/** Scored, and with a truth that was told. */
export const scoredGenuineOf = (t: Totals): number => genuineOf(t) - of(t, rare.unscoredGenuine)
export const scoredFraudOf = (t: Totals): number => of(t, fraud.events) - of(t, rare.unscoredFraud)

export type CostParts = {
  readonly fraudLoss: number
  readonly challenges: number
  readonly lostMargin: number
  readonly reviews: number
  readonly total: number
  readonly passingAll: number
}
export function costOf(t: Totals, prices: Prices): CostParts {
  const fraudLoss = approvedFraudAmountOf(t) * prices.lossShare
  const challenges = of(t, dense.challenged) * prices.challenge
  const lostMargin = of(t, lost.genuineLostAmount) * prices.margin
  const reviews = of(t, lost.declined) * prices.review
  const total = fraudLoss + challenges + lostMargin + reviews
  return { fraudLoss, challenges, lostMargin, reviews, total, passingAll: of(t, fraud.amount) * prices.lossShare }
}

/** A ratio's two sides; what is not a ratio has 1 below. */
export type Sides = { over: number; under: number; factor: number }
type Formula = (t: Totals, prices: Prices | undefined, sides: Sides) => void
const ratio =
  (over: (t: Totals) => number, under: (t: Totals) => number, factor = 1): Formula =>
  (t, _, sides) => {
    sides.over = over(t)
    sides.under = under(t)
    sides.factor = factor
  }
const column =
  (index: number) =>
  (t: Totals): number =>
    of(t, index)
const decided = column(dense.decided)
const fraudEvents = column(fraud.events)
const fraudAmount = column(fraud.amount)
const scored = (t: Totals): number => scoredGenuineOf(t) + scoredFraudOf(t)

/** Every estimate that comes from sums by card alone. Ranking, ECE and precision@k need the order of events. */
export const formulas = {
  frictionless: ratio(frictionlessOf, decided),
  frictionlessY: ratio((t) => frictionlessOf(t) - of(t, rare.a) - of(t, rare.i), decided),
  frictionlessA: ratio(column(rare.a), decided),
  frictionlessI: ratio(column(rare.i), decided),
  challenge: ratio(column(dense.challenged), decided),
  challengeC: ratio((t) => of(t, dense.challenged) - of(t, rare.d) - of(t, rare.s), decided),
  challengeD: ratio(column(rare.d), decided),
  challengeS: ratio(column(rare.s), decided),
  decline: ratio(column(lost.declined), decided),
  declineN: ratio((t) => of(t, lost.declined) - of(t, rare.r), decided),
  declineR: ratio(column(rare.r), decided),
  completion: ratio((t) => of(t, dense.decided) - of(t, lost.notApproved), decided),
  genuineFlagged: ratio(flaggedGenuineOf, genuineOf),
  genuineLost: ratio(column(lost.genuineLost), genuineOf),
  genuineLostAmount: ratio(column(lost.genuineLostAmount), genuineAmountOf),
  challengePassedGenuine: ratio((t) => challengedGenuineOf(t) - of(t, lost.genuineNotPassed), challengedGenuineOf),
  challengeAbandonedGenuine: ratio(column(lost.genuineAbandoned), challengedGenuineOf),
  fraudCaught: ratio(column(fraud.caught), fraudEvents),
  fraudCaughtAmount: ratio(column(fraud.caughtAmount), fraudAmount),
  fraudStopped: ratio(column(fraud.stopped), fraudEvents),
  fraudStoppedAmount: ratio(column(fraud.stoppedAmount), fraudAmount),
  falsePositiveRatio: ratio(flaggedGenuineOf, column(fraud.caught)),
  fraudBpsBefore: ratio(fraudAmount, column(dense.amount), 10_000),
  fraudBpsAfter: ratio(approvedFraudAmountOf, approvedAmountOf, 10_000),
  cost: (t, prices, sides) => {
    sides.over = prices === undefined ? Number.NaN : costOf(t, prices).total
    sides.under = 1
    sides.factor = 1
  },
  costPerEvent: (t, prices, sides) => {
    sides.over = prices === undefined ? Number.NaN : costOf(t, prices).total
    sides.under = decided(t)
    sides.factor = 1
  },
  savings: (t, prices, sides) => {
    const cost = prices === undefined ? undefined : costOf(t, prices)
    sides.over = cost === undefined ? Number.NaN : cost.passingAll - cost.total
    sides.under = cost === undefined ? Number.NaN : cost.passingAll
    sides.factor = 1
  },
  brier: ratio(column(dense.brier), scored),
  logLoss: ratio(column(dense.logLoss), scored),
} as const satisfies Partial<Record<EstimateKey, Formula>>
export type FormulaKey = keyof typeof formulas
export const formulaKeys = Object.keys(formulas) as readonly FormulaKey[]
