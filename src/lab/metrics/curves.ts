/** Points of the charts. */
import { varianceOf } from './cluster.ts'
import type { Collected } from './collect.ts'
import { CutSums, type Drawn } from './draw.ts'
import { z975 } from './numbers.ts'
import type { Ordered } from './order.ts'
import { costOf, dense } from './totals.ts'
import type {
  Band,
  CostCurve,
  CutPoint,
  HistogramBin,
  PrecisionRecallPoint,
  Prices,
  ReliabilityBin,
  RocPoint,
} from './types.ts'

const most = 400

/** Every so many-th point, so that a curve of hundreds of thousands stays readable; the first hundred are all kept. */
const isKept = (index: number, n: number): boolean =>
  n <= most || index < 100 || index === n - 1 || index % Math.ceil(n / (most - 100)) === 0

export function rankingCurves({ frauds, bySegment, genuine }: Ordered): {
  readonly roc: readonly RocPoint[]
  readonly precisionRecall: readonly PrecisionRecallPoint[]
} {
  const roc: RocPoint[] = []
  const precisionRecall: PrecisionRecallPoint[] = []
  const n = frauds.distinct.length
  if (n === 0 || genuine === 0) return { roc, precisionRecall }
  roc.push({ score: null, fpr: 0, tpr: 0 })
  let tp = 0
  let fp = 0
  for (let k = 0; k < n; k++) {
    tp += frauds.frauds[k] as number
    fp += (bySegment[2 * k] as number) + (bySegment[2 * k + 1] as number)
    if (!isKept(k, n)) continue
    const score = frauds.distinct[k] as number
    const tpr = tp / frauds.total
    roc.push({ score, fpr: fp / genuine, tpr })
    precisionRecall.push({ score, recall: tpr, precision: tp / (tp + fp) })
  }
  if (fp < genuine) roc.push({ score: null, fpr: 1, tpr: 1 })
  return { roc, precisionRecall }
}

export function histogramOf({ histogram }: Ordered): readonly HistogramBin[] {
  const { edges, genuine, fraud: frauds } = histogram
  return Array.from(genuine, (n, bin) => ({
    from: edges[bin] as number,
    to: edges[bin + 1] as number,
    genuine: n,
    fraud: frauds[bin] as number,
  })).filter(() => genuine.some((n) => n > 0) || frauds.some((n) => n > 0))
}

const bandFrom = (value: number, variance: number, n: number): Band => {
  if (!(variance > 0)) return null
  const half = (z975 * Math.sqrt(variance)) / n
  return { low: Math.max(0, value - half), high: Math.min(1, value + half) }
}

export function reliabilityOf({ reliability }: Collected): readonly ReliabilityBin[] {
  const { n, fraud: frauds, p, clusters } = reliability
  return Array.from(n, (events, bin) => {
    const from = bin / n.length
    const to = (bin + 1) / n.length
    if (events === 0) return { from, to, n: 0, fraud: 0, meanP: null, observed: null, band: null }
    const hits = frauds[bin] as number
    const observed = hits / events
    const sums = clusters[bin]
    const variance =
      sums === undefined
        ? Number.NaN
        : varianceOf(
            sums,
            (data, at) => (data[at + 1] as number) - observed * (data[at] as number),
            (data, at) => data[at] !== 0,
          ).variance
    return {
      from,
      to,
      n: events,
      fraud: hits,
      meanP: (p[bin] as number) / events,
      observed,
      band: bandFrom(observed, variance, events),
    }
  })
}

/** Events from `cut` on flagged, all of them challenged. */
export function cutsOf(
  collected: Collected,
  ordered: Ordered,
  drawn: Drawn,
  prices: Prices | undefined,
): readonly CutPoint[] {
  const { cuts } = ordered
  const { edges, events, genuine, genuineLostAmount, isPassTold, clusters } = cuts
  const all = events.reduce((sum, n) => sum + n, 0)
  if (all === 0) return []
  const frauds = new CutSums(collected, ordered, 0).shares()
  const isStopTold = isPassTold && !collected.suspects.passes.values.some((passes) => Number.isNaN(passes))
  let below = 0
  return Array.from(edges, (edge, at) => {
    below += events[at] as number
    const frictionless = below / all
    const above = (values: Float64Array): number => values.subarray(at + 1).reduce((sum, n) => sum + n, 0)
    const [caught = 0, caughtAmount = 0, stopped = 0, stoppedAmount = 0] = frauds.byEdge.subarray(at * 4, at * 4 + 4)
    const { variance } = varianceOf(
      clusters,
      (data, row) => {
        let n = 0
        let x = 0
        for (let bin = 0; bin < clusters.width; bin++) {
          n += data[row + bin] as number
          if (bin <= at) x += data[row + bin] as number
        }
        return x - frictionless * n
      },
      () => true,
    )
    const bands = drawn.cuts[at]
    const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)
    return {
      score: Number.isFinite(edge) ? edge : null,
      frictionless,
      frictionlessBand: bandFrom(frictionless, variance, all),
      caught: share(caught, frauds.count),
      caughtBand: bands?.caught ?? null,
      caughtAmount: share(caughtAmount, frauds.amount),
      caughtAmountBand: bands?.caughtAmount ?? null,
      stopped: isStopTold ? share(stopped, frauds.count) : null,
      stoppedBand: isStopTold ? (bands?.stopped ?? null) : null,
      stoppedAmount: isStopTold ? share(stoppedAmount, frauds.amount) : null,
      stoppedAmountBand: isStopTold ? (bands?.stoppedAmount ?? null) : null,
      falsePositiveRatio: share(above(genuine), caught),
      cost:
        prices === undefined || !isStopTold
          ? null
          : (frauds.amount - stoppedAmount) * prices.lossShare +
            (all - below) * prices.challenge +
            above(genuineLostAmount) * prices.margin,
    }
  })
}

const steps = 10

/** Each price from 0 to twice what was given (to 1 where it was given as 0). */
export function costCurvesOf({ totals }: Collected, prices: Prices): readonly CostCurve[] {
  if ((totals[dense.decided] as number) === 0) return []
  return (['lossShare', 'challenge', 'margin', 'review'] as const).map((over) => {
    const top = prices[over] > 0 ? 2 * prices[over] : 1
    return {
      over,
      points: Array.from({ length: steps + 1 }, (_, step) => {
        const price = (top * step) / steps
        const { total, passingAll } = costOf(totals, { ...prices, [over]: price })
        return { price, cost: total, passingAll }
      }),
    }
  })
}
