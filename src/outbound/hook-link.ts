// Posts questions to merchant-side sources: kept connections, no redirects, little read, over when the signal says so (SEC-LIM-4).
import http from 'node:http'
import https from 'node:https'
import type { HookAnswer, HookLink, Question } from '../acs/hook/door-ports.ts'
import { alter, metFault } from '../faults/alter.ts'
import { type FaultBook, faultlessBook } from '../faults/registry.ts'
import type { Fault } from '../faults/rule.ts'
import { senderMark, sendThrough } from '../faults/send.ts'

export interface HookLinkOptions {
  /** Whom https believes, and the client certificate it shows. */
  readonly tls?: https.AgentOptions | undefined
  readonly faults?: FaultBook
}

/** As ahead of the AReq. */
const answerLimitBytes = 16_384
/** Given up before the other end does so, mostly after 5 s. */
const idleWithinMs = 2_000

const link = 'ACS→hook'

export function createHookLink({ tls, faults = faultlessBook() }: HookLinkOptions): HookLink & { close(): void } {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, timeout: idleWithinMs }),
    'https:': new https.Agent({ keepAlive: true, timeout: idleWithinMs, ...tls }),
  }
  let isClosed = false
  /** What ends the posts under way. */
  const cuts = new Set<() => void>()

  function post({ url, headers, signal }: Question, body: string | Buffer, contentType?: string): Promise<HookAnswer> {
    if (signal.aborted || isClosed) return Promise.resolve({ kind: 'unreachable' })
    const target = new URL(url)
    const isTls = target.protocol === 'https:'
    return new Promise((resolve) => {
      const request = (isTls ? https : http).request(target, {
        method: 'POST',
        agent: isTls ? agents['https:'] : agents['http:'],
        headers: {
          ...headers,
          ...(contentType !== undefined && { 'content-type': contentType }),
          'content-length': Buffer.byteLength(body),
          ...(!faults.isIdle() && senderMark),
        },
      })
      const settle = (answer: HookAnswer): void => {
        signal.removeEventListener('abort', cut)
        cuts.delete(cut)
        resolve(answer)
      }
      const finish = (answer: HookAnswer): void => {
        settle(answer)
        request.destroy()
      }
      const cut = (): void => finish({ kind: 'unreachable' })
      signal.addEventListener('abort', cut, { once: true })
      cuts.add(cut)
      request.on('error', () => finish({ kind: 'unreachable' }))
      request.on('response', (response) => {
        const { statusCode: status = 0 } = response
        if (status !== 200) {
          // Read to its end, so that the connection can be used again; a long one is not waited for.
          response.resume()
          settle({ kind: 'status', status })
          response.on('error', () => request.destroy())
          if (Number(response.headers['content-length'] ?? 0) > answerLimitBytes) request.destroy()
          else setTimeout(() => void (response.complete || request.destroy()), idleWithinMs).unref()
          return
        }
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > answerLimitBytes) finish({ kind: 'tooLarge' })
          else chunks.push(chunk)
        })
        response.on('error', () => finish({ kind: 'unreachable' }))
        response.on('end', () =>
          settle(
            response.complete
              ? { kind: 'body', bytes: Buffer.concat(chunks, size), headers: response.headers }
              : { kind: 'unreachable' },
          ),
        )
      })
      request.end(body)
    })
  }

  /** Signed wrongly: the first character of a signature is all its own. */
  const forged = (headers: Question['headers']): Question['headers'] =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        name === 'webhook-signature'
          ? value.replace(/,(.)/, (_, first: string) => `,${first === 'A' ? 'B' : 'A'}`)
          : value,
      ]),
    )

  async function postFaulty(asked: Question, fault: Fault): Promise<HookAnswer> {
    const question = fault.kind === 'badSignature' ? { ...asked, headers: forged(asked.headers) } : asked
    const { url, headers, signal } = question
    const met = await sendThrough({
      url,
      headers: { ...headers, ...senderMark },
      body: Buffer.from(question.body),
      fault,
      link,
      exchanges: faults.exchanges,
      signal,
      tls,
    })
    switch (met.kind) {
      case 'send':
        return post(question, met.body, met.contentType)
      case 'lost':
        return { kind: 'unreachable' }
      case 'answer':
        if (met.status !== 200) return { kind: 'status', status: met.status }
        return met.bytes.length > answerLimitBytes
          ? { kind: 'tooLarge' }
          : { kind: 'body', bytes: met.bytes, headers: met.headers }
    }
  }

  return {
    async ask(question, onFault) {
      const { threeDSServerTransID, body, message = 'ask' } = question
      const fault = faults.isIdle() ? undefined : faults.take({ link, message, threeDSServerTransID })
      try {
        if (fault === undefined) return await post(question, body)
        onFault(metFault(fault, Buffer.from(body), alter(fault, Buffer.from(body), link)).fault)
        return await postFaulty(question, fault)
      } catch {
        return { kind: 'unreachable' }
      }
    },
    close() {
      isClosed = true
      for (const cut of [...cuts]) cut()
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}
