/** Factors of decay, as `decayed` of profile.ts has them: the same numbers, worked out less often. */
import { halfLives } from '../profile.ts'

/** So many seconds are looked up: shops and ranges are seen again sooner. 64 KB a half-life. */
const looked = 8_192

const rates = {
  '1h': -Math.LN2 / halfLives['1h'],
  '24h': -Math.LN2 / halfLives['24h'],
  '30d': -Math.LN2 / halfLives['30d'],
} as const

const tableOf = (rate: number): Float64Array => Float64Array.from({ length: looked }, (_, s) => Math.exp(rate * s))

/** Of one half-life. What an event asks for twice, once for its features and once when it is recorded, is kept by kind. */
export class Decay {
  readonly #rate: number
  readonly #table: Float64Array
  readonly #seconds: Float64Array
  readonly #factors: Float64Array
  constructor(halfLife: keyof typeof halfLives, kinds: number) {
    this.#rate = rates[halfLife]
    this.#table = tableOf(this.#rate)
    this.#seconds = new Float64Array(kinds).fill(-1)
    this.#factors = new Float64Array(kinds)
  }

  /** What a counter is multiplied by after so many whole seconds. 1 where the clock was set back, so that nothing grows. */
  factor(kind: number, seconds: number): number {
    if (seconds <= 0) return 1
    if (seconds < looked) return this.#table[seconds] ?? 1
    if (this.#seconds[kind] === seconds) return this.#factors[kind] ?? 1
    const factor = Math.exp(this.#rate * seconds)
    this.#seconds[kind] = seconds
    this.#factors[kind] = factor
    return factor
  }

  /** What an event counts that came so many seconds after its time; at least one. */
  late(seconds: number): number {
    return Math.exp(this.#rate * seconds)
  }
}

export type Decays = { readonly hourly: Decay; readonly daily: Decay; readonly monthly: Decay }
export const newDecays = (kinds: number): Decays => ({
  hourly: new Decay('1h', kinds),
  daily: new Decay('24h', kinds),
  monthly: new Decay('30d', kinds),
})
