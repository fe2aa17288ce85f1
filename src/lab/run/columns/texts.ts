/**
 * Columns of a part as they are read: what follows from one text is worked out once per text of its dictionary, and kept until
 * another dictionary comes.
 */
import { type Column, type Dictionary, type Part, partSize } from '../../stream/table.ts'

/** Of columns that are not there, and of those of the wrong kind. */
const noIds = new Uint32Array(partSize)
const noNumbers = new Float64Array(partSize).fill(Number.NaN)

const idsOf = (column: Column | undefined): Uint32Array => (column?.kind === 'text' ? column.ids : noIds)
const numbersOf = (column: Column | undefined): Float64Array => (column?.kind === 'number' ? column.values : noNumbers)

/** A part's arrays by the name of the column; parts may be longer than those of our own writers. */
export class Columns {
  #part!: Part
  bind(part: Part): void {
    this.#part = part
  }
  ids(name: string): Uint32Array {
    const ids = idsOf(this.#part.columns.get(name))
    return ids.length >= this.#part.n ? ids : new Uint32Array(this.#part.n)
  }
  numbers(name: string): Float64Array {
    const numbers = numbersOf(this.#part.columns.get(name))
    return numbers.length >= this.#part.n ? numbers : new Float64Array(this.#part.n).fill(Number.NaN)
  }
  dictionary(name: string): Dictionary | undefined {
    const column = this.#part.columns.get(name)
    return column?.kind === 'text' ? column.dictionary : undefined
  }
}

/** What follows from the texts of one column. */
export class Texts<T> {
  ids: Uint32Array = noIds
  #values: (T | undefined)[]
  #isMade: Uint8Array = new Uint8Array(64)
  #dictionary: Dictionary | undefined
  readonly #name: string
  readonly #absent: T
  readonly #make: (text: string) => T
  /** Counts dictionaries: what was worked out by id holds until the next one. */
  generation = 0
  constructor(name: string, make: (text: string) => T, absent: T) {
    this.#name = name
    this.#make = make
    this.#absent = absent
    this.#values = [absent]
    this.#isMade[0] = 1
  }
  bind(columns: Columns): void {
    this.ids = columns.ids(this.#name)
    const dictionary = columns.dictionary(this.#name)
    if (dictionary === undefined || dictionary === this.#dictionary) return
    this.#dictionary = dictionary
    this.generation++
    this.#values = [this.#absent]
    this.#isMade = new Uint8Array(64)
    this.#isMade[0] = 1
  }
  isTold(row: number): boolean {
    return this.ids[row] !== 0
  }
  at(row: number): T {
    return this.of(this.ids[row] as number)
  }
  /** What follows from the text of an id. */
  of(id: number): T {
    return this.#isMade[id] === 1 ? (this.#values[id] as T) : this.#new(id)
  }
  #new(id: number): T {
    const value = this.#make(this.#dictionary?.values[id] ?? '')
    // In order, so that the array has no holes.
    while (this.#values.length <= id) this.#values.push(undefined)
    if (id >= this.#isMade.length) {
      const more = new Uint8Array(Math.max(2 * this.#isMade.length, id + 1))
      more.set(this.#isMade)
      this.#isMade = more
    }
    this.#values[id] = value
    this.#isMade[id] = 1
    return value
  }
}

/** A column of numbers. */
export class Numbers {
  values: Float64Array = noNumbers
  readonly #name: string
  constructor(name: string) {
    this.#name = name
  }
  bind(columns: Columns): void {
    this.values = columns.numbers(this.#name)
  }
  at(row: number): number {
    return this.values[row] as number
  }
}
