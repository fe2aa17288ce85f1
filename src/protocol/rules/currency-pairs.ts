// Currency and exponent that do not belong together. Spec: Table A.4 (304); ACS-VAL-67.
import type { Finding } from '../errors.ts'
import { currencies } from '../tables/iso.ts'
import type { Version } from '../tables/types.ts'
import type { JsonObject } from './conditions.ts'

interface Pair {
  readonly versions: readonly Version[]
  readonly currency: string
  readonly exponent: string
}

const pairs: readonly Pair[] = [
  { versions: ['2.1.0', '2.2.0', '2.3.1'], currency: 'purchaseCurrency', exponent: 'purchaseExponent' },
  { versions: ['2.3.1'], currency: 'recurringCurrency', exponent: 'recurringExponent' },
]

/** 304 for both elements of every pair whose exponent is not the currency's ISO 4217 minor unit. */
export function pairFindings(message: JsonObject, version: Version): readonly Finding[] {
  return pairs.flatMap((pair) => {
    const currency = message[pair.currency]
    const exponent = message[pair.exponent]
    const minor = typeof currency === 'string' ? currencies.get(currency)?.exponent : undefined
    if (!pair.versions.includes(version) || minor === undefined || !isExponent(exponent)) return []
    if (exponent === String(minor)) return []
    return [pair.currency, pair.exponent].map(
      (element) => ({ errorCode: '304', element, at: `$.${element}`, rule: 'ACS-VAL-67' }) as const,
    )
  })
}

/** Any other exponent is 203 already. */
const isExponent = (value: unknown): value is string => typeof value === 'string' && /^[0-9]$/.test(value)
