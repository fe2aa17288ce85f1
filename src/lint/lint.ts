// The validator: any text in, findings out. Pure: reads nothing, keeps nothing, and tells no sensitive value.
import type { Finding } from '../protocol/errors.ts'
import { detailOf } from '../protocol/errors.ts'
import { maskDigitRuns, maskMessage } from '../protocol/mask.ts'
import { supportedVersions } from '../protocol/messages/head.ts'
import { inspectMessage } from '../protocol/messages/inspect.ts'
import { duplicateNames } from '../protocol/messages/read.ts'
import { isObject } from '../protocol/rules/conditions.ts'
import type { ErrorCode } from '../protocol/tables/errors.ts'
import type { Version } from '../protocol/tables/types.ts'
import { type Explaining, explain } from './explain.ts'
import { flowRules, type Judged, judgeFlows, memberOf } from './flow.ts'
import { jsonProblem, keyOf, type Path, type Place, pathOf, placeOf, type Span, spansOf } from './json-text.ts'
import { elementOf, maskedPaths } from './masked.ts'
import { methodFindings } from './method-post.ts'
import { recognise } from './recognise.ts'
import { envelopeTexts, faultTexts, filled, noteTexts } from './texts.ts'
import type {
  EnvelopeFault,
  Found,
  InputFault,
  LintedMessage,
  LintFinding,
  LintOptions,
  LintResult,
  Recognised,
} from './types.ts'
import { isUncertain } from './uncertain.ts'

interface Verdict {
  readonly errors: readonly Finding[]
  readonly warnings: readonly Finding[]
  /** What a receiver answers to the message alone. */
  readonly erro?: { readonly errorCode: ErrorCode; readonly errorDetail: string }
  readonly version?: Version
}

const notJson = (text: string): Verdict => ({
  errors: [{ errorCode: '101', element: '', at: '$', rule: text === '' ? 'ACS-VAL-91' : 'ACS-VAL-4' }],
  warnings: [],
  erro: { errorCode: '101', errorDetail: 'Invalid Formatted Message' },
})

function methodVerdict({ message, version, found }: Judged, { profile, messageVersion }: LintOptions): Verdict {
  const own = version ?? messageVersion ?? '2.2.0' // the post says none; lengths of 2.1.0 and 2.2.0 are the narrower ones
  return {
    errors: [...duplicateNames(found.text), ...methodFindings(message ?? {}, own, profile)],
    warnings: [],
    version: own,
  }
}

/** Parts of the message against the rules, as its receiver would see it. */
function verdictOf(judged: Judged, options: LintOptions): Verdict {
  const { message, type, found } = judged
  if (message === undefined) return notJson(found.text)
  if (type === '3DSMethodPost') return methodVerdict(judged, options)
  const { findings, warnings, erro, version } = inspectMessage(Buffer.from(found.text, 'utf8'), {
    leg: judged.leg,
    profile: options.profile,
    channel: judged.channel,
    category: judged.category,
    context: judged.context,
    ...(judged.version !== undefined && { version: judged.version }),
    ...(options.versions !== undefined && { versions: options.versions }),
    ...(found.carrier === 'creq' && { expects: ['CReq'] }),
    ...(found.carrier === 'cres' && { expects: ['CRes', 'Erro'] }),
  })
  return { errors: findings, warnings, ...(erro !== undefined && { erro }), ...(version !== undefined && { version }) }
}

/** A receiver names the elements of the first code (ACS-VAL-20). */
function erroOf(errors: readonly Finding[]): Verdict['erro'] {
  const [first] = errors
  if (first === undefined) return undefined
  const named = errors.filter(({ errorCode }) => errorCode === first.errorCode).map(({ element }) => element)
  return { errorCode: first.errorCode, errorDetail: detailOf(named) }
}

/** The verdict on what is left. */
function narrowed(verdict: Verdict, keeps: (finding: Finding) => boolean): Verdict {
  const errors = verdict.errors.filter(keeps)
  if (errors.length === verdict.errors.length) return verdict
  const { erro: _erro, ...rest } = verdict
  const erro = erroOf(errors)
  return { ...rest, errors, ...(erro !== undefined && { erro }) }
}

/** Nothing is said about values that are masked. */
function withoutMasked(verdict: Verdict, masked: readonly Path[]): Verdict {
  if (masked.length === 0) return verdict
  const hidden = new Set(masked.flatMap((path) => [keyOf(path), keyOf(path.slice(0, -1))]))
  const keeps = ({ at, element, errorCode }: Finding): boolean =>
    errorCode === '201' || errorCode === '204' || !hidden.has(keyOf(pathOf(at ?? `$.${element}`)))
  return { ...narrowed(verdict, keeps), warnings: verdict.warnings.filter(keeps) }
}

/** What hangs on messages that are not here is a warning. */
function withUncertain(verdict: Verdict, { type, channel, category, context }: Judged): Verdict {
  const { version } = verdict
  if (type === undefined || version === undefined) return verdict
  const doubts = (finding: Finding): boolean =>
    isUncertain(finding, { version, message: type, channel, category }, context)
  const open = verdict.errors.filter(doubts)
  if (open.length === 0) return verdict
  return { ...narrowed(verdict, (finding) => !doubts(finding)), warnings: [...open, ...verdict.warnings] }
}

const envelopeFinding = (fault: EnvelopeFault, { lang }: LintOptions): LintFinding => ({
  severity: 'warning',
  path: '$',
  element: fault === 'sessionTooLong' ? 'threeDSSessionData' : '',
  rule: fault === 'sessionTooLong' ? 'ACS-VAL-102' : 'FLOW-GEN-4',
  message: envelopeTexts[fault][lang],
  expected: '',
})

/** The value at the path, or the nearest one around it that is there. */
function spanNear(spans: ReadonlyMap<string, Span>, path: Path): Span | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const span = spans.get(keyOf(path.slice(0, length)))
    if (span !== undefined) return span
  }
  return undefined
}

const withParents = (path: Path): readonly Path[] => [...path.map((_, index) => path.slice(0, index)), path]

/** Where findings stand in a text. */
function placesIn(text: string, findings: readonly LintFinding[]): (finding: LintFinding) => number | undefined {
  if (findings.length === 0) return () => undefined
  const paths = findings.map(({ path }) => pathOf(path))
  const spans = spansOf(
    text,
    paths.flatMap((path) => withParents(path)),
  )
  return ({ path }) => spanNear(spans, pathOf(path))?.start
}

/** The message on lines of its own, sensitive values masked by name and by digits. */
function linesOf({ message, found }: Judged): readonly string[] {
  if (message === undefined) return maskDigitRuns(found.text).split(/\r?\n/)
  const masked: unknown = JSON.parse(maskMessage(message))
  return JSON.stringify(masked, null, 2).split('\n')
}

/** Line and column of offsets, asked for in any order; the text is walked once. */
function placesOf(text: string): (offset: number) => Place {
  let starts: number[] | undefined
  return (offset) => {
    if (starts === undefined) {
      starts = [0]
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    }
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const before = text.slice(starts[low], offset)
    // A recording may be one line of many megabytes; nobody counts its characters.
    return { line: low + 1, column: (before.length > 10_000 ? before.length : [...before].length) + 1 }
  }
}

const whereInInput = (found: Found): number | undefined => found.offset ?? found.holder

function linted(
  judged: Judged,
  index: number,
  options: LintOptions,
  placeAt: (offset: number) => Place,
): LintedMessage {
  const { found, message, type } = judged
  const masked = message === undefined ? [] : maskedPaths(message)
  const verdict = withUncertain(withoutMasked(verdictOf(judged, options), masked), judged)
  const version =
    verdict.version ?? judged.version ?? supportedVersions.find((known) => known === message?.messageVersion)
  const about: Explaining = {
    message,
    messageType: type ?? 'AReq',
    version: version ?? '2.2.0',
    channel: judged.channel,
    category: judged.category,
    versions: options.versions ?? supportedVersions,
    agreed: judged.version,
    lang: options.lang,
  }
  const told: readonly (readonly [LintFinding['severity'], Finding])[] = [
    ...[...verdict.errors, ...judged.errors].map((finding) => ['error', finding] as const),
    ...[...verdict.warnings, ...judged.warnings].map((finding) => ['warning', finding] as const),
  ]
  const most = options.mostFindings ?? told.length
  const omitted = {
    errors: told.slice(most).filter(([severity]) => severity === 'error').length,
    warnings: told.slice(most).filter(([severity]) => severity === 'warning').length,
  }
  const bare = [
    ...told.slice(0, most).map(([severity, finding]) => explain(finding, severity, about)),
    ...found.envelope.filter((fault) => fault !== 'notBase64url').map((fault) => envelopeFinding(fault, options)),
  ]
  const lines = options.show === true ? linesOf(judged) : undefined
  const offsetIn = placesIn(found.text, bare)
  const offsetShown = lines === undefined ? undefined : placesIn(lines.join('\n'), bare)
  const shownAt = lines === undefined ? undefined : placesOf(lines.join('\n'))
  const start = whereInInput(found)
  const findings = bare.map((finding): LintFinding => {
    const offset = found.offset === undefined ? undefined : offsetIn(finding)
    const shown = offsetShown?.(finding)
    return {
      ...finding,
      ...(offset !== undefined && placeAt((found.offset ?? 0) + offset)),
      ...(shown !== undefined && shownAt !== undefined && { shownLine: shownAt(shown).line }),
    }
  })
  const erro = verdict.erro ?? erroOf(judged.errors.filter(({ rule }) => !flowRules.has(rule)))
  const isChallenge = type !== undefined && !['PReq', 'PRes', 'OReq', 'ORes', 'Erro'].includes(type)
  const ownVersion = message?.messageVersion
  return {
    index,
    where: found.where,
    transaction: judged.transaction,
    ...(start !== undefined && { line: placeAt(start).line }),
    ...(type !== undefined && { messageType: type }),
    ...(typeof ownVersion === 'string' && ownVersion.length <= 16 && { messageVersion: ownVersion }),
    ...(isChallenge && { deviceChannel: judged.channel }),
    ...(isChallenge && type !== '3DSMethodPost' && { messageCategory: judged.category }),
    ...(type !== undefined && type !== '3DSMethodPost' && { leg: judged.leg }),
    assumed: judged.assumed,
    masked: masked.map(elementOf),
    ...(erro !== undefined && { erro }),
    findings,
    ...(told.length > most && { omitted }),
    ...(lines !== undefined && { lines }),
  }
}

/** Where a message that is no JSON stops being JSON, counted within itself. */
function jsonNote({ found, message }: Judged, { lang }: LintOptions): string | undefined {
  if (message !== undefined || found.text === '' || isObject(message)) return undefined
  const problem = jsonProblem(found.text)
  if (problem === undefined) return undefined
  const { line, column } = placeOf(found.text, problem.offset)
  return `${found.where === '' ? '' : `${found.where}: `}${faultTexts[problem.fault][lang]} (${line}:${column})`
}

const count = (messages: readonly LintedMessage[], severity: LintFinding['severity']): number =>
  messages.reduce(
    (sum, { findings, omitted }) =>
      sum +
      findings.filter((finding) => finding.severity === severity).length +
      (omitted?.[severity === 'error' ? 'errors' : 'warnings'] ?? 0),
    0,
  )

/** Everything there is to say about a text: a message, a flow, a recording. */
export function lint(text: string, options: LintOptions): LintResult {
  const recognised: Recognised = recognise(text)
  const { kind, lang } = { kind: recognised.kind, lang: options.lang }
  const placeAt = placesOf(text)
  const { mostMessages = Number.POSITIVE_INFINITY } = options
  const all = recognised.found.length
  const judged = judgeFlows(recognised.found.slice(0, mostMessages).map(memberOf), kind === 'journal', options)
  const messages = judged.map((one, index) => linted(one, index, options, placeAt))
  const transactions = new Map<number, number[]>()
  for (const { transaction, index } of messages) {
    const group = transactions.get(transaction)
    if (group === undefined) transactions.set(transaction, [index])
    else group.push(index)
  }
  const problems = recognised.problems.map(({ fault, where, offset }) => ({
    fault,
    where,
    message: faultTexts[fault][lang],
    ...(offset !== undefined && placeAt(offset)),
  }))
  const masked = [...new Set(messages.flatMap((message) => message.masked))]
  const hidden = messages.reduce((sum, { omitted }) => sum + (omitted?.errors ?? 0) + (omitted?.warnings ?? 0), 0)
  const notes = [
    ...judged.flatMap((one) => jsonNote(one, options) ?? []),
    ...(masked.length === 0
      ? []
      : [filled(noteTexts.masked[lang], { elements: masked.join(lang === 'ja' ? '、' : ', ') })]),
    ...(all > judged.length ? [filled(noteTexts.cut[lang], { count: String(judged.length), of: String(all) })] : []),
    ...(hidden > 0 ? [filled(noteTexts.omitted[lang], { count: String(hidden) })] : []),
    ...(recognised.encrypted === 0 || problems.some(({ fault }) => fault === 'encrypted')
      ? []
      : [filled(noteTexts.encrypted[lang], { count: String(recognised.encrypted) })]),
  ]
  return {
    ...(kind !== undefined && { kind }),
    profile: options.profile,
    lang,
    transactions: [...transactions].map(([index, members]) => ({ index, messages: members })),
    messages,
    problems,
    notes,
    summary: {
      messages: messages.length,
      transactions: transactions.size,
      errors: count(messages, 'error'),
      warnings: count(messages, 'warning'),
      problems: problems.length,
    },
  }
}

/** The result for input that is no text. */
export const unread = (fault: InputFault, { profile, lang }: LintOptions): LintResult => ({
  profile,
  lang,
  transactions: [],
  messages: [],
  problems: [{ fault, where: '', message: faultTexts[fault][lang] }],
  notes: [],
  summary: { messages: 0, transactions: 0, errors: 0, warnings: 0, problems: 1 },
})

/** 0: nothing wrong; 1: errors; 2: input that could not be read, or none. Warnings alone are 0. */
export const exitCodeOf = ({ summary }: LintResult): 0 | 1 | 2 =>
  summary.problems > 0 || summary.messages === 0 ? 2 : summary.errors > 0 ? 1 : 0
