// An answer of a server on its way out, through a fault if it meets one.
//
// hang: the request was taken, nothing is ever said. drop: the connection ends by FIN, without a byte. reset: it ends by RST (under
// TLS by FIN, without a word of farewell). truncate: the head announces the whole body, half of it comes, then the connection ends;
// that is what clients choke on. With `contentLength: sent` the head announces the half, so that HTTP is in order and JSON is not.
// drip: head at once, the body a few bytes at a time.
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type Altered, alter } from './alter.ts'
import type { Exchanges } from './exchanges.ts'
import type { Fault, FaultLink } from './rule.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Uint8Array | string
}

export interface AnswerOptions {
  readonly link: FaultLink
  readonly exchanges: Exchanges
  /** What was made of the body, where it has been worked out already. */
  readonly altered?: Altered | undefined
}

const bytesOf = (body: Uint8Array | string): Uint8Array => (typeof body === 'string' ? Buffer.from(body, 'utf8') : body)

function write(res: ServerResponse, { status, headers, body }: Answer, announced?: number): void {
  res.writeHead(status, { ...headers, 'content-length': announced ?? bytesOf(body).length })
  res.end(body)
}

/** By RST, so that the other side hears of an error and not of an end. */
export function resetSocket(socket: Socket): void {
  // A TLS socket has no TCP handle of its own that could be reset.
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

/** Bytes of one piece, and how long until the next one. */
export function pieces(bytesPerSecond: number): { readonly length: number; readonly everyMs: number } {
  const length = Math.max(1, Math.ceil(bytesPerSecond / 20))
  return { length, everyMs: (length / bytesPerSecond) * 1_000 }
}

async function drip(
  res: ServerResponse,
  body: Uint8Array,
  bytesPerSecond: number,
  exchanges: Exchanges,
): Promise<void> {
  const { length, everyMs } = pieces(bytesPerSecond)
  const release = exchanges.hold(() => res.destroy())
  res.once('close', release)
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  for (let from = 0; from < body.length && !res.destroyed; from += length) {
    res.write(body.subarray(from, from + length))
    if (from + length < body.length) await exchanges.wait(everyMs, gone.signal)
  }
  release()
  if (!res.destroyed) res.end()
}

/** Answers; what a fault does to it is done here. Resolves when nothing is left to do, which may be long after. */
export async function answerThrough(
  res: ServerResponse,
  fault: Fault | undefined,
  answer: Answer,
  { link, exchanges, altered }: AnswerOptions,
): Promise<void> {
  if (res.headersSent || res.destroyed) return
  if (fault === undefined) return write(res, answer)
  if (fault.delay !== undefined) {
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    await exchanges.wait(fault.delay, gone.signal)
    if (res.destroyed) return
  }
  const { socket } = res
  switch (fault.kind) {
    case 'hang': {
      const release = exchanges.hold(() => res.destroy())
      res.once('close', release)
      return
    }
    case 'drop':
      socket?.destroySoon()
      return
    case 'reset':
      if (socket !== null) resetSocket(socket)
      return
    case 'status':
      return write(res, { status: fault.status, headers: { 'cache-control': 'no-store' }, body: '' })
    default:
      break
  }
  const { body, contentType, announced } = altered ?? alter(fault, bytesOf(answer.body), link)
  const headers = { ...answer.headers, ...(contentType !== undefined && { 'content-type': contentType }) }
  if (fault.kind === 'drip') {
    res.writeHead(answer.status, { ...headers, 'content-length': announced })
    await drip(res, body, fault.bytesPerSecond, exchanges)
    return
  }
  if (announced === body.length) return write(res, { ...answer, headers, body }, announced)
  res.writeHead(answer.status, { ...headers, 'content-length': announced, connection: 'close' })
  res.write(body, () => res.socket?.destroySoon())
}
