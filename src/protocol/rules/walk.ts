// Goes through a message, member by member, and reports all it finds. Spec: Annex A; ACS-VAL-12, 21, 26…31, 85.
import { isMissing, isObject, type JsonObject, type Surroundings } from './conditions.ts'
import type { Member } from './members.ts'
import type { Report } from './steps.ts'

const isExtension = (path: string): boolean => path.startsWith('messageExtension')

/** Absent, null, or empty: required and missing, or present though it says nothing (ACS-VAL-26…30, TOL-1). */
function reportMissing(
  member: Member,
  parent: JsonObject,
  around: Surroundings,
  isLenient: boolean,
  report: Report,
  at: string,
): void {
  const { name, path, emptiness } = member
  const value = parent[name]
  if (value === '' && emptiness !== undefined) {
    if (emptiness.means === 'wrong') report.wrong.push({ errorCode: '203', element: path, at, rule: emptiness.rule })
    return
  }
  if (member.isRequired || member.conditions.some((condition) => condition(parent, around))) {
    const list = isExtension(path) ? report.extensionMissing : report.missing
    const rule = path.startsWith('messageExtension.') ? 'ACS-VAL-84' : 'ACS-VAL-12'
    list.push({ errorCode: '201', element: path, at, rule })
  } else if (value !== undefined) {
    // Present but empty although nobody asked for it; empty objects are common in the field (TOL-1).
    if (isLenient && member.shape.type === 'object' && isObject(value)) {
      report.warnings.push({ errorCode: '203', element: path, at, rule: 'TOL-1' })
      Reflect.deleteProperty(parent, name) // as absent; the message was parsed for this walk
    } else {
      const list = isExtension(path) ? report.extension : report.wrong
      list.push({ errorCode: '203', element: path, at, rule: 'ACS-VAL-30' })
    }
  }
}

/** An entry `{}` of which nothing is required says nothing either (ACS-VAL-30, TOL-1). */
function reportEmptyEntry(path: string, isLenient: boolean, report: Report, at: string): void {
  const list = isLenient ? report.warnings : report.wrong
  list.push({ errorCode: '203', element: path, at, rule: isLenient ? 'TOL-1' : 'ACS-VAL-30' })
}

/** Reports every breach of the members' rows in `parent`, which stands at `where`. */
export function walk(
  members: readonly Member[],
  parent: JsonObject,
  around: Surroundings,
  isLenient: boolean,
  report: Report,
  where: string,
): void {
  for (const member of members) {
    const value = parent[member.name]
    const at = `${where}.${member.name}`
    if (member.isHeard?.(parent, around) === false) continue
    if (value === undefined || isMissing(value)) {
      reportMissing(member, parent, around, isLenient, report, at)
      continue
    }
    member.test(value, report, at)
    const { children } = member
    if (children.length === 0) continue
    if (Array.isArray(value)) {
      if (member.shape.type !== 'array') continue
      for (const [index, entry] of value.entries()) {
        if (!isObject(entry)) continue
        if (isMissing(entry) && !children.some((child) => child.isRequired))
          reportEmptyEntry(member.path, isLenient, report, `${at}[${index}]`)
        else walk(children, entry, around, isLenient, report, `${at}[${index}]`)
      }
    } else if (member.shape.type === 'object' && isObject(value)) {
      walk(children, value, around, isLenient, report, at)
    }
  }
}

/** Critical extensions nobody here knows (ACS-VAL-85). errorDetail holds their ids. */
export function reportCritical(message: JsonObject, report: Report): void {
  const list = message.messageExtension
  if (!Array.isArray(list)) return
  for (const [index, entry] of list.entries()) {
    if (!isObject(entry) || entry.criticalityIndicator !== true || typeof entry.id !== 'string') continue
    const at = `$.messageExtension[${index}].id`
    report.critical.push({ errorCode: '202', element: entry.id, at, rule: 'ACS-VAL-85' })
  }
}
