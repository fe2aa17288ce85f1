// The validator in the console: paste, read, follow the findings.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { challenge, changed, inBase64url } from '../lint/messages.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, eventually } from './support.ts'

const { areq, creq } = challenge

describe.skipIf(!hasChromium)('the page that checks messages', () => {
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

  const visit = async (): Promise<Desk> => {
    await seat.page.goto(`${sekisho.acs}/console/lint`)
    await seat.at('lint-input').waitFor()
    return seat
  }
  const check = async (text: string): Promise<Desk> => {
    const { at } = await visit()
    await at('lint-input').fill(text)
    await at('lint-check').click()
    await at('lint-results').locator('[data-testid=lint-summary], [data-testid=lint-problem]').first().waitFor()
    return seat
  }

  test('a good example has nothing to object to, a broken one is explained', async () => {
    const { at } = await visit()
    await at('example-good').click()
    await eventually(() => at('lint-summary').textContent()).toBe('1 message0 errors0 warnings')
    expect(await at('message-0').textContent()).toContain('Nothing to object to')
    await at('example-broken').click()
    await eventually(() => at('lint-summary').textContent()).toMatch(/^1 message[1-9][0-9]* errors/)
    const text = (await at('message-0').textContent()) ?? ''
    for (const part of [
      '$.purchaseAmount',
      'ACS-VAL-13',
      '1 to 48 digits',
      '$.threeDSCompInd',
      'is missing',
      'Erro 201',
    ])
      expect(text).toContain(part)
  })

  test('every example says what it promises, and all of them are read', async () => {
    const { at } = await visit()
    await at('example-flow').click()
    await eventually(() => at('lint-summary').textContent()).toContain('4 messages in 1 transactions')
    expect(await at('message-1').textContent()).toContain('RES-TS-1')
    await at('example-creq').click()
    await eventually(() => at('lint-summary').textContent()).toBe('1 message0 errors0 warnings')
  })

  test('a finding leads to its line and the line back to it, by keyboard too', async () => {
    const { page, at } = await check(JSON.stringify(changed(areq, { mcc: 'x' })))
    const link = at('finding-0-1').getByRole('button', { name: /^Line/ })
    await link.focus()
    await page.keyboard.press('Enter')
    const line = Number(/[0-9]+/.exec((await link.textContent()) ?? '')?.[0])
    const marked = at(`marked-0-${line}`)
    await eventually(() => marked.evaluate((row) => row === document.activeElement)).toBe(true)
    expect(await marked.textContent()).toContain('"mcc": "x"')
    await marked.getByRole('button').press('Enter')
    await eventually(() => at('finding-0-1').evaluate((item) => item === document.activeElement)).toBe(true)
  })

  test('the text is shown masked, and asked of no other host', async () => {
    const { at, asked, complaints } = await check(JSON.stringify(areq))
    const shown = await at('message-0').textContent()
    expect(shown).toContain('400000******0002')
    expect(shown).not.toContain('4000000000000002')
    expect(asked.filter((url) => !url.startsWith(sekisho.acs) && !url.startsWith('data:'))).toEqual([])
    expect(complaints).toEqual([])
  })

  test('markup in a message stays text', async () => {
    const { page, at } = await check(JSON.stringify(changed(areq, { mcc: '<img src=x onerror=alert(1)>' })))
    expect(await at('message-0').textContent()).toContain('<img src=x')
    expect(await page.locator('.lint-results img').count()).toBe(0)
  })

  test('pasting checks at once, and Ctrl-Enter checks what was typed', async () => {
    const typing = await desk(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
    await typing.page.goto(`${sekisho.acs}/console/lint`)
    await typing.page.evaluate((text) => navigator.clipboard.writeText(text), inBase64url(creq))
    await typing.at('lint-input').press('ControlOrMeta+v')
    await eventually(() => typing.at('lint-summary').textContent()).toBe('1 message0 errors0 warnings')
    await typing.at('lint-input').fill(JSON.stringify(changed(creq, { challengeWindowSize: '9' })))
    await typing.at('lint-input').press('ControlOrMeta+Enter')
    await eventually(() => typing.at('lint-summary').textContent()).toBe('1 message1 error0 warnings')
    await typing.leave()
  })

  test('the profile and what the message does not say count at once', async () => {
    const { page, at } = await check(JSON.stringify(changed(areq, { threeDSRequestorPriorAuthenticationInfo: {} })))
    expect(await at('lint-summary').textContent()).toContain('1 error')
    await at('profile-lenient').check()
    await eventually(() => at('lint-summary').textContent()).toBe('1 message0 errors1 warning')
    await at('profile-strict').check()
    await page.getByText('What a single message does not say').click()
    await at('lint-messageVersion').selectOption('2.3.1')
    await eventually(() => at('message-0').textContent()).toContain('ACS-VAL-10')
    await at('lint-messageVersion').selectOption('')
  })

  test('a slip in the JSON is shown where it is', async () => {
    const { at } = await check('{\n  "messageType": "AReq",\n  "mcc": "5411",\n}')
    expect(await at('lint-problem').textContent()).toContain('line 3, column 16')
    await at('lint-problem').getByRole('button').click()
    const selected = await at('lint-input').evaluate((box) =>
      box instanceof HTMLTextAreaElement ? box.value.slice(box.selectionStart, box.selectionEnd) : '',
    )
    expect(selected).toBe(',')
  })

  test('an example value is copied as it belongs into the message', async () => {
    const copying = await desk(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
    await copying.page.goto(`${sekisho.acs}/console/lint`)
    await copying.at('lint-input').fill(JSON.stringify(changed(areq, { browserJavaEnabled: 'true' })))
    await copying.at('lint-check').click()
    await copying
      .at('finding-0-1')
      .getByRole('button', { name: /Copy the value/ })
      .click()
    await eventually(() => copying.at('announcer').textContent()).toBe('Value copied')
    expect(await copying.page.evaluate(() => navigator.clipboard.readText())).toMatch(/^(true|false)$/)
    await copying.leave()
  })

  test('a change of language keeps what was pasted, and the findings speak it', async () => {
    const { at } = await check(JSON.stringify(changed(creq, { challengeWindowSize: '9' })))
    await at('language').click()
    await eventually(() => at('message-0').textContent()).toContain('短すぎます')
    expect(await at('lint-input').inputValue()).toContain('"challengeWindowSize":"9"')
    await at('language').click()
    await eventually(() => at('message-0').textContent()).toContain('too short')
  })

  test('leaving the page forgets nothing that is kept elsewhere: no storage holds the text', async () => {
    const { page } = await check(JSON.stringify(changed(areq, { merchantName: 'Zanzibar Imports' })))
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]),
    )
    expect(kept).not.toContain('Zanzibar')
  })

  test('looks right in both languages and themes, wide and narrow', async () => {
    for (const example of ['broken', 'flow'] as const) {
      const wrong = await looksOf(browser, sekisho, 'lint', async (page) => {
        await page.getByTestId(`example-${example}`).click()
        await page.getByTestId('lint-summary').waitFor()
      })
      expect(wrong).toEqual([])
    }
    expect(await looksOf(browser, sekisho, 'lint', (page) => page.getByTestId('lint-input').waitFor())).toEqual([])
  })
})
