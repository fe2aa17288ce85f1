import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ShopOptions } from '../../src/emulators/shop/options.ts'
import { outcomeOf, reasonKey } from '../../src/emulators/shop/outcome.ts'
import { texts } from '../../src/emulators/shop/texts.ts'
import type { ThreeDSServerOptions } from '../../src/emulators/threeds-server/options.ts'
import { decodeBase64url, encodeBase64url } from '../../src/protocol/base64url.ts'
import {
  aresTo,
  authenticationValue,
  cardRange,
  erro,
  keptLog,
  type Message,
  openEmulatorStore,
  post,
  rreqTo,
  type Served,
  type StandIn,
  startMerchantSide,
  startStandIn,
} from './support/loop.ts'

const acctNumber = '4000001234567890'

let ds: StandIn
let store = openEmulatorStore(':memory:')
let site: Served
let now = Date.now()

async function restart(options: { shop?: Partial<ShopOptions>; threeDSServer?: Partial<ThreeDSServerOptions> } = {}) {
  await site?.close()
  const clock = () => now
  site = await startMerchantSide(store, `${ds.url}/ds/areq`, {
    shop: { clock, ...options.shop },
    threeDSServer: { clock, ...options.threeDSServer },
  })
}

interface Page {
  readonly status: number
  readonly path: string
  readonly html: string
  readonly headers: Headers
}

async function open(path: string, init: RequestInit = {}): Promise<Page> {
  const response = await fetch(`${site.url}${path}`, init)
  const { pathname, search } = new URL(response.url)
  return {
    status: response.status,
    path: `${pathname}${search}`,
    html: await response.text(),
    headers: response.headers,
  }
}
const submit = (path: string, fields: Record<string, string> = {}): Promise<Page> =>
  open(path, { method: 'POST', body: new URLSearchParams(fields) })

/** The text of the element with this data-testid. */
const read = (page: Page, testId: string): string | undefined =>
  new RegExp(`data-testid="${testId}"[^>]*>([^<]*)<`).exec(page.html)?.[1]
const has = (page: Page, testId: string): boolean => page.html.includes(`data-testid="${testId}"`)
const outcomeShown = (page: Page): string | undefined => /data-outcome="(\w+)"/.exec(page.html)?.[1]

const form = {
  acctNumber,
  cardExpiryDate: '12/29',
  cardholderName: 'HANAKO YAMADA',
  email: 'hanako@example.com',
  billAddrLine1: '1-2-3 Yumoto',
  billAddrCity: 'Hakone',
  billAddrState: '14',
  billAddrPostCode: '250-0311',
  billAddrCountry: '392',
  challengeWindowSize: '02',
  threeDSRequestorChallengeInd: '01',
}
const elsewhere = {
  shipsElsewhere: 'Y',
  shipAddrLine1: '4-5-6 Umeda',
  shipAddrCity: 'Osaka',
  shipAddrState: '27',
  shipAddrPostCode: '530-0001',
  shipAddrCountry: '392',
}

const report = {
  browserJavaEnabled: false,
  browserLanguage: 'ja',
  browserColorDepth: '30',
  browserScreenHeight: '900',
  browserScreenWidth: '1440',
  browserTZ: '-540',
}

/** A new order of these products; its path. */
async function order(...productIds: string[]): Promise<string> {
  const [first = 'coffee', ...others] = productIds
  const { path } = await submit('/shop/orders', { productId: first })
  for (const productId of others) await submit(`${path}/items`, { productId })
  return path
}

/** As the script of the processing page does it. */
const authenticate = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> =>
  open(`${path}/authenticate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(report),
  })

/** Checkout and authentication; the page the order then belongs on. */
async function buy(path: string, fields: Record<string, string> = {}): Promise<Page> {
  const processing = await submit(`${path}/checkout`, { ...form, ...fields })
  expect(processing.path).toBe(`${path}/processing`)
  await authenticate(path)
  return open(`${path}/processing`)
}

const areq = (): Message => ds.received[0]?.message ?? {}
let ares: Message = {}
const sendRReq = (transStatus: string, change: Message = {}) =>
  post(`${site.url}/3ds-server/results`, rreqTo(ares, transStatus, change))
const comeBack = () =>
  submit('/3ds-server/challenge-notification', {
    cres: encodeBase64url(
      JSON.stringify({
        threeDSServerTransID: ares.threeDSServerTransID,
        acsTransID: ares.acsTransID,
        messageType: 'CRes',
        messageVersion: '2.2.0',
        transStatus: 'Y',
      }),
    ),
  })

function answerWith(transStatus: string, change: Message = {}): void {
  ds.script = (message) => {
    if (message.messageType === 'AReq') ares = aresTo(message, transStatus, change)
    return { message: ares }
  }
}

beforeEach(async () => {
  now = Date.now()
  ds = await startStandIn(() => ({ message: {} }))
  answerWith('Y')
  store = openEmulatorStore(':memory:')
  await restart()
})

afterEach(async () => {
  await Promise.all([site.close(), ds.close()])
  store.close()
})

describe('catalogue and cart', () => {
  test('an order lives at an address of its own and needs no cookie (MIS-FRM-1)', async () => {
    const path = await order('coffee', 'coffee', 'gift')
    expect(path).toMatch(/^\/shop\/orders\/[0-9a-f-]{36}$/)
    const cart = await open(path)
    expect(cart.headers.get('set-cookie')).toBeNull()
    expect(read(cart, 'total')).toBe('¥52,960')
    await submit(`${path}/items`, { productId: 'gift', quantity: '5' })
    await submit(`${path}/remove`, { productId: 'coffee' })
    const changed = await open(path)
    expect(read(changed, 'total')).toBe('¥250,000')
    expect(has(changed, 'line-coffee')).toBe(false)
  })

  test.each(['0', '-1', '1.5', 'x', '1000'])('a quantity of %s does no harm', async (quantity) => {
    const path = await order('coffee')
    await submit(`${path}/items`, { productId: 'coffee', quantity })
    await submit(`${path}/items`, { productId: '__proto__', quantity: '2' })
    const cart = await open(path)
    expect(cart.status).toBe(200)
    expect(has(cart, 'line-coffee') ? read(cart, 'total') : 'empty').toMatch(/^(¥1,480|¥146,520|empty)$/)
  })

  test('an order nobody knows is a 404 page', async () => {
    const page = await open('/shop/orders/00000000-0000-4000-8000-000000000000')
    expect(page.status).toBe(404)
    expect(page.html).toContain(texts.en['missing.text'])
  })

  test('speaks Japanese by Accept-Language, and by choice, which the order remembers', async () => {
    const byHeader = await open('/shop', { headers: { 'accept-language': 'ja,en;q=0.8' } })
    expect(byHeader.html).toContain(texts.ja['catalogue.title'])
    const path = await order('coffee')
    expect((await open(`${path}?lang=ja`)).html).toContain('<html lang="ja">')
    expect((await open(`${path}/checkout`)).html).toContain(texts.ja['checkout.title'])
  })
})

describe('the AReq of a purchase', () => {
  test('names the shop, the goods and the browser', async () => {
    const path = await order('coffee', 'notebook')
    await buy(path, { threeDSRequestorChallengeInd: '03' })
    expect(areq()).toMatchObject({
      merchantName: 'Hakone Goods',
      acquirerBIN: '400000',
      acquirerMerchantID: 'HAKONE-0001',
      mcc: '5999',
      merchantCountryCode: '392',
      purchaseAmount: '3680',
      purchaseCurrency: '392',
      purchaseExponent: '0',
      acctNumber,
      cardExpiryDate: '2912',
      threeDSRequestorChallengeInd: '03',
      cardholderName: 'HANAKO YAMADA',
      addrMatch: 'Y',
      billAddrCity: 'Hakone',
      shipAddrCity: 'Hakone',
      acctInfo: { chAccAgeInd: '01' },
      merchantRiskIndicator: { shipIndicator: '01', deliveryTimeframe: '04' },
      browserJavascriptEnabled: true,
      browserColorDepth: '24', // the browser said 30 (MIS-TMR-9)
      browserTZ: '-540',
      threeDSCompInd: 'U',
    })
    expect(areq().merchantRiskIndicator).not.toHaveProperty('giftCardCount')
  })

  test('sent elsewhere says so', async () => {
    await buy(await order('camera'), elsewhere)
    expect(areq()).toMatchObject({
      addrMatch: 'N',
      billAddrCity: 'Hakone',
      shipAddrCity: 'Osaka',
      acctInfo: { shipAddressUsageInd: '01' },
      merchantRiskIndicator: { shipIndicator: '03' },
    })
  })

  test('counts gift cards: major units, two digits, currency', async () => {
    const path = await order('gift')
    await submit(`${path}/items`, { productId: 'gift', quantity: '5' })
    await buy(path, elsewhere)
    expect(areq()).toMatchObject({
      purchaseAmount: '250000',
      addrMatch: 'N',
      shipAddrCity: 'Osaka',
      merchantRiskIndicator: {
        giftCardAmount: '250000',
        giftCardCount: '05',
        giftCardCurr: '392',
        shipIndicator: '05',
        deliveryTimeframe: '01',
        deliveryEmailAddress: 'hanako@example.com',
      },
    })
  })

  test('from a browser without scripts says so and still goes its way', async () => {
    const path = await order('coffee')
    const processing = await submit(`${path}/checkout`, form)
    expect(has(processing, 'continue')).toBe(true)
    const result = await submit(`${path}/authenticate`)
    expect(areq()).toMatchObject({ browserJavascriptEnabled: false })
    expect(areq()).not.toHaveProperty('browserTZ')
    expect(outcomeShown(result)).toBe('Y')
  })

  test('passes on how the request of the browser wants to be answered', async () => {
    const path = await order('coffee')
    await submit(`${path}/checkout`, form)
    const override = '{"transStatus":"N"}'
    await authenticate(path, { 'sekisho-override': override })
    expect(ds.received[0]?.headers['sekisho-override']).toBe(override)
  })

  test('is sent once, however often the page asks', async () => {
    const path = await order('coffee')
    await submit(`${path}/checkout`, form)
    await Promise.all([authenticate(path), authenticate(path), authenticate(path)])
    await authenticate(path)
    expect(ds.received).toHaveLength(1)
  })
})

describe('the checkout', () => {
  test.each([
    ['acctNumber', '1234'],
    ['cardExpiryDate', '13/29'],
    ['cardholderName', 'X'],
    ['email', 'nobody'],
    ['billAddrCity', ''],
    ['billAddrCountry', 'JP'],
  ])('marks %s when it is wrong, and forgets the card number', async (field, value) => {
    const path = await order('coffee')
    const page = await submit(`${path}/checkout`, { ...form, [field]: value })
    expect(page.status).toBe(422)
    expect(new RegExp(`name="${field}"[^>]*aria-invalid="true"`).test(page.html)).toBe(true)
    expect(page.html.match(/aria-invalid/g)).toHaveLength(1)
    expect(page.html).not.toContain(acctNumber)
    expect(ds.received).toHaveLength(0)
  })

  test('takes a card number with spaces and an expiry as people write it', async () => {
    const path = await order('coffee')
    await buy(path, { acctNumber: '4000 0012 3456 7890', cardExpiryDate: '01 / 2030' })
    expect(areq()).toMatchObject({ acctNumber, cardExpiryDate: '3001' })
  })

  test('offers the cards to try', async () => {
    await restart({ shop: { cards: [{ acctNumber: '4000000000000002', about: { en: 'yes', ja: 'はい' } }] } })
    const page = await open(`${await order('coffee')}/checkout`)
    expect(has(page, 'card-4000000000000002')).toBe(true)
  })

  test('escapes hostile input, and so do the pages after it', async () => {
    const hostile = `"><script>alert(1)</script>'`
    const path = await order('coffee')
    const again = await submit(`${path}/checkout`, {
      ...form,
      cardholderName: hostile,
      email: hostile,
      billAddrCity: hostile,
    })
    expect(again.html).not.toContain('<script>alert')
    answerWith('N', { cardholderInfo: hostile })
    const result = await buy(path, { cardholderName: hostile, billAddrCity: hostile })
    expect(read(result, 'result-cardholderInfo')).toBeDefined()
    expect(result.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(result.html).not.toContain('<script>alert')
    const evil = await open(`${path}/result?lang=${encodeURIComponent(hostile)}`)
    expect(evil.html).not.toContain('<script>alert')
  })

  test('asks for the card again when the process ended before the AReq was sent', async () => {
    const path = await order('coffee')
    await submit(`${path}/checkout`, form)
    await restart()
    const page = await open(`${path}/processing`)
    expect(page.path).toBe(`${path}/checkout?card=again`)
    expect(has(page, 'card-again')).toBe(true)
    expect(outcomeShown(await buy(path))).toBe('Y')
  })
})

describe('the result page', () => {
  test.each(['Y', 'A', 'N', 'U', 'R'])('tells a frictionless %s', async (transStatus) => {
    answerWith(transStatus)
    const page = await buy(await order('coffee'))
    expect(outcomeShown(page)).toBe(transStatus)
    expect(read(page, 'result-title')).toBe(texts.en[`outcome.${transStatus as 'Y'}`])
    expect(read(page, 'result-transStatus')).toBe(transStatus)
    expect(read(page, 'result-dsTransID')).toBe(ares.dsTransID)
    expect(read(page, 'result-acsTransID')).toBe(ares.acsTransID)
  })

  test('shows ECI and authentication value, or the reason with its meaning', async () => {
    const accepted = await buy(await order('coffee'))
    expect(read(accepted, 'result-eci')).toBe('05')
    expect(read(accepted, 'result-authenticationValue')).toBe(authenticationValue)
    answerWith('R')
    const rejected = await buy(await order('coffee'))
    expect(read(rejected, 'result-transStatusReason')).toBe('11')
    expect(read(rejected, 'result-transStatusReason-meaning')).toBe('fraud suspected')
  })

  test('does not take I for an authentication (MIS-RES-12, RES-EX-1)', async () => {
    answerWith('I')
    const page = await buy(await order('coffee'), { threeDSRequestorChallengeInd: '06' })
    expect(outcomeShown(page)).toBe('I')
    expect(read(page, 'result-title')).toContain('without authentication')
  })

  test('shows the card issuer’s message and an Erro', async () => {
    answerWith('N', { cardholderInfo: 'Please call us' })
    expect((await buy(await order('coffee'))).html).toContain('Please call us')
    ds.script = () => ({ message: erro('D', '305', { errorDetail: 'acctNumber' }) })
    const page = await buy(await order('coffee'))
    expect(outcomeShown(page)).toBe('Erro')
    expect(read(page, 'result-errorCode')).toBe('305')
    expect(read(page, 'result-errorDetail')).toBe('acctNumber')
  })

  test('says so when the 3DS Server cannot be reached', async () => {
    await restart({ shop: { threeDSServerUrl: 'http://127.0.0.1:1/3ds-server' } })
    const path = await order('coffee')
    const page = await submit(`${path}/checkout`, form)
    expect(page.path).toBe(`${path}/result`)
    expect(outcomeShown(page)).toBe('failure')
  })

  test('leads to a new order with the same cart and form, without the card', async () => {
    const path = await order('coffee', 'gift')
    await buy(path, { email: 'other@example.com' })
    const again = await submit(`${path}/again`)
    expect(again.path).toMatch(/\/checkout$/)
    expect(again.path).not.toContain(path)
    expect(again.html).toContain('other@example.com')
    expect(read(again, 'total')).toBe('¥51,480')
    expect(again.html).not.toContain(acctNumber)
  })
})

describe('a challenge', () => {
  beforeEach(() => answerWith('C'))

  test('is framed in the size of the CReq, sandboxed, and posted without padding (FLOW-BRW-2, FLOW-IFR-1, 2, FLOW-GEN-4)', async () => {
    const path = await order('coffee')
    const page = await buy(path, { challengeWindowSize: '02' })
    expect(page.path).toBe(`${path}/challenge`)
    const creq = /name="creq" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
    expect(creq).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(JSON.parse(String(decodeBase64url(creq)))).toMatchObject({ messageType: 'CReq', challengeWindowSize: '02' })
    expect(page.html).toContain('class="size-02"')
    expect(page.html).toContain('sandbox="allow-forms allow-scripts allow-same-origin allow-pointer-lock"')
    expect(page.html).toContain('action="http://localhost:9440/acs/challenge" target="challenge"')
    const sessionData = /name="threeDSSessionData" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
    expect(sessionData).toMatch(/^[A-Za-z0-9_-]{1,1024}$/)
    const reloaded = await open(page.path)
    expect(reloaded.html).toContain(`value="${creq}"`) // FLOW-BRW-4: the same CReq again
  })

  test('can be framed without scripts, by the form or by the address', async () => {
    const byForm = await buy(await order('coffee'), { frameWithoutScripts: 'Y' })
    expect(byForm.html).toContain('sandbox="allow-forms allow-same-origin allow-pointer-lock"')
    const other = await buy(await order('coffee'))
    const byAddress = await open(`${other.path}?frame=no-scripts`)
    expect(byAddress.html).toContain('sandbox="allow-forms allow-same-origin allow-pointer-lock"')
    const checkout = await open(`${await order('coffee')}/checkout?frame=no-scripts`)
    expect(checkout.html).toMatch(/name="frameWithoutScripts" value="Y" checked/)
  })

  test('whose RReq comes before the browser: the result is there when it returns (FLOW-BRW-5)', async () => {
    const { path } = await buy(await order('coffee'))
    await sendRReq('Y')
    const orderPath = path.replace('/challenge', '')
    const status = JSON.parse((await open(`${orderPath}/status`)).html) as Message
    expect(status).toEqual({ phase: 'settled', isMethodPending: false, isReturned: false })
    await comeBack()
    const page = await open(path)
    expect(page.path).toBe(`${orderPath}/result`)
    expect(outcomeShown(page)).toBe('Y')
    expect(read(page, 'result-authenticationValue')).toBe(authenticationValue)
  })

  test('whose RReq comes after the browser: the page waits for it (FLOW-S-5, FLOW-BRW-8)', async () => {
    const { path } = await buy(await order('coffee'))
    await comeBack()
    const waiting = await open(path)
    expect(outcomeShown(waiting)).toBe('waiting')
    expect(read(waiting, 'result-title')).toBe(texts.en['outcome.waiting'])
    expect(has(waiting, 'result-transStatus')).toBe(false)
    expect(waiting.html).toContain('http-equiv="refresh"')
    await sendRReq('N', { transStatusReason: '19' })
    const page = await open(waiting.path)
    expect(outcomeShown(page)).toBe('N')
    expect(read(page, 'result-transStatusReason')).toBe('19')
    expect(page.html).not.toContain('http-equiv="refresh"')
  })

  test('whose browser never returns ends by the RReq alone', async () => {
    const { path } = await buy(await order('coffee'))
    await sendRReq('N', { transStatusReason: '14', challengeCancel: '04' })
    const page = await open(path)
    expect(outcomeShown(page)).toBe('N')
    expect(read(page, 'result-challengeCancel')).toBe('04')
  })

  test('whose RReq never comes ends as not authenticated, whatever the cres said (FLOW-S-5, MIS-FRM-9)', async () => {
    const { path } = await buy(await order('coffee'))
    await comeBack()
    now += 30_001
    const page = await open(path)
    expect(outcomeShown(page)).toBe('noResult')
    expect(read(page, 'result-title')).toBe('Not authenticated: no result received')
  })

  test('can be given up by the requestor before the CReq: RRes 02 (FLOW-BRW-9)', async () => {
    const page = await buy(await order('coffee'), { skipsChallenge: 'Y' })
    expect(outcomeShown(page)).toBe('gaveUp')
    const { message } = await sendRReq('N', { transStatusReason: '14', challengeCancel: '05' })
    expect(message).toMatchObject({ resultsStatus: '02' })
    expect(outcomeShown(await open(page.path))).toBe('gaveUp')
  })

  test('cancelled at the shop after the CReq went out: RRes 01', async () => {
    const { path } = await buy(await order('coffee'))
    const page = await submit(path.replace('/challenge', '/give-up'))
    expect(outcomeShown(page)).toBe('gaveUp')
    expect((await sendRReq('Y')).message).toMatchObject({ resultsStatus: '01' })
    expect(outcomeShown(await open(page.path))).toBe('gaveUp')
  })

  test('is found again after a restart', async () => {
    const { path } = await buy(await order('coffee'))
    await restart()
    expect((await open(path)).path).toBe(path)
    await sendRReq('Y')
    expect(outcomeShown(await open(path))).toBe('Y')
  })
})

test('the 3DS Method runs if the range has one: the page holds its address and its data (FLOW-MTH-1)', async () => {
  const methodUrl = 'https://acs.example.com/method?x=1'
  await restart({ threeDSServer: { ranges: () => [{ ...cardRange, methodUrl }] } })
  const page = await submit(`${await order('coffee')}/checkout`, form)
  expect(page.html).toContain(`data-method-url="${methodUrl}"`)
  expect(page.html).toContain('data-method-ms="10000"')
  expect(page.headers.get('content-security-policy')).toContain('https://acs.example.com')
})

test('every page lets the ACS be framed and posted to, and itself by nobody (SEC-CSP-10, MIS-FRM-5)', async () => {
  const path = await order('coffee')
  for (const page of [await open('/shop'), await open(path), await open(`${path}/checkout`), await buy(path)]) {
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("frame-src 'self' http://localhost:9440;")
    expect(policy).toContain("form-action 'self' http://localhost:9440;")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("default-src 'none'")
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.html).not.toMatch(/<script>|\son\w+=|style="/)
  }
})

test('style sheet and script are served', async () => {
  const css = await open('/shop/assets/shop.css')
  const js = await open('/shop/assets/shop.js')
  expect(css.headers.get('content-type')).toContain('text/css')
  expect(js.headers.get('content-type')).toContain('javascript')
})

test('the card number is in no row, no log, no address and no page after the checkout (SEC-LOG-1, SEC-LOG-6)', async () => {
  const { lines, log } = keptLog()
  await restart({ shop: { log }, threeDSServer: { log } })
  answerWith('C')
  const path = await order('coffee')
  const challenge = await buy(path)
  await sendRReq('Y')
  await comeBack()
  const result = await open(`${path}/result`)
  const again = await submit(`${path}/again`)
  const row = store.orders.find(path.slice('/shop/orders/'.length))
  const transaction = store.threeDSServer.find(String(row?.threeDSServerTransID))
  const seen = [...lines, JSON.stringify(row), JSON.stringify(transaction)]
  for (const page of [challenge, result, again]) seen.push(page.html, page.path)
  expect(seen.join('\n')).toContain('400000******7890')
  expect(seen.join('\n')).not.toMatch(/1234567/)
})

test('what the 3DS Server says becomes an outcome, and reasons become words', () => {
  const base = {
    threeDSServerTransID: '',
    messageVersion: '2.2.0',
    card: '',
    threeDSMethod: 'none',
    isReturned: true,
  } as const
  expect(outcomeOf(undefined)).toBe('failure')
  expect(outcomeOf({ ...base, phase: 'challenge', transStatus: 'C' })).toBe('waiting')
  expect(outcomeOf({ ...base, phase: 'settled', settledBy: 'RReq', transStatus: 'Y' })).toBe('Y')
  expect(outcomeOf({ ...base, phase: 'settled', settledBy: 'gaveUp', transStatus: 'Y' })).toBe('gaveUp')
  expect(outcomeOf({ ...base, phase: 'settled', settledBy: 'ARes', transStatus: 'X' })).toBe('noResult')
  expect(['01', '26', '30', '80', '99', '31', '1', 'xx'].map(reasonKey)).toEqual([
    'reason.01',
    'reason.26',
    'reason.30',
    'reason.ds',
    'reason.ds',
    'reason.other',
    'reason.other',
    'reason.other',
  ])
})

test('both languages say everything and keep the same values', () => {
  for (const [key, text] of Object.entries(texts.en)) {
    const japanese = texts.ja[key as keyof typeof texts.en]
    expect(japanese, key).not.toBe('')
    expect(japanese.match(/\{\{\w+\}\}/g), key).toEqual(text.match(/\{\{\w+\}\}/g))
  }
})
