// The console's page of one transaction, in a browser, over payments that really happen.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeBase64url } from '../../src/protocol/base64url.ts'
import { challenged, enter, house, mails, otherThan, person, reads, resultPage, serverStatus } from '../e2e/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type Running, running } from '../support/running.ts'
import { buy, type Purchase, passedAtSecondTry, statusOf } from './purchases.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pan = '4000000000047700'

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResults>('axe.run("main")')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

const eventually = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 100 })

describe.runIf(hasChromium)('the page of a transaction', { timeout: 90_000 }, () => {
  let browser: Browser
  let sekisho: Running
  let purchase: Purchase

  beforeAll(async () => {
    browser = await launchChromium()
    sekisho = await running({ only: ['acs', 'ds', '3ds-server'] })
    purchase = await passedAtSecondTry(sekisho, pan)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await sekisho?.close()
  })

  /** Opens the page of a transaction, and says what the browser complained about meanwhile. */
  async function look(
    { acs }: Running,
    acsTransID: string,
    atTheEnd: (work: () => Promise<void>) => void,
    options: BrowserContextOptions = {},
  ) {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1_280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    })
    atTheEnd(() => context.close())
    const complaints: string[] = []
    context.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
    context.on('weberror', (error) => complaints.push(String(error.error())))
    const page = await context.newPage()
    await page.goto(`${acs}/console/transactions/${acsTransID}`)
    return { page, complaints, at: (testId: string) => page.getByTestId(testId) }
  }

  const arrows = (page: Page) => page.getByTestId('sequence').locator('button[data-testid^="message-"]')

  test('opens every arrow to its message, and shows no card number and no authentication value', async ({
    onTestFinished,
  }) => {
    const { page, complaints, at } = await look(sekisho, purchase.acsTransID, onTestFinished)
    await at('transaction').waitFor()
    const count = await arrows(page).count()
    expect(count).toBeGreaterThanOrEqual(20) // all parties' messages, and the mail to the cardholder
    for (let number = 1; number <= count; number += 1) {
      const arrow = at(`message-${number}`)
      await arrow.click()
      expect(await arrow.getAttribute('aria-expanded')).toBe('true')
      const panel = page.locator(`#${await arrow.getAttribute('aria-controls')}`)
      expect((await panel.innerText()).length).toBeGreaterThan(20)
    }
    const links = await arrows(page).evaluateAll((all) =>
      all.map((arrow) => `${arrow.getAttribute('data-link')} ${arrow.getAttribute('data-type')}`),
    )
    for (const link of [
      '3DSS→DS AReq',
      'DS→ACS AReq',
      'ACS→DS RReq',
      'DS→3DSS RReq',
      'browser→3DSS CRes',
      'ACS→inbox mail',
    ])
      expect(links).toContain(link)
    await at('raw').locator('summary').first().click()
    const text = await page.locator('body').innerText()
    expect(text).toContain('400000******7700')
    const { authenticationValue } = await statusOf(sekisho, purchase.threeDSServerTransID)
    expect(String(authenticationValue)).toHaveLength(28)
    for (const secret of [pan, String(authenticationValue)]) expect(text).not.toContain(secret)
    expect(complaints).toEqual([])
  })

  test('says what happened: outcome, evidence to the score, who decided, the steps of the challenge', async ({
    onTestFinished,
  }) => {
    const { page, at } = await look(sekisho, purchase.acsTransID, onTestFinished)
    expect(await at('way').innerText()).toMatch(/Challenge[\s\S]*Authenticated/)
    const rows = await at('waterfall').getByRole('row').allInnerTexts()
    const { waterfall } = (await (await fetch(`${sekisho.acs}/api/v1/transactions/${purchase.acsTransID}`)).json()) as {
      waterfall: { base: number; score: number; parts: { abstained: boolean; weight: number }[] }
    }
    const spoken = waterfall.parts.filter(({ abstained }) => !abstained)
    expect(rows).toHaveLength(spoken.length + 3) // head, base, score
    const numberIn = (text = ''): number => Number(/[−+][0-9.]+/.exec(text)?.[0].replace('−', '-'))
    expect(numberIn(rows[1])).toBeCloseTo(waterfall.base)
    expect(numberIn(rows.at(-1))).toBeCloseTo(waterfall.score)
    const added = rows.slice(1, -1).reduce((sum, row) => sum + numberIn(row), 0)
    expect(Math.abs(added - waterfall.score)).toBeLessThan(0.05) // each is rounded
    expect(await at('decider-scenario').innerText()).toMatch(/decided/)
    expect(await at('decider-engine').innerText()).toMatch(/would have said/)
    const kinds = await at('timeline')
      .locator('li')
      .evaluateAll((all) => all.map((moment) => moment.getAttribute('data-kind')))
    for (const kind of ['ARes', 'CReq', 'codeSent', 'wrongCode', 'verdict', 'RReq', 'RRes'])
      expect(kinds).toContain(kind)
    // What a check has read is found in the AReq.
    const reads = at('waterfall').locator('details', { hasText: 'Reads' }).first()
    await reads.locator('summary').click()
    await reads.getByRole('button', { name: 'Show purchaseAmount in the AReq' }).click()
    const pointed = page.locator(':focus')
    expect(await pointed.innerText()).toMatch(/^purchaseAmount/)
    await at('copy-acsTransID').click()
    await eventually(async () =>
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(purchase.acsTransID),
    )
  })

  test('goes along with a payment in the shop: folds, focus and place stay as they are', async ({ onTestFinished }) => {
    const shop = await house()
    onTestFinished(() => shop.close())
    const someone = await person(browser, shop)
    onTestFinished(() => someone.leave())
    const acsTransID = await challenged(someone, { card: '4000000000007700' })
    const { page, at, complaints } = await look(shop, acsTransID, onTestFinished)
    await at('transaction').waitFor()
    expect(await at('way').innerText()).toContain('The cardholder is being asked')
    const areq = page.locator('button[data-link="DS→ACS"][data-type="AReq"]')
    await areq.click()
    await page.evaluate(() => scrollTo(0, 400))
    const before = await arrows(page).count()
    const code = (await mails(shop, acsTransID))[0]?.code ?? ''
    await enter(someone, otherThan(code))
    await reads(someone.frame.getByTestId('tries-left'), 'Tries left: 2')
    await eventually(async () => expect(await arrows(page).count()).toBeGreaterThan(before))
    await enter(someone, code)
    const shown = await resultPage(someone)
    await eventually(async () => expect(await at('way').innerText()).toContain('Authenticated'))
    await eventually(async () => expect(await at('announcer').textContent()).toContain('Authenticated'))
    await eventually(async () =>
      expect(await page.locator('button[data-link="DS→ACS"][data-type="RRes"]').count()).toBe(1),
    )
    expect(await areq.getAttribute('aria-expanded')).toBe('true')
    expect(await page.evaluate(() => [document.activeElement?.getAttribute('data-type'), scrollY])).toEqual([
      'AReq',
      400,
    ])
    const { authenticationValue } = await serverStatus(shop, shown.threeDSServerTransID ?? '')
    expect(await page.locator('body').innerText()).not.toContain(String(authenticationValue))
    expect(complaints).toEqual([])
  })

  test('shows findings at their element, and those about an element that is not there', async ({ onTestFinished }) => {
    const open = await buy(sekisho, '4000000000057700')
    const creq = { ...JSON.parse(Buffer.from(open.creq, 'base64url').toString('utf8')), challengeWindowSize: '09' }
    await fetch(`${sekisho.acs}/acs/challenge`, {
      method: 'POST',
      body: new URLSearchParams({ creq: encodeBase64url(JSON.stringify(creq)) }),
    })
    const { page, at } = await look(sekisho, open.acsTransID, onTestFinished)
    const arrow = page.locator('button[data-type="CReq"]')
    await arrow.waitFor()
    expect(await arrow.innerText()).toContain('1 finding')
    await arrow.click()
    expect(await at('findings').innerText()).toMatch(/203 challengeWindowSize/)
    await at('findings').getByRole('button').click()
    const line = page.locator(':focus')
    expect(await line.getAttribute('class')).toContain('is-found')
    expect(await line.innerText()).toMatch(/challengeWindowSize: "09"[\s\S]*203 format or value not valid/)

    const other = await buy(sekisho, '4000000000067700')
    const { challengeWindowSize: _size, ...without } = creq
    const { acsTransID, threeDSServerTransID } = other
    const wrong = { ...without, acsTransID, threeDSServerTransID }
    await fetch(`${sekisho.acs}/acs/challenge`, {
      method: 'POST',
      body: new URLSearchParams({ creq: encodeBase64url(JSON.stringify(wrong)) }),
    })
    await page.goto(`${sekisho.acs}/console/transactions/${acsTransID}`)
    await arrow.click()
    const missing = at('findings').getByRole('button', { name: 'Show challengeWindowSize in the message' })
    await missing.click()
    expect(await page.locator(':focus').innerText()).toMatch(/challengeWindowSize: missing/)
  })

  test('is used with the keyboard alone, and every stop shows its focus', async ({ onTestFinished }) => {
    const { page, at } = await look(sekisho, purchase.acsTransID, onTestFinished)
    await at('message-1').focus()
    await page.keyboard.press('Enter')
    expect(await at('message-1').getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Tab') // the copy button in the message
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Copy this message')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await at('message-2').getAttribute('aria-expanded')).toBe('true')
    const seen = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
    })
    expect(seen).toBe(true)
    // What a hearing person is told of an arrow.
    const name = await page.locator('button[data-link="3DSS→DS"][data-type="AReq"]').innerText()
    expect(name).toMatch(/ms[\s\S]*AReq/)
    await expect.poll(() => page.getByRole('button', { name: /AReq.*3DS Server.*Directory Server/ }).count()).toBe(1)
  })

  test.for([
    ['en', 'light'],
    ['en', 'dark'],
    ['ja', 'light'],
    ['ja', 'dark'],
  ] as const)('has no serious fault of accessibility (%s, %s)', async ([lang, colorScheme], { onTestFinished }) => {
    const { page, at } = await look(sekisho, purchase.acsTransID, onTestFinished, {
      locale: lang === 'ja' ? 'ja-JP' : 'en-GB',
      colorScheme,
    })
    await at('transaction').waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(lang)
    await page.locator('button[data-type="AReq"]').first().click()
    await at('waterfall').locator('summary').first().click()
    expect(await seriousViolations(page)).toEqual([])
  })

  test.for(['en', 'ja'] as const)(
    'fits a phone with everything open, without sideways scroll (%s)',
    async (lang, { onTestFinished }) => {
      const { page, at } = await look(sekisho, purchase.acsTransID, onTestFinished, {
        locale: lang === 'ja' ? 'ja-JP' : 'en-GB',
        viewport: { width: 390, height: 844 },
      })
      await at('transaction').waitFor()
      await page.locator('.tx-all').click()
      await page.locator('details').evaluateAll((all) => {
        for (const fold of all) fold.setAttribute('open', '')
      })
      await at('raw').locator('.json').waitFor()
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('main *')]
          .filter(
            (element) => element.getBoundingClientRect().right > innerWidth + 1 && element.closest('.unseen') === null,
          )
          .map((element) => `${element.tagName} ${element.getAttribute('class')}`),
      )
      expect(wide).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
      expect(await at('message-5').innerText()).toMatch(lang === 'ja' ? /3DSサーバー/ : /3DS Server → Directory Server/)
    },
  )

  test('of an unknown id says so and leads back to the list', async ({ onTestFinished }) => {
    const { page, at } = await look(sekisho, '00000000-0000-4000-8000-000000000000', onTestFinished)
    expect(await at('unknown-transaction').innerText()).toContain('No such transaction')
    await page.getByRole('link', { name: 'To the list' }).click()
    await page.waitForURL('**/console')
    await page.goto(`${sekisho.acs}/console/transactions/not-an-id`)
    await at('unknown-transaction').waitFor()
    expect(await seriousViolations(page)).toEqual([])
  })
})
