/** Rows in stream order, with what was found of them, become a stored stream. */
import { type StreamPlan, writeStream } from '../stream/store.ts'
import { type Column, numberIn, type Part, partSize, type StreamMeta } from '../stream/table.ts'
import { readTable } from '../stream/table-file.ts'
import { type Found, FoundReader } from './join.ts'
import { fileColumn, lineColumn } from './sort.ts'

export type TakenRows = {
  /** A table in stream order, and how many rows it has. */
  readonly path: string
  readonly rows: number
  /** Undefined: no row has an id. */
  readonly found: Found | undefined
  readonly folder: string
  readonly plan: Pick<StreamPlan, 'name' | 'seed'>
  /** What is known once all are written. */
  readonly known: (first: number, events: number) => Pick<StreamPlan, 'measuredFrom' | 'slices' | 'made'>
  /** An event whose id was there before: it is left out. */
  readonly onAgain: (file: number, line: number) => Promise<void> | undefined
  readonly onProgress?: ((done: number, rows: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}
export type Taken = {
  readonly meta: StreamMeta
  /** Events of which it is known whether they are fraud. */
  readonly withTruth: number
  /** Events that were labelled before they happened. */
  readonly labelledBefore: number
}

export async function writeTaken(rows: TakenRows): Promise<Taken> {
  const writer = await writeStream(rows.folder, { ...rows.plan, measuredFrom: 0, slices: [], made: {} })
  const reader = rows.found === undefined ? undefined : new FoundReader(rows.found, partSize)
  let events = 0
  let first = Number.NaN
  let withTruth = 0
  let labelledBefore = 0
  try {
    for await (const part of readTable(rows.path)) {
      rows.signal?.throwIfAborted()
      const { n, columns } = reader === undefined ? part : await withFound(part, reader, rows.onAgain)
      const own = new Map([...columns].filter(([name]) => !name.startsWith('#')))
      const ready = { n, first: events, columns: own }
      if (events === 0) first = numberIn(own.get('ts'), 0)
      withTruth += counted(n, (row) => !Number.isNaN(numberIn(own.get('isFraud'), row)))
      labelledBefore += counted(n, (row) => numberIn(own.get('labelTs'), row) < numberIn(own.get('ts'), row))
      await writer.put(ready)
      events += n
      rows.onProgress?.(events / rows.rows, events)
    }
    return { meta: await writer.end(rows.known(first, events)), withTruth, labelledBefore }
  } catch (error) {
    await writer.drop()
    throw error
  } finally {
    await reader?.close()
  }
}

async function withFound(
  part: Part,
  reader: FoundReader,
  onAgain: TakenRows['onAgain'],
): Promise<Pick<Part, 'n' | 'columns'>> {
  const { kept, again, truth } = await reader.of(part)
  for (const row of again) {
    const [file = 0, line = 0] = [fileColumn, lineColumn].map((name) => numberIn(part.columns.get(name), row))
    const told = onAgain(file, line)
    if (told !== undefined) await told
  }
  const columns = new Map<string, Column>()
  for (const [name, column] of part.columns) columns.set(name, again.length === 0 ? column : gathered(column, kept))
  for (const [name, column] of truth.columns) if (name !== 'id') columns.set(name, column)
  return { n: kept.length, columns }
}

function counted(n: number, is: (row: number) => boolean): number {
  let count = 0
  for (let row = 0; row < n; row++) if (is(row)) count++
  return count
}

const gathered = (column: Column, rows: readonly number[]): Column =>
  column.kind === 'text'
    ? { ...column, ids: Uint32Array.from(rows, (row) => column.ids[row] as number) }
    : { ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) }
