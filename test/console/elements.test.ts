// The reference of elements in the console: found by name, narrowed by filters, linked to.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elements } from '../../src/protocol/tables/elements.ts'
import { challenge, changed } from '../lint/messages.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, eventually } from './support.ts'

const countOf = (text: string | null): number => Number(/[0-9]+/.exec(text ?? '')?.[0])

describe.skipIf(!hasChromium)('the page of elements', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
    browser = await launchChromium()
    seat = await desk(browser)
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  const visit = async (query = ''): Promise<Desk> => {
    await seat.page.goto(`${sekisho.acs}/console/elements${query}`)
    await seat.at('elements-count').waitFor()
    return seat
  }

  test('lists all of the table; search and filters narrow it, and stand in the address', async () => {
    const { page, at, asked, complaints } = await visit()
    const all = Object.keys(elements).length
    expect(await at('elements-count').textContent()).toBe(`${all} elements`)
    await at('search').fill('account age indicator cha')
    await eventually(() => at('elements-count').textContent()).toMatch(/^1 of /)
    await at('element-acctInfo.chAccAgeInd').waitFor()
    await at('search').fill('')
    await at('filter-message').selectOption('AReq')
    await at('filter-version').selectOption('2.1.0')
    await at('filter-channel').selectOption('3RI')
    expect(await at('element-threeRIInd').count()).toBe(1)
    for (const absent of ['browserIP', 'sdkAppID', 'acsURL', 'threeDSMethodId'])
      expect(await at(`element-${absent}`).count(), absent).toBe(0)
    const narrowed = await at('elements-count').textContent()
    expect(countOf(narrowed)).toBeLessThan(all)
    await page.reload()
    await eventually(() => at('elements-count').textContent()).toBe(narrowed)
    await at('search').fill('zzz')
    await at('elements-none').getByRole('button').click()
    await eventually(() => at('elements-count').textContent()).toBe(`${all} elements`)
    expect(asked.filter((url) => !url.startsWith(sekisho.acs) && !url.startsWith('data:'))).toEqual([])
    expect(complaints).toEqual([])
  })

  test('an address leads to one element, with its facts; one that is none is said to be none', async () => {
    const { at } = await visit('?element=acquirerBIN')
    const text = (await at('element').textContent()) ?? ''
    for (const part of ['Acquirer BIN', 'AREQ:acquirerBIN', '2.1.0, 2.2.0, 2.3.1', 'R/O', 'Example that passes'])
      expect(text).toContain(part)
    expect(await visit('?element=browserTimeZone').then((one) => one.at('element-none').textContent())).toContain(
      'browserTimeZone',
    )
  })

  test('works by keyboard: / searches, arrows walk, Enter opens and the heading has the focus', async () => {
    const { page, at } = await visit()
    await page.keyboard.press('/')
    await page.keyboard.type('chAccAgeInd')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe('acctInfo.chAccAgeInd')
    await at('element').getByRole('link', { name: 'acctInfo', exact: true }).click()
    await eventually(() => at('element').locator('h2').textContent()).toBe('acctInfo')
    await page.goBack()
    await eventually(() => at('element').locator('h2').textContent()).toBe('acctInfo.chAccAgeInd')
  })

  test('a finding of the page that checks messages leads here', async () => {
    const { page, at } = seat
    await page.goto(`${sekisho.acs}/console/lint`)
    await at('lint-input').fill(JSON.stringify(changed(challenge.areq, { mcc: 'x' })))
    await at('lint-check').click()
    await at('finding-0-1').getByRole('link', { name: '$.mcc' }).click()
    await eventually(() => at('element').locator('h2').textContent()).toBe('mcc')
  })

  test('says in Japanese what has words in Japanese, and that the rest is English', async () => {
    const reading = await desk(browser, { locale: 'ja-JP' })
    await reading.page.goto(`${sekisho.acs}/console/elements?element=acctNumber`)
    const text = (await reading.at('element').textContent()) ?? ''
    expect(text).toContain('数字 13〜19 桁')
    expect(await reading.page.locator('.view-about').textContent()).toContain('英語のまま')
    await reading.leave()
  })

  test('looks right in both languages and themes, wide and narrow', async () => {
    for (const [query, testId] of [
      ['', 'elements-count'],
      ['?element=transStatus', 'element'],
    ] as const)
      expect(await looksOf(browser, sekisho, `elements${query}`, (page) => page.getByTestId(testId).waitFor())).toEqual(
        [],
      )
  })
})
