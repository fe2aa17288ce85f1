// Compiles the rows over several elements. Spec: Tables A.1, A.14, A.17.
import type { Finding } from '../errors.ts'
import type { AcrossRow } from '../tables/across.ts'
import type { MessageType, Version } from '../tables/types.ts'
import type { Profile } from './column.ts'
import { compileCondition, contextsOf, type JsonObject, type Surroundings } from './conditions.ts'

export type RowCheck = (
  message: JsonObject,
  around: Surroundings,
  version: Version,
  profile: Profile,
) => readonly Finding[]

/** Rows by the type of their message. */
export function byMessage<Row extends { readonly message: MessageType }>(
  rows: readonly Row[],
): ReadonlyMap<unknown, readonly Row[]> {
  const groups = new Map<unknown, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.message)
    if (group === undefined) groups.set(row.message, [row])
    else group.push(row)
  }
  return groups
}

/** What breaks one of the rows of its message type. A row that needs a message nobody knows says nothing. */
export function compileRows(rows: readonly AcrossRow[]): RowCheck {
  const compiled = byMessage(
    rows.map((row) => ({
      message: row.message,
      row,
      breaks: compileCondition(row.when),
      needs: contextsOf(row.when),
    })),
  )
  return (message, around, version, profile) =>
    (compiled.get(message.messageType) ?? [])
      .filter(
        ({ row, breaks, needs }) =>
          (row.versions?.includes(version) ?? true) &&
          (row.profile ?? profile) === profile &&
          needs.every((name) => around.context?.[name] !== undefined) &&
          breaks(message, around),
      )
      .map(({ row: { code, element, rule } }): Finding => ({ errorCode: code, element, at: `$.${element}`, rule }))
}
