import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browserIP } from '../../src/emulators/threeds-server/areq.ts'
import type { ThreeDSServerOptions } from '../../src/emulators/threeds-server/options.ts'
import { browserColorDepth, browserLanguage } from '../../src/emulators/threeds-server/shapes.ts'
import { decodeBase64url, encodeBase64url } from '../../src/protocol/base64url.ts'
import {
  aresTo,
  authenticationValue,
  cardRange,
  erro,
  keptLog,
  type Message,
  openEmulatorStore,
  pause,
  post,
  rreqTo,
  type Served,
  type StandIn,
  startMerchantSide,
  startStandIn,
} from './support/loop.ts'

const acctNumber = '4000001234567890'
const methodUrl = 'http://localhost:9440/acs/method'

const known = {
  acctNumber,
  threeDSRequestorID: 'REQ-0001',
  threeDSRequestorName: 'Example Shop',
  threeDSRequestorURL: 'https://shop.example.com/',
  acquirerBIN: '400000',
  acquirerMerchantID: 'MID-1',
  mcc: '5999',
  merchantCountryCode: '392',
  merchantName: 'Example Shop',
  purchaseAmount: '1480',
  purchaseCurrency: '392',
  purchaseExponent: '0',
}

const ownErro = (errorCode: string, errorDetail: string) => ({
  messageType: 'Erro',
  errorComponent: 'S',
  errorCode,
  errorDetail,
})

let ds: StandIn
let store = openEmulatorStore(':memory:')
let site: Served
let now = Date.UTC(2025, 3, 1, 10, 15, 30)

async function restart(threeDSServer: Partial<ThreeDSServerOptions> = {}): Promise<void> {
  await site?.close()
  site = await startMerchantSide(store, `${ds.url}/ds/areq`, { threeDSServer: { clock: () => now, ...threeDSServer } })
}

const call = async (path: string, body?: object): Promise<{ status: number; answer: Message }> => {
  const response = await fetch(`${site.url}/3ds-server${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  return { status: response.status, answer: (await response.json()) as Message }
}
const authenticate = async (request: Message = {}, change: Message = {}): Promise<Message> =>
  (await call('/authenticate', { ...request, areq: { ...known, ...change } })).answer
const status = async (id: unknown): Promise<Message> => (await call(`/transactions/${id}`)).answer
const sendRReq = (rreq: object | Buffer) => post(`${site.url}/3ds-server/results`, rreq)
const lastAReq = (): Message => ds.received.at(-1)?.message ?? {}

const postForm = (path: string, fields: Record<string, string>): Promise<Response> =>
  fetch(`${site.url}/3ds-server${path}`, { method: 'POST', body: new URLSearchParams(fields) })
const base64Json = (value: object): string => encodeBase64url(JSON.stringify(value))
const cresOf = (transaction: Message, change: Message = {}): Message => ({
  threeDSServerTransID: transaction.threeDSServerTransID,
  acsTransID: transaction.acsTransID,
  messageType: 'CRes',
  messageVersion: '2.2.0',
  transStatus: 'Y',
  ...change,
})

/** A transaction that waits for the challenge. */
async function challenge(request: Message = {}): Promise<Message> {
  ds.script = (areq) => ({ message: aresTo(areq, 'C') })
  return authenticate(request)
}

beforeEach(async () => {
  now = Date.UTC(2025, 3, 1, 10, 15, 30)
  ds = await startStandIn((areq) => ({ message: aresTo(areq, 'Y') }))
  store = openEmulatorStore(':memory:')
  await restart()
})

afterEach(async () => {
  await Promise.all([site.close(), ds.close()])
  store.close()
})

describe('versioning and the 3DS Method', () => {
  const withMethod = () => restart({ ranges: () => [{ ...cardRange, methodUrl }] })

  test('a range without a method URL: none is told, and threeDSCompInd is U (FLOW-MTH-5, MIS-MTH-3)', async () => {
    const { answer } = await call('/versioning', { acctNumber })
    expect(Object.keys(answer).sort()).toEqual(['messageVersion', 'threeDSServerTransID'])
    await authenticate({ threeDSServerTransID: answer.threeDSServerTransID })
    expect(lastAReq()).toMatchObject({ threeDSServerTransID: answer.threeDSServerTransID, threeDSCompInd: 'U' })
  })

  test('a range with one: the method data name the transaction and the notification URL, without padding (FLOW-MTH-2, FLOW-GEN-4)', async () => {
    await withMethod()
    const { answer } = await call('/versioning', { acctNumber })
    expect(answer.threeDSMethodURL).toBe(methodUrl)
    expect(answer.threeDSMethodData).not.toMatch(/[=+/\s]/)
    expect(JSON.parse(String(decodeBase64url(String(answer.threeDSMethodData))))).toEqual({
      threeDSServerTransID: answer.threeDSServerTransID,
      threeDSMethodNotificationURL: `${site.url}/3ds-server/method-notification`,
    })
  })

  test.each([
    ['without', (text: string) => text],
    ['with', (text: string) => `${text}${'='.repeat((4 - (text.length % 4)) % 4)}`],
  ])(
    'a notification %s padding in time makes threeDSCompInd Y (FLOW-MTH-4, FLOW-MTH-5, MIS-MTH-5)',
    async (_title, pad) => {
      await withMethod()
      const { threeDSServerTransID } = (await call('/versioning', { acctNumber })).answer
      expect((await status(threeDSServerTransID)).threeDSMethod).toBe('pending')
      const answer = await postForm('/method-notification', {
        threeDSMethodData: pad(base64Json({ threeDSServerTransID, a: 1 })),
      })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toContain('text/html')
      expect(await answer.text()).not.toContain('<script')
      expect((await status(threeDSServerTransID)).threeDSMethod).toBe('completed')
      await authenticate({ threeDSServerTransID })
      expect(lastAReq().threeDSCompInd).toBe('Y')
    },
  )

  test('no notification makes it N; one that comes later is taken with 200 and ignored (FLOW-MTH-5, FLOW-MTH-6)', async () => {
    await withMethod()
    const { threeDSServerTransID } = (await call('/versioning', { acctNumber })).answer
    await authenticate({ threeDSServerTransID })
    expect(lastAReq().threeDSCompInd).toBe('N')
    const late = await postForm('/method-notification', { threeDSMethodData: base64Json({ threeDSServerTransID }) })
    expect(late.status).toBe(200)
    expect((await status(threeDSServerTransID)).threeDSMethod).toBe('pending')
  })

  test('notifications for unknown ids, or unreadable ones, change nothing (FLOW-MTH-4)', async () => {
    await withMethod()
    const { threeDSServerTransID } = (await call('/versioning', { acctNumber })).answer
    for (const threeDSMethodData of [base64Json({ threeDSServerTransID: randomUUID() }), '***', '']) {
      expect((await postForm('/method-notification', { threeDSMethodData })).status).toBe(200)
    }
    expect((await status(threeDSServerTransID)).threeDSMethod).toBe('pending')
  })
})

describe('the AReq', () => {
  test('holds what the requestor knows and what only the 3DS Server may say (FLOW-S-1)', async () => {
    await authenticate({}, { threeDSServerURL: 'http://evil.example/', dsTransID: 'x', cardholderName: 'A B' })
    expect(lastAReq()).toMatchObject({
      messageType: 'AReq',
      messageVersion: '2.2.0',
      deviceChannel: '02',
      messageCategory: '01',
      threeDSServerURL: `${site.url}/3ds-server/results`,
      notificationURL: `${site.url}/3ds-server/challenge-notification`,
      purchaseDate: '20250401101530',
      acctNumber,
      cardholderName: 'A B',
      browserIP: '127.0.0.1',
    })
    expect(ds.received[0]?.headers['x-request-id']).toBe(lastAReq().threeDSServerTransID)
  })

  test('maps the colour depth 30 to 24, and others to the next allowed one (MIS-TMR-9)', () => {
    expect(['30', '24', '32', '31', '48', '64', '8', '2', '0'].map(browserColorDepth)).toEqual([
      '24',
      '24',
      '32',
      '24',
      '48',
      '48',
      '8',
      '1',
      '1',
    ])
  })

  test('says the language in at most 8 characters, and IPv4 as such (AREQ:browserLanguage, AREQ:browserIP)', () => {
    expect(['ja', 'en-US', 'zh-Hant-TW', 'x-veryverylong', ''].map((tag) => browserLanguage(tag))).toEqual([
      'ja',
      'en-US',
      'zh-Hant',
      'x',
      'en',
    ])
    expect(['::ffff:127.0.0.1', '127.0.0.1', '::1'].map(browserIP)).toEqual(['127.0.0.1', '127.0.0.1', '::1'])
  })

  test('is sent once per transaction', async () => {
    const { threeDSServerTransID } = await authenticate()
    const again = await call('/authenticate', { threeDSServerTransID, areq: known })
    expect(again.status).toBe(409)
    expect(ds.received).toHaveLength(1)
  })

  test('is tried once more when the DS drops the connection; then Erro 405 to the requestor (FLOW-TMR-14)', async () => {
    ds.script = () => 'drop'
    expect(await authenticate()).toMatchObject({ phase: 'settled', settledBy: 'Erro', erro: { errorCode: '405' } })
    expect(ds.received).toHaveLength(2)
    ds.script = (areq) => (ds.received.length === 3 ? 'drop' : { message: aresTo(areq, 'Y') })
    expect(await authenticate()).toMatchObject({ transStatus: 'Y' })
  })
})

describe('the requestor', () => {
  test('is told the frictionless result (FLOW-FRI-1)', async () => {
    expect(await authenticate()).toMatchObject({
      phase: 'settled',
      settledBy: 'ARes',
      transStatus: 'Y',
      eci: '05',
      authenticationValue,
      card: '400000******7890',
    })
  })

  test('gets the CReq: five members, base64url without padding (FLOW-BRW-3, FLOW-GEN-4, MIS-B64-1)', async () => {
    const answer = await challenge({ challengeWindowSize: '02', threeDSSessionData: 'c2Vzc2lvbg' })
    expect(answer).toMatchObject({ phase: 'challenge', transStatus: 'C', threeDSSessionData: 'c2Vzc2lvbg' })
    expect(answer.acsURL).toBe('http://localhost:9440/acs/challenge')
    expect(answer.creq).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(JSON.parse(String(decodeBase64url(String(answer.creq))))).toEqual({
      threeDSServerTransID: answer.threeDSServerTransID,
      acsTransID: answer.acsTransID,
      messageType: 'CReq',
      messageVersion: '2.2.0',
      challengeWindowSize: '02',
    })
  })

  test('is told an Erro of the DS, which is not answered (FLOW-GEN-10)', async () => {
    ds.script = () => ({ message: erro('D', '305', { errorDetail: 'acctNumber' }) })
    expect(await authenticate()).toMatchObject({
      settledBy: 'Erro',
      erro: { errorCode: '305', errorComponent: 'D', errorDetail: 'acctNumber' },
    })
    await pause(30)
    expect(ds.received).toHaveLength(1)
  })

  test('who asks wrongly gets 400 with names and no values (SEC-LOG-3)', async () => {
    const { status: code, answer } = await call('/versioning', { acctNumber: '12345' })
    expect(code).toBe(400)
    expect(answer.error).toBe('not valid: acctNumber')
    expect((await call('/authenticate', { areq: known, challengeWindowSize: '09' })).status).toBe(400)
    expect((await call(`/transactions/${randomUUID()}`)).status).toBe(404)
  })
})

test.each([
  ['for another transaction', { threeDSServerTransID: randomUUID() }, '301', 'threeDSServerTransID'],
  ['without acsURL', { acsURL: undefined }, '201', 'acsURL'],
  [
    'of a status that was not asked for',
    { transStatus: 'D', acsDecConInd: 'Y', cardholderInfo: 'x', authenticationType: '04' },
    '203',
    'transStatus',
  ],
])(
  'an ARes %s gets an Erro of the 3DS Server, as a message of its own to the DS (FLOW-S-4)',
  async (_title, change, errorCode, detail) => {
    ds.script = (message) => ({ message: message.messageType === 'AReq' ? aresTo(message, 'C', change) : {} })
    expect(await authenticate()).toMatchObject({ settledBy: 'Erro', erro: ownErro(errorCode, detail) })
    const [, told] = await ds.has(2)
    expect(told?.message).toMatchObject({ ...ownErro(errorCode, detail), errorMessageType: 'ARes' })
  },
)

describe('an RReq', () => {
  test('is answered with RRes 01 and settles the transaction (FLOW-S-2, FLOW-S-3)', async () => {
    const ares = await challenge()
    const { message, headers } = await sendRReq(rreqTo({ ...ares, messageVersion: '2.2.0' }))
    expect(message).toEqual({
      messageType: 'RRes',
      messageVersion: '2.2.0',
      threeDSServerTransID: ares.threeDSServerTransID,
      acsTransID: ares.acsTransID,
      dsTransID: ares.dsTransID,
      resultsStatus: '01',
    })
    expect(headers.get('x-request-id')).toBe(ares.dsTransID)
    expect(headers.get('x-response-id')).toBe(ares.threeDSServerTransID)
    expect(await status(ares.threeDSServerTransID)).toMatchObject({
      phase: 'settled',
      settledBy: 'RReq',
      transStatus: 'Y',
      eci: '05',
      authenticationValue,
    })
  })

  test('repeated byte by byte gets the same bytes again; a different one 301 (SEC-RPL-4)', async () => {
    const ares = await challenge()
    const rreq = rreqTo(ares)
    const first = await sendRReq(rreq)
    expect((await sendRReq(rreq)).bytes).toEqual(first.bytes)
    expect((await sendRReq(rreqTo(ares, 'N'))).message).toMatchObject(
      ownErro('301', 'acsTransID,dsTransID,threeDSServerTransID'),
    )
    expect((await status(ares.threeDSServerTransID)).transStatus).toBe('Y')
  })

  test('for unknown ids gets 301 with their names (FLOW-S-4)', async () => {
    const ares = await challenge()
    const unknown = await sendRReq(rreqTo({ ...ares, threeDSServerTransID: randomUUID() }))
    expect(unknown.message).toMatchObject(ownErro('301', 'threeDSServerTransID'))
    const mixed = await sendRReq(rreqTo({ ...ares, acsTransID: randomUUID(), dsTransID: randomUUID() }))
    expect(mixed.message).toMatchObject(ownErro('301', 'acsTransID,dsTransID'))
    expect((await status(ares.threeDSServerTransID)).phase).toBe('challenge')
  })

  test('after an ARes that was no challenge gets 305 and changes nothing (FLOW-FRI-1, MIS-RES-2)', async () => {
    ds.script = (areq) => ({ message: aresTo(areq, 'N') })
    const ares = await authenticate()
    expect((await sendRReq(rreqTo(ares))).message).toMatchObject(ownErro('305', 'acsTransID'))
    expect((await status(ares.threeDSServerTransID)).transStatus).toBe('N')
  })

  test('that is faulty or of another version gets an Erro of the 3DS Server (FLOW-S-4, FLOW-GEN-6)', async () => {
    const ares = await challenge()
    const noType = await sendRReq(rreqTo(ares, 'Y', { authenticationType: undefined }))
    expect(noType.message).toMatchObject({ ...ownErro('201', 'authenticationType'), errorMessageType: 'RReq' })
    const version = await sendRReq(rreqTo(ares, 'Y', { messageVersion: '2.1.0' }))
    expect(version.message).toMatchObject(ownErro('203', 'messageVersion'))
    expect((await sendRReq(aresTo(ares, 'Y'))).message).toMatchObject(
      ownErro('101', 'Invalid Message for the receiving component'),
    )
  })

  test('in place of which an Erro of the DS comes ends the transaction and gets no body (FLOW-GEN-10)', async () => {
    const { threeDSServerTransID, dsTransID } = await challenge()
    const foreign = await sendRReq(erro('D', '203', { threeDSServerTransID, dsTransID: randomUUID() }))
    expect(foreign.bytes).toHaveLength(0)
    expect((await status(threeDSServerTransID)).phase).toBe('challenge')
    await sendRReq(erro('D', '203', { threeDSServerTransID, dsTransID }))
    expect(await status(threeDSServerTransID)).toMatchObject({ settledBy: 'Erro', erro: { errorCode: '203' } })
  })

  test('tells 02 when the requestor had given up before any CReq (FLOW-BRW-9, FLOW-S-3, RES-MX-16)', async () => {
    const ares = await challenge()
    const given = await call(`/transactions/${ares.threeDSServerTransID}/give-up`, {})
    expect(given.answer).toMatchObject({ phase: 'settled', settledBy: 'gaveUp' })
    const rreq = rreqTo(ares, 'N', { transStatusReason: '14', challengeCancel: '05' })
    expect((await sendRReq(rreq)).message).toMatchObject({ resultsStatus: '02' })
    expect(await status(ares.threeDSServerTransID)).toMatchObject({
      settledBy: 'gaveUp',
      transStatus: 'N',
      transStatusReason: '14',
      challengeCancel: '05',
      resultsStatus: '02',
    })
  })

  test('tells 01 when the requestor gave up after the CReq', async () => {
    const ares = await challenge()
    await call(`/transactions/${ares.threeDSServerTransID}/give-up`, { isCreqSent: true })
    expect((await sendRReq(rreqTo(ares))).message).toMatchObject({ resultsStatus: '01' })
    expect((await call(`/transactions/${ares.threeDSServerTransID}/give-up`, {})).status).toBe(409)
  })
})

test('POST /results alone is answered; 405, 415 and 413 carry Erro 101 of the 3DS Server (ACS-VAL-1…3)', async () => {
  const url = `${site.url}/3ds-server/results`
  const wrongMethod = await fetch(url)
  const wrongType = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' })
  const tooLarge = await post(url, { messageType: 'RReq', padding: 'x'.repeat(140_000) })
  expect([wrongMethod.status, wrongType.status, tooLarge.status]).toEqual([405, 415, 413])
  for (const message of [await wrongMethod.json(), await wrongType.json(), tooLarge.message]) {
    expect(message).toMatchObject(ownErro('101', 'Invalid Formatted Message'))
  }
})

describe('the browser that comes back', () => {
  test('without cookies is known by its cres; the page asks for no script and no cookie (FLOW-S-6, MIS-FRM-1)', async () => {
    const ares = await challenge({ returnURL: 'http://127.0.0.1:9441/shop/orders/1/result' })
    const answer = await postForm('/challenge-notification', { cres: base64Json(cresOf(ares)) })
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.headers.get('x-frame-options')).toBeNull()
    const page = await answer.text()
    expect(page).not.toContain('<script')
    expect(page).toContain('href="http://127.0.0.1:9441/shop/orders/1/result" target="_top"')
  })

  test('proves nothing: the status stays open, and without an RReq ends as not authenticated (FLOW-S-5, MIS-FRM-9)', async () => {
    const ares = await challenge()
    await postForm('/challenge-notification', { cres: base64Json(cresOf(ares)) })
    const open = await status(ares.threeDSServerTransID)
    expect(open).toMatchObject({ phase: 'challenge', transStatus: 'C', isReturned: true })
    now += 30_001
    const ended = await status(ares.threeDSServerTransID)
    expect(ended).toMatchObject({ phase: 'settled', settledBy: 'noResult' })
    expect(ended.transStatus).toBeUndefined()
    const late = await sendRReq(rreqTo(ares))
    expect(late.message).toMatchObject({ messageType: 'RRes' })
    const after = await status(ares.threeDSServerTransID)
    expect(after).toMatchObject({ settledBy: 'noResult' })
    expect(after.authenticationValue).toBeUndefined()
  })

  test('may bring a cres that contradicts the RReq: the RReq counts (FLOW-BRW-8)', async () => {
    const ares = await challenge()
    await sendRReq(rreqTo(ares, 'N'))
    await postForm('/challenge-notification', { cres: base64Json(cresOf(ares, { transStatus: 'Y' })) })
    expect(await status(ares.threeDSServerTransID)).toMatchObject({ transStatus: 'N', isReturned: true })
  })

  test('may bring an Erro in the cres field (FLOW-S-7)', async () => {
    const ares = await challenge()
    const { threeDSServerTransID, acsTransID } = ares
    const cres = base64Json(erro('A', '203', { threeDSServerTransID, acsTransID }))
    expect((await postForm('/challenge-notification', { cres })).status).toBe(200)
    expect(await status(threeDSServerTransID)).toMatchObject({ phase: 'challenge', isReturned: true })
  })

  test('with an unreadable cres is known by its session data (FLOW-S-6)', async () => {
    const ares = await challenge({ threeDSSessionData: 'b3JkZXItMQ' })
    await postForm('/challenge-notification', { cres: '%%%', threeDSSessionData: 'b3JkZXItMQ' })
    expect((await status(ares.threeDSServerTransID)).isReturned).toBe(true)
  })

  test('with the ids of nobody, or with another acsTransID, changes nothing (SEC-B64-1)', async () => {
    const ares = await challenge()
    for (const change of [{ threeDSServerTransID: randomUUID() }, { acsTransID: randomUUID() }]) {
      const answer = await postForm('/challenge-notification', { cres: base64Json(cresOf(ares, change)) })
      expect(answer.status).toBe(200)
    }
    expect((await status(ares.threeDSServerTransID)).isReturned).toBe(false)
  })

  test('may bring padded base64, or none of it at all (MIS-B64-3)', async () => {
    const ares = await challenge()
    const cres = Buffer.from(JSON.stringify(cresOf(ares))).toString('base64')
    await postForm('/challenge-notification', { cres })
    expect((await status(ares.threeDSServerTransID)).isReturned).toBe(true)
    expect((await postForm('/challenge-notification', {})).status).toBe(200)
  })
})

test('a challenge nobody hears of again ends as not authenticated', async () => {
  const ares = await challenge()
  now += 3_599_000
  expect((await status(ares.threeDSServerTransID)).phase).toBe('challenge')
  now += 2_000
  expect((await status(ares.threeDSServerTransID)).settledBy).toBe('noResult')
})

test('transactions outlive a restart, with the RRes they were answered with', async () => {
  const folder = mkdtempSync(join(tmpdir(), '3ds-server-'))
  try {
    const path = join(folder, 'emulators.db')
    store.close()
    store = openEmulatorStore(path)
    await restart()
    const ares = await challenge()
    const reopen = async () => {
      await site.close()
      store.close()
      store = openEmulatorStore(path)
      await restart()
    }
    await reopen()
    const first = await sendRReq(rreqTo(ares))
    expect(first.message).toMatchObject({ resultsStatus: '01' })
    await reopen()
    expect((await sendRReq(rreqTo(ares))).bytes).toEqual(first.bytes)
    expect((await status(ares.threeDSServerTransID)).transStatus).toBe('Y')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('no row and no line of the log holds the card number (SEC-LOG-1, SEC-LOG-6)', async () => {
  const { lines, log } = keptLog()
  await restart({ log })
  const ares = await challenge()
  await sendRReq(rreqTo(ares))
  await postForm('/challenge-notification', { cres: base64Json(cresOf(ares)) })
  const row = store.threeDSServer.find(String(ares.threeDSServerTransID))
  expect(JSON.stringify(row)).toContain('400000******7890')
  expect(JSON.stringify(row)).not.toContain('1234567')
  expect(lines.length).toBeGreaterThan(2)
  expect(lines.join('\n')).not.toContain('1234567')
  expect(lines.join('\n')).not.toContain(authenticationValue)
})
