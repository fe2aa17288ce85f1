// One message against all rules that concern it alone. parse.ts throws what is found here, inspect.ts tells it.
// Spec: section 5.9, Annex B; ACS-VAL-4…16, ACS-VAL-20.
import { type About, detailOf, type Finding, ProtocolError } from '../errors.ts'
import { type Check, compileCheck } from '../rules/checker.ts'
import { type Profile, unknown } from '../rules/column.ts'
import type { JsonObject, Surroundings } from '../rules/conditions.ts'
import { inOrder } from '../rules/steps.ts'
import { reportSwitched } from '../rules/switched.ts'
import type { ElementTable, Leg, MessageType, Version } from '../tables/types.ts'
import { aboutOf, headOf } from './head.ts'
import { duplicateNames, readBytes } from './read.ts'

export interface Reading {
  readonly expects: readonly MessageType[]
  readonly leg: Leg
  readonly profile: Profile
  /** Of the transaction; an AReq says its own. */
  readonly channel?: string
  readonly category?: string
  /** The version of the transaction: any other is 203 (ACS-VAL-10). Without it any active version may come (ACS-VAL-9). */
  readonly version?: string
  /** Versions that are switched on, the oldest first; all by default. 102 lists them (ACS-VAL-9). */
  readonly versions?: readonly Version[]
  /** Other messages of the transaction by type, and flags, for conditions that look there. */
  readonly context?: JsonObject
  /** Refuse a currency whose exponent is not its ISO 4217 minor unit (ACS-VAL-67); otherwise a warning. */
  readonly exponentCheck?: boolean
  /** Refuse a `purchaseDate` more than 30 minutes from `now` (ACS-VAL-156, from 2.3.1 on). */
  readonly dateCheck?: boolean
  /** Milliseconds since 1970, UTC. */
  readonly now?: number
  /** Refuse an `mcc` that the list does not hold (ACS-VAL-15). */
  readonly mccCheck?: boolean
}

/** What is said about one message. */
export interface Judged {
  readonly text?: string
  readonly message?: JsonObject
  readonly messageType?: MessageType
  readonly version?: Version
  readonly channel?: string
  readonly category?: string
  /** In the order of the steps of ACS-VAL-4…16. */
  readonly findings: readonly Finding[]
  /** What a lenient profile let pass, with the id of the tolerance. */
  readonly warnings: readonly Finding[]
  /** What a receiver answers. */
  readonly error?: ProtocolError
}

export type Judge = (bytes: Uint8Array, reading: Reading) => Judged

/** The column that an AReq names; a channel or category of a DS is read as a browser payment (TOL-4). */
const named = (value: unknown, known: readonly string[], ofDs: string, profile: Profile): string => {
  if (typeof value !== 'string') return unknown
  if (known.includes(value)) return value
  return profile === 'lenient' && /^[89][0-9]$/.test(value) ? ofDs : unknown
}

/** A CRes is the last one where it says so, and always in the browser (CHL-CTR-5). */
const withFinal = (message: JsonObject, channel: string, context: JsonObject | undefined): JsonObject => ({
  final: channel === '02' || message.challengeCompletionInd === 'Y',
  ...context,
})

/** One Erro reports one code: that of the first finding, with every element that has it (ACS-VAL-20). */
function errorOf(findings: readonly Finding[], about: About): ProtocolError | undefined {
  const [first] = findings
  if (first === undefined) return undefined
  const named = findings.filter((finding) => finding.errorCode === first.errorCode).map((finding) => finding.element)
  return new ProtocolError(first.errorCode, detailOf(named), { about, findings })
}

/** A judge by `table`; the checks of a column are compiled when the column is first seen. */
export function createJudge(table: ElementTable): Judge {
  const checks = new Map<string, Check>()
  const checkFor = (
    version: Version,
    message: MessageType,
    channel: string,
    category: string,
    profile: Profile,
  ): Check => {
    const key = `${version} ${message} ${channel} ${category} ${profile}`
    const known = checks.get(key)
    if (known !== undefined) return known
    const check = compileCheck(table, { version, message, channel, category, profile })
    checks.set(key, check)
    return check
  }
  return (bytes, reading) => {
    const read = readBytes(bytes)
    if (read === undefined) {
      const findings: readonly Finding[] = [{ errorCode: '101', element: '', at: '$', rule: 'ACS-VAL-4' }]
      return {
        findings,
        warnings: [],
        error: new ProtocolError('101', 'Invalid Formatted Message', { findings }),
      }
    }
    const { text, message, hasDuplicates } = read
    const head = headOf(message, reading)
    const { messageType, version } = head
    const duplicates = hasDuplicates ? duplicateNames(text) : []
    if (messageType === undefined || version === undefined) {
      const findings = [...head.findings, ...duplicates]
      const about = aboutOf(message, head)
      const error = new ProtocolError(head.errorCode ?? '101', head.errorDetail ?? '', { about, findings })
      return {
        text,
        message,
        ...(messageType !== undefined && { messageType }),
        findings,
        warnings: [],
        error,
      }
    }
    const isAReq = messageType === 'AReq'
    const channel = isAReq
      ? named(message.deviceChannel, ['01', '02', '03'], '02', reading.profile)
      : (reading.channel ?? '02')
    const category = isAReq
      ? named(message.messageCategory, ['01', '02'], '01', reading.profile)
      : (reading.category ?? '01')
    const context = messageType === 'CRes' ? withFinal(message, channel, reading.context) : reading.context
    const around: Surroundings = {
      message,
      leg: reading.leg,
      channel,
      category,
      ...(context !== undefined && { context }),
    }
    const report = checkFor(version, messageType, channel, category, reading.profile)(message, around)
    if (isAReq) reportSwitched(message, version, reading, report)
    const findings = [...head.findings, ...duplicates, ...inOrder(report)]
    const about = aboutOf(message, head)
    const error =
      head.errorCode === undefined
        ? errorOf(findings, about)
        : new ProtocolError(head.errorCode, head.errorDetail ?? '', { about, findings })
    return {
      text,
      message,
      messageType,
      version,
      channel,
      category,
      findings,
      warnings: [...head.warnings, ...report.warnings],
      ...(error !== undefined && { error }),
    }
  }
}
