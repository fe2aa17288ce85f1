/**
 * Sums by card as they are resampled: two columns at a time under four draws, so that each number is fetched once for four draws and each weight for two
 * columns. Columns of small whole numbers share a column, columns of zeros are not summed at all, and those that few cards have only over these cards.
 */
import type { CardTable } from './card-table.ts'

/** Draws that are made at once. */
export const lanes = 4
/** How often each card was drawn: its weights in the four draws stand together. */
export type Weights = Uint16Array

/** A column of the table in the bits from `unit` on; a column that is no whole number has its place alone. */
type Part = { readonly index: number; readonly unit: number }
/** Parts by falling unit. Undefined `cards`: it has a place for every card. */
type Column = { readonly parts: Part[]; readonly values: Float64Array; bits: number }
type Sparse = { readonly index: number; readonly values: Float64Array; readonly cards: Uint32Array }

/** Whole numbers up to here have no error. */
const exactBits = 53

/** Bits that hold any weighted sum of whole numbers: no resample reaches sixteen times the sum. Undefined: some are not whole. */
function bitsOf(values: Float64Array): number | undefined {
  let sum = 0
  for (const value of values) {
    if (!(Number.isInteger(value) && value >= 0)) return undefined
    sum += value
  }
  return Math.ceil(Math.log2(16 * sum + 1))
}

/** A card looked up costs about as much as three in a row. */
const sparseBelow = 1 / 3

export class FrozenTable {
  readonly #dense: readonly Column[]
  readonly #sparse: readonly Sparse[]
  /** Of two columns under four draws. */
  readonly #found = new Float64Array(2 * lanes)
  constructor(table: CardTable, cards: number) {
    const dense: Column[] = []
    const sparse: Sparse[] = []
    for (let index = 0; index < table.width; index++) {
      const values = new Float64Array(cards)
      let there = 0
      for (let row = 0, at = index; row < table.rows; row++, at += table.width) {
        const value = table.data[at] as number
        if (value === 0) continue
        values[table.cards[row] as number] = value
        there++
      }
      if (there === 0) continue
      if (there < cards * sparseBelow) {
        const own = new Uint32Array(there)
        let n = 0
        for (let card = 0; card < cards; card++) if (values[card] !== 0) own[n++] = card
        sparse.push({ index, cards: own, values: Float64Array.from(own, (card) => values[card] as number) })
        continue
      }
      const bits = bitsOf(values)
      const shared = bits === undefined ? undefined : dense.find((column) => column.bits + bits <= exactBits)
      if (bits === undefined || shared === undefined) {
        dense.push({ parts: [{ index, unit: 1 }], values, bits: bits ?? exactBits })
        continue
      }
      const unit = 2 ** shared.bits
      for (let card = 0; card < cards; card++)
        shared.values[card] = (shared.values[card] as number) + unit * (values[card] as number)
      shared.parts.unshift({ index, unit })
      shared.bits += bits
    }
    this.#dense = dense
    this.#sparse = sparse
  }
  /** Adds to `into`: by draw, `stride` apart, from `offset` on by column. */
  sums(weights: Weights, into: Float64Array, offset: number, stride: number): void {
    const found = this.#found
    for (let at = 0; at < this.#dense.length; at += 2) {
      const one = this.#dense[at] as Column
      const two = this.#dense[at + 1]
      found.fill(0)
      if (two === undefined) sumOne(one.values, weights, found)
      else sumTwo(one.values, two.values, weights, found)
      for (let lane = 0; lane < lanes; lane++) {
        share(one.parts, found[lane] as number, into, offset + lane * stride)
        if (two !== undefined) share(two.parts, found[lanes + lane] as number, into, offset + lane * stride)
      }
    }
    for (const { index, cards, values } of this.#sparse) {
      found.fill(0)
      sumSparse(values, cards, weights, found)
      for (let lane = 0; lane < lanes; lane++) {
        const to = offset + lane * stride + index
        into[to] = (into[to] as number) + (found[lane] as number)
      }
    }
  }
}

/** A sum back into those of its columns. */
function share(parts: readonly Part[], sum: number, into: Float64Array, offset: number): void {
  let left = sum
  for (const { index, unit } of parts) {
    const own = parts.length === 1 ? left : Math.floor(left / unit)
    left -= own * unit
    into[offset + index] = (into[offset + index] as number) + own
  }
}

function sumOne(column: Float64Array, weights: Weights, into: Float64Array): void {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let row = 0; row < column.length; row++) {
    const at = lanes * row
    const w = weights[at] as number
    const x = weights[at + 1] as number
    const y = weights[at + 2] as number
    const z = weights[at + 3] as number
    const value = column[row] as number
    a += w * value
    b += x * value
    c += y * value
    d += z * value
  }
  into.set([a, b, c, d])
}

function sumTwo(one: Float64Array, two: Float64Array, weights: Weights, into: Float64Array): void {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let e = 0
  let f = 0
  let g = 0
  let h = 0
  for (let row = 0; row < one.length; row++) {
    const at = lanes * row
    const w = weights[at] as number
    const x = weights[at + 1] as number
    const y = weights[at + 2] as number
    const z = weights[at + 3] as number
    const left = one[row] as number
    a += w * left
    b += x * left
    c += y * left
    d += z * left
    const right = two[row] as number
    e += w * right
    f += x * right
    g += y * right
    h += z * right
  }
  into.set([a, b, c, d, e, f, g, h])
}

function sumSparse(column: Float64Array, cards: Uint32Array, weights: Weights, into: Float64Array): void {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let row = 0; row < column.length; row++) {
    const at = lanes * (cards[row] as number)
    const w = weights[at] as number
    const x = weights[at + 1] as number
    const y = weights[at + 2] as number
    const z = weights[at + 3] as number
    const value = column[row] as number
    a += w * value
    b += x * value
    c += y * value
    d += z * value
  }
  into.set([a, b, c, d])
}
