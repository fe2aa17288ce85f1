// Shop, screening service and ACS of one Sekisho, over HTTP: an opinion reaches the decision by each door, and comes back as a view.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Running, running } from '../../support/running.ts'
import { has, outcomeShown, type Page, read, shopping } from '../support/shopping.ts'

/** The engine decides about it, and knows its holder. */
const card = { acctNumber: '4111110000000021' }

let house: Running
let shop: ReturnType<typeof shopping>
beforeAll(async () => {
  house = await running({}, { shop: { processingScreenMs: 0 } })
  shop = shopping(`${house.shop}/shop`)
})
afterAll(() => house.close())

const screening = (door: string, more: Readonly<Record<string, string>> = {}) => ({
  screening: door,
  kanji: '山田 花子',
  kana: 'ヤマダ ハナコ',
  phone: '090-1234-0311',
  ...more,
})
const side = (page: Page, name: 'with' | 'without'): string | undefined =>
  new RegExp(`data-testid="side-${name}" data-trans-status="(\\w)"`).exec(page.html)?.[1]

async function bought(door: string, persona = 'home'): Promise<Page> {
  const path = await shop.order({ coffee: 1 })
  return shop.buy(path, card, { persona, signIn: 'hanako:02', ...screening(door) })
}

describe.each(['areq', 'ahead', 'asked'])('by the door %s', (door) => {
  test('a good opinion is heard, and both decisions stand side by side', async () => {
    const page = await bought(door)
    expect(outcomeShown(page)).toBe('Y')
    expect(read(page, 'screening-verdict')).toBe('OK')
    expect(side(page, 'with')).toBe('Y')
    expect(side(page, 'without')).toBeDefined()
    expect(has(page, 'unheard')).toBe(false)
  })

  test('a thief is NG, and asked at least', async () => {
    const page = await bought(door, 'thief')
    const result = page.path.endsWith('/result')
      ? page
      : await shop.open(page.path.replace('/challenge', '/give-up'), { method: 'POST' })
    expect(read(result, 'screening-verdict')).toBe('NG')
    expect(['C', 'N', 'R']).toContain(side(result, 'with'))
    expect(side(result, 'without')).toBeDefined()
  })
})

test('off: nobody is asked, and the page says nothing of it', async () => {
  const page = await bought('off')
  expect(outcomeShown(page)).toBe('Y')
  expect(has(page, 'screening-result')).toBe(false)
})

describe('a shop that obeys', () => {
  const doubtful = { email: 'qzxkvw7h3k9x@example.com', billAddrLine1: 'Parcel Relay, Box 118', kana: '', kanji: '' }

  test('holds a REVIEW until a person passes it on; then the issuer is asked, and hears OK', async () => {
    const path = await shop.order({ coffee: 1 })
    const held = await shop.buy(path, card, { ...screening('areq', { screeningUse: 'obey', ...doubtful }) })
    expect(held.html).toContain('data-testid="screened" data-state="held"')
    const orderId = path.split('/').at(-1) ?? ''
    const desk = await shop.open(`/screening/orders/${orderId}`)
    const token = /name="token" value="([^"]+)"/.exec(desk.html)?.[1] ?? ''
    await shop.submit(`/screening/orders/${orderId}/decision`, { token, decision: 'passed', note: 'a regular' })
    expect((await shop.open(`${path}/processing`)).html).toContain('data-testid="processing"')
    await shop.authenticate(path)
    const next = await shop.open(`${path}/processing`)
    const result = next.path.endsWith('/result') ? next : await shop.open(`${path}/give-up`, { method: 'POST' })
    expect(read(result, 'screening-verdict')).toBe('OK')
    expect(result.html).toContain('data-testid="side-without"')
  })

  test('ends an NG before the issuer hears of it', async () => {
    const path = await shop.order({ coffee: 1 })
    const page = await shop.buy(path, card, { persona: 'thief', ...screening('areq', { screeningUse: 'obey' }) })
    expect(page.html).toContain('data-testid="screened" data-state="stopped"')
    await shop.authenticate(path)
    expect((await shop.open(`${path}/result`)).html).toContain('data-state="stopped"')
    const { html } = await shop.open('/screening/')
    expect(html).toMatch(/stopped by the shop/)
  })
})

test('what became of the payments is learnt', async () => {
  const { html } = await shop.open('/screening/')
  const [, orders] = /data-testid="learnt-orders">(\d+)/.exec(html) ?? []
  expect(Number(orders)).toBeGreaterThan(5)
  expect(html).toMatch(/given up|not authenticated/)
  const [orderId = ''] = /(?<=data-order=")[^"]+(?=" data-verdict="OK")/.exec(html) ?? []
  const { html: desk } = await shop.open(`/screening/orders/${orderId}`)
  const token = /name="token" value="([^"]+)"/.exec(desk)?.[1] ?? ''
  const labelled = await shop.submit(`/screening/orders/${orderId}/label`, { token, label: 'fraud' })
  expect(read(labelled, 'label')).toBe('Fraud')
  const { log } = house
  expect(log()).not.toContain('the issuer did not take it')
  expect(log()).not.toContain('the issuer cannot be reached')
  expect(log()).not.toContain('whsec_')
})

test('without a service the shop offers none, and an unreachable one stops nothing', async () => {
  const [alone, lonely] = await Promise.all([
    running({ only: ['acs', 'ds', '3ds-server', 'shop'] }),
    running({ only: ['acs', 'ds', '3ds-server', 'shop'], screeningUrl: 'http://127.0.0.1:9/screening' }),
  ])
  try {
    const plain = shopping(`${alone.shop}/shop`)
    const page = await plain.open(`${await plain.order({ coffee: 1 })}/checkout`)
    expect(has(page, 'screening')).toBe(false)
    const trying = shopping(`${lonely.shop}/shop`)
    const path = await trying.order({ coffee: 1 })
    const result = await trying.buy(path, card, { persona: 'home', signIn: 'hanako:02', ...screening('areq') })
    expect(has(result, 'screening-unavailable')).toBe(true)
    expect(outcomeShown(result)).toBe('Y')
  } finally {
    await Promise.all([alone.close(), lonely.close()])
  }
})

test('a service alone answers signed orders and nobody else', async () => {
  const key = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
  const alone = await running({ only: ['screening'], screeningKey: key })
  try {
    expect((await fetch(`${alone.shop}/screening/`)).status).toBe(200)
    expect((await fetch(`${alone.shop}/screening/orders`, { method: 'POST', body: '{}' })).status).toBe(415)
    expect((await fetch(`${alone.shop}/shop`)).status).toBe(404)
  } finally {
    await alone.close()
  }
})
