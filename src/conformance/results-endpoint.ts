// The DS's side of the results: takes RReqs and Erros of the ACS under test, and answers as a trial wants. Spec: section 5.1.7; FLOW-S-2.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { objectIn } from './json.ts'
import type { Members } from './world.ts'

/** An RRes as text, or a status without one. */
export type Reply = { readonly body: string } | { readonly status: number }

export interface Arrived {
  readonly message: Members
  readonly text: string
  readonly contentType: string
}

export interface ResultsEndpoint {
  /** Goes into the AReqs as dsURL. */
  readonly url: string
  /** What has come for a transaction, in its order. */
  arrivedFor(acsTransID: string): readonly Arrived[]
  /** Resolves with the first message of the type for the transaction; undefined when none came in time. */
  next(acsTransID: string, messageType: string, withinMs: number): Promise<Arrived | undefined>
  /** How the next RReq of the transaction is answered; otherwise with an RRes as it should be. */
  answerWith(acsTransID: string, reply: (rreq: Members) => Reply): void
  close(): Promise<void>
}

const bodyLimit = 1024 * 1024

/** The RRes that fits an RReq (FLOW-S-2). */
export const rresFor = (rreq: Members): Members => ({
  messageType: 'RRes',
  messageVersion: rreq.messageVersion,
  threeDSServerTransID: rreq.threeDSServerTransID,
  acsTransID: rreq.acsTransID,
  dsTransID: rreq.dsTransID,
  ...(rreq.sdkTransID !== undefined && { sdkTransID: rreq.sdkTransID }),
  resultsStatus: '01',
})

export async function listenForResults(options: {
  readonly host: string
  readonly port: number
  readonly publicUrl?: string | undefined
}): Promise<ResultsEndpoint> {
  const arrived = new Map<string, Arrived[]>()
  const replies = new Map<string, (rreq: Members) => Reply>()
  const waiting = new Set<() => void>()
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > bodyLimit) req.destroy()
      else chunks.push(chunk)
    })
    req.on('error', () => undefined)
    req.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const message = objectIn(text) ?? {} // what is no message is kept as it came: a trial says so
      const id = String(message.acsTransID ?? '').toLowerCase()
      arrived.set(id, [...(arrived.get(id) ?? []), { message, text, contentType: req.headers['content-type'] ?? '' }])
      const reply: Reply =
        message.messageType === 'RReq'
          ? (replies.get(id) ?? ((rreq: Members) => ({ body: JSON.stringify(rresFor(rreq)) })))(message)
          : { body: '' }
      const [status, body] = 'body' in reply ? [200, reply.body] : [reply.status, '']
      res.writeHead(status, {
        ...(body !== '' && { 'content-type': 'application/json; charset=utf-8' }),
        'content-length': Buffer.byteLength(body),
      })
      res.end(body)
      for (const wake of [...waiting]) wake()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const shownHost = options.host.includes(':') ? `[${options.host}]` : options.host
  const arrivedFor = (acsTransID: string): readonly Arrived[] => arrived.get(acsTransID.toLowerCase()) ?? []
  return {
    url: `${(options.publicUrl ?? `http://${shownHost}:${port}`).replace(/\/+$/, '')}/results`,
    arrivedFor,
    next: (acsTransID, messageType, withinMs) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = arrivedFor(acsTransID).find(({ message }) => message.messageType === messageType)
          if (found !== undefined) settle(found)
        }
        const settle = (found: Arrived | undefined): void => {
          clearTimeout(timer)
          waiting.delete(look)
          resolve(found)
        }
        const timer = setTimeout(() => settle(undefined), withinMs)
        waiting.add(look)
        look()
      }),
    answerWith: (acsTransID, reply) => void replies.set(acsTransID.toLowerCase(), reply),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
