/** Rows of somebody else's data set, with its columns by their own names. A value that is not expected stops the reading, with its place. */
import { basename } from 'node:path'
import { openSource } from '../files/open.ts'
import { isBroken, LabFileError, type Source } from '../files/rows.ts'

export type Reading<T> = {
  /** As the data set spells it; the first that is there is read. */
  readonly names: readonly string[]
  readonly expected: string
  /** Undefined: not what is expected. */
  readonly read: (cell: unknown) => T | undefined
}
export type Readings = Readonly<Record<string, Reading<unknown>>>
export type RowOf<R extends Readings> = { readonly [K in keyof R]: R[K] extends Reading<infer T> ? T : never }

export const text: Pick<Reading<string>, 'expected' | 'read'> = {
  expected: 'a text',
  read: (cell) => (cell === undefined || cell === null ? '' : String(cell)),
}
export const someText: Pick<Reading<string>, 'expected' | 'read'> = {
  expected: 'a text that is not empty',
  read: (cell) => (cell === undefined || cell === null || cell === '' ? undefined : String(cell)),
}
export const number: Pick<Reading<number>, 'expected' | 'read'> = {
  expected: 'a number',
  read: (cell) => {
    const value =
      typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : typeof cell === 'bigint' ? Number(cell) : cell
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  },
}
export const yesNo: Pick<Reading<boolean>, 'expected' | 'read'> = {
  expected: 'True or False',
  read: (cell) => {
    if (typeof cell === 'boolean') return cell
    const said = String(cell).toLowerCase()
    return said === 'true' || said === '1' ? true : said === 'false' || said === '0' ? false : undefined
  },
}
/** Seconds since 1970, read as UTC: the data sets tell no zone. Fractions stay. */
export const moment: Pick<Reading<number>, 'expected' | 'read'> = {
  expected: 'a time such as 2018-04-01 00:00:31',
  read: (cell) => {
    if (cell instanceof Date) return cell.getTime() / 1_000
    if (typeof cell !== 'string' || !/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d+)?Z?$/.test(cell)) return undefined
    const at = Date.parse(`${cell.replace(' ', 'T').replace(/Z$/, '')}Z`)
    return Number.isNaN(at) ? undefined : at / 1_000
  },
}

async function opened(path: string, wanted: (name: string) => boolean, workFolder: string): Promise<Source> {
  if (/\.(pkl|pickle)$/i.test(path))
    throw new LabFileError(
      basename(path),
      'is a Python pickle, which nothing but Python can read; docs/lab-reproductions.md shows how to make CSV of it',
    )
  return openSource(path, { wanted, workFolder })
}

/**
 * @throws LabFileError: a file that cannot be read, a column that is not there, a value that is not expected
 */
export async function* rowsOf<const R extends Readings>(
  path: string,
  readings: R,
  options: { readonly workFolder: string; readonly onProgress?: ((done: number) => void) | undefined },
): AsyncGenerator<readonly RowOf<R>[]> {
  const known = Object.values(readings).flatMap(({ names }) => names)
  const source = await opened(path, (name) => known.includes(name), options.workFolder)
  const keys = Object.keys(readings) as (keyof R & string)[]
  let places: readonly number[] | undefined
  for await (const batch of source.rows) {
    places ??= keys.map((key) => placeOf(source, readings[key] as Reading<unknown>))
    const own = places
    yield batch.map((row): RowOf<R> => {
      if (isBroken(row)) throw new LabFileError(source.file, row.problem, row.line)
      const values: Record<string, unknown> = {}
      for (const [i, key] of keys.entries()) {
        const { names, expected, read } = readings[key] as Reading<unknown>
        const cell = row.cells[own[i] ?? -1]
        const value = read(cell)
        if (value === undefined)
          throw new LabFileError(source.file, `${names[0]}: ${shown(cell)} is not ${expected}`, row.line)
        values[key] = value
      }
      return values as RowOf<R>
    })
    options.onProgress?.(source.progress())
  }
}

const shown = (cell: unknown): string =>
  cell === undefined || cell === null || cell === ''
    ? 'nothing'
    : `"${String(cell)
        .slice(0, 40)
        .replace(/\d(?:[ -]?\d){12,}/g, '***')}"`

function placeOf({ file, names }: Source, reading: Reading<unknown>): number {
  const place = names.findIndex((name) => reading.names.includes(name))
  if (place < 0)
    throw new LabFileError(
      file,
      `there is no column "${reading.names[0]}"; there are ${names
        .slice(0, 30)
        .map((name) => `"${name}"`)
        .join(', ')}`,
      1,
    )
  return place
}
