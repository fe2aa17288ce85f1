// From a finding to sentences: what is wrong, what was expected, an example. Values that are sensitive are never repeated (SEC-LOG-2).
import type { Finding } from '../protocol/errors.ts'
import { exampleOf } from '../protocol/messages/sample.ts'
import { describeElement, type ElementDescription } from '../protocol/reference/describe.ts'
import { isMissing, isObject } from '../protocol/rules/conditions.ts'
import { currencies } from '../protocol/tables/iso.ts'
import { sensitiveElements } from '../protocol/tables/sensitive.ts'
import type { MessageType, Version } from '../protocol/tables/types.ts'
import { expectedWords, presenceWords } from './expected.ts'
import { flowRules } from './flow.ts'
import { type Path, pathOf, valueAt } from './json-text.ts'
import { isMasked } from './masked.ts'
import { descriptionOf, filled, problemTexts, rreqTexts, ruleTexts, type Texts } from './texts.ts'
import type { Language, LintFinding } from './types.ts'

export interface Explaining {
  readonly message: unknown
  readonly messageType: MessageType | '3DSMethodPost'
  readonly version: Version
  readonly channel: string
  readonly category: string
  /** Active versions, for 102. */
  readonly versions: readonly Version[]
  /** The version of the transaction, where it is known. */
  readonly agreed?: Version | undefined
  readonly lang: Language
}

const typeNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  string: { en: 'string', ja: '文字列' },
  number: { en: 'number', ja: '数値' },
  boolean: { en: 'boolean', ja: '真偽値' },
  object: { en: 'object', ja: 'オブジェクト' },
  array: { en: 'array', ja: '配列' },
  null: { en: 'null', ja: 'null' },
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** Personal data and secrets beyond those that are masked in logs: their values help nobody. */
const personal =
  /^(?:cardholderName|email|billAddr\w+|shipAddr\w+|subscriber|browserIP|appIp|deviceInfo|deviceId|userId|taxId|sdkEphemPubKey|acsSignedContent|sdkServerSignedContent|otp|acctID|deliveryEmailAddress|acsHTML|acsHTMLRefresh|data)$/

const longestShown = 40
/** Digits in groups are a card number as well. */
const looksLikePan = /[0-9](?:[ -]?[0-9]){11,}/

const mayBeShown = (path: Path, value: unknown): boolean =>
  !path.some((step) => typeof step === 'string' && (Object.hasOwn(sensitiveElements, step) || personal.test(step))) &&
  (typeof value !== 'string' || ([...value].length <= longestShown && !looksLikePan.test(value)))

/** `string of 5 characters, "12.50"`; of what is sensitive or long type and length only. */
function receivedWords(path: Path, value: unknown, lang: Language): string {
  const type = typeOf(value)
  const name = typeNames[type]?.[lang] ?? type
  const shown = mayBeShown(path, value)
  const quoted = lang === 'ja' ? '、' : ', '
  if (typeof value === 'string') {
    const count = [...value].length
    const size = lang === 'ja' ? `${count} 文字の${name}` : `${name} of ${count} character${count === 1 ? '' : 's'}`
    return shown && count > 0 ? `${size}${quoted}${JSON.stringify(value)}` : size
  }
  if (Array.isArray(value)) {
    return lang === 'ja'
      ? `要素 ${value.length} 個の${name}`
      : `${name} of ${value.length} entr${value.length === 1 ? 'y' : 'ies'}`
  }
  if (isObject(value)) {
    const count = Object.keys(value).length
    return lang === 'ja' ? `メンバー ${count} 個の${name}` : `${name} of ${count} member${count === 1 ? '' : 's'}`
  }
  return shown && value !== null ? `${name} ${JSON.stringify(value)}` : name
}

type Problem = keyof typeof problemTexts

const inRange = (range: string, value: string): boolean => {
  const [from = range, to = from] = range.split('-')
  return value.length === from.length && value >= from && value <= to
}

const jsonTypeOf = (described: ElementDescription, isEntry: boolean): string =>
  isEntry && described.shape.type === 'array' ? (described.shape.items ?? 'string') : described.shape.type

/** Which of the things that one rule covers it was. */
function problemOf(
  finding: Finding,
  described: ElementDescription,
  value: unknown,
  isFound: boolean,
  isEntry: boolean,
): Problem {
  const { errorCode, rule } = finding
  const { shape } = described
  if (errorCode === '201') return isFound ? 'emptyRequired' : 'absent'
  if (errorCode === '202') return 'extension'
  if (errorCode === '204') return rule === 'ACS-VAL-11' ? 'twice' : 'twiceEntry'
  if (errorCode === '304') return 'iso'
  if (rule === 'ACS-VAL-30' || isMissing(value)) return 'empty'
  const wanted = jsonTypeOf(described, isEntry)
  if (wanted !== 'any' && typeOf(value) !== wanted) return 'type'
  if (Array.isArray(value)) {
    const [min, max] = shape.entries ?? [0, Number.POSITIVE_INFINITY]
    if (value.length < min) return 'few'
    if (value.length > max) return 'many'
    return shape.items === 'object' && value.some((entry) => !isObject(entry)) ? 'entries' : 'value'
  }
  if (isObject(value)) return JSON.stringify(value).length > (shape.max ?? Number.POSITIVE_INFINITY) ? 'long' : 'value'
  if (typeof value !== 'string') return 'value'
  const length = [...value].length
  if (length < (shape.min ?? 0)) return 'short'
  if (length > (shape.max ?? Number.POSITIVE_INFINITY)) return 'long'
  const { codes, dsCodes, reserved } = described
  if (codes.length > 0 && !codes.some(({ code }) => code === value)) {
    if (dsCodes !== undefined && inRange(dsCodes, value)) return 'dsCode'
    return reserved.some((range) => inRange(range, value)) ? 'reserved' : 'code'
  }
  return shape.kind === undefined || shape.kind === 'text' || shape.kind === 'code'
    ? shape.pattern === undefined
      ? 'value'
      : 'format'
    : 'format'
}

/** What a reader is told to write instead. For pairs and ids the other message says it, so there is no example. */
function exampleFor(finding: Finding, described: ElementDescription | undefined, about: Explaining): unknown {
  const { errorCode, element } = finding
  if (errorCode === '102' || (element === 'messageVersion' && errorCode !== '204'))
    return about.agreed ?? about.versions.at(-1)
  if (errorCode === '101') return element === 'messageType' ? 'AReq' : undefined
  if (described === undefined || about.messageType === '3DSMethodPost') return undefined
  if (errorCode === '204' || errorCode === '202' || /^3(?!04)/.test(errorCode)) return undefined
  if (/^(?:RES|FLOW|CHL)-/.test(finding.rule)) return undefined
  if (finding.rule === 'ACS-VAL-67') return pairExample(element, about.message)
  const { version, messageType: message, channel, category } = about
  const example = exampleOf(described.path, { version, message, channel, category })
  // An element of the array is wrong, not the whole of it.
  const isEntry = /\]$/.test(finding.at ?? '')
  return isEntry && Array.isArray(example) ? example[0] : example
}

/** The exponent that goes with the currency; the currency itself may be what was meant. */
function pairExample(element: string, message: unknown): unknown {
  if (!element.endsWith('Exponent') || !isObject(message)) return undefined
  const currency = message[element.replace('Exponent', 'Currency')]
  const known = typeof currency === 'string' ? currencies.get(currency) : undefined
  return known === undefined ? undefined : String(known.exponent)
}

const describedPath = (element: string, messageType: string): string =>
  messageType === '3DSMethodPost' ? `threeDSMethodData.${element}` : element

/** What would have been right; for rules across messages the sentence says it already. */
function expectationOf(finding: Finding, described: ElementDescription | undefined, about: Explaining): string {
  const { lang } = about
  const { errorCode, element } = finding
  const column = {
    version: about.version,
    message: about.messageType,
    channel: about.channel,
    category: about.category,
  }
  const join = (...parts: readonly string[]): string =>
    parts.filter((part) => part !== '').join(lang === 'ja' ? '。' : '; ')
  if (errorCode === '102')
    return lang === 'ja'
      ? `有効なバージョン：${about.versions.join('、')}`
      : `one of the active versions: ${about.versions.join(', ')}`
  if (finding.rule === 'ACS-VAL-10' && about.agreed !== undefined)
    return lang === 'ja' ? `取引のバージョン ${about.agreed}` : `${about.agreed}, the version of the transaction`
  if (errorCode === '101') {
    if (element === '') return lang === 'ja' ? 'UTF-8 の JSON オブジェクト 1 つ' : 'one JSON object in UTF-8'
    const types = 'AReq, ARes, CReq, CRes, RReq, RRes, PReq, PRes, OReq, ORes, Erro'
    return lang === 'ja' ? `次のいずれか：${types.replaceAll(', ', '、')}` : `one of ${types}`
  }
  if (errorCode === '202')
    return lang === 'ja'
      ? 'criticalityIndicator は、受信側が知っている拡張でだけ true にする'
      : 'criticalityIndicator true only for extensions that the receiver is known to understand'
  if (errorCode === '204') return lang === 'ja' ? '1 つだけ' : 'one of it'
  if (described === undefined || /^(?:RES|FLOW|CHL)-|^ACS-VAL-(?:9[5-8]|111|13[679])$/.test(finding.rule)) return ''
  const words = expectedWords(described, lang)
  return errorCode === '201' ? join(words, presenceWords(described, column, lang)) : words
}

/** One finding as people read it. Masked values never come here. */
export function explain(finding: Finding, severity: LintFinding['severity'], about: Explaining): LintFinding {
  const { lang, version, messageType, channel, category } = about
  const path = finding.at ?? (finding.element === '' ? '$' : `$.${finding.element}`)
  const steps = pathOf(path)
  const { found, value } = valueAt(about.message, steps)
  const isEntry = typeof steps.at(-1) === 'number'
  const described = describeElement(describedPath(finding.element, messageType), {
    version,
    message: messageType,
    channel,
    category,
  })
  const problem =
    described === undefined
      ? finding.errorCode === '202'
        ? 'extension'
        : 'other'
      : problemOf(finding, described, value, found, isEntry)
  const rule: Texts | undefined =
    finding.rule === 'FLOW-DS-6'
      ? rreqTexts[finding.errorCode]
      : finding.errorCode === '201'
        ? undefined
        : ruleTexts[finding.rule]
  const received = found && finding.element !== '' ? receivedWords(steps, value, lang) : undefined
  const name =
    described === undefined || described.name === finding.element
      ? finding.element
      : named(described.name, finding.element, lang)
  const sentence = filled((rule ?? problemTexts[problem])[lang], {
    name,
    element: finding.element,
    version,
    received: received ?? '',
    description: descriptionOf(finding.errorCode, lang),
  })
  const example = exampleFor(finding, described, about)
  return {
    severity,
    path,
    element: finding.element,
    ...(!flowRules.has(finding.rule) && { errorCode: finding.errorCode }),
    rule: finding.rule,
    message: lang === 'ja' ? sentence.replaceAll('） ', '）') : sentence,
    expected: expectationOf(finding, described, about),
    ...(example !== undefined && { example }),
    ...(received !== undefined && !isMasked(value) && { received }),
  }
}

const named = (name: string, element: string, lang: Language): string =>
  lang === 'ja' ? `${element}（${name}）` : `${name} (${element})`
