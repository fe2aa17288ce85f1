/**
 * Rows put in stream order, (`ts`, place in the input), with memory that does not depend on how many there are: sorted in runs, the runs
 * laid behind one another where they fit, and merged where they do not. What comes in order is written once and merged with nothing.
 */
import { numberIn, type Part, partSize } from '../stream/table.ts'
import { readTable, type TableWriter } from '../stream/table-file.ts'
import { PartBuilder, RowsOf } from './builder.ts'
import type { Scratch } from './scratch.ts'

const runSize = 1 << 16
/** Parts of runs that are to be merged are small, since one of each is in memory. */
const mergedPartSize = 512

/** Columns of rows on their way: which file, and which line of it. They break ties and name rows to people. */
export const fileColumn = '#file'
export const lineColumn = '#line'

type Sequence = { readonly path: string; readonly writer: TableWriter; rows: number; last: number }

export class Sorter {
  /** Rows are made here; `flush` when it is full. */
  readonly builder: PartBuilder
  /** Rows that came after one of a later time. */
  outOfOrder = 0
  rows = 0
  readonly #scratch: Scratch
  readonly #sequences: Sequence[] = []
  #latest = Number.NEGATIVE_INFINITY
  #isInOrder = true
  constructor(scratch: Scratch, size = runSize) {
    this.#scratch = scratch
    this.builder = new PartBuilder(size)
  }
  async flush(): Promise<void> {
    if (this.builder.n === 0) return
    const part = this.builder.take(!this.#isInOrder)
    this.rows += part.n
    const ts = part.columns.get('ts')
    const order = this.#orderOf(ts?.kind === 'number' ? ts.values : new Float64Array(part.n))
    const first = order === undefined ? 0 : (order[0] as number)
    const last = order === undefined ? part.n - 1 : (order[part.n - 1] as number)
    const sequence = await this.#sequenceFrom(numberIn(ts, first))
    if (this.#sequences.length > 1 || order !== undefined) this.#isInOrder = false
    for (const piece of this.#isInOrder ? slices(part, partSize) : sortedPieces(part, order)) {
      await sequence.writer.put({ ...piece, first: sequence.rows })
      sequence.rows += piece.n
    }
    sequence.last = numberIn(ts, last)
  }
  /** Undefined: the rows are in order. */
  #orderOf(ts: Float64Array): Uint32Array | undefined {
    let isSorted = true
    let before = Number.NEGATIVE_INFINITY
    for (const now of ts) {
      if (now < before) isSorted = false
      if (now < this.#latest) this.outOfOrder++
      else this.#latest = now
      before = now
    }
    if (isSorted) return undefined
    return Uint32Array.from(ts, (_, row) => row).sort((a, b) => (ts[a] as number) - (ts[b] as number) || a - b)
  }
  /** The one that ends last of those that end before `ts`; a new one where all go on longer. */
  async #sequenceFrom(ts: number): Promise<Sequence> {
    let best: Sequence | undefined
    for (const one of this.#sequences) if (one.last <= ts && (best === undefined || one.last > best.last)) best = one
    if (best !== undefined) return best
    const name = `run-${this.#sequences.length}`
    const sequence = { path: this.#scratch.path(name), writer: await this.#scratch.write(name), rows: 0, last: ts }
    this.#sequences.push(sequence)
    return sequence
  }
  /** A table of all rows in stream order. */
  async end(): Promise<string> {
    await this.flush()
    for (const { writer } of this.#sequences) await writer.end()
    const [only, second] = this.#sequences
    if (only !== undefined && second === undefined && this.#isInOrder) return only.path
    const writer = await this.#scratch.write('sorted')
    for await (const part of merged(this.#sequences.map((one) => one.path))) await writer.put(part)
    await writer.end()
    return this.#scratch.path('sorted')
  }
}

function* slices(part: Part, size: number): Generator<Part> {
  for (let from = 0; from < part.n; from += size) {
    const to = Math.min(part.n, from + size)
    const columns = new Map(
      [...part.columns].map(([name, column]) => [
        name,
        column.kind === 'text'
          ? { ...column, ids: column.ids.subarray(from, to) }
          : { ...column, values: column.values.subarray(from, to) },
      ]),
    )
    yield { n: to - from, first: from, columns }
  }
}

function* sortedPieces(part: Part, order: Uint32Array | undefined): Generator<Part> {
  const builder = new PartBuilder(mergedPartSize)
  const rows = new RowsOf(part)
  for (let at = 0; at < part.n; at++) {
    rows.copy(order === undefined ? at : (order[at] as number), builder)
    builder.next()
    if (builder.isFull) yield builder.take(true)
  }
  if (builder.n > 0) yield builder.take(true)
}

/** Where one sequence is. */
class Cursor {
  ts = 0
  #row = -1
  #part: Part | undefined
  #rows: RowsOf | undefined
  #file = 0
  #line = 0
  readonly #parts: AsyncGenerator<Part>
  constructor(path: string) {
    this.#parts = readTable(path)
  }
  /** To the next row; false: there is none. A promise only where a part has to be read. */
  next(): boolean | Promise<boolean> {
    this.#row++
    return this.#part !== undefined && this.#row < this.#part.n ? this.#look() : this.#load()
  }
  async #load(): Promise<boolean> {
    const next = await this.#parts.next()
    if (next.done === true) return false
    this.#part = next.value
    this.#rows = new RowsOf(next.value)
    this.#row = 0
    return this.#look()
  }
  #look(): boolean {
    const columns = this.#part?.columns
    this.ts = numberIn(columns?.get('ts'), this.#row)
    this.#file = numberIn(columns?.get(fileColumn), this.#row)
    this.#line = numberIn(columns?.get(lineColumn), this.#row)
    return true
  }
  copy(builder: PartBuilder): void {
    this.#rows?.copy(this.#row, builder)
  }
  isBefore(other: Cursor): boolean {
    if (this.ts !== other.ts) return this.ts < other.ts
    return this.#file === other.#file ? this.#line < other.#line : this.#file < other.#file
  }
  async close(): Promise<void> {
    await this.#parts.return(undefined)
  }
}

async function* merged(paths: readonly string[]): AsyncGenerator<Part> {
  const all = paths.map((path) => new Cursor(path))
  const heap: Cursor[] = []
  try {
    for (const cursor of all)
      if (await cursor.next()) {
        heap.push(cursor)
        rise(heap)
      }
    const builder = new PartBuilder(partSize)
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      top.copy(builder)
      builder.next()
      if (builder.isFull) yield builder.take()
      const moved = top.next()
      if (!(typeof moved === 'boolean' ? moved : await moved)) {
        const last = heap.pop()
        if (last !== undefined && last !== top) heap[0] = last
      }
      sink(heap)
    }
    if (builder.n > 0) yield builder.take()
  } finally {
    for (const cursor of all) await cursor.close()
  }
}

function rise(heap: Cursor[]): void {
  for (let at = heap.length - 1; at > 0; ) {
    const above = (at - 1) >> 1
    const [one, other] = [heap[at], heap[above]]
    if (one === undefined || other === undefined || !one.isBefore(other)) return
    heap[at] = other
    heap[above] = one
    at = above
  }
}

function sink(heap: Cursor[]): void {
  for (let at = 0; ; ) {
    let least = at
    for (const below of [2 * at + 1, 2 * at + 2]) {
      const one = heap[below]
      if (one?.isBefore(heap[least] as Cursor) === true) least = below
    }
    if (least === at) return
    const [one, other] = [heap[at] as Cursor, heap[least] as Cursor]
    heap[at] = other
    heap[least] = one
    at = least
  }
}
