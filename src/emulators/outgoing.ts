// A 3DS message sent to another party over HTTP. Spec: sections 5.5 and 5.9; FLOW-GEN-1, FLOW-TMR-2, 3, 10, 11, 14.
import type { Entry, Leg, Silence } from './message-log.ts'
import type { Fetch } from './ports.ts'

/** What became of a message: an answer, no answer in time, or nobody there. */
export type Delivery =
  | { readonly kind: 'answer'; readonly bytes: Buffer; readonly entry: Entry }
  | { readonly kind: 'late' }
  | { readonly kind: 'unreachable' }

export interface Sending {
  readonly fetch: Fetch
  readonly url: string
  readonly body: Uint8Array
  /** Limit for the whole exchange, the second try included. */
  readonly withinMs: number
  /** X-Request-ID (FLOW-GEN-8). */
  readonly requestId: string
  /** Where the exchange is written down. */
  readonly leg: Leg
  /** How long an answer may be, where more than a message is expected. */
  readonly limitBytes?: number
}

/** An answer longer than this is no 3DS message (ACS-VAL-3). */
const answerLimitBytes = 1_048_576

export const messageHeaders = { 'content-type': 'application/json; charset=utf-8' } as const

async function readAnswer(response: Response, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > limitBytes) throw new Error('answer too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Read as: the body is an Erro, whatever the HTTP status, if it says so; its content is judged by the caller. */
function saysErro(bytes: Buffer): boolean {
  try {
    const message: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof message === 'object' && message !== null && 'messageType' in message && message.messageType === 'Erro'
  } catch {
    return false
  }
}

/**
 * Posts the message; a failed connection is tried once more at once. A status other than 200 counts as a failed
 * connection unless an Erro came with it, and 4xx is not tried again (RES-RR-5). Redirects are not followed (SEC-LIM-4).
 */
export async function send(sending: Sending): Promise<Delivery> {
  const { fetch, url, body, withinMs, requestId, leg, limitBytes = answerLimitBytes } = sending
  const silent = (kind: Silence): Delivery => {
    leg.silent(kind)
    return { kind }
  }
  leg.sent(body)
  const signal = AbortSignal.timeout(withinMs)
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...messageHeaders, 'x-request-id': requestId },
        body: Buffer.from(body),
        redirect: 'manual',
        signal,
      })
      const bytes = await readAnswer(response, limitBytes)
      if (response.status === 200 || saysErro(bytes)) {
        return { kind: 'answer', bytes, entry: leg.answered(bytes, response.status) }
      }
      if (response.status < 500) return silent('unreachable')
    } catch {
      if (signal.aborted) return silent('late')
    }
  }
  return silent('unreachable')
}

/** Tells another party about its faulty answer by a POST of its own; nobody waits for it. */
export function tell(sending: Sending): void {
  void send(sending)
}
