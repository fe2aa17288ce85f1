// The check of one column: what a message of it must hold. Spec: Annex A; ACS-VAL-12…16, 20…38, 82…88.
import { withinRows } from '../tables/across.ts'
import type { ElementTable } from '../tables/types.ts'
import { type Column, columnOf, letterOf } from './column.ts'
import type { JsonObject, Surroundings } from './conditions.ts'
import { reportCReq } from './creq-app.ts'
import { membersOf } from './members.ts'
import { compileRows } from './rows.ts'
import { newReport, type Report } from './steps.ts'
import { reportCritical, walk } from './walk.ts'

export { applies, type Column, letterOf, type Profile } from './column.ts'

/** Every breach, by steps. An empty object that the lenient profile takes as absent is taken out of the message (TOL-1). */
export type Check = (message: JsonObject, around: Surroundings) => Report

const isPart = (table: ElementTable, path: string, column: Column): boolean => {
  const [name = path] = path.split('.')
  const element = table[name]
  return element !== undefined && letterOf(element, column) !== '-'
}

/** The check of the column, or of the one that stands for it. */
export function compileCheck(table: ElementTable, asked: Column): Check {
  const column = columnOf(table, asked)
  const members = membersOf(table, undefined, column)
  const isLenient = column.profile === 'lenient'
  // rows about elements that the column does not have say nothing of it (ACS-VAL-32)
  const within = compileRows(
    withinRows.filter(({ message, element }) => message === column.message && isPart(table, element, column)),
  )
  const isAppCReq = column.message === 'CReq' && column.channel === '01'
  return (message, around) => {
    const report = newReport()
    walk(members, message, around, isLenient, report, '$')
    if (message.messageExtension !== undefined) reportCritical(message, report)
    for (const finding of within(message, around, column.version, column.profile))
      report[finding.errorCode === '201' ? 'missing' : 'wrong'].push(finding)
    if (isAppCReq) reportCReq(message, around, column, report)
    return report
  }
}
