// The shell of the console: who gets in, what it loads, addresses, language and theme.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raw } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type Running, running } from '../support/running.ts'
import { type Desk, desk, eventually } from './support.ts'

describe('the console over HTTP', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running()
  })
  afterAll(() => sekisho.close())

  test('every address below /console answers the same page, which may load from here only', async () => {
    for (const path of [
      '/console',
      '/console/',
      '/console/dashboard',
      '/console/transactions/abc',
      '/console/no/such',
    ]) {
      const response = await fetch(`${sekisho.acs}${path}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("style-src 'self';")
      expect(policy).toContain("connect-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(response.headers.get('cache-control')).toBe('no-store')
      const page = await response.text()
      expect(page).toContain('data-base=""')
      expect(page).toContain(`data-shop-url="${sekisho.shop}/shop"`)
      expect(page).toContain('<noscript>')
      expect(page).not.toMatch(/<style|style=|<script>/)
    }
  })

  test('scripts, styles and the tables of the protocol are served with their types; nothing outside of the folder is', async () => {
    const typeOf = async (path: string) => {
      const response = await fetch(`${sekisho.acs}/console/assets/${path}`)
      return [response.status, response.headers.get('content-type')?.split(';')[0]]
    }
    expect(await typeOf('app.js')).toEqual([200, 'text/javascript'])
    expect(await typeOf('console.css')).toEqual([200, 'text/css'])
    expect(await typeOf('tables.js')).toEqual([200, 'text/javascript'])
    expect(await typeOf('echarts.js')).toEqual([200, 'text/javascript'])
    expect((await typeOf('views/none.js'))[0]).toBe(404)
    expect((await typeOf('..%2f..%2fpackage.json'))[0]).toBe(404)
    expect((await typeOf('views'))[0]).toBe(404)
  })

  test('a page of another name that points at this machine gets nothing', async () => {
    const url = `${sekisho.acs}/console`
    expect((await raw(url, { method: 'GET', headers: { host: 'rebound.example.test' } })).status).toBe(403)
    expect((await raw(url, { method: 'GET' })).status).toBe(200)
  })
})

test('with a token the page, which holds no data, comes to everybody; the API asks without a window of the browser', async () => {
  const sekisho = await running({ adminToken: 'a-token-of-some-length' })
  try {
    for (const path of ['/console', '/console/assets/app.js'])
      expect((await fetch(`${sekisho.acs}${path}`)).status).toBe(200)
    const asked = (headers: Record<string, string>) => fetch(`${sekisho.acs}/api/v1/clock`, { headers })
    const refused = await asked({ 'sec-fetch-mode': 'cors' })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect((await asked({ authorization: 'Bearer a-token-of-some-length' })).status).toBe(200)
  } finally {
    await sekisho.close()
  }
})

describe.skipIf(!hasChromium)('the console in a browser', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    sekisho = await running()
    browser = await launchChromium()
    seat = await desk(browser)
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  const views = [
    'transactions',
    'journal',
    'dashboard',
    'inbox',
    'scenarios',
    'stubs',
    'faults',
    'tenants',
    'cards',
    'policy',
    'lab',
    'lint',
  ] as const

  test('every view opens from the navigation with its own address and title, and the page asks no other host', async () => {
    const { page, at, asked, complaints } = seat
    await page.goto(`${sekisho.acs}/console`)
    for (const name of views) {
      await at(`nav-${name}`).click()
      await eventually(() => at(`nav-${name}`).getAttribute('aria-current')).toBe('page')
      await eventually(() => page.locator('.view-root').count()).toBe(1)
      expect(new URL(page.url()).pathname).toBe(name === 'transactions' ? '/console' : `/console/${name}`)
      expect(await page.title()).toBe(`${await page.locator('h1').textContent()} – Sekisho`)
      expect(await at('note').count()).toBe(0)
    }
    await page.goBack()
    await eventually(() => at(`nav-${views.at(-2)}`).getAttribute('aria-current')).toBe('page')
    const hosts = new Set(asked.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin))
    expect([...hosts]).toEqual([new URL(sekisho.acs).origin])
    expect(complaints).toEqual([])
  })

  test('an address that is none says so and leads back to the list', async () => {
    const { page, at } = seat
    await page.goto(`${sekisho.acs}/console/nowhere`)
    await at('note').waitFor()
    expect(await page.locator('h1').textContent()).toBe('There is no such page')
    await at('note').getByRole('link').click()
    await eventually(() => new URL(page.url()).pathname).toBe('/console')
  })

  test('the language of the address is kept and leaves it; the switch changes the page where it is', async () => {
    const { page, at } = seat
    await page.goto(`${sekisho.acs}/console/dashboard?lang=ja&last=7d`)
    await eventually(() => page.locator('h1').textContent()).toBe('集計')
    expect(await page.locator('html').getAttribute('lang')).toBe('ja')
    expect(new URL(page.url()).search).toBe('?last=7d')
    await page.goto(`${sekisho.acs}/console`)
    await eventually(() => page.locator('h1').textContent()).toBe('取引')
    await at('language').click()
    await eventually(() => page.locator('h1').textContent()).toBe('Transactions')
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
  })

  test('the theme goes from the system’s to light to dark, and the next visit has it from the first paint', async () => {
    const { page, at } = seat
    await page.goto(`${sekisho.acs}/console`)
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const first = await ground()
    await at('theme').click()
    await at('theme').click()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    expect(await at('theme').getAttribute('aria-label')).toBe('Theme: dark')
    expect(await ground()).not.toBe(first)
    const dark = await ground()
    await page.reload({ waitUntil: 'commit' })
    await eventually(ground).toBe(dark)
    await at('theme').click()
    expect(await page.locator('html').getAttribute('data-theme')).toBeNull()
  })

  test('the first stop of the tab key leads past the navigation', async () => {
    const { page } = seat
    await page.goto(`${sekisho.acs}/console/policy`)
    await page.locator('.view-root').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  })

  test('without JavaScript the page names what works without it', async () => {
    const plain = await desk(browser, { javaScriptEnabled: false })
    await plain.page.goto(`${sekisho.acs}/console`)
    expect(await plain.page.locator('a[href="/inbox"]').isVisible()).toBe(true)
    await plain.leave()
  })

  test('no page scrolls sideways on a phone', async () => {
    const phone = await desk(browser, { viewport: { width: 390, height: 844 } })
    for (const name of views) {
      await phone.page.goto(`${sekisho.acs}/console/${name === 'transactions' ? '' : name}`)
      await phone.page.locator('.view-root').waitFor()
      expect(await phone.page.evaluate(() => document.documentElement.scrollWidth), name).toBe(390)
    }
    await phone.leave()
  })
})
