/**
 * Chance as a function: what is drawn depends on (seed, use, whose, which) and on nothing that was drawn before. So a knob more
 * in one place moves nothing in another, and any day can be made by any worker. Two words of 32 bits, no object per draw.
 */

const golden = 0x9e3779b9

/** Finaliser of MurmurHash3: every bit of the word moves every other. */
function mixed(word: number): number {
  let x = word
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) | 0
}

/** FNV-1a of a seed and of what it is used for. */
export function keyOf(seed: string, use: string): number {
  let hash = 0x811c9dc5
  const text = `${seed}/${use}`
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mixed(hash)
}

/** Whole numbers of any size that a double holds become one word. */
const folded = (x: number): number => (x | 0) ^ Math.imul((x / 4_294_967_296) | 0, 0x27d4eb2f)

/** Reused: `at` sets it to the beginning of a sequence. */
export class Chance {
  private a = 0
  private b = 0

  /** The sequence of one use (`key` of `keyOf`) for one thing. */
  at(key: number, whose: number, which = 0): this {
    const first = mixed(key ^ Math.imul(folded(whose), 0x9e3779b1))
    this.a = mixed(first ^ Math.imul(folded(which), 0x85ebca77))
    this.b = mixed(first + Math.imul(folded(which) ^ golden, 0xc2b2ae3d))
    return this
  }

  /** 32 bits. */
  bits(): number {
    this.a = (this.a + golden) | 0
    let x = this.a
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad) ^ this.b
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
    return (x ^ (x >>> 15)) >>> 0
  }
  /** From 0, which it can be, to 1, which it cannot. */
  unit(): number {
    return this.bits() / 4_294_967_296
  }
  chance(probability: number): boolean {
    return this.unit() < probability
  }
  /** 0 … n - 1. */
  below(n: number): number {
    return Math.floor(this.unit() * n)
  }
  /** Both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1))
  }
  between(from: number, to: number): number {
    return from + this.unit() * (to - from)
  }
  /** Evenly spread over the orders of magnitude between the two. */
  magnitude(from: number, to: number): number {
    return from * (to / from) ** this.unit()
  }
  /** Box and Muller; of the pair one is used. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()))
    return radius * Math.cos(2 * Math.PI * this.unit())
  }
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal())
  }
  /** By inversion, with one draw. */
  poisson(mean: number, none = Math.exp(-mean)): number {
    const unit = this.unit()
    let n = 0
    for (let share = none, sum = none; unit >= sum && n < 1_000; sum += share) {
      n++
      share *= mean / n
    }
    return n
  }
  /** Marsaglia and Tsang; shapes below 1 by the usual power of a uniform number. */
  gamma(shape: number, mean: number): number {
    const boost = shape < 1 ? this.unit() ** (1 / shape) : 1
    const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
    for (;;) {
      const x = this.normal()
      const v = (1 + x / Math.sqrt(9 * d)) ** 3
      if (v > 0 && Math.log(1 - this.unit()) < x * x * 0.5 + d - d * v + d * Math.log(v))
        return ((d * v * boost) / shape) * mean
    }
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
  /** The place in a list of shares that need not sum to one. */
  weighted(shares: readonly number[]): number {
    let sum = 0
    for (const share of shares) sum += share
    let left = this.unit() * sum
    for (let i = 0; i < shares.length; i++) {
      left -= shares[i] as number
      if (left < 0) return i
    }
    return shares.length - 1
  }
  shuffled<T>(list: readonly T[]): T[] {
    const order = list.slice()
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const one = order[i] as T
      order[i] = order[j] as T
      order[j] = one
    }
    return order
  }
  digits(n: number): string {
    let text = ''
    for (let i = 0; i < n; i++) text += this.below(10)
    return text
  }
  letters(n: number): string {
    let text = ''
    for (let i = 0; i < n; i++) text += 'abcdefghijklmnopqrstuvwxyz'[this.below(26)]
    return text
  }
  /** 32 hexadecimal digits. */
  hex(): string {
    let text = ''
    for (let i = 0; i < 4; i++) text += this.bits().toString(16).padStart(8, '0')
    return text
  }
}

/** Places of a list, drawn by weights that are summed up once. */
export function cumulated(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length)
  let sum = 0
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] as number
    sums[i] = sum
  }
  return sums
}
/** `unit` of [0, 1). */
export function placeIn(sums: Float64Array, unit: number): number {
  const wanted = unit * (sums[sums.length - 1] as number)
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] as number) > wanted) high = middle
    else low = middle + 1
  }
  return low
}

/** Wichura would be exacter; Acklam's approximation is good to 1e-9, and log and sqrt are all it needs. */
export function normalAt(share: number): number {
  const p = Math.min(Math.max(share, 1e-12), 1 - 1e-12)
  if (p < 0.02425) return tailAt(Math.sqrt(-2 * Math.log(p)))
  if (p > 1 - 0.02425) return -tailAt(Math.sqrt(-2 * Math.log(1 - p)))
  const q = p - 0.5
  const r = q * q
  const above =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
    q
  const below =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1
  return above / below
}
const tailAt = (q: number): number =>
  (((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
    4.374664141464968) *
    q +
    2.938163982698783) /
  ((((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)

/** The i-th of numbers of [0, 1) that lie evenly however many are taken: so that few draws already have the shape of many. */
export const evenly = (start: number, i: number): number => (start + i * 0.618033988749895) % 1
