// Takes pictures of stubs, faults, journal, tenants and the scenario editor from a real Sekisho: npx tsx test/e2e/pictures-console-control.ts [directory]
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { createClient } from '../../src/client/client.ts'
import { api, put } from '../http/support.ts'
import { launchChromium } from '../support/chromium.ts'
import { running } from '../support/running.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
mkdirSync(folder, { recursive: true })

const sekisho = await running({ seed: 'pictures', clock: 'run' })
const { body: made } = await put(sekisho, '/tenants/checkout-7', {})
const url = String(made.url)
const room = { ...sekisho, acs: url }
const client = createClient({ baseUrl: sekisho.acs, tenant: 'checkout-7' })
const add = (address: string, body: unknown) => put(room, address, body, 'POST')

await client.pay({ acctNumber: '4000000000005100' })
/* biome-ignore-start lint/suspicious/noThenProperty: a member of the API */
await add('/stubs', {
  match: { acctNumber: '4000000000007700' },
  then: {
    transStatus: 'C',
    challenge: { pageDelay: '1s', ending: { transStatus: 'N', transStatusReason: '19' } },
    rreq: { when: 'afterCRes', copies: 2 },
  },
})
const challenged = await client.pay({ acctNumber: '4000000000007700' })
await add('/faults', { link: 'DS-ACS', message: 'AReq', fault: { kind: 'missing', element: 'deviceChannel' } })
await client.pay({ acctNumber: '4000000000005100' }).catch(() => undefined)
await add('/faults', { link: 'ACS-DS', message: 'RReq', times: 3, fault: { kind: 'delay', delay: '4s' } })
await add('/faults', { link: 'ACS-browser', message: 'page', times: 100, probability: 0.2, fault: { kind: 'drip' } })
await add('/stubs', {
  match: { acctNumber: '4000000000007700' },
  times: 3,
  then: { transStatus: 'C', challenge: { pageDelay: '4s' }, rreq: { copies: 2 } },
})
await add('/stubs', {
  match: { merchant: 'Hakone', amount: { min: 10_000 } },
  times: 10,
  priority: 5,
  then: {
    transStatus: 'R',
    transStatusReason: '11',
    faults: [{ link: 'ACS-DS', fault: { kind: 'status', status: 503 } }],
  },
  expiresIn: '1d',
})
/* biome-ignore-end lint/suspicious/noThenProperty: a member of the API */
await add('/clock', { freeze: true })
const { body: table } = await api(room, '/scenarios')
const wrong = String(table.yaml).replace("transStatus: 'N', transStatusReason: rr", "transStatus: 'N', reason: rr")

const wide = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }
interface Picture {
  readonly name: string
  readonly path: string
  readonly size?: { readonly width: number; readonly height: number }
  readonly theme?: 'light' | 'dark'
  readonly lang?: 'en' | 'ja'
  readonly act?: (page: Page) => Promise<unknown>
}
const pictures: readonly Picture[] = [
  {
    name: 'scenarios-edit',
    path: 'scenarios?tab=edit',
    act: async (page) => {
      await page.getByTestId('scenario-yaml').fill(wrong)
      await page.getByTestId('scenario-problems').getByRole('button').first().click()
    },
  },
  {
    name: 'stubs',
    path: 'stubs',
    size: { width: 1280, height: 1_180 },
    act: async (page) => {
      await page.getByTestId('stub-match-acctNumber').fill('4000 0000 0000 7700')
      await page.getByTestId('stub-then-transStatus').selectOption('C')
      await page.getByTestId('plan-challenge').locator('summary').click()
      await page.getByTestId('stub-then-challenge-pageDelay').fill('4s')
    },
  },
  { name: 'stubs-phone-dark-ja', path: 'stubs', size: phone, theme: 'dark', lang: 'ja' },
  { name: 'faults', path: 'faults' },
  {
    name: 'journal',
    path: 'journal',
    act: (page) => page.locator('.log-row:has(.tx-fault) .log-line').first().click(),
  },
  { name: 'journal-phone-dark-ja', path: 'journal', size: phone, theme: 'dark', lang: 'ja' },
  { name: 'tenants', path: 'tenants' },
  { name: 'tenants-dark-ja', path: 'tenants', theme: 'dark', lang: 'ja' },
  {
    name: 'planned',
    path: `transactions/${challenged.acsTransID ?? ''}`,
    act: (page) => page.getByTestId('plan').scrollIntoViewIfNeeded(),
  },
]

const browser = await launchChromium('--force-color-profile=srgb')
for (const { name, path: address, size = wide, theme = 'light', lang = 'en', act } of pictures) {
  const context = await browser.newContext({
    locale: lang === 'ja' ? 'ja-JP' : 'en-GB',
    viewport: size,
    colorScheme: theme,
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(name, error))
  await page.goto(`${url}/console/${address}`)
  await page.locator('.view-root > *').first().waitFor()
  await page.waitForTimeout(600)
  await act?.(page)
  await page.waitForTimeout(400)
  await page.screenshot({ path: path.join(folder, `console-${name}.png`), animations: 'disabled', caret: 'hide' })
  await context.close()
}
await browser.close()
await sekisho.close()
