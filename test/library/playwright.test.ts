// The challenge in a real browser, bare, in frames of frames, and in a window of its own.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { PaymentState, Sekisho } from '../../src/library.ts'
import { startSekisho, usualPurchase } from '../../src/library.ts'
import { findChallenge, solveChallenge } from '../../src/playwright/playwright.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'

describe.skipIf(!hasChromium)('solveChallenge', () => {
  let sekisho: Sekisho
  let browser: Browser
  let shop: Server
  let shopUrl = ''
  let page: Page

  beforeAll(async () => {
    sekisho = await startSekisho()
    browser = await launchChromium()
    // A shop that frames as often as it is asked to: /frame?n=2&form=…
    shop = createServer((req, res) => {
      const { searchParams } = new URL(req.url ?? '/', 'http://shop.test')
      const depth = Number(searchParams.get('n'))
      const form = searchParams.get('form') ?? ''
      const target = searchParams.get('target') ?? '_self'
      const { acsURL = '', creq = '' }: { acsURL?: string; creq?: string } = form === '' ? {} : JSON.parse(form)
      const inner = `/?${new URLSearchParams({ n: String(depth - 1), form })}`.replaceAll('&', '&amp;')
      const body =
        depth > 0
          ? `<iframe name="frame${depth}" width="600" height="700" src="${inner}"></iframe>`
          : `<form id="go" method="post" target="${target}" action="${acsURL}"><input type="hidden" name="creq" value="${creq}"><button>Pay</button></form>${
              target === '_self' ? '<script>document.getElementById("go").submit()</script>' : ''
            }`
      res.setHeader('content-type', 'text/html; charset=utf-8')
      res.end(`<!DOCTYPE html><html lang="en"><title>Shop</title><body><h1>Shop</h1>${body}</body></html>`)
    })
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  })
  afterEach(() => page.context().close())
  afterAll(async () => {
    await browser.close()
    shop.close()
    await sekisho.close()
  })

  async function ask(areq: object = {}): Promise<PaymentState> {
    const response = await fetch(`${sekisho.urls.threeDSServer}/authenticate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ areq: { ...usualPurchase, ...areq } }),
    })
    return (await response.json()) as PaymentState
  }
  const stateOf = async ({ threeDSServerTransID }: PaymentState): Promise<PaymentState> =>
    (await (await fetch(`${sekisho.urls.threeDSServer}/transactions/${threeDSServerTransID}`)).json()) as PaymentState

  async function open(depth: number, target = '_self', areq: object = {}): Promise<PaymentState> {
    const answer = await ask(areq)
    const form = JSON.stringify({ acsURL: answer.acsURL, creq: answer.creq })
    page = await (await browser.newContext()).newPage()
    await page.goto(`${shopUrl}/?${new URLSearchParams({ n: String(depth), form, target })}`)
    return answer
  }

  test.each([0, 1, 3])('types the code of the inbox into a page within %i frames', async (depth) => {
    const answer = await open(depth)
    const solved = await solveChallenge(page, { client: sekisho.client })
    expect(solved).toEqual({ acsTransID: answer.acsTransID, wrong: 0, state: 'ended', hint: undefined })
    expect(await stateOf(answer)).toMatchObject({ phase: 'settled', transStatus: 'Y' })
  })

  test('finds it in a window that the shop has opened, and asks the Sekisho that it comes from', async () => {
    const answer = await open(0, '_blank')
    await page.getByRole('button').click()
    expect(await solveChallenge(page)).toMatchObject({ state: 'ended' })
    expect(await stateOf(answer)).toMatchObject({ transStatus: 'Y' })
  })

  test('types wrong codes first, and says what the page says of them', async () => {
    const answer = await open(1)
    expect(await solveChallenge(page, { code: '000' })).toMatchObject({ state: 'open', hint: 'wrong' })
    expect(await solveChallenge(page, { wrong: 1 })).toMatchObject({ state: 'ended', wrong: 1 })
    expect(await stateOf(answer)).toMatchObject({ transStatus: 'Y' })
  })

  test('fails: three wrong codes end the challenge', async () => {
    const answer = await open(1)
    expect(await solveChallenge(page, { client: sekisho.client, wrong: 3 })).toMatchObject({ state: 'ended', wrong: 3 })
    expect(await stateOf(answer)).toMatchObject({ transStatus: 'N', transStatusReason: '19' })
  })

  test('cancels, and asks for a new code', async () => {
    const cancelled = await open(3)
    expect(await solveChallenge(page, { action: 'cancel' })).toMatchObject({ state: 'ended' })
    expect(await stateOf(cancelled)).toMatchObject({ transStatus: 'N', challengeCancel: '01' })
    await page.context().close()

    const resent = await open(1)
    await findChallenge(page)
    await sekisho.client.clock.advance('31s') // codes are sent so far apart
    expect(await solveChallenge(page, { action: 'resend' })).toMatchObject({ state: 'ended' })
    expect(await stateOf(resent)).toMatchObject({ transStatus: 'Y' })
    const { messages } = await sekisho.client.api.listInbox({ query: { acsTransID: resent.acsTransID } })
    expect(messages).toHaveLength(2)
  })

  test.each([
    ['005', 'a question'],
    ['006', 'pictures'],
    ['008', 'the banking app with a number'],
    ['009', 'a password and a code'],
    ['010', 'something to read, then a code'],
  ])('goes through every screen: %s, %s', async (ending) => {
    const answer = await open(1, '_self', { acctNumber: `4000000000007${ending}` })
    const { client } = sekisho
    expect(await solveChallenge(page, { client })).toMatchObject({ state: 'ended', hint: undefined })
    expect(await stateOf(answer)).toMatchObject({ phase: 'settled', transStatus: 'Y' })
  })

  test('answers wrongly first, selects what it is told, ticks the box, and refuses', async () => {
    const areq = { acctNumber: '4000000000007004', threeDSRequestorChallengeInd: '09' }
    const chosen = await open(1, '_self', areq)
    const selected = ['push'] as const
    expect(await solveChallenge(page, { selected, wrong: 1, trustList: true })).toMatchObject({
      state: 'ended',
      wrong: 1,
    })
    const { messages } = await sekisho.client.api.listInbox({ query: { acsTransID: chosen.acsTransID } })
    expect(messages).toMatchObject([{ channel: 'push' }])
    const { entries } = await sekisho.client.journal.search({ acsTransID: chosen.acsTransID, messageType: 'RReq' })
    expect(JSON.stringify(entries)).toContain('"trustListStatus":"Y"')
    await page.context().close()
    const refused = await open(1, '_self', { acctNumber: '4000000000007007' })
    expect(await solveChallenge(page, { action: 'refuse' })).toMatchObject({ state: 'ended' })
    expect(await stateOf(refused)).toMatchObject({ transStatus: 'N' })
  })

  test('waits for a code that is late as long as for the page', async () => {
    await sekisho.client.faults.add('ACS→mail', { kind: 'delay', delay: '5500ms' })
    await open(1)
    expect(await solveChallenge(page, { client: sekisho.client })).toMatchObject({ state: 'ended' })
  })

  test('says where it has looked when there is none', async () => {
    page = await (await browser.newContext()).newPage()
    await page.goto(`${shopUrl}/?n=0&target=_blank`)
    await expect(solveChallenge(page, { timeout: 200 })).rejects.toThrow(
      `no challenge page within 200 ms in ${shopUrl}/`,
    )
  })
})
