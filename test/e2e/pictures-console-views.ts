// Takes pictures of inbox, cards, scenarios and policy from a real Sekisho: npx tsx test/e2e/pictures-console-views.ts [directory]
// For docs/pictures/: desktop, phone, and desktop in Japanese and dark. PICTURES=all takes every width, language and theme,
// PICTURES=inbox-ja-dark-390,… some of them; FULL=1 takes the whole height.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { api, challenged, opened, put } from '../http/support.ts'
import { launchChromium } from '../support/chromium.ts'
import { listeningDs } from '../support/ds.ts'
import { browserAReq, post } from '../support/messages.ts'
import { running } from '../support/running.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
mkdirSync(folder, { recursive: true })
const wanted = process.env.PICTURES?.split(',')
/** Those of the documentation, with their names there. */
const forDocs: Readonly<Record<string, string>> = {
  'en-light-1280': '',
  'en-light-390': '-phone',
  'ja-dark-1280': '-dark-ja',
}

const ds = await listeningDs()
const sekisho = await running({ only: ['acs'], seed: 'pictures', clock: 'run' })
const browser = await launchChromium('--force-color-profile=srgb')

const goods = [
  ['Hakone Goods', '1480', '392', '0', '4111110000000039'],
  ['Odawara Market', '2390', '392', '0', '4111110000000021'],
  ['Lakeside Camera & Optics International', '128000', '392', '0', '5454540000000013'],
  ['Nordlicht Buchhandlung', '4599', '978', '2', '4111110000000021'],
] as const
for (const [merchantName, purchaseAmount, purchaseCurrency, purchaseExponent, acctNumber] of goods) {
  await post(
    `${sekisho.acs}/acs/areq`,
    browserAReq({ acctNumber, merchantName, purchaseAmount, purchaseCurrency, purchaseExponent, dsURL: ds.url }),
  )
}
for (const [merchantName, purchaseAmount, acctNumber] of [
  ['Odawara Market', '24800', '3566000000000018'],
  ['Hakone Goods', '39800', '4000000000007700'],
  ['Lakeside Camera & Optics International', '128000', '5200000000000700'],
  ['Hakone Goods', '9800', '4000000000007700'],
] as const) {
  await opened(sekisho, await challenged(sekisho, ds, { acctNumber, merchantName, purchaseAmount }))
}
const { body } = await api(sekisho, '/cards')
const cards = body.cards as { id: string; mask: string }[]
const everyday = cards.find(({ mask }) => mask.endsWith('0021'))?.id ?? ''
for (const [times, outcome] of [
  [3, { transStatus: 'C' }],
  [1, { transStatus: 'R', transStatusReason: '11' }],
] as const) {
  // biome-ignore lint/suspicious/noThenProperty: a member of the API
  await put(sekisho, '/stubs', { match: { card: everyday }, times, then: outcome }, 'POST')
}

const views: Readonly<Record<string, { readonly address: string; readonly act?: (page: Page) => Promise<unknown> }>> = {
  inbox: {
    address: 'inbox',
    async act(page) {
      await page.locator('[data-testid^="inbox-open-"]').nth(1).click()
    },
  },
  cards: { address: 'cards' },
  card: { address: `cards?card=${everyday}` },
  scenarios: {
    address: 'scenarios',
    async act(page) {
      await page.getByTestId('match-number').fill('4000000000007411')
      await page.getByTestId('match-ask').click()
      await page.getByTestId('match').locator('p').first().waitFor()
    },
  },
  policy: {
    address: 'policy',
    async act(page) {
      await page.getByTestId('check-first-device').locator('summary').click()
    },
  },
}

for (const [name, { address, act }] of Object.entries(views)) {
  for (const lang of ['en', 'ja'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [width, height] of [
        [1280, 800],
        [390, 844],
      ] as const) {
        const kind = `${lang}-${colorScheme}-${width}`
        const ending = forDocs[kind]
        if (
          wanted === undefined ? ending === undefined : !wanted.includes('all') && !wanted.includes(`${name}-${kind}`)
        )
          continue
        const file = wanted === undefined ? `console-${name}${ending}` : `${name}-${kind}`
        const context = await browser.newContext({
          locale: lang === 'ja' ? 'ja-JP' : 'en-GB',
          viewport: { width, height },
          colorScheme,
          timezoneId: 'Asia/Tokyo',
        })
        const page = await context.newPage()
        page.on('console', (line) => line.type() === 'error' && console.error(file, line.text()))
        page.on('pageerror', (error) => console.error(file, error))
        await page.goto(`${sekisho.acs}/console/${address}`)
        await page.locator('.view-root').waitFor()
        await page.waitForLoadState('load')
        await page.waitForTimeout(400)
        await act?.(page)
        await page.evaluate(() => scrollTo(0, 0))
        await page.waitForTimeout(250)
        await page.screenshot({
          path: path.join(folder, `${file}.png`),
          animations: 'disabled',
          caret: 'hide',
          fullPage: process.env.FULL !== undefined,
        })
        await context.close()
      }
    }
  }
}

await browser.close()
await Promise.all([sekisho.close(), ds.close()])
