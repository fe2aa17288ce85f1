// The list of transactions as the console reads it: filters, search, paging.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, api, opened, put, wrongCode } from './support.ts'

let ds: ListeningDs
let sekisho: Running
let clock: ManualClock
const start = Date.UTC(2026, 0, 15, 10, 30)
const made = new Map<string, Members>()

const purchases: Readonly<Record<string, Members>> = {
  coffee: { acctNumber: frictionlessCard, merchantName: 'Hakone Goods', purchaseAmount: '1200' },
  stove: { acctNumber: '4000000000007700', merchantName: 'Odawara Market', purchaseAmount: '24800' },
  euros: {
    acctNumber: '5200000000002201',
    merchantName: 'ﾊｺﾈ Café',
    purchaseAmount: '129950',
    purchaseCurrency: '978',
    purchaseExponent: '2',
  },
  gone: { acctNumber: '3528000000004411', merchantName: 'Hakone Goods', purchaseAmount: '500' },
  risky: { acctNumber: '4111110000000450', merchantName: 'Night Shop', purchaseAmount: '3000' },
}

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(start)
  sekisho = await running({ only: ['acs'] }, { clock })
  for (const [name, change] of Object.entries(purchases)) {
    const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ dsURL: ds.url, ...change }))
    made.set(String(body.acsTransID), { ...body, name })
    clock.advance(1_000)
  }
  // The challenge of the stove ends with its third wrong code.
  const ares = idOf('stove')
  const challenge = { areq: {}, ares, acsTransID: String(ares.acsTransID) }
  let page = await opened(sekisho, challenge)
  const { body: mail } = await api(sekisho, `/inbox/latest?acsTransID=${challenge.acsTransID}`)
  const code = String(mail.code)
  for (let i = 0; i < 3; i += 1) page = await answered(sekisho, challenge, page, { otp: wrongCode(code) })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

const idOf = (wanted: string): Members => [...made.values()].find(({ name }) => name === wanted) ?? {}
const list = async (query: Record<string, string> = {}): Promise<Members> => {
  const { status, body } = await api(
    sekisho,
    `/transactions?${new URLSearchParams({ view: 'summary', ...query }).toString()}`,
  )
  expect(status).toBe(200)
  return body
}
const names = (body: Members): readonly unknown[] =>
  (body.transactions as Members[]).map(({ acsTransID }) => made.get(String(acsTransID))?.name)

test('a line says what happened, with what the engine would have said, and nothing long', async () => {
  const body = await list()
  expect(names(body)).toEqual(['risky', 'gone', 'euros', 'stove', 'coffee'])
  expect([body.searched, body.next]).toEqual([5, undefined])
  const stove = (body.transactions as Members[])[3]
  expect(stove).toEqual({
    id: expect.any(Number) as number,
    at: start + 1_000,
    acsTransID: idOf('stove').acsTransID,
    threeDSServerTransID: idOf('stove').threeDSServerTransID,
    dsTransID: idOf('stove').dsTransID,
    merchantName: 'Odawara Market',
    card: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    panMask: '400000******7700',
    scheme: 'visa',
    purchaseAmount: '24800',
    purchaseCurrency: '392',
    purchaseExponent: '0',
    messageVersion: '2.2.0',
    transStatus: 'C',
    decidedBy: 'scenario',
    engine: expect.stringMatching(/^[YCR]$/) as string,
    score: expect.any(Number) as number,
    resultStatus: 'N',
    resultReason: '19',
    delivery: 'delivered',
    challenge: 'ended',
    durationMs: 0, // by the manual clock
  })
})

test('the engine’s own opinion stands beside an outcome that was not its', async () => {
  const { transactions } = await list()
  for (const row of transactions as Members[]) {
    const { body } = await api(sekisho, `/transactions/${String(row.acsTransID)}`)
    expect(row.engine).toBe((body.engine as Members).transStatus)
  }
})

describe('the filter', () => {
  test.each([
    [{ transStatus: 'Y,N' }, ['euros', 'coffee']],
    [{ transStatus: 'R' }, ['gone']],
    [{ resultStatus: 'N' }, ['stove']],
    [{ decidedBy: 'engine' }, ['risky']],
    [{ decidedBy: 'stub' }, []],
    [{ scheme: 'jcb' }, ['gone']],
    [{ merchant: 'hakone' }, ['gone', 'coffee']],
    [{ merchant: 'ハコネ café' }, ['euros']],
    [{ currency: 'eur' }, ['euros']],
    [{ currency: '978' }, ['euros']],
    [{ minAmount: '1299.50', maxAmount: '1299.5' }, ['euros']],
    [{ minAmount: '1200' }, ['risky', 'euros', 'stove', 'coffee']],
    [{ maxAmount: '500' }, ['gone']],
    [{ from: String(start + 2_000), to: String(start + 3_000) }, ['gone', 'euros']],
    [{ from: '2026-01-15T10:30:04Z' }, ['risky']],
    [{ to: new Date(start).toISOString() }, ['coffee']],
    [{ merchant: 'hakone', transStatus: 'Y' }, ['coffee']],
    [{ merchant: '', q: '', transStatus: '', from: '' }, ['risky', 'gone', 'euros', 'stove', 'coffee']],
  ])('%j keeps %j', async (query, kept) => {
    expect(names(await list(query))).toEqual(kept)
  })

  test('card keeps the card’s own, by its keyed id', async () => {
    const { body } = await put(sekisho, '/cards', { acctNumber: '4000000000007700' }, 'POST')
    expect(names(await list({ card: String(body.id) }))).toEqual(['stove'])
  })
})

describe('the search', () => {
  test.each([
    ['hakone', ['gone', 'coffee']],
    ['hakone goods', ['gone', 'coffee']],
    ['hakone 1200', ['coffee']],
    ['7700', ['stove']],
    ['24800', ['stove']],
    ['24,800', ['stove']],
    ['¥24,800', ['stove']],
    ['1299.50', ['euros']],
    ['19', ['stove']],
    ['N19', ['stove']],
    ['n/01', ['euros']],
    ['R11', ['gone']],
    ['Y11', []],
    ['nothing of the kind', []],
  ])('“%s” finds %j', async (q, found) => {
    expect(names(await list({ q }))).toEqual(found)
  })

  test.each(['acsTransID', 'threeDSServerTransID', 'dsTransID'])('finds by %s and by its beginning', async (name) => {
    const id = String(idOf('euros')[name])
    for (const q of [id, id.toUpperCase(), id.slice(0, 13)]) expect(names(await list({ q }))).toEqual(['euros'])
  })

  test('refuses a card number, since it does not belong into a URL, and does not repeat it', async () => {
    for (const number of ['4000000000007700', '4000 0000 0000 7700', '4000-0000-0000-7700']) {
      const { status, body } = await api(sekisho, `/transactions?view=summary&q=${encodeURIComponent(number)}`)
      expect([status, body.path]).toEqual([400, 'q'])
      expect(JSON.stringify(body)).not.toContain('7700')
    }
  })
})

test('pages hold each line once, also under a filter', async () => {
  const pages: unknown[] = []
  for (let before: string | undefined, i = 0; i < 9; i += 1) {
    const body = await list({ limit: '1', merchant: 'hakone', ...(before !== undefined && { before }) })
    pages.push(...names(body))
    if (body.next === undefined) break
    before = String(body.next)
  }
  expect(pages).toEqual(['gone', 'coffee'])
})

test.each([
  ['transStatus=Z', 'transStatus.0'],
  ['transStatus=Y,', 'transStatus.1'],
  ['decidedBy=me', 'decidedBy.0'],
  ['card=4000000000007700', 'card'],
  ['currency=XXX', 'currency'],
  ['from=yesterday', 'from'],
  ['minAmount=-1', 'minAmount'],
  ['maxAmount=1e9', 'maxAmount'],
  ['limit=501', 'limit'],
  ['before=0', 'before'],
  ['colour=red', 'colour'],
])('refuses ?%s and says where', async (query, where) => {
  const { status, body } = await api(sekisho, `/transactions?view=summary&${query}`)
  expect([status, body.path]).toEqual([400, where])
  expect(JSON.stringify(body)).not.toContain('7700')
})
