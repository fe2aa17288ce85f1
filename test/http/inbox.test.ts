// The inbox over HTTP: what is filtered, what waits, and what is deleted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { api, challenged, driven, mails, opened, planned, put } from './support.ts'

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

const list = async (query: string): Promise<readonly Members[]> =>
  (await api(sekisho, `/inbox?${query}`)).body.messages as readonly Members[]
const newest = async (): Promise<number> => Number((await list('limit=1'))[0]?.id ?? 0)

describe('the inbox', () => {
  test('is filtered by channel, by time and by what came after', async () => {
    const before = await newest()
    const mail = await challenged(sekisho, ds)
    await opened(sekisho, mail)
    clock.advance(1_000)
    const text = await planned(sekisho, ds, { challenge: { kind: 'smsOtp' } })
    await opened(sekisho, text)
    const ids = (messages: readonly Members[]) => messages.map(({ acsTransID }) => acsTransID)
    expect(ids(await list(`after=${before}`))).toEqual([text.acsTransID, mail.acsTransID])
    expect(ids(await list(`after=${before}&channel=email`))).toEqual([mail.acsTransID])
    expect(ids(await list(`after=${before}&channel=sms`))).toEqual([text.acsTransID])
    expect(await list(`after=${before}&channel=push`)).toEqual([])
    expect(ids(await list(`after=${before}&since=${clock.now()}`))).toEqual([text.acsTransID])
    expect(ids(await list(`since=${new Date(clock.now()).toISOString()}`))).toContain(text.acsTransID)
  })

  test('answers a request that waits as soon as something fits, though the clock of the tenant stands still', async () => {
    const before = await newest()
    const waiting = list(`after=${before}&channel=sms&wait=60s`)
    await opened(sekisho, await challenged(sekisho, ds)) // a mail does not fit
    const text = await planned(sekisho, ds, { challenge: { kind: 'smsOtp' } })
    await opened(sekisho, text)
    expect(await waiting).toMatchObject([{ acsTransID: text.acsTransID, channel: 'sms' }])
  })

  test('answers with nothing after the time, and at once what is there', async () => {
    expect(await list(`after=${await newest()}&wait=20ms`)).toEqual([])
    const challenge = await challenged(sekisho, ds)
    await opened(sekisho, challenge)
    expect(await list(`acsTransID=${challenge.acsTransID}&wait=60s`)).toHaveLength(1)
  })

  test('tells the latest code of a transaction, by either id, and waits for it', async () => {
    const challenge = await challenged(sekisho, ds)
    expect((await api(sekisho, `/inbox/latest?acsTransID=${challenge.acsTransID}`)).status).toBe(404)
    const waiting = api(sekisho, `/inbox/latest?acsTransID=${challenge.acsTransID}&wait=60s`)
    await driven(sekisho, challenge, 'open')
    const { body: first } = await waiting
    expect(first).toMatchObject({ acsTransID: challenge.acsTransID, channel: 'email' })
    clock.advance(30_000)
    await driven(sekisho, challenge, 'resend')
    const server = `threeDSServerTransID=${String(challenge.areq.threeDSServerTransID)}`
    const { body: second } = await api(sekisho, `/inbox/latest?${server}`)
    expect(second.code).not.toBe(first.code)
    expect((await driven(sekisho, challenge, 'verify', String(second.code))).body).toMatchObject({
      verdict: { transStatus: 'Y' },
    })
  })

  test.each([
    [`/inbox/latest?acsTransID=${crypto.randomUUID()}&wait=60s`, 404],
    ['/inbox/latest?wait=2m', 400],
    ['/inbox?channel=fax', 400],
    ['/inbox?wait=soon', 400],
    ['/inbox?since=yesterday', 400],
    ['/inbox?after=-1', 400],
  ])('answers %s with %i', async (where, status) => {
    expect((await api(sekisho, where)).status).toBe(status)
  })

  test('lets no more than two hundred requests wait, and forgets those who leave', async () => {
    const after = await newest()
    const gone = new AbortController()
    const refused: number[] = []
    const waiting = Array.from({ length: 220 }, () =>
      fetch(`${sekisho.acs}/api/v1/inbox?after=${after}&wait=60s`, { signal: gone.signal }).then(
        ({ status }) => {
          refused.push(status)
          return 'answered'
        },
        () => 'left',
      ),
    )
    await expect.poll(() => refused.length, { timeout: 30_000 }).toBe(20)
    expect(new Set(refused)).toEqual(new Set([503]))
    expect((await api(sekisho, `/inbox?after=${after}&wait=1ms`)).status).toBe(503)
    gone.abort()
    expect((await Promise.all(waiting)).filter((end) => end === 'left')).toHaveLength(200)
    await expect
      .poll(async () => (await api(sekisho, `/inbox?after=${after}&wait=1ms`)).status, { timeout: 30_000 })
      .toBe(200)
  })

  test('deletes one message, or all; a code stays valid', async () => {
    const challenge = await challenged(sekisho, ds)
    await driven(sekisho, challenge, 'open')
    const [mail] = (await mails(sekisho, challenge)) as unknown as readonly Members[]
    const one = `/inbox/${String(mail?.id)}`
    expect((await put(sekisho, one, undefined, 'DELETE')).status).toBe(204)
    expect((await put(sekisho, one, undefined, 'DELETE')).status).toBe(404)
    expect((await api(sekisho, one)).status).toBe(404)
    const { body } = await put(sekisho, '/inbox', undefined, 'DELETE')
    expect(body.deleted).toBeGreaterThan(0)
    expect(await list('')).toEqual([])
    expect((await driven(sekisho, challenge, 'verify', String(mail?.code))).body).toMatchObject({
      verdict: { transStatus: 'Y' },
    })
  })
})

test('a Sekisho that stops ends the requests that wait', async () => {
  const own = await running({ only: ['acs'] })
  const waiting = fetch(`${own.acs}/api/v1/inbox?wait=60s`).then(
    (response) => response.status,
    () => 'closed',
  )
  await new Promise((resolve) => setImmediate(resolve))
  await own.close()
  expect([200, 'closed']).toContain(await waiting)
})
