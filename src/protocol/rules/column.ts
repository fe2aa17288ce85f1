// One column of the element table: a message of one version, channel and category. Spec: Table A.1, Annex B.
import type { Element, ElementTable, MessageType, Version } from '../tables/types.ts'

export type Profile = 'lenient' | 'strict'

export interface Column {
  readonly version: Version
  readonly message: MessageType
  readonly channel: string
  readonly category: string
  readonly profile: Profile
}

/** Channel or category of a message that does not say it: only what all of them agree on counts (ACS-VAL-24). */
export const unknown = '*'

const columnNames = ['01-APP 01-PA', '01-APP 02-NPA', '02-BRW 01-PA', '02-BRW 02-NPA', '03-3RI 01-PA', '03-3RI 02-NPA']
const versionNames: readonly Version[] = ['2.1.0', '2.2.0', '2.3.1']

const isOneOf = (name: string, { channel, category }: Column): boolean =>
  (channel === unknown || name.startsWith(channel)) && (category === unknown || name.includes(` ${category}`))

/** Of several columns: what they agree on, else optional; `-` where one of them does not have the element. */
const agreedOn = (letters: readonly string[]): string => {
  const [first = '-', ...rest] = letters
  if (rest.every((letter) => letter === first)) return first
  return letters.includes('-') ? '-' : 'O'
}

/** 2.1.0 has no 3RI payments (RES-3RI-1). */
const isThere = (name: string, { version }: Column): boolean => version !== '2.1.0' || name !== '03-3RI 01-PA'

/** R, C, O, or `-` where the element is no part of the column. */
export const letterOf = (element: Element, column: Column): string => {
  const position = versionNames.indexOf(column.version)
  if (element.use !== undefined) return element.use[position] ?? '-'
  const group = element.presence?.[column.message]?.split(' ')[position] ?? '-'
  if (group.length === 1) return group
  const isUnknown = column.channel === unknown || column.category === unknown
  return agreedOn(
    columnNames.flatMap((name, index) =>
      isOneOf(name, column) && (!isUnknown || isThere(name, column)) ? [group[index] ?? '-'] : [],
    ),
  )
}

/** Whether a list of a condition (versions, messages, channels …) names it; no list names all. */
export const applies = (list: readonly string[] | undefined, name: string): boolean =>
  list === undefined || list.some((entry) => entry === name || entry.startsWith(`${name}-`))

/**
 * The column by which a message is read that comes under channel and category, where the table has none for them:
 * a 3RI payment of 2.1.0 as the non-payment one (ACS-VAL-62), anything else as a browser payment.
 */
export function columnOf(table: ElementTable, column: Column): Column {
  const { messageVersion } = table
  if (messageVersion === undefined) return column
  const otherCategory = column.category === '01' ? '02' : '01'
  const candidates: readonly Column[] = [
    column,
    { ...column, category: otherCategory },
    { ...column, channel: '02', category: column.category },
    { ...column, channel: '02', category: '01' },
  ]
  return candidates.find((candidate) => letterOf(messageVersion, candidate) !== '-') ?? column
}
