// The check of one column: what a message of it must hold. Spec: Annex A; ACS-VAL-12…16, 20…38, 82…88.
import { withinRows } from '../tables/across.ts'
import type { ElementTable } from '../tables/types.ts'
import { type Column, columnOf, letterOf } from './column.ts'
import { compileFaultless, type IsFaultless } from './compiled.ts'
import { compileCondition, type JsonObject, type Surroundings } from './conditions.ts'
import { reportCReq } from './creq-app.ts'
import { membersOf } from './members.ts'
import { compileRows } from './rows.ts'
import { newReport, type Report } from './steps.ts'
import { reportCritical, walk } from './walk.ts'

export { applies, type Column, letterOf, type Profile } from './column.ts'

/** Every breach, by steps. An empty object that the lenient profile takes as absent is taken out of the message (TOL-1). */
export type Check = (message: JsonObject, around: Surroundings) => Report

export interface ColumnCheck {
  readonly report: Check
  /** Whether there would be neither finding nor warning, at a fraction of the cost. */
  readonly isFaultless?: IsFaultless
}

const isPart = (table: ElementTable, path: string, column: Column): boolean => {
  const [name = path] = path.split('.')
  const element = table[name]
  return element !== undefined && letterOf(element, column) !== '-'
}

/** The check of the column, or of the one that stands for it. `isCompiled`: with the generated function beside the walk. */
export function compileColumn(table: ElementTable, asked: Column, isCompiled: boolean): ColumnCheck {
  const column = columnOf(table, asked)
  const { version, message: messageType, channel, profile } = column
  const members = membersOf(table, undefined, column)
  // rows about elements that the column does not have say nothing of it (ACS-VAL-32)
  const rows = withinRows.filter(
    (row) =>
      row.message === messageType &&
      isPart(table, row.element, column) &&
      (row.versions?.includes(version) ?? true) &&
      (row.profile ?? profile) === profile,
  )
  const within = compileRows(rows)
  const isAppCReq = messageType === 'CReq' && channel === '01'
  const report: Check = (message, around) => {
    const found = newReport()
    walk(members, message, around, profile === 'lenient', found, '$')
    if (message.messageExtension !== undefined) reportCritical(message, found)
    for (const finding of within(message, around, version, profile))
      found[finding.errorCode === '201' ? 'missing' : 'wrong'].push(finding)
    if (isAppCReq) reportCReq(message, around, column, found)
    return found
  }
  if (isAppCReq || !isCompiled) return { report }
  const breaks = rows.map(({ when }) => compileCondition(when))
  return { report, isFaultless: compileFaultless(members, breaks) }
}

export const compileCheck = (table: ElementTable, column: Column): Check => compileColumn(table, column, false).report
