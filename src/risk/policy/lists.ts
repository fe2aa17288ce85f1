/**
 * Lists of what is known to be good or bad, each entry dated and with a reason. What belongs to a person (card, mail box, device,
 * phone, address) stands there as the store's keyed hash only, `key:` before it: an import hashes it at the edge.
 */
import { z } from 'zod'
import { countries } from '../../protocol/tables/iso.ts'
import type { Facts } from '../facts.ts'
import { bitsOf, blockIn, blockOf, mayHold } from './blocks.ts'
import { backwards, dated, isBackwards, isInForce, periodOf } from './dates.ts'
import { meant } from './nearest.ts'

/** `country` is that of the network address; email is a mail box or a whole domain. */
export const listKinds = [
  'ip',
  'card',
  'email',
  'device',
  'phone',
  'shipTo',
  'merchant',
  'mcc',
  'country',
  'merchantCountry',
] as const
export type ListKind = (typeof listKinds)[number]

const hash = /^key:[\w+/=-]{8,200}$/
const domain = /^(?=.{1,253}$)([\p{L}\p{N}_]([\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u
const hashed = 'is kept as its keyed hash, key:…; an import of a CSV file makes it'

/** Undefined: the value is one of its kind. */
export function problemOf(kind: ListKind, value: string): string | undefined {
  switch (kind) {
    case 'ip':
      return blockOf(value) === undefined ? 'an address or a block, such as 192.0.2.0/24 or 2001:db8::/32' : undefined
    case 'email':
      return hash.test(value) || domain.test(value)
        ? undefined
        : value.includes('@')
          ? `a mail box ${hashed}; a domain is written in clear`
          : 'a domain such as example.com, or key:… of a mail box'
    case 'merchant':
      return value.length <= 80 ? undefined : 'acquirerMerchantID or merchantName'
    case 'mcc':
      return /^\d{4}$/.test(value) ? undefined : 'four digits, in quotes'
    case 'country':
    case 'merchantCountry':
      return countries.has(value) ? undefined : 'an ISO 3166-1 numeric code, in quotes'
    default:
      return hash.test(value) ? undefined : `a ${kind} ${hashed}`
  }
}

export const entrySchema = z
  .strictObject({
    kind: z.enum(listKinds, {
      error: ({ input }) => `one of ${listKinds.join(', ')}${meant(String(input), listKinds)}`,
    }),
    value: z.string().min(1),
    reason: z.string().min(1).max(200).describe('why it is listed, for who reads the decision; no names of persons'),
    from: dated.optional(),
    until: dated.optional(),
  })
  .superRefine(({ kind, value, from, until }, context) => {
    if (isBackwards({ from, until })) context.addIssue({ code: 'custom', path: ['until'], message: backwards })
    const problem = problemOf(kind, value)
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: problem })
  })
export type WrittenEntry = Readonly<z.infer<typeof entrySchema>>

export type ListEntry = {
  readonly kind: ListKind
  readonly value: string
  readonly reason: string
  /** Milliseconds since 1970: in force from, and no longer at. */
  readonly from: number
  readonly until: number
}

export const entryOf = ({ from, until, ...entry }: WrittenEntry, offsetMinutes: number): ListEntry => ({
  ...entry,
  ...periodOf({ from, until }, offsetMinutes),
})

/** An entry that applies, as it may be kept with a transaction: not what is listed, only that it is, and why. */
export type Match = { readonly kind: ListKind; readonly reason: string }
export type Listed = { readonly allow: readonly Match[]; readonly deny: readonly Match[] }

const none: readonly never[] = []
export const notListed: Listed = { allow: none, deny: none }

/** A list as it is looked things up in: at one place for each kind of value, however long the list is. */
export type ListIndex = {
  readonly size: number
  readonly byValue: ReadonlyMap<string, readonly ListEntry[]>
  /** How long the prefixes of the blocks of network addresses are. */
  readonly lengths: readonly number[]
}

const place = (kind: ListKind, value: string): string => `${kind} ${value}`

export function indexOf(entries: readonly ListEntry[]): ListIndex {
  const byValue = new Map<string, ListEntry[]>()
  const lengths = new Set<number>()
  for (const entry of entries) {
    const block = entry.kind === 'ip' ? blockOf(entry.value) : undefined
    if (block !== undefined) lengths.add(block.length)
    const isDomain = entry.kind === 'email' && !hash.test(entry.value)
    const key = place(entry.kind, block?.name ?? (isDomain ? entry.value.toLowerCase() : entry.value))
    const found = byValue.get(key)
    if (found === undefined) byValue.set(key, [entry])
    else found.push(entry)
  }
  return { size: entries.length, byValue, lengths: [...lengths] }
}

/** What of a payment can be listed. Of an AReq the network address and the merchant as they are on the wire. */
export type Listable = {
  readonly facts: Pick<Facts, 'keys' | 'emailDomain' | 'mcc' | 'ipCountry' | 'merchantCountry'>
  readonly areq: {
    readonly browserIP?: string | undefined
    readonly appIp?: string | undefined
    readonly acquirerMerchantID?: string | undefined
    readonly merchantName?: string | undefined
  }
}

export function matches(index: ListIndex, { facts, areq }: Listable, now: number): readonly Match[] {
  if (index.size === 0) return none
  const { keys } = facts
  const found: Match[] = []
  const look = (kind: ListKind, value: string | undefined): void => {
    if (value === undefined) return
    for (const entry of index.byValue.get(place(kind, value)) ?? none)
      if (isInForce(entry, now)) found.push({ kind, reason: entry.reason })
  }
  const key = (kind: ListKind, value: string | undefined): void => look(kind, value && `key:${value}`)
  const address = bitsOf(areq.browserIP ?? areq.appIp ?? '')
  if (address !== undefined)
    for (const length of index.lengths) if (mayHold(length, address)) look('ip', blockIn(address, length))
  key('card', keys.account)
  key('email', keys.email)
  for (const name of domainsOf(facts.emailDomain)) look('email', name)
  key('device', keys.device)
  key('phone', keys.phone)
  key('shipTo', keys.shipTo)
  look('merchant', areq.acquirerMerchantID)
  if (areq.merchantName !== areq.acquirerMerchantID) look('merchant', areq.merchantName)
  look('mcc', facts.mcc)
  look('country', facts.ipCountry)
  look('merchantCountry', facts.merchantCountry)
  return found
}

/** A domain and those that it belongs to: mail.example.com, example.com. */
function domainsOf(name: string | undefined): readonly string[] {
  if (name === undefined) return none
  const parts = name.split('.').slice(-8)
  return parts.slice(0, -1).map((_, i) => parts.slice(i).join('.'))
}

export function listed(
  lists: { readonly allow: ListIndex; readonly deny: ListIndex },
  about: Listable,
  now: number,
): Listed {
  if (lists.allow.size === 0 && lists.deny.size === 0) return notListed
  return { allow: matches(lists.allow, about, now), deny: matches(lists.deny, about, now) }
}
