// Who buys, with which card, in which currency, and what becomes of it: personas, members, the result card, and the
// authorisation that follows a result.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { members } from '../../src/emulators/shop/accounts.ts'
import type { ShopOptions } from '../../src/emulators/shop/options.ts'
import { personaIds, personas } from '../../src/emulators/shop/personas.ts'
import { products } from '../../src/emulators/shop/products.ts'
import { authenticationValues } from '../../src/protocol/tables/authentication-values.ts'
import { schemes } from '../../src/protocol/tables/schemes.ts'
import {
  aresTo,
  authenticationValue,
  cardRange,
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
import { endingShown, has, outcomeShown, read, shopping, stepsShown, verdictShown } from './support/shopping.ts'

const acctNumber = '4000001234567890'
const card = { acctNumber }
const methodUrl = 'https://acs.example.com/method'

let ds: StandIn
let store = openEmulatorStore(':memory:')
let site: Served
let shop: ReturnType<typeof shopping>
let now = Date.now()
let ares: Message = {}

async function restart(options: Partial<ShopOptions> = {}): Promise<void> {
  await site?.close()
  const clock = () => now
  site = await startMerchantSide(store, `${ds.url}/ds/areq`, {
    shop: { clock, cards: [{ acctNumber, about: { en: 'a card', ja: 'カード' } }], ...options },
    threeDSServer: { clock, ranges: () => [{ ...cardRange, methodUrl }] },
  })
  shop = shopping(`${site.url}/shop`)
}

/** The DS answers the AReqs with these, one after the other; the last one stays. */
function answerWith(...statuses: readonly (string | readonly [string, Message])[]): void {
  let next = 0
  ds.script = (message) => {
    if (message.messageType !== 'AReq') return { message: ares }
    const answer = statuses[Math.min(next, statuses.length - 1)] ?? 'Y'
    next += 1
    ares = typeof answer === 'string' ? aresTo(message, answer) : aresTo(message, ...answer)
    return { message: ares }
  }
}

const areqs = (): readonly Message[] =>
  ds.received.map(({ message }) => message).filter(({ messageType }) => messageType === 'AReq')
const sendRReq = (transStatus: string) => post(`${site.url}/3ds-server/results`, rreqTo(ares, transStatus))

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

describe('euros', () => {
  test('are chosen before the first product and stay with the cart; the AReq has two minor digits', async () => {
    const shelf = await shop.open('/shop?currency=978&lang=en')
    expect(read(shelf, 'price-coffee')).toBe('€9.80')
    const path = await shop.order({ coffee: 2, gift: 1 }, '978')
    expect(read(await shop.open(path), 'total')).toBe('€319.60')
    await shop.buy(path, card)
    expect(areqs()[0]).toMatchObject({
      purchaseAmount: '31960',
      purchaseCurrency: '978',
      purchaseExponent: '2',
      merchantRiskIndicator: { giftCardAmount: '300', giftCardCount: '01', giftCardCurr: '978' },
    })
  })

  test('and yen: the cart holds one currency, and a switch takes the other price of each product', async () => {
    const path = await shop.order({ coffee: 1, headphones: 1 })
    expect(read(await shop.open(path), 'total')).toBe('¥26,280')
    expect(read(await shop.open(`${path}?currency=978`), 'total')).toBe('€168.80')
    expect(read(await shop.open(`${path}/checkout`), 'total')).toBe('€168.80')
    expect(read(await shop.open(`${path}/checkout?currency=999`), 'total')).toBe('€168.80')
    const result = await shop.buy(path, card)
    expect(read(await shop.open(`${result.path}?currency=392`), 'total')).toBe('€168.80') // placed is placed
  })

  test('every product has a price in each currency', () => {
    for (const { price } of products) expect(Object.values(price).every((minor) => minor > 0)).toBe(true)
  })

  test('an order kept before there were euros is one in yen', async () => {
    const path = await shop.order({ coffee: 1 })
    const order = store.orders.find(path.slice('/shop/orders/'.length))
    if (order === undefined) throw new Error('no order')
    store.orders.save({ ...order, cart: JSON.stringify([{ productId: 'umbrella', quantity: 2 }]) })
    expect(read(await shop.open(path), 'total')).toBe('¥7,200')
  })
})

describe('a persona', () => {
  test('is this browser by default, and the 3DS Method runs', async () => {
    const path = await shop.order({ coffee: 1 })
    const form = await shop.formOf(path)
    const processing = await shop.submit(`${path}/checkout`, { ...form, ...card, cardExpiryDate: '12/30' })
    expect(processing.html).toContain('data-method-url')
    await shop.authenticate(path)
    expect(areqs()[0]).toMatchObject({ browserIP: '127.0.0.1', browserLanguage: 'en-GB', browserTZ: '0' })
  })

  test.each(personas.filter((persona) => 'browser' in persona))(
    '$id sets every browser element, and the 3DS Method does not run: threeDSCompInd N (FLOW-MTH-5)',
    async (persona) => {
      const path = await shop.order({ coffee: 1 })
      await shop.submit(`${path}/fill`, { ...(await shop.formOf(path)), persona: persona.id, fill: 'persona' })
      const fields = { ...(await shop.formOf(path)), ...card, cardExpiryDate: '12/30', persona: persona.id }
      const processing = await shop.submit(`${path}/checkout`, fields)
      expect(processing.html).not.toContain('data-method-url')
      await shop.authenticate(path)
      expect(areqs()[0]).toMatchObject({ threeDSCompInd: 'N', ...('browser' in persona && persona.browser) })
    },
  )

  test('knows what is on the page: what each one changes is said there, in both languages', async () => {
    const path = await shop.order({ coffee: 1 })
    for (const lang of ['en', 'ja'] as const) {
      const page = await shop.open(`${path}/checkout?lang=${lang}`)
      for (const persona of personas) {
        expect(page.html).toContain(persona.name[lang])
        expect(page.html).toContain(persona.about[lang])
        if ('browser' in persona) expect(page.html).toContain(persona.browser.browserIP)
      }
    }
    expect(personas.map(({ id }) => id)).toEqual(personaIds)
  })

  test('the thief sends elsewhere and reads his own mail; in a member’s name he has taken the account over today', async () => {
    await shop.buy(await shop.order({ headphones: 1 }), card, { persona: 'thief', signIn: 'hanako:02' })
    expect(areqs()[0]).toMatchObject({
      cardholderName: 'Hanako Yamada',
      billAddrCity: 'Hakone',
      shipAddrCity: 'Osaka',
      addrMatch: 'N',
      email: 'h.yamada.2291@mailinator.com',
      acctInfo: {
        chAccAgeInd: '05',
        chAccChangeInd: '01',
        chAccPwChangeInd: '02',
        shipAddressUsageInd: '01',
        shipNameIndicator: '02',
        suspiciousAccActivity: '02',
      },
    })
  })

  test('stays with the buyer who tries again or goes on shopping', async () => {
    const { path } = await shop.buy(await shop.order({ coffee: 1 }), card, { persona: 'abroad' })
    const again = await shop.submit(path.replace('/result', '/again'))
    expect(again.html).toMatch(/value="abroad" checked/)
    const on = await shop.submit(path.replace('/result', '/again?cart=empty'))
    expect(on.path).toMatch(/\/catalogue$/)
    const onward = on.path.replace('/catalogue', '')
    await shop.submit(`${onward}/items`, { productId: 'coffee' })
    expect((await shop.open(`${onward}/checkout`)).html).toMatch(/value="abroad" checked/)
  })
})

describe('a guest', () => {
  test('has no account, and the AReq says so', async () => {
    await shop.buy(await shop.order({ coffee: 1 }), card)
    expect(areqs()[0]).toMatchObject({
      acctInfo: { chAccAgeInd: '01', paymentAccInd: '01' },
      threeDSRequestorAuthenticationInfo: { threeDSReqAuthMethod: '01' },
    })
    expect(areqs()[0]).not.toHaveProperty('acctID')
  })

  test('cannot pay with the saved card of a member', async () => {
    const member = await shop.order({ coffee: 1 })
    const page = await shop.submit(`${member}/fill`, { ...(await shop.formOf(member)), signIn: 'hanako:02' })
    const savedCard = /name="savedCard" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    expect(savedCard).not.toBe('')
    const path = await shop.order({ coffee: 1 })
    const refused = await shop.submit(`${path}/checkout`, { ...(await shop.formOf(path)), savedCard })
    expect(refused.status).toBe(422)
    expect(ds.received).toHaveLength(0)
  })
})

describe('a member', () => {
  const savedIn = (html: string): readonly string[] =>
    [...html.matchAll(/name="savedCard" value="([^"]+)"/g)].map(([, id = '']) => id)

  test('has a history and a log-in, which the AReq tells', async () => {
    await shop.buy(await shop.order({ coffee: 1 }), card, { signIn: 'hanako:06' })
    expect(areqs()[0]).toMatchObject({
      acctID: 'HAKONE-hanako',
      email: 'hanako@example.com',
      acctInfo: {
        chAccAgeInd: '05',
        chAccDate: expect.stringMatching(/^\d{8}$/),
        chAccChangeInd: '04',
        chAccPwChangeInd: '05',
        nbPurchaseAccount: '17',
        txnActivityDay: '1',
        txnActivityYear: '37',
        shipAddressUsageInd: '04',
        shipNameIndicator: '01',
        suspiciousAccActivity: '01',
      },
      threeDSRequestorAuthenticationInfo: {
        threeDSReqAuthMethod: '06',
        threeDSReqAuthTimestamp: new Date(now).toISOString().replace(/\D/g, '').slice(0, 12),
      },
    })
    expect(areqs()[0]?.acctInfo).not.toHaveProperty('paymentAccInd') // the card is none of the account's
  })

  test('who came twelve days ago has a young account without a saved card', async () => {
    const path = await shop.order({ coffee: 1 })
    const page = await shop.submit(`${path}/fill`, { ...(await shop.formOf(path)), signIn: 'ren:02' })
    expect(savedIn(page.html)).toEqual([])
    await shop.buy(path, card)
    expect(areqs()[0]).toMatchObject({
      cardholderName: 'Ren Sato',
      acctInfo: { chAccAgeInd: '03', chAccChangeInd: '02', chAccPwChangeInd: '01', nbPurchaseAccount: '1' },
    })
  })

  test('pays with the saved card, whose age the AReq tells and whose number no page shows', async () => {
    const path = await shop.order({ coffee: 1 })
    const page = await shop.submit(`${path}/fill`, { ...(await shop.formOf(path)), signIn: 'hanako:02' })
    const [savedCard = ''] = savedIn(page.html)
    expect(has(page, 'saved-7890')).toBe(true)
    const result = await shop.buy(path, { savedCard })
    expect(outcomeShown(result)).toBe('Y')
    expect(areqs()[0]).toMatchObject({
      acctNumber,
      acctInfo: { paymentAccInd: '05', paymentAccAge: expect.stringMatching(/^\d{8}$/) },
    })
    expect(result.html).not.toContain(acctNumber)
  })

  test('has a card remembered once it paid; it is forgotten on demand, and by a restart, since it is never on disk', async () => {
    const { lines, log } = keptLog()
    await restart({ cards: [], log })
    const pay = await shop.order({ coffee: 1 })
    await shop.buy(pay, card, { signIn: 'ren:02', remembersCard: 'Y' })
    expect(areqs()[0]).toMatchObject({ acctInfo: { paymentAccInd: '02', provisionAttemptsDay: '1' } })
    now += 40 * 86_400_000
    const next = await shop.order({ coffee: 1 })
    const page = await shop.submit(`${next}/fill`, { ...(await shop.formOf(next)), signIn: 'ren:02' })
    const [savedCard = ''] = savedIn(page.html)
    expect(page.html).not.toContain(acctNumber)
    const result = await shop.buy(next, { savedCard })
    expect(areqs()[1]).toMatchObject({ acctNumber, acctInfo: { paymentAccInd: '04', nbPurchaseAccount: '2' } })
    const again = await shop.submit(result.path.replace('/result', '/again'))
    const onward = again.path.replace('/checkout', '')
    const without = await shop.submit(`${onward}/fill`, { ...(await shop.formOf(onward)), forget: savedCard })
    expect(savedIn(without.html)).toEqual([])
    const rows = [pay, next, onward].map((path) => JSON.stringify(store.orders.find(path.slice(13))))
    expect([...lines, ...rows, result.html, again.html].join('\n')).not.toMatch(/1234567/)
    await shop.buy(await shop.order({ coffee: 1 }), card, { signIn: 'ren:02', remembersCard: 'Y' })
    await restart({ cards: [], log })
    const after = await shop.order({ coffee: 1 })
    const forgotten = await shop.submit(`${after}/fill`, { ...(await shop.formOf(after)), signIn: 'ren:02' })
    expect(savedIn(forgotten.html)).toEqual([])
  })

  test('whose card was declined does not have it remembered', async () => {
    await restart({ cards: [] })
    answerWith('N')
    await shop.buy(await shop.order({ coffee: 1 }), card, { signIn: 'ren:02', remembersCard: 'Y' })
    const next = await shop.order({ coffee: 1 })
    const page = await shop.submit(`${next}/fill`, { ...(await shop.formOf(next)), signIn: 'ren:02' })
    expect(savedIn(page.html)).toEqual([])
  })

  test('goes on as a guest', async () => {
    const path = await shop.order({ coffee: 1 })
    await shop.submit(`${path}/fill`, { ...(await shop.formOf(path)), signIn: 'ren:02' })
    const page = await shop.submit(`${path}/fill`, { ...(await shop.formOf(path)), signOut: 'Y' })
    expect(has(page, 'guest')).toBe(true)
    await shop.buy(path, card)
    expect(areqs()[0]).toMatchObject({ acctInfo: { chAccAgeInd: '01' }, cardholderName: 'Hanako Yamada' })
  })

  test('is one that the page names', async () => {
    const path = await shop.order({ coffee: 1 })
    const page = await shop.submit(`${path}/fill`, { ...(await shop.formOf(path)), signIn: 'nobody:02' })
    expect(has(page, 'guest')).toBe(true)
    for (const { name } of members) expect(page.html).toContain(name)
  })
})

describe('the result card', () => {
  test('of Y: words, values, what goes to authorisation, the verdicts, the approval, and the console', async () => {
    await restart({ consoleUrl: 'https://acs.example.com/sekisho/console' })
    const page = await shop.buy(await shop.order({ coffee: 1 }), card)
    expect(endingShown(page)).toBe('placed')
    expect(read(page, 'result-transStatus-meaning')).toBe('authenticated')
    expect(read(page, 'result-eci-meaning')).toBe('authenticated')
    expect(read(page, 'result-messageVersion')).toBe('2.2.0')
    expect(read(page, 'send-eci')).toBe('05')
    expect(read(page, 'send-CAVV')).toBe(authenticationValue)
    expect(read(page, 'send-dsTransID')).toBe(ares.dsTransID)
    expect(page.html).toContain('Visa (Visa Secure) wants these in the authorisation request')
    expect([verdictShown(page, 'Y'), verdictShown(page, 'YA')]).toEqual(['accept', 'accept'])
    expect(stepsShown(page)).toEqual(['Y', '00'])
    expect(page.html).toContain(`href="https://acs.example.com/sekisho/console/transactions/${ares.acsTransID}"`)
    expect(read(page, 'raw')).toContain('&quot;settledBy&quot;: &quot;ARes&quot;')
  })

  test('of A: both verdicts, and the order follows the one that was chosen', async () => {
    answerWith('A')
    const accepted = await shop.buy(await shop.order({ coffee: 1 }), card)
    expect([verdictShown(accepted, 'Y'), verdictShown(accepted, 'YA')]).toEqual(['stop', 'accept'])
    expect(stepsShown(accepted)).toEqual(['A', '00'])
    expect(read(accepted, 'result-title')).toBe('Authentication attempted – order placed')
    const refused = await shop.buy(await shop.order({ coffee: 1 }), card, { acceptance: 'Y' })
    expect(endingShown(refused)).toBe('refused')
    expect(stepsShown(refused)).toEqual(['A', 'refused'])
    expect(read(refused, 'result-title')).toBe('Authentication attempted – not accepted by this shop')
  })

  test.each(['N', 'U', 'R'])('of %s: no authorisation is asked for', async (transStatus) => {
    answerWith(transStatus)
    const page = await shop.buy(await shop.order({ coffee: 1 }), card)
    expect([verdictShown(page, 'Y'), verdictShown(page, 'YA')]).toEqual(['stop', 'stop'])
    expect(stepsShown(page)).toEqual([transStatus, 'refused'])
    expect(has(page, 'send-none')).toBe(true)
    expect(endingShown(page)).toBe('refused')
  })

  test('of I: authorised at the merchant’s own risk', async () => {
    answerWith('I')
    const page = await shop.buy(await shop.order({ coffee: 1 }), card, { threeDSRequestorChallengeInd: '05' })
    expect([verdictShown(page, 'Y'), verdictShown(page, 'YA')]).toEqual(['ownRisk', 'ownRisk'])
    expect(stepsShown(page)).toEqual(['I', '00'])
    expect(page.html).toContain('liability with the merchant')
  })

  test('of a proof that does not belong together: authenticated, and declined', async () => {
    answerWith(['Y', { eci: '02' }]) // no ECI of Visa’s
    const page = await shop.buy(await shop.order({ coffee: 1 }), card)
    expect(stepsShown(page)).toEqual(['Y', '63'])
    expect(endingShown(page)).toBe('declined')
    expect(read(page, 'result-title')).toBe('Authenticated, but the authorisation was declined')
  })

  test('says when the acquirer is silent or the card is forgotten, and asks nobody twice', async () => {
    await restart({ acquirerUrl: 'http://127.0.0.1:1' })
    const silent = await shop.buy(await shop.order({ coffee: 1 }), card)
    expect(stepsShown(silent)).toEqual(['Y', 'acquirerSilent'])
    await restart()
    expect(stepsShown(await shop.open(silent.path))).toEqual(['Y', 'acquirerSilent'])
    const path = await shop.order({ coffee: 1 })
    await shop.submit(`${path}/checkout`, { ...(await shop.formOf(path)), ...card, cardExpiryDate: '12/30' })
    await shop.authenticate(path)
    await restart()
    expect(stepsShown(await shop.open(`${path}/result`))).toEqual(['Y', 'cardForgotten'])
  })

  test('is opened many times and authorised once', async () => {
    const path = await shop.order({ coffee: 1 })
    await shop.submit(`${path}/checkout`, { ...(await shop.formOf(path)), ...card, cardExpiryDate: '12/30' })
    await shop.authenticate(path)
    const pages = await Promise.all([1, 2, 3, 4].map(() => shop.open(`${path}/result`)))
    for (const page of pages) expect(stepsShown(page)).toEqual(['Y', '00'])
  })

  test('names the fields of every scheme', () => {
    expect(Object.keys(authenticationValues).toSorted()).toEqual(Object.keys(schemes).toSorted())
  })
})

describe('a soft decline', () => {
  test('makes the shop ask again with a demanded challenge that names the first authentication; then it is approved', async () => {
    await restart({ softDeclines: [acctNumber] })
    answerWith('Y', 'C')
    const path = await shop.order({ coffee: 1 })
    const again = await shop.buy(path, card)
    expect(again.path).toBe(`${path}/processing`)
    expect(read(again, 'processing-text')).toContain('wants you to confirm')
    expect(areqs()).toHaveLength(1)
    const first = ares
    await shop.authenticate(path)
    expect(areqs()[1]).toMatchObject({
      acctNumber,
      threeDSRequestorChallengeInd: '04',
      threeDSRequestorPriorAuthenticationInfo: {
        threeDSReqPriorRef: first.acsTransID,
        threeDSReqPriorAuthMethod: '01',
        threeDSReqPriorAuthTimestamp: expect.stringMatching(/^\d{12}$/),
      },
    })
    expect(areqs()[1]?.threeDSServerTransID).not.toBe(areqs()[0]?.threeDSServerTransID)
    expect((await shop.open(`${path}/processing`)).path).toBe(`${path}/challenge`)
    await sendRReq('Y')
    const page = await shop.open(`${path}/result`)
    expect(stepsShown(page)).toEqual(['Y', '65', 'Y', '00'])
    expect(endingShown(page)).toBe('placed')
    expect(page.html).toContain('threeDSRequestorChallengeInd 04')
  })

  test('is asked about once: a second one is a decline, and a failed challenge ends the order', async () => {
    await restart({ softDeclines: [acctNumber] })
    const path = await shop.order({ coffee: 1 })
    await shop.buy(path, card)
    await shop.authenticate(path) // answered Y without a challenge, whatever was demanded
    const page = await shop.open(`${path}/result`)
    expect(stepsShown(page)).toEqual(['Y', '65', 'Y', '65'])
    expect(endingShown(page)).toBe('declined')
    answerWith('Y', 'C')
    const other = await shop.order({ coffee: 1 })
    await shop.buy(other, card)
    await shop.authenticate(other)
    await sendRReq('N')
    const failed = await shop.open(`${other}/result`)
    expect(stepsShown(failed)).toEqual(['Y', '65', 'N', 'refused'])
    expect(outcomeShown(failed)).toBe('N')
  })
})

test('a browser behind a trusted proxy has the address that the proxy tells', async () => {
  const { createShop } = await import('../../src/emulators/shop/shop.ts')
  const { default: express } = await import('express')
  const app = express().set('trust proxy', 'loopback')
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const options = { store, clock: () => now, uuid: () => crypto.randomUUID(), log: keptLog().log, cards: [] }
  const publicUrl = `http://127.0.0.1:${port}/under/shop`
  const threeDSServerUrl = `${site.url}/3ds-server`
  app.use('/under/shop', createShop({ ...options, publicUrl, threeDSServerUrl, acsPublicOrigin: 'http://localhost' }))
  const proxied = shopping(publicUrl)
  const path = await proxied.order({ coffee: 1 })
  expect(path).toMatch(/^\/under\/shop\/orders\//)
  await proxied.submit(`${path}/checkout`, { ...(await proxied.formOf(path)), ...card, cardExpiryDate: '12/30' })
  await proxied.open(`${path}/authenticate`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '192.0.2.99' },
    body: '',
  })
  server.close()
  server.closeAllConnections()
  expect(areqs()[0]).toMatchObject({ browserIP: '192.0.2.99' })
})
