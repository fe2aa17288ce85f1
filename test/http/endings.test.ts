// Ends that a plan asks for, over HTTP: at the start, with the page, with the answer, by the clock; and codes by text message.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { creqFor, cresIn, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf, cardEnding } from './any-areq.ts'
import {
  answered,
  api,
  type Challenged,
  challenged,
  codeOf,
  driven,
  hintOf,
  isChallenge,
  mails,
  newChallengeCard,
  opened,
  planned,
  put,
  rreqsOf,
  shown,
  timelineOf,
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

const ending = (end: Members): Members => ({ challenge: { ending: end } })

/** The one RReq of it, once it has been delivered. */
async function rreqOf(challenge: Challenged): Promise<Members> {
  await until(async () => (await shown(sekisho, challenge.acsTransID)).delivery === 'delivered')
  const sent = rreqsOf(ds, challenge.acsTransID)
  expect(sent).toHaveLength(1)
  return sent[0] ?? {}
}

describe('a challenge ends as planned', () => {
  test('before any CReq, and a CReq that comes late is sent back with the verdict', async () => {
    const challenge = await planned(sekisho, ds, ending({ transStatus: 'R', transStatusReason: '11', on: 'start' }))
    expect(await rreqOf(challenge)).toMatchObject({
      transStatus: 'R',
      transStatusReason: '11',
      interactionCounter: '00',
    })
    expect(cresIn((await opened(sekisho, challenge)).page)).toMatchObject({ transStatus: 'N' })
    clock.advance(700_000)
    await rreqOf(challenge)
  })

  test('with the first CReq: no page, no code, the session data go back', async () => {
    const challenge = await planned(sekisho, ds, ending({ transStatus: 'A', on: 'page' }))
    const { page } = await opened(sekisho, challenge, { threeDSSessionData: 'c2Vzc2lvbg' })
    expect(cresIn(page)).toMatchObject({ messageType: 'CRes', transStatus: 'N' })
    expect(page).toContain('c2Vzc2lvbg')
    const rreq = await rreqOf(challenge)
    expect(rreq).toMatchObject({ transStatus: 'A', authenticationValue: expect.any(String) as string })
    expect(await mails(sekisho, challenge)).toEqual([])
  })

  test('with the first answer, though the code is wrong', async () => {
    const challenge = await planned(sekisho, ds, ending({ transStatus: 'Y' }))
    const page = await opened(sekisho, challenge)
    const done = await answered(sekisho, challenge, page, { otp: wrongCode(await codeOf(sekisho, challenge)) })
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    expect(await rreqOf(challenge)).toMatchObject({ transStatus: 'Y', interactionCounter: '01' })
  })

  test('so long after the answer by the clock, and the page says that it is still checked', async () => {
    const end = { transStatus: 'U', transStatusReason: '22', challengeCancel: '06', after: '4s' }
    const challenge = await planned(sekisho, ds, ending(end))
    const page = await opened(sekisho, challenge)
    const waiting = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    expect(isChallenge(waiting)).toBe(true)
    expect(hintOf(waiting)).toBe('checking')
    clock.advance(3_999)
    expect((await shown(sekisho, challenge.acsTransID)).resultStatus).toBeUndefined()
    clock.advance(1)
    expect(await rreqOf(challenge)).toMatchObject({
      transStatus: 'U',
      transStatusReason: '22',
      challengeCancel: '06',
      interactionCounter: '01',
    })
    const last = await answered(sekisho, challenge, waiting, { action: 'expired' })
    expect(cresIn(last.page)).toMatchObject({ transStatus: 'N' })
  })

  test('with an Erro, where the code says that the CReq was answered with one (CHL-CAN-9)', async () => {
    const areq = areqOf('browser-231', { acctNumber: newChallengeCard(), dsURL: ds.url })
    await put(
      sekisho,
      '/stubs',
      {
        match: { acctNumber: areq.acctNumber },
        // biome-ignore lint/suspicious/noThenProperty: its name in the API
        then: { transStatus: 'C', ...ending({ transStatus: 'U', challengeCancel: '10', on: 'page' }) },
      },
      'POST',
    )
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
    const challenge = { areq, ares, acsTransID: String(ares.acsTransID) }
    const creq = creqFor(ares, { messageVersion: '2.3.1' })
    const { page } = await opened(sekisho, challenge, { creq })
    expect(cresIn(page)).toMatchObject({ messageType: 'Erro', errorCode: '403', errorComponent: 'A' })
    expect(await rreqOf(challenge)).toMatchObject({
      challengeCancel: '10',
      challengeErrorReporting: { messageType: 'Erro', errorCode: '403' },
    })
  })

  test('in what its version can say; the record tells what was asked for, in both languages', async () => {
    const challenge = await planned(
      sekisho,
      ds,
      ending({ transStatus: 'N', transStatusReason: '27', challengeCancel: '10', on: 'page' }),
    )
    await opened(sekisho, challenge)
    expect(await rreqOf(challenge)).toMatchObject({ transStatusReason: '03', challengeCancel: '06' })
    const told = (await timelineOf(sekisho, challenge)).find(({ kind }) => kind === 'plan')
    expect(told?.title).toEqual({ en: 'The plan ends the challenge', ja: '計画によりチャレンジを終了' })
    for (const language of ['en', 'ja'] as const) {
      expect(told?.detail?.[language]).toMatch(/transStatusReason 27.*03.*challengeCancel 10.*06/)
    }
  })
})

describe('a code by text message', () => {
  const sms = { challenge: { kind: 'smsOtp' } }

  test('goes to the phone of the cardholder; the page and the messages say so', async () => {
    const challenge = await planned(sekisho, ds, sms, { browserLanguage: 'en' })
    const page = await opened(sekisho, challenge)
    const { body } = await api(sekisho, `/inbox?acsTransID=${challenge.acsTransID}`)
    const [message] = body.messages as readonly Members[]
    expect(message).toMatchObject({ channel: 'sms', via: 'inbox', code: expect.stringMatching(/^[0-9]{6}$/) as string })
    const phone = String(message?.to)
    expect(phone).toMatch(/^\+44 7700 900[0-9]{3}$/) // nobody's
    expect(String(message?.text)).toContain(String(message?.code))
    expect(page.page).toContain('text message')
    expect(page.page).toContain(phone.slice(-4))
    expect(page.page).not.toContain(phone)
    const done = await answered(sekisho, challenge, page, { otp: String(message?.code) })
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    expect(await rreqOf(challenge)).toMatchObject({ authenticationMethod: '02', authenticationType: '02' })
  })

  test('is what the register says of a card, also in Japanese', async () => {
    const acctNumber = newChallengeCard()
    const { body: card } = await put(
      sekisho,
      '/cards',
      { acctNumber, methods: ['smsOtp'], phone: '+81 90 0000 4321', language: 'ja' },
      'POST',
    )
    expect(card).toMatchObject({ methods: ['smsOtp'] })
    const challenge = await challenged(sekisho, ds, { acctNumber, browserLanguage: 'ja' })
    const { page } = await opened(sekisho, challenge)
    expect(page).toContain('SMS')
    expect(page).toContain('4321')
    expect(page).not.toContain('0000 4321')
    const [mail] = await mails(sekisho, challenge)
    expect(mail).toMatchObject({ to: '+81 90 0000 4321' })
    expect(mail?.text).toContain('認証コード')
  })

  test('is announced in the ARes of 2.3.1', async () => {
    const areq = areqOf('browser-231', { acctNumber: newChallengeCard(), dsURL: ds.url })
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    const stub = { match: { acctNumber: areq.acctNumber }, then: { transStatus: 'C', ...sms } }
    await put(sekisho, '/stubs', stub, 'POST')
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
    expect(ares.authenticationMethod).toEqual(['02'])
  })
})

test('a page that is to be late is not there yet when the code is', async () => {
  const challenge = await planned(sekisho, ds, { challenge: { pageDelay: '10m' } })
  const browser = new AbortController()
  let isThere = false
  const page = fetch(`${sekisho.acs}/acs/challenge`, {
    method: 'POST',
    body: new URLSearchParams({ creq: creqFor(challenge.ares) }),
    signal: browser.signal,
  }).then(
    () => {
      isThere = true
    },
    () => undefined,
  )
  await until(async () => (await mails(sekisho, challenge)).length > 0)
  await api(sekisho, '/stats')
  expect(isThere).toBe(false)
  browser.abort()
  await page
})

describe('a challenge without a browser', () => {
  test('is opened, answered wrongly, resent and passed by API, as a page would do it', async () => {
    const challenge = await challenged(sekisho, ds)
    expect((await driven(sekisho, challenge, 'open')).body).toMatchObject({
      phase: 'awaitingAnswer',
      kind: 'emailOtp',
      triesLeft: 3,
    })
    const code = await codeOf(sekisho, challenge)
    expect((await driven(sekisho, challenge, 'verify', wrongCode(code))).body).toMatchObject({
      hint: 'wrong',
      triesLeft: 2,
    })
    clock.advance(30_000)
    expect((await driven(sekisho, challenge, 'resend')).body).toMatchObject({ hint: 'resent' })
    const { body } = await driven(sekisho, challenge, 'verify', await codeOf(sekisho, challenge))
    expect(body).toMatchObject({
      phase: 'ended',
      verdict: { transStatus: 'Y', interactionCounter: 2, isPlanned: false },
      delivery: 'delivered',
      back: { notificationURL: challenge.areq.notificationURL },
    })
    const cres = JSON.parse(Buffer.from(String((body.back as Members).cres), 'base64url').toString()) as Members
    expect(cres).toMatchObject({ messageType: 'CRes', transStatus: 'Y', acsTransID: challenge.acsTransID })
    expect(await rreqOf(challenge)).toMatchObject({ transStatus: 'Y', interactionCounter: '02' })
    const told = await timelineOf(sekisho, challenge)
    expect(told.filter(({ detail }) => detail?.en === 'by API, without a browser')).toHaveLength(4)
    expect(JSON.stringify(await shown(sekisho, challenge.acsTransID))).not.toContain(code)
  })

  test.each([
    ['cancel', { transStatus: 'N', challengeCancel: '01' }],
    ['expire', { transStatus: 'N', transStatusReason: '14', challengeCancel: '04' }],
  ])('%s ends it', async (action, verdict) => {
    const challenge = await challenged(sekisho, ds)
    await driven(sekisho, challenge, 'open')
    expect((await driven(sekisho, challenge, action)).body).toMatchObject({ phase: 'ended', verdict })
    expect(await rreqOf(challenge)).toMatchObject(verdict)
    expect((await driven(sekisho, challenge, 'verify', '1')).body).toMatchObject({ phase: 'ended', verdict })
  })

  test('whose time is over before a CReq', async () => {
    const challenge = await challenged(sekisho, ds)
    const { body } = await driven(sekisho, challenge, 'expire')
    expect(body).toMatchObject({ verdict: { transStatusReason: '14', challengeCancel: '05' } })
    expect((await api(sekisho, `/transactions/${challenge.acsTransID}/challenge`)).body).toMatchObject({
      phase: 'ended',
      verdict: { challengeCancel: '05' },
    })
  })

  test.each([
    ['approve', { transStatus: 'Y' }],
    ['refuse', { transStatus: 'N', transStatusReason: '01' }],
    ['expire', { transStatus: 'U', transStatusReason: '24', challengeCancel: '03' }],
  ])('decoupled: the cardholder is asked by push, and %s decides', async (action, verdict) => {
    const { body: ares } = await post(
      `${sekisho.acs}/acs/areq`,
      areqOf('browser-220', {
        acctNumber: cardEnding('802'),
        dsURL: ds.url,
        threeDSRequestorDecReqInd: 'Y',
        threeDSRequestorDecMaxTime: '00010',
      }),
    )
    const decoupled = { areq: {}, ares, acsTransID: String(ares.acsTransID) }
    expect(ares.transStatus).toBe('D')
    const { body: inbox } = await api(sekisho, `/inbox?channel=push&acsTransID=${decoupled.acsTransID}`)
    const [note] = inbox.messages as readonly Members[]
    expect(note).toMatchObject({ channel: 'push', to: expect.stringMatching(/^\+44 7700 900/) as string })
    expect(note).not.toHaveProperty('code')
    expect((await driven(sekisho, decoupled, 'open')).status).toBe(409)
    expect((await driven(sekisho, decoupled, action)).body).toMatchObject({ phase: 'ended', verdict })
    expect(await rreqOf(decoupled)).toMatchObject(verdict)
    expect((await timelineOf(sekisho, decoupled)).map(({ kind }) => kind)).toContain('push')
  })

  test('that there is none of is not found', async () => {
    expect((await driven(sekisho, { acsTransID: crypto.randomUUID() }, 'open')).status).toBe(404)
    const challenge = await challenged(sekisho, ds)
    expect((await driven(sekisho, challenge, 'fly')).status).toBe(400)
    expect((await driven(sekisho, challenge, 'approve')).status).toBe(409)
  })
})
