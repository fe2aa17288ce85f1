// The tests that every fixture folder gets: each case against the parser, and the form of the files.
import { describe, expect, test } from 'vitest'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import {
  aboutOf,
  type FixtureCase,
  type FixtureFolder,
  fixtureFiles,
  fixtureMessage,
  isAsExpected,
  isParsers,
  outcomeOf,
  profilesOf,
  type Sample,
  samplesOf,
} from './spec-fixtures.ts'

/** ACS-VAL-12, RES-3RI-5, ERR-A2, …; a single element is AREQ:name, CRES:name, … */
const ruleForm =
  /^(?:(?:ACS-VAL|TOL|ERR|(?:FLOW|RES|CHL|VER|CRY|SEC|MIS)-[A-Z0-9]+)-[A-Z]?\d{1,3}|(?:A|C|R|P|O)RE[QS]:[\w.]+|ERRO:[\w.]+)$/

/** What the parser does otherwise than the case says of one of its messages. */
function surprisesOf(one: FixtureCase, sample: Sample): readonly object[] {
  const { expect: expected, warns = [], absent = [] } = one
  const { id } = sample
  return profilesOf(one).flatMap((profile): readonly object[] => {
    const { answer, parsed } = outcomeOf(parseMessage, sample, profile)
    if (!isAsExpected(answer, expected)) return [{ id, profile, expected, answer }]
    const warned = new Set(parsed?.warnings.map(({ rule }) => rule))
    const unsaid = warns.filter((rule) => !warned.has(rule))
    const stayed = absent.filter((name) => Object.hasOwn(parsed?.message ?? {}, name))
    return unsaid.length + stayed.length === 0 ? [] : [{ id, profile, unsaid, stayed }]
  })
}

export function testFixtures(folders: readonly FixtureFolder[]): void {
  describe.each(folders)('%s', (folder) => {
    const files = fixtureFiles(folder)
    const about = aboutOf(folder)

    describe.each(files)('$name: $title', ({ cases }) => {
      const judged = cases.filter(isParsers)
      if (judged.length === 0) return
      test.each(judged)('$rule $id: $title', (one) => {
        const samples = samplesOf(folder, one)
        expect(samples).not.toEqual([])
        expect(samples.flatMap((sample) => surprisesOf(one, sample))).toEqual([])
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
      const bases = files.flatMap(({ cases }) => cases.flatMap(({ base }) => (base === undefined ? [] : [base])))
      expect(bases).not.toEqual([])
      for (const name of new Set(bases))
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
}
