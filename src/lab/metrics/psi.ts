/** Population stability index of the score: first half of the measured days against the second. */
import { binOf, type FineHistogram, fineBins } from './fine.ts'
import type { Psi } from './types.ts'

const floor = 1e-6
const fewest = 100

/** Σ (a − b) ln(a / b) over bins; shares floored. `a`: compared, `b`: reference; counts. */
export function psiOf(compared: ArrayLike<number>, reference: ArrayLike<number>): number {
  let all = 0
  let allReference = 0
  for (let bin = 0; bin < compared.length; bin++) {
    all += compared[bin] as number
    allReference += reference[bin] as number
  }
  let sum = 0
  for (let bin = 0; bin < compared.length; bin++) {
    const a = Math.max(floor, (compared[bin] as number) / all)
    const b = Math.max(floor, (reference[bin] as number) / allReference)
    sum += (a - b) * Math.log(a / b)
  }
  return sum
}

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

/** Counts between the edges. */
function between({ counts }: FineHistogram, edges: Float64Array): Float64Array {
  const sums = new Float64Array(edges.length + 1)
  let from = 0
  for (let at = 0; at <= edges.length; at++) {
    const edge = edges[at] ?? Number.POSITIVE_INFINITY
    const to = edge === Number.POSITIVE_INFINITY ? fineBins : binOf(edge)
    for (let bin = from; bin < to; bin++) sums[at] = (sums[at] as number) + (counts[bin] as number)
    from = to
  }
  return sums
}

export function driftOf(reference: FineHistogram, compared: FineHistogram, referenceDays: number): Psi {
  const about = { referenceDays, reference: reference.n, compared: compared.n }
  if (reference.n < fewest || compared.n < fewest) return { ...about, value: null, bins: [], why: 'shortReference' }
  const edges = reference.edges(deciles)
  const a = between(compared, edges)
  const b = between(reference, edges)
  return {
    ...about,
    value: psiOf(a, b),
    bins: Array.from(a, (n, bin) => ({
      upTo: Number.isFinite(edges[bin]) ? (edges[bin] as number) : null,
      reference: b[bin] as number,
      compared: n,
    })),
  }
}
