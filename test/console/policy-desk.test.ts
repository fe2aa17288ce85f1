// The policy desk in the console, as somebody uses it who has never seen it: change, try, publish, go back; lists.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { desk, eventually, sendAReq } from './support.ts'

const riskCard = '4111110000009999'

describe.skipIf(!hasChromium)('the policy desk', () => {
  let sekisho: Running
  let browser: Browser
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
    for (let i = 0; i < 3; i++)
      await sendAReq(sekisho, { acctNumber: `411111000000${i}111`, merchantName: 'Hakone Goods' })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  test('a threshold is moved, tried on what came, published and taken back', { timeout: 60_000 }, async () => {
    const { page, at, complaints, leave } = await desk(browser)
    const before = (await sendAReq(sekisho, { acctNumber: riskCard })).transStatus
    await page.goto(`${sekisho.acs}/console/policy`)
    await at('tab-edit').click()
    await eventually(() => at('policy-state').textContent()).toBe('The same as what runs')
    expect(await at('policy-publish').isDisabled()).toBe(true)

    // Everything is rejected that is not very sure to be genuine.
    for (const [id, value] of [
      ['challenge', '-40'],
      ['reject', '-30'],
    ] as const) {
      await at(`number-${id}`).fill(value)
      await at(`number-${id}`).press('Tab')
      await eventually(() => at('policy-yaml').inputValue()).toContain(`${id}: ${value}`)
    }
    await eventually(() => at('policy-changes').textContent()).toMatch(/thresholds\.reject.*3\.5.*→.*-30/)
    expect(await at('policy-yaml').inputValue()).toContain('# Applied in order, after the score.')

    await at('back-test-run').click()
    await eventually(() => at('back-test-status').textContent()).toBe(
      '4 of 4 payments decided again; 4 come out otherwise.',
    )
    expect(await at('back-test-payments').locator('tbody tr').count()).toBe(4)
    const link = at('back-test-payments').locator('a').last()
    expect(await link.getAttribute('href')).toContain('/console/transactions/')
    expect(await at('back-test-payments').textContent()).toContain('rejection from 3.5 → −30')

    await at('policy-publish').click()
    await at('policy-note').fill('a strict day')
    await page.keyboard.press('Enter')
    await eventually(() => at('policy-state').textContent()).toBe('Published. default, version 1, runs now.')
    expect((await sendAReq(sekisho, { acctNumber: riskCard })).transStatus).toBe('R')

    await at('tab-history').click()
    await eventually(() => at('release-2').textContent()).toMatch(
      /runs now.*published.*from this machine.*a strict day/,
    )
    await at('release-1').getByRole('button', { name: 'Compare release 1' }).click()
    await eventually(() => at('compared').textContent()).toContain('thresholds.challenge')
    await at('roll-back-1').click()
    await page.keyboard.press('Enter')
    await eventually(() => at('release-3').textContent()).toMatch(/runs now.*gone back to/)
    expect((await sendAReq(sekisho, { acctNumber: riskCard })).transStatus).toBe(before)
    expect(complaints).toEqual([])
    await leave()
  })

  test('what is wrong stands at its line, is kept as a draft, and cannot be published', async () => {
    const { page, at, complaints, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/policy?tab=edit`)
    await at('policy-begin').selectOption('never-challenge')
    await at('policy-take').click()
    await eventually(() => at('policy-yaml').inputValue()).toContain('name: never-challenge')
    const lines = (await at('policy-yaml').inputValue()).split('\n').length
    await at('policy-yaml').press('Control+End')
    await page.keyboard.type('nonsense: 1')
    await eventually(() => at('policy-problems').textContent()).toMatch(new RegExp(`Line ${lines} nonsense`))
    await at('policy-problems').getByRole('button').click()
    expect(await at('policy-yaml').evaluate((area) => area === document.activeElement)).toBe(true)
    await page.keyboard.press('Control+s')
    await eventually(() => at('policy-state').textContent()).toContain('Draft, kept')
    expect((await api(sekisho, '/policies')).body.draft).toMatchObject({ problems: [{ line: lines }] })
    await at('policy-publish').click()
    await eventually(() => at('policy-failed').textContent()).toMatch(new RegExp(`^Line ${lines} is wrong: nonsense`))
    expect(await at('policy-note').count()).toBe(0)
    await at('policy-discard').click()
    await page.getByRole('button', { name: 'Discard it' }).click()
    await eventually(() => at('policy-state').textContent()).toBe('The same as what runs')
    expect((await api(sekisho, '/policies')).body.draft).toBeNull()
    expect(complaints).toEqual([])
    await leave()
  })

  test('a card is listed, shown as a mask, and taken off; a file is taken', async () => {
    const { page, at, complaints, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/policy?tab=lists`)
    await at('entry-value').fill('411111000000')
    await at('entry-reason').fill('reported stolen')
    await at('entry-add').click()
    await eventually(() => page.locator('#entry-value-error').textContent()).toContain('13 to 19 digits')
    await at('entry-value').fill(riskCard)
    await page.keyboard.press('Enter')
    await eventually(() => at('entries').textContent()).toMatch(/411111\*{6}9999reported stolenin force/)
    expect((await sendAReq(sekisho, { acctNumber: riskCard })).transStatus).toBe('R')
    await page.getByRole('button', { name: 'Remove 411111' }).click()
    await page.getByRole('button', { name: 'Take it off' }).click()
    await eventually(() => at('audit').textContent()).toMatch(/taken off Deny/)
    const wrong = Buffer.from(`kind,value,reason\nip,x,attack\nmerchant,4111110000000021,attack\n`)
    await at('csv-file').setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: wrong })
    await eventually(() => at('csv-problems').textContent()).toMatch(
      /wrong: 2\.Line 2: value: an address.*Line 3: value: /,
    )
    const buffer = Buffer.from('kind,value,reason\nip,203.0.113.0/28,attack\n')
    await at('csv-file').setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer })
    await eventually(() => at('csv-told').textContent()).toBe('1 added, 0 changed.')
    expect(await page.content()).not.toContain(riskCard)
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
    await leave()
  })

  test('a payment that nobody made is decided and explained, and nothing of it is kept', {
    timeout: 60_000,
  }, async () => {
    const { page, at, complaints, leave } = await desk(browser)
    const { acsTransID } = await sendAReq(sekisho, { acctNumber: riskCard, merchantName: 'Hakone Tea' })
    const count = async () => ((await api(sekisho, '/transactions?view=summary')).body.transactions as object[]).length
    const before = await count()
    await page.goto(`${sekisho.acs}/console/policy?tab=ask&from=${String(acsTransID)}`)
    await eventually(() => at('what-if-areq').inputValue()).toContain('"merchantName": "Hakone Tea"')
    expect(await at('what-if-areq').inputValue()).not.toMatch(/acctNumber|dsTransID/)
    await at('what-if-ask').click()
    await eventually(() => page.locator('#what-if-card-error').textContent()).toContain('13 to 19 digits')
    await at('what-if-card').fill('4111 1100 0000 9999')
    await at('what-if-policy').selectOption('always-challenge')
    await at('what-if-ask').click()
    await eventually(() => at('what-if-verdict').textContent()).toMatch(/C.*The engine decides/)
    expect(await at('waterfall').textContent()).toContain('Policy always-challenge')
    await at('whose-merchant').check()
    await eventually(() => at('ways').locator('input:checked').getAttribute('value')).toBe('merchant')

    await at('what-if-areq').fill('{ "purchaseAmount": ')
    await at('what-if-ask').click()
    await eventually(() => at('what-if-failed').textContent()).toContain('no JSON object')
    await at('what-if-areq').fill('{\n  "mcc": "5999",\n  "purchaseAmount": "1.5"\n}')
    await at('what-if-ask').click()
    await eventually(() => at('what-if-failed').textContent()).toContain('purchaseAmount')
    expect(await page.locator('.code-gutter .is-wrong').textContent()).toBe('3')
    expect(await count()).toBe(before)
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
    await leave()
  })

  test.each(['edit', 'ask', 'history', 'lists'])(
    'the tab %s passes axe and never scrolls sideways, in both languages and themes',
    { timeout: 120_000 },
    async (tab) => {
      const wrong = await looksOf(browser, sekisho, `policy?tab=${tab}`, async (page) => {
        if (tab === 'ask') {
          await page.getByTestId('what-if-ask').click()
          return page.getByTestId('steps').waitFor()
        }
        if (tab !== 'edit') return page.locator('tbody tr').first().waitFor()
        await page.getByTestId('back-test-run').click()
        await page.getByTestId('number-base').waitFor()
        return page.getByTestId('back-test-outcomes').waitFor()
      })
      expect(wrong).toEqual([])
    },
  )
})
