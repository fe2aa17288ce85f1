// The merchant monitor, the reliability of sources, the mail check and the journey of a shopper, over HTTP.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { standingOf } from '../../../src/acs/hook/merchant-monitor.ts'
import type { MerchantMonth } from '../../../src/acs/hook/merchant-month.ts'
import { manualClock } from '../../../src/clock.ts'
import { api, put, shown } from '../../http/support.ts'
import { policyText } from '../../risk/support.ts'
import type { Members } from '../../support/messages.ts'
import { type Paid, pay, send, type WithSources, withSources } from './support.ts'

/** In UTC it is still August; in Tokyo September has begun. */
const start = Date.parse('2026-08-31T15:30:00Z')
const clock = manualClock(start)
let sekisho: WithSources
let now = start
beforeAll(async () => {
  sekisho = await withSources({}, {}, { clock })
})
afterAll(() => sekisho.close())

const moveTo = async (day: string): Promise<void> => {
  now = Date.parse(day)
  const { status } = await put(sekisho, '/clock', { set: now }, 'POST')
  expect(status).toBe(200)
}
let ids = 0
const tell = (door: string, body: Members, how = {}) => {
  ids += 1
  return send(sekisho, door, { id: `m-${ids}`, ...body }, { at: now, ...how })
}

describe('months of a merchant', () => {
  const months = (...of: readonly (readonly [month: number, yen: number])[]): readonly MerchantMonth[] =>
    of.map(([month, yen]) => ({ merchant: 'm', month, n: 1, yen }))
  const over = 500_001
  test.each([
    ['none', [], 'clear', 0],
    [
      'two in a row',
      [
        [98, over],
        [99, over],
      ],
      'rising',
      2,
    ],
    [
      'three in a row up to the last',
      [
        [97, over],
        [98, over],
        [99, over],
      ],
      'manifest',
      3,
    ],
    [
      'three in a row with this one',
      [
        [98, over],
        [99, over],
        [100, over],
      ],
      'manifest',
      3,
    ],
    [
      'three in a row, one of them at the limit',
      [
        [97, over],
        [98, 500_000],
        [99, over],
      ],
      'rising',
      1,
    ],
    [
      'three with a gap',
      [
        [96, over],
        [98, over],
        [99, over],
      ],
      'rising',
      2,
    ],
    [
      'three in a row long ago',
      [
        [90, over],
        [91, over],
        [92, over],
      ],
      'past',
      0,
    ],
    [
      'months that have not come yet',
      [
        [101, over],
        [102, over],
        [103, over],
      ],
      'clear',
      0,
    ],
  ] as const)('%s', (_what, of, state, inARow) => {
    expect(standingOf(months(...of), 100)).toMatchObject({ state, inARow })
  })
})

describe('the merchant monitor', () => {
  const shop = {
    acquirerMerchantID: 'SHOP-M',
    merchantName: '=cmd|Shop M',
    purchaseCurrency: '392',
    purchaseExponent: '0',
  }
  const fraud = async (yen: number): Promise<Paid> => {
    const paid = await pay(sekisho, { ...shop, purchaseAmount: String(yen) })
    expect(
      (await tell('feedback', { kind: 'fraud', about: { acsTransID: paid.acsTransID }, list: false })).status,
    ).toBe(200)
    return paid
  }
  const standing = async (): Promise<Members> => {
    const { body } = await api(sekisho, '/hook/merchants?q=SHOP-M')
    return (body.merchants as readonly Members[])[0] ?? {}
  }
  const featureNow = async () =>
    ((await shown(sekisho, (await pay(sekisho, shop)).acsTransID)).features as Members).merchant_fraud_months

  test('finds a merchant above JPY 500,000 in three months in a row, and not in two; months are those of the issuer’s zone', async () => {
    await fraud(500_001)
    expect(await standing()).toMatchObject({ state: 'rising', inARow: 1, months: [{ month: '2026-09', isOver: true }] })
    await moveTo('2026-10-10T03:00:00Z')
    await fraud(300_000)
    expect(await standing()).toMatchObject({ state: 'rising', inARow: 1 })
    await fraud(200_001)
    expect(await standing()).toMatchObject({ state: 'rising', inARow: 2 })
    await moveTo('2026-11-30T14:59:00Z') // the last minute of November in Tokyo
    const last = await fraud(500_001)
    expect(await standing()).toMatchObject({ state: 'manifest', inARow: 3, since: '2026-11' })
    expect(await featureNow()).toBe(2) // full months
    await moveTo('2026-12-01T00:00:00Z')
    expect(await featureNow()).toBe(3)
    const { text } = await csv()
    expect(text.split('\r\n')[0]).toBe(
      'merchant,acquirerMerchantID,name,state,inARow,since,month,frauds,yen,over,overlay',
    )
    expect(text).toContain("'=cmd|Shop M,manifest,3,2026-11,2026-11,1,500001,over")

    // It was no fraud after all: the overlay and the export go with it.
    await tell('feedback', { kind: 'confirmedGood', about: { acsTransID: last.acsTransID } })
    expect((await standing()).state).toBe('clear')
    expect(await featureNow()).toBe(0)
    expect((await csv()).text).not.toContain('manifest')
    await put(sekisho, `/transactions/${last.acsTransID}/label`, { kind: 'fraud' })
    expect(await standing()).toMatchObject({ state: 'manifest' })
    const one = await api(sekisho, `/hook/merchants/${String((await standing()).merchant)}`)
    expect(one.body).toMatchObject({ state: 'manifest', acquirerMerchantID: 'SHOP-M' })
  })
  const csv = async () => {
    const response = await fetch(`${sekisho.acs}/api/v1/hook/merchants/csv`)
    return { type: response.headers.get('content-type'), text: await response.text() }
  }

  test('has an overlay for policies: with it every payment at such a shop is asked about', async () => {
    const rule = [
      'rules:',
      '  - id: manifest-fraud-overlay',
      '    when: { of: feature.merchant_fraud_months, ge: 3 }',
      "    outcome: { answer: N, transStatusReason: '11' }",
    ].join('\n')
    const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-policy-'))
    const file = path.join(folder, 'overlay.yaml')
    writeFileSync(file, policyText('default').replace(/^rules:$/m, rule))
    const own = manualClock(start)
    const other = await withSources({}, { policy: file }, { clock: own })
    try {
      const at = { acquirerMerchantID: 'SHOP-B', purchaseCurrency: '392', purchaseExponent: '0' }
      const answers: string[] = []
      for (const day of ['2026-09-05', '2026-10-05', '2026-11-05', '2026-12-05']) {
        await fetch(`${other.acs}/api/v1/clock`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ set: `${day}T03:00:00Z` }),
        })
        const { acsTransID, transStatus } = await pay(other, { ...at, purchaseAmount: '600000' })
        answers.push(transStatus)
        await put(other, `/transactions/${acsTransID}/label`, { kind: 'fraud' })
      }
      expect(answers.slice(0, 3)).not.toContain('N')
      expect(answers[3]).toBe('N')
    } finally {
      await other.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('of one tenant knows nothing of another', async () => {
    const response = await fetch(`${sekisho.acs}/t/elsewhere/api/v1/hook/merchants`)
    expect([200, 404]).toContain(response.status)
    if (response.status === 200) expect(((await response.json()) as Members).merchants).toEqual([])
  })

  test.each(['x', `${'a'.repeat(22)}`, '..%2f..'])('does not know the merchant %s', async (id) => {
    expect([400, 404]).toContain((await api(sekisho, `/hook/merchants/${id}`)).status)
  })
})

describe('the reliability of sources', () => {
  const assessed = async (verdict: string, source: 'alpha' | 'beta' = 'alpha'): Promise<Paid> => {
    const { randomUUID } = await import('node:crypto')
    const threeDSServerTransID = randomUUID()
    const told = await send(
      sekisho,
      'assessments',
      {
        source,
        verdict,
        score: verdict === 'NG' ? 0.95 : 0.05,
        reasons: [],
        issuedAt: new Date(now).toISOString(),
        about: { threeDSServerTransID },
      },
      { at: now, source },
    )
    expect(told.status).toBe(202)
    return pay(sekisho, { threeDSServerTransID, acquirerMerchantID: 'SHOP-B' })
  }
  const tableOf = async (source: string): Promise<Members | undefined> =>
    ((await api(sekisho, '/hook/reliability')).body.sources as readonly Members[]).find((one) => one.source === source)
  const tally = async (source: string, verdict: string): Promise<Members | undefined> =>
    ((await tableOf(source))?.verdicts as readonly Members[] | undefined)?.find((one) => one.verdict === verdict)

  test('counts what they said against what came, and takes it back with the label', async () => {
    const { acsTransID } = await assessed('NG')
    await tell('feedback', { kind: 'fraud', about: { acsTransID }, list: false })
    expect(await tally('alpha', 'NG')).toMatchObject({ good: 0, fraud: 1, fraudRate: 1 })
    await tell('feedback', { kind: 'chargeback', about: { acsTransID }, list: false })
    expect(await tally('alpha', 'NG')).toMatchObject({ fraud: 1 })
    await tell('feedback', { kind: 'confirmedGood', about: { acsTransID } })
    expect(await tally('alpha', 'NG')).toMatchObject({ good: 1, fraud: 0 })
    const bands = (await tableOf('alpha'))?.bands as readonly Members[]
    expect(bands[9]).toMatchObject({ predicted: 0.95, good: 1, fraud: 0, seen: 0 })
    await fetch(`${sekisho.acs}/api/v1/transactions/${acsTransID}/label`, { method: 'DELETE' })
    expect(await tally('alpha', 'NG')).toMatchObject({ good: 0, fraud: 0, fraudRate: null })
  })

  test('does not count what a source confirms of itself, nor what somebody only thinks', async () => {
    const { acsTransID } = await assessed('OK', 'beta')
    await tell('feedback', { kind: 'review', verdict: 'OK', about: { acsTransID } }, { source: 'beta' })
    await tell('feedback', { kind: 'confirmedGood', about: { acsTransID } }, { source: 'beta' })
    expect((await shown(sekisho, acsTransID)).label).toMatchObject({ kind: 'confirmedGood' })
    expect((await tally('beta', 'OK'))?.good ?? 0).toBe(0)
    // Somebody else says the same.
    await tell('feedback', { kind: 'confirmedGood', about: { acsTransID } })
    expect(await tally('beta', 'OK')).toMatchObject({ good: 1 })
  })
})

describe('a mail check', () => {
  const check = async (email: string) => {
    const { status, body } = await send(sekisho, 'mail-check', { email }, { at: now })
    const said = (body.reasons as readonly { code: string }[] | undefined)?.map(({ code }) => code)
    return { status, said, report: body }
  }
  test.each([
    ['hanako.sato@gmail.com', ['alias']],
    ['hanakosato+shop@gmail.com', ['alias']],
    ['hanako@mailinator.com', ['throwAway']],
    ['hanako@gmail.con', ['slip']],
    ['hanako@gmail-support.com', ['lookAlike']],
    ['info@example.co.jp', ['role']],
    ['no at all', ['syntax']],
    ['two@@example.co.jp', ['syntax']],
    ['nobody@gmail.com', ['refused']],
  ])('of %s says %j', async (email, reasons) => {
    const { status, said } = await check(email)
    expect(status).toBe(200)
    expect(said).toEqual(expect.arrayContaining(reasons))
  })
  test('says what was meant, and both languages', async () => {
    const { report } = await check('hanako@gmail.con')
    expect(report).toMatchObject({ verdict: 'bad', meant: 'hanako@gmail.com' })
    const [first] = report.reasons as readonly Members[]
    expect(first?.text).toMatchObject({ en: expect.any(String), ja: expect.any(String) })
  })
  test.each([{}, { email: '' }, { email: 1 }, { email: 'x'.repeat(400) }, { email: 'a@b.co', more: 1 }])(
    'of %j is refused',
    async (body) => {
      expect((await send(sekisho, 'mail-check', body, { at: now })).status).toBe(422)
    },
  )
  test('is fast for whatever somebody writes', async () => {
    const began = Date.now()
    for (const email of [`${'a.'.repeat(150)}@x.jp`, `a@${'b-'.repeat(150)}c.jp`, '@'.repeat(320), '\u202e@\u0000.jp'])
      expect((await check(email)).status).toBe(200)
    expect(Date.now() - began).toBeLessThan(5_000)
  })
})

describe('the journey of a shopper', () => {
  const acctID = 'member-7'
  const shop = { acquirerMerchantID: 'SHOP-B' }
  const login = (more: Members, how = {}) =>
    tell('events', { kind: 'login', shopper: acctID, ...shop, result: 'failure', ...more }, how)
  const loginsSeen = async (change: Members = {}) => {
    const { acsTransID } = await pay(sekisho, { ...shop, acctID, ...change })
    const { facts } = (await shown(sekisho, acsTransID)) as { facts?: { signals?: Members } }
    return { acsTransID, signals: facts?.signals ?? {} }
  }

  test('tells the engine what went wrong at the log-in, and only at that shop and of that shopper', async () => {
    expect((await login({ attempts: 4 })).status).toBe(201)
    expect((await login({ result: 'success', passwordReset: true, isNewDevice: true, stepUp: 'passed' })).status).toBe(
      201,
    )
    const { signals } = await loginsSeen()
    expect(signals).toMatchObject({ loginFailures: 4, passwordReset: true })
    expect(signals.newDeviceLogin).toBeUndefined() // a step-up was passed
    expect((await loginsSeen({ acctID: 'member-8' })).signals.loginFailures).toBeUndefined()
    expect((await loginsSeen({ acquirerMerchantID: 'SHOP-C' })).signals.loginFailures).toBeUndefined()
  })

  test('moves the decision, with reasons of its own; nothing is there where nothing was told', async () => {
    const pays = async (name: string) => {
      const { acsTransID, signals } = await loginsSeen({ acctID: name })
      const { body } = await api(sekisho, `/transactions/${acsTransID}/decision`)
      return { signals, score: Number(body.score), text: JSON.stringify(body) }
    }
    const before = await pays('member-11')
    expect(before.signals.newDeviceLogin).toBeUndefined()
    const own = { shopper: 'member-12' }
    expect((await login({ ...own, result: 'success', isNewDevice: true })).status).toBe(201)
    expect((await login({ ...own, stepUp: 'failed' })).status).toBe(201)
    expect((await login({ ...own, stepUp: 'failed' })).status).toBe(201)
    const after = await pays('member-12')
    expect(after.signals).toMatchObject({ loginFailures: 2, stepUpFailures: 2, newDeviceLogin: true })
    expect(after.score).toBeGreaterThan(before.score)
    expect(after.text).toContain('step-ups at the log-in failed')
    expect(before.text).not.toContain('log-in')
  })

  test('counts an event once', async () => {
    const event = { id: 'once', kind: 'login', shopper: 'member-9', ...shop, result: 'failure', attempts: 2 }
    expect((await send(sekisho, 'events', event, { at: now })).status).toBe(201)
    expect((await send(sekisho, 'events', event, { at: now })).body).toMatchObject({ isRepeat: true })
    expect((await loginsSeen({ acctID: 'member-9' })).signals.loginFailures).toBe(2)
  })

  test('takes no event of another shop, even if that names a payment of the shopper', async () => {
    const { acsTransID } = await loginsSeen({ acctID: 'member-13' })
    const { threeDSServerTransID } = await shown(sekisho, acsTransID)
    const event = { kind: 'order', orderId: 'C-1', state: 'cancelled', threeDSServerTransID }
    expect((await tell('events', { ...event, acquirerMerchantID: 'SHOP-C' })).status).toBe(201)
    const find = { ...shop, shopper: 'member-13' }
    const { body: named } = await put(sekisho, '/hook/journeys/find', find, 'POST')
    const { body } = await api(sekisho, `/hook/journeys/${String(named.shopper)}`)
    expect((body.happenings as readonly Members[]).map(({ kind }) => kind)).not.toContain('order')
  })

  test('is one line from the log-in to the report', async () => {
    const { acsTransID } = await loginsSeen()
    const { threeDSServerTransID } = await shown(sekisho, acsTransID)
    await tell('events', {
      kind: 'order',
      shopper: acctID,
      ...shop,
      orderId: 'B-77',
      state: 'placed',
      threeDSServerTransID,
    })
    await tell('feedback', { kind: 'fraud', about: { orderId: 'B-77' }, list: false })
    const found = await put(sekisho, '/hook/journeys/find', { ...shop, shopper: acctID }, 'POST').catch(() => undefined)
    const named = await api(sekisho, '/hook/journeys/find', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ acquirerMerchantID: 'SHOP-B', shopper: acctID }),
    })
    expect(found?.body).toEqual(named.body)
    const { body } = await api(sekisho, `/hook/journeys/${String(named.body.shopper)}`)
    const kinds = (body.happenings as readonly Members[]).map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['login', 'payment', 'order', 'feedback']))
    expect(JSON.stringify(body)).not.toContain(acctID)
    const { body: list } = await api(sekisho, '/hook/journeys')
    expect((list.shoppers as readonly Members[]).map(({ shopper }) => shopper)).toContain(named.body.shopper)
  })

  test.each([
    ['without a shopper', { kind: 'login', result: 'failure', acquirerMerchantID: 'SHOP-B' }],
    ['without a merchant', { kind: 'login', result: 'failure', shopper: 'x' }],
    ['of the future', { kind: 'login', result: 'failure', shopper: 'x', ...shop, at: '2030-01-01T00:00:00Z' }],
    ['of long ago', { kind: 'login', result: 'failure', shopper: 'x', ...shop, at: '2020-01-01T00:00:00Z' }],
    ['of no kind', { kind: 'logout', shopper: 'x', ...shop }],
    ['with a card number', { kind: 'login', result: 'failure', shopper: '4111111111111111', ...shop }],
    ['with attempts below one', { kind: 'login', result: 'failure', shopper: 'x', ...shop, attempts: -1 }],
  ])('does not take an event %s', async (_what, body) => {
    expect((await tell('events', body)).status).toBe(422)
  })

  test('does not take an event of a merchant that the source does not speak for', async () => {
    expect((await login({ acquirerMerchantID: 'SHOP-A' }, { source: 'beta' })).status).toBe(422)
    expect((await login({ acquirerMerchantID: undefined }, { source: 'beta' })).status).toBe(201)
  })
})
