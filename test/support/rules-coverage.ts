// `npm run coverage:rules`: which rules of the handbook the last run of the tests covered, and why the others are not.
// Fails when an uncovered rule has no reason, a reason is stale, a test names a rule that is none, or no full run was made.
import { existsSync, readFileSync } from 'node:fs'
import { coverageOf, type Rule } from './rules.ts'
import { readRuns } from './rules-reporter.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))

const root = new URL('../../', import.meta.url).pathname
const { full, files } = readRuns(root)
const present = Object.entries(files).filter(([file]) => existsSync(`${root}${file}`))
const passed = new Set(present.flatMap(([, run]) => run.passed))
const { covered, uncovered, unknown, stale } = coverageOf(
  read('spec-fixtures/rules.json') as Rule[],
  passed,
  read('spec-fixtures/rules-not-covered.json') as Record<string, string>,
)

const say = (line = ''): void => console.log(line)
const again = present.filter(([, { at }]) => at !== full).length
say(
  full === undefined
    ? 'No run of all tests was made yet.'
    : `Run of all tests: ${full}; files run again since: ${again}.`,
)

say('\nCovered, by file of the handbook:')
const inFile = (rules: readonly Rule[], file: string): number => rules.filter((rule) => rule.file === file).length
const all = [...covered, ...uncovered]
for (const file of new Set(all.map((rule) => rule.file)))
  say(`  ${file.padEnd(20)} ${String(inFile(covered, file)).padStart(4)} of ${inFile(all, file)}`)
say(`  ${'all'.padEnd(20)} ${String(covered.length).padStart(4)} of ${all.length}`)

say('\nNot covered:')
for (const { id, reason } of uncovered) say(`  ${id.padEnd(14)} ${reason ?? 'NO REASON'}`)

const withoutReason = uncovered.filter(({ reason }) => reason === undefined)
const complaints = [
  full === undefined ? 'no run of all tests: `npm test`' : '',
  withoutReason.length > 0 ? `${withoutReason.length} uncovered without a reason` : '',
  stale.length > 0 ? `stale reasons: ${stale.join(', ')}` : '',
  unknown.length > 0 ? `tests name rules that the handbook does not have: ${unknown.join(', ')}` : '',
].filter((text) => text !== '')
for (const complaint of complaints) say(`\n${complaint}`)
process.exitCode = complaints.length > 0 ? 1 : 0
