// What a card range update does to the ranges a 3DS Server knows. Spec: sections 5.6, 5.9.7 [Req 250, 385]; FLOW-PRE-5, 7, 8,
// ERR-205 (codes 205 and 206).
import type { Finding } from '../errors.ts'
import type { ErrorCode } from '../tables/errors.ts'

/** One span of card numbers, first and last included, and what was said of it. */
export interface CardRange<E> {
  readonly start: string
  readonly end: string
  readonly entry: E
}

export interface CardRangeChange<E> extends CardRange<E> {
  /** Add, delete, modify; an entry without an action adds. */
  readonly actionInd: 'A' | 'D' | 'M'
}

export interface CardRangeUpdate<E> {
  /** The PRes has no serial number: it replaces every range, and its actions do not count (FLOW-PRE-7). */
  readonly isWhole: boolean
  /** 01: in the order of the message; 02: from its end (FLOW-PRE-8). */
  readonly readOrder: '01' | '02'
  readonly changes: readonly CardRangeChange<E>[]
}

export interface CardRangesUpdated<E> {
  /** In the order of the card numbers; undefined where a finding drops the whole update. */
  readonly table?: readonly CardRange<E>[]
  readonly findings: readonly Finding[]
}

const keyOf = ({ start, end }: { readonly start: string; readonly end: string }): string => `${start}-${end}`

/** Card numbers of 13 to 19 digits, compared as the numbers that begin alike: shorter ones are filled up. */
const longest = 19
const from = ({ start }: { readonly start: string }): string => start.padEnd(longest, '0')
const to = ({ end }: { readonly end: string }): string => end.padEnd(longest, '9')

const dropped = (errorCode: ErrorCode, ranges: readonly string[]): CardRangesUpdated<never> => ({
  findings: ranges.map((range) => ({ errorCode, element: range, at: '$.cardRangeData', rule: 'FLOW-PRE-5' })),
})

/** Of two ranges that share numbers, the later one. `ranges` are in order. */
function overlapIn(ranges: readonly CardRange<unknown>[]): CardRange<unknown> | undefined {
  let last = ''
  for (const range of ranges) {
    if (from(range) <= last || to(range) < from(range)) return range
    last = to(range)
  }
  return undefined
}

const byStart = (one: CardRange<unknown>, other: CardRange<unknown>): number => {
  const [a, b] = [from(one), from(other)]
  return a < b ? -1 : a > b ? 1 : 0
}

/** The ranges after the update, or the finding that drops it as a whole: 205 overlap, 206 an action that does not fit. */
export function applyCardRanges<E>(
  table: readonly CardRange<E>[],
  { isWhole, readOrder, changes }: CardRangeUpdate<E>,
): CardRangesUpdated<E> {
  const ranges = new Map((isWhole ? [] : table).map((range) => [keyOf(range), range]))
  const inOrder = readOrder === '02' ? changes.toReversed() : changes
  for (const { actionInd, start, end, entry } of inOrder) {
    const key = keyOf({ start, end })
    const isKnown = ranges.has(key)
    if (isWhole || actionInd === 'A') {
      if (isKnown) return dropped('205', [key])
      ranges.set(key, { start, end, entry })
    } else if (!isKnown) {
      return dropped('206', [key])
    } else if (actionInd === 'M') {
      ranges.set(key, { start, end, entry })
    } else {
      ranges.delete(key)
    }
  }
  const next = [...ranges.values()].sort(byStart)
  const overlap = overlapIn(next)
  return overlap === undefined ? { table: next, findings: [] } : dropped('205', [keyOf(overlap)])
}

/** Serial numbers a DS does not know are refused by it (FLOW-PRE-2); one it gave before, it takes. */
export const serialNumFindings = (
  serialNum: string | undefined,
  isKnown: (serialNum: string) => boolean,
): readonly Finding[] =>
  serialNum === undefined || isKnown(serialNum)
    ? []
    : [{ errorCode: '307', element: 'serialNum', at: '$.serialNum', rule: 'FLOW-PRE-2' }]
