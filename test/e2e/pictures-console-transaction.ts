// Takes pictures of the console's transaction page from a real Sekisho: npx tsx test/e2e/pictures-console-transaction.ts [directory]
// Each at desktop and phone width; PICTURES=console-transaction-en-light-1280,… takes some of them only.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { buy, passedAtSecondTry } from '../console/purchases.ts'
import { launchChromium } from '../support/chromium.ts'
import { running } from '../support/running.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
mkdirSync(folder, { recursive: true })
const wanted = process.env.PICTURES?.split(',')

const sekisho = await running({ only: ['acs', 'ds', '3ds-server'], seed: 'pictures', clock: 'run' })
const browser = await launchChromium('--force-color-profile=srgb')

const challenged = await passedAtSecondTry(sekisho, '3566000000000018')
const frictionless = await buy(sekisho, '4111110000000021')

const pages: Readonly<Record<string, { readonly id: string; readonly act?: (page: Page) => Promise<unknown> }>> = {
  transaction: { id: challenged.acsTransID },
  'transaction-message': {
    id: challenged.acsTransID,
    act: (page) => page.locator('button[data-link="DS→ACS"][data-type="AReq"]').click(),
  },
  'transaction-frictionless': { id: frictionless.acsTransID },
}

for (const [name, { id, act }] of Object.entries(pages)) {
  for (const lang of ['en', 'ja'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [width, height] of [
        [1280, 800],
        [390, 844],
      ] as const) {
        const picture = `console-${name}-${lang}-${colorScheme}-${width}`
        if (wanted !== undefined && !wanted.includes(picture)) continue
        const context = await browser.newContext({
          viewport: { width, height },
          locale: lang === 'ja' ? 'ja-JP' : 'en-GB',
          timezoneId: 'Asia/Tokyo',
          colorScheme,
          reducedMotion: 'reduce',
        })
        const page = await context.newPage()
        await page.goto(`${sekisho.acs}/console/transactions/${id}`)
        await page.getByTestId('transaction').waitFor()
        await page.getByTestId('next-Y').waitFor()
        await act?.(page)
        await page.evaluate(() => scrollTo(0, 0))
        await page.screenshot({ path: path.join(folder, `${picture}.png`), fullPage: true })
        await context.close()
      }
    }
  }
}

await browser.close()
await sekisho.close()
