/**
 * Counts of scores in fixed bins: the sign, the exponent and the first eight bits of the fraction of a double, so that a bin is never wider than
 * 1/256 of its scores. Cuts are laid on the edges of these bins, and what is counted at a cut is exact.
 */

const bits = 20
export const fineBins = 1 << bits

const box = new Float64Array(1)
const words = new Int32Array(box.buffer)

/** Rising with the score. */
export function binOf(score: number): number {
  box[0] = score + 0 // -0 and 0 are one score
  const high = words[1] as number
  return (high < 0 ? ~high : high ^ 0x80000000) >>> (32 - bits)
}

/** Lowest score of a bin. */
export function edgeOf(bin: number): number {
  const key = (bin << (32 - bits)) >>> 0
  if (key >= 0x80000000) {
    words[0] = 0
    words[1] = key ^ 0x80000000
  } else {
    // Of a negative score: the farthest from 0 in its bin.
    words[0] = -1
    words[1] = ~key
  }
  return box[0] as number
}

export class FineHistogram {
  readonly counts = new Float64Array(fineBins)
  n = 0
  add(score: number): void {
    const bin = binOf(score)
    this.counts[bin] = (this.counts[bin] as number) + 1
    this.n++
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
      const edge = bin >= fineBins ? Number.POSITIVE_INFINITY : edgeOf(isUp ? bin + 1 : bin)
      if (edges.length === 0 || edge > (edges.at(-1) as number)) edges.push(edge)
    }
    return Float64Array.from(edges)
  }
}
