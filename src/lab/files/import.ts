/**
 * Files of elsewhere become a stream. Every row is checked; what is left out is counted by reason and named line by line in
 * `left-out.csv` beside the stream. Memory does not grow with the number of rows: what does not fit is put aside in the stream's folder.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { requiredColumns } from '../stream/schema.ts'
import { metaFile, streamFiles } from '../stream/store.ts'
import type { StreamMeta } from '../stream/table.ts'
import { PartBuilder } from './builder.ts'
import { dealIds, dealsFor, type Found, joined, TruthDeals } from './join.ts'
import { LeftOut, type LeftOutRow } from './left-out.ts'
import { Names } from './names.ts'
import { type FileFormat, openSource } from './open.ts'
import { isBroken, LabFileError, type Source } from './rows.ts'
import { Scratch } from './scratch.ts'
import { fileColumn, lineColumn, Sorter } from './sort.ts'
import { RowTaker, type TakeOptions } from './take.ts'
import { type Taken, writeTaken } from './write-taken.ts'

/** `done`: 0 to 1, of this phase. */
export type ImportProgress = { readonly phase: 'read' | 'join' | 'write'; readonly done: number; readonly rows: number }

export type ImportOptions = {
  /** Files of events, which are one table, in this order. */
  readonly events: readonly string[]
  readonly truth?: string | undefined
  /** The folder of the stream. */
  readonly out: string
  /** The files hold scores of elsewhere: `id, day, card, y, amount` and any number of scores. */
  readonly isScores?: boolean | undefined
  readonly format?: FileFormat | undefined
  readonly encoding?: string | undefined
  readonly separator?: string | undefined
  /** Stops at the first row or column that would be left out. */
  readonly isStrict?: boolean | undefined
  /** Columns that reports are cut by, besides those of the truth that nobody knows. */
  readonly slices?: readonly string[] | undefined
  /** Our names by those of the files. */
  readonly renames?: ReadonlyMap<string, string> | undefined
  readonly ignored?: readonly string[] | undefined
  /** Texts that mean "not sent", besides the empty one. */
  readonly empties?: readonly string[] | undefined
  readonly name?: string | undefined
  /** Key of the pseudonyms that card numbers in the clear are kept under. */
  readonly seed?: string | undefined
  /** They are made up, and kept as they are. */
  readonly keepsCards?: boolean | undefined
  /** Seconds since 1970; undefined: so many days after the first event, 0 where nothing is said. */
  readonly measuredFrom?: number | undefined
  readonly warmUpDays?: number | undefined
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Rows that are sorted at a time. */
  readonly runSize?: number | undefined
}

export type ImportResult = Taken & {
  /** Rows of events that were read, and how many of them are in the stream. */
  readonly rows: number
  readonly taken: number
  /** Rows of the table of the truth. */
  readonly truthRows: number
  /** Rows of both tables. */
  readonly leftOut: {
    readonly rows: number
    readonly reasons: Readonly<Record<string, number>>
    /** The first ones, as sentences. */
    readonly shown: readonly string[]
    /** All of them; undefined: there are none. */
    readonly path: string | undefined
  }
  /** Names of the files that stand for nothing, with what may have been meant. */
  readonly columnsLeftOut: readonly string[]
  /** Rows that stood behind one of a later time, and were sorted. */
  readonly outOfOrder: number
  /** Card numbers in the clear are kept under pseudonyms. */
  readonly hasPseudonyms: boolean
}

const workName = '.work'
const leftOutName = 'left-out.csv'
const secondsPerDay = 86_400
const truthBatch = 1024
/** Problems of files of which nothing could be taken that are told. */
const mostTold = 5
/** What a folder may hold that is written over. */
const ourFiles: ReadonlySet<string> = new Set([workName, leftOutName, ...streamFiles, `${metaFile}.new`])

/**
 * A stream that is there stays until the new one is complete.
 * @throws LabFileError: nothing could be taken, or with `isStrict` not everything; LabStreamError: what was put aside is broken
 */
export async function importStream(options: ImportOptions): Promise<ImportResult> {
  const { out } = options
  await mkdir(out, { recursive: true })
  const others = (await readdir(out)).filter((name) => !ourFiles.has(name))
  if (others.length > 0) throw new LabFileError(out, `there is something else in this folder (${others[0]})`)
  const work = new Scratch(join(out, workName))
  await work.begin()
  const run = new Import(options, work)
  try {
    return await run.all()
  } finally {
    await run.close()
    await work.clear()
  }
}

class Import {
  readonly #options: ImportOptions
  readonly #work: Scratch
  readonly #names: Names
  readonly #leftOut: LeftOut
  /** By the numbers that rows carry. */
  readonly #files: string[] = []
  #rows = 0
  #truthRows = 0
  #hasPseudonyms = false

  constructor(options: ImportOptions, work: Scratch) {
    this.#options = options
    this.#work = work
    this.#leftOut = new LeftOut(work.path(leftOutName))
    this.#names = new Names({ ...options, hasTruthTable: options.truth !== undefined })
  }

  async all(): Promise<ImportResult> {
    const sorter = await this.#readEvents()
    const path = await sorter.end()
    if (sorter.rows === 0) throw this.#nothing()
    if (!this.#hasIds && this.#options.truth !== undefined)
      throw new LabFileError(this.#files.join(', '), 'no event has an id, by which its truth could be found')
    const found = this.#hasIds ? await this.#join(path, sorter.rows) : undefined
    this.#names.check()
    const written = await this.#write(path, sorter, found)
    return {
      ...written,
      rows: this.#rows,
      taken: written.meta.events,
      truthRows: this.#truthRows,
      leftOut: {
        rows: this.#leftOut.rows,
        reasons: this.#leftOut.byReason(),
        shown: this.#leftOut.shown,
        path: this.#leftOut.rows === 0 ? undefined : join(this.#options.out, leftOutName),
      },
      columnsLeftOut: this.#columnsLeftOut(),
      outOfOrder: sorter.outOfOrder,
      hasPseudonyms: this.#hasPseudonyms,
    }
  }
  async close(): Promise<void> {
    await this.#leftOut.end()
  }

  #hasIds = false
  get #required(): readonly string[] {
    return this.#options.isScores === true ? ['ts', 'card', 'isFraud', ...this.#names.scores] : requiredColumns
  }

  async #readEvents(): Promise<Sorter> {
    const sorter = new Sorter(this.#work, this.#options.runSize)
    const { builder } = sorter
    const taker = new RowTaker(builder, { required: () => this.#required, ...this.#takeOptions })
    for (const [index, path] of this.#options.events.entries()) {
      const source = await this.#open(path, 'events', taker)
      const done = (): number => (index + source.progress()) / this.#options.events.length
      for await (const rows of this.#rowsOf(source, taker, builder, () => this.#rows++)) {
        if (rows) await sorter.flush()
        this.#options.onProgress?.({ phase: 'read', done: done(), rows: this.#rows })
      }
    }
    await sorter.flush()
    this.#hasIds = taker.taken.has('id')
    this.#hasPseudonyms = taker.hasPseudonyms
    return sorter
  }

  get #takeOptions(): Pick<TakeOptions, 'empties' | 'seed' | 'nameOf'> {
    const { empties, seed = '', keepsCards } = this.#options
    return {
      empties: new Set(empties),
      seed: keepsCards === true ? undefined : seed,
      nameOf: (column) => this.#nameOf(column),
    }
  }

  async #open(path: string, table: 'events' | 'truth', taker: RowTaker): Promise<Source> {
    const file = basename(path)
    const columnOf = this.#names.of(file, table)
    const source = await openSource(path, {
      format: table === 'events' ? this.#options.format : undefined,
      encoding: this.#options.encoding,
      separator: this.#options.separator,
      wanted: (name) => columnOf(name) !== undefined,
      workFolder: this.#work.folder,
    })
    this.#files.push(file)
    if (!source.isOpen) {
      const columns = new Set(source.names.map((name) => columnOf(name)?.column))
      const missing = (table === 'truth' ? ['id'] : this.#required).filter((column) => !columns.has(column))
      if (missing.length > 0) throw new LabFileError(file, this.#withoutColumns(missing, source.names))
      if (this.#options.isScores === true && this.#names.scores.size === 0)
        throw new LabFileError(file, 'there is no column with a score')
    }
    taker.bind(source.names, columnOf)
    return source
  }
  #withoutColumns(missing: readonly string[], names: readonly string[]): string {
    const all = new Set([...names, ...this.#names.leftOut])
    const hints = [...all].map((name) => this.#names.hintOf(name)).join('')
    return `there is no column ${missing.map((column) => this.#nameOf(column)).join(', ')}${hints}; see docs/lab-import.md`
  }

  /** What a column is called in a file of this kind. */
  #nameOf(column: string): string {
    if (this.#options.isScores !== true) return column
    return column === 'ts' ? 'day' : column === 'isFraud' ? 'y' : column
  }

  /** Takes all rows of a source; true each time that the builder is full. */
  async *#rowsOf(source: Source, taker: RowTaker, builder: PartBuilder, count: () => void): AsyncGenerator<boolean> {
    const file = this.#files.length - 1
    const [files, lines] = [builder.number(fileColumn), builder.number(lineColumn)]
    for await (const batch of source.rows) {
      this.#options.signal?.throwIfAborted()
      for (const row of batch) {
        count()
        if (isBroken(row)) {
          const written = this.#leave([{ file: source.file, ...row }])
          if (written !== undefined) await written
          continue
        }
        files.set(builder.n, file)
        lines.set(builder.n, row.line)
        const problems = taker.take(row)
        if (problems !== undefined) {
          const written = this.#leave(problems.map((one) => ({ file: source.file, line: row.line, ...one })))
          if (written !== undefined) await written
        } else if (builder.isFull) yield true
      }
      yield false
    }
  }

  /** @throws LabFileError with `isStrict` */
  #leave(problems: readonly LeftOutRow[]): Promise<void> | undefined {
    const [first] = problems
    if (this.#options.isStrict === true && first !== undefined) {
      const { file, line, column, problem } = first
      throw new LabFileError(file, column === undefined ? problem : `${column}: ${problem}`, line)
    }
    return this.#leftOut.add(problems)
  }

  #nothing(): LabFileError {
    const { rows, shown } = this.#leftOut
    const told = shown.slice(0, mostTold).map((one) => `\n  ${one}`)
    const problem = rows === 0 ? 'there are no rows in it' : `no row could be taken${told.join('')}`
    return new LabFileError(this.#files.join(', '), problem)
  }

  async #join(path: string, rows: number): Promise<Found> {
    this.#options.onProgress?.({ phase: 'join', done: 0, rows })
    const deals = dealsFor(rows)
    const ids = await dealIds(path, this.#work, deals)
    const truth = this.#options.truth === undefined ? undefined : await this.#readTruth(this.#options.truth, deals)
    return await joined(ids, truth, this.#work, ({ file, line, why }) => {
      const problem = why === 'no event' ? 'the truth of no event that was taken' : 'the truth of an event that has one'
      return this.#leave([{ file: this.#files[file] ?? '', line, column: 'id', problem, reason: `truth: ${why}` }])
    })
  }

  async #readTruth(path: string, deals: number): Promise<readonly string[]> {
    const builder = new PartBuilder(truthBatch)
    const taker = new RowTaker(builder, { required: () => ['id'], ...this.#takeOptions })
    const source = await this.#open(path, 'truth', taker)
    const dealt = new TruthDeals(this.#work, deals)
    await dealt.open()
    for await (const isFull of this.#rowsOf(source, taker, builder, () => this.#truthRows++)) {
      if (isFull) await dealt.put(builder.take())
      this.#options.onProgress?.({ phase: 'join', done: source.progress(), rows: this.#truthRows })
    }
    if (builder.n > 0) await dealt.put(builder.take())
    return await dealt.end()
  }

  /** Made beside what is there, which is replaced when all is written. */
  async #write(path: string, sorter: Sorter, found: Found | undefined): Promise<Taken> {
    const { out, name = 'imported', seed = '', measuredFrom, warmUpDays = 0, onProgress } = this.#options
    const folder = this.#work.path('stream')
    const taken = await writeTaken({
      ...{ path, rows: sorter.rows, found, folder, plan: { name, seed }, signal: this.#options.signal },
      known: (first, events) => ({
        measuredFrom: measuredFrom ?? first + warmUpDays * secondsPerDay,
        slices: [...this.#names.slices].sort(),
        made: this.#made(sorter, events),
      }),
      onAgain: (file, line) => {
        const problem = 'an event before it has the same id'
        return this.#leave([{ file: this.#files[file] ?? '', line, column: 'id', problem, reason: 'id: again' }])
      },
      onProgress: (done, rows) => onProgress?.({ phase: 'write', done, rows }),
    })
    const hasLeftOut = await this.#leftOut.end()
    for (const file of [...streamFiles].reverse()) await rm(join(out, file), { force: true })
    await rm(join(out, leftOutName), { force: true })
    if (hasLeftOut) await rename(this.#work.path(leftOutName), join(out, leftOutName))
    for (const file of streamFiles) await rename(join(folder, file), join(out, file))
    return taken
  }

  #made(sorter: Sorter, events: number): StreamMeta['made'] {
    return {
      by: this.#options.isScores === true ? 'import of scores' : 'import',
      files: this.#files,
      rows: this.#rows,
      events,
      leftOut: this.#leftOut.byReason(),
      columnsLeftOut: [...this.#names.leftOut].sort(),
      outOfOrder: sorter.outOfOrder,
      ...(this.#options.isScores === true && { scores: [...this.#names.scores].sort() }),
    }
  }
  #columnsLeftOut(): readonly string[] {
    return [...this.#names.leftOut].sort().map((name) => `${name}${this.#names.hintOf(name)}`)
  }
}
