import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bandIds } from '../../../src/lab/gen/bands.ts'
import { patternIds } from '../../../src/lab/gen/config.ts'
import { knobs } from '../../../src/lab/gen/knobs.ts'
import { filled, populationPage, sections, tables } from './pages.ts'

const page = readFileSync(populationPage, 'utf8')

test('the page of the population shows the knobs as they are (npx tsx test/lab/gen/pages.ts)', () => {
  expect(filled(page, tables)).toBe(page)
})

test('every knob is on the page, with what it turns, a unit and a source', () => {
  for (const { path, description, unit, source } of knobs) {
    expect(description.length).toBeGreaterThan(10)
    expect(unit).not.toBe('')
    expect(source).not.toBe('')
    const isPattern = path.startsWith('attacks.')
    expect(page.includes(isPattern ? `\`${path.slice(8)}\`` : `\`${path}\``)).toBe(true)
  }
  const told = new Set(knobs.map(({ path }) => (path.includes('.') ? path.split('.')[0] : 'stream')))
  expect([...told].sort()).toEqual([...sections, 'attacks'].sort())
  expect(knobs.filter(({ path }) => path.startsWith('attacks.')).map(({ path }) => path.slice(8))).toEqual([
    ...patternIds,
  ])
})

test('published sources that knobs name are listed', () => {
  const ids = new Set(
    knobs.flatMap(({ source }) => source.split(', ')).filter((id) => /^[a-z]+(-[a-z0-9]+)+$/.test(id)),
  )
  ids.delete('attack-patterns')
  for (const id of ids) expect(page).toContain(`| \`${id}\` |`)
})

test('the page of the presets has a row for each band of Japan, and all are kept', () => {
  const presets = readFileSync('docs/lab-presets.md', 'utf8')
  const japan = presets.slice(presets.indexOf('<!-- table japan -->'), presets.indexOf('## europe'))
  expect(japan.match(/ \| in \| /g)?.length).toBe(bandIds.length)
  expect(japan).not.toContain('**out**')
})
