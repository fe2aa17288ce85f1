// What the challenge needs of people and browsers, and what it leaves behind in them.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { seriousViolations } from '../support/axe.ts'
import {
  challenged,
  enter,
  expectChallenged,
  mails,
  otherThan,
  pay,
  reads,
  scriptedCard,
  type Town,
} from './support.ts'

export const access = ({ visit, main }: Town) =>
  describe('seen from the browser, a challenge', () => {
    test('is passed with the keyboard alone: every stop shows its focus, Enter sends the code (CHL-UI-16)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      const { page, frame } = someone
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      const [mail] = await mails(main(), acsTransID)
      /** The test id of what has the focus, and whether that can be seen. */
      const stop = async () => {
        const isInFrame = await page.evaluate(() => document.activeElement instanceof HTMLIFrameElement)
        return (isInFrame ? frame.locator('html') : page.locator('html')).evaluate(({ ownerDocument }) => {
          const element = ownerDocument.activeElement ?? ownerDocument.body
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
          const isSeen = (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none'
          return `${element.closest('[data-testid]')?.getAttribute('data-testid')}${isSeen ? '' : ' (focus not seen)'}`
        })
      }

      const isAt = (stopName: string): Promise<void> =>
        vi.waitFor(async () => expect(await stop()).toBe(stopName), { timeout: 10_000, interval: 100 })
      const walk = async (key: string, stops: readonly string[]): Promise<void> => {
        for (const stopName of stops) {
          await page.keyboard.press(key)
          await isAt(stopName)
        }
      }

      const inFrame = ['otp-input', 'submit', 'resend', 'cancel', 'help', 'why']
      await isAt('otp-input') // at once, without a key
      await walk('Tab', [...inFrame.slice(1), 'give-up'])
      await walk('Shift+Tab', [...inFrame.toReversed(), 'inbox'])
      await walk('Tab', ['otp-input'])
      await page.keyboard.type(mail?.code ?? '')
      await page.keyboard.press('Enter')
      await expectChallenged(someone, { outcome: 'Y', transStatus: 'Y', counter: '01' })
    })

    test('tells a screen reader what is wanted and what went wrong, and is cancelled by the cardholder (CHL-UI-16, CHL-CAN-3, CHL-TR-14)', async ({
      onTestFinished,
    }) => {
      const hint = '認証コードが正しくありません。もう一度ご入力ください。'
      const someone = await visit(main(), onTestFinished, 'ja')
      const { page, at, frame } = someone
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      expect(await at('challenge-frame').getAttribute('title')).toBe('カード会社の画面')
      expect(await page.locator('html').getAttribute('lang')).toBe('ja')
      expect(await frame.locator('html').getAttribute('lang')).toBe('ja')
      expect(await frame.getByRole('heading', { level: 1 }).count()).toBe(1)
      const [mail] = await mails(main(), acsTransID)
      await enter(someone, otherThan(mail?.code ?? ''))
      await reads(frame.getByRole('alert'), hint)
      const input = frame.getByRole('textbox', { name: '認証コード' })
      expect(await input.getAttribute('aria-invalid')).toBe('true')
      expect(await input.getAttribute('autocomplete')).toBe('one-time-code')
      const described = await input.evaluate((element) =>
        (element.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .map((id) => element.ownerDocument.getElementById(id)?.textContent ?? `#${id} is missing`),
      )
      expect(described).toEqual([hint, await frame.getByTestId('instruction').textContent(), '残り2回'])
      for (const name of ['認証する', 'コードを再送する', 'キャンセル'])
        expect(await frame.getByRole('button', { name, exact: true }).count()).toBe(1)
      expect(await seriousViolations(page)).toEqual([])
      await frame.getByTestId('cancel').click()
      const { shown } = await expectChallenged(someone, {
        outcome: 'N',
        transStatus: 'N',
        reason: '01',
        cancel: '01',
        counter: '01',
      })
      expect(shown['transStatusReason-meaning']).toBe('カード認証に失敗')
      expect(await seriousViolations(page)).toEqual([])
      expect(someone.complaints).toEqual([])
    })

    test('sets no cookie, needs none of third parties, and tells the page around it nothing (FLOW-S-6)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      const { context, page, at, frame, told, complaints } = someone
      const { acs } = main()
      await page.goto(acs)
      await at('link-inbox').click()
      await at('inbox-page').waitFor()
      expect(await seriousViolations(page)).toEqual([])
      await pay(someone, { card: scriptedCard('700'), cart: { umbrella: 1 } })
      await frame.getByTestId('challenge-page').waitFor()
      const acsTransID = await frame.locator('input[name=acsTransID]').inputValue()
      const [mail] = await mails(main(), acsTransID)
      await enter(someone, otherThan(mail?.code ?? ''))
      await reads(frame.getByTestId('tries-left'), 'Tries left: 2')
      await enter(someone, mail?.code ?? '')
      await expectChallenged(someone, { outcome: 'Y', transStatus: 'Y', counter: '02' })
      expect(await context.cookies()).toEqual([])
      expect(told).toEqual([])
      expect(complaints).toEqual([])

      // The proof that both would have been noticed: a frame of the ACS's site that does what it must not.
      const control = http.createServer((req, res) => {
        res.setHeader('content-type', 'text/html')
        if (req.url === '/shop') return res.end(`<!DOCTYPE html><title>-</title><iframe src="${address}"></iframe>`)
        if (req.url !== '/') return res.end() // an icon
        res.setHeader('set-cookie', 'control=1; SameSite=None; Secure')
        return res.end('<!DOCTYPE html><title>control</title><script>parent.postMessage("hello", "*")</script>')
      })
      await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => {
        control.closeAllConnections()
        control.close()
      })
      const { port } = control.address() as AddressInfo
      const address = `http://localhost:${port}`
      await page.goto(`http://127.0.0.1:${port}/shop`)
      await vi.waitFor(() => expect(told).toEqual([`${address}: "hello"`]), { timeout: 15_000, interval: 150 })
      expect(await context.cookies()).toEqual([]) // this browser refuses third-party cookies
      await page.goto(address)
      expect(await context.cookies()).toMatchObject([{ name: 'control' }]) // and takes those of the page itself
      await context.clearCookies()
    })
  })
