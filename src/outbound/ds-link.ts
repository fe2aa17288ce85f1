// Posts messages to a DS: bounded in time, no redirects, only to hosts that are allowed (SEC-TLS-9, SEC-LIM-4).
import http from 'node:http'
import https from 'node:https'
import type { DsLink, RReqAnswer } from '../acs/ports.ts'

export interface DsLinkOptions {
  /** Origins besides loopback that a dsURL may have. */
  readonly allowedOrigins: readonly string[]
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

export function createDsLink(options: DsLinkOptions): DsLink & { close(): void } {
  const { allowedOrigins, withinMs = 5_000 } = options
  const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }

  function post(url: string, body: string, requestId: string): Promise<RReqAnswer> {
    if (!isAllowed(url, allowedOrigins)) return Promise.resolve({ kind: 'notAllowed' })
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
      const finish = (answer: RReqAnswer): void => {
        clearTimeout(timer)
        resolve(answer)
        request.destroy()
      }
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
          clearTimeout(timer)
          const status = response.statusCode ?? 0
          resolve(
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
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}
