// What an element may hold, in words: made from its row, not written by hand. Spec: Annex A (formats), ACS-VAL-25.
import type { ElementDescription } from '../protocol/reference/describe.ts'
import type { FormatKind, Shape, Version } from '../protocol/tables/types.ts'
import type { Language } from './types.ts'

const number = (value: number, lang: Language): string => value.toLocaleString(lang === 'ja' ? 'ja-JP' : 'en-GB')

/** `exactly 2`, `1 to 40`, `at most 40`, as numbers only. */
function span(min: number | undefined, max: number | undefined, lang: Language): string | undefined {
  if (max === undefined) return min === undefined || min <= 1 ? undefined : `≥ ${number(min, lang)}`
  if (min === max) return number(max, lang)
  if (min === undefined || min === 0) return `≤ ${number(max, lang)}`
  return lang === 'ja' ? `${number(min, lang)}〜${number(max, lang)}` : `${number(min, lang)} to ${number(max, lang)}`
}

/** Kinds without a row are told by length and codes alone. */
export const forms: Readonly<Partial<Record<FormatKind, Readonly<Record<Language, string>>>>> = {
  uuid: {
    en: 'a UUID of 36 characters (8-4-4-4-12 hexadecimal digits)',
    ja: 'UUID（36 文字、8-4-4-4-12 の 16 進数）',
  },
  url: {
    en: 'an absolute https URL without user info and fragment',
    ja: 'https の絶対 URL（ユーザー情報とフラグメントなし）',
  },
  appUrl: { en: 'an absolute URL, https or the scheme of an app', ja: '絶対 URL（https またはアプリのスキーム）' },
  email: { en: 'a mail address', ja: 'メールアドレス' },
  ip: { en: 'an IPv4 or IPv6 address', ja: 'IPv4 または IPv6 アドレス' },
  language: { en: 'a language tag (BCP 47)', ja: '言語タグ（BCP 47）' },
  version: { en: 'a version n.n.n', ja: 'バージョン n.n.n' },
  date: { en: 'a date of the calendar, YYYYMMDD', ja: '実在する日付 YYYYMMDD' },
  dateTime: { en: 'date and time in UTC, YYYYMMDDHHMM', ja: 'UTC の日時 YYYYMMDDHHMM' },
  dateTimeSeconds: { en: 'date and time in UTC, YYYYMMDDHHMMSS', ja: 'UTC の日時 YYYYMMDDHHMMSS' },
  yearMonth: { en: 'YYMM, month 01 to 12', ja: 'YYMM（月は 01〜12）' },
  country: {
    en: 'a numeric ISO 3166-1 country code, 3 digits, not 901 to 999',
    ja: 'ISO 3166-1 の国番号 3 桁（901〜999 を除く）',
  },
  currency: {
    en: 'a numeric ISO 4217 currency code, 3 digits, not 955 to 964 or 999',
    ja: 'ISO 4217 の通貨番号 3 桁（955〜964 と 999 を除く）',
  },
  currencyAlpha: { en: 'an alphabetic ISO 4217 currency code, 3 letters', ja: 'ISO 4217 の通貨コード（英字 3 文字）' },
  subdivision: {
    en: 'the part of an ISO 3166-2 code behind the hyphen, 1 to 3 characters',
    ja: 'ISO 3166-2 コードのハイフン以降（1〜3 文字）',
  },
  base64: { en: 'base64', ja: 'base64' },
  base64url: { en: 'base64url', ja: 'base64url' },
  jws: {
    en: 'a compact JWS: three base64url parts with dots between',
    ja: 'JWS コンパクト形式（ドット区切りの base64url 3 つ）',
  },
  jwe: {
    en: 'a compact JWE: five base64url parts with dots between',
    ja: 'JWE コンパクト形式（ドット区切りの base64url 5 つ）',
  },
}

/** Kinds that say their own length. */
const fixedKinds: ReadonlySet<FormatKind> = new Set([
  'uuid',
  'date',
  'dateTime',
  'dateTimeSeconds',
  'yearMonth',
  'country',
  'currency',
  'currencyAlpha',
  'subdivision',
])

/** More codes than this are counted, not listed; all of them are in `describeElement`. */
const mostCodes = 24

function codeWords({ codes, dsCodes }: ElementDescription, lang: Language): string {
  const shown = codes.slice(0, mostCodes)
  const separator = lang === 'ja' ? '、' : ', '
  const brackets = lang === 'ja' ? (['（', '）'] as const) : ([' (', ')'] as const)
  const list = shown.map(({ code, title }) =>
    title === '' || title === code ? code : `${code}${brackets[0]}${title}${brackets[1]}`,
  )
  const rest = codes.length - shown.length
  const more = rest === 0 ? '' : lang === 'ja' ? `、ほか ${rest} 個` : ` and ${rest} more`
  const ds =
    dsCodes === undefined
      ? ''
      : lang === 'ja'
        ? `（${dsCodes} はディレクトリサーバー用）`
        : `; ${dsCodes} only as the directory server defines`
  return `${list.join(separator)}${more}${ds}`
}

/** A text of this shape; for arrays of texts, one entry of it. */
function textWords(shape: Shape, described: ElementDescription, lang: Language): string {
  const { kind, min, max, pattern } = shape
  const length = span(min, max, lang)
  if (described.codes.length > 0) {
    const codes = codeWords(described, lang)
    return lang === 'ja' ? `次のいずれか：${codes}` : described.codes.length === 1 ? codes : `one of ${codes}`
  }
  if (kind === 'digits') {
    if (length === undefined) return lang === 'ja' ? '数字' : 'digits'
    return lang === 'ja' ? `数字 ${length} 桁` : `${length} digit${length === '1' ? '' : 's'}`
  }
  const form = kind === undefined ? undefined : forms[kind]?.[lang]
  const size =
    length === undefined || (kind !== undefined && fixedKinds.has(kind))
      ? undefined
      : lang === 'ja'
        ? `${length} 文字`
        : `${length} character${length === '1' ? '' : 's'}`
  const look = pattern === undefined ? undefined : lang === 'ja' ? `正規表現 ${pattern}` : `in the form of ${pattern}`
  const parts = [form, size, look].filter((part) => part !== undefined)
  return parts.length === 0 ? (lang === 'ja' ? '文字列' : 'a text') : parts.join(lang === 'ja' ? '、' : ', ')
}

/** `a string: 1 to 48 digits`; `an array of 1 to 10 objects`. */
export function expectedWords(described: ElementDescription, lang: Language): string {
  const { shape } = described
  const ja = lang === 'ja'
  switch (shape.type) {
    case 'string': {
      const words = textWords(shape, described, lang)
      return ja ? `文字列：${words}` : `a string: ${words}`
    }
    case 'boolean':
      return ja ? 'JSON の真偽値 true または false（引用符なし）' : 'true or false, a JSON boolean without quotes'
    case 'object':
      return shape.max === undefined
        ? ja
          ? 'JSON オブジェクト'
          : 'a JSON object'
        : ja
          ? `JSON オブジェクト（${number(shape.max, lang)} 文字以内）`
          : `a JSON object of at most ${number(shape.max, lang)} characters`
    case 'array': {
      const count = span(shape.entries?.[0], shape.entries?.[1], lang) ?? ''
      if (shape.items === 'object') return ja ? `オブジェクト ${count} 個の配列` : `an array of ${count} objects`
      const words = textWords(shape, described, lang)
      return ja ? `文字列 ${count} 個の配列、各要素は ${words}` : `an array of ${count} strings, each ${words}`
    }
    case 'any':
      return shape.max === undefined
        ? ja
          ? '任意の JSON'
          : 'any JSON'
        : ja
          ? `${number(shape.max, lang)} 文字以内の任意の JSON`
          : `any JSON of at most ${number(shape.max, lang)} characters`
  }
}

const channelNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  '01': { en: 'app', ja: 'アプリ' },
  '02': { en: 'browser', ja: 'ブラウザー' },
  '03': { en: '3RI', ja: '3RI' },
}
const categoryNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  '01': { en: 'payment', ja: '支払い' },
  '02': { en: 'non-payment', ja: '非支払い' },
}

export interface ColumnWords {
  readonly version: Version
  readonly message: string
  readonly channel?: string | undefined
  readonly category?: string | undefined
}

/** `2.2.0 AReq, browser, payment` */
function columnWords({ version, message, channel = '', category = '' }: ColumnWords, lang: Language): string {
  return [`${version} ${message}`, channelNames[channel]?.[lang], categoryNames[category]?.[lang]]
    .filter((part) => part !== undefined)
    .join(lang === 'ja' ? '・' : ', ')
}

/** Why the element has to be there. Texts of conditions are the specification data's own, in English. */
export function presenceWords(described: ElementDescription, about: ColumnWords, lang: Language): string {
  const isChild = described.path.includes('.') && !described.path.startsWith('threeDSMethodData')
  const parent = described.path.slice(0, described.path.lastIndexOf('.'))
  if (described.presence === 'C' && described.conditions.length > 0) {
    const computed = described.conditions.filter(({ isComputed }) => isComputed)
    const conditions = (computed.length > 0 ? computed : described.conditions).map(({ text }) => text).join(' ')
    return lang === 'ja' ? `条件付き必須：${conditions}` : conditions
  }
  if (isChild) return lang === 'ja' ? `${parent} があるとき必須` : `required wherever ${parent} is there`
  const column = columnWords(about, lang)
  return lang === 'ja' ? `必須（${column}）` : `required (${column})`
}
