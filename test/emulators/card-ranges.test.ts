// Card ranges: what the DS tells of them, and what the 3DS Server makes of it.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { RequestHandler } from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DsOptions, DsRoute } from '../../src/emulators/ds/options.ts'
import { disjoint, hasOverlap, spanOf } from '../../src/emulators/spans.ts'
import type { ThreeDSServerOptions } from '../../src/emulators/threeds-server/options.ts'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import {
  aresTo,
  type Message,
  openEmulatorStore,
  post,
  type Served,
  type StandIn,
  startDs,
  startMerchantSide,
  startStandIn,
} from './support/loop.ts'

const hour = 3_600_000
const versions = ['2.1.0', '2.2.0', '2.3.1'] as const

const visa: DsRoute = {
  from: '400000',
  to: '400009',
  scheme: 'visa',
  acsUrl: 'http://localhost:1/areq',
  methodUrl: 'https://acs.example.com/method',
}
const amex: DsRoute = {
  from: '340000',
  to: '340009',
  scheme: 'amex',
  acsUrl: 'http://localhost:1/areq',
  versions: ['2.1.0', '2.2.0'],
  acsInfoInd: ['01', '03', '06'],
  issuerCountryCode: '392',
}

let acs: StandIn
let store = openEmulatorStore(':memory:')
let ds: Served
let site: Served | undefined
let routes: readonly DsRoute[] = []
let now = 0

const letIn: RequestHandler = (_req, _res, next) => next()

async function restart(options: Partial<DsOptions> = {}): Promise<void> {
  await ds?.close()
  ds = await startDs(store, '', { routes: () => routes, clock: () => now, mayOperate: letIn, ...options })
}

async function server(options: Partial<ThreeDSServerOptions> = {}, dsUrl = `${ds.url}/ds/areq`): Promise<void> {
  await site?.close()
  const threeDSServer = { clock: () => now, asksForRanges: true, ranges: () => [], mayOperate: letIn, ...options }
  site = await startMerchantSide(store, dsUrl, { threeDSServer })
}

const preqOf = (messageVersion: string, change: Message = {}): Message => ({
  messageType: 'PReq',
  messageVersion,
  threeDSServerTransID: randomUUID(),
  threeDSServerRefNumber: '3DS_LOA_SER_TEST_020200_00001',
  ...change,
})

/** The PRes to a PReq; a strict 3DS Server takes it. */
async function presTo(preq: Message): Promise<Message> {
  const { bytes } = await post(`${ds.url}/ds/areq`, preq)
  const { message } = parseMessage(bytes, { expects: ['PRes'], leg: 'DS-3DSS', profile: 'strict' })
  return message as unknown as Message
}

const refusal = async (preq: Message) => (await post(`${ds.url}/ds/areq`, preq)).message

async function call(path: string, body?: object, method = 'POST') {
  const response = await fetch(`${site?.url}/3ds-server${path}`, {
    ...(body !== undefined && {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  return { status: response.status, answer: (await response.json()) as Message }
}
const versioning = async (acctNumber: string, change: Message = {}) =>
  (await call('/versioning', { acctNumber, ...change })).answer

async function operate(method: string, path: string, body?: object) {
  const response = await fetch(`${ds.url}/ds${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: (await response.json()) as Message }
}

beforeEach(async () => {
  now = Date.UTC(2026, 3, 1)
  routes = [visa, amex]
  acs = await startStandIn((areq) => ({ message: aresTo(areq, 'Y') }))
  store = openEmulatorStore(':memory:')
  await restart()
})

afterEach(async () => {
  await site?.close()
  site = undefined
  await Promise.all([ds.close(), acs.close()])
  store.close()
})

describe('a PRes of the DS', () => {
  test('lists up to 2.2.0 start and end of ranges and versions, all with action A (FLOW-PRE-3, FLOW-PRE-7)', async () => {
    const pres = await presTo(preqOf('2.2.0'))
    expect(pres).toMatchObject({ dsStartProtocolVersion: '2.1.0', dsEndProtocolVersion: '2.3.1' })
    expect(pres.cardRangeData).toEqual([
      {
        startRange: '340000000000000',
        endRange: '340009999999999',
        actionInd: 'A',
        acsStartProtocolVersion: '2.1.0',
        acsEndProtocolVersion: '2.2.0',
        acsInfoInd: ['01', '03'], // 06 came with 2.3.1 (FLOW-PRE-4)
      },
      {
        startRange: '4000000000000000',
        endRange: '4000099999999999',
        actionInd: 'A',
        acsStartProtocolVersion: '2.1.0',
        acsEndProtocolVersion: '2.3.1',
        threeDSMethodURL: 'https://acs.example.com/method',
      },
    ])
  })

  test('has no acsInfoInd in 2.1.0 (VER-22-13)', async () => {
    const { cardRangeData } = await presTo(preqOf('2.1.0'))
    expect(JSON.stringify(cardRangeData)).not.toContain('acsInfoInd')
  })

  test('of 2.3.1 has lists of ranges and versions, its own versions, addresses and the order to read in (FLOW-PRE-5, FLOW-PRE-8, VER-23-23)', async () => {
    await restart({ dsUrlList: ['https://ds.example.com/areq'] })
    const pres = await presTo(preqOf('2.3.1'))
    expect(pres).toMatchObject({
      dsProtocolVersions: ['2.1.0', '2.2.0', '2.3.1'],
      readOrder: '01',
      dsUrlList: [{ threeDSServerToDsUrl: 'https://ds.example.com/areq' }],
    })
    expect(pres).not.toHaveProperty('dsStartProtocolVersion')
    expect(pres.cardRangeData).toEqual([
      {
        actionInd: 'A',
        issuerCountryCode: '392',
        ranges: [{ start: '340000000000000', end: '340009999999999' }],
        acsProtocolVersions: [
          { version: '2.1.0', acsInfoInd: ['01', '03', '06'] },
          { version: '2.2.0', acsInfoInd: ['01', '03', '06'] },
        ],
      },
      {
        actionInd: 'A',
        ranges: [{ start: '4000000000000000', end: '4000099999999999' }],
        acsProtocolVersions: versions.map((version) => ({ version, threeDSMethodURL: visa.methodUrl })),
      },
    ])
  })

  test('puts ranges that are alike into one entry, up to 5,000 (FLOW-PRE-5)', async () => {
    routes = Array.from({ length: 5_001 }, (_, index) => ({
      ...visa,
      from: String(400_000 + index),
      to: String(400_000 + index),
    }))
    const { cardRangeData } = await presTo(preqOf('2.3.1'))
    expect((cardRangeData as { ranges: unknown[] }[]).map(({ ranges }) => ranges.length)).toEqual([5_000, 1])
  })

  test.each(versions)(
    'with the serial number of before tells what changed since, in %s (FLOW-PRE-2, FLOW-PRE-8)',
    async (version) => {
      const { serialNum } = await presTo(preqOf(version))
      const unchanged = await presTo(preqOf(version, { serialNum }))
      expect(unchanged).toMatchObject({ serialNum })
      expect(unchanged).not.toHaveProperty('cardRangeData')
      const jcb = { ...visa, from: '352800', to: '352809', scheme: 'jcb' }
      routes = [{ ...visa, methodUrl: 'https://acs.example.com/other' }, jcb]
      const changed = await presTo(preqOf(version, { serialNum }))
      expect(changed.serialNum).not.toBe(serialNum)
      const told = (changed.cardRangeData as Message[]).map(({ actionInd, startRange, ranges }) => [
        actionInd,
        startRange ?? (ranges as { start: string }[])[0]?.start,
      ])
      expect(told).toEqual([
        ['D', '340000000000000'],
        ['A', '3528000000000000'],
        ['M', '4000000000000000'],
      ])
      routes = [visa, amex] // and back again: nothing is different from then
      expect(await presTo(preqOf(version, { serialNum }))).not.toHaveProperty('cardRangeData')
    },
  )

  test('is Erro 307 for a serial number nobody gave, 201 and 203 for what is missing or wrong (FLOW-PRE-2)', async () => {
    const { serialNum } = await presTo(preqOf('2.2.0'))
    for (const other of ['20250401', `${String(serialNum).slice(0, -1)}9`]) {
      expect(await refusal(preqOf('2.2.0', { serialNum: other }))).toMatchObject({
        messageType: 'Erro',
        errorComponent: 'D',
        errorCode: '307',
        errorDetail: 'serialNum',
        errorMessageType: 'PReq',
      })
    }
    const missing = await refusal(preqOf('2.2.0', { threeDSServerRefNumber: undefined }))
    expect(missing).toMatchObject({ errorCode: '201', errorDetail: 'threeDSServerRefNumber' })
    const wrong = await refusal(preqOf('2.2.0', { serialNum: 'x'.repeat(21) }))
    expect(wrong).toMatchObject({ errorCode: '203', errorDetail: 'serialNum' })
  })

  test('is Erro 103 for a second PReq within an hour, by a switch (FLOW-PRE-1)', async () => {
    await presTo(preqOf('2.2.0'))
    await presTo(preqOf('2.2.0'))
    await restart({ limitsPReq: true })
    await presTo(preqOf('2.2.0'))
    now += hour - 1
    expect(await refusal(preqOf('2.2.0'))).toMatchObject({ errorCode: '103', errorComponent: 'D' })
    await presTo(preqOf('2.2.0', { threeDSServerRefNumber: 'ANOTHER' }))
    now += 1
    await presTo(preqOf('2.2.0'))
  })

  test('tells after a restart with other ranges what changed since before it (FLOW-PRE-2)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ranges-'))
    try {
      const path = join(folder, 'emulators.db')
      store.close()
      store = openEmulatorStore(path)
      await restart()
      const { serialNum } = await presTo(preqOf('2.3.1'))
      await ds.close()
      store.close()
      store = openEmulatorStore(path)
      routes = [visa]
      await restart()
      const { cardRangeData } = await presTo(preqOf('2.3.1', { serialNum }))
      expect(cardRangeData).toMatchObject([{ actionInd: 'D', ranges: [{ start: '340000000000000' }] }])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('where ranges overlap gives the cards to the first, as the DS routes them (FLOW-DS-2)', async () => {
    routes = [{ ...visa, from: '400005', to: '400006', versions: ['2.2.0'] }, visa]
    const { cardRangeData } = await presTo(preqOf('2.2.0'))
    expect(
      (cardRangeData as Message[]).map(({ startRange, endRange, acsEndProtocolVersion }) => [
        startRange,
        endRange,
        acsEndProtocolVersion,
      ]),
    ).toEqual([
      ['4000000000000000', '4000049999999999', '2.3.1'],
      ['4000050000000000', '4000069999999999', '2.2.0'],
      ['4000070000000000', '4000099999999999', '2.3.1'],
    ])
  })

  test('is compressed for who can read that, and never refused to who cannot (FLOW-PRE-9)', async () => {
    routes = Array.from({ length: 1_000 }, (_, index) => ({
      ...visa,
      from: String(400_000 + index),
      to: String(400_000 + index),
    }))
    const answer = async (encoding: string) => {
      const headers = { 'content-type': 'application/json', 'accept-encoding': encoding }
      const request = http.request(`${ds.url}/ds/areq`, { method: 'POST', headers })
      request.end(JSON.stringify(preqOf('2.2.0')))
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      return [response.headers['content-encoding'], Buffer.concat(chunks)] as const
    }
    const [coding, packed] = await answer('gzip')
    expect(coding).toBe('gzip')
    const [plain, bytes] = await answer('identity')
    expect(plain).toBeUndefined()
    const items = [gunzipSync(packed), bytes].map((body) => (JSON.parse(body.toString()) as Message).cardRangeData)
    expect(items[0]).toEqual(items[1])
    expect(packed.length).toBeLessThan(bytes.length)
  })

  test('is Erro 102 in a version the DS does not have (FLOW-DS-12)', async () => {
    await restart({ versions: ['2.1.0', '2.2.0'] })
    expect(await refusal(preqOf('2.3.1'))).toMatchObject({ errorCode: '102', errorDetail: '2.1.0,2.2.0' })
  })
})

describe('an operator of the DS', () => {
  test('adds, modifies and deletes ranges while it runs, and goes back to the configured ones', async () => {
    const { serialNum } = await presTo(preqOf('2.3.1'))
    const range = { from: '520000', to: '520009', scheme: 'mastercard', acsUrl: `${acs.url}/areq`, versions: ['2.2.0'] }
    const changed = await operate('POST', '/card-ranges', [
      { actionInd: 'A', range },
      { actionInd: 'D', range: { from: '340000', to: '340009', scheme: 'amex' } },
      { actionInd: 'M', range: { from: '400000', to: '400009', scheme: 'visa', acsUrl: `${acs.url}/areq` } },
    ])
    expect(changed).toMatchObject({ status: 200, answer: { count: 2 } })
    const { cardRangeData } = await presTo(preqOf('2.3.1', { serialNum }))
    expect((cardRangeData as Message[]).map(({ actionInd }) => actionInd)).toEqual(['D', 'A', 'M'])
    expect((await operate('GET', '/card-ranges')).answer).toMatchObject({
      serialNum: changed.answer.serialNum,
      count: 2,
    })
    expect((await operate('DELETE', '/card-ranges')).answer).toMatchObject({ count: 2, ranges: [visa, amex] })
    expect(await presTo(preqOf('2.3.1', { serialNum }))).not.toHaveProperty('cardRangeData')
  })

  test('replaces all of them; the next AReq goes by them (FLOW-DS-2)', async () => {
    const put = await operate('PUT', '/card-ranges', [
      { from: '4', to: '4', scheme: 'visa', acsUrl: `${acs.url}/areq` },
    ])
    expect(put.status).toBe(200)
    const { cardRangeData } = await presTo(preqOf('2.2.0'))
    expect(cardRangeData).toMatchObject([{ startRange: '4000000000000000', endRange: '4999999999999999' }])
  })

  test.each([
    [
      'POST',
      '/card-ranges',
      [{ actionInd: 'A', range: { from: '340000', to: '340009', scheme: 'amex', acsUrl: 'http://a/' } }],
      409,
      '0.range is there already',
    ],
    [
      'POST',
      '/card-ranges',
      [{ actionInd: 'D', range: { from: '11', to: '11', scheme: 'x' } }],
      409,
      '0.range is not there',
    ],
    [
      'PUT',
      '/card-ranges',
      [{ from: '41', to: '4', scheme: 'visa' }],
      400,
      'not valid: 0: from and to must be equally long and in order',
    ],
    ['PUT', '/card-ranges', [{ from: '41', to: '41', scheme: 'visa' }], 400, 'not valid: 0.acsUrl is missing'],
  ])('is told what is wrong: %s %s', async (method, path, body, status, error) => {
    expect(await operate(method, path, body)).toEqual({ status, answer: { error } })
  })

  test('is nobody unless somebody may be', async () => {
    await restart({ mayOperate: (_req, res) => void res.status(403).json({ error: 'no' }) })
    expect((await operate('GET', '/card-ranges')).status).toBe(403)
    expect((await operate('POST', '/operations', {})).status).toBe(403)
  })
})

describe('the 3DS Server', () => {
  test('asks once and tells requestors the newest version that all have, with its method (FLOW-PRE-6)', async () => {
    await server()
    const answer = await versioning('4000001234567890')
    expect(answer).toMatchObject({
      messageVersion: '2.3.1',
      threeDSMethodURL: visa.methodUrl,
      cardRange: { start: '4000000000000000', acsProtocolVersions: versions.map((version) => ({ version })) },
    })
    expect(await versioning('340000123456789')).toMatchObject({
      messageVersion: '2.2.0',
      cardRange: {
        issuerCountryCode: '392',
        acsProtocolVersions: [{ version: '2.1.0' }, { acsInfoInd: ['01', '03', '06'] }],
      },
    })
    expect(await versioning('340000123456789')).not.toHaveProperty('threeDSMethodURL')
  })

  test.each([
    ['its own', { versions: ['2.1.0', '2.2.0'] as const }, {}, '2.2.0'],
    ['the DS’s', {}, { versions: ['2.1.0'] as const }, '2.1.0'],
  ])('is limited by %s versions too (FLOW-PRE-6)', async (_title, own, dsOptions, expected) => {
    await restart(dsOptions)
    await server(own)
    expect(await versioning('4000001234567890')).toMatchObject({ messageVersion: expected })
  })

  test('asks an older DS again in a version that it names (FLOW-PRE-6, ACS-VAL-9)', async () => {
    await restart({ versions: ['2.1.0', '2.2.0'] })
    await server()
    expect(await versioning('4000001234567890')).toMatchObject({
      messageVersion: '2.2.0',
      cardRange: { start: '4000000000000000' },
    })
  })

  test('takes for a card of no range what it shares with the DS', async () => {
    await restart({ versions: ['2.1.0', '2.2.0'] })
    await server()
    const answer = await versioning('6011000000000000')
    expect(answer.messageVersion).toBe('2.2.0')
    expect(answer).not.toHaveProperty('cardRange')
  })

  test('takes the version that the requestor names, and says when there is none to share', async () => {
    await server()
    expect(await versioning('4000001234567890', { messageVersion: '2.1.0' })).toMatchObject({ messageVersion: '2.1.0' })
    await server({ versions: ['2.3.1'] })
    const { status } = await call('/versioning', { acctNumber: '340000123456789' })
    expect(status).toBe(409)
  })

  test('goes on with what it was told by its operator while the DS cannot be asked, and asks again after 60 s (FLOW-PRE-1)', async () => {
    const deaf = await startStandIn(() => ({ message: {}, status: 404 }))
    await server({ ranges: () => [{ ...visa }] }, `${deaf.url}/areq`)
    expect(await versioning('4000001234567890')).toMatchObject({
      messageVersion: '2.2.0',
      threeDSMethodURL: visa.methodUrl,
    })
    await versioning('4000001234567890')
    expect(deaf.received).toHaveLength(1)
    now += 60_000
    await versioning('4000001234567890')
    expect(deaf.received).toHaveLength(2)
    expect(deaf.received[0]?.message).toMatchObject({ messageType: 'PReq', messageVersion: '2.3.1' })
    await deaf.close()
  })

  test('asks for changes at most once an hour, and when told to (FLOW-PRE-1)', async () => {
    await server()
    await versioning('4000001234567890')
    routes = [{ ...visa, versions: ['2.1.0'] }, amex]
    now += hour - 1
    expect(await versioning('4000001234567890')).toMatchObject({ messageVersion: '2.3.1' })
    const { answer } = await call('/card-ranges/refresh', {})
    expect(answer).toMatchObject({ outcome: 'updated', messageVersion: '2.3.1', count: 2 })
    expect(await versioning('4000001234567890')).toMatchObject({ messageVersion: '2.1.0' })
    expect((await call('/card-ranges/refresh', {})).answer).toMatchObject({ outcome: 'unchanged' })
    expect((await call('/card-ranges/refresh', { isWhole: true })).answer).toMatchObject({ outcome: 'updated' })
  })

  test('keeps what it knows over a restart, and asks at once what changed since (FLOW-PRE-2)', async () => {
    await server()
    await versioning('4000001234567890')
    routes = [visa, { ...amex, versions: ['2.1.0'] }]
    await server()
    expect(await versioning('340000123456789')).toMatchObject({ messageVersion: '2.1.0' })
    await ds.close()
    await server() // nobody there: what was known is still known
    expect(await versioning('340000123456789')).toMatchObject({ messageVersion: '2.1.0' })
  })

  test('takes 100,000 ranges in one PRes, and finds the range of a card among them', async () => {
    routes = Array.from({ length: 100_000 }, (_, index) => ({
      ...visa,
      from: String(40_000_000 + index * 2),
      to: String(40_000_000 + index * 2),
      versions: [versions[index % 3] ?? '2.2.0'],
    }))
    await server({ aresWithinMs: 120_000 })
    expect((await call('/card-ranges/refresh', {})).answer).toMatchObject({ outcome: 'updated', count: 100_000 })
    const found = [0, 1, 2, 99_999].map(async (index) => {
      const { messageVersion, cardRange } = await versioning(`${40_000_000 + index * 2}12345678`)
      return [messageVersion, (cardRange as Message | undefined)?.start]
    })
    expect(await Promise.all(found)).toEqual([
      ['2.1.0', '4000000000000000'],
      ['2.2.0', '4000000200000000'],
      ['2.3.1', '4000000400000000'],
      ['2.1.0', '4019999800000000'],
    ])
    expect(await versioning('4000000112345678')).not.toHaveProperty('cardRange') // between two of them
  }, 180_000)
})

describe('a DS of somebody else', () => {
  const range = (start: string, end: string, change: Message = {}): Message => ({
    startRange: start,
    endRange: end,
    acsStartProtocolVersion: '2.1.0',
    acsEndProtocolVersion: '2.2.0',
    ...change,
  })
  const low = range('4000000000000000', '4000009999999999')
  const high = range('4000010000000000', '4000019999999999')

  let foreign: StandIn
  let answers: Message[] = []

  const pres = (preq: Message, change: Message): Message => ({
    messageType: 'PRes',
    messageVersion: preq.messageVersion,
    threeDSServerTransID: preq.threeDSServerTransID,
    dsTransID: randomUUID(),
    dsStartProtocolVersion: '2.1.0',
    dsEndProtocolVersion: '2.2.0',
    ...change,
  })
  const refresh = async () => (await call('/card-ranges/refresh', {})).answer
  const preqs = (): readonly Message[] =>
    foreign.received.map(({ message }) => message).filter(({ messageType }) => messageType === 'PReq')

  beforeEach(async () => {
    answers = []
    foreign = await startStandIn((message) => ({
      message: message.messageType === 'PReq' ? (answers.shift() ?? {}) : {},
    }))
    foreign.script = (message) => {
      const next = answers.shift() ?? {}
      const isErro = next.messageType === 'Erro' || message.messageType !== 'PReq'
      return { message: isErro ? next : pres(message, next) }
    }
    await server({ versions: ['2.1.0', '2.2.0'] }, `${foreign.url}/areq`)
  })
  afterEach(() => foreign.close())

  const erro = (errorCode: string): Message => ({
    messageType: 'Erro',
    messageVersion: '2.2.0',
    errorCode,
    errorComponent: 'D',
    errorDescription: 'x',
    errorDetail: 'serialNum',
    errorMessageType: 'PReq',
  })

  test('that knows the serial number no more is asked for all ranges (FLOW-PRE-2)', async () => {
    answers = [{ serialNum: 'A1', cardRangeData: [low] }, erro('307'), { serialNum: 'B1', cardRangeData: [high] }]
    expect(await refresh()).toMatchObject({ outcome: 'updated', serialNum: 'A1', count: 1 })
    expect(await refresh()).toMatchObject({
      outcome: 'updated',
      serialNum: 'B1',
      count: 1,
      ranges: [{ start: high.startRange }],
    })
    expect(preqs().map(({ serialNum }) => serialNum)).toEqual([undefined, 'A1', undefined])
  })

  test('whose ranges overlap gets Erro 205 of the 3DS Server, and nothing of the update is taken (FLOW-PRE-5)', async () => {
    answers = [{ serialNum: 'A1', cardRangeData: [low] }]
    await refresh()
    const over = range('4000005000000000', '4000015000000000')
    answers = [{ serialNum: 'A2', cardRangeData: [high, over] }, {}, { serialNum: 'A2', cardRangeData: [high, over] }]
    expect(await refresh()).toMatchObject({ outcome: 'faulty', errorCode: '205', serialNum: 'A1', count: 1 })
    const told = foreign.received.map(({ message }) => message).filter(({ messageType }) => messageType === 'Erro')
    expect(told[0]).toMatchObject({ errorComponent: 'S', errorCode: '205', errorMessageType: 'PRes' })
  })

  test.each([
    ['deletes', 'D'],
    ['modifies', 'M'],
  ])('that %s a range that is not there gets Erro 206 (FLOW-PRE-5)', async (_title, actionInd) => {
    answers = [{ serialNum: 'A1', cardRangeData: [low] }]
    await refresh()
    answers = [{ serialNum: 'A2', cardRangeData: [{ ...high, actionInd }] }, {}, erro('103')]
    await refresh()
    const [told] = (await foreign.has(4))
      .map(({ message }) => message)
      .filter(({ messageType }) => messageType === 'Erro')
    expect(told).toMatchObject({ errorComponent: 'S', errorCode: '206' })
  })

  test('changes ranges by add, modify and delete (FLOW-PRE-3)', async () => {
    answers = [
      { serialNum: 'A1', cardRangeData: [low] },
      {
        serialNum: 'A2',
        cardRangeData: [
          { ...high, actionInd: 'A' },
          { ...low, acsEndProtocolVersion: '2.1.0', actionInd: 'M' },
        ],
      },
      { serialNum: 'A3', cardRangeData: [{ ...high, actionInd: 'D' }] },
      { serialNum: 'A3' },
    ]
    await refresh()
    expect(await refresh()).toMatchObject({ count: 2, serialNum: 'A2' })
    expect(await versioning('4000001234567890')).toMatchObject({ messageVersion: '2.1.0' })
    expect(await refresh()).toMatchObject({ count: 1, serialNum: 'A3' })
    expect(await refresh()).toMatchObject({ outcome: 'unchanged', count: 1 })
  })

  test('that answers without a serial number is asked for all ranges again, whose actions do not count (FLOW-PRE-7)', async () => {
    answers = [{ cardRangeData: [low] }, { cardRangeData: [{ ...high, actionInd: 'D' }] }]
    await refresh()
    expect(await refresh()).toMatchObject({ count: 1, ranges: [{ start: high.startRange }] })
    expect(preqs().some((preq) => 'serialNum' in preq)).toBe(false)
  })
})

describe('spans', () => {
  const span = (start: string, end: string) => ({ start, end })

  test('overlap when they share a card, whatever their lengths', () => {
    expect(hasOverlap([span('4000000000000000', '4000099999999999'), span('400010000000000', '400019999999999')])).toBe(
      false,
    )
    expect(hasOverlap([span('4000000000000000', '4000099999999999'), span('400009999999999', '400019999999999')])).toBe(
      true,
    )
  })

  test('without overlaps hold every card that the list held, at the first that had it', () => {
    const list = [
      { ...span('4000000000000005', '4000000000000006'), at: 'first' },
      { ...span('4000000000000000', '4000000000000009'), at: 'second' },
      { ...span('4000000000000008', '4000000000000012'), at: 'third' },
    ]
    const apart = disjoint(list)
    expect(hasOverlap(apart)).toBe(false)
    for (let last = 0; last <= 14; last += 1) {
      const card = `40000000000000${String(last).padStart(2, '0')}`
      const first = list.find(({ start, end }) => start <= card && card <= end)
      expect(spanOf(apart, card)?.at).toBe(first?.at)
    }
  })
})
