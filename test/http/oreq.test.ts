// Operation messages of a DS over HTTP (2.3.1).
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import { type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { fixtureMessage } from '../support/spec-fixtures.ts'

let sekisho: Running
let older: Running

beforeAll(async () => {
  sekisho = await running({ only: ['acs'] })
  older = await running({ only: ['acs'], versions: ['2.1.0', '2.2.0'] })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), older.close()])
})

const oreq = (change: Members = {}): Members => {
  const message: Members = { ...fixtureMessage('oreq-231', 'base'), dsTransID: crypto.randomUUID(), ...change }
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined))
}
const send = async (message: Members, to = sekisho): Promise<Members> => {
  const { status, body } = await post(`${to.acs}/acs/areq`, message)
  expect(status).toBe(200)
  return body
}
const sequence = (seqId: string, seqNum: string, seqTotal: string, more: Members = {}): Members =>
  oreq({ opSeq: { seqId, seqNum, seqTotal }, ...more })

describe('an OReq', () => {
  test('alone is answered with an ORes that says it was received (FLOW-OP-1, FLOW-OP-3)', async () => {
    const message = oreq({ opSeq: { seqId: crypto.randomUUID(), seqNum: '01', seqTotal: '01' } })
    const ores = await send(message)
    expect(ores).toEqual({
      messageType: 'ORes',
      messageVersion: '2.3.1',
      dsTransID: message.dsTransID,
      acsTransID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      acsReferenceNumber: 'SEKISHO_ACS_SIMULATOR',
      opStatus: '01',
    })
    parseMessage(Buffer.from(JSON.stringify(ores)), { expects: ['ORes'], leg: 'ACS-DS', profile: 'strict' })
  })

  test('names the ids of both sides in its headers (FLOW-GEN-8)', async () => {
    const message = oreq()
    const response = await fetch(`${sekisho.acs}/acs/areq`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(message),
    })
    const { acsTransID } = (await response.json()) as Members
    expect(response.headers.get('x-request-id')).toBe(message.dsTransID)
    expect(response.headers.get('x-response-id')).toBe(acsTransID)
  })

  test('of a sequence is received one by one (FLOW-OP-1, FLOW-OP-3)', async () => {
    const id = crypto.randomUUID()
    for (const seqNum of ['01', '02', '03'])
      expect(await send(sequence(id, seqNum, '03'))).toMatchObject({ opStatus: '01' })
    // It is complete: a first one begins another.
    expect(await send(sequence(id, '01', '02'))).toMatchObject({ opStatus: '01' })
  })

  test.each([
    ['does not begin with the first', [['02', '03', '02']]],
    [
      'has a gap',
      [
        ['01', '03', '01'],
        ['03', '03', '02'],
      ],
    ],
    [
      'repeats one',
      [
        ['01', '03', '01'],
        ['01', '03', '02'],
      ],
    ],
    [
      'changes how many there are',
      [
        ['01', '03', '01'],
        ['02', '04', '02'],
      ],
    ],
    ['counts more than there are', [['03', '02', '02']]],
    [
      'goes on where it was broken',
      [
        ['01', '03', '01'],
        ['03', '03', '02'],
        ['02', '03', '01'],
      ],
    ],
  ])('of a sequence that %s is told so (FLOW-OP-3)', async (_, steps) => {
    const id = crypto.randomUUID()
    for (const [seqNum = '', seqTotal = '', opStatus] of steps)
      expect(await send(sequence(id, seqNum, seqTotal)), seqNum).toMatchObject({ opStatus })
  })

  test('of a category that only its DS knows is not supported (FLOW-OP-3)', async () => {
    expect(await send(sequence(crypto.randomUUID(), '01', '01', { opCategory: '85' }))).toMatchObject({
      opStatus: '03',
    })
  })

  test.each([
    ['opSeverity', undefined, '201'],
    ['opSeq', undefined, '201'],
    ['opExpDate', '20301332', '203'],
    ['opCategory', '07', '207'],
    ['dsReferenceNumber', '', '201'],
  ])('with %s %j is Erro A/%4$s (FLOW-OP-2)', async (element, value, errorCode) => {
    expect(await send(oreq({ [element]: value }))).toMatchObject({
      messageType: 'Erro',
      errorCode,
      errorDetail: element,
      errorComponent: 'A',
      errorMessageType: 'OReq',
      messageVersion: '2.3.1',
    })
  })

  test('is not expected where 2.3.1 is off, or in an older version (ACS-VAL-6, FLOW-GEN-12)', async () => {
    const unexpected = {
      messageType: 'Erro',
      errorCode: '101',
      errorDetail: 'Invalid Message for the receiving component',
    }
    expect(await send(oreq(), older)).toMatchObject(unexpected)
    for (const messageVersion of ['2.1.0', '2.2.0'])
      expect(await send(oreq({ messageVersion }))).toMatchObject({ ...unexpected, messageVersion })
  })

  test('an ORes is never expected (ACS-VAL-6)', async () => {
    const ores = await send(oreq())
    expect(await send(ores)).toMatchObject({ errorCode: '101', errorMessageType: 'ORes' })
  })
})
