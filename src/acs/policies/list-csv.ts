// Lists as CSV (RFC 4180), to be read and written by spreadsheets. Pure.
import type { KeptEntry } from './kept.ts'

export const csvColumns = ['kind', 'value', 'reason', 'from', 'until'] as const
type Column = (typeof csvColumns)[number]
/** Told for people; not read again. */
const toldColumns = ['shown'] as const

/** Rows of fields, each with the line that it begins at. Undefined: a quotation does not end. */
export function rowsOf(
  text: string,
): readonly { readonly line: number; readonly fields: readonly string[] }[] | undefined {
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
  const start = text.startsWith('\ufeff') ? 1 : 0
  for (let i = start; i < text.length; i++) {
    const c = text[i]
    if (c === '\n') line += 1
    if (isQuoted) {
      if (c !== '"') field += c
      else if (text[i + 1] === '"') {
        field += '"'
        i += 1
      } else isQuoted = false
    } else if (c === '"' && field === '') isQuoted = true
    else if (c === ',') endField()
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
}

/** What begins so is a formula to a spreadsheet. */
const formula = /^[=+\-@\t\r]/
const unguarded = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

/** Throws a line for a person where the text is no such table. */
export function readListCsv(text: string): readonly CsvEntry[] {
  const rows = rowsOf(text)
  if (rows === undefined) throw new Error('a quotation mark is open at the end')
  const [head, ...body] = rows
  const names = head?.fields.map((name) => name.trim()) ?? []
  const known: readonly string[] = [...csvColumns, ...toldColumns]
  const strange = names.find((name) => !known.includes(name))
  if (strange !== undefined || !names.includes('kind') || !names.includes('value') || !names.includes('reason'))
    throw new Error(`the first line names the columns: ${csvColumns.join(',')}`)
  return body.map(({ line, fields }) => ({
    line,
    entry: Object.fromEntries(
      names.flatMap((name, i) => {
        const value = unguarded(fields[i]?.trim() ?? '')
        return value === '' || (toldColumns as readonly string[]).includes(name) ? [] : [[name, value]]
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
