// The report in a browser, from disk: both languages and themes, wide, narrow and on paper; under axe, and without a request.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportHtml } from '../../../src/lab/report/report.ts'
import { faultsOf } from '../../console/look.ts'
import { hasChromium, launchChromium } from '../../support/chromium.ts'
import { summaryOf } from './summary.ts'

describe.skipIf(!hasChromium)('a report that is opened from disk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-report-'))
  const file = path.join(folder, 'report.html')
  let browser: Browser
  const asked: string[] = []
  const complaints: string[] = []
  beforeAll(async () => {
    writeFileSync(file, await reportHtml(summaryOf({ policies: 3 })))
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    const page = await context.newPage()
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(pathToFileURL(file).href)
    return page
  }

  test.each([
    ['en', 1280, 'light'],
    ['ja', 1280, 'dark'],
    ['en', 390, 'dark'],
    ['ja', 390, 'light'],
  ] as const)(
    '%s, %i wide, %s: no serious finding, and no sideways scroll',
    async (lang, width, colorScheme) => {
      const page = await open({ viewport: { width, height: 800 }, colorScheme })
      await page.locator(`label:has(#lang-${lang})`).click()
      for (const fold of await page.locator('details').all()) await fold.evaluate((one) => one.setAttribute('open', ''))
      // Its own policy forbids scripts that are written into it, not those of who examines it.
      expect(await faultsOf(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      await page.context().close()
    },
    120_000,
  )

  test('speaks one language at a time, changed by the keyboard and without a script', async () => {
    const page = await open({ javaScriptEnabled: false })
    const shown = page.getByText('What is not shown', { exact: true })
    expect(await shown.isVisible()).toBe(true)
    expect(await page.getByText('示されていないこと', { exact: true }).isVisible()).toBe(false)
    await page.locator('#lang-en').focus()
    await page.keyboard.press('ArrowRight')
    expect(await shown.isVisible()).toBe(false)
    expect(await page.getByText('示されていないこと', { exact: true }).isVisible()).toBe(true)
    await page.context().close()
  })

  test('is light, dark or as the system, and always light on paper', async () => {
    const page = await open({ colorScheme: 'dark' })
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const text = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).color)
    const dark = await ground()
    await page.locator('label:has(#theme-light)').click()
    const light = await ground()
    expect(light).not.toBe(dark)
    await page.locator('label:has(#theme-dark)').click()
    expect(await ground()).toBe(dark)
    await page.emulateMedia({ media: 'print' })
    expect(await text()).toBe('rgb(27, 34, 51)')
    await page.context().close()
  })

  test('charts have colours of the theme, and names that a screen reader reads in the language that is shown', async () => {
    const page = await open()
    const line = page.locator('#tradeoff-caught svg path[stroke="var(--s0)"]').first()
    expect(await line.evaluate((path) => getComputedStyle(path).stroke)).toBe('rgb(44, 65, 150)')
    await page.getByRole('img', { name: 'Frictionless rate against fraud caught, by count' }).waitFor()
    await page.locator('label:has(#lang-ja)').click()
    await page.getByRole('img', { name: 'フリクションレス率と捕捉した不正（件数）' }).waitFor()
    await page.context().close()
  })

  test('every link of the contents leads to its part', async () => {
    const page = await open()
    const links = await page.locator('.contents a').all()
    expect(links.length).toBeGreaterThan(15)
    for (const link of links) expect(await page.locator((await link.getAttribute('href')) ?? '#none').count()).toBe(1)
    await page.context().close()
  })

  test('nothing was asked for but the file, and nothing was complained of', () => {
    expect(new Set(asked)).toEqual(new Set([pathToFileURL(file).href]))
    expect(complaints).toEqual([])
  })
})
