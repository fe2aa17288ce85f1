/** Everything again under resamples of cards: values of every estimate by draw, and bands. Definitions: paired bootstrap. */

import type { CardTable } from './card-table.ts'
import type { Collected, Scope } from './collect.ts'
import { FrozenTable, inOneGo, type Weights } from './frozen.ts'
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

export function drawAll(
  collected: Collected,
  ordered: Ordered,
  cards: number,
  lastWindow: LastWindow,
  options: MeasureOptions,
  scope: Scope = 'all',
): Drawn {
  const count = options.draws ?? defaultDraws
  const k = options.k ?? 100
  const nothing = (): Float64Array => new Float64Array(count).fill(Number.NaN)
  const byFormula = formulaKeys.map(nothing)
  const ranking = {
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
  const isWhole = scope === 'all'
  const attacks = isWhole ? new AttackSums(collected, count) : undefined
  const cuts = isWhole ? new CutSums(collected, ordered, count) : undefined
  const tra = nothing()
  const isProbability = (options.scale ?? 'logOdds') !== 'rank'
  const resampler = new Resampler(options.seed)
  const batch = [0, 1, 2, 3].map(() => new Uint16Array(cards)) as unknown as Weights
  const tables = blocks.map(({ at }, block) => ({
    at,
    table: new FrozenTable(collected.tables[block] as CardTable, cards),
  }))
  const gaps = collected.reliability.byCard.map((table) => new FrozenTable(table, cards))
  const sums = new Float64Array(inOneGo * totalColumns)
  const gapSums = new Float64Array(inOneGo * gaps.length)
  const sides: Sides = { over: 0, under: 0, factor: 1 }
  const ranks = new WeightedRanks(ordered)
  const stolen = new StolenSince(collected, lastWindow.from)
  for (let draw = 0; cards > 0 && draw < count; draw++) {
    const lane = draw % inOneGo
    if (lane === 0) {
      for (let next = 0; next < inOneGo; next++) resampler.draw(draw + next, batch[next] as Uint16Array)
      sums.fill(0)
      gapSums.fill(0)
      for (const { at, table } of tables) table.sums(batch, sums, at, totalColumns)
      for (let bin = 0; bin < gaps.length; bin++) (gaps[bin] as FrozenTable).sums(batch, gapSums, bin, gaps.length)
    }
    const weights = batch[lane] as Uint16Array
    const totals = sums.subarray(lane * totalColumns, (lane + 1) * totalColumns)
    for (let index = 0; index < formulaKeys.length; index++) {
      formulas[formulaKeys[index] as FormulaKey](totals, options.prices, sides)
      if (sides.under > 0) (byFormula[index] as Float64Array)[draw] = (sides.factor * sides.over) / sides.under
    }
    if (ranks.draw(weights, scoredGenuineOf(totals))) {
      const { values } = ranks
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
        events += hitsOf(day.events, k, weights)
        found += hitsOf(day.cards, k, weights)
      }
      ranking.precisionAtK[draw] = events / (k * ordered.days.length)
      ranking.cardPrecisionAtK[draw] = found / (k * ordered.days.length)
    }
    const scored = scoredGenuineOf(totals) + scoredFraudOf(totals)
    if (isProbability && scored > 0) {
      let gap = 0
      for (let bin = 0; bin < gaps.length; bin++) gap += Math.abs(gapSums[lane * gaps.length + bin] as number)
      ranking.ece[draw] = gap / scored
    }
    attacks?.draw(draw, weights)
    cuts?.draw(draw, weights)
    const share = (totals[dense.amount] as number) / (collected.totals[dense.amount] as number)
    const approved = lastWindow.approvedAmount * share
    if (approved > 0) tra[draw] = (10_000 * stolen.sum(weights)) / approved
  }
  const byKey: Partial<Record<EstimateKey, Float64Array>> = { ...ranking }
  formulaKeys.forEach((key, index) => {
    byKey[key] = byFormula[index] as Float64Array
  })
  return {
    draws: { count, seed: options.seed, cards, byKey },
    attacks: attacks?.shares ?? new Map(),
    cuts: cuts?.bands() ?? [],
    tra,
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
  sum(weights: Uint16Array): number {
    let sum = 0
    for (let row = 0; row < this.#card.length; row++)
      sum += (weights[this.#card[row] as number] as number) * (this.#amount[row] as number)
    return sum
  }
}

/** Ranking of weighted events: frauds and the genuine events of the highest scores by their cards' weights, the others by their share. */
class WeightedRanks {
  readonly values = { auc: 0, averagePrecision: 0, ks: 0, tprAt: new Float64Array(falsePositiveRates.length) }
  readonly #ordered: Ordered
  readonly #frauds: Float64Array
  readonly #segments: Float64Array
  readonly #deep: number
  constructor(ordered: Ordered) {
    this.#ordered = ordered
    this.#frauds = new Float64Array(ordered.frauds.distinct.length)
    this.#segments = new Float64Array(ordered.bySegment.length)
    this.#deep = ordered.genuine - ordered.topCards.length
  }
  draw(weights: Uint16Array, genuine: number): boolean {
    const { frauds, fraudCards, topCards, topEnds, deepFrom, bySegment } = this.#ordered
    const segments = this.#segments
    this.#frauds.fill(0)
    for (let row = 0; row < fraudCards.length; row++) {
      const at = frauds.positionOf[row] as number
      this.#frauds[at] = (this.#frauds[at] as number) + (weights[fraudCards[row] as number] as number)
    }
    let place = 0
    let top = 0
    for (let segment = 0; segment < deepFrom; segment++) {
      const end = topEnds[segment] as number
      let sum = 0
      while (place < end) sum += weights[topCards[place++] as number] as number
      segments[segment] = sum
      top += sum
    }
    const scale = this.#deep > 0 ? (genuine - top) / this.#deep : 0
    for (let segment = deepFrom; segment < segments.length; segment++)
      segments[segment] = scale * (bySegment[segment] as number)
    return rankingOf(this.#frauds, segments, genuine, this.values)
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
  draw(draw: number, weights: Uint16Array): void {
    const sums = this.#sums.fill(0)
    for (let row = 0; row < this.#card.length; row++) {
      const weight = weights[this.#card[row] as number] as number
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
  shares(weights?: Uint16Array): { readonly byEdge: Float64Array; readonly count: number; readonly amount: number } {
    const { card, bin, amount, stops } = this.#rows
    const sums = this.#sums.fill(0)
    for (let row = 0; row < card.length; row++) {
      const weight = weights === undefined ? 1 : (weights[card[row] as number] as number)
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
  draw(draw: number, weights: Uint16Array): void {
    const { byEdge, count, amount } = this.shares(weights)
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
