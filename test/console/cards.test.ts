// The card register of the console: find, add, change, unlock.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answered, api, challenged, mails, opened, put } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, sendAReq } from './support.ts'

describe.skipIf(!hasChromium)('the card register', () => {
  let ds: ListeningDs
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    ds = await listeningDs()
    sekisho = await running({ only: ['acs'] })
    browser = await launchChromium()
    seat = await desk(browser)
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all([sekisho.close(), ds.close()])
  })

  const visit = async (query = ''): Promise<Desk> => {
    await seat.page.goto(`${sekisho.acs}/console/cards${query}`)
    await seat.at('cards').waitFor()
    return seat
  }
  const idOf = async (acctNumber: string): Promise<string> =>
    String((await put(sekisho, '/cards', { acctNumber }, 'POST')).body.id)
  const cardOf = async (id: string) => (await api(sekisho, `/cards/${id}`)).body
  const lines = () => seat.at('cards').locator('> li').count()

  test('lists the cards with their states; search and state narrow the list and stay in the address', async () => {
    const { page, at } = await visit()
    const all = await lines()
    expect(all).toBeGreaterThanOrEqual(6)
    const stolen = await idOf('4111110000000112')
    expect(await at(`card-${stolen}`).textContent()).toMatch(/411111\*{6}0112.*Visa.*Robin Fox.*stolen/)
    await at('filter-state').selectOption('blocked')
    expect(await lines()).toBe(1)
    expect(await at('cards').textContent()).toContain('0039')
    await at('filter-state').selectOption('')
    await at('search').fill('alex mastercard')
    expect(await lines()).toBe(1)
    await page.reload()
    await at('cards').waitFor()
    expect(await lines()).toBe(1)
    await at('search').fill('nobody of this name')
    await at('cards-none').getByRole('button').click()
    expect(await lines()).toBe(all)
  })

  test('an edit is saved, shown, and works for the next challenge', async () => {
    const id = await idOf('5454540000000013')
    const { page, at } = await visit()
    await at(`card-${id}`).locator('a').click()
    await at('card-form').waitFor()
    expect(new URL(page.url()).searchParams.get('card')).toBe(id)
    expect(await at('card-save').isDisabled()).toBe(true)
    await at('card-field-email').fill('new.address@cardholder.example')
    await at('card-field-language').selectOption('ja')
    expect(await at('card-told').textContent()).toBe('Not saved yet')
    await at('card-field-email').press('Enter')
    await expect.poll(() => at('card-told').textContent()).toBe('Saved')
    expect(await cardOf(id)).toMatchObject({ email: 'new.address@cardholder.example', language: 'ja' })
    await page.reload()
    await expect.poll(() => at('card-field-email').inputValue()).toBe('new.address@cardholder.example')
    // biome-ignore lint/suspicious/noThenProperty: a member of the API
    await put(sekisho, '/stubs', { match: { card: id }, then: { transStatus: 'C' } }, 'POST')
    const challenge = await challenged(sekisho, ds, { acctNumber: '5454540000000013' })
    await opened(sekisho, challenge)
    await expect
      .poll(async () => (await mails(sekisho, challenge))[0])
      .toMatchObject({ to: 'new.address@cardholder.example', subject: '認証コードのお知らせ' })
  })

  test('a field that is refused says so beside itself and gets the focus; nothing is saved', async () => {
    const id = await idOf('3566000000000018')
    const before = await cardOf(id)
    const { page, at } = await visit(`?card=${id}`)
    await at('card-field-email').fill('no address')
    await at('card-save').click()
    await at('card-wrong').waitFor()
    expect(await at('card-field-email').getAttribute('aria-invalid')).toBe('true')
    const described = String(await at('card-field-email').getAttribute('aria-describedby'))
    expect(await page.locator(`#${described.split(' ').at(-1)}`).textContent()).toBe('This is no e-mail address.')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('card-email')
    expect(await cardOf(id)).toEqual(before)
    await at('card-revert').click()
    expect(await at('card-field-email').inputValue()).toBe(before.email)
    expect(await at('card-wrong').isVisible()).toBe(false)
  })

  test('a card reported stolen here is refused from the next payment on, and usable again afterwards', async () => {
    const acctNumber = '4000009000000100'
    const id = await idOf(acctNumber)
    const { at } = await visit(`?card=${id}`)
    await at('card-field-stolen').check()
    await at('card-save').click()
    await expect.poll(() => at(`card-${id}`).textContent()).toContain('stolen')
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'R', transStatusReason: '10' })
    await at('card-field-stolen').uncheck()
    await at('card-save').click()
    await expect.poll(() => at(`card-${id}`).textContent()).toContain('usable')
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'Y' })
    await expect.poll(() => at('card-payments').locator('li').count()).toBe(2)
  })

  test('how a card is challenged is chosen here, and what its holder agreed to is taken back', async () => {
    const acctNumber = '4111110000000021'
    const id = await idOf(acctNumber)
    const { at, complaints } = await visit(`?card=${id}`)
    const known = complaints.length // a refusal of before
    expect(await at('card-field-methods').inputValue()).toBe('emailOtp')
    expect(await at('card-channels').isVisible()).toBe(false)
    await at('card-field-methods').selectOption('chooseOtp')
    await at('card-field-emailOtp').uncheck()
    await at('card-save').click()
    await expect.poll(() => at('card-told').textContent()).toBe('Saved')
    expect(await cardOf(id)).toMatchObject({ methods: ['chooseOtp', 'smsOtp', 'pushOtp'] })
    expect(await at('card-field-emailOtp').isChecked()).toBe(false)
    // What is typed stays while a button beside the form does its work.
    await at('card-field-methods').selectOption('oobMatch')
    await at('card-trusts').getByRole('button').click()
    await expect.poll(() => at('card-trusts').textContent()).toContain('none')
    expect(await cardOf(id)).toMatchObject({ trusts: [], methods: ['chooseOtp', 'smsOtp', 'pushOtp'] })
    expect(await at('card-field-methods').inputValue()).toBe('oobMatch')
    await at('card-save').click()
    await expect.poll(async () => (await cardOf(id)).methods).toEqual(['oobMatch'])
    expect(await at('card-devices').textContent()).toContain('none')
    expect(complaints.slice(known)).toEqual([])
    await put(sekisho, `/cards/${id}`, { methods: ['emailOtp'] })
  })

  test('a card is added by its number, which is in no address and leaves the form', async () => {
    const acctNumber = '4000004242424100'
    const { page, at, asked, complaints } = await visit()
    await at('add-card').click()
    await at('new-number').fill('4000 0042 4242')
    await at('new-number').press('Enter')
    expect(await at('new-number').getAttribute('aria-invalid')).toBe('true')
    await at('new-number').fill('6011 0000 0000 0004')
    const known = complaints.length
    await at('new-number').press('Enter')
    await expect.poll(() => at('new-card').textContent()).toContain('outside the card ranges')
    complaints.splice(known) // the browser's own note of a 400
    await at('new-number').fill('4000 0042 4242 4100')
    await at('new-submit').click()
    await at('card-form').waitFor()
    expect(await page.locator('.card-face').textContent()).toContain('400000******4100')
    expect(await at('new-card').isVisible()).toBe(false)
    expect(await at('new-number').inputValue()).toBe('')
    expect(asked.filter((url) => url.includes(acctNumber) || url.includes('4242'))).toEqual([])
    expect(page.url()).not.toMatch(/\b\d{13,}/)
    expect(await page.content()).not.toContain(acctNumber)
  })

  test('ten wrong codes lock a card before the reader’s eyes; one click unlocks it', { timeout: 60_000 }, async () => {
    const acctNumber = '4000009000001700'
    const id = await idOf(acctNumber)
    const { at } = await visit(`?card=${id}`)
    for (let wrong = 0; wrong < 10; ) {
      const challenge = await challenged(sekisho, ds, { acctNumber })
      let page = await opened(sekisho, challenge)
      for (let tries = 0; tries < 3 && wrong < 10; tries++) {
        const code = (await mails(sekisho, challenge))[0]?.code ?? ''
        page = await answered(sekisho, challenge, page, { otp: code === '000000' ? '111111' : '000000' })
        wrong += 1
      }
    }
    await expect.poll(() => at('card-failures').textContent()).toMatch(/^10: locked/)
    await expect.poll(() => at(`card-${id}`).textContent()).toContain('locked')
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
    await at('card-unlock').click()
    await expect.poll(() => at('card-failures').textContent()).toBe('none')
    expect(await sendAReq(sekisho, { acctNumber })).toMatchObject({ transStatus: 'C' })
  })

  test('what is being typed survives a change from elsewhere, and only that is saved', async () => {
    const id = await idOf('3566000000000018')
    const { page, at } = await visit(`?card=${id}`)
    await at('card-field-holder').fill('鈴木 次郎')
    await put(sekisho, `/cards/${id}`, { phone: '+81 3 0000 0000' })
    await expect.poll(() => page.getByText('was changed meanwhile').isVisible()).toBe(true)
    expect(await at('card-field-holder').inputValue()).toBe('鈴木 次郎')
    await at('card-save').click()
    await expect.poll(() => at('card-told').textContent()).toBe('Saved')
    expect(await cardOf(id)).toMatchObject({ holder: '鈴木 次郎', phone: '+81 3 0000 0000' })
    expect(await at('card-field-phone').inputValue()).toBe('+81 3 0000 0000')
  })

  test('on a phone the card takes the place of the list, with a way back', async () => {
    const phone = await desk(browser, { viewport: { width: 390, height: 844 } })
    const id = await idOf('5454540000000013')
    await phone.page.goto(`${sekisho.acs}/console/cards`)
    await phone.at(`card-${id}`).locator('a').click()
    await phone.at('card-form').waitFor()
    expect(await phone.at('cards').isVisible()).toBe(false)
    await phone.page.getByRole('link', { name: 'All cards' }).click()
    await phone.at('cards').waitFor()
    expect(await phone.at('card-form').count()).toBe(0)
    await phone.leave()
  })

  test('it passes axe and never scrolls sideways, in both languages and themes', { timeout: 120_000 }, async () => {
    const id = await idOf('4111110000000112')
    await put(sekisho, `/cards/${id}`, { email: `${'long'.repeat(14)}@cardholder.example`, holder: 'W'.repeat(60) })
    // biome-ignore lint/suspicious/noThenProperty: a member of the API
    await put(sekisho, '/stubs', { match: { card: id }, times: 10, then: { transStatus: 'U' } }, 'POST')
    const wrong = await looksOf(browser, sekisho, `cards?card=${id}`, async (page) => {
      await page.getByTestId('next-pending').locator('li').first().waitFor()
      await page.getByTestId('add-card').click()
    })
    expect(wrong).toEqual([])
  })
})
