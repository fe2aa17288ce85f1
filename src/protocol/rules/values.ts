// Value rules that the element table's patterns do not hold. One row each, applied on top of the row's format.
import { decodeBase64url } from '../base64url.ts'
import type { MessageType, Version } from '../tables/types.ts'
import { isObject } from './conditions.ts'
import { isP256Point } from './p256.ts'
import { hasLength } from './text.ts'

export interface ValueRule {
  readonly path: string
  readonly rule: string
  readonly versions?: readonly Version[]
  readonly isValid: (value: unknown) => boolean
  /** The lenient profile takes it all the same, with this warning. */
  readonly tolerance?: string
}

/** What the lenient profile takes in place of a valid value. */
export interface Tolerance {
  readonly path: string
  readonly message: MessageType
  readonly rule: string
  readonly isTolerated: (value: unknown) => boolean
}

/** What an empty text of a conditional element means, where it is not simply empty (ACS-VAL-27, ACS-VAL-30). */
export interface Emptiness {
  readonly path: string
  readonly versions: readonly Version[]
  readonly means: 'absent' | 'wrong'
  readonly rule: string
}

const isAbove =
  (limit: number) =>
  (value: unknown): boolean =>
    Number(value) > limit

const isTrue = (value: unknown): boolean => value === true

const isCoordinate = (value: unknown): value is string => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)

/** The form of a key is judged member by member; this is its point alone. */
const isOnCurve = (value: unknown): boolean =>
  !isObject(value) || !isCoordinate(value.x) || !isCoordinate(value.y) || isP256Point(value.x, value.y)

/** 28 characters hold 20 octets, or the 21 of one scheme; with two `=` they hold 19. */
const isFullLength = (value: unknown): boolean => typeof value !== 'string' || !value.endsWith('==')

/** Each choice of a select template is an object of one member: its key and the text to show (VER-23-29). */
const areChoices =
  (longestKey: number) =>
  (value: unknown): boolean =>
    !Array.isArray(value) ||
    value.every((entry) => {
      const members = isObject(entry) ? Object.entries(entry) : []
      const [[key, text] = ['', undefined]] = members
      if (members.length !== 1 || typeof text !== 'string') return false
      return hasLength(key, 1, longestKey) && hasLength(text, 1, 45)
    })

const hasNoPrivateMember = (value: unknown): boolean => !isObject(value) || value.d === undefined

const publicMembers = new Set(['kty', 'crv', 'x', 'y', 'd'])
const hasKeyMembersOnly = (value: unknown): boolean =>
  !isObject(value) || Object.keys(value).every((name) => publicMembers.has(name))

const utf8 = new TextDecoder('utf-8', { fatal: true })

function isJsonObjectInBase64url(value: unknown): boolean {
  if (typeof value !== 'string') return true
  try {
    return isObject(JSON.parse(utf8.decode(decodeBase64url(value))))
  } catch {
    return false
  }
}

/** An app's own scheme is fine before 2.3.1; from then on https alone, with http for the loop on one machine. */
const isHttps = (value: unknown): boolean => typeof value !== 'string' || /^https?:\/\//i.test(value)

const saysSomething = (value: unknown): boolean =>
  typeof value !== 'string' || value === '' || new URLSearchParams(value).size > 0

export const valueRules: readonly ValueRule[] = [
  { path: 'purchaseInstalData', rule: 'ACS-VAL-47', isValid: isAbove(1) },
  { path: 'recurringFrequency', rule: 'AREQ:recurringFrequency', isValid: isAbove(0) },
  { path: 'threeDSRequestorDecMaxTime', rule: 'ACS-VAL-51', isValid: isAbove(0) },
  { path: 'payTokenInd', rule: 'AREQ:payTokenInd', isValid: isTrue },
  { path: 'sdkEphemPubKey', rule: 'ACS-VAL-54', isValid: isOnCurve },
  { path: 'sdkEphemPubKey', rule: 'ACS-VAL-54', isValid: hasNoPrivateMember },
  { path: 'sdkEphemPubKey', rule: 'ACS-VAL-54', isValid: hasKeyMembersOnly, tolerance: 'TOL-7' },
  { path: 'deviceInfo', rule: 'ACS-VAL-56', isValid: isJsonObjectInBase64url },
  { path: 'oobContinue', rule: 'ACS-VAL-121', versions: ['2.1.0', '2.2.0'], isValid: isTrue },
  { path: 'infoContinueIndicator', rule: 'ACS-VAL-129', isValid: isTrue },
  { path: 'threeDSRequestorAppURL', rule: 'ACS-VAL-127', versions: ['2.3.1'], isValid: isHttps },
  { path: 'challengeHTMLDataEntry', rule: 'ACS-VAL-122', isValid: saysSomething },
  { path: 'authenticationValue', rule: 'RES-AV-4', versions: ['2.1.0', '2.2.0'], isValid: isFullLength },
  { path: 'challengeSelectInfo', rule: 'VER-23-29', versions: ['2.1.0', '2.2.0'], isValid: areChoices(45) },
  { path: 'challengeSelectInfo', rule: 'VER-23-29', versions: ['2.3.1'], isValid: areChoices(4) },
]

export const tolerances: readonly Tolerance[] = [
  {
    path: 'oobContinue',
    message: 'CReq',
    rule: 'TOL-6',
    isTolerated: (value) => value === true || value === 'true',
  },
]

export const emptinesses: readonly Emptiness[] = [
  { path: 'challengeDataEntry', versions: ['2.1.0'], means: 'absent', rule: 'ACS-VAL-119' },
  { path: 'challengeDataEntry', versions: ['2.2.0', '2.3.1'], means: 'wrong', rule: 'ACS-VAL-119' },
]
