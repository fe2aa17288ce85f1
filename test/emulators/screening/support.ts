// A screening service on a real port, and a shop that signs.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { OrderToScreen } from '../../../src/emulators/screening/api.ts'
import { createScreening, type ScreeningOptions } from '../../../src/emulators/screening/screening.ts'
import { openScreeningStore } from '../../../src/emulators/screening/store.ts'
import { webhookHeaders } from '../../../src/protocol/crypto/webhook-signature.ts'

export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const silentLog = {
  info: () => {},
  warn: () => {},
  error: (fields: object, message: string) => console.error(message, fields),
}

export interface Told {
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Record<string, unknown>
}

/** An issuer's hook that takes everything. */
export async function startHook(status = 200) {
  const told: Told[] = []
  const server = http.createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    told.push({
      path: req.url ?? '',
      headers: req.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
    })
    res.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    told,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export async function startService(options: Partial<ScreeningOptions> = {}) {
  const store = openScreeningStore(':memory:')
  const app = express()
  app.use(
    '/screening',
    createScreening({
      store,
      secret,
      clock: Date.now,
      uuid: randomUUID,
      log: silentLog,
      mayOperate: (_req, _res, next) => next(),
      ...options,
    }),
  )
  const server = http.createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/screening`
  const clock = options.clock ?? Date.now
  async function send(path: string, message: unknown, change: Readonly<Record<string, string>> = {}) {
    const body = typeof message === 'string' ? message : JSON.stringify(message)
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        ...webhookHeaders(secret, `msg_${randomUUID()}`, clock(), body),
        'content-type': 'application/json',
        ...change,
      },
      body,
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown> | undefined,
    }
  }
  async function page(path: string, form?: Readonly<Record<string, string>>) {
    const response = await fetch(`${url}${path}`, {
      ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
      headers: { 'accept-language': 'en' },
    })
    return { status: response.status, html: await response.text(), path: new URL(response.url).pathname }
  }
  return {
    url,
    store,
    send,
    page,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      store.close()
    },
  }
}
export type Running = Awaited<ReturnType<typeof startService>>

/** Hanako at home: nothing speaks against her. */
export const goodOrder = (change: Partial<OrderToScreen> = {}): OrderToScreen => ({
  orderId: randomUUID(),
  threeDSServerTransID: randomUUID(),
  merchant: { acquirerMerchantID: 'HAKONE-0001', name: 'Hakone Goods' },
  amount: { minor: '1480', currency: '392', exponent: 0 },
  items: [{ productId: 'coffee', name: 'Coffee beans', quantity: 1, amount: '1480' }],
  buyer: {
    name: 'Hanako Yamada',
    kanji: '山田 花子',
    kana: 'ヤマダ ハナコ',
    email: 'hanako@example.com',
    phone: { cc: '81', subscriber: '9012340311' },
  },
  billing: { line1: '1-2-3 Yumoto', city: 'Hakone', state: '14', postCode: '250-0311', country: '392' },
  delivery: { line1: '1-2-3 Yumoto', city: 'Hakone', state: '14', postCode: '250-0311', country: '392' },
  device: {
    ip: '192.0.2.21',
    userAgent: 'Mozilla/5.0 home',
    language: 'ja',
    timeZone: -540,
    screen: '1920x1080',
  },
  ...change,
})

/** All signs of a thief. */
export const badOrder = (): OrderToScreen => {
  const good = goodOrder()
  return {
    ...good,
    buyer: { ...good.buyer, email: 'h.yamada.2291@gmail.co.jo', kana: 'スズキ イチロウ' },
    delivery: {
      line1: 'Parcel Relay, Box 118',
      city: 'Osaka',
      state: '27',
      postCode: '530-0001',
      country: '392',
    },
    device: {
      ip: '198.51.100.9',
      userAgent: 'Mozilla/5.0 other',
      language: 'en-US',
      timeZone: 300,
      screen: '1366x768',
    },
  }
}

/** Doubtful, and no more. */
export const doubtfulOrder = (): OrderToScreen => {
  const good = goodOrder()
  return {
    ...good,
    buyer: { name: 'Hanako Yamada', email: 'qzxkvw7h3k9x@example.com' },
    delivery: { ...good.billing, line1: 'Parcel Relay, Box 118' },
  }
}
