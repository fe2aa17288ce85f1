/** Second pass over a variant's decisions: all that needs to know where the scores of frauds lie. */
import { type DecisionPart, isDecided } from '../run/decisions.ts'
import { ClusterSums } from './cluster.ts'
import type { Collected, Scope } from './collect.ts'
import type { LocalDays } from './day.ts'
import { binOf, fineBins } from './fine.ts'
import { type Ground, isFraudBit, isUntoldBit, passUntoldBit, wouldPassBit } from './ground.ts'
import { joined } from './join.ts'
import { FraudScores } from './ranks.ts'
import { TopList, type TopRows } from './top-list.ts'
import type { MeasureOptions } from './types.ts'

/** Genuine events of the highest scores that are resampled one by one; all others by the share they have of their class. */
const topGenuine = 1 << 16
/** Rows of a day's list beyond k: resampled cards leave gaps. */
const depthOf = (k: number): number => 3 * k + 50

/** Shares of events flagged at the cuts that are drawn, most of them where policies work. */
const flaggedShares = [
  0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55,
  0.6, 0.7, 0.8, 0.9, 1,
]
const histogramBins = 40

export type Ordered = {
  readonly frauds: FraudScores
  /** Cards of fraud events, in the order of `frauds.positionOf`. */
  readonly fraudCards: Uint32Array
  /** Genuine events by segment (FraudScores.segmentOf). */
  readonly bySegment: Float64Array
  readonly genuine: number
  /** Genuine events with the highest scores: cards in the order of segments; those of segment s end at `topEnds[s]`. */
  readonly topCards: Uint32Array
  readonly topEnds: Uint32Array
  /** From this segment on they are not in the list one by one. */
  readonly deepFrom: number
  readonly days: readonly { readonly day: number; readonly events: TopRows; readonly cards: TopRows }[]
  /** Edges of `bins`, rising; the first and the last bin hold what lies beyond, too. */
  readonly histogram: { readonly edges: Float64Array; readonly genuine: Float64Array; readonly fraud: Float64Array }
  readonly cuts: Cuts
}
/** Bin b of a cut: edges[b − 1] ≤ score < edges[b]. Sums by bin. */
type Cuts = {
  readonly edges: Float64Array
  readonly events: Float64Array
  readonly genuine: Float64Array
  /** Genuine amounts that would be lost if challenged. */
  readonly genuineLostAmount: Float64Array
  /** A challenge's end is told for all genuine events. */
  readonly isPassTold: boolean
  /** Events by card and bin. */
  readonly clusters: ClusterSums
}

/** Position of the first edge above a score. */
function binAt(edges: Float64Array, score: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((edges[middle] as number) <= score) low = middle + 1
    else high = middle
  }
  return low
}

/** Local day from which on a card is left out of card precision: the first that begins with its fraud known. */
function knownFrom(ground: Ground, days: LocalDays): Int32Array {
  const from = new Int32Array(ground.allCards).fill(0x7fffffff)
  const { suspects, meta } = ground
  for (let index = 0; index < suspects.n; index++) {
    const labelTs = suspects.labelTs[index] as number
    const isFraud = ((suspects.truth[index] as number) & isFraudBit) !== 0
    if (!isFraud || !((suspects.ts[index] as number) < meta.measuredFrom) || Number.isNaN(labelTs)) continue
    const day = days.dayOf(labelTs)
    const known = days.startOf(day) >= labelTs ? day : day + 1
    const card = suspects.card[index] as number
    if (known < (from[card] as number)) from[card] = known
  }
  return from
}

/** What a day's cards scored at most, and whether any of it was fraud. */
class DayCards {
  readonly #day: Int32Array
  readonly #score: Float64Array
  readonly #fraud: Uint8Array
  readonly #touched: number[] = []
  constructor(cards: number) {
    this.#day = new Int32Array(cards).fill(-0x80000000)
    this.#score = new Float64Array(cards)
    this.#fraud = new Uint8Array(cards)
  }
  add(day: number, card: number, score: number, isFraud: number): void {
    if (this.#day[card] !== day) {
      this.#day[card] = day
      this.#score[card] = score
      this.#fraud[card] = isFraud
      this.#touched.push(card)
      return
    }
    if (score > (this.#score[card] as number)) this.#score[card] = score
    if (isFraud === 1) this.#fraud[card] = 1
  }
  end(list: TopList, ranks: Uint32Array, isLeftOut: (card: number) => boolean): TopRows {
    for (const card of this.#touched)
      if (!isLeftOut(card))
        list.offer(this.#score[card] as number, ranks[card] as number, card, this.#fraud[card] as number)
    this.#touched.length = 0
    return list.take()
  }
}

/** Nothing is found behind the last fraud. */
function untilLastFraud({ card, fraud }: TopRows): TopRows {
  const n = fraud.lastIndexOf(1) + 1
  return { card: card.slice(0, n), fraud: fraud.slice(0, n) }
}

/** @throws MeasureError where the decisions do not fit the stream */
export async function order(
  ground: Ground,
  decisions: AsyncIterable<DecisionPart>,
  collected: Collected,
  options: MeasureOptions,
  days: LocalDays,
  { scope = 'all', top = topGenuine }: { readonly scope?: Scope; readonly top?: number } = {},
): Promise<Ordered> {
  const k = options.k ?? 100
  const { all } = collected.scores
  const fraudScores: number[] = []
  const fraudCards: number[] = []
  const { suspects } = collected
  for (let index = 0; index < suspects.score.length; index++) {
    const score = suspects.score.values[index] as number
    if (suspects.isFraud.values[index] !== 1 || Number.isNaN(score)) continue
    fraudScores.push(score)
    fraudCards.push(suspects.card.values[index] as number)
  }
  const frauds = new FraudScores(Float64Array.from(fraudScores))
  const bySegment = new Float64Array(frauds.segments)
  // The lowest bin such that from there up there are at most as many events as are taken one by one.
  let topBin = fineBins
  for (let above = 0; topBin > 0 && above + (all.counts[topBin - 1] as number) <= top; )
    above += all.counts[--topBin] as number
  const topSegment: number[] = []
  const topCard: number[] = []
  const isWhole = scope === 'all'
  const edges = isWhole ? all.edges(flaggedShares.map((share) => 1 - share)) : new Float64Array(0)
  const cuts = {
    edges,
    events: new Float64Array(edges.length + 1),
    genuine: new Float64Array(edges.length + 1),
    genuineLostAmount: new Float64Array(edges.length + 1),
    isPassTold: true,
    clusters: new ClusterSums(edges.length + 1),
  }
  const [low = 0, high = low] = all.n === 0 ? [] : all.edges([0.001, 0.999])
  // Scores that are all one value, or as good as one, are one bin.
  const bins = high - low > 1e-9 ? histogramBins : 1
  const width = (high - low) / bins
  const histogram = {
    edges: Float64Array.from({ length: bins + 1 }, (_, bin) => low + bin * width),
    genuine: new Float64Array(bins),
    fraud: new Float64Array(bins),
  }
  const eventList = new TopList(depthOf(k))
  const cardList = new TopList(depthOf(k))
  const dayCards = new DayCards(ground.allCards)
  const leftOutFrom = knownFrom(ground, days)
  const lists: { day: number; events: TopRows; cards: TopRows }[] = []
  let today = Number.NaN
  let place = 0
  const endDay = (): void => {
    if (Number.isNaN(today)) return
    const cards = dayCards.end(cardList, ground.cardRank, (card) => (leftOutFrom[card] as number) <= today)
    lists.push({ day: today, events: untilLastFraud(eventList.take()), cards: untilLastFraud(cards) })
    // Found: a fraud card among the first k. From the next day on it would have been blocked.
    const found = Math.min(k, cards.card.length)
    for (let row = 0; row < found; row++) if (cards.fraud[row] === 1) leftOutFrom[cards.card[row] as number] = today + 1
  }
  for await (const part of joined(ground, decisions, 0)) {
    for (let row = 0; row < part.n; row++) {
      const score = part.score[row] as number
      const truth = part.truth[row] as number
      if (!isDecided(part.status[row] as number) || Number.isNaN(score) || (truth & isUntoldBit) !== 0) continue
      const card = part.card[row] as number
      const isFraud = truth & isFraudBit
      const day = days.dayOf(part.ts[row] as number)
      if (day !== today) {
        endDay()
        today = day
      }
      eventList.offer(score, place++, card, isFraud)
      dayCards.add(day, card, score, isFraud)
      if (isWhole) {
        const counts = isFraud === 1 ? histogram.fraud : histogram.genuine
        const column = Math.max(0, Math.min(bins - 1, Math.floor((score - low) / width) || 0))
        counts[column] = (counts[column] as number) + 1
        const bin = binAt(edges, score)
        cuts.events[bin] = (cuts.events[bin] as number) + 1
        cuts.clusters.add(card, bin)
        if (isFraud === 0) {
          cuts.genuine[bin] = (cuts.genuine[bin] as number) + 1
          const amount = part.amount[row] as number
          if ((truth & passUntoldBit) !== 0) cuts.isPassTold = false
          else if ((truth & wouldPassBit) === 0 && amount >= 0)
            cuts.genuineLostAmount[bin] = (cuts.genuineLostAmount[bin] as number) + amount
        }
      }
      if (isFraud === 1) continue
      const segment = frauds.segmentOf(score)
      bySegment[segment] = (bySegment[segment] as number) + 1
      if (binOf(score) >= topBin) {
        topSegment.push(segment)
        topCard.push(card)
      }
    }
  }
  endDay()
  return {
    frauds,
    fraudCards: Uint32Array.from(fraudCards),
    bySegment,
    genuine: bySegment.reduce((sum, n) => sum + n, 0),
    ...bySegments(topSegment, topCard, bySegment),
    days: lists,
    histogram,
    cuts,
  }
}

/** Sorted by segment; only segments whose genuine events are all there. */
function bySegments(
  segments: readonly number[],
  cards: readonly number[],
  bySegment: Float64Array,
): Pick<Ordered, 'topCards' | 'topEnds' | 'deepFrom'> {
  const ends = new Uint32Array(bySegment.length)
  for (const segment of segments) ends[segment] = (ends[segment] as number) + 1
  let deepFrom = 0
  while (deepFrom < ends.length && ends[deepFrom] === bySegment[deepFrom]) deepFrom++
  let at = 0
  const next = new Uint32Array(ends.length)
  for (let segment = 0; segment < deepFrom; segment++) {
    next[segment] = at
    at += ends[segment] as number
    ends[segment] = at
  }
  const sorted = new Uint32Array(at)
  segments.forEach((segment, index) => {
    if (segment >= deepFrom) return
    sorted[next[segment] as number] = cards[index] as number
    next[segment] = (next[segment] as number) + 1
  })
  return { topCards: sorted, topEnds: ends, deepFrom }
}
