// What the tests of faults share: faults by the API, and connections that are watched byte by byte.

import type { AddressInfo } from 'node:net'
import net from 'node:net'
import type { Members } from '../support/messages.ts'
import type { Running } from '../support/running.ts'

/** Has something go wrong on purpose; the rule as the API shows it. */
export async function addFault(sekisho: Pick<Running, 'acs'>, rule: object): Promise<Members> {
  const response = await fetch(`${sekisho.acs}/api/v1/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  })
  const body = (await response.json()) as Members
  if (response.status !== 201) throw new Error(`HTTP ${response.status}: ${JSON.stringify(body)}`)
  return body
}

export async function faultOf(sekisho: Pick<Running, 'acs'>, { id }: Members): Promise<Members> {
  const response = await fetch(`${sekisho.acs}/api/v1/faults/${String(id)}`)
  return (await response.json()) as Members
}

export const clearFaults = async (sekisho: Pick<Running, 'acs'>): Promise<void> => {
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`${sekisho.acs}/api/v1/faults`, { method: 'DELETE', headers })
  if (status !== 204) throw new Error(`HTTP ${status}`)
}

/** What a client saw of one connection. */
export interface Watched {
  /** Everything that came. */
  readonly text: string
  readonly status: number
  readonly head: string
  readonly body: string
  /** By FIN, by RST, or not at all: it was still open when the watcher left. */
  readonly end: 'fin' | 'reset' | 'open'
  /** How many times something came. */
  readonly chunks: number
  readonly ms: number
}

/** The bytes of an HTTP request. */
export function requestText(url: string, body: string, type = 'application/json; charset=utf-8'): string {
  const { host, pathname } = new URL(url)
  return [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: keep-alive',
    '',
    body,
  ].join('\r\n')
}

/** Sends the bytes and watches; leaves when `isEnough`, or when nothing is to come any more. */
export function watch(
  url: string,
  request: string,
  isEnough: (text: string) => boolean = () => false,
): Promise<Watched> & { leave(): void } {
  const { hostname, port } = new URL(url)
  let leave = (): void => undefined
  const seen = new Promise<Watched>((resolve) => {
    const from = performance.now()
    const chunks: Buffer[] = []
    let end: Watched['end'] = 'open'
    const socket = net.connect(Number(port), hostname)
    socket.on('connect', () => socket.write(request))
    const over = (): void => {
      socket.destroy()
      const text = Buffer.concat(chunks).toString('utf8')
      const [head = '', ...rest] = text.split('\r\n\r\n')
      resolve({
        text,
        head,
        body: rest.join('\r\n\r\n'),
        status: Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(head)?.[1] ?? 0),
        end,
        chunks: chunks.length,
        ms: performance.now() - from,
      })
    }
    leave = over
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isEnough(Buffer.concat(chunks).toString('utf8'))) over()
    })
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNRESET') end = 'reset'
    })
    socket.on('end', () => {
      end = 'fin'
    })
    socket.on('close', over)
  })
  return Object.assign(seen, { leave: () => leave() })
}

/** A whole answer has come: as long as it announces to be. */
export function isWhole(text: string): boolean {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const length = Number(/^content-length: ([0-9]+)/im.exec(head)?.[1] ?? 0)
  return rest.length > 0 && Buffer.byteLength(rest.join('\r\n\r\n')) >= length
}

/** What somebody received who speaks no HTTP. */
export interface Heard {
  text: string
  end: 'fin' | 'reset' | 'open'
  /** In how many pieces. */
  pieces: number
}

export interface Listener {
  readonly url: string
  readonly heard: Heard[]
  close(): Promise<void>
}

/** A TCP server: keeps what comes, and answers a request that has come as a whole. */
export async function listener(answer: (body: string) => string | undefined): Promise<Listener> {
  const heard: Heard[] = []
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    const one: Heard = { text: '', end: 'open', pieces: 0 }
    heard.push(one)
    socket.on('data', (chunk) => {
      one.text += chunk.toString('utf8')
      one.pieces += 1
      if (!isWhole(one.text)) return
      const text = answer(one.text.slice(one.text.indexOf('\r\n\r\n') + 4))
      if (text !== undefined) {
        socket.end(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
        )
      }
    })
    socket.on('end', () => {
      one.end = 'fin'
      socket.end()
    })
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNRESET') one.end = 'reset'
    })
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rreq`,
    heard,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
