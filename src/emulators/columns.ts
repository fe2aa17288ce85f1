// Which elements a message may hold. Spec: Annex A, [Req 209, 210]; FLOW-DS-4, FLOW-DS-7.
import type { MessageType } from '../protocol/messages/types.ts'
import { letterOf } from '../protocol/rules/column.ts'
import { elements } from '../protocol/tables/elements.ts'
import type { ElementTable } from '../protocol/tables/types.ts'
import { isVersion } from './versions.ts'

const table: ElementTable = elements

/** The column of the table that a message is read by. */
export interface ColumnOf {
  readonly message: MessageType
  readonly version: string
  readonly channel: string
  readonly category: string
}

/** Whether the table gives the element to the message in this column; undefined: no version has it in this message. */
export function belongs(name: string, { message, version, channel, category }: ColumnOf): boolean | undefined {
  const element = table[name]
  if (element?.presence?.[message] === undefined || !isVersion(version)) return undefined
  const isIn = (column: string): boolean =>
    letterOf(element, { version, message, channel, category: column, profile: 'strict' }) !== '-'
  // A payment by 3RI has no column in 2.1.0; the ACS answers it all the same (ACS-VAL-62).
  return isIn(version === '2.1.0' && channel === '03' ? '02' : category)
}

type Elements = Readonly<Record<string, unknown>>

/** The message without elements that do not belong to it; extensions are passed on unaltered (FLOW-DS-4). */
export const withoutStrangers = (message: Elements, column: ColumnOf): Elements =>
  Object.fromEntries(Object.entries(message).filter(([name]) => belongs(name, column) === true))

/** The message without elements of other versions, channels and categories. What no table knows stays: somebody wants it tested. */
export const withoutOtherColumns = (message: Elements, column: ColumnOf): Elements =>
  Object.fromEntries(Object.entries(message).filter(([name]) => belongs(name, column) !== false))
