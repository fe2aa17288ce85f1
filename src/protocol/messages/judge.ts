// One message against all rules that concern it alone. parse.ts throws what is found here, inspect.ts tells it.
// Spec: section 5.9, Annex B; ACS-VAL-4…16, ACS-VAL-20.
import { type About, detailOf, type Finding, ProtocolError } from '../errors.ts'
import { type ColumnCheck, compileColumn } from '../rules/checker.ts'
import { type Column, type Profile, unknown } from '../rules/column.ts'
import type { JsonObject, Surroundings } from '../rules/conditions.ts'
import { inOrder } from '../rules/steps.ts'
import { isFineBySwitches, reportSwitched } from '../rules/switched.ts'
import type { ElementTable, Leg, MessageType, Version } from '../tables/types.ts'
import { aboutOf, type Head, headOf, messageTypes, supportedVersions } from './head.ts'
import { decode, duplicateNames, type ReadMessage, readText } from './read.ts'

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
export type TextJudge = (text: string, reading: Reading) => Judged

const none: readonly Finding[] = []

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

export interface JudgeOptions {
  /** Faultless messages are told by a generated function, without the walk. */
  readonly isCompiled: boolean
}

/** An escape such as `\\ud83d`, of which half a character may be left (ACS-VAL-68). */
const mayHoldHalves = (text: string): boolean => text.includes('\\ud') || text.includes('\\uD')

const notWellFormed = (): Judged => {
  const findings: readonly Finding[] = [{ errorCode: '101', element: '', at: '$', rule: 'ACS-VAL-4' }]
  return { findings, warnings: [], error: new ProtocolError('101', 'Invalid Formatted Message', { findings }) }
}

/** What was read, and what its type and version said. */
interface Opened extends ReadMessage {
  readonly head: Head
}

const errorWith = (head: Head, findings: readonly Finding[], about: About): ProtocolError | undefined =>
  head.errorCode === undefined
    ? errorOf(findings, about)
    : new ProtocolError(head.errorCode, head.errorDetail ?? '', { about, findings })

/** Type or version are not known: nothing more can be said. */
function judgeHead({ text, message, hasDuplicates, head }: Opened): Judged {
  const findings = [...head.findings, ...(hasDuplicates ? duplicateNames(text) : [])]
  const error = errorWith(head, findings, aboutOf(message, head))
  return {
    text,
    message,
    ...(head.messageType !== undefined && { messageType: head.messageType }),
    findings,
    warnings: [],
    ...(error !== undefined && { error }),
  }
}

const channels = ['01', '02', '03', unknown]
const categories = ['01', '02', unknown]

/** A number for each column; made for every message, so it is no text. */
const keyOf = ({ version, message, channel, category, profile }: Column): number =>
  (((messageTypes.indexOf(message) * 4 + supportedVersions.indexOf(version)) * 5 + channels.indexOf(channel) + 1) * 5 +
    categories.indexOf(category) +
    1) *
    2 +
  (profile === 'lenient' ? 1 : 0)

/** A judge by `table` of texts; the checks of a column are compiled when the column is first seen. */
export function createTextJudge(table: ElementTable, { isCompiled }: JudgeOptions): TextJudge {
  const checks = new Map<number, ColumnCheck>()
  const checkFor = (column: Column): ColumnCheck => {
    const key = keyOf(column)
    const known = checks.get(key)
    if (known !== undefined) return known
    const check = compileColumn(table, column, isCompiled)
    checks.set(key, check)
    return check
  }
  return (source, reading) => {
    const read = readText(source)
    if (read === undefined) return notWellFormed()
    const { text, message, hasDuplicates } = read
    const head = headOf(message, reading)
    const { messageType, version } = head
    if (messageType === undefined || version === undefined) return judgeHead({ ...read, head })
    const { profile, leg } = reading
    const isAReq = messageType === 'AReq'
    const channel = isAReq ? named(message.deviceChannel, ['01', '02', '03'], '02', profile) : (reading.channel ?? '02')
    const category = isAReq ? named(message.messageCategory, ['01', '02'], '01', profile) : (reading.category ?? '01')
    const context = messageType === 'CRes' ? withFinal(message, channel, reading.context) : reading.context
    const around: Surroundings = { message, leg, channel, category, ...(context !== undefined && { context }) }
    const about = { text, message, messageType, version, channel, category }
    const check = checkFor({ version, message: messageType, channel, category, profile })
    const isFaultless =
      !hasDuplicates &&
      head.findings.length + head.warnings.length === 0 &&
      check.isFaultless?.(message, around) === true &&
      (!isAReq || isFineBySwitches(message, version, reading)) &&
      !mayHoldHalves(text)
    if (isFaultless) return { ...about, findings: none, warnings: none }
    const report = check.report(message, around)
    if (isAReq) reportSwitched(message, version, reading, report)
    const findings = [...head.findings, ...(hasDuplicates ? duplicateNames(text) : []), ...inOrder(report)]
    const error = errorWith(head, findings, aboutOf(message, head))
    return {
      ...about,
      findings,
      warnings: [...head.warnings, ...report.warnings],
      ...(error !== undefined && { error }),
    }
  }
}

/** The same for bytes as they came: what is no UTF-8 is no message (ACS-VAL-4). */
export function createJudge(table: ElementTable, options: JudgeOptions): Judge {
  const judgeText = createTextJudge(table, options)
  return (bytes, reading) => {
    const text = decode(bytes)
    return text === undefined ? notWellFormed() : judgeText(text, reading)
  }
}
