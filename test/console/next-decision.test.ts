// Next decision: a button plans what the next payment of a card gets.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, put } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { type Desk, desk, sendAReq } from './support.ts'

describe.skipIf(!hasChromium)('the next decision', () => {
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

  /** A card that the scenario table always lets pass, in the register, open in the console. */
  let made = 0
  const openCard = async (): Promise<{ acctNumber: string; id: string }> => {
    made += 1
    const acctNumber = `4000005${String(made).padStart(6, '0')}100`
    const { body } = await put(sekisho, '/cards', { acctNumber }, 'POST')
    const id = String(body.id)
    await seat.page.goto(`${sekisho.acs}/console/cards?card=${id}`)
    await seat.at('next-decision').waitFor()
    return { acctNumber, id }
  }
  const stubs = async () => (await api(sekisho, '/stubs')).body.stubs as (Members & { id: string })[]
  const removeAll = async () => {
    for (const { id } of await stubs()) await put(sekisho, `/stubs/${id}`, {}, 'DELETE')
  }

  test('“Challenge” makes the next payment of the card C, once; the console shows when it is used up', async () => {
    const { acctNumber, id } = await openCard()
    await seat.at('next-C').click()
    await expect.poll(() => seat.at('announcer').textContent()).toMatch(/^Planned for the next payment of 400000.*: C/)
    await expect.poll(() => seat.at('next-pending').locator('li').count()).toBe(1)
    // biome-ignore lint/suspicious/noThenProperty: a member of the API
    expect(await stubs()).toMatchObject([{ match: { card: id }, times: 1, then: { transStatus: 'C' } }])
    // Another card is none of its business.
    expect(await sendAReq(sekisho, { acctNumber: '4000000000005100' })).toMatchObject({ transStatus: 'Y' })
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'C' })
    await expect.poll(() => seat.at('next-pending').locator('li').count()).toBe(0)
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'Y' })
    await expect.poll(() => seat.at('card-payments').locator('li').count()).toBe(2)
    expect(await seat.at('card-payments').locator('li').first().textContent()).toContain('Authenticated')
  })

  test.each([
    ['Y', undefined],
    ['A', undefined],
    ['N', '01'],
    ['R', '11'],
    ['U', '22'],
  ])('“%s” answers with its usual reason', async (transStatus, transStatusReason) => {
    const { acctNumber } = await openCard()
    await seat.at(`next-${transStatus}`).click()
    await expect.poll(() => seat.at('next-pending').locator('li').count()).toBe(1)
    const ares = await sendAReq(sekisho, { acctNumber })
    expect([ares.transStatus, ares.transStatusReason]).toEqual([transStatus, transStatusReason])
  })

  test('a reason and three times, by keyboard alone, with what is left counted down', async () => {
    const { acctNumber } = await openCard()
    await seat.at('next-times-1').focus()
    await seat.page.keyboard.press('ArrowRight')
    await seat.at('next-reason').selectOption('04')
    await seat.at('next-N').focus()
    await seat.page.keyboard.press('Enter')
    await expect.poll(() => seat.at('next-pending').textContent()).toContain('3 of 3 left')
    expect(await seat.page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('next-N')
    for (const left of [2, 1]) {
      expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
      await expect.poll(() => seat.at('next-pending').textContent()).toContain(`${left} of 3 left`)
    }
    await sendAReq(sekisho, { acctNumber })
    await expect.poll(() => seat.at('next-pending').isVisible()).toBe(false)
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'Y' })
  })

  test('a plan that is removed answers nothing, and its removal is announced', async () => {
    const { acctNumber } = await openCard()
    await seat.at('next-R').click()
    await expect.poll(() => seat.at('next-pending').locator('li').count()).toBe(1)
    await seat.at('next-pending').getByRole('button').click()
    await expect.poll(() => seat.at('next-pending').locator('li').count()).toBe(0)
    expect(await stubs()).toEqual([])
    await expect.poll(() => seat.at('announcer').textContent()).toBe('The planned answer was removed')
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'Y' })
  })

  test('a plan that somebody else makes shows without a reload', async () => {
    const { id } = await openCard()
    // biome-ignore lint/suspicious/noThenProperty: a member of the API
    await put(sekisho, '/stubs', { match: { card: id }, times: 10, then: { transStatus: 'A' } }, 'POST')
    await expect.poll(() => seat.at('next-pending').textContent()).toContain('10 of 10 left')
    await removeAll()
    await expect.poll(() => seat.at('next-pending').isVisible()).toBe(false)
  })

  test('a reason does not go with an answer that has none', async () => {
    await openCard()
    await seat.at('next-reason').selectOption('26')
    await seat.at('next-C').click()
    await expect.poll(() => seat.at('next-pending').locator('li').count()).toBe(1)
    expect((await stubs())[0]?.then).toEqual({ transStatus: 'C' })
    expect(seat.complaints).toEqual([])
  })
})
