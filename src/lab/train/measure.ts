/** How good a model's scores are on events that it did not see, with intervals from resamples of whole cards (docs/lab-statistics.md). */
import { quantileOf } from '../metrics/numbers.ts'
import { FraudScores, falsePositiveRates, rankingOf } from '../metrics/ranks.ts'
import { level, resample } from '../metrics/resample.ts'

/** Places of `values` below, in this order. */
export const cardMetrics = ['auc', 'averagePrecision', 'ks', 'tprAtFpr1', 'brier', 'logLoss', 'ece'] as const
export type CardMetric = (typeof cardMetrics)[number]

export type Measured = {
  readonly value: number
  /** Percentiles of the resamples; null where too few of them had both classes. */
  readonly low: number | null
  readonly high: number | null
}
export type Quality = {
  readonly n: number
  readonly frauds: number
  readonly cards: number
  readonly draws: number
  readonly level: number
  readonly metrics: Readonly<Record<CardMetric, Measured>>
}

export type Scored = {
  /** Log-odds; the higher, the riskier. */
  readonly scores: Float64Array
  readonly y: Uint8Array
  /** Number of the card of each event. */
  readonly card: Uint32Array
}

const bins = 10
const clip = 1e-15

/** Sums that any weights of the cards can be applied to. */
class Sums {
  readonly #frauds: FraudScores
  readonly #segment: Int32Array
  readonly #probability: Float64Array
  readonly #loss: Float64Array
  readonly #y: Uint8Array
  readonly #card: Uint32Array
  constructor({ scores, y, card }: Scored) {
    this.#y = y
    this.#card = card
    this.#frauds = new FraudScores(scores.filter((_, i) => y[i] === 1))
    this.#segment = Int32Array.from(scores, (score) => this.#frauds.segmentOf(score))
    this.#probability = scores.map((score) => 1 / (1 + Math.exp(-score)))
    this.#loss = this.#probability.map((p, i) => {
      const held = Math.min(Math.max(p, clip), 1 - clip)
      return y[i] === 1 ? -Math.log(held) : -Math.log(1 - held)
    })
  }

  /** In the order of `cardMetrics`; NaN where a class is empty. */
  at(weightOf: (card: number) => number, into: Float64Array): Float64Array {
    const byFraud = new Float64Array(this.#frauds.distinct.length)
    const bySegment = new Float64Array(this.#frauds.segments)
    const counts = new Float64Array(bins)
    const said = new Float64Array(bins)
    const was = new Float64Array(bins)
    let [n, genuine, brier, loss] = [0, 0, 0, 0]
    for (let i = 0; i < this.#y.length; i++) {
      const weight = weightOf(this.#card[i] as number)
      if (weight === 0) continue
      const segment = this.#segment[i] as number
      const label = this.#y[i] as number
      const p = this.#probability[i] as number
      n += weight
      if (label === 1) byFraud[segment >> 1] = (byFraud[segment >> 1] as number) + weight
      else {
        bySegment[segment] = (bySegment[segment] as number) + weight
        genuine += weight
      }
      brier += weight * (p - label) ** 2
      loss += weight * (this.#loss[i] as number)
      const bin = Math.min(Math.floor(bins * p), bins - 1)
      counts[bin] = (counts[bin] as number) + weight
      said[bin] = (said[bin] as number) + weight * p
      was[bin] = (was[bin] as number) + weight * label
    }
    const ranking = {
      auc: Number.NaN,
      averagePrecision: Number.NaN,
      ks: Number.NaN,
      tprAt: new Float64Array(falsePositiveRates.length),
    }
    if (!rankingOf(byFraud, bySegment, genuine, ranking)) return into.fill(Number.NaN)
    let ece = 0
    for (let bin = 0; bin < bins; bin++) ece += Math.abs((said[bin] as number) - (was[bin] as number)) / n
    const tpr = ranking.tprAt[falsePositiveRates.indexOf(0.01)] as number
    into.set([ranking.auc, ranking.averagePrecision, ranking.ks, tpr, brier / n, loss / n, ece])
    return into
  }
}

/** `seed`: of the resamples. */
export function qualityOf(scored: Scored, seed: string, draws: number): Quality {
  const sums = new Sums(scored)
  const values = sums.at(() => 1, new Float64Array(cardMetrics.length))
  // Cards of these events only, numbered anew.
  const numbers = new Map<number, number>()
  for (const card of scored.card) if (!numbers.has(card)) numbers.set(card, numbers.size)
  const dense = new Sums({ ...scored, card: scored.card.map((card) => numbers.get(card) ?? 0) })
  const weights = new Uint16Array(numbers.size)
  const drawn = cardMetrics.map((): number[] => [])
  const own = new Float64Array(cardMetrics.length)
  for (let draw = 0; draw < draws; draw++) {
    resample(seed, draw, weights)
    dense.at((card) => weights[card] as number, own)
    for (let k = 0; k < own.length; k++) if (!Number.isNaN(own[k])) drawn[k]?.push(own[k] as number)
  }
  const metrics = Object.fromEntries(
    cardMetrics.map((metric, k) => {
      const sorted = Float64Array.from(drawn[k] ?? []).sort()
      const isEnough = sorted.length >= 0.99 * draws && sorted.length > 1
      const at = (q: number): number | null => (isEnough ? quantileOf(sorted, q) : null)
      return [metric, { value: values[k] as number, low: at((1 - level) / 2), high: at((1 + level) / 2) }]
    }),
  ) as Record<CardMetric, Measured>
  const frauds = scored.y.reduce((sum, label) => sum + label, 0)
  return { n: scored.y.length, frauds, cards: numbers.size, draws, level, metrics }
}

/** Of events in ten parts of equal size by their score: what was said, and what was. */
export type Tenth = { readonly n: number; readonly said: number; readonly frauds: number }
export function tenthsOf({ scores, y }: Pick<Scored, 'scores' | 'y'>): readonly Tenth[] {
  const order = Uint32Array.from(scores, (_, i) => i).sort(
    (a, b) => (scores[a] as number) - (scores[b] as number) || a - b,
  )
  return Array.from({ length: bins }, (_, part) => {
    const own = order.subarray(Math.floor((part * order.length) / bins), Math.floor(((part + 1) * order.length) / bins))
    let said = 0
    let frauds = 0
    for (const i of own) {
      said += 1 / (1 + Math.exp(-(scores[i] as number)))
      frauds += y[i] as number
    }
    return { n: own.length, said: own.length === 0 ? 0 : said / own.length, frauds }
  })
}
