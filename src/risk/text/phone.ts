/** What a telephone number is by its number plan. Possible is not in service. */
import type { Tables } from '../tables.ts'

export type PhoneKind = 'mobile' | 'fixed' | 'ip' | 'tollFree' | 'other' | 'impossible'
export type Phone = {
  readonly e164: string
  /** ISO 3166-1 numeric; undefined: the country code is shared or unknown. */
  readonly country: string | undefined
  readonly kind: PhoneKind
}

/** As EMV 3DS carries it: the country code, and the number without it. */
export type PhoneElement = { readonly cc?: string | undefined; readonly subscriber?: string | undefined }

export function phoneOf({ cc, subscriber }: PhoneElement, tables: Tables): Phone | undefined {
  if (cc === undefined || subscriber === undefined) return undefined
  if (cc === '81') return japanese(subscriber)
  const e164 = `+${cc}${subscriber}`
  return { e164, ...tables.phoneKindOf(e164) }
}

const japan = '392'

/**
 * The first digits after the trunk 0 and how many follow in all. Mobile 060, 070, 080, 090; IP 050; toll-free 0120, 0800;
 * everything else that begins with 1 to 9 and has nine digits is a fixed line. 0800 has ten digits as mobiles have, so it comes first.
 */
const plan: readonly (readonly [pattern: RegExp, kind: PhoneKind])[] = [
  [/^120\d{6}$/, 'tollFree'],
  [/^800\d{7}$/, 'tollFree'],
  [/^50\d{8}$/, 'ip'],
  [/^[6789]0[1-9]\d{7}$/, 'mobile'],
  [/^(570\d{6}|990\d{6}|20\d{8,9})$/, 'other'],
  [/^(?!0|[5-9]0)[1-9]\d{8}$/, 'fixed'],
]

function japanese(subscriber: string): Phone {
  const national = subscriber.startsWith('0') ? subscriber.slice(1) : subscriber
  const kind = plan.find(([pattern]) => pattern.test(national))?.[1] ?? 'impossible'
  return { e164: `+81${national}`, country: japan, kind }
}
