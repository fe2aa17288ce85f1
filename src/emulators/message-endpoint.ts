// A server-to-server endpoint for 3DS messages. Spec: section 5.5 [Req 184–191]; FLOW-GEN-1…3, 8, ACS-VAL-1…3,
// FLOW-PRE-9.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'
import { type Altered, alter, nameOf, sentInstead } from '../faults/alter.ts'
import { answerThrough } from '../faults/answer.ts'
import { receiveThrough } from '../faults/receive.ts'
import type { FaultBook } from '../faults/registry.ts'
import type { Fault, FaultLink } from '../faults/rule.ts'
import { ProtocolError, toErro } from '../protocol/errors.ts'
import type { Erro } from '../protocol/messages/types.ts'
import { BodyAborted, BodyTooLarge, mediaTypeOf, readBody } from '../web/body.ts'
import { type PassedOn, passedOn } from '../web/passed-on.ts'
import type { Entry, MessageLog, Party } from './message-log.ts'
import { messageHeaders } from './outgoing.ts'
import type { Log } from './ports.ts'
import { idsIn, typeIn } from './receive.ts'

/** What goes back with HTTP 200; no body answers an Erro. */
export interface Reply {
  readonly body: Uint8Array | undefined
  /** X-Request-ID and X-Response-ID of the answer (FLOW-GEN-8). */
  readonly requestId?: string | undefined
  readonly responseId?: string | undefined
}

export const bytesOf = (message: object): Buffer => Buffer.from(JSON.stringify(message), 'utf8')

const compress = promisify(gzip)

/** Shorter answers are not worth it. */
const worthCompressing = 65_536

/** A long answer is compressed for who says that he can read it, and for nobody else (FLOW-PRE-9). */
async function inCoding(req: Request, res: Response, body: Uint8Array | undefined): Promise<Uint8Array | undefined> {
  if (body === undefined || body.length < worthCompressing || req.acceptsEncodings('gzip') !== 'gzip') return body
  res.set({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
  return compress(body)
}

/** A reply that says something. */
type Said = Reply & { readonly body: Uint8Array }
type About = { readonly threeDSServerTransID: string | undefined }

interface Endpoint {
  readonly component: 'S' | 'D'
  readonly limitBytes: number
  readonly log: Log
  readonly messages: MessageLog
  readonly faults: FaultBook
  /** Who posts here, and who answers. */
  readonly from: Party
  readonly to: Party
  /** `entry`: the message in the log, for what there is to be said about it. `passed`: headers that go along with what follows. */
  readonly handle: (bytes: Buffer, entry: Entry, passed: PassedOn) => Reply | Promise<Reply>
}

const notAMessage = (component: 'S' | 'D'): Erro =>
  toErro(new ProtocolError('101', 'Invalid Formatted Message'), component)

function answer(res: Response, status: number, { body, requestId, responseId }: Reply): void {
  res.status(status).set({ ...messageHeaders, 'cache-control': 'no-store' })
  if (requestId !== undefined) res.set('x-request-id', requestId)
  if (responseId !== undefined) res.set('x-response-id', responseId)
  if (body === undefined) res.end()
  else res.end(body)
}

export function messageEndpoint(endpoint: Endpoint): RequestHandler {
  const { component, limitBytes, log, messages, faults, from, to, handle } = endpoint
  const link = `${to}→${from}` as FaultLink

  /** The answer meets its fault: what it was meant to be is in the log, and what left in its place. */
  function answerFaulty(res: Response, said: Said, fault: Fault, more: About): Promise<void> {
    const { body, requestId, responseId } = said
    const altered = alter(fault, body, link)
    const met = { fault: nameOf(fault), sent: sentInstead(fault, body, altered) }
    messages.note({ from: to, to: from, body, ...more, httpStatus: 200, ...met })
    const headers = {
      ...messageHeaders,
      'cache-control': 'no-store',
      ...(requestId !== undefined && { 'x-request-id': requestId }),
      ...(responseId !== undefined && { 'x-response-id': responseId }),
    }
    return answerThrough(res, fault, { status: 200, headers, body }, { link, exchanges: faults.exchanges, altered })
  }

  return async (req, res) => {
    const refuse = (status: number): void => answer(res, status, { body: bytesOf(notAMessage(component)) })
    if (req.method !== 'POST') {
      res.set('allow', 'POST')
      return refuse(405)
    }
    let asked: Entry | undefined
    let threeDSServerTransID: string | undefined
    const reply = async (said: Reply): Promise<void> => {
      const { body } = said
      if (body !== undefined) {
        const about = faults.isIdle() ? undefined : { link, message: typeIn(body) ?? '', ...idsIn(body) }
        const fault =
          about && faults.take({ ...about, threeDSServerTransID: threeDSServerTransID ?? about.threeDSServerTransID })
        if (fault !== undefined) return answerFaulty(res, { ...said, body }, fault, { threeDSServerTransID })
        messages.note({ from: to, to: from, body, threeDSServerTransID, httpStatus: 200 })
      }
      answer(res, 200, { ...said, body: await inCoding(req, res, said.body) })
    }
    try {
      const incoming = {
        faults,
        link: `${from}→${to}` as FaultLink,
        limitBytes,
        onFault: (fault: Fault, body: Buffer, altered: Altered) => {
          messages.note({ from, to, body, fault: nameOf(fault), sent: sentInstead(fault, body, altered) })
        },
      }
      if (!(await receiveThrough(req, res, incoming))) return
      if (mediaTypeOf(req) !== 'application/json') return refuse(415)
      const bytes = await readBody(req, limitBytes)
      threeDSServerTransID = idsIn(bytes).threeDSServerTransID
      asked = messages.note({ from, to, body: bytes })
      await reply(await handle(bytes, asked, passedOn(req.headers)))
    } catch (error) {
      if (error instanceof BodyTooLarge) return refuse(413)
      if (error instanceof BodyAborted) return
      const refusal =
        error instanceof ProtocolError ? error : new ProtocolError('403', 'internal failure', { cause: error })
      if (refusal !== error) log.error({ component, err: error }, 'a message could not be handled')
      else log.warn({ component, errorCode: refusal.errorCode, errorDetail: refusal.errorDetail }, 'message refused')
      asked?.refused(refusal)
      await reply({ body: bytesOf(toErro(refusal, component)) })
    }
  }
}
