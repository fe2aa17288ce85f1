/** The checks by their ids, and the sentences of their reasons. */
import { hookProblems } from './assessment.ts'
import { type Check, codeOf, type Words } from './check.ts'
import { checks as list } from './check-list.ts'
import { silenceReason } from './policy/assessments.ts'
import { problemWords } from './problem-words.ts'

/** In the order of their ids, which is the order of a policy's evidence. */
export const checks: readonly Check[] = list

const byId: ReadonlyMap<string, Check> = new Map(checks.map((check) => [check.id, check]))
export const checkOf = (id: string): Check | undefined => byId.get(id)

const silences = Object.fromEntries(
  hookProblems.map((problem): [string, Words] => [
    silenceReason(problem),
    {
      en: `A screening of the shop was not heard. ${problemWords[problem].en}.`,
      ja: `加盟店側の審査結果を使えませんでした。${problemWords[problem].ja}。`,
    },
  ]),
)

/** Reasons of what is no check: a model, the scorecard, and what others said. */
const ofOthers = {
  'scorecard.sum': {
    en: 'The scorecard of {n} features; the largest part comes from {feature} ({value}).',
    ja: 'スコアカード（{n}項目）。最も大きいのは {feature}（{value}）です。',
  },
  'scorer.model': {
    en: 'The model {scorer}, version {version}, looked at the whole purchase.',
    ja: 'モデル {scorer}（バージョン {version}）による取引全体の評価です。',
  },
  'assessment.ok': {
    en: '{source} has checked the purchase for the shop and found nothing against it (OK). {n} payments with a known end stand behind its word.',
    ja: '加盟店側の審査 {source} の判定は OK です（結果が判明した取引{n}件に基づく評価）。',
  },
  'assessment.review': {
    en: '{source} has checked the purchase for the shop and wants a person to look at it (REVIEW). {n} payments with a known end stand behind its word.',
    ja: '加盟店側の審査 {source} の判定は REVIEW（要確認）です（結果が判明した取引{n}件に基づく評価）。',
  },
  'assessment.hold': {
    en: '{source} has checked the purchase for the shop and holds it back for now (HOLD). {n} payments with a known end stand behind its word.',
    ja: '加盟店側の審査 {source} の判定は HOLD（保留）です（結果が判明した取引{n}件に基づく評価）。',
  },
  'assessment.ng': {
    en: '{source} has checked the purchase for the shop and advises against it (NG). {n} payments with a known end stand behind its word.',
    ja: '加盟店側の審査 {source} の判定は NG です（結果が判明した取引{n}件に基づく評価）。',
  },
  ...silences,
  'assessment-conflict.cautious': {
    en: 'The screening of the shop and our own evidence contradict each other: the riskier of the two counts, and the holder is asked.',
    ja: '加盟店側の審査と当社の判定根拠が食い違っています。リスクの高い方を採り、本人に確認します。',
  },
  'assessment-conflict.calibrated': {
    en: 'The screening of the shop and our own evidence contradict each other: both count, each by what it has turned out to be worth.',
    ja: '加盟店側の審査と当社の判定根拠が食い違っています。それぞれの実績に応じて両方を採ります。',
  },
  'assessment-conflict.ours': {
    en: 'The screening of the shop and our own evidence contradict each other: ours counts.',
    ja: '加盟店側の審査と当社の判定根拠が食い違っています。当社の判定を採ります。',
  },
  'assessment-conflict.theirs': {
    en: 'The screening of the shop and our own evidence contradict each other: theirs counts.',
    ja: '加盟店側の審査と当社の判定根拠が食い違っています。加盟店側の審査を採ります。',
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
