// Checks of an AReq that a setting switches on. Spec: Table A.4 (304, 306), section 5.10; ACS-VAL-15, 67, 156.
import type { Finding } from '../errors.ts'
import { currencies } from '../tables/iso.ts'
import { merchantCategoryCodes } from '../tables/mcc.ts'
import type { Version } from '../tables/types.ts'
import type { JsonObject } from './conditions.ts'
import { formatTests } from './formats.ts'
import type { Report } from './steps.ts'

export interface Switches {
  readonly exponentCheck?: boolean
  readonly dateCheck?: boolean
  readonly mccCheck?: boolean
  /** Milliseconds since 1970, UTC. */
  readonly now?: number
}

interface Pair {
  readonly versions: readonly Version[]
  readonly currency: string
  readonly exponent: string
}

/** Currency and exponent of one amount (ACS-VAL-67). */
const pairs: readonly Pair[] = [
  { versions: ['2.1.0', '2.2.0', '2.3.1'], currency: 'purchaseCurrency', exponent: 'purchaseExponent' },
  { versions: ['2.3.1'], currency: 'recurringCurrency', exponent: 'recurringExponent' },
]

/** Any other exponent is 203 already. */
const isExponent = (value: unknown): value is string =>
  typeof value === 'string' && value.length === 1 && value >= '0' && value <= '9'

function isUnlike(message: JsonObject, { currency: name, exponent: exponentName }: Pair): boolean {
  const currency = message[name]
  const exponent = message[exponentName]
  const minor = typeof currency === 'string' ? currencies.get(currency)?.exponent : undefined
  return minor !== undefined && isExponent(exponent) && Number(exponent) !== minor
}

/** An element with a value that another check has passed already. */
const finding = (errorCode: '203' | '304' | '306', element: string, rule: string): Finding => ({
  errorCode,
  element,
  at: `$.${element}`,
  rule,
})

/** Half an hour either way. Spec: 5.10. */
const dateToleranceMs = 30 * 60_000

function isFar(date: unknown, now: number): boolean {
  if (typeof date !== 'string' || formatTests.dateTimeSeconds?.(date) !== true) return false
  const part = (from: number, to: number): number => Number(date.slice(from, to))
  const at = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14))
  return Math.abs(at - now) > dateToleranceMs
}

/** A date as far off as 5.10 lets a receiver refuse, from 2.3.1 on. */
const isDateFar = (message: JsonObject, version: Version, { dateCheck, now }: Switches): boolean =>
  dateCheck === true && now !== undefined && version === '2.3.1' && isFar(message.purchaseDate, now)

/** Whether `reportSwitched` has nothing to say. */
export const isFineBySwitches = (message: JsonObject, version: Version, switches: Switches): boolean =>
  !pairs.some((pair) => pair.versions.includes(version) && isUnlike(message, pair)) &&
  !isDateFar(message, version, switches) &&
  (switches.mccCheck !== true || !isStrangeMcc(message.mcc))

const isStrangeMcc = (mcc: unknown): boolean =>
  typeof mcc === 'string' && mcc.length === 4 && !merchantCategoryCodes.has(mcc)

/** Without `exponentCheck` a pair that does not fit is a warning only. */
export function reportSwitched(message: JsonObject, version: Version, switches: Switches, report: Report): void {
  if (isDateFar(message, version, switches)) report.wrong.push(finding('203', 'purchaseDate', 'ACS-VAL-156'))
  for (const pair of pairs) {
    if (!pair.versions.includes(version) || !isUnlike(message, pair)) continue
    const list = switches.exponentCheck === true ? report.iso : report.warnings
    for (const element of [pair.currency, pair.exponent]) list.push(finding('304', element, 'ACS-VAL-67'))
  }
  if (switches.mccCheck === true && isStrangeMcc(message.mcc)) report.scheme.push(finding('306', 'mcc', 'ACS-VAL-15'))
}
