// A message against the others of its transaction. The cases are written from results.md and flows.md.
import { describe, expect, test } from 'vitest'
import { type AcrossContext, acrossFindings } from '../../src/protocol/rules/across.ts'
import type { JsonObject } from '../../src/protocol/rules/conditions.ts'

const ids = {
  threeDSServerTransID: '8a880dc0-d2d2-4067-bcb1-b08d1690b26e',
  dsTransID: 'f25084f0-5b16-4c0a-ae5d-b24808a95e4b',
}
const acsTransID = 'd7c1ee99-9478-44a6-b1f2-391e29c6b340'
const foreign = '00000000-0000-4000-8000-000000000000'

const areq = (more: JsonObject = {}, messageVersion = '2.2.0'): JsonObject => ({
  ...ids,
  messageType: 'AReq',
  messageVersion,
  messageCategory: '01',
  deviceChannel: '02',
  dsReferenceNumber: 'DS_1',
  ...more,
})
const ares = (transStatus: string, more: JsonObject = {}, messageVersion = '2.2.0'): JsonObject => ({
  ...ids,
  acsTransID,
  messageType: 'ARes',
  messageVersion,
  dsReferenceNumber: 'DS_1',
  transStatus,
  ...more,
})
const rreq = (transStatus: string, more: JsonObject = {}, messageVersion = '2.2.0'): JsonObject => ({
  ...ids,
  acsTransID,
  messageType: 'RReq',
  messageVersion,
  messageCategory: '01',
  transStatus,
  ...more,
})
const other = (messageType: string, more: JsonObject = {}, messageVersion = '2.2.0'): JsonObject => ({
  ...ids,
  acsTransID,
  messageType,
  messageVersion,
  ...more,
})

type Row = readonly [title: string, JsonObject, AcrossContext, expected: readonly string[], profile?: 'lenient']

const v231 = '2.3.1'

const rows: readonly Row[] = [
  ['an ARes that repeats the ids is fine (RES-AR-2)', ares('Y'), { AReq: areq() }, []],
  [
    'ids in another case are the same (FLOW-GEN-7)',
    ares('Y', { dsTransID: ids.dsTransID.toUpperCase() }),
    { AReq: areq() },
    [],
  ],
  [
    'foreign ids are 301 (RES-AR-2)',
    ares('Y', { threeDSServerTransID: foreign, dsTransID: foreign }),
    { AReq: areq() },
    ['301 threeDSServerTransID', '301 dsTransID'],
  ],
  [
    'a foreign DS number is 203 (RES-AR-2)',
    ares('Y', { dsReferenceNumber: 'DS_2' }),
    { AReq: areq() },
    ['203 dsReferenceNumber'],
  ],
  ['another version is 203 (FLOW-GEN-6)', ares('Y', {}, '2.1.0'), { AReq: areq() }, ['203 messageVersion']],
  ['C in 3RI (RES-TS-1)', ares('C'), { AReq: areq({ deviceChannel: '03' }) }, ['203 transStatus']],
  [
    'C for data only (RES-TS-1)',
    ares('C'),
    { AReq: areq({ threeDSRequestorChallengeInd: '06' }) },
    ['203 transStatus'],
  ],
  [
    'C for data only, a list (RES-TS-1)',
    ares('C', {}, v231),
    { AReq: areq({ threeDSRequestorChallengeInd: ['06'] }, v231) },
    ['203 transStatus'],
  ],
  ['C in the browser (RES-TS-1)', ares('C'), { AReq: areq() }, []],
  ['D not asked for (RES-TS-2)', ares('D', { acsDecConInd: 'Y' }), { AReq: areq() }, ['203 transStatus']],
  ['D asked for (RES-TS-2)', ares('D'), { AReq: areq({ threeDSRequestorDecReqInd: 'Y' }) }, []],
  ['D for B in 2.3.1 (RES-TS-2)', ares('D', {}, v231), { AReq: areq({ threeDSRequestorDecReqInd: 'B' }, v231) }, []],
  [
    'D for F in 2.3.1 (RES-TS-2, RES-DEC-1)',
    ares('D', {}, v231),
    { AReq: areq({ threeDSRequestorDecReqInd: 'F' }, v231) },
    ['203 transStatus'],
  ],
  [
    'D for data only (RES-CI-2)',
    ares('D'),
    { AReq: areq({ threeDSRequestorDecReqInd: 'Y', threeDSRequestorChallengeInd: '06' }) },
    ['203 transStatus'],
  ],
  ['I not asked for (RES-TS-3)', ares('I'), { AReq: areq() }, ['203 transStatus']],
  ['I not asked for, lenient: the DS may say so (RES-TS-3)', ares('I'), { AReq: areq() }, [], 'lenient'],
  ['I for 05 (RES-TS-3)', ares('I'), { AReq: areq({ threeDSRequestorChallengeInd: '05' }) }, []],
  ['S without support (RES-TS-4)', ares('S', {}, v231), { AReq: areq({}, v231) }, ['203 transStatus']],
  ['S with support (RES-TS-4)', ares('S', {}, v231), { AReq: areq({ threeDSRequestorSpcSupport: 'Y' }, v231) }, []],
  [
    'a static passcode for a limited SDK (ACS-VAL-168)',
    ares('C', { authenticationMethod: ['02', '01'] }, v231),
    { AReq: areq({ deviceChannel: '01', splitSdkType: { limitedInd: 'Y' } }, v231) },
    ['203 authenticationMethod'],
  ],
  [
    'an RReq after Y in 2.3.1 is 313 (FLOW-DS-6, RES-TS-9)',
    rreq('Y', {}, v231),
    { ARes: ares('Y', {}, v231) },
    ['313 acsTransID'],
  ],
  ['an RReq after Y before 2.3.1 is 305 (FLOW-DS-6)', rreq('Y'), { ARes: ares('Y') }, ['305 acsTransID']],
  ['an RReq after S (FLOW-DS-6)', rreq('N', {}, v231), { ARes: ares('S', {}, v231) }, []],
  [
    'a second RReq in 2.3.1 is 312 (FLOW-DS-6)',
    rreq('Y', {}, v231),
    { ARes: ares('C', {}, v231), RReq: rreq('N', {}, v231) },
    ['312 acsTransID'],
  ],
  [
    'a second RReq before 2.3.1 is 301 (FLOW-DS-6)',
    rreq('Y'),
    { ARes: ares('C'), RReq: rreq('N') },
    ['301 acsTransID'],
  ],
  [
    'an RReq with a foreign id (FLOW-DS-6)',
    rreq('Y', { acsTransID: foreign }),
    { ARes: ares('C') },
    ['301 acsTransID'],
  ],
  [
    'an RReq of another category (FLOW-GEN-6)',
    rreq('Y', { messageCategory: '02' }),
    { AReq: areq() },
    ['203 messageCategory'],
  ],
  ['D in an RReq nobody asked for (RES-TS-5)', rreq('D', {}, v231), { AReq: areq({}, v231) }, ['203 transStatus']],
  [
    'D in an RReq as a fallback (RES-TS-5)',
    rreq('D', {}, v231),
    { AReq: areq({ threeDSRequestorDecReqInd: 'F' }, v231) },
    [],
  ],
  [
    'an authentication value in both (RES-AV-1)',
    rreq('Y', { authenticationValue: 'a' }),
    { ARes: ares('C', { authenticationValue: 'a' }) },
    ['203 authenticationValue'],
  ],
  [
    'an RRes with a foreign id (ACS-VAL-136)',
    other('RRes', { dsTransID: foreign }),
    { RReq: rreq('Y') },
    ['301 dsTransID'],
  ],
  [
    'an RRes of the app with a foreign id (ACS-VAL-137)',
    other('RRes', { sdkTransID: foreign }),
    { RReq: rreq('Y', { sdkTransID: acsTransID }) },
    ['301 sdkTransID'],
  ],
  ['an RRes of another version (ACS-VAL-139)', other('RRes', {}, '2.1.0'), { RReq: rreq('Y') }, ['203 messageVersion']],
  ['a CReq nobody asked for (ACS-VAL-98)', other('CReq'), { ARes: ares('Y') }, ['305 acsTransID']],
  [
    'a CReq with a foreign id (ACS-VAL-95)',
    other('CReq', { threeDSServerTransID: foreign }),
    { ARes: ares('C') },
    ['301 threeDSServerTransID'],
  ],
  [
    'a CReq of the app with a foreign id (ACS-VAL-111)',
    other('CReq', { sdkTransID: foreign }),
    { ARes: ares('C', { sdkTransID: acsTransID }) },
    ['301 sdkTransID'],
  ],
  ['a CReq of another version (ACS-VAL-96)', other('CReq', {}, '2.1.0'), { ARes: ares('C') }, ['203 messageVersion']],
  ['Y in a CRes after Y (CHL-CTR-7)', other('CRes', { transStatus: 'Y' }), { RReq: rreq('Y') }, []],
  ['Y in a CRes after U (CHL-CTR-7)', other('CRes', { transStatus: 'Y' }), { RReq: rreq('U') }, ['203 transStatus']],
  ['N in a CRes after A (CHL-CTR-7)', other('CRes', { transStatus: 'N' }), { RReq: rreq('A') }, []],
  ['N in a CRes after Y (RES-RR-7)', other('CRes', { transStatus: 'N' }), { RReq: rreq('Y') }, ['203 transStatus']],
  [
    'D in a CRes after N (RES-TS-5)',
    other('CRes', { transStatus: 'D' }, v231),
    { RReq: rreq('N', {}, v231) },
    ['203 transStatus'],
  ],
]

const cases = rows.map(([title, message, context, expected, profile = 'strict' as const]) => ({
  title,
  message,
  context,
  expected,
  profile,
}))

describe.each(cases)('$title', ({ message, context, expected, profile }) => {
  test('as the rule says', () => {
    const found = acrossFindings(message, context, profile)
    expect(found.map(({ errorCode, element }) => `${errorCode} ${element}`)).toEqual(expected)
    for (const { at, element, rule } of found) {
      expect(at).toBe(`$.${element}`)
      expect(rule).toMatch(/^[A-Z]+(?:-[A-Z]+)*-\d+$/)
    }
  })

  test('and without the other messages nothing is said', () => {
    expect(acrossFindings(message, {}, 'strict')).toEqual([])
  })
})
