// Whether an AReq is like a match says: of a row of the scenario table, of a stub. Pure, for every version.
import { decodeBase64url } from '../protocol/base64url.ts'
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'
import type { Match, Test } from './plan.ts'
import { currencyCode } from './queries/summaries.ts'

/** A match as it is kept: the card is known by its keyed id, its number is not there. */
export type KeptMatch = Omit<Match, 'acctNumber'> & { readonly panMask?: string | undefined }

export interface MatchAbout {
  /** The elements that the AReq's version has, by their own names. */
  readonly areq: JsonObject
  readonly acctNumber: string
  /** Keyed id of the card. */
  readonly panHash: string
  readonly scheme: string
}

export interface Matched {
  /** What stands in the places of `rr` or `cc`. */
  readonly digits?: string | undefined
}

/** As people compare names: width, case and compatibility forms make no difference. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

const holds = (value: unknown, part: string): boolean =>
  typeof value === 'string' && folded(value).includes(folded(part))

/** The values at a path with dots. A step into an array is a position or every entry, since versions differ in arrays. */
export function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [step, ...rest] = path
  if (step === undefined) return value === undefined ? [] : [value]
  if (Array.isArray(value)) {
    if (/^[0-9]{1,3}$/.test(step)) return valuesAt(value[Number(step)], rest)
    return value.flatMap((entry) => valuesAt(entry, path))
  }
  return isObject(value) && Object.hasOwn(value, step) ? valuesAt(value[step], rest) : []
}

/** Numbers and their texts are the same, as one version writes the one and another the other. */
function isSame(value: unknown, wanted: unknown): boolean {
  if (typeof value === 'object' || typeof wanted === 'object') return JSON.stringify(value) === JSON.stringify(wanted)
  return String(value) === String(wanted)
}

const numberOf = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^-?[0-9]+(?:\.[0-9]+)?$/.test(value)
      ? Number(value)
      : Number.NaN

function passes(found: readonly unknown[], test: Test): boolean {
  if (test.present !== undefined && test.present !== found.length > 0) return false
  const { present: _present, ...rest } = test
  if (Object.values(rest).every((wanted) => wanted === undefined)) return true
  // Entries of an array stand for it, and it for itself.
  const candidates = found.flatMap((value) => (Array.isArray(value) ? [value, ...(value as unknown[])] : [value]))
  const { is, oneOf, contains, startsWith, endsWith, min, max } = test
  return candidates.some((value) => {
    const text = typeof value === 'string' || typeof value === 'number' ? folded(String(value)) : undefined
    return (
      (is === undefined || isSame(value, is)) &&
      (oneOf === undefined || oneOf.some((wanted) => isSame(value, wanted))) &&
      (contains === undefined || text?.includes(folded(contains)) === true) &&
      (startsWith === undefined || text?.startsWith(folded(startsWith)) === true) &&
      (endsWith === undefined || text?.endsWith(folded(endsWith)) === true) &&
      (min === undefined || numberOf(value) >= min) &&
      (max === undefined || numberOf(value) <= max)
    )
  })
}

const isTest = (value: unknown): value is Test => isObject(value)

function passesAll(areq: JsonObject, paths: NonNullable<Match['paths']>): boolean {
  for (const [path, wanted] of Object.entries(paths)) {
    const test = isTest(wanted) ? wanted : { is: wanted }
    if (!passes(valuesAt(areq, path.split('.')), test)) return false
  }
  return true
}

/** Trailing digits; undefined: they are others. */
function tailOf(pan: string, endsWith: string): Matched | undefined {
  const isOpen = /(?:rr|cc)$/.test(endsWith)
  const tail = pan.slice(pan.length - endsWith.length)
  const fixed = isOpen ? endsWith.slice(0, -2) : endsWith
  if (endsWith.length > pan.length || !tail.startsWith(fixed)) return undefined
  return isOpen ? { digits: tail.slice(-2) } : {}
}

function isInRange(pan: string, { from, to }: NonNullable<Match['range']>): boolean {
  return pan.slice(0, from.length) >= from && pan.slice(0, to.length) <= to
}

function isAmount(value: unknown, wanted: NonNullable<Match['amount']>): boolean {
  if (typeof value !== 'string') return false
  if (typeof wanted === 'string') return value.replace(/^0+(?=.)/, '') === wanted.replace(/^0+(?=.)/, '')
  const amount = numberOf(value)
  return !(amount < (wanted.min ?? 0)) && !(amount > (wanted.max ?? Number.POSITIVE_INFINITY)) && !Number.isNaN(amount)
}

function isMail(value: unknown, wanted: string): boolean {
  if (typeof value !== 'string') return false
  return wanted.startsWith('@') ? folded(value).endsWith(folded(wanted)) : folded(value) === folded(wanted)
}

/** Texts that tell one device from another. */
function deviceTexts({ browserUserAgent, deviceId, deviceInfo }: JsonObject): readonly unknown[] {
  const bytes = typeof deviceInfo === 'string' ? decodeBase64url(deviceInfo) : undefined
  return [browserUserAgent, deviceId, ...(bytes === undefined ? [] : [bytes.toString('utf8')])]
}

/** Undefined: it is not like that. */
export function matchOf(match: Match & KeptMatch, about: MatchAbout): Matched | undefined {
  const { areq, acctNumber: pan } = about
  if (match.acctNumber !== undefined && match.acctNumber !== pan) return undefined
  if (match.card !== undefined && match.card !== about.panHash) return undefined
  if (match.range !== undefined && !isInRange(pan, match.range)) return undefined
  if (match.scheme !== undefined && folded(match.scheme) !== about.scheme) return undefined
  if (match.amount !== undefined && !isAmount(areq.purchaseAmount, match.amount)) return undefined
  if (
    match.currency !== undefined &&
    (areq.purchaseCurrency === undefined || areq.purchaseCurrency !== currencyCode(match.currency))
  )
    return undefined
  if (match.merchant !== undefined && !holds(areq.merchantName, match.merchant)) return undefined
  if (match.cardholderName !== undefined && !holds(areq.cardholderName, match.cardholderName)) return undefined
  if (match.email !== undefined && !isMail(areq.email, match.email)) return undefined
  const { device } = match
  if (device !== undefined && !deviceTexts(areq).some((text) => holds(text, device))) return undefined
  if (match.deviceChannel !== undefined && areq.deviceChannel !== match.deviceChannel) return undefined
  if (match.messageVersion !== undefined && areq.messageVersion !== match.messageVersion) return undefined
  if (match.paths !== undefined && !passesAll(areq, match.paths)) return undefined
  return match.endsWith === undefined ? {} : tailOf(pan, match.endsWith)
}
