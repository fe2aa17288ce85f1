/** Evidence as sentences for people, made on demand. */
import { countries } from '../protocol/tables/iso.ts'
import type { Band } from './challenge-indicator.ts'
import type { Evidence, Language, Params } from './check.ts'
import { sentenceFor } from './checks.ts'
import { bandOf } from './decide.ts'
import type { Policy } from './policy.ts'

export type Explanation = {
  readonly base: number
  readonly items: readonly {
    readonly checkId: string
    readonly weight: number
    readonly sentence: string
    readonly paths: readonly string[]
  }[]
  /** base + the sum of the weights: the score. */
  readonly total: number
  readonly band: Band
}

/** What of a policy a sentence needs: the issuer's money. */
type Setting = Pick<Policy, 'issuer'>

export function explain(
  evidence: readonly Evidence[],
  lang: Language,
  policy: Setting & Pick<Policy, 'base' | 'thresholds'>,
): Explanation {
  const total = evidence.reduce((sum, { weight }) => sum + weight, policy.base)
  const items = evidence.map(({ checkId, weight, code, params, paths }) => ({
    checkId,
    weight,
    sentence: sentenceOf(code, params, lang, policy),
    paths,
  }))
  return { base: policy.base, items, total, band: bandOf(total, policy.thresholds) }
}

/** A reason that is not known here, out of a record of another version, stands for itself. */
export const sentenceOf = (code: string, params: Params, lang: Language, policy: Setting): string =>
  filled(sentenceFor(code)?.[lang] ?? code, params, lang, policy)

/** A text of a check with its numbers. */
export const filled = (template: string, params: Params, lang: Language, policy: Setting): string =>
  template.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, form: string | undefined) =>
    told(params[name], form, lang, policy),
  )

function told(value: string | number | undefined, form: string | undefined, lang: Language, policy: Setting): string {
  if (value === undefined) return '?'
  switch (form) {
    case 'money':
      return money(Number(value), lang, policy)
    case 'times':
      return new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 }).format(Number(value))
    case 'window':
      return windowNames[lang][String(value)] ?? String(value)
    case 'country':
      return countryName(String(value), lang)
    default:
      return typeof value === 'number' ? new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(value) : value
  }
}

function money(minor: number, lang: Language, { issuer }: Setting): string {
  const { alpha, exponent } = issuer.currency
  const amount = minor / 10 ** exponent
  return new Intl.NumberFormat(lang, {
    style: 'currency',
    currency: alpha,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(amount)
}

function countryName(numeric: string, lang: Language): string {
  const alpha = countries.get(numeric)
  return alpha === undefined ? numeric : (new Intl.DisplayNames(lang, { type: 'region' }).of(alpha) ?? alpha)
}

const windowNames: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { '10m': '10 minutes', '1h': 'hour', '24h': '24 hours', '7d': 'seven days' },
  ja: { '10m': '10分間', '1h': '1時間', '24h': '24時間', '7d': '7日間' },
}
