// Every single change that a row of the element table can suffer at one place, by kind: presence, format, value.
import { applies } from '../../src/protocol/rules/column.ts'
import type { Condition, Element, Expression, Shape } from '../../src/protocol/tables/types.ts'
import { letterAt, type Place, shapeOf, versions } from './places.ts'

export const kinds = ['presence', 'format', 'value'] as const
export type Kind = (typeof kinds)[number]

/** A row with one change; `undefined` drops the row. */
export interface Mutant {
  readonly path: string
  readonly place: Place
  readonly kind: Kind
  readonly change: string
  readonly row: Element | undefined
}

type Change = readonly [change: string, row: Element | undefined]

const put = (text: string, index: number, part: string): string => text.slice(0, index) + part + text.slice(index + 1)

const columnIndex = ({ column }: Place): number =>
  column === undefined ? 0 : (Number(column.channel) - 1) * 2 + Number(column.category) - 1

export const codesOf = (shape: Shape, { version, message }: Place): readonly string[] =>
  (shape.allowedIn?.[version]?.[message] ?? shape.codes?.[version])?.split(' ') ?? []

function withLetter(row: Element, place: Place, letter: string): Element {
  const at = versions.indexOf(place.version)
  if (row.use !== undefined) return { ...row, use: put(row.use, at, letter) }
  const groups = (row.presence?.[place.message] ?? '').split(' ')
  groups[at] = put(groups[at] ?? '', columnIndex(place), letter)
  return { ...row, presence: { ...row.presence, [place.message]: groups.join(' ') } }
}

const without = <T extends object>(value: T, key: keyof T): T => {
  const { [key]: _gone, ...rest } = value
  return rest as T
}

/** The row with another shape in this version; the other versions keep theirs. */
const withShape = (row: Element, { version }: Place, shape: Shape): Element => ({
  ...row,
  by: { ...row.by, [version]: shape },
})

function withCodes(shape: Shape, { version, message }: Place, codes: readonly string[]): Shape {
  const list = codes.join(' ')
  const allowed = shape.allowedIn?.[version]
  if (allowed?.[message] === undefined) return { ...shape, codes: { ...shape.codes, [version]: list } }
  return { ...shape, allowedIn: { ...shape.allowedIn, [version]: { ...allowed, [message]: list } } }
}

/** A code that the list does not hold, of the same form. */
function codeBeside(codes: readonly string[]): string {
  const last = codes.at(-1) ?? '00'
  if (/^[0-9]{2}$/.test(last)) return String(Number(last) + 1).padStart(2, '0')
  if (/^[0-9]{3}$/.test(last)) return '999'
  return /^[0-9]+$/.test(last) ? '30' : 'X'
}

function* expressionsBeside(expression: Expression): Generator<readonly [change: string, Expression]> {
  if ('all' in expression || 'any' in expression) {
    const isAll = 'all' in expression
    const parts = isAll ? expression.all : expression.any
    const joined = (list: readonly Expression[]): Expression => (isAll ? { all: list } : { any: list })
    for (const [index, part] of parts.entries()) {
      yield [`without ${JSON.stringify(part)}`, joined(parts.toSpliced(index, 1))]
      for (const [change, inner] of expressionsBeside(part)) yield [change, joined(parts.with(index, inner))]
    }
  } else if ('not' in expression) {
    yield ['without not', expression.not]
    for (const [change, inner] of expressionsBeside(expression.not)) yield [`in not: ${change}`, { not: inner }]
  } else if ('in' in expression) {
    const name = 'field' in expression ? expression.field : 'root' in expression ? expression.root : expression.context
    for (const [index, value] of expression.in.entries())
      yield [`without ${name} ${value}`, { ...expression, in: expression.in.toSpliced(index, 1) }]
  } else {
    yield ['always', { all: [] }]
    yield ['never', { any: [] }]
  }
}

const appliesHere = (condition: Condition, { message, version, column }: Place): boolean =>
  condition.effect !== 'allowed-if' &&
  applies(condition.versions, version) &&
  applies(condition.messages, message) &&
  (column === undefined || applies(condition.channels, column.channel)) &&
  (column === undefined || applies(condition.categories, column.category))

function* presencesBeside(row: Element, place: Place): Generator<Change> {
  const letter = letterAt(row, place)
  if (letter === '-') {
    yield ['optional instead of not here', withLetter(row, place, 'O')]
    yield ['required instead of not here', withLetter(row, place, 'R')]
    return
  }
  yield ['no row', undefined]
  yield ['not here', withLetter(row, place, '-')]
  if (letter !== 'R') yield ['required', withLetter(row, place, 'R')]
  const conditions = row.conditions ?? []
  const isConditional = letter === 'C' && conditions.some((condition) => appliesHere(condition, place))
  if (letter === 'R' || isConditional) yield ['optional', withLetter(row, place, 'O')]
  if (!isConditional) return
  for (const [index, condition] of conditions.entries()) {
    if (!appliesHere(condition, place)) continue
    yield [`without condition ${index + 1}`, { ...row, conditions: conditions.toSpliced(index, 1) }]
    for (const [change, when] of expressionsBeside(condition.when))
      yield [`condition ${index + 1} ${change}`, { ...row, conditions: conditions.with(index, { ...condition, when }) }]
  }
}

const otherTypes: Readonly<Record<Shape['type'], readonly Shape['type'][]>> = {
  string: ['boolean', 'object', 'array', 'any'],
  boolean: ['string', 'object', 'any'],
  object: ['string', 'boolean', 'array', 'any'],
  array: ['string', 'object', 'any'],
  any: ['string', 'object'],
}

function* formatsBeside(shape: Shape): Generator<readonly [change: string, Shape]> {
  for (const type of otherTypes[shape.type]) yield [`type ${type}`, { ...shape, type }]
  const { min, max, entries } = shape
  if (max !== undefined) {
    yield ['max - 1', { ...shape, max: max - 1 }]
    yield ['max + 1', { ...shape, max: max + 1 }]
    yield ['no max', without(shape, 'max')]
  }
  if (min !== undefined) {
    yield ['min + 1', { ...shape, min: min + 1 }]
    if (min > 1) yield ['min - 1', { ...shape, min: min - 1 }]
  }
  if (entries !== undefined) {
    const [fewest, most] = entries
    yield ['one entry more', { ...shape, entries: [fewest, most + 1] }]
    yield ['one entry less', { ...shape, entries: [fewest, most - 1] }]
    yield ['at least one entry more', { ...shape, entries: [fewest + 1, most] }]
  }
  if (shape.kind !== undefined && shape.kind !== 'code') yield [`no ${shape.kind}`, without(shape, 'kind')]
  if (shape.pattern !== undefined) yield ['no pattern', without(shape, 'pattern')]
}

function* valuesBeside(shape: Shape, place: Place): Generator<readonly [change: string, Shape]> {
  const { version, message } = place
  const codes = codesOf(shape, place)
  if (codes.length > 0) {
    for (const [index, code] of codes.entries())
      yield [`no code ${code}`, withCodes(shape, place, codes.toSpliced(index, 1))]
    yield ['one code more', withCodes(shape, place, [...codes, codeBeside(codes)])]
    yield ['no codes', without(without(shape, 'codes'), 'allowedIn')]
  }
  if (shape.allowedIn?.[version]?.[message] !== undefined) yield ['codes of all messages', without(shape, 'allowedIn')]
  if (shape.dsCodes !== undefined && (shape.dsCodesIn?.includes(version) ?? true)) {
    yield ['no DS codes', without(shape, 'dsCodes')]
    yield ['DS codes from 79', { ...shape, dsCodes: '79-99' }]
    yield ['DS codes from 81', { ...shape, dsCodes: '81-99' }]
    yield ['DS codes to 98', { ...shape, dsCodes: '80-98' }]
  }
  const reserved = shape.reserved?.[version]
  if (reserved !== undefined && version === '2.3.1') {
    yield ['nothing reserved', { ...shape, reserved: {} }]
    for (const [index, range] of reserved.entries()) {
      const [from = range, to = from] = range.split('-')
      const next = String(Number(from) + 1).padStart(from.length, '0')
      const before = String(Number(to) - 1).padStart(to.length, '0')
      yield [`reserved from ${next}`, { ...shape, reserved: { [version]: reserved.with(index, `${next}-${to}`) } }]
      yield [`reserved to ${before}`, { ...shape, reserved: { [version]: reserved.with(index, `${from}-${before}`) } }]
    }
  }
}

const shaped = (row: Element, place: Place, changes: Iterable<readonly [string, Shape]>): readonly Change[] =>
  [...changes].map(([change, shape]) => [change, withShape(row, place, shape)])

/** All single changes of one kind. */
export function alterationsOf(path: string, row: Element, place: Place, kind: Kind): readonly Mutant[] {
  const shape = shapeOf(row, place.version)
  const isHere = letterAt(row, place) !== '-'
  const changes: readonly Change[] =
    kind === 'presence'
      ? [...presencesBeside(row, place)]
      : !isHere
        ? []
        : shaped(row, place, kind === 'format' ? formatsBeside(shape) : valuesBeside(shape, place))
  return changes.map(([change, altered]) => ({ path, place, kind, change, row: altered }))
}

/** Whether a change counts in its column only: a presence does, while a form, and what is inside an object, is the version's. */
export const reachesColumn = ({ kind, path, place, row }: Mutant): boolean =>
  place.column !== undefined && kind === 'presence' && row !== undefined && !path.includes('.')
