// What a receiver checks of a message against the others of its transaction, beyond each element for itself.
// Spec: Tables A.1, A.17, sections 5.9.3, 5.9.4, 5.9.8–5.9.10; RES-TS, RES-TR, RES-AR, RES-CM, RES-AV, RES-DEC, FLOW-DS-6.
import type { Finding } from '../errors.ts'
import { acrossRows, type EchoRow, echoRows } from '../tables/across.ts'
import type { Version } from '../tables/types.ts'
import type { Profile } from './column.ts'
import type { JsonObject, Surroundings } from './conditions.ts'
import { byMessage, compileRows } from './rows.ts'

/** The other messages of the transaction, as far as the receiver knows them. `RReq` beside an RReq: the one before. */
export interface AcrossContext {
  readonly AReq?: JsonObject
  readonly ARes?: JsonObject
  readonly RReq?: JsonObject
  readonly CReq?: JsonObject
  readonly CRes?: JsonObject
}

const checkRows = compileRows(acrossRows)
const echoes = byMessage(echoRows)

const isSame = (one: unknown, other: unknown): boolean =>
  typeof one === 'string' && typeof other === 'string' ? one.toLowerCase() === other.toLowerCase() : one === other

/** Elements that must come back as they were sent. What the other message did not hold, or this one lacks, is not compared. */
function echoed(row: EchoRow, message: JsonObject, other: JsonObject): readonly Finding[] {
  return row.elements
    .filter((name) => message[name] !== undefined && other[name] !== undefined && !isSame(message[name], other[name]))
    .map((element) => ({ errorCode: row.code, element, at: `$.${element}`, rule: row.rule }))
}

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)

/** Every breach, ids first. `message` has passed its own checks. */
export function acrossFindings(message: JsonObject, context: AcrossContext, profile: Profile): readonly Finding[] {
  const { messageType } = message
  const version = message.messageVersion as Version
  const others: JsonObject = { ...context }
  const around: Surroundings = {
    message,
    leg: 'ACS-DS',
    channel: text(context.AReq?.deviceChannel, '02'),
    category: text(context.AReq?.messageCategory ?? message.messageCategory, '01'),
    context: others,
  }
  const ids = (echoes.get(messageType) ?? []).flatMap((row) => {
    const other = context[row.of]
    return other === undefined ? [] : echoed(row, message, other)
  })
  return [...ids, ...checkRows(message, around, version, profile)]
}
