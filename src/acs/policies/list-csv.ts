// Lists as CSV (RFC 4180), to be read and written by spreadsheets. Pure.
import type { KeptEntry } from './kept.ts'

export const csvColumns = ['kind', 'value', 'reason', 'from', 'until'] as const
type Column = (typeof csvColumns)[number]
/** Told for people; not read again. */
const toldColumns = ['shown'] as const

/** What stands between fields: spreadsheets write what is usual where they are. The first line that is no note tells. */
function separatorOf(text: string): string {
  const head = text.split('\n').find((line) => !line.startsWith('#') && line.trim() !== '') ?? ''
  return [',', ';', '\t'].find((one) => head.includes(one)) ?? ','
}

/** Rows of fields, each with the line that it begins at. Undefined: a quotation does not end. */
export function rowsOf(
  written: string,
): readonly { readonly line: number; readonly fields: readonly string[] }[] | undefined {
  const text = written.replace(/^\ufeff/, '')
  const separator = separatorOf(text)
  const rows: { line: number; fields: string[] }[] = []
  let fields: string[] = []
  let field = ''
  let isQuoted = false
  let line = 1
  let begin = 1
  const endField = (): void => {
    fields.push(field)
    field = ''
  }
  const endRow = (): void => {
    endField()
    const isNote = fields[0]?.startsWith('#') === true
    if (!isNote && (fields.length > 1 || fields[0] !== '')) rows.push({ line: begin, fields })
    fields = []
    begin = line
  }
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '\n') line += 1
    if (isQuoted) {
      if (c !== '"') field += c
      else if (text[i + 1] === '"') {
        field += '"'
        i += 1
      } else isQuoted = false
    } else if (c === '"' && field === '') isQuoted = true
    else if (c === separator) endField()
    else if (c === '\n') endRow()
    else if (c !== '\r') field += c
  }
  if (isQuoted) return undefined
  if (field !== '' || fields.length > 0) endRow()
  return rows
}

export interface CsvEntry {
  readonly line: number
  readonly entry: Readonly<Partial<Record<Column, string>>>
  /** The line cannot be read as the first one says. */
  readonly problem?: string
}

/** What begins so is a formula to a spreadsheet. */
const formula = /^[=+\-@\t\r]/
const unguarded = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

/** As spreadsheets write days where years come first. */
const isoDay = (text: string): string => {
  const [, year, month = '', day = ''] = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/.exec(text) ?? []
  return year === undefined ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** Throws a line for a person where the text is no such table. */
export function readListCsv(text: string): readonly CsvEntry[] {
  if (text.includes('\ufffd')) throw new Error('the file is not in UTF-8: save it as “CSV UTF-8”')
  const rows = rowsOf(text)
  if (rows === undefined) throw new Error('a quotation mark is open at the end')
  const [head, ...body] = rows
  const names = head?.fields.map((name) => name.trim()) ?? []
  const known: readonly string[] = [...csvColumns, ...toldColumns]
  const strange = names.find((name) => !known.includes(name))
  const isTwice = new Set(names).size < names.length
  if (
    isTwice ||
    strange !== undefined ||
    !names.includes('kind') ||
    !names.includes('value') ||
    !names.includes('reason')
  )
    throw new Error(`the first line names the columns: ${csvColumns.join(',')}`)
  return body.map(({ line, fields }) => ({
    line,
    // A separator within a text that is not quoted: the rest of the text would be lost.
    ...(fields.slice(names.length).some((field) => field.trim() !== '') && {
      problem: 'more fields than columns: a text with a separator in it belongs into quotation marks',
    }),
    entry: Object.fromEntries(
      names.flatMap((name, i) => {
        const value = unguarded(fields[i]?.trim() ?? '')
        if (value === '' || (toldColumns as readonly string[]).includes(name)) return []
        return [[name, name === 'from' || name === 'until' ? isoDay(value) : value]]
      }),
    ),
  }))
}

const cell = (text = ''): string => {
  const guarded = formula.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** What is kept as a keyed hash stays one: it is of use with the keys of this data folder only. */
export const listCsv = (entries: readonly KeptEntry[]): string =>
  [
    [...csvColumns, ...toldColumns].join(','),
    ...entries.map(({ kind, value, reason, from, until, shown }) =>
      [kind, value, reason, from, until, shown].map(cell).join(','),
    ),
    '',
  ].join('\r\n')
