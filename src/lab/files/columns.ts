/**
 * What a file may say in each column, held against every value that is taken in. `expected` is told to people, in docs/lab-import.md and
 * where a value is refused.
 */
import { isIP } from 'node:net'
import { countries, currencies } from '../../protocol/tables/iso.ts'
import { verdicts } from '../../risk/assessment.ts'
import { networkKinds } from '../../risk/net/network.ts'
import type { ColumnKind, EventColumn, TruthColumn } from '../stream/schema.ts'

type TextRule = {
  readonly kind: 'text'
  readonly expected: string
  /** The text as it is kept; undefined: not what is expected. */
  readonly keep: (text: string) => string | undefined
  /** What it says is nobody's business: it stands in no message. */
  readonly isPrivate: boolean
  /** Of codes of fixed length: a number is as good, with zeros in front. */
  readonly digits?: number
  /** An object is as good as its JSON. */
  readonly takesObjects?: boolean
}
type NumberRule = {
  readonly kind: 'number'
  readonly expected: string
  /** How a value of the file becomes a number, where it is not just one; undefined: it does not. */
  readonly read?: (cell: unknown) => number | undefined
  readonly isGood: (value: number) => boolean
  /** Of a value that is not good: what may have been meant. */
  readonly hint?: (value: number) => string | undefined
}
export type ColumnRule = TextRule | NumberRule

/** Longer texts are no elements of an AReq; JSON may be longer. */
const longestText = 4_000
const longestJson = 64_000

const any = (isPrivate: boolean): TextRule => ({
  kind: 'text',
  expected: `a text of at most ${longestText.toLocaleString('en')} characters`,
  keep: (text) => (text.length <= longestText ? text : undefined),
  isPrivate,
})
const open = any(false)
const secret = any(true)
const like = (pattern: RegExp, expected: string, isPrivate = false): TextRule => ({
  kind: 'text',
  expected,
  keep: (text) => (pattern.test(text) ? text : undefined),
  isPrivate,
})
const oneOf = (values: readonly string[], keep = (text: string) => text): TextRule => ({
  kind: 'text',
  expected: values.join(', '),
  keep: (text) => (values.includes(keep(text)) ? keep(text) : undefined),
  isPrivate: false,
})
const numericOf = (codes: Iterable<readonly [numeric: string, alpha: string]>, expected: string): TextRule => {
  const byAlpha = new Map([...codes].map(([numeric, alpha]) => [alpha, numeric]))
  return {
    kind: 'text',
    expected,
    keep: (text) => (/^\d{3}$/.test(text) ? text : byAlpha.get(text.toUpperCase())),
    isPrivate: false,
    digits: 3,
  }
}
const country = numericOf(countries, 'three digits of ISO 3166-1 (two letters are turned into them)')
const currency = numericOf(
  [...currencies].map(([numeric, { alpha }]) => [numeric, alpha] as const),
  'three digits of ISO 4217 (three letters are turned into them)',
)
const digits = (count: number, expected: string): TextRule => ({
  ...like(new RegExp(`^\\d{${count}}$`), expected),
  digits: count,
})
const code = digits(2, 'two digits')
const phone = like(/^\d{1,3}-\d{1,15}$/, 'country code and subscriber, such as 81-9012345678', true)
const minute = like(/^\d{12}$/, 'YYYYMMDDHHMM, UTC')
const address: TextRule = {
  kind: 'text',
  expected: 'an IPv4 or IPv6 address',
  keep: (text) => (isIP(text) > 0 ? text : undefined),
  isPrivate: true,
}
const json: TextRule = {
  kind: 'text',
  expected: `a JSON object of at most ${longestJson.toLocaleString('en')} characters`,
  keep: (text) => (text.length <= longestJson && isJsonObject(text) ? text : undefined),
  isPrivate: true,
  takesObjects: true,
}
function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const from = (least: number, most: number, expected: string): NumberRule => ({
  kind: 'number',
  expected,
  isGood: (value) => value >= least && value <= most,
})
const whole = (least: number, most: number, expected: string, hint?: NumberRule['hint']): NumberRule => ({
  kind: 'number',
  expected,
  isGood: (value) => Number.isInteger(value) && value >= least && value <= most,
  ...(hint !== undefined && { hint }),
})
/** 2100-01-01: what lies beyond was not meant in seconds. */
const latest = 4_102_444_800
const time = whole(0, latest, 'whole seconds since 1970', (value) => {
  if (value > latest && value / 1000 <= latest) return 'are these milliseconds?'
  return Number.isInteger(value) ? undefined : 'fractions of a second are to be left out'
})
const money = whole(0, 1e15, 'a whole number of minor units, 0 or more', (value) =>
  Number.isInteger(value) ? undefined : 'of a currency with cents, 12.50 is 1250',
)
const count = whole(0, 1e9, 'a whole number, 0 or more')
const share = from(0, 1, 'a number from 0 to 1')
const yesNo = like(/^[YN]$/, 'Y, N')

export const eventRules = {
  id: open,
  ts: time,
  card: secret,
  bin: digits(6, 'six digits'),
  merchant: open,
  merchantName: open,
  mcc: digits(4, 'four digits'),
  merchantCountryCode: country,
  messageVersion: oneOf(['2.1.0', '2.2.0', '2.3.1']),
  messageCategory: code,
  deviceChannel: { ...oneOf(['01', '02', '03']), digits: 2 },
  purchaseAmount: money,
  purchaseCurrency: currency,
  purchaseExponent: like(/^\d$/, 'one digit'),
  cardholderName: secret,
  email: secret,
  mobilePhone: phone,
  homePhone: phone,
  workPhone: phone,
  acctID: secret,
  addrMatch: yesNo,
  billAddrCountry: country,
  billAddrState: open,
  billAddrLine1: secret,
  billAddrPostCode: secret,
  shipAddrCountry: country,
  shipAddrState: open,
  shipAddrCity: secret,
  shipAddrLine1: secret,
  shipAddrLine2: secret,
  shipAddrLine3: secret,
  shipAddrPostCode: secret,
  shipIndicator: code,
  deliveryTimeframe: code,
  deliveryEmailAddress: secret,
  preOrderPurchaseInd: code,
  reorderItemsInd: code,
  giftCardAmount: whole(0, 1e15, 'a whole number of major units, 0 or more'),
  giftCardCount: count,
  giftCardCurr: currency,
  chAccAgeInd: code,
  chAccChangeInd: code,
  chAccPwChangeInd: code,
  nbPurchaseAccount: count,
  txnActivityDay: count,
  txnActivityYear: count,
  provisionAttemptsDay: count,
  paymentAccInd: code,
  shipNameIndicator: code,
  shipAddressUsageInd: code,
  suspiciousAccActivity: code,
  threeDSRequestorAuthenticationInd: code,
  threeDSRequestorChallengeInd: code,
  threeDSReqAuthMethod: code,
  threeDSReqAuthTimestamp: minute,
  threeDSReqPriorAuthMethod: code,
  threeDSReqPriorAuthTimestamp: minute,
  threeDSCompInd: like(/^[YNU]$/, 'Y, N, U'),
  browserIP: address,
  browserUserAgent: open,
  browserLanguage: like(/^\S{1,35}$/, 'a language tag such as ja-JP'),
  browserTZ: whole(-900, 900, 'whole minutes behind UTC, from -900 to 900 (Tokyo is -540)', (value) =>
    Math.abs(value) > 900 ? 'are these seconds?' : undefined,
  ),
  browserScreenWidth: whole(0, 999_999, 'whole pixels, 0 to 999,999'),
  browserScreenHeight: whole(0, 999_999, 'whole pixels, 0 to 999,999'),
  browserColorDepth: like(/^\d{1,2}$/, 'one or two digits'),
  browserJavascriptEnabled: oneOf(['true', 'false'], (text) => text.toLowerCase()),
  sdkAppID: open,
  appIp: address,
  deviceInfo: like(/^[\s\S]{0,64000}$/, 'a text of at most 64,000 characters', true),
  deviceId: secret,
  methodData: json,
  ipCountry: country,
  ipType: oneOf(networkKinds),
  ipLat: from(-90, 90, 'degrees from -90 to 90'),
  ipLon: from(-180, 180, 'degrees from -180 to 180'),
  ipRadiusKm: from(0, 20_100, 'kilometres, 0 to 20,100'),
  merchantSource: open,
  merchantVerdict: oneOf(verdicts),
  merchantScore: share,
  merchantSource2: open,
  merchantVerdict2: oneOf(verdicts),
  merchantScore2: share,
  merchantSignals: json,
  cardAgeDays: from(0, 1e5, 'days, 0 or more'),
} as const satisfies { readonly [N in EventColumn]: ColumnRule & { readonly kind: ColumnKind } }

export const truthRules = {
  isFraud: whole(0, 1, '1 fraud, 0 genuine'),
  kind: open,
  labelTs: time,
  campaign: open,
  pChallengePass: share,
  pChallengeAbandon: share,
  challengeMethod: oneOf(['sms', 'mail', 'app', 'passkey']),
  uChallenge: {
    kind: 'number',
    expected: 'a number from 0 to below 1',
    isGood: (value: number) => value >= 0 && value < 1,
  },
} as const satisfies { readonly [N in TruthColumn]: ColumnRule & { readonly kind: ColumnKind } }

const day = /^\d{4}-\d{2}-\d{2}$/
/** Of a file of scores: a number of days, or a date; kept as the second in which it begins. */
const dayRule: NumberRule = {
  ...time,
  expected: 'a whole number of days, or a date such as 2026-03-31',
  read(cell) {
    if (typeof cell === 'string' && day.test(cell)) return Date.parse(cell) / 1000
    if (cell instanceof Date) return Math.floor(cell.getTime() / 86_400_000) * 86_400
    return /^\d+$/.test(String(cell)) ? Number(cell) * 86_400 : undefined
  },
}

export const sliceRule: ColumnRule = open
/** Scores of elsewhere: any number, higher is riskier. */
export const scoreRule: ColumnRule = from(-1e300, 1e300, 'a number')

/** Columns of a file of scores, beside the scores, and what they become. */
export const scoreColumns = {
  id: { column: 'id', rule: eventRules.id },
  day: { column: 'ts', rule: dayRule },
  card: { column: 'card', rule: eventRules.card },
  y: { column: 'isFraud', rule: truthRules.isFraud },
  amount: { column: 'purchaseAmount', rule: eventRules.purchaseAmount },
} as const satisfies Readonly<Record<string, { readonly column: string; readonly rule: ColumnRule }>>

/** Undefined: no column that an event or its truth has. */
export const ruleOf = (name: string): ColumnRule | undefined =>
  Object.hasOwn(eventRules, name)
    ? eventRules[name as EventColumn]
    : Object.hasOwn(truthRules, name)
      ? truthRules[name as TruthColumn]
      : undefined
export const isTruth = (name: string): boolean => Object.hasOwn(truthRules, name)
