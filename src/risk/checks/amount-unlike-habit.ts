/** An amount far above what the holder pays. Only more than usual is unlike: small amounts are everybody's. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const amountUnlikeHabit = defineCheck({
  id: 'amount-unlike-habit',
  family: 'cardholder',
  seeds: ['BH-2'],
  paths: ['purchaseAmount', 'purchaseCurrency', 'purchaseExponent'],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    z: ramp,
    ordinary: weight,
    noHabit: z.strictObject({ weight, perFactorOfTen: weight, typical: z.number().positive() }),
  }),
  words: {
    en: {
      title: 'Amount unlike the habit',
      about:
        'Holds the amount against what this card usually pays. Far above the usual speaks for fraud, a usual amount a little against it; a small amount is never suspicious. Without a habit, a typical amount takes its place.',
      params: {
        weight: 'For each factor of ten above the usual amount',
        most: 'At most so many factors of ten are counted',
        z: 'Deviations from the usual where the weight begins, and where it counts in full',
        ordinary: 'For an amount within one deviation of the usual',
        'noHabit.weight': 'For a card with too little history',
        'noHabit.perFactorOfTen': 'On top of it, for each factor of ten above the typical amount',
        'noHabit.typical': 'Typical amount, in minor units of the issuer’s currency',
      },
    },
    ja: {
      title: '普段と異なる金額',
      about:
        'このカードのいつもの金額と比べます。大きく上回るほど不正の疑いが増し、いつもどおりなら少し減ります。少額が疑われることはありません。利用履歴が少ないカードは標準的な金額と比べます。',
      params: {
        weight: 'いつもの金額の10倍ごとに加わる重み',
        most: '数える「10倍」の上限',
        z: '重みが加わり始める偏差と、すべて加わる偏差',
        ordinary: '偏差1以内の金額のとき',
        'noHabit.weight': '利用履歴が少ないカードのとき',
        'noHabit.perFactorOfTen': 'さらに、標準的な金額の10倍ごとに',
        'noHabit.typical': '標準的な金額（発行会社の通貨の最小単位）',
      },
    },
  },
  reasons: {
    ordinary: {
      en: 'The amount of {amount:money} is usual for this card (about {usual:money}).',
      ja: '金額 {amount:money} は、このカードのいつもの金額（{usual:money}前後）の範囲です。',
    },
    unlikeHabit: {
      en: 'The amount of {amount:money} is {ratio:times} times what this card usually pays ({usual:money}).',
      ja: '金額 {amount:money} は、このカードのいつもの金額（{usual:money}）の{ratio:times}倍です。',
    },
    noHabit: {
      en: 'This card has too little history to say whether {amount:money} is usual.',
      ja: 'このカードは利用履歴が少なく、{amount:money} がいつもの金額かどうか判断できません。',
    },
  },
  silent: {
    untold: {
      en: 'There is no amount in a currency with a rate.',
      ja: '換算できる通貨の金額がありません。',
    },
    between: {
      en: 'The amount is neither usual nor far above it.',
      ja: '金額はいつもどおりでも、大きく上回るものでもありません。',
    },
  },
  ends: ({ weight, most, ordinary, noHabit }) => [
    weight * most,
    ordinary,
    noHabit.weight,
    noHabit.weight + noHabit.perFactorOfTen * most,
  ],
  run: ({ facts: { amount }, features }, own, say) => {
    if (amount === undefined) return say.nothing('untold')
    const z = features[at.amount_z] ?? Number.NaN
    if (Number.isNaN(z)) {
      const factor = Math.min(Math.max(0, Math.log10(Math.max(amount, 1) / own.noHabit.typical)), own.most)
      return say.evidence('noHabit', own.noHabit.weight + own.noHabit.perFactorOfTen * factor)
    }
    const factor = Math.min(features[at.amount_ratio_log10] ?? 0, own.most)
    const strength = factor * along(z, own.z)
    if (strength > 0) return say.evidence('unlikeHabit', own.weight * strength)
    const ordinary = 1 - along(Math.abs(z), oneToTwo)
    return ordinary === 0 ? say.nothing('between') : say.evidence('ordinary', own.ordinary * ordinary)
  },
  told: ({ facts: { amount = 0 }, features }, _own, reason) => {
    if (reason === 'noHabit') return { amount }
    const usual = Math.round(Math.exp(features[at.amount_usual_log] ?? 0))
    return { amount, usual, ratio: amount / usual }
  },
})

const oneToTwo = [1, 2] as const
