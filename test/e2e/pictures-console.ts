// Takes the pictures of the console for docs/pictures/ from a real Sekisho: npx tsx test/e2e/pictures-console.ts [directory]
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { addHistory } from '../console/history.ts'
import { desk } from '../console/support.ts'
import { launchChromium } from '../support/chromium.ts'
import { running } from '../support/running.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
mkdirSync(folder, { recursive: true })

const sekisho = await running({ seed: 'pictures', clock: 'run' })
const empty = await running({ seed: 'pictures', clock: 'run' })
if (sekisho.store === undefined) throw new Error('no store')
await addHistory(sekisho.store, { count: 1_800, until: Date.now(), spanMs: 20 * 3_600_000 })
const browser = await launchChromium('--force-color-profile=srgb')

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

interface Picture {
  readonly name: string
  readonly path: string
  /** Test id of what has to be there. */
  readonly waitFor: string
  readonly size: { readonly width: number; readonly height: number }
  readonly theme: 'light' | 'dark'
  readonly lang: 'en' | 'ja'
  /** Test ids that are pressed first, one after the other. */
  readonly press?: readonly string[]
  readonly of?: typeof sekisho
}

const tall = { width: 1280, height: 1_640 }
const pictures: readonly Picture[] = [
  { name: 'list', path: '', waitFor: 'transactions', size: desktop, theme: 'light', lang: 'en' },
  { name: 'list-dark', path: '', waitFor: 'transactions', size: desktop, theme: 'dark', lang: 'en' },
  {
    name: 'list-filters-ja',
    path: '?transStatus=C,R&scheme=visa',
    waitFor: 'transactions',
    size: desktop,
    theme: 'light',
    lang: 'ja',
    press: ['filters'],
  },
  { name: 'list-phone', path: '', waitFor: 'transactions', size: phone, theme: 'light', lang: 'en' },
  { name: 'list-phone-dark-ja', path: '', waitFor: 'transactions', size: phone, theme: 'dark', lang: 'ja' },
  { name: 'empty', path: '', waitFor: 'empty', size: desktop, theme: 'light', lang: 'en', of: empty },
  { name: 'dashboard', path: 'dashboard', waitFor: 'chart-latency', size: tall, theme: 'light', lang: 'en' },
  { name: 'dashboard-dark-ja', path: 'dashboard', waitFor: 'chart-latency', size: tall, theme: 'dark', lang: 'ja' },
  {
    name: 'lint',
    path: 'lint',
    waitFor: 'lint-input',
    size: { width: 1280, height: 980 },
    theme: 'light',
    lang: 'en',
    press: ['example-broken'],
  },
  {
    name: 'lint-phone-dark-ja',
    path: 'lint',
    waitFor: 'lint-input',
    size: phone,
    theme: 'dark',
    lang: 'ja',
    press: ['example-broken'],
  },
  {
    name: 'elements',
    path: 'elements?q=challengeInd&element=threeDSRequestorChallengeInd',
    waitFor: 'element',
    size: { width: 1280, height: 980 },
    theme: 'light',
    lang: 'en',
  },
  { name: 'dashboard-phone', path: 'dashboard', waitFor: 'chart-latency', size: phone, theme: 'light', lang: 'en' },
]

for (const { name, path: address, waitFor, size, theme, lang, press = [], of = sekisho } of pictures) {
  const { page, at, leave } = await desk(browser, { viewport: size, colorScheme: theme, locale: lang })
  await page.goto(`${of.acs}/console${address === '' || address.startsWith('?') ? address : `/${address}`}`)
  await at(waitFor).waitFor()
  for (const testId of press) await at(testId).click()
  await page.waitForLoadState('load')
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(400)
  await page.screenshot({ path: path.join(folder, `console-${name}.png`), animations: 'disabled', caret: 'hide' })
  await leave()
}

await browser.close()
await sekisho.close()
await empty.close()
