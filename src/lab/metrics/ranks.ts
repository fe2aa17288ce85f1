/**
 * Ranking metrics from counts. Frauds are few: it is enough to know, for each distinct score that a fraud has, how many genuine events
 * lie above it and how many have the same score. All is exact, and memory grows with the frauds alone.
 */

/** Distinct scores of frauds, falling. */
export class FraudScores {
  readonly distinct: Float64Array
  /** Frauds with that score. */
  readonly frauds: Float64Array
  readonly total: number
  /** Of each fraud as given, the position of its score in `distinct`. */
  readonly positionOf: Uint32Array
  constructor(scores: Float64Array) {
    const falling = Float64Array.from(scores).sort().reverse()
    let n = 0
    for (let i = 0; i < falling.length; i++)
      if (i === 0 || falling[i] !== falling[i - 1]) falling[n++] = falling[i] as number
    this.distinct = falling.slice(0, n)
    this.frauds = new Float64Array(n)
    this.positionOf = new Uint32Array(scores.length)
    this.total = scores.length
    for (let i = 0; i < scores.length; i++) {
      const at = this.segmentOf(scores[i] as number) >> 1
      this.positionOf[i] = at
      this.frauds[at] = (this.frauds[at] as number) + 1
    }
  }
  /** 2k + 1: equal to distinct score k. 2k: below the one before it and above k. 2·length: below all. */
  segmentOf(score: number): number {
    const { distinct } = this
    let low = 0
    let high = distinct.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((distinct[middle] as number) > score) low = middle + 1
      else high = middle
    }
    return low < distinct.length && distinct[low] === score ? 2 * low + 1 : 2 * low
  }
  get segments(): number {
    return 2 * this.distinct.length + 1
  }
}

export type RankingValues = {
  auc: number
  averagePrecision: number
  ks: number
  /** In the order of `falsePositiveRates`. */
  readonly tprAt: Float64Array
}
export const falsePositiveRates = [0.001, 0.01, 0.05, 0.1] as const

/**
 * From frauds by distinct score and genuine events by segment, each may be a weight. `genuine`: all of them, those below every fraud
 * too. Undefined where one of the classes is empty.
 */
export function rankingOf(
  frauds: ArrayLike<number>,
  bySegment: ArrayLike<number>,
  genuine: number,
  into: RankingValues,
): boolean {
  const n = frauds.length
  let all = 0
  for (let k = 0; k < n; k++) all += frauds[k] as number
  if (!(all > 0) || !(genuine > 0)) return false
  let tp = 0
  let fp = 0
  let auc = 0
  let ap = 0
  let ks = 0
  into.tprAt.fill(0)
  for (let k = 0; k < n; k++) {
    const here = frauds[k] as number
    const above = fp + (bySegment[2 * k] as number)
    const equal = bySegment[2 * k + 1] as number
    fp = above + equal
    if (here === 0) continue
    tp += here
    auc += here * (genuine - above - equal / 2)
    ap += here * (tp / (tp + fp))
    const tpr = tp / all
    const fpr = fp / genuine
    if (tpr - fpr > ks) ks = tpr - fpr
    for (let q = 0; q < falsePositiveRates.length; q++)
      if (fpr <= (falsePositiveRates[q] as number)) into.tprAt[q] = tpr
  }
  into.auc = auc / (all * genuine)
  into.averagePrecision = ap / all
  into.ks = ks
  return true
}
