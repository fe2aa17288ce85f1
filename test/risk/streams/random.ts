/** Chance from a seed: every use has a stream of its own, so that a knob more in one place moves nothing in another. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export type Random = {
  /** From 0, which it can be, to 1, which it cannot. */
  readonly unit: () => number
  readonly chance: (probability: number) => boolean
  /** Both ends included. */
  readonly whole: (from: number, to: number) => number
  readonly between: (from: number, to: number) => number
  /** Evenly spread over the orders of magnitude between the two. */
  readonly magnitude: (from: number, to: number) => number
  readonly normal: (mean?: number, deviation?: number) => number
  readonly lognormal: (median: number, sigma: number) => number
  readonly poisson: (mean: number) => number
  readonly gamma: (shape: number, mean: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  readonly weighted: <T>(list: readonly (readonly [T, number])[]) => T
  readonly shuffled: <T>(list: readonly T[]) => readonly T[]
  readonly digits: (n: number) => string
  readonly letters: (n: number) => string
}

/** FNV-1a, finished so that neighbouring seeds have nothing in common. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 0
}

/** The one uniform number of an event, the same under every policy (common random numbers). */
export const luckOf = (seed: number, id: number): number => (hashOf(`${seed}/luck/${id}`) >>> 0) / 2 ** 32

export function randomOf(seed: number, ...use: readonly (string | number)[]): Random {
  const generator = xoroshiro128plus(hashOf([seed, ...use].join('/')))
  const unit = (): number => uniformFloat64(generator)
  const chance = (probability: number): boolean => unit() < probability
  const whole = (from: number, to: number): number => from + Math.floor(unit() * (to - from + 1))
  const between = (from: number, to: number): number => from + unit() * (to - from)
  const normal = (mean = 0, deviation = 1): number =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
  const poisson = (mean: number): number => {
    let n = 0
    for (let left = unit(), floor = Math.exp(-mean); left > floor; left *= unit()) n++
    return n
  }
  /** Marsaglia and Tsang; shapes below 1 by the usual power of a uniform number. */
  const gamma = (shape: number, mean: number): number => {
    const boost = shape < 1 ? unit() ** (1 / shape) : 1
    const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
    for (;;) {
      const x = normal()
      const v = (1 + x / Math.sqrt(9 * d)) ** 3
      if (v > 0 && Math.log(1 - unit()) < x * x * 0.5 + d - d * v + d * Math.log(v))
        return ((d * v * boost) / shape) * mean
    }
  }
  const pick = <T>(list: readonly T[]): T => {
    const picked = list[Math.floor(unit() * list.length)]
    if (picked === undefined) throw new RangeError('nothing to pick from')
    return picked
  }
  const weighted = <T>(list: readonly (readonly [T, number])[]): T => {
    let left = unit() * list.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of list) {
      left -= weight
      if (left < 0) return value
    }
    return pick(list)[0]
  }
  const shuffled = <T>(list: readonly T[]): readonly T[] => {
    const order = list.slice()
    for (let i = order.length - 1; i > 0; i--) {
      const j = whole(0, i)
      const [a, b] = [order[i] as T, order[j] as T]
      order[i] = b
      order[j] = a
    }
    return order
  }
  const text = (alphabet: string, n: number): string =>
    Array.from({ length: n }, () => alphabet[Math.floor(unit() * alphabet.length)]).join('')
  return {
    unit,
    chance,
    whole,
    between,
    magnitude: (from, to) => from * (to / from) ** unit(),
    normal,
    lognormal: (median, sigma) => median * Math.exp(normal(0, sigma)),
    poisson,
    gamma,
    pick,
    weighted,
    shuffled,
    digits: (n) => text('0123456789', n),
    letters: (n) => text('abcdefghijklmnopqrstuvwxyz', n),
  }
}
