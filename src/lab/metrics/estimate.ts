/** Values with their denominators, intervals and reasons. */

import { withoutSpread } from './cluster.ts'
import type { Collected } from './collect.ts'
import { type Drawn, eceOf, percentiles, tprKeys } from './draw.ts'
import type { Ordered } from './order.ts'
import { falsePositiveRates, rankingOf } from './ranks.ts'
import { level } from './resample.ts'
import { hitsOf } from './top-list.ts'
import {
  blocks,
  challengedGenuineOf,
  dense,
  type FormulaKey,
  formulas,
  fraud,
  genuineOf,
  rare,
  type Sides,
  scoredFraudOf,
  scoredGenuineOf,
} from './totals.ts'
import {
  calibrationKeys,
  type Denominator,
  type Estimate,
  type EstimateKey,
  estimateKeys,
  type MeasureOptions,
  rankingKeys,
  type WhyNot,
} from './types.ts'

type OfEstimate = Exclude<Denominator, 'decidedPattern' | 'decidedPatternAmount'>
export const denominators: Readonly<Record<EstimateKey, OfEstimate>> = {
  frictionless: 'decided',
  frictionlessY: 'decided',
  frictionlessA: 'decided',
  frictionlessI: 'decided',
  challenge: 'decided',
  challengeC: 'decided',
  challengeD: 'decided',
  challengeS: 'decided',
  decline: 'decided',
  declineN: 'decided',
  declineR: 'decided',
  completion: 'decided',
  genuineFlagged: 'decidedGenuine',
  genuineLost: 'decidedGenuine',
  genuineLostAmount: 'decidedGenuineAmount',
  challengePassedGenuine: 'challengedGenuine',
  challengeAbandonedGenuine: 'challengedGenuine',
  fraudCaught: 'decidedFraud',
  fraudCaughtAmount: 'decidedFraudAmount',
  fraudStopped: 'decidedFraud',
  fraudStoppedAmount: 'decidedFraudAmount',
  falsePositiveRatio: 'fraudFlagged',
  fraudBpsBefore: 'decidedAmount',
  fraudBpsAfter: 'approvedAmount',
  cost: 'none',
  costPerEvent: 'decided',
  savings: 'costOfPassingAll',
  auc: 'scoredPairs',
  averagePrecision: 'scoredFraud',
  tprAtFpr01: 'scoredFraud',
  tprAtFpr1: 'scoredFraud',
  tprAtFpr5: 'scoredFraud',
  tprAtFpr10: 'scoredFraud',
  ks: 'scored',
  precisionAtK: 'kPerDay',
  cardPrecisionAtK: 'kPerDay',
  brier: 'scored',
  logLoss: 'scored',
  ece: 'scored',
}
const noneThere: Readonly<Record<OfEstimate, WhyNot>> = {
  decided: 'noEvents',
  decidedGenuine: 'noGenuine',
  decidedFraud: 'noFraud',
  challengedGenuine: 'noEvents',
  decidedGenuineAmount: 'noAmounts',
  decidedFraudAmount: 'noAmounts',
  approvedAmount: 'nothingApproved',
  decidedAmount: 'noAmounts',
  fraudFlagged: 'noFraudFlagged',
  costOfPassingAll: 'noCost',
  scored: 'noScores',
  scoredPairs: 'noScores',
  scoredFraud: 'noFraud',
  kPerDay: 'noScores',
  none: 'noPrices',
}
/** What needs no truth. */
const withoutTruth: ReadonlySet<EstimateKey> = new Set<EstimateKey>([
  'frictionless',
  'frictionlessY',
  'frictionlessA',
  'frictionlessI',
  'challenge',
  'challengeC',
  'challengeD',
  'challengeS',
  'decline',
  'declineN',
  'declineR',
  'completion',
])
/** Shares of events: where nothing or everything was hit, cards as trials still say something. */
const shares: ReadonlySet<EstimateKey> = new Set<EstimateKey>([
  ...withoutTruth,
  'genuineFlagged',
  'genuineLost',
  'challengePassedGenuine',
  'challengeAbandonedGenuine',
  'fraudCaught',
  'fraudStopped',
])
const ofScores: ReadonlySet<EstimateKey> = new Set<EstimateKey>([...rankingKeys, ...calibrationKeys])

/** Cards with a part in each denominator. */
export function cardsOf(collected: Collected): Readonly<Record<OfEstimate, number>> {
  const [all, , frauds, rares] = collected.tables as Collected['tables'] & { length: 4 }
  let genuine = 0
  let challenged = 0
  if (all === undefined || frauds === undefined || rares === undefined) throw new TypeError('no tables')
  const totals = new Float64Array(collected.totals.length)
  for (let row = 0; row < all.rows; row++) {
    const card = all.cards[row] as number
    totals[dense.decided] = all.data[row * all.width] as number
    totals[dense.challenged] = all.data[row * all.width + dense.challenged] as number
    totals[fraud.events] = frauds.valueOf(card, 0)
    totals[fraud.challenged] = frauds.valueOf(card, fraud.challenged - blocks[2].at)
    totals[rare.untold] = rares.valueOf(card, rare.untold - blocks[3].at)
    totals[rare.untoldChallenged] = rares.valueOf(card, rare.untoldChallenged - blocks[3].at)
    if (genuineOf(totals) > 0) genuine++
    if (challengedGenuineOf(totals) > 0) challenged++
  }
  const decided = all.rows
  const caught = frauds.cardsWith(fraud.caught - blocks[2].at)
  return {
    decided,
    decidedGenuine: genuine,
    decidedGenuineAmount: genuine,
    challengedGenuine: challenged,
    decidedFraud: frauds.rows,
    decidedFraudAmount: frauds.rows,
    costOfPassingAll: frauds.rows,
    scoredFraud: frauds.rows,
    fraudFlagged: caught,
    approvedAmount: decided,
    decidedAmount: decided,
    scored: decided,
    scoredPairs: decided,
    kPerDay: decided,
    none: decided,
  }
}

/** Why a value cannot be told, before anything is computed. */
function refusal(key: EstimateKey, collected: Collected, options: MeasureOptions): WhyNot | undefined {
  const { totals } = collected
  if (options.mode === 'scores' && !ofScores.has(key) && key !== 'fraudBpsBefore') return 'noDecisions'
  if ((totals[dense.decided] as number) === 0) return 'noEvents'
  if (!withoutTruth.has(key) && totals[rare.untold] === totals[dense.decided]) return 'noTruth'
  if (options.prices === undefined && (key === 'cost' || key === 'costPerEvent' || key === 'savings')) return 'noPrices'
  if (options.scale === 'rank' && (calibrationKeys as readonly string[]).includes(key)) return 'notProbability'
  return undefined
}

type Point = {
  readonly value: number | null
  readonly numerator: number | null
  readonly n: number
  readonly why?: WhyNot
}

function pointOf(key: FormulaKey, collected: Collected, options: MeasureOptions): Point {
  const sides: Sides = { over: 0, under: 0, factor: 1 }
  formulas[key](collected.totals, options.prices, sides)
  if (!(sides.under > 0)) {
    const denominator = denominators[key]
    const hasFraud = (collected.totals[fraud.events] as number) > 0
    const ofFraud =
      denominator === 'decidedFraudAmount' || denominator === 'fraudFlagged' || denominator === 'costOfPassingAll'
    return { value: null, numerator: null, n: 0, why: ofFraud && !hasFraud ? 'noFraud' : noneThere[denominator] }
  }
  // A sum has nothing below the line: what it is over is told all the same.
  const n = denominators[key] === 'none' ? (collected.totals[dense.decided] as number) : sides.under
  return { value: (sides.factor * sides.over) / sides.under, numerator: sides.over, n }
}

function rankingPoints(collected: Collected, ordered: Ordered, options: MeasureOptions): Map<EstimateKey, Point> {
  const points = new Map<EstimateKey, Point>()
  const genuine = ordered.genuine
  const frauds = ordered.frauds.total
  const values = { auc: 0, averagePrecision: 0, ks: 0, tprAt: new Float64Array(falsePositiveRates.length) }
  const isThere = rankingOf(ordered.frauds.frauds, ordered.bySegment, genuine, values)
  const why: WhyNot = genuine + frauds === 0 ? 'noScores' : frauds === 0 ? 'noFraud' : 'noGenuine'
  const put = (key: EstimateKey, value: number, n: number, numerator: number | null): void => {
    points.set(key, isThere ? { value, numerator, n } : { value: null, numerator: null, n: 0, why })
  }
  put('auc', values.auc, genuine * frauds, null)
  put('averagePrecision', values.averagePrecision, frauds, null)
  put('ks', values.ks, genuine + frauds, null)
  tprKeys.forEach((key, q) => {
    put(key, values.tprAt[q] as number, frauds, Math.round((values.tprAt[q] as number) * frauds))
  })
  const k = options.k ?? 100
  const slots = k * ordered.days.length
  let events = 0
  let cards = 0
  for (const day of ordered.days) {
    events += hitsOf(day.events, k)
    cards += hitsOf(day.cards, k)
  }
  for (const [key, hits] of [
    ['precisionAtK', events],
    ['cardPrecisionAtK', cards],
  ] as const)
    points.set(
      key,
      slots === 0 || frauds === 0
        ? { value: null, numerator: null, n: 0, why }
        : { value: hits / slots, numerator: hits, n: slots },
    )
  const scored = scoredGenuineOf(collected.totals) + scoredFraudOf(collected.totals)
  const gaps = eceOf(collected)
  points.set(
    'ece',
    scored === 0
      ? { value: null, numerator: null, n: 0, why: 'noScores' }
      : { value: gaps / scored, numerator: gaps, n: scored },
  )
  return points
}

/** A share of events may say what cards leave open; anything else says nothing where no resample differs. */
export function withInterval(
  point: Point,
  draws: Float64Array | undefined,
  about: { readonly denominator: Denominator; readonly cards: number; readonly isShare: boolean },
): Estimate {
  const { denominator, cards, isShare } = about
  const { value, numerator, n } = point
  const whole = { value, numerator, n, denominator, cards }
  if (value === null) return { ...whole, interval: null, why: point.why ?? 'noEvents' }
  if (cards < 2) return { ...whole, interval: null, why: 'fewCards' }
  const found = draws === undefined ? null : percentiles(draws)
  if (found === null) return { ...whole, interval: null, why: 'fewDraws' }
  if (found.low === found.high)
    return { ...whole, ...(isShare ? withoutSpread(value, cards) : ({ interval: null, why: 'noSpread' } as const)) }
  return {
    ...whole,
    interval: { low: found.low, high: found.high, level, method: 'cardBootstrap', draws: found.draws },
  }
}

export function estimatesOf(
  collected: Collected,
  ordered: Ordered,
  drawn: Drawn,
  options: MeasureOptions,
): Readonly<Record<EstimateKey, Estimate>> {
  const cards = cardsOf(collected)
  const ranking = rankingPoints(collected, ordered, options)
  const estimate = (key: EstimateKey): Estimate => {
    const denominator = denominators[key]
    const refused = refusal(key, collected, options)
    if (refused !== undefined)
      return { value: null, numerator: null, n: 0, denominator, cards: 0, interval: null, why: refused }
    const point = ranking.get(key) ?? pointOf(key as FormulaKey, collected, options)
    return withInterval(point, drawn.draws.byKey[key], {
      denominator,
      cards: cards[denominator],
      isShare: shares.has(key),
    })
  }
  return Object.fromEntries(estimateKeys.map((key) => [key, estimate(key)])) as Record<EstimateKey, Estimate>
}

/** The rates that sums by card give, without intervals; null where there is none. */
export type Rates = Readonly<Record<FormulaKey, { readonly value: number | null; readonly n: number }>>
export function ratesFrom(collected: Collected, options: MeasureOptions): Rates {
  const rates = Object.keys(formulas).map((name) => {
    const key = name as FormulaKey
    const refused = refusal(key, collected, options)
    const { value, n } = refused === undefined ? pointOf(key, collected, options) : { value: null, n: 0 }
    return [key, { value, n }]
  })
  return Object.fromEntries(rates) as Rates
}
