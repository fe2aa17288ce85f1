// What the journal is searched by; all of it has to fit. Pure.
import { z } from 'zod'
import { linkSchema } from '../faults/rule.ts'
import { maskPan } from '../protocol/mask.ts'
import { sensitiveElements } from '../protocol/tables/sensitive.ts'
import type { Entry } from './entry.ts'
import { passes, valuesAt, type WantedValue, wantedValue } from './values.ts'

const id = z.guid().transform((text) => text.toLowerCase())

/** A card number is wanted as it is kept: masked (SEC-LOG-2). */
function asKept<T>(wanted: T): T {
  const masked = JSON.stringify(wanted, (_name, value: unknown) =>
    typeof value === 'string' && /^[0-9]{13,19}$/.test(value) ? maskPan(value) : value,
  )
  return JSON.parse(masked) as T
}

const whereAsKept = (where: Readonly<Record<string, WantedValue>>): Record<string, WantedValue> =>
  Object.fromEntries(
    Object.entries(where).map(([path, wanted]) => {
      const name = path.slice(path.lastIndexOf('.') + 1)
      const isPan = Object.hasOwn(sensitiveElements, name) && sensitiveElements[name] === 'pan'
      return [path, isPan ? asKept(wanted) : wanted]
    }),
  )

/** What a message has to be like. */
export const messageMatch = z.strictObject({
  messageType: z
    .string()
    .regex(/^[A-Za-z]{1,32}$/)
    .optional(),
  /** Of a page or another event that is no message: its `page`, `action` or `event`. */
  event: z.string().min(1).max(40).optional(),
  link: linkSchema.optional(),
  acsTransID: id.optional(),
  threeDSServerTransID: id.optional(),
  dsTransID: id.optional(),
  /** Of an Erro, or of a finding. */
  errorCode: z
    .string()
    .regex(/^[0-9]{3}$/, 'three digits expected')
    .optional(),
  /** Part of the message, as text; case makes no difference. */
  text: z.string().min(1).max(200).optional(),
  /** Part of the fault's name; `any`: whatever it was. */
  fault: z.string().min(1).max(200).optional(),
  /** Elements by their path with dots, equal to a value or as the tests say. */
  where: z.record(z.string().min(1).max(200), wantedValue).transform(whereAsKept).optional(),
})
export type MessageMatch = z.output<typeof messageMatch>

export interface Filter extends MessageMatch {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** One condition of a match: what it is about, and whether an entry meets it. */
export interface Condition {
  readonly about: string
  readonly isMet: (entry: Entry) => boolean
}

const memberOf = (message: unknown, name: string): unknown => valuesAt(message, name)[0]

const idIn = (entry: Entry, name: 'acsTransID' | 'threeDSServerTransID' | 'dsTransID'): string | undefined => {
  const value = entry[name] ?? memberOf(entry.message, name)
  return typeof value === 'string' ? value.toLowerCase() : undefined
}

const eventOf = (entry: Entry): unknown =>
  memberOf(entry.message, 'page') ?? memberOf(entry.message, 'action') ?? memberOf(entry.message, 'event')

const textOf = (message: unknown): string =>
  (typeof message === 'string' ? message : (JSON.stringify(message) ?? '')).toLowerCase()

export function conditionsOf(filter: Filter): readonly Condition[] {
  const { messageType, event, link, errorCode, text, fault, where = {}, from, to } = filter
  const conditions: Condition[] = []
  const add = (about: string, wanted: unknown, isMet: (entry: Entry) => boolean): void => {
    if (wanted !== undefined) conditions.push({ about, isMet })
  }
  // The name on the wire counts as well as what it was taken for: an Erro may come in the place of an RRes.
  add('messageType', messageType, (entry) => {
    const said = memberOf(entry.message, 'messageType')
    return said === undefined ? entry.messageType === messageType : said === messageType
  })
  add('event', event, (entry) => entry.messageType === undefined && eventOf(entry) === event)
  add('link', link, (entry) => entry.link === link)
  for (const name of ['acsTransID', 'threeDSServerTransID', 'dsTransID'] as const)
    add(name, filter[name], (entry) => idIn(entry, name) === filter[name])
  add(
    'errorCode',
    errorCode,
    (entry) =>
      memberOf(entry.message, 'errorCode') === errorCode ||
      (entry.findings ?? []).some((finding) => finding.errorCode === errorCode),
  )
  const part = text?.toLowerCase() ?? ''
  add('text', text, (entry) => textOf(entry.message).includes(part))
  add('fault', fault, (entry) => entry.fault !== undefined && (fault === 'any' || entry.fault.includes(fault ?? '')))
  add('from', from, (entry) => entry.at >= (from ?? 0))
  add('to', to, (entry) => entry.at <= (to ?? 0))
  for (const [path, wanted] of Object.entries(where))
    conditions.push({ about: path, isMet: (entry) => passes(valuesAt(entry.message, path), wanted) })
  return conditions
}

export function matcherOf(filter: Filter): (entry: Entry) => boolean {
  const conditions = conditionsOf(filter)
  return (entry) => conditions.every(({ isMet }) => isMet(entry))
}
