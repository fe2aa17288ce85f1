// The clock of a tenant over HTTP: timers fire in order, at their times, with all that they do.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { areqOf, cardEnding } from '../http/any-areq.ts'
import { challenged, opened, rreqsOf, shown } from '../http/support.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { ask, tenantOf } from './support.ts'

const start = Date.parse('2026-03-01T09:00:00Z')
let sekisho: Running
let ds: ListeningDs
let count = 0
/** A tenant of its own for each test; its clock stands. */
let tenant: Running

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

beforeEach(async () => {
  count += 1
  tenant = tenantOf(sekisho, `clock-${count}`)
  const clock = { mode: 'frozen', now: new Date(start).toISOString() }
  expect((await ask(tenant, 'POST', '/reset', { clock })).body).toMatchObject({ clock })
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : '')
})

const move = async (body: Members): Promise<Members> => {
  const { status, body: answer } = await ask(tenant, 'POST', '/clock', body)
  if (status !== 200) throw new Error(`HTTP ${status}: ${JSON.stringify(answer)}`)
  return answer
}
const at = (ms: number): string => new Date(start + ms).toISOString()

test('it stands; it can be advanced and set, and runs on from where it stands', async () => {
  expect((await ask(tenant, 'GET', '/clock')).body).toMatchObject({ mode: 'frozen', now: at(0) })
  expect(await move({ advance: '10m' })).toMatchObject({ mode: 'frozen', now: at(600_000) })
  expect(await move({ advance: 1_500 })).toMatchObject({ now: at(601_500) })
  expect(await move({ set: at(7_200_000) })).toMatchObject({ mode: 'frozen', now: at(7_200_000) })
  const running = await move({ run: true })
  expect(running.mode).toBe('run')
  expect(Date.parse(String(running.now))).toBeGreaterThanOrEqual(start + 7_200_000)
  const later = new Date(Date.parse(String(running.now)) + 3_600_000).toISOString()
  expect(await move({ freeze: true, at: later })).toMatchObject({ mode: 'frozen', now: later })
  expect(await move({ advance: 0 })).toMatchObject({ now: later })
})

test.each<[Members, number, string]>([
  [{}, 400, ''],
  [{ advance: '10m', run: true }, 400, ''],
  [{ advance: '-10m' }, 400, 'advance'],
  [{ advance: 'soon' }, 400, 'advance'],
  [{ advance: '20000d' }, 400, 'advance'],
  [{ set: 'tomorrow' }, 400, 'set'],
  [{ set: '+010000-01-01' }, 400, 'set'],
  [{ run: true, at: '2026-04-01' }, 400, 'at'],
  [{ set: '2026-02-28T23:59:59Z' }, 409, 'set'],
  [{ freeze: true, at: '2020-01-01' }, 409, 'at'],
])('%j is refused', async (body, status, path) => {
  const answer = await ask(tenant, 'POST', '/clock', body)
  expect(answer).toMatchObject({ status, body: { path } })
  expect((await ask(tenant, 'GET', '/clock')).body).toMatchObject({ mode: 'frozen', now: at(0) })
})

test('what is stored has the time of the tenant', async () => {
  await move({ advance: '1h' })
  const { acsTransID } = await challenged(tenant, ds)
  expect((await shown(tenant, acsTransID)).at).toBe(start + 3_600_000)
})

test('the first CReq that does not come ends the challenge when its time is over, not before (CHL-TMR-1)', async () => {
  const { acsTransID } = await challenged(tenant, ds)
  await move({ advance: 29_999 })
  expect(rreqsOf(ds, acsTransID)).toEqual([])
  await move({ advance: 1 })
  // All that the timer does is over when the answer comes: no waiting here.
  expect(rreqsOf(ds, acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '14' }])
  expect(await shown(tenant, acsTransID)).toMatchObject({ resultStatus: 'N', delivery: 'delivered' })
})

test('timers of several transactions happen in the order of their times, each at its own', async () => {
  const first = await challenged(tenant, ds)
  await move({ advance: '10s' })
  const second = await challenged(tenant, ds)
  const sent = ds.received.length
  await move({ advance: '1h' })
  const rreqs = ds.received.slice(sent).map(({ message }) => message.acsTransID)
  expect(rreqs).toEqual([first.acsTransID, second.acsTransID])
  const endOf = async (acsTransID: string) => {
    const { messages } = await shown(tenant, acsTransID)
    return messages.filter(({ messageType }) => messageType === 'RReq').map((message) => message.at - start)
  }
  expect(await endOf(first.acsTransID)).toEqual([30_000])
  expect(await endOf(second.acsTransID)).toEqual([40_000])
})

test('a page that is open waits as long as the clock stands', async () => {
  const challenge = await challenged(tenant, ds)
  await opened(tenant, challenge)
  await move({ advance: '9m' })
  expect(await shown(tenant, challenge.acsTransID)).not.toHaveProperty('resultStatus')
  await move({ advance: '2m' })
  expect(await shown(tenant, challenge.acsTransID)).toMatchObject({ resultStatus: 'N' })
})

test('it comes to the last day that messages can name, and no further', async () => {
  const last = '9999-12-31T23:00:00.000Z'
  expect(await move({ set: last })).toMatchObject({ now: last })
  expect(await ask(tenant, 'POST', '/clock', { advance: '1h' })).toMatchObject({
    status: 400,
    body: { path: 'advance' },
  })
  expect(await move({ advance: '59m' })).toMatchObject({ now: '9999-12-31T23:59:00.000Z' })
})

describe('a decoupled authentication', () => {
  const begun = async (ending: string): Promise<string> => {
    const areq = areqOf('browser-220', {
      acctNumber: cardEnding(ending),
      dsURL: ds.url,
      threeDSRequestorDecReqInd: 'Y',
      threeDSRequestorDecMaxTime: '00010',
    })
    const { body } = await post(`${tenant.acs}/acs/areq`, areq)
    expect(body.transStatus).toBe('D')
    return String(body.acsTransID)
  }

  test('is confirmed in the moment that its scenario says', async () => {
    const acsTransID = await begun('800')
    await move({ advance: 4_999 })
    expect(rreqsOf(ds, acsTransID)).toEqual([])
    await move({ advance: 1 })
    expect(rreqsOf(ds, acsTransID)).toMatchObject([{ transStatus: 'Y' }])
  })

  test('ends at its maximum where nobody answers', async () => {
    const acsTransID = await begun('802')
    await move({ advance: '9m' })
    expect(rreqsOf(ds, acsTransID)).toEqual([])
    await move({ advance: '1m' })
    expect(rreqsOf(ds, acsTransID)).toMatchObject([{ challengeCancel: '03' }])
  })
})

test('an RReq that is not answered well is sent again at its times while the clock is moved (RES-RR-3)', async () => {
  let isBroken = true
  ds.answer = (message, res) => (isBroken ? sendJson(res, 'no', 503) : sendJson(res, rres(message)))
  const { acsTransID } = await challenged(tenant, ds)
  const tries = () => rreqsOf(ds, acsTransID).length
  await move({ advance: '30s' })
  expect(tries()).toBe(1)
  await move({ advance: 9_999 })
  expect(tries()).toBe(1)
  await move({ advance: 1 })
  expect(tries()).toBe(2)
  await move({ advance: '1m' })
  expect(tries()).toBe(8)
  expect(await shown(tenant, acsTransID)).toMatchObject({ delivery: 'pending' })
  isBroken = false
  await move({ advance: '10s' })
  expect(await shown(tenant, acsTransID)).toMatchObject({ delivery: 'delivered' })
  await move({ advance: '1d' })
  expect(tries()).toBe(9)
})

test('a DS that is never there is given up when ten minutes are over, in one move of an hour (CHL-TMR-8)', async () => {
  ds.answer = (_message, res) => sendJson(res, 'no', 503)
  const { acsTransID } = await challenged(tenant, ds)
  await move({ advance: '1h' })
  expect(await shown(tenant, acsTransID)).toMatchObject({ delivery: 'gaveUp' })
  expect(rreqsOf(ds, acsTransID).length).toBeGreaterThan(50)
})
