// An entry of the journal as people and programs get it. Pure.
import { z } from 'zod'
import type { JournalRecord, TransactionIds } from '../acs/ports.ts'

export const findingSchema = z.object({ errorCode: z.string(), element: z.string(), rule: z.string() })

export const entrySchema = z.object({
  /** Of a row, or `DS-12` for what the DS wrote down. */
  id: z.union([z.int(), z.string()]),
  /** Who wrote it down: ACS, DS or 3DSS. */
  by: z.string(),
  /** By the clock of the tenant, in milliseconds since 1970. */
  at: z.int(),
  link: z.string(),
  messageType: z.string().optional(),
  /** The message, masked; text where it is no JSON. */
  message: z.unknown().optional(),
  /** As it came, where messages are kept in clear (`--test-data`). */
  raw: z.string().optional(),
  problem: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  httpStatus: z.int().optional(),
  durationMs: z.number().optional(),
  findings: z.array(findingSchema).optional(),
  fault: z.string().optional(),
  /** What left in its place; empty: nothing. */
  sent: z.unknown().optional(),
  acsTransID: z.string().optional(),
  threeDSServerTransID: z.string().optional(),
  dsTransID: z.string().optional(),
  decidedBy: z.string().optional(),
  seen: z.array(z.object({ by: z.string(), at: z.int(), durationMs: z.number().optional() })).optional(),
})
export type Entry = z.output<typeof entrySchema>

/** The JSON a masked text holds; what is no object stays text. */
export function messageIn(masked: string): unknown {
  try {
    const value: unknown = JSON.parse(masked)
    return typeof value === 'object' && value !== null ? value : masked
  } catch {
    return masked
  }
}

const idForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The ids that a message names, in lower case. */
export const idsIn = (message: unknown): TransactionIds =>
  Object.fromEntries(
    (['acsTransID', 'threeDSServerTransID', 'dsTransID'] as const).flatMap((name) => {
      const id =
        typeof message === 'object' && message !== null
          ? Object.entries(message).find(([own]) => own === name)
          : undefined
      return typeof id?.[1] === 'string' && idForm.test(id[1]) ? [[name, id[1].toLowerCase()]] : []
    }),
  )

const utf8 = new TextDecoder()

export function entryOf(record: JournalRecord): Entry {
  const {
    masked,
    raw,
    tenant: _tenant,
    transactionId: _row,
    party,
    serverTransID: _server,
    findings,
    sent,
    ...rest
  } = record
  return {
    ...rest,
    ...(party !== undefined && { id: `${party}-i${record.id}` }),
    by: party ?? 'ACS',
    ...(findings !== undefined && { findings: [...findings] }),
    ...((masked !== '' || record.problem === undefined) && { message: messageIn(masked) }),
    ...(sent !== undefined && { sent: sent === '' ? '' : messageIn(sent) }),
    ...(raw !== undefined && { raw: utf8.decode(raw) }),
  }
}

/** Whether the ACS is one of the two. */
export const isOfAcs = ({ link }: Pick<Entry, 'link'>): boolean => link.startsWith('ACS→') || link.endsWith('→ACS')

const senderOf = (link: string): string => link.slice(0, link.indexOf('→'))

/**
 * Whether an entry of another party says something that nobody else's says: a message that the ACS was no end of, told by
 * its sender where that is one who tells; and whatever went wrong, since the other end may never have seen it.
 */
export function isOwnWord(entry: Entry): boolean {
  if (entry.by === 'ACS') return true
  if (entry.fault !== undefined || entry.problem !== undefined) return true
  if (isOfAcs(entry)) return false
  const sender = senderOf(entry.link)
  return sender === entry.by || (sender !== 'DS' && sender !== '3DSS')
}
