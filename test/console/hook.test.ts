// The pages of the hook in a browser, in both languages: the journey of a shopper above all, alerts, merchants, sources, webhooks.
// Pictures are written when SEKISHO_SCREENSHOTS names a directory.
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import type { Members } from '../support/messages.ts'
import { running } from '../support/running.ts'
import { type HookWorld, hookWorld, hostile } from './hook-world.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, eventually } from './support.ts'

const shots = process.env.SEKISHO_SCREENSHOTS
if (shots !== undefined) mkdirSync(shots, { recursive: true })

const pages = ['journeys', 'alerts', 'merchants', 'sources', 'webhooks'] as const

describe.skipIf(!hasChromium)('the pages of the hook', { timeout: 180_000 }, () => {
  let world: HookWorld
  let browser: Browser
  beforeAll(async () => {
    world = await hookWorld()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  const seat = (lang: 'en' | 'ja' = 'en'): Promise<Desk> => desk(browser, { locale: lang === 'ja' ? 'ja-JP' : 'en-GB' })
  const at = (page: string): string => `${world.sekisho.acs}/console/${page}`
  /** Nothing of what came from outside became markup, and nobody else was asked. */
  const isClean = async ({ page, asked, complaints }: Desk): Promise<void> => {
    expect(await page.locator('main img, main script').count()).toBe(0)
    expect(asked.filter((url) => !url.startsWith(world.sekisho.acs) && !url.startsWith('blob:'))).toEqual([])
    expect(complaints).toEqual([])
  }

  const kinds = ['login', 'login', 'order', 'assessment', 'payment', 'alert', 'feedback', 'order', 'feedback']
  const words = {
    en: ['Log-in failed 4 times.', 'Screening', 'The cardholder says: it was not me.', 'Step-up', 'Charged back.'],
    ja: [
      'ログイン失敗（4回）。',
      '加盟店側の審査',
      '会員の回答：身に覚えがない。',
      '追加認証',
      'チャージバックがありました。',
    ],
  }

  describe.each(['en', 'ja'] as const)('in %s', (lang) => {
    test('a shopper is found by name and shown from the log-in to the report, there and back from the transaction', async () => {
      const { paid, acctID } = world
      const here = await seat(lang)
      const { page, at: find } = here
      await page.goto(at('journeys'))
      await find('lately').waitFor()
      await find('search').fill(acctID)
      await page.keyboard.press('Enter')
      await find('journey').waitFor()
      const steps = await find('journey')
        .locator('> li')
        .evaluateAll((items) => items.map((item) => item.getAttribute('data-testid')))
      expect(steps).toEqual(kinds.map((kind) => `step-${kind}`))
      const text = (await find('journey').textContent()) ?? ''
      for (const word of words[lang]) expect(text).toContain(word)
      expect(text).toContain(hostile)
      expect(text).toContain('<script>alert(2)</script>')
      expect(text).not.toContain(acctID)
      expect(text).not.toContain(world.card)
      await find(`to-transaction-${paid.acsTransID}`).click()
      await eventually(() => new URL(page.url()).pathname).toBe(`/console/transactions/${paid.acsTransID}`)
      await find('to-journey').click()
      await find('journey').waitFor()
      expect(new URL(page.url()).search).toBe(`?payment=${paid.acsTransID}`)
      expect(await page.locator('.journey-step.is-asked').count()).toBe(1)
      await page.goBack()
      await eventually(() => new URL(page.url()).pathname).toBe(`/console/transactions/${paid.acsTransID}`)
      await isClean(here)
      await here.leave()
    })

    test('every page is in the language, tells nobody else, and keeps strange names as text', async () => {
      const here = await seat(lang)
      const { page, at: find } = here
      for (const name of pages) {
        await page.goto(at(''))
        await find(`nav-${name}`).click()
        await find(name).waitFor()
        await eventually(() => page.locator('html').getAttribute('lang')).toBe(lang)
        expect(await find(`nav-${name}`).getAttribute('aria-current')).toBe('page')
        const main = (await page.locator('main').textContent()) ?? ''
        expect(/\p{Script=Hiragana}/u.test(main.replaceAll('箱根カメラ', ''))).toBe(lang === 'ja')
        expect(main).not.toMatch(/\{\w+\}|undefined|NaN|\[object/)
      }
      await isClean(here)
      await here.leave()
    })
  })

  test.each([
    ['threeDSServerTransID', () => world.paid.threeDSServerTransID],
    ['acsTransID', () => world.paid.acsTransID.toUpperCase()],
    ['order', () => world.orderId],
    ['card number', () => world.card],
  ])('a journey is found by %s, which does not get into the address', async (_what, words) => {
    const { page, at: find, leave } = await seat()
    await page.goto(at('journeys'))
    await find('search').fill(words())
    await find('find').click()
    await find('journey').waitFor()
    expect(new URL(page.url()).searchParams.has('shopper')).toBe(true)
    expect(page.url()).not.toContain(world.card)
    expect(await find('journey').locator('> li').count()).toBe(kinds.length)
    await leave()
  })

  test('what is not found says how to look; a payment of nobody has a journey of its own', async () => {
    const { page, at: find, leave, complaints } = await seat()
    await page.goto(at('journeys'))
    await find('search').fill('<b>nobody</b>')
    await find('find').click()
    await eventually(() => find('journeys-not-found').textContent()).toContain('<b>nobody</b>')
    expect(complaints).toEqual([])
    await page.goto(at(`journeys?payment=${world.lonely.acsTransID}`))
    await find('journey').waitFor()
    expect(await page.locator('main').textContent()).toContain('The AReq names no shopper')
    expect(await find('step-payment').count()).toBe(1)
    await page.goto(at('journeys?payment=<svg>'))
    await find('journey-unknown').waitFor()
    await leave()
  })

  test('merchants show state, months and overlay; the filter narrows them; the table is exported', async () => {
    const here = await seat()
    const { page, at: find } = here
    await page.goto(at('merchants'))
    const { body } = await api(world.sekisho, '/hook/merchants')
    const [first] = body.merchants as readonly Members[]
    const id = String(first?.merchant)
    expect(await find(`merchant-${id}`).getAttribute('data-state')).toBe('manifest')
    const text = (await find(`merchant-${id}`).textContent()) ?? ''
    for (const part of ['箱根カメラ', 'SHOP-M', 'Manifest fraud', 'Nov 2026', '¥1,240,000', '3 months in a row'])
      expect(text).toContain(part)
    expect(await find(`overlay-${id}`).textContent()).toBe('Overlay on')
    expect(await find('overlay-rules').textContent()).toContain('manifest-fraud-overlay')
    expect(await page.locator('main').textContent()).toContain('Asia/Tokyo')
    await find('filter-state').selectOption('rising')
    await eventually(() => find('merchants').locator('> li').count()).toBe(1)
    expect(await find('merchants').textContent()).toContain('Overlay off')
    await find('search').fill('nobody')
    await find('merchants-no-match').getByRole('button').click()
    await find(`merchant-${id}`).waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), find('merchants-export').click()])
    const csv = readFileSync(await download.path(), 'utf8')
    expect(csv).toContain('SHOP-M,箱根カメラ,manifest,3,2026-11,2026-11,1,1240000,over,on')
    await isClean(here)
    await here.leave()
  })

  test('an alert shows whom it told, how soon, and the answer; it leads to the journey', async () => {
    const { acsTransID } = world.paid
    const here = await seat()
    const { page, at: find } = here
    await page.goto(at('alerts'))
    await find(`alert-${acsTransID}`).waitFor()
    expect(await find(`answer-${acsTransID}`).textContent()).toBe('It was not me')
    const text = (await find(`alert-${acsTransID}`).textContent()) ?? ''
    for (const part of [hostile, 'On a list', 'mail', 'beta', '¥128,000', 'after the AReq'])
      expect(text).toContain(part)
    await find('filter-answer').selectOption('notMine')
    await eventually(() => find('alerts').locator('> li').count()).toBe(1)
    await find('filter-reason').selectOption('declined')
    await find('alerts-no-match').waitFor()
    await find('filter-reason').selectOption('')
    await find('filter-answer').selectOption('')
    await find(`alert-${acsTransID}`).getByRole('link', { name: 'Journey' }).click()
    await find('journey').waitFor()
    await isClean(here)
    await here.leave()
  })

  test('a webhook shows its tries and its body, and is sent again by the keyboard', async () => {
    const { acsTransID } = await world.payAtShopB()
    const here = await seat()
    const { page, at: find } = here
    await page.goto(at(`webhooks?acsTransID=${acsTransID}&event=decision`))
    const row = find('webhooks').locator('> li')
    await eventually(() => row.count()).toBe(1)
    const id = String(await row.getAttribute('data-testid')).replace('webhook-', '')
    await eventually(() => row.textContent()).toMatch(/decision\.made.*Waiting.*1 try/)
    world.answerWith(410)
    // The clock of the tenant brings the next try.
    await world.pass(6_000)
    await eventually(() => row.getAttribute('data-state'), 30_000).toBe('givenUp')
    await row.locator('summary').focus()
    await page.keyboard.press('Enter')
    await find(`body-${id}`).waitFor()
    expect(await find(`body-${id}`).textContent()).toContain(JSON.stringify(hostile).slice(1, -1))
    expect(await row.textContent()).toContain('status 410')
    world.answerWith(204)
    await find(`resend-${id}`).focus()
    await page.keyboard.press('Enter')
    await eventually(() => row.getAttribute('data-state'), 30_000).toBe('delivered')
    expect(await find(`body-${id}`).isVisible()).toBe(true) // what was open stays open
    await find('filter-state').selectOption('givenUp')
    await find('webhooks-no-match').getByRole('button').click()
    await eventually(() => row.count()).toBeGreaterThan(1)
    await isClean(here)
    await here.leave()
  })

  test('a source shows what it said against what came, with intervals and its weight', async () => {
    const here = await seat()
    const { page, at: find } = here
    await page.goto(at('sources'))
    const rows = find('verdicts-alpha').locator('tbody tr')
    await rows.first().waitFor()
    const lines = await rows.evaluateAll((all) => all.map((row) => row.textContent ?? ''))
    expect(lines[2]).toMatch(/^NG fraud.*0.*4.*100\.0%.*% – 100\.0%.*\+\d/)
    await find('bands-of-alpha').locator('summary').click()
    expect(await find('bands-alpha').locator('tbody tr').count()).toBe(10)
    await isClean(here)
    await here.leave()
  })

  test.each(pages)('%s passes axe and never scrolls sideways, in both languages and themes', async (name) => {
    const wrong = await looksOf(browser, world.sekisho, name, (page) => page.getByTestId(name).waitFor())
    expect(wrong).toEqual([])
  })
  test('so does the journey', async () => {
    const wrong = await looksOf(browser, world.sekisho, `journeys?payment=${world.paid.acsTransID}`, (page) =>
      page.getByTestId('journey').waitFor(),
    )
    expect(wrong).toEqual([])
  })

  test('with nothing to show they say where it comes from', async () => {
    const empty = await running({ only: ['acs'] })
    try {
      const wrong: string[] = []
      for (const name of ['journeys', 'alerts', 'merchants', 'webhooks'] as const)
        wrong.push(
          ...(await looksOf(browser, empty, name, (page) => page.getByTestId(`${name}-none`).waitFor())).map(
            (fault) => `${name} ${fault}`,
          ),
        )
      expect(wrong).toEqual([])
    } finally {
      await empty.close()
    }
  })

  test.each(shots === undefined ? [] : [shots])('has its pictures taken: %s', async (folder) => {
    for (const lang of ['en', 'ja'] as const) {
      for (const [width, colorScheme] of [
        [1280, lang === 'en' ? 'light' : 'dark'],
        [390, lang === 'en' ? 'dark' : 'light'],
      ] as const) {
        const {
          page,
          at: find,
          leave,
        } = await desk(browser, {
          locale: lang === 'ja' ? 'ja-JP' : 'en-GB',
          viewport: { width, height: width === 390 ? 844 : 800 },
          colorScheme,
        })
        for (const [name, address, ready] of [
          ...pages.map((one) => [one, one, one] as const),
          ['journey', `journeys?payment=${world.paid.acsTransID}`, 'journey'] as const,
        ]) {
          await page.goto(at(address))
          await find(ready).waitFor()
          if (name === 'webhooks') await page.locator('.webhook-more summary').first().click()
          if (name === 'sources') await find('bands-of-alpha').locator('summary').click()
          await page.screenshot({ path: path.join(folder, `${name}-${lang}-${width}.png`), fullPage: true })
        }
        await leave()
      }
    }
  })
})
