// What of a message belongs to its column. Everything else is ignored, and nobody has looked at it (ACS-VAL-32, ACS-VAL-34).
import { letterOf } from '../rules/checker.ts'
import { elements } from '../tables/elements.ts'
import type { Element, Version } from '../tables/types.ts'
import type { AReq } from './types.ts'

const rows: readonly (readonly [string, Element])[] = Object.entries(elements)

/** Members of any AReq that one of this version, channel and category does not have. */
function foreignNames(version: Version, channel: string, category: string): readonly string[] {
  const column = { version, message: 'AReq', channel, category, profile: 'strict' } as const
  return rows.flatMap(([path, row]) =>
    row.presence?.AReq !== undefined && letterOf(row, column) === '-' ? [path] : [],
  )
}

const known = new Map<string, readonly string[]>()

/** Categories and channels of a DS are read like a browser payment, as the parser does. */
function foreignTo({ messageVersion, deviceChannel, messageCategory }: AReq): readonly string[] {
  const channel = deviceChannel === '01' || deviceChannel === '03' ? deviceChannel : '02'
  // 2.1.0 has no 3RI payment; it is answered all the same (ACS-VAL-62) and read like a non-payment.
  const isUnserved = messageVersion === '2.1.0' && channel === '03'
  const category = messageCategory === '02' || isUnserved ? '02' : '01'
  const key = `${messageVersion}${channel}${category}`
  const found = known.get(key)
  if (found !== undefined) return found
  const names = foreignNames(messageVersion as Version, channel, category)
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
