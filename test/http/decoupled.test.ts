// Decoupled authentication over HTTP: the ARes D, what the cardholder of a scenario does, and the one RReq.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { parseARes, parseRReq } from '../../src/protocol/messages/parse.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { creqFor, cresIn, type Members, post, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf, cardEnding } from './any-areq.ts'
import { errosOf, rreqsOf, shown, until } from './support.ts'

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
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? answerTo(message) : '')
})

/** An RRes as the version and channel have it: sdkTransID where the RReq had one. */
const answerTo = (rreq: Members, change: Members = {}): Members =>
  rres(rreq, { ...(rreq.sdkTransID !== undefined && { sdkTransID: rreq.sdkTransID }), ...change })

const wanting = (column: string, ending: string, change: Members = {}): Members =>
  areqOf(column, {
    acctNumber: cardEnding(ending),
    dsURL: ds.url,
    threeDSRequestorDecReqInd: 'Y',
    threeDSRequestorDecMaxTime: '00010',
    ...change,
  })

const begun = async (areq: Members, at = sekisho): Promise<Members> => {
  const { body } = await post(`${at.acs}/acs/areq`, areq)
  if (body.transStatus !== 'D') throw new Error(`expected D, got ${JSON.stringify(body)}`)
  return body
}

const tenMinutes = 600_000
const columns = [
  'app-220',
  'browser-220',
  '3ri-220',
  'app-231',
  'browser-231',
  '3ri-231',
  'browser-npa-220',
  '3ri-npa-231',
]

describe.each(columns)('a decoupled authentication of %s', (column) => {
  const version = String(areqOf(column).messageVersion)
  const channel = String(areqOf(column).deviceChannel)
  const category = String(areqOf(column).messageCategory)

  const rreqAfter = async (ending: string, wait: number): Promise<{ ares: Members; rreq: Members }> => {
    const ares = await begun(wanting(column, ending))
    const acsTransID = String(ares.acsTransID)
    clock.advance(wait - 1)
    expect(rreqsOf(ds, acsTransID)).toEqual([])
    clock.advance(1)
    await until(() => rreqsOf(ds, acsTransID).length > 0)
    await until(async () => (await shown(sekisho, acsTransID)).delivery === 'delivered')
    clock.advance(2 * tenMinutes)
    const sent = rreqsOf(ds, acsTransID)
    expect(sent).toHaveLength(1) // RES-RR-1
    const [rreq = {}] = sent
    expect(rreq.acsRenderingType).toBeUndefined()
    const counter = version === '2.2.0' && channel !== '03' ? '00' : undefined // VER-23-28
    expect(rreq.interactionCounter).toBe(counter)
    const { warnings } = parseRReq(Buffer.from(JSON.stringify(rreq)), {
      profile: 'strict',
      channel,
      category,
      version,
      context: { ARes: ares, 'ARes.acsDecConInd': 'Y' },
    })
    expect(warnings).toEqual([])
    expect((await shown(sekisho, acsTransID)).steps.every(({ done }) => done)).toBe(true)
    return { ares, rreq }
  }

  test('is confirmed by the ARes and then by the cardholder (RES-DEC-2, RES-DEC-5, RES-DEC-11, RES-MX-14)', async () => {
    const { ares, rreq } = await rreqAfter('800', 5_000)
    expect(ares).toMatchObject({
      acsDecConInd: 'Y',
      ...(version === '2.2.0'
        ? { authenticationType: '04', cardholderInfo: expect.any(String) }
        : { authenticationMethod: expect.arrayContaining(['12']), cardholderInfo: { text: expect.any(String) } }),
    })
    expect(ares.acsChallengeMandated).toMatch(/^[YN]$/)
    for (const name of ['acsURL', 'eci', 'authenticationValue', 'transStatusReason'])
      expect(ares).not.toHaveProperty(name)
    parseARes(Buffer.from(JSON.stringify(ares)), { profile: 'strict', channel, category, version })
    expect(rreq).toMatchObject({
      transStatus: 'Y',
      messageCategory: category,
      ...(version === '2.2.0'
        ? { authenticationType: '04' }
        : { authenticationMethod: expect.arrayContaining(['12']) }),
    })
    expect(Object.hasOwn(rreq, 'authenticationValue')).toBe(category === '01')
    expect(rreq).not.toHaveProperty('challengeCancel')
  })

  test('is refused by the cardholder (RES-DEC-7)', async () => {
    const { rreq } = await rreqAfter('801', 5_000)
    expect(rreq).toMatchObject({ transStatus: 'N', transStatusReason: '01' })
    expect(rreq).not.toHaveProperty('challengeCancel')
    expect(rreq).not.toHaveProperty('authenticationValue')
  })

  test('expires at its maximum time, without a grace (RES-DEC-4, RES-DEC-6, RES-MX-15, FLOW-TMR-12)', async () => {
    const { rreq } = await rreqAfter('802', tenMinutes)
    expect(rreq).toMatchObject({ transStatus: 'U', transStatusReason: '24', challengeCancel: '03' })
    for (const name of ['authenticationValue', 'authenticationType', 'authenticationMethod'])
      expect(rreq).not.toHaveProperty(name)
  })
})

test('the last minute of seven days counts, not the next (RES-DEC-4)', async () => {
  const ares = await begun(wanting('browser-231', '802', { threeDSRequestorDecMaxTime: '10080' }))
  const acsTransID = String(ares.acsTransID)
  clock.advance(7 * 86_400_000 - 1)
  expect(rreqsOf(ds, acsTransID)).toEqual([])
  clock.advance(1)
  await until(() => rreqsOf(ds, acsTransID).length > 0)
})

test.each(['browser-220', 'browser-231'])(
  '%s: no CReq opens it, before or after the result (RES-DEC-8, ACS-VAL-98)',
  async (column) => {
    const areq = wanting(column, '800')
    const ares = await begun(areq)
    const acsTransID = String(ares.acsTransID)
    const creq = creqFor(ares, { messageVersion: areq.messageVersion })
    const knock = () => postForm(`${sekisho.acs}/acs/challenge`, { creq })
    expect(cresIn((await knock()).page)).toMatchObject({
      messageType: 'Erro',
      errorCode: '305',
      errorDetail: 'acsTransID',
    })
    expect(rreqsOf(ds, acsTransID)).toEqual([])
    expect((await shown(sekisho, acsTransID)).challenge).toMatchObject({ phase: 'awaitingDecoupled' })
    clock.advance(5_000)
    await until(() => rreqsOf(ds, acsTransID).length > 0)
    expect(cresIn((await knock()).page)).toMatchObject({ messageType: 'Erro', errorCode: '305' })
    expect(rreqsOf(ds, acsTransID)).toMatchObject([{ transStatus: 'Y' }])
  },
)

test('a CReq for an app transaction gets a page and ends nothing (SEC-RPL-5, RES-DEC-8)', async () => {
  const ares = await begun(wanting('app-231', '800'))
  const creq = creqFor(ares, { messageVersion: '2.3.1' })
  const page = await postForm(`${sekisho.acs}/acs/challenge`, { creq })
  expect([page.status, cresIn(page.page)]).toEqual([400, undefined])
  clock.advance(5_000)
  await until(() => rreqsOf(ds, String(ares.acsTransID)).length > 0)
})

test('an Erro of the DS about the ARes ends it without an RReq (ACS-VAL-151, CHL-TR-21)', async () => {
  const areq = wanting('browser-231', '800')
  const ares = await begun(areq)
  const { status, body } = await post(`${sekisho.acs}/acs/areq`, {
    messageType: 'Erro',
    messageVersion: '2.3.1',
    threeDSServerTransID: areq.threeDSServerTransID,
    acsTransID: ares.acsTransID,
    dsTransID: areq.dsTransID,
    errorCode: '203',
    errorComponent: 'D',
    errorDescription: 'x',
    errorDetail: 'transStatus',
    errorMessageType: 'ARes',
  })
  expect([status, body]).toEqual([200, {}])
  clock.advance(2 * tenMinutes)
  expect(rreqsOf(ds, String(ares.acsTransID))).toEqual([])
})

test.each([
  ['another sdkTransID', (rreq: Members) => answerTo(rreq, { sdkTransID: crypto.randomUUID() }), '301', 'sdkTransID'],
  ['no sdkTransID', (rreq: Members) => rres(rreq), '201', 'sdkTransID'],
])(
  'an RRes of the app with %s is an Erro to the DS only (ACS-VAL-137, ACS-VAL-144)',
  async (_, make, errorCode, errorDetail) => {
    ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? make(message) : '')
    const ares = await begun(wanting('app-220', '800'))
    const acsTransID = String(ares.acsTransID)
    clock.advance(5_000)
    await until(() => errosOf(ds, acsTransID).length > 0)
    expect(errosOf(ds, acsTransID)).toMatchObject([
      { errorCode, errorDetail, errorMessageType: 'RRes', errorComponent: 'A' },
    ])
    expect(await shown(sekisho, acsTransID)).toMatchObject({ resultStatus: 'Y' })
  },
)

test('a D in the timeline and the counts is a challenge that waits, and then what came of it', async () => {
  const ares = await begun(wanting('browser-231', '802'))
  const detail = await shown(sekisho, String(ares.acsTransID))
  const moments = detail.timeline as readonly { kind: string; title: { en: string; ja: string } }[]
  expect(moments.filter(({ kind }) => kind === 'waits')).toHaveLength(1)
  clock.advance(tenMinutes)
  await until(async () => (await shown(sekisho, String(ares.acsTransID))).delivery === 'delivered')
  const after = (await shown(sekisho, String(ares.acsTransID))).timeline as typeof moments
  expect(after.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['timeout', 'verdict', 'RReq', 'RRes']))
  expect(JSON.stringify(after)).not.toContain('undefined')
})

describe('a restart', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  test.each([
    ['800', 1_000, 5_000, 'Y'],
    ['802', 1_000, tenMinutes, 'U'],
    // Both times pass while nobody runs: the earlier one counts.
    ['801', 2 * tenMinutes, 0, 'N'],
    ['802', 2 * tenMinutes, 0, 'U'],
  ])('of card %s after %i ms, then %i ms later: %s (RES-DEC-14, CHL-SM-7)', async (ending, down, wait, transStatus) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'sekisho-decoupled-'))
    folders.push(dataDir)
    const settings = { only: ['acs'] as ['acs'], ephemeral: false, dataDir }
    const first = await running(settings, { clock: manualClock(start) })
    const ares = await begun(wanting('browser-231', ending), first)
    await first.close()
    const later = manualClock(start + down)
    const second = await running(settings, { clock: later })
    try {
      later.advance(wait)
      await until(() => rreqsOf(ds, String(ares.acsTransID)).length > 0)
      await until(async () => (await shown(second, String(ares.acsTransID))).delivery === 'delivered')
      later.advance(2 * tenMinutes)
      expect(rreqsOf(ds, String(ares.acsTransID))).toMatchObject([{ transStatus }])
    } finally {
      await second.close()
    }
  })
})
