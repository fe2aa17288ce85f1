// A signed message to the hook: who sends it, whether it is his, and whether he may. The limit comes first, the body is looked at last.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { transactionNamedIn } from '../acs/hook/ahead.ts'
import { jsonIn, longestAssessment, type PathProblem } from '../acs/hook/check.ts'
import type { HookWitness } from '../acs/hook/door-ports.ts'
import type { Refusals } from '../acs/hook/refusals.ts'
import { type HookSource, type HookSources, mayUse, type Opening } from '../acs/hook/sources.ts'
import type { Clock } from '../acs/ports.ts'
import { webhookProblem } from '../protocol/crypto/webhook-signature.ts'
import { doors, type HookProblem, sourceName } from '../risk/assessment.ts'
import { problemWords } from '../risk/problem-words.ts'
import { BodyTooLarge, isEncoded, mediaTypeOf, readBody } from '../web/body.ts'
import type { HookLimits } from './hook-limits.ts'

/** More than a source may send, or an address that nobody knows. */
export class HookBusy extends Error {
  readonly retryAfterS: number
  constructor(retryAfterS: number) {
    super(`too many messages; again in ${retryAfterS} s`)
    this.retryAfterS = retryAfterS
  }
}

export interface SignedPorts {
  readonly sources: () => HookSources
  readonly clock: Pick<Clock, 'now'>
  readonly witness: HookWitness
  readonly refusals: Refusals
  readonly limits: Pick<HookLimits, 'noteSource' | 'waitOf' | 'noteRefused'>
}

export interface Signed {
  readonly source: HookSource
  readonly messageId: string
  readonly bytes: Buffer
  /** Undefined where the body is not JSON and need not be. */
  readonly json: unknown
}

export interface SignedOptions {
  readonly limitBytes?: number
  /** Media types; application/json where nothing is said. */
  readonly types?: readonly string[]
}

const statusOf: Partial<Record<HookProblem, number>> = {
  tooLarge: 413,
  malformed: 400,
  unknownSource: 401,
  badSignature: 401,
  replayed: 409,
}

/** What is answered to a message that does not count. */
export class HookRefusal extends Error {
  readonly status: number
  readonly problem: HookProblem
  readonly problems: readonly PathProblem[] | undefined
  constructor(
    problem: HookProblem,
    {
      status = statusOf[problem] ?? 422,
      words = problemWords[problem].en,
      problems,
    }: { status?: number; words?: string; problems?: readonly PathProblem[] | undefined } = {},
  ) {
    super(words)
    this.status = status
    this.problem = problem
    this.problems = problems
  }
}

export function sendBusy(res: ServerResponse, { retryAfterS, message }: HookBusy): void {
  if (res.headersSent || res.destroyed) return
  const text = JSON.stringify({ error: message })
  res.writeHead(429, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'retry-after': String(retryAfterS),
    connection: 'close', // the body may not have been read
  })
  res.end(text)
}

export function sendRefusal(res: ServerResponse, { status, message, problem, problems }: HookRefusal): void {
  if (res.headersSent || res.destroyed) return
  const text = JSON.stringify({ error: message, problem, ...(problems !== undefined && { problems }) })
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 413 && { connection: 'close' }),
  })
  res.end(text)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined

async function bytesOf(req: IncomingMessage, limitBytes: number): Promise<Buffer> {
  try {
    return await readBody(req, limitBytes)
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new HookRefusal('tooLarge')
    throw error
  }
}

/**
 * Reads a message for one of the openings. Throws HookRefusal, after it was counted; BodyAborted where the sender went away. That
 * an id counts once is for the caller to see, in the unit of work in which the message counts.
 */
export async function receiveSigned(
  { sources, clock, witness, refusals, limits }: SignedPorts,
  req: IncomingMessage & { readonly ip?: string | undefined },
  opening: Opening,
  { limitBytes = longestAssessment, types = ['application/json'] }: SignedOptions = {},
): Promise<Signed> {
  let known: string | undefined
  let json: unknown
  const refuseIf = (wait: number | undefined, source?: string): void => {
    if (wait === undefined) return
    witness.limited({ source })
    throw new HookBusy(wait)
  }
  refuseIf(await limits.waitOf(req.ip))
  try {
    const type = mediaTypeOf(req)
    if (!types.includes(type) || isEncoded(req))
      throw new HookRefusal('malformed', { status: 415, words: `${types.join(' or ')} expected, not compressed` })
    const bytes = await bytesOf(req, limitBytes)
    const isJson = type === 'application/json'
    json = isJson ? jsonIn(bytes) : undefined
    if (isJson && !isObject(json)) throw new HookRefusal('malformed', { words: 'an object in JSON (UTF-8) expected' })
    const written = isObject(json) ? json.source : undefined
    const named = sourceName.safeParse(textOf(req.headers['sekisho-source']) ?? written)
    const source = named.success ? sources().get(named.data) : undefined
    if (source === undefined || (isJson && written !== undefined && written !== source.name))
      throw new HookRefusal('unknownSource')
    known = source.name
    if (!mayUse(source, opening)) throw new HookRefusal('unknownSource', { status: 403 })
    const problem = webhookProblem(source.webhookKeys, req.headers, bytes, clock.now())
    if (problem !== undefined) throw new HookRefusal(problem, { status: 401 })
    refuseIf(await limits.noteSource(source.name), source.name)
    return { source, messageId: textOf(req.headers['webhook-id']) ?? '', bytes, json }
  } catch (error) {
    if (error instanceof HookRefusal) await limits.noteRefused(req.ip)
    if (error instanceof HookRefusal) noteRefusal({ witness, refusals }, opening, error, { source: known, json })
    throw error
  }
}

/** Counts it, and remembers it for the record of the transaction that it names. */
export function noteRefusal(
  { witness, refusals }: Pick<SignedPorts, 'witness' | 'refusals'>,
  opening: Opening,
  { problem, problems }: HookRefusal,
  { source, json }: { readonly source: string | undefined; readonly json: unknown },
): void {
  const threeDSServerTransID = transactionNamedIn(json)
  const paths = problems?.map(({ path }) => path)
  witness.unheard({ door: opening, source, problem, threeDSServerTransID, ...(paths !== undefined && { paths }) })
  const door = doors.find((one) => one === opening)
  if (door !== undefined && threeDSServerTransID !== undefined)
    refusals.add(threeDSServerTransID, { door, ...(source !== undefined && { source }), problem })
}
