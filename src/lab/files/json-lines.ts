/** One JSON object a line; its members are the columns. */
import { basename } from 'node:path'
import { textOf } from './bytes.ts'
import type { BrokenRow, Cell, RawRow, Source } from './rows.ts'

const longestLine = 1 << 20
const batchSize = 64
/** More names than that are no columns. */
export const mostNames = 1_000

export type Line = { readonly line: number; readonly text: string } | BrokenRow
const tooLong = { problem: `longer than ${longestLine.toLocaleString('en')} characters`, reason: 'row too long' }

/** Lines that are not empty. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<readonly Line[]> {
  let text = ''
  let line = 1
  let isSkipping = false
  let batch: Line[] = []
  const put = (one: string): void => {
    if (isSkipping) isSkipping = false
    else if (one.length > longestLine) batch.push({ line, ...tooLong })
    else if (one.trim() !== '') batch.push({ line, text: one })
    line++
  }
  for await (const piece of pieces) {
    text += piece
    let at = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      put(text.slice(at, end))
      at = end + 1
      if (batch.length >= batchSize) {
        yield batch
        batch = []
      }
    }
    text = isSkipping ? '' : text.slice(at)
    if (text.length > longestLine) {
      batch.push({ line, ...tooLong })
      isSkipping = true
      text = ''
    }
  }
  if (text !== '') put(text)
  if (batch.length > 0) yield batch
}

export const notJson = { problem: 'not a JSON object', reason: 'no JSON' }

export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

/** Gives the members of objects their places. */
export class Places {
  readonly names: string[] = []
  readonly #places = new Map<string, number>()
  /** Undefined: there are too many names. */
  cellsOf(object: Readonly<Record<string, unknown>>): readonly Cell[] | undefined {
    const cells: Cell[] = new Array(this.names.length)
    for (const name in object) {
      let place = this.#places.get(name)
      if (place === undefined) {
        if (this.names.length === mostNames) return undefined
        place = this.names.push(name) - 1
        this.#places.set(name, place)
      }
      cells[place] = object[name]
    }
    return cells
  }
}

/** @throws LabFileError: it cannot be opened */
export async function openJsonLines(path: string, encoding?: string): Promise<Source> {
  const text = await textOf(path, encoding)
  const places = new Places()
  const rowOf = (line: Line): RawRow | BrokenRow => {
    if ('problem' in line) return line
    const object = objectIn(line.text)
    if (object === undefined) return { line: line.line, ...notJson }
    const cells = places.cellsOf(object)
    if (cells !== undefined) return { line: line.line, cells }
    const problem = `with it the file has more than ${mostNames.toLocaleString('en')} different names`
    return { line: line.line, problem, reason: 'too many names' }
  }
  async function* rows(): AsyncGenerator<readonly (RawRow | BrokenRow)[]> {
    for await (const lines of linesOf(text.pieces)) yield lines.map(rowOf)
  }
  return {
    file: basename(path),
    unit: 'line',
    names: places.names,
    isOpen: true,
    progress: text.progress,
    rows: rows(),
  }
}
