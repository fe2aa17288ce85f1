// Plans that play themselves, by the clock of the tenant: the cards 020 to 027, decoupled authentications, a browser that comes as well,
// and a process that ends in the middle.
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, creqFor, cresIn, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf, cardEnding } from './any-areq.ts'
import { answered, type Challenged, isChallenge, opened, put, rreqsOf, type Shown, shown, until } from './support.ts'

const start = Date.UTC(2026, 0, 15, 10, 30)

let ds: ListeningDs
let clock: ManualClock
let sekisho: Running
let shop: http.Server
/** The shop takes what it is sent, and never answers. */
let isShopSilent = false
let notificationURL = ''
const returns: Members[] = []

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(start)
  sekisho = await running({ only: ['acs'] }, { clock })
  shop = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const cres = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('cres') ?? ''
      returns.push(JSON.parse(Buffer.from(cres, 'base64url').toString('utf8')) as Members)
      if (!isShopSilent) res.end('<p>back</p>')
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
  isShopSilent = false
  returns.length = 0
})

async function asked(acs: Running, ending: string, change: Members = {}, column?: string): Promise<Challenged> {
  const own = { acctNumber: cardEnding(ending), dsURL: ds.url, notificationURL, ...change }
  const areq = column === undefined ? browserAReq(own) : areqOf(column, own)
  const { body: ares } = await post(`${acs.acs}/acs/areq`, areq)
  return { areq, ares, acsTransID: String(ares.acsTransID) }
}

/** With a plan of its own. */
async function askedToPlay(
  acs: Running,
  play: readonly Members[],
  { plan = { transStatus: 'C' }, column, ...change }: Members & { plan?: Members; column?: string } = {},
): Promise<Challenged> {
  const acctNumber = cardEnding('000')
  const { challenge = {}, ...then } = plan
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  const stub = { match: { acctNumber }, then: { ...then, challenge: { ...(challenge as Members), play } } }
  const { status, body } = await put(sekisho, '/stubs', stub, 'POST')
  if (status !== 201) throw new Error(JSON.stringify(body))
  return asked(acs, '000', { acctNumber, ...change }, column)
}

const isPlayed = ({ steps }: Shown): number => steps.filter(({ kind, done }) => kind === 'play' && done).length

/** So many steps have been done. */
const played = (acs: Running, { acsTransID }: Challenged, count: number): Promise<void> =>
  until(async () => isPlayed(await shown(acs, acsTransID)) >= count)

const pagesOf = async ({ acsTransID }: Challenged): Promise<readonly Members[]> =>
  (await shown(sekisho, acsTransID)).messages
    .filter(({ link, messageType }) => link === 'ACS→browser' && messageType === undefined)
    .map(({ message }) => message)

const verdictOf = async (acs: Running, { acsTransID }: Challenged): Promise<unknown> => {
  const { challenge } = await shown(acs, acsTransID)
  return (challenge as { verdict?: Members }).verdict
}

/** The RReq of it, and what came back to the shop. */
async function came(challenge: Challenged): Promise<Members> {
  await until(() => rreqsOf(ds, challenge.acsTransID).length === 1)
  await until(() => returns.length === 1)
  expect(returns).toMatchObject([{ messageType: 'CRes', acsTransID: challenge.acsTransID }])
  return rreqsOf(ds, challenge.acsTransID)[0] ?? {}
}

describe('a card that plays itself', () => {
  test.each([
    ['020', [3_000], { transStatus: 'Y', interactionCounter: '01' }],
    ['021', [2_000, 2_000, 2_000], { transStatus: 'Y', interactionCounter: '03' }],
    ['022', [2_000, 2_000, 2_000], { transStatus: 'N', transStatusReason: '19', interactionCounter: '03' }],
    ['023', [3_000], { transStatus: 'N', challengeCancel: '01' }],
    ['025', [3_000], { transStatus: 'Y' }],
    ['026', [3_000], { transStatus: 'N', transStatusReason: '01' }],
  ])('%s: each step at its time, and the form goes back to the shop', async (ending, waits, rreq) => {
    const challenge = await asked(sekisho, ending)
    await played(sekisho, challenge, 1)
    for (const [index, wait] of waits.entries()) {
      clock.advance(wait - 1)
      expect(isPlayed(await shown(sekisho, challenge.acsTransID))).toBe(index + 1)
      clock.advance(1)
      await played(sekisho, challenge, index + 2)
    }
    expect(await came(challenge)).toMatchObject(rreq)
    expect(returns).toMatchObject([{ transStatus: rreq.transStatus }])
    const { timeline } = await shown(sekisho, challenge.acsTransID)
    expect(JSON.stringify(timeline)).toContain('by its plan, without a browser')
  })

  test('024: opened and left alone, nobody goes back; the time ends it (CHL-CAN-4, CHL-TMR-3)', async () => {
    const challenge = await asked(sekisho, '024')
    await played(sekisho, challenge, 2)
    clock.advance(600_000)
    await until(() => rreqsOf(ds, challenge.acsTransID).length === 1)
    expect(rreqsOf(ds, challenge.acsTransID)[0]).toMatchObject({ transStatusReason: '14', challengeCancel: '04' })
    expect(returns).toEqual([])
  })

  test('027: an approval after eleven minutes is too late, and the record says so', async () => {
    const challenge = await asked(sekisho, '027')
    await played(sekisho, challenge, 1)
    clock.advance(600_000)
    await until(() => returns.length === 1) // the page that nobody has in front of them goes back when its time is over
    expect(returns).toMatchObject([{ transStatus: 'N' }])
    clock.advance(60_000)
    await played(sekisho, challenge, 2)
    expect(await verdictOf(sekisho, challenge)).toMatchObject({ transStatus: 'N', challengeCancel: '04' })
    const { messages } = await shown(sekisho, challenge.acsTransID)
    expect(messages.at(-1)).toMatchObject({ message: { action: 'approve', isLate: true }, headers: { via: 'plan' } })
  })
})

describe('a browser beside the play', () => {
  test('that comes after the play has opened the page takes it over, is answered for, and goes back itself', async () => {
    const challenge = await asked(sekisho, '020', {}, 'browser-231')
    await played(sekisho, challenge, 1)
    const page = await opened(sekisho, challenge, { creq: creqFor(challenge.ares, { messageVersion: '2.3.1' }) })
    expect(isChallenge(page)).toBe(true)
    clock.advance(3_000)
    await played(sekisho, challenge, 2)
    const last = await answered(sekisho, challenge, page, { action: 'refresh' })
    expect(cresIn(last.page)).toMatchObject({ transStatus: 'Y' })
    expect(returns).toEqual([])
  })

  test('that was there before it: open is done already', async () => {
    const challenge = await askedToPlay(sekisho, [
      { do: 'open', after: '2s' },
      { do: 'submit', after: '1s' },
    ])
    const page = await opened(sekisho, challenge)
    clock.advance(2_000)
    await played(sekisho, challenge, 1)
    expect(await pagesOf(challenge)).toHaveLength(1)
    clock.advance(1_000)
    await played(sekisho, challenge, 2)
    expect(cresIn((await answered(sekisho, challenge, page, { action: 'refresh' })).page)).toMatchObject({
      transStatus: 'Y',
    })
    expect(returns).toEqual([])
  })

  test('a play that does not begin with open waits for it', async () => {
    const challenge = await askedToPlay(sekisho, [{ do: 'wrong', after: '5s' }, { do: 'submit' }])
    clock.advance(20_000)
    expect((await shown(sekisho, challenge.acsTransID)).steps.some(({ kind }) => kind === 'play')).toBe(false)
    await opened(sekisho, challenge)
    clock.advance(5_000)
    await played(sekisho, challenge, 2)
    expect(await verdictOf(sekisho, challenge)).toMatchObject({ transStatus: 'Y', interactionCounter: 2 })
  })
})

describe('a play', () => {
  test('goes through other ways; a step that does not fit is left out and logged', async () => {
    const steps = [{ do: 'open' }, { do: 'select', value: 'sms' }, { do: 'approve' }, { do: 'otherWay' }]
    const more = [{ do: 'select', value: 'push', after: '31s' }, { do: 'trust' }]
    const plan = { transStatus: 'C', challenge: { kind: 'chooseOtp', prompts: ['trustList'] } }
    const challenge = await askedToPlay(sekisho, [...steps, ...more], { plan, acquirerMerchantID: 'PLAYED-1' })
    await played(sekisho, challenge, 4)
    clock.advance(31_000)
    expect(await came(challenge)).toMatchObject({
      transStatus: 'Y',
      authenticationMethod: expect.any(String) as string,
    })
    expect(await verdictOf(sekisho, challenge)).toMatchObject({ channel: 'push', consent: { trustList: true } })
    expect(sekisho.log()).toContain('approve does not fit')
  })

  test.each([
    ['approve', { transStatus: 'Y' }],
    ['refuse', { transStatus: 'N', transStatusReason: '01' }],
  ])('of a decoupled authentication: %s after a minute, and nothing before it (RES-DEC-5)', async (action, rreq) => {
    const decoupled = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00010' }
    const plan = { transStatus: 'D' }
    const challenge = await askedToPlay(sekisho, [{ do: action, after: '1m' }], {
      plan,
      column: 'browser-220',
      ...decoupled,
    })
    expect(challenge.ares.transStatus).toBe('D')
    clock.advance(59_999)
    expect(await verdictOf(sekisho, challenge)).toBeUndefined()
    clock.advance(1)
    await until(() => rreqsOf(ds, challenge.acsTransID).length === 1)
    expect(rreqsOf(ds, challenge.acsTransID)[0]).toMatchObject(rreq)
    expect(returns).toEqual([])
  })

  test('is over when somebody abandons it by API', async () => {
    const challenge = await asked(sekisho, '020')
    await played(sekisho, challenge, 1)
    await put(sekisho, `/transactions/${challenge.acsTransID}/challenge`, { action: 'abandon' }, 'POST')
    clock.advance(599_999)
    expect(await verdictOf(sekisho, challenge)).toBeUndefined()
    clock.advance(1)
    await until(async () => (await verdictOf(sekisho, challenge)) !== undefined)
    expect(await verdictOf(sekisho, challenge)).toMatchObject({ challengeCancel: '04' })
  })
})

describe('a process that ends in the middle', () => {
  let dataDir = ''
  let now = start
  const begun = (): Promise<Running> => {
    clock = manualClock(now)
    return running({ only: ['acs'], ephemeral: false, dataDir }, { clock })
  }
  beforeAll(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'sekisho-play-'))
  })
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

  test('plays on where it was: no step twice, none left out, also one whose time came meanwhile', async () => {
    let acs = await begun()
    const challenge = await asked(acs, '021')
    await played(acs, challenge, 1)
    clock.advance(2_000)
    await played(acs, challenge, 2)
    now = clock.now() + 1_000
    await acs.close()
    acs = await begun()
    try {
      const { challenge: kept } = await shown(acs, challenge.acsTransID)
      expect(kept).toMatchObject({ phase: 'awaitingAnswer', interactions: 1 })
      clock.advance(1_000)
      await played(acs, challenge, 3)
      now = clock.now() + 60_000
      await acs.close()
      acs = await begun()
      await played(acs, challenge, 4)
      expect(await came(challenge)).toMatchObject({ transStatus: 'Y', interactionCounter: '03' })
    } finally {
      await acs.close()
    }
  })

  test('goes back to the shop, where the process that ended the challenge did not live to do so', async () => {
    let acs = await begun()
    const challenge = await asked(acs, '001')
    const said = { action: 'submit', post: false }
    await put(acs, `/transactions/${challenge.acsTransID}/challenge`, said, 'POST')
    expect(returns).toEqual([])
    const { id, at } = await shown(acs, challenge.acsTransID)
    await acs.close()
    // As the row lies there between the verdict and the way back.
    const db = new Database(path.join(dataDir, 'sekisho.sqlite'))
    db.prepare(
      'insert into effect (tenant, transaction_id, kind, payload, due_at, created_at) values (0, ?, ?, ?, ?, ?)',
    ).run(id, 'play', JSON.stringify({ play: 'return' }), at, at)
    db.close()
    acs = await begun()
    try {
      await until(() => returns.length === 1)
      expect(returns).toMatchObject([{ acsTransID: challenge.acsTransID, transStatus: 'Y' }])
      await until(async () => (await shown(acs, challenge.acsTransID)).steps.every(({ done }) => done))
    } finally {
      await acs.close()
    }
  })

  test('goes back to the shop once more, where the process ended before the shop had answered', async () => {
    let acs = await begun()
    isShopSilent = true
    const challenge = await asked(acs, '020')
    await played(acs, challenge, 1)
    clock.advance(3_000)
    await until(() => returns.length === 1)
    now = clock.now()
    await acs.close()
    isShopSilent = false
    acs = await begun()
    try {
      await until(() => returns.length === 2)
      expect(returns[1]).toEqual(returns[0])
      await until(async () => (await shown(acs, challenge.acsTransID)).steps.every(({ done }) => done))
    } finally {
      await acs.close()
    }
  })
})
