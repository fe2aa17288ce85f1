// One port for everything, and public addresses that a proxy serves, with a path, with TLS, with headers that may lie.
import { X509Certificate } from 'node:crypto'
import http from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPort } from '../../src/start/app.ts'
import { makeCa, makeCertificate } from '../../src/tls/make.ts'
import { listen } from '../../src/web/server.ts'
import { challenged, codeFromInbox, enter, type Person, person, resultPage } from '../e2e/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { browserAReq, challengeCard, frictionlessCard, type Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { call, failure, freePort, reverseProxy } from './support.ts'

const adminToken = 'a-token-for-the-tests'
const bearer = { authorization: `Bearer ${adminToken}` }
const waits = { shop: { processingScreenMs: 0, methodWithinMs: 8_000, returnWithinMs: 4_000 } }

let browser: Browser | undefined
beforeAll(async () => {
  if (hasChromium) browser = await launchChromium()
}, 60_000)
afterAll(() => browser?.close())

type AtTheEnd = (work: () => Promise<void>) => void

async function visitor(sekisho: Running, atTheEnd: AtTheEnd, options: object = {}): Promise<Person> {
  if (browser === undefined) throw new Error('no browser')
  const someone = await person(browser, sekisho, options)
  atTheEnd(() => someone.leave())
  return someone
}

/** A payment with a challenge, from the catalogue to the result, with the code from the inbox. */
async function paysWithChallenge(someone: Person): Promise<string> {
  const acsTransID = await challenged(someone, { card: challengeCard, cart: { coffee: 1 } })
  await enter(someone, await codeFromInbox(someone, acsTransID))
  expect(await resultPage(someone)).toMatchObject({ outcome: 'Y', transStatus: 'Y' })
  return acsTransID
}

/** Addresses in a page that begin at the root of the host. */
const rootLinks = (page: string): readonly string[] =>
  [...page.matchAll(/\b(?:href|src|action|data-api|data-page)="(\/[^"]*)"/g)].map(([, link = '']) => link)

describe('--single-port', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running({ singlePort: true }, waits)
  })
  afterAll(() => sekisho.close())

  test('serves every party on the ACS port, and nothing on another', async () => {
    expect(sekisho.shop).toBe(sekisho.acs)
    for (const at of ['/', '/inbox', '/console', '/api/v1/transactions', '/shop', '/health/ready'])
      expect([at, (await call(`${sekisho.acs}${at}`)).status]).toEqual([at, 200])
    for (const at of ['/acs/areq', '/ds/areq', '/ds/rreq', '/3ds-server/results'])
      expect([at, (await call(`${sekisho.acs}${at}`, { body: {} })).status]).toEqual([at, 200])
    expect((await call(`${sekisho.acs}/`)).text).toContain(`href="${sekisho.acs}/shop"`)
  })

  test.runIf(hasChromium)('a challenge passes in a browser', async ({ onTestFinished }) => {
    const someone = await visitor(sekisho, onTestFinished)
    await paysWithChallenge(someone)
    expect(someone.complaints).toEqual([])
  })

  test('a shared port that closes lets a DS reach the 3DS Server behind it, and turns new messages away', async () => {
    const port = createPort('', { isShared: true })
    let arrived = (): void => undefined
    let goOn = (): void => undefined
    const isThere = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let base = ''
    port.routes.post('/ds/rreq', async (_req, res) => {
      arrived()
      await gate
      const { status } = await call(`${base}/3ds-server/results`, { body: {} })
      res.json({ status })
    })
    port.routes.post('/3ds-server/results', (_req, res) => void res.json({}))
    const listening = await listen(port.app, 'localhost', 0)
    base = `http://127.0.0.1:${listening.port}`
    const rreq = call(`${base}/ds/rreq`, { body: {} })
    await isThere
    const closing = port.drain().then(() => listening.close())
    const late = await call(`${base}/ds/rreq`, { body: {} })
    expect([late.status, late.json()]).toEqual([503, { error: 'stopping' }])
    goOn()
    expect((await rreq).json()).toEqual({ status: 200 })
    await closing
    expect(await failure(call(`${base}/ds/rreq`, { body: {} }))).toBe('ECONNREFUSED')
  })

  test('without the ACS the root leads to the shop', async ({ onTestFinished }) => {
    const shop = await running({ singlePort: true, only: ['3ds-server', 'shop'] })
    onTestFinished(() => shop.close())
    const { status, headers } = await call(`${shop.shop}/`)
    expect([status, headers.location]).toEqual([302, '/shop'])
  })
})

describe.each([
  { does: 'strips the path', strips: true, singlePort: true, isTls: true },
  { does: 'keeps the path', strips: false, singlePort: false, isTls: false },
])('behind a proxy that $does', ({ strips, singlePort, isTls }) => {
  let sekisho: Running
  const closers: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    const now = Date.now()
    const names = ['localhost']
    const pair = isTls
      ? await makeCertificate(await makeCa(now), { for: 'server', keyType: 'ec', names }, now)
      : undefined
    const security = pair === undefined ? {} : { tls: { cert: pair.certificate, key: pair.key } }
    const acsPort = await freePort()
    const shopPort = await freePort()
    const front = await reverseProxy({ to: () => acsPort, path: '/sekisho', strips, ...security })
    const shopFront = await reverseProxy({ to: () => shopPort, path: '/demo/store', strips, ...security })
    closers.push(
      () => front.close(),
      () => shopFront.close(),
    )
    const scheme = isTls ? 'https' : 'http'
    sekisho = await running(
      {
        acsPort,
        shopPort,
        singlePort,
        adminToken,
        trustProxy: 'loopback',
        publicUrl: `${scheme}://localhost:${front.port}/sekisho`,
        ...(!singlePort && { shopPublicUrl: `${scheme}://localhost:${shopFront.port}/demo/store` }),
      },
      waits,
    )
    closers.push(() => sekisho.close())
  })
  afterAll(async () => {
    for (const close of closers.toReversed()) await close()
  })
  const outside = { rejectUnauthorized: false, headers: bearer }

  test('every link of every page stays below the path', async () => {
    for (const at of ['/', '/inbox', '/console', '/console/dashboard']) {
      const { status, text } = await call(`${sekisho.acs}${at}`, outside)
      expect([at, status]).toEqual([at, 200])
      const links = rootLinks(text)
      expect(links.length).toBeGreaterThan(0)
      expect(links.filter((link) => !link.startsWith('/sekisho/'))).toEqual([])
    }
    const { text } = await call(`${sekisho.shop}/shop`, outside)
    const { pathname } = new URL(`${sekisho.shop}/shop`)
    expect(rootLinks(text).filter((link) => !link.startsWith(pathname))).toEqual([])
    expect(rootLinks(text).length).toBeGreaterThan(0)
  })

  test.runIf(hasChromium)(
    'a challenge passes in a browser, and the console shows it',
    async ({ onTestFinished }) => {
      const someone = await visitor(sekisho, onTestFinished, {
        ignoreHTTPSErrors: true,
        httpCredentials: { username: 'any', password: adminToken },
      })
      const acsTransID = await paysWithChallenge(someone)
      await someone.page.goto(`${sekisho.acs}/console`)
      await someone.page.getByTestId(`row-${acsTransID}`).waitFor()
      expect(someone.complaints).toEqual([])
      const record = await call(`${sekisho.acs}/api/v1/transactions/${acsTransID}`, outside)
      const { messages } = record.json() as { messages: readonly { messageType?: string; message: Members }[] }
      const ares = messages.find(({ messageType }) => messageType === 'ARes')?.message
      expect(ares?.acsURL).toBe(`${sekisho.acs}/acs/challenge`)
      // The parties of one process need no proxy to meet.
      expect(record.text).toMatch(/"dsURL":"http:\/\/localhost:\d+\/ds\/rreq"/)
    },
    60_000,
  )

  test('the API takes writes of its own pages, by the address that the browser shows, and of no other', async () => {
    const write = (origin: string) =>
      call(`${sekisho.acs}/api/v1/nothing`, { ...outside, headers: { ...bearer, origin }, body: {} })
    expect((await write(new URL(sekisho.acs).origin)).status).toBe(404)
    expect((await write('https://elsewhere.example')).status).toBe(403)
  })
})

/** How many of the requests of one browser, told by X-Forwarded-For, get through a limit of two a minute. */
async function throughLimit(sekisho: Running, addresses: readonly string[]): Promise<number> {
  let passed = 0
  for (const address of addresses) {
    const headers = { 'x-forwarded-for': address }
    const { status } = await call(`${sekisho.acs}/acs/challenge`, { headers, form: { creq: 'x' } })
    if (status !== 429) passed += 1
  }
  return passed
}

describe('forwarded headers', () => {
  const limit = { browserRequestsPerMinute: 2, adminToken } as const
  const house = async (atTheEnd: AtTheEnd, settings: Parameters<typeof running>[0]): Promise<Running> => {
    const sekisho = await running(settings)
    atTheEnd(() => sekisho.close())
    return sekisho
  }

  test('are ignored unless a proxy is configured', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, limit)
    expect(await throughLimit(sekisho, ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'])).toBe(2)
  })

  test('count when they come from a configured proxy', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, { ...limit, trustProxy: 'loopback' })
    expect(await throughLimit(sekisho, ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'])).toBe(4)
  })

  test('count as far as hops are trusted: what a client wrote before its proxy is nobody’s word', async ({
    onTestFinished,
  }) => {
    const sekisho = await house(onTestFinished, { ...limit, trustProxy: '1' })
    const spoofed = [1, 2, 3, 4].map((n) => `10.0.0.${n}, 203.0.113.9`)
    expect(await throughLimit(sekisho, spoofed)).toBe(2)
  })

  test('are not believed from an address that is no proxy of ours', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, { ...limit, trustProxy: '192.0.2.0/24' })
    expect(await throughLimit(sekisho, ['203.0.113.1', '203.0.113.2', '203.0.113.3'])).toBe(2)
  })

  test('name the browser in the AReq when a proxy is configured', async ({ onTestFinished }) => {
    for (const [trustProxy, seen] of [
      ['loopback', '203.0.113.77'],
      [undefined, '127.0.0.1'],
    ] as const) {
      const all = browserAReq({ acctNumber: frictionlessCard, browserIP: undefined })
      const areq = Object.fromEntries(
        Object.entries(all).filter(
          ([name]) => !/^(ds[A-Z]|threeDSServer|threeDSCompInd|message|deviceC|notif)/.test(name),
        ),
      )
      const received: string[] = []
      const spy = http.createServer((req, res) => {
        const chunks: Buffer[] = []
        req.on('data', (chunk: Buffer) => chunks.push(chunk))
        req.on('end', () => {
          const message = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Members
          if (message.messageType === 'AReq') received.push(String(message.browserIP)) // card ranges are asked for before
          res.end('{}')
        })
      })
      const port = await freePort()
      await new Promise<void>((resolve) => spy.listen(port, '127.0.0.1', resolve))
      onTestFinished(() => new Promise((resolve) => spy.close(() => resolve())))
      const server = await house(onTestFinished, {
        adminToken,
        only: ['3ds-server'],
        dsUrl: `http://127.0.0.1:${port}/ds`,
        ...(trustProxy !== undefined && { trustProxy }),
      })
      const headers = { 'x-forwarded-for': '203.0.113.77' }
      await call(`${server.shop}/3ds-server/authenticate`, { headers, body: { areq } })
      expect(received[0]).toBe(seen)
    }
  })

  test('never open the admin API: a proxy on this machine needs the token, whatever it says', async ({
    onTestFinished,
  }) => {
    const open = await house(onTestFinished, {})
    const at = `${open.acs}/api/v1/transactions`
    expect((await call(at)).status).toBe(200)
    for (const headers of [
      { 'x-forwarded-for': '127.0.0.1' },
      { 'x-forwarded-for': '203.0.113.1' },
      { forwarded: 'for=127.0.0.1' },
      { 'x-real-ip': '127.0.0.1' },
      { 'x-forwarded-host': 'localhost' },
    ]) {
      const { status, text } = await call(at, { headers })
      expect([headers, status]).toEqual([headers, 403])
      expect(text).toContain('--admin-token')
    }
    const closed = await house(onTestFinished, { adminToken, trustProxy: 'loopback' })
    const headers = { 'x-forwarded-for': '127.0.0.1' }
    // The page of the console holds no data and asks for the token by itself.
    expect((await call(`${closed.acs}/console`, { headers })).status).toBe(200)
    for (const path of ['/api/v1/transactions', '/inbox', '/']) {
      expect((await call(`${closed.acs}${path}`, { headers })).status).toBe(401)
      expect((await call(`${closed.acs}${path}`, { headers: { ...headers, ...bearer } })).status).toBe(200)
    }
  })

  test('with client certificates in them let nobody in (SEC-TLS-8)', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, { tls: true, mtlsPort: 0, adminToken, trustProxy: 'loopback' })
    const ca = (await call(`${sekisho.acs}/ca.pem`, { rejectUnauthorized: false })).text
    expect(new X509Certificate(ca).ca).toBe(true)
    const headers = { 'x-forwarded-client-cert': 'Subject="OU=ds"', 'x-ssl-client-verify': 'SUCCESS' }
    const body = browserAReq()
    expect((await call(`${sekisho.acs}/acs/areq`, { ca, headers, body })).status).toBe(403)
    expect(await failure(call(`${sekisho.urls.servers}/acs/areq`, { ca, headers, body }))).toMatch(/ERR_SSL|ECONNRESET/)
  })
})
