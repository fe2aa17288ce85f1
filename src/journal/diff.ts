// Two runs, message by message and field by field. Ids are compared by what they stand for, times where clocks stood. Pure.
import { z } from 'zod'
import { canonicalFormat, canonicalVersion } from './canonical.ts'
import { sorted } from './values.ts'

type Members = Readonly<Record<string, unknown>>

export interface RunTransaction {
  readonly facts: Members
  readonly messages: readonly Members[]
}

export interface Run {
  readonly isFrozen: boolean
  readonly transactions: readonly RunTransaction[]
}

/** What is no canonical export; `line` from 1. */
export class NotCanonical extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

const headerLine = z.object({
  format: z.literal(canonicalFormat),
  formatVersion: z.literal(canonicalVersion),
  clock: z.enum(['frozen', 'run']),
})
const members = z.record(z.string(), z.unknown())
const transactionLine = z.strictObject({ transaction: members })

export function readCanonical(text: string): Run {
  const transactions: { facts: Members; messages: Members[] }[] = []
  let isFrozen: boolean | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      throw new NotCanonical(index + 1, 'no JSON')
    }
    if (isFrozen === undefined) {
      const header = headerLine.safeParse(value)
      if (!header.success)
        throw new NotCanonical(index + 1, `not a canonical export (its first line names ${canonicalFormat})`)
      isFrozen = header.data.clock === 'frozen'
      continue
    }
    const first = transactionLine.safeParse(value)
    const message = members.safeParse(value)
    const last = transactions.at(-1)
    if (first.success) transactions.push({ facts: first.data.transaction, messages: [] })
    else if (last !== undefined && message.success) last.messages.push(message.data)
    else throw new NotCanonical(index + 1, 'neither a transaction nor a message of one')
  }
  if (isFrozen === undefined) throw new NotCanonical(1, 'the file is empty')
  return { isFrozen, transactions }
}

export interface Change {
  readonly path: string
  /** Absent: it is not there. */
  readonly a?: unknown
  readonly b?: unknown
}

export interface MessageDiff {
  readonly kind: 'changed' | 'onlyInA' | 'onlyInB'
  /** Position in its transaction, from 1: in A, or in B where it is only there. */
  readonly position: number
  readonly link: string
  readonly messageType?: string | undefined
  readonly changes: readonly Change[]
  /** The message, where it is in one only. */
  readonly message?: unknown
}

export interface TransactionDiff {
  readonly kind: 'changed' | 'onlyInA' | 'onlyInB'
  readonly position: number
  readonly acsTransID?: string | undefined
  readonly changes: readonly Change[]
  readonly messages: readonly MessageDiff[]
}

export interface Diff {
  readonly isEqual: boolean
  readonly transactions: { readonly a: number; readonly b: number }
  readonly differences: readonly TransactionDiff[]
}

export interface DiffOptions {
  /** Names or paths of elements that are not compared. */
  readonly ignore?: readonly string[] | undefined
  /** Ids have to be the same, not only to stand for the same. */
  readonly strictIds?: boolean | undefined
  /** Times are compared; without a word where both clocks stood. */
  readonly times?: boolean | undefined
}

/** The DS counts its tellings by a number of its own, which stands for something as an id does. */
const isSerial = (path: string): boolean => path.endsWith('serialNum')

/** Ids, and the address of a made-up cardholder, which follows from the key of its run. */
const idForm = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|card-[0-9a-f]{8}@cardholder\.example)$/i

/** Ids of one run and the other's, one to one: whatever stood for something must go on standing for it. */
class Pairs {
  readonly #ofA = new Map<string, string>()
  readonly #ofB = new Map<string, string>()
  areOne(a: string, b: string): boolean {
    const [one, other] = [a.toLowerCase(), b.toLowerCase()]
    const known = this.#ofA.get(one)
    if (known !== undefined || this.#ofB.has(other)) return known === other
    this.#ofA.set(one, other)
    this.#ofB.set(other, one)
    return true
  }
}

interface Terms {
  readonly pairs: Pairs | undefined
  readonly isIgnored: (path: string) => boolean
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function* changesOf(a: unknown, b: unknown, path: string, terms: Terms): Generator<Change> {
  if (terms.isIgnored(path)) return
  if (isMembers(a) && isMembers(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
      yield* changesOf(a[name], b[name], path === '' ? name : `${path}.${name}`, terms)
    return
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index += 1)
      yield* changesOf(a[index], b[index], `${path}.${index}`, terms)
    return
  }
  if (
    typeof a === 'string' &&
    typeof b === 'string' &&
    terms.pairs !== undefined &&
    ((idForm.test(a) && idForm.test(b)) || isSerial(path))
  ) {
    if (!terms.pairs.areOne(a, b)) yield { path, a, b }
    return
  }
  if (sorted(a) !== sorted(b)) yield { path, ...(a !== undefined && { a }), ...(b !== undefined && { b }) }
}

const kindOf = ({ link, messageType, message, problem }: Members): string => {
  const event = isMembers(message) ? (message.page ?? message.action ?? message.event) : undefined
  return [link, messageType ?? event ?? '', problem ?? ''].join(' ')
}

/** Positions that go together: the longest common sequence of messages of one kind, on one link. */
function paired<T>(
  a: readonly T[],
  b: readonly T[],
  keyOf: (one: T) => string,
): readonly (readonly [number, number])[] {
  const keysA = a.map(keyOf)
  const keysB = b.map(keyOf)
  const width = keysB.length + 1
  const lengths = new Uint32Array((keysA.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = keysA.length - 1; i >= 0; i -= 1)
    for (let j = keysB.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = keysA[i] === keysB[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const pairs: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < keysA.length && j < keysB.length; ) {
    if (keysA[i] === keysB[j]) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return pairs
}

const withoutTime = ({ at: _at, ...message }: Members): Members => message

const onlyIn = (kind: 'onlyInA' | 'onlyInB', message: Members, index: number): MessageDiff => ({
  kind,
  position: index + 1,
  link: String(message.link),
  messageType: typeof message.messageType === 'string' ? message.messageType : undefined,
  changes: [],
  message: message.message,
})

function messagesDiff(
  a: readonly Members[],
  b: readonly Members[],
  terms: Terms,
  comparesTimes: boolean,
): readonly MessageDiff[] {
  const shown = (message: Members): Members => (comparesTimes ? message : withoutTime(message))
  const pairs = paired(a, b, kindOf)
  const partner = new Map(pairs)
  const taken = new Set(pairs.map(([, j]) => j))
  const diffs: MessageDiff[] = []
  let next = 0
  const flushB = (until: number): void => {
    for (; next < until; next += 1) {
      const message = b[next]
      if (message !== undefined && !taken.has(next)) diffs.push(onlyIn('onlyInB', message, next))
    }
  }
  for (const [i, message] of a.entries()) {
    const j = partner.get(i)
    const other = j === undefined ? undefined : b[j]
    if (j === undefined || other === undefined) {
      diffs.push(onlyIn('onlyInA', message, i))
      continue
    }
    flushB(j)
    const changes = [...changesOf(shown(message), shown(other), '', terms)]
    if (changes.length > 0) {
      const { kind: _kind, message: _message, ...about } = onlyIn('onlyInA', message, i)
      diffs.push({ ...about, kind: 'changed', changes })
    }
  }
  flushB(b.length)
  return diffs
}

const idOf = ({ facts }: RunTransaction): string => String(facts.threeDSServerTransID ?? facts.id ?? '')

const acsTransIDOf = ({ facts }: RunTransaction): { acsTransID?: string } =>
  typeof facts.acsTransID === 'string' ? { acsTransID: facts.acsTransID } : {}

/** Transactions of the same id belong together, the others by their order. */
function pairTransactions(a: Run, b: Run): readonly (readonly [number | undefined, number | undefined])[] {
  const inB = new Map(b.transactions.map((one, index) => [idOf(one), index]))
  const pairs = new Map<number, number>()
  for (const [i, one] of a.transactions.entries()) {
    const j = inB.get(idOf(one))
    if (j !== undefined && idOf(one) !== '') pairs.set(i, j)
  }
  const taken = new Set(pairs.values())
  const free = [...b.transactions.keys()].filter((j) => !taken.has(j))
  for (const i of a.transactions.keys()) {
    const j = pairs.has(i) ? undefined : free.shift()
    if (j !== undefined) pairs.set(i, j)
  }
  return [
    ...[...a.transactions.keys()].map((i) => [i, pairs.get(i)] as const),
    ...free.map((j) => [undefined, j] as const),
  ]
}

/** Compares canonical exports. */
export function diffRuns(a: Run, b: Run, options: DiffOptions = {}): Diff {
  const { ignore = [], strictIds = false, times = a.isFrozen && b.isFrozen } = options
  const ignored = new Set(ignore)
  const plainPath = (path: string): string => path.replace(/^message\./, '')
  const terms: Terms = {
    pairs: strictIds ? undefined : new Pairs(),
    isIgnored: (path) =>
      ignored.size > 0 &&
      (ignored.has(path) || ignored.has(plainPath(path)) || ignored.has(path.slice(path.lastIndexOf('.') + 1))),
  }
  const differences: TransactionDiff[] = []
  for (const [i, j] of pairTransactions(a, b)) {
    const one = i === undefined ? undefined : a.transactions[i]
    const other = j === undefined ? undefined : b.transactions[j]
    if (one === undefined || other === undefined) {
      const [only, index, kind] =
        one === undefined ? ([other, j ?? 0, 'onlyInB'] as const) : ([one, i ?? 0, 'onlyInA'] as const)
      if (only === undefined) continue
      const messages = only.messages.map((message, place) => onlyIn(kind, message, place))
      differences.push({ kind, position: index + 1, ...acsTransIDOf(only), changes: [], messages })
      continue
    }
    const changes = [...changesOf(one.facts, other.facts, '', terms)]
    const messages = messagesDiff(one.messages, other.messages, terms, times)
    if (changes.length > 0 || messages.length > 0)
      differences.push({ kind: 'changed', position: (i ?? 0) + 1, ...acsTransIDOf(one), changes, messages })
  }
  return {
    isEqual: differences.length === 0,
    transactions: { a: a.transactions.length, b: b.transactions.length },
    differences,
  }
}
