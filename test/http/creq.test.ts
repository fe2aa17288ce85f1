// The browser's side of a challenge over HTTP: the CReq, the answers, the timers, and what comes back to the shop.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import {
  browserAReq,
  creqFor,
  cresIn,
  field,
  frictionlessCard,
  type Members,
  post,
  postForm,
} from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import {
  actionOf,
  answered,
  api,
  type Challenged,
  challenged,
  codeOf,
  errorCodeOf,
  errosOf,
  hintOf,
  isChallenge,
  isErrorPage,
  mails,
  newChallengeCard,
  opened,
  type Page,
  put,
  raw,
  rreqsOf,
  shown,
  tokenOf,
  until,
  wrongCode,
} from './support.ts'

const start = Date.UTC(2026, 0, 15, 10, 30)

let ds: ListeningDs
let clock: ManualClock
let sekisho: Running
let strict: Running

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(start)
  sekisho = await running({ only: ['acs'] }, { clock })
  strict = await running({ only: ['acs'], validation: 'strict' })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), strict.close(), ds.close()])
})

beforeEach(() => {
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : '')
})

const challengeUrl = (): string => `${sekisho.acs}/acs/challenge`

const posted = (creq: string, fields: Record<string, string> = {}): Promise<Page> =>
  postForm(challengeUrl(), { creq, ...fields })

const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** The page that returns an Erro to the shop, by way of the AReq's notificationURL and nothing else (ERR-A5). */
function expectErroInCres(page: Page, { areq, acsTransID }: Challenged, errorCode: string, errorDetail?: string): void {
  expect(page.status).toBe(200)
  expect(actionOf(page)).toBe(areq.notificationURL)
  const erro = cresIn(page.page)
  expect(erro).toMatchObject({
    messageType: 'Erro',
    errorCode,
    errorComponent: 'A',
    errorMessageType: 'CReq',
    messageVersion: '2.2.0',
    threeDSServerTransID: areq.threeDSServerTransID,
    dsTransID: areq.dsTransID,
    acsTransID,
  })
  if (errorDetail !== undefined) expect(erro?.errorDetail).toBe(errorDetail)
}

/** The page that returns the final CRes to the shop (FLOW-BRW-6, FLOW-BRW-7). */
function expectFinalCRes(page: Page, { areq, acsTransID }: Challenged, transStatus: 'Y' | 'N'): void {
  expect(page.status).toBe(200)
  expect(actionOf(page)).toBe(areq.notificationURL)
  expect(cresIn(page.page)).toEqual({
    messageType: 'CRes',
    messageVersion: '2.2.0',
    threeDSServerTransID: areq.threeDSServerTransID,
    acsTransID,
    transStatus,
  })
}

/** The one RReq of the challenge. */
function expectRReq(challenge: Challenged, members: Members): void {
  const rreqs = rreqsOf(ds, challenge.acsTransID)
  expect(rreqs).toHaveLength(1)
  expect(rreqs[0]).toMatchObject({
    messageType: 'RReq',
    messageVersion: '2.2.0',
    messageCategory: '01',
    threeDSServerTransID: challenge.areq.threeDSServerTransID,
    dsTransID: challenge.areq.dsTransID,
    ...members,
  })
}

/** That nothing has happened to it: the right code still ends it with Y. */
async function expectUntouched(challenge: Challenged): Promise<void> {
  expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
  const page = await opened(sekisho, challenge)
  expect(isChallenge(page)).toBe(true)
  const done = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
  expectFinalCRes(done, challenge, 'Y')
  expectRReq(challenge, { transStatus: 'Y', interactionCounter: '01' })
}

describe('a CReq', () => {
  test.each([
    ['with padding', (creq: string) => creq.padEnd(Math.ceil(creq.length / 4) * 4, '=')],
    ['in the standard alphabet', (creq: string) => Buffer.from(creq, 'base64url').toString('base64')],
    [
      'with blanks where a form turned + into one',
      (creq: string) => Buffer.from(creq, 'base64url').toString('base64').replaceAll('+', ' '),
    ],
    ['with white space around', (creq: string) => `\r\n ${creq}\n`],
  ])('%s is taken (ACS-VAL-91, FLOW-GEN-4, TOL-5)', async (_, change) => {
    const challenge = await challenged(sekisho, ds)
    // "~~~" and "???" make + and / where they stand in an unknown member.
    const creq = creqFor(challenge.ares, { x: '~~~???>>>', xx: '~~~???>>>', xxx: '~~~???>>>' })
    expect(Buffer.from(creq, 'base64url').toString('base64')).toMatch(/[+/]/)
    expect(isChallenge(await posted(change(creq)))).toBe(true)
  })

  test('with extra form fields and app-only members is taken, and they mean nothing (TOL-5, ACS-VAL-103, SEC-URL-1)', async () => {
    const challenge = await challenged(sekisho, ds)
    const creq = creqFor(challenge.ares, {
      sdkTransID: 'x',
      sdkCounterStoA: '000',
      challengeDataEntry: '123456',
      notificationURL: 'https://evil.example/',
      challengeCancel: '01',
    })
    const page = await posted(creq, { notificationURL: 'https://evil.example/', language: 'xx', MD: '1' })
    expect(isChallenge(page)).toBe(true)
    const done = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    expectFinalCRes(done, challenge, 'Y')
    expect(page.page + done.page).not.toContain('evil.example')
  })

  test('with ids in upper case is taken (FLOW-GEN-7)', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await posted(
      creqFor(challenge.ares, {
        acsTransID: challenge.acsTransID.toUpperCase(),
        threeDSServerTransID: String(challenge.areq.threeDSServerTransID).toUpperCase(),
      }),
    )
    expect(isChallenge(page)).toBe(true)
  })

  test.each(['01', '02', '03', '04', '05'])(
    'of window size %s gets the page of that size (FLOW-IFR-1, MIS-FRM-7)',
    async (challengeWindowSize) => {
      const challenge = await challenged(sekisho, ds)
      const page = await posted(creqFor(challenge.ares, { challengeWindowSize }))
      expect(page.status).toBe(200)
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(page.page).toContain(`data-window-size="${challengeWindowSize}"`)
    },
  )

  test.each(['GET', 'PUT', 'HEAD'])(
    'sent by %s gets 405 and a page, and changes nothing (CHL-REP-10)',
    async (method) => {
      const challenge = await challenged(sekisho, ds)
      const url = `${challengeUrl()}?creq=${creqFor(challenge.ares)}`
      const answer = await raw(url, { method })
      expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
      if (method === 'GET') expect(answer.text).toContain('data-kind="method"')
      expect(await mails(sekisho, challenge)).toEqual([])
      await expectUntouched(challenge)
    },
  )

  test('of a wrong content type gets 415, of a body too large 413, both as pages (ACS-VAL-2, ACS-VAL-3)', async () => {
    const wrong = await raw(challengeUrl(), { headers: { 'content-type': 'application/json' }, pieces: ['{}'] })
    const large = await raw(challengeUrl(), {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      pieces: [`creq=${'A'.repeat(129 * 1024)}`],
    })
    expect([wrong.status, large.status]).toEqual([415, 413])
    for (const { text, headers } of [wrong, large]) {
      expect(text).toContain('data-testid="error-page"')
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
    }
  })
})

describe('a CReq that belongs to nobody gets a page with HTTP 400 and no way to a shop', () => {
  const somebody = (change: Members) =>
    encoded({
      messageType: 'CReq',
      messageVersion: '2.2.0',
      threeDSServerTransID: crypto.randomUUID(),
      acsTransID: crypto.randomUUID(),
      challengeWindowSize: '02',
      ...change,
    })

  test.each([
    ['ACS-VAL-91', 'not base64', '{"messageType":"CReq"}', '101'],
    ['ACS-VAL-91', 'empty', '', '101'],
    ['ACS-VAL-91', 'impossible base64', 'AAAAA', '101'],
    ['ACS-VAL-91', 'not JSON', encoded('not json'), '101'],
    ['ACS-VAL-91', 'an array', encoded([{ messageType: 'CReq' }]), '101'],
    ['ACS-VAL-91', 'not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url'), '101'],
    ['ACS-VAL-92', 'of another type', somebody({ messageType: 'AReq', acsTransID: undefined }), '101'],
    ['ACS-VAL-93', 'without acsTransID', somebody({ acsTransID: undefined }), '201'],
    ['ACS-VAL-93', 'without threeDSServerTransID', somebody({ threeDSServerTransID: '' }), '201'],
    ['ACS-VAL-94', 'with an acsTransID that is no UUID', somebody({ acsTransID: 'abc' }), '203'],
    ['ACS-VAL-94', 'with a number for threeDSServerTransID', somebody({ threeDSServerTransID: 7 }), '203'],
    ['ACS-VAL-95', 'with unknown ids', somebody({}), '301'],
    [
      'ACS-VAL-95',
      'with unknown ids and nothing else',
      somebody({ challengeWindowSize: undefined, messageVersion: undefined }),
      '301',
    ],
  ])('%s: %s', async (_rule, _what, creq, errorCode) => {
    const page = await posted(creq, { threeDSSessionData: 'MARKER' })
    expect(page.status).toBe(400)
    expect(isErrorPage(page)).toBe(true)
    expect(errorCodeOf(page)).toBe(errorCode)
    expect(page.page).not.toContain('<form')
    expect(page.page).not.toContain('MARKER')
  })

  test('ACS-VAL-90: no creq field, or two', async () => {
    const challenge = await challenged(sekisho, ds)
    const creq = creqFor(challenge.ares)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const body of ['', 'Creq=x', `threeDSSessionData=x&CREQ=${creq}`, `creq=${creq}&creq=${creq}`]) {
      const { status, text } = await raw(challengeUrl(), { headers, pieces: [body] })
      expect(status, body).toBe(400)
      expect(text).toContain('data-testid="error-page"')
    }
    await expectUntouched(challenge)
  })

  test('ACS-VAL-95, ACS-VAL-105: ids that do not belong together touch neither transaction', async () => {
    const [mine, other] = [await challenged(sekisho, ds), await challenged(sekisho, ds)]
    const mixed = creqFor(mine.ares, { threeDSServerTransID: other.areq.threeDSServerTransID })
    const worse = creqFor(mine.ares, { threeDSServerTransID: other.areq.threeDSServerTransID, messageVersion: '9.9.9' })
    for (const creq of [mixed, worse]) {
      const page = await posted(creq)
      expect([page.status, errorCodeOf(page)]).toEqual([400, '301'])
    }
    expect((await shown(sekisho, mine.acsTransID)).messages.map(({ messageType }) => messageType)).toEqual([
      'AReq',
      'ARes',
    ])
    await expectUntouched(mine)
    await expectUntouched(other)
  })

  test('ACS-VAL-105: a malformed one with one right id touches nothing', async () => {
    const challenge = await challenged(sekisho, ds)
    await posted(creqFor(challenge.ares, { threeDSServerTransID: undefined }))
    await posted(creqFor(challenge.ares, { threeDSServerTransID: 'x', challengeWindowSize: '99' }))
    await posted(creqFor(challenge.ares, { acsTransID: undefined }))
    await expectUntouched(challenge)
  })
})

describe('a CReq of a known transaction that is refused ends it (ACS-VAL-104, CHL-TR-3, ERR-A5)', () => {
  test.each([
    ['ACS-VAL-92', 'of another messageType', { messageType: 'CRes' }, '101', undefined],
    ['ACS-VAL-93', 'without messageVersion', { messageVersion: undefined }, '201', 'messageVersion'],
    ['ACS-VAL-93', 'without challengeWindowSize', { challengeWindowSize: undefined }, '201', 'challengeWindowSize'],
    ['ACS-VAL-93', 'with an empty challengeWindowSize', { challengeWindowSize: '' }, '201', 'challengeWindowSize'],
    ['ACS-VAL-96', 'of another version', { messageVersion: '2.1.0' }, '203', 'messageVersion'],
    ['ACS-VAL-97', 'of window size 06', { challengeWindowSize: '06' }, '203', 'challengeWindowSize'],
    ['ACS-VAL-97', 'of window size 1', { challengeWindowSize: '1' }, '203', 'challengeWindowSize'],
    [
      'ACS-VAL-85',
      'with a critical extension',
      { messageExtension: [{ name: 'x', id: 'A1', criticalityIndicator: true, data: { a: 1 } }] },
      '202',
      'A1',
    ],
  ])('%s: %s', async (_rule, _what, change, errorCode, errorDetail) => {
    const challenge = await challenged(sekisho, ds)
    const creq = creqFor(challenge.ares, change)
    const page = await posted(creq, { threeDSSessionData: 'c2Vzc2lvbg' })
    expectErroInCres(page, challenge, errorCode, errorDetail)
    expect(field(page.page, 'threeDSSessionData')).toBe('c2Vzc2lvbg')
    const rreq = { transStatus: 'U', transStatusReason: '22', challengeCancel: '06', interactionCounter: '00' }
    expectRReq(challenge, rreq)
    expect(rreqsOf(ds, challenge.acsTransID)[0]).not.toHaveProperty('authenticationValue')
    // Whatever comes next: the same Erro, no second RReq, no code.
    expectErroInCres(await posted(creq), challenge, errorCode, errorDetail)
    expectErroInCres(await opened(sekisho, challenge), challenge, errorCode, errorDetail)
    expectRReq(challenge, rreq)
    expect(await mails(sekisho, challenge)).toEqual([])
  })

  test('ACS-VAL-11: with a name twice', async () => {
    const challenge = await challenged(sekisho, ds)
    const text = Buffer.from(creqFor(challenge.ares), 'base64url')
      .toString()
      .replace('{', '{"challengeWindowSize":"05",')
    expectErroInCres(await posted(encoded(text)), challenge, '204', 'challengeWindowSize')
    expectRReq(challenge, { transStatus: 'U', challengeCancel: '06' })
  })

  test('CHL-TR-17: in the middle of the challenge, with what was counted so far', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge, { threeDSSessionData: 'first' })
    const code = await codeOf(sekisho, challenge)
    await answered(sekisho, challenge, page, { otp: wrongCode(code) })
    const refused = await posted(creqFor(challenge.ares, { challengeWindowSize: '77' }), {
      threeDSSessionData: 'second',
    })
    expectErroInCres(refused, challenge, '203', 'challengeWindowSize')
    expect(field(refused.page, 'threeDSSessionData')).toBe('first')
    expectRReq(challenge, { transStatus: 'U', challengeCancel: '06', interactionCounter: '01' })
    const late = await answered(sekisho, challenge, page, { otp: code })
    expectErroInCres(late, challenge, '203')
    expectRReq(challenge, { transStatus: 'U' })
  })

  test('two at once get the same Erro and make one RReq (CHL-SM-1)', async () => {
    const challenge = await challenged(sekisho, ds)
    const creq = creqFor(challenge.ares, { challengeWindowSize: '06' })
    const pages = await Promise.all([posted(creq), posted(creq), posted(creq)])
    for (const page of pages) expectErroInCres(page, challenge, '203')
    expectRReq(challenge, { transStatus: 'U' })
  })
})

test('a CReq for a frictionless transaction is told 305 and makes no RReq (ACS-VAL-98, RES-TS-9)', async () => {
  const areq = browserAReq({ acctNumber: frictionlessCard, dsURL: ds.url })
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  const challenge = { areq, ares, acsTransID: String(ares.acsTransID) }
  const page = await opened(sekisho, challenge, { threeDSSessionData: 's' })
  expectErroInCres(page, challenge, '305', 'acsTransID')
  expect(field(page.page, 'threeDSSessionData')).toBe('s')
  expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
  expect(await shown(sekisho, challenge.acsTransID)).toMatchObject({ transStatus: 'Y' })
})

describe('threeDSSessionData', () => {
  const back = async (fields: Record<string, string>): Promise<string | undefined> => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge, fields)
    expect(page.page).not.toContain('threeDSSessionData')
    const done = await answered(sekisho, challenge, page, { action: 'cancel' })
    return field(done.page, 'threeDSSessionData')
  }

  test.each([
    ['base64url', 'eyJvcmRlciI6NDJ9_-'],
    ['padded base64', 'YWI+Yy8=='],
    ['quotes and tags', '"><script>alert(1)</script><input name="cres" value=\'x\'>'],
    ['entities and per cent signs', '&quot;&amp;&#34;%22%3C 100% +'],
    ['other scripts', '注文番号=四二🗻'],
    ['a line feed and a tab', 'a\nb\tc'],
    ['more than 1,024 bytes', 'x'.repeat(5_000)],
  ])('comes back as it was: %s (FLOW-GEN-5, SEC-URL-5, ACS-VAL-102)', async (_, value) => {
    expect(await back({ threeDSSessionData: value })).toBe(value)
  })

  test('is absent when it was absent (FLOW-GEN-5)', async () => {
    expect(await back({})).toBeUndefined()
  })

  test('that differs on a repeat is not taken: the first belongs to the accepted CReq (CHL-REP-3)', async () => {
    const challenge = await challenged(sekisho, ds)
    await opened(sekisho, challenge, { threeDSSessionData: 'first' })
    const page = await opened(sekisho, challenge, { threeDSSessionData: 'second' })
    const done = await answered(sekisho, challenge, page, { action: 'cancel' })
    expect(field(done.page, 'threeDSSessionData')).toBe('first')
    expect(field((await opened(sekisho, challenge, { threeDSSessionData: 'third' })).page, 'threeDSSessionData')).toBe(
      'first',
    )
  })
})

describe('an answer', () => {
  let challenge: Challenged
  let page: Page
  let code: string

  beforeEach(async () => {
    challenge = await challenged(sekisho, ds)
    page = await opened(sekisho, challenge)
    code = await codeOf(sekisho, challenge)
  })

  const expectRightCodeStillWorks = async (current: Page, interactionCounter: string): Promise<void> => {
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    expectFinalCRes(await answered(sekisho, challenge, current, { otp: code }), challenge, 'Y')
    expectRReq(challenge, { transStatus: 'Y', interactionCounter })
  }

  test('that is right ends it with Y, an authentication value and an ECI in the RReq only (CHL-TR-6, RES-MX-7, RES-AV-8)', async () => {
    const done = await answered(sekisho, challenge, page, { otp: code })
    expectFinalCRes(done, challenge, 'Y')
    const [rreq] = rreqsOf(ds, challenge.acsTransID)
    expect(Object.keys(rreq ?? {}).sort()).toEqual(
      [
        'messageType',
        'messageVersion',
        'messageCategory',
        'threeDSServerTransID',
        'acsTransID',
        'dsTransID',
        'transStatus',
        'authenticationType',
        'authenticationMethod',
        'interactionCounter',
        'eci',
        'authenticationValue',
      ].sort(),
    )
    expect(rreq).toMatchObject({ transStatus: 'Y', eci: '05', authenticationType: '02', interactionCounter: '01' })
    expect(rreq?.authenticationValue).toMatch(/^[A-Za-z0-9+/]{27}=$/)
    expect(done.page).not.toContain(String(rreq?.authenticationValue))
  })

  test('that is wrong three times ends it with N, reason 19 and no cancel code (CHL-TR-7, CHL-TR-8, CHL-ATT-1, CHL-ATT-3, CHL-CAN-6)', async () => {
    for (const left of [2, 1]) {
      page = await answered(sekisho, challenge, page, { otp: wrongCode(code) })
      expect(hintOf(page)).toBe('wrong')
      expect(/data-testid="tries-left"[^>]*>[^<]*([0-9])/.exec(page.page)?.[1]).toBe(String(left))
      expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    }
    page = await answered(sekisho, challenge, page, { otp: wrongCode(code) })
    expectFinalCRes(page, challenge, 'N')
    expectRReq(challenge, { transStatus: 'N', transStatusReason: '19', interactionCounter: '03', eci: '07' })
    const [rreq] = rreqsOf(ds, challenge.acsTransID)
    expect(rreq).not.toHaveProperty('challengeCancel')
    expect(rreq).not.toHaveProperty('authenticationValue')
    expect(await mails(sekisho, challenge)).toHaveLength(1)
  })

  test('that is right after two wrong ones counts three (CHL-ATT-1)', async () => {
    for (let i = 0; i < 2; i += 1) page = await answered(sekisho, challenge, page, { otp: wrongCode(code) })
    await expectRightCodeStillWorks(page, '03')
  })

  test.each(['', '   ', '-', '\u3000'])(
    'of "%s" is empty: a hint, no try used (CHL-TR-9, CHL-ATT-2, ACS-VAL-118)',
    async (otp) => {
      const next = await answered(sekisho, challenge, page, { otp })
      expect(hintOf(next)).toBe('empty')
      await expectRightCodeStillWorks(next, '01')
    },
  )

  test('without the field of the code is empty as well', async () => {
    const { acsTransID } = challenge
    const next = await postForm(`${challengeUrl()}/answer`, { acsTransID, stepToken: tokenOf(page) })
    expect(hintOf(next)).toBe('empty')
    await expectRightCodeStillWorks(next, '01')
  })

  test.each([
    ['blanks and hyphens', (digits: string) => ` ${digits.slice(0, 3)} - ${digits.slice(3)}\n`],
    ['full-width digits', (digits: string) => digits.replace(/[0-9]/g, (d) => String.fromCharCode(0xff10 + Number(d)))],
    [
      'full-width digits with an ideographic space',
      (digits: string) =>
        `${digits.slice(0, 3)}\u3000${digits.slice(3)}`.replace(/[0-9]/g, (d) =>
          String.fromCharCode(0xff10 + Number(d)),
        ),
    ],
    ['no-break and thin spaces', (digits: string) => digits.split('').join('\u00a0').replace('\u00a0', '\u2009')],
  ])('with %s is the code without them (SEC-OTP-3)', async (_, change) => {
    expectFinalCRes(await answered(sekisho, challenge, page, { otp: change(code) }), challenge, 'Y')
  })

  test.each([
    ['one digit more', (digits: string) => `${digits}0`],
    ['one digit less', (digits: string) => digits.slice(1)],
    ['itself twice', (digits: string) => digits + digits],
    ['another text', () => "' OR 1=1 --"],
    ['a very long text', () => '1'.repeat(60_000)],
  ])('with %s is wrong', async (_, change) => {
    expect(hintOf(await answered(sekisho, challenge, page, { otp: change(code) }))).toBe('wrong')
  })

  test('to cancel ends it with N, reason 01 and cancel 01 (CHL-TR-14, CHL-CAN-3)', async () => {
    const done = await answered(sekisho, challenge, page, { action: 'cancel', otp: code })
    expectFinalCRes(done, challenge, 'N')
    expectRReq(challenge, {
      transStatus: 'N',
      transStatusReason: '01',
      challengeCancel: '01',
      interactionCounter: '00',
    })
    expect(rreqsOf(ds, challenge.acsTransID)[0]).not.toHaveProperty('authenticationValue')
  })

  test('to cancel after a wrong code counts that one (CHL-CAN-3)', async () => {
    page = await answered(sekisho, challenge, page, { otp: wrongCode(code) })
    await answered(sekisho, challenge, page, { action: 'cancel' })
    expectRReq(challenge, { challengeCancel: '01', interactionCounter: '01' })
  })

  test('sent twice at once has one verdict, and both get it after the RRes (CHL-REP-5, CHL-REP-8, CHL-SM-1, CHL-SM-4, SEC-LIM-3, MIS-TMR-5)', async () => {
    let isAnswered = false
    ds.answer = (message, res) =>
      setTimeout(() => {
        isAnswered = true
        sendJson(res, rres(message))
      }, 80)
    const seen: boolean[] = []
    const submit = async (): Promise<Page> => {
      const done = await answered(sekisho, challenge, page, { otp: code })
      seen.push(isAnswered)
      return done
    }
    const first = submit()
    await ds.arrived(ds.received.length + 1)
    const pages = [first, submit(), submit(), opened(sekisho, challenge)]
    for (const done of await Promise.all(pages)) expectFinalCRes(done, challenge, 'Y')
    expect(seen).toEqual([true, true, true])
    expectRReq(challenge, { transStatus: 'Y', interactionCounter: '01' })
  })

  test('that is wrong, sent twice at once, is counted once (CHL-REP-5)', async () => {
    const pages = await Promise.all([1, 2, 3].map(() => answered(sekisho, challenge, page, { otp: wrongCode(code) })))
    for (const next of pages) expect(isChallenge(next)).toBe(true)
    const tokens = new Set(pages.map(tokenOf))
    expect(tokens.size).toBe(1)
    await expectRightCodeStillWorks(pages[0] ?? page, '02')
  })

  test('right and wrong at once has one verdict or none, never two', async () => {
    await Promise.all([
      answered(sekisho, challenge, page, { otp: code }),
      answered(sekisho, challenge, page, { otp: wrongCode(code) }),
      answered(sekisho, challenge, page, { action: 'cancel' }),
    ])
    expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(1)
  })

  test('from an old page is not evaluated: the current page comes with a hint (CHL-REP-6, CHL-REP-7)', async () => {
    const next = await answered(sekisho, challenge, page, { otp: wrongCode(code) })
    const stale = await answered(sekisho, challenge, page, { otp: code })
    expect(hintOf(stale)).toBe('stale')
    expect(tokenOf(stale)).toBe(tokenOf(next))
    const resend = await answered(sekisho, challenge, page, { action: 'resend' })
    expect(hintOf(resend)).toBe('stale')
    await expectRightCodeStillWorks(stale, '02')
  })

  test.each([
    ['a made-up token', () => '1.AAAAAAAAAAAAAAAAAAAAAA'],
    ['a token of a step to come', (token: string) => token.replace(/^1/, '2')],
    ['a token with something behind it', (token: string) => `${token}x`],
    ['no token', () => ''],
    ['a step alone', () => '1'],
  ])('with %s is refused and changes nothing (SEC-CSP-9)', async (_, change) => {
    for (const action of ['verify', 'cancel', 'resend', 'expired']) {
      const refused = await answered(sekisho, challenge, page, { otp: code, action, stepToken: change(tokenOf(page)) })
      expect([refused.status, isErrorPage(refused)]).toEqual([400, true])
    }
    await expectRightCodeStillWorks(page, '01')
  })

  test('with the token of another transaction is refused and changes neither (SEC-CSP-9)', async () => {
    const other = await challenged(sekisho, ds)
    const otherPage = await opened(sekisho, other)
    const refused = await answered(sekisho, challenge, page, { action: 'cancel', stepToken: tokenOf(otherPage) })
    expect(refused.status).toBe(400)
    await expectRightCodeStillWorks(page, '01')
    expectFinalCRes(await answered(sekisho, other, otherPage, { otp: await codeOf(sekisho, other) }), other, 'Y')
  })

  test('with an unknown action, id or method changes nothing', async () => {
    expect((await answered(sekisho, challenge, page, { otp: code, action: 'approve' })).status).toBe(400)
    expect((await answered(sekisho, challenge, page, { otp: code, acsTransID: 'x' })).status).toBe(400)
    expect((await answered(sekisho, challenge, page, { otp: code, acsTransID: crypto.randomUUID() })).status).toBe(400)
    for (const page of ['answer', 'status'])
      expect((await raw(`${challengeUrl()}/${page}`, { method: 'GET' })).status, page).toBe(405)
    await expectRightCodeStillWorks(page, '01')
  })

  test('after the end gets the final CRes again (CHL-REP-8, CHL-SM-5)', async () => {
    await answered(sekisho, challenge, page, { action: 'cancel' })
    for (const fields of [{ otp: code }, { action: 'resend' }, { action: 'cancel' }, { action: 'expired' }]) {
      expectFinalCRes(await answered(sekisho, challenge, page, { otp: '', ...fields }), challenge, 'N')
    }
    expectRReq(challenge, { transStatus: 'N', challengeCancel: '01' })
  })
})

describe('a CReq that comes again', () => {
  test('while the challenge is open shows the page as it is: no new code, no new tries, no new token (CHL-REP-1)', async () => {
    const challenge = await challenged(sekisho, ds)
    const first = await opened(sekisho, challenge)
    expect(tokenOf(await opened(sekisho, challenge))).toBe(tokenOf(first))
    const code = await codeOf(sekisho, challenge)
    const next = await answered(sekisho, challenge, first, { otp: wrongCode(code) })
    const again = await opened(sekisho, challenge)
    expect(tokenOf(again)).toBe(tokenOf(next))
    expect(await mails(sekisho, challenge)).toHaveLength(1)
    await answered(sekisho, challenge, again, { otp: code })
    expectRReq(challenge, { transStatus: 'Y', interactionCounter: '02' })
  })

  test('with another window size gets that size (CHL-REP-2)', async () => {
    const challenge = await challenged(sekisho, ds)
    await opened(sekisho, challenge)
    const page = await posted(creqFor(challenge.ares, { challengeWindowSize: '05' }))
    expect(page.page).toContain('data-window-size="05"')
    expect(await mails(sekisho, challenge)).toHaveLength(1)
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
  })

  test('after the end gets the stored CRes and the first session data, and makes no second RReq (CHL-REP-4, ACS-VAL-101)', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge, { threeDSSessionData: 'mine' })
    await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    const again = await opened(sekisho, challenge)
    expectFinalCRes(again, challenge, 'Y')
    expect(field(again.page, 'threeDSSessionData')).toBe('mine')
    expectFinalCRes(await posted(creqFor(challenge.ares, { challengeWindowSize: '99' })), challenge, 'Y')
    expectRReq(challenge, { transStatus: 'Y' })
  })

  test('at the same moment as itself sends one code (CHL-SM-1)', async () => {
    const challenge = await challenged(sekisho, ds)
    const pages = await Promise.all([1, 2, 3, 4].map(() => opened(sekisho, challenge)))
    expect(new Set(pages.map(tokenOf)).size).toBe(1)
    expect(await mails(sekisho, challenge)).toHaveLength(1)
  })

  test('to a strict ACS is 305 with U and cancel 06, in the middle and changed or not (CHL-REP-1, CHL-REP-2)', async () => {
    for (const challengeWindowSize of ['02', '03']) {
      const challenge = await challenged(strict, ds)
      await opened(strict, challenge)
      const page = await postForm(`${strict.acs}/acs/challenge`, {
        creq: creqFor(challenge.ares, { challengeWindowSize }),
      })
      expectErroInCres(page, challenge, '305', 'acsTransID')
      expectRReq(challenge, { transStatus: 'U', transStatusReason: '22', challengeCancel: '06' })
    }
  })

  test('to a strict ACS after the end is 305, and makes no second RReq (CHL-REP-4, ACS-VAL-101)', async () => {
    const challenge = await challenged(strict, ds)
    const page = await opened(strict, challenge)
    const done = await answered(strict, challenge, page, { otp: await codeOf(strict, challenge) })
    expectFinalCRes(done, challenge, 'Y')
    expectErroInCres(await opened(strict, challenge), challenge, '305', 'acsTransID')
    expectRReq(challenge, { transStatus: 'Y' })
  })
})

describe('a new code', () => {
  let challenge: Challenged
  let page: Page

  beforeEach(async () => {
    challenge = await challenged(sekisho, ds)
    page = await opened(sekisho, challenge)
  })

  const resend = async (): Promise<string | undefined> => {
    page = await answered(sekisho, challenge, page, { action: 'resend' })
    return hintOf(page)
  }

  test('is not sent before 30 seconds are over, and is after (CHL-RSD-3, CHL-TR-10)', async () => {
    clock.advance(29_999)
    expect(await resend()).toBe('resendTooSoon')
    expect(await mails(sekisho, challenge)).toHaveLength(1)
    clock.advance(1)
    expect(await resend()).toBe('resent')
    expect(await mails(sekisho, challenge)).toHaveLength(2)
  })

  test('voids the one before and uses no try (CHL-RSD-2, SEC-OTP-2, CHL-ATT-2)', async () => {
    const old = await codeOf(sekisho, challenge)
    clock.advance(30_000)
    await resend()
    const fresh = await codeOf(sekisho, challenge)
    expect(fresh).toMatch(/^[0-9]{6}$/)
    expect(fresh).not.toBe(old)
    page = await answered(sekisho, challenge, page, { otp: old })
    expect(hintOf(page)).toBe('wrong')
    expectFinalCRes(await answered(sekisho, challenge, page, { otp: fresh }), challenge, 'Y')
    expectRReq(challenge, { transStatus: 'Y', interactionCounter: '02' })
  })

  test('comes three times at most; then the button is gone and the page says so (CHL-RSD-1, CHL-RSD-3)', async () => {
    for (let i = 0; i < 3; i += 1) {
      expect(page.page).toContain('data-testid="resend"')
      clock.advance(30_000)
      expect(await resend()).toBe('resent')
    }
    expect(page.page).not.toContain('data-testid="resend"')
    clock.advance(30_000)
    expect(await resend()).toBe('resendLimit')
    expect(await mails(sekisho, challenge)).toHaveLength(4)
    const codes = new Set((await mails(sekisho, challenge)).map(({ code }) => code))
    expect(codes.size).toBe(4)
    expectFinalCRes(await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) }), challenge, 'Y')
  })

  test('does not give back tries (CHL-ATT-5)', async () => {
    const code = await codeOf(sekisho, challenge)
    for (let i = 0; i < 2; i += 1) page = await answered(sekisho, challenge, page, { otp: wrongCode(code) })
    clock.advance(30_000)
    await resend()
    page = await answered(sekisho, challenge, page, { otp: wrongCode(await codeOf(sekisho, challenge)) })
    expectFinalCRes(page, challenge, 'N')
    expectRReq(challenge, { transStatus: 'N', transStatusReason: '19', interactionCounter: '03' })
  })
})

describe('time', () => {
  test('without a first CReq ends it after 30 seconds: N, 14, 05; a CReq then is 402 (CHL-TR-5, CHL-TMR-1, FLOW-TMR-4, ACS-VAL-99, CHL-TR-18)', async () => {
    const challenge = await challenged(sekisho, ds)
    clock.advance(29_999)
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    clock.advance(1)
    await until(() => rreqsOf(ds, challenge.acsTransID).length > 0)
    const rreq = { transStatus: 'N', transStatusReason: '14', challengeCancel: '05', interactionCounter: '00' }
    expectRReq(challenge, rreq)
    const page = await opened(sekisho, challenge, { threeDSSessionData: 'late' })
    expectErroInCres(page, challenge, '402')
    expect(field(page.page, 'threeDSSessionData')).toBe('late')
    expectErroInCres(await opened(sekisho, challenge), challenge, '402')
    expectErroInCres(await posted(creqFor(challenge.ares, { challengeWindowSize: '99' })), challenge, '402')
    expectRReq(challenge, rreq)
    expect(await mails(sekisho, challenge)).toEqual([])
  })

  test('is stopped by the first CReq that is valid (CHL-TR-2)', async () => {
    const challenge = await challenged(sekisho, ds)
    clock.advance(29_999)
    await opened(sekisho, challenge)
    clock.advance(60_000)
    expect(isChallenge(await opened(sekisho, challenge))).toBe(true)
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
  })

  test('of ten minutes without an answer ends it: N, 14, 04, and the page then returns N (CHL-TR-15, CHL-TMR-3, CHL-TMR-11, FLOW-TMR-5, CHL-REP-9, MIS-TMR-3)', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge)
    clock.advance(599_999)
    expect(isChallenge(await opened(sekisho, challenge))).toBe(true)
    clock.advance(1)
    await until(() => rreqsOf(ds, challenge.acsTransID).length > 0)
    const rreq = { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', interactionCounter: '00' }
    expectRReq(challenge, rreq)
    expectFinalCRes(await answered(sekisho, challenge, page, { action: 'expired' }), challenge, 'N')
    expectFinalCRes(await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) }), challenge, 'N')
    expectFinalCRes(await opened(sekisho, challenge), challenge, 'N')
    expectRReq(challenge, rreq)
  })

  test('starts anew with each page that is served for an answer, not with a reload or a poll (CHL-TMR-3, CHL-REP-1)', async () => {
    const challenge = await challenged(sekisho, ds)
    let page = await opened(sekisho, challenge)
    clock.advance(500_000)
    page = await answered(sekisho, challenge, page, { otp: wrongCode(await codeOf(sekisho, challenge)) })
    clock.advance(500_000)
    expect(isChallenge(await opened(sekisho, challenge))).toBe(true)
    await answered(sekisho, challenge, page, { action: 'expired' })
    clock.advance(99_999)
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    clock.advance(1)
    await until(() => rreqsOf(ds, challenge.acsTransID).length > 0)
    expectRReq(challenge, { challengeCancel: '04', interactionCounter: '01' })
  })

  test('that a page claims is over although it is not changes nothing', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge)
    expect(isChallenge(await answered(sekisho, challenge, page, { action: 'expired' }))).toBe(true)
    await expectUntouched(challenge)
  })

  test('makes a code old after five minutes: a wrong answer with a hint of its own, not a timeout (CHL-TMR-9, SEC-OTP-1)', async () => {
    const challenge = await challenged(sekisho, ds)
    let page = await opened(sekisho, challenge)
    const code = await codeOf(sekisho, challenge)
    clock.advance(300_001)
    page = await answered(sekisho, challenge, page, { otp: code })
    expect(hintOf(page)).toBe('expired')
    page = await answered(sekisho, challenge, page, { action: 'resend' })
    expectFinalCRes(await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) }), challenge, 'Y')
    expectRReq(challenge, { transStatus: 'Y', interactionCounter: '02' })
  })

  test('leaves a code good for five minutes to the millisecond (CHL-TMR-9)', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge)
    clock.advance(300_000)
    expectFinalCRes(await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) }), challenge, 'Y')
  })
})

describe('wrong codes of a card', () => {
  /** Wrong answers over as many transactions as it takes. */
  async function fail(acctNumber: string, times: number): Promise<void> {
    for (let left = times; left > 0; ) {
      const challenge = await challenged(sekisho, ds, { acctNumber })
      let page = await opened(sekisho, challenge)
      const wrong = wrongCode(await codeOf(sekisho, challenge))
      for (let i = 0; i < 3 && left > 0; i += 1, left -= 1)
        page = await answered(sekisho, challenge, page, { otp: wrong })
    }
  }

  const asked = async (acctNumber: string): Promise<Members> =>
    (await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber, dsURL: ds.url }))).body

  const cardOf = async (acctNumber: string): Promise<Members> =>
    (await put(sekisho, '/cards', { acctNumber }, 'POST')).body

  test('are limited to ten a day over all its transactions: then U with reason 22 (SEC-OTP-4, ACS-VAL-76)', async () => {
    const acctNumber = newChallengeCard()
    await fail(acctNumber, 9)
    expect(await asked(acctNumber)).toMatchObject({ transStatus: 'C' })
    await fail(acctNumber, 1)
    expect(await asked(acctNumber)).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
    expect(await cardOf(acctNumber)).toMatchObject({ locked: true, failures: 10 })
    clock.advance(86_400_000)
    expect(await asked(acctNumber)).toMatchObject({ transStatus: 'C' })
  })

  test('are forgotten through the API (SEC-OTP-4)', async () => {
    const acctNumber = newChallengeCard()
    await fail(acctNumber, 10)
    expect(await asked(acctNumber)).toMatchObject({ transStatus: 'U' })
    const { id } = await cardOf(acctNumber)
    expect((await put(sekisho, `/cards/${id}`, { unlock: true })).body).toMatchObject({ locked: false, failures: 0 })
    expect(await asked(acctNumber)).toMatchObject({ transStatus: 'C' })
  })

  test('lock the challenges that were open before as well: there, too, no further code is taken (SEC-OTP-4)', async () => {
    const acctNumber = newChallengeCard()
    const waiting = await challenged(sekisho, ds, { acctNumber })
    const page = await opened(sekisho, waiting)
    await fail(acctNumber, 10)
    const done = await answered(sekisho, waiting, page, { otp: await codeOf(sekisho, waiting) })
    expectFinalCRes(done, waiting, 'N')
    expectRReq(waiting, { transStatus: 'N', transStatusReason: '19', interactionCounter: '01' })
  })

  test('of one card do not lock another (SEC-OTP-4)', async () => {
    await fail(newChallengeCard(), 10)
    expect(await asked(newChallengeCard())).toMatchObject({ transStatus: 'C' })
  })
})

describe('too many requests', () => {
  test('of one address get 429 and a page; the AReq endpoint is not limited (SEC-LIM-1)', async () => {
    const limited = await running({ only: ['acs'], browserRequestsPerMinute: 3 })
    try {
      const statuses: number[] = []
      for (let i = 0; i < 5; i += 1) {
        const page = await postForm(`${limited.acs}/acs/challenge`, { creq: 'x' })
        statuses.push(page.status)
        if (page.status === 429) expect(page.page).toContain('data-kind="tooMany"')
      }
      expect(statuses).toEqual([400, 400, 400, 429, 429])
      const { status, body } = await post(`${limited.acs}/acs/areq`, browserAReq())
      expect([status, body.messageType]).toEqual([200, 'ARes'])
      expect((await api(limited, '/transactions')).status).toBe(200)
    } finally {
      await limited.close()
    }
  })
})

test('no Erro was posted to the DS by any of this', () => {
  expect(ds.received.filter(({ message }) => message.messageType !== 'RReq')).toEqual([])
  expect(errosOf(ds, '')).toEqual([])
})
