// A received message, or the Erro that came in its place. Spec: sections 5.9.x; FLOW-GEN-10, FLOW-GEN-12.
import { type About, type Finding, ProtocolError } from '../protocol/errors.ts'
import { maskDigitRuns } from '../protocol/mask.ts'
import { type AnyMessage, parseMessage, type Reading } from '../protocol/messages/parse.ts'
import type { MessageType } from '../protocol/messages/types.ts'
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'

export type Received<M> =
  | { readonly kind: 'message'; readonly message: M & AnyMessage; readonly warnings: readonly Finding[] }
  | {
      readonly kind: 'erro'
      readonly errorCode: string | undefined
      readonly about: About
      /** The Erro's elements, as far as they are texts of a bearable length. */
      readonly erro: Readonly<Record<string, string>>
    }

/** An errorCode out of an Erro, fit for a log: any value may come (Req 217), only three digits are kept. */
const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{3}$/.test(value) ? value : undefined

const erroElements = [
  'messageType',
  'messageVersion',
  'errorCode',
  'errorComponent',
  'errorDescription',
  'errorDetail',
  'errorMessageType',
  'threeDSServerTransID',
  'dsTransID',
  'acsTransID',
] as const

/** What is kept of an Erro: known elements, cut to the length the table gives them. */
const erroOf = (message: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    erroElements.flatMap((element) => {
      const value = message[element]
      return typeof value === 'string' ? [[element, value.slice(0, 2_048)]] : []
    }),
  )

/** The JSON object of a body, unchecked. */
function objectIn(bytes: Uint8Array): JsonObject | undefined {
  try {
    const message: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return isObject(message) ? message : undefined
  } catch {
    return undefined
  }
}

/** Throws ProtocolError for a faulty message; an Erro is taken as it is, faulty or not, since no Erro answers it. */
export function receive<M>(bytes: Uint8Array, expected: MessageType, reading: Omit<Reading, 'expects'>): Received<M> {
  try {
    const { message, warnings } = parseMessage(bytes, { ...reading, expects: [expected, 'Erro'] })
    if (message.messageType !== 'Erro') return { kind: 'message', message: message as M & AnyMessage, warnings }
    return { kind: 'erro', errorCode: codeOf(message.errorCode), about: idsOf(message), erro: erroOf(message) }
  } catch (error) {
    // Faulty or in another version, as the answer to an unknown one is: what it says is what counts (FLOW-GEN-10).
    if (error instanceof ProtocolError && error.about.errorMessageType === 'Erro') {
      const message = objectIn(bytes) ?? {}
      return { kind: 'erro', errorCode: codeOf(message.errorCode), about: error.about, erro: erroOf(message) }
    }
    throw error
  }
}

/** An id as it came; what has another form may be anything, also a card number (SEC-LOG-3). */
const idOf = (value: unknown): string | undefined =>
  typeof value !== 'string' ? undefined : /^[0-9a-f-]{36}$/i.test(value) ? value : maskDigitRuns(value)

/**
 * The ids a message names, read before it is checked: the transaction tells which version, channel and category it must be
 * checked for (FLOW-GEN-6). Nothing if it is no JSON object; the check that follows says so.
 */
export function idsIn(bytes: Uint8Array): About {
  const message = objectIn(bytes)
  return message === undefined ? {} : idsOf(message)
}

/** The messageType a body names, whatever else is in it. */
export function typeIn(bytes: Uint8Array): string | undefined {
  const messageType = objectIn(bytes)?.messageType
  return typeof messageType === 'string' ? messageType : undefined
}

function idsOf(message: JsonObject): About {
  const threeDSServerTransID = idOf(message.threeDSServerTransID)
  const acsTransID = idOf(message.acsTransID)
  const dsTransID = idOf(message.dsTransID)
  return {
    ...(threeDSServerTransID !== undefined && { threeDSServerTransID }),
    ...(acsTransID !== undefined && { acsTransID }),
    ...(dsTransID !== undefined && { dsTransID }),
  }
}
