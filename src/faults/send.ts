// A request on its way out, through a fault.
//
// What befalls the message only (other bytes, later) is sent as ever. What befalls the connection is done by hand: hang and reset
// come half-way through the body, drop before the first byte, truncate ends the connection after half of the body. A status stands for
// a receiver's place that answers so without the message reaching the receiver.
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { type Altered, alter } from './alter.ts'
import { pieces, resetSocket } from './answer.ts'
import type { Exchanges } from './exchanges.ts'
import type { Fault, FaultLink } from './rule.ts'

/** What senders of ours say as long as there are faults: the message has met its own, or none. */
export const senderHeader = 'sekisho-faults'
export const senderMark = { [senderHeader]: 'met' } as const

export interface FaultyRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly fault: Fault
  readonly link: FaultLink
  readonly exchanges: Exchanges
  /** When the sender waits no longer. */
  readonly signal: AbortSignal
  readonly tls?: https.AgentOptions | undefined
  readonly altered?: Altered | undefined
}

/** What became of the request. */
export type Outcome =
  /** To be sent as ever, with these bytes. */
  | { readonly kind: 'send'; readonly body: Buffer; readonly contentType?: string }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: http.IncomingHttpHeaders
      readonly bytes: Buffer
    }
  | { readonly kind: 'lost'; readonly reason: string }

/** An answer to a message is no longer than this. */
const answerLimitBytes = 1_048_576

/** How long a receiver is given to take what came before a reset. */
const unreadMs = 100

const portOf = ({ port, protocol }: URL): number => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port))

/** Opens a connection and hangs up. */
function hangUp(target: URL, { tls: options, signal }: FaultyRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    const at = { host: target.hostname.replace(/^\[|\]$/g, ''), port: portOf(target) }
    const isTls = target.protocol === 'https:'
    const socket = isTls ? tls.connect({ ...options, ...at }) : net.connect(at)
    const over = (reason: string): void => {
      socket.destroy()
      resolve({ kind: 'lost', reason })
    }
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      socket.end()
      resolve({ kind: 'lost', reason: 'dropped' })
    })
    socket.on('error', (error) => over('code' in error ? String(error.code) : error.name))
    // What the other side says to that is not listened to.
    socket.resume()
    signal.addEventListener('abort', () => over('timed out'), { once: true })
  })
}

/** Sends the head and some of the body; the rest is up to `finish`. */
function sendByHand(
  target: URL,
  request: FaultyRequest,
  { body, announced }: Altered,
  finish: (sent: http.ClientRequest, over: (outcome: Outcome) => void) => void,
): Promise<Outcome> {
  const { headers, exchanges, signal } = request
  return new Promise((resolve) => {
    const call = target.protocol === 'https:' ? https.request : http.request
    const sent = call(target, {
      ...request.tls,
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': announced, connection: 'close' },
    })
    let release = (): void => undefined
    const over = (outcome: Outcome): void => {
      release()
      signal.removeEventListener('abort', stop)
      sent.destroy()
      resolve(outcome)
    }
    const stop = (): void => over({ kind: 'lost', reason: signal.aborted ? 'timed out' : 'stopping' })
    sent.on('error', (error) => over({ kind: 'lost', reason: 'code' in error ? String(error.code) : error.name }))
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > answerLimitBytes) over({ kind: 'lost', reason: 'answer too long' })
        else chunks.push(chunk)
      })
      response.on('error', () => over({ kind: 'lost', reason: 'answer broken off' }))
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response
        over({ kind: 'answer', status, headers: answered, bytes: Buffer.concat(chunks, size) })
      })
    })
    release = exchanges.hold(stop)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) return stop()
    if (body.length > 0) sent.write(body, () => finish(sent, over))
    else sent.flushHeaders()
  })
}

const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2))

/** Lets a request meet its fault. `send` is for the sender to do, as it always does. */
export async function sendThrough(request: FaultyRequest): Promise<Outcome> {
  const { fault, exchanges, signal, body, link } = request
  if (fault.delay !== undefined) await exchanges.wait(fault.delay, signal)
  if (signal.aborted) return { kind: 'lost', reason: 'timed out' }
  if (fault.kind === 'status') return { kind: 'answer', status: fault.status, headers: {}, bytes: Buffer.alloc(0) }
  const target = new URL(request.url)
  if (fault.kind === 'drop') return hangUp(target, request)
  const altered = request.altered ?? alter(fault, body, link)
  const whole = Buffer.from(body)
  const cut: Altered = { body: half(whole), announced: whole.length }
  switch (fault.kind) {
    case 'hang':
      return sendByHand(target, request, cut, () => undefined)
    case 'reset':
      return sendByHand(target, request, cut, ({ socket }, over) => {
        // A reset overtakes what the receiver has not read yet.
        void exchanges.wait(unreadMs, signal).then(() => {
          if (socket !== null) resetSocket(socket)
          over({ kind: 'lost', reason: 'reset' })
        })
      })
    case 'drip': {
      const { length, everyMs } = pieces(fault.bytesPerSecond)
      const first = { body: whole.subarray(0, length), announced: whole.length }
      return sendByHand(target, request, first, (sent) => {
        const drip = async (): Promise<void> => {
          for (let from = length; from < whole.length && !sent.destroyed; from += length) {
            await exchanges.wait(everyMs, signal)
            if (!sent.destroyed) sent.write(whole.subarray(from, from + length))
          }
          if (!sent.destroyed) sent.end()
        }
        void drip()
      })
    }
    default: {
      if (altered.announced === altered.body.length) {
        const { contentType } = altered
        return { kind: 'send', body: altered.body, ...(contentType !== undefined && { contentType }) }
      }
      return sendByHand(target, request, altered, ({ socket }, over) => {
        socket?.destroySoon()
        over({ kind: 'lost', reason: 'truncated' })
      })
    }
  }
}
