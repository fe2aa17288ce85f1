// A run as one file: lines of JSON, a header first, then the transactions, then what each party wrote down. Pure.
import { z } from 'zod'
import { challengeKinds, otpChannels, screenNames } from '../acs/challenge/kinds.ts'
import { shownChallenge } from '../acs/challenge/shown.ts'
import type { Challenge } from '../acs/challenge/state.ts'
import {
  type ImportedTransaction,
  type Label,
  labelKinds,
  type NewJournalEntry,
  type Transaction,
} from '../acs/ports.ts'
import { links } from '../faults/rule.ts'
import { maskMessage, maskRefused } from '../protocol/mask.ts'
import { isObject } from '../protocol/rules/conditions.ts'
import { type ErrorCode, errorDescriptions } from '../protocol/tables/errors.ts'
import { type CanonicalRun, canonicalLines } from './canonical.ts'
import { NotCanonical, type Run, readCanonical } from './diff.ts'
import { type Entry, entryOf, findingSchema, idsIn } from './entry.ts'
import { engineShape, hasCardNumber, missingIn } from './kept-details.ts'

export const fileFormat = 'sekisho-journal'
export const fileVersion = 1

const header = z.object({
  format: z.literal(fileFormat),
  formatVersion: z.literal(fileVersion),
  version: z.string().max(40),
  tenant: z.string().max(40),
  seed: z.string().max(200).optional(),
  clock: z.object({ mode: z.enum(['run', 'frozen']), now: z.iso.datetime() }),
  /** Addresses of the parties of that run. */
  places: z.record(z.string().max(500), z.string().max(40)).optional(),
})
export type FileHeader = z.output<typeof header>

const uuid = z.guid()
const at = z.int().min(0).max(8_640_000_000_000_000)
const text = (most: number) => z.string().max(most)
const code = text(2)
const unknownObject = z.record(z.string(), z.unknown())

const isErrorCode = (value: unknown): boolean => typeof value === 'string' && Object.hasOwn(errorDescriptions, value)
const finding = findingSchema.extend({ errorCode: z.custom<ErrorCode>(isErrorCode, 'an errorCode expected') })

const outcome = z.looseObject({
  action: text(40).optional(),
  transStatus: text(2).optional(),
  transStatusReason: code.optional(),
  because: z.array(text(400)).max(200).optional(),
  segment: text(200).optional(),
  band: z.enum(['low', 'medium', 'high']).optional(),
})
const spoken = z.looseObject({ ...outcome.shape, by: text(40), why: text(400) })

/** What the record of a transaction must have to be shown. */
const details = z
  .looseObject({
    decision: outcome,
    engine: outcome.optional(),
    selected: spoken.optional(),
    spoken: z.array(spoken).optional(),
    scenario: z.looseObject({ ...outcome.shape, scenario: text(200) }).optional(),
    nearMiss: z.looseObject({ scenario: text(200), code: text(2) }).optional(),
    overrideProblem: text(2_048).optional(),
    mode: z.enum(['scripted', 'risk', 'unlisted']).optional(),
    plan: unknownObject.optional(),
    terms: z.tuple([z.number(), z.number(), z.number()]).optional(),
    warnings: z.array(finding).optional(),
    series: z.looseObject({ until: text(8).optional(), each: z.record(text(40), text(48)).optional() }).optional(),
    ...engineShape,
  })
  .superRefine((read, context) => {
    const missing = missingIn(read)
    if (missing !== undefined) context.addIssue({ code: 'custom', path: missing.split('.'), message: 'expected' })
    if (hasCardNumber([read.facts, read.evidence, read.inputs]))
      context.addIssue({ code: 'custom', message: 'there is a card number in it' })
  })

const count = z.int().min(0)

const verdict = z.looseObject({
  transStatus: z.enum(['Y', 'N', 'A', 'U', 'R', 'D']),
  transStatusReason: code.optional(),
  challengeCancel: code.optional(),
  interactionCounter: count,
  at,
  erro: z.looseObject({ errorCode: text(3), errorDetail: text(2_048) }).optional(),
})

const endsAt = at.optional()
/** Its secret stays where it was made: a challenge of elsewhere has no codes. */
const setup = z.looseObject({ kind: z.enum(challengeKinds), channels: z.array(z.enum(otpChannels)).max(3) })

/** What the state of a challenge must have to be shown. */
const challenge = z.discriminatedUnion('phase', [
  z.looseObject({ phase: z.literal('awaitingFirstCReq'), until: at, endsAt, setup }),
  z.looseObject({
    phase: z.literal('awaitingAnswer'),
    setup,
    screen: z.enum(screenNames),
    ...{ step: count, interactions: count, resends: count, codeNumber: count },
    ...{ codeSentAt: at, until: at, endsAt },
    windowSize: text(2),
    hint: text(40).optional(),
  }),
  z.looseObject({ phase: z.literal('awaitingDecoupled'), until: at, endsAt }),
  z.looseObject({ phase: z.literal('ended'), verdict }),
])
const isChallenge = (value: unknown): boolean => challenge.safeParse(value).success

const transactionLine = z.object({
  kind: z.literal('transaction'),
  at,
  acsTransID: uuid,
  threeDSServerTransID: uuid,
  dsTransID: uuid,
  messageVersion: text(8),
  deviceChannel: code,
  messageCategory: code,
  panHash: z.string().regex(/^[0-9a-f]{32}$/),
  panMask: z.string().regex(/^[0-9]{0,8}\*+[0-9]{0,4}$/, 'a masked card number expected'),
  scheme: text(40),
  merchantName: text(200).optional(),
  purchaseAmount: text(48).optional(),
  purchaseCurrency: text(3).optional(),
  purchaseExponent: text(1).optional(),
  transStatus: z.enum(['Y', 'N', 'A', 'U', 'R', 'I', 'C', 'D']),
  transStatusReason: code.optional(),
  decidedBy: z.enum(['stub', 'override', 'scenario', 'engine']),
  score: z.number(),
  engineStatus: text(1).optional(),
  issuerAmount: z.number().optional(),
  durationMs: z.number().optional(),
  details,
  resultStatus: text(1).optional(),
  resultReason: code.optional(),
  delivery: z.enum(['pending', 'delivered', 'late', 'refused', 'gaveUp', 'lost']).optional(),
  challenge: z.custom<Challenge>(isChallenge, 'the state of a challenge expected').optional(),
  label: z.object({ kind: z.enum(labelKinds), at, note: text(200).optional() }).optional(),
})

const messageLine = z.object({
  kind: z.literal('message'),
  by: z.enum(['ACS', '3DSS', 'DS']),
  at,
  link: z.enum(links),
  messageType: text(40).optional(),
  message: z.union([z.string().max(1_048_576), unknownObject, z.array(z.unknown())]).optional(),
  raw: z.string().max(1_048_576).optional(),
  problem: text(200).optional(),
  headers: z.record(text(60), text(600)).optional(),
  httpStatus: z.int().optional(),
  durationMs: z.number().min(0).optional(),
  findings: z.array(finding).max(200).optional(),
  fault: text(300).optional(),
  sent: z.union([z.string().max(1_048_576), unknownObject, z.array(z.unknown())]).optional(),
  /** Of its transaction; an entry of the ACS without one belongs to none. */
  acsTransID: uuid.optional(),
  threeDSServerTransID: uuid.optional(),
})

const line = z.discriminatedUnion('kind', [transactionLine, messageLine])

/** A line of the file for a transaction; what is secret or sealed here means nothing elsewhere. */
export function lineOfTransaction(
  { id: _id, tenant: _tenant, label, ...transaction }: Transaction,
  challenge: Challenge | undefined,
): object {
  return {
    kind: 'transaction',
    ...transaction,
    // What it taught stays with the profiles of here.
    ...(label !== undefined && { label: { kind: label.kind, at: label.at, note: label.note } }),
    ...(challenge !== undefined && { challenge: shownChallenge(challenge) }),
  }
}

/** `has`: whether there is a transaction of this acsTransID in the file. */
export function lineOfEntry(
  { id: _id, decidedBy: _by, dsTransID: _ds, seen: _seen, acsTransID, ...entry }: Entry,
  has: (acsTransID: string) => boolean,
): object {
  return { kind: 'message', ...entry, ...(acsTransID !== undefined && has(acsTransID) && { acsTransID }) }
}

export interface Problem {
  /** From 1. */
  readonly line: number
  readonly path: string
  readonly message: string
}

/** What an entry becomes here; `acsTransID` where it belongs to a transaction. */
export interface ReadEntry {
  readonly line: number
  readonly entry: Omit<NewJournalEntry, 'tenant' | 'transactionId'>
  readonly acsTransID?: string | undefined
}

export interface ReadTransaction {
  readonly line: number
  readonly imported: Omit<ImportedTransaction, 'transaction'> & {
    readonly transaction: Omit<ImportedTransaction['transaction'], 'tenant'>
  }
  readonly label?: Label | undefined
}

export interface ReadFile {
  readonly header?: FileHeader | undefined
  readonly transactions: readonly ReadTransaction[]
  readonly entries: readonly ReadEntry[]
  readonly problems: readonly Problem[]
}

/** A file with more lines than these is refused as a whole. */
export const mostLines = 200_000
/** Bad lines that are named. */
const mostProblems = 50

/** A card number whose middle is starred already stays as it is. */
const starred = /^[0-9]{0,6}\*{3,}[0-9]{0,4}$/

function keptMasks(before: unknown, after: unknown): unknown {
  if (typeof before === 'string' && starred.test(before)) return before
  if (Array.isArray(before) && Array.isArray(after)) return before.map((entry, index) => keptMasks(entry, after[index]))
  if (!isObject(before) || !isObject(after)) return after
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, keptMasks(before[name], value)]))
}

/** As it may be kept here, whatever the file says: it may have been written by hand. */
const maskedText = (message: string | object | undefined): string =>
  message === undefined
    ? ''
    : typeof message === 'string'
      ? maskRefused(message)
      : isObject(message)
        ? JSON.stringify(keptMasks(message, JSON.parse(maskMessage(message))))
        : maskRefused(JSON.stringify(message))

/** Reads a whole file; where there are problems, nothing of it is to be kept. `keepsRaw`: messages in clear are wanted here. */
export function readFile(content: string, keepsRaw: boolean): ReadFile {
  const problems: Problem[] = []
  const transactions: ReadTransaction[] = []
  const entries: ReadEntry[] = []
  let head: FileHeader | undefined
  const complain = (number: number, error: z.ZodError): void => {
    const [issue] = error.issues
    problems.push({ line: number, path: issue?.path.join('.') ?? '', message: issue?.message ?? 'not valid' })
  }
  const lines = content.replace(/^\ufeff/, '').split(/\r?\n/)
  if (lines.length > mostLines)
    return { transactions, entries, problems: [{ line: mostLines, path: '', message: `more than ${mostLines} lines` }] }
  const known = new Map<string, number>()
  const acsTransIDs = new Map<string, string>()
  for (const [index, text] of lines.entries()) {
    const number = index + 1
    if (text.trim() === '') continue
    if (problems.length >= mostProblems) break
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      problems.push({ line: number, path: '', message: 'no JSON' })
      continue
    }
    if (head === undefined) {
      const read = header.safeParse(value)
      if (!read.success) {
        complain(number, read.error)
        break // whatever follows is not for us
      }
      head = read.data
      continue
    }
    const read = line.safeParse(value)
    if (!read.success) {
      complain(number, read.error)
      continue
    }
    if (read.data.kind === 'transaction') {
      const { kind: _kind, challenge, label, ...transaction } = read.data
      const twin = known.get(transaction.acsTransID.toLowerCase())
      if (twin !== undefined) {
        problems.push({ line: number, path: 'acsTransID', message: `the transaction of line ${twin} again` })
        continue
      }
      known.set(transaction.acsTransID.toLowerCase(), number)
      acsTransIDs.set(transaction.threeDSServerTransID.toLowerCase(), transaction.acsTransID)
      transactions.push({
        line: number,
        imported: { transaction, ...(challenge !== undefined && { challenge }) },
        ...(label !== undefined && { label: { ...label, isFromElsewhere: true } }),
      })
      continue
    }
    const { kind: _kind, by, message, raw, sent, acsTransID, threeDSServerTransID, ...entry } = read.data
    if (acsTransID !== undefined && !known.has(acsTransID.toLowerCase())) {
      problems.push({ line: number, path: 'acsTransID', message: 'its transaction is not in the file before it' })
      continue
    }
    entries.push({
      line: number,
      acsTransID: by === 'ACS' ? acsTransID : acsTransIDs.get(threeDSServerTransID?.toLowerCase() ?? ''),
      entry: {
        ...entry,
        masked: maskedText(message),
        ...(sent !== undefined && { sent: sent === '' ? '' : maskedText(sent) }),
        ...(by !== 'ACS' && { party: by, serverTransID: threeDSServerTransID?.toLowerCase() }),
        ...(keepsRaw && raw !== undefined && { raw: new TextEncoder().encode(raw) }),
      },
    })
  }
  if (head === undefined && problems.length === 0) problems.push({ line: 1, path: '', message: 'the file is empty' })
  return { header: head, transactions, entries, problems }
}

/** A whole file as what is compared. Throws the first problem of the file. */
export function runOfFile(content: string): CanonicalRun {
  const { header: head, transactions, entries, problems } = readFile(content, false)
  const [problem] = problems
  if (problem !== undefined || head === undefined)
    throw new NotCanonical(problem?.line ?? 1, [problem?.path, problem?.message].filter(Boolean).join(': '))
  const servers = new Map(
    transactions.map(({ imported }) => [imported.transaction.acsTransID, imported.transaction.threeDSServerTransID]),
  )
  return {
    isFrozen: head.clock.mode === 'frozen',
    places: head.places ?? {},
    transactions: transactions.map(({ imported }) => imported.transaction),
    entries: entries.map(({ entry, acsTransID, line: id }) => {
      const threeDSServerTransID = acsTransID === undefined ? undefined : servers.get(acsTransID)?.toLowerCase()
      const read = entryOf({ ...entry, id, tenant: 0 })
      return {
        ...idsIn(read.message),
        ...read,
        ...(entry.party !== undefined && { threeDSServerTransID: entry.serverTransID }),
        ...(threeDSServerTransID !== undefined && { threeDSServerTransID }),
      }
    }),
  }
}

const firstLine = (content: string): string => content.slice(0, Math.min(4_096, Math.max(0, content.indexOf('\n'))))

/** A run to be compared, from either kind of export. Throws NotCanonical. */
export function readRun(content: string): Run {
  const isFile = firstLine(content).includes(`"${fileFormat}"`)
  return readCanonical(isFile ? [...canonicalLines(runOfFile(content))].join('\n') : content)
}
