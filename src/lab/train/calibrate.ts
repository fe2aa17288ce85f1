/**
 * Calibrators: Platt's logistic regression without penalty on the score, and isotonic regression by pooling adjacent violators.
 * Both keep the order of the scores (risk/calibrators.ts says how they are applied).
 */
import type { Calibrator } from '../../risk/calibrators.ts'
import { bothClasses } from './matrix.ts'
import { LabTrainError } from './problem.ts'

export const calibratorKinds = ['none', 'platt', 'isotonic'] as const
export type CalibratorKind = (typeof calibratorKinds)[number]

type Platt = Extract<Calibrator, { kind: 'platt' }>
type Isotonic = Extract<Calibrator, { kind: 'isotonic' }>

const mostSteps = 100

/** slope · score + intercept, by Newton's method with halved steps. `gradient`: its largest component at the end, per event. */
export function fitPlatt(
  scores: Float64Array,
  y: Uint8Array,
  on: Platt['on'],
): { readonly calibrator: Platt; readonly gradient: number } {
  const frauds = bothClasses(y)
  const n = y.length
  const { mean, deviation } = spread(scores)
  if (!(deviation > 0)) throw new LabTrainError('all scores are alike: there is nothing to calibrate')
  // On standardised scores, so that Newton's steps are well scaled.
  let a = 0
  let b = Math.log(frauds / (n - frauds))
  let now = sums(a, b)
  for (let step = 0; step < mostSteps && Math.max(Math.abs(now.ga), Math.abs(now.gb)) > 1e-13 * n; step++) {
    const determinant = now.haa * now.hbb - now.hab * now.hab
    if (!(determinant > 0)) break
    const da = -(now.hbb * now.ga - now.hab * now.gb) / determinant
    const db = -(now.haa * now.gb - now.hab * now.ga) / determinant
    let moved = false
    for (let length = 1; length > 1e-10 && !moved; length /= 2) {
      const next = sums(a + length * da, b + length * db)
      if (!(next.loss <= now.loss + 1e-14 * Math.abs(now.loss))) continue
      a += length * da
      b += length * db
      now = next
      moved = true
    }
    if (!moved) break
  }
  const slope = a / deviation
  const intercept = b - (a * mean) / deviation
  const gradient = Math.max(Math.abs(now.ga), Math.abs(now.gb)) / n
  if (!(slope > 0)) throw new LabTrainError('higher scores are no riskier: no calibrator keeps their order')
  if (gradient > 1e-9 || slope > 1_000 || Math.abs(intercept) > 100)
    throw new LabTrainError('the scores part fraud from the rest completely: the slope has no end')
  return { calibrator: { kind: 'platt', on, slope, intercept }, gradient }

  function sums(a: number, b: number) {
    let [loss, ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0, 0]
    for (let i = 0; i < n; i++) {
      const x = ((scores[i] as number) - mean) / deviation
      const label = y[i] as number
      const margin = a * x + b
      const p = 1 / (1 + Math.exp(-margin))
      const signed = label === 1 ? -margin : margin
      loss += signed > 0 ? signed + Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed))
      const slope = p - label
      const curve = p * (1 - p)
      ga += slope * x
      gb += slope
      haa += curve * x * x
      hab += curve * x
      hbb += curve
    }
    return { loss, ga, gb, haa, hab, hbb }
  }
}

function spread(scores: Float64Array) {
  let sum = 0
  for (const score of scores) sum += score
  const mean = sum / scores.length
  let squares = 0
  for (const score of scores) squares += (score - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / scores.length) }
}

/** Pool adjacent violators: equal scores first, then every neighbours that fall. Points at the two ends of each pool. */
export function fitIsotonic(scores: Float64Array, y: Uint8Array): Isotonic {
  bothClasses(y)
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number))
  // Pools: first and last score, events, frauds.
  const from: number[] = []
  const to: number[] = []
  const events: number[] = []
  const frauds: number[] = []
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i] as number] as number
    let n = 0
    let bad = 0
    for (; i < order.length && scores[order[i] as number] === score; i++, n++) bad += y[order[i] as number] as number
    from.push(score)
    to.push(score)
    events.push(n)
    frauds.push(bad)
    for (let last = from.length - 1; last > 0; last--) {
      // Rates compared by products of whole numbers, which are exact.
      const falls =
        (frauds[last - 1] as number) * (events[last] as number) >=
        (frauds[last] as number) * (events[last - 1] as number)
      if (!falls) break
      to[last - 1] = to[last] as number
      events[last - 1] = (events[last - 1] as number) + (events[last] as number)
      frauds[last - 1] = (frauds[last - 1] as number) + (frauds[last] as number)
      from.pop()
      to.pop()
      events.pop()
      frauds.pop()
    }
  }
  const points: [number, number][] = []
  for (let pool = 0; pool < from.length; pool++) {
    const rate = (frauds[pool] as number) / (events[pool] as number)
    points.push([from[pool] as number, rate])
    if (to[pool] !== from[pool]) points.push([to[pool] as number, rate])
  }
  if (points.length < 2) throw new LabTrainError('all scores are alike: there is nothing to calibrate')
  return { kind: 'isotonic', points: thinned(points) }
}

/** At most as many as the policy reads; between those that stay it is linear, as between all others. */
const mostPoints = 10_000
function thinned(points: [number, number][]): [number, number][] {
  if (points.length <= mostPoints) return points
  const step = (points.length - 1) / (mostPoints - 1)
  return Array.from({ length: mostPoints }, (_, i) => points[Math.round(i * step)] as [number, number])
}
