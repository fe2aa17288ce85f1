/**
 * Entries of the lists from a CSV file with a header: `kind,value,reason`, and if one likes `list` (allow or deny), `from`, `until`.
 * What belongs to a person is hashed here, where the store's key is at hand, and goes no further in clear; what is wrong is told by
 * its line and column, never by its value.
 */
import { mailOf } from '../text/mail.ts'
import { entrySchema, type ListKind, type WrittenEntry } from './lists.ts'

export type Hashes = {
  readonly panHash: (pan: string) => string
  readonly keyOf: (kind: 'device' | 'email' | 'phone', value: string) => string
}
export type ListName = 'allow' | 'deny'
export type ImportedEntry = WrittenEntry & { readonly list: ListName }
export type Imported = {
  readonly entries: readonly ImportedEntry[]
  readonly problems: readonly { readonly line: number; readonly problem: string }[]
}

const columns = ['list', 'kind', 'value', 'reason', 'from', 'until'] as const
const needed = ['kind', 'value', 'reason'] as const
const mostLines = 200_000

/** `list`: where entries belong that do not say it. */
export function readListCsv(text: string, hashes: Hashes, list?: ListName): Imported {
  const rows = rowsOf(text)
  const [header, ...rest] = rows
  const names = header?.cells.map((cell) => cell.trim()) ?? []
  const absent = needed.filter((name) => !names.includes(name))
  if (absent.length > 0) return failed(1, `a header with ${columns.join(', ')}: ${absent.join(', ')} is not there`)
  const unknown = names.find((name) => !columns.some((known) => known === name))
  if (unknown !== undefined) return failed(1, 'a column that is not known')
  if (rest.length > mostLines) return failed(mostLines + 1, `at most ${mostLines} lines`)
  const entries: ImportedEntry[] = []
  const problems: { line: number; problem: string }[] = []
  for (const { line, cells } of rest) {
    const told = Object.fromEntries(names.map((name, i) => [name, cells[i]?.trim() ?? '']))
    const belongs = told.list || list
    if (belongs !== 'allow' && belongs !== 'deny') {
      problems.push({ line, problem: 'list: allow or deny' })
      continue
    }
    const read = entrySchema.safeParse({
      kind: told.kind,
      value: hashed(told.kind ?? '', told.value ?? '', hashes),
      reason: told.reason,
      ...(told.from && { from: told.from }),
      ...(told.until && { until: told.until }),
    })
    if (read.success) entries.push({ ...read.data, list: belongs })
    else
      for (const { path, message } of read.error.issues)
        problems.push({ line, problem: `${path.join('.')}: ${message}` })
  }
  return { entries, problems }
}

const failed = (line: number, problem: string): Imported => ({ entries: [], problems: [{ line, problem }] })

/** The value as a list holds it. What cannot be read stays as it is, and is refused by the schema of entries. */
function hashed(kind: ListKind | string, value: string, { panHash, keyOf }: Hashes): string {
  if (value.startsWith('key:')) return value
  switch (kind) {
    case 'card': {
      const digits = value.replace(/[ -]/g, '')
      return /^\d{13,19}$/.test(digits) ? `key:${panHash(digits)}` : value
    }
    case 'email': {
      const box = value.includes('@') ? mailOf(value)?.box : undefined
      return box === undefined ? value : `key:${keyOf('email', box)}`
    }
    case 'phone': {
      const number = value.normalize('NFKC').replace(/[ ()-]/g, '')
      return /^\+\d{6,15}$/.test(number) ? `key:${keyOf('phone', number.replace(/^\+810/, '+81'))}` : value
    }
    case 'device':
      return value === '' ? value : `key:${keyOf('device', `id\n${value}`)}`
    default:
      return value
  }
}

type CsvRow = { readonly line: number; readonly cells: readonly string[] }

/** RFC 4180: quotes around a cell, two of them for one inside; lines end in LF or CRLF. Empty lines and such with # are left out. */
function rowsOf(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let line = 1
  let startedAt = 1
  const end = (): void => {
    cells.push(cell)
    if (cells.length > 1 || (cell.trim() !== '' && !cell.startsWith('#'))) {
      if (cells[0]?.startsWith('#') !== true) rows.push({ line: startedAt, cells })
    }
    cells = []
    cell = ''
  }
  for (let i = text.startsWith('\uFEFF') ? 1 : 0; i < text.length; i++) {
    const letter = text[i] ?? ''
    if (letter === '\n') line++
    if (isQuoted) {
      if (letter !== '"') cell += letter
      else if (text[i + 1] === '"') cell += text[++i]
      else isQuoted = false
    } else if (letter === '"' && cell === '') isQuoted = true
    else if (letter === ',') {
      cells.push(cell)
      cell = ''
    } else if (letter === '\n') {
      end()
      startedAt = line
    } else if (letter !== '\r') cell += letter
  }
  if (cell !== '' || cells.length > 0) end()
  return rows
}
