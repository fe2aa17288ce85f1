// From bytes to a JSON object without duplicate names. Spec: section 5.9; ACS-VAL-4, 11, 23; SEC-B64-4.
import { type Finding, ProtocolError } from '../errors.ts'
import { isObject, type JsonObject } from '../rules/conditions.ts'

/** Deeper structures than any message has are refused before anybody walks them (SEC-B64-4). */
const deepest = 16

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What `measure` found: members, and the length of the shortest JSON that says the same. */
interface Measured {
  members: number
  /** NaN where it cannot be told: a number may be written in many ways. */
  length: number
}

/** false: deeper than any message. */
function measure(value: object, level: number, into: Measured): boolean {
  if (level > deepest) return false
  into.length += 2
  if (Array.isArray(value)) {
    if (value.length > 0) into.length += value.length - 1
    for (const entry of value) if (!measureMember(entry, level, into)) return false
    return true
  }
  const object = value as JsonObject
  const before = into.members
  for (const name in object) {
    into.members += 1
    into.length += name.length + 4 // quotes, colon, comma
    if (!measureMember(object[name], level, into)) return false
  }
  if (into.members > before) into.length -= 1
  return true
}

function measureMember(value: unknown, level: number, into: Measured): boolean {
  if (typeof value === 'string') into.length += value.length + 2
  else if (typeof value === 'object' && value !== null) return measure(value, level + 1, into)
  else into.length += value === false ? 5 : value === true || value === null ? 4 : Number.NaN
  return true
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

/**
 * Colons behind a quote: every name, and what looks like one inside a text. Never fewer than there are names, so where it
 * equals the members of the parsed value, no name was written twice.
 */
function mostNames(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    let before = at - 1
    while (isBlank(text.charCodeAt(before))) before -= 1
    if (text.charCodeAt(before) === quote) count += 1
  }
  return count
}

/** No element's name or path is longer; what is only said again in an Erro needs no more (ACS-VAL-22). */
const longestPath = 300

const joined = (path: string, name: string): string => {
  const whole = path === '' ? name : `${path}.${name}`
  return whole.length > longestPath ? whole.slice(0, longestPath) : whole
}

const isPlain = /^[A-Za-z_$][\w$]*$/

/** JSON path of a member; names that are no plain words stand in brackets. */
const memberAt = (at: string, name: string): string => {
  const whole = isPlain.test(name) ? `${at}.${name}` : `${at}[${JSON.stringify(name.slice(0, longestPath))}]`
  return whole.length > longestPath ? whole.slice(0, longestPath) : whole
}

interface Open {
  readonly path: string
  readonly at: string
  /** Of an object: the names seen so far. */
  readonly names?: Set<string>
  /** Of an array: the position of the entry that is read. */
  position: number
  /** The member that is read. */
  name: string
}

/** Names that occur twice in one object, by path and by JSON path (ACS-VAL-11). `text` is well-formed JSON. */
export function duplicateNames(text: string): readonly Finding[] {
  const duplicates: Finding[] = []
  const open: Open[] = []
  let here: Open | undefined
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      const end = endOfString(text, at)
      let next = end
      while (isBlank(text.charCodeAt(next))) next += 1
      if (here?.names !== undefined && text.charCodeAt(next) === colon) {
        const name = String(JSON.parse(text.slice(at, end)))
        here.name = name
        if (here.names.has(name)) {
          duplicates.push({
            errorCode: '204',
            element: joined(here.path, name),
            at: memberAt(here.at, name),
            rule: 'ACS-VAL-11',
          })
        }
        here.names.add(name)
        at = next
      } else {
        at = end - 1
      }
    } else if (unit === 0x7b || unit === 0x5b) {
      const outer = here
      const path = outer === undefined ? '' : outer.names === undefined ? outer.path : joined(outer.path, outer.name)
      const where =
        outer === undefined
          ? '$'
          : outer.names === undefined
            ? `${outer.at}[${outer.position}]`
            : memberAt(outer.at, outer.name)
      here = { path, at: where, ...(unit === 0x7b && { names: new Set<string>() }), position: 0, name: '' }
      open.push(here)
    } else if (unit === 0x7d || unit === 0x5d) {
      open.pop()
      here = open.at(-1)
    } else if (unit === 0x2c && here !== undefined) {
      here.position += 1
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

/** undefined: no UTF-8 (ACS-VAL-4). */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Whether a name stands twice in some object of a text. A text as short as it can be has no room for a second one; else the
 * names that may be there are counted, and only then those that are.
 */
const hasTwice = (text: string, { members, length }: Measured): boolean =>
  text.length !== length && mostNames(text) !== members && countNames(text) !== members

/** Well-formed JSON, an object, not deeper than any message: else undefined (ACS-VAL-4, SEC-B64-4). */
export function readText(text: string): ReadMessage | undefined {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(message)) return undefined
  const measured: Measured = { members: 0, length: 0 }
  if (!measure(message, 1, measured)) return undefined
  return { text, message, hasDuplicates: hasTwice(text, measured) }
}

/** From bytes; 101 for what is no message (ACS-VAL-4). */
export function readMessage(bytes: Uint8Array): ReadMessage {
  const text = decode(bytes)
  const read = text === undefined ? undefined : readText(text)
  if (read === undefined) throw new ProtocolError('101', 'Invalid Formatted Message')
  return read
}
