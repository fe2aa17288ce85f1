// Who an order speaks of, in keys that are the same for every spelling (名寄せ). What is stored of them is a keyed hash: it finds the
// same person again and cannot be read back.
import { createHmac } from 'node:crypto'
import type { listKinds } from '../../risk/signals.ts'
import { noTables, type Tables } from '../../risk/tables.ts'
import { addressKeyOf } from '../../risk/text/address.ts'
import { mailOf } from '../../risk/text/mail.ts'
import { nameKeyOf } from '../../risk/text/name.ts'
import { phoneOf } from '../../risk/text/phone.ts'
import type { OrderAddress, OrderRequest } from './api.ts'

export type KeyKind = Exclude<(typeof listKinds)[number], 'card'>
export type Keys = Readonly<Partial<Record<KeyKind, string>>>

export const keyKinds = ['email', 'phone', 'shipTo', 'device', 'ip'] as const satisfies readonly KeyKind[]

const hashed = (secret: string, kind: string, value: string): string =>
  createHmac('sha256', secret).update(`${kind}:${value}`).digest('base64url').slice(0, 22)

export const addressKey = (address: OrderAddress): string | undefined =>
  addressKeyOf({
    lines: [address.line1, address.line2],
    city: address.city,
    postCode: address.postCode,
    state: address.state,
    country: address.country,
  })

/** A device without a cookie of ours: what its browser says of itself. Two alike are one. */
function deviceText({ userAgent, language, timeZone, screen }: OrderRequest['device']): string | undefined {
  if (userAgent === undefined || screen === undefined) return undefined
  return [userAgent, language, timeZone, screen].join('|')
}

/** The person as far as orders tell: name in one spelling. */
export const personOf = (order: OrderRequest): string => nameKeyOf(order.buyer.name) ?? order.buyer.name.toUpperCase()

/** Hashed with the service's secret; what is not known has no key. */
export function keysOf(order: OrderRequest, secret: string, tables: Tables = noTables): Keys {
  const { buyer, delivery, device } = order
  const texts: Readonly<Record<KeyKind, string | undefined>> = {
    email: mailOf(buyer.email, tables)?.box,
    phone: buyer.phone && phoneOf(buyer.phone, tables)?.e164,
    shipTo: delivery && addressKey(delivery),
    device: deviceText(device),
    ip: device.ip,
  }
  return Object.fromEntries(
    keyKinds.flatMap((kind) => {
      const value = texts[kind]
      return value === undefined ? [] : [[kind, hashed(secret, kind, value)]]
    }),
  )
}

export const hashedPerson = (order: OrderRequest, secret: string): string => hashed(secret, 'person', personOf(order))
export const hashedAccount = (order: OrderRequest, secret: string): string =>
  hashed(secret, 'account', order.buyer.accountId ?? `guest:${order.buyer.email.trim().toLowerCase()}`)

/** A value typed by a person, as an order would have it; undefined: it is none of this kind. */
export function keyOfText(kind: string, value: string, secret: string, tables: Tables = noTables): string | undefined {
  switch (kind) {
    case 'email': {
      const box = mailOf(value, tables)?.box
      return box && hashed(secret, kind, box)
    }
    case 'phone': {
      const national = value.replace(/[^\d+]/g, '')
      const parts = /^\+(1|7|[2-9]\d)(\d{4,14})$/.exec(national)
      const phone = phoneOf(
        parts === null ? { cc: '81', subscriber: national } : { cc: parts[1], subscriber: parts[2] },
        tables,
      )
      return phone && hashed(secret, kind, phone.e164)
    }
    case 'shipTo': {
      const postCode = /\d{3}-?\d{4}/.exec(value)?.[0]
      const key = addressKeyOf({ lines: [value.replace(postCode ?? '', ' ')], postCode, country: '392' })
      return key && hashed(secret, kind, key)
    }
    case 'ip':
      return /^[\d.:a-fA-F]+$/.test(value) ? hashed(secret, kind, value) : undefined
    default:
      return undefined
  }
}
