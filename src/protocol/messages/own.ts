// What of a message belongs to its column. Everything else is ignored, and nobody has looked at it (ACS-VAL-32, ACS-VAL-34).
import { columnOf, letterOf } from '../rules/column.ts'
import { elements } from '../tables/elements.ts'
import type { Element, Version } from '../tables/types.ts'
import type { AReq } from './types.ts'

const rows: readonly (readonly [string, Element])[] = Object.entries(elements)

const known = new Map<string, readonly string[]>()

/** Members of any AReq that one of this version, channel and category does not have, by the column it is read by. */
export function foreignTo({
  messageVersion,
  deviceChannel: channel,
  messageCategory: category,
}: Pick<AReq, 'messageVersion' | 'deviceChannel' | 'messageCategory'>): readonly string[] {
  const key = `${messageVersion}${channel}${category}`
  const found = known.get(key)
  if (found !== undefined) return found
  const version = messageVersion as Version
  const column = columnOf(elements, { version, message: 'AReq', channel, category, profile: 'strict' })
  const names = rows.flatMap(([path, row]) =>
    row.presence?.AReq !== undefined && letterOf(row, column) === '-' ? [path] : [],
  )
  known.set(key, names)
  return names
}

/** The AReq itself, or a copy without the members that its column does not have, whose values were never checked. */
export function ownElements(areq: AReq): AReq {
  const foreign = foreignTo(areq)
  const members: Readonly<Record<string, unknown>> = areq
  if (!foreign.some((name) => members[name] !== undefined)) return areq
  const names = new Set(foreign)
  return Object.fromEntries(Object.entries(areq).filter(([name]) => !names.has(name))) as AReq
}
