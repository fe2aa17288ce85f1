/**
 * Conditions of rules and segments. They are written as data, read once, and compiled to closures: asking one makes nothing.
 *
 *   { of: areq.mcc, in: ['5815', '6540'] }      { of: feature.n_1h_account, ge: 10, lt: 40 }      { reason: first-device.first }
 *   { all: [ … ] }   { any: [ … ] }   { not: … }   { listed: deny, kind: card }
 *
 * What was not told fulfils `absent` and nothing else: neither `eq` nor `ne` can be said of it.
 */
import type { DecideInput } from '../decide.ts'
import { type ListKind, listKinds } from './lists.ts'
import { meant } from './nearest.ts'
import { type LeafTest, type Operand, type OperandKind, operandNames, operandOf } from './operands.ts'
import { PatternError, patternOf } from './pattern.ts'

export type Given = DecideInput
export type Holds = (given: Given) => boolean

/** A condition as it was written, and what it means. */
export type Condition = { readonly source: ConditionSource; readonly holds: Holds }

type Scalar = string | number | boolean
export type Comparison = {
  readonly of: string
  readonly eq?: Scalar
  readonly ne?: Scalar
  readonly in?: readonly Scalar[]
  readonly notIn?: readonly Scalar[]
  readonly lt?: number
  readonly le?: number
  readonly gt?: number
  readonly ge?: number
  readonly between?: readonly [number, number]
  readonly matches?: string
  readonly startsWith?: string
  readonly exists?: true
  readonly absent?: true
}
export type ConditionSource =
  | { readonly all: readonly ConditionSource[] }
  | { readonly any: readonly ConditionSource[] }
  | { readonly not: ConditionSource }
  | { readonly reason: string }
  | { readonly listed: 'allow' | 'deny'; readonly kind?: ListKind }
  | Comparison

/** What can be said, as `<check>.<reason>`. */
export type Names = { readonly reasons: ReadonlySet<string> }

type Path = readonly (string | number)[]
export type Complain = (path: Path, problem: string) => undefined

export const operators = [
  'eq',
  'ne',
  'in',
  'notIn',
  'lt',
  'le',
  'gt',
  'ge',
  'between',
  'matches',
  'startsWith',
  'exists',
  'absent',
] as const
type Operator = (typeof operators)[number]

/** Which operators say something about which kind of value. Texts of an AReq may be digits, so they can be compared as numbers. */
export const operatorsOf = {
  number: ['eq', 'ne', 'in', 'notIn', 'lt', 'le', 'gt', 'ge', 'between', 'exists', 'absent'],
  text: ['eq', 'ne', 'in', 'notIn', 'lt', 'le', 'gt', 'ge', 'between', 'matches', 'startsWith', 'exists', 'absent'],
  flag: ['eq', 'ne', 'exists', 'absent'],
  some: ['exists', 'absent'],
} as const satisfies Readonly<Record<OperandKind, readonly Operator[]>>

const kindNames: Readonly<Record<OperandKind, string>> = {
  number: 'a number',
  text: 'a text',
  flag: 'true or false',
  some: 'something with members of its own',
}

const deepest = 12
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Undefined: something is wrong, and was complained of. */
export function readCondition(value: unknown, names: Names, complain: Complain): Condition | undefined {
  const holds = compiled(value, names, [], complain)
  return holds === undefined ? undefined : { source: value as ConditionSource, holds }
}

const forms =
  'a condition is one of { of: …, eq: … }, { all: [ … ] }, { any: [ … ] }, { not: … }, { reason: … }, { listed: … }'

function compiled(value: unknown, names: Names, path: Path, complain: Complain): Holds | undefined {
  if (!isObject(value)) return complain(path, forms)
  if (path.length > 2 * deepest) return complain(path, `at most ${deepest} groups inside each other`)
  if ('of' in value) return comparison(value, path, complain)
  const [key = ''] = Object.keys(value)
  const extra = Object.keys(value).find((name) => name !== key && !(key === 'listed' && name === 'kind'))
  if (extra !== undefined) return complain([...path, extra], `not beside ${key}; ${forms}`)
  const content = value[key]
  switch (key) {
    case 'all':
    case 'any': {
      if (!Array.isArray(content) || content.length === 0) return complain([...path, key], 'a list of conditions')
      const parts = content.map((part, i) => compiled(part, names, [...path, key, i], complain))
      return parts.every((part) => part !== undefined) ? grouped(key, parts) : undefined
    }
    case 'not': {
      const part = compiled(content, names, [...path, key], complain)
      return part && ((given) => !part(given))
    }
    case 'reason':
      return reasonHolds(content, names, [...path, key], complain)
    case 'listed':
      return listedHolds(content, value.kind, path, complain)
    default:
      return complain(key === '' ? path : [...path, key], forms)
  }
}

function grouped(key: 'all' | 'any', parts: readonly Holds[]): Holds {
  const wanted = key === 'any'
  return (given) => {
    for (const part of parts) if (part(given) === wanted) return wanted
    return !wanted
  }
}

function reasonHolds(content: unknown, { reasons }: Names, path: Path, complain: Complain): Holds | undefined {
  if (typeof content !== 'string' || !reasons.has(content))
    return complain(path, `no such reason: ${String(content)}${meant(String(content), [...reasons])}`)
  return (given) => given.reasons.includes(content)
}

function listedHolds(list: unknown, kind: unknown, path: Path, complain: Complain): Holds | undefined {
  if (list !== 'allow' && list !== 'deny') return complain([...path, 'listed'], 'allow or deny')
  if (kind === undefined) return ({ listed }) => listed !== undefined && listed[list].length > 0
  if (!listKinds.some((known) => known === kind))
    return complain([...path, 'kind'], `one of ${listKinds.join(', ')}${meant(String(kind), listKinds)}`)
  return ({ listed }) => {
    if (listed !== undefined) for (const match of listed[list]) if (match.kind === kind) return true
    return false
  }
}

function comparison(value: Readonly<Record<string, unknown>>, path: Path, complain: Complain): Holds | undefined {
  const { of, ...asked } = value
  if (typeof of !== 'string')
    return complain([...path, 'of'], 'the name of a value, such as areq.mcc or feature.amount_z')
  const operand = operandOf(of)
  if (typeof operand === 'string') return complain([...path, 'of'], operand)
  if (operand === undefined) return complain([...path, 'of'], `no such value: ${of}${meant(of, operandNames())}`)
  const tests: Test[] = []
  const entries = Object.entries(asked)
  if (entries.length === 0) return complain(path, `what of it? One of ${operatorsOf[operand.kind].join(', ')}`)
  for (const [operator, wanted] of entries) {
    const at = [...path, operator]
    const allowed: readonly string[] = operatorsOf[operand.kind]
    if (!operators.some((known) => known === operator))
      return complain(at, `no such operator${meant(operator, operators)}; one of ${allowed.join(', ')}`)
    if (!allowed.includes(operator))
      return complain(at, `${of} is ${kindNames[operand.kind]}: one of ${allowed.join(', ')}`)
    const test = testOf(operator as Operator, wanted, operand, (problem) => complain(at, problem))
    if (test === undefined) return undefined
    tests.push(test)
  }
  const holds = tests.map((test) => holdsOf(operand, test))
  const [first] = holds
  return holds.length === 1 && first !== undefined ? first : grouped('all', holds)
}

/** Asked of a value that is there. `absent` and the refusals are answered from that: of a list, some value does or none does. */
type Test = LeafTest & { readonly asks: 'exists' | 'absent' | 'some' | 'none' }

function testOf(
  operator: Operator,
  wanted: unknown,
  { kind, isOnWire, values }: Operand,
  complain: (problem: string) => undefined,
): Test | undefined {
  const one = (value: unknown): string | number | undefined => {
    switch (kind) {
      case 'number':
        return typeof value === 'number' && !Number.isNaN(value) ? value : complain('a number')
      case 'flag':
        return typeof value === 'boolean' ? String(value) : complain('true or false, without quotes')
      default:
        if (typeof value === 'boolean' && isOnWire) return String(value)
        if (typeof value !== 'string')
          return complain(
            `a text in quotes${isOnWire ? ', as it is in the message' : ''}${typeof value === 'number' ? ": '05', not 5" : ''}`,
          )
        if (values !== undefined && !values.includes(value))
          return complain(`no such value: ${value}${meant(value, values)}; one of ${values.join(', ')}`)
        return value
    }
  }
  const isNumber = kind === 'number'
  switch (operator) {
    case 'exists':
    case 'absent':
      if (wanted !== true) return complain(`write ${operator}: true`)
      return { asks: operator }
    case 'eq':
    case 'ne': {
      const value = one(wanted)
      if (value === undefined) return undefined
      const asks = operator === 'eq' ? 'some' : 'none'
      return isNumber ? { asks, number: (is) => is === value } : { asks, text: (is) => is === value }
    }
    case 'in':
    case 'notIn': {
      if (!Array.isArray(wanted) || wanted.length === 0) return complain('a list of values in [ ]')
      const set = new Set<string | number>()
      for (const member of wanted) {
        const value = one(member)
        if (value === undefined) return undefined
        set.add(value)
      }
      const asks = operator === 'in' ? 'some' : 'none'
      return isNumber ? { asks, number: (is) => set.has(is) } : { asks, text: (is) => set.has(is) }
    }
    case 'matches': {
      if (typeof wanted !== 'string' || wanted === '') return complain('a pattern in quotes')
      try {
        return { asks: 'some', text: patternOf(wanted) }
      } catch (error) {
        if (error instanceof PatternError) return complain(error.message)
        throw error
      }
    }
    case 'startsWith':
      if (typeof wanted !== 'string' || wanted === '') return complain('a text in quotes')
      return { asks: 'some', text: (is) => is.startsWith(wanted) }
    case 'between': {
      const [from, to] = Array.isArray(wanted) && wanted.length === 2 ? wanted : []
      if (typeof from !== 'number' || typeof to !== 'number' || !(from <= to))
        return complain('two numbers in [ ], the smaller one first; both belong to it')
      return { asks: 'some', number: (is) => is >= from && is <= to }
    }
    default: {
      if (typeof wanted !== 'number' || Number.isNaN(wanted)) return complain('a number')
      const number = {
        lt: (is: number) => is < wanted,
        le: (is: number) => is <= wanted,
        gt: (is: number) => is > wanted,
        ge: (is: number) => is >= wanted,
      }[operator]
      return { asks: 'some', number }
    }
  }
}

function holdsOf(operand: Operand, test: Test): Holds {
  if (test.asks === 'exists' || test.asks === 'absent') {
    const wanted = test.asks === 'exists'
    const { isTold } = operand
    return (given) => isTold(given) === wanted
  }
  const some = operand.asks(test)
  if (test.asks === 'some') return some
  const { isTold } = operand
  return (given) => isTold(given) && !some(given)
}
