// A server-to-server endpoint for 3DS messages. Spec: section 5.5 [Req 184–191]; FLOW-GEN-1…3, 8, ACS-VAL-1…3.
import type { RequestHandler, Response } from 'express'
import { ProtocolError, toErro } from '../protocol/errors.ts'
import type { Erro } from '../protocol/messages/types.ts'
import { BodyAborted, BodyTooLarge, mediaTypeOf, readBody } from '../web/body.ts'
import { messageHeaders } from './outgoing.ts'
import type { Log } from './ports.ts'

/** What goes back with HTTP 200; no body answers an Erro. */
export interface Reply {
  readonly body: Uint8Array | undefined
  /** X-Request-ID and X-Response-ID of the answer (FLOW-GEN-8). */
  readonly requestId?: string | undefined
  readonly responseId?: string | undefined
}

export const bytesOf = (message: object): Buffer => Buffer.from(JSON.stringify(message), 'utf8')

interface Endpoint {
  readonly component: 'S' | 'D'
  readonly limitBytes: number
  readonly log: Log
  readonly handle: (bytes: Buffer) => Reply | Promise<Reply>
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

export function messageEndpoint({ component, limitBytes, log, handle }: Endpoint): RequestHandler {
  return async (req, res) => {
    const refuse = (status: number): void => answer(res, status, { body: bytesOf(notAMessage(component)) })
    if (req.method !== 'POST') {
      res.set('allow', 'POST')
      return refuse(405)
    }
    if (mediaTypeOf(req) !== 'application/json') return refuse(415)
    try {
      answer(res, 200, await handle(await readBody(req, limitBytes)))
    } catch (error) {
      if (error instanceof BodyTooLarge) return refuse(413)
      if (error instanceof BodyAborted) return
      const refusal =
        error instanceof ProtocolError ? error : new ProtocolError('403', 'internal failure', { cause: error })
      if (refusal !== error) log.error({ component, err: error }, 'a message could not be handled')
      else log.warn({ component, errorCode: refusal.errorCode, errorDetail: refusal.errorDetail }, 'message refused')
      answer(res, 200, { body: bytesOf(toErro(refusal, component)) })
    }
  }
}
