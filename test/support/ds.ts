// A DS that only listens: it keeps the RReqs and Erros it gets and answers as it is told.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Members } from './messages.ts'

export type Answer = (message: Members, res: http.ServerResponse) => void

export const rres = (rreq: Members, change: Members = {}): Members => ({
  messageType: 'RRes',
  messageVersion: rreq.messageVersion,
  threeDSServerTransID: rreq.threeDSServerTransID,
  acsTransID: rreq.acsTransID,
  dsTransID: rreq.dsTransID,
  resultsStatus: '01',
  ...change,
})

export const sendJson = (res: http.ServerResponse, body: unknown, status = 200): void => {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  res.end(typeof body === 'string' ? body : JSON.stringify(body))
}

export interface ListeningDs {
  readonly url: string
  readonly received: { readonly at: number; readonly text: string; readonly message: Members }[]
  /** Resolves when `count` messages have come. */
  arrived(count: number): Promise<void>
  answer: Answer
  close(): Promise<void>
}

export async function listeningDs(port = 0): Promise<ListeningDs> {
  const received: ListeningDs['received'] = []
  const waiting: (() => void)[] = []
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const message = JSON.parse(text) as Members
      received.push({ at: Date.now(), text, message })
      for (const wake of waiting.splice(0)) wake()
      ds.answer(message, res)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const ds: ListeningDs = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ds/rreq`,
    received,
    async arrived(count) {
      while (received.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    answer: (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : ''),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return ds
}
