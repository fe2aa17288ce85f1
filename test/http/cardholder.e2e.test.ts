// The same payment in Chromium and by API: the journal of both is the same but for the headers of the browser.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, creqFor, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { cardEnding } from './any-areq.ts'
import { type Challenged, codeOf, put, shown, until, wrongCode } from './support.ts'

describe.runIf(hasChromium)('a challenge in Chromium and one by API', () => {
  let ds: ListeningDs
  let sekisho: Running
  let shop: http.Server
  let origin = ''
  let browser: Browser
  let page: Page
  const returns: string[] = []

  beforeAll(async () => {
    ds = await listeningDs()
    sekisho = await running({ only: ['acs'] }, { clock: manualClock(Date.UTC(2026, 0, 15, 10, 30)) })
    shop = http.createServer((req, res) => {
      const html = (text: string) => res.writeHead(200, { 'content-type': 'text/html' }).end(text)
      if (req.method !== 'POST')
        return html('<title>shop</title><iframe name="challenge" width="400" height="600"></iframe>')
      const chunks: Buffer[] = []
      req.on('data', (chunk: Buffer) => chunks.push(chunk))
      req.on('end', () => {
        returns.push(Buffer.concat(chunks).toString('utf8'))
        html('<title>back</title><p id="back">back</p>')
      })
      return undefined
    })
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
    browser = await launchChromium()
    page = await browser.newPage()
  })
  afterAll(async () => {
    await browser.close()
    shop.closeAllConnections()
    await Promise.all([sekisho.close(), ds.close(), new Promise((resolve) => shop.close(resolve))])
  })

  async function asked(ending: string): Promise<Challenged> {
    const areq = browserAReq({
      acctNumber: cardEnding(ending),
      dsURL: ds.url,
      notificationURL: `${origin}/back`,
      threeDSRequestorChallengeInd: '09',
      acquirerMerchantID: `SAME-${ending}`,
    })
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
    return { areq, ares, acsTransID: String(ares.acsTransID) }
  }

  const does = (challenge: Challenged, action: string, more: Members = {}) =>
    put(sekisho, `/transactions/${challenge.acsTransID}/challenge`, { action, ...more }, 'POST')

  /** As a shop opens it in its frame. */
  async function framed(challenge: Challenged, threeDSSessionData: string): Promise<FrameLocator> {
    await page.goto(origin)
    await page.evaluate(
      ([action = '', creq = '', data = '']) => {
        const form = document.createElement('form')
        Object.assign(form, { method: 'post', action, target: 'challenge' })
        for (const [name, value] of Object.entries({ creq, threeDSSessionData: data })) {
          const input = document.createElement('input')
          Object.assign(input, { name, value })
          form.append(input)
        }
        document.body.append(form)
        form.submit()
      },
      [`${sekisho.acs}/acs/challenge`, creqFor(challenge.ares), threeDSSessionData],
    )
    return page.frameLocator('iframe')
  }

  const back = (frame: FrameLocator): Promise<void> => frame.locator('#back').waitFor()

  /** Its journal and its timeline without what belongs to one run: ids, ports, headers, who it was. */
  async function record(challenge: Challenged): Promise<unknown> {
    const { acsTransID, ares, areq } = challenge
    await until(async () => (await shown(sekisho, acsTransID)).delivery === 'delivered')
    const { messages, timeline } = await shown(sekisho, acsTransID)
    const rows = messages.map((row) => ({ ...row, id: 0, headers: undefined, durationMs: undefined, seen: undefined }))
    const moments = (timeline as readonly Members[]).map(({ kind, detail }) => [
      kind,
      kind === 'CReq' || kind === 'answer' || kind === 'page' ? undefined : detail,
    ])
    const text = JSON.stringify({ rows, moments })
    const ids = { acsTransID, serverTransID: String(ares.threeDSServerTransID), dsTransID: String(areq.dsTransID) }
    const plain = Object.entries(ids).reduce((all, [name, id]) => all.replaceAll(id, name), text)
    // Only a page can tell how something was entered.
    const entered = plain.replaceAll(/,\\?"behaviour\\?":\{[^}]*\}/g, '')
    return JSON.parse(entered.replaceAll(/400000\*+[0-9]{4}/g, 'card')) as unknown
  }

  const withoutIds = (form: string): readonly string[] => [...new URLSearchParams(form).keys()]

  test('a wrong code, then the right one, with the shop trusted', async () => {
    const one = await asked('001')
    const frame = await framed(one, 'b3JkZXI')
    await frame.getByTestId('otp-input').fill(wrongCode(await codeOf(sekisho, one)))
    await frame.getByTestId('submit').click()
    await frame.locator('[data-hint="wrong"]').waitFor()
    await frame.getByTestId('otp-input').fill(await codeOf(sekisho, one))
    await frame.getByTestId('trust-list').check()
    await frame.getByTestId('submit').click()
    await back(frame)

    const other = await asked('001')
    await does(other, 'open', { windowSize: '02', threeDSSessionData: 'b3JkZXI' })
    await does(other, 'wrong')
    expect((await does(other, 'trust')).body).toMatchObject({ returned: { status: 200 } })
    expect(await record(other)).toEqual(await record(one))
    const [first = '', second = ''] = returns.splice(0)
    expect(withoutIds(second)).toEqual(withoutIds(first))
    expect(new URLSearchParams(second).get('threeDSSessionData')).toBe('b3JkZXI')
  })

  test('the banking app: the page polls, and goes back when it has been approved', async () => {
    const one = await asked('007')
    const frame = await framed(one, '')
    await frame.getByTestId('challenge-form').waitFor()
    await does(one, 'approve')
    await back(frame)

    const other = await asked('007')
    await does(other, 'open', { windowSize: '02' })
    expect((await does(other, 'approve')).body).toMatchObject({ returned: { status: 200 } })
    expect(await record(other)).toEqual(await record(one))
    expect(returns.splice(0)).toHaveLength(2)
  })
})
