// The RReq out of its order, over HTTP: after the final CRes, after the return, instead of it, late, several times, never.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { creqFor, cresIn, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf } from './any-areq.ts'
import {
  answered,
  api,
  type Challenged,
  codeOf,
  driven,
  newChallengeCard,
  opened,
  type Page,
  planned,
  put,
  rreqsOf,
  shown,
  timelineOf,
  until,
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

/** A challenge that is passed with the right code. */
async function passed(rreq: Members, at = sekisho): Promise<{ challenge: Challenged; done: Page }> {
  const challenge = await planned(at, ds, { rreq })
  const page = await opened(at, challenge)
  return { challenge, done: await answered(at, challenge, page, { otp: await codeOf(at, challenge) }) }
}

const delivered = (challenge: Challenged, at = sekisho): Promise<void> =>
  until(async () => (await shown(at, challenge.acsTransID)).delivery === 'delivered')

/** What of it was written down, in the order it was. */
async function order({ acsTransID }: Challenged): Promise<readonly string[]> {
  const told = (await timelineOf(sekisho, { acsTransID })).map(({ kind }) => kind)
  return told.filter((kind) => ['CRes', 'RReq', 'page', 'verdict'].includes(kind))
}

/** Where the page with the final CRes tells that it was left. */
const tellsOf = ({ page }: Page): string | undefined => /data-tell="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')

describe('the RReq', () => {
  test('precedes the final CRes where nothing is planned (CHL-SM-4)', async () => {
    const { challenge, done } = await passed({ when: 'beforeCRes' })
    expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(1)
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    expect(await order(challenge)).toEqual(['page', 'verdict', 'RReq', 'CRes'])
  })

  test('follows the final CRes', async () => {
    const { challenge, done } = await passed({ when: 'afterCRes' })
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    await delivered(challenge)
    expect(await order(challenge)).toEqual(['page', 'verdict', 'CRes', 'RReq'])
  })

  test('follows it by so long, by the clock', async () => {
    const { challenge } = await passed({ when: 'afterCRes', delay: '5s' })
    // The page has left when it is known that the RReq goes in five seconds and no more in a minute.
    await until(async () => {
      const { steps } = await shown(sekisho, challenge.acsTransID)
      return steps.some(({ kind, dueAt }) => kind === 'sendRReq' && dueAt === clock.now() + 5_000)
    })
    clock.advance(4_999)
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    clock.advance(1)
    await delivered(challenge)
  })

  test('leaves within a minute where the browser that was to precede it never comes (CHL-TMR-11)', async () => {
    const challenge = await planned(sekisho, ds, { rreq: { when: 'afterCRes' } })
    await opened(sekisho, challenge)
    clock.advance(600_000)
    await until(async () => (await shown(sekisho, challenge.acsTransID)).resultStatus === 'N')
    expect((await timelineOf(sekisho, challenge)).at(-1)?.title.en).toContain('follows the final CRes')
    clock.advance(60_000)
    await delivered(challenge)
    expect(rreqsOf(ds, challenge.acsTransID)).toMatchObject([{ transStatusReason: '14', challengeCancel: '04' }])
  })

  test('leaves at once where there never was a browser', async () => {
    const challenge = await planned(sekisho, ds, { rreq: { when: 'afterReturn' } })
    clock.advance(30_000)
    await delivered(challenge)
    expect(rreqsOf(ds, challenge.acsTransID)).toMatchObject([{ challengeCancel: '05' }])
  })

  test('follows the return of the browser, which its page tells when it is left', async () => {
    const { challenge, done } = await passed({ when: 'afterReturn' })
    const tells = tellsOf(done)
    await api(sekisho, '/stats')
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    await post(`${sekisho.acs}${String(tells).replace(/token=[^&]*/, 'token=0.guessed')}`, '')
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    await post(`${sekisho.acs}${tells}`, '')
    await delivered(challenge)
    expect(await order(challenge)).toEqual(['page', 'verdict', 'CRes', 'RReq'])
  })

  test('follows the page by ten seconds where the browser tells nothing', async () => {
    const { challenge } = await passed({ when: 'afterReturn' })
    await until(async () => {
      const { steps } = await shown(sekisho, challenge.acsTransID)
      return steps.some(({ kind, dueAt }) => kind === 'sendRReq' && dueAt === clock.now() + 10_000)
    })
    clock.advance(10_000)
    await delivered(challenge)
  })

  test('goes instead of the final CRes: the browser stays where it is', async () => {
    const { challenge, done } = await passed({ when: 'insteadOfCRes' })
    expect(done.page).toContain('data-testid="kept-page"')
    expect(done.page).not.toContain('<form')
    expect(rreqsOf(ds, challenge.acsTransID)).toMatchObject([{ transStatus: 'Y' }])
    const again = await opened(sekisho, challenge)
    expect(again.page).toContain('data-testid="kept-page"')
    expect((await order(challenge)).filter((kind) => kind === 'CRes')).toEqual([])
  })

  test('is lost: the browser is told, the DS never, and the record says so in both languages', async () => {
    const { challenge, done } = await passed({ when: 'never' })
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    clock.advance(3_600_000)
    expect(await shown(sekisho, challenge.acsTransID)).toMatchObject({ delivery: 'lost', resultStatus: 'Y' })
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    const told = (await timelineOf(sekisho, challenge)).find(({ kind }) => kind === 'plan')
    expect(told?.title).toEqual({
      en: 'The RReq was lost, as planned: it is not sent',
      ja: '計画によりRReqは失われ、送信されません',
    })
  })

  test('comes several times, byte for byte the same, and what the copies are answered with changes nothing', async () => {
    let count = 0
    ds.answer = (message, res) => {
      count += 1
      sendJson(res, count === 1 ? rres(message) : '', count === 1 ? 200 : 500)
    }
    const { challenge, done } = await passed({ copies: 3 })
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    const bytes = ds.received.filter(({ message }) => message.acsTransID === challenge.acsTransID)
    expect(bytes).toHaveLength(3)
    expect(new Set(bytes.map(({ text }) => text)).size).toBe(1)
    clock.advance(3_600_000)
    expect(await shown(sekisho, challenge.acsTransID)).toMatchObject({ delivery: 'delivered' })
    expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(3)
  })

  test('that is late holds up the final CRes as long as a slow DS would, and no longer', async () => {
    const challenge = await planned(sekisho, ds, { rreq: { when: 'beforeCRes', delay: '2s' } })
    const page = await opened(sekisho, challenge)
    const done = answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    await until(async () => (await shown(sekisho, challenge.acsTransID)).resultStatus === 'Y')
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
    clock.advance(2_000)
    expect(cresIn((await done).page)).toMatchObject({ transStatus: 'Y' })
    expect(await order(challenge)).toEqual(['page', 'verdict', 'RReq', 'CRes'])
  })

  test('that a plan lets follow contradicts no CRes of 2.3.1, and a DS that is away makes no U of it (RES-RR-3)', async () => {
    const areq = areqOf('browser-231', { acctNumber: newChallengeCard(), dsURL: ds.url })
    const then = { transStatus: 'C', rreq: { when: 'afterCRes' } }
    await put(sekisho, '/stubs', { match: { acctNumber: areq.acctNumber }, then }, 'POST')
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
    const challenge = { areq, ares, acsTransID: String(ares.acsTransID) }
    ds.answer = (_message, res) => sendJson(res, '', 503)
    const page = await opened(sekisho, challenge, { creq: creqFor(ares, { messageVersion: '2.3.1' }) })
    const done = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    await until(() => rreqsOf(ds, challenge.acsTransID).length > 0)
    await until(async () => (await shown(sekisho, challenge.acsTransID)).steps.some(({ attempts }) => attempts > 0))
    ds.answer = (message, res) => sendJson(res, rres(message))
    clock.advance(10_000)
    await delivered(challenge)
    expect(rreqsOf(ds, challenge.acsTransID).every(({ transStatus }) => transStatus === 'Y')).toBe(true)
  })

  test('of a challenge without a browser follows the answer of the API', async () => {
    const challenge = await planned(sekisho, ds, { rreq: { when: 'afterReturn' } })
    await driven(sekisho, challenge, 'open')
    const { body } = await driven(sekisho, challenge, 'verify', await codeOf(sekisho, challenge))
    expect(body).toMatchObject({ phase: 'ended', delivery: 'pending' })
    await delivered(challenge)
  })
})

describe('a restart', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  test.each([
    [{ when: 'afterReturn' }, 10_000],
    [{ when: 'afterCRes', delay: '5m' }, 300_000],
  ])('keeps what is planned: %o', async (rreq, wait) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'sekisho-order-'))
    folders.push(dataDir)
    const settings = { only: ['acs'] as ['acs'], ephemeral: false, dataDir }
    const first = await running(settings, { clock: manualClock(start) })
    const { challenge } = await passed(rreq, first)
    await until(async () => {
      const { steps } = await shown(first, challenge.acsTransID)
      return steps.some(({ kind, dueAt }) => kind === 'sendRReq' && dueAt === start + wait)
    })
    await first.close()
    const later = manualClock(start + wait - 1)
    const second = await running(settings, { clock: later })
    try {
      expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
      later.advance(1)
      await delivered(challenge, second)
      later.advance(3_600_000)
      expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(1)
    } finally {
      await second.close()
    }
  })
})
