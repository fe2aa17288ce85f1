/** Rows of a file into columns: each value is held against the rule of its column, a row with a value that breaks it is left out. */
import { createHmac } from 'node:crypto'
import { maskDigitRuns } from '../../protocol/mask.ts'
import type { Dictionary } from '../stream/table.ts'
import { ownText, type PartBuilder, type TextBuilder } from './builder.ts'
import type { ColumnRule } from './columns.ts'
import type { Wanted } from './names.ts'
import type { Cell, RawRow } from './rows.ts'

/** `reason` is what it is counted under; `problem` is what the person is told. */
export type Problem = { readonly column?: string | undefined; readonly problem: string; readonly reason: string }

export type TakeOptions = {
  /** Columns that every row needs; there may be more of them with each file. */
  readonly required: () => readonly string[]
  /** What people call such a column. */
  readonly nameOf: (column: string) => string
  /** Texts that mean "not sent", besides the empty one. */
  readonly empties: ReadonlySet<string>
  /** Key of the pseudonyms of card numbers; undefined: they are kept as they are. */
  readonly seed: string | undefined
}

const longestShown = 40
/** A value as people may see it; one that may hold a card number, however it is written, is not shown. */
const shown = (text: string): string =>
  text.replace(/\D/g, '').length >= 12
    ? `a text of ${text.length} characters`
    : JSON.stringify(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text)

const wordOf = (cell: Cell): string =>
  Array.isArray(cell) ? 'a list' : typeof cell === 'object' ? 'an object' : `${typeof cell}`

/** By the check digit of ISO/IEC 7812. */
function isCardNumber(digits: string): boolean {
  let sum = 0
  for (let at = digits.length - 1, twice = false; at >= 0; at--, twice = !twice) {
    const value = (digits.charCodeAt(at) - 48) * (twice ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}
const maybeCardNumber = /^\d[\d -]{11,24}\d$/
/** The digits of a card number that stands here in the clear. */
export function cardNumberIn(text: string): string | undefined {
  if (!maybeCardNumber.test(text)) return undefined
  const digits = text.replace(/[ -]/g, '')
  return digits.length >= 13 && digits.length <= 19 && isCardNumber(digits) ? digits : undefined
}
export const pseudonymOf = (digits: string, seed: string): string =>
  `card-${createHmac('sha256', `sekisho lab card ${seed}`).update(digits).digest('hex').slice(0, 20)}`

const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*$/

/** Places a name of the file leads to. */
type Place = {
  /** In the file. */
  readonly name: string
  readonly column: string
  readonly rule: ColumnRule
  readonly text: TextBuilder | undefined
  /** Of texts that are kept otherwise than they stand there: the id in this dictionary. What is in the dictionary itself was checked. */
  turned: Map<string, number>
  dictionary: Dictionary | undefined
  /** Texts of rows before, since many rows say the same: found without the hash of the whole text. */
  recent: string[]
  readonly recentIds: Uint32Array
}

const mostRecent = 256
/** Where a text is kept among the recent ones: by its length and three of its characters. */
function recentOf(text: string): number {
  const { length } = text
  const first = text.charCodeAt(0)
  const middle = text.charCodeAt(length >> 1)
  const last = text.charCodeAt(length - 1)
  return (first * 7 + middle * 31 + last * 57 + length * 101) & (mostRecent - 1)
}

export class RowTaker {
  /** Columns that something was taken into, required or not. */
  readonly taken = new Set<string>()
  hasPseudonyms = false
  readonly #builder: PartBuilder
  readonly #options: TakeOptions
  /** Of cards under a pseudonym, by their id in the dictionary: the first six digits. */
  readonly #bins = new Map<number, string>()
  #places: (Place | undefined)[] = []
  #names: readonly string[] = []
  #required: readonly string[] = []
  #columnOf: (name: string) => Wanted | undefined = () => undefined
  constructor(builder: PartBuilder, options: TakeOptions) {
    this.#builder = builder
    this.#options = options
  }
  /** The next rows are of a file with these names, to which others may be added behind. */
  bind(names: readonly string[], columnOf: (name: string) => Wanted | undefined): void {
    this.#names = names
    this.#columnOf = columnOf
    this.#places = []
    this.#required = this.#options.required()
  }
  /** Into the builder's next row, which is complete where nothing is wrong. All that is wrong with it, otherwise. */
  take({ cells }: RawRow): readonly Problem[] | undefined {
    const builder = this.#builder
    const empties = this.#options.empties.size === 0 ? undefined : this.#options.empties
    let problems: Problem[] | undefined
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at]
      if (cell === undefined || cell === null || cell === '') continue
      if (at >= this.#places.length) this.#place(at)
      const place = this.#places[at]
      if (place === undefined) continue
      if (empties !== undefined && typeof cell === 'string' && empties.has(cell)) continue
      const problem = place.text === undefined ? this.#number(place, cell) : this.#text(place, place.text, cell)
      if (problem === undefined) continue
      problems ??= []
      problems.push(problem)
    }
    if (this.hasPseudonyms) this.#nameRange()
    for (const column of this.#required)
      if (!builder.has(column) && problems?.some(({ reason }) => reason.startsWith(`${column}: `)) !== true) {
        problems ??= []
        problems.push({ column: this.#options.nameOf(column), problem: 'not sent', reason: `${column}: not sent` })
      }
    if (problems === undefined) builder.next()
    else builder.clear()
    return problems
  }
  #place(upTo: number): void {
    for (let at = this.#places.length; at <= upTo; at++) {
      const name = this.#names[at] ?? ''
      const wanted = this.#columnOf(name)
      if (wanted !== undefined) this.taken.add(wanted.column)
      this.#places.push(
        wanted === undefined
          ? undefined
          : {
              ...wanted,
              name,
              text: wanted.rule.kind === 'text' ? this.#builder.text(wanted.column) : undefined,
              turned: new Map(),
              dictionary: undefined,
              recent: [],
              recentIds: new Uint32Array(mostRecent),
            },
      )
    }
    this.#required = this.#options.required()
  }
  /** Whose number was taken away still has the range that it began with. */
  #nameRange(): void {
    const builder = this.#builder
    const bin = this.#bins.get(builder.text('card').ids[builder.n] as number)
    if (bin !== undefined && !builder.has('bin')) builder.text('bin').set(builder.n, bin)
  }
  #number({ name, column, rule }: Place, cell: Cell): Problem | undefined {
    if (rule.kind !== 'number') return undefined
    const value = rule.read === undefined ? numberOf(column, cell) : rule.read(cell)
    if (value === undefined || !Number.isFinite(value)) {
      const said = typeof cell === 'string' ? shown(cell) : wordOf(cell)
      return {
        column: name,
        problem: `${said} is no number; expected ${rule.expected}`,
        reason: `${column}: no number`,
      }
    }
    if (rule.isGood(value)) {
      this.#builder.number(column).set(this.#builder.n, value)
      return undefined
    }
    const hint = rule.hint?.(value)
    const problem = `${maskDigitRuns(String(value))} is not ${rule.expected}${hint === undefined ? '' : ` (${hint})`}`
    return { column: name, problem, reason: `${column}: not expected` }
  }
  #text(place: Place, builder: TextBuilder, cell: Cell): Problem | undefined {
    const text = typeof cell === 'string' ? cell : textOf(place.rule, cell)
    if (text === undefined)
      return { column: place.name, problem: `${wordOf(cell)} is no text`, reason: `${place.column}: no text` }
    if (place.dictionary !== builder.dictionary) {
      place.dictionary = builder.dictionary
      place.turned = new Map()
      place.recent = []
      if (place.column === 'card') this.#bins.clear()
    }
    const at = recentOf(text)
    if (text === place.recent[at]) {
      builder.ids[this.#builder.n] = place.recentIds[at] as number
      return undefined
    }
    const known = builder.dictionary.find(text) ?? (place.turned.size > 0 ? place.turned.get(text) : undefined)
    if (known !== undefined) {
      // The dictionary's own: a piece of a big text would keep all of it in memory.
      const own = builder.dictionary.values[known] as string
      if (own === text) {
        place.recent[at] = own
        place.recentIds[at] = known
      }
      builder.ids[this.#builder.n] = known
      return undefined
    }
    const own = ownText(text)
    const { seed } = this.#options
    const digits = place.column === 'card' && seed !== undefined ? cardNumberIn(own) : undefined
    const kept = digits === undefined ? this.#kept(place, own) : pseudonymOf(digits, seed ?? '')
    if (typeof kept !== 'string') return kept
    const id = builder.dictionary.idOf(kept)
    if (digits !== undefined) {
      this.hasPseudonyms = true
      this.#bins.set(id, digits.slice(0, 6))
    }
    if (kept !== own) place.turned.set(own, id)
    builder.ids[this.#builder.n] = id
    return undefined
  }
  #kept({ name, column, rule }: Place, text: string): string | Problem {
    if (rule.kind !== 'text') return text
    if (text.includes('\ufffd'))
      return {
        column: name,
        problem: 'holds bytes that are no UTF-8 (another --encoding?)',
        reason: `${column}: not UTF-8`,
      }
    const kept = rule.keep(text)
    if (kept !== undefined) return kept
    const said = rule.isPrivate ? `a text of ${text.length} characters` : shown(text)
    const padded = text.padStart(rule.digits ?? 0, '0')
    const hint = padded !== text && rule.keep(padded) !== undefined ? ` (were zeros in front lost: ${padded}?)` : ''
    return { column: name, problem: `${said} is not ${rule.expected}${hint}`, reason: `${column}: not expected` }
  }
}

const zero = 48
/** So many digits are a whole number exactly. */
const exactDigits = 15
/** Of digits alone, which most numbers are. Undefined: it is something else. */
function wholeNumberOf(text: string): number | undefined {
  const { length } = text
  if (length === 0 || length > exactDigits) return undefined
  let value = 0
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - zero
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value
}

function numberOf(column: string, cell: Cell): number | undefined {
  if (typeof cell === 'number') return cell
  if (typeof cell === 'bigint') return Number(cell)
  if (typeof cell === 'string') {
    const whole = wholeNumberOf(cell)
    if (whole !== undefined) return whole
    if (decimal.test(cell)) return Number(cell)
    if (column === 'isFraud') return /^true$/i.test(cell) ? 1 : /^false$/i.test(cell) ? 0 : undefined
    return undefined
  }
  if (typeof cell === 'boolean') return column === 'isFraud' ? Number(cell) : undefined
  if (cell instanceof Date)
    return column === 'ts' || column === 'labelTs' ? Math.floor(cell.getTime() / 1000) : undefined
  return undefined
}

/** Numbers and truth values have one way to be written; objects are JSON, where a column may hold it. */
function textOf(rule: ColumnRule, cell: Cell): string | undefined {
  if (typeof cell === 'number' && !Number.isInteger(cell)) return undefined
  // A number has no zeros in front; a code of fixed length has.
  if (typeof cell === 'number' || typeof cell === 'bigint')
    return String(cell).padStart(rule.kind === 'text' ? (rule.digits ?? 0) : 0, '0')
  if (typeof cell === 'boolean') return String(cell)
  if (rule.kind === 'text' && rule.takesObjects === true && typeof cell === 'object')
    return JSON.stringify(cell, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))
  return undefined
}
