// Faults on purpose: what goes wrong with a message on its way, on which link, for which message, how often.
import { z } from 'zod'
import { duration } from './duration.ts'

/**
 * Links by sender and receiver. An answer belongs to the link of its sender: the ARes to `ACS→DS`. Pages of the ACS go to
 * `ACS→browser`, the browser's return with the CRes to `browser→3DSS`, mails to `ACS→mail`, calls of the risk hook to `ACS→hook`.
 */
export const links = [
  'Requestor→3DSS',
  '3DSS→Requestor',
  '3DSS→DS',
  'DS→3DSS',
  'DS→ACS',
  'ACS→DS',
  'browser→ACS',
  'ACS→browser',
  'browser→3DSS',
  '3DSS→browser',
  'ACS→mail',
  'ACS→hook',
] as const
export type FaultLink = (typeof links)[number]

/** Also as `ACS-DS` or `ACS->DS`, which every keyboard has. */
export const linkSchema = z
  .string()
  .transform((text) => text.replace(/->|-/, '→'))
  .pipe(z.enum(links))

const delay = { delay: duration(600_000).optional() }

/**
 * delay alone: late, but whole. hang: taken, never answered. drop: closed without a word. reset: closed by RST. status: that HTTP
 * status without a body. truncate: half of the body, under the
 * content-length of the whole (`full`, and the connection is closed) or of what is sent (`sent`). malformed: bytes that are no JSON. html: a page of HTML in the place of JSON.
 * drip: a few bytes at a time. wrongIds: other ids of the transaction. wrongVersion: another messageVersion. missing, extra, set: one element
 * (a path with dots). badSignature: JWS values of the message altered. erro: an Erro in the place of the message.
 */
export const faultSchema = z
  .union([
    z.strictObject({ kind: z.literal('delay'), delay: duration(600_000) }),
    z.strictObject({
      kind: z.enum(['hang', 'drop', 'reset', 'malformed', 'html', 'wrongIds', 'badSignature']),
      ...delay,
    }),
    z.strictObject({ kind: z.literal('truncate'), contentLength: z.enum(['full', 'sent']).optional(), ...delay }),
    z.strictObject({ kind: z.literal('status'), status: z.int().min(300).max(599), ...delay }),
    z.strictObject({ kind: z.literal('drip'), bytesPerSecond: z.int().min(1).max(1_000_000).default(200), ...delay }),
    z.strictObject({ kind: z.literal('wrongVersion'), messageVersion: z.string().max(8).default('9.9.9'), ...delay }),
    z.strictObject({ kind: z.literal('missing'), element: z.string().min(1).max(200), ...delay }),
    z.strictObject({ kind: z.enum(['extra', 'set']), element: z.string().min(1).max(200), value: z.json(), ...delay }),
    z.strictObject({
      kind: z.literal('erro'),
      errorCode: z.string().regex(/^[0-9]{3}$/, 'three digits expected'),
      errorDetail: z.string().max(2_048).optional(),
      ...delay,
    }),
  ])
  .meta({ id: 'Fault' })
export type Fault = z.output<typeof faultSchema>

/** A fault of one transaction, as a plan carries it. */
export const plannedFaultSchema = z
  .strictObject({
    link: linkSchema,
    /** messageType, `page` for HTML of the ACS, `method` for the 3DS Method page; absent: every message of the link. */
    message: z
      .string()
      .regex(/^[A-Za-z]{2,16}$/)
      .optional(),
    /** How many messages it meets. */
    times: z.int().min(1).max(1_000_000).default(1),
    /** Chance for each message, by the seed of the tenant. */
    probability: z.number().gt(0).max(1).default(1),
    fault: faultSchema,
  })
  .meta({ id: 'PlannedFault' })
export type PlannedFault = z.output<typeof plannedFaultSchema>

/** What a fault rule is asked about. */
export interface FaultAbout {
  readonly link: FaultLink
  readonly message: string
  /** Lower case. */
  readonly threeDSServerTransID?: string | undefined
  readonly acsTransID?: string | undefined
}

/** A fault as a record has it. */
export interface MetFault {
  readonly fault: string
  /** What left in the place of the message, masked, where it is something else; empty: nothing did. */
  readonly sent?: string
}

/** Faults of one tenant. Parties of one process share them. */
export interface Faults {
  /** The fault that this message meets, which is one less of it. Most calls find nothing, and find it fast. */
  take(about: FaultAbout): Fault | undefined
  /** Faults of one transaction, from a plan; they go before all others. */
  plan(
    about: { readonly threeDSServerTransID: string; readonly acsTransID: string },
    faults: readonly PlannedFault[],
  ): void
}

/** No faults at all. */
export const noFaults: Faults = { take: () => undefined, plan: () => undefined }
