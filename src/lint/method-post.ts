// What is posted to the 3DS Method URL, and what comes back. Spec: Table A.1 (3DS Method Data); FLOW-MTH-2, FLOW-MTH-3.
import type { Finding } from '../protocol/errors.ts'
import { type Check, compileCheck } from '../protocol/rules/checker.ts'
import type { JsonObject } from '../protocol/rules/conditions.ts'
import { inOrder } from '../protocol/rules/steps.ts'
import { elements } from '../protocol/tables/elements.ts'
import type { Element, ElementTable, Version } from '../protocol/tables/types.ts'

const prefix = 'threeDSMethodData.'

/** The rows below threeDSMethodData, as members of the message that it holds. */
const rows: ElementTable = Object.fromEntries(
  Object.entries<Element>(elements).flatMap(([path, row]) =>
    path.startsWith(prefix) ? [[path.slice(prefix.length), row] as const] : [],
  ),
)

const checks = new Map<string, Check>()

function checkFor(version: Version, profile: 'strict' | 'lenient'): Check {
  const key = `${version} ${profile}`
  const known = checks.get(key)
  if (known !== undefined) return known
  // The column only has to be one: rows below a form field count in every message.
  const check = compileCheck(rows, { version, message: 'CReq', channel: '02', category: '01', profile })
  checks.set(key, check)
  return check
}

/** A post to the method URL names where the answer goes; the answer has the id alone. */
export function methodFindings(
  message: JsonObject,
  version: Version,
  profile: 'strict' | 'lenient',
): readonly Finding[] {
  const isRequest = message.threeDSMethodNotificationURL !== undefined
  const leg = isRequest ? 'BRW-ACS' : 'ACS-BRW'
  const report = checkFor(version, profile)(message, { message, leg, channel: '02', category: '01' })
  return inOrder(report).map((finding) => ({ ...finding, rule: 'FLOW-MTH-2' }))
}
