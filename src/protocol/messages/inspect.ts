// Everything there is to say about one message, without refusing it. Spec: section 5.9; ACS-VAL-4…18, ACS-VAL-20.
import type { Finding } from '../errors.ts'
import type { JsonObject } from '../rules/conditions.ts'
import type { ErrorCode } from '../tables/errors.ts'
import type { MessageType, Version } from '../tables/types.ts'
import { messageTypes } from './head.ts'
import type { Reading } from './judge.ts'
import { judgeMessage } from './parse.ts'

export interface Inspection {
  readonly text?: string
  readonly message?: JsonObject
  readonly messageType?: MessageType
  readonly version?: Version
  readonly channel?: string
  readonly category?: string
  /** Every breach of every code, in the order of the steps. */
  readonly findings: readonly Finding[]
  /** Tolerances that were used. */
  readonly warnings: readonly Finding[]
  /** What a receiver answers: `parseMessage` throws the same. */
  readonly erro?: { readonly errorCode: ErrorCode; readonly errorDetail: string }
}

/** Never throws, whatever the bytes are. Without `expects` any message type may come. */
export function inspectMessage(
  bytes: Uint8Array,
  reading: Omit<Reading, 'expects'> & { readonly expects?: readonly MessageType[] },
): Inspection {
  const { error, ...judged } = judgeMessage(bytes, { expects: messageTypes, ...reading })
  if (error === undefined) return judged
  const { errorCode, errorDetail } = error
  return { ...judged, erro: { errorCode, errorDetail } }
}
