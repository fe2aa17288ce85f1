// Purchases in which time passes, messages are held up, or the browser never comes back.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import type { Running } from '../support/running.ts'
import {
  acsRecord,
  challenged,
  enter,
  expectChallenged,
  house,
  journaled,
  mails,
  type Person,
  pay,
  reads,
  resultPage,
  scriptedCard,
  serverStatus,
  type Town,
} from './support.ts'

const notification = '**/3ds-server/challenge-notification'
const passed = { outcome: 'Y', transStatus: 'Y', counter: '01' } as const

/** Between the ACS and the DS: lets messages through, or breaks the connection of every RReq. */
async function road(): Promise<{
  readonly url: string
  target: string
  isBlocked: boolean
  readonly rreqs: () => number
  close(): void
}> {
  let rreqs = 0
  const server = http.createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    if (req.url === '/ds/rreq' && way.isBlocked) {
      req.socket.destroy()
      return
    }
    if (req.url === '/ds/rreq') rreqs += 1
    const answer = await fetch(`${way.target}${req.url}`, {
      method: 'POST',
      headers: { 'content-type': req.headers['content-type'] ?? '' },
      body: Buffer.concat(chunks),
    })
    res.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    res.end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const way = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    isBlocked: false,
    rreqs: () => rreqs,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return way
}

export const time = ({ visit }: Town) =>
  describe('in which time passes', () => {
    /** A person before a Sekisho whose clock only the test moves. */
    async function timeless(
      onTestFinished: (work: () => Promise<void>) => void,
      more: { readonly returnWithinMs?: number; readonly settings?: Parameters<typeof house>[0] } = {},
    ): Promise<Person & { readonly clock: ManualClock }> {
      const { returnWithinMs = 300 } = more
      const clock = manualClock(Date.now())
      const sekisho = await house(more.settings, { clock, shop: { returnWithinMs } })
      onTestFinished(sekisho.close)
      const someone = await visit(sekisho, onTestFinished)
      return { ...someone, clock }
    }

    const settled = ({ sekisho }: { readonly sekisho: Running }, threeDSServerTransID: string): Promise<void> =>
      vi.waitFor(async () => expect((await serverStatus(sekisho, threeDSServerTransID)).phase).toBe('settled'), {
        timeout: 15_000,
      })

    const serverIdOf = async ({ sekisho }: Person, acsTransID: string): Promise<string> =>
      String(journaled(await acsRecord(sekisho, acsTransID), 'AReq')[0]?.threeDSServerTransID)

    test('a CReq that never comes ends the challenge after 30 s: N, reason 14, cancel 05 (CHL-TMR-1, CHL-TR-5)', async ({
      onTestFinished,
    }) => {
      const someone = await timeless(onTestFinished)
      const { page, clock, sekisho } = someone
      await page.route('**/acs/challenge', (route) => route.abort())
      await pay(someone, { card: scriptedCard('700') })
      await page.waitForURL('**/challenge')
      clock.advance(29_999)
      const [waiting] = await transactions(sekisho)
      expect(waiting).toMatchObject({ transStatus: 'C' })
      expect(waiting?.resultStatus).toBeUndefined()
      clock.advance(1)
      const { shown } = await expectChallenged(someone, {
        outcome: 'N',
        transStatus: 'N',
        reason: '14',
        cancel: '05',
        counter: '00',
      })
      expect(shown['transStatusReason-meaning']).toBe('timed out at the ACS')
      expect(await mails(sekisho, shown.acsTransID ?? '')).toEqual([])
    })

    test('a shop that gives up before the challenge tells the ACS so with resultsStatus 02 (FLOW-BRW-9, FLOW-S-3)', async ({
      onTestFinished,
    }) => {
      const someone = await timeless(onTestFinished)
      await pay(someone, { card: scriptedCard('700'), skipsChallenge: true })
      const before = await resultPage(someone)
      expect(before).toMatchObject({ outcome: 'gaveUp', title: 'Purchase cancelled' })
      someone.clock.advance(30_000)
      await vi.waitFor(
        async () =>
          expect(await acsRecord(someone.sekisho, before.acsTransID ?? '')).toMatchObject({ delivery: 'delivered' }),
        { timeout: 15_000, interval: 150 },
      )
      await someone.page.reload()
      const { acs } = await expectChallenged(someone, {
        outcome: 'gaveUp',
        transStatus: 'N',
        reason: '14',
        cancel: '05',
        counter: '00',
      })
      expect(journaled(acs, 'RRes')).toMatchObject([{ resultsStatus: '02' }])
      expect(someone.complaints).toEqual([])
    })

    test('a cardholder who does nothing for ten minutes is sent back to the shop: N, reason 14, cancel 04 (CHL-TMR-3, CHL-TR-15)', async ({
      onTestFinished,
    }) => {
      const someone = await timeless(onTestFinished)
      await challenged(someone, { card: scriptedCard('700') })
      someone.clock.advance(600_000)
      const { server } = await expectChallenged(someone, {
        outcome: 'N',
        transStatus: 'N',
        reason: '14',
        cancel: '04',
        counter: '00',
      })
      expect(server.isReturned).toBe(false)
      expect(someone.complaints).toEqual([])
    })

    test('a code that is entered after the end brings the browser back with N, not with Y (CHL-SM-5)', async ({
      onTestFinished,
    }) => {
      const someone = await timeless(onTestFinished, { returnWithinMs: 60_000 })
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      const [mail] = await mails(someone.sekisho, acsTransID)
      someone.clock.advance(600_000)
      await settled(someone, await serverIdOf(someone, acsTransID))
      await enter(someone, mail?.code ?? '')
      const ending = { outcome: 'N', transStatus: 'N', reason: '14', cancel: '04', counter: '00' }
      const { server } = await expectChallenged(someone, ending)
      expect(server.isReturned).toBe(true)
      expect(someone.complaints).toEqual([])
    })

    test('a challenge page that is still open at the end of its time goes back to the shop by itself (CHL-TMR-3)', async ({
      onTestFinished,
    }) => {
      const sekisho = await house({}, { limits: { answerWithinMs: 3_000 }, shop: { returnWithinMs: 60_000 } })
      onTestFinished(sekisho.close)
      const someone = await visit(sekisho, onTestFinished)
      await challenged(someone, { card: scriptedCard('700') })
      const ending = { outcome: 'N', transStatus: 'N', reason: '14', cancel: '04', counter: '00' }
      const { server } = await expectChallenged(someone, ending)
      expect(server.isReturned).toBe(true)
      expect(someone.complaints).toEqual([])
    })

    test('a new code is sent after half a minute, not before; the old one is void, and an old page too (CHL-RSD-2, CHL-RSD-3)', async ({
      onTestFinished,
    }) => {
      const someone = await timeless(onTestFinished, { returnWithinMs: 4_000 })
      const { frame, clock, sekisho } = someone
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      const [first] = await mails(sekisho, acsTransID)
      clock.advance(29_999)
      await frame.getByTestId('resend').click()
      await reads(frame.getByTestId('hint'), 'We sent a code a moment ago. Wait a little before asking again.')
      expect(await mails(sekisho, acsTransID)).toHaveLength(1)
      clock.advance(1)
      await frame.getByTestId('resend').click()
      await reads(frame.getByTestId('hint'), 'We sent a new code. Earlier codes no longer work.')
      const [second, ...before] = await mails(sekisho, acsTransID)
      expect(before).toEqual([first])
      expect(second?.code).not.toBe(first?.code)
      expect(await frame.getByTestId('tries-left').textContent()).toBe('Tries left: 3')
      await enter(someone, first?.code ?? '')
      await reads(frame.getByTestId('hint'), 'That code is not correct. Please try again.')
      clock.advance(300_001)
      await enter(someone, second?.code ?? '')
      await reads(frame.getByTestId('hint'), 'That code has expired. Ask for a new one.')
      expect(await frame.getByTestId('tries-left').textContent()).toBe('Tries left: 1')
      await frame.getByTestId('resend').click()
      await reads(frame.getByTestId('hint'), 'We sent a new code. Earlier codes no longer work.')
      const [third] = await mails(sekisho, acsTransID)
      await enter(someone, third?.code ?? '')
      const { acs } = await expectChallenged(someone, { ...passed, counter: '03' })
      expect(journaled(acs, 'RReq')[0]).toMatchObject({ transStatus: 'Y' })
      expect(someone.complaints).toEqual([])
    })

    test('the result counts, not the way back: the shop waits for the browser, then shows it (FLOW-BRW-8)', async ({
      onTestFinished,
    }) => {
      const someone = await timeless(onTestFinished, { returnWithinMs: 60_000 })
      const { page, sekisho } = someone
      let letThrough = (): void => {}
      const held = new Promise<void>((resolve) => {
        letThrough = resolve
      })
      await page.route(notification, async (route) => {
        await held
        await route.continue()
      })
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      const [mail] = await mails(sekisho, acsTransID)
      await enter(someone, mail?.code ?? '')
      const id = await serverIdOf(someone, acsTransID)
      await settled(someone, id)
      expect(await serverStatus(sekisho, id)).toMatchObject({ transStatus: 'Y', isReturned: false })
      expect(new URL(page.url()).pathname).toMatch(/\/challenge$/)
      letThrough()
      const { server } = await expectChallenged(someone, passed)
      expect(server.isReturned).toBe(true)
      expect(someone.complaints).toEqual([])
    })

    test('a browser that never comes back does not keep the result from the shop (FLOW-S-5)', async ({
      onTestFinished,
    }) => {
      const someone = await timeless(onTestFinished)
      await someone.page.route(notification, (route) => route.abort())
      const acsTransID = await challenged(someone, { card: scriptedCard('700') })
      const [mail] = await mails(someone.sekisho, acsTransID)
      await enter(someone, mail?.code ?? '')
      const { server } = await expectChallenged(someone, passed)
      expect(server.isReturned).toBe(false)
    })

    test('an RReq that comes after the browser is waited for; one that never comes is no authentication (FLOW-S-5, RES-RR-3)', async ({
      onTestFinished,
    }) => {
      const way = await road()
      const someone = await timeless(onTestFinished, { settings: { dsUrl: `${way.url}/ds` } })
      onTestFinished(async () => way.close())
      way.target = someone.sekisho.acs
      const { page, at, clock, sekisho } = someone

      const answered = async (): Promise<string> => {
        const acsTransID = await challenged(someone, { card: scriptedCard('700') })
        const [mail] = await mails(sekisho, acsTransID)
        way.isBlocked = true
        await enter(someone, mail?.code ?? '')
        await page.waitForSelector('[data-testid="result"][data-outcome="waiting"]')
        expect(await at('result-title').textContent()).toBe('Waiting for the issuer’s result')
        expect(await acsRecord(sekisho, acsTransID)).toMatchObject({ resultStatus: 'Y', delivery: 'pending' })
        return acsTransID
      }

      await answered()
      way.isBlocked = false
      clock.advance(10_000)
      const shown = await resultPage(someone)
      expect(shown).toMatchObject({ outcome: 'Y', transStatus: 'Y', resultsStatus: '01' })
      expect(way.rreqs()).toBe(1)
      expect(await acsRecord(sekisho, shown.acsTransID ?? '')).toMatchObject({
        resultStatus: 'Y',
        delivery: 'delivered',
      })

      const lost = await answered()
      clock.advance(30_001)
      const ending = await resultPage(someone)
      expect(ending).toMatchObject({ outcome: 'noResult', title: 'Not authenticated: no result received' })
      expect(ending.transStatus).toBeUndefined()
      expect(ending.authenticationValue).toBeUndefined()
      expect(way.rreqs()).toBe(1)
      expect(await serverStatus(sekisho, await serverIdOf(someone, lost))).toMatchObject({ settledBy: 'noResult' })
      expect(someone.complaints).toEqual([])
    })
  })

interface Row {
  readonly transStatus: string
  readonly resultStatus?: string
}

async function transactions({ acs }: Running): Promise<readonly Row[]> {
  const answer = await fetch(`${acs}/api/v1/transactions`)
  return ((await answer.json()) as { transactions: readonly Row[] }).transactions
}
