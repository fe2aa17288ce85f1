// The result of a run as a table by rule, as JSON and as JUnit XML.
import { createRequire } from 'node:module'
import type { Builder } from 'junit-report-builder'
import type { Report } from './run.ts'
import { noCertification } from './words.ts'
import type { Outcome, Row } from './world.ts'

export interface RuleRow {
  readonly rule: string
  readonly passed: number
  readonly failed: number
  readonly notRun: number
  /** Why trials failed; why they were not run where none failed. */
  readonly why: readonly string[]
}

const collator = new Intl.Collator('en', { numeric: true })

/** A rule counts as passed only when a trial of it passed and none failed. */
export function byRule(rows: readonly Row[]): readonly RuleRow[] {
  const rules = [...new Set(rows.map(({ rule }) => rule))].sort(collator.compare)
  return rules.map((rule) => {
    const own = rows.filter((row) => row.rule === rule)
    const count = (outcome: Outcome): number => own.filter((row) => row.outcome === outcome).length
    const told = own.filter(({ outcome }) => outcome === (count('failed') > 0 ? 'failed' : 'notRun'))
    return {
      rule,
      passed: count('passed'),
      failed: count('failed'),
      notRun: count('notRun'),
      why: [...new Set(told.map(({ id, outcome, why = '' }) => (outcome === 'failed' ? `${id}: ${why}` : why)))],
    }
  })
}

const verdictOf = ({ passed, failed }: RuleRow): string => (failed > 0 ? 'FAILED' : passed > 0 ? 'passed' : 'not run')

/** Lines for a terminal. */
export function tableOf({ rows, passed, failed, notRun }: Report): readonly string[] {
  const rules = byRule(rows)
  const width = Math.max(4, ...rules.map(({ rule }) => rule.length))
  const line = (rule: string, verdict: string, cells: readonly (number | string)[]): string =>
    `${rule.padEnd(width)}  ${verdict.padEnd(8)}${cells.map((cell) => String(cell).padStart(8)).join('')}`
  return [
    line('Rule', '', ['passed', 'failed', 'not run']),
    ...rules.flatMap((row) => [
      line(row.rule, verdictOf(row), [row.passed, row.failed, row.notRun]),
      ...(row.failed > 0 || row.passed === 0 ? row.why.slice(0, 3).map((why) => `${' '.repeat(width + 2)}${why}`) : []),
      ...(row.failed > 0 && row.why.length > 3 ? [`${' '.repeat(width + 2)}… and ${row.why.length - 3} more`] : []),
    ]),
    '',
    `${rules.filter((row) => row.failed === 0 && row.passed > 0).length} rules passed, ${rules.filter((row) => row.failed > 0).length} failed, ${rules.filter((row) => row.failed === 0 && row.passed === 0).length} not run; trials: ${passed} passed, ${failed} failed, ${notRun} not run.`,
    noCertification,
  ]
}

export const jsonOf = (report: Report): string =>
  JSON.stringify({ certification: false, note: noCertification, rules: byRule(report.rows), ...report }, null, 2)

export function junitOf({ rows }: Report): string {
  // Its types say that the builder is the default of a default; at run time it is the module itself.
  const shared: Builder = createRequire(import.meta.url)('junit-report-builder')
  const builder = shared.newBuilder()
  for (const { rule } of byRule(rows)) {
    const suite = builder.testSuite().name(rule)
    for (const row of rows.filter((one) => one.rule === rule)) {
      const testCase = suite.testCase().className(rule).name(`${row.id}: ${row.title}`)
      if (row.outcome === 'failed') testCase.failure(row.why ?? '')
      else if (row.outcome === 'notRun') testCase.skipped()
    }
  }
  return builder.build()
}
