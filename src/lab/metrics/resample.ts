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

/** P(W ≤ w) of a Poisson variable with mean 1, in steps of 2^-32. Beyond the last nothing is left of 2^32. */
const poisson: readonly number[] = (() => {
  const below: number[] = []
  let term = Math.exp(-1)
  let sum = 0
  for (let w = 0; sum * 2 ** 32 < 2 ** 32 - 0.5; w++) {
    sum += term
    term /= w + 1
    below.push(Math.min(2 ** 32, Math.round(sum * 2 ** 32)))
  }
  return below
})()
const most = poisson.length
const poissonOf = (u: number): number => {
  let w = 0
  while (u >= (poisson[w] as number)) w++
  return w
}
/** By the first 16 bits of u: the weight, or `most` where more bits have to say it. */
const cell = 2 ** 16
const byCell = Uint8Array.from({ length: cell }, (_, index) => {
  const weight = poissonOf(index * cell)
  return weight === poissonOf(index * cell + cell - 1) ? weight : most
})

export class Resampler {
  readonly #state: readonly [number, number, number]
  #a = 0
  #b = 0
  #c = 0
  #counter = 0
  constructor(seed: string) {
    const hash = createHash('sha256').update(`${seed}\n/bootstrap`).digest()
    this.#state = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8)]
  }
  /** sfc32 of Chris Doty-Humphrey. */
  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }
  /**
   * Fills `weights`: how often each card was drawn. Independent Poisson weights with mean 1 are a multinomial sample of random size; taking
   * cards out of it, or adding some, until there are as many as cards leaves a multinomial sample of exactly that size. It is twice as fast
   * as drawing card by card. A card's weight goes to `card · stride + offset`.
   */
  draw(draw: number, weights: Uint16Array, stride = 1, offset = 0): void {
    ;[this.#a, this.#b, this.#c] = this.#state
    this.#counter = draw
    for (let round = 0; round < warmUp; round++) this.#next()
    const cards = weights.length / stride
    let left = cards - this.#poisson(weights, stride, offset)
    const scale = cards / 2 ** 32
    while (left > 0) {
      const at = Math.floor(this.#next() * scale) * stride + offset
      weights[at] = (weights[at] as number) + 1
      left--
    }
    // One that was drawn, each as likely as any other: a card, kept with the chance that its weight is of the largest there may be.
    while (left < 0) {
      const at = Math.floor(this.#next() * scale) * stride + offset
      const weight = weights[at] as number
      if (this.#next() * (most / 2 ** 32) >= weight) continue
      weights[at] = weight - 1
      left++
    }
  }
  /** Returns the sum. One number serves two cards, 16 bits each; where these do not decide, a whole one does. */
  #poisson(weights: Uint16Array, stride: number, offset: number): number {
    let a = this.#a
    let b = this.#b
    let c = this.#c
    let counter = this.#counter
    let bits = 0
    let sum = 0
    const unsure: number[] = []
    const cards = weights.length / stride
    for (let card = 0, at = offset; card < cards; card++, at += stride) {
      if ((card & 1) === 0) {
        bits = (a + b + counter) | 0
        counter = (counter + 1) | 0
        a = b ^ (b >>> 9)
        b = (c + (c << 3)) | 0
        c = ((c << 21) | (c >>> 11)) + bits
      }
      const half = (card & 1) === 0 ? bits >>> 16 : bits & 0xffff
      const weight = byCell[half] as number
      weights[at] = weight
      sum += weight
      if (weight === most) unsure.push(at, half)
    }
    this.#a = a
    this.#b = b
    this.#c = c
    this.#counter = counter
    for (let index = 0; index < unsure.length; index += 2) {
      const weight = poissonOf((unsure[index + 1] as number) * cell + (this.#next() >>> 16))
      weights[unsure[index] as number] = weight
      sum += weight - most
    }
    return sum
  }
}

/** One draw by itself. */
export const resample = (seed: string, draw: number, weights: Uint16Array): void =>
  new Resampler(seed).draw(draw, weights)
