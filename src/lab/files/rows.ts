/** What every reader of a file gives: rows as they stand there, not checked yet. */

/** A cell: undefined, null and the empty text are not sent. */
export type Cell = unknown
export type RawRow = {
  /** From 1: of a text its line, of a Parquet file its row. */
  readonly line: number
  /** In the order of `Source.names`; a row may be shorter. */
  readonly cells: readonly Cell[]
}
/** A row that cannot even be read. */
export type BrokenRow = { readonly line: number; readonly problem: string; readonly reason: string }

export type Source = {
  /** What it is called to people: no folders. */
  readonly file: string
  /** "line", or "row" of what has no lines. */
  readonly unit: 'line' | 'row'
  /** Names of the columns. Where rows name their own members it grows while they are read, and `isOpen` is true. */
  readonly names: readonly string[]
  readonly isOpen: boolean
  /** 0 to 1: how much of it was read. */
  readonly progress: () => number
  readonly rows: AsyncIterable<readonly (RawRow | BrokenRow)[]>
}

export const isBroken = (row: RawRow | BrokenRow): row is BrokenRow => 'problem' in row

/** A file that cannot be read at all, or a row at which reading was to stop. */
export class LabFileError extends Error {
  readonly path: string
  readonly line: number | undefined
  constructor(path: string, problem: string, line?: number, options?: ErrorOptions) {
    super(line === undefined ? `${path}: ${problem}` : `${path}:${line}: ${problem}`, options)
    this.name = 'LabFileError'
    this.path = path
    this.line = line
  }
}
