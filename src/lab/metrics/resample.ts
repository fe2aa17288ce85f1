/**
 * Resamples of whole cards: draw b takes as many cards as there are, with replacement (multinomial weights). A weight depends on the
 * seed, the number of the draw, the number of cards and the card's position alone, so the same resample meets every policy, whoever
 * computes it and in whatever pieces.
 */
import { createHash } from 'node:crypto'

export const defaultDraws = 2_000
export const level = 0.95

/** Rounds that a state goes through before it is used, so that neighbouring draws have nothing in common. */
const warmUp = 16

export class Resampler {
  readonly #state: readonly [number, number, number]
  constructor(seed: string) {
    const hash = createHash('sha256').update(`${seed}\n/bootstrap`).digest()
    this.#state = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8)]
  }
  /** Fills `weights`: how often each card was drawn. Index = floor(u·cards/2³²): no card is more likely than another by over cards/2³². */
  draw(draw: number, weights: Uint16Array): void {
    const cards = weights.length
    weights.fill(0)
    // sfc32 of Chris Doty-Humphrey, in line: this loop runs draws × cards times.
    let [a, b, c] = this.#state
    let counter = draw
    const scale = cards / 2 ** 32
    for (let taken = -warmUp; taken < cards; taken++) {
      const sum = (a + b + counter) | 0
      counter = (counter + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = ((c << 21) | (c >>> 11)) + sum
      if (taken < 0) continue
      const card = Math.floor((sum >>> 0) * scale)
      weights[card] = (weights[card] as number) + 1
    }
  }
}

/** One draw by itself. */
export const resample = (seed: string, draw: number, weights: Uint16Array): void =>
  new Resampler(seed).draw(draw, weights)
