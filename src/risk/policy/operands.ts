/** What conditions may ask about: elements of the AReq, facts, features, and a few values of their own. */
import { elements } from '../../protocol/tables/elements.ts'
import { sensitiveElements } from '../../protocol/tables/sensitive.ts'
import type { Element } from '../../protocol/tables/types.ts'
import { sourceName, verdicts } from '../assessment.ts'
import { challengeIndicators, wishOf } from '../challenge-indicator.ts'
import { featureNames } from '../features.ts'
import type { Opinion } from '../sources.ts'
import { trustOf } from './assessments.ts'
import type { Given, Holds } from './conditions.ts'
import { factKinds } from './fact-kinds.ts'
import { traBandOf, traBands } from './limits.ts'
import { euros, majorOf } from './money.ts'

/** `some`: an object or a list of them, of which only its being there can be asked. */
export type OperandKind = 'number' | 'text' | 'flag' | 'some'

export type LeafTest = { readonly number?: (value: number) => boolean; readonly text?: (value: string) => boolean }

export type Operand = {
  readonly kind: OperandKind
  readonly isTold: Holds
  /** Whether the test holds of the value, of a list: of any of its values. */
  readonly asks: (test: LeafTest) => Holds
  /** A text as the wire has it, codes among them: written in quotes. */
  readonly isOnWire?: true
  /** All that there are. */
  readonly values?: readonly string[]
}

const isNumeric = /^-?\d+(\.\d+)?$/

function holdsOf(value: unknown, { number, text }: LeafTest): boolean {
  switch (typeof value) {
    case 'string':
      return text !== undefined ? text(value) : number !== undefined && isNumeric.test(value) && number(Number(value))
    case 'number':
      return number?.(value) === true
    case 'boolean':
      return text?.(value ? 'true' : 'false') === true
    default:
      return false
  }
}

/** Whether some value at the end of the path passes; without a test, whether there is one. Members of lists are looked at one by one. */
function someAt(node: unknown, path: readonly string[], from: number, test: LeafTest | undefined): boolean {
  if (node === undefined || node === null) return false
  if (Array.isArray(node)) {
    for (const member of node) if (someAt(member, path, from, test)) return true
    return false
  }
  const name = path[from]
  if (name === undefined) return test === undefined || holdsOf(node, test)
  return (
    typeof node === 'object' &&
    Object.hasOwn(node, name) &&
    someAt((node as Readonly<Record<string, unknown>>)[name], path, from + 1, test)
  )
}

const atPath = (root: 'areq' | 'facts', path: readonly string[]): Pick<Operand, 'isTold' | 'asks'> => ({
  isTold: (given) => someAt(given[root], path, 0, undefined),
  asks: (test) => (given) => someAt(given[root], path, 0, test),
})

const numberOf = (read: (given: Given) => number): Operand => ({
  kind: 'number',
  isTold: (given) => !Number.isNaN(read(given)),
  asks:
    ({ number = () => false }) =>
    (given) => {
      const value = read(given)
      return !Number.isNaN(value) && number(value)
    },
})

const textOf = (read: (given: Given) => string, values: readonly string[]): Operand => ({
  kind: 'text',
  values,
  isTold: () => true,
  asks: (test) => (given) => holdsOf(read(given), test),
})

/** Elements of an AReq by their path, without those that are kept from everybody. */
const elementsAsked: ReadonlyMap<string, Element> = new Map(
  Object.entries<Element>(elements).filter(([path]) => {
    const [top = ''] = path.split('.')
    const row: Element | undefined = (elements as Readonly<Record<string, Element>>)[top]
    return row?.presence?.AReq !== undefined && !path.split('.').some((name) => Object.hasOwn(sensitiveElements, name))
  }),
)

const channels: Readonly<Record<string, string>> = { '01': 'app', '02': 'browser', '03': '3ri' }
const categories: Readonly<Record<string, string>> = { '01': 'payment', '02': 'non-payment' }

const own: Readonly<Record<string, Operand>> = {
  score: numberOf(({ score }) => score),
  /** Major units of the issuer's currency. */
  amount: numberOf(({ facts, policy }) =>
    facts?.amount === undefined ? Number.NaN : majorOf(facts.amount, policy.issuer),
  ),
  amountEUR: numberOf(({ facts, policy }) => euros(facts?.amount, policy.issuer)),
  /** Up to EUR 100, 250, 500, over, or none without an amount in euros. */
  traBand: textOf(({ facts, policy }) => traBandOf(euros(facts?.amount, policy.issuer)), traBands),
  channel: textOf(({ asked }) => channels[asked.deviceChannel] ?? asked.deviceChannel, Object.values(channels)),
  category: textOf(
    ({ asked }) => categories[asked.messageCategory] ?? 'other',
    [...Object.values(categories), 'other'],
  ),
  version: textOf(({ asked }) => asked.messageVersion, ['2.1.0', '2.2.0', '2.3.1']),
  /** The challenge indicator that counts. */
  wish: textOf(
    ({ asked }) => wishOf(asked.challengeInds, asked.messageVersion).indicator,
    Object.keys(challengeIndicators),
  ),
}

/** What screenings of the shop said that this policy listens to. */
function* heardBy({ policy: { assessments }, opinions = [] }: Given, source: string | undefined): Iterable<Opinion> {
  if (assessments === undefined) return
  for (const opinion of opinions)
    if ((source === undefined || opinion.source === source) && trustOf(assessments, opinion.source) > 0) yield opinion
}

const saidOf = {
  verdict: { kind: 'text', values: verdicts, read: ({ verdict }: Opinion) => verdict },
  score: { kind: 'number', values: undefined, read: ({ score }: Opinion) => score },
  source: { kind: 'text', values: undefined, read: ({ source }: Opinion) => source },
} as const

/** Of one source; without one, of any that was heard. */
function assessmentOperand(name: string): Operand | undefined {
  const dot = name.lastIndexOf('.')
  const source = dot < 0 ? undefined : name.slice(0, dot)
  const member = name.slice(dot + 1)
  if (!Object.hasOwn(saidOf, member)) return undefined
  if (source !== undefined && (member === 'source' || !sourceName.safeParse(source).success)) return undefined
  const { kind, values, read } = saidOf[member as keyof typeof saidOf]
  const some = (given: Given, test: LeafTest | undefined): boolean => {
    for (const opinion of heardBy(given, source)) if (someAt(read(opinion), [], 0, test)) return true
    return false
  }
  return {
    kind,
    ...(values !== undefined && { values }),
    isTold: (given) => some(given, undefined),
    asks: (test) => (given) => some(given, test),
  }
}

/** Names that hold the name of a source besides, as a regular expression. */
export const assessmentNames = '^assessment[.][a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?[.](?:verdict|score)$'

export const operandNames = (): readonly string[] => [
  ...Object.keys(own),
  ...Object.keys(saidOf).map((name) => `assessment.${name}`),
  ...featureNames.map((name) => `feature.${name}`),
  ...Object.keys(factKinds).map((name) => `facts.${name}`),
  ...[...elementsAsked.keys()].map((name) => `areq.${name}`),
]

/** A text: why this cannot be asked about. Undefined: there is no such value. */
export function operandOf(name: string): Operand | string | undefined {
  const dot = name.indexOf('.')
  const rest = name.slice(dot + 1)
  switch (dot < 0 ? undefined : name.slice(0, dot)) {
    case undefined:
      return Object.hasOwn(own, name) ? own[name] : undefined
    case 'feature': {
      const position = (featureNames as readonly string[]).indexOf(rest)
      return position < 0 ? undefined : numberOf(({ features }) => features[position] ?? Number.NaN)
    }
    case 'facts':
      return Object.hasOwn(factKinds, rest)
        ? { kind: factKinds[rest as keyof typeof factKinds], ...atPath('facts', rest.split('.')) }
        : undefined
    case 'assessment':
      return assessmentOperand(rest)
    case 'areq':
      return elementOperand(rest)
    default:
      return undefined
  }
}

function elementOperand(path: string): Operand | string | undefined {
  const names = path.split('.')
  if (names.includes('acctNumber')) return 'the card number is asked about by a list: { listed: deny, kind: card }'
  if (names.some((name) => Object.hasOwn(sensitiveElements, name))) return `${path} is kept from everybody`
  const row = elementsAsked.get(path)
  if (row === undefined) return undefined
  const isGroup = row.type === 'object' || (row.type === 'array' && row.items === 'object')
  return { kind: isGroup ? 'some' : 'text', isOnWire: true, ...atPath('areq', names) }
}
