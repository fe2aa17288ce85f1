// The inbox of the console: mail that comes in, codes to copy, the filter.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, challenged, mails, newChallengeCard, opened } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { desk } from './support.ts'

describe.skipIf(!hasChromium)('the inbox', () => {
  let ds: ListeningDs
  let sekisho: Running
  let browser: Browser
  beforeAll(async () => {
    ds = await listeningDs()
    sekisho = await running({ only: ['acs'] })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all([sekisho.close(), ds.close()])
  })

  /** A challenge whose page was opened, so that a code is on its way; its mail. */
  const codeFor = async (change: Record<string, unknown>) => {
    const challenge = await challenged(sekisho, ds, change)
    await opened(sekisho, challenge)
    await expect.poll(async () => (await mails(sekisho, challenge)).length).toBe(1)
    const { body } = await api(sekisho, `/inbox?acsTransID=${challenge.acsTransID}`)
    const [mail] = body.messages as { id: number; code: string; to: string; text: string }[]
    if (mail === undefined) throw new Error('no mail')
    return { ...challenge, mail }
  }

  test('empty, it says when a code comes and leads to the shop', async () => {
    const { page, at, complaints, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/inbox`)
    await at('inbox-none').waitFor()
    expect(await at('inbox-none').textContent()).toContain('No message yet')
    expect(complaints).toEqual([])
    await leave()
  })

  test('a mail shows without a reload, newest first, and is announced', async () => {
    const { page, at, complaints, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/inbox`)
    await at('inbox-none').waitFor()
    const marker = await page.evaluate(() => {
      document.body.dataset.marker = 'same page'
      return document.body.dataset.marker
    })
    const first = await codeFor({ merchantName: 'Hakone Goods', purchaseAmount: '39800' })
    await expect.poll(() => at(`code-${first.mail.id}`).textContent()).toBe(first.mail.code)
    await expect.poll(() => at('announcer').textContent()).toContain(first.mail.code)
    const second = await codeFor({ merchantName: 'Odawara Market', acctNumber: newChallengeCard() })
    await at(`inbox-${second.mail.id}`).waitFor()
    const order = await at('inbox')
      .locator('> li')
      .evaluateAll((items) => items.map((item) => item.getAttribute('data-testid')))
    expect(order.slice(0, 2)).toEqual([`inbox-${second.mail.id}`, `inbox-${first.mail.id}`])
    expect(await at(`inbox-${first.mail.id}`).textContent()).toContain('¥39,800')
    expect(await page.evaluate(() => document.body.dataset.marker)).toBe(marker)
    expect(complaints).toEqual([])
    await leave()
  })

  test('a code is copied by its button, with the keyboard', async () => {
    const { mail } = await codeFor({ acctNumber: newChallengeCard() })
    const { page, at, leave } = await desk(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto(`${sekisho.acs}/console/inbox`)
    await at(`copy-${mail.id}`).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => at('announcer').textContent()).toBe('Code copied')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(mail.code)
    await leave()
  })

  test('a mail opens to the whole text, stays open when another comes, and leads to its transaction', async () => {
    const { mail, acsTransID } = await codeFor({ acctNumber: newChallengeCard(), merchantName: 'Lakeside Camera' })
    const { page, at, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/inbox`)
    await at(`inbox-open-${mail.id}`).click()
    expect(await at(`inbox-open-${mail.id}`).getAttribute('aria-expanded')).toBe('true')
    expect(await at(`inbox-${mail.id}`).locator('pre').textContent()).toBe(mail.text)
    const { mail: next } = await codeFor({ acctNumber: newChallengeCard() })
    await at(`inbox-${next.id}`).waitFor()
    expect(await at(`inbox-${mail.id}`).locator('pre').isVisible()).toBe(true)
    await at(`inbox-transaction-${mail.id}`).click()
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/console/transactions/${acsTransID}`)
    await leave()
  })

  test('the filter takes holder, address, shop and transaction, and stays in the address of the page', async () => {
    const holder = await codeFor({ acctNumber: '3566000000000018', purchaseAmount: '99000' })
    const other = await codeFor({ acctNumber: newChallengeCard(), merchantName: 'Nordlicht Buchhandlung' })
    const { page, at, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/inbox`)
    await at(`inbox-${other.mail.id}`).waitFor()
    for (const [words, wanted] of [
      ['鈴木', holder.mail.id],
      ['ICHIRO@', holder.mail.id],
      ['nordlicht', other.mail.id],
      [other.acsTransID, other.mail.id],
    ] as const) {
      await at('search').fill(words)
      await expect
        .poll(() =>
          at('inbox')
            .locator('> li')
            .evaluateAll((items) => items.map((item) => item.getAttribute('data-testid'))),
        )
        .toEqual([`inbox-${wanted}`])
    }
    await page.reload()
    await at(`inbox-${other.mail.id}`).waitFor()
    expect(await at('inbox').locator('> li').count()).toBe(1)
    await at('search').fill('nobody of this name')
    expect(await at('inbox-none').textContent()).toContain('nobody of this name')
    await at('inbox-none').getByRole('button').click()
    await at(`inbox-${holder.mail.id}`).waitFor()
    await leave()
  })

  test('it passes axe and never scrolls sideways, in both languages and themes', { timeout: 120_000 }, async () => {
    const { mail } = await codeFor({
      acctNumber: newChallengeCard(),
      merchantName: 'Donaudampfschifffahrtsgesellschaft',
      purchaseAmount: '123456789012',
    })
    const wrong = await looksOf(browser, sekisho, 'inbox', (page) => page.getByTestId(`inbox-open-${mail.id}`).click())
    expect(wrong).toEqual([])
  })
})
