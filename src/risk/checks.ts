/** The checks by their ids, and the sentences of their reasons. */
import { type Check, codeOf, type Words } from './check.ts'
import { checks as list } from './check-list.ts'

/** In the order of their ids, which is the order of a policy's evidence. */
export const checks: readonly Check[] = list

const byId: ReadonlyMap<string, Check> = new Map(checks.map((check) => [check.id, check]))
export const checkOf = (id: string): Check | undefined => byId.get(id)

/** Reasons of what is no check: a model, and the scorecard. */
const ofOthers = {
  'scorecard.sum': {
    en: 'The scorecard of {n} features; the largest part comes from {feature} ({value}).',
    ja: 'スコアカード（{n}項目）。最も大きいのは {feature}（{value}）です。',
  },
  'scorer.model': {
    en: 'The model {scorer}, version {version}, looked at the whole purchase.',
    ja: 'モデル {scorer}（バージョン {version}）による取引全体の評価です。',
  },
} as const satisfies Readonly<Record<string, Words>>

/** Of a model that abstains, or whose answer is no number. */
export const scorerSilence: Words = {
  en: 'The model {scorer} abstains: what it goes by is not known of this purchase.',
  ja: 'モデル {scorer} は、判断に必要な値がこの取引では分からないため、評価していません。',
}

const sentences: ReadonlyMap<string, Words> = new Map([
  ...checks.flatMap(({ id, reasons }) =>
    Object.entries(reasons).map(([reason, words]): [string, Words] => [codeOf(id, reason), words]),
  ),
  ...Object.entries(ofOthers),
])

/** `check.reason` of everything that can be said. */
export const reasonCodes: ReadonlySet<string> = new Set(sentences.keys())
export const sentenceFor = (code: string): Words | undefined => sentences.get(code)
