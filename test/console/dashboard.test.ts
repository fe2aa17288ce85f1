// The dashboard in a browser: its numbers are those of the transactions, and each rate says of how many.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { challengeCard, frictionlessCard } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { addHistory } from './history.ts'
import { type Desk, desk, eventually, sendAReq } from './support.ts'

describe.skipIf(!hasChromium)('the dashboard', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    sekisho = await running()
    browser = await launchChromium()
    seat = await desk(browser)
    await seat.page.goto(`${sekisho.acs}/console/dashboard`)
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  test('says that there is nothing to count, and where to begin', async () => {
    await seat.at('empty').waitFor()
    expect(await seat.at('empty').getByRole('link').getAttribute('href')).toBe(`${sekisho.shop}/shop`)
    expect(await seat.at('rates').isVisible()).toBe(false)
  })

  test('counts what comes in by itself, with the denominator of each rate and a word where events are few', async () => {
    const { at } = seat
    for (const card of [frictionlessCard, frictionlessCard, frictionlessCard, challengeCard]) {
      await sendAReq(sekisho, { acctNumber: card })
    }
    await eventually(() => at('rate-frictionless').locator('.tile-of').textContent()).toBe('3 of 4')
    expect(await at('rate-frictionless').locator('.tile-rate').textContent()).toBe('75.0%')
    expect(await at('rate-frictionless').locator('.few').textContent()).toBe('few events')
    expect(await at('rate-challenge').locator('.tile-of').textContent()).toBe('1 of 4')
    expect(await at('rate-decline').locator('.tile-of').textContent()).toBe('0 of 4')
    expect(await at('rate-challengeSuccess').locator('.tile-of').textContent()).toBe('no events')
    expect(await at('rate-challengeSuccess').locator('.tile-rate').textContent()).toBe('–')
  })

  test('shows the numbers of the API, in tiles, charts and their tables', async () => {
    const { page, at, complaints } = seat
    if (sekisho.store === undefined) throw new Error('no store')
    await addHistory(sekisho.store, { count: 2_000, until: Date.now(), spanMs: 20 * 3_600_000 })
    await page.reload()
    const stats = await (await fetch(`${sekisho.acs}/api/v1/stats`)).json()
    const { frictionless, challengeSuccess } = stats.rates
    const number = new Intl.NumberFormat('en-GB')
    const of = ({ count, of: all }: { count: number; of: number }) => `${number.format(count)} of ${number.format(all)}`
    await eventually(() => at('rate-frictionless').locator('.tile-of').textContent()).toBe(of(frictionless))
    expect(await at('rate-challengeSuccess').locator('.tile-of').textContent()).toBe(of(challengeSuccess))
    expect(await page.locator('.few').count()).toBe(0)
    expect(await at('remark').textContent()).toContain(`${stats.outcomes.U} could not be decided`)

    for (const name of ['time', 'outcomes', 'latency']) {
      await at(`chart-${name}`).locator('canvas').waitFor()
      expect(await at(`chart-${name}`).getAttribute('aria-label')).toMatch(/\d/)
    }
    await at('board-outcomes').locator('summary').click()
    const cells = await at('board-outcomes').locator('tbody tr').first().locator('td').allTextContents()
    expect(cells[0]).toBe(number.format(stats.outcomes.Y))
    await at('board-time').locator('summary').click()
    const column = await at('board-time').locator('tbody td:nth-child(2)').allTextContents()
    expect(column.length).toBeGreaterThan(10)
    expect(column.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0)).toBe(frictionless.count)

    const [largest] = stats.by.merchant
    const first = at('board-merchant').locator('tbody tr').first()
    expect(await first.locator('th').textContent()).toBe(largest.label)
    expect(await first.locator('td').first().textContent()).toBe(number.format(largest.count))
    expect(complaints).toEqual([])
  })

  test('filters are in the address, and a number leads to its transactions', async () => {
    const { page, at } = seat
    await at('filter-scheme').selectOption('jcb')
    await at('period-7d').click()
    await eventually(() => new URL(page.url()).search).toBe('?last=7d&scheme=jcb')
    const jcb = await (await fetch(`${sekisho.acs}/api/v1/stats?scheme=jcb`)).json()
    await eventually(() => at('rate-decline').locator('.tile-of').textContent()).toBe(
      `${jcb.rates.decline.count} of ${jcb.rates.decline.of}`,
    )
    await at('rate-decline').getByRole('link').click()
    await page.locator('.rows .row').first().waitFor()
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      scheme: 'jcb',
      last: '7d',
      transStatus: 'N,R',
    })
    await eventually(() => at('count').textContent()).toBe(`${jcb.rates.decline.count} match`)
    await page.goBack()
    await eventually(() => at('filter-scheme').inputValue()).toBe('jcb')
  })

  test('the charts take the colours of the theme when it changes', async () => {
    const { page, at } = seat
    const picture = () =>
      at('chart-outcomes')
        .locator('canvas')
        .first()
        .evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''))
    await at('chart-outcomes').locator('canvas').waitFor()
    const light = await picture()
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await eventually(picture).not.toBe(light)
  })
})
