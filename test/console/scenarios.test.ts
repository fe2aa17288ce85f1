// Scenarios in the console: the table with its examples, planned answers, and the question for one card.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, eventually, sendAReq } from './support.ts'

describe.skipIf(!hasChromium)('the scenarios', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  let scenarios: { endsWith?: string; transStatus?: string }[]
  let ranges: Members[]
  let usual: string
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
    browser = await launchChromium()
    seat = await desk(browser)
    const { body } = await api(sekisho, '/scenarios')
    scenarios = body.scenarios as typeof scenarios
    usual = String(body.yaml)
    ranges = body.ranges as Members[]
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  const visit = async (): Promise<Desk> => {
    await seat.page.goto(`${sekisho.acs}/console/scenarios`)
    await seat.at('scenarios').locator('tr').first().waitFor()
    return seat
  }
  const exampleIn = async (endsWith: string): Promise<string> =>
    String(await seat.at(`scenario-${endsWith}`).locator('code.pan').textContent()).replaceAll(' ', '')

  test('every example does what its row says, for every scheme', async () => {
    const { at } = await visit()
    const schemes = await at('examples-of').locator('option').count()
    expect(schemes).toBe(ranges.filter(({ mode }) => mode === 'scripted').length)
    for (let scheme = 0; scheme < schemes; scheme++) {
      await at('examples-of').selectOption(String(scheme))
      for (const { endsWith, transStatus } of scenarios) {
        if (endsWith === undefined) continue
        const acctNumber = await exampleIn(endsWith)
        const ares = await sendAReq(sekisho, {
          acctNumber,
          ...(transStatus === 'I' && { threeDSRequestorChallengeInd: '05' }),
          ...(transStatus === 'D' && { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00010' }),
        })
        expect(ares.transStatus, `${endsWith} ${acctNumber.length}`).toBe(transStatus)
      }
    }
  })

  test('another reason changes the example, and the card gets that reason', async () => {
    const { at } = await visit()
    await at('scenario-2rr').locator('select').selectOption('08')
    const acctNumber = await exampleIn('2rr')
    expect(acctNumber).toMatch(/208$/)
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'N', transStatusReason: '08' })
  })

  test('an example is copied without its blanks', async () => {
    const copying = await desk(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
    await copying.page.goto(`${sekisho.acs}/console/scenarios`)
    await copying.at('scenario-700').getByRole('button').click()
    await expect.poll(() => copying.at('announcer').textContent()).toBe('Card number copied')
    expect(await copying.page.evaluate(() => navigator.clipboard.readText())).toMatch(/^[0-9]{13}700$/)
    await copying.leave()
  })

  test('ranges and cards to try are listed, the latter in the language of the page', async () => {
    const { at } = await visit()
    expect(await at('ranges').locator('tbody tr').count()).toBe(ranges.length)
    expect(await at('ranges').textContent()).toContain('411111–411119')
    expect(await at('try-cards').textContent()).toContain('always challenged')
    const japanese = await desk(browser, { locale: 'ja-JP' })
    await japanese.page.goto(`${sekisho.acs}/console/scenarios`)
    await japanese.at('try-cards').waitFor()
    expect(await japanese.at('try-cards').textContent()).toContain('必ずチャレンジ')
    await japanese.leave()
  })

  test('a card says which row it would hit, and its number is in no address', async () => {
    const { page, at, asked, complaints } = await visit()
    const ask = async (number: string) => {
      await at('match-number').fill(number)
      await at('match-number').press('Enter')
    }
    await ask('4000 0000 0000 7411')
    await expect.poll(() => at('match').textContent()).toMatch(/400000\*{6}7411.*Row 4rr.*reason 11: fraud suspected/)
    expect(await at('scenario-4rr').getAttribute('class')).toContain('is-hit')
    await ask('4000000000000190')
    await expect.poll(() => at('match').textContent()).toContain('No row matches: the risk engine decides')
    await ask('5454540000000013')
    await expect.poll(() => at('match').textContent()).toContain('A risk range')
    await ask('4111110000000112')
    await expect.poll(() => at('match').textContent()).toContain('this card is stolen')
    await ask('6011000000000004')
    await expect.poll(() => at('match').textContent()).toContain('Outside every range')
    await ask('12 34')
    expect(await at('match-number').getAttribute('aria-invalid')).toBe('true')
    expect(await at('match').textContent()).toBe('')
    expect(asked.filter((url) => /\d{13}/.test(url.replace(/[0-9a-f]{32}/g, '')))).toEqual([])
    expect(page.url()).not.toMatch(/\d{13}/)
    expect(complaints).toEqual([])
  })

  test('a stub for the card that was asked about goes before the table, and is made here, too', async () => {
    const acctNumber = '4000000000005100'
    const { at } = await visit()
    await at('match-number').fill(acctNumber)
    await at('match-ask').click()
    await at('next-C').click()
    await expect.poll(() => at('next-pending').locator('li').count()).toBe(1)
    await at('match-ask').click()
    await expect.poll(() => at('match').textContent()).toContain('comes before the table')
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'C' })
  })

  test('an AReq says who would decide and what the engine thinks, and a slip in it is shown', async () => {
    const { at } = await visit()
    await at('match-by-areq').check({ force: true })
    await at('match-ask').click()
    await expect.poll(() => at('match').textContent()).toMatch(/Would be answered.*Y.*Row 100/s)
    expect(await at('match-engine').textContent()).toMatch(/risk/)
    await at('match-areq').fill('{ "messageType": "AReq", ')
    await at('match-ask').click()
    await expect.poll(() => at('match-areq').getAttribute('aria-invalid')).toBe('true')
    await at('match-by-card').check({ force: true })
  })

  const edit = async (): Promise<Desk> => {
    await seat.page.goto(`${sekisho.acs}/console/scenarios?tab=edit`)
    await seat.at('scenario-yaml').waitFor()
    return seat
  }
  const savedNow = async (text: string) => {
    const { at } = seat
    await at('scenario-yaml').fill(text)
    await at('scenario-yaml').press('Control+s')
    await eventually(() => at('scenario-state').textContent()).toBe('Saved, and in force')
  }

  test('what is wrong with the table stands at its line while it is typed, and cannot be saved', async () => {
    const { page, at } = await edit()
    const row = "  - { endsWith: '901', transStatus: Z, title: nonsense }"
    await at('scenario-yaml').fill(usual.replace('scenarios:\n', `scenarios:\n${row}\n`))
    const line = usual.slice(0, usual.indexOf('scenarios:\n')).split('\n').length + 1
    await eventually(() => at('scenario-problems').textContent()).toContain(`Line ${line}`)
    expect(await page.locator('.code-gutter .is-wrong').allTextContents()).toEqual([String(line)])
    await at('scenario-save').click()
    await eventually(() => at('announcer').textContent()).toContain('Not saved')
    const selected = await at('scenario-yaml').evaluate((area: HTMLTextAreaElement) => area.selectionStart)
    expect(usual.replace('scenarios:\n', `scenarios:\n${row}\n`).slice(0, selected).split('\n').length).toBe(line)
    expect((await api(sekisho, '/scenarios')).body).toMatchObject({ yaml: usual, isReplaced: false })
    await at('scenario-revert').click()
    await page.getByTestId('dialog').getByRole('button', { name: 'Discard' }).click()
    expect(await at('scenario-yaml').inputValue()).toBe(usual)
    await eventually(() => at('scenario-problems').isVisible()).toBe(false)
  })

  test('a saved table is in force from the next AReq on, and the default can be taken again', async () => {
    const { page, at } = await edit()
    const own = usual.replace("endsWith: '100', transStatus: 'Y'", "endsWith: '100', transStatus: 'A'")
    expect(own).not.toBe(usual)
    await savedNow(own)
    expect(await sendAReq(sekisho, { acctNumber: '4000000000005100' })).toMatchObject({ transStatus: 'A' })
    await at('tab-table').click()
    await eventually(() => at('scenario-100').textContent()).toContain('Attempted')
    await at('tab-edit').click()
    await at('scenario-default').click()
    await eventually(() => at('scenario-yaml').inputValue()).toBe(usual)
    await at('scenario-save').click()
    await eventually(() => at('scenario-state').textContent()).toBe('Saved, and in force')
    expect((await api(sekisho, '/scenarios')).body).toMatchObject({ isReplaced: false })
    expect(await sendAReq(sekisho, { acctNumber: '4000000000005100' })).toMatchObject({ transStatus: 'Y' })
    expect(await page.locator('.code-key').count()).toBeGreaterThan(20)
  })

  test('it passes axe and never scrolls sideways, in both languages and themes', { timeout: 120_000 }, async () => {
    const wrong = await looksOf(browser, sekisho, 'scenarios', async (page) => {
      await page.getByTestId('match-number').fill('4000000000007411')
      await page.getByTestId('match-ask').click()
      await page.getByTestId('next-decision').waitFor()
    })
    expect(wrong).toEqual([])
  })

  test('so does the editor, with problems in it', { timeout: 120_000 }, async () => {
    const wrong = await looksOf(browser, sekisho, 'scenarios?tab=edit', async (page) => {
      await page.getByTestId('scenario-yaml').fill(`${usual}\nnonsense: 1\n`)
      await page.getByTestId('scenario-problems').locator('li').first().waitFor()
    })
    expect(wrong).toEqual([])
  })
})
