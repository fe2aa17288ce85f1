// Where a row of the element table counts: message, version and, where messages differ by it, channel and category.
import { letterOf } from '../../src/protocol/rules/column.ts'
import { elements } from '../../src/protocol/tables/elements.ts'
import type { Element, ElementTable, MessageType, Shape, Version } from '../../src/protocol/tables/types.ts'

export const table: ElementTable = elements

export const versions: readonly Version[] = ['2.1.0', '2.2.0', '2.3.1']

const messages: readonly MessageType[] = [
  'AReq',
  'ARes',
  'CReq',
  'CRes',
  'RReq',
  'RRes',
  'PReq',
  'PRes',
  'OReq',
  'ORes',
  'Erro',
]

export interface Place {
  readonly message: MessageType
  readonly version: Version
  /** Absent for messages that belong to no channel. */
  readonly column?: { readonly channel: string; readonly category: string }
}

const hasNoChannel = (message: MessageType): boolean => table.messageVersion?.presence?.[message]?.length === 5

const columns = ['01', '02', '03'].flatMap((channel) => ['01', '02'].map((category) => ({ channel, category })))

export const letterAt = (row: Element, { message, version, column }: Place): string =>
  letterOf(row, { version, message, profile: 'strict', ...(column ?? { channel: '02', category: '01' }) })

/** Every place that has a message. */
export const places: readonly Place[] = versions
  .flatMap((version) =>
    messages.flatMap((message): readonly Place[] =>
      hasNoChannel(message) ? [{ message, version }] : columns.map((column) => ({ message, version, column })),
    ),
  )
  .filter((place) => table.messageVersion !== undefined && letterAt(table.messageVersion, place) !== '-')

export const shapeOf = (row: Element, version: Version): Shape => row.by?.[version] ?? row

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')))

/** Whether the parser of messages reads the row at all: what is inside a JWS or another encoded text has readers of its own. */
function isReached(path: string, place: Place): boolean {
  const parent = parentOf(path)
  if (parent === '') return table[path]?.presence?.[place.message] !== undefined
  const row = table[parent]
  if (row === undefined || letterAt(row, place) === '-' || !isReached(parent, place)) return false
  const { type, items } = shapeOf(row, place.version)
  return type === 'object' || items === 'object'
}

/** Where the parser reads the row, or would if it were there. */
export const placesOf = (path: string): readonly Place[] => places.filter((place) => isReached(path, place))

const rowsByMessage = new Map<MessageType, Readonly<Record<string, Element>>>()

/** The rows that a message can touch; a small table is compiled faster. */
export function rowsOf(message: MessageType): Readonly<Record<string, Element>> {
  const known = rowsByMessage.get(message)
  if (known !== undefined) return known
  const isIts = (path: string): boolean =>
    path.includes('.') ? isIts(parentOf(path)) : table[path]?.presence?.[message] !== undefined
  const rows = Object.fromEntries(Object.entries(table).filter(([path]) => isIts(path)))
  rowsByMessage.set(message, rows)
  return rows
}

export const placeText = ({ message, version, column }: Place): string =>
  `${message} ${version}${column === undefined ? '' : ` ${column.channel}/${column.category}`}`
