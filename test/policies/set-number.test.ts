// One number of a policy changed in its text.
import { expect, test } from 'vitest'
import { differencesOf } from '../../src/acs/policies/difference.ts'
import { withNumber } from '../../src/acs/policies/set-number.ts'
import { usual } from './support.ts'

test('only the number changes, wherever it stands', () => {
  const changed = withNumber(usual, ['thresholds', 'challenge'], -2.5)
  expect(changed).toBe(usual.replace(/challenge: -1\b/, 'challenge: -2.5'))
  const twice = withNumber(changed ?? '', ['checks', 'night', 'weight'], 0.75) ?? ''
  expect(differencesOf(usual, twice)).toMatchObject([
    { path: 'thresholds.challenge', what: 'changed', from: -1, to: -2.5 },
    { path: 'checks.night.weight', what: 'changed', to: 0.75 },
  ])
})

test.each([
  ['a name', ['name']],
  ['what is not there', ['thresholds', 'nothing']],
  ['a part', ['thresholds']],
  ['a name of every object', ['__proto__', 'x']],
])('%s is no number', (_, path) => {
  expect(withNumber(usual, path, 1)).toBeUndefined()
})

test('rules that change places are told as moved, entries of lists by what is listed', () => {
  const rules = (...ids: string[]): string => `rules: [${ids.map((id) => `{ id: ${id} }`).join(', ')}]`
  expect(differencesOf(rules('a', 'b', 'c'), rules('b', 'a', 'd'))).toEqual([
    { part: 'rules', path: 'rules.a', what: 'moved', from: 1, to: 2 },
    { part: 'rules', path: 'rules.b', what: 'moved', from: 2, to: 1 },
    { part: 'rules', path: 'rules.c', what: 'removed', from: { id: 'c' } },
    { part: 'rules', path: 'rules.d', what: 'added', to: { id: 'd' } },
  ])
})
