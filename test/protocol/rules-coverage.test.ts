// `npm run coverage:rules`: which ids stand in a test's name, and what counts as covered.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { coverageOf, idsIn, type Rule } from '../support/rules.ts'

const id = (...parts: readonly (string | number)[]): string => parts.join('-')
const acs = (number: number): string => id('ACS', 'VAL', number)

describe('the rules that a name is about', () => {
  test('are the ids written in it, once or several times', () => {
    expect(idsIn(`an answer (${acs(38)}, ${id('CHL', 'TR', 6)}; ${id('ERR', 'A2')})`)).toEqual([
      acs(38),
      id('CHL', 'TR', 6),
      id('ERR', 'A2'),
    ])
    expect(idsIn(`'${id('RES', '3RI', 2)}' ${id('VER', 23, 14)} ${id('MIS', 'B64', 3)}`)).toEqual([
      id('RES', '3RI', 2),
      id('VER', 23, 14),
      id('MIS', 'B64', 3),
    ])
  })

  test('are all of a range whose ends are written', () => {
    expect(idsIn(`405, 415 and 413 (${acs(1)}…3)`)).toEqual([acs(1), acs(2), acs(3)])
  })

  test('are no parts of other words, and no numbers after a comma', () => {
    expect(idsIn(`${id('X', acs(1))} ${acs(1)}x ${id('TLS', 'VAL', 1)} AREQ:mcc`)).toEqual([])
    expect(idsIn(`${acs(5)}, 6 to 9`)).toEqual([acs(5)])
  })
})

describe('coverage', () => {
  const rules: readonly Rule[] = [1, 2, 3].map((number) => ({ id: acs(number), file: 'a.md', section: '1' }))

  test('is what passed; the rest has a reason or none', () => {
    const { covered, uncovered } = coverageOf(rules, new Set([acs(1)]), { [acs(2)]: 'later' })
    expect(covered.map((rule) => rule.id)).toEqual([acs(1)])
    expect(uncovered.map((rule) => [rule.id, rule.reason])).toEqual([
      [acs(2), 'later'],
      [acs(3), undefined],
    ])
  })

  test('finds reasons that no longer hold, and ids that are none', () => {
    const { stale, unknown } = coverageOf(rules, new Set([acs(1), acs(9)]), { [acs(1)]: 'later', [acs(8)]: 'later' })
    expect(stale).toEqual([acs(1), acs(8)])
    expect(unknown).toEqual([acs(9)])
  })
})

test('the list of rules holds each id once, in the form that is looked for', () => {
  const rules = JSON.parse(readFileSync('spec-fixtures/rules.json', 'utf8')) as readonly Rule[]
  const ids = rules.map((rule) => rule.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((one) => idsIn(one).join() !== one)).toEqual([])
  expect(ids.length).toBeGreaterThan(800)
})
