// The shop in a real browser, against an ACS made of a few pages on another site. Pictures are written when
// SEKISHO_SCREENSHOTS names a directory.
import { mkdirSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/protocol/base64url.ts'
import { seriousViolations } from '../support/axe.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import {
  aresTo,
  authenticationValue,
  cardRange,
  type Message,
  openEmulatorStore,
  post,
  rreqTo,
  type Served,
  startDs,
  startMerchantSide,
} from './support/loop.ts'

const shots = process.env.SEKISHO_SCREENSHOTS
if (shots !== undefined) mkdirSync(shots, { recursive: true })

const autoPost = (action: string, fields: Record<string, string>): string =>
  `<!DOCTYPE html><title>post</title><form method="post" action="${action}">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    .join('')}<noscript><button>Continue</button></noscript></form><script>document.forms[0].submit()</script>`

interface PlayAcs {
  readonly origin: string
  /** When the RReq goes out, seen from the page that posts the cres. */
  rreq: 'before' | 'after' | 'never'
  /** Sends the RReq that is to come after. */
  sendRReq: () => Promise<unknown>
  /** Whether the 3DS Method page posts its notification. */
  hasMethod: boolean
  transStatus: string
  /** How often its 3DS Method page was opened. */
  methods: number
  readonly areqs: Message[]
  readonly creqs: Message[]
  close(): Promise<void>
}

/** An ACS that asks for one click. */
async function startAcs(): Promise<PlayAcs> {
  const app = express()
  const server = http.createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const transactions = new Map<string, { readonly areq: Message; readonly ares: Message }>()
  const acs: PlayAcs = {
    origin,
    rreq: 'before',
    sendRReq: () => Promise.reject(new Error('nobody has answered the challenge')),
    hasMethod: true,
    transStatus: 'C',
    methods: 0,
    areqs: [],
    creqs: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const decode = (field: unknown): Message => JSON.parse(String(decodeBase64url(String(field)))) as Message
  app.post('/acs/areq', express.json(), (req, res) => {
    const areq = req.body as Message
    acs.areqs.push(areq)
    const ares = aresTo(areq, acs.transStatus, acs.transStatus === 'C' ? { acsURL: `${origin}/acs/challenge` } : {})
    transactions.set(String(ares.acsTransID), { areq, ares })
    res.json(ares)
  })
  app.get('/favicon.ico', (_req, res) => void res.status(204).end())
  app.use(express.urlencoded())
  app.post('/acs/method', (req, res) => {
    acs.methods += 1
    const { threeDSServerTransID, threeDSMethodNotificationURL } = decode(req.body.threeDSMethodData)
    const fields = { threeDSMethodData: encodeBase64url(JSON.stringify({ threeDSServerTransID })) }
    res.send(acs.hasMethod ? autoPost(String(threeDSMethodNotificationURL), fields) : '<!DOCTYPE html><title>-</title>')
  })
  app.post('/acs/challenge', (req, res) => {
    const creq = decode(req.body.creq)
    acs.creqs.push(creq)
    res.send(`<!DOCTYPE html><title>challenge</title><form method="post" action="/acs/answer">
      <input type="hidden" name="acsTransID" value="${creq.acsTransID}">
      <input type="hidden" name="threeDSSessionData" value="${req.body.threeDSSessionData}">
      <h2>Bank</h2><button id="approve">Approve</button></form>`)
  })
  app.post('/acs/answer', async (req, res) => {
    const { acsTransID, threeDSSessionData } = req.body
    const { areq = {}, ares = {} } = transactions.get(acsTransID) ?? {}
    const { threeDSServerTransID, dsURL, notificationURL } = areq
    const deliver = () => post(String(dsURL), rreqTo(ares))
    if (acs.rreq === 'before') await deliver()
    if (acs.rreq === 'after') acs.sendRReq = deliver
    const cres = { threeDSServerTransID, acsTransID, messageType: 'CRes', messageVersion: '2.2.0', transStatus: 'Y' }
    res.send(autoPost(String(notificationURL), { cres: encodeBase64url(JSON.stringify(cres)), threeDSSessionData }))
  })
  return acs
}

describe.runIf(hasChromium)('in a browser', { timeout: 120_000 }, () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let acs: PlayAcs
  let ds: Served
  let site: Served
  let store = openEmulatorStore(':memory:')
  let problems: string[] = []

  const cards = [
    {
      acctNumber: '4000001234567890',
      about: { en: 'Asks for a click at the bank, then accepts', ja: '銀行の画面で確認後、承認' },
      cardholderName: 'TARO SUZUKI',
    },
    { acctNumber: '4000001111111100', about: { en: 'Accepted without questions', ja: '確認なしで承認' } },
  ]

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  beforeEach(async () => {
    acs = await startAcs()
    store = openEmulatorStore(':memory:')
    ds = await startDs(store, `${acs.origin}/acs/areq`)
    site = await startMerchantSide(store, `${ds.url}/ds/areq`, {
      shop: { acsPublicOrigin: acs.origin, cards, inboxUrl: `${acs.origin}/inbox`, methodWithinMs: 1_500 },
      threeDSServer: {
        ranges: () => [{ ...cardRange, methodUrl: `${acs.origin}/acs/method` }],
        resultWithinMs: 8_000,
      },
    })
    await enter({})
  })

  async function enter(options: { javaScriptEnabled?: boolean; viewport?: { width: number; height: number } }) {
    await context?.close()
    context = await browser.newContext({ locale: 'en-GB', ...options })
    page = await context.newPage()
    problems = []
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(String(error)))
  }

  afterEach(async () => {
    await context.close()
    await Promise.all([acs.close(), ds.close(), site.close()])
    store.close()
  })

  const at = (testId: string) => page.getByTestId(testId)
  const shoot = async (name: string): Promise<void> => {
    if (shots !== undefined) await page.screenshot({ path: join(shots, `shop-${name}.png`), fullPage: true })
  }
  const outcome = async (): Promise<string | null> => {
    await page.waitForURL('**/result')
    await page.waitForSelector('[data-testid="result"]:not([data-outcome="waiting"])')
    return at('result').getAttribute('data-outcome')
  }

  async function toCheckout(): Promise<void> {
    await page.goto(`${site.url}/shop`)
    await at('add-coffee').click()
    await at('to-checkout').click()
    await at('card-4000001234567890').click()
  }

  const frame = () => page.frameLocator('[data-testid="challenge-frame"]')

  test('a purchase goes from the catalogue through 3DS Method and challenge to the result (FLOW-MTH-1, FLOW-BRW-2)', async () => {
    await page.goto(`${site.url}/shop`)
    await shoot('catalogue')
    await at('add-coffee').click()
    await at('continue-shopping').click()
    await at('add-headphones').click()
    await shoot('cart')
    await at('to-checkout').click()
    await at('card-4000001234567890').click()
    expect(await at('acctNumber').inputValue()).toBe('4000001234567890')
    expect(await at('cardholderName').inputValue()).toBe('TARO SUZUKI')
    await at('shipsElsewhere').check()
    await shoot('checkout')
    await at('pay').click()
    await frame().locator('#approve').waitFor()
    await shoot('challenge')
    await frame().locator('#approve').click()
    expect(await outcome()).toBe('Y')
    await shoot('result')
    expect(acs.areqs[0]).toMatchObject({
      threeDSCompInd: 'Y',
      browserJavascriptEnabled: true,
      browserLanguage: 'en-GB',
      purchaseAmount: '26280',
      addrMatch: 'N',
    })
    expect(acs.creqs).toHaveLength(1)
    expect(problems).toEqual([])
  })

  test('a 3DS Method that does not report in time is N, and the purchase goes on (FLOW-MTH-5, MIS-MTH-2)', async () => {
    acs.hasMethod = false
    acs.transStatus = 'Y'
    await toCheckout()
    await at('pay').click()
    expect(await at('scheme').textContent()).toBe('Visa')
    await shoot('processing')
    expect(await outcome()).toBe('Y')
    expect(acs.areqs[0]).toMatchObject({ threeDSCompInd: 'N' })
  })

  test('the RReq that comes after the browser is waited for (FLOW-S-5)', async () => {
    acs.rreq = 'after'
    await toCheckout()
    await at('pay').click()
    await frame().locator('#approve').click()
    await page.waitForSelector('[data-testid="result"][data-outcome="waiting"]')
    await shoot('waiting')
    await acs.sendRReq()
    expect(await outcome()).toBe('Y')
  })

  test('the RReq that never comes leaves the purchase not authenticated (FLOW-S-5)', async () => {
    acs.rreq = 'never'
    await toCheckout()
    await at('pay').click()
    await frame().locator('#approve').click()
    expect(await outcome()).toBe('noResult')
    expect(await at('result-title').textContent()).toBe('Not authenticated: no result received')
    await shoot('no-result')
  })

  test('the RReq that comes without the browser ends the purchase after a short wait', async () => {
    await toCheckout()
    await at('pay').click()
    await frame().locator('#approve').waitFor()
    const { acsTransID } = acs.creqs[0] ?? {}
    const { dsTransID, threeDSServerTransID, dsURL } = acs.areqs[0] ?? {}
    const ares = { messageVersion: '2.2.0', acsTransID, dsTransID, threeDSServerTransID }
    await post(String(dsURL), rreqTo(ares, 'N', { transStatusReason: '14', challengeCancel: '04' }))
    expect(await outcome()).toBe('N')
  })

  test('a reload in the middle posts the same CReq again (FLOW-BRW-4)', async () => {
    await toCheckout()
    await at('pay').click()
    await frame().locator('#approve').waitFor()
    await page.reload()
    await frame().locator('#approve').waitFor()
    expect(acs.creqs).toHaveLength(2)
    expect(acs.creqs[1]).toEqual(acs.creqs[0])
  })

  test('a challenge frame without scripts comes to its end by its buttons (FLOW-BRW-6)', async () => {
    await toCheckout()
    await at('frameWithoutScripts').check()
    await at('pay').click()
    await frame().locator('#approve').click()
    await frame().getByRole('button', { name: 'Continue' }).click()
    expect(await outcome()).toBe('Y')
  })

  test('a browser without any script buys by hand', async () => {
    await enter({ javaScriptEnabled: false })
    await page.goto(`${site.url}/shop`)
    await at('add-coffee').click()
    await at('to-checkout').click()
    await at('acctNumber').fill('4000 0012 3456 7890')
    await at('cardExpiryDate').fill('12/30')
    await at('pay').click()
    await at('continue').click()
    expect(acs.areqs[0]).toMatchObject({ browserJavascriptEnabled: false, threeDSCompInd: 'N' })
    await at('open-challenge').click() // no frame: the issuer's page takes the window
    await page.locator('#approve').click()
    expect(new URL(page.url()).origin).toBe(acs.origin)
    expect(acs.creqs[0]).toMatchObject({ challengeWindowSize: '05' })
    await page.getByRole('button', { name: 'Continue' }).click()
    expect(await outcome()).toBe('Y') // the 3DS Server leads back by itself
  })

  test('without any script a persona, a test card and a log-in fill the form by their buttons', async () => {
    await enter({ javaScriptEnabled: false })
    await page.goto(`${site.url}/shop`)
    await at('add-headphones').click()
    await at('to-checkout').click()
    await at('sign-in-ren-02').click()
    expect(await at('member').textContent()).toContain('Ren Sato')
    expect(await at('cardholderName').inputValue()).toBe('Ren Sato')
    await at('persona-thief').check()
    await at('fill-persona').click()
    expect(await at('shipsElsewhere').isChecked()).toBe(true)
    expect(await at('shipAddrLine1').inputValue()).toContain('Parcel Relay')
    await at('persona-home').check()
    await at('card-4000001234567890').click()
    expect(await at('acctNumber').inputValue()).toBe('4000001234567890')
    expect(await at('shipsElsewhere').isChecked()).toBe(false)
    await at('persona-vpn').check()
    await at('pay').click() // who pays as another persona sees her form first
    expect(await at('filled').textContent()).toContain('The form has been filled in for this buyer.')
    expect(await at('acctNumber').inputValue()).toBe('4000001234567890')
    await at('pay').click()
    await at('continue').click()
    expect(acs.areqs[0]).toMatchObject({ browserIP: '198.51.100.77', email: 'ren@example.com', threeDSCompInd: 'N' })
  })

  test('the full window can be chosen: the issuer’s page opens in it and leads back to the result', async () => {
    await toCheckout()
    await at('challengeWindowSize').selectOption('full')
    await at('pay').click()
    await page.locator('#approve').waitFor()
    expect(new URL(page.url()).origin).toBe(acs.origin)
    expect(acs.creqs[0]).toMatchObject({ challengeWindowSize: '05' })
    await page.locator('#approve').click()
    expect(await outcome()).toBe('Y')
    await page.goto(page.url().replace('/result', '/challenge'))
    expect(await outcome()).toBe('Y') // a settled order has no way back into its challenge
    expect(acs.creqs).toHaveLength(1)
    expect(problems).toEqual([])
  })

  test('who comes back from the issuer’s page by the browser’s button is not sent away again', async () => {
    await toCheckout()
    await at('challengeWindowSize').selectOption('full')
    await at('pay').click()
    await page.locator('#approve').waitFor()
    await page.goBack()
    await at('open-challenge').waitFor()
    await at('give-up').click()
    expect(await outcome()).toBe('gaveUp')
  })

  test('a click on a persona fills in what is hers; the 3DS Method of the real device does not run', async () => {
    acs.transStatus = 'Y'
    await toCheckout()
    await at('persona-thief').check()
    expect(await at('email').inputValue()).toBe('h.yamada.2291@mailinator.com')
    expect(await at('shipAddrLine1').inputValue()).toBe('Parcel Relay, Box 118')
    expect(await page.getByText('data centre in the United States').isVisible()).toBe(true)
    await at('persona-phone').check()
    expect(await at('email').inputValue()).toBe('hanako@example.com')
    expect(await at('shipsElsewhere').isChecked()).toBe(false)
    await at('pay').click()
    expect(await outcome()).toBe('Y')
    expect(acs.methods).toBe(0)
    expect(acs.areqs[0]).toMatchObject({
      threeDSCompInd: 'N',
      browserIP: '192.0.2.130',
      browserUserAgent: expect.stringContaining('iPhone'),
      browserLanguage: 'ja-JP',
      browserTZ: '-540',
      browserScreenWidth: '393',
    })
    expect(await at('result-buyer').textContent()).toBe('New phone · guest')
    expect(problems).toEqual([])
  })

  test('a member pays with a remembered card, whose number is on no page', async () => {
    acs.transStatus = 'Y'
    await page.goto(`${site.url}/shop`)
    await at('add-coffee').click()
    await at('to-checkout').click()
    await at('sign-in-hanako-06').click()
    expect(await at('saved-7890').isChecked()).toBe(true)
    expect(await at('acctNumber').isVisible()).toBe(false)
    expect(await page.content()).toContain('•••• 7890')
    await at('other-card').check()
    await at('card-4000001111111100').click()
    await at('remembersCard').check()
    await at('pay').click()
    expect(await outcome()).toBe('Y')
    expect(acs.areqs[0]).toMatchObject({
      acctNumber: '4000001111111100',
      acctID: 'HAKONE-hanako',
      acctInfo: { chAccAgeInd: '05', paymentAccInd: '02', provisionAttemptsDay: '1' },
      threeDSRequestorAuthenticationInfo: { threeDSReqAuthMethod: '06' },
    })
    await at('shop-on').click()
    await at('add-notebook').click()
    await at('to-checkout').click()
    await at('saved-1100').check()
    await at('pay').click()
    expect(await outcome()).toBe('Y')
    expect(acs.areqs[1]).toMatchObject({
      acctNumber: '4000001111111100',
      acctInfo: { paymentAccInd: '03', txnActivityDay: '2' },
    })
    expect(problems).toEqual([])
  })

  test('values of the result are copied by a click', async () => {
    acs.transStatus = 'Y'
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.url })
    await toCheckout()
    await at('pay').click()
    expect(await outcome()).toBe('Y')
    await page.getByRole('button', { name: 'Copy: CAVV' }).click()
    await page.getByText('Copied: CAVV').waitFor({ state: 'attached' })
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(authenticationValue)
    await at('raw-open').click()
    expect(JSON.parse((await at('raw').textContent()) ?? '')).toMatchObject({ settledBy: 'ARes', eci: '05' })
  })

  test.each([
    ['01', 250, 400],
    ['02', 390, 400],
    ['03', 500, 600],
    ['04', 600, 400],
    ['05', 952, 640],
  ])('the page in the frame of size %s sees %i × %i px (FLOW-IFR-1)', async (size, width, height) => {
    await enter({ viewport: { width: 1_000, height: 800 } })
    const { request } = context
    const order = (await request.post(`${site.url}/shop/orders`, { form: { productId: 'coffee' } })).url()
    const form = {
      acctNumber: '4000001234567890',
      cardExpiryDate: '12/30',
      cardholderName: 'A B',
      email: 'a@example.com',
      billAddrLine1: '1',
      billAddrCity: 'Hakone',
      billAddrPostCode: '250-0311',
      billAddrCountry: '392',
      challengeWindowSize: size,
    }
    await request.post(`${order}/checkout`, { form })
    await request.post(`${order}/authenticate`, {
      data: {
        browserJavaEnabled: false,
        browserLanguage: 'en-GB',
        browserColorDepth: '24',
        browserScreenHeight: '800',
        browserScreenWidth: '1000',
        browserTZ: '0',
      },
    })
    await page.goto(`${order}/challenge`)
    await frame().locator('#approve').waitFor()
    const seen = await frame()
      .locator('body')
      .evaluate(() => [window.innerWidth, window.innerHeight])
    expect(seen).toEqual([width, height])
    expect(acs.creqs[0]).toMatchObject({ challengeWindowSize: size })
  })

  describe.each([
    { width: 390, height: 844 },
    { width: 1_280, height: 800 },
  ])('at $width × $height', (viewport) => {
    test.each(['en', 'ja'])('every page in %s fits and is fit for everybody', async (lang) => {
      await enter({ viewport })
      const isFine = async (name: string): Promise<void> => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(
          viewport.width,
        )
        expect(await page.locator('html').getAttribute('lang')).toBe(lang)
        expect(await seriousViolations(page), name).toEqual([])
        await shoot(`${viewport.width}-${lang}-${name}`)
      }
      await page.goto(`${site.url}/shop?lang=${lang}`)
      await isFine('catalogue')
      await at('add-gift').click()
      await isFine('cart')
      await at('remove-gift').click()
      await isFine('cart-empty')
      await at('continue-shopping').click()
      await at('add-gift').click()
      await at('to-checkout').click()
      await at('persona-thief').check()
      await isFine('checkout')
      await at('sign-in-hanako-02').click()
      await isFine('checkout-member')
      await at('sign-out').click()
      await at('card-4000001234567890').click()
      await at('billAddrCity').evaluate((input: HTMLInputElement) => input.form?.setAttribute('novalidate', ''))
      await at('billAddrCity').fill('')
      await at('pay').click()
      await at('wrong').waitFor()
      await isFine('checkout-wrong')
      await at('billAddrCity').fill('Hakone')
      await at('card-4000001234567890').click()
      await at('pay').click()
      await frame().locator('#approve').waitFor()
      await isFine('challenge')
      await frame().locator('#approve').click()
      expect(await outcome()).toBe('Y')
      await at('raw-open').click()
      await isFine('result')
      acs.transStatus = 'R'
      await at('try-again').click()
      await at('card-4000001111111100').click()
      await at('pay').click()
      expect(await outcome()).toBe('R')
      await isFine('result-r')
      await page.goto(`${site.url}/shop/orders/00000000-0000-4000-8000-000000000000?lang=${lang}`)
      await isFine('missing')
    })
  })
})
