// One test per format kind. Spec: Annex A (Table A.1), ACS-VAL-13, ACS-VAL-25, ACS-VAL-45…53, ACS-VAL-65.
import { isIP } from 'node:net'
import type { FormatKind } from '../tables/types.ts'

export type FormatTest = (value: string) => boolean

const matches =
  (pattern: RegExp): FormatTest =>
  (value) =>
    pattern.test(value)

const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** YYYYMMDD at the start of `value` is a real calendar date (ACS-VAL-65). */
function isDate(value: string): boolean {
  const year = Number(value.slice(0, 4))
  const month = Number(value.slice(4, 6))
  const day = Number(value.slice(6, 8))
  if (month < 1 || month > 12 || day < 1 || day > (daysIn[month - 1] ?? 0)) return false
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
}

const digitsOnly = /^[0-9]+$/

/** Date, hours and minutes, and where present seconds; second 60 is tolerated (ACS-VAL-65). */
const isDateTime =
  (length: number): FormatTest =>
  (value) =>
    value.length === length &&
    digitsOnly.test(value) &&
    isDate(value) &&
    Number(value.slice(8, 10)) <= 23 &&
    Number(value.slice(10, 12)) <= 59 &&
    (length < 14 || Number(value.slice(12, 14)) <= 60)

// Absolute, host present, no user info, no fragment (ACS-VAL-49, SEC-URL-2).
const hostAndRest = /^(?:[A-Za-z0-9._~\u00a1-\uffff-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?][^\s#\p{Cc}]*)?$/u

/** http is for the loop on one machine; outside the simulator only https is a fully qualified URL. */
const isUrl: FormatTest = (value) => {
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
  digits: matches(digitsOnly),
  code: undefined, // the code list says it
  uuid: matches(/^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/), // FLOW-GEN-7
  url: isUrl,
  appUrl: (value) => isUrl(value) || isAppUrl(value),
  email: matches(/^[^\s@]+@[^\s@]+$/),
  ip: (value) => isIP(value) !== 0,
  language: undefined, // its pattern says it
  version: matches(/^[0-9]+\.[0-9]+\.[0-9]+$/),
  date: (value) => value.length === 8 && digitsOnly.test(value) && isDate(value),
  dateTime: isDateTime(12),
  dateTimeSeconds: isDateTime(14),
  yearMonth: matches(/^[0-9]{2}(?:0[1-9]|1[0-2])$/),
  country: matches(digitsOnly), // whether it exists is 304
  currency: matches(digitsOnly),
  currencyAlpha: matches(/^[A-Z]{3}$/),
  subdivision: matches(/^[A-Za-z0-9]{1,3}$/),
  base64: matches(/^[A-Za-z0-9+/]+={0,2}$/),
  base64url: matches(/^[A-Za-z0-9_-]+={0,2}$/),
  jws: matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
  jwe: matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
}
