/**
 * What every variant decided on every event, as Parquet that others can read: one row per event, and for each variant the columns
 * `<id>.status`, `<id>.score`, `<id>.challenge` and `<id>.reason`. Further attempts of attackers (closed loop) have a file of their own.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import { openDecisions } from '../run/decision-files.ts'
import { challengeEnds, type DecisionPart, notMade } from '../run/decisions.ts'
import { openStream } from '../stream/store.ts'
import { numberIn, textIn } from '../stream/table.ts'
import { names } from './folder.ts'

/** Rows of a row group: a variant's columns of so many are in memory at once. */
const groupRows = 65_536
const createdBy = 'sekisho lab'

type Text = string | null
type Decided = { readonly variant: string; readonly folder: string }

/** Decisions of one variant, event by event. */
class Cursor {
  readonly status: Text[] = []
  readonly score: (number | null)[] = []
  readonly challenge: Text[] = []
  readonly reason: Text[] = []
  readonly #parts: AsyncIterator<DecisionPart>
  readonly #reasons: readonly string[]
  readonly #attempts: Attempts
  readonly #id: string
  #part: DecisionPart | undefined
  #row = 0
  constructor(id: string, parts: AsyncIterable<DecisionPart>, reasons: readonly string[], attempts: Attempts) {
    this.#id = id
    this.#parts = parts[Symbol.asyncIterator]()
    this.#reasons = reasons
    this.#attempts = attempts
  }
  /** Fills the columns with the events from `first` on. An event that this variant has no row of stays null. */
  async fill(first: number, n: number): Promise<void> {
    for (const column of [this.status, this.score, this.challenge, this.reason]) {
      column.length = 0
      for (let i = 0; i < n; i++) column.push(null as never)
    }
    for (;;) {
      if (this.#part === undefined || this.#row >= this.#part.n) {
        const next = await this.#parts.next()
        if (next.done === true) return
        this.#part = next.value
        this.#row = 0
      }
      const { n: rows, event, attempt } = this.#part
      for (; this.#row < rows; this.#row++) {
        const at = (event[this.#row] as number) - first
        if ((attempt[this.#row] as number) > 0) this.#attempts.add(this.#id, this.#part, this.#row, this.#reasons)
        else if (at >= n) return
        else this.#put(at, this.#part, this.#row)
      }
    }
  }
  /** Closes the file of one that was not read to its end. */
  async end(): Promise<void> {
    await this.#parts.return?.()
  }
  #put(at: number, part: DecisionPart, row: number): void {
    this.status[at] = statusText(part.status[row] as number)
    this.score[at] = scoreOf(part, row)
    this.challenge[at] = endText(part, row)
    this.reason[at] = this.#reasons[part.reason[row] as number] ?? null
  }
}

const statusText = (status: number): Text => (status === notMade ? null : String.fromCharCode(status))
const scoreOf = ({ score }: DecisionPart, row: number): number | null => {
  const value = score[row] as number
  return Number.isNaN(value) ? null : value
}
const endText = ({ challenge }: DecisionPart, row: number): Text => {
  const end = challenge[row] as number
  return end === 0 ? null : (challengeEnds[end] ?? null)
}

const optional = { repetition_type: 'OPTIONAL' } as const
const required = { repetition_type: 'REQUIRED' } as const
const text = (name: string) => ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional }) as const
const double = (name: string) => ({ name, type: 'DOUBLE', ...optional }) as const
const int = (name: string) => ({ name, type: 'INT32', ...required }) as const

type Element = ReturnType<typeof text> | ReturnType<typeof double> | ReturnType<typeof int>
const rooted = (elements: readonly Element[]) => [{ name: 'root', num_children: elements.length }, ...elements]

/** Attempts of all variants, in one long table. Its writer writes at once: the promises are for writers that do not. */
class Attempts {
  rows = 0
  readonly #path: string
  readonly #elements = [
    text('variant'),
    int('event'),
    int('attempt'),
    double('ts'),
    double('amount'),
    double('score'),
    text('status'),
    text('challenge'),
    text('reason'),
  ]
  readonly #columns: (string | number | null)[][]
  #file: ParquetWriter | undefined
  constructor(path: string) {
    this.#path = path
    this.#columns = this.#elements.map(() => [])
  }
  add(variant: string, part: DecisionPart, row: number, reasons: readonly string[]): void {
    const amount = part.amount[row] as number
    const values = [
      variant,
      part.event[row] as number,
      part.attempt[row] as number,
      part.ts[row] as number,
      Number.isNaN(amount) ? null : amount,
      scoreOf(part, row),
      statusText(part.status[row] as number),
      endText(part, row),
      reasons[part.reason[row] as number] ?? null,
    ]
    for (const [i, value] of values.entries()) this.#columns[i]?.push(value)
    this.rows++
    if (this.#columns[0]?.length === groupRows) this.#flush()
  }
  #flush(): void {
    this.#file ??= new ParquetWriter({ writer: fileWriter(this.#path), schema: rooted(this.#elements), createdBy })
    void this.#file.write({
      columnData: this.#elements.map(({ name }, i) => ({ name, data: this.#columns[i] ?? [] })),
      rowGroupSize: groupRows,
    })
    for (const column of this.#columns) column.length = 0
  }
  end(): void {
    if ((this.#columns[0]?.length ?? 0) > 0) this.#flush()
    void this.#file?.finish()
  }
}

/** Writes `decisions.parquet` and, where there were any, `attempts.parquet`. `events`: of the stream, those that were decided. */
export async function writeDecisions(
  out: string,
  stream: string,
  events: number,
  decided: readonly Decided[],
): Promise<void> {
  const path = join(out, names.decisions)
  const attemptsPath = join(out, names.attempts)
  await rm(path, { force: true })
  await rm(attemptsPath, { force: true })
  if (decided.length === 0) return
  const attempts = new Attempts(attemptsPath)
  const cursors = await Promise.all(
    decided.map(async ({ variant, folder }) => {
      const { meta, parts } = await openDecisions(folder)
      return { variant, cursor: new Cursor(variant, parts(), meta.reasons, attempts) }
    }),
  )
  const schema = rooted([
    int('event'),
    text('id'),
    double('ts'),
    ...decided.flatMap(({ variant }) => [
      text(`${variant}.status`),
      double(`${variant}.score`),
      text(`${variant}.challenge`),
      text(`${variant}.reason`),
    ]),
  ])
  const file = new ParquetWriter({ writer: fileWriter(path), schema, createdBy })
  const event: number[] = []
  const id: Text[] = []
  const ts: number[] = []
  let first = 0
  const flush = async (): Promise<void> => {
    const n = event.length
    if (n === 0) return
    for (const { cursor } of cursors) await cursor.fill(first, n)
    await file.write({
      columnData: [
        { name: 'event', data: event },
        { name: 'id', data: id },
        { name: 'ts', data: ts },
        ...cursors.flatMap(({ variant, cursor: { status, score, challenge, reason } }) => [
          { name: `${variant}.status`, data: status },
          { name: `${variant}.score`, data: score },
          { name: `${variant}.challenge`, data: challenge },
          { name: `${variant}.reason`, data: reason },
        ]),
      ],
      rowGroupSize: groupRows,
    })
    first += n
    for (const column of [event, id, ts]) column.length = 0
  }
  for await (const part of (await openStream(stream, ['id', 'ts'])).parts()) {
    const ids = part.columns.get('id')
    const times = part.columns.get('ts')
    for (let row = 0; row < part.n && part.first + row < events; row++) {
      event.push(part.first + row)
      id.push(textIn(ids, row) ?? null)
      ts.push(numberIn(times, row))
      if (event.length === groupRows) await flush()
    }
  }
  await flush()
  await file.finish()
  for (const { cursor } of cursors) await cursor.end()
  attempts.end()
}
