/** Parts made row by row. */
import { type Column, Dictionary, type Part } from '../stream/table.ts'

class TextBuilder {
  readonly kind = 'text'
  dictionary = new Dictionary()
  ids: Uint32Array
  constructor(capacity: number) {
    this.ids = new Uint32Array(capacity)
  }
  set(row: number, text: string): void {
    this.ids[row] = this.dictionary.idOf(text)
  }
  take(n: number, fresh: boolean): Column {
    const taken = { kind: this.kind, dictionary: this.dictionary, ids: this.ids.slice(0, n) } as const
    this.ids.fill(0, 0, n)
    if (fresh || this.dictionary.isFull) this.dictionary = new Dictionary()
    return taken
  }
}

class NumberBuilder {
  readonly kind = 'number'
  values: Float64Array
  constructor(capacity: number) {
    this.values = new Float64Array(capacity).fill(Number.NaN)
  }
  set(row: number, value: number): void {
    this.values[row] = value
  }
  take(n: number): Column {
    const taken = { kind: this.kind, values: this.values.slice(0, n) } as const
    this.values.fill(Number.NaN, 0, n)
    return taken
  }
}

export type { NumberBuilder, TextBuilder }

/** Where rows of one part go to, as long as the dictionaries on both sides stay the same. */
type Way = { readonly to: Dictionary; readonly ids: Uint32Array }

/** Columns that a row does not set were not sent. */
export class PartBuilder {
  readonly capacity: number
  readonly #columns = new Map<string, TextBuilder | NumberBuilder>()
  /** Rows that are complete. */
  n = 0
  #first = 0
  constructor(capacity: number) {
    this.capacity = capacity
  }
  get isFull(): boolean {
    return this.n === this.capacity
  }
  text(name: string): TextBuilder {
    const known = this.#columns.get(name)
    if (known?.kind === 'text') return known
    const column = new TextBuilder(this.capacity)
    this.#columns.set(name, column)
    return column
  }
  number(name: string): NumberBuilder {
    const known = this.#columns.get(name)
    if (known?.kind === 'number') return known
    const column = new NumberBuilder(this.capacity)
    this.#columns.set(name, column)
    return column
  }
  /** Whether the row that is being made has a value there. */
  has(name: string): boolean {
    const column = this.#columns.get(name)
    if (column === undefined) return false
    return column.kind === 'text' ? column.ids[this.n] !== 0 : !Number.isNaN(column.values[this.n])
  }
  /** The row is complete. */
  next(): void {
    this.n++
  }
  /** The row that is being made is none. */
  clear(): void {
    for (const column of this.#columns.values()) {
      if (column.kind === 'text') column.ids[this.n] = 0
      else column.values[this.n] = Number.NaN
    }
  }
  /** What is there, and begins anew. `fresh`: with new dictionaries, where parts are read far apart. */
  take(fresh = false): Part {
    const n = this.n
    const columns = new Map<string, Column>()
    for (const [name, column] of this.#columns) columns.set(name, column.take(n, fresh))
    const part = { n, first: this.#first, columns }
    this.#first += n
    this.n = 0
    return part
  }
}

/** Copies rows of one part into builders; a text is looked for once for each part that it comes from. */
export class RowsOf {
  readonly #part: Part
  readonly #ways = new Map<string, Way>()
  constructor(part: Part) {
    this.#part = part
  }
  /** Into the row that `builder` is at, which the caller ends by counting it. */
  copy(row: number, builder: PartBuilder): void {
    for (const [name, column] of this.#part.columns) {
      if (column.kind === 'number') {
        const value = column.values[row] as number
        if (!Number.isNaN(value)) builder.number(name).values[builder.n] = value
        continue
      }
      const id = column.ids[row] as number
      if (id === 0) continue
      const target = builder.text(name)
      const way = this.#way(name, target.dictionary, column.dictionary.size)
      let there = way.ids[id] as number
      if (there === 0) {
        there = target.dictionary.idOf(ownText(column.dictionary.values[id] as string))
        way.ids[id] = there
      }
      target.ids[builder.n] = there
    }
  }
  #way(name: string, to: Dictionary, size: number): Way {
    const known = this.#ways.get(name)
    if (known?.to === to && known.ids.length >= size) return known
    const way = { to, ids: new Uint32Array(size) }
    this.#ways.set(name, way)
    return way
  }
}

/**
 * The same text with characters of its own: a piece that was cut from a big text keeps all of it in memory. Short pieces are copied by
 * the engine itself. Half a surrogate pair becomes U+FFFD.
 */
export const ownText = (text: string): string => (text.length < 13 ? text : Buffer.from(text).toString())
