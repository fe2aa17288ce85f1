// Every case of spec-fixtures/ against the parser. The fixtures come from the rules, not from the element table.
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ProtocolError } from '../../src/protocol/errors.ts'
import { parseMessage, type Reading } from '../../src/protocol/messages/parse.ts'
import {
  type FixtureCase,
  type FixtureFolder,
  type FixtureProfile,
  fixtureFiles,
  fixtureFolders,
  fixtureMessage,
  profilesOf,
  samplesOf,
} from '../support/spec-fixtures.ts'

const readings = {
  'areq-browser-220': { expects: ['AReq'], leg: 'DS-ACS' },
  'creq-browser-220': { expects: ['CReq'], leg: 'BRW-ACS', channel: '02', category: '01', version: '2.2.0' },
  'rres-220': { expects: ['RRes'], leg: 'DS-ACS', channel: '02', category: '01', version: '2.2.0' },
} as const satisfies Record<FixtureFolder, Omit<Reading, 'profile'>>

function outcome(folder: FixtureFolder, bytes: Uint8Array, profile: FixtureProfile) {
  try {
    const { message, warnings } = parseMessage(bytes, { ...readings[folder], profile })
    return { answer: 'accepted' as const, message, warnings }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { answer: { errorCode: error.errorCode, errorDetail: error.errorDetail }, message: undefined, warnings: [] }
  }
}

const isParsers = (one: FixtureCase) => one.layer === undefined

describe.each(fixtureFolders)('%s', (folder) => {
  const files = fixtureFiles(folder)

  describe.each(files)('$name: $title', ({ cases }) => {
    test.each(cases.filter(isParsers))('$rule $id: $title', (one) => {
      const samples = samplesOf(folder, one)
      const surprises = samples.flatMap(({ id, bytes }) =>
        profilesOf(one).flatMap((profile) => {
          const { answer } = outcome(folder, bytes, profile)
          return isDeepStrictEqual(answer, one.expect) ? [] : [{ id, profile, expected: one.expect, answer }]
        }),
      )
      expect(surprises).toEqual([])
      expect(samples).not.toEqual([])
    })

    const tolerated = cases.filter((one) => one.warns !== undefined || one.absent !== undefined)
    if (tolerated.length === 0) return
    test.each(tolerated)('$rule $id leaves a warning, and what counts as absent is absent', (one) => {
      for (const sample of samplesOf(folder, one)) {
        const { message, warnings } = outcome(folder, sample.bytes, one.profile ?? 'lenient')
        expect(warnings.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...(one.warns ?? [])]))
        expect((one.absent ?? []).filter((path) => message !== undefined && Object.hasOwn(message, path))).toEqual([])
      }
    })
  })

  test('case ids are unique in their file, and rules have the form of the handbook', () => {
    for (const { name, cases } of files) {
      expect(new Set(cases.map(({ id }) => id)).size, name).toBe(cases.length)
      for (const { rule } of cases) expect(rule).toMatch(/^(ACS-VAL-\d{1,3}|TOL-\d{1,2}|FLOW-GEN-\d{1,2}|AREQ:[\w.]+)$/)
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
