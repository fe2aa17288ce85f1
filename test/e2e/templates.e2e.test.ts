// Every template of the challenge page in a browser, framed by a page that does nothing else: passed, failed, cancelled.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { areqOf, cardEnding } from '../http/any-areq.ts'
import { api, put } from '../http/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { creqFor, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { otherThan } from './support.ts'

/** Attributes of the frame: what the specification asks for, and the same without an origin (FLOW-IFR-2). */
const sandboxes = {
  usual: 'allow-scripts allow-forms allow-same-origin allow-popups',
  'no origin': 'allow-scripts allow-forms allow-popups',
} as const

/** A requestor that frames the challenge, hears what is said to it, and takes what comes back. */
interface Requestor {
  readonly origin: string
  /** Data of every message event. */
  readonly told: unknown[]
  readonly back: Members[]
  close(): Promise<unknown>
}

async function requestor(): Promise<Requestor> {
  const told: unknown[] = []
  const back: Members[] = []
  const frame = (query: URLSearchParams): string => `<!DOCTYPE html><title>shop</title>
    <iframe name="challenge" sandbox="${query.get('sandbox')}" width="390" height="400" title="challenge"></iframe>
    <form method="post" target="challenge" action="${query.get('acsURL')}">
    <input type="hidden" name="creq" value="${query.get('creq')}"><button>go</button></form>
    <script>
    addEventListener('message', ({ data }) => fetch('/told', { method: 'POST', body: JSON.stringify(data) }))
    document.forms[0].submit()
    </script>`
  const server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      if (pathname === '/told') told.push(JSON.parse(body))
      if (pathname === '/back') {
        const cres = new URLSearchParams(body).get('cres') ?? ''
        back.push(JSON.parse(Buffer.from(cres, 'base64url').toString()) as Members)
      }
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      // What comes back says so: the listener above does hear.
      response.end(
        pathname === '/back'
          ? '<title>back</title><p data-testid="back">back</p><script>parent.postMessage("back", "*")</script>'
          : frame(searchParams),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, told, back, close }
}

describe.runIf(hasChromium)('a challenge in a frame', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let shop: Requestor
  let ds: ListeningDs
  let sekisho: Running
  const complaints: string[] = []

  async function comeIn(options: BrowserContextOptions = {}): Promise<Page> {
    const visit = await browser.newContext({ viewport: { width: 500, height: 480 }, ...options })
    const own = await visit.newPage()
    own.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
    own.on('pageerror', (error) => complaints.push(String(error)))
    return own
  }

  beforeAll(async () => {
    browser = await launchChromium()
    shop = await requestor()
    ds = await listeningDs()
    // A hand-over to a decoupled authentication is acknowledged with 04 (ACS-VAL-141).
    ds.answer = (rreq, res) => sendJson(res, rres(rreq, rreq.transStatus === 'D' ? { resultsStatus: '04' } : {}))
    sekisho = await running({ only: ['acs'] })
    page = await comeIn()
    context = page.context()
  })
  afterAll(async () => {
    await browser?.close()
    await Promise.all([sekisho?.close(), shop?.close(), ds?.close()])
  })
  afterEach(async () => {
    shop.told.length = 0
    shop.back.length = 0
    complaints.length = 0
    expect(await context.cookies()).toEqual([]) // CHL-REP-14
  })

  interface Shown {
    readonly acsTransID: string
    readonly frame: FrameLocator
  }

  /** Pays with a card that ends so, and shows its challenge. */
  async function show(
    ending: string,
    {
      version = '2.2.0',
      areq = {},
      sandbox = 'usual',
      on = page,
    }: {
      readonly version?: '2.2.0' | '2.3.1'
      readonly areq?: Members
      readonly sandbox?: keyof typeof sandboxes
      readonly on?: Page
    } = {},
  ): Promise<Shown> {
    const request = areqOf(`browser-${version.replaceAll('.', '')}`, {
      acctNumber: cardEnding(ending),
      dsURL: ds.url,
      notificationURL: `${shop.origin}/back`,
      browserLanguage: 'en-GB',
      ...areq,
    })
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, request)
    expect(ares).toMatchObject({ transStatus: 'C' })
    const creq = creqFor(ares, { messageVersion: version })
    const query = new URLSearchParams({ sandbox: sandboxes[sandbox], acsURL: `${sekisho.acs}/acs/challenge`, creq })
    await on.goto(`${shop.origin}/?${query}`)
    const frame = on.frameLocator('iframe')
    await frame.getByTestId('challenge-page').waitFor()
    return { acsTransID: String(ares.acsTransID), frame }
  }

  const rreqsOf = (acsTransID: string): readonly Members[] =>
    ds.received.map(({ message }) => message).filter((message) => message.acsTransID === acsTransID)

  /** Back at the requestor, and it was told nothing on the way but by its own page. */
  async function ends({ acsTransID, frame }: Shown, transStatus: string, rreq: Members): Promise<void> {
    await frame.getByTestId('back').waitFor()
    expect(rreqsOf(acsTransID)).toEqual([expect.objectContaining(rreq)])
    expect(shop.back).toEqual([expect.objectContaining({ messageType: 'CRes', acsTransID, transStatus })])
    await expect.poll(() => shop.told).toEqual(['back'])
    expect(complaints).toEqual([])
  }

  const codeOf = async (acsTransID: string): Promise<string> =>
    String((await api(sekisho, `/inbox/latest?acsTransID=${acsTransID}&wait=5s`)).body.code)
  const inApp = (acsTransID: string, action: 'approve' | 'refuse') =>
    put(sekisho, `/transactions/${acsTransID}/challenge`, { action }, 'POST')

  const isRight = (right: string, does: boolean): string => (does ? right : otherThan(right))
  const enterCode = async ({ acsTransID, frame }: Shown, does: boolean): Promise<void> => {
    await frame.getByTestId('otp-input').fill(isRight(await codeOf(acsTransID), does))
    await frame.getByTestId('submit').click()
  }
  const select = async ({ frame }: Shown, keys: readonly string[]): Promise<void> => {
    for (const key of keys) await frame.getByTestId(`option-${key}`).check()
    await frame.getByTestId('submit').click()
  }

  interface Template {
    readonly name: string
    readonly ending: string
    readonly version?: '2.3.1'
    readonly template: string
    readonly screen: string
    /** Comes before what is answered. */
    readonly first?: (shown: Shown) => Promise<void>
    /** Rightly, or wrongly. */
    readonly answer: (shown: Shown, does: boolean) => Promise<unknown>
    /** One wrong answer is the end. */
    readonly isFinal?: boolean
  }

  const templates: readonly Template[] = [
    { name: 'text', ending: '001', template: '01', screen: 'code', answer: enterCode },
    {
      name: 'single select, then text',
      ending: '004',
      template: '02',
      screen: 'choose',
      first: (shown) => select(shown, ['sms']),
      answer: enterCode,
    },
    {
      name: 'single select',
      ending: '005',
      template: '02',
      screen: 'question',
      answer: (shown, does) => select(shown, [does ? 'ha' : 'od']),
    },
    {
      name: 'multi select',
      ending: '006',
      template: '03',
      screen: 'pictures',
      answer: (shown, does) => select(shown, does ? ['tea', 'bell'] : ['tea', 'fan']),
    },
    {
      name: 'out of band',
      ending: '007',
      template: '04',
      screen: 'app',
      answer: ({ acsTransID }, does) => inApp(acsTransID, does ? 'approve' : 'refuse'),
      isFinal: true,
    },
    {
      name: 'HTML',
      ending: '009',
      template: '05',
      screen: 'entries',
      async answer({ acsTransID, frame }, does) {
        await frame.getByTestId('password-input').fill(does ? 'Sekisho' : 'hakone')
        await frame.getByTestId('otp-input').fill(await codeOf(acsTransID))
        await frame.getByTestId('submit').click()
      },
    },
    {
      name: 'HTML out of band',
      ending: '008',
      template: '06',
      screen: 'appMatch',
      answer: ({ acsTransID }, does) => inApp(acsTransID, does ? 'approve' : 'refuse'),
      isFinal: true,
    },
    {
      name: 'information, then text',
      ending: '010',
      version: '2.3.1',
      template: '07',
      screen: 'info',
      first: ({ frame }) => frame.getByTestId('continue').click(),
      answer: enterCode,
    },
  ]

  describe.each(templates)('$name ($template)', ({ ending, version, template, screen, first, answer, isFinal }) => {
    const begin = async (): Promise<Shown> => {
      const shown = await show(ending, version === undefined ? {} : { version })
      const body = shown.frame.getByTestId('challenge-page')
      expect(await body.getAttribute('data-template')).toBe(template)
      expect(await body.getAttribute('data-screen')).toBe(screen)
      return shown
    }

    test('is passed (CHL-TR-6)', async () => {
      const shown = await begin()
      await first?.(shown)
      await answer(shown, true)
      await ends(shown, 'Y', { transStatus: 'Y', interactionCounter: '01' })
    })

    test('is failed (CHL-TR-8, CHL-TR-13)', async () => {
      const shown = await begin()
      await first?.(shown)
      const answers = isFinal === true ? 1 : 3
      for (let tries = answers; tries > 0; tries -= 1) {
        if (tries < answers) {
          const left = shown.frame.getByTestId('tries-left')
          await expect.poll(() => left.textContent(), { timeout: 10_000 }).toBe(`Tries left: ${tries}`)
          expect(await shown.frame.getByTestId('hint').getAttribute('data-hint')).toBe('wrong')
        }
        await answer(shown, false)
      }
      const rreq = { transStatus: 'N', interactionCounter: isFinal === true ? '01' : '03' }
      await ends(shown, 'N', { ...rreq, transStatusReason: isFinal === true ? '01' : '19' })
    })

    test('is cancelled (CHL-CAN-2, CHL-CAN-3)', async () => {
      const shown = await begin()
      await shown.frame.getByTestId('cancel').click()
      const reason = version === '2.3.1' ? '19' : '01'
      await ends(shown, 'N', { transStatus: 'N', transStatusReason: reason, challengeCancel: '01' })
    })
  })

  test('what is to be read may be followed by a decoupled authentication: D, reason 29 (CHL-TR-20)', async () => {
    const areq = { threeDSRequestorDecReqInd: 'F', threeDSRequestorDecMaxTime: '00060' }
    const shown = await show('011', { version: '2.3.1', areq })
    await shown.frame.getByTestId('continue').click()
    await ends(shown, 'D', { transStatus: 'D', transStatusReason: '29' })
  })

  test('another way for the code may be chosen, and the tries stay as they are (CHL-ATT-5)', async () => {
    const shown = await show('004')
    const { acsTransID, frame } = shown
    await select(shown, ['email'])
    await enterCode(shown, false)
    await frame.getByTestId('hint').waitFor()
    await frame.getByTestId('other-way').click()
    await frame.getByTestId('option-push').waitFor()
    await select(shown, ['push'])
    // Half a minute has to pass before another code (CHL-RSD-3): the page says so, and the code that was sent stays right.
    await frame.locator('[data-hint=resendTooSoon]').waitFor()
    expect(await frame.getByTestId('tries-left').textContent()).toBe('Tries left: 2')
    await frame.getByTestId('otp-input').fill(await codeOf(acsTransID))
    await frame.getByTestId('submit').click()
    await ends(shown, 'Y', { transStatus: 'Y', interactionCounter: '02' })
  })

  test.each(Object.keys(sandboxes) as (keyof typeof sandboxes)[])(
    'in a sandbox (%s) the page learns by itself that the banking app has answered, and so does one that a continue came too early for (FLOW-OOB-5, FLOW-IFR-2)',
    async (sandbox) => {
      const shown = await show('007', { sandbox })
      const { acsTransID, frame } = shown
      await frame.getByTestId('waiting').waitFor()
      await frame.getByTestId('continue').click()
      await frame.locator('[data-hint=appOpen]').waitFor() // FLOW-OOB-4
      await inApp(acsTransID, 'approve')
      await ends(shown, 'Y', { transStatus: 'Y', interactionCounter: '01' })
    },
  )

  test('an app that was answered and of which the page never learns keeps it asking to go on, and a cancel ends that (CHL-TR-12)', async () => {
    const shown = await show('012')
    const { acsTransID, frame } = shown
    await inApp(acsTransID, 'approve')
    await frame.getByTestId('continue').click()
    await frame.locator('[data-hint=appOpen]').waitFor()
    await frame.getByTestId('cancel').click()
    await ends(shown, 'N', { transStatus: 'N', challengeCancel: '01', interactionCounter: '00' })
  })

  test('by keyboard alone: the first answer has the focus, arrows choose, Enter confirms', async () => {
    const shown = await show('005')
    const first = shown.frame.getByTestId('option-od')
    await expect.poll(() => first.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await ends(shown, 'Y', { transStatus: 'Y', interactionCounter: '01' })
  })

  test('trust list and device are asked for with nothing chosen, and the answer is heard (CHL-TL-1)', async () => {
    const areq = { threeDSRequestorChallengeInd: ['09', '12'] }
    const shown = await show('005', { version: '2.3.1', areq })
    const { acsTransID, frame } = shown
    for (const id of ['trust-list', 'device-binding']) expect(await frame.getByTestId(id).isChecked()).toBe(false)
    await frame.getByTestId('trust-list').check()
    await select(shown, ['ha'])
    await ends(shown, 'Y', { transStatus: 'Y' })
    const { body } = await api(sekisho, `/transactions/${acsTransID}`)
    expect(body).toMatchObject({ challenge: { verdict: { consent: { trustList: true, deviceBinding: false } } } })
  })

  describe('without script', () => {
    let plain: Page
    beforeAll(async () => {
      plain = await comeIn({ javaScriptEnabled: false })
    })

    /** The requestor's own button opens the frame; every page of ours has one, too (CHL-REP-13). */
    async function showPlainly(ending: string, version: '2.2.0' | '2.3.1' = '2.2.0'): Promise<Shown> {
      const request = areqOf(`browser-${version.replaceAll('.', '')}`, {
        acctNumber: cardEnding(ending),
        dsURL: ds.url,
        notificationURL: `${shop.origin}/back`,
      })
      const { body: ares } = await post(`${sekisho.acs}/acs/areq`, request)
      const creq = creqFor(ares, { messageVersion: version })
      const query = new URLSearchParams({ sandbox: sandboxes.usual, acsURL: `${sekisho.acs}/acs/challenge`, creq })
      await plain.goto(`${shop.origin}/?${query}`)
      await plain.getByRole('button', { name: 'go' }).click()
      const frame = plain.frameLocator('iframe')
      await frame.getByTestId('challenge-page').waitFor()
      return { acsTransID: String(ares.acsTransID), frame }
    }
    const isBack = async ({ acsTransID, frame }: Shown): Promise<void> => {
      await frame.getByTestId('auto-post-continue').click()
      await frame.getByTestId('back').waitFor()
      expect(shop.back).toEqual([expect.objectContaining({ acsTransID, transStatus: 'Y' })])
      expect(rreqsOf(acsTransID)).toEqual([expect.objectContaining({ transStatus: 'Y' })])
    }

    test('the banking app is answered, and Continue goes on', async () => {
      const shown = await showPlainly('007')
      expect(await shown.frame.getByTestId('waiting').isVisible()).toBe(false) // nothing waits by itself
      await inApp(shown.acsTransID, 'approve')
      await shown.frame.getByTestId('continue').click()
      await isBack(shown)
    })

    test('a way is chosen, and the code that came there entered', async () => {
      const shown = await showPlainly('004')
      await select(shown, ['push'])
      await enterCode(shown, true)
      await isBack(shown)
    })

    test('pictures are picked', async () => {
      const shown = await showPlainly('006')
      await select(shown, ['bell', 'tea'])
      await isBack(shown)
    })

    test('information is read, then a code entered', async () => {
      const shown = await showPlainly('010', '2.3.1')
      await shown.frame.getByTestId('continue').click()
      await enterCode(shown, true)
      await isBack(shown)
    })
  })
})
