// RReq and RRes over HTTP: what is sent, when again, and what the browser gets in the meantime.
import http from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { parseRReq } from '../../src/protocol/messages/parse.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { creqFor, cresIn, type Members, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import {
  answered,
  type Challenged,
  challenged,
  closedPort,
  codeOf,
  errosOf,
  opened,
  type Page,
  rreqsOf,
  type Shown,
  shown,
  until,
  wrongCode,
} from './support.ts'

const start = Date.UTC(2026, 0, 15, 10, 30)

let ds: ListeningDs
let clock: ManualClock
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(start)
  sekisho = await running({ only: ['acs'] }, { clock })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

beforeEach(() => {
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : '')
})

/** A challenge that ends with the right code; `change` goes into the AReq. */
async function passed(change: Members = {}): Promise<{ challenge: Challenged; done: Page }> {
  const challenge = await challenged(sekisho, ds, change)
  const page = await opened(sekisho, challenge)
  const done = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
  return { challenge, done }
}

const record = ({ acsTransID }: Challenged): Promise<Shown> => shown(sekisho, acsTransID)
const attempts = async (challenge: Challenged): Promise<number> =>
  (await record(challenge)).messages.filter(({ messageType }) => messageType === 'RReq').length

describe('every RReq is one that its receivers take, and says no more (RES-RR-1, RES-AR-1)', () => {
  const always = [
    'messageType',
    'messageVersion',
    'messageCategory',
    'threeDSServerTransID',
    'acsTransID',
    'dsTransID',
    'transStatus',
    'interactionCounter',
    'authenticationMethod',
    'eci',
  ]
  const stems = { visa: '4000002', mastercard: '5200002', jcb: '3528002', amex: '3400002' } as const
  let cards = 0

  test.each(
    (['visa', 'mastercard', 'jcb', 'amex'] as const).flatMap((scheme) =>
      (['Y', 'N19', 'cancel', 'silence', 'noCReq', 'badCReq'] as const).map((ending) => [scheme, ending] as const),
    ),
  )('%s, %s (RES-MX-7…11, RES-AV-1, RES-AV-7, RES-ECI-1)', async (scheme, ending) => {
    cards += 1
    const acctNumber = `${stems[scheme]}${String(cards).padStart(scheme === 'amex' ? 5 : 6, '0')}700`
    const challenge = await challenged(sekisho, ds, { acctNumber })
    if (ending === 'noCReq') clock.advance(30_000)
    else {
      let page = await opened(sekisho, challenge)
      const code = await codeOf(sekisho, challenge)
      if (ending === 'Y') await answered(sekisho, challenge, page, { otp: code })
      if (ending === 'cancel') await answered(sekisho, challenge, page, { action: 'cancel' })
      if (ending === 'silence') clock.advance(600_000)
      if (ending === 'badCReq') {
        const creq = creqFor(challenge.ares, { challengeWindowSize: '09' })
        await postForm(`${sekisho.acs}/acs/challenge`, { creq })
      }
      if (ending === 'N19')
        for (let i = 0; i < 3; i += 1) page = await answered(sekisho, challenge, page, { otp: wrongCode(code) })
    }
    await until(() => rreqsOf(ds, challenge.acsTransID).length > 0)
    const [rreq = {}] = rreqsOf(ds, challenge.acsTransID)
    const expected = {
      Y: { transStatus: 'Y', interactionCounter: '01' },
      N19: { transStatus: 'N', transStatusReason: '19', interactionCounter: '03' },
      cancel: { transStatus: 'N', transStatusReason: '01', challengeCancel: '01', interactionCounter: '00' },
      silence: { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', interactionCounter: '00' },
      noCReq: { transStatus: 'N', transStatusReason: '14', challengeCancel: '05', interactionCounter: '00' },
      badCReq: { transStatus: 'U', transStatusReason: '22', challengeCancel: '06', interactionCounter: '00' },
    }[ending]
    expect(rreq).toMatchObject(expected)
    const more = [
      ...Object.keys(expected).filter((name) => !always.includes(name)),
      ...(expected.transStatus === 'U' ? [] : ['authenticationType']),
      ...(expected.transStatus === 'Y' ? ['authenticationValue'] : []),
    ]
    expect(Object.keys(rreq).sort()).toEqual([...always, ...more].sort())
    expect(Object.values(rreq).every((value) => typeof value === 'string' && value !== '')).toBe(true)
    const eci = {
      Y: scheme === 'mastercard' ? '02' : '05',
      N: scheme === 'mastercard' ? '00' : '07',
      U: scheme === 'mastercard' ? '00' : '07',
    }
    expect(rreq.eci).toBe(eci[expected.transStatus as 'Y' | 'N' | 'U'])
    const { warnings } = parseRReq(Buffer.from(JSON.stringify(rreq)), {
      profile: 'strict',
      channel: '02',
      category: '01',
      version: '2.2.0',
      context: { AReq: challenge.areq, ARes: challenge.ares },
    })
    expect(warnings).toEqual([])
  })
})

test('an authentication value of the ARes is none of the RReq, and there is one in only one of them (RES-AV-1)', async () => {
  const { challenge } = await passed()
  expect(challenge.ares).not.toHaveProperty('authenticationValue')
  expect(rreqsOf(ds, challenge.acsTransID)[0]?.authenticationValue).toHaveLength(28)
})

test('the RRes ends it: delivered, nothing left to do, all of it in the journal in order (CHL-RES-1, RES-RR-8)', async () => {
  const { challenge } = await passed()
  const { delivery, resultStatus, messages, steps } = await record(challenge)
  expect([delivery, resultStatus]).toEqual(['delivered', 'Y'])
  expect(messages.map(({ link, messageType }) => `${link} ${messageType ?? ''}`)).toEqual([
    'DS→ACS AReq',
    'ACS→DS ARes',
    'browser→ACS CReq',
    'ACS→browser ',
    'browser→ACS ',
    'ACS→DS RReq',
    'DS→ACS RRes',
    'ACS→browser CRes',
  ])
  expect(steps.every(({ done }) => done)).toBe(true)
})

test('the final CRes waits for the RRes (CHL-SM-4, RES-RR-8)', async () => {
  const order: string[] = []
  ds.answer = (message, res) => {
    setTimeout(() => {
      order.push('RRes')
      sendJson(res, rres(message))
    }, 100)
  }
  await passed()
  order.push('CRes')
  expect(order).toEqual(['RRes', 'CRes'])
})

test.each(['01', '02', '03'])(
  'resultsStatus %s is taken (RES-MX-16, CHL-CAN-7, CHL-CAN-8, CHL-RES-2)',
  async (resultsStatus) => {
    ds.answer = (message, res) => sendJson(res, rres(message, { resultsStatus }))
    const challenge = await challenged(sekisho, ds)
    clock.advance(30_000)
    await until(async () => (await record(challenge)).delivery === 'delivered')
    expect(errosOf(ds, challenge.acsTransID)).toEqual([])
  },
)

test('the RReq goes to the dsURL of the AReq, query and all (RES-RR-1)', async () => {
  const paths: string[] = []
  const server = http.createServer((req, res) => {
    paths.push(req.url ?? '')
    req.resume().on('end', () => res.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  await passed({ dsURL: `http://127.0.0.1:${port}/other/path?ds=1&x=%20y` })
  expect(paths[0]).toBe('/other/path?ds=1&x=%20y')
  server.closeAllConnections()
  server.close()
})

describe('a DS that cannot be reached', () => {
  test('gets the same bytes at once, then every 10 seconds until it is there (RES-RR-3, CHL-TMR-8, CHL-SM-3, FLOW-TMR-18)', async () => {
    const port = await closedPort()
    const { challenge, done } = await passed({ dsURL: `http://127.0.0.1:${port}/ds/rreq` })
    // [≤ 2.2] The browser gets the verdict all the same (CHL-RES-6).
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    expect(await attempts(challenge)).toBe(2)
    expect(await record(challenge)).toMatchObject({ delivery: 'pending', resultStatus: 'Y' })
    clock.advance(9_999)
    expect(await attempts(challenge)).toBe(2)
    clock.advance(1)
    await until(async () => (await attempts(challenge)) === 3)

    const answers: string[] = []
    const late = await listeningDs(port)
    late.answer = (message, res) => {
      answers.push(String(message.transStatus))
      sendJson(res, answers.length === 1 ? '' : rres(message), answers.length === 1 ? 503 : 200)
    }
    try {
      clock.advance(10_000)
      await until(async () => (await attempts(challenge)) === 4)
      await until(async () =>
        (await record(challenge)).steps.some(({ kind, attempts }) => kind === 'sendRReq' && attempts === 3),
      )
      clock.advance(10_000)
      await until(async () => (await record(challenge)).delivery === 'delivered')
      expect(late.received).toHaveLength(2)
      expect(late.received[0]?.text).toBe(late.received[1]?.text)
      expect(late.received[0]?.message).toMatchObject({ transStatus: 'Y', interactionCounter: '01' })
      clock.advance(120_000)
      expect(late.received).toHaveLength(2)
    } finally {
      await late.close()
    }
  })

  test('is given up after 10 minutes (CHL-TMR-8)', async () => {
    const port = await closedPort()
    const { challenge } = await passed({ dsURL: `http://127.0.0.1:${port}/ds/rreq` })
    for (let i = 1; i <= 59; i += 1) {
      clock.advance(10_000)
      await until(async () =>
        (await record(challenge)).steps.some(({ kind, attempts }) => kind === 'sendRReq' && attempts === i + 1),
      )
    }
    expect(await record(challenge)).toMatchObject({ delivery: 'pending' })
    clock.advance(10_000)
    await until(async () => (await record(challenge)).delivery === 'gaveUp')
    const made = await attempts(challenge)
    expect(made).toBe(62)
    clock.advance(3_600_000)
    expect(await attempts(challenge)).toBe(made)
    expect((await record(challenge)).steps.every(({ done }) => done)).toBe(true)
  })
})

describe('a DS that answers badly', () => {
  test.each([500, 502, 503])('HTTP %i is tried again after 10 seconds, not at once (RES-RR-5)', async (status) => {
    let isUp = false
    ds.answer = (message, res) => (isUp ? sendJson(res, rres(message)) : sendJson(res, { problem: 'x' }, status))
    const { challenge, done } = await passed()
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(1)
    expect(await record(challenge)).toMatchObject({ delivery: 'pending' })
    isUp = true
    clock.advance(10_000)
    await until(async () => (await record(challenge)).delivery === 'delivered')
    const [first, second] = ds.received.filter(({ message }) => message.acsTransID === challenge.acsTransID)
    expect(second?.text).toBe(first?.text)
    expect(errosOf(ds, challenge.acsTransID)).toEqual([])
  })

  test.each([302, 400, 404, 405])(
    'HTTP %i is not tried again, and the verdict stands (RES-RR-5, SEC-LIM-4)',
    async (status) => {
      ds.answer = (_, res) => {
        res.setHeader('location', ds.url)
        sendJson(res, {}, status)
      }
      const { challenge, done } = await passed()
      expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
      expect(await record(challenge)).toMatchObject({ delivery: 'refused', resultStatus: 'Y' })
      clock.advance(60_000)
      expect(ds.received.filter(({ message }) => message.acsTransID === challenge.acsTransID)).toHaveLength(1)
    },
  )

  test.each([
    ['ACS-VAL-134', 'no JSON', () => 'no JSON', '101', 'Invalid Formatted Message'],
    ['ACS-VAL-134', 'an array', () => '[]', '101', 'Invalid Formatted Message'],
    [
      'ACS-VAL-135',
      'an ARes',
      (rreq: Members) => rres(rreq, { messageType: 'ARes' }),
      '101',
      'Invalid Message for the receiving component',
    ],
    [
      'ACS-VAL-136',
      'no ids',
      (rreq: Members) => rres(rreq, { acsTransID: undefined, dsTransID: '' }),
      '201',
      'acsTransID,dsTransID',
    ],
    ['ACS-VAL-136', 'other ids', (rreq: Members) => rres(rreq, { dsTransID: rreq.acsTransID }), '301', 'dsTransID'],
    [
      'RES-RS-3',
      'another acsTransID',
      (rreq: Members) => rres(rreq, { acsTransID: rreq.dsTransID }),
      '301',
      'acsTransID',
    ],
    [
      'ACS-VAL-138',
      'no resultsStatus',
      (rreq: Members) => rres(rreq, { resultsStatus: undefined }),
      '201',
      'resultsStatus',
    ],
    ['RES-RS-1', 'resultsStatus 00', (rreq: Members) => rres(rreq, { resultsStatus: '00' }), '203', 'resultsStatus'],
    ['ACS-VAL-138', 'resultsStatus 04', (rreq: Members) => rres(rreq, { resultsStatus: '04' }), '203', 'resultsStatus'],
    [
      'ACS-VAL-139',
      'another version',
      (rreq: Members) => rres(rreq, { messageVersion: '2.1.0' }),
      '203',
      'messageVersion',
    ],
  ])(
    '%s: %s is answered with an Erro to the DS, and the verdict stands (CHL-RES-4, ACS-VAL-143)',
    async (_rule, _what, make, errorCode, errorDetail) => {
      ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? make(message) : '')
      const { challenge, done } = await passed()
      expect(cresIn(done.page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
      await until(() => errosOf(ds, challenge.acsTransID).length > 0)
      expect(errosOf(ds, challenge.acsTransID)).toEqual([
        expect.objectContaining({
          messageType: 'Erro',
          messageVersion: '2.2.0',
          errorCode,
          errorDetail,
          errorComponent: 'A',
          errorMessageType: 'RRes',
          threeDSServerTransID: challenge.areq.threeDSServerTransID,
          dsTransID: challenge.areq.dsTransID,
        }),
      ])
      clock.advance(60_000)
      expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(1)
      expect(await record(challenge)).toMatchObject({ delivery: 'delivered', resultStatus: 'Y' })
    },
  )

  test.each([
    ['of the DS', { errorComponent: 'D', errorCode: '203' }],
    ['of the 3DS Server, passed on', { errorComponent: 'S', errorCode: '405' }],
    ['that is broken', { errorCode: undefined }],
  ])('an Erro %s gets nothing back, and the verdict stands (ACS-VAL-150, CHL-RES-5, RES-RR-6)', async (_, change) => {
    ds.answer = (message, res) =>
      sendJson(res, {
        ...rres(message, { resultsStatus: undefined }),
        messageType: 'Erro',
        errorDescription: 'x',
        errorDetail: 'y',
        errorMessageType: 'RReq',
        ...change,
      })
    const { challenge, done } = await passed()
    expect(cresIn(done.page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
    clock.advance(60_000)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(ds.received.filter(({ message }) => message.acsTransID === challenge.acsTransID)).toHaveLength(1)
    expect(await record(challenge)).toMatchObject({ delivery: 'refused', resultStatus: 'Y' })
  })

  test('an Erro that answers the Erro of the ACS is not answered (FLOW-GEN-10)', async () => {
    ds.answer = (message, res) =>
      sendJson(
        res,
        message.messageType === 'RReq' ? 'x' : { ...message, errorComponent: 'D', errorMessageType: 'Erro' },
      )
    const { challenge } = await passed()
    await until(() => errosOf(ds, challenge.acsTransID).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(errosOf(ds, challenge.acsTransID)).toHaveLength(1)
  })

  test('an RRes that is late: the CRes goes out after 5 seconds, Erro 402 to the DS, no second RReq (ACS-VAL-140, RES-RR-4, CHL-RES-3)', async () => {
    ds.answer = (message, res) => {
      if (message.messageType === 'Erro') sendJson(res, '')
    }
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge)
    const otp = await codeOf(sekisho, challenge)
    const from = performance.now()
    const [done, again] = await Promise.all([
      answered(sekisho, challenge, page, { otp }),
      answered(sekisho, challenge, page, { otp }),
    ])
    const waited = performance.now() - from
    expect(waited).toBeGreaterThan(4_500)
    for (const { page: text } of [done, again])
      expect(cresIn(text)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
    await until(() => errosOf(ds, challenge.acsTransID).length > 0)
    expect(errosOf(ds, challenge.acsTransID)).toMatchObject([
      { errorCode: '402', errorComponent: 'A', errorMessageType: 'RRes', messageVersion: '2.2.0' },
    ])
    clock.advance(60_000)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(1)
    expect(await record(challenge)).toMatchObject({ delivery: 'late', resultStatus: 'Y' })
  })
})

describe('a dsURL that is not allowed', () => {
  test.each(['http://ds.example.test/rreq', 'https://127.0.0.1.evil.example/rreq', 'http://169.254.169.254/latest'])(
    '%s is not called; the journal says so and the verdict stands (SEC-TLS-9)',
    async (dsURL) => {
      const { challenge, done } = await passed({ dsURL })
      expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
      const { delivery, messages, steps } = await record(challenge)
      expect(delivery).toBe('refused')
      expect(messages.slice(-3, -1).map(({ messageType, message }) => messageType ?? message)).toEqual([
        'RReq',
        'dsURL is not on the allow-list; not called',
      ])
      expect(steps.every(({ done: isDone }) => isDone)).toBe(true)
      clock.advance(60_000)
      expect(await attempts(challenge)).toBe(1)
    },
  )
})
