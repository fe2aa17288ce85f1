import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DsOptions } from '../../src/emulators/ds/options.ts'
import {
  type Answer,
  acsReferenceNumber,
  areqOf,
  aresTo,
  dsReferenceNumber,
  erro,
  keptLog,
  type Message,
  openEmulatorStore,
  pause,
  post,
  rreqTo,
  rresTo,
  type Served,
  type StandIn,
  startDs,
  startStandIn,
} from './support/loop.ts'

const ownErro = (errorCode: string, errorDetail: string) => ({
  messageType: 'Erro',
  errorComponent: 'D',
  errorCode,
  errorDetail,
})

let acs: StandIn
let threeDSServer: StandIn
let store = openEmulatorStore(':memory:')
let ds: Served

async function restart(options: Partial<DsOptions> = {}): Promise<void> {
  await ds?.close()
  ds = await startDs(store, `${acs.url}/acs/areq`, options)
}

const sendAReq = (change: Message = {}) => post(`${ds.url}/ds/areq`, areqOf(`${threeDSServer.url}/results`, change))
const sendRReq = (rreq: object | Buffer) => post(`${ds.url}/ds/rreq`, rreq)
const last = (standIn: StandIn): Message => standIn.received.at(-1)?.message ?? {}

/** A transaction whose ARes was `transStatus`; returns the ARes. */
async function begin(transStatus = 'C', change: Message = {}): Promise<Message> {
  acs.script = (areq) => ({ message: aresTo(areq, transStatus) })
  return (await sendAReq(change)).message ?? {}
}

beforeEach(async () => {
  acs = await startStandIn((areq) => ({ message: aresTo(areq, 'Y') }))
  threeDSServer = await startStandIn((rreq) => ({ message: rresTo(rreq) }))
  store = openEmulatorStore(':memory:')
  ds = await startDs(store, `${acs.url}/acs/areq`)
})

afterEach(async () => {
  await Promise.all([ds.close(), acs.close(), threeDSServer.close()])
  store.close()
})

describe('an AReq on its way to the ACS', () => {
  test('gets dsReferenceNumber, dsTransID and dsURL (FLOW-DS-4)', async () => {
    const { message: ares } = await sendAReq()
    const areq = last(acs)
    expect(areq).toMatchObject({ dsReferenceNumber, dsURL: `${ds.url}/ds/rreq`, acctNumber: '4000000000000002' })
    expect(areq.dsTransID).toMatch(/^[0-9a-f-]{36}$/)
    expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'Y', dsTransID: areq.dsTransID })
  })

  test('keeps unknown extensions that are not critical, unaltered, and loses elements that do not belong (FLOW-DS-4)', async () => {
    const messageExtension = [
      { name: 'Shop data', id: 'A000000802-777', criticalityIndicator: false, data: { b: 1, a: ['ü', { z: null }] } },
    ]
    await sendAReq({ messageExtension, transStatus: 'Y', somethingElse: { x: 1 } })
    const areq = last(acs)
    expect(areq.messageExtension).toEqual(messageExtension)
    expect(areq).not.toHaveProperty('transStatus')
    expect(areq).not.toHaveProperty('somethingElse')
  })

  test('is refused with Erro 202 when an unknown extension is critical (FLOW-DS-1)', async () => {
    const messageExtension = [{ name: 'x', id: 'A000000802-777', criticalityIndicator: true, data: { a: 'b' } }]
    const { message } = await sendAReq({ messageExtension })
    expect(message).toMatchObject(ownErro('202', 'A000000802-777'))
    expect(acs.received).toHaveLength(0)
  })

  test('carries X-Request-ID, and its answer both ids (FLOW-GEN-8)', async () => {
    const threeDSServerTransID = randomUUID()
    const { headers, message } = await sendAReq({ threeDSServerTransID })
    expect(acs.received[0]?.headers['x-request-id']).toBe(message?.dsTransID)
    expect(headers.get('x-request-id')).toBe(threeDSServerTransID)
    expect(headers.get('x-response-id')).toBe(message?.dsTransID)
  })

  test('echoes an id in upper case as received (FLOW-GEN-7)', async () => {
    const threeDSServerTransID = randomUUID().toUpperCase()
    acs.script = (areq) => ({
      message: aresTo(areq, 'Y', { threeDSServerTransID: threeDSServerTransID.toLowerCase() }),
    })
    const { message } = await sendAReq({ threeDSServerTransID })
    expect(last(acs).threeDSServerTransID).toBe(threeDSServerTransID)
    expect(message).toMatchObject({ messageType: 'ARes' })
  })
})

describe('a faulty AReq', () => {
  test.each([
    ['a missing element', { purchaseAmount: undefined }, '201', 'purchaseAmount'],
    ['a wrong format', { purchaseAmount: 'much' }, '203', 'purchaseAmount'],
    ['another version', { messageVersion: '2.0.0' }, '102', '2.1.0,2.2.0,2.3.1'],
  ])(
    'with %s is answered with an Erro of the DS and does not reach the ACS (FLOW-DS-1, FLOW-DS-12)',
    async (_title, change, errorCode, detail) => {
      const { status, message } = await sendAReq(change)
      expect(status).toBe(200)
      expect(message).toMatchObject(ownErro(errorCode, detail))
      expect(acs.received).toHaveLength(0)
    },
  )

  test('from a 3DS Server that takes no part gets 303, a foreign mcc 306 (FLOW-DS-12)', async () => {
    await restart({ threeDSServerReferenceNumbers: ['3DS_LOA_SER_OTHER'] })
    expect((await sendAReq()).message).toMatchObject(ownErro('303', 'threeDSServerRefNumber'))
    await restart({ mccs: ['5999'] })
    expect((await sendAReq()).message).toMatchObject(ownErro('306', 'mcc'))
  })

  test('that is an Erro is taken with HTTP 200 and no body (FLOW-GEN-10)', async () => {
    const { status, bytes } = await post(`${ds.url}/ds/areq`, erro('S', '203'))
    expect({ status, length: bytes.length }).toEqual({ status: 200, length: 0 })
    const malformed = await post(`${ds.url}/ds/areq`, { messageType: 'Erro' })
    expect({ status: malformed.status, length: malformed.bytes.length }).toEqual({ status: 200, length: 0 })
  })

  test('of another type, or no JSON at all, gets 101 with HTTP 200 (FLOW-GEN-3, FLOW-GEN-12)', async () => {
    const { message } = await post(`${ds.url}/ds/areq`, { ...areqOf('http://127.0.0.1/'), messageType: 'CReq' })
    expect(message).toMatchObject(ownErro('101', 'Invalid Message for the receiving component'))
    expect((await post(`${ds.url}/ds/areq`, '{')).message).toMatchObject(ownErro('101', 'Invalid Formatted Message'))
  })
})

test.each(['areq', 'rreq'])(
  'POST /%s alone is answered; 405, 415 and 413 carry Erro 101 of the DS (ACS-VAL-1…3)',
  async (path) => {
    const url = `${ds.url}/ds/${path}`
    const wrongMethod = await fetch(url)
    const wrongType = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' })
    const tooLarge = await post(url, { messageType: 'AReq', padding: 'x'.repeat(1_100_000) })
    expect([wrongMethod.status, wrongType.status, tooLarge.status]).toEqual([405, 415, 413])
    for (const message of [await wrongMethod.json(), await wrongType.json(), tooLarge.message]) {
      expect(message).toMatchObject(ownErro('101', 'Invalid Formatted Message'))
    }
  },
)

describe('a card range without an ACS', () => {
  test('gets a DS-made ARes whose ACS ids are those of the DS (FLOW-DS-2, FLOW-FRI-3)', async () => {
    const { message } = await sendAReq({ acctNumber: '4999990000000000' })
    expect(message).toMatchObject({
      messageType: 'ARes',
      transStatus: 'U',
      transStatusReason: '87',
      acsTransID: message?.dsTransID,
      acsReferenceNumber: dsReferenceNumber,
      dsReferenceNumber,
    })
    expect(acs.received).toHaveLength(0)
  })

  test('gets Erro 305 by the test switch (FLOW-DS-2)', async () => {
    await restart({ outsideRanges: 'erro305' })
    expect((await sendAReq({ acctNumber: '4999990000000000' })).message).toMatchObject(ownErro('305', 'acctNumber'))
  })
})

describe('a faulty ARes', () => {
  const cases: readonly [string, Message, string, string][] = [
    ['without a required element', { acsURL: undefined }, '201', 'acsURL'],
    ['with a wrong value', { acsChallengeMandated: 'X' }, '203', 'acsChallengeMandated'],
    ['for another transaction', { threeDSServerTransID: randomUUID() }, '301', 'threeDSServerTransID'],
    ['with another dsReferenceNumber', { dsReferenceNumber: 'OTHER' }, '203', 'dsReferenceNumber'],
    ['of another version', { messageVersion: '2.1.0' }, '203', 'messageVersion'],
  ]

  test.each(cases)(
    '%s gets an Erro of the DS, to the 3DS Server and to the ACS (FLOW-DS-5)',
    async (_title, change, errorCode, detail) => {
      acs.script = (message) => ({ message: message.messageType === 'AReq' ? aresTo(message, 'C', change) : {} })
      const { message } = await sendAReq()
      expect(message).toMatchObject({ ...ownErro(errorCode, detail), errorMessageType: 'ARes' })
      const [, toAcs] = await acs.has(2)
      expect(toAcs?.path).toBe('/acs/areq')
      expect(toAcs?.message).toMatchObject({ ...ownErro(errorCode, detail), dsTransID: message?.dsTransID })
    },
  )

  test('C is not valid when the requestor only shares data (RES-TS-1)', async () => {
    acs.script = (areq) => ({ message: areq.messageType === 'AReq' ? aresTo(areq, 'C') : {} })
    expect((await sendAReq({ threeDSRequestorChallengeInd: '06' })).message).toMatchObject(
      ownErro('203', 'transStatus'),
    )
  })

  test('I needs indicator 05, 06 or 07 in the strict profile; the lenient one takes it always (RES-TS-3)', async () => {
    acs.script = (areq) => ({ message: areq.messageType === 'AReq' ? aresTo(areq, 'I') : {} })
    expect((await sendAReq()).message).toMatchObject(ownErro('203', 'transStatus'))
    expect((await sendAReq({ threeDSRequestorChallengeInd: '06' })).message).toMatchObject({ transStatus: 'I' })
    await restart({ profile: 'lenient' })
    expect((await sendAReq()).message).toMatchObject({ transStatus: 'I' })
  })

  test('of an ACS that takes no part gets 303, to the 3DS Server only (FLOW-DS-5)', async () => {
    await restart({ acsReferenceNumbers: ['3DS_LOA_ACS_OTHER'] })
    expect((await sendAReq()).message).toMatchObject(ownErro('303', 'acsReferenceNumber'))
    await pause(30)
    expect(acs.received).toHaveLength(1)
    await restart({ acsReferenceNumbers: [acsReferenceNumber] })
    expect((await sendAReq()).message).toMatchObject({ messageType: 'ARes' })
  })
})

describe('the ACS', () => {
  test('that answers with an Erro is quoted byte by byte, whatever the HTTP status (FLOW-DS-8)', async () => {
    const bytes = Buffer.from(`{ "errorCode":"203", "messageType" : "Erro", "errorComponent":"A" }\n`)
    acs.script = () => ({ bytes })
    expect((await sendAReq()).bytes).toEqual(bytes)
    acs.script = () => ({ bytes, status: 415 })
    expect((await sendAReq()).bytes).toEqual(bytes)
    await pause(30)
    expect(acs.received).toHaveLength(2) // no Erro answers an Erro
  })

  test('that is silent: Erro 402 to the 3DS Server (FLOW-TMR-2)', async () => {
    await restart({ aresWithinMs: 60 })
    acs.script = () => 'silence'
    const { message } = await sendAReq()
    expect(message).toMatchObject({ errorComponent: 'D', errorCode: '402', errorMessageType: 'ARes' })
  })

  test('that drops the connection is tried once more at once, then Erro 405 (FLOW-TMR-3)', async () => {
    acs.script = () => 'drop'
    const { message } = await sendAReq()
    expect(message).toMatchObject({ errorComponent: 'D', errorCode: '405' })
    expect(acs.received).toHaveLength(2)
    expect(acs.received[1]?.bytes).toEqual(acs.received[0]?.bytes)
  })

  test('that comes to itself at the second try is relayed (FLOW-TMR-3)', async () => {
    acs.script = (areq) => (acs.received.length === 1 ? { message: {}, status: 502 } : { message: aresTo(areq, 'Y') })
    expect((await sendAReq()).message).toMatchObject({ transStatus: 'Y' })
  })
})

describe('an RReq', () => {
  test('reaches the 3DS Server without authenticationMethod, and the RRes comes back byte by byte (FLOW-DS-7, FLOW-DS-8)', async () => {
    const ares = await begin()
    const bytes: Buffer[] = []
    threeDSServer.script = (rreq) => {
      bytes.push(Buffer.from(` ${JSON.stringify(rresTo(rreq))} `))
      return { bytes: bytes[0] ?? Buffer.alloc(0) }
    }
    const answer = await sendRReq(rreqTo(ares, 'Y', { authenticationMethod: '02' }))
    expect(last(threeDSServer)).toMatchObject({ messageType: 'RReq', transStatus: 'Y' })
    expect(last(threeDSServer)).not.toHaveProperty('authenticationMethod')
    expect(answer.bytes).toEqual(bytes[0])
    expect(answer.headers.get('x-request-id')).toBe(ares.acsTransID)
    expect(answer.headers.get('x-response-id')).toBe(ares.dsTransID)
  })

  test('repeated byte by byte gets the stored RRes and is not relayed again (FLOW-DS-6)', async () => {
    const rreq = rreqTo(await begin())
    const first = await sendRReq(rreq)
    const second = await sendRReq(rreq)
    expect(second.bytes).toEqual(first.bytes)
    expect(threeDSServer.received).toHaveLength(1)
  })

  test('repeated while the first is under way is relayed once', async () => {
    const rreq = rreqTo(await begin())
    threeDSServer.script = async (message): Promise<Answer> => {
      await pause(60)
      return { message: rresTo(message) }
    }
    const answers = await Promise.all([sendRReq(rreq), sendRReq(rreq), sendRReq(rreq)])
    expect(threeDSServer.received).toHaveLength(1)
    for (const { bytes } of answers) expect(bytes).toEqual(answers[0]?.bytes)
  })

  test('that differs from the first gets 301 (FLOW-DS-6, SEC-RPL-4)', async () => {
    const ares = await begin()
    await sendRReq(rreqTo(ares))
    const { message } = await sendRReq(rreqTo(ares, 'N'))
    expect(message).toMatchObject(ownErro('301', 'acsTransID,dsTransID,threeDSServerTransID'))
  })

  test('for an unknown transaction gets 301 with the id that is not known (FLOW-DS-6)', async () => {
    const ares = await begin()
    const unknown = await sendRReq(rreqTo({ ...ares, dsTransID: randomUUID() }))
    expect(unknown.message).toMatchObject(ownErro('301', 'dsTransID'))
    const mixed = await sendRReq(rreqTo({ ...ares, acsTransID: randomUUID() }))
    expect(mixed.message).toMatchObject(ownErro('301', 'acsTransID'))
    await pause(30)
    expect(threeDSServer.received).toHaveLength(0)
  })

  test.each(['Y', 'N', 'U', 'A', 'R'])('after an ARes %s gets 305 (FLOW-DS-6, FLOW-FRI-1)', async (transStatus) => {
    const ares = await begin(transStatus)
    expect((await sendRReq(rreqTo(ares))).message).toMatchObject(ownErro('305', 'acsTransID'))
  })

  test('that is faulty gets an Erro, and the 3DS Server hears of it with the same code (FLOW-DS-11)', async () => {
    const ares = await begin()
    const { message } = await sendRReq(rreqTo(ares, 'Y', { authenticationType: undefined }))
    expect(message).toMatchObject(ownErro('201', 'authenticationType'))
    const [toThreeDSServer] = await threeDSServer.has(1)
    expect(toThreeDSServer?.message).toMatchObject({
      ...ownErro('201', 'authenticationType'),
      threeDSServerTransID: ares.threeDSServerTransID,
    })
  })

  test('may not say C, I or another version (RES-TS-6, FLOW-GEN-6)', async () => {
    const ares = await begin()
    for (const transStatus of ['C', 'I']) {
      expect((await sendRReq(rreqTo(ares, transStatus))).message).toMatchObject(ownErro('203', 'transStatus'))
    }
    const other = await sendRReq(rreqTo(ares, 'Y', { messageVersion: '2.1.0' }))
    expect(other.message).toMatchObject(ownErro('203', 'messageVersion'))
  })

  test('in place of which an Erro comes is taken with HTTP 200 and no body (FLOW-GEN-10)', async () => {
    const { status, bytes } = await sendRReq(erro('A', '402'))
    expect({ status, length: bytes.length }).toEqual({ status: 200, length: 0 })
  })
})

describe('the 3DS Server', () => {
  test('that answers an RReq with an Erro is quoted byte by byte, component S (FLOW-DS-8, MIS-RES-15)', async () => {
    const ares = await begin()
    const bytes = Buffer.from(JSON.stringify(erro('S', '203', { acsTransID: ares.acsTransID })))
    threeDSServer.script = () => ({ bytes })
    const answer = await sendRReq(rreqTo(ares))
    expect(answer.bytes).toEqual(bytes)
  })

  test('whose RRes is faulty hears of it, and the ACS with the same code (FLOW-DS-11)', async () => {
    const ares = await begin()
    threeDSServer.script = (message) => ({
      message: message.messageType === 'RReq' ? rresTo(message, { resultsStatus: '00' }) : {},
    })
    const { message } = await sendRReq(rreqTo(ares))
    expect(message).toMatchObject({ ...ownErro('203', 'resultsStatus'), errorMessageType: 'RRes' })
    const [, told] = await threeDSServer.has(2)
    expect(told?.message).toMatchObject(ownErro('203', 'resultsStatus'))
  })

  test('whose RRes is for another acsTransID: 301 (RES-RS-3)', async () => {
    const ares = await begin()
    threeDSServer.script = (message) => ({ message: rresTo(message, { acsTransID: randomUUID() }) })
    expect((await sendRReq(rreqTo(ares))).message).toMatchObject(ownErro('301', 'acsTransID'))
  })

  test('that is late: Erro 402 to the ACS, and the same RReq is relayed when it comes again (FLOW-TMR-10)', async () => {
    await restart({ rresWithinMs: 600 })
    const rreq = rreqTo(await begin())
    threeDSServer.script = () => 'silence'
    expect((await sendRReq(rreq)).message).toMatchObject({
      errorComponent: 'D',
      errorCode: '402',
      errorMessageType: 'RRes',
    })
    threeDSServer.script = (message) => ({ message: rresTo(message) })
    expect((await sendRReq(rreq)).message).toMatchObject({ messageType: 'RRes' })
  })

  test('that cannot be reached is tried twice, then Erro 405 to the ACS (FLOW-TMR-11)', async () => {
    const ares = await begin()
    threeDSServer.script = () => 'drop'
    expect((await sendRReq(rreqTo(ares))).message).toMatchObject({ errorComponent: 'D', errorCode: '405' })
    expect(threeDSServer.received).toHaveLength(2)
  })
})

describe('the memory of the DS', () => {
  test('outlives a restart: RReqs are relayed and repeats answered from the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ds-'))
    try {
      const path = join(folder, 'emulators.db')
      store.close()
      store = openEmulatorStore(path)
      await restart()
      const rreq = rreqTo(await begin())
      const reopen = async () => {
        await ds.close()
        store.close()
        store = openEmulatorStore(path)
        ds = await startDs(store, `${acs.url}/acs/areq`)
      }
      await reopen()
      const first = await sendRReq(rreq)
      expect(first.message).toMatchObject({ messageType: 'RRes', resultsStatus: '01' })
      await reopen()
      expect((await sendRReq(rreq)).bytes).toEqual(first.bytes)
      expect(threeDSServer.received).toHaveLength(1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('holds no card number and no authentication value, and the log neither (SEC-LOG-1)', async () => {
    const { lines, log } = keptLog()
    await restart({ log })
    acs.script = (areq) => ({ message: aresTo(areq, 'Y') })
    const { message } = await sendAReq({ acctNumber: '4000001234567890' })
    const kept = JSON.stringify(store.ds.find(String(message?.dsTransID)))
    expect(kept).toContain('400000******7890')
    expect(lines.length).toBeGreaterThan(0)
    for (const secret of ['4000001234567890', '1234567', String(message?.authenticationValue)]) {
      expect(kept).not.toContain(secret)
      expect(lines.join('\n')).not.toContain(secret)
    }
  })
})
