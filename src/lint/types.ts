// What the validator passes from one step to the next, and what it answers.
import type { ErrorCode } from '../protocol/tables/errors.ts'
import type { Leg, MessageType, Version } from '../protocol/tables/types.ts'
import type { JsonFault } from './json-text.ts'

export type Language = 'en' | 'ja'

export type InputKind = 'message' | 'array' | 'lines' | 'har' | 'journal' | 'form' | 'base64url' | 'http'

/** A form field in which a message travels through the browser. */
export type Carrier = 'creq' | 'cres' | 'threeDSMethodData'

/** How a form field departs from what a sender writes; receivers take most of it. */
export type EnvelopeFault = 'notBase64url' | 'padding' | 'alphabet' | 'sessionTooLong'

/** A message as it stands in the input. */
export interface Found {
  /** Where: `log.entries[3].request.postData.text`; empty for an input that is the message. */
  readonly where: string
  /** The JSON text of the message as it was written. */
  readonly text: string
  readonly carrier?: Carrier
  /** Beside a creq or cres, as it was received. */
  readonly threeDSSessionData?: string
  /** Who sent it to whom, where a journal tells: `DS→ACS`. */
  readonly link?: string
  readonly envelope: readonly EnvelopeFault[]
  /** Where `text` begins in the input, when it stands there as it is. */
  readonly offset?: number
  /** Where that begins which holds the message, when it is encoded. */
  readonly holder?: number
}

export type InputFault =
  | JsonFault
  | 'noMessage'
  | 'unknown'
  | 'encrypted'
  | 'signed'
  | 'notUtf8'
  | 'notBase64url'
  | 'tooLarge'

/** A piece of input that could not be read. */
export interface InputProblem {
  readonly fault: InputFault
  readonly where: string
  readonly offset?: number
}

export interface Recognised {
  readonly kind?: InputKind
  readonly found: readonly Found[]
  readonly problems: readonly InputProblem[]
  /** Bodies that were passed over since they are encrypted (app channel). */
  readonly encrypted: number
}

export interface LintOptions {
  readonly profile: 'strict' | 'lenient'
  readonly lang: Language
  /** For messages whose own flow does not tell. */
  readonly channel?: '01' | '02' | '03' | undefined
  readonly category?: '01' | '02' | undefined
  readonly leg?: Leg | undefined
  /** The version that all messages have to be of. */
  readonly messageVersion?: Version | undefined
  /** Versions that the receiver has switched on; all by default. */
  readonly versions?: readonly Version[] | undefined
  /** Whether the messages are printed, masked, in the result, a text a line. */
  readonly show?: boolean | undefined
  /** What goes beyond is counted and not told: findings of one message, and messages. */
  readonly mostFindings?: number | undefined
  readonly mostMessages?: number | undefined
}

export interface LintFinding {
  readonly severity: 'error' | 'warning'
  /** `$.messageExtension[0].id` */
  readonly path: string
  /** As an Erro names it. */
  readonly element: string
  readonly errorCode?: ErrorCode
  /** Id of the rule in the handbook. */
  readonly rule: string
  readonly message: string
  readonly expected: string
  /** A value that would pass. */
  readonly example?: unknown
  /** Type and length; the value only where it is short and not sensitive. */
  readonly received?: string
  /** In the input, from 1, where the message stands there as it is. */
  readonly line?: number
  readonly column?: number
  /** In `lines` of the message, from 1. */
  readonly shownLine?: number
}

export interface LintedMessage {
  readonly index: number
  readonly where: string
  readonly transaction: number
  readonly line?: number
  readonly messageType?: MessageType | '3DSMethodPost'
  readonly messageVersion?: string
  readonly deviceChannel?: string
  readonly messageCategory?: string
  readonly leg?: string
  /** Which of the above the input did not say. */
  readonly assumed: readonly string[]
  /** Elements whose value is masked: they are not judged. */
  readonly masked: readonly string[]
  /** What a receiver answers. */
  readonly erro?: { readonly errorCode: ErrorCode; readonly errorDetail: string }
  readonly findings: readonly LintFinding[]
  /** Findings beyond those that are told. */
  readonly omitted?: { readonly errors: number; readonly warnings: number }
  readonly lines?: readonly string[]
}

export interface LintResult {
  readonly kind?: InputKind
  readonly profile: 'strict' | 'lenient'
  readonly lang: Language
  readonly transactions: readonly { readonly index: number; readonly messages: readonly number[] }[]
  readonly messages: readonly LintedMessage[]
  readonly problems: readonly {
    readonly fault: InputFault
    readonly where: string
    readonly message: string
    readonly line?: number
    readonly column?: number
  }[]
  readonly notes: readonly string[]
  readonly summary: {
    readonly messages: number
    readonly transactions: number
    readonly errors: number
    readonly warnings: number
    readonly problems: number
  }
}
