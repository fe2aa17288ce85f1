// Masks what must not be kept: by element name in messages, by runs of digits in what is no message (SEC-LOG-1…4).
import { decodeBase64url } from './base64url.ts'
import { isObject, type JsonObject } from './rules/conditions.ts'
import { elements } from './tables/elements.ts'
import { sensitiveElements } from './tables/sensitive.ts'

const hidden = '***'

/** First six and last four digits; anything shorter than a PAN is hidden whole. */
export function maskPan(pan: string): string {
  if (pan.length < 13) return hidden
  return `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`
}

/** Every run of 13 to 19 digits becomes a masked PAN. */
export const maskDigitRuns = (text: string): string =>
  text.replace(/[0-9]{13,}/g, (run) => (run.length <= 19 ? maskPan(run) : hidden))

const maskValue = (name: string, value: unknown): unknown => {
  const how = Object.hasOwn(sensitiveElements, name) ? sensitiveElements[name] : undefined
  if (how === 'pan' && typeof value === 'string' && /^[0-9]{13,19}$/.test(value)) return maskPan(value)
  return how === undefined ? value : hidden
}

/** No message is nested deeper than this; what is, is not walked (SEC-B64-4). */
const deepest = 32

function maskDeep(value: unknown, level = 1): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (level > deepest) return hidden
  if (Array.isArray(value)) return value.map((entry) => maskDeep(entry, level + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, maskDeep(maskValue(name, member), level + 1)]),
  )
}

const sensitiveNames = Object.keys(sensitiveElements)

const maskByName = (message: JsonObject): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(message).map(([name, value]) => [name, maskDeep(maskValue(name, value))])),
  )

// A name with its colon and value, or with the bracket that opens one. In well-formed JSON nothing else looks like it:
// inside of a string the quotes are escaped, and no value is followed by a colon.
const writtenMember = new RegExp(
  `"(${sensitiveNames.join('|')})"(\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|[^\\s",{}[\\]]+|[{[])`,
  'g',
)

/** Masks in the text itself. Undefined: a name or value may be written otherwise, so this way cannot be taken. */
function maskInPlace(text: string): string | undefined {
  if (text.includes('\\u')) return undefined
  let isPlain = true
  const masked = text.replace(writtenMember, (_, name: string, colon: string, value: string) => {
    if (value === '{' || value === '[') isPlain = false
    const plain = value.startsWith('"') ? value.slice(1, -1) : value
    return `"${name}"${colon}"${String(maskValue(name, plain))}"`
  })
  return isPlain ? masked : undefined
}

/** JSON in base64url, alone or as a part of a compact JWS; in that form it starts so. */
const wrapped = /eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){0,4}/g
const deepestWrapped = 3

/** By the check digit of ISO/IEC 7812. */
const isPan = (digits: string): boolean =>
  [...digits].reverse().reduce((sum, digit, place) => {
    const value = Number(digit) * ((place % 2) + 1)
    return sum + (value > 9 ? value - 9 : value)
  }, 0) %
    10 ===
  0

function hidesSecrets(part: string, level: number): boolean {
  const text = decodeBase64url(part)?.toString('utf8') ?? ''
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return false
  }
  return (
    JSON.stringify(maskDeep(value)) !== JSON.stringify(value) ||
    (text.match(/[0-9]{13,19}/g) ?? []).some(isPan) ||
    (level < deepestWrapped && withoutWrapped(text, level + 1) !== text)
  )
}

/** What is wrapped and would not be kept in clear is hidden whole: nobody could read a signed value that was changed. */
function withoutWrapped(text: string, level = 1): string {
  if (!text.includes('eyJ')) return text
  return text.replace(wrapped, (token) =>
    token.split('.').some((part) => part.length > 1 && hidesSecrets(part, level)) ? hidden : token,
  )
}

const writtenDetail = /("errorDetail"\s*:\s*")((?:[^"\\]|\\.)*)/g

/** An errorDetail repeats names and ids that the sender of the wrong message has chosen: they may be card numbers. */
const withoutDigitsInDetail = (text: string): string =>
  text.includes('"errorDetail"')
    ? text.replace(writtenDetail, (_, before: string, detail: string) => before + maskDigitRuns(detail))
    : text

const knownNames: ReadonlySet<string> = new Set(
  Object.keys(elements).map((path) => path.slice(path.lastIndexOf('.') + 1)),
)

const longDigits = /[0-9]{13}/

/** Whether a member that no table knows, or its name, has digits as a card number has them. */
function hasStrayDigits(name: string, value: unknown, level = 1): boolean {
  if (typeof value !== 'object' || value === null) {
    if (knownNames.has(name)) return false
    return typeof value === 'string' ? longDigits.test(value) : typeof value === 'number' && Math.abs(value) >= 1e12
  }
  if (level > deepest) return true
  return Array.isArray(value)
    ? value.some((entry) => hasStrayDigits(name, entry, level + 1))
    : Object.entries(value).some(([own, member]) => longDigits.test(own) || hasStrayDigits(own, member, level + 1))
}

/** Members that no table knows may hold anything: their digits are masked, at any depth. */
function withoutStrayDigits(name: string, value: unknown, level = 1): unknown {
  if (level > deepest && typeof value === 'object' && value !== null) return hidden
  if (Array.isArray(value)) return value.map((entry) => withoutStrayDigits(name, entry, level + 1))
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([member, own]) => [maskDigitRuns(member), withoutStrayDigits(member, own, level + 1)]),
    )
  }
  if (knownNames.has(name)) return value
  if (typeof value === 'string') return maskDigitRuns(value)
  return typeof value === 'number' && Math.abs(value) >= 1e12 ? hidden : value
}

/**
 * The text of a message that was understood, masked by name at any depth (SEC-LOG-2); a PAN that was written into some
 * other member as well is found by its digits. With the text it came in, what is not masked stays as it was written.
 */
export function maskMessage(message: JsonObject, text?: string): string {
  const plain = hasStrayDigits('', message) ? (withoutStrayDigits('', message) as JsonObject) : message
  const masked = withoutDigitsInDetail(
    withoutWrapped((text === undefined || plain !== message ? undefined : maskInPlace(text)) ?? maskByName(plain)),
  )
  const pan = message.acctNumber
  return typeof pan === 'string' && pan.length >= 13 && masked.includes(pan)
    ? masked.replaceAll(pan, maskPan(pan))
    : masked
}

/**
 * Members with a sensitive name in a text that is no JSON, up to the next quote or the end of a bare value. Where an object
 * or array ends in such a text nobody can say: the rest goes with it.
 */
const sensitiveMember = new RegExp(
  `("(?:${sensitiveNames.join('|')})"\\s*:\\s*)(?:"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"?|[{[].*|[^\\s,}\\]"]+)`,
  'gs',
)

/** Letters and digits written as escapes, which would hide names and card numbers from what looks for them. */
const plainLetters = (text: string): string =>
  text.replace(/\\u00([3-7][0-9a-f])/gi, (written, code: string) => {
    const letter = String.fromCharCode(Number.parseInt(code, 16))
    return /[0-9a-z]/i.test(letter) ? letter : written
  })

/** The text of a body that was refused, masked: by name at any depth, parsed or not, and by digits (SEC-LOG-2). */
export function maskRefused(text: string): string {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return maskDigitRuns(withoutWrapped(plainLetters(text).replace(sensitiveMember, `$1"${hidden}"`)))
  }
  return maskDigitRuns(withoutWrapped(JSON.stringify(maskDeep(parsed))))
}
