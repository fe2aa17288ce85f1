// Findings, refusals and the Erro message. Spec: section 5.9, Table B.12; ACS-VAL-20…22, ERR-A1…A6.
import type { Erro } from './messages/types.ts'
import { type Component, type ErrorCode, errorDescriptions } from './tables/errors.ts'
import type { MessageType } from './tables/types.ts'

/** One breach of a rule: the error code it asks for, the element (JSON names joined by dots) and the rule's id. */
export interface Finding {
  readonly errorCode: ErrorCode
  readonly element: string
  readonly rule: string
  /** The JSON path with positions: `$.messageExtension[0].id`. */
  readonly at?: string
}

/** The ids and the version that an Erro repeats, as far as they are known and well-formed (ERR-A2, ERR-A3). */
export interface About {
  readonly threeDSServerTransID?: string
  readonly acsTransID?: string
  readonly dsTransID?: string
  readonly sdkTransID?: string
  readonly messageVersion?: string
  readonly errorMessageType?: MessageType
}

/** An expected refusal of a message. Carries no values of the message, so it may be logged. */
export class ProtocolError extends Error {
  readonly errorCode: ErrorCode
  readonly errorDetail: string
  readonly about: About
  readonly findings: readonly Finding[]

  constructor(
    errorCode: ErrorCode,
    errorDetail: string,
    options: { readonly about?: About; readonly findings?: readonly Finding[]; readonly cause?: unknown } = {},
  ) {
    super(`${errorCode} ${errorDetail}`, { cause: options.cause })
    this.name = 'ProtocolError'
    this.errorCode = errorCode
    this.errorDetail = errorDetail
    this.about = options.about ?? {}
    this.findings = options.findings ?? []
  }
}

/** errorDetail holds at most this many characters. Spec: Table A.1, ACS-VAL-22. */
const detailLimit = 2_048

/** Names in alphabetical order, comma separated, cut at a comma where too long (ACS-VAL-20, ACS-VAL-22). */
export function detailOf(names: readonly string[]): string {
  const detail = [...new Set(names)].sort().join(',')
  if (detail.length <= detailLimit) return detail
  const comma = detail.lastIndexOf(',', detailLimit)
  return detail.slice(0, comma === -1 ? detailLimit : comma)
}

/** One Erro reports one code: that of the first finding, with every element that has it (ACS-VAL-20). */
export function refuse(findings: readonly Finding[], about: About): void {
  const [first] = findings
  if (first === undefined) return
  const named = findings.filter((finding) => finding.errorCode === first.errorCode).map((finding) => finding.element)
  throw new ProtocolError(first.errorCode, detailOf(named), { about, findings })
}

/** The version of an Erro about a message whose own version cannot be used (ERR-A3). */
const ownVersion = '2.3.1'

/** The Erro that answers `error`; ids given in `about` complete those the refused message brought. */
export function toErro(error: ProtocolError, errorComponent: Component, about: About = {}): Erro {
  const known = { ...error.about, ...about }
  return {
    ...(known.threeDSServerTransID !== undefined && { threeDSServerTransID: known.threeDSServerTransID }),
    ...(known.acsTransID !== undefined && { acsTransID: known.acsTransID }),
    ...(known.dsTransID !== undefined && { dsTransID: known.dsTransID }),
    ...(known.sdkTransID !== undefined && { sdkTransID: known.sdkTransID }),
    errorCode: error.errorCode,
    errorComponent,
    errorDescription: errorDescriptions[error.errorCode],
    errorDetail: error.errorDetail === '' ? errorDescriptions[error.errorCode] : error.errorDetail,
    ...(known.errorMessageType !== undefined && { errorMessageType: known.errorMessageType }),
    messageType: 'Erro',
    messageVersion: known.messageVersion ?? ownVersion,
  }
}
