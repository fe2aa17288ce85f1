// A 3DS message sent to another party over HTTP. Spec: sections 5.5 and 5.9; FLOW-GEN-1, FLOW-TMR-2, 3, 10, 11, 14.
import type { AgentOptions } from 'node:https'
import { alter, nameOf, sentInstead } from '../faults/alter.ts'
import type { FaultBook } from '../faults/registry.ts'
import type { Fault } from '../faults/rule.ts'
import { senderMark, sendThrough } from '../faults/send.ts'
import type { PassedOn } from '../web/passed-on.ts'
import type { Entry, Leg, Silence } from './message-log.ts'
import type { Fetch } from './ports.ts'
import { idsIn, typeIn } from './receive.ts'

/** What became of a message: an answer, no answer in time, or nobody there. */
export type Delivery =
  | { readonly kind: 'answer'; readonly bytes: Buffer; readonly entry: Entry }
  | { readonly kind: 'late' }
  | { readonly kind: 'unreachable' }

export interface Sending {
  readonly faults: FaultBook
  /** How https connections are made that meet a fault; all others are made by `fetch`. */
  readonly tls?: AgentOptions | undefined
  readonly fetch: Fetch
  readonly url: string
  readonly body: Uint8Array
  /** Limit for the whole exchange, the second try included. */
  readonly withinMs: number
  /** X-Request-ID (FLOW-GEN-8). */
  readonly requestId: string
  /** Headers that came with the message that this one follows. */
  readonly passedOn?: PassedOn | undefined
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

interface Answered {
  readonly status: number
  readonly bytes: Buffer
}

/** The message meets its fault; throws where no answer came of it. */
async function sendFaulty(sending: Sending, fault: Fault, signal: AbortSignal): Promise<Answered> {
  const { url, body, leg, tls, faults, requestId, passedOn } = sending
  const { link } = leg
  const altered = alter(fault, body, link)
  leg.sent(body, { fault: nameOf(fault), sent: sentInstead(fault, body, altered) })
  const headers = { ...messageHeaders, 'x-request-id': requestId, ...passedOn, ...senderMark }
  const { exchanges } = faults
  const outcome = await sendThrough({ url, headers, body, fault, link, exchanges, signal, tls, altered })
  if (outcome.kind === 'lost') throw new Error(outcome.reason)
  if (outcome.kind === 'answer') return outcome
  return post({ ...sending, body: outcome.body }, signal, outcome.contentType)
}

async function post(sending: Sending, signal: AbortSignal, contentType?: string): Promise<Answered> {
  const { fetch, url, body, requestId, limitBytes = answerLimitBytes } = sending
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...messageHeaders,
      ...(contentType !== undefined && { 'content-type': contentType }),
      'x-request-id': requestId,
      ...sending.passedOn,
      ...(!sending.faults.isIdle() && senderMark),
    },
    body: Buffer.from(body),
    redirect: 'manual',
    signal,
  })
  return { status: response.status, bytes: await readAnswer(response, limitBytes) }
}

/** The fault that this message meets; every try is a message on its way. */
const faultOf = ({ faults, leg: { link }, body }: Sending): Fault | undefined =>
  faults.isIdle() ? undefined : faults.take({ link, message: typeIn(body) ?? '', ...idsIn(body) })

/**
 * Posts the message; a failed connection is tried once more at once. A status other than 200 counts as a failed
 * connection unless an Erro came with it, and 4xx is not tried again (RES-RR-5). Redirects are not followed (SEC-LIM-4).
 */
export async function send(sending: Sending): Promise<Delivery> {
  const { body, withinMs, leg } = sending
  const silent = (kind: Silence): Delivery => {
    leg.silent(kind)
    return { kind }
  }
  const signal = AbortSignal.timeout(withinMs)
  let hasMet = true
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const fault = faultOf(sending)
    // One message, tried twice, is written down once, unless a fault made two of it.
    if (fault === undefined && hasMet) leg.sent(body)
    hasMet = fault !== undefined
    try {
      const { status, bytes } =
        fault === undefined ? await post(sending, signal) : await sendFaulty(sending, fault, signal)
      if (status === 200 || saysErro(bytes)) return { kind: 'answer', bytes, entry: leg.answered(bytes, status) }
      if (status < 500) return silent('unreachable')
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
