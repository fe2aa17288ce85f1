// Tenants in the console: which one it is, its clock, making, resetting and dropping them, and the token where one is needed.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, put } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, eventually } from './support.ts'

describe.skipIf(!hasChromium)('tenants in the console', () => {
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

  const names = async () => ((await api(sekisho, '/tenants')).body.tenants as Members[]).map(({ name }) => name)
  const clockOf = async (tenant: string) =>
    (await (await fetch(`${sekisho.acs}/t/${tenant}/api/v1/clock`)).json()) as { mode: string; now: string }

  test('the default one says nothing of itself; another is made by its name and stands in every view', async () => {
    const { page, at, complaints } = seat
    await page.goto(`${sekisho.acs}/console/tenants`)
    await at('tenant-default').waitFor()
    expect(await at('room').isVisible()).toBe(false)
    await at('tenant-new').fill('Not a name')
    await at('tenant-make').click()
    expect(await at('tenant-new').getAttribute('aria-invalid')).toBe('true')
    await at('tenant-new').fill('ci-7')
    await at('tenant-make').click()
    await page.waitForURL('**/t/ci-7/console')
    await eventually(() => at('room-tenant').textContent()).toContain('ci-7')
    expect(await names()).toEqual(['default', 'ci-7'])
    await at('nav-stubs').click()
    await page.waitForURL('**/t/ci-7/console/stubs')
    expect(await at('room-tenant').isVisible()).toBe(true)
    expect(complaints).toEqual([])
  })

  test('its clock is frozen, advanced and run, from the page and from the head', async () => {
    const { page, at } = seat
    await page.goto(`${sekisho.acs}/t/ci-7/console/tenants`)
    await at('clock-freeze').click()
    await eventually(() => at('room-clock').textContent()).toContain('stands at')
    const before = Date.parse((await clockOf('ci-7')).now)
    await at('clock-10m').click()
    await eventually(async () => Date.parse((await clockOf('ci-7')).now) - before).toBe(600_000)
    await at('nav-journal').click()
    await at('room-clock').click()
    const panel = at('dialog')
    await panel.getByTestId('clock-own').fill('90s')
    await panel.getByTestId('clock-own').press('Enter')
    await eventually(async () => Date.parse((await clockOf('ci-7')).now) - before).toBe(690_000)
    await panel.getByTestId('clock-own').fill('later')
    await panel.getByTestId('clock-own-go').click()
    await eventually(() => panel.getByTestId('clock-problem').isVisible()).toBe(true)
    await panel.getByTestId('clock-run').click()
    await eventually(() => at('room-clock').textContent()).toContain('ahead')
    expect((await clockOf('ci-7')).mode).toBe('run')
    await page.keyboard.press('Escape')
    // The other tenant's clock is its own.
    expect((await api(sekisho, '/clock')).body).toMatchObject({ offsetMs: 0 })
  })

  test('it is reset and dropped, each after a question', async () => {
    const { page, at } = seat
    // biome-ignore lint/suspicious/noThenProperty: a member of the API
    const stub = { match: {}, then: { transStatus: 'A' } }
    const left = async () =>
      ((await (await fetch(`${sekisho.acs}/t/ci-7/api/v1/stubs`)).json()) as { stubs: unknown[] }).stubs.length
    await fetch(`${sekisho.acs}/t/ci-7/api/v1/stubs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(stub),
    })
    expect(await left()).toBe(1)
    await page.goto(`${sekisho.acs}/t/ci-7/console/tenants`)
    await at('reset-seed').fill('a-seed')
    expect(await at('reset-curl').textContent()).toContain('"seed":"a-seed"')
    await at('reset').click()
    await at('dialog').getByRole('button', { name: 'Reset' }).click()
    await eventually(left).toBe(0)
    await eventually(() => at('tenant-facts').textContent()).toContain('a-seed')
    await at('tenant-drop-ci-7').click()
    await page.keyboard.press('Escape')
    expect(await names()).toContain('ci-7')
    await at('tenant-drop-ci-7').click()
    await at('dialog').getByRole('button', { name: 'Drop' }).click()
    await page.waitForURL(`${sekisho.acs}/console/tenants`)
    expect(await names()).toEqual(['default'])
  })

  test('a token is asked for, kept in the tab alone, and goes into no address', async () => {
    const { page, at, asked, leave } = await desk(browser)
    await put(sekisho, '/tenants/closed', { token: 'sixteen-letters-and-more' }, 'PUT')
    await page.goto(`${sekisho.acs}/t/closed/console`)
    await at('token').fill('a-wrong-one')
    await page.keyboard.press('Enter')
    await eventually(() => at('dialog').textContent()).toContain('not accepted')
    await at('token').fill('sixteen-letters-and-more')
    await page.keyboard.press('Enter')
    await at('empty').waitFor()
    await eventually(() => at('stream').getAttribute('class')).toContain('is-live')
    expect(await page.evaluate(() => Object.values(sessionStorage))).toEqual(['sixteen-letters-and-more'])
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('sixteen')
    expect(asked.filter((url) => url.includes('sixteen'))).toEqual([])
    await page.reload()
    await at('empty').waitFor()
    expect(await at('dialog').count()).toBe(0)
    await leave()
  })

  test('it passes axe and never scrolls sideways, in both languages and themes', { timeout: 120_000 }, async () => {
    await put(sekisho, '/clock', { freeze: true }, 'POST')
    const wrong = await looksOf(browser, sekisho, 'tenants', async (page) => {
      await page.getByTestId('tenant-default').waitFor()
      await page.getByTestId('room-clock').click()
      await page.getByTestId('dialog').waitFor()
    })
    expect(wrong).toEqual([])
    await put(sekisho, '/clock', { run: true }, 'POST')
  })
})
