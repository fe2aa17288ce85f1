/**
 * Marks as two words: 32 bits, and the other 16 with the number of the set in the highest four. Other numbers than marks of 48 bits
 * (a country may be any number of the wire) are numbered as they come.
 */
import { noId as none } from './layout.ts'

/** Of its own for speed: see ./blocks.ts. */
const noId = none

const twoToMinus32 = 1 / 4_294_967_296
const oddBit = 1 << 27
/** In the second word of a sighting: a challenge was passed with it. */
export const trustedBit = 1 << 26
export const idBits = ~trustedBit >>> 0

/** The ids that an event asks for, by the number of the set; `high` is `noId` where it tells none. */
export class Ids {
  readonly low = new Uint32Array(16)
  readonly high = new Uint32Array(16).fill(noId)
  readonly #odd = new Map<number, number>()

  /** What was asked last; NaN: nothing. Events come by for features and again to be recorded. */
  readonly #marks = new Float64Array(16).fill(Number.NaN)
  /** Something else than before was asked for, since this was last set to false. */
  hasChanged = true

  ask(set: number, mark: number | undefined): void {
    if (mark === this.#marks[set]) return
    if (mark === undefined) {
      if (this.high[set] === noId) return
      this.high[set] = noId
      this.#marks[set] = Number.NaN
      this.hasChanged = true
      return
    }
    this.hasChanged = true
    this.#marks[set] = mark
    const low = mark >>> 0
    const high = (mark - low) * twoToMinus32
    if (high >= 0 && high < 65_536 && high === (high | 0)) {
      this.low[set] = low
      this.high[set] = (high | (set << 28)) >>> 0
    } else this.#askOdd(set, mark)
  }

  #askOdd(set: number, mark: number): void {
    const number = this.#odd.get(mark) ?? this.#odd.size
    this.#odd.set(mark, number)
    this.low[set] = number
    this.high[set] = (oddBit | (set << 28)) >>> 0
  }
}
