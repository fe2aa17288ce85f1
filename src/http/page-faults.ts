// Pages of the ACS on their way to a browser, and what browsers post, through the faults that they meet.
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Clock, Observer, Store } from '../acs/ports.ts'
import { type Altered, alter, metFault, nameOf, sentInstead } from '../faults/alter.ts'
import { answerThrough } from '../faults/answer.ts'
import { messageIn, receiveThrough } from '../faults/receive.ts'
import type { FaultBook } from '../faults/registry.ts'
import type { Fault } from '../faults/rule.ts'
import { encodeBase64url } from '../protocol/base64url.ts'
import { maskRefused } from '../protocol/mask.ts'
import type { JsonObject } from '../protocol/rules/conditions.ts'
import { BodyAborted } from '../web/body.ts'

export interface PageFaultPorts {
  readonly faults: FaultBook
  readonly store: Store
  readonly tenant: number
}

export interface BrowserFaultPorts extends PageFaultPorts {
  readonly clock: Clock
  readonly observer: Observer
}

/** `page`: of a challenge. `CRes`: what sends the browser back, also with an Erro. `method`: of the 3DS Method. */
export type PageName = 'page' | 'CRes' | 'method'

export interface PageAbout {
  readonly page: PageName
  readonly threeDSServerTransID?: string | undefined
  readonly acsTransID?: string | undefined
}

const link = 'ACS→browser'

/** What a page meets; undefined: nothing, which is found fast. */
export const pageFault = (
  { faults }: PageFaultPorts,
  { page, threeDSServerTransID, acsTransID }: PageAbout,
): Fault | undefined =>
  faults.isIdle() ? undefined : faults.take({ link, message: page, threeDSServerTransID, acsTransID })

/** Of a fault of the message, what befalls the page it is in. */
const elementKinds: ReadonlySet<Fault['kind']> = new Set([
  'wrongIds',
  'wrongVersion',
  'missing',
  'extra',
  'set',
  'badSignature',
  'erro',
  'malformed',
])

/** The final CRes as the page posts it: whole, or as its fault makes it. The record says which. */
export async function cresThrough(
  { store, tenant }: PageFaultPorts,
  fault: Fault | undefined,
  { message, acsTransID }: { readonly message: JsonObject; readonly acsTransID: string },
): Promise<string> {
  const text = JSON.stringify(message)
  if (fault === undefined) return encodeBase64url(text)
  const bytes = Buffer.from(text)
  const altered = alter(fault, bytes, link)
  const about = { tenant, acsTransID, link, messageType: String(message.messageType) } as const
  await store.unit((unit) => unit.noteFault({ ...about, ...metFault(fault, bytes, altered) }))
  return elementKinds.has(fault.kind) ? altered.body.toString('base64url') : encodeBase64url(text)
}

/** Sends a page through what is left of its fault. */
export function sendThrough(
  { faults }: PageFaultPorts,
  res: Response,
  fault: Fault,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly page: string },
): Promise<void> {
  const { status, headers, page } = answer
  const body = Buffer.from(page)
  const altered =
    elementKinds.has(fault.kind) && fault.kind !== 'malformed' ? { body, announced: body.length } : undefined
  return answerThrough(res, fault, { status, headers, body }, { link, exchanges: faults.exchanges, altered })
}

const formLimitBytes = 128 * 1024
const formType = 'application/x-www-form-urlencoded'

const messages: Readonly<Record<string, string>> = {
  '/method': 'method',
  '/method/data': 'methodData',
  '/challenge': 'CReq',
  '/challenge/answer': 'answer',
}

/** What arrives all the same has a row of its own. */
const arrives: ReadonlySet<Fault['kind']> = new Set(['delay', 'drip'])

/** What may be kept of a post: ids and what it is, no code and no device data. */
const keptOf = ({ acsTransID, threeDSServerTransID, action }: JsonObject, message: string): JsonObject => ({
  post: message,
  ...(action !== undefined && { action }),
  ...(acsTransID !== undefined && { acsTransID }),
  ...(threeDSServerTransID !== undefined && { threeDSServerTransID }),
})

export function noteIn(ports: BrowserFaultPorts, message: string, fault: Fault, bytes: Buffer, altered: Altered): void {
  if (arrives.has(fault.kind)) return
  const { store, tenant, clock, observer } = ports
  const isCReq = message === 'CReq'
  const shownOf = (body: Buffer): string => {
    const said = messageIn(body, message === 'methodData' ? 'application/json' : formType)
    return maskRefused(JSON.stringify(isCReq ? said : keptOf(said, message)))
  }
  const sent = sentInstead(fault, bytes, altered)
  const entry = {
    tenant,
    at: clock.now(),
    link: 'browser→ACS',
    ...(isCReq && { messageType: 'CReq' }),
    masked: shownOf(bytes),
    fault: nameOf(fault),
    ...(sent !== undefined && { sent: sent.length === 0 ? '' : shownOf(sent) }),
  } as const
  store.unit((unit) => unit.journal(entry)).catch((error: unknown) => observer.failed({ what: 'journal', error }))
}

/** What a browser posts meets its fault before anybody reads it. */
export const browserFaults =
  (ports: BrowserFaultPorts): RequestHandler =>
  (req: Request, res: Response, next: NextFunction) => {
    const { faults, store, tenant, observer } = ports
    const message = messages[req.path]
    if (faults.isIdle() || message === undefined || req.method !== 'POST') return next()
    const incoming = {
      faults,
      link: 'browser→ACS',
      message,
      limitBytes: formLimitBytes,
      onFault(fault: Fault, bytes: Buffer, altered: Altered) {
        noteIn(ports, message, fault, bytes, altered)
        const { acsTransID } = messageIn(bytes, formType)
        if (!arrives.has(fault.kind) || message !== 'CReq' || typeof acsTransID !== 'string') return
        const about = { tenant, acsTransID, link: 'browser→ACS', messageType: 'CReq', fault: nameOf(fault) } as const
        res.once('close', () => {
          store
            .unit((unit) => unit.noteFault(about))
            .catch((error: unknown) => observer.failed({ what: 'journal', error }))
        })
      },
    } as const
    receiveThrough(req, res, incoming).then(
      (isForUs) => {
        // The parser of JSON finds nothing to read any more.
        if (message === 'methodData' && Buffer.isBuffer(req.body)) req.body = messageIn(req.body, 'application/json')
        if (isForUs) next()
      },
      (error: unknown) => {
        if (!(error instanceof BodyAborted)) next(error)
      },
    )
    return undefined
  }
