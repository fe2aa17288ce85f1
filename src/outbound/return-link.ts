// Posts the final form of a challenge to the notificationURL where no browser does: bounded in time, no redirects, only to hosts that are
// allowed, as a dsURL is (SEC-TLS-9, SEC-LIM-4).
import http from 'node:http'
import https from 'node:https'
import type { ReturnAnswer, ReturnLink } from '../acs/ports.ts'
import { isAllowed } from './ds-link.ts'

export interface ReturnLinkOptions {
  /** Origins besides loopback that a notificationURL may have. */
  readonly allowedOrigins: readonly string[]
  /** Whom https believes. */
  readonly tls?: https.AgentOptions | undefined
  readonly withinMs?: number
}

/** A shop may ask its 3DS Server, and that one may wait for the RReq, before it answers. */
const usualWithinMs = 10_000

/** Why a post came to nothing that `close` broke off. */
export const stopping = 'stopping'

/** `close` breaks off what is under way. */
export function createReturnLink(options: ReturnLinkOptions): ReturnLink & { close(): void } {
  const { allowedOrigins, tls, withinMs = usualWithinMs } = options
  const agent = new https.Agent({ ...tls })
  const cuts = new Set<() => void>()
  let isClosed = false

  function post(url: string, fields: Readonly<Record<string, string>>): Promise<ReturnAnswer> {
    if (!isAllowed(url, allowedOrigins)) return Promise.resolve({ kind: 'notAllowed' })
    if (isClosed) return Promise.resolve({ kind: 'noConnection', reason: stopping })
    const target = new URL(url)
    const isTls = target.protocol === 'https:'
    const body = new URLSearchParams({ ...fields }).toString()
    return new Promise((resolve) => {
      let isSent = false
      const request = (isTls ? https : http).request(target, {
        method: 'POST',
        agent: isTls ? agent : false, // a connection of its own: the shop may close an idle one at any time
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
          accept: 'text/html,application/xhtml+xml',
          'user-agent': 'Sekisho (a cardholder without a browser)',
        },
      })
      const finish = (answer: ReturnAnswer): void => {
        clearTimeout(timer)
        cuts.delete(cut)
        resolve(answer)
        request.destroy()
      }
      const cut = (): void => finish({ kind: 'noConnection', reason: stopping })
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
      // Nobody reads the page.
      request.on('response', (response) => finish({ kind: 'status', status: response.statusCode ?? 0 }))
      request.end(body)
    })
  }

  return {
    post,
    close() {
      isClosed = true
      for (const cut of [...cuts]) cut()
      agent.destroy()
    },
  }
}
