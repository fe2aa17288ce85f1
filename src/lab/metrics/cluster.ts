/**
 * Variance of a ratio of sums over cards, by linearisation: Σ (xᵢ − r·nᵢ)² · m/(m − 1) / N². Events of one card are not independent, so a
 * card counts as one observation. Above `sampleSize` cards the sum of squares is taken over a sample of them, chosen by a hash of the
 * card, and scaled up; the ratio itself is always of all.
 */

import { z975 } from './numbers.ts'
import { level } from './resample.ts'
import type { Denominator, Estimate, Interval } from './types.ts'

const sampleSize = 4_096
/** Columns of a table that is tallied by bits. */
const mostBits = 8

/** Finalizer of MurmurHash3. */
export function mixed(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** Exact counts of `width` columns, and rows by card for a sample of the cards. */
export class ClusterSums {
  readonly width: number
  /** A card is in the sample where the last `#depth` bits of its hash are 0. */
  #depth = 0
  #count = 0
  #keys = new Int32Array(256).fill(-1)
  #data: Uint32Array
  readonly #most: number
  readonly #single: Float64Array
  /** Events by the columns that they count in, a bit each: one number to change instead of one for each column. */
  readonly #byBits: Float64Array
  constructor(width: number, most = sampleSize) {
    this.width = width
    this.#most = most
    this.#data = new Uint32Array(256 * width)
    this.#single = new Float64Array(width)
    this.#byBits = new Float64Array(width <= mostBits ? 1 << width : 0)
  }
  /** One in one column. */
  add(card: number, column: number): void {
    this.#single[column] = (this.#single[column] as number) + 1
    const place = this.#slotOf(card, mixed(card))
    if (place >= 0) this.#data[place + column] = (this.#data[place + column] as number) + 1
  }
  /** One in each column whose bit is set; of tables of few columns. `hash`: mixed(card). */
  tally(card: number, hash: number, bits: number): void {
    this.#byBits[bits] = (this.#byBits[bits] as number) + 1
    if ((hash & ((1 << this.#depth) - 1)) !== 0) return
    const place = this.#slotOf(card, hash)
    if (place < 0) return
    for (let column = place, left = bits; left !== 0; column++, left >>>= 1)
      if ((left & 1) !== 0) this.#data[column] = (this.#data[column] as number) + 1
  }
  get totals(): Float64Array {
    const totals = this.#single.slice()
    for (let bits = 1; bits < this.#byBits.length; bits++)
      for (let column = 0; column < this.width; column++)
        if ((bits & (1 << column)) !== 0) totals[column] = (totals[column] as number) + (this.#byBits[bits] as number)
    return totals
  }
  #slotOf(card: number, hash: number): number {
    if ((hash & ((1 << this.#depth) - 1)) !== 0) return -1
    const mask = this.#keys.length - 1
    let slot = (hash >>> this.#depth) & mask
    while (this.#keys[slot] !== card) {
      if (this.#keys[slot] === -1) {
        if (this.#count >= this.#most || this.#count * 2 >= this.#keys.length) {
          this.#rebuild()
          return this.#slotOf(card, hash)
        }
        this.#keys[slot] = card
        this.#count++
        break
      }
      slot = (slot + 1) & mask
    }
    return slot * this.width
  }
  /** Twice the room, or half the cards. */
  #rebuild(): void {
    const isFull = this.#count >= this.#most
    const keys = this.#keys
    const data = this.#data
    if (isFull) this.#depth++
    const size = isFull ? keys.length : keys.length * 2
    this.#keys = new Int32Array(size).fill(-1)
    this.#data = new Uint32Array(size * this.width)
    this.#count = 0
    for (let slot = 0; slot < keys.length; slot++) {
      const card = keys[slot] as number
      if (card === -1) continue
      const at = this.#slotOf(card, mixed(card))
      if (at >= 0) this.#data.set(data.subarray(slot * this.width, (slot + 1) * this.width), at)
    }
  }
  /** Of the sample, a card's row after the other. */
  rows(visit: (data: Uint32Array, at: number) => void): void {
    for (let slot = 0; slot < this.#keys.length; slot++)
      if (this.#keys[slot] !== -1) visit(this.#data, slot * this.width)
  }
  /** How many cards stand for one of the sample. */
  get scale(): number {
    return 2 ** this.#depth
  }
}

/** Sums of a residual (whose total is 0) by card. */
export function varianceOf(
  sums: ClusterSums,
  residual: (data: Uint32Array, at: number) => number,
  takesPart: (data: Uint32Array, at: number) => boolean,
): { readonly variance: number; readonly cards: number } {
  let squares = 0
  let sampled = 0
  sums.rows((data, at) => {
    if (!takesPart(data, at)) return
    sampled++
    squares += residual(data, at) ** 2
  })
  const cards = sampled * sums.scale
  return { variance: cards < 2 ? Number.NaN : (squares * sums.scale * cards) / (cards - 1), cards }
}

/** Column `x` over column `n`. */
export function ratioEstimate(sums: ClusterSums, x: number, n: number, denominator: Denominator): Estimate {
  const { totals } = sums
  const numerator = totals[x] as number
  const size = totals[n] as number
  const about = { numerator, n: size, denominator }
  if (size === 0) return { ...about, value: null, cards: 0, interval: null, why: 'noEvents' }
  const value = numerator / size
  const { variance, cards } = varianceOf(
    sums,
    (data, at) => (data[at + x] as number) - value * (data[at + n] as number),
    (data, at) => data[at + n] !== 0,
  )
  const whole = { ...about, value, cards }
  if (cards < 2) return { ...whole, interval: null, why: 'fewCards' }
  if (variance === 0) return { ...whole, ...withoutSpread(value, cards) }
  const half = (z975 * Math.sqrt(variance)) / size
  return {
    ...whole,
    interval: {
      low: Math.max(0, value - half),
      high: Math.min(1, value + half),
      level,
      method: 'cardsLinear',
      draws: 0,
    },
  }
}

/** No card had anything else than the others. Where all or nothing was hit, what cards as trials leave open; else nothing is known. */
export function withoutSpread(
  value: number,
  cards: number,
): { interval: Interval } | { interval: null; why: 'noSpread' } {
  if (value !== 0 && value !== 1) return { interval: null, why: 'noSpread' }
  const open = 1 - ((1 - level) / 2) ** (1 / cards)
  const [low, high] = value === 0 ? [0, open] : [1 - open, 1]
  return { interval: { low, high, level, method: 'exactCards', draws: 0 } }
}
