/** Everything again under resamples of cards: values of every estimate by draw, and bands. Definitions: paired bootstrap. */

import type { CardTable } from './card-table.ts'
import type { Collected, Scope } from './collect.ts'
import { FrozenTable, lanes, type Weights } from './frozen.ts'
import { quantileIn } from './numbers.ts'
import type { Ordered } from './order.ts'
import { falsePositiveRates, rankingOf } from './ranks.ts'
import { defaultDraws, level, Resampler } from './resample.ts'
import { hitsOf } from './top-list.ts'
import {
  blocks,
  dense,
  type FormulaKey,
  formulaKeys,
  formulas,
  type Sides,
  scoredFraudOf,
  scoredGenuineOf,
  totalColumns,
} from './totals.ts'
import type { Band, EstimateKey, MeasureOptions } from './types.ts'

/** By key, a value for each draw; NaN where it has none. Two policies are compared draw by draw. */
export type Draws = {
  readonly count: number
  readonly seed: string
  readonly cards: number
  readonly byKey: Readonly<Partial<Record<EstimateKey, Float64Array>>>
}

/** Shares of one kind of attack by draw: caught, stopped, by count and by amount. */
type AttackDraws = {
  readonly caught: Float64Array
  readonly stopped: Float64Array
  readonly caughtAmount: Float64Array
  readonly stoppedAmount: Float64Array
}

export type CutBands = {
  readonly caught: Band
  readonly caughtAmount: Band
  readonly stopped: Band
  readonly stoppedAmount: Band
}

export type Drawn = {
  readonly draws: Draws
  /** By kind. */
  readonly attacks: ReadonlyMap<number, AttackDraws>
  /** By edge of the cuts. */
  readonly cuts: readonly CutBands[]
  /** Fraud bps of the last window. */
  readonly tra: Float64Array
}

export const tprKeys = ['tprAtFpr01', 'tprAtFpr1', 'tprAtFpr5', 'tprAtFpr10'] as const

/** Where the middle 95 % of the values lie; null where more than 5 % are missing. */
export function percentiles(
  values: Float64Array,
): { readonly low: number; readonly high: number; readonly draws: number } | null {
  const found = new Float64Array(values.length)
  let n = 0
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    if (!Number.isNaN(value)) found[n++] = value
  }
  const there = found.subarray(0, n)
  if (there.length === 0 || there.length < values.length * level) return null
  const tail = (1 - level) / 2
  return { low: quantileIn(there, tail), high: quantileIn(there, 1 - tail), draws: there.length }
}

const bandOf = (values: Float64Array): Band => {
  const found = percentiles(values)
  return found === null ? null : { low: found.low, high: found.high }
}

/** The last rolling window, for its interval: from a local day on. */
export type LastWindow = { readonly from: number; readonly approvedAmount: number }

export type Sample = {
  readonly collected: Collected
  readonly ordered: Ordered
  readonly cards: number
  readonly lastWindow: LastWindow
  readonly options: MeasureOptions
  readonly scope?: Scope
}

/** All samples under the same draws: those of two policies on one stream. They have the same seed and cards. */
export function drawAll(samples: readonly Sample[]): readonly Drawn[] {
  const [first] = samples
  if (first === undefined) return []
  const { cards, options } = first
  const count = options.draws ?? defaultDraws
  const sums = samples.map((sample) => new Drawing(sample))
  const resampler = new Resampler(options.seed)
  const weights = new Uint16Array(cards * lanes)
  for (let draw = 0; cards > 0 && draw < count; draw += lanes) {
    for (let lane = 0; lane < lanes; lane++) resampler.draw(draw + lane, weights, lanes, lane)
    for (const drawing of sums) drawing.draw(draw, Math.min(lanes, count - draw), weights)
  }
  return sums.map((drawing) => drawing.end())
}

/** One sample under its draws, some at a time. */
class Drawing {
  readonly #sample: Sample
  readonly #count: number
  readonly #k: number
  readonly #byFormula: readonly Float64Array[]
  readonly #ranking
  readonly #attacks: AttackSums | undefined
  readonly #cuts: CutSums | undefined
  readonly #tra: Float64Array
  readonly #tables: readonly { readonly at: number; readonly table: FrozenTable }[]
  readonly #gaps: readonly FrozenTable[]
  readonly #sums = new Float64Array(lanes * totalColumns)
  readonly #gapSums: Float64Array
  readonly #sides: Sides = { over: 0, under: 0, factor: 1 }
  readonly #ranks: WeightedRanks
  readonly #stolen: StolenSince
  constructor(sample: Sample) {
    const { collected, ordered, cards, lastWindow, options, scope = 'all' } = sample
    const count = options.draws ?? defaultDraws
    const nothing = (): Float64Array => new Float64Array(count).fill(Number.NaN)
    const isWhole = scope === 'all'
    this.#sample = sample
    this.#count = count
    this.#k = options.k ?? 100
    this.#byFormula = formulaKeys.map(nothing)
    this.#ranking = {
      auc: nothing(),
      averagePrecision: nothing(),
      ks: nothing(),
      tprAtFpr01: nothing(),
      tprAtFpr1: nothing(),
      tprAtFpr5: nothing(),
      tprAtFpr10: nothing(),
      precisionAtK: nothing(),
      cardPrecisionAtK: nothing(),
      ece: nothing(),
    }
    this.#attacks = isWhole ? new AttackSums(collected, count) : undefined
    this.#cuts = isWhole ? new CutSums(collected, ordered, count) : undefined
    this.#tra = nothing()
    this.#tables = blocks.map(({ at }, block) => ({
      at,
      table: new FrozenTable(collected.tables[block] as CardTable, cards),
    }))
    this.#gaps = collected.reliability.byCard.map((table) => new FrozenTable(table, cards))
    this.#gapSums = new Float64Array(lanes * this.#gaps.length)
    this.#ranks = new WeightedRanks(ordered)
    this.#stolen = new StolenSince(collected, lastWindow.from)
  }
  /** Draws `from` … of which `n` are wanted. */
  draw(from: number, n: number, weights: Weights): void {
    const gaps = this.#gaps
    this.#sums.fill(0)
    this.#gapSums.fill(0)
    for (const { at, table } of this.#tables) table.sums(weights, this.#sums, at, totalColumns)
    for (let bin = 0; bin < gaps.length; bin++)
      (gaps[bin] as FrozenTable).sums(weights, this.#gapSums, bin, gaps.length)
    this.#ranks.weigh(weights)
    for (let lane = 0; lane < n; lane++) this.#one(from + lane, lane, weights)
  }
  #one(draw: number, lane: number, weights: Weights): void {
    const { collected, ordered, lastWindow, options } = this.#sample
    const k = this.#k
    const sides = this.#sides
    const ranking = this.#ranking
    const totals = this.#sums.subarray(lane * totalColumns, (lane + 1) * totalColumns)
    for (let index = 0; index < formulaKeys.length; index++) {
      formulas[formulaKeys[index] as FormulaKey](totals, options.prices, sides)
      if (sides.under > 0) (this.#byFormula[index] as Float64Array)[draw] = (sides.factor * sides.over) / sides.under
    }
    if (this.#ranks.rank(lane, scoredGenuineOf(totals))) {
      const { values } = this.#ranks
      ranking.auc[draw] = values.auc
      ranking.averagePrecision[draw] = values.averagePrecision
      ranking.ks[draw] = values.ks
      tprKeys.forEach((key, q) => {
        ranking[key][draw] = values.tprAt[q] as number
      })
    }
    if (ordered.days.length > 0) {
      let events = 0
      let found = 0
      for (const day of ordered.days) {
        events += hitsOf(day.events, k, weights, lane)
        found += hitsOf(day.cards, k, weights, lane)
      }
      ranking.precisionAtK[draw] = events / (k * ordered.days.length)
      ranking.cardPrecisionAtK[draw] = found / (k * ordered.days.length)
    }
    const scored = scoredGenuineOf(totals) + scoredFraudOf(totals)
    if ((options.scale ?? 'logOdds') !== 'rank' && scored > 0) {
      const bins = this.#gaps.length
      let gap = 0
      for (let bin = 0; bin < bins; bin++) gap += Math.abs(this.#gapSums[lane * bins + bin] as number)
      ranking.ece[draw] = gap / scored
    }
    this.#attacks?.draw(draw, weights, lane)
    this.#cuts?.draw(draw, weights, lane)
    const share = (totals[dense.amount] as number) / (collected.totals[dense.amount] as number)
    const approved = lastWindow.approvedAmount * share
    if (approved > 0) this.#tra[draw] = (10_000 * this.#stolen.sum(weights, lane)) / approved
  }
  end(): Drawn {
    const { cards, options } = this.#sample
    const byKey: Partial<Record<EstimateKey, Float64Array>> = { ...this.#ranking }
    formulaKeys.forEach((key, index) => {
      byKey[key] = this.#byFormula[index] as Float64Array
    })
    return {
      draws: { count: this.#count, seed: options.seed, cards, byKey },
      attacks: this.#attacks?.shares ?? new Map(),
      cuts: this.#cuts?.bands() ?? [],
      tra: this.#tra,
    }
  }
}

/** Σ over bins of |Σ (p − y)|. */
export function eceOf({ reliability }: Collected): number {
  const sum = new Float64Array(1)
  let total = 0
  for (const table of reliability.byCard) {
    table.sums(sum, 0)
    total += Math.abs(sum[0] as number)
  }
  return total
}

/** Approved fraud from a day on. */
class StolenSince {
  readonly #card: Uint32Array
  readonly #amount: Float64Array
  constructor({ suspects }: Collected, from: number) {
    const { card, isFraud, stopped, amount, day } = suspects
    const rows: number[] = []
    for (let row = 0; row < card.length; row++)
      if (isFraud.values[row] === 1 && stopped.values[row] === 0 && (day.values[row] as number) >= from) rows.push(row)
    this.#card = Uint32Array.from(rows, (row) => card.values[row] as number)
    this.#amount = Float64Array.from(rows, (row) => amount.values[row] as number)
  }
  sum(weights: Weights, lane: number): number {
    let sum = 0
    for (let row = 0; row < this.#card.length; row++)
      sum += (weights[lanes * (this.#card[row] as number) + lane] as number) * (this.#amount[row] as number)
    return sum
  }
}

/** Ranking of weighted events: frauds and the genuine events of the highest scores by their cards' weights, the others by their share. */
class WeightedRanks {
  readonly values = { auc: 0, averagePrecision: 0, ks: 0, tprAt: new Float64Array(falsePositiveRates.length) }
  readonly #ordered: Ordered
  /** By draw. */
  readonly #frauds: readonly Float64Array[]
  readonly #segments: readonly Float64Array[]
  readonly #top = new Float64Array(lanes)
  readonly #deep: number
  constructor(ordered: Ordered) {
    this.#ordered = ordered
    this.#frauds = Array.from({ length: lanes }, () => new Float64Array(ordered.frauds.distinct.length))
    this.#segments = Array.from({ length: lanes }, () => new Float64Array(ordered.bySegment.length))
    this.#deep = ordered.genuine - ordered.topCards.length
  }
  weigh(weights: Weights): void {
    const { frauds, fraudCards, topCards, topEnds, deepFrom } = this.#ordered
    this.#frauds.forEach((weighed, lane) => {
      weighed.fill(0)
      for (let row = 0; row < fraudCards.length; row++) {
        const at = frauds.positionOf[row] as number
        weighed[at] = (weighed[at] as number) + (weights[lanes * (fraudCards[row] as number) + lane] as number)
      }
    })
    const [first, second, third, fourth] = this.#segments as [Float64Array, Float64Array, Float64Array, Float64Array]
    this.#top.fill(0)
    let place = 0
    for (let segment = 0; segment < deepFrom; segment++) {
      const end = topEnds[segment] as number
      let a = 0
      let b = 0
      let c = 0
      let d = 0
      while (place < end) {
        const at = lanes * (topCards[place++] as number)
        a += weights[at] as number
        b += weights[at + 1] as number
        c += weights[at + 2] as number
        d += weights[at + 3] as number
      }
      first[segment] = a
      second[segment] = b
      third[segment] = c
      fourth[segment] = d
      this.#top[0] = (this.#top[0] as number) + a
      this.#top[1] = (this.#top[1] as number) + b
      this.#top[2] = (this.#top[2] as number) + c
      this.#top[3] = (this.#top[3] as number) + d
    }
  }
  /** Of a draw that was weighed, with so many genuine events. */
  rank(lane: number, genuine: number): boolean {
    const { deepFrom, bySegment } = this.#ordered
    const segments = this.#segments[lane] as Float64Array
    const scale = this.#deep > 0 ? (genuine - (this.#top[lane] as number)) / this.#deep : 0
    for (let segment = deepFrom; segment < segments.length; segment++)
      segments[segment] = scale * (bySegment[segment] as number)
    return rankingOf(this.#frauds[lane] as Float64Array, segments, genuine, this.values)
  }
}

class AttackSums {
  readonly shares = new Map<number, AttackDraws>()
  readonly #card: Uint32Array
  readonly #kind: Uint32Array
  readonly #amount: Float64Array
  /** 1: caught, 2: stopped. */
  readonly #ends: Uint8Array
  readonly #sums: Float64Array
  readonly #byKind: readonly (readonly [kind: number, draws: AttackDraws])[]
  constructor({ suspects }: Collected, count: number) {
    const { card, kind, amount, caught, stopped } = suspects
    const kinds = [...new Set(kind.values)].sort((a, b) => a - b)
    for (const one of kinds) {
      const values = (): Float64Array => new Float64Array(count).fill(Number.NaN)
      this.shares.set(one, { caught: values(), stopped: values(), caughtAmount: values(), stoppedAmount: values() })
    }
    this.#byKind = [...this.shares]
    this.#card = Uint32Array.from(card.values)
    this.#kind = Uint32Array.from(kind.values)
    this.#amount = Float64Array.from(amount.values)
    this.#ends = Uint8Array.from(caught.values, (isCaught, row) => isCaught + 2 * (stopped.values[row] as number))
    this.#sums = new Float64Array(((kinds.at(-1) ?? 0) + 1) * 6)
  }
  draw(draw: number, weights: Weights, lane: number): void {
    const sums = this.#sums.fill(0)
    for (let row = 0; row < this.#card.length; row++) {
      const weight = weights[lanes * (this.#card[row] as number) + lane] as number
      if (weight === 0) continue
      const at = (this.#kind[row] as number) * 6
      const value = weight * (this.#amount[row] as number)
      const ends = this.#ends[row] as number
      sums[at] = (sums[at] as number) + weight
      sums[at + 1] = (sums[at + 1] as number) + value
      if ((ends & 1) !== 0) {
        sums[at + 2] = (sums[at + 2] as number) + weight
        sums[at + 3] = (sums[at + 3] as number) + value
      }
      if ((ends & 2) !== 0) {
        sums[at + 4] = (sums[at + 4] as number) + weight
        sums[at + 5] = (sums[at + 5] as number) + value
      }
    }
    for (let index = 0; index < this.#byKind.length; index++) {
      const pair = this.#byKind[index] as readonly [number, AttackDraws]
      const shares = pair[1]
      const at = pair[0] * 6
      const n = sums[at] as number
      const value = sums[at + 1] as number
      if (n > 0) {
        shares.caught[draw] = (sums[at + 2] as number) / n
        shares.stopped[draw] = (sums[at + 4] as number) / n
      }
      if (value > 0) {
        shares.caughtAmount[draw] = (sums[at + 3] as number) / value
        shares.stoppedAmount[draw] = (sums[at + 5] as number) / value
      }
    }
  }
}

/** Frauds at or above each edge of the cuts, by count and amount; stopped: those of them that would not pass. */
export class CutSums {
  readonly #rows: {
    readonly card: Uint32Array
    readonly bin: Uint16Array
    readonly amount: Float64Array
    readonly stops: Uint8Array
  }
  readonly #edges: number
  readonly #sums: Float64Array
  readonly #count: number
  /** By edge, by column, by draw. */
  readonly #draws: Float64Array
  constructor({ suspects }: Collected, { cuts }: Ordered, count: number) {
    const kept: number[] = []
    suspects.score.values.forEach((score, row) => {
      if (suspects.isFraud.values[row] === 1 && !Number.isNaN(score)) kept.push(row)
    })
    const { edges } = cuts
    const binOfScore = (score: number): number => {
      let bin = 0
      while (bin < edges.length && (edges[bin] as number) <= score) bin++
      return bin
    }
    this.#rows = {
      card: Uint32Array.from(kept, (row) => suspects.card.values[row] as number),
      bin: Uint16Array.from(kept, (row) => binOfScore(suspects.score.values[row] as number)),
      amount: Float64Array.from(kept, (row) => suspects.amount.values[row] as number),
      stops: Uint8Array.from(kept, (row) => (suspects.passes.values[row] === 0 ? 1 : 0)),
    }
    this.#edges = edges.length
    this.#sums = new Float64Array((edges.length + 1) * 4)
    this.#count = count
    this.#draws = new Float64Array(edges.length * 4 * count).fill(Number.NaN)
  }
  /** By edge: caught, caught amount, stopped, stopped amount; and of all, count and amount. */
  shares(
    weights?: Weights,
    lane = 0,
  ): { readonly byEdge: Float64Array; readonly count: number; readonly amount: number } {
    const { card, bin, amount, stops } = this.#rows
    const sums = this.#sums.fill(0)
    for (let row = 0; row < card.length; row++) {
      const weight = weights === undefined ? 1 : (weights[lanes * (card[row] as number) + lane] as number)
      if (weight === 0) continue
      const at = (bin[row] as number) * 4
      const value = weight * (amount[row] as number)
      sums[at] = (sums[at] as number) + weight
      sums[at + 1] = (sums[at + 1] as number) + value
      if (stops[row] === 0) continue
      sums[at + 2] = (sums[at + 2] as number) + weight
      sums[at + 3] = (sums[at + 3] as number) + value
    }
    // Bin e + 1 holds what is at or above edge e and below the next.
    for (let bin = this.#edges - 1; bin >= 0; bin--)
      for (let column = 0; column < 4; column++)
        sums[bin * 4 + column] = (sums[bin * 4 + column] as number) + (sums[(bin + 1) * 4 + column] as number)
    return { byEdge: sums.subarray(4), count: sums[0] as number, amount: sums[1] as number }
  }
  draw(draw: number, weights: Weights, lane: number): void {
    const { byEdge, count, amount } = this.shares(weights, lane)
    const draws = this.#draws
    for (let at = 0; at < this.#edges * 4; at++) {
      const whole = (at & 1) === 0 ? count : amount
      if (whole > 0) draws[at * this.#count + draw] = (byEdge[at] as number) / whole
    }
  }
  bands(): readonly CutBands[] {
    const band = (at: number): Band => bandOf(this.#draws.subarray(at * this.#count, (at + 1) * this.#count))
    return Array.from({ length: this.#edges }, (_, edge) => ({
      caught: band(edge * 4),
      caughtAmount: band(edge * 4 + 1),
      stopped: band(edge * 4 + 2),
      stoppedAmount: band(edge * 4 + 3),
    }))
  }
}
