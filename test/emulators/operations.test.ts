// OReqs: the DS sends them, the 3DS Server answers them. And the device data of an app on their way through the DS.
import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { CompactEncrypt, importJWK, type JWK } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import {
  areqOf,
  aresTo,
  dsReferenceNumber,
  inVersion,
  type Message,
  openEmulatorStore,
  post,
  type Served,
  type StandIn,
  startDs,
  startMerchantSide,
  startStandIn,
} from './support/loop.ts'

const letIn: RequestHandler = (_req, _res, next) => next()

let acs: StandIn
let ds: Served
let site: Served
let store = openEmulatorStore(':memory:')

const oresTo = (oreq: Message, change: Message = {}): Message => ({
  messageType: 'ORes',
  messageVersion: '2.3.1',
  dsTransID: oreq.dsTransID,
  acsTransID: randomUUID(),
  acsReferenceNumber: 'ACS-1',
  opStatus: '01',
  ...change,
})

beforeEach(async () => {
  store = openEmulatorStore(':memory:')
  acs = await startStandIn((message) => ({ message: oresTo(message) }))
  site = await startMerchantSide(store, 'http://127.0.0.1:9/areq')
  ds = await startDs(store, `${acs.url}/areq`, {
    mayOperate: letIn,
    mayReadMessages: letIn,
    threeDSServerUrl: `${site.url}/3ds-server/results`,
  })
})
afterEach(async () => {
  await Promise.all([ds.close(), site.close(), acs.close()])
  store.close()
})

async function operate(body: Message): Promise<{ status: number; answers: readonly Message[]; error?: unknown }> {
  const response = await fetch(`${ds.url}/ds/operations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { answers = [], error } = (await response.json()) as { answers?: readonly Message[]; error?: unknown }
  return { status: response.status, answers, error }
}
const answered = ({ answers }: { answers: readonly Message[] }) => answers.map(({ answer }) => answer as Message)

describe('an OReq of the DS', () => {
  test('has every required element; a sequence is numbered (FLOW-OP-1, FLOW-OP-2, VER-23-21)', async () => {
    const sent = await operate({ to: 'acs', messages: [{ opDescription: 'one' }, { opSeverity: '01' }, {}] })
    expect(answered(sent).map(({ opStatus }) => opStatus)).toEqual(['01', '01', '01'])
    const oreqs = acs.received.map(({ bytes }) =>
      parseMessage(bytes, { expects: ['OReq'], leg: 'DS-ACS', profile: 'strict' }),
    )
    const [first, second] = oreqs.map(({ message }) => message as unknown as Message)
    expect(first).toMatchObject({ dsReferenceNumber, opDescription: 'one', opSeq: { seqNum: '01', seqTotal: '03' } })
    const seqIds = new Set(oreqs.map(({ message }) => JSON.stringify((message.opSeq as Message).seqId)))
    expect(seqIds.size).toBe(1)
    expect(second?.dsTransID).not.toBe(first?.dsTransID)
    expect(acs.received[0]?.headers['x-request-id']).toBe(first?.dsTransID)
  })

  test('that nobody answers, or with an ORes for another, is told to the operator (FLOW-OP-3)', async () => {
    acs.script = () => 'drop'
    expect((await operate({ to: 'acs', messages: [{}] })).answers).toMatchObject([{ problem: 'unreachable' }])
    acs.script = (message) => ({
      message: message.messageType === 'OReq' ? oresTo(message, { dsTransID: randomUUID() }) : {},
    })
    const { answers } = await operate({ to: 'acs', messages: [{}] })
    expect(answers).toMatchObject([{ erro: { errorCode: '301', errorComponent: 'D', errorDetail: 'dsTransID' } }])
    acs.script = (message) => ({ message: message.messageType === 'OReq' ? oresTo(message, { opStatus: '09' }) : {} })
    expect((await operate({ to: 'acs', messages: [{}] })).answers).toMatchObject([{ erro: { errorComponent: 'D' } }])
  })

  test('is kept in the message log under its dsTransID', async () => {
    const { answers } = await operate({ to: '3ds-server', messages: [{}] })
    const id = String(answers[0]?.dsTransID)
    const log = await (await fetch(`${ds.url}/ds/transactions/${id}/messages`)).json()
    expect((log as { messages: Message[] }).messages.map(({ link, messageType }) => [link, messageType])).toEqual([
      ['DS→3DSS', 'OReq'],
      ['3DSS→DS', 'ORes'],
    ])
  })

  test.each([
    ['nobody', { to: 'shop', messages: [{}] }, 'not valid: to: Invalid option: expected one of "acs"|"3ds-server"'],
    ['without messages', { to: 'acs', messages: [] }, 'not valid: messages'],
  ])('to %s is refused with the path of the field', async (_title, body, error) => {
    const sent = await operate(body)
    expect(sent.status).toBe(400)
    expect(String(sent.error).startsWith(error)).toBe(true)
  })
})

describe('the 3DS Server', () => {
  test('answers each OReq of a sequence, and says when one is missing (FLOW-OP-3)', async () => {
    const whole = await operate({ to: '3ds-server', messages: [{}, {}] })
    expect(answered(whole)).toMatchObject([{ opStatus: '01' }, { opStatus: '01' }])
    const [first] = answered(whole)
    expect(first).toMatchObject({ messageType: 'ORes', messageVersion: '2.3.1' })
    expect(first?.threeDSServerTransID).toMatch(/^[0-9a-f-]{36}$/)
    const opSeq = { seqId: randomUUID(), seqTotal: '03' }
    const gap = await operate({
      to: '3ds-server',
      messages: [{ opSeq: { ...opSeq, seqNum: '01' } }, { opSeq: { ...opSeq, seqNum: '03' } }],
    })
    expect(answered(gap).map(({ opStatus }) => opStatus)).toEqual(['01', '02'])
  })

  test.each([
    ['missing', { opSeq: undefined }, '201', 'opSeq'],
    ['wrong', { opSeverity: 'x' }, '203', 'opSeverity'],
    ['of an older version', { messageVersion: '2.2.0' }, '101', 'Invalid Message for the receiving component'],
  ])('refuses one with something %s (FLOW-OP-2)', async (_title, change, errorCode, errorDetail) => {
    const oreq = {
      messageType: 'OReq',
      messageVersion: '2.3.1',
      dsTransID: randomUUID(),
      dsReferenceNumber,
      opCategory: '01',
      opDescription: 'x',
      opExpDate: '20301231',
      opSeverity: '01',
      opSeq: { seqId: randomUUID(), seqNum: '01', seqTotal: '01' },
      ...change,
    }
    const { message } = await post(`${site.url}/3ds-server/results`, oreq)
    expect(message).toMatchObject({ messageType: 'Erro', errorComponent: 'S', errorCode, errorDetail })
  })
})

describe.each(['2.1.0', '2.2.0', '2.3.1'])('an app AReq of %s by raw elements', (version) => {
  const sdkTransID = randomUUID()
  const device = { DV: '1.0', DD: { C001: 'Android' } }
  let key: JWK

  const encrypted = async (change: Message = {}, text = JSON.stringify(device)): Promise<string> =>
    new CompactEncrypt(Buffer.from(text))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128CBC-HS256', kid: key.kid ?? '', ...change })
      .encrypt(await importJWK(key, 'ECDH-ES'))

  const appAReq = (sdkEncData: string): Message =>
    Object.fromEntries(
      Object.entries(
        areqOf('https://3dss.example.com/results', {
          ...inVersion(version),
          deviceChannel: '01',
          sdkAppID: randomUUID(),
          sdkEncData,
          sdkEphemPubKey: { kty: 'EC', crv: 'P-256', x: key.x, y: key.y },
          sdkMaxTimeout: '05',
          sdkReferenceNumber: '3DS_LOA_SDK_TEST_020200_00001',
          sdkTransID,
          deviceRenderOptions: { sdkInterface: '03', sdkUiType: ['01'] },
          ...(version === '2.3.1' && { sdkType: '01', defaultSdkType: { sdkVariant: '01' } }),
        }),
      ).filter(([name]) => !/^browser|^notificationURL|^threeDSCompInd|^acceptLanguage/.test(name)),
    )

  beforeEach(async () => {
    key = (await (await fetch(`${ds.url}/ds/sdk-key`)).json()) as JWK
    acs.script = (areq) => ({
      message: {
        ...aresTo(areq, 'Y', { sdkTransID: areq.sdkTransID }),
        ...(version === '2.3.1' && { deviceInfoRecognisedVersion: '1.0', threeDSRequestorAppURLInd: 'N' }),
      },
    })
  })

  test('reaches the ACS with deviceInfo in the place of sdkEncData (FLOW-DS-3)', async () => {
    const { message } = await post(`${ds.url}/ds/areq`, appAReq(await encrypted()))
    expect(message).toMatchObject({ messageType: 'ARes', sdkTransID, transStatus: 'Y' })
    const areq = acs.received[0]
    parseMessage(areq?.bytes ?? Buffer.alloc(0), { expects: ['AReq'], leg: 'DS-ACS', profile: 'strict' })
    expect(areq?.message).not.toHaveProperty('sdkEncData')
    expect(JSON.parse(Buffer.from(String(areq?.message.deviceInfo), 'base64url').toString())).toEqual(device)
  })

  test('is refused with 302 when it cannot be decrypted, in 2.3.1 with 311 for a foreign key id (FLOW-DS-3, VER-23-30)', async () => {
    const foreign = await post(`${ds.url}/ds/areq`, appAReq(await encrypted({ kid: 'other' })))
    if (version === '2.3.1') expect(foreign.message).toMatchObject({ errorCode: '311', errorComponent: 'D' })
    else expect(foreign.message).toMatchObject({ messageType: 'ARes' })
    const noJson = await post(`${ds.url}/ds/areq`, appAReq(await encrypted({}, 'no JSON')))
    expect(noJson.message).toMatchObject({ errorCode: '302', errorComponent: 'D' })
    const broken = (await encrypted()).replace(/.{4}$/, 'AAAA')
    expect((await post(`${ds.url}/ds/areq`, appAReq(broken))).message).toMatchObject({ errorCode: '302' })
  })

  test('outside of every range is answered by the DS with what an app needs (FLOW-FRI-3, FLOW-APP-9)', async () => {
    const { message } = await post(`${ds.url}/ds/areq`, {
      ...appAReq(await encrypted()),
      acctNumber: '4999990000000000',
    })
    expect(message).toMatchObject({ messageType: 'ARes', sdkTransID, acsTransID: message?.dsTransID })
    expect('deviceInfoRecognisedVersion' in (message ?? {})).toBe(version === '2.3.1')
  })
})
