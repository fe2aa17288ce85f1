// A request on its way in, through a fault: for links whose sender is a browser, or a server that is not ours. What a sender of ours
// has let meet its fault is marked, so that no message meets two.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { decodeBase64url } from '../protocol/base64url.ts'
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'
import { BodyTooLarge, mediaTypeOf, readBody } from '../web/body.ts'
import { type Altered, alter, alterForm, messageFields } from './alter.ts'
import { answerThrough, resetSocket } from './answer.ts'
import type { FaultBook } from './registry.ts'
import type { Fault, FaultLink } from './rule.ts'
import { senderHeader } from './send.ts'

export interface Incoming {
  readonly faults: FaultBook
  readonly link: FaultLink
  /** Unless the body says it. */
  readonly message?: string
  /** Unless the body says them. */
  readonly threeDSServerTransID?: string
  readonly limitBytes: number
  /** Hears of a message that meets a fault, as it came. */
  readonly onFault?: (fault: Fault, bytes: Buffer, altered: Altered) => void
}

function objectIn(bytes: Uint8Array): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

const formType = 'application/x-www-form-urlencoded'

/** The message in a body: JSON, or what a form carries. */
export function messageIn(bytes: Uint8Array, mediaType: string): JsonObject {
  if (mediaType !== formType) return objectIn(bytes)
  const form = new URLSearchParams(Buffer.from(bytes).toString('utf8'))
  const field = messageFields.find((name) => form.has(name))
  if (field === undefined) return Object.fromEntries(form)
  return objectIn(decodeBase64url(form.get(field) ?? '') ?? new Uint8Array())
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

type Kept = IncomingMessage & { body?: unknown }

/** Reads the body and leaves it where `readBody` finds it. */
async function keepBody(req: Kept, limitBytes: number): Promise<Buffer> {
  let bytes: Buffer
  try {
    bytes = await readBody(req, limitBytes)
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error
    bytes = Buffer.alloc(limitBytes + 1) // too large still, when it is asked for again
  }
  req.body = bytes
  return bytes
}

/** False: nothing is left to do for the receiver. Throws what `readBody` throws, except that a body is too large. */
export async function receiveThrough(req: Kept, res: ServerResponse, incoming: Incoming): Promise<boolean> {
  const { faults, link, limitBytes } = incoming
  if (faults.isIdle() || req.headers[senderHeader] !== undefined) return true
  const hasBody = req.method === 'POST'
  const bytes = hasBody ? await keepBody(req, limitBytes) : Buffer.alloc(0)
  const mediaType = mediaTypeOf(req)
  const said = messageIn(bytes, mediaType)
  const fault = faults.take({
    link,
    message: incoming.message ?? textOf(said.messageType) ?? '',
    threeDSServerTransID: incoming.threeDSServerTransID ?? textOf(said.threeDSServerTransID),
    acsTransID: textOf(said.acsTransID),
  })
  if (fault === undefined) return true
  const altered = mediaType === formType ? alterForm(fault, bytes, link) : alter(fault, bytes, link)
  incoming.onFault?.(fault, bytes, altered)
  const { exchanges } = faults
  switch (fault.kind) {
    case 'hang':
    case 'drop':
    case 'reset':
    case 'status':
      await answerThrough(res, fault, { status: 200, headers: {}, body: '' }, { link, exchanges })
      return false
    default:
      break
  }
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  // What comes in a few bytes at a time is there when the last of them is.
  const takesMs = fault.kind === 'drip' ? (bytes.length / fault.bytesPerSecond) * 1_000 : 0
  await exchanges.wait((fault.delay ?? 0) + takesMs, gone.signal)
  if (res.destroyed) return false
  if (altered.announced !== altered.body.length) {
    // Half of it, and then the end of the connection: the receiver has nothing to read.
    if (res.socket !== null) resetSocket(res.socket)
    return false
  }
  req.body = altered.body
  if (altered.contentType !== undefined) req.headers['content-type'] = altered.contentType
  return true
}
