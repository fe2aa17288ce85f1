// What the console makes: stubs, faults; what a payment shows of them, and the cardholder that is played by API.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { challengeKinds } from '../../src/acs/challenge/kinds.ts'
import { api, put } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, eventually, sendAReq } from './support.ts'

const card = '4000000000005100'

describe.skipIf(!hasChromium)('stubs and faults in the console', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    sekisho = await running()
    browser = await launchChromium()
    seat = await desk(browser)
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  const visit = async (view: string): Promise<Desk> => {
    await seat.page.goto(`${sekisho.acs}/console/${view}`)
    await seat.page.locator('.view-root form').first().waitFor()
    return seat
  }
  const stubs = async (): Promise<readonly Members[]> => (await api(sekisho, '/stubs')).body.stubs as Members[]

  test('a stub is made as the form shows it, listed with what is left, and works', async () => {
    const { page, at, asked, complaints } = await visit('stubs')
    await at('stub-match-acctNumber').fill('4000 0000 0000 5100')
    await at('stub-then-transStatus').selectOption('C')
    await at('plan-challenge').locator('summary').click()
    await at('stub-then-challenge-pageDelay').fill('250ms')
    await at('stub-then-challenge-ending-transStatus').selectOption('N')
    await at('stub-then-challenge-ending-transStatusReason').selectOption('19')
    await at('plan-rreq').locator('summary').click()
    await at('stub-then-rreq-copies').fill('2')
    await at('plan-faults').locator('summary').click()
    await at('plan-add-fault').click()
    await page.locator('[id="stub-then-faults-0-link"]').selectOption('ACS→DS')
    await page.locator('[id="stub-then-faults-0-message"]').selectOption('RReq')
    await at('stub-times').fill('3')
    await at('stub-priority').fill('7')
    const body = JSON.parse((await at('stub-json').textContent()) ?? '') as Members
    const then = {
      transStatus: 'C',
      challenge: { pageDelay: '250ms', ending: { transStatus: 'N', transStatusReason: '19' } },
      rreq: { copies: 2 },
      faults: [{ link: 'ACS→DS', message: 'RReq', fault: { kind: 'status', status: 503 } }],
    }
    expect(body).toEqual({ match: { acctNumber: card }, times: 3, priority: 7, then })
    expect(await at('stub-curl').textContent()).toContain(`-d '${JSON.stringify(body)}'`)
    expect(await at('stub-cli').textContent()).toMatch(/^sekisho stub add .*--times 3 .*--priority 7/s)
    await at('stub-make').click()
    await eventually(async () => (await stubs()).length).toBe(1)
    const [made] = await stubs()
    expect(made).toMatchObject({
      times: 3,
      priority: 7,
      // biome-ignore lint/suspicious/noThenProperty: a member of the API
      then: { transStatus: 'C', challenge: { pageDelay: 250 }, rreq: { copies: 2 } },
    })
    const row = at(`planned-${String(made?.id)}`)
    await eventually(() => row.textContent()).toMatch(
      /400000\*{6}5100.*ends at the first answer.*HTTP 503.*3 of 3 left/s,
    )
    expect(await sendAReq(sekisho, { acctNumber: card })).toMatchObject({ transStatus: 'C' })
    await eventually(() => row.textContent()).toContain('2 of 3 left')
    expect(asked.filter((url) => /\d{13}/.test(url.replace(/[0-9a-f]{32}/g, '')))).toEqual([])
    expect(complaints).toEqual([])
  })

  test('a kind of challenge, what is asked beside, and the steps of a made-up cardholder are made as the form shows them', async () => {
    const { page, at, complaints } = await visit('stubs')
    await at('stub-then-transStatus').selectOption('C')
    await at('plan-challenge').locator('summary').click()
    const kinds = await at('stub-then-challenge-kind')
      .locator('option')
      .evaluateAll((all) => all.map((one) => [one.getAttribute('value'), one.textContent]))
    expect(kinds.slice(1).map(([value]) => value)).toEqual(challengeKinds)
    for (const [value, words] of kinds.slice(1)) expect(words).not.toBe(value)
    await at('stub-then-challenge-kind').selectOption('emailOtp')
    expect(await at('stub-then-challenge-appSeenAfter').isVisible()).toBe(false)
    await at('stub-then-challenge-kind').selectOption('oob')
    await at('stub-then-challenge-appSeenAfter').fill('never')
    await at('stub-then-challenge-prompts').selectOption('trustList')
    for (let step = 0; step < 3; step += 1) await at('plan-add-step').click()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('stub-then-challenge-play-2-do')
    await at('stub-then-challenge-play-1-value').fill('no code')
    await at('plan-step-1').getByRole('button').click()
    await at('stub-then-challenge-play-1-do').selectOption('approve')
    expect(await at('stub-then-challenge-play-1-value').isVisible()).toBe(false)
    const then = {
      transStatus: 'C',
      challenge: {
        kind: 'oob',
        appSeenAfter: 'never',
        prompts: ['trustList'],
        play: [{ do: 'open' }, { do: 'approve', after: '3s' }],
      },
    }
    expect(JSON.parse((await at('stub-json').textContent()) ?? '')).toMatchObject({ then })
    // What is wrong with a step is said at the step, though another one was taken out before it.
    await at('stub-then-challenge-play-1-after').fill('soon')
    await at('stub-make').click()
    await eventually(() => at('stub-then-challenge-play-1-after').getAttribute('aria-invalid')).toBe('true')
    complaints.length = 0 // the browser tells of the 400
    await at('stub-then-challenge-play-1-after').fill('3s')
    await at('stub-make').click()
    await eventually(async () => (await stubs()).length).toBe(2)
    const made = (await stubs()).find((stub) => 'play' in ((stub.then as Members).challenge as Members))
    await eventually(() => at(`planned-${String(made?.id)}`).textContent()).toMatch(
      /confirm in the banking app.*never learns.*trust this shop.*by itself: opens the page → approves in the app after 3s/s,
    )
    await api(sekisho, `/stubs/${String(made?.id)}`, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
    })
    expect(complaints).toEqual([])
  })

  test('what the API refuses is said at its field', async () => {
    const { at, complaints } = await visit('stubs')
    await at('stub-then-transStatus').selectOption('Y')
    await at('stub-then-delay').fill('soon')
    await at('stub-make').click()
    await eventually(() => at('stub-then-delay').getAttribute('aria-invalid')).toBe('true')
    expect(await at('stub-then-delay').evaluate((control) => control === document.activeElement)).toBe(true)
    expect(await stubs()).toHaveLength(1)
    complaints.length = 0 // the browser tells of the 400
  })

  test('all of them go after a question, by keyboard', async () => {
    const { page, at } = await visit('stubs')
    await at('stubs-remove-all').focus()
    await page.keyboard.press('Enter')
    await at('dialog').waitFor()
    await page.keyboard.press('Escape')
    expect(await stubs()).toHaveLength(1)
    await at('stubs-remove-all').click()
    await at('dialog').getByRole('button', { name: 'Delete all' }).click()
    await at('stubs-none').waitFor()
    expect(await stubs()).toEqual([])
  })

  test('a fault is offered only what its link can have, is met, counted and deleted', async () => {
    const { at, complaints } = await visit('faults')
    await at('fault-link').selectOption('ACS→mail')
    const kinds = await at('fault-fault-kind')
      .locator('option')
      .evaluateAll((all) => all.map((one) => one.getAttribute('value')))
    expect(kinds).toEqual(['delay', 'hang', 'drop', 'reset', 'status'])
    await at('fault-link').selectOption('DS→ACS')
    await at('fault-message').selectOption('AReq')
    await at('fault-fault-kind').selectOption('missing')
    await at('fault-fault-element').fill('deviceChannel')
    await at('fault-times').fill('2')
    await at('fault-make').click()
    const rule = async (): Promise<Members | undefined> =>
      ((await api(sekisho, '/faults')).body.faults as Members[]).find(({ link }) => link === 'DS→ACS')
    await eventually(rule).toMatchObject({ message: 'AReq', times: 2, fault: { kind: 'missing' } })
    const row = at(`fault-${String((await rule())?.id)}`)
    await eventually(() => row.textContent()).toMatch(/DS→ACS AReq.*without deviceChannel.*2 of 2/s)
    await expect(sendAReq(sekisho)).rejects.toThrow('deviceChannel')
    await eventually(() => row.textContent()).toContain('1 of 2')
    await row.getByRole('button').click()
    await eventually(() => row.count()).toBe(0)
    expect(await sendAReq(sekisho)).toMatchObject({ messageType: 'ARes' })
    expect(complaints).toEqual([])
  })

  test('a payment shows what was asked for beside the engine’s word, and its cardholder can be played here', async () => {
    await put(
      sekisho,
      '/stubs',
      // biome-ignore lint/suspicious/noThenProperty: a member of the API
      { match: { acctNumber: card }, then: { transStatus: 'C', challenge: { kind: 'smsOtp' } } },
      'POST',
    )
    const { acsTransID } = await sendAReq(sekisho, { acctNumber: card })
    const { page, at, complaints } = seat
    await page.goto(`${sekisho.acs}/console/transactions/${String(acsTransID)}`)
    await eventually(() => at('plan').textContent()).toMatch(/By: Stub.*code by SMS/s)
    expect(await at('engine-word').textContent()).toMatch(/engine by itself/)
    await at('cardholder-open').click()
    await at('cardholder-take').click()
    await eventually(() => at('cardholder-otp').inputValue()).toMatch(/^\d{6}$/)
    await at('cardholder-verify').click()
    await at('result-status').waitFor()
    expect(await at('result-status').textContent()).toContain('Authenticated')
    expect(await at('cardholder-back').textContent()).toContain('cres=')
    const { body } = await api(sekisho, `/transactions/${String(acsTransID)}`)
    expect(body).toMatchObject({ resultStatus: 'Y' })
    await page.goto(`${sekisho.acs}/console/inbox`)
    await at('filter-channel').selectOption('sms')
    await eventually(() => at('inbox').locator('li').count()).toBe(1)
    await at('filter-channel').selectOption('push')
    await at('inbox-none').waitFor()
    expect(complaints).toEqual([])
  })

  test('the cardholder has the buttons of the screen: a choice, another way, what is right, the banking app', async () => {
    const { page, at, complaints } = seat
    const shows = async (ending: string): Promise<Members> => {
      const ares = await sendAReq(sekisho, { acctNumber: `4000007777777${ending}` })
      await page.goto(`${sekisho.acs}/console/transactions/${String(ares.acsTransID)}`)
      await at('cardholder-open').click()
      return ares
    }
    await shows('004')
    await at('cardholder-select-sms').click()
    await at('cardholder-otherWay').click()
    await at('cardholder-select-push').waitFor()
    expect(await at('cardholder-state').textContent()).toContain('where the code is to go')
    await at('cardholder-cancel').click()
    await at('result-status').waitFor()
    await shows('006')
    await at('cardholder-wrong').click()
    await eventually(() => at('cardholder-state').textContent()).toContain('2 tries left')
    await at('cardholder-submit').click()
    await at('result-status').waitFor()
    expect(await at('result-status').textContent()).toContain('Authenticated')
    const { acsTransID } = await shows('007')
    await at('cardholder-continue').click()
    await eventually(() => at('cardholder-state').textContent()).toContain('no answer has reached the page')
    await at('cardholder-approve').click()
    await at('result-status').waitFor()
    expect((await api(sekisho, `/transactions/${String(acsTransID)}`)).body).toMatchObject({ resultStatus: 'Y' })
    expect(complaints).toEqual([])
  })

  test('both pass axe and never scroll sideways, in both languages and themes', { timeout: 240_000 }, async () => {
    // biome-ignore lint/suspicious/noThenProperty: a member of the API
    const stub = { match: { merchantName: 'X'.repeat(40) }, times: 5, then: { transStatus: 'R', delay: '4s' } }
    await put(sekisho, '/stubs', stub, 'POST')
    await put(sekisho, '/faults', { link: 'ACS-DS', fault: { kind: 'drip', delay: '1s' }, probability: 0.5 }, 'POST')
    const openAll = (path: string) =>
      looksOf(browser, sekisho, path, async (page) => {
        await page.locator('.maker').waitFor()
        await page.locator('.maker details').evaluateAll((all) => {
          for (const fold of all) fold.setAttribute('open', '')
        })
      })
    expect([...(await openAll('stubs')), ...(await openAll('faults'))]).toEqual([])
  })
})
