// From bytes to a JSON object without duplicate names. Spec: section 5.9; ACS-VAL-4, 11, 23; SEC-B64-4.
import { ProtocolError } from '../errors.ts'
import { isObject, type JsonObject } from '../rules/conditions.ts'

/** Deeper structures than any message has are refused before anybody walks them (SEC-B64-4). */
const deepest = 16

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Member names found in the parsed value; more than `deepest` levels: undefined. */
function countMembers(value: unknown, level: number): number | undefined {
  if (typeof value !== 'object' || value === null) return 0
  if (level > deepest) return undefined
  let count = 0
  if (Array.isArray(value)) {
    for (const entry of value) {
      if (typeof entry !== 'object') continue
      const inner = countMembers(entry, level + 1)
      if (inner === undefined) return undefined
      count += inner
    }
    return count
  }
  const object = value as JsonObject
  for (const name of Object.keys(object)) {
    count += 1
    const member = object[name]
    if (typeof member !== 'object') continue
    const inner = countMembers(member, level + 1)
    if (inner === undefined) return undefined
    count += inner
  }
  return count
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

/** Index just behind the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (text.charCodeAt(end - 1) === backslash) {
    let slashes = 1
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes += 1
    if (slashes % 2 === 0) break
    end = text.indexOf('"', end + 1)
  }
  return end + 1
}

const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09

/** Member names as written: strings that a colon follows. `text` is well-formed JSON. */
function countNames(text: string): number {
  let count = 0
  let at = text.indexOf('"')
  while (at !== -1) {
    let next = endOfString(text, at)
    while (isBlank(text.charCodeAt(next))) next += 1
    if (text.charCodeAt(next) === colon) count += 1
    at = text.indexOf('"', next)
  }
  return count
}

/** Paths of the names that occur twice in one object (ACS-VAL-11). `text` is well-formed JSON. */
export function duplicateNames(text: string): readonly string[] {
  const duplicates: string[] = []
  const open: { readonly path: string; readonly names: Set<string> | undefined }[] = []
  let name = ''
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      const end = endOfString(text, at)
      let next = end
      while (isBlank(text.charCodeAt(next))) next += 1
      const here = open.at(-1)
      if (here?.names !== undefined && text.charCodeAt(next) === colon) {
        name = String(JSON.parse(text.slice(at, end)))
        const path = here.path === '' ? name : `${here.path}.${name}`
        if (here.names.has(name)) duplicates.push(path)
        here.names.add(name)
        at = next
      } else {
        at = end - 1
      }
    } else if (unit === 0x7b || unit === 0x5b) {
      const outer = open.at(-1)
      const path =
        outer === undefined
          ? ''
          : outer.names === undefined
            ? outer.path
            : outer.path === ''
              ? name
              : `${outer.path}.${name}`
      open.push({ path, names: unit === 0x7b ? new Set() : undefined })
    } else if (unit === 0x7d || unit === 0x5d) {
      open.pop()
    }
  }
  return duplicates
}

export interface ReadMessage {
  readonly text: string
  readonly message: JsonObject
  /** Whether some object holds a name twice; the names are searched for only then. */
  readonly hasDuplicates: boolean
}

const notWellFormed = (cause?: unknown): ProtocolError =>
  new ProtocolError('101', 'Invalid Formatted Message', { cause })

/** Well-formed UTF-8, JSON, an object, not deeper than any message: else 101 (ACS-VAL-4). */
export function readMessage(bytes: Uint8Array): ReadMessage {
  let text: string
  let message: unknown
  try {
    text = utf8.decode(bytes)
    message = JSON.parse(text)
  } catch (cause) {
    throw notWellFormed(cause instanceof Error ? cause.name : undefined)
  }
  if (!isObject(message)) throw notWellFormed()
  const members = countMembers(message, 1)
  if (members === undefined) throw notWellFormed()
  return { text, message, hasDuplicates: members !== countNames(text) }
}
