/**
 * Counts of scores in fixed bins: the sign, the exponent and the first eight bits of the fraction of a double, so that a bin is never wider than
 * 1/256 of its scores; below 2^-40 and from 2^64 on scores of one sign share a bin. Cuts are laid on the edges of these bins, and what is
 * counted at a cut is exact.
 */

/** Exponent and eight bits of fraction of 2^-40. */
const lowest = (1_023 - 40) << 8
const perSign = (40 + 64) << 8
export const fineBins = 2 * perSign

const box = new Float64Array(1)
const words = new Int32Array(box.buffer)

/** Rising with the score. */
export function binOf(score: number): number {
  box[0] = score + 0 // -0 and 0 are one score
  const high = words[1] as number
  const size = Math.min(perSign - 1, Math.max(0, ((high & 0x7fff_ffff) >>> 12) - lowest))
  return high < 0 ? perSign - 1 - size : perSign + size
}

const sizeAt = (step: number): number => {
  words[0] = 0
  words[1] = (step + lowest) << 12
  return box[0] as number
}
/** The largest double below a positive one. */
const justBelow = (size: number): number => {
  box[0] = size
  if (words[0] === 0) words[1] = (words[1] as number) - 1
  words[0] = (words[0] as number) - 1
  return box[0] as number
}

/** Lowest score of a bin; Infinity behind the last. */
export function edgeOf(bin: number): number {
  if (bin >= fineBins) return Number.POSITIVE_INFINITY
  if (bin >= perSign) return bin === perSign ? 0 : sizeAt(bin - perSign)
  const size = perSign - 1 - bin
  return size === perSign - 1 ? Number.NEGATIVE_INFINITY : -justBelow(sizeAt(size + 1))
}

export class FineHistogram {
  readonly counts = new Uint32Array(fineBins)
  n = 0
  add(score: number): void {
    const bin = binOf(score)
    this.counts[bin] = (this.counts[bin] as number) + 1
    this.n++
  }
  take(other: FineHistogram): void {
    for (let bin = 0; bin < fineBins; bin++)
      this.counts[bin] = (this.counts[bin] as number) + (other.counts[bin] as number)
    this.n += other.n
  }
  /**
   * Edges, rising and distinct, such that about a share q of the scores lies below each. Of many equal scores none lies below their own
   * edge; a share that falls among them gets the nearer end.
   */
  edges(shares: readonly number[]): Float64Array {
    const edges: number[] = []
    let below = 0
    let bin = 0
    for (const share of [...shares].sort((a, b) => a - b)) {
      const wanted = share * this.n
      while (bin < fineBins && below + (this.counts[bin] as number) <= wanted) below += this.counts[bin++] as number
      const isUp = bin < fineBins && below + (this.counts[bin] as number) - wanted < wanted - below
      const edge = edgeOf(isUp ? bin + 1 : bin)
      if (edges.length === 0 || edge > (edges.at(-1) as number)) edges.push(edge)
    }
    return Float64Array.from(edges)
  }
}
