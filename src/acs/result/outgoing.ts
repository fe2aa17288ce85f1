// What leaves is checked with the same table as what comes in (VER-IM-6). A breach is a fault of ours: it is told, and
// under test nothing leaves.
import { ProtocolError } from '../../protocol/errors.ts'
import { parseMessage } from '../../protocol/messages/parse.ts'
import type { JsonObject } from '../../protocol/rules/conditions.ts'
import type { Leg, MessageType } from '../../protocol/tables/types.ts'

/** off: not looked at. log: told, and sent all the same. fatal: not sent. */
export type OutgoingMode = 'off' | 'log' | 'fatal'

interface OutgoingAbout {
  readonly leg: Leg
  /** Of the transaction; a payment in the browser where there is none. */
  readonly deviceChannel?: string | undefined
  readonly messageCategory?: string | undefined
  /** Other messages of the transaction, and flags. */
  readonly context?: JsonObject
}

/** A message of ours that its receivers would refuse. Names elements, never their values. */
export class OutgoingBreach extends Error {}

export interface Outgoing {
  readonly mode: OutgoingMode
  /** The message, or its text. Throws OutgoingBreach in the mode `fatal`. */
  check(messageType: MessageType, message: JsonObject | string, about: OutgoingAbout): void
}

export function createOutgoing(mode: OutgoingMode, tell: (breach: OutgoingBreach) => void): Outgoing {
  return {
    mode,
    check(messageType, message, { leg, deviceChannel = '02', messageCategory = '01', context }) {
      if (mode === 'off') return
      const text = typeof message === 'string' ? message : JSON.stringify(message)
      try {
        parseMessage(Buffer.from(text), {
          expects: [messageType],
          leg,
          profile: 'strict',
          channel: deviceChannel,
          category: messageCategory === '02' ? '02' : '01', // a category of a DS is read as a payment, as the parser does
          ...(context !== undefined && { context }),
        })
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error
        const told = error.findings.map(({ errorCode, element, rule }) => `${errorCode} ${element} (${rule})`)
        const breach = new OutgoingBreach(`${messageType} ${error.message}: ${told.join(', ')}`)
        tell(breach)
        if (mode === 'fatal') throw breach
      }
    },
  }
}
