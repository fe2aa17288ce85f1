/** Which column a name in a file stands for. */
import {
  type ColumnRule,
  eventRules,
  isTruth,
  ruleOf,
  scoreColumns,
  scoreRule,
  sliceRule,
  truthRules,
} from './columns.ts'
import { LabFileError } from './rows.ts'

export type Wanted = { readonly column: string; readonly rule: ColumnRule }

export type NamesOptions = {
  readonly isScores?: boolean | undefined
  readonly hasTruthTable: boolean
  readonly isStrict?: boolean | undefined
  readonly slices?: readonly string[] | undefined
  /** Our names by those of the files. */
  readonly renames?: ReadonlyMap<string, string> | undefined
  readonly ignored?: readonly string[] | undefined
}

const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')
const eventNames = Object.keys(eventRules)
const truthNames = Object.keys(truthRules)

export class Names {
  /** Of the files, which stand for nothing. */
  readonly leftOut = new Set<string>()
  /** What was found of them. */
  readonly slices = new Set<string>()
  readonly scores = new Set<string>()
  readonly #options: NamesOptions
  readonly #usedRenames = new Set<string>()
  readonly #ignored: ReadonlySet<string>
  readonly #wantedSlices: ReadonlySet<string>
  constructor(options: NamesOptions) {
    this.#options = options
    this.#ignored = new Set(options.ignored)
    this.#wantedSlices = new Set(options.slices)
  }
  /**
   * For the names of one file.
   * @throws LabFileError: two names for one column, a column of the truth in two places, or with --strict a name that stands for nothing
   */
  of(file: string, table: 'events' | 'truth'): (name: string) => Wanted | undefined {
    const byColumn = new Map<string, string>()
    return (name) => {
      if (this.#ignored.has(name)) return undefined
      const wanted = this.#wanted(this.#ours(name), file, table)
      if (wanted === undefined) {
        const problem = `the column ${name} is not known${this.hintOf(name)}`
        if (this.#options.isStrict === true) throw new LabFileError(file, problem)
        this.leftOut.add(name)
        return undefined
      }
      const other = byColumn.get(wanted.column)
      if (other !== undefined && other !== name)
        throw new LabFileError(file, `both ${other} and ${name} are the column ${wanted.column}`)
      byColumn.set(wanted.column, name)
      return wanted
    }
  }
  /** What may have been meant by a name that stands for nothing. */
  hintOf(name: string): string {
    const folded = fold(name)
    const near = [...eventNames, ...truthNames].find((one) => fold(one) === folded)
    return near === undefined || near === name ? '' : ` (--rename ${name}=${near}?)`
  }
  #ours(name: string): string {
    const ours = this.#options.renames?.get(name)
    if (ours === undefined) return name
    this.#usedRenames.add(name)
    return ours
  }
  #wanted(column: string, file: string, table: 'events' | 'truth'): Wanted | undefined {
    // Columns of rows on their way are called so.
    if (column.startsWith('#')) return undefined
    if (this.#wantedSlices.has(column)) this.slices.add(column)
    if (this.#options.isScores === true) return this.#wantedScore(column)
    const rule = ruleOf(column)
    if (table === 'events') {
      if (isTruth(column) && this.#options.hasTruthTable)
        throw new LabFileError(
          file,
          `${column} belongs to the truth, which is a table of its own here (--ignore ${column}?)`,
        )
      if (rule !== undefined) return { column, rule }
      return this.#wantedSlices.has(column) ? { column, rule: sliceRule } : undefined
    }
    if (rule !== undefined) return column === 'id' || isTruth(column) ? { column, rule } : undefined
    this.slices.add(column)
    return { column, rule: sliceRule }
  }
  #wantedScore(name: string): Wanted {
    if (Object.hasOwn(scoreColumns, name)) return scoreColumns[name as keyof typeof scoreColumns]
    if (this.#wantedSlices.has(name)) return { column: name, rule: sliceRule }
    this.scores.add(name)
    return { column: name, rule: scoreRule }
  }
  /** Once all files were read. @throws LabFileError: a rename, a slice or a column to ignore that no file has */
  check(): void {
    for (const name of this.#options.renames?.keys() ?? [])
      if (!this.#usedRenames.has(name)) throw new LabFileError('--rename', `no file has a column ${name}`)
    for (const name of this.#wantedSlices)
      if (!this.slices.has(name)) throw new LabFileError('--slice', `no file has a column ${name}`)
  }
}
