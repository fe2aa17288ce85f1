// Challenges in the shop's frame: passed, failed, cancelled, and what impatient people do to them.
import { describe, expect, test } from 'vitest'
import {
  acsRecord,
  challenged,
  challengeOf,
  codeFromInbox,
  enter,
  expectChallenged,
  journaled,
  mails,
  otherThan,
  type Person,
  pay,
  person,
  reads,
  resultPage,
  scriptedCard,
  type Town,
} from './support.ts'

const codeOf = async ({ sekisho }: Person, acsTransID: string): Promise<string> =>
  (await mails(sekisho, acsTransID))[0]?.code ?? ''

const passed = { outcome: 'Y', transStatus: 'Y' } as const
const cancelled = { outcome: 'N', transStatus: 'N', reason: '01', cancel: '01' } as const

export const challenge = ({ browser, main, visit }: Town) =>
  describe('with a challenge', () => {
    test.for([
      { size: '01', lang: 'ja', width: 250, height: 400 },
      { size: '02', lang: 'en', width: 390, height: 400 },
      { size: '03', lang: 'ja', width: 500, height: 600 },
      { size: '04', lang: 'en', width: 600, height: 400 },
      { size: '05', lang: 'ja', width: 952, height: 608 },
    ] as const)(
      'is passed in a window of size $size ($lang) with the code from the inbox (FLOW-IFR-1, CHL-TR-6)',
      async ({ size, lang, width, height }, { onTestFinished }) => {
        const someone = await visit(main(), onTestFinished, lang)
        const { frame } = someone
        const acsTransID = await challenged(someone, { card: '4000000000007700', windowSize: size })
        const seen = await frame.locator('html').evaluate(({ ownerDocument, scrollWidth }) => ({
          lang: ownerDocument.documentElement.lang,
          width: window.innerWidth,
          height: window.innerHeight,
          scrollWidth,
        }))
        expect(seen).toEqual({ lang, width, height, scrollWidth: expect.any(Number) })
        expect(seen.scrollWidth).toBeLessThanOrEqual(width)
        expect(await frame.getByTestId('challenge-page').getAttribute('data-window-size')).toBe(size)
        expect(await frame.getByTestId('merchant').textContent()).toBe('Hakone Goods')
        expect(await frame.getByTestId('amount').textContent()).toBe(
          lang === 'ja' ? '¥1,480'.replace('¥', '￥') : '¥1,480',
        )
        expect(await frame.getByTestId('card').textContent()).toBe('•••• 7700')
        for (const part of ['otp-input', 'submit']) {
          const box = await frame.getByTestId(part).boundingBox()
          const around = await someone.at('challenge-frame').boundingBox()
          expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((around?.y ?? 0) + height)
        }
        const isRead = size < '03' // the inbox page looks the same for every size
        const code = isRead ? await codeFromInbox(someone, acsTransID) : await codeOf(someone, acsTransID)
        expect(code).toMatch(/^[0-9]{6}$/)
        await enter(someone, code)
        const { shown, server } = await expectChallenged(someone, { ...passed, counter: '01' })
        expect(shown.title).toBe(lang === 'ja' ? '認証成功 – ご注文を承りました' : 'Authenticated – order placed')
        expect(shown).toMatchObject({ eci: '05', authenticationValue: server.authenticationValue, resultsStatus: '01' })
        expect(server.isReturned).toBe(true)
        expect(someone.complaints).toEqual([])
      },
    )

    test('ends after the third wrong code, and says on the way what is wrong and how many tries are left (CHL-ATT-3, CHL-TR-8)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      const { frame } = someone
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      const wrong = otherThan(await codeOf(someone, acsTransID))
      await reads(frame.getByTestId('tries-left'), 'Tries left: 3')
      expect(await frame.getByTestId('hint').count()).toBe(0)
      await enter(someone, wrong)
      await reads(frame.getByTestId('tries-left'), 'Tries left: 2')
      expect(await frame.getByTestId('hint').textContent()).toBe('That code is not correct. Please try again.')
      expect(await frame.getByTestId('otp-input').inputValue()).toBe('')
      await enter(someone, wrong)
      await reads(frame.getByTestId('tries-left'), 'Tries left: 1')
      await enter(someone, wrong)
      const { shown } = await expectChallenged(someone, {
        outcome: 'N',
        transStatus: 'N',
        reason: '19',
        counter: '03',
      })
      expect(shown['transStatusReason-meaning']).toBe('more challenges than the ACS allows')
      expect(await mails(main(), acsTransID)).toHaveLength(1)
      expect(someone.complaints).toEqual([])
    })

    test('counts no try for an empty answer, and hears a double click once: one verdict, one RReq (CHL-ATT-2, CHL-TR-9, CHL-REP-5)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished, 'ja')
      const { frame } = someone
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      await frame.getByTestId('submit').click() // stopped by the browser: the field is required
      expect(await frame.getByTestId('otp-input').evaluate((input) => input.matches(':invalid:focus'))).toBe(true)
      await enter(someone, '   ')
      await reads(frame.getByTestId('hint'), 'お送りした認証コードをご入力ください。')
      expect(await frame.getByTestId('tries-left').textContent()).toBe('残り3回')
      const code = await codeOf(someone, acsTransID)
      const fullWidth = [...code].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('')
      await frame.getByTestId('otp-input').fill(` ${fullWidth.slice(0, 3)} ${fullWidth.slice(3)}`) // from an input method (SEC-OTP-3)
      await frame.getByTestId('submit').dblclick()
      await expectChallenged(someone, { ...passed, counter: '01' })
      expect(someone.complaints).toEqual([])
    })

    test('goes on after reload and back: no new code, no lost try (FLOW-BRW-4, CHL-REP-2, CHL-REP-6)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      const { page, frame } = someone
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      const code = await codeOf(someone, acsTransID)
      await page.reload()
      expect(await challengeOf(someone)).toBe(acsTransID)
      await enter(someone, otherThan(code))
      await reads(frame.getByTestId('tries-left'), 'Tries left: 2')
      await frame.locator('html').evaluate(() => location.reload()) // the browser sends the wrong code once more
      await reads(frame.getByTestId('hint'), 'That page was out of date and did not count. Enter the latest code.')
      expect(await frame.getByTestId('tries-left').textContent()).toBe('Tries left: 2')
      // The page before is kept by nobody (SEC-CSP-5): the browser offers to send it again, or to go back once more.
      await page.evaluate(() => history.back())
      await frame.getByTestId('challenge-page').waitFor({ state: 'detached' })
      await page.evaluate(() => history.back())
      expect(await challengeOf(someone)).toBe(acsTransID)
      expect(await frame.getByTestId('tries-left').textContent()).toBe('Tries left: 2')
      await enter(someone, code)
      await expectChallenged(someone, { ...passed, counter: '02' })
      expect(await mails(main(), acsTransID)).toHaveLength(1)
      expect(someone.complaints).toEqual([])
    })

    test('may be open in two tabs: what the older page says is not counted, and both come to the result (CHL-REP-6, CHL-REP-8)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      const code = await codeOf(someone, acsTransID)
      const page = await someone.context.newPage()
      const twin: Person = {
        ...someone,
        page,
        at: (testId) => page.getByTestId(testId),
        frame: page.frameLocator('[data-testid="challenge-frame"]'),
      }
      await page.goto(someone.page.url())
      expect(await challengeOf(twin)).toBe(acsTransID)
      await enter(twin, otherThan(code))
      await reads(twin.frame.getByTestId('tries-left'), 'Tries left: 2')
      await enter(someone, otherThan(code))
      await reads(
        someone.frame.getByTestId('hint'),
        'That page was out of date and did not count. Enter the latest code.',
      )
      expect(await someone.frame.getByTestId('tries-left').textContent()).toBe('Tries left: 2')
      await enter(someone, code)
      await expectChallenged(someone, { ...passed, counter: '02' })
      await expectChallenged(twin, { ...passed, counter: '02' })
      expect(await mails(main(), acsTransID)).toHaveLength(1)
      expect(someone.complaints).toEqual([])
    })

    test('follows a soft decline of the authorisation: the shop demands it, and the second authorisation is approved', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      const { page, at } = someone
      await page.goto(`${main().shop}/shop`)
      await at('add-coffee').click()
      await at('to-checkout').click()
      await at('persona-home').check()
      await at('card-4111110000000065').click()
      await at('pay').click() // coffee is let pass; the acquirer says 65
      const acsTransID = await challengeOf(someone)
      await enter(someone, await codeOf(someone, acsTransID))
      const { shown, acs } = await expectChallenged(someone, { ...passed, counter: '01' })
      expect(acs.decidedBy).toBe('engine')
      expect(journaled(acs, 'AReq')[0]).toMatchObject({
        threeDSRequestorChallengeInd: '04',
        threeDSRequestorPriorAuthenticationInfo: { threeDSReqPriorAuthMethod: '01' },
      })
      const steps = await page
        .getByTestId('step')
        .evaluateAll((found) => found.map((step) => step.getAttribute('data-code')))
      expect(steps).toEqual(['Y', '65', 'Y', '00'])
      expect(await at('console-link').getAttribute('href')).toBe(
        `${main().acs}/console/transactions/${shown.acsTransID}`,
      )
      expect(someone.complaints).toEqual([])
    })

    test('is passed without scripts in its frame, by the buttons, also when they are clicked twice (FLOW-BRW-6, CHL-REP-13)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      const { frame } = someone
      const acsTransID = await challenged(someone, { card: scriptedCard('700'), frameWithoutScripts: true })
      expect(await someone.at('challenge-frame').getAttribute('sandbox')).not.toContain('allow-scripts')
      await frame.getByTestId('otp-input').fill(await codeOf(someone, acsTransID))
      await frame.getByTestId('submit').dblclick()
      await frame.getByTestId('auto-post-continue').click()
      await expectChallenged(someone, { ...passed, counter: '01' })
      expect(someone.complaints.filter((text) => !text.includes("the 'allow-scripts' permission is not set"))).toEqual(
        [],
      )
    })

    test('is cancelled in a browser without any script, and the purchase ends by hand (CHL-REP-13)', async ({
      onTestFinished,
    }) => {
      const someone = await person(browser(), main(), { javaScriptEnabled: false })
      onTestFinished(someone.leave)
      const { at, page } = someone
      await pay(someone, { card: scriptedCard('700') })
      await at('continue').click()
      await at('open-challenge').click()
      await page.getByTestId('challenge-page').waitFor() // in the whole window
      const acsTransID = await page.locator('input[name=acsTransID]').inputValue()
      await page.getByTestId('cancel').click()
      await page.getByTestId('auto-post-continue').click()
      const { acs } = await expectChallenged(someone, { ...cancelled, counter: '00' })
      expect(acs.facts.device).toBe('browser') // no 3DS Method without scripts
      expect((await acsRecord(main(), acsTransID)).challenge?.phase).toBe('ended')
      expect(await resultPage(someone)).toMatchObject({ outcome: 'N' })
      expect(someone.complaints).toEqual([])
    })
  })
