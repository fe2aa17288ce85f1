/** Rows that are not in the stream: each is a line of `left-out.csv`, and they are counted by reason. */
import { type FileHandle, open } from 'node:fs/promises'
import { csvLine } from './csv-line.ts'

/** Characters that are written at a time. */
const pieceSize = 1 << 16
/** Rows that are shown to the person; all are in the file. */
const mostShown = 20

export type LeftOutRow = {
  readonly file: string
  readonly line: number
  readonly column?: string | undefined
  readonly problem: string
  readonly reason: string
}

export const sentenceOf = ({ file, line, column, problem }: LeftOutRow): string =>
  `${file}:${line}: ${column === undefined ? '' : `${column}: `}${problem}`

export class LeftOut {
  rows = 0
  readonly #reasons = new Map<string, number>()
  /** The first ones. */
  readonly shown: string[] = []
  readonly #path: string
  #file: FileHandle | undefined
  #text = 'file,line,column,problem\n'
  constructor(path: string) {
    this.#path = path
  }
  /** Everything that is wrong with one row. */
  add(problems: readonly LeftOutRow[]): Promise<void> | undefined {
    const [first] = problems
    if (first === undefined) return undefined
    this.rows++
    this.#reasons.set(first.reason, (this.#reasons.get(first.reason) ?? 0) + 1)
    for (const one of problems) {
      if (this.shown.length < mostShown) this.shown.push(sentenceOf(one))
      this.#text += csvLine([one.file, String(one.line), one.column ?? '', one.problem])
    }
    return this.#text.length > pieceSize ? this.#write() : undefined
  }
  /** How many rows, by what was wrong with them first. */
  byReason(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#reasons].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  async #write(): Promise<void> {
    this.#file ??= await open(this.#path, 'a')
    const text = this.#text
    this.#text = ''
    await this.#file.writeFile(text)
  }
  /** False: nothing was left out, and there is no file. */
  async end(): Promise<boolean> {
    if (this.rows === 0) return false
    if (this.#text !== '') await this.#write()
    await this.#file?.close()
    this.#file = undefined
    return true
  }
}
