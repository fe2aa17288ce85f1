// The journal in the console: as it comes, searched, opened, taken along, compared and asserted.
import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { api, put } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, eventually } from './support.ts'

const card = '4000000000005100'

describe.skipIf(!hasChromium)('the journal in the console', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    sekisho = await running()
    browser = await launchChromium()
    seat = await desk(browser, { acceptDownloads: true })
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  const pay = (tenant?: string) =>
    createClient({ baseUrl: sekisho.acs, ...(tenant !== undefined && { tenant }) }).pay({ acctNumber: card })
  const visit = async (query = ''): Promise<Desk> => {
    await seat.page.goto(`${sekisho.acs}/console/journal${query}`)
    await seat.at('journal-live').waitFor()
    return seat
  }
  const rows = () => seat.at('journal').locator('.log-row').count()

  test('messages of all parties come by themselves, and a pause holds them', async () => {
    const { page, at, complaints } = await visit()
    await at('journal-none').waitFor()
    await pay()
    await eventually(() => at('journal').locator('b', { hasText: 'ARes' }).count()).toBe(2)
    await eventually(() => at('journal').textContent()).toMatch(/3DS Server→DS.*AReq/s)
    await at('journal-live').click()
    const before = await rows()
    await pay()
    await eventually(() => at('journal-live').textContent()).toMatch(/\d+ new/)
    expect(await rows()).toBe(before)
    await at('journal-live').click()
    await eventually(rows).toBeGreaterThan(before)
    expect(await page.locator('.log').textContent()).not.toMatch(/\d{13}/)
    expect(complaints).toEqual([])
  })

  test('a search stands in the address, one row opens to its message with the fault it met', async () => {
    await put(
      sekisho,
      '/faults',
      { link: 'DS-ACS', message: 'AReq', fault: { kind: 'set', element: 'purchaseExponent', value: '9' } },
      'POST',
    )
    await pay().catch(() => undefined)
    const { page, at, complaints } = await visit()
    await at('filter-fault').check()
    await eventually(rows).toBe(1)
    expect(new URL(page.url()).searchParams.get('fault')).toBe('any')
    await at('journal').locator('.log-line').click()
    expect(await at('message-fault').textContent()).toContain('purchaseExponent')
    await at('filter-fault').uncheck()
    await at('search').fill('transStatus=Y')
    await eventually(() => new URL(page.url()).searchParams.get('q')).toBe('transStatus=Y')
    await eventually(async () =>
      (await at('journal').locator('.log-row').allTextContents()).every((row) => row.includes('Authenticated')),
    ).toBe(true)
    await at('search').fill('nothing-of-this-kind')
    await at('journal-none').waitFor()
    expect(complaints).toEqual([])
  })

  test('one transaction has its whole story, from its page', async () => {
    const { transactions } = (await api(sekisho, '/transactions?limit=5')).body as {
      transactions: { acsTransID: string }[]
    }
    const id = transactions.at(-1)?.acsTransID ?? ''
    const { page, at } = seat
    await page.goto(`${sekisho.acs}/console/transactions/${id}`)
    await page.getByRole('link', { name: 'In the journal' }).click()
    await eventually(rows).toBeGreaterThan(3)
    const { entries } = (await api(sekisho, `/journal?acsTransID=${id}&limit=100`)).body as { entries: unknown[] }
    await eventually(rows).toBe(entries.length)
    expect(await at('journal').textContent()).toContain(id.slice(0, 8))
  })

  test('the search becomes an assertion, which says why it does not hold', async () => {
    const { at } = await visit('?tab=assert&messageType=ARes&q=transStatus%3DY')
    await at('assert-kind-atLeast').check({ force: true })
    await at('assert-n').fill('2')
    await at('assert-go').click()
    await eventually(() => at('assert-result').textContent()).toMatch(/It is so/)
    expect(JSON.parse((await at('assert-json').textContent()) ?? '')).toEqual({
      match: { messageType: 'ARes', where: { transStatus: 'Y' } },
      count: { min: 2 },
    })
    await at('assert-kind-exactly').check({ force: true })
    await at('assert-n').fill('40')
    await at('assert-go').click()
    await eventually(() => at('assert-result').textContent()).toMatch(/It is not so.*exactly 40 ARes/s)
  })

  test('a run is saved, taken in by another tenant, and compared with it', async () => {
    const { page, at } = await visit()
    const downloading = page.waitForEvent('download')
    await at('export-file').click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('sekisho-default.ndjson')
    const text = await readFile(await download.path(), 'utf8')
    expect(text.split('\n').length).toBeGreaterThan(5)
    expect(text).not.toContain(card)
    await page.goto(`${sekisho.acs}/t/copy/console/journal`)
    await at('journal-import-file').setInputFiles({
      name: 'run.ndjson',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(text),
    })
    await eventually(() => at('journal-told').textContent()).toMatch(/Taken in: \d+ transactions/)
    await eventually(rows).toBeGreaterThan(5)
    await at('journal-import-file').setInputFiles({
      name: 'x.ndjson',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from('no run\n'),
    })
    await eventually(() => at('journal-problem').textContent()).toMatch(/./)
    await page.goto(`${sekisho.acs}/t/copy/console/journal?tab=compare`)
    await at('diff-b').fill('default')
    await at('diff-go').click()
    await at('diff-equal').waitFor()
    await pay()
    await at('diff-go').click()
    await eventually(() => at('diff').textContent()).toMatch(/only in B/)
  })

  test('it passes axe and never scrolls sideways, in both languages and themes', { timeout: 240_000 }, async () => {
    const messages = await looksOf(browser, sekisho, 'journal', async (page) => {
      await page.locator('.log-line').first().click()
      await page.locator('.tx-message').first().waitFor()
    })
    const compare = await looksOf(browser, sekisho, 'journal?tab=compare', async (page) => {
      await page.getByTestId('diff-b').fill('copy')
      await page.getByTestId('diff-go').click()
      await page.locator('[data-testid="diff"] > *').first().waitFor()
    })
    expect([...messages, ...compare]).toEqual([])
  })
})
