// Masks what must not be kept: by element name in messages, by runs of digits in what is no message (SEC-LOG-1…4).
import type { JsonObject } from './rules/conditions.ts'
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

/** Masks top-level members in the text itself. Undefined: a name is not written plainly, or elsewhere too, so this way cannot be taken. */
function maskInPlace(message: JsonObject, text: string): string | undefined {
  let masked = text
  for (const name of sensitiveNames) {
    const value = message[name]
    const written = `"${name}"`
    const at = masked.indexOf(written)
    if (at !== -1 && masked.indexOf(written, at + 1) !== -1) return undefined
    if (value === undefined) {
      if (at !== -1) return undefined
      continue
    }
    const rest =
      at === -1 ? undefined : /^\s*:\s*"([^"\\]*)"/.exec(masked.slice(at + written.length, at + written.length + 200))
    if (rest?.[1] === undefined || rest[1] !== value) return undefined
    const end = at + written.length + rest[0].length
    masked = `${masked.slice(0, end - value.length - 1)}${String(maskValue(name, value))}"${masked.slice(end)}`
  }
  return masked
}

/**
 * The text of a message that was understood, masked by name at any depth (SEC-LOG-2); a PAN that was written into some
 * other member as well is found by its digits. With the text it came in, what is not masked stays as it was written.
 */
export function maskMessage(message: JsonObject, text?: string): string {
  const masked = (text === undefined ? undefined : maskInPlace(message, text)) ?? maskByName(message)
  const pan = message.acctNumber
  return typeof pan === 'string' && pan.length >= 13 && masked.includes(pan)
    ? masked.replaceAll(pan, maskPan(pan))
    : masked
}

/** Members with a sensitive name in a text that is no JSON, up to the next quote or the end of a bare value. */
const sensitiveMember = new RegExp(
  `("(?:${sensitiveNames.join('|')})"\\s*:\\s*)(?:"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"?|[^\\s,}\\]"]+)`,
  'gs',
)

/** The text of a body that was refused, masked: by name at any depth, parsed or not, and by digits (SEC-LOG-2). */
export function maskRefused(text: string): string {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return maskDigitRuns(text.replace(sensitiveMember, `$1"${hidden}"`))
  }
  return maskDigitRuns(JSON.stringify(maskDeep(parsed)))
}
