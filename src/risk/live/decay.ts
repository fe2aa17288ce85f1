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

/** Places for longer times. An event asks twice, for its features and when it is recorded, and its entities were often seen last at once. */
const places = 256

/** Of one half-life. */
export class Decay {
  readonly #rate: number
  readonly #table: Float64Array
  readonly #seconds = new Float64Array(places).fill(-1)
  readonly #factors = new Float64Array(places)
  constructor(halfLife: keyof typeof halfLives) {
    this.#rate = rates[halfLife]
    this.#table = tableOf(this.#rate)
  }

  /** What a counter is multiplied by after so many whole seconds. 1 where the clock was set back, so that nothing grows. */
  factor(seconds: number): number {
    if (seconds <= 0) return 1
    if (seconds < looked) return this.#table[seconds] as number
    const place = seconds & (places - 1)
    if (this.#seconds[place] === seconds) return this.#factors[place] as number
    const factor = Math.exp(this.#rate * seconds)
    this.#seconds[place] = seconds
    this.#factors[place] = factor
    return factor
  }

  /** What an event counts that came so many seconds after its time; at least one. */
  late(seconds: number): number {
    return Math.exp(this.#rate * seconds)
  }
}

export type Decays = { readonly hourly: Decay; readonly daily: Decay; readonly monthly: Decay }
export const newDecays = (): Decays => ({ hourly: new Decay('1h'), daily: new Decay('24h'), monthly: new Decay('30d') })
