// The return of a real browser: the RReq that waits for it leaves when the shop has answered, not before.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { creqFor } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { codeOf, planned, rreqsOf, shown, until } from './support.ts'

describe.runIf(hasChromium)('in a browser', () => {
  let ds: ListeningDs
  let sekisho: Running
  let shop: http.Server
  let answerShop = (): void => {}
  let returns = 0

  beforeAll(async () => {
    ds = await listeningDs()
    sekisho = await running({ only: ['acs'] }, { clock: manualClock(Date.UTC(2026, 0, 15, 10, 30)) })
    shop = http.createServer((req, res) => {
      const html = (text: string) => res.writeHead(200, { 'content-type': 'text/html' }).end(text)
      if (req.method !== 'POST')
        return html('<title>shop</title><iframe name="challenge" width="400" height="600"></iframe>')
      returns += 1
      answerShop = () => html('<title>back</title><p id="back">back</p>')
      return undefined
    })
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    shop.closeAllConnections()
    await Promise.all([sekisho.close(), ds.close(), new Promise((resolve) => shop.close(resolve))])
  })

  test('an RReq that follows the return leaves when the frame has gone on to the page of the shop', async () => {
    const origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
    const plan = { rreq: { when: 'afterReturn' } }
    const challenge = await planned(sekisho, ds, plan, { notificationURL: `${origin}/back` })
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(origin)
      await page.evaluate(
        ([action, creq]) => {
          const form = document.createElement('form')
          Object.assign(form, { method: 'post', action, target: 'challenge' })
          const input = document.createElement('input')
          Object.assign(input, { name: 'creq', value: creq })
          form.append(input)
          document.body.append(form)
          form.submit()
        },
        [`${sekisho.acs}/acs/challenge`, creqFor(challenge.ares)],
      )
      const frame = page.frameLocator('iframe')
      await frame.getByTestId('otp-input').waitFor()
      await frame.getByTestId('otp-input').fill(await codeOf(sekisho, challenge))
      await frame.getByTestId('submit').click()
      await until(() => returns === 1)
      const waiting = await shown(sekisho, challenge.acsTransID)
      expect(waiting).toMatchObject({ resultStatus: 'Y', delivery: 'pending' })
      expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
      answerShop()
      await frame.locator('#back').waitFor()
      await until(async () => (await shown(sekisho, challenge.acsTransID)).delivery === 'delivered')
      expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(1)
    } finally {
      await browser.close()
    }
  })
})
