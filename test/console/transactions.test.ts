// The list of transactions in a browser: live, searched, filtered, by hand and by key, with ten thousand rows and for hours.
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { challengeCard } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { addHistory } from './history.ts'
import { type Desk, desk, eventually, nodesOf, sendAReq } from './support.ts'

const names = (page: Page): Promise<readonly string[]> => page.locator('.rows .open').allTextContents()
const rowsIn = (page: Page): Promise<number> => page.locator('.rows .row').count()

describe.skipIf(!hasChromium)('the list of a new ACS', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    sekisho = await running()
    browser = await launchChromium()
    seat = await desk(browser)
    await seat.page.goto(`${sekisho.acs}/console`)
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  test('tells a newcomer where to begin, with a command that works as it stands', async () => {
    const { at } = seat
    await at('empty').waitFor()
    expect(await at('empty-shop').getAttribute('href')).toBe(`${sekisho.shop}/shop`)
    const command = (await at('curl').textContent()) ?? ''
    const [, url = '', body = ''] = /^curl -s (\S+) .* -d '([^']+)'$/s.exec(command) ?? []
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json;charset=utf-8' },
      body,
    })
    expect(await response.json()).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
  })

  test('shows a purchase as it happens, without a reload', async () => {
    const { page, at, asked } = seat
    await eventually(() => names(page)).toEqual(['Hakone Goods']) // that of the command
    const loads = asked.filter((url) => url.endsWith('/console')).length
    const ares = await sendAReq(sekisho, {
      acctNumber: challengeCard,
      merchantName: 'Edo Books',
      purchaseAmount: '4980',
    })
    const row = at(`row-${ares.acsTransID}`)
    await row.waitFor()
    expect(await names(page)).toEqual(['Edo Books', 'Hakone Goods'])
    expect(await row.locator('.amount').textContent()).toBe('¥4,980')
    expect(await row.locator('.outcome').textContent()).toContain('Challenge')
    expect(await row.locator('.challenge').textContent()).toBe('not opened')
    expect(await row.locator('.decidedBy').textContent()).toContain('Scenario')
    expect(asked.filter((url) => url.endsWith('/console')).length).toBe(loads)
  })

  test('a pause holds the list still and says what waits', async () => {
    const { page, at } = seat
    await at('live-toggle').click()
    expect(await at('live-toggle').getAttribute('aria-pressed')).toBe('false')
    const before = await names(page)
    await sendAReq(sekisho, { merchantName: 'Later One' })
    await sendAReq(sekisho, { merchantName: 'Later Two' })
    await eventually(() => at('fresh').textContent()).toBe('2 new')
    expect(await names(page)).toEqual(before)
    await at('live-toggle').click()
    await eventually(() => names(page)).toEqual(['Later Two', 'Later One', ...before])
    expect(await at('fresh').isVisible()).toBe(false)
  })

  test('a filter lets in only what fits, also of what comes later', async () => {
    const { page, at } = seat
    await at('filter-transStatus-C').click()
    await eventually(() => names(page)).toEqual(['Edo Books'])
    await sendAReq(sekisho, { merchantName: 'Not a challenge' })
    await sendAReq(sekisho, { acctNumber: challengeCard, merchantName: 'A challenge' })
    await eventually(() => names(page)).toEqual(['A challenge', 'Edo Books'])
    await page.goBack()
    await eventually(() => names(page)).toContain('Not a challenge')
  })

  test('a euro amount has its cents', async () => {
    const { page, at } = seat
    await page.goto(`${sekisho.acs}/console`)
    const euro = { purchaseAmount: '123456', purchaseCurrency: '978', purchaseExponent: '2' }
    const { acsTransID } = await sendAReq(sekisho, euro)
    await eventually(() => at(`row-${acsTransID}`).locator('.amount').textContent()).toBe('€1,234.56')
  })

  test('nothing was refused by the policy of the page, and nobody else was asked', () => {
    expect(seat.complaints).toEqual([])
    for (const url of seat.asked) expect(url.startsWith(sekisho.acs) || url.startsWith('data:')).toBe(true)
  })
})

describe.skipIf(!hasChromium)('the list of ten thousand', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    sekisho = await running()
    if (sekisho.store === undefined) throw new Error('no store')
    await addHistory(sekisho.store, { count: 10_000, until: Date.now() - 60_000, spanMs: 20 * 3_600_000 })
    browser = await launchChromium()
    seat = await desk(browser)
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })
  beforeEach(async () => {
    await seat.page.goto(`${sekisho.acs}/console`)
    await seat.page.locator('.rows .row').first().waitFor()
  })

  /** Scrolls to the end, page by page, until there is no more. */
  const scrollDown = async (page: Page, count: number): Promise<void> => {
    await eventually(async () => {
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
      return Number((await seat.at('count').textContent())?.replace(/\D/g, ''))
    }, 60_000).toBe(count)
  }

  test('is fetched as somebody scrolls, and the page has as many nodes at its end as at its beginning', async () => {
    const { page, at } = seat
    const atFirst = await nodesOf(page)
    const drawn = await rowsIn(page)
    expect(drawn).toBeLessThan(45)
    await scrollDown(page, 10_000)
    expect(await at('count').textContent()).toBe('10,000 transactions')
    expect(await rowsIn(page)).toBeLessThanOrEqual(drawn + 16)
    expect(await nodesOf(page)).toBeLessThan(atFirst * 1.6)
    const last = page.locator('.rows .row').last()
    // The last rows made the page longer once more.
    await eventually(async () => {
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
      return last.getAttribute('aria-rowindex')
    }).toBe('10001')
    expect(await last.isVisible()).toBe(true)
  }, 90_000)

  test('somebody who reads older ones is told of new ones, and the rows stay where they are', async () => {
    const { page, at } = seat
    await page.evaluate(() => scrollTo(0, 2_000))
    await eventually(() => page.locator('.rows .row').first().getAttribute('aria-rowindex')).not.toBe('2')
    const before = await names(page)
    const { acsTransID } = await sendAReq(sekisho)
    await eventually(() => at('fresh').textContent()).toBe('1 new')
    expect(await names(page)).toEqual(before)
    await at('fresh').click()
    await at(`row-${acsTransID}`).waitFor()
    expect(await page.evaluate(() => scrollY)).toBe(0)
  })

  test('filters stand in the address, so that a link shows the same and the back button takes them away', async () => {
    const { page, at } = seat
    await at('filter-transStatus-R').click()
    await at('filters').click()
    await at('filter-scheme').selectOption('visa')
    await at('filter-minAmount').fill('90000')
    await at('filter-minAmount').press('Enter')
    await eventually(() => new URL(page.url()).search).toBe('?transStatus=R&scheme=visa&minAmount=90000')
    await eventually(() => at('count').textContent()).toMatch(/^\d+ match$/)
    const found = await at('count').textContent()
    const shown = await names(page)
    for (const row of await page.locator('.rows .row').all()) {
      expect(await row.locator('.outcome .letter').textContent()).toBe('R')
      expect(await row.locator('.scheme').textContent()).toBe('Visa')
      expect(Number((await row.locator('.amount').textContent())?.replace(/[^\d.]/g, ''))).toBeGreaterThanOrEqual(
        20_000,
      )
    }
    const other = await desk(browser)
    await other.page.goto(page.url())
    await eventually(() => other.at('count').textContent()).toBe(found)
    expect((await names(other.page)).slice(0, 5)).toEqual(shown.slice(0, 5))
    await other.leave()
    await page.goBack()
    await eventually(() => new URL(page.url()).search).toBe('?transStatus=R&scheme=visa')
    await eventually(() => at('filter-minAmount').inputValue()).toBe('')
    await page.goBack()
    await page.goBack()
    await eventually(() => new URL(page.url()).search).toBe('')
    await eventually(() => at('filter-transStatus-R').getAttribute('aria-pressed')).toBe('false')
  })

  test('a search finds by merchant, by id and by the last digits, and Escape takes it back', async () => {
    const { page, at } = seat
    const id = (await page.locator('.rows .row').nth(5).getAttribute('data-testid'))?.slice('row-'.length) ?? ''
    await page.keyboard.press('/')
    expect(await at('search').evaluate((box) => box === document.activeElement)).toBe(true)
    await page.keyboard.type('箱根')
    await eventually(async () => new Set(await names(page))).toEqual(new Set(['箱根関所商店']))
    await at('search').fill(id.slice(0, 13))
    await eventually(() => at('count').textContent()).toBe('1 match')
    expect(await at(`row-${id}`).count()).toBe(1)
    await at('search').fill('1037')
    await eventually(() => page.locator('.rows .mask').first().textContent()).toBe('··1037')
    expect(new URL(page.url()).searchParams.get('q')).toBe('1037')
    await page.keyboard.press('Escape')
    await eventually(() => at('count').textContent()).toMatch(/^The newest/)
    await at('search').fill('no such thing at all')
    await at('none').waitFor()
    await at('none').getByRole('button').click()
    await eventually(() => rowsIn(page)).toBeGreaterThan(10)
  })

  test('keys move through the rows and Enter opens one; the way back is to the same place', async () => {
    const { page } = seat
    const current = () => page.evaluate(() => document.activeElement?.closest('.row')?.getAttribute('aria-rowindex'))
    await page.keyboard.press('j')
    expect(await current()).toBe('2')
    for (let i = 0; i < 40; i += 1) await page.keyboard.press(i % 2 === 0 ? 'j' : 'ArrowDown')
    expect(await current()).toBe('42')
    await page.keyboard.press('k')
    await page.keyboard.press('ArrowUp')
    expect(await current()).toBe('40')
    const inSight = await page.evaluate(() => {
      const box = document.activeElement?.getBoundingClientRect()
      return box !== undefined && box.top > 100 && box.bottom < innerHeight
    })
    expect(inSight).toBe(true)
    const scrolled = await page.evaluate(() => scrollY)
    expect(scrolled).toBeGreaterThan(500)
    await page.keyboard.press('Enter')
    await eventually(() => new URL(page.url()).pathname).toMatch(/\/console\/transactions\/[0-9a-f-]{36}$/)
    await page.goBack()
    await page.locator('.rows .row').first().waitFor()
    await eventually(() => page.evaluate(() => scrollY)).toBe(scrolled)
  })

  test('a click anywhere on a row opens it', async () => {
    const { page } = seat
    const row = page.locator('.rows .row').nth(3)
    const id = (await row.getAttribute('data-testid'))?.slice('row-'.length)
    await row.locator('.score').click()
    await eventually(() => new URL(page.url()).pathname).toBe(`/console/transactions/${id}`)
  })
})

/** Bytes in use after what nobody holds any more is gone. */
async function heapOf(session: CDPSession): Promise<number> {
  for (let i = 0; i < 3; i += 1) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

describe.skipIf(!hasChromium)('an hour of live updates', () => {
  let sekisho: Running
  let browser: Browser
  beforeAll(async () => {
    sekisho = await running()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  /** The stream of a quarter of an hour: four batches a second, `perBatch` rows each, a third of them changes of earlier ones. */
  const stream = (quarter: number, perBatch: number): string => {
    const batches: string[] = ['retry: 100\n\n']
    for (let batch = 0; batch < 3_600; batch += 1) {
      const rows = Array.from({ length: perBatch }, (_, index) => {
        const id = (quarter * 3_600 + batch) * perBatch + index + 1 - (index % 3 === 0 ? 7 : 0)
        const number = String(Math.max(1, id)).padStart(12, '0')
        return {
          id: Math.max(1, id),
          at: 1_790_000_000_000 + id * 80,
          acsTransID: `00000000-0000-4000-8000-${number}`,
          threeDSServerTransID: `00000000-0000-4000-9000-${number}`,
          dsTransID: `00000000-0000-4000-a000-${number}`,
          merchantName: `Merchant ${id % 40}`,
          card: number.padStart(32, '0'),
          panMask: '411111******0021',
          scheme: 'visa',
          purchaseAmount: String(100 + (id % 9_000)),
          purchaseCurrency: '392',
          purchaseExponent: '0',
          messageVersion: '2.2.0',
          transStatus: id % 4 === 0 ? 'C' : 'Y',
          decidedBy: 'engine',
          engine: 'Y',
          score: -1.5,
          durationMs: 2.5,
        }
      })
      batches.push(`event: transactions\ndata: ${JSON.stringify({ transactions: rows, skipped: 0 })}\n\n`)
    }
    return batches.join('')
  }

  test.each([
    ['somebody follows them', 0],
    ['somebody reads older rows', 1_000],
  ])(
    'leaves the page as large as it was, while %s',
    async (_title, scroll) => {
      const { page, at, leave } = await desk(browser)
      let quarter = -1
      let isOpen = false
      // The page's own path: what its EventSource reads. Each connection brings a quarter of an hour, then the page connects again.
      await page.route('**/api/v1/events', async (route) => {
        while (!isOpen) await new Promise((resolve) => setTimeout(resolve, 10))
        isOpen = false
        quarter += 1
        await route.fulfill({ contentType: 'text/event-stream', body: stream(quarter, 5) })
      })
      await page.route('**/api/v1/transactions?*', (route) =>
        route.fulfill({ json: { transactions: [], searched: 0 } }),
      )
      await page.goto(`${sekisho.acs}/console`)
      const session = await page.context().newCDPSession(page)
      const newest = () => page.locator('.rows .row').first().getAttribute('data-id')
      const through = async () => {
        const end = quarter + 1
        isOpen = true
        await eventually(() => quarter).toBe(end)
        // Taken when the page asks for the next quarter of an hour.
        await eventually(() => at('stream').getAttribute('class'), 75_000).toContain('is-lost')
        await page.waitForTimeout(300)
      }
      await through()
      if (scroll > 0) {
        await page.evaluate((y) => scrollTo(0, y), scroll)
        await page.waitForTimeout(100)
      }
      await through()
      const heapBefore = await heapOf(session)
      const nodesBefore = await nodesOf(page)
      for (let i = 0; i < 2; i += 1) await through()
      const heap = await heapOf(session)
      const nodes = await nodesOf(page)
      if (scroll === 0) expect(Number(await newest())).toBeGreaterThan(2 * 3_600 * 5)
      else expect(await at('fresh').textContent()).toMatch(/^More than 500 new/)
      expect(nodes - nodesBefore).toBeLessThan(60)
      // 36,000 rows went through since; kept they would be 20 MB and more.
      expect((heap - heapBefore) / 1_048_576).toBeLessThan(4)
      await leave()
    },
    360_000, // a busy machine takes a minute for each quarter of an hour
  )
})
