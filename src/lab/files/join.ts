/**
 * The truth beside its events, by `id`, and events whose id was there before, with memory that does not depend on how many there are:
 * ids and truth are dealt into as many files as it takes, and each is joined for itself.
 */
import { numberIn, type Part, textIn } from '../stream/table.ts'
import { readTable, type TableWriter } from '../stream/table-file.ts'
import { PartBuilder, RowsOf } from './builder.ts'
import type { Scratch } from './scratch.ts'
import { fileColumn, lineColumn } from './sort.ts'

/** Ids that are in memory at a time. */
const dealSize = 1 << 18
const mostDeals = 256
const pieceSize = 1024

const placeColumn = '#place'
const againColumn = '#again'

export const dealsFor = (rows: number): number => Math.min(mostDeals, Math.max(1, Math.ceil(rows / dealSize)))

/** FNV-1a. */
function dealOf(id: string, deals: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % deals
}

/** Rows dealt into files by their id. */
class Deals {
  readonly #scratch: Scratch
  readonly #names: readonly string[]
  readonly #builders: readonly PartBuilder[]
  readonly #writers: TableWriter[] = []
  constructor(scratch: Scratch, name: string, deals: number) {
    this.#scratch = scratch
    this.#names = Array.from({ length: deals }, (_, deal) => `${name}-${deal}`)
    this.#builders = this.#names.map(() => new PartBuilder(pieceSize))
  }
  async open(): Promise<void> {
    for (const name of this.#names) this.#writers.push(await this.#scratch.write(name))
  }
  /** The builder of this deal. */
  at(deal: number): PartBuilder {
    return this.#builders[deal] as PartBuilder
  }
  /** Ends the row of the deal's builder; a promise where something is written. */
  next(deal: number): Promise<void> | undefined {
    const builder = this.at(deal)
    builder.next()
    return builder.isFull ? this.#writers[deal]?.put(builder.take(true)) : undefined
  }
  async end(): Promise<readonly string[]> {
    for (const [deal, builder] of this.#builders.entries()) {
      if (builder.n > 0) await this.#writers[deal]?.put(builder.take(true))
      await this.#writers[deal]?.end()
    }
    return this.#names.map((name) => this.#scratch.path(name))
  }
}

/** A row of the truth that belongs to nothing, by its file and line. */
export type Stray = { readonly file: number; readonly line: number; readonly why: 'no event' | 'again' }

/** What belongs to the events of a table, found before they are read. */
export type Found = {
  /** One file per deal: `#place` of the event in the table, ascending, with its truth or with `#again`. */
  readonly paths: readonly string[]
  readonly deals: number
}

/** Deals the ids of the events out. */
export async function dealIds(table: string, scratch: Scratch, deals: number): Promise<readonly string[]> {
  const dealt = new Deals(scratch, 'ids', deals)
  await dealt.open()
  for await (const part of readTable(table, { columns: new Set(['id']) })) {
    const ids = part.columns.get('id')
    for (let row = 0; row < part.n; row++) {
      const id = textIn(ids, row)
      if (id === undefined) continue
      const deal = dealOf(id, deals)
      const builder = dealt.at(deal)
      builder.text('id').set(builder.n, id)
      builder.number(placeColumn).set(builder.n, part.first + row)
      const written = dealt.next(deal)
      if (written !== undefined) await written
    }
  }
  return await dealt.end()
}

/** Deals rows of the truth out; every row has an id. */
export class TruthDeals {
  readonly #deals: number
  readonly #dealt: Deals
  constructor(scratch: Scratch, deals: number) {
    this.#deals = deals
    this.#dealt = new Deals(scratch, 'truth', deals)
  }
  open(): Promise<void> {
    return this.#dealt.open()
  }
  async put(part: Part): Promise<void> {
    const rows = new RowsOf(part)
    const ids = part.columns.get('id')
    for (let row = 0; row < part.n; row++) {
      const deal = dealOf(textIn(ids, row) ?? '', this.#deals)
      rows.copy(row, this.#dealt.at(deal))
      const written = this.#dealt.next(deal)
      if (written !== undefined) await written
    }
  }
  end(): Promise<readonly string[]> {
    return this.#dealt.end()
  }
}

/** `truth`: the files of TruthDeals, where there is a truth. */
export async function joined(
  ids: readonly string[],
  truth: readonly string[] | undefined,
  scratch: Scratch,
  onStray: (stray: Stray) => Promise<void> | undefined,
): Promise<Found> {
  const paths: string[] = []
  for (const [deal, path] of ids.entries()) {
    const name = `found-${deal}`
    await joinDeal(path, truth?.[deal], await scratch.write(name), onStray)
    paths.push(scratch.path(name))
  }
  return { paths, deals: ids.length }
}

async function joinDeal(
  ids: string,
  truth: string | undefined,
  writer: TableWriter,
  onStray: (stray: Stray) => Promise<void> | undefined,
): Promise<void> {
  const places = new Map<string, number>()
  const found: { readonly place: number; readonly part?: number; readonly row?: number }[] = []
  for await (const part of readTable(ids)) {
    for (let row = 0; row < part.n; row++) {
      const id = textIn(part.columns.get('id'), row) ?? ''
      const place = numberIn(part.columns.get(placeColumn), row)
      if (places.has(id)) found.push({ place })
      else places.set(id, place)
    }
  }
  const parts: Part[] = []
  if (truth !== undefined)
    for await (const part of readTable(truth)) {
      for (let row = 0; row < part.n; row++) {
        const id = textIn(part.columns.get('id'), row) ?? ''
        const place = places.get(id)
        // Taken: a place below 0.
        if (place !== undefined && place >= 0) {
          found.push({ place, part: parts.length, row })
          places.set(id, -1)
          continue
        }
        const [file, line] = [fileColumn, lineColumn].map((name) => numberIn(part.columns.get(name), row))
        const told = onStray({ file: file ?? 0, line: line ?? 0, why: place === undefined ? 'no event' : 'again' })
        if (told !== undefined) await told
      }
      parts.push(part)
    }
  found.sort((a, b) => a.place - b.place)
  const rows = parts.map((part) => new RowsOf(part))
  const builder = new PartBuilder(pieceSize)
  for (const { place, part, row } of found) {
    if (part !== undefined && row !== undefined) rows[part]?.copy(row, builder)
    else builder.number(againColumn).set(builder.n, 1)
    builder.number(placeColumn).set(builder.n, place)
    builder.next()
    if (builder.isFull) await writer.put(builder.take(true))
  }
  if (builder.n > 0) await writer.put(builder.take(true))
  await writer.end()
}

/** One file of what was found, read along with the events. */
class FoundCursor {
  row = -1
  part: Part | undefined
  rows: RowsOf | undefined
  /** Of the event that it is about; none: infinite. */
  place = -1
  readonly #parts: AsyncGenerator<Part>
  constructor(path: string) {
    this.#parts = readTable(path)
  }
  async next(): Promise<void> {
    this.row++
    if (this.part === undefined || this.row >= this.part.n) {
      const next = await this.#parts.next()
      this.part = next.done === true ? undefined : next.value
      this.rows = this.part === undefined ? undefined : new RowsOf(this.part)
      this.row = 0
    }
    this.place =
      this.part === undefined ? Number.POSITIVE_INFINITY : numberIn(this.part.columns.get(placeColumn), this.row)
  }
  get isAgain(): boolean {
    return numberIn(this.part?.columns.get(againColumn), this.row) === 1
  }
  async close(): Promise<void> {
    await this.#parts.return(undefined)
  }
}

/** An event of the table, and what was found of it. */
export type Joined = {
  /** Rows to be kept, by their place in the part. */
  readonly kept: readonly number[]
  /** Rows whose id was there before. */
  readonly again: readonly number[]
  /** Truth of the kept rows, as many as there are; the columns `id`, `#file`, `#line` and `#place` are none of it. */
  readonly truth: Part
  readonly withTruth: number
}

/** Goes along with the parts of the table, in order. */
export class FoundReader {
  readonly #cursors: readonly FoundCursor[]
  readonly #deals: number
  /** Of parts of any size up to this one. */
  readonly #builder: PartBuilder
  #isOpen = false
  constructor({ paths, deals }: Found, size: number) {
    this.#cursors = paths.map((path) => new FoundCursor(path))
    this.#deals = deals
    this.#builder = new PartBuilder(size)
  }
  async of(part: Part): Promise<Joined> {
    const builder = this.#builder
    if (!this.#isOpen) for (const cursor of this.#cursors) await cursor.next()
    this.#isOpen = true
    const kept: number[] = []
    const again: number[] = []
    let withTruth = 0
    const ids = part.columns.get('id')
    for (let row = 0; row < part.n; row++) {
      const id = textIn(ids, row)
      const cursor = id === undefined ? undefined : this.#cursors[dealOf(id, this.#deals)]
      if (cursor === undefined || cursor.place !== part.first + row) {
        kept.push(row)
        builder.next()
        continue
      }
      if (cursor.isAgain) again.push(row)
      else {
        cursor.rows?.copy(cursor.row, builder)
        kept.push(row)
        builder.next()
        withTruth++
      }
      await cursor.next()
    }
    return { kept, again, truth: builder.take(), withTruth }
  }
  async close(): Promise<void> {
    for (const cursor of this.#cursors) await cursor.close()
  }
}
