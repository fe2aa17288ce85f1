// The shape of the element table. Spec: Annex A (Table A.1), one row per element path.

export type Version = '2.1.0' | '2.2.0' | '2.3.1'
export type MessageType =
  | 'AReq'
  | 'ARes'
  | 'CReq'
  | 'CRes'
  | 'RReq'
  | 'RRes'
  | 'PReq'
  | 'PRes'
  | 'OReq'
  | 'ORes'
  | 'Erro'
export type Presence = 'R' | 'C' | 'O'
export type Leg = '3DSS-DS' | 'DS-ACS' | 'ACS-DS' | 'DS-3DSS' | 'SDK-ACS' | 'ACS-SDK' | 'BRW-ACS' | 'ACS-BRW'

/** A computable condition. `field` looks in the object that holds the element, `root` in the message, `context` in the transaction. */
export type Expression =
  | { readonly all: readonly Expression[] }
  | { readonly any: readonly Expression[] }
  | { readonly not: Expression }
  | { readonly field: string; readonly in: readonly (string | boolean)[] }
  | { readonly root: string; readonly in: readonly (string | boolean)[] }
  | { readonly context: string; readonly in: readonly (string | boolean)[] }
  | { readonly present: string }
  | { readonly contextPresent: string }
  | { readonly leg: readonly Leg[] }
  | { readonly channel: readonly string[] }
  | { readonly category: readonly string[] }

export interface Condition {
  readonly effect: 'required-if' | 'required-iff' | 'allowed-if'
  readonly when: Expression
  readonly versions?: readonly Version[]
  readonly messages?: readonly string[]
  readonly channels?: readonly string[]
  readonly categories?: readonly string[]
}

export type FormatKind =
  | 'text'
  | 'digits'
  | 'code'
  | 'uuid'
  | 'url'
  | 'email'
  | 'ip'
  | 'language'
  | 'version'
  | 'date'
  | 'dateTime'
  | 'dateTimeSeconds'
  | 'yearMonth'
  | 'country'
  | 'currency'
  | 'currencyAlpha'
  | 'appUrl'
  | 'subdivision'
  | 'base64'
  | 'base64url'
  | 'jws'
  | 'jwe'

/** Type, length, format and values of one element; lengths count characters (of the serialised JSON for objects). */
export interface Shape {
  readonly type: 'string' | 'boolean' | 'object' | 'array' | 'any'
  readonly kind?: FormatKind
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  /** Arrays: how many entries, and their type. */
  readonly entries?: readonly [min: number, max: number]
  readonly items?: 'string' | 'object'
  /** The list says what is defined; any other value of the form may come too. */
  readonly isOpen?: true
  /** Usable codes of each version, separated by blanks. */
  readonly codes?: Partial<Record<Version, string>>
  /** Ranges in which a DS may define codes; well-formed, see TOL-4. */
  readonly dsCodes?: string
  readonly dsCodesIn?: readonly Version[]
  /** Ranges that must not be used (203, from 2.3.1 on 207). */
  readonly reserved?: Partial<Record<Version, readonly string[]>>
  /** Narrower code sets of single messages. */
  readonly allowedIn?: Partial<Record<Version, Partial<Record<string, string>>>>
}

/**
 * `presence` of a message member: per message one group per version (2.1.0 2.2.0 2.3.1), in it one letter per column:
 * app payment, app non-payment, browser payment, browser non-payment, 3RI payment, 3RI non-payment (`-`: not part of
 * the message); messages without a channel have one letter per version. `use` of a child counts once the parent is present.
 */
export interface Element extends Shape {
  readonly name: string
  readonly presence?: Partial<Record<string, string>>
  readonly use?: string
  readonly conditions?: readonly Condition[]
  readonly by?: Partial<Record<Version, Shape>>
}

export type ElementTable = Readonly<Record<string, Element>>
