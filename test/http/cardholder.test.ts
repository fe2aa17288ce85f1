// The cardholder API over HTTP: every screen, every action, the return to the shop, and what goes wrong on the way.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, creqFor, cresIn, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf, cardEnding } from './any-areq.ts'
import { answered, type Challenged, hintOf, isChallenge, opened, put, rreqsOf, shown, until } from './support.ts'

let ds: ListeningDs
let clock: ManualClock
let sekisho: Running
let shop: http.Server
let notificationURL = ''
/** What came back to the shop, oldest first. */
const returns: URLSearchParams[] = []
let answerShop = (res: http.ServerResponse): unknown => res.end('<p>back</p>')

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(Date.UTC(2026, 0, 15, 10, 30))
  sekisho = await running({ only: ['acs'] }, { clock, returnsWithinMs: 1_500 })
  shop = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      returns.push(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
      answerShop(res)
    })
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  notificationURL = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/back`
})
afterAll(async () => {
  shop.closeAllConnections()
  await Promise.all([sekisho.close(), ds.close(), new Promise((resolve) => shop.close(resolve))])
})
beforeEach(() => {
  returns.length = 0
  answerShop = (res) => res.end('<p>back</p>')
})

/** A challenge by the last digits of the card. */
async function asked(ending: string, change: Members = {}, column?: string): Promise<Challenged> {
  const own = { acctNumber: cardEnding(ending), dsURL: ds.url, notificationURL, ...change }
  const areq = column === undefined ? browserAReq(own) : areqOf(column, own)
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  return { areq, ares, acsTransID: String(ares.acsTransID) }
}

async function does(
  { acsTransID }: Pick<Challenged, 'acsTransID'>,
  action: string,
  more: Members = {},
): Promise<Members> {
  const { status, body } = await put(sekisho, `/transactions/${acsTransID}/challenge`, { action, ...more }, 'POST')
  return status === 200 ? body : { status, ...body }
}

const sentBack = (form: URLSearchParams | undefined): Members =>
  JSON.parse(Buffer.from(form?.get('cres') ?? '', 'base64url').toString('utf8')) as Members

const rowsOf = async ({ acsTransID }: Challenged): Promise<readonly string[]> =>
  (await shown(sekisho, acsTransID)).messages
    .filter(({ link }) => link.includes('browser'))
    .map(({ messageType, message }) =>
      messageType === undefined ? String(message.action ?? message.page) : messageType,
    )

const passed = { phase: 'ended', verdict: { transStatus: 'Y' }, delivery: 'delivered', returned: { status: 200 } }

describe('submit enters what is right, and wrong what is not', () => {
  test.each([
    ['001', 'code', 'wrong'],
    ['002', 'code', 'wrong'],
    ['003', 'code', 'wrong'],
    ['005', 'question', 'wrong'],
    ['006', 'pictures', 'wrong'],
    ['009', 'entries', 'wrong'],
  ])('of a card ending in %s (%s): once wrong, then right', async (ending, screen, hint) => {
    const challenge = await asked(ending)
    expect(await does(challenge, 'wrong')).toMatchObject({ phase: 'awaitingAnswer', screen, hint, triesLeft: 2 })
    expect(await does(challenge, 'submit')).toMatchObject({ ...passed, verdict: { interactionCounter: 2 } })
    expect(sentBack(returns[0])).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
    expect(returns).toHaveLength(1)
    expect(rreqsOf(ds, challenge.acsTransID)).toMatchObject([{ transStatus: 'Y', interactionCounter: '02' }])
  })

  test('of the banking app: wrong is a refusal, submit and approve confirm (CHL-TR-13)', async () => {
    expect(await does(await asked('007'), 'wrong')).toMatchObject({
      verdict: { transStatus: 'N', transStatusReason: '01' },
      returned: { status: 200 },
    })
    const approved = await asked('008')
    expect(await does(approved, 'approve')).toMatchObject(passed)
    // As a page does that polls: what the banking app said, then the page as it is by now.
    expect(await rowsOf(approved)).toEqual(['CReq', 'challenge', 'approve', 'refresh', 'CRes'])
    expect(await does(await asked('007'), 'submit')).toMatchObject(passed)
  })

  test('answered at the desk, or by nobody in time, a page without a browser goes back by itself (CHL-TMR-3)', async () => {
    const desk = await asked('007')
    await does(desk, 'open')
    const { status } = await put(sekisho, `/approvals/${desk.acsTransID}`, { decision: 'approve' }, 'POST')
    expect(status).toBe(200)
    await until(() => returns.length === 1)
    expect(sentBack(returns[0])).toMatchObject({ acsTransID: desk.acsTransID, transStatus: 'Y' })
    const late = await asked('007')
    await does(late, 'open')
    clock.advance(600_000)
    await until(() => returns.length === 2)
    expect(sentBack(returns[1])).toMatchObject({ acsTransID: late.acsTransID, transStatus: 'N' })
    await until(() => rreqsOf(ds, late.acsTransID).length === 1)
    const left = await asked('001')
    await does(left, 'open')
    await does(left, 'abandon')
    clock.advance(600_000)
    await until(() => rreqsOf(ds, left.acsTransID).length === 1)
    expect(returns).toHaveLength(2)
  })

  test('three times wrong ends it (CHL-ATT-3), and what comes after it changes nothing', async () => {
    const challenge = await asked('005')
    await does(challenge, 'wrong')
    await does(challenge, 'wrong')
    const failed = { phase: 'ended', verdict: { transStatus: 'N', transStatusReason: '19', interactionCounter: 3 } }
    expect(await does(challenge, 'wrong')).toMatchObject({ ...failed, returned: { status: 200 } })
    const after = await does(challenge, 'submit')
    expect(after).toMatchObject({ ...failed, back: { notificationURL } })
    expect(after).not.toHaveProperty('returned')
    expect(returns).toHaveLength(1)
  })

  test('what is given is entered: keys, a code, a password', async () => {
    expect(await does(await asked('006'), 'submit', { value: 'bell, tea' })).toMatchObject(passed)
    expect(await does(await asked('005'), 'select', { selected: ['od'] })).toMatchObject({ hint: 'wrong' })
    const entries = await asked('009')
    expect(await does(entries, 'submit', { password: 'sesame' })).toMatchObject({ hint: 'wrong' })
    expect(await does(entries, 'submit', { otp: '' })).toMatchObject({ hint: 'empty', triesLeft: 2 })
    expect(await does(entries, 'verify', { password: 'SekiSho' })).toMatchObject(passed)
    expect(JSON.stringify(await shown(sekisho, entries.acsTransID))).not.toMatch(/sesame|SekiSho/)
  })
})

describe('other ways and other screens', () => {
  test('where the code goes is selected, changed, and asked for again (CHL-TR-11, CHL-ATT-5)', async () => {
    const challenge = await asked('004')
    expect(await does(challenge, 'open')).toMatchObject({
      screen: 'choose',
      asks: { options: [{ key: 'email' }, { key: 'sms' }, { key: 'push' }] },
    })
    expect(await does(challenge, 'wrong')).toMatchObject({ status: 409, error: 'wrong does not fit the screen choose' })
    expect(await does(challenge, 'select')).toMatchObject({ status: 400, path: 'value' })
    expect(await does(challenge, 'select', { value: 'sms' })).toMatchObject({
      screen: 'code',
      asks: { channel: 'sms' },
    })
    expect(await does(challenge, 'otherWay')).toMatchObject({ screen: 'choose' })
    clock.advance(31_000)
    expect(await does(challenge, 'select', { value: 'push' })).toMatchObject({
      hint: 'resent',
      asks: { channel: 'push' },
    })
    clock.advance(31_000)
    expect(await does(challenge, 'resend')).toMatchObject({ hint: 'resent' })
    expect(await does(challenge, 'submit')).toMatchObject(passed)
  })

  test('information is read on, and the code follows [2.3.1]; before it there is only the code (VER-23-7)', async () => {
    const challenge = await asked('010', {}, 'browser-231')
    expect(await does(challenge, 'open')).toMatchObject({ screen: 'info' })
    expect(await does(challenge, 'continue')).toMatchObject({ screen: 'code' })
    expect(await does(challenge, 'submit')).toMatchObject(passed)
    expect(await does(await asked('010'), 'open')).toMatchObject({ screen: 'code' })
  })

  test('what a screen does not offer is told, and changes nothing', async () => {
    const challenge = await asked('005')
    expect(await does(challenge, 'approve')).toMatchObject({ status: 409 })
    expect(await rowsOf(challenge)).toEqual([]) // not even opened for it
    await does(challenge, 'open')
    for (const action of ['resend', 'otherWay', 'continue', 'refuse'])
      expect(await does(challenge, action), action).toMatchObject({ status: 409, path: 'action' })
    expect(await does(await asked('001'), 'select', { value: 'a' })).toMatchObject({ status: 409 })
  })

  test('a page that never learns of the approval asks on (FLOW-OOB-4), and cancel ends it', async () => {
    const challenge = await asked('012')
    expect(await does(challenge, 'approve')).toMatchObject({ phase: 'awaitingAnswer', screen: 'app' })
    for (let looks = 0; looks < 3; looks += 1)
      expect(await does(challenge, 'continue')).toMatchObject({ screen: 'app', hint: 'appOpen', triesLeft: 3 })
    expect(await does(challenge, 'cancel')).toMatchObject({
      verdict: { transStatus: 'N', challengeCancel: '01' },
      returned: { status: 200 },
    })
  })

  test('trust says yes to all that is asked, submit to nothing (CHL-TL-1, CHL-TL-2)', async () => {
    const change = { threeDSRequestorChallengeInd: '09', acquirerMerchantID: 'TRUST-ME-1' }
    const consentOf = async ({ acsTransID }: Challenged): Promise<unknown> => {
      const { challenge } = await shown(sekisho, acsTransID)
      return (challenge as { verdict: Members }).verdict.consent
    }
    const plain = await asked('005', change)
    expect(await does(plain, 'open')).toMatchObject({ asks: { prompts: ['trustList'] } })
    await does(plain, 'submit')
    expect(await consentOf(plain)).toEqual({ trustList: false })
    const named = await asked('005', change)
    await does(named, 'submit', { trustList: true })
    expect(await consentOf(named)).toEqual({ trustList: true })
    const inApp = await asked('007', change)
    await does(inApp, 'trust')
    expect(await consentOf(inApp)).toEqual({ trustList: true })
  })

  test('after the end the banking app is too late, and the record says so', async () => {
    const challenge = await asked('007')
    await does(challenge, 'open')
    clock.advance(600_000)
    await until(async () => (await shown(sekisho, challenge.acsTransID)).resultStatus === 'N')
    expect(await does(challenge, 'approve')).toMatchObject({ verdict: { transStatus: 'N', challengeCancel: '04' } })
    const rows = (await shown(sekisho, challenge.acsTransID)).messages
    expect(rows.find(({ message }) => message.action === 'approve')?.message).toEqual({
      action: 'approve',
      isLate: true,
    })
    // The page that is still open goes back when somebody presses its button (CHL-REP-9).
    expect(await does(challenge, 'continue')).toMatchObject({ returned: { status: 200 } })
    expect(sentBack(returns[0])).toMatchObject({ transStatus: 'N' })
  })
})

describe('the CReq and the way back', () => {
  test('window size and session data are those of the call, and come back as they went (FLOW-GEN-5)', async () => {
    const challenge = await asked('001')
    await does(challenge, 'open', { windowSize: '01', threeDSSessionData: 'b3JkZXItNDI' })
    const [creq] = (await shown(sekisho, challenge.acsTransID)).messages.filter(
      ({ messageType }) => messageType === 'CReq',
    )
    expect(creq).toMatchObject({ message: { challengeWindowSize: '01' }, headers: { via: 'api' } })
    await does(challenge, 'submit')
    expect(returns[0]?.get('threeDSSessionData')).toBe('b3JkZXItNDI')
  })

  test('opened again it goes on as it is; with another size 2.3.1 refuses it (CHL-REP-1, CHL-REP-2)', async () => {
    const challenge = await asked('001', {}, 'browser-231')
    await does(challenge, 'open')
    await does(challenge, 'wrong')
    expect(await does(challenge, 'open')).toMatchObject({ phase: 'awaitingAnswer', triesLeft: 2 })
    expect(await does(challenge, 'open', { windowSize: '02' })).toMatchObject({
      verdict: { transStatus: 'U', challengeCancel: '10' },
      returned: { status: 200 },
    })
    expect(sentBack(returns[0])).toMatchObject({ messageType: 'Erro', errorCode: '305' })
  })

  test('a browser that comes after it takes the page over, also in 2.3.1, and goes back by itself', async () => {
    const challenge = await asked('001', {}, 'browser-231')
    await does(challenge, 'open')
    const creq = creqFor(challenge.ares, { messageVersion: '2.3.1' })
    const page = await opened(sekisho, challenge, { creq, threeDSSessionData: 'YnJvd3Nlcg' })
    expect(isChallenge(page)).toBe(true)
    const body = await does(challenge, 'submit')
    expect(body).toMatchObject({ verdict: { transStatus: 'Y' }, back: { threeDSSessionData: 'YnJvd3Nlcg' } })
    expect(body).not.toHaveProperty('returned')
    expect(returns).toEqual([])
    const late = await answered(sekisho, challenge, page, { action: 'refresh' })
    expect(cresIn(late.page)).toMatchObject({ transStatus: 'Y' })
  })

  test('a browser that was there before it shows what the API has done', async () => {
    const challenge = await asked('001')
    const page = await opened(sekisho, challenge)
    expect(await does(challenge, 'wrong')).toMatchObject({ hint: 'wrong', triesLeft: 2 })
    expect(hintOf(await answered(sekisho, challenge, page, { otp: '' }))).toBe('stale')
  })

  test.each([
    ['post: false leaves it to the caller', { post: false }, undefined],
    ['an address elsewhere is not called', {}, { problem: expect.stringMatching(/^not called: /) as string }],
  ])('%s', async (what, more, returned) => {
    const elsewhere = { notificationURL: 'https://3dss.example/back' }
    const challenge = await asked('001', what.startsWith('an address') ? elsewhere : {})
    const body = await does(challenge, 'submit', more)
    expect(body).toMatchObject({ verdict: { transStatus: 'Y' }, back: { cres: expect.any(String) as string } })
    expect(body.returned).toEqual(returned)
    expect(returns).toEqual([])
  })

  test.each([
    ['is down', 'no connection: ECONNREFUSED'],
    ['breaks off', 'no connection: ECONNRESET'],
    ['does not answer', 'no answer in time'],
  ])('a notificationURL that %s is told, and nothing is lost', async (how, problem) => {
    answerShop = (res) => (how === 'breaks off' ? res.socket?.destroy() : undefined)
    const change = how === 'is down' ? { notificationURL: 'http://127.0.0.1:1/back' } : {}
    const challenge = await asked('001', change)
    expect(await does(challenge, 'submit')).toMatchObject({
      ...passed,
      returned: { problem },
      back: { cres: expect.any(String) as string },
    })
  })

  test('a redirect is told, not followed', async () => {
    answerShop = (res) => res.writeHead(303, { location: notificationURL }).end()
    expect(await does(await asked('001'), 'submit')).toMatchObject({ returned: { status: 303 } })
    expect(returns).toHaveLength(1)
  })

  test('abandon closes the window: nothing is sent, and time ends it (CHL-CAN-4)', async () => {
    const challenge = await asked('001')
    await does(challenge, 'open')
    const rows = await rowsOf(challenge)
    expect(await does(challenge, 'abandon')).toMatchObject({ phase: 'awaitingAnswer' })
    expect(await rowsOf(challenge)).toEqual(rows)
    expect(await does(challenge, 'expire')).toMatchObject({
      verdict: { transStatusReason: '14', challengeCancel: '04' },
    })
    expect(returns).toEqual([])
    const open = await asked('001')
    await does(open, 'open')
    expect(await does(open, 'expire')).toMatchObject({ verdict: { challengeCancel: '04' }, returned: { status: 200 } })
  })
})

describe('what goes wrong on purpose', () => {
  const fault = (link: string, message: string, kind: Members) =>
    put(sekisho, '/faults', { link, message, fault: kind }, 'POST')

  test('a CReq or an answer that is lost does not arrive', async () => {
    const challenge = await asked('001')
    await fault('browser→ACS', 'CReq', { kind: 'drop' })
    expect(await does(challenge, 'open')).toMatchObject({ phase: 'awaitingFirstCReq', fault: 'drop' })
    await does(challenge, 'open')
    await fault('browser→ACS', 'answer', { kind: 'status', status: 502 })
    expect(await does(challenge, 'submit')).toMatchObject({
      phase: 'awaitingAnswer',
      fault: 'status 502',
      triesLeft: 3,
    })
    expect(await does(challenge, 'submit')).toMatchObject(passed)
  })

  test('a CReq that is late arrives late, and its row says so', async () => {
    const challenge = await asked('001')
    await fault('browser→ACS', 'CReq', { kind: 'delay', delay: 5 })
    expect(await does(challenge, 'open')).toMatchObject({ phase: 'awaitingAnswer', fault: 'delay 5 ms' })
    const rows = (await shown(sekisho, challenge.acsTransID)).messages.filter(
      ({ messageType }) => messageType === 'CReq',
    )
    expect(rows).toMatchObject([{ fault: 'delay 5 ms' }])
  })

  test('a CReq with other elements is refused as it would be from a browser (ACS-VAL-104)', async () => {
    const challenge = await asked('001')
    await fault('browser→ACS', 'CReq', { kind: 'set', element: 'challengeWindowSize', value: '99' })
    expect(await does(challenge, 'open')).toMatchObject({ verdict: { transStatus: 'U' }, returned: { status: 200 } })
    expect(sentBack(returns[0])).toMatchObject({
      messageType: 'Erro',
      errorCode: '203',
      errorDetail: 'challengeWindowSize',
    })
  })

  test('a final CRes is lost with its page, or arrives with other elements', async () => {
    const lost = await asked('001')
    await fault('ACS→browser', 'CRes', { kind: 'reset' })
    const body = await does(lost, 'submit')
    expect(body).toMatchObject({ verdict: { transStatus: 'Y' }, fault: 'reset' })
    expect(body).not.toHaveProperty('returned')
    const other = await asked('001')
    await fault('ACS→browser', 'CRes', { kind: 'missing', element: 'transStatus' })
    expect(await does(other, 'submit')).toMatchObject(passed)
    expect(sentBack(returns[0])).not.toHaveProperty('transStatus')
  })
})
