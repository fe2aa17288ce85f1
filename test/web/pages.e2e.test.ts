// Every page in a real browser. Pictures are written when SEKISHO_SCREENSHOTS names a directory.
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { methodDataOf } from '../../src/http/method-data.ts'
import { renderChallengePage } from '../../src/http/views/challenge.ts'
import { renderInboxPage } from '../../src/http/views/inbox.ts'
import { renderMethodPage } from '../../src/http/views/method.ts'
import { renderResultPage } from '../../src/http/views/result.ts'
import { behaviourOf } from '../../src/risk/behaviour.ts'
import { framedPageHeaders, topLevelPageHeaders } from '../../src/web/security-headers.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { challengeView, languages, methodView, pages, resultView } from './fixtures.ts'

const shots = process.env.SEKISHO_SCREENSHOTS
if (shots !== undefined) mkdirSync(shots, { recursive: true })

const sizes = [
  [250, 400],
  [390, 400],
  [500, 600],
  [600, 400],
  [1024, 768],
  [400, 250],
] as const
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Post {
  readonly path: string
  readonly body: string
  readonly origin: string | undefined
}

interface Site {
  readonly origin: string
  readonly posts: Post[]
  close(): Promise<unknown>
}

type Answer = { readonly headers?: Readonly<Record<string, string>>; readonly html: string } | 'never'

async function site(host: string, answer: (path: string, request: IncomingMessage) => Answer): Promise<Site> {
  const posts: Post[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? '/'
      const body = Buffer.concat(chunks).toString()
      if (request.method === 'POST') posts.push({ path, body, origin: request.headers.origin })
      const reply = answer(path, request)
      if (reply === 'never') return
      response.writeHead(200, { ...reply.headers, 'content-type': 'text/html; charset=UTF-8' })
      response.end(reply.html)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { origin: `http://${host === '127.0.0.1' ? host : 'localhost'}:${port}`, posts, close }
}

const fields = (post: Post | undefined) => Object.fromEntries(new URLSearchParams(post?.body))
const until = (condition: () => boolean) => expect.poll(condition, { timeout: 8000, interval: 20 }).toBe(true)

describe.runIf(hasChromium)('pages in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  /** Opens a page and collects what the browser complains about, such as a refusal by the Content-Security-Policy. */
  async function open(url: string, options: { readonly javaScriptEnabled?: boolean } = {}) {
    const context = await browser.newContext({ ...options, viewport: { width: 390, height: 400 } })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(url)
    return { page, complaints, close: () => context.close() }
  }

  describe.each(languages)('in %s', (lang) => {
    let acs: Site
    beforeAll(async () => {
      acs = await site('localhost', (path) => {
        const name = path.slice(1)
        const topLevel = name.startsWith('home') || name.startsWith('inbox')
        const nonce = 'fixtureNonce'
        const headers = topLevel ? topLevelPageHeaders({ nonce }) : framedPageHeaders({ nonce })
        return { headers, html: pages[name]?.(lang) ?? '<title>-</title>' }
      })
    })
    afterAll(() => acs?.close())

    // The method page has nothing to see, and the result pages are gone at once; they are looked at without script.
    test.each(Object.keys(pages).filter((name) => name !== 'method'))(
      '%s never scrolls sideways, at any window size (FLOW-IFR-1, TOL-21), and passes axe in light and dark',
      { timeout: 60_000 },
      async (name) => {
        const isGoneAtOnce = name.startsWith('result')
        const { page, complaints, close } = await open(`${acs.origin}/${name}`, { javaScriptEnabled: !isGoneAtOnce })
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          for (const [width, height] of sizes) {
            // Both ends of the layout once; screens of the challenge share their colours, one of each does for a language.
            const isOtherOne = name.startsWith('screen-') && colorScheme !== (lang === 'en' ? 'light' : 'dark')
            const isLookedAt = !isGoneAtOnce && !isOtherOne && width === (colorScheme === 'light' ? 250 : 1024)
            if (colorScheme === 'dark' && !isLookedAt && shots === undefined) continue // colours move nothing
            await page.setViewportSize({ width, height })
            const at = `${name} ${lang} ${width}x${height} ${colorScheme}`
            const box = await page.evaluate(() => {
              const { scrollWidth, clientWidth } = document.documentElement
              return { scrollWidth, clientWidth }
            })
            expect(box.scrollWidth, at).toBeLessThanOrEqual(box.clientWidth)
            if (shots !== undefined) {
              await page.screenshot({ path: join(shots, `${name}-${lang}-${width}x${height}-${colorScheme}.png`) })
            }
            if (isLookedAt) expect(await seriousViolations(page), at).toEqual([])
          }
        }
        expect(complaints).toEqual([])
        await close()
      },
    )

    const shownWhole = Object.keys(pages).filter((name) =>
      /^challenge(-wrong|-resent|-no-amount)?$|^screen-/.test(name),
    )
    test.each(shownWhole)(
      '%s shows what is asked for and the primary button without scrolling at every window size',
      async (name) => {
        const { page, close } = await open(`${acs.origin}/${name}`)
        for (const [width, height] of sizes) {
          await page.setViewportSize({ width, height })
          const boxes = await page
            .locator('#challenge input:not([type=hidden]), [data-testid=match-number], button.primary')
            .evaluateAll((found) => found.map((element) => element.getBoundingClientRect().toJSON()))
          expect(boxes.length).toBeGreaterThan(0)
          for (const { top, bottom } of boxes as readonly DOMRect[]) {
            expect(top, `${width}x${height}`).toBeGreaterThanOrEqual(0)
            expect(bottom, `${width}x${height}`).toBeLessThanOrEqual(height)
          }
        }
        await close()
      },
    )
  })

  describe('a challenge in the sandboxed frame of another site', () => {
    let acs: Site
    let shop: Site
    let answerWithinSeconds = 600
    let codeLifeSeconds = 300
    let hang = false
    beforeAll(async () => {
      shop = await site('127.0.0.1', (path) => ({
        html:
          path === '/'
            ? `<iframe name="challenge" sandbox="allow-forms allow-scripts allow-same-origin" width="390" height="400"
                src="${acs.origin}/challenge"></iframe>`
            : '<title>back in the shop</title>',
      }))
      acs = await site('localhost', (path) => {
        const nonce = 'fixtureNonce'
        const notificationURL = `${shop.origin}/notification?order=1&step=2`
        const headers = framedPageHeaders({ nonce, postsTo: notificationURL })
        if (path === '/challenge')
          return { headers, html: renderChallengePage(challengeView('en', { answerWithinSeconds, codeLifeSeconds })) }
        if (hang) return 'never'
        return { headers, html: renderResultPage(resultView('en', { notificationURL })) }
      })
    })
    afterAll(() => Promise.all([acs?.close(), shop?.close()]))
    beforeEach(() => {
      acs.posts.length = 0
      shop.posts.length = 0
      answerWithinSeconds = 600
      codeLifeSeconds = 300
      hang = false
    })

    test('Enter sends the code with action=verify, and the result page posts cres to the notificationURL (FLOW-BRW-6)', async () => {
      const { page, complaints, close } = await open(shop.origin)
      const frame = page.frameLocator('iframe')
      await frame.getByTestId('otp-input').fill('１２３ 456')
      await frame.getByTestId('otp-input').press('Enter')
      await until(() => shop.posts.length === 1)
      expect(fields(acs.posts[0])).toEqual({
        acsTransID: '7f2c1c1e-1d0b-4f4b-9a39-4a1c3cf0a001',
        stepToken: 'c3RlcC0xLXRva2Vu',
        otp: '123 456',
        action: 'verify',
        behaviour: expect.stringMatching(/^\{"keys":0,"pastes":0,"fills":1,/), // a test fills in, it does not type
      })
      expect(shop.posts[0]?.path).toBe('/notification?order=1&step=2')
      expect(fields(shop.posts[0])).toEqual({
        cres: 'eyJtZXNzYWdlVHlwZSI6IkNSZXMifQ',
        threeDSSessionData: 'c2Vzc2lvbg==',
      })
      expect(complaints).toEqual([])
      await close()
    })

    test('a code that is typed, corrected and pasted is told as that, and not what it was', async () => {
      const { page, complaints, close } = await open(shop.origin)
      const field = page.frameLocator('iframe').getByTestId('otp-input')
      await field.click()
      await page.keyboard.type('12', { delay: 30 })
      await page.keyboard.type('3456')
      await page.keyboard.press('Backspace')
      await page.keyboard.type('7')
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.press('ControlOrMeta+X')
      await page.keyboard.press('ControlOrMeta+V')
      await field.press('Enter')
      await until(() => acs.posts.length === 1)
      const { otp, behaviour = '' } = fields(acs.posts[0])
      expect(otp).toBe('123457')
      expect(behaviour).not.toContain('12345')
      const told = behaviourOf(behaviour)
      expect(told).toMatchObject({
        keys: 7,
        corrections: 2,
        pastes: 1,
        fills: 0,
        taps: 1,
        scripted: 0,
        isUnseen: false,
      })
      expect(told?.msTotal).toBeGreaterThanOrEqual(told?.msToFirst ?? Number.NaN)
      expect(complaints).toEqual([])
      await close()
    })

    test('a code that a script put there is told as that', async () => {
      const { page, close } = await open(shop.origin)
      const frame = page.frameLocator('iframe')
      const field = frame.getByTestId('otp-input')
      await field.evaluate((input: HTMLInputElement) => {
        input.value = '123456'
      })
      await frame.getByTestId('submit').click()
      await until(() => acs.posts.length === 1)
      expect(behaviourOf(fields(acs.posts[0]).behaviour)).toMatchObject({ keys: 0, isUnseen: true })
      await close()
    })

    test.each(['resend', 'cancel'])('%s needs no code and sends its value', async (action) => {
      const { page, close } = await open(shop.origin)
      await page.frameLocator('iframe').getByTestId(action).click()
      await until(() => acs.posts.length === 1)
      expect(fields(acs.posts[0])).toMatchObject({ action, otp: '' })
      await close()
    })

    test('the second click of a double click sends nothing, the first keeps its value, a spinner shows (CHL-REP-5)', async () => {
      hang = true
      const { page, close } = await open(shop.origin)
      const frame = page.frameLocator('iframe')
      await frame.getByTestId('otp-input').fill('123456')
      // In one go: while the frame waits for its next page, nothing more can be asked of it.
      const spinner = await frame.getByTestId('submit').evaluate((button) => {
        if (!(button instanceof HTMLElement)) throw new Error('not a button')
        button.click()
        button.click()
        return document.querySelector('[data-testid=spinner]')?.checkVisibility()
      })
      expect(spinner).toBe(true)
      await until(() => acs.posts.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 200)) // time for a second one
      expect(acs.posts.map((post) => fields(post).action)).toEqual(['verify'])
      await close()
    })

    test('when the time for an answer is over, the page posts action=expired by itself (CHL-TMR-3)', async () => {
      answerWithinSeconds = 1
      const { close } = await open(shop.origin)
      await until(() => acs.posts.length === 1)
      expect(fields(acs.posts[0])).toEqual({
        acsTransID: '7f2c1c1e-1d0b-4f4b-9a39-4a1c3cf0a001',
        stepToken: 'c3RlcC0xLXRva2Vu',
        action: 'expired',
      })
      await close()
    })

    test('the time left counts down to the end of the code, which is seen and spoken (SEC-OTP-6)', async () => {
      codeLifeSeconds = 3
      const { page, close } = await open(`${acs.origin}/challenge`)
      const shown = page.getByTestId('time-left')
      expect(await shown.textContent()).toMatch(/^Valid for 0:0[123]$/)
      await expect.poll(() => shown.textContent(), { timeout: 8000 }).toBe('Code expired')
      expect(await page.locator('[aria-live=polite]').textContent()).toBe('The code has expired.')
      expect(acs.posts).toEqual([]) // a new code can still be had
      await close()
    })

    test('without script a plain form does the same, and the result page has a button (CHL-REP-13)', async () => {
      const { page, close } = await open(`${acs.origin}/challenge`, { javaScriptEnabled: false })
      await page.getByTestId('otp-input').fill('123456')
      await page.getByTestId('submit').click()
      await page.getByTestId('auto-post-continue').click()
      await until(() => shop.posts.length === 1)
      expect(fields(acs.posts[0])).toMatchObject({ action: 'verify', otp: '123456' })
      expect(fields(shop.posts[0])).toMatchObject({ cres: 'eyJtZXNzYWdlVHlwZSI6IkNSZXMifQ' })
      await close()
    })

    test('the code field has the focus, so that one can type at once', async () => {
      const { page, close } = await open(`${acs.origin}/challenge`)
      await page.keyboard.type('246810')
      expect(await page.getByTestId('otp-input').inputValue()).toBe('246810')
      await close()
    })
  })

  describe('the 3DS Method page in a hidden frame of another site', () => {
    let acs: Site
    let shop: Site
    let hang = false
    let sandbox = ''
    beforeAll(async () => {
      shop = await site('127.0.0.1', (path) => ({
        html:
          path === '/'
            ? `<iframe ${sandbox} style="visibility:hidden" src="${acs.origin}/method"></iframe>`
            : '<title>-</title>',
      }))
      acs = await site('localhost', (path) => {
        if (path !== '/method') return hang ? 'never' : { html: '' }
        const notificationURL = `${shop.origin}/method-notification`
        const headers = framedPageHeaders({ nonce: 'fixtureNonce', postsTo: notificationURL })
        return { headers, html: renderMethodPage(methodView({ notificationURL })) }
      })
    })
    afterAll(() => Promise.all([acs?.close(), shop?.close()]))

    const run = async () => {
      acs.posts.length = 0
      shop.posts.length = 0
      const { complaints, close } = await open(shop.origin)
      await until(() => shop.posts.length === 1)
      await close()
      return { complaints }
    }

    test('tells the ACS what the browser is like, then notifies with the id alone (FLOW-MTH-3, SEC-URL-4)', async () => {
      const { complaints } = await run()
      const sent: unknown = JSON.parse(acs.posts[0]?.body ?? 'null')
      expect(sent).toMatchObject({
        threeDSServerTransID: methodView().threeDSServerTransID,
        data: {
          colorDepth: expect.any(Number),
          timeZone: expect.any(String),
          languages: expect.stringMatching(/^en-US/),
          canvasHash: expect.stringMatching(/^[0-9a-f]{8}$/),
        },
      })
      expect(fields(shop.posts[0])).toEqual({ threeDSMethodData: methodView().threeDSMethodData })
      expect(complaints).toEqual([])
    })

    test('knows a browser again by an id of its own where storage is allowed', async () => {
      acs.posts.length = 0
      const { page, close } = await open(`${acs.origin}/method`)
      await page.waitForURL(`${shop.origin}/method-notification`) // it has told, and goes on by itself
      expect(acs.posts).toHaveLength(1)
      await page.goto(`${acs.origin}/method`)
      await page.waitForURL(`${shop.origin}/method-notification`)
      expect(acs.posts).toHaveLength(2)
      await close()
      const [first, again] = acs.posts.map((post) => JSON.parse(post.body).data)
      expect(first.deviceId).toMatch(/^[0-9a-f]{32}$/)
      expect(again.deviceId).toBe(first.deviceId)
      expect([first.deviceIdIsNew, again.deviceIdIsNew]).toEqual([true, false])
      expect(again.clock).toBeGreaterThan(first.clock)
      const kept = methodDataOf(first, undefined, first.clock)
      expect(Object.keys(kept).sort()).toEqual(Object.keys({ ...first, clockOff: 0 }).sort()) // an honest browser fits the table
      expect(kept.webdriver).toBe(true)
    })

    test('notifies also when the data are never accepted (FLOW-MTH-6)', async () => {
      hang = true
      await run()
      hang = false
      expect(shop.posts).toHaveLength(1)
    })

    test('notifies from a frame without any origin or storage (FLOW-MTH-10)', async () => {
      sandbox = 'sandbox="allow-forms allow-scripts"'
      await run()
      sandbox = ''
      expect(fields(shop.posts[0])).toEqual({ threeDSMethodData: methodView().threeDSMethodData })
    })
  })

  describe('the inbox', () => {
    test('shows a new message by itself, with nothing that the policy of the page refuses', async () => {
      let count = 1
      let visits = 0
      const messages = () =>
        Array.from({ length: count }, (_, n) => ({
          id: `m${n}`,
          at: n,
          to: 'a@example.jp',
          subject: `<i>code</i> ${n}`,
          text: '',
          code: `00000${n}`,
          transaction: 't',
        }))
      const acs = await site('localhost', (path) => {
        if (path === '/api/v1/inbox') return { html: JSON.stringify({ messages: messages() }) }
        visits += 1
        const nonce = `fixtureNonce${visits}`
        return {
          headers: topLevelPageHeaders({ nonce }),
          html: renderInboxPage({ lang: 'en', nonce, messages: messages() }),
        }
      })
      const { page, complaints, close } = await open(`${acs.origin}/inbox`)
      expect(await page.getByTestId('inbox-code').allTextContents()).toEqual(['000000'])
      count = 2
      await expect
        .poll(() => page.getByTestId('inbox-code').allTextContents(), { timeout: 8000 })
        .toEqual(['000001', '000000'])
      expect(await page.getByTestId('inbox-subject').first().textContent()).toBe('<i>code</i> 1')
      expect(complaints).toEqual([])
      await close()
      await acs.close()
    })
  })
})

async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly nodes: readonly { readonly html: string }[]
  }[]
}
