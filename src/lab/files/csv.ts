/**
 * Comma-separated values as RFC 4180 has them, read piece by piece: quoted fields may hold separators, line breaks and doubled quotes.
 * Separators may be semicolons or tabs. A row that is wrongly quoted is given as broken, and reading goes on with the next line, so that
 * one quote that is not closed does not swallow the rest of a file.
 */
import { basename } from 'node:path'
import { textOf } from './bytes.ts'
import { type BrokenRow, LabFileError, type RawRow, type Source } from './rows.ts'

/** Characters of a row; more than that is no event. */
const longestRow = 1 << 20
/** Few enough that rows are gone before the collector of young things comes. */
const batchSize = 64

type Scanned =
  | { readonly kind: 'row'; readonly cells: readonly string[]; readonly end: number }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'broken'; readonly problem: string; readonly reason: string }

const newLine = 10
const quoteCode = 34

/** A row with quotes in it that begins at `at`. `isLast`: no more text comes. */
function scan(text: string, at: number, separator: string, isLast: boolean): Scanned {
  const cells: string[] = []
  const between = separator.charCodeAt(0)
  for (let from = at; ; ) {
    let end: number
    if (text.charCodeAt(from) === quoteCode) {
      let hasDoubled = false
      let quote = text.indexOf('"', from + 1)
      for (; quote >= 0 && text[quote + 1] === '"'; quote = text.indexOf('"', quote + 2)) hasDoubled = true
      if (quote < 0) return isLast ? unclosed : { kind: 'unfinished' }
      // The quote at the very end of a piece may be the first of two.
      if (quote + 1 === text.length && !isLast) return { kind: 'unfinished' }
      const cell = text.slice(from + 1, quote)
      end = quote + 1
      cells.push(hasDoubled ? cell.replaceAll('""', '"') : cell)
      if (text.startsWith('\r\n', end)) end++
      else if (text[end] === '\r' && end + 1 === text.length) {
        if (!isLast) return { kind: 'unfinished' }
        end++
      }
      const follows = text[end]
      if (follows !== undefined && follows !== separator && follows !== '\n')
        return { kind: 'broken', problem: 'there is text behind a closing quote', reason: 'wrong quotes' }
    } else {
      let hasQuote = false
      for (end = from; end < text.length; end++) {
        const code = text.charCodeAt(end)
        if (code === between || code === newLine) break
        if (code === quoteCode) hasQuote = true
      }
      if (end === text.length && !isLast) return { kind: 'unfinished' }
      if (end === from && end < text.length && text.charCodeAt(end) === between) {
        cells.push('')
        from = end + 1
        continue
      }
      const cell = text.slice(from, text[end] !== separator && text[end - 1] === '\r' ? Math.max(from, end - 1) : end)
      if (hasQuote)
        return {
          kind: 'broken',
          problem: 'a quote stands in a field that does not begin with one',
          reason: 'wrong quotes',
        }
      cells.push(cell)
    }
    if (text[end] !== separator) return { kind: 'row', cells, end: Math.min(end + 1, text.length) }
    from = end + 1
  }
}
const unclosed: Scanned = { kind: 'broken', problem: 'a quote that is not closed', reason: 'wrong quotes' }
const tooLong = {
  problem: `longer than ${longestRow.toLocaleString('en')} characters, or a quote in it is not closed`,
  reason: 'row too long',
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/** Rows of a text, with the line that each begins in; lines with nothing in them are no rows. */
export async function* csvRows(
  pieces: AsyncIterable<string>,
  separatorOf: (start: string) => string,
): AsyncGenerator<readonly (RawRow | BrokenRow)[]> {
  let text = ''
  let line = 1
  let separator: string | undefined
  /** The rest of a line that was too long is passed over. */
  let isSkipping = false
  let batch: (RawRow | BrokenRow)[] = []
  const iterator = pieces[Symbol.asyncIterator]()
  try {
    for (let isLast = false; !isLast; ) {
      const piece = await iterator.next()
      isLast = piece.done === true
      if (piece.done !== true) text += piece.value
      // The header decides on the separator; it is there once there is a line.
      if (separator === undefined && !isLast && !text.includes('\n') && text.length < longestRow) continue
      separator ??= separatorOf(text)
      let at = 0
      let quote = text.indexOf('"')
      while (at < text.length) {
        const lineEnd = text.indexOf('\n', at)
        if (isSkipping) {
          if (lineEnd < 0) {
            at = text.length
            break
          }
          isSkipping = false
          at = lineEnd + 1
          line++
          continue
        }
        const next = lineEnd < 0 ? text.length : lineEnd + 1
        // Looked for again only once it lies behind: most rows have none.
        if (quote >= 0 && quote < at) quote = text.indexOf('"', at)
        if (quote < 0 || quote >= next) {
          if (lineEnd < 0 && !isLast) break
          const end = lineEnd < 0 ? text.length : lineEnd
          const row = text.slice(at, text[end - 1] === '\r' && end > at ? end - 1 : end)
          if (row.length > longestRow) batch.push({ line, ...tooLong })
          else if (row !== '') batch.push({ line, cells: row.split(separator) })
          at = next
          line++
        } else {
          const scanned = scan(text, at, separator, isLast)
          if (scanned.kind === 'unfinished' && text.length - at <= longestRow) break
          if (scanned.kind === 'row' && scanned.end - at <= longestRow) {
            batch.push({ line, cells: scanned.cells })
            line += linesIn(text, at, scanned.end)
            at = scanned.end
          } else {
            const { problem, reason } = scanned.kind === 'broken' ? scanned : tooLong
            batch.push({ line, problem, reason })
            if (lineEnd < 0) isSkipping = true
            at = next
            if (lineEnd >= 0) line++
          }
        }
        if (batch.length >= batchSize) {
          yield batch
          batch = []
        }
      }
      text = text.slice(at)
      if (text.length > longestRow && !text.includes('"') && !isLast) {
        batch.push({ line, ...tooLong })
        isSkipping = true
        text = ''
      }
    }
    if (batch.length > 0) yield batch
  } finally {
    await iterator.return?.()
  }
}

/** What stands most often in the header, outside of quotes. */
export function separatorIn(start: string): string {
  const end = start.indexOf('\n')
  const header = (end < 0 ? start : start.slice(0, end)).replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map((one) => [one, header.split(one).length] as const)
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}

export type CsvOptions = { readonly encoding?: string | undefined; readonly separator?: string | undefined }

function namesOf(file: string, header: RawRow | BrokenRow | undefined): readonly string[] {
  if (header === undefined)
    throw new LabFileError(file, 'there is nothing in it; the first line has to name the columns')
  if ('problem' in header) throw new LabFileError(file, `the header cannot be read: ${header.problem}`, header.line)
  const names = header.cells.map((cell) => String(cell).trim())
  const nameless = names.indexOf('')
  if (nameless >= 0) throw new LabFileError(file, `column ${nameless + 1} has no name`, header.line)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined) throw new LabFileError(file, `there are two columns ${twice}`, header.line)
  return names
}

const fields = (count: number): string => (count === 1 ? '1 field' : `${count} fields`)

function fitting(row: RawRow | BrokenRow, names: readonly string[]): RawRow | BrokenRow {
  if ('problem' in row || row.cells.length === names.length) return row
  const problem = `${fields(row.cells.length)}; the header has ${names.length}`
  return { line: row.line, problem, reason: 'number of fields' }
}

/** @throws LabFileError: it cannot be opened, or has no header that names each column once */
export async function openCsv(path: string, { encoding, separator }: CsvOptions = {}): Promise<Source> {
  const file = basename(path)
  const text = await textOf(path, encoding)
  const batches = csvRows(text.pieces, separator === undefined ? separatorIn : () => separator)
  const first = await batches.next()
  const [header, ...rest] = first.done === true ? [] : first.value
  let names: readonly string[]
  try {
    names = namesOf(file, header)
  } catch (error) {
    await batches.return(undefined)
    throw error
  }
  async function* rows(): AsyncGenerator<readonly (RawRow | BrokenRow)[]> {
    yield rest.map((row) => fitting(row, names))
    for await (const batch of batches) yield batch.map((row) => fitting(row, names))
  }
  return { file, unit: 'line', names, isOpen: false, progress: text.progress, rows: rows() }
}
