// Statistics over HTTP; what is counted how is tested with the counting itself (test/acs/statistics.test.ts).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, api, challenged, codeOf, opened } from './support.ts'

let ds: ListeningDs
let sekisho: Running
const start = Date.UTC(2026, 0, 15, 10, 30)
const clock = manualClock(start)

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] }, { clock })
  for (const change of [
    { acctNumber: frictionlessCard },
    { acctNumber: '5200000000002201', merchantName: 'Odawara Market' },
    { acctNumber: frictionlessCard, purchaseAmount: '990', purchaseCurrency: '978', purchaseExponent: '2' },
    { acctNumber: '4000000000006322' },
  ]) {
    await post(`${sekisho.acs}/acs/areq`, browserAReq(change))
    clock.advance(60_000)
  }
  const challenge = await challenged(sekisho, ds)
  const page = await opened(sekisho, challenge)
  await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

const stats = async (query = ''): Promise<Members> => {
  const { status, body } = await api(sekisho, `/stats${query}`)
  expect(status).toBe(200)
  return body
}

test('five AReqs are counted as they were answered', async () => {
  expect(await stats()).toMatchObject({
    from: start,
    to: start + 4 * 60_000,
    searched: 5,
    isComplete: true,
    count: 5,
    decided: 4,
    outcomes: { Y: 2, N: 1, A: 0, U: 1, R: 0, I: 0, C: 1, D: 0 },
    rates: {
      frictionless: { count: 2, of: 4, rate: 0.5 },
      challenge: { count: 1, of: 4, rate: 0.25 },
      completion: { count: 3, of: 4, rate: 0.75 },
      decline: { count: 1, of: 4, rate: 0.25 },
      challengeSuccess: { count: 1, of: 1, rate: 1 },
    },
    reasons: [
      { transStatus: 'N', transStatusReason: '01', count: 1, text: { en: 'card authentication failed' } },
      { transStatus: 'U', transStatusReason: '22', count: 1 },
    ],
    challenges: { open: 0, passed: 1, failed: 0, cancelled: 0, timedOut: 0, error: 0 },
    latencyMs: { count: 5, p50: 0, max: 0 }, // by the manual clock
    by: {
      scheme: [
        { key: 'visa', count: 4, challengePassed: 1, challengeEnded: 1 },
        { key: 'mastercard', count: 1, decline: 1 },
      ],
      decidedBy: [{ key: 'scenario', count: 5 }],
    },
  })
})

test('amounts of other currencies are counted in the issuer’s, by the rates of the policy', async () => {
  const { by } = await stats('?currency=EUR')
  expect((by as Members).amountBand).toMatchObject([{ key: '1000-5000', label: 'JPY 1,000–5,000', count: 1 }])
})

test.each([
  ['?scheme=mastercard', 1],
  ['?merchant=odawara', 1],
  ['?currency=392', 4],
  [`?from=${start + 60_000}&to=${start + 120_000}`, 2],
  [`?from=${new Date(start + 240_000).toISOString()}`, 1],
  ['?scheme=&merchant=&from=', 5],
  ['?merchant=nobody', 0],
])('%s counts %i', async (query, count) => {
  const body = await stats(query)
  expect(body.count).toBe(count)
  expect(
    (body.series as Members[]).reduce(
      (sum, { frictionless, challenge, decline, other }) =>
        sum + Number(frictionless) + Number(challenge) + Number(decline) + Number(other),
      0,
    ),
  ).toBe(count)
})

test.each([
  ['from=yesterday', 'from'],
  ['from=shop%207700', 'from'],
  ['to=2026-01-15T10:30:00+09:00', 'to'], // a plus that was not encoded is a space
  ['to=-7700', 'to'],
  ['from=1&from=7700', 'from'],
  ['4000000000007700=1', '400000******7700'],
  ['currency=XXX', 'currency'],
  ['merchant=4000000000007700', 'merchant'],
  ['limit=5', 'limit'],
])('refuses ?%s and says where', async (query, where) => {
  const { status, body } = await api(sekisho, `/stats?${query}`)
  expect([status, body.path]).toEqual([400, where])
  expect(JSON.stringify(body)).not.toMatch(/4000000000007700|[^*]7700/)
})
