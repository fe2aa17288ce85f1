/**
 * Sums by card as they are resampled: a column after the other, four draws at a time, so that each number is fetched once for four draws. Columns of
 * whole numbers are summed in integers, columns of zeros not at all.
 */
import type { CardTable } from './card-table.ts'

export const inOneGo = 4
export type Weights = readonly [Uint16Array, Uint16Array, Uint16Array, Uint16Array]

type Column = { readonly index: number; readonly whole: Int32Array | undefined; readonly real: Float64Array }

/** Whole numbers whose weighted sum stays an integer of 32 bits: no resample reaches sixteen times the sum. */
function wholeOf(values: Float64Array): Int32Array | undefined {
  let sum = 0
  for (const value of values) {
    if (!Number.isInteger(value)) return undefined
    sum += Math.abs(value)
  }
  return sum < 2 ** 27 ? Int32Array.from(values) : undefined
}

export class FrozenTable {
  /** Undefined: the columns have a place for every card. */
  readonly #cards: Uint32Array | undefined
  readonly #columns: readonly Column[]
  constructor(table: CardTable, cards: number) {
    const rows = Uint32Array.from({ length: table.rows }, (_, row) => row)
    const isFull = table.rows * 2 > cards
    if (!isFull) rows.sort((a, b) => (table.cards[a] as number) - (table.cards[b] as number))
    this.#cards = isFull ? undefined : Uint32Array.from(rows, (row) => table.cards[row] as number)
    const columns: Column[] = []
    for (let index = 0; index < table.width; index++) {
      const real = new Float64Array(isFull ? cards : rows.length)
      rows.forEach((row, place) => {
        real[isFull ? (table.cards[row] as number) : place] = table.data[row * table.width + index] as number
      })
      if (real.some((value) => value !== 0)) columns.push({ index, whole: wholeOf(real), real })
    }
    this.#columns = columns
  }
  /** Adds to `into`: by draw, `stride` apart, from `offset` on by column. */
  sums(weights: Weights, into: Float64Array, offset: number, stride: number): void {
    for (const { index, whole, real } of this.#columns) {
      const at = offset + index
      if (this.#cards !== undefined) sparseSums(real, this.#cards, weights, into, at, stride)
      else if (whole !== undefined) wholeSums(whole, weights, into, at, stride)
      else realSums(real, weights, into, at, stride)
    }
  }
}

function put(into: Float64Array, at: number, stride: number, a: number, b: number, c: number, d: number): void {
  into[at] = (into[at] as number) + a
  into[at + stride] = (into[at + stride] as number) + b
  into[at + 2 * stride] = (into[at + 2 * stride] as number) + c
  into[at + 3 * stride] = (into[at + 3 * stride] as number) + d
}

function wholeSums(column: Int32Array, [w, x, y, z]: Weights, into: Float64Array, at: number, stride: number): void {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let card = 0; card < column.length; card++) {
    const value = column[card] as number
    a = (a + Math.imul(w[card] as number, value)) | 0
    b = (b + Math.imul(x[card] as number, value)) | 0
    c = (c + Math.imul(y[card] as number, value)) | 0
    d = (d + Math.imul(z[card] as number, value)) | 0
  }
  put(into, at, stride, a, b, c, d)
}

function realSums(column: Float64Array, [w, x, y, z]: Weights, into: Float64Array, at: number, stride: number): void {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let card = 0; card < column.length; card++) {
    const value = column[card] as number
    a += (w[card] as number) * value
    b += (x[card] as number) * value
    c += (y[card] as number) * value
    d += (z[card] as number) * value
  }
  put(into, at, stride, a, b, c, d)
}

function sparseSums(
  column: Float64Array,
  cards: Uint32Array,
  [w, x, y, z]: Weights,
  into: Float64Array,
  at: number,
  stride: number,
): void {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let row = 0; row < column.length; row++) {
    const card = cards[row] as number
    const value = column[row] as number
    a += (w[card] as number) * value
    b += (x[card] as number) * value
    c += (y[card] as number) * value
    d += (z[card] as number) * value
  }
  put(into, at, stride, a, b, c, d)
}
