// One test per format kind. Spec: Annex A (Table A.1), ACS-VAL-13, ACS-VAL-25, ACS-VAL-45…53, ACS-VAL-65.
import { isIP } from 'node:net'
import type { FormatKind } from '../tables/types.ts'

export type FormatTest = (value: string) => boolean

const matches =
  (pattern: RegExp): FormatTest =>
  (value) =>
    pattern.test(value)

const zero = 0x30

/** One or more digits. A loop costs a third of a pattern, and most elements are digits or ids. */
function isDigits(value: string): boolean {
  for (let at = 0; at < value.length; at += 1) {
    const unit = value.charCodeAt(at)
    if (unit < zero || unit > 0x39) return false
  }
  return value !== ''
}

/** The number that two digits at `at` say. */
const two = (value: string, at: number): number => value.charCodeAt(at) * 10 + value.charCodeAt(at + 1) - 11 * zero

const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** YYYYMMDD, all digits, at the start of `value` is a real calendar date (ACS-VAL-65). */
function isDate(value: string): boolean {
  const month = two(value, 4)
  const day = two(value, 6)
  if (month < 1 || month > 12 || day < 1 || day > (daysIn[month - 1] ?? 0)) return false
  if (month !== 2 || day < 29) return true
  const [century, year] = [two(value, 0), two(value, 2)]
  return year === 0 ? century % 4 === 0 : year % 4 === 0
}

/** Date, hours and minutes, and where present seconds; second 60 is tolerated (ACS-VAL-65). */
const isDateTime =
  (length: number): FormatTest =>
  (value) =>
    value.length === length &&
    isDigits(value) &&
    isDate(value) &&
    two(value, 8) <= 23 &&
    two(value, 10) <= 59 &&
    (length < 14 || two(value, 12) <= 60)

/** 1 for hexadecimal digits. */
const hexadecimal = Uint8Array.from({ length: 128 }, (_, unit) =>
  /[0-9A-Fa-f]/.test(String.fromCharCode(unit)) ? 1 : 0,
)
const hyphen = 0x2d

/** 8-4-4-4-12, either case (FLOW-GEN-7). */
function isUuid(value: string): boolean {
  if (value.length !== 36) return false
  for (let at = 0; at < 36; at += 1) {
    const unit = value.charCodeAt(at)
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (unit !== hyphen) return false
    } else if (hexadecimal[unit] !== 1) return false
  }
  return true
}

// Absolute, host present, no user info, no fragment (ACS-VAL-49, SEC-URL-2).
const hostAndRest = /^(?:[A-Za-z0-9._~\u00a1-\uffff-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?][^\s#\p{Cc}]*)?$/u

/** What may follow the scheme without any doubt: plain labels of which the last begins with a letter, a port, a path. */
const plainRest =
  /^(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)*[A-Za-z][A-Za-z0-9]*(?::[0-9]{1,4})?(?:[/?][\x21\x22\x24-\x7e]*)?$/

/** http is for the loop on one machine; outside the simulator only https is a fully qualified URL. */
const isUrl: FormatTest = (value) => {
  if (value.startsWith('https://') && plainRest.test(value.slice(8))) return true
  const scheme = value.slice(0, 8).toLowerCase()
  const start = scheme.startsWith('https://') ? 8 : scheme.startsWith('http://') ? 7 : 0
  return start > 0 && hostAndRest.test(value.slice(start)) && URL.canParse(value)
}

/** The scheme of an app, such as `shop.app://return` (ACS-VAL-127); none that a browser gives a meaning of its own (SEC-URL-2). */
const isAppUrl: FormatTest = (value) =>
  /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s#\p{Cc}]+$/u.test(value) &&
  !/^(?:https?|javascript|data|file|blob|ftp|wss?):/i.test(value) &&
  URL.canParse(value)

export const formatTests: Readonly<Record<FormatKind, FormatTest | undefined>> = {
  text: undefined,
  digits: isDigits,
  code: undefined, // the code list says it
  uuid: isUuid,
  url: isUrl,
  appUrl: (value) => isUrl(value) || isAppUrl(value),
  email: matches(/^[^\s@]+@[^\s@]+$/),
  ip: (value) => isIP(value) !== 0,
  language: undefined, // its pattern says it
  version: matches(/^[0-9]+\.[0-9]+\.[0-9]+$/),
  date: (value) => value.length === 8 && isDigits(value) && isDate(value),
  dateTime: isDateTime(12),
  dateTimeSeconds: isDateTime(14),
  yearMonth: matches(/^[0-9]{2}(?:0[1-9]|1[0-2])$/),
  country: isDigits, // whether it exists is 304
  currency: isDigits,
  currencyAlpha: matches(/^[A-Z]{3}$/),
  subdivision: matches(/^[A-Za-z0-9]{1,3}$/),
  base64: matches(/^[A-Za-z0-9+/]+={0,2}$/),
  base64url: matches(/^[A-Za-z0-9_-]+={0,2}$/),
  jws: matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
  jwe: matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
}
