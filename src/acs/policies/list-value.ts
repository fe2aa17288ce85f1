// What somebody lists: turned into what is kept. Of a card, a mail box and a telephone number that is a keyed hash and a mask.
import { maskPan } from '../../protocol/mask.ts'
import { countries } from '../../protocol/tables/iso.ts'
import type { Facts } from '../../risk/facts.ts'
import { type ListKind, problemOf } from '../../risk/policy/lists.ts'
import { mailOf } from '../../risk/text/mail.ts'
import { schemeOf } from '../issuer.ts'
import type { Secrets } from '../ports.ts'
import { isCardNumber } from './text.ts'

export interface ListValue {
  readonly value: string
  readonly shown?: string
}

/** In words for who typed it, without what was typed. */
export class ListProblem extends Error {
  readonly path: string
  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

const isKey = (text: string): boolean => text.startsWith('key:')
const keyed = (key: string, shown: string): ListValue => ({ value: `key:${key}`, shown })
/** Enough to tell entries apart. */
const briefKey = (key: string): string => `${key.slice(0, 6)}…`

const maskMail = (box: string): string => {
  const at = box.lastIndexOf('@')
  return `${box.slice(0, 1)}***${box.slice(at)}`
}

const maskPhone = (e164: string): string => `${e164.slice(0, 3)}***${e164.slice(-2)}`

/** As facts know it: with its country code, without the 0 that is dialled in Japan only. */
const e164Of = (text: string): string | undefined => {
  const digits = text.normalize('NFKC').replace(/[\s().-]/g, '')
  return /^\+[1-9]\d{6,17}$/.test(digits) ? digits.replace(/^\+810/, '+81') : undefined
}

const alphaToNumeric = new Map([...countries].map(([numeric, alpha]) => [alpha, numeric]))

export function listValueOf(kind: ListKind, written: string, secrets: Pick<Secrets, 'panHash' | 'keyOf'>): ListValue {
  const text = written.trim()
  if (isKey(text)) return checked(kind, { value: text, shown: briefKey(text.slice(4)) })
  switch (kind) {
    case 'card': {
      const pan = text.normalize('NFKC').replace(/[\s-]/g, '')
      if (/^[0-9]{13,19}$/.test(pan)) return keyed(secrets.panHash(pan), maskPan(pan))
      // As the register and its addresses name it.
      if (/^[0-9a-f]{32}$/.test(text)) return keyed(text, briefKey(text))
      throw new ListProblem('value', '13 to 19 digits, or the id of a card (GET /api/v1/cards)')
    }
    case 'email': {
      if (!text.includes('@')) return checked(kind, { value: text.toLowerCase() })
      const mail = mailOf(text)
      if (mail === undefined) throw new ListProblem('value', 'a mail address, or a domain such as example.com')
      return keyed(secrets.keyOf('email', mail.box), maskMail(mail.box))
    }
    case 'phone': {
      const e164 = e164Of(text)
      if (e164 === undefined) throw new ListProblem('value', 'a telephone number with its country code: +81 90 …')
      return keyed(secrets.keyOf('phone', e164), maskPhone(e164))
    }
    case 'device':
      // The id that an app or the 3DS Method tells, as facts take it.
      return keyed(secrets.keyOf('device', `id\n${text}`), briefKey(text))
    case 'shipTo':
      throw new ListProblem('value', `key:… of a ${kind}, or \`transaction\`: one that it was seen in`)
    case 'country':
    case 'merchantCountry':
      return checked(kind, { value: alphaToNumeric.get(text.toUpperCase()) ?? text })
    case 'merchant':
      if (looksLikeCard(text))
        throw new ListProblem('value', 'this looks like a card number, which would be kept in clear')
      return checked(kind, { value: text })
    default:
      return checked(kind, { value: text })
  }
}

/** Numbers of shops are digits, too; few begin and end as a card number does. */
function looksLikeCard(text: string): boolean {
  const digits = text.normalize('NFKC').replace(/[\s-]/g, '')
  return /^[0-9]{13,19}$/.test(digits) && schemeOf(digits) !== undefined && isCardNumber(digits)
}

function checked(kind: ListKind, value: ListValue): ListValue {
  const problem = problemOf(kind, value.value)
  if (problem !== undefined) throw new ListProblem('value', problem)
  return value
}

const keyOfKind = {
  card: 'account',
  email: 'email',
  device: 'device',
  phone: 'phone',
  shipTo: 'shipTo',
} as const satisfies Partial<Record<ListKind, keyof Facts['keys']>>

/** The card, mail box, device … that a transaction was made with. */
export function listValueIn(kind: ListKind, keys: Facts['keys'], panMask: string): ListValue {
  if (!(kind in keyOfKind))
    throw new ListProblem('kind', `of a transaction: one of ${Object.keys(keyOfKind).join(', ')}`)
  const key = keys[keyOfKind[kind as keyof typeof keyOfKind]]
  if (key === undefined) throw new ListProblem('transaction', `the ${kind} was not told in it`)
  return checked(kind, keyed(key, kind === 'card' ? panMask : briefKey(key)))
}
