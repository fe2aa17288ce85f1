// What a party sees of each transaction: every message it sends or receives, masked, for the console's picture of who said
// what to whom. Spec: SEC-LOG-1…4.
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { FaultLink } from '../faults/rule.ts'
import type { Finding, ProtocolError } from '../protocol/errors.ts'
import { maskDigitRuns, maskMessage, maskPan, maskRefused } from '../protocol/mask.ts'
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'
import type { Clock } from './ports.ts'
import type { MessagePage, MessageTable, SeenMessage } from './store.ts'

export type Party = 'Requestor' | '3DSS' | 'DS' | 'ACS' | 'browser'

/** Why no answer came. */
export type Silence = 'late' | 'unreachable'

/** What can still be said about a message after it was put into the log. */
export interface Entry {
  /** What is wrong with it, or noteworthy. */
  remark(findings: readonly Finding[]): void
  /** The refusal it met with. */
  refused(error: ProtocolError): void
}

/** One exchange with another party, begun by this one. */
export interface Leg {
  readonly link: FaultLink
  sent(bytes: Uint8Array, met?: Pick<Seen, 'fault' | 'sent'>): void
  answered(bytes: Uint8Array, httpStatus: number): Entry
  silent(problem: Silence): void
}

export interface Seen {
  readonly from: Party
  readonly to: Party
  /** An object stands for its JSON. */
  readonly body: Uint8Array | object
  /** Where the message does not say it itself. */
  readonly threeDSServerTransID?: string | undefined
  readonly messageType?: string | undefined
  readonly at?: number | undefined
  readonly httpStatus?: number | undefined
  readonly durationMs?: number | undefined
  /** The fault it met, and what left in its place, where that is something else. */
  readonly fault?: string | undefined
  readonly sent?: Uint8Array | undefined
}

export interface MessageLog {
  /** A message without a transaction is not kept: nobody could ask for it. */
  note(seen: Seen): Entry
  leg(to: Party, threeDSServerTransID: string): Leg
  of(threeDSServerTransID: string): readonly SeenMessage[]
  page(page: MessagePage): readonly SeenMessage[]
}

/** A text longer than this is cut; no message of a purchase comes near. */
const longest = 65_536

/** No message is nested deeper than this; what is, is not walked (SEC-B64-4). */
const deepest = 32

/** Every card number that is named as such, at any depth. */
function pansIn(value: unknown, level = 1): readonly string[] {
  if (level > deepest) return []
  if (Array.isArray(value)) return value.flatMap((entry) => pansIn(entry, level + 1))
  if (!isObject(value)) return []
  const { acctNumber } = value
  const own = typeof acctNumber === 'string' && /^[0-9]{13,19}$/.test(acctNumber) ? [acctNumber] : []
  return [...own, ...Object.values(value).flatMap((member) => pansIn(member, level + 1))]
}

function maskObject(message: JsonObject): string {
  const masked = maskMessage(message)
  return pansIn(message).reduce((text, pan) => text.replaceAll(pan, maskPan(pan)), masked)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A longer body is not read as a whole: the card ranges of a DS. */
const longestRead = 1_048_576

/** A body as it may be kept, and the object it holds. */
function read(body: Uint8Array | object): { readonly masked: string; readonly message: JsonObject } {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : JSON.stringify(body)
  if (text.length > longestRead) {
    const [, messageType] = /"messageType" ?: ?"([A-Za-z]{4})"/.exec(text.slice(0, longest)) ?? []
    const masked = `${maskRefused(text.slice(0, longest))}…`
    return { masked, message: messageType === undefined ? {} : { messageType } }
  }
  const value = parsed(text)
  const masked = isObject(value) ? maskObject(value) : maskRefused(text)
  return {
    masked: masked.length > longest ? `${masked.slice(0, longest)}…` : masked,
    message: isObject(value) ? value : {},
  }
}

const textOf = (value: unknown, form: RegExp): string | undefined =>
  typeof value === 'string' && form.test(value) ? value : undefined

/** FLOW-GEN-7. */
const idForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const noEntry: Entry = { remark: () => {}, refused: () => {} }

export function createMessageLog({
  party,
  table,
  clock,
}: {
  readonly party: Party
  readonly table: MessageTable
  readonly clock: Clock
}): MessageLog {
  function entry(id: number): Entry {
    const all: Finding[] = []
    const remark = (findings: readonly Finding[]): void => {
      if (findings.length === 0) return
      all.push(...findings)
      table.addFindings(id, maskDigitRuns(JSON.stringify(all)))
    }
    return {
      remark,
      refused({ findings, errorCode, errorDetail }) {
        remark(findings.length > 0 ? findings : [{ errorCode, element: maskDigitRuns(errorDetail), rule: '' }])
      },
    }
  }

  function note({ from, to, body, at, httpStatus, durationMs, fault, sent, ...about }: Seen): Entry {
    const { masked, message } = read(body)
    // Nobody asks for what is no id, and it might be anything.
    const threeDSServerTransID = about.threeDSServerTransID ?? textOf(message.threeDSServerTransID, idForm)
    if (threeDSServerTransID === undefined) return noEntry
    return entry(
      table.add({
        party,
        threeDSServerTransID: threeDSServerTransID.toLowerCase(),
        at: at ?? clock(),
        link: `${from}→${to}`,
        messageType: about.messageType ?? textOf(message.messageType, /^[A-Za-z]{1,16}$/),
        masked,
        problem: undefined,
        httpStatus,
        durationMs,
        fault,
        sent: sent === undefined ? undefined : read(sent).masked,
      }),
    )
  }

  return {
    note,
    leg(to, threeDSServerTransID) {
      let from = clock()
      return {
        link: `${party}→${to}` as FaultLink,
        sent(body, met = {}) {
          from = clock()
          note({ from: party, to, body, threeDSServerTransID, ...met })
        },
        answered: (body, httpStatus) =>
          note({ from: to, to: party, body, threeDSServerTransID, httpStatus, durationMs: clock() - from }),
        silent(problem) {
          const at = clock()
          table.add({
            party,
            threeDSServerTransID: threeDSServerTransID.toLowerCase(),
            at,
            link: `${to}→${party}`,
            messageType: undefined,
            masked: undefined,
            problem,
            httpStatus: undefined,
            durationMs: at - from,
          })
        },
      }
    },
    of: (threeDSServerTransID) => table.of(party, threeDSServerTransID),
    page: (page) => table.page(party, page),
  }
}

/** A message as the console gets it. */
function shown({ masked, sent, findings, threeDSServerTransID: _id, ...rest }: SeenMessage) {
  return {
    ...rest,
    ...(masked !== undefined && { message: parsed(masked) ?? masked }),
    ...(sent !== undefined && { sent: parsed(sent) ?? sent }),
    ...(findings !== undefined && { findings: parsed(findings) }),
  }
}

/** A position in the log, or how many. */
const numberIn = (value: unknown): number | undefined =>
  typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined

const mostOfPage = 500

/** `GET /transactions/{threeDSServerTransID}/messages` and, of all transactions, `GET /messages`, for whom `mayRead` lets through. */
export function messageLogRouter(log: MessageLog, mayRead: RequestHandler): Router {
  const router = Router()
  router.get('/transactions/:threeDSServerTransID/messages', mayRead, (req: Request, res: Response) => {
    res.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    res.json({ messages: log.of(String(req.params.threeDSServerTransID)).map(shown) })
  })
  router.get('/messages', mayRead, (req: Request, res: Response) => {
    const { after, before, limit } = req.query
    const page = {
      after: numberIn(after),
      before: numberIn(before),
      limit: Math.min(numberIn(limit) ?? 50, mostOfPage),
    }
    res.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    res.json({
      messages: log.page(page).map((seen) => ({ ...shown(seen), threeDSServerTransID: seen.threeDSServerTransID })),
    })
  })
  return router
}
