/** A stream as files that others read: one table, a row per event, with its truth; what was not sent is empty, or null. */

import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { eventColumns, sliceColumns, truthColumns } from '../stream/schema.ts'
import type { Column, EventStream, Part } from '../stream/table.ts'
import { csvLine } from './csv-line.ts'
import { LabFileError } from './rows.ts'

export const exportFormats = ['parquet', 'csv', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type ExportOptions = {
  readonly format: ExportFormat
  /** A file, which has the name of its format at the end; of Parquet otherwise a folder, with a file for each day (UTC). */
  readonly out: string
  /** Only these, in the order in which the stream has them. */
  readonly columns?: readonly string[] | undefined
  readonly onProgress?: ((done: number, of: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}
export type ExportResult = {
  readonly events: number
  readonly files: readonly string[]
  readonly columns: readonly string[]
}

const order = [...Object.keys(eventColumns), ...Object.keys(truthColumns), ...sliceColumns]
const placeOf = (name: string): number => {
  const place = order.indexOf(name)
  return place < 0 ? order.length : place
}

/** Columns that somebody sent, the events' before those of the truth. A file has to name them before its first row. */
async function columnsOf(
  stream: EventStream,
  wanted: readonly string[] | undefined,
): Promise<readonly [string, Column['kind']][]> {
  const kinds = new Map<string, Column['kind']>()
  for await (const part of stream.parts()) for (const [name, { kind }] of part.columns) kinds.set(name, kind)
  const missing = wanted?.find((name) => !kinds.has(name))
  if (missing !== undefined) throw new LabFileError(stream.meta.name, `the stream has no column ${missing}`)
  return [...kinds]
    .filter(([name]) => wanted === undefined || wanted.includes(name))
    .sort(([a], [b]) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
}

/** @throws LabFileError: a column that is not there; Error of the disk */
export async function exportStream(stream: EventStream, options: ExportOptions): Promise<ExportResult> {
  const columns = await columnsOf(stream, options.columns)
  const { format, out } = options
  await mkdir(format === 'parquet' && !out.endsWith('.parquet') ? out : dirname(out), { recursive: true })
  const writer = format === 'parquet' ? parquetWriter(out, columns) : await textWriter(format, out, columns)
  let events = 0
  for await (const part of stream.parts()) {
    options.signal?.throwIfAborted()
    await writer.put(part)
    events += part.n
    options.onProgress?.(events, stream.meta.events)
  }
  return { events, files: await writer.end(), columns: columns.map(([name]) => name) }
}

type Writer = { put(part: Part): Promise<void>; end(): Promise<readonly string[]> }
type Named = readonly (readonly [name: string, kind: Column['kind']])[]

/** Undefined: not sent. */
function cellOf(column: Column | undefined, row: number): string | number | undefined {
  if (column === undefined) return undefined
  if (column.kind === 'text') {
    const id = column.ids[row] as number
    return id === 0 ? undefined : column.dictionary.values[id]
  }
  const value = column.values[row] as number
  return Number.isNaN(value) ? undefined : value
}

const rowsPerWrite = 1024

async function textWriter(format: 'csv' | 'jsonl', out: string, columns: Named): Promise<Writer> {
  const names = columns.map(([name]) => name)
  const file = await open(out, 'w')
  if (format === 'csv') await file.writeFile(csvLine(names))
  return {
    async put(part) {
      const from = names.map((name) => part.columns.get(name))
      for (let start = 0; start < part.n; start += rowsPerWrite) {
        let text = ''
        for (let row = start; row < Math.min(part.n, start + rowsPerWrite); row++)
          text += format === 'csv' ? csvRow(from, row) : jsonRow(names, from, row)
        await file.writeFile(text)
      }
    },
    async end() {
      await file.close()
      return [out]
    },
  }
}

const csvRow = (from: readonly (Column | undefined)[], row: number): string =>
  csvLine(from.map((column) => String(cellOf(column, row) ?? '')))

function jsonRow(names: readonly string[], from: readonly (Column | undefined)[], row: number): string {
  const object: Record<string, string | number> = {}
  for (let at = 0; at < names.length; at++) {
    const cell = cellOf(from[at], row)
    if (cell !== undefined && cell !== '') object[names[at] as string] = cell
  }
  return `${JSON.stringify(object)}\n`
}

/** Rows of a row group. */
const groupSize = 1 << 16
const secondsPerDay = 86_400
const dayName = (day: number): string => new Date(day * secondsPerDay * 1000).toISOString().slice(0, 10)

/** Numbers are doubles, as they are in a stream, and nullable; texts are UTF-8 with a dictionary where that is shorter. */
function parquetWriter(out: string, columns: Named): Writer {
  const isOneFile = out.endsWith('.parquet')
  const files: string[] = []
  let day = Number.NaN
  let pending = new Map<string, (string | number | null)[]>(columns.map(([name]) => [name, []]))
  let rows = 0
  let file: { write(): void; end(): Promise<void> } | undefined
  const begin = async (path: string): Promise<NonNullable<typeof file>> => {
    const { ParquetWriter, fileWriter } = await import('hyparquet-writer')
    files.push(path)
    const leaf = ([name, kind]: Named[number]) =>
      kind === 'text'
        ? ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const)
        : ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' } as const)
    const writer = new ParquetWriter({
      writer: fileWriter(path),
      schema: [{ name: 'stream', num_children: columns.length }, ...columns.map(leaf)],
      createdBy: 'sekisho',
    })
    const write = (): void => {
      if (rows === 0) return
      const columnData = columns.map(([name]) => ({ name, data: pending.get(name) ?? [] }))
      // The file writer is synchronous: nothing is to be waited for.
      void writer.write({ columnData, rowGroupSize: groupSize })
      pending = new Map(columns.map(([name]) => [name, []]))
      rows = 0
    }
    return {
      write,
      async end() {
        write()
        await writer.finish()
      },
    }
  }
  return {
    async put(part) {
      const ts = part.columns.get('ts')
      for (let from = 0; from < part.n; ) {
        const today = isOneFile
          ? 0
          : Math.floor((ts?.kind === 'number' ? (ts.values[from] as number) : 0) / secondsPerDay)
        if (today !== day || file === undefined) {
          await file?.end()
          day = today
          file = await begin(isOneFile ? out : join(out, `${dayName(day)}.parquet`))
        }
        const to = isOneFile ? part.n : endOfDay(ts, from, part.n, day)
        for (const [name] of columns) append(pending.get(name) ?? [], part.columns.get(name), from, to)
        rows += to - from
        if (rows >= groupSize) file.write()
        from = to
      }
    },
    async end() {
      if (file === undefined && isOneFile) file = await begin(out)
      await file?.end()
      return files
    },
  }
}

function endOfDay(ts: Column | undefined, from: number, n: number, day: number): number {
  let to = from + 1
  while (to < n && ts?.kind === 'number' && Math.floor((ts.values[to] as number) / secondsPerDay) === day) to++
  return to
}

function append(to: (string | number | null)[], column: Column | undefined, from: number, end: number): void {
  for (let row = from; row < end; row++) {
    const cell = cellOf(column, row)
    to.push(cell === undefined || cell === '' ? null : cell)
  }
}
