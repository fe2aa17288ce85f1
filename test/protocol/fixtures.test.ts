// Every case of spec-fixtures/ against the parser. The fixtures come from the rules, not from the element table.
import { describe, expect, test } from 'vitest'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import {
  aboutOf,
  fixtureFiles,
  fixtureFolders,
  fixtureMessage,
  isAsExpected,
  isParsers,
  outcomeOf,
  profilesOf,
  samplesOf,
} from '../support/spec-fixtures.ts'

/** ACS-VAL-12, RES-3RI-5, ERR-A2, …; a single element is AREQ:name, CRES:name, … */
const ruleForm =
  /^(?:(?:ACS-VAL|TOL|ERR|(?:FLOW|RES|CHL|VER|CRY|SEC|MIS)-[A-Z0-9]+)-[A-Z]?\d{1,3}|(?:A|C|R|P|O)RE[QS]:[\w.]+|ERRO:[\w.]+)$/

describe.each(fixtureFolders)('%s', (folder) => {
  const files = fixtureFiles(folder)
  const about = aboutOf(folder)

  describe.each(files)('$name: $title', ({ cases }) => {
    const judged = cases.filter(isParsers)
    if (judged.length > 0)
      test.each(judged)('$rule $id: $title', (one) => {
        const samples = samplesOf(folder, one)
        const surprises = samples.flatMap((sample) =>
          profilesOf(one).flatMap((profile) => {
            const { answer } = outcomeOf(parseMessage, sample, profile)
            return isAsExpected(answer, one.expect) ? [] : [{ id: sample.id, profile, expected: one.expect, answer }]
          }),
        )
        expect(surprises).toEqual([])
        expect(samples).not.toEqual([])
      })

    const tolerated = cases.filter((one) => one.warns !== undefined || one.absent !== undefined)
    if (tolerated.length === 0) return
    test.each(tolerated)('$rule $id leaves a warning, and what counts as absent is absent', (one) => {
      for (const sample of samplesOf(folder, one)) {
        const { parsed } = outcomeOf(parseMessage, sample, one.profile ?? 'lenient')
        expect(parsed?.warnings.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...(one.warns ?? [])]))
        expect((one.absent ?? []).filter((name) => Object.hasOwn(parsed?.message ?? {}, name))).toEqual([])
      }
    })
  })

  test('case ids are unique in their file, and rules have the form of the handbook', () => {
    for (const { name, cases } of files) {
      const ids = cases.map(({ id }) => id)
      expect(
        ids.filter((id, at) => ids.indexOf(id) !== at),
        name,
      ).toEqual([])
      for (const { rule, id } of cases) expect(rule, `${name} ${id}`).toMatch(ruleForm)
    }
  })

  test('every base that a case names is a message file', () => {
    const names = new Set(files.flatMap(({ cases }) => cases.flatMap(({ base }) => (base === undefined ? [] : [base]))))
    expect(names.size).toBeGreaterThan(0)
    for (const name of names)
      expect(fixtureMessage(folder, name), name).toMatchObject({
        messageType: about.message,
        messageVersion: about.version,
      })
  })

  test('a case says either its base or its whole text', () => {
    for (const one of files.flatMap(({ cases }) => cases)) {
      const said = [one.base, one.raw, one.rawBase64].filter((text) => text !== undefined)
      expect(said, one.id).toHaveLength(1)
    }
  })
})
