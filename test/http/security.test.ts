// What must not leak, how pages are fenced in, and who may use the admin API, through the running server.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { ConfigError, readConfig, type Settings } from '../../src/config.ts'
import { pruneData } from '../../src/server.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import {
  browserAReq,
  creqFor,
  cresIn,
  field,
  frictionlessCard,
  type Members,
  post,
  postForm,
} from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import {
  actionOf,
  answered,
  api,
  challenged,
  closedPort,
  codeOf,
  newChallengeCard,
  opened,
  type Page,
  put,
  raw,
  rreqsOf,
  shown,
  until,
  wrongCode,
} from './support.ts'

let ds: ListeningDs
let folder: string

beforeAll(async () => {
  ds = await listeningDs()
})

afterAll(() => ds.close())

beforeEach(() => {
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : '')
  folder = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const kept = (settings: Settings = {}, clock?: ManualClock): Promise<Running> =>
  running({ only: ['acs'], ephemeral: false, dataDir: folder, ...settings }, clock === undefined ? {} : { clock })

/** Every byte of the data folder, by file. */
const filesIn = (at: string): ReadonlyMap<string, Buffer> =>
  new Map(readdirSync(at).map((name) => [name, readFileSync(path.join(at, name))]))

describe('secrets (SEC-LOG-1…6)', () => {
  const expiry = '3111'
  const secret = {
    authData: 'MARKAUTHDATA01',
    priorData: 'MARKPRIORDATA02',
    cardSecurityCode: 'MARKCVC03',
    extension: 'MARKEXTVALUE04',
    nested: 'MARKNESTED05',
    session: 'MARKSESSION06',
    entry: 'MARKENTRY07',
    unread: 'MARKUNREAD08',
    rresValue: 'MARKRRESVALUE09',
    erro: 'MARKERROVALUE10',
  }

  /** A run in which every sensitive field of every message holds a marker; all that came out but the inbox and the wire. */
  async function run(settings: Settings = {}) {
    const sekisho = await kept(settings)
    const pages: string[] = []
    const errors: string[] = []
    const codes: string[] = []
    const values: string[] = []
    const areqUrl = `${sekisho.acs}/acs/areq`
    const pans = [newChallengeCard(), newChallengeCard(), frictionlessCard, '4111110000004444']
    const sensitive = {
      cardExpiryDate: expiry,
      cardSecurityCode: secret.cardSecurityCode,
      threeDSRequestorAuthenticationInfo: { threeDSReqAuthMethod: '02', threeDSReqAuthData: secret.authData },
      threeDSRequestorPriorAuthenticationInfo: { threeDSReqPriorAuthData: secret.priorData },
      messageExtension: [
        {
          name: 'x',
          id: 'A0000009',
          criticalityIndicator: false,
          data: { authenticationValue: secret.extension, deep: [{ otp: secret.extension, cardExpiryDate: expiry }] },
        },
      ],
      acctInfo: { chAccAgeInd: '05', cardSecurityCode: secret.nested },
    }
    const refused = async (body: unknown, status = 200): Promise<void> => {
      const answer = await raw(areqUrl, {
        headers: { 'content-type': 'application/json' },
        pieces: [typeof body === 'string' ? body : JSON.stringify(body)],
      })
      expect(answer.status).toBe(status)
      errors.push(answer.text)
    }
    const ids: string[] = []
    for (const acctNumber of pans) {
      const message = browserAReq({ acctNumber, dsURL: ds.url, acctID: `card ${acctNumber}`, ...sensitive })
      const { body: ares } = await post(areqUrl, message)
      expect(ares.messageType).toBe('ARes')
      ids.push(String(ares.acsTransID))
      if (typeof ares.authenticationValue === 'string') values.push(ares.authenticationValue)
      await refused(message)
      await refused({ ...message, mcc: undefined, purchaseExponent: 'x' })
      await refused(
        browserAReq({
          acctNumber,
          ...sensitive,
          cardExpiryDate: `${expiry}9`,
          threeDSRequestorAuthenticationInfo: { threeDSReqAuthMethod: 7, threeDSReqAuthData: secret.authData },
        }),
      )
      const text = JSON.stringify(browserAReq({ acctNumber, ...sensitive }))
      await refused(`${text.slice(0, -1)},"cardExpiryDate":"${expiry}"}`)
      await refused(text.slice(0, -2))
      await refused(`${text.slice(0, -1)},"otp":"${secret.unread}`)
      await refused({
        messageType: 'Erro',
        errorCode: '203',
        errorDetail: `acctNumber ${acctNumber}`,
        authenticationValue: secret.erro,
      })
      if (ares.transStatus !== 'C') continue
      const challenge = { areq: message, ares, acsTransID: String(ares.acsTransID) }
      ds.answer = (rreq, res) => {
        if (typeof rreq.authenticationValue === 'string') values.push(rreq.authenticationValue)
        sendJson(
          res,
          rreq.messageType === 'RReq' ? { ...rres(rreq), authenticationValue: secret.rresValue, note: acctNumber } : '',
        )
      }
      const creq = creqFor(ares, {
        challengeDataEntry: secret.entry,
        threeDSSessionData: secret.session,
        extra: { otp: secret.entry },
      })
      let page: Page = await postForm(`${sekisho.acs}/acs/challenge`, { creq, threeDSSessionData: secret.session })
      pages.push(page.page)
      codes.push(await codeOf(sekisho, challenge))
      page = await answered(sekisho, challenge, page, { otp: secret.entry })
      pages.push(page.page)
      page = await answered(sekisho, challenge, page, { otp: codes.at(-1) ?? '' })
      expect(cresIn(page.page)).toMatchObject({ transStatus: 'Y' })
    }
    const answers: string[] = []
    for (const url of [
      '/transactions?limit=500',
      '/cards',
      '/scenarios',
      '/policy',
      ...ids.map((id) => `/transactions/${id}`),
    ]) {
      const { status, body } = await api(sekisho, url)
      expect(status).toBe(200)
      if (url !== '/scenarios') answers.push(JSON.stringify(body)) // the cards to try are no secret
    }
    for (const pan of pans) {
      for (const [url, method] of [
        [`/cards/${pan}`, 'GET'],
        [`/cards/${pan}`, 'PUT'],
        [`/transactions?acctNumber=${pan}`, 'GET'],
        [`/transactions/${pan}`, 'GET'],
        [`/inbox?acsTransID=${pan}`, 'GET'],
        [`/${pan}`, 'GET'],
      ] as const) {
        const { status, body } = await api(sekisho, url, {
          method,
          headers: { 'content-type': 'application/json' },
          ...(method === 'PUT' && { body: '{}' }),
        })
        expect(status, url).toBeGreaterThanOrEqual(400)
        errors.push(JSON.stringify(body))
      }
      errors.push(await (await fetch(`${sekisho.acs}/nothing/${pan}`)).text())
      errors.push(
        (await put(sekisho, '/cards', { acctNumber: `${pan}x`, email: secret.entry }, 'POST')).body.error as string,
      )
    }
    const metrics = await (await fetch(`${sekisho.acs}/metrics`)).text()
    // The write-ahead log is there as long as it runs.
    const live = filesIn(folder)
    expect(live.has('sekisho.sqlite-wal')).toBe(true)
    await sekisho.close()
    return { sekisho, pans, codes, values, pages, errors, answers, metrics, live, rest: filesIn(folder) }
  }

  test('are in no log, journal, API answer, error, page, metric or database file, though the same run used them all', async () => {
    const out = await run()
    expect(out.codes.length).toBeGreaterThanOrEqual(2)
    expect(out.values.length).toBeGreaterThanOrEqual(3)
    const markers = [...Object.values(secret), ...out.values, ...out.pans]
    const texts: readonly (readonly [string, string])[] = [
      ['log', out.sekisho.log()],
      ['metrics', out.metrics],
      ...out.pages.map((text) => ['page', text] as const),
      ...out.errors.map((text) => ['error', text] as const),
      ...out.answers.map((text) => ['API answer', text] as const),
    ]
    expect(out.sekisho.log().length).toBeGreaterThan(1_000)
    for (const [where, text] of texts) {
      for (const marker of markers) expect(text, where).not.toContain(marker)
      expect(text, where).not.toContain(`"${expiry}`)
      if (where !== 'page') for (const code of out.codes) expect(text, where).not.toContain(`"${code}"`)
    }
    for (const [name, bytes] of [...out.live, ...out.rest]) {
      if (name === 'keys.json') continue
      for (const marker of markers) expect(bytes.includes(marker), `${name}: ${marker}`).toBe(false)
      // Six digits may stand by chance within an id or a number, not alone.
      const text = bytes.toString('latin1')
      for (const code of out.codes)
        expect(text, name).not.toMatch(new RegExp(`(?<![0-9a-zA-Z.])${code}(?![0-9a-zA-Z])`))
      expect(bytes.includes(`"${expiry}`), name).toBe(false)
      expect(bytes.includes(`cardExpiryDate\\":\\"${expiry}`), name).toBe(false)
    }
    // Nor does a code show on the page that asks for it.
    out.pages.slice(0, 2).forEach((page) => {
      for (const code of out.codes) expect(page).not.toContain(code)
    })
    // The proof that the search would find something: masks are there.
    const [, journal] = [...out.rest].find(([name]) => name === 'sekisho.sqlite') ?? []
    expect(journal?.includes(`${out.pans[0]?.slice(0, 6)}******${out.pans[0]?.slice(-4)}`)).toBe(true)
    expect(journal?.includes('MARK')).toBe(false)
  })

  test('are kept in clear by the switch for test data, and only then (SEC-LOG-4)', async () => {
    const sekisho = await kept({ testData: true })
    const message = browserAReq({ acctNumber: frictionlessCard, cardExpiryDate: expiry })
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, message)
    const { messages } = await shown(sekisho, String(ares.acsTransID))
    expect(messages.map((entry) => JSON.parse(String((entry as unknown as Members).raw)) as Members)).toEqual([
      message,
      ares,
    ])
    expect(messages[0]?.message.acctNumber).toBe('400000******5100')
    expect(sekisho.log()).not.toContain(frictionlessCard)
    await sekisho.close()
    expect([...filesIn(folder).values()].some((bytes) => bytes.includes(frictionlessCard))).toBe(true)
  })
})

describe('pages in a frame', () => {
  let sekisho: Running
  let secure: Running

  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
    const acsPort = await closedPort()
    const behindProxy = await running({
      only: ['acs'],
      acsPort,
      publicUrl: 'https://acs.example.test',
      adminToken: 'a-token-of-some-length',
    })
    secure = { ...behindProxy, acs: `http://127.0.0.1:${acsPort}` }
  })

  afterAll(() => Promise.all([sekisho.close(), secure.close()]))

  const policyOf = (headers: Headers): ReadonlyMap<string, string> =>
    new Map(
      (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
        const [name = '', ...values] = directive.trim().split(/\s+/)
        return [name, values.join(' ')]
      }),
    )

  function expectFramed({ headers, page }: Page, formAction: string): void {
    const csp = policyOf(headers)
    const nonce = /'nonce-([^']+)'/.exec(csp.get('script-src') ?? '')?.[1] ?? ''
    expect(nonce.length).toBeGreaterThanOrEqual(22)
    expect(Object.fromEntries(csp)).toEqual({
      'default-src': "'none'",
      'script-src': `'nonce-${nonce}'`,
      'style-src': `'nonce-${nonce}'`,
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'object-src': "'none'",
      'form-action': formAction,
    }) // SEC-CSP-1, SEC-CSP-2; no frame-ancestors: SEC-CSP-3
    expect(headers.get('x-frame-options')).toBeNull()
    expect(headers.get('cross-origin-embedder-policy')).toBeNull()
    expect(headers.get('cross-origin-opener-policy')).toBeNull()
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(headers.get('cache-control')).toBe('no-store') // SEC-CSP-4, CHL-REP-12
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer') // SEC-URL-6
    expect(headers.get('set-cookie')).toBeNull() // SEC-CSP-8
    expect(headers.get('x-powered-by')).toBeNull()
    for (const [, attributes = ''] of page.matchAll(/<(?:script|style)\b([^>]*)>/g))
      expect(attributes).toContain(`nonce="${nonce}"`)
    expect(page).not.toMatch(/<[^>]+\son[a-z]+\s*=/i)
    expect(page).not.toMatch(/\b(?:src|href)="(?!data:)[^"]/)
  }

  const local = "'self' https: http://127.0.0.1:9441 http:"

  test('challenge and result carry the headers, with a new nonce each (SEC-CSP-1…6, SEC-CSP-8, SEC-URL-6, SEC-URL-7)', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge)
    expectFramed(page, local)
    const again = await opened(sekisho, challenge)
    expect(again.headers.get('content-security-policy')).not.toBe(page.headers.get('content-security-policy'))
    const done = await answered(sekisho, challenge, page, { action: 'cancel' })
    expectFramed(done, local)
    expect([...done.page.matchAll(/<input\b[^>]*name="([^"]+)"/g)].map(([, name]) => name)).toEqual(['cres'])
  })

  test('errors carry them too, and name no shop (SEC-CSP-6)', async () => {
    const closed = "'self' https:"
    expectFramed(await postForm(`${sekisho.acs}/acs/challenge`, { creq: 'x' }), closed)
    expectFramed(await postForm(`${sekisho.acs}/acs/challenge/answer`, { stepToken: 'x' }), closed)
    const got = await fetch(`${sekisho.acs}/acs/challenge`)
    expectFramed({ status: got.status, headers: got.headers, page: await got.text() }, closed)
  })

  test('the 3DS Method page carries them, with the address of its own notification (SEC-URL-4, FLOW-MTH-3)', async () => {
    const threeDSServerTransID = crypto.randomUUID()
    const threeDSMethodData = Buffer.from(
      JSON.stringify({ threeDSServerTransID, threeDSMethodNotificationURL: 'https://3dss.example.test/notify' }),
    ).toString('base64')
    const page = await postForm(`${sekisho.acs}/acs/method`, { threeDSMethodData })
    expect(page.status).toBe(200)
    expectFramed(page, "'self' https: https://3dss.example.test")
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://u:p@127.0.0.1/',
    'https://shop.example.test/#x',
    '//shop',
    'https://a b/',
    '',
  ])('a 3DS Method notification to "%s" gets an error page (SEC-URL-2)', async (threeDSMethodNotificationURL) => {
    const threeDSMethodData = Buffer.from(
      JSON.stringify({ threeDSServerTransID: crypto.randomUUID(), threeDSMethodNotificationURL }),
    ).toString('base64url')
    const page = await postForm(`${sekisho.acs}/acs/method`, { threeDSMethodData })
    expect(page.status).toBe(400)
    expect(page.page).not.toContain('<form')
  })

  test('behind https they say so for good, and name the https shop alone (SEC-CSP-2, SEC-CSP-4)', async () => {
    const challenge = await challenged(secure, ds, { notificationURL: 'https://shop.example.test:8443/notify?a=1&b=2' })
    expect(challenge.ares.acsURL).toBe('https://acs.example.test/acs/challenge')
    const page = await opened(secure, challenge)
    expectFramed(page, "'self' https: https://shop.example.test:8443")
    expect(page.headers.get('strict-transport-security')).toMatch(/^max-age=[0-9]{7,}/)
  })

  test('return to the notificationURL of the AReq, escaped, with its query (SEC-URL-1, SEC-URL-3, ACS-VAL-50)', async () => {
    const notificationURL = `https://shop.example.test/n?a=1&b="><script>'&amp;`
    const challenge = await challenged(sekisho, ds, { notificationURL })
    const page = await opened(sekisho, challenge)
    const done = await answered(sekisho, challenge, page, { action: 'cancel' })
    expect(actionOf(done)).toBe(new URL(notificationURL).href)
    expect(done.page).not.toContain('"><script>')
    expect(done.page.match(/<form/g)).toHaveLength(1)
  })

  test('a hostile host does not end the policy (SEC-CSP-2)', async () => {
    const answer = await post(
      `${sekisho.acs}/acs/areq`,
      browserAReq({
        acctNumber: newChallengeCard(),
        dsURL: ds.url,
        notificationURL: "https://shop;script-src 'unsafe-inline'/",
      }),
    )
    expect(answer.body).toMatchObject({ messageType: 'Erro', errorCode: '203', errorDetail: 'notificationURL' })
  })

  test('show what a merchant writes as text, however hostile (SEC-URL-5)', async () => {
    for (const merchantName of [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "{{7*7}}<%= 7*7 %>#{7*7}'",
      '</style></title><b>',
      '\u202e<svg/onload=1>',
    ]) {
      const challenge = await challenged(sekisho, ds, {
        merchantName,
        threeDSRequestorName: merchantName,
        browserLanguage: 'en',
      })
      const page = await opened(sekisho, challenge)
      expectFramed(page, local)
      expect(page.page).not.toContain(merchantName)
      const merchant = /data-testid="merchant">([^<]*)</.exec(page.page)?.[1] ?? ''
      const read = merchant.replace(
        /&(amp|lt|gt|quot|#39);/g,
        (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
      )
      expect(read).toBe(merchantName)
      const { status, body } = await api(sekisho, `/inbox?acsTransID=${challenge.acsTransID}`)
      expect(status).toBe(200)
      expect(JSON.stringify(body)).toContain(JSON.stringify(merchantName).slice(1, -1))
    }
    const { body } = await api(sekisho, '/inbox?limit=5')
    const pages = ['/inbox', ...(body.messages as Members[]).map(({ id }) => `/inbox/${String(id)}`)]
    const inbox = (await Promise.all(pages.map(async (at) => (await fetch(`${sekisho.acs}${at}`)).text()))).join('')
    expect(inbox).toContain('&lt;script&gt;')
    expect(inbox).not.toContain('<script>alert')
    expect(inbox).not.toContain('<img src=x')
    expect(inbox).not.toContain('<svg/onload')
  })

  test('show the card masked and the contact masked (SEC-B64-3, CHL-UI-8)', async () => {
    const acctNumber = newChallengeCard()
    const challenge = await challenged(sekisho, ds, { acctNumber, email: 'shopper@claim.example' })
    const { page } = await opened(sekisho, challenge)
    expect(page).not.toContain(acctNumber)
    expect(page).not.toContain(acctNumber.slice(0, 10))
    expect(page).toContain(acctNumber.slice(-4))
    expect(page).not.toContain('claim.example')
  })

  test('home and inbox are not framed (SEC-PCI-4)', async () => {
    for (const where of ['/', '/inbox']) {
      const { headers } = await fetch(`${sekisho.acs}${where}`)
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('an AReq whose addresses are no addresses', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
  })
  afterAll(() => sekisho.close())

  test.each([
    'javascript:alert(1)//',
    'data:text/html,x',
    'https://user:pw@shop.example/',
    'https://shop.example/#x',
    'https://shop.example/a b',
    'https://shop.example/\u0000',
    'ftp://shop.example/',
    'https://',
    'shop.example/x',
  ])('is refused: %s (SEC-URL-2, ACS-VAL-49)', async (url) => {
    for (const name of ['notificationURL', 'dsURL']) {
      const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ [name]: url }))
      expect(body, name).toMatchObject({ messageType: 'Erro', errorCode: '203', errorDetail: name })
      expect(JSON.stringify(body)).not.toContain('shop.example')
    }
  })
})

describe('the admin API and the inbox', () => {
  let sekisho: Running
  let guarded: Running
  const token = 'a-token-of-some-length'
  const json = { 'content-type': 'application/json' }

  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
    guarded = await running({ only: ['acs'], adminToken: token })
  })

  afterAll(() => Promise.all([sekisho.close(), guarded.close()]))

  const places = [
    '/api/v1/transactions',
    '/api/v1/inbox',
    '/api/v1/cards',
    '/api/v1/nothing',
    '/inbox',
    '/inbox/1',
    '/',
  ]

  test.each([
    'evil.example',
    'evil.example:9440',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.0.1:9440',
    'localhost@evil.example',
  ])('are closed to a page that points its own name "%s" at this machine (SEC-PCI-4)', async (host) => {
    for (const place of places)
      expect((await raw(`${sekisho.acs}${place}`, { method: 'GET', headers: { host } })).status, place).toBe(403)
  })

  test('are open by the names of this machine, and no other interface asks for a name', async () => {
    const { port } = new URL(sekisho.acs)
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`, 'localhost'])
      expect((await raw(`${sekisho.acs}/api/v1/transactions`, { method: 'GET', headers: { host } })).status, host).toBe(
        200,
      )
    const other = { host: 'acs.example.test', 'content-type': 'application/json' }
    expect(
      (await raw(`${sekisho.acs}/acs/areq`, { headers: other, pieces: [JSON.stringify(browserAReq())] })).status,
    ).toBe(200)
    expect((await raw(`${sekisho.acs}/health/ready`, { method: 'GET', headers: other })).status).toBe(200)
  })

  test.each(['http://evil.example', 'null', 'http://localhost:1', 'https://localhost'])(
    'are closed to a write from the origin %s (SEC-PCI-4)',
    async (origin) => {
      const { status } = await api(sekisho, '/cards', {
        method: 'POST',
        headers: { ...json, origin },
        body: JSON.stringify({ acctNumber: frictionlessCard }),
      })
      expect(status).toBe(403)
    },
  )

  test('take a write from their own origin', async () => {
    const { status } = await api(sekisho, '/cards', {
      method: 'POST',
      headers: { ...json, origin: sekisho.acs },
      body: JSON.stringify({ acctNumber: frictionlessCard }),
    })
    expect(status).toBe(200)
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plain; application/json',
    undefined,
  ])('take no write of type %s, which any page could send', async (type) => {
    const answer = await raw(`${sekisho.acs}/api/v1/cards`, {
      headers: type === undefined ? {} : { 'content-type': type },
      pieces: [JSON.stringify({ acctNumber: frictionlessCard })],
    })
    expect(answer.status).toBe(415)
  })

  test('take a DELETE without a type, which no form can send, and none from another origin (SEC-PCI-4)', async () => {
    const remove = async (headers: Record<string, string>): Promise<number> =>
      (await raw(`${sekisho.acs}/api/v1/stubs`, { method: 'DELETE', headers })).status
    expect(await remove({})).toBe(200)
    expect(await remove({ origin: 'http://evil.example' })).toBe(403)
    expect(await remove({ host: 'evil.example' })).toBe(403)
    expect(await remove({ 'content-type': 'text/plain' })).toBe(415)
  })

  test('refuse what is nested too deeply, and do not fail', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    for (const [to, body] of [
      ['/faults', `{"link":"ACS-DS","message":"ARes","fault":{"kind":"set","element":"eci","value":${deep}}}`],
      ['/stubs', `{"match":{"paths":{"a":{"is":${deep}}}},"then":{"transStatus":"N"}}`],
      ['/scenarios/match', `{"areq":{"a":${deep}}}`],
    ] as const)
      expect([to, await api(sekisho, to, { method: 'POST', headers: json, body })]).toEqual([
        to,
        { status: 400, body: { error: 'nested too deeply', path: '' } },
      ])
  })

  test('answer no cross-origin reader (SEC-PCI-4)', async () => {
    const answer = await raw(`${sekisho.acs}/api/v1/inbox`, {
      method: 'GET',
      headers: { origin: 'http://evil.example' },
    })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    const preflight = await raw(`${sekisho.acs}/api/v1/cards`, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'PUT' },
    })
    expect(preflight.headers['access-control-allow-methods']).toBeUndefined()
    expect(preflight.status).toBe(403)
  })

  test('ask for the token where there is one, as Bearer or as the password of Basic (SEC-PCI-4)', async () => {
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
    for (const place of places.filter((at) => !at.includes('nothing') && at !== '/inbox/1')) {
      for (const authorization of [
        undefined,
        `Bearer ${token}x`,
        'Bearer',
        `Token ${token}`,
        basic(`${token}:`),
        basic('x:y'),
        `Bearer ${token} x`,
      ]) {
        const headers = authorization === undefined ? {} : { authorization }
        const answer = await fetch(`${guarded.acs}${place}`, { headers })
        expect(answer.status, `${place} ${authorization}`).toBe(401)
        // fetch says that it is no navigation: a script asks its user by itself.
        expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Sekisho"')
        expect(await answer.text()).not.toContain(token)
      }
      for (const authorization of [`Bearer ${token}`, `bearer ${token}`, basic(`admin:${token}`), basic(`:${token}`)])
        expect(
          (await fetch(`${guarded.acs}${place}`, { headers: { authorization } })).status,
          `${place} ${authorization}`,
        ).toBe(200)
    }
    expect(guarded.log()).not.toContain(token)
  })

  test('with a token still refuse a write from another origin or of another type', async () => {
    const authorization = `Bearer ${token}`
    const body = JSON.stringify({ acctNumber: frictionlessCard })
    const send = (headers: Record<string, string>) =>
      fetch(`${guarded.acs}/api/v1/cards`, { method: 'POST', headers: { authorization, ...headers }, body })
    expect((await send({ ...json, origin: 'http://evil.example' })).status).toBe(403)
    expect((await send({ 'content-type': 'text/plain' })).status).toBe(415)
    expect((await send(json)).status).toBe(200)
  })

  test('leave messages and pages of the protocol open without a token', async () => {
    const challenge = await challenged(guarded, ds)
    expect((await opened(guarded, challenge)).status).toBe(200)
  })

  test('take bodies of 64 KB and no more, and JSON only (SEC-LIM-2)', async () => {
    const large = await raw(`${sekisho.acs}/api/v1/cards`, {
      headers: json,
      pieces: [`{"acctNumber":"${' '.repeat(70_000)}"}`],
    })
    expect(large.status).toBe(413)
    for (const body of ['{', '"x"', '[]', 'null', '{"acctNumber":{"$gt":""}}']) {
      const answer = await raw(`${sekisho.acs}/api/v1/cards`, { headers: json, pieces: [body] })
      expect(answer.status, body).toBe(400)
      expect(answer.text).not.toMatch(/at |node_modules|src\//)
    }
  })

  test('can be reached by the 3DS Method data of 16 KB and no more (SEC-LIM-2)', async () => {
    const large = await raw(`${sekisho.acs}/acs/method/data`, {
      headers: json,
      pieces: [JSON.stringify({ data: 'x'.repeat(20_000) })],
    })
    expect(large.status).toBe(413)
    expect(large.text).toBe('Bad request\n')
  })
})

describe('a Sekisho that others could reach', () => {
  const problem = (flags: Settings): string => {
    try {
      readConfig({ flags })
      return ''
    } catch (error) {
      if (error instanceof ConfigError) return error.message
      throw error
    }
  }

  test.each(['0.0.0.0', '::', '192.168.1.5', 'acs.example.test', '127.0.0.2.example'])(
    'does not start on %s without a token (SEC-PCI-4)',
    (host) => {
      expect(problem({ host })).toMatch(/^--host .*--admin-token/)
      expect(problem({ host, adminToken: 'a-token-of-some-length' })).toBe('')
      expect(problem({ host, adminToken: 'short' })).toMatch(/^--admin-token is not valid/)
    },
  )

  test.each(['https://acs.example.test', 'http://192.168.1.5:9440'])(
    'does not start as %s without a token: a proxy on this machine would let everybody in (SEC-PCI-4)',
    (publicUrl) => {
      expect(problem({ publicUrl })).toMatch(/^--public-url .*--admin-token/)
      expect(problem({ publicUrl, adminToken: 'a-token-of-some-length' })).toBe('')
    },
  )

  test('starts by the names of this machine without one', () => {
    for (const host of ['localhost', '127.0.0.1', '::1']) expect(problem({ host })).toBe('')
    for (const publicUrl of ['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1'])
      expect(problem({ publicUrl })).toBe('')
  })

  test('takes no seed, whose ids can be foreseen (SEC-PCI-7)', () => {
    expect(problem({ host: '0.0.0.0', adminToken: 'a-token-of-some-length', seed: 'x' })).toMatch(/^--seed /)
    expect(problem({ publicUrl: 'https://acs.example.test', adminToken: 'a-token-of-some-length', seed: 'x' })).toMatch(
      /^--seed /,
    )
    expect(problem({ seed: 'x' })).toBe('')
  })
})

describe('the keys', () => {
  const idOf = async (sekisho: Running): Promise<string> => {
    const { body } = await put(sekisho, '/cards', { acctNumber: frictionlessCard }, 'POST')
    return String(body.id)
  }

  test('are made once, readable by their owner only, and stay over a restart (SEC-PCI-7)', async () => {
    const first = await kept()
    const id = await idOf(first)
    const challenge = await challenged(first, ds)
    await opened(first, challenge, { threeDSSessionData: 'kept' })
    const code = await codeOf(first, challenge)
    await first.close()
    expect(statSync(path.join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
    const keys = JSON.parse(readFileSync(path.join(folder, 'keys.json'), 'utf8')) as Record<string, string>
    expect(new Set(Object.values(keys)).size).toBe(5)
    for (const key of Object.values(keys)) expect(Buffer.from(key, 'base64')).toHaveLength(32)

    const second = await kept()
    expect(await idOf(second)).toBe(id)
    expect(await codeOf(second, challenge)).toBe(code)
    const page = await opened(second, challenge)
    const done = await answered(second, challenge, page, { otp: code })
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
    expect(field(done.page, 'threeDSSessionData')).toBe('kept')
    await second.close()
  })

  test('for card numbers can be configured: one key, one id, in any folder; two keys, two ids', async () => {
    const ids: string[] = []
    for (const panHashKey of ['a-key-for-card-numbers', 'a-key-for-card-numbers', 'another-key-for-cards', undefined]) {
      const sekisho = await running({ only: ['acs'], ...(panHashKey !== undefined && { panHashKey }) })
      ids.push(await idOf(sekisho))
      await sekisho.close()
    }
    expect(ids[0]).toBe(ids[1])
    expect(new Set(ids).size).toBe(3)
  })

  test('of a seed are the same in every run, those of another seed are not', async () => {
    const runs: unknown[] = []
    for (const seed of ['one', 'one', 'two']) {
      const sekisho = await running({ only: ['acs'], seed }, { clock: manualClock(Date.UTC(2026, 0, 15)) })
      const { body } = await post(
        `${sekisho.acs}/acs/areq`,
        browserAReq({
          acctNumber: frictionlessCard,
          threeDSServerTransID: '8a880dc0-d2d2-4067-bcb1-b08d1690b26e',
          dsTransID: 'f25084f0-5b16-4c0a-ae5d-b24808a95e4b',
        }),
      )
      runs.push(body)
      await sekisho.close()
    }
    expect(runs[0]).toEqual(runs[1])
    expect(runs[0]).not.toEqual(runs[2])
  })
})

describe('old data', () => {
  const day = 86_400_000
  const start = Date.UTC(2026, 0, 1)
  const config = () => readConfig({ flags: { acsPort: 0, shopPort: 0, dataDir: folder } })

  test('are removed with all that belongs to them, but not what still owes an RReq (SEC-LIM-5, SEC-PCI-3)', async () => {
    const clock = manualClock(start)
    const sekisho = await kept({}, clock)
    const refused = `http://127.0.0.1:${await closedPort()}/ds/rreq`
    const frictionless = browserAReq({ acctNumber: frictionlessCard })
    await post(`${sekisho.acs}/acs/areq`, frictionless)
    await post(`${sekisho.acs}/acs/areq`, { ...frictionless, mcc: undefined })
    const ended = await challenged(sekisho, ds, { merchantName: 'MARKOLDSHOP' })
    await answered(sekisho, ended, await opened(sekisho, ended), { action: 'cancel' })
    const owing = await challenged(sekisho, ds, { dsURL: refused })
    const page = await opened(sekisho, owing)
    const { card } = await shown(sekisho, owing.acsTransID)
    await answered(sekisho, owing, page, { otp: wrongCode(await codeOf(sekisho, owing)) })
    await answered(sekisho, owing, await opened(sekisho, owing), { action: 'cancel' })
    expect((await shown(sekisho, owing.acsTransID)).delivery).toBe('pending')
    await sekisho.close()

    const later = manualClock(start + 10 * day)
    expect(await pruneData(config(), start - 1)).toBe(0)
    expect(await pruneData(config(), start + day)).toBe(2)
    expect(await pruneData(config(), start + day)).toBe(0)

    const again = await kept({}, later)
    const { body } = await api(again, '/transactions')
    expect((body.transactions as Members[]).map(({ acsTransID }) => acsTransID)).toEqual([owing.acsTransID])
    expect((await api(again, `/transactions/${ended.acsTransID}`)).status).toBe(404)
    expect((await api(again, '/inbox')).body.messages).toHaveLength(1)
    // What belongs to the issuer stays: the card and its wrong codes.
    expect((await api(again, `/cards/${String(card)}`)).body).toMatchObject({ failures: 1 })
    // Ids that were removed are new again; those that stayed are not.
    expect((await post(`${again.acs}/acs/areq`, frictionless)).body.messageType).toBe('ARes')
    expect((await post(`${again.acs}/acs/areq`, owing.areq)).body).toMatchObject({ errorCode: '301' })
    await again.close()
  })

  test('that still owe an RReq are gone once it was given up', async () => {
    const clock = manualClock(start)
    const sekisho = await kept({}, clock)
    const owing = await challenged(sekisho, ds, { dsURL: `http://127.0.0.1:${await closedPort()}/x` })
    clock.advance(30_000)
    await until(async () => (await shown(sekisho, owing.acsTransID)).delivery === 'pending')
    await sekisho.close()
    expect(await pruneData(config(), start + day)).toBe(0)
    // The next start tries again, finds the time over, and gives up.
    const again = await kept({}, manualClock(start + day))
    await until(async () => (await shown(again, owing.acsTransID)).delivery === 'gaveUp')
    await again.close()
    expect(await pruneData(config(), start + day)).toBe(1)
  })

  test('are told in one line when the folder holds no database', async () => {
    writeFileSync(
      path.join(folder, 'sekisho.sqlite'),
      'this is no database, though it is longer than a header of one hundred bytes, so that it is looked at',
    )
    await expect(pruneData(config(), start)).rejects.toThrow(/^The database in .* cannot be read/)
  })
})

test('a run leaves no RReq to the DS but those of its challenges', () => {
  for (const { message } of ds.received) expect(['RReq', 'Erro']).toContain(message.messageType)
  expect(rreqsOf(ds, 'x')).toEqual([])
})
