// Every case of spec-fixtures/ against the parser. The fixtures come from the rules, not from the element table.
import { describe, expect, test } from 'vitest'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import {
  fixtureFiles,
  fixtureFolders,
  fixtureMessage,
  isAsExpected,
  isParsers,
  outcomeOf,
  profilesOf,
  samplesOf,
} from '../support/spec-fixtures.ts'

describe.each(fixtureFolders)('%s', (folder) => {
  const files = fixtureFiles(folder)

  describe.each(files)('$name: $title', ({ cases }) => {
    test.each(cases.filter(isParsers))('$rule $id: $title', (one) => {
      const samples = samplesOf(folder, one)
      const surprises = samples.flatMap(({ id, bytes }) =>
        profilesOf(one).flatMap((profile) => {
          const { answer } = outcomeOf(parseMessage, folder, bytes, profile)
          return isAsExpected(answer, one.expect) ? [] : [{ id, profile, expected: one.expect, answer }]
        }),
      )
      expect(surprises).toEqual([])
      expect(samples).not.toEqual([])
    })

    const tolerated = cases.filter((one) => one.warns !== undefined || one.absent !== undefined)
    if (tolerated.length === 0) return
    test.each(tolerated)('$rule $id leaves a warning, and what counts as absent is absent', (one) => {
      for (const { bytes } of samplesOf(folder, one)) {
        const { parsed } = outcomeOf(parseMessage, folder, bytes, one.profile ?? 'lenient')
        expect(parsed?.warnings.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...(one.warns ?? [])]))
        expect((one.absent ?? []).filter((name) => Object.hasOwn(parsed?.message ?? {}, name))).toEqual([])
      }
    })
  })

  test('case ids are unique in their file, and rules have the form of the handbook', () => {
    for (const { name, cases } of files) {
      expect(new Set(cases.map(({ id }) => id)).size, name).toBe(cases.length)
      for (const { rule } of cases)
        expect(rule).toMatch(/^(ACS-VAL-\d{1,3}|TOL-\d{1,2}|FLOW-GEN-\d{1,2}|SEC-B64-4|AREQ:[\w.]+)$/)
    }
  })

  test('every base that a case names is a message file', () => {
    const names = new Set(files.flatMap(({ cases }) => cases.flatMap(({ base }) => (base === undefined ? [] : [base]))))
    expect(names.size).toBeGreaterThan(0)
    for (const name of names) expect(fixtureMessage(folder, name)).toHaveProperty('messageVersion', '2.2.0')
  })

  test('a case says either its base or its whole text', () => {
    for (const one of files.flatMap(({ cases }) => cases)) {
      const said = [one.base, one.raw, one.rawBase64].filter((text) => text !== undefined)
      expect(said, one.id).toHaveLength(1)
    }
  })
})
