// What the input is, and the messages in it: one message, several, a journal export, a HAR, forms, base64url, HTTP as text.

import { messageTypes } from '../protocol/messages/head.ts'
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'
import { elements } from '../protocol/tables/elements.ts'
import { compactParts, formFields, httpBody, inFields, isCarrier, unwrapped } from './forms.ts'
import { inHar, isHar } from './har.ts'
import { type JsonProblem, jsonProblem, keyOf, type Path, pathText, spansOf } from './json-text.ts'
import type { Found, InputKind, InputProblem, Recognised } from './types.ts'

const known: ReadonlySet<unknown> = new Set(messageTypes)
const ids = ['threeDSServerTransID', 'acsTransID', 'dsTransID', 'sdkTransID'] as const

/** By its type, or by what only a message has, since type or version may be what is wrong with it. */
function isMessage(value: JsonObject): boolean {
  const { messageType } = value
  if (known.has(messageType)) return true
  const hasType = messageType !== undefined
  const hasVersion = value.messageVersion !== undefined
  const hasId = ids.some((name) => value[name] !== undefined)
  return (hasVersion && (hasType || hasId)) || (hasType && hasId)
}

/** Something that was meant to be a message: members the protocol knows by name. */
const isMeantAsMessage = (value: JsonObject): boolean =>
  Object.keys(value).filter((name) => Object.hasOwn(elements, name)).length >= 3

/** A flow is kept a few levels down in whatever holds it. */
const deepest = 12

interface Spot {
  readonly path: Path
  readonly link?: string
  /** The field and its value, where the message is encoded. */
  readonly fields?: ReadonlyMap<string, string>
  /** What is no JSON object although a journal says that it is a message. */
  readonly text?: string
}

/** Messages in a parsed value, in the order in which they stand. */
function spotsIn(value: unknown, path: Path = []): readonly Spot[] {
  if (typeof value !== 'object' || value === null || path.length > deepest) return []
  if (Array.isArray(value)) return value.flatMap((entry, position) => spotsIn(entry, [...path, position]))
  if (!isObject(value)) return []
  if (isMessage(value)) return [{ path }]
  const fields = new Map(
    Object.entries(value).flatMap(([name, member]) =>
      (isCarrier(name) || name === 'threeDSSessionData') && typeof member === 'string' ? [[name, member] as const] : [],
    ),
  )
  if ([...fields.keys()].some(isCarrier)) return [{ path, fields }]
  return Object.entries(value).flatMap(([name, member]) => spotsIn(member, [...path, name]))
}

const linkOf = (entry: unknown): string | undefined =>
  isObject(entry) && typeof entry.link === 'string' && entry.link.includes('→') ? entry.link : undefined

/** The shape that GET /api/v1/transactions/{id} answers. */
const isJournal = (value: unknown): value is { readonly messages: readonly JsonObject[] } =>
  isObject(value) && Array.isArray(value.messages) && value.messages.some((entry) => linkOf(entry) !== undefined)

function spotsInJournal({ messages }: { readonly messages: readonly JsonObject[] }): readonly Spot[] {
  return messages.flatMap((entry, position) => {
    const link = linkOf(entry)
    if (link === undefined) return []
    const path = ['messages', position, 'message']
    const { message, messageType } = entry
    if (typeof message === 'string') return known.has(messageType) ? [{ path, link, text: message }] : []
    // What the parties say to each other in their own words is no message of the protocol.
    return spotsIn(message, path).map((spot) => ({ ...spot, link }))
  })
}

const whereOf = (path: Path): string => pathText(path).replace(/^\$\.?/, '')

/** The messages at these spots of a JSON text, as they are written there: names that occur twice and all. */
function inText(text: string, spots: readonly Spot[], base: number, prefix: string): readonly Found[] {
  const spans = spansOf(
    text,
    spots.map(({ path }) => path),
  )
  return spots.flatMap(({ path, link, fields, text: written }): readonly Found[] => {
    const span = spans.get(keyOf(path))
    const place = [prefix, whereOf(path)].filter((part) => part !== '').join(' ')
    const holder = base + (span?.value ?? 0)
    const about = link === undefined ? {} : { link }
    if (fields !== undefined) return inFields(fields, place).map((found) => ({ ...found, ...about, holder }))
    if (written !== undefined) return [{ where: place, text: written, envelope: [], holder, ...about }]
    if (span === undefined) return []
    return [{ where: place, text: text.slice(span.value, span.end), envelope: [], offset: holder, ...about }]
  })
}

interface Value {
  readonly text: string
  readonly offset: number
}

/** JSON values one after the other: JSON lines, or what `jq` prints. A line that is none does not end the reading. */
function valuesOf(text: string): {
  readonly values: readonly Value[]
  readonly problems: readonly (JsonProblem & { line: boolean })[]
} {
  const values: Value[] = []
  const problems: (JsonProblem & { line: boolean })[] = []
  let at = 0
  while (at < text.length) {
    const rest = text.slice(at)
    const problem = jsonProblem(rest)
    if (problem === undefined) {
      values.push({ text: rest, offset: at })
      break
    }
    if (problem.fault === 'empty') break
    if (problem.fault === 'more') {
      values.push({ text: rest.slice(0, problem.offset), offset: at })
      at += problem.offset
      continue
    }
    const next = nextValue(text, at)
    problems.push({ fault: problem.fault, offset: at + problem.offset, line: next !== -1 })
    if (next === -1) break
    at = next
  }
  return { values, problems }
}

/** Where the next line begins that opens a value; values in lines are not indented. */
function nextValue(text: string, from: number): number {
  const line = /\n[{[]/g
  line.lastIndex = from
  const match = line.exec(text)
  return match === null ? -1 : match.index + 1
}

const nothing: Recognised = { found: [], problems: [], encrypted: 0 }

const refused = (fault: InputProblem['fault'], where: string, offset?: number): Recognised => ({
  ...nothing,
  problems: [{ fault, where, ...(offset !== undefined && { offset }) }],
})

function inValue(text: string, base: number, where: string): Recognised {
  const value: unknown = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  if (isHar(value)) return inHar(value, (body, place) => recogniseBody(body, place))
  if (typeof value === 'string') {
    const inner = recogniseBody(value, where)
    return { ...inner, found: inner.found.map(({ offset: _offset, ...found }) => ({ ...found, holder: base })) }
  }
  if (isJournal(value)) return { ...nothing, kind: 'journal', found: inText(text, spotsInJournal(value), base, where) }
  const spots = spotsIn(value)
  if (spots.length > 0) {
    const [first] = spots
    const isOne = spots.length === 1 && first?.path.length === 0
    return { ...nothing, kind: isOne ? 'message' : 'array', found: inText(text, spots, base, where) }
  }
  if (isObject(value) && isMeantAsMessage(value))
    return { ...nothing, kind: 'message', found: inText(text, [{ path: [] }], base, where) }
  return refused('noMessage', where, base)
}

function inJson(text: string): Recognised {
  const { values, problems } = valuesOf(text)
  const [first] = values
  if (first === undefined || (values.length === 1 && problems.length === 0)) {
    const [problem] = problems
    if (first === undefined) return refused(problem?.fault ?? 'empty', '', problem?.offset ?? 0)
    return inValue(first.text, first.offset, '')
  }
  // One value, and something behind it that is none: a message with a slip, not lines.
  const isLines = values.length > 1 || problems.some(({ line }) => line)
  if (!isLines) {
    const alone = inValue(first.text, first.offset, '')
    return {
      ...alone,
      problems: [...alone.problems, ...problems.map(({ fault, offset }) => ({ fault, where: '', offset }))],
    }
  }
  const [broken] = problems
  const parts = values.map((value) => inValue(value.text, value.offset, ''))
  const found = parts.flatMap((part) => part.found)
  if (found.length === 0) {
    return broken === undefined ? refused('noMessage', '', 0) : refused(broken.fault, '', broken.offset)
  }
  return {
    kind: 'lines',
    found,
    // Lines of a log that hold no message are no problem.
    problems: [
      ...parts.flatMap((part) => part.problems.filter(({ fault }) => fault !== 'noMessage')),
      ...problems.map(({ fault, offset }) => ({ fault, where: '', offset })),
    ],
    encrypted: parts.reduce((sum, { encrypted }) => sum + encrypted, 0),
  }
}

/** A text with quotes escaped, as it stands in logs: `{\"messageType\":…`. */
function unescaped(text: string): string | undefined {
  if (!/^\s*[{[]\s*\\"/.test(text)) return undefined
  try {
    const inner: unknown = JSON.parse(`"${text.trim()}"`)
    return typeof inner === 'string' ? inner : undefined
  } catch {
    return undefined
  }
}

/** A body, or what stands in the place of one. */
function recogniseBody(text: string, where: string): Recognised {
  const trimmed = text.trim()
  if (trimmed === '') return nothing
  if (/^[{[]/.test(trimmed)) {
    if (jsonProblem(text) === undefined) {
      const { found, ...rest } = inValue(text, 0, where)
      return { ...rest, found: found.map(({ offset: _offset, holder: _holder, ...message }) => message) }
    }
    return /"messageType"/.test(text) ? { ...nothing, found: [{ where, text, envelope: [] }] } : nothing
  }
  const fields = formFields(trimmed)
  if (fields !== undefined) return { ...nothing, kind: 'form', found: inFields(fields, where) }
  const parts = compactParts(trimmed)
  if (parts === 5) return { ...nothing, encrypted: 1 }
  return nothing
}

/** The carrier that a message of this type travels in. */
const carrierOf = (text: string): 'creq' | 'cres' | 'threeDSMethodData' | undefined => {
  try {
    const message: unknown = JSON.parse(text)
    if (!isObject(message)) return undefined
    if (message.messageType === 'CRes' || message.messageType === 'Erro') return 'cres'
    if (message.messageType === undefined && !isMeantAsMessage(message)) {
      return typeof message.threeDSServerTransID === 'string' ? 'threeDSMethodData' : undefined
    }
    return 'creq'
  } catch {
    return undefined
  }
}

/** Everything of it may be garbage; what is not understood is said, with its place. */
export function recognise(text: string): Recognised {
  const recognised = recognisedIn(text)
  if (recognised.found.length > 0 || recognised.problems.length > 0) return recognised
  const fault = recognised.encrypted > 0 ? 'encrypted' : 'noMessage'
  return { ...recognised, problems: [{ fault, where: '', offset: 0 }] }
}

function recognisedIn(text: string): Recognised {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === '\ufeff') return refused('empty', '', 0)
  if (/^\ufeff?[{["]/.test(trimmed)) {
    const escaped = unescaped(trimmed)
    if (escaped !== undefined) {
      const inner = recognise(escaped)
      if (inner.found.length > 0)
        return { ...inner, found: inner.found.map(({ offset: _offset, ...found }) => ({ ...found, holder: 0 })) }
    }
    return inJson(text)
  }
  const request = httpBody(text)
  if (request !== undefined) {
    const inner = recognise(request.body)
    const moved = (offset: number | undefined): number | undefined =>
      offset === undefined ? undefined : offset + request.offset
    const kind: InputKind = 'http'
    return {
      ...inner,
      kind,
      found: inner.found.map((found) => {
        const offset = moved(found.offset)
        const holder = moved(found.holder)
        return { ...found, ...(offset !== undefined && { offset }), ...(holder !== undefined && { holder }) }
      }),
      problems: inner.problems.map((problem) => {
        const offset = moved(problem.offset)
        return { ...problem, ...(offset !== undefined && { offset }) }
      }),
    }
  }
  const fields = formFields(trimmed)
  if (fields !== undefined)
    return {
      ...nothing,
      kind: 'form',
      found: inFields(fields, '').map((found) => ({ ...found, holder: text.indexOf(trimmed) })),
    }
  const parts = compactParts(trimmed)
  if (parts === 5) return { ...refused('encrypted', '', 0), encrypted: 1 }
  if (parts === 3) return refused('signed', '', 0)
  return inBase64url(text, trimmed)
}

/** Wrapped lines of a copied value are put together again. */
function inBase64url(text: string, trimmed: string): Recognised {
  const joined = trimmed.replace(/[\r\n\t]+/g, '')
  const isBase64 = /^[A-Za-z0-9_+/-]{16,}={0,2}$/.test(joined)
  const { text: inner, envelope } = isBase64 ? unwrapped(joined) : { text: '', envelope: [] }
  const carrier = /^\s*\{/.test(inner) ? carrierOf(inner) : undefined
  if (carrier !== undefined)
    return {
      ...nothing,
      kind: 'base64url',
      found: [{ where: '', text: inner, carrier, envelope, holder: text.indexOf(trimmed) }],
    }
  if (isBase64) return refused('notBase64url', '', 0)
  const problem = jsonProblem(text)
  return refused('unknown', '', problem?.offset ?? 0)
}
