// Posts messages to a DS: bounded in time, no redirects, only to hosts that are allowed (SEC-TLS-9, SEC-LIM-4).
import http from 'node:http'
import https from 'node:https'
import type { DsLink, RReqAnswer } from '../acs/ports.ts'
import { alter, metFault } from '../faults/alter.ts'
import { type FaultBook, faultlessBook } from '../faults/registry.ts'
import type { Fault, FaultAbout, MetFault } from '../faults/rule.ts'
import { senderMark, sendThrough } from '../faults/send.ts'

export interface DsLinkOptions {
  /** Origins besides loopback that a dsURL may have. */
  readonly allowedOrigins: readonly string[]
  /** Whom https believes, and the client certificate it shows. */
  readonly tls?: https.AgentOptions | undefined
  /** Hears of a dsURL that was not called, without what follows its host. */
  readonly onNotAllowed?: (origin: string) => void
  /** Wait for the RRes (CHL-TMR-8). */
  readonly withinMs?: number
  /** What goes wrong on purpose; without it nothing does. */
  readonly faults?: FaultBook
}

const answerLimitBytes = 128 * 1024

/** A connection that idles is given up before its other end does so, mostly after 5 s: an RReq would meet a closing one. */
const idleWithinMs = 2_000

/** Loopback hosts are allowed by default: the loop on one machine is the purpose. */
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(hostname)

export function isAllowed(url: string, allowedOrigins: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  return isLoopback(hostname) || allowedOrigins.includes(origin)
}

const link = 'ACS→DS'
const jsonType = 'application/json; charset=utf-8'

/** What faults go by. The ACS made this body itself. */
function aboutOf(body: string): FaultAbout {
  const { messageType = '', ...ids } = JSON.parse(body) as Partial<Record<string, string>>
  const { threeDSServerTransID, acsTransID } = ids
  return { link, message: messageType, threeDSServerTransID, acsTransID }
}

/** `close` breaks off what is under way; an RReq without an answer stays open in the store and is sent again (RES-RR-3). */
export function createDsLink(options: DsLinkOptions): DsLink & { close(): void } {
  const { allowedOrigins, tls, onNotAllowed, withinMs = 5_000, faults = faultlessBook() } = options
  const agents = {
    'http:': new http.Agent({ keepAlive: true, timeout: idleWithinMs }),
    'https:': new https.Agent({ keepAlive: true, timeout: idleWithinMs, ...tls }),
  }

  let isClosed = false
  /** What ends the posts under way. */
  const cuts = new Set<() => void>()

  /** The message meets its fault. One that is late goes its way also when nobody waits for its answer any more. */
  async function postFaulty(url: string, body: string, requestId: string, fault: Fault): Promise<RReqAnswer> {
    const bytes = Buffer.from(body)
    const over = new AbortController()
    const outcome = sendThrough({
      url,
      headers: { 'content-type': jsonType, 'x-request-id': requestId, ...senderMark },
      body: bytes,
      fault,
      link,
      exchanges: faults.exchanges,
      signal: over.signal,
      tls,
    }).then((met): RReqAnswer | Promise<RReqAnswer> => {
      switch (met.kind) {
        case 'send':
          return postPlain(url, met.body, requestId, met.contentType)
        case 'lost':
          return { kind: 'noConnection', reason: met.reason }
        case 'answer':
          return met.status === 200
            ? { kind: 'body', bytes: met.bytes, contentType: met.headers['content-type'] ?? '' }
            : { kind: 'status', status: met.status }
      }
    })
    return new Promise((resolve, reject) => {
      const isDelayed = fault.delay !== undefined
      const end = (answer: RReqAnswer): void => {
        clearTimeout(timer)
        cuts.delete(cut)
        resolve(answer)
      }
      const cut = (): void => {
        over.abort()
        end({ kind: 'noConnection', reason: 'stopping' })
      }
      const timer = setTimeout(() => {
        if (!isDelayed) over.abort()
        end(isDelayed ? { kind: 'late' } : { kind: 'noConnection', reason: 'timed out' })
      }, withinMs)
      cuts.add(cut)
      outcome.then(end, reject)
    })
  }

  function post(url: string, body: string, requestId: string, onFault?: (met: MetFault) => void): Promise<RReqAnswer> {
    const fault = faults.isIdle() || !isAllowed(url, allowedOrigins) ? undefined : faults.take(aboutOf(body))
    if (fault === undefined || isClosed) return postPlain(url, body, requestId)
    const altered = alter(fault, Buffer.from(body), link)
    onFault?.(metFault(fault, Buffer.from(body), altered))
    return postFaulty(url, body, requestId, fault)
  }

  function postPlain(
    url: string,
    body: string | Buffer,
    requestId: string,
    contentType: string = jsonType,
  ): Promise<RReqAnswer> {
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
          'content-type': contentType,
          'content-length': Buffer.byteLength(body),
          'x-request-id': requestId, // FLOW-GEN-8
          ...(!faults.isIdle() && senderMark),
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
