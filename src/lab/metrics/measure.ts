/** One variant's decisions against the truth of the stream: two passes, then the resamples. docs/lab-statistics.md. */
import { challengeEnds, type DecisionPart } from '../run/decisions.ts'
import { collect } from './collect.ts'
import { costCurvesOf, cutsOf, histogramOf, rankingCurves, reliabilityOf } from './curves.ts'
import { attacksOf, dailyOf, slicesOf } from './cuts-by.ts'
import { LocalDays } from './day.ts'
import { type Draws, drawAll, type Sample } from './draw.ts'
import { cardsOf, estimatesOf, type Rates, ratesFrom } from './estimate.ts'
import type { Ground } from './ground.ts'
import { manifestOf } from './merchants.ts'
import { order } from './order.ts'
import { driftOf } from './psi.ts'
import { defaultDraws, level } from './resample.ts'
import { costOf, dense, fraud, genuineOf } from './totals.ts'
import { lastWindowOf, traOf } from './tra.ts'
import type { MeasureOptions, Metrics, Population } from './types.ts'

/** `draws` are what a comparison pairs; they are no part of what is printed. */
export type Estimated = { readonly estimates: Metrics['estimates']; readonly draws: Draws }
export type Measured = { readonly metrics: Metrics; readonly draws: Draws; readonly options: MeasureOptions }
/** Reads the decisions anew each time it is called. */
export type ReadDecisions = () => AsyncIterable<DecisionPart>

const defaultZone = 'Asia/Tokyo'
const mapping = {
  frictionless: ['Y', 'A', 'I'],
  challenge: ['C', 'D', 'S'],
  decline: ['N', 'R'],
  apart: ['U', 'E'],
} as const

/** In closed loop attackers go on with cards that were last seen before the measured period. */
const resampledCards = (ground: Ground, { mode }: MeasureOptions): number =>
  mode === 'closedLoop' ? ground.allCards : ground.cards

/** @throws MeasureError where the decisions do not fit the stream */
export async function measure(ground: Ground, decisions: ReadDecisions, options: MeasureOptions): Promise<Measured> {
  const k = options.k ?? 100
  const days = new LocalDays(options.timeZone ?? defaultZone)
  const collected = await collect(ground, decisions(), options, days)
  const ordered = await order(ground, decisions(), collected, options, days)
  const cards = resampledCards(ground, options)
  const [drawn] = drawAll([{ collected, ordered, cards, lastWindow: lastWindowOf(collected), options }])
  if (drawn === undefined) throw new TypeError('nothing was drawn')
  const firstDay = days.dayOf(ground.meta.measuredFrom)
  const lastDay = collected.days.at(-1)?.day ?? firstDay
  const isDecided = options.mode !== 'scores'
  const isTold = ground.hasTruth
  const period = { firstDay, lastDay, currency: options.currency ?? 'JPY', isTold }
  const { statuses, ends, totals, scores } = collected
  const metrics: Metrics = {
    variant: options.variant,
    mode: options.mode,
    population: populationOf(ground, collected, options),
    mapping,
    statuses: isDecided ? countsByStatus(statuses) : {},
    challengeEnds: isDecided
      ? Object.fromEntries(challengeEnds.flatMap((end, index) => (index === 0 ? [] : [[end, ends[index] as number]])))
      : {},
    bootstrap: {
      draws: options.draws ?? defaultDraws,
      seed: options.seed,
      level,
      weights: 'multinomial',
      cards,
    },
    k,
    estimates: estimatesOf(collected, ordered, drawn, options),
    cost:
      options.prices === undefined || !isDecided || !isTold
        ? null
        : { prices: options.prices, ...costOf(totals, options.prices) },
    costCurves: options.prices === undefined || !isDecided || !isTold ? [] : costCurvesOf(collected, options.prices),
    tra: traOf(collected, firstDay, drawn.tra, cardsOf(collected).approvedAmount, isTold && isDecided),
    manifestMerchants: manifestOf(collected, ground.merchants, { ...period, isTold: isTold && isDecided }),
    psi: driftOf(scores.firstHalf, scores.secondHalf, collected.halfFrom - firstDay),
    ...rankingCurves(ordered),
    cuts: cutsOf(collected, ordered, drawn, options.prices),
    histogram: histogramOf(ordered),
    reliability: options.scale === 'rank' ? [] : reliabilityOf(collected),
    daily: dailyOf(collected, ordered, k, isDecided),
    attacks: attacksOf(collected, drawn, ground.kinds, isDecided),
    slices: slicesOf(ground, collected, isDecided),
  }
  return { metrics, draws: drawn.draws, options }
}

export type EstimateSide = { readonly decisions: ReadDecisions; readonly options: MeasureOptions }

/** Estimates alone, with their draws: for a part of the events that two variants are compared on. All have the same seed. */
export async function measureEstimates(ground: Ground, sides: readonly EstimateSide[]): Promise<readonly Estimated[]> {
  const scope = 'estimates'
  const samples: Sample[] = []
  for (const { decisions, options } of sides) {
    const days = new LocalDays(options.timeZone ?? defaultZone)
    const collected = await collect(ground, decisions(), options, days, scope)
    const ordered = await order(ground, decisions(), collected, options, days, { scope })
    const cards = resampledCards(ground, options)
    samples.push({ collected, ordered, cards, lastWindow: lastWindowOf(collected), options, scope })
  }
  return drawAll(samples).flatMap((drawn, index) => {
    const sample = samples[index]
    if (sample === undefined) return []
    const { collected, ordered, options } = sample
    return [{ estimates: estimatesOf(collected, ordered, drawn, options), draws: drawn.draws }]
  })
}

/** Rates alone, without intervals and in one pass: for what is tried many times, such as moving thresholds. */
export async function measureRates(ground: Ground, decisions: ReadDecisions, options: MeasureOptions): Promise<Rates> {
  const days = new LocalDays(options.timeZone ?? defaultZone)
  return ratesFrom(await collect(ground, decisions(), options, days), options)
}

const countsByStatus = (statuses: Float64Array): Readonly<Record<string, number>> =>
  Object.fromEntries(
    ['Y', 'A', 'I', 'C', 'D', 'S', 'N', 'R', 'U', 'E'].map((code) => [code, statuses[code.charCodeAt(0)] as number]),
  )

function populationOf(
  ground: Ground,
  collected: Awaited<ReturnType<typeof collect>>,
  options: MeasureOptions,
): Population {
  const { counts, totals, tables, days } = collected
  const decided = totals[dense.decided] as number
  const frauds = totals[fraud.events] as number
  const genuine = genuineOf(totals)
  return {
    from: ground.meta.measuredFrom,
    to: counts.to,
    timeZone: options.timeZone ?? defaultZone,
    days: days.length,
    events: counts.events,
    attempts: counts.attempts,
    notMade: counts.notMade,
    decided,
    u: counts.u,
    erro: counts.erro,
    genuine,
    fraud: frauds,
    fraudRate: genuine + frauds > 0 ? frauds / (genuine + frauds) : null,
    cards: tables[0]?.rows ?? 0,
    fraudCards: tables[2]?.rows ?? 0,
    withoutAmount: counts.withoutAmount,
    withoutScore: counts.withoutScore,
    withoutTruth: counts.withoutTruth,
    amount: totals[dense.amount] as number,
    fraudAmount: totals[fraud.amount] as number,
    currency: options.currency ?? 'JPY',
  }
}
