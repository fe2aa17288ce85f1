// What a fault makes of the bytes of a message. Pure: a fault looks the same whenever it is met.
import { decodeBase64url } from '../protocol/base64url.ts'
import { maskRefused } from '../protocol/mask.ts'
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'
import { errorDescriptions } from '../protocol/tables/errors.ts'
import type { Fault, FaultLink, MetFault } from './rule.ts'

/** What leaves in the place of a message. */
export interface Altered {
  readonly body: Buffer
  /** Where it is another one than the message had. */
  readonly contentType?: string
  /** What content-length says. */
  readonly announced: number
}

const html = Buffer.from(
  `<!DOCTYPE html>
<html>
<head><title>502 Bad Gateway</title></head>
<body>
<h1>502 Bad Gateway</h1>
<p>The server that should have answered did not.</p>
</body>
</html>
`,
)

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}

/** The same with another last group: a UUID still, and nobody's. */
const otherId = (id: string): string =>
  id.replace(/[0-9a-f]{12}$/i, (group) =>
    [...group].map((digit) => (15 - Number.parseInt(digit, 16)).toString(16)).join(''),
  )

const idNames: readonly string[] = ['threeDSServerTransID', 'acsTransID', 'dsTransID', 'sdkTransID']

const withOtherIds = (message: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(message).map(([name, value]) => [
      name,
      idNames.includes(name) && typeof value === 'string' ? otherId(value) : value,
    ]),
  )

/** Of a list, members are named by their number, from 0. */
function changed(value: unknown, [name = '', ...rest]: readonly string[], change: (at: unknown) => unknown): unknown {
  const isList = Array.isArray(value) && /^[0-9]+$/.test(name)
  const own = isList ? value[Number(name)] : isObject(value) ? value[name] : undefined
  const next = rest.length === 0 ? change(own) : changed(own, rest, change)
  if (isList) {
    return next === undefined
      ? value.filter((_, index) => index !== Number(name))
      : value.map((member, index) => (index === Number(name) ? next : member))
  }
  const members = Object.entries(isObject(value) ? value : {})
  if (next === undefined) return Object.fromEntries(members.filter(([member]) => member !== name))
  return Object.fromEntries([...members.filter(([member]) => member !== name), [name, next]])
}

/** What is not there cannot be taken away, nor what it would be in made for it. */
function has(value: unknown, [name = '', ...rest]: readonly string[]): boolean {
  const own = Array.isArray(value) ? value[Number(name)] : isObject(value) ? value[name] : undefined
  return own !== undefined && (rest.length === 0 || has(own, rest))
}

const jws = /^(eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.)([A-Za-z0-9_-])([A-Za-z0-9_-]+)$/

const otherCharacter = (character: string): string => (character === 'A' ? 'B' : 'A')

/** The first character of a signature is all its own; of the last one some bits may count for nothing. */
const forged = (text: string): string =>
  text.replace(jws, (_, signed: string, first: string, rest: string) => `${signed}${otherCharacter(first)}${rest}`)

function withBadSignatures(value: unknown, name = '', level = 1): unknown {
  if (level > 32) return value
  if (typeof value === 'string') {
    return name === 'signature' ? value.replace(/^[A-Za-z0-9_-]/, otherCharacter) : forged(value)
  }
  if (Array.isArray(value)) return value.map((member) => withBadSignatures(member, name, level + 1))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([member, own]) => [member, withBadSignatures(own, member, level + 1)]),
  )
}

/** Who reports an error on a link. */
const componentOf = (link: FaultLink): string =>
  ({ ACS: 'A', DS: 'D', '3DSS': 'S' })[link.slice(0, link.indexOf('→'))] ?? 'S'

/** An answer reports the message that it answers. */
const reportedType = (messageType: string): string =>
  messageType.replace(/^([AROP])Res$/, '$1Req').replace('CRes', 'CReq')

const erroFor = (message: JsonObject, fault: Fault & { kind: 'erro' }, link: FaultLink): JsonObject => {
  const descriptions: Readonly<Record<string, string>> = errorDescriptions
  const messageType = typeof message.messageType === 'string' ? message.messageType : ''
  return {
    messageType: 'Erro',
    ...Object.fromEntries(idNames.flatMap((name) => (message[name] === undefined ? [] : [[name, message[name]]]))),
    messageVersion: message.messageVersion ?? '2.2.0',
    errorCode: fault.errorCode,
    errorComponent: componentOf(link),
    errorDescription: descriptions[fault.errorCode] ?? 'An error made on purpose',
    errorDetail: fault.errorDetail ?? 'made on purpose',
    ...(messageType !== '' && { errorMessageType: reportedType(messageType) }),
  }
}

function alteredMessage(message: JsonObject, fault: Fault, link: FaultLink): unknown {
  switch (fault.kind) {
    case 'wrongIds':
      return withOtherIds(message)
    case 'wrongVersion':
      return { ...message, messageVersion: fault.messageVersion }
    case 'missing': {
      const path = fault.element.split('.')
      return has(message, path) ? changed(message, path, () => undefined) : message
    }
    case 'extra':
    case 'set':
      return changed(message, fault.element.split('.'), () => fault.value)
    case 'badSignature':
      return withBadSignatures(message)
    case 'erro':
      return erroFor(message, fault, link)
    default:
      return message
  }
}

/** The bytes of a message after a fault. What only befalls the connection, and a status, leave them as they are. */
export function alter(fault: Fault, body: Uint8Array, link: FaultLink): Altered {
  const bytes = Buffer.from(body)
  const whole = (next: Buffer, contentType?: string): Altered => ({
    body: next,
    announced: next.length,
    ...(contentType !== undefined && { contentType }),
  })
  switch (fault.kind) {
    case 'truncate': {
      const half = bytes.subarray(0, Math.floor(bytes.length / 2))
      return { body: half, announced: fault.contentLength === 'sent' ? half.length : bytes.length }
    }
    case 'html':
      return whole(html, 'text/html; charset=utf-8')
    case 'malformed':
      return whole(Buffer.concat([Buffer.from('{,'), bytes]))
    default: {
      const message = parsed(bytes)
      // Also in the place of what is no message an Erro can stand.
      if (!isObject(message)) return whole(fault.kind === 'erro' ? bytesOf(erroFor({}, fault, link)) : bytes)
      const next = alteredMessage(message, fault, link)
      return whole(next === message ? bytes : bytesOf(next))
    }
  }
}

const bytesOf = (message: unknown): Buffer => Buffer.from(JSON.stringify(message), 'utf8')

/** The fields of a form that hold a message in base64url. */
export const messageFields = ['creq', 'cres', 'threeDSMethodData'] as const

/** The same for a form that carries a message through the browser: what is meant is the message in it. */
export function alterForm(fault: Fault, body: Uint8Array, link: FaultLink): Altered {
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'))
  const field = messageFields.find((name) => form.has(name))
  const message = field === undefined ? undefined : decodeBase64url(form.get(field) ?? '')
  if (fault.kind === 'html' || (fault.kind === 'truncate' && fault.contentLength !== 'sent'))
    return alter(fault, body, link)
  if (field === undefined || message === undefined) return { body: Buffer.from(body), announced: body.length }
  const altered = alter(fault, message, link)
  if (altered.body.equals(message)) return { body: Buffer.from(body), announced: body.length }
  form.set(field, altered.body.toString('base64url'))
  const next = Buffer.from(form.toString())
  return { body: next, announced: next.length }
}

/** How records name a fault. */
export function nameOf(fault: Fault): string {
  switch (fault.kind) {
    case 'delay':
      return `delay ${fault.delay} ms`
    case 'status':
      return named(`status ${fault.status}`, fault)
    case 'drip':
      return named(`drip ${fault.bytesPerSecond} bytes/s`, fault)
    case 'wrongVersion':
      return named(`wrongVersion ${fault.messageVersion}`, fault)
    case 'missing':
    case 'extra':
    case 'set':
      return named(`${fault.kind} ${fault.element}`, fault)
    case 'erro':
      return named(`erro ${fault.errorCode}`, fault)
    case 'truncate':
      return named(fault.contentLength === 'sent' ? 'truncate (content-length as sent)' : 'truncate', fault)
    default:
      return named(fault.kind, fault)
  }
}

const named = (name: string, { delay }: Fault): string => (delay === undefined ? name : `${name}, after ${delay} ms`)

/** Faults that let nothing of a message through. */
const nothingThrough: ReadonlySet<Fault['kind']> = new Set(['hang', 'drop', 'reset', 'status'])

/** What left in the place of the message; undefined: the message itself. Empty: nothing. */
export function sentInstead(fault: Fault, body: Uint8Array, altered: Altered): Buffer | undefined {
  if (nothingThrough.has(fault.kind)) return Buffer.alloc(0)
  return altered.body.equals(Buffer.from(body)) ? undefined : altered.body
}

/** For a record that masks as refused messages are masked. */
export function metFault(fault: Fault, body: Uint8Array, altered: Altered): MetFault {
  const sent = sentInstead(fault, body, altered)
  return { fault: nameOf(fault), ...(sent !== undefined && { sent: maskRefused(sent.toString('utf8')) }) }
}
