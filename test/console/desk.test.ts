// The issuer's desk of the console: what waits for a banking app comes by itself, and is answered there.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asked, cardEnding } from '../bank/support.ts'
import { areqOf } from '../http/any-areq.ts'
import { api, put, rreqsOf, until } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { desk } from './support.ts'

describe.skipIf(!hasChromium)('the issuer desk', () => {
  let ds: ListeningDs
  let sekisho: Running
  let browser: Browser
  beforeAll(async () => {
    ds = await listeningDs()
    sekisho = await running({ only: ['acs'], clock: 'frozen' })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all([sekisho.close(), ds.close()])
  })

  const decoupled = async (maxTime: string, change: Members = {}): Promise<string> => {
    const areq = areqOf('browser-220', {
      acctNumber: cardEnding('802'),
      dsURL: ds.url,
      threeDSRequestorDecReqInd: 'Y',
      threeDSRequestorDecMaxTime: maxTime,
      ...change,
    })
    return String((await post(`${sekisho.acs}/acs/areq`, areq)).body.acsTransID)
  }
  const rreqOf = async (acsTransID: string): Promise<Members> => {
    await until(() => rreqsOf(ds, acsTransID).length > 0)
    return rreqsOf(ds, acsTransID)[0] ?? {}
  }

  test('fills and empties by itself, approves and refuses, and ends what nobody answers', async () => {
    const { page, at, complaints, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/desk`)
    await at('desk-none').waitFor()
    const { acsTransID: first } = await asked(sekisho, ds, '008', { merchantName: 'Hakone Goods' })
    await at(`waits-${first}`).waitFor()
    const { body } = await api(sekisho, `/approvals/${first}`)
    expect(await at(`number-${first}`).textContent()).toContain((body.match as { shown: string }).shown)
    expect(await at(`left-${first}`).textContent()).toBe('10 min 00 s')
    await at(`approve-${first}`).click()
    expect(await rreqOf(first)).toMatchObject({ transStatus: 'Y' })
    await expect.poll(() => at(`done-${first}`).textContent()).toContain('approved')
    await at('desk-none').waitFor()

    const { acsTransID: second } = await asked(sekisho, ds, '007')
    await at(`refuse-${second}`).click()
    expect(await rreqOf(second)).toMatchObject({ transStatus: 'N', transStatusReason: '01' })

    const third = await decoupled('10080')
    await at(`expire-${third}`).click()
    expect(await rreqOf(third)).toMatchObject({ transStatus: 'U', transStatusReason: '24', challengeCancel: '03' })
    await at('desk-none').waitFor()
    expect(complaints).toEqual([])
    await leave()
  })

  test('tells the time that is left by the clock of the tenant', async () => {
    const acsTransID = await decoupled('10080')
    const { page, at, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/desk`)
    await expect.poll(() => at(`left-${acsTransID}`).textContent()).toBe('7 days')
    await put(sekisho, '/clock', { advance: '156h' }, 'POST')
    await page.reload()
    await expect.poll(() => at(`left-${acsTransID}`).textContent()).toBe('12 h 0 min')
    await put(sekisho, '/clock', { advance: '12h' }, 'POST')
    expect(await rreqOf(acsTransID)).toMatchObject({ transStatus: 'U', challengeCancel: '03' })
    await at(`waits-${acsTransID}`).waitFor({ state: 'detached' })
    await leave()
  })

  test('asks what the cardholder would be asked, nothing ticked beforehand, and leads to card, phone and transaction (CHL-TL-1)', async () => {
    const { acsTransID } = await asked(sekisho, ds, '007', {
      ...areqOf('browser-231', { dsURL: ds.url }),
      acctNumber: cardEnding('007'),
      threeDSRequestorChallengeInd: ['09'],
      acquirerMerchantID: 'TRUSTED-2',
    })
    const { page, at, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/desk`)
    await at(`waits-${acsTransID}`).waitFor()
    expect(await at(`trustList-${acsTransID}`).isChecked()).toBe(false)
    expect(await at(`phone-of-${acsTransID}`).getAttribute('href')).toBe(`/bank/approvals/${acsTransID}`)
    expect(await at(`transaction-of-${acsTransID}`).getAttribute('href')).toBe(`/console/transactions/${acsTransID}`)
    await at(`trustList-${acsTransID}`).check()
    await at(`approve-${acsTransID}`).click()
    expect(await rreqOf(acsTransID)).toMatchObject({ transStatus: 'Y' })
    const { card } = (await api(sekisho, `/approvals/${acsTransID}`)).body
    expect((await api(sekisho, `/cards/${String(card)}`)).body).toMatchObject({
      trusts: [{ acquirerMerchantID: 'TRUSTED-2' }],
    })
    await leave()
  })

  test('passes axe and never scrolls sideways, in both languages and themes', { timeout: 120_000 }, async () => {
    const { acsTransID } = await asked(sekisho, ds, '008', {
      merchantName: 'Donaudampfschifffahrtsgesellschaft',
      purchaseAmount: '123456789012',
    })
    await decoupled('00010', { acctNumber: cardEnding('800') })
    const wrong = await looksOf(browser, sekisho, 'desk', (page) => page.getByTestId(`approve-${acsTransID}`).waitFor())
    expect(wrong).toEqual([])
  })
})
