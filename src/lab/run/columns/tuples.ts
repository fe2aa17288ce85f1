/** What follows from several columns of a row together, worked out once for each combination of their values. */

import type { Dictionary } from '../../stream/table.ts'
import { farthestNumber } from '../areq.ts'
import type { Columns } from './texts.ts'

export type TupleColumn = { readonly name: string; readonly kind: 'text' | 'number' }

/** Combinations that are remembered; then all are forgotten, and worked out again as they come. */
const most = 1 << 19
const smallest = 1 << 10

/** A number as an id: 0 where it is none that counts. */
const idOfNumber = (value: number): number =>
  Number.isInteger(value) && Math.abs(value) <= farthestNumber ? value + farthestNumber + 1 : 0

export class Tuples<T> {
  readonly #columns: readonly TupleColumn[]
  readonly #make: (row: number) => T
  readonly #width: number
  readonly #dictionaries: (Dictionary | undefined)[]
  #ids: Uint32Array[] = []
  #coded: (Uint32Array | undefined)[] = []
  /** Ids of each combination, one after the other, and what follows from it. */
  #tuples = new Uint32Array(smallest)
  #values: T[] = []
  /** Place + 1 by hash; 0: free. */
  #table = new Int32Array(smallest)
  /** Counts how often all was forgotten: places hold until the next time. */
  generation = 0
  /** By the id in the first column: where it was found last. */
  #last = new Int32Array(smallest)

  /** `make` is told a row with the combination, while its part is bound. The first column is the one that tells most. */
  constructor(columns: readonly TupleColumn[], make: (row: number) => T) {
    this.#columns = columns
    this.#make = make
    this.#width = columns.length
    this.#dictionaries = columns.map(() => undefined)
    this.#coded = columns.map(() => undefined)
  }

  bind(columns: Columns): void {
    let isOld = this.#values.length > most
    this.#ids = this.#columns.map(({ name, kind }, i) => {
      if (kind === 'number') return this.#codes(i, columns.numbers(name))
      const dictionary = columns.dictionary(name)
      if (dictionary !== undefined && dictionary !== this.#dictionaries[i]) {
        this.#dictionaries[i] = dictionary
        isOld = true
      }
      return columns.ids(name)
    })
    if (isOld) this.#forget()
  }

  #codes(i: number, numbers: Float64Array): Uint32Array {
    const held = this.#coded[i]
    const codes = held !== undefined && held.length >= numbers.length ? held : new Uint32Array(numbers.length)
    this.#coded[i] = codes
    for (let row = 0; row < numbers.length; row++) codes[row] = idOfNumber(numbers[row] as number)
    return codes
  }

  #forget(): void {
    this.generation++
    this.#values = []
    this.#tuples = new Uint32Array(smallest)
    this.#table = new Int32Array(smallest)
    this.#last = new Int32Array(smallest)
  }

  at(row: number): T {
    return this.#values[this.placeAt(row)] as T
  }
  of(place: number): T {
    return this.#values[place] as T
  }
  /** Which combination a row has. */
  placeAt(row: number): number {
    const first = (this.#ids[0] as Uint32Array)[row] as number
    const place = first < this.#last.length ? (this.#last[first] as number) - 1 : -1
    return place >= 0 && this.#isAt(place, row) ? place : this.#find(row, first)
  }

  #isAt(place: number, row: number): boolean {
    const width = this.#width
    const tuples = this.#tuples
    const ids = this.#ids
    const from = place * width
    for (let i = 0; i < width; i++) if (tuples[from + i] !== (ids[i] as Uint32Array)[row]) return false
    return true
  }

  #hash(row: number): number {
    const ids = this.#ids
    let hash = 0
    for (let i = 0; i < ids.length; i++) {
      hash = Math.imul(hash ^ ((ids[i] as Uint32Array)[row] as number), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    return hash
  }

  #find(row: number, first: number): number {
    const hash = this.#hash(row)
    const table = this.#table
    const mask = table.length - 1
    let at = hash & mask
    for (let found = table[at] as number; found !== 0; found = table[at] as number) {
      if (this.#isAt(found - 1, row)) {
        this.#remember(first, found)
        return found - 1
      }
      at = (at + 1) & mask
    }
    return this.#add(row, first)
  }

  #remember(first: number, found: number): void {
    // An id of a number may be far out: it is looked up each time.
    if (first >= this.#last.length) {
      if (first > 2 * most) return
      const more = new Int32Array(Math.max(2 * this.#last.length, first + 1))
      more.set(this.#last)
      this.#last = more
    }
    this.#last[first] = found
  }

  #add(row: number, first: number): number {
    const value = this.#make(row)
    const place = this.#values.push(value) - 1
    const width = this.#width
    if ((place + 1) * width > this.#tuples.length) {
      const more = new Uint32Array(2 * this.#tuples.length)
      more.set(this.#tuples)
      this.#tuples = more
    }
    for (let i = 0; i < width; i++) this.#tuples[place * width + i] = (this.#ids[i] as Uint32Array)[row] as number
    if (2 * this.#values.length > this.#table.length) this.#rehash()
    else this.#put(this.#hash(row), place)
    this.#remember(first, place + 1)
    return place
  }

  #put(hash: number, place: number): void {
    const table = this.#table
    const mask = table.length - 1
    let at = hash & mask
    while (table[at] !== 0) at = (at + 1) & mask
    table[at] = place + 1
  }

  #rehash(): void {
    this.#table = new Int32Array(2 * this.#table.length)
    const width = this.#width
    for (let place = 0; place < this.#values.length; place++) {
      let hash = 0
      for (let i = 0; i < width; i++) {
        hash = Math.imul(hash ^ (this.#tuples[place * width + i] as number), 0x9e3779b1)
        hash ^= hash >>> 15
      }
      this.#put(hash, place)
    }
  }
}
