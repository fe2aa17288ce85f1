// A DS, a 3DS Server and a shop on real loopback ports, with stand-ins for the parties under no test of ours.
import { randomUUID } from 'node:crypto'
import http, { type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createDs } from '../../../src/emulators/ds/ds.ts'
import type { DsOptions, DsRoute } from '../../../src/emulators/ds/options.ts'
import type { ShopOptions } from '../../../src/emulators/shop/options.ts'
import { createShop } from '../../../src/emulators/shop/shop.ts'
import { type EmulatorStore, openEmulatorStore } from '../../../src/emulators/store.ts'
import type { ThreeDSServerOptions } from '../../../src/emulators/threeds-server/options.ts'
import { createThreeDSServer } from '../../../src/emulators/threeds-server/threeds-server.ts'

export type Message = Record<string, unknown>

/** What a stand-in received, in order. */
interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly message: Message
}

/** What a stand-in answers: a message, or exact bytes, with a status other than 200 if wanted. `undefined`: never. */
export type Answer =
  | { readonly message: object; readonly status?: number }
  | { readonly bytes: Buffer; readonly status?: number }
  | 'drop'
  | 'silence'

export type Script = (message: Message, path: string) => Answer | Promise<Answer>

export interface StandIn {
  readonly url: string
  readonly received: Received[]
  script: Script
  /** Waits until `count` messages have come. */
  has(count: number): Promise<readonly Received[]>
  close(): Promise<void>
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 4_000
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited in vain')
    await pause(5)
  }
}

const listen = (server: http.Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })

const close = (server: http.Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** A party that plays a script, over real HTTP. */
export async function startStandIn(script: Script): Promise<StandIn> {
  const received: Received[] = []
  const server = http.createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    const message = JSON.parse(bytes.toString('utf8')) as Message
    const path = req.url ?? ''
    received.push({ path, headers: req.headers, bytes, message })
    const answer = await standIn.script(message, path)
    if (answer === 'silence') return
    if (answer === 'drop') {
      req.socket.destroy()
      return
    }
    const body = 'bytes' in answer ? answer.bytes : Buffer.from(JSON.stringify(answer.message))
    res.writeHead(answer.status ?? 200, { 'content-type': 'application/json; charset=utf-8' }).end(body)
  })
  const url = await listen(server)
  const standIn: StandIn = {
    url,
    received,
    script,
    async has(count) {
      await until(() => received.length >= count)
      return received
    },
    close: () => close(server),
  }
  return standIn
}

const silentLog = { info: () => {}, warn: () => {}, error: () => {} }

/** A log that keeps every line as JSON. */
export function keptLog() {
  const lines: string[] = []
  const keep = (fields: object, message: string): void => {
    lines.push(JSON.stringify({ ...fields, message }))
  }
  return { lines, log: { info: keep, warn: keep, error: keep } }
}

export interface Served {
  readonly url: string
  close(): Promise<void>
}

/** An app on a free port; `mount` gets the address before anybody can call. */
async function serve(mount: (app: express.Express, url: string) => void): Promise<Served> {
  const app = express()
  const server = http.createServer(app)
  const url = await listen(server)
  mount(app, url)
  return { url, close: () => close(server) }
}

export const cardRange = { from: '400000', to: '400009' } as const
export const dsReferenceNumber = '3DS_LOA_DIS_TEST_020200_00001'
export const acsReferenceNumber = '3DS_LOA_ACS_TEST_020200_00001'

export function startDs(store: EmulatorStore, acsUrl: string, options: Partial<DsOptions> = {}): Promise<Served> {
  const routes: readonly DsRoute[] = [{ ...cardRange, acsUrl, scheme: 'visa' }]
  return serve((app, url) => {
    app.use(
      '/ds',
      createDs({
        store,
        profile: 'strict',
        routes: () => routes,
        dsUrl: `${url}/ds/rreq`,
        referenceNumber: dsReferenceNumber,
        clock: Date.now,
        uuid: randomUUID,
        log: silentLog,
        ...options,
      }),
    )
  })
}

interface MerchantSide {
  readonly threeDSServer?: Partial<ThreeDSServerOptions>
  readonly shop?: Partial<ShopOptions>
}

/** 3DS Server and shop on one site, as they run in the product. */
export function startMerchantSide(
  store: EmulatorStore,
  dsUrl: string,
  { threeDSServer = {}, shop = {} }: MerchantSide = {},
): Promise<Served> {
  const common = { store, clock: Date.now, uuid: randomUUID, log: silentLog }
  return serve((app, url) => {
    app.use(
      '/3ds-server',
      createThreeDSServer({
        ...common,
        ranges: () => [cardRange],
        dsUrl,
        publicUrl: `${url}/3ds-server`,
        profile: 'strict',
        ...threeDSServer,
      }),
    )
    app.use(
      '/shop',
      createShop({
        ...common,
        threeDSServerUrl: `${url}/3ds-server`,
        publicUrl: `${url}/shop`,
        acsPublicOrigin: 'http://localhost:9440',
        cards: [],
        processingScreenMs: 0,
        ...shop,
      }),
    )
  })
}

export { openEmulatorStore }

/** Posts a 3DS message as another party would. */
export async function post(url: string, body: object | Buffer | string) {
  const bytes = typeof body === 'string' ? body : Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body)
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: bytes,
  })
  const answered = Buffer.from(await response.arrayBuffer())
  return {
    status: response.status,
    headers: response.headers,
    bytes: answered,
    message: (answered.length === 0 ? undefined : JSON.parse(answered.toString('utf8'))) as Message | undefined,
  }
}

/** What a 2.3.1 AReq has that the base lacks, or otherwise (VER-23-5, VER-23-18, VER-23-19). */
const newest: Message = {
  messageVersion: '2.3.1',
  acquirerCountryCode: '392',
  acquirerCountryCodeSource: '01',
  acceptLanguage: ['ja'],
}

/** What a 2.1.0 AReq has that the base lacks (VER-22-6). */
const oldest: Message = {
  messageVersion: '2.1.0',
  browserJavascriptEnabled: undefined,
  browserJavaEnabled: false,
  browserColorDepth: '24',
  browserScreenHeight: '900',
  browserScreenWidth: '1440',
  browserTZ: '-540',
}

/** Changes that make the AReq of `areqOf` one of another version. */
export const inVersion = (version: string): Message => ({ '2.1.0': oldest, '2.3.1': newest })[version] ?? {}

/** An AReq as a 3DS Server sends it. */
export const areqOf = (threeDSServerURL: string, change: Message = {}): Message => ({
  messageType: 'AReq',
  messageVersion: '2.2.0',
  threeDSServerTransID: randomUUID(),
  threeDSRequestorID: 'REQ-0001',
  threeDSRequestorName: 'Example Shop',
  threeDSRequestorURL: 'https://shop.example.com/contact',
  threeDSServerRefNumber: '3DS_LOA_SER_TEST_020200_00001',
  threeDSServerURL,
  deviceChannel: '02',
  messageCategory: '01',
  threeDSCompInd: 'Y',
  threeDSRequestorAuthenticationInd: '01',
  acctNumber: '4000000000000002',
  acquirerBIN: '400001',
  acquirerMerchantID: 'MID-000001',
  mcc: '5411',
  merchantCountryCode: '392',
  merchantName: 'Example Shop',
  purchaseAmount: '12345',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  purchaseDate: '20250401101530',
  browserAcceptHeader: 'text/html',
  browserJavascriptEnabled: false,
  browserLanguage: 'ja',
  browserUserAgent: 'Mozilla/5.0',
  notificationURL: 'https://3dss.example.com/notify',
  ...change,
})

export const authenticationValue = 'WZ/CtO2HspRfbD1v5s8E6slW15U='

const statusElements: Record<string, Message> = {
  Y: { eci: '05', authenticationValue },
  A: { eci: '06', authenticationValue },
  N: { transStatusReason: '01', eci: '07' },
  U: { transStatusReason: '22' },
  R: { transStatusReason: '11' },
  I: { eci: '07' },
  C: { acsChallengeMandated: 'N', acsURL: 'http://localhost:9440/acs/challenge', authenticationType: '02' },
}

/** What an ARes D says in a version (RES-DEC-2). */
const decoupledElements = (isNewest: boolean): Message => ({
  acsChallengeMandated: 'N',
  acsDecConInd: 'Y',
  cardholderInfo: isNewest ? { text: 'Please confirm in your app.' } : 'Please confirm in your app.',
  ...(isNewest ? { authenticationMethod: ['12'] } : { authenticationType: '04' }),
})

/** Elements of a status in a version (VER-23-4). */
function elementsOf(transStatus: string, version: unknown): Message {
  const isNewest = version === '2.3.1'
  if (transStatus === 'D') return decoupledElements(isNewest)
  const { authenticationType, ...rest } = statusElements[transStatus] ?? {}
  if (authenticationType === undefined) return rest
  return isNewest ? { ...rest, authenticationMethod: ['02'] } : { ...rest, authenticationType }
}

/** The ARes to an AReq as the ACS received it. */
export const aresTo = (areq: Message, transStatus: string, change: Message = {}): Message => ({
  messageType: 'ARes',
  messageVersion: areq.messageVersion,
  threeDSServerTransID: areq.threeDSServerTransID,
  dsTransID: areq.dsTransID ?? randomUUID(),
  acsTransID: randomUUID(),
  dsReferenceNumber: areq.dsReferenceNumber ?? dsReferenceNumber,
  acsReferenceNumber,
  transStatus,
  ...elementsOf(transStatus, areq.messageVersion),
  ...change,
})

/** The RReq that follows an ARes. */
export const rreqTo = (ares: Message, transStatus = 'Y', change: Message = {}): Message => ({
  messageType: 'RReq',
  messageVersion: ares.messageVersion,
  messageCategory: '01',
  threeDSServerTransID: ares.threeDSServerTransID,
  acsTransID: ares.acsTransID,
  dsTransID: ares.dsTransID,
  transStatus,
  ...(ares.messageVersion === '2.3.1' ? { authenticationMethod: ['02'] } : { authenticationType: '02' }),
  interactionCounter: '01',
  ...(transStatus === 'Y' ? { eci: '05', authenticationValue } : { transStatusReason: '01' }),
  ...change,
})

export const rresTo = (rreq: Message, change: Message = {}): Message => ({
  messageType: 'RRes',
  messageVersion: rreq.messageVersion,
  threeDSServerTransID: rreq.threeDSServerTransID,
  acsTransID: rreq.acsTransID,
  dsTransID: rreq.dsTransID,
  resultsStatus: '01',
  ...change,
})

export const erro = (errorComponent: string, errorCode: string, about: Message = {}): Message => ({
  messageType: 'Erro',
  messageVersion: '2.2.0',
  errorCode,
  errorComponent,
  errorDescription: 'description',
  errorDetail: 'detail',
  ...about,
})
