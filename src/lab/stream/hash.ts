/**
 * The hash of a stream's content. It says the same of the same events in the same order, whatever the file, the size of its parts, the
 * ids of its dictionaries, the order of its columns or the number of workers that made it.
 *
 * Per column a SHA-256 over blocks of 16,384 rows. A block of texts is the byte 1, the number of its distinct texts and the length of
 * each (UTF-16 units; four bytes each, little-endian), these texts in the order in which they come (UTF-8), and for each row the place
 * of its text among them, from 1 (0: not sent), as two bytes. A block of numbers is the byte 2 and its doubles, little-endian, not sent
 * as the one NaN, -0 as 0. A block in which nothing was sent is the byte 0. The hash of the stream is that of the JSON of its number of
 * events and of the names, kinds and hashes of the columns, by name; a column in which nothing was sent is not there.
 */
import { createHash, type Hash } from 'node:crypto'
import type { Column, Dictionary, NumberColumn, Part, TextColumn } from './table.ts'

const blockSize = 16_384
const nothingSent = Buffer.from([0])
const texts = Buffer.from([1])
const numbers = Buffer.from([2])

/** What one column of a stream comes to; rows are given in stream order. */
interface ColumnHash {
  readonly kind: Column['kind']
  /** Rows `from` … `to - 1` of a column, none: of a part that does not have it. They end at the end of a block, or before. */
  add(column: Column | undefined, from: number, to: number): void
  endBlock(rows: number): void
  digest(): string
}

class NumberHash implements ColumnHash {
  readonly kind = 'number'
  readonly #hash: Hash = createHash('sha256')
  readonly #block = new Float64Array(blockSize)
  #at = 0
  #isSent = false
  add(column: NumberColumn | undefined, from: number, to: number): void {
    if (column === undefined) {
      this.#block.fill(Number.NaN, this.#at, this.#at + to - from)
      this.#at += to - from
      return
    }
    const { values } = column
    const block = this.#block
    let at = this.#at
    let isSent = this.#isSent
    for (let row = from; row < to; row++) {
      const value = values[row] as number
      // A NaN may carry bits of its own; adding 0 makes 0 of -0.
      if (Number.isNaN(value)) block[at++] = Number.NaN
      else {
        block[at++] = value + 0
        isSent = true
      }
    }
    this.#at = at
    this.#isSent = isSent
  }
  endBlock(rows: number): void {
    if (this.#isSent) this.#hash.update(numbers).update(new Uint8Array(this.#block.buffer, 0, rows * 8))
    else this.#hash.update(nothingSent)
    this.#at = 0
    this.#isSent = false
  }
  digest(): string {
    return this.#hash.digest('hex')
  }
}

class TextHash implements ColumnHash {
  readonly kind = 'text'
  readonly #hash: Hash = createHash('sha256')
  readonly #block = new Uint16Array(blockSize)
  #at = 0
  /** Distinct texts of this block. */
  #found: string[] = []
  #dictionary: Dictionary | undefined
  /** For ids of the dictionary: the block in which it was seen last, and its place in it. */
  #seenIn = new Uint32Array(1024)
  #places = new Uint16Array(1024)
  #number = 1
  /** Set while a block has texts of more than one dictionary: there ids do not tell texts apart. */
  #byText: Map<string, number> | undefined
  add(column: TextColumn | undefined, from: number, to: number): void {
    if (column === undefined) {
      this.#block.fill(0, this.#at, this.#at + to - from)
      this.#at += to - from
      return
    }
    this.#take(column.dictionary)
    const { ids, dictionary } = column
    const number = this.#number
    const seenIn = this.#seenIn
    const places = this.#places
    const block = this.#block
    let at = this.#at
    for (let row = from; row < to; row++) {
      const id = ids[row] as number
      if (id !== 0 && seenIn[id] !== number) {
        seenIn[id] = number
        places[id] = this.#placeOf(dictionary.values[id] as string)
      }
      block[at++] = id === 0 ? 0 : (places[id] as number)
    }
    this.#at = at
  }
  #take(dictionary: Dictionary): void {
    if (dictionary !== this.#dictionary) {
      if (this.#found.length > 0) this.#byText = new Map(this.#found.map((text, index) => [text, index + 1]))
      this.#dictionary = dictionary
      this.#seenIn.fill(0)
    }
    if (dictionary.size <= this.#seenIn.length) return
    const seenIn = new Uint32Array(dictionary.size * 2)
    seenIn.set(this.#seenIn)
    this.#seenIn = seenIn
    const places = new Uint16Array(dictionary.size * 2)
    places.set(this.#places)
    this.#places = places
  }
  #placeOf(text: string): number {
    const found = this.#byText?.get(text)
    if (found !== undefined) return found
    const place = this.#found.push(text)
    this.#byText?.set(text, place)
    return place
  }
  endBlock(rows: number): void {
    if (this.#found.length === 0) this.#hash.update(nothingSent)
    else {
      const lengths = new Uint32Array(this.#found.length)
      for (let place = 0; place < lengths.length; place++) lengths[place] = (this.#found[place] as string).length
      this.#hash
        .update(texts)
        .update(new Uint8Array(Uint32Array.of(lengths.length).buffer))
        .update(new Uint8Array(lengths.buffer))
        .update(this.#found.join(''), 'utf8')
        .update(new Uint8Array(this.#block.buffer, 0, rows * 2))
    }
    this.#at = 0
    this.#found = []
    this.#byText = undefined
    this.#number++
  }
  digest(): string {
    return this.#hash.digest('hex')
  }
}

const wasSent = (column: Column, n: number): boolean =>
  column.kind === 'text'
    ? column.ids.subarray(0, n).some((id) => id !== 0)
    : column.values.subarray(0, n).some((value) => !Number.isNaN(value))

/** Give it the parts of a stream in order. */
export class StreamHash {
  readonly #columns = new Map<string, ColumnHash>()
  #events = 0
  /** @throws TypeError for a column that was of the other kind before */
  add(part: Part): void {
    for (const [name, column] of part.columns) {
      const known = this.#columns.get(name)
      if (known !== undefined && known.kind !== column.kind)
        throw new TypeError(`${name} is ${known.kind} and ${column.kind}`)
      if (known === undefined && wasSent(column, part.n)) this.#columns.set(name, this.#begin(column))
    }
    for (let from = 0; from < part.n; ) {
      const to = Math.min(part.n, from + blockSize - (this.#events % blockSize))
      for (const [name, hash] of this.#columns) hash.add(part.columns.get(name), from, to)
      this.#events += to - from
      if (this.#events % blockSize === 0) for (const hash of this.#columns.values()) hash.endBlock(blockSize)
      from = to
    }
  }
  /** A column that is seen for the first time was not sent until now. */
  #begin(column: Column): ColumnHash {
    const hash = column.kind === 'text' ? new TextHash() : new NumberHash()
    for (let block = 0; block < Math.floor(this.#events / blockSize); block++) hash.endBlock(blockSize)
    hash.add(undefined, 0, this.#events % blockSize)
    return hash
  }
  /** As hexadecimal digits; once only. */
  digest(): string {
    const rest = this.#events % blockSize
    if (rest > 0) for (const hash of this.#columns.values()) hash.endBlock(rest)
    const columns = [...this.#columns]
      .map(([name, hash]) => [name, hash.kind, hash.digest()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return createHash('sha256')
      .update(JSON.stringify(['sekisho stream 1', this.#events, columns]))
      .digest('hex')
  }
}
