// TLS: the loop over https with mutual TLS among servers, who is let in, and certificates over their lives. Spec: SEC-TLS.
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepCertificates } from '../../src/tls/keep.ts'
import { makeCa, makeCertificate, type Pair } from '../../src/tls/make.ts'
import { challenged, codeFromInbox, enter, pay, person, resultPage } from '../e2e/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { browserAReq, challengeCard, frictionlessCard } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { call, failure, shake } from './support.ts'

const year = 365 * 86_400_000
const secure = { tls: true, mtlsPort: 0 } as const
const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-tls-'))
  folders.push(folder)
  return folder
}

let dataDir: string
let sekisho: Running
let ca: string
let browser: Browser | undefined

const client = (name: string): Pair => {
  const both = readFileSync(path.join(dataDir, 'tls', `client-${name}.pem`), 'utf8')
  return { certificate: both, key: both }
}
const showing = ({ certificate, key }: Pair) => ({ ca, cert: certificate, key })
const spkiOf = (certificate: X509Certificate): string =>
  createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')

beforeAll(async () => {
  dataDir = newFolder()
  sekisho = await running(
    { ...secure, ephemeral: false, dataDir },
    { shop: { processingScreenMs: 0, methodWithinMs: 8_000, returnWithinMs: 4_000 } },
  )
  ca = readFileSync(path.join(dataDir, 'tls', 'ca.pem'), 'utf8')
  const hashes = ['server-ec', 'server-rsa'].map((name) =>
    spkiOf(new X509Certificate(readFileSync(path.join(dataDir, 'tls', `${name}.pem`)))),
  )
  if (hasChromium) browser = await launchChromium(`--ignore-certificate-errors-spki-list=${hashes.join(',')}`)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await sekisho?.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe('the loop over https', () => {
  test.runIf(hasChromium)(
    'a payment with a challenge passes in a browser; every address in its messages is https',
    async ({ onTestFinished }) => {
      if (browser === undefined) throw new Error('no browser')
      const someone = await person(browser, sekisho)
      onTestFinished(() => someone.leave())
      expect(sekisho.shop).toMatch(/^https:\/\/127\.0\.0\.1:/)
      const acsTransID = await challenged(someone, { card: challengeCard, cart: { coffee: 1 } })
      await enter(someone, await codeFromInbox(someone, acsTransID))
      expect(await resultPage(someone)).toMatchObject({ outcome: 'Y' })
      expect(someone.complaints).toEqual([])
      const { text } = await call(`${sekisho.acs}/api/v1/transactions/${acsTransID}`, { ca })
      expect(text).toContain(`"dsURL":"${sekisho.urls.servers}/ds/rreq"`)
      expect(text).toContain(`"threeDSServerURL":"${sekisho.urls.servers}/3ds-server/results"`)
      expect(text).not.toContain('http://')
    },
    60_000,
  )

  test.runIf(hasChromium)('the 3DS Method runs and a frictionless payment passes', async ({ onTestFinished }) => {
    if (browser === undefined) throw new Error('no browser')
    const someone = await person(browser, sekisho)
    onTestFinished(() => someone.leave())
    await pay(someone, { card: frictionlessCard, cart: { coffee: 1 } })
    expect(await resultPage(someone)).toMatchObject({ outcome: 'Y' })
    expect(someone.complaints).toEqual([])
  })

  test('a client that trusts the exported CA believes every port; one that does not, none', async () => {
    for (const url of [`${sekisho.acs}/health/ready`, `${sekisho.shop}/shop`]) {
      expect((await call(url, { ca })).status).toBe(200)
      expect(await failure(call(url))).toMatch(/SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/)
    }
    for (const base of [sekisho.acs, sekisho.shop]) expect((await call(`${base}/ca.pem`, { ca })).text).toBe(ca)
  })

  test('nothing that is kept or logged holds a private key, and keys are for their owner only', () => {
    expect(sekisho.log()).not.toContain('PRIVATE KEY')
    const folder = path.join(dataDir, 'tls')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(folder)) {
      const isSecret = readFileSync(path.join(folder, file), 'utf8').includes('PRIVATE KEY')
      expect(isSecret).toBe(file !== 'ca.pem')
      if (isSecret) expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600)
    }
  })

  test('pages and the API send no word that would make localhost https for ever', async () => {
    for (const url of [`${sekisho.acs}/`, `${sekisho.acs}/console`, `${sekisho.acs}/inbox`])
      expect((await call(url, { ca })).headers['strict-transport-security']).toBeUndefined()
  })

  test('home and console say that links are encrypted, and without --tls that they are not', async () => {
    expect((await call(`${sekisho.acs}/`, { ca })).text).not.toContain('data-testid="not-encrypted"')
    const shell = (await call(`${sekisho.acs}/console`, { ca })).text
    expect(shell).toContain('data-tls="on"')
    expect(shell).toContain(`data-servers="${sekisho.urls.servers}"`)
    const open = await running()
    try {
      expect((await call(`${open.acs}/`)).text).toContain('data-testid="not-encrypted"')
      expect((await call(`${open.acs}/console`)).text).toContain('data-tls="off"')
      expect((await call(`${open.acs}/ca.pem`)).status).toBe(404)
    } finally {
      await open.close()
    }
  })
})

describe('what is spoken (SEC-TLS-1)', () => {
  test('TLS 1.3, and TLS 1.2 with ECDHE and AES-GCM for keys of both kinds', async () => {
    expect(await shake(sekisho.acs, { ca })).toMatch(/^TLSv1\.3 TLS_AES_/)
    const old = { ca, maxVersion: 'TLSv1.2' } as const
    for (const [offered, agreed] of [
      ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
    ] as const)
      expect(await shake(sekisho.acs, { ...old, ciphers: offered })).toBe(`TLSv1.2 ${agreed}`)
  })

  test('nothing older and nothing weaker', async () => {
    const weak = { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    expect(await shake(sekisho.acs, weak)).toMatch(/ERR_SSL|ECONNRESET/)
    for (const ciphers of ['AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'AES128-GCM-SHA256'])
      expect(await shake(sekisho.acs, { ca, maxVersion: 'TLSv1.2', ciphers })).toMatch(/ERR_SSL|ECONNRESET/)
  })
})

describe('servers among themselves (SEC-TLS-2, SEC-TLS-3)', () => {
  const areq = () => browserAReq({ acctNumber: frictionlessCard })

  test('a DS with a certificate of our CA is answered with an ARes', async () => {
    const url = `${sekisho.urls.servers}/acs/areq`
    for (const round of [1, 2]) {
      const answer = await call(url, { ...showing(client('ds')), body: areq() })
      expect([round, answer.status, answer.json().messageType]).toEqual([round, 200, 'ARes'])
    }
  })

  test('without a certificate there is no connection, and the log says why', async () => {
    expect(await failure(call(`${sekisho.urls.servers}/acs/areq`, { ca, body: areq() }))).toMatch(/ERR_SSL|ECONNRESET/)
    expect(sekisho.log()).toContain('a client certificate of our CA or of --tls-ca is needed')
  })

  test('a certificate of a stranger is none, even if its names are ours', async () => {
    const foreign = await makeCertificate(
      await makeCa(Date.now()),
      { for: 'client', name: 'Sekisho DS', role: 'ds' },
      Date.now(),
    )
    const posting = call(`${sekisho.urls.servers}/acs/areq`, { ...showing(foreign), body: areq() })
    expect(await failure(posting)).toMatch(/ERR_SSL|ECONNRESET/)
  })

  test.each([
    ['/acs/areq', 'ds'],
    ['/ds/areq', '3ds-server'],
    ['/ds/rreq', 'acs'],
    ['/3ds-server/results', 'ds'],
  ])('%s is for the %s alone: a good chain is not enough', async (at, role) => {
    for (const name of ['acs', 'ds', '3ds-server']) {
      const { status } = await call(`${sekisho.urls.servers}${at}`, { ...showing(client(name)), body: {} })
      expect([name, status]).toEqual([name, name === role ? 200 : 403])
    }
  })

  test('a server certificate cannot be used to come in', async () => {
    const url = `${sekisho.urls.servers}/acs/areq`
    const both = readFileSync(path.join(dataDir, 'tls', 'server-ec.pem'), 'utf8')
    expect(await failure(call(url, { ca, cert: both, key: both, body: {} }))).toMatch(/ERR_SSL|ECONNRESET/)
  })

  test('nothing else is served on this port', async () => {
    for (const at of ['/', '/inbox', '/api/v1/transactions', '/console', '/shop', '/health/ready', '/acs/challenge'])
      expect((await call(`${sekisho.urls.servers}${at}`, showing(client('ds')))).status).toBe(404)
  })

  test('the ports of browsers say where these messages go, however the path is written', async () => {
    for (const url of [`${sekisho.acs}/acs/areq`, `${sekisho.acs}/ds/areq`, `${sekisho.shop}/3ds-server/results`]) {
      const { status, text } = await call(url, { ca, body: areq() })
      expect(status).toBe(403)
      expect(text).toContain(`${sekisho.urls.servers}${new URL(url).pathname}`)
    }
    for (const at of ['/DS/AREQ', '/ds/areq/', '/ds//areq', '//ds/areq', '/ds/%61req', '/acs/../ds/areq', '/Acs/Areq'])
      expect((await call(sekisho.acs, { ca, path: at, body: areq() })).status).not.toBe(200)
  })
})

describe("the operator's own certificates", () => {
  test('are shown to browsers, and clients of the own CA come in by name', async ({ onTestFinished }) => {
    const folder = newFolder()
    const now = Date.now()
    const company = await makeCa(now)
    const server = await makeCertificate(
      company,
      { for: 'server', keyType: 'rsa', names: ['localhost', 'sekisho.test', '127.0.0.1'] },
      now,
    )
    const [known, unknown] = await Promise.all(
      ['Shop DS', 'Other DS'].map((name) => makeCertificate(company, { for: 'client', name, role: 'any' }, now)),
    )
    if (known === undefined || unknown === undefined) throw new Error('not made')
    const file = (name: string, text: string): string => {
      writeFileSync(path.join(folder, name), text)
      return path.join(folder, name)
    }
    const house = await running({
      mtlsPort: 0,
      tlsCert: file('server.pem', server.certificate),
      tlsKey: file('server-key.pem', server.key),
      tlsCa: file('company.pem', company.certificate),
      mtlsClients: ['Shop DS'],
    })
    onTestFinished(() => house.close())
    const trusting = { ca: company.certificate }
    expect((await call(`${house.acs}/health/ready`, trusting)).status).toBe(200)
    expect((await call(`${house.shop}/shop`, trusting)).status).toBe(200)
    const areq = (pair: Pair) =>
      call(`${house.urls.servers}/acs/areq`, {
        ...trusting,
        cert: pair.certificate,
        key: pair.key,
        body: browserAReq({ acctNumber: frictionlessCard }),
      })
    expect((await areq(known)).json()).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
    expect((await areq(unknown)).status).toBe(403)
    // The parties of the house still meet each other.
    const { merchantName, browserAcceptHeader } = browserAReq()
    const paid = await call(`${house.shop}/3ds-server/authenticate`, {
      ...trusting,
      body: { areq: requestorAReq({ merchantName, browserAcceptHeader }) },
    })
    expect(paid.json()).toMatchObject({ settledBy: 'ARes', transStatus: 'Y' })
  })

  test('that have expired are told of at the start', async ({ onTestFinished }) => {
    const folder = newFolder()
    const old = Date.now() - 3 * year
    const wanted = { for: 'server', keyType: 'ec', names: ['localhost'] } as const
    const pair = await makeCertificate(await makeCa(old), wanted, old)
    const files = { tlsCert: path.join(folder, 'cert.pem'), tlsKey: path.join(folder, 'key.pem') }
    writeFileSync(files.tlsCert, pair.certificate)
    writeFileSync(files.tlsKey, pair.key)
    const late = await running({ ...secure, ...files, only: ['acs'] })
    onTestFinished(() => late.close())
    expect(late.log()).toContain('TLS: this certificate has expired')
    expect(late.log()).not.toContain('PRIVATE')
  })

  test('a key that belongs to another certificate, or a file that holds none, ends the start in one line', async () => {
    const folder = newFolder()
    const [one, other] = [await makeCa(Date.now()), await makeCa(Date.now())]
    const at = (name: string): string => path.join(folder, name)
    writeFileSync(at('one.pem'), one.certificate)
    writeFileSync(at('other.key'), other.key)
    const start = (tlsCert: string, tlsKey: string) => running({ mtlsPort: 0, tlsCert, tlsKey })
    await expect(start(at('one.pem'), at('other.key'))).rejects.toThrow(
      /other\.key is not the private key .* of .*one\.pem/,
    )
    await expect(start(at('other.key'), at('other.key'))).rejects.toThrow(/other\.key does not hold a certificate/)
    await expect(start(at('none.pem'), at('other.key'))).rejects.toThrow(/none\.pem cannot be read \(ENOENT\)/)
  })
})

/** An AReq as a merchant's back end gives it to the 3DS Server. */
function requestorAReq(change: Readonly<Record<string, unknown>>) {
  const own = ['messageType', 'messageVersion', 'deviceChannel', 'messageCategory', 'notificationURL', 'threeDSCompInd']
  const all = browserAReq({ acctNumber: frictionlessCard, ...change })
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !own.includes(name) && !/^(ds|threeDSServer)/.test(name)),
  )
}

describe('certificates over their lives', () => {
  const names = ['localhost', '127.0.0.1', '::1']
  const serials = ({ servers, clients }: Awaited<ReturnType<typeof keepCertificates>>) =>
    [...servers, ...Object.values(clients)].map(({ certificate }) => new X509Certificate(certificate).serialNumber)

  test('a restart keeps the CA and all certificates', async () => {
    const folder = newFolder()
    const now = Date.now()
    const first = await keepCertificates({ folder, names, now })
    const second = await keepCertificates({ folder, names, now: now + 86_400_000 })
    expect(second.ca).toEqual(first.ca)
    expect(serials(second)).toEqual(serials(first))
    expect(second.made).toEqual([])
  })

  test('a name with a star is kept as others are', async () => {
    const folder = newFolder()
    const starred = { folder, names: ['localhost', '*.sekisho.test'], now: Date.now() }
    const first = await keepCertificates(starred)
    const second = await keepCertificates(starred)
    expect(second.made).toEqual([])
    expect(serials(second)).toEqual(serials(first))
  })

  test('another host name renews what browsers see, and keeps the names before', async () => {
    const folder = newFolder()
    const now = Date.now()
    const first = await keepCertificates({ folder, names, now })
    const second = await keepCertificates({ folder, names: ['sekisho.test', '10.1.2.3'], now })
    expect(second.ca).toEqual(first.ca)
    expect(second.made).toEqual(['server-ec.pem', 'server-rsa.pem'])
    for (const { certificate } of second.servers) {
      const shown = new X509Certificate(certificate)
      for (const host of ['localhost', 'sekisho.test']) expect(shown.checkHost(host)).toBe(host)
      for (const address of ['127.0.0.1', '::1', '10.1.2.3']) expect(shown.checkIP(address)).toBe(address)
    }
  })

  test('what is about to expire is renewed, and the CA with all that it made when its own time comes', async () => {
    const folder = newFolder()
    const now = Date.now()
    const old = await keepCertificates({ folder, names, now: now - year })
    const fresh = await keepCertificates({ folder, names, now: now + 5 * 86_400_000 })
    expect(fresh.ca).toEqual(old.ca)
    expect(fresh.made).toHaveLength(5)
    for (const { certificate } of fresh.servers)
      expect(Date.parse(new X509Certificate(certificate).validTo)).toBeGreaterThan(now + 300 * 86_400_000)
    const next = await keepCertificates({ folder, names, now: now + 10 * year })
    expect(next.ca).not.toEqual(old.ca)
    expect(next.made).toHaveLength(6)
    expect(readFileSync(path.join(folder, 'ca.pem'), 'utf8')).toBe(next.ca.certificate)
  })

  test('a damaged certificate is made anew; a damaged CA is not, and says so', async () => {
    const folder = newFolder()
    const now = Date.now()
    const { ca: first } = await keepCertificates({ folder, names, now })
    writeFileSync(path.join(folder, 'server-ec.pem'), 'half a certif')
    rmSync(path.join(folder, 'client-ds.pem'))
    const mended = await keepCertificates({ folder, names, now })
    expect(mended.ca).toEqual(first)
    expect(mended.made).toEqual(['server-ec.pem', 'client-ds.pem'])
    writeFileSync(path.join(folder, 'ca-key.pem'), first.certificate)
    await expect(keepCertificates({ folder, names, now })).rejects.toThrow(/ca-key\.pem does not hold a CA and its key/)
    await expect(running({ ...secure, tlsDir: folder })).rejects.toThrow(/ca-key\.pem does not hold a CA/)
  })

  test('two that begin at once agree on one CA', async () => {
    const folder = newFolder()
    const now = Date.now()
    const all = await Promise.all([1, 2, 3].map(() => keepCertificates({ folder, names, now })))
    expect(new Set(all.map(({ ca: { certificate } }) => certificate)).size).toBe(1)
    const left = readdirSync(folder).filter((name) => !name.endsWith('.pem'))
    expect(left).toEqual([])
    const { ca: kept } = await keepCertificates({ folder, names, now })
    expect(kept).toEqual(all[0]?.ca)
  })

  test('the made server certificates are good for OpenSSL’s own check of name and purpose', () => {
    const folder = path.join(dataDir, 'tls')
    for (const file of ['server-ec.pem', 'server-rsa.pem']) {
      const certificate = new X509Certificate(readFileSync(path.join(folder, file)))
      expect(certificate.ca).toBe(false)
      expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
      expect(tls.checkServerIdentity('localhost', certificate.toLegacyObject())).toBeUndefined()
      expect(tls.checkServerIdentity('elsewhere.test', certificate.toLegacyObject())).toBeInstanceOf(Error)
    }
  })
})
