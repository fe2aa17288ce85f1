/**
 * Sums by card as they are resampled: a column after the other, four draws at a time, so that each number is fetched once for four draws. Columns of
 * whole numbers are summed in integers, those that few cards have by these cards, columns of zeros not at all.
 */
import type { CardTable } from './card-table.ts'

export const inOneGo = 4
export type Weights = readonly [Uint16Array, Uint16Array, Uint16Array, Uint16Array]

/** Undefined `cards`: it has a place for every card. */
type Column = {
  readonly index: number
  readonly cards: Uint32Array | undefined
  readonly values: Int32Array | Float64Array
}

/** Whole numbers whose weighted sum stays an integer of 32 bits: no resample reaches sixteen times the sum. */
function wholeOf(values: Float64Array): Int32Array | undefined {
  let sum = 0
  for (const value of values) {
    if (!Number.isInteger(value)) return undefined
    sum += Math.abs(value)
  }
  return sum < 2 ** 27 ? Int32Array.from(values) : undefined
}

/** A card looked up costs about as much as three in a row. */
const sparseBelow = 1 / 3

export class FrozenTable {
  readonly #columns: readonly Column[]
  constructor(table: CardTable, cards: number) {
    const columns: Column[] = []
    for (let index = 0; index < table.width; index++) {
      const dense = new Float64Array(cards)
      let there = 0
      for (let row = 0, at = index; row < table.rows; row++, at += table.width) {
        const value = table.data[at] as number
        if (value === 0) continue
        dense[table.cards[row] as number] = value
        there++
      }
      if (there === 0) continue
      const isSparse = there < cards * sparseBelow
      const own = isSparse ? new Uint32Array(there) : undefined
      let n = 0
      if (own !== undefined) for (let card = 0; card < cards; card++) if (dense[card] !== 0) own[n++] = card
      const real = own === undefined ? dense : Float64Array.from(own, (card) => dense[card] as number)
      columns.push({ index, cards: own, values: wholeOf(real) ?? real })
    }
    this.#columns = columns
  }
  /** Adds to `into`: by draw, `stride` apart, from `offset` on by column. */
  sums(weights: Weights, into: Float64Array, offset: number, stride: number): void {
    for (const { index, cards, values } of this.#columns) {
      const at = offset + index
      if (values instanceof Float64Array) {
        if (cards === undefined) realSums(values, weights, into, at, stride)
        else sparseReals(values, cards, weights, into, at, stride)
      } else if (cards === undefined) wholeSums(values, weights, into, at, stride)
      else sparseWholes(values, cards, weights, into, at, stride)
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

function sparseReals(
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

function sparseWholes(
  column: Int32Array,
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
    a = (a + Math.imul(w[card] as number, value)) | 0
    b = (b + Math.imul(x[card] as number, value)) | 0
    c = (c + Math.imul(y[card] as number, value)) | 0
    d = (d + Math.imul(z[card] as number, value)) | 0
  }
  put(into, at, stride, a, b, c, d)
}
