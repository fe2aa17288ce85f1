// The banking app in a browser: found, tapped, kept up to date, without script, and readable in every brand.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOf } from '../console/look.ts'
import { areqOf } from '../http/any-areq.ts'
import { api, put, rreqsOf, until } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { type Running, running } from '../support/running.ts'
import { asked, cardEnding } from './support.ts'

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, locale: 'en-GB' }

describe.skipIf(!hasChromium)('the banking app in a browser', () => {
  let ds: ListeningDs
  let sekisho: Running
  let browser: Browser
  beforeAll(async () => {
    ds = await listeningDs()
    sekisho = await running({ only: ['acs'] })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all([sekisho.close(), ds.close()])
  })

  /** `complaints`: of the page, and refusals of its policy. */
  const held = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ ...phone, ...options })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    return { page, at: (id: string) => page.getByTestId(id), complaints, leave: () => context.close() }
  }
  const statusOf = async (acsTransID: string): Promise<unknown> => {
    await until(() => rreqsOf(ds, acsTransID).length > 0)
    return rreqsOf(ds, acsTransID)[0]?.transStatus
  }

  test('a push note of the inbox opens the payment that it is about, and a tap approves it', async () => {
    const { acsTransID } = await asked(sekisho, ds, '007', { merchantName: 'Hakone Goods' })
    const { page, at, complaints, leave } = await held()
    await page.goto(`${sekisho.acs}/inbox`)
    await page.locator(`[data-transaction="${acsTransID}"]`).getByTestId('inbox-bank').click()
    await at('bank-approve').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/bank/approvals/${acsTransID}`)
    expect(await at('merchant').textContent()).toBe('Hakone Goods')
    await at('bank-approve').click()
    await page.locator('[data-ending="approved"]').waitFor()
    expect(await statusOf(acsTransID)).toBe('Y')
    await at('bank-back').click()
    await at('bank-decided').waitFor()
    expect(complaints).toEqual([])
    await leave()
  })

  test.each([true, false])('a card is found, and a number matched (script: %s)', async (javaScriptEnabled) => {
    const { acsTransID, acctNumber } = await asked(sekisho, ds, '008')
    const { body } = await api(sekisho, `/approvals/${acsTransID}`)
    const { shown, choices } = body.match as { shown: string; choices: readonly string[] }
    const { page, at, leave } = await held({ javaScriptEnabled })
    await page.goto(`${sekisho.acs}/bank`)
    await at('bank-last').fill(acctNumber.slice(-4))
    await at('bank-find').click()
    await page.locator(`[data-card="${String(body.card)}"]`).click()
    await at('bank-open').locator(`[data-transaction="${acsTransID}"]`).click()
    const wrong = choices.find((one) => one !== shown) ?? ''
    await at('bank-number').getByText(wrong, { exact: true }).click()
    expect(await at('bank-told').textContent()).toContain('2 more')
    await at('bank-number').getByText(shown, { exact: true }).click()
    await page.locator('[data-ending="approved"]').waitFor()
    expect(await statusOf(acsTransID)).toBe('Y')
    await leave()
  })

  test('the home of a card shows what comes, and a payment that ends elsewhere says so, without a reload', async () => {
    const acctNumber = cardEnding('007')
    const { body: card } = await put(sekisho, '/cards', { acctNumber, holder: 'Kim Doe' }, 'POST')
    const { page, at, complaints, leave } = await held()
    await page.goto(`${sekisho.acs}/bank/cards/${String(card.id)}`)
    await at('bank-nothing').waitFor()
    const { acsTransID } = await asked(sekisho, ds, '007', { acctNumber })
    await at('bank-open').locator(`[data-transaction="${acsTransID}"]`).click()
    await at('bank-approve').waitFor()
    await put(sekisho, `/approvals/${acsTransID}`, { decision: 'refuse' }, 'POST')
    await page.locator('[data-ending="refused"]').waitFor()
    expect(await at('bank-approve').count()).toBe(0)
    expect(complaints).toEqual([])
    await leave()
  })

  test('what was ticked stays while the time goes on', async () => {
    const { acsTransID } = await asked(sekisho, ds, '007', {
      ...areqOf('browser-231', { dsURL: ds.url }),
      acctNumber: cardEnding('007'),
      threeDSRequestorChallengeInd: ['09', '12'],
      acquirerMerchantID: 'TICKED-1',
    })
    const { page, at, leave } = await held()
    await page.goto(`${sekisho.acs}/bank/approvals/${acsTransID}`)
    await at('bank-trustList').check()
    const before = await at('time-left').textContent()
    await put(sekisho, '/clock', { advance: '2m' }, 'POST')
    await expect.poll(() => at('time-left').textContent(), { timeout: 15_000 }).not.toBe(before)
    expect(await at('bank-trustList').isChecked()).toBe(true)
    expect(await at('bank-deviceBinding').isChecked()).toBe(false)
    await at('bank-approve').click()
    await page.locator('[data-ending="approved"]').waitFor()
    await at('bank-back').click()
    await at('bank-remove-trust').click()
    await expect.poll(() => at('bank-told').textContent()).toBe('Removed.')
    expect(await at('bank-remove-trust').count()).toBe(0)
    await leave()
  })

  describe('passes axe and fits', () => {
    const issuers = [
      ['Tsukimi Credit', '5200000000', 'en', 'light'],
      ['青波ユニオン', '3528000000', 'ja', 'dark'],
    ] as const
    const look = async (page: Page, where: string): Promise<readonly string[]> => {
      const wrong = (await faultsOf(page)).map((fault) => `${where}: ${fault}`)
      for (const width of [320, 390, 1280]) {
        await page.setViewportSize({ width, height: 844 })
        const wide = await page.evaluate(() => document.documentElement.scrollWidth)
        if (wide > width) wrong.push(`${where}: scrolls sideways at ${width}, ${wide} wide`)
      }
      return wrong
    }
    test.each(issuers)('as %s', async (issuer, lead, lang, colorScheme) => {
      const acctNumber = `${lead}001008`
      const { acsTransID } = await asked(sekisho, ds, '008', {
        acctNumber,
        merchantName: 'Donaudampfschifffahrtsgesellschaft',
        purchaseAmount: '123456789012',
      })
      const { card } = (await api(sekisho, `/approvals/${acsTransID}`)).body
      const { page, at, complaints, leave } = await held({ colorScheme })
      const wrong: string[] = []
      for (const path of [`/bank`, `/bank/approvals/${acsTransID}`, `/bank/cards/${String(card)}`]) {
        await page.goto(`${sekisho.acs}${path}?lang=${lang}`)
        wrong.push(...(await look(page, path.slice(0, 15))))
      }
      await put(sekisho, `/approvals/${acsTransID}`, { decision: 'approve' }, 'POST')
      await page.goto(`${sekisho.acs}/bank/approvals/${acsTransID}?lang=${lang}`)
      wrong.push(...(await look(page, 'approved')))
      expect(await page.locator('html').getAttribute('lang')).toBe(lang)
      expect(await at('issuer').textContent()).toBe(issuer)
      expect(await at('simulator-note').isVisible()).toBe(true)
      expect([...wrong, ...complaints]).toEqual([])
      await leave()
    })
  })
})
