// Stubs: planned answers, used exactly as often as they say, kept over a restart, and never against the protocol.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { browserAReq, challengeCard, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { api, put } from './support.ts'

let sekisho: Running
const riskCard = '4111110000000450'

beforeAll(async () => {
  sekisho = await running({ only: ['acs'] })
})
afterAll(() => sekisho.close())

const listed = async (where = sekisho): Promise<readonly Members[]> =>
  (await api(where, '/stubs')).body.stubs as Members[]
const planned = (body: Members, where = sekisho) => put(where, '/stubs', body, 'POST')
const removed = (id: unknown, where = sekisho) =>
  api(where, `/stubs/${String(id)}`, { method: 'DELETE', headers: { 'content-type': 'application/json' } })
const asked = async (change: Members = {}, where = sekisho): Promise<Members> =>
  (await post(`${where.acs}/acs/areq`, browserAReq({ acctNumber: frictionlessCard, ...change }))).body
const recordOf = async ({ acsTransID }: Members, where = sekisho): Promise<Members> =>
  (await api(where, `/transactions/${String(acsTransID)}`)).body

beforeEach(async () => {
  for (const { id } of await listed()) await removed(id)
})

/** A planned answer of the API; the name of the member is the API's. */
const plan = (match: Members, transStatus: string, rest: Members = {}): Members => {
  const { transStatusReason, ...more } = rest
  const outcome = { transStatus, ...(transStatusReason !== undefined && { transStatusReason }) }
  return { match, ...more, ...Object.fromEntries([['then', outcome]]) }
}

test('the next payment of a card gets the planned answer, and the one after it its own', async () => {
  const { status, body } = await planned(plan({ acctNumber: frictionlessCard }, 'C'))
  expect(status).toBe(201)
  expect(body).toEqual({
    id: expect.stringMatching(/^[0-9]+$/) as string,
    match: { card: expect.stringMatching(/^[0-9a-f]{32}$/) as string, panMask: '400000******5100' },
    times: 1,
    left: 1,
    priority: 0,
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    then: { transStatus: 'C' },
    createdAt: expect.any(Number) as number,
  })
  expect(await listed()).toEqual([body])
  expect((await asked({ acctNumber: challengeCard })).transStatus).toBe('C') // by its own row
  expect(await listed()).toEqual([body])
  const first = await asked()
  expect(first.transStatus).toBe('C')
  expect(await listed()).toEqual([])
  expect((await asked()).transStatus).toBe('Y')
  const record = await recordOf(first)
  expect(record).toMatchObject({ decidedBy: 'stub', selected: { by: 'stub', why: `stub ${String(body.id)}` } })
})

test('what each decider said or would have said stands in the record, also of a card that is scripted', async () => {
  await planned(plan({}, 'R', { transStatusReason: '11', times: 2 }))
  for (const [acctNumber, scenario] of [
    [frictionlessCard, { transStatus: 'Y' }],
    [riskCard, null],
  ] as const) {
    const record = await recordOf(await asked({ acctNumber }))
    const deciders = record.deciders as Members[]
    expect(deciders.map(({ by, isChosen }) => [by, isChosen])).toEqual([
      ['stub', true],
      ['override', false],
      ['scenario', false],
      ['engine', false],
    ])
    const [stub, override, script, engine] = deciders
    expect(stub?.outcome).toEqual({ transStatus: 'R', transStatusReason: '11' })
    expect(override?.outcome).toBeNull()
    expect(script?.outcome).toEqual(scenario)
    expect(engine?.outcome).toMatchObject({ transStatus: (record.engine as Members).transStatus })
    for (const { why } of deciders) {
      expect((why as Members).en).toMatch(/^[A-Z].*\.$/)
      expect((why as Members).ja).toMatch(/[ぁ-んァ-ヶ]/)
    }
  }
})

test('a stub of a card of a risk range works, and teaches the engine no habit', async () => {
  await planned(plan({ acctNumber: riskCard }, 'Y'))
  expect(await recordOf(await asked({ acctNumber: riskCard }))).toMatchObject({ transStatus: 'Y', decidedBy: 'stub' })
  expect(await recordOf(await asked({ acctNumber: riskCard }))).toMatchObject({ decidedBy: 'engine' })
})

test('it may match a shop, an amount, several things at once, or everything', async () => {
  await planned(plan({ merchantName: 'Odawara Market', purchaseAmount: '777' }, 'A'))
  expect((await asked({ merchantName: 'Odawara Market' })).transStatus).toBe('Y')
  expect((await asked({ purchaseAmount: '777' })).transStatus).toBe('Y')
  expect((await asked({ merchantName: 'Odawara Market', purchaseAmount: '777' })).transStatus).toBe('A')
  await planned(plan({}, 'U'))
  expect(await asked({ acctNumber: riskCard })).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
})

test('several that match are used in the order they were made', async () => {
  for (const transStatus of ['C', 'A', 'N']) await planned(plan({ acctNumber: frictionlessCard }, transStatus))
  const answers: unknown[] = []
  for (let i = 0; i < 4; i += 1) answers.push((await asked()).transStatus)
  expect(answers).toEqual(['C', 'A', 'N', 'Y'])
})

test('a card by its keyed id is the card by its number', async () => {
  const { body: card } = await put(sekisho, '/cards', { acctNumber: '4111110000000021' }, 'POST')
  const { body } = await planned(plan({ card: card.id }, 'N', { transStatusReason: '04' }))
  expect(body.match).toEqual({ card: card.id, panMask: '411111******0021' })
  expect(await asked({ acctNumber: '4111110000000021' })).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
})

test('fifty AReqs at once and a stub for three: exactly three are answered by it, and none is refused for it', async () => {
  await planned(plan({ acctNumber: frictionlessCard }, 'R', { times: 3 }))
  // An AReq whose ids come twice fails alone, and its group is run again.
  const twice = browserAReq({ acctNumber: frictionlessCard })
  const answers = await Promise.all([
    ...Array.from({ length: 50 }, () => asked()),
    post(`${sekisho.acs}/acs/areq`, twice).then(({ body }) => body),
    post(`${sekisho.acs}/acs/areq`, twice).then(({ body }) => body),
  ])
  const statuses = answers.map(({ messageType, transStatus }) => transStatus ?? messageType)
  expect(statuses.filter((status) => status === 'R')).toHaveLength(3)
  expect(statuses.filter((status) => status === 'Y')).toHaveLength(48)
  expect(statuses.filter((status) => status === 'Erro')).toHaveLength(1)
  expect(await listed()).toEqual([])
})

test('an AReq that is refused uses none of it', async () => {
  const message = browserAReq({ acctNumber: frictionlessCard })
  await post(`${sekisho.acs}/acs/areq`, message)
  await planned(plan({ acctNumber: frictionlessCard }, 'N'))
  expect((await post(`${sekisho.acs}/acs/areq`, message)).body.messageType).toBe('Erro')
  expect((await listed()).map(({ left }) => left)).toEqual([1])
})

test('what the protocol forbids it forbids to a stub too, and the record says so (RES-CI-2, RES-TS-3)', async () => {
  await planned(plan({}, 'C'))
  const record = await recordOf(await asked({ threeDSRequestorChallengeInd: '06' }))
  expect(record).toMatchObject({ transStatus: 'I', decidedBy: 'stub' })
  const [stub] = record.deciders as Members[]
  expect(stub?.outcome).toEqual({ transStatus: 'C' })
  expect(stub?.why).toMatchObject({ en: expect.stringContaining('I was answered') as string })
})

test('a payment whose requestor mandates a challenge may be frictionless all the same, and the engine’s word is beside it', async () => {
  await planned(plan({}, 'Y'))
  const record = await recordOf(await asked({ acctNumber: '3566000000000018', threeDSRequestorChallengeInd: '04' }))
  expect(record).toMatchObject({ transStatus: 'Y', decidedBy: 'stub' })
  const engine = (record.deciders as Members[]).find(({ by }) => by === 'engine')
  expect(engine?.outcome).toMatchObject({ transStatus: 'C' })
})

test('the state of the card goes before it', async () => {
  const acctNumber = '4111110000000039' // blocked
  await planned(plan({ acctNumber }, 'Y'))
  const ares = await asked({ acctNumber })
  expect(ares).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
  expect(((await recordOf(ares)).deciders as Members[])[0]?.why).toMatchObject({
    en: expect.stringContaining('the card is blocked') as string,
  })
})

test('the higher priority goes first; equals go by age', async () => {
  for (const [transStatus, priority] of [
    ['A', 0],
    ['N', 5],
    ['U', 5],
    ['R', -1],
  ] as const)
    await planned(plan({}, transStatus, { priority }))
  expect((await listed()).map((stub) => (stub.then as Members).transStatus)).toEqual(['N', 'U', 'A', 'R'])
  const answers: unknown[] = []
  for (let i = 0; i < 5; i += 1) answers.push((await asked()).transStatus)
  expect(answers).toEqual(['N', 'U', 'A', 'R', 'Y'])
})

test.each<readonly [string, Members, Members, Members]>([
  ['range', { range: { from: '400000', to: '400001' } }, {}, { acctNumber: riskCard }],
  ['trailing digits', { endsWith: '100' }, {}, { acctNumber: '4000000000006801' }],
  ['scheme', { scheme: 'visa' }, {}, { acctNumber: '5200000000005100' }],
  ['amount', { amount: { min: 500, max: 600 } }, { purchaseAmount: '0550' }, { purchaseAmount: '601' }],
  ['amount as written', { amount: '550' }, { purchaseAmount: '550' }, { purchaseAmount: '551' }],
  ['currency', { currency: 'EUR' }, { purchaseCurrency: '978' }, { purchaseCurrency: '392' }],
  ['merchant', { merchant: 'ＨＡＫＯＮＥ' }, { merchantName: 'Hakone Goods' }, { merchantName: 'Odawara' }],
  ['cardholder', { cardholderName: 'hana' }, { cardholderName: 'YAMADA HANAKO' }, { cardholderName: 'ALEX' }],
  ['e-mail', { email: '@shopper.example' }, { email: 'a@Shopper.example' }, { email: 'a@other.example' }],
  ['device', { device: 'Firefox/140' }, { browserUserAgent: 'Mozilla/5.0 Firefox/140.0' }, {}],
  ['channel', { deviceChannel: '02', messageVersion: '2.2.0' }, {}, {}],
  [
    'path',
    { paths: { 'acctInfo.chAccAgeInd': '02' } },
    { acctInfo: { chAccAgeInd: '02' } },
    { acctInfo: { chAccAgeInd: '03' } },
  ],
  [
    'tests of a path',
    { paths: { shopperId: { present: false }, purchaseAmount: { oneOf: ['7', 8] } } },
    { purchaseAmount: '8' },
    { purchaseAmount: '9' },
  ],
])('it may match by %s', async (_what, match, like, unlike) => {
  expect((await planned(plan(match, 'R'))).status).toBe(201)
  const isSame = JSON.stringify(like) === JSON.stringify(unlike)
  if (!isSame) expect((await asked(unlike)).transStatus).not.toBe('R')
  expect((await listed()).length).toBe(1)
  expect((await asked(like)).transStatus).toBe('R')
})

test('all are taken back at once, and one can be looked at', async () => {
  const { body } = await planned(plan({}, 'A', { expiresIn: '10m' }))
  await planned(plan({}, 'N'))
  expect((await api(sekisho, `/stubs/${String(body.id)}`)).body).toEqual(body)
  expect(Number(body.expiresAt) - Number(body.createdAt)).toBe(600_000)
  const gone = await api(sekisho, '/stubs', { method: 'DELETE', headers: { 'content-type': 'application/json' } })
  expect([gone.status, gone.body]).toEqual([200, { deleted: 2 }])
  expect(await listed()).toEqual([])
  expect((await api(sekisho, `/stubs/${String(body.id)}`)).status).toBe(404)
})

test('a plan without a transStatus applies, and the next decides', async () => {
  const then = { eci: '06', cardholderInfo: 'Please call us.' }
  await planned({ match: {}, times: 2, ...Object.fromEntries([['then', then]]) })
  const scripted = await asked()
  expect(scripted).toMatchObject({ transStatus: 'Y', eci: '06', cardholderInfo: 'Please call us.' })
  expect(await recordOf(scripted)).toMatchObject({ decidedBy: 'scenario', selected: { by: 'scenario' } })
  const record = await recordOf(await asked({ acctNumber: riskCard }))
  expect(record.decidedBy).toBe('engine')
  const [stub] = record.deciders as Members[]
  expect(stub).toMatchObject({ isChosen: false, outcome: null })
  expect((stub?.why as Members | undefined)?.en).toMatch(
    /^Planned beforehand: stub [0-9]+\. It leaves the outcome to the next\.$/,
  )
  expect(await listed()).toEqual([])
})

test('it can be taken back once', async () => {
  const { body } = await planned(plan({ acctNumber: frictionlessCard }, 'N'))
  expect((await removed(body.id)).status).toBe(204)
  expect((await asked()).transStatus).toBe('Y')
  expect((await removed(body.id)).status).toBe(404)
  expect((await removed('x')).status).toBe(400)
})

test('it expires by the clock, and is gone from the list', async () => {
  const start = Date.UTC(2026, 0, 15)
  const clock = manualClock(start)
  const timed = await running({ only: ['acs'] }, { clock })
  const stub = plan({}, 'N', { times: 9, expiresAt: new Date(start + 60_000).toISOString() })
  expect((await planned(stub, timed)).body.expiresAt).toBe(start + 60_000)
  clock.advance(59_999)
  expect((await asked({}, timed)).transStatus).toBe('N')
  clock.advance(1)
  expect((await asked({}, timed)).transStatus).toBe('Y')
  expect(await listed(timed)).toEqual([])
  expect((await planned(stub, timed)).body).toMatchObject({ path: 'expiresAt' })
  await timed.close()
})

describe('over a restart', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-stubs-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('what is left stays left, ids go on, and no card number lies on disk', async () => {
    const settings = { only: ['acs' as const], ephemeral: false, dataDir: folder }
    const before = await running(settings)
    const { body: used } = await planned(plan({ acctNumber: frictionlessCard }, 'A'), before)
    const { body } = await planned(plan({ acctNumber: frictionlessCard }, 'N', { times: 3 }), before)
    expect((await asked({}, before)).transStatus).toBe('A')
    expect((await asked({}, before)).transStatus).toBe('N')
    await before.close()
    const file = readFileSync(path.join(folder, 'sekisho.sqlite'))
    expect(file.includes(frictionlessCard)).toBe(false)

    const after = await running(settings)
    expect(await listed(after)).toEqual([{ ...body, left: 2 }])
    const answers = [await asked({}, after), await asked({}, after), await asked({}, after)]
    expect(answers.map(({ transStatus }) => transStatus)).toEqual(['N', 'N', 'Y'])
    const { body: next } = await planned(plan({}, 'A'), after)
    expect(Number(next.id)).toBeGreaterThan(Number(body.id))
    expect(Number(body.id)).toBeGreaterThan(Number(used.id))
    await after.close()
  })
})

describe('a plan that cannot be', () => {
  const card = { acctNumber: frictionlessCard }
  test.each([
    [{}, 'match'],
    [{ match: card }, 'then'],
    [plan(card, 'Z'), 'then.transStatus'],
    [plan(card, 'S'), 'then.transStatus'],
    [plan(card, 'Y', { transStatusReason: '01' }), 'then.transStatusReason'],
    [plan(card, 'C', { transStatusReason: '01' }), 'then.transStatusReason'],
    [plan(card, 'N', { transStatusReason: '14' }), 'then.transStatusReason'],
    [plan(card, 'N', { transStatusReason: '29' }), 'then.transStatusReason'],
    [plan(card, 'R', { transStatusReason: '1' }), 'then.transStatusReason'],
    [plan(card, 'N', { times: 0 }), 'times'],
    [plan(card, 'N', { times: '3' }), 'times'],
    [plan(card, 'N', { expiresAt: 1 }), 'expiresAt'],
    [plan(card, 'N', { expiresAt: 'soon' }), 'expiresAt'],
    [plan({ acctNumber: '6999999999999999' }, 'N'), 'match.acctNumber'],
    [plan({ acctNumber: '41' }, 'N'), 'match.acctNumber'],
    [plan({ card: frictionlessCard }, 'N'), 'match.card'],
    [plan({ ...card, card: '0'.repeat(32) }, 'N'), 'match.card'],
    [plan({ merchantName: frictionlessCard }, 'N'), 'match.merchantName'],
    [plan({ merchantName: 'Shop 4111 1111-1111 1111' }, 'N'), 'match.merchantName'],
    [plan({ acquirerMerchantID: frictionlessCard }, 'N'), 'match.acquirerMerchantID'],
    [plan({ acquirerMerchantID: '378282246310005' }, 'N'), 'match.acquirerMerchantID'],
    [plan({ colour: 'red' }, 'N'), 'match.colour'],
    [{ ...plan(card, 'N'), priority: 0.5 }, 'priority'],
    [{ ...plan(card, 'N'), expiresIn: '10m', expiresAt: '2999-01-01' }, 'expiresIn'],
    [{ ...plan(card, 'N'), expiresIn: 'soon' }, 'expiresIn'],
    [{ match: card, ...Object.fromEntries([['then', {}]]) }, 'then'],
    [{ match: card, ...Object.fromEntries([['then', { transStatus: 'Y', rreq: { when: 'never' } }]]) }, 'then.rreq'],
    [plan({ range: { from: frictionlessCard, to: frictionlessCard } }, 'N'), 'match.range'],
    [plan({ range: { from: '40000000', to: '40000000' }, endsWith: '05100' }, 'N'), 'match.range'],
    [plan({ endsWith: frictionlessCard }, 'N'), 'match.endsWith'],
    [plan({ paths: { acctNumber: frictionlessCard } }, 'N'), 'match.paths.acctNumber'],
    [
      plan({ paths: { threeDSRequestorID: { oneOf: [frictionlessCard] } } }, 'N'),
      'match.paths.threeDSRequestorID.oneOf',
    ],
    [plan({ cardholderName: frictionlessCard }, 'N'), 'match.cardholderName'],
  ])('%j is refused with its path, without repeating a card number', async (body, where) => {
    const answer = await planned(body as Members)
    expect([answer.status, answer.body.path]).toEqual([400, where])
    expect(JSON.stringify(answer.body)).not.toMatch(/[0-9]{13}/)
    expect(await listed()).toEqual([])
    expect(sekisho.log()).not.toContain(frictionlessCard)
  })

  test('a merchant number of fifteen digits is no card number, and answers', async () => {
    const acquirerMerchantID = '123456789012345'
    expect((await planned(plan({ acquirerMerchantID }, 'N'))).status).toBe(201)
    const areq = (change: Members) => browserAReq({ acctNumber: frictionlessCard, ...change })
    expect((await post(`${sekisho.acs}/acs/areq`, areq({}))).body.transStatus).toBe('Y')
    expect((await post(`${sekisho.acs}/acs/areq`, areq({ acquirerMerchantID }))).body.transStatus).toBe('N')
    expect(await listed()).toEqual([])
  })
})
