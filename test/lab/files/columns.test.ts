import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ColumnRule, eventRules, scoreColumns, truthRules } from '../../../src/lab/files/columns.ts'
import { eventColumns, requiredColumns, truthColumns } from '../../../src/lab/stream/schema.ts'

const page = readFileSync(new URL('../../../docs/lab-import.md', import.meta.url), 'utf8')
const rowsUnder = (title: string): readonly (readonly string[])[] =>
  (page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '))

describe.each([
  ['Columns of the events', eventColumns, eventRules],
  ['Columns of the truth', truthColumns, truthRules],
] as const)('the page has a table with %s', (title, kinds, rules: Readonly<Record<string, ColumnRule>>) => {
  const rows = rowsUnder(title)
  test('that names each, in the order of the schema, and marks those that are required', () => {
    const required: ReadonlySet<string> = new Set(title.endsWith('events') ? requiredColumns : [])
    expect(rows.map(([name]) => name)).toEqual(
      Object.keys(kinds).map((name) => `\`${name}\`${required.has(name) ? ' (required)' : ''}`),
    )
  })
  test('that says what is expected, as a row is told that breaks it', () => {
    for (const [index, [name, kind]] of Object.entries(kinds).entries()) {
      const [, about, expected] = rows[index] ?? []
      expect(expected, name).toBe(`${kind}: ${rules[name]?.expected}`)
      expect(about?.length, name).toBeGreaterThan(5)
      expect(rules[name]?.kind, name).toBe(kind)
    }
  })
})

test('the page names the columns of scores', () => {
  expect(page).toContain(`\`${Object.keys(scoreColumns).join(', ')}\``)
})
