// Posts messages to a DS: bounded in time, no redirects, only to hosts that are allowed (SEC-TLS-9, SEC-LIM-4).
import http from 'node:http'
import https from 'node:https'
import type { DsLink, RReqAnswer } from '../acs/ports.ts'

export interface DsLinkOptions {
  /** Origins besides loopback that a dsURL may have. */
  readonly allowedOrigins: readonly string[]
  /** Whom https believes, and the client certificate it shows. */
  readonly tls?: https.AgentOptions | undefined
  /** Hears of a dsURL that was not called, without what follows its host. */
  readonly onNotAllowed?: (origin: string) => void
  /** Wait for the RRes (CHL-TMR-8). */
  readonly withinMs?: number
}

const answerLimitBytes = 128 * 1024

/** Loopback hosts are allowed by default: the loop on one machine is the purpose. */
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(hostname)

export function isAllowed(url: string, allowedOrigins: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  return isLoopback(hostname) || allowedOrigins.includes(origin)
}

/** `close` breaks off what is under way; an RReq without an answer stays open in the store and is sent again (RES-RR-3). */
export function createDsLink(options: DsLinkOptions): DsLink & { close(): void } {
  const { allowedOrigins, tls, onNotAllowed, withinMs = 5_000 } = options
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true, ...tls }),
  }

  let isClosed = false
  /** What ends the posts under way. */
  const cuts = new Set<() => void>()

  function post(url: string, body: string, requestId: string): Promise<RReqAnswer> {
    if (!isAllowed(url, allowedOrigins)) {
      onNotAllowed?.(URL.canParse(url) ? new URL(url).origin : 'no address')
      return Promise.resolve({ kind: 'notAllowed' })
    }
    if (isClosed) return Promise.resolve({ kind: 'noConnection', reason: 'stopping' })
    const target = new URL(url)
    const isTls = target.protocol === 'https:'
    return new Promise((resolve) => {
      let isSent = false
      const request = (isTls ? https : http).request(target, {
        method: 'POST',
        agent: isTls ? agents['https:'] : agents['http:'],
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'x-request-id': requestId, // FLOW-GEN-8
        },
      })
      const settle = (answer: RReqAnswer): void => {
        clearTimeout(timer)
        cuts.delete(cut)
        resolve(answer)
      }
      const finish = (answer: RReqAnswer): void => {
        settle(answer)
        request.destroy()
      }
      const cut = (): void => finish({ kind: 'noConnection', reason: 'stopping' })
      cuts.add(cut)
      const timer = setTimeout(
        () => finish(isSent ? { kind: 'late' } : { kind: 'noConnection', reason: 'timed out' }),
        withinMs,
      )
      request.on('finish', () => {
        isSent = request.socket?.connecting === false
      })
      request.on('error', (error) =>
        finish({ kind: 'noConnection', reason: 'code' in error ? String(error.code) : error.name }),
      )
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > answerLimitBytes) finish({ kind: 'status', status: 413 })
          else chunks.push(chunk)
        })
        response.on('error', () => finish({ kind: 'noConnection', reason: 'answer broken off' }))
        response.on('end', () => {
          const status = response.statusCode ?? 0
          settle(
            status === 200
              ? {
                  kind: 'body',
                  bytes: Buffer.concat(chunks, size),
                  contentType: response.headers['content-type'] ?? '',
                }
              : { kind: 'status', status },
          )
        })
      })
      request.end(body)
    })
  }

  return {
    post,
    close() {
      isClosed = true
      for (const cut of cuts) cut()
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}
