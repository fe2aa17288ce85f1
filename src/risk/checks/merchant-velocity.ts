/**
 * A rush at one shop, held against what the shop usually has, so that a big one may be busy. A sale or an opening is a
 * rush too: it says little by itself.
 */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at, type Features } from '../features.ts'

/** Purchases that ten minutes usually have, out of the counter that halves in a day: a steady rate r settles at r · h / ln 2. */
const usualOf = (features: Features): number => {
  const before = (features[at.decay_24h_merchant] ?? 0) - (features[at.n_10m_merchant] ?? 0)
  return Math.max(0, before) * ((600 / 86_400) * Math.LN2)
}
const ratioOf = (features: Features): number => (features[at.n_10m_merchant] ?? 0) / Math.max(usualOf(features), 0.1)

export const merchantVelocity = defineCheck({
  id: 'merchant-velocity',
  family: 'merchant',
  seeds: ['BH-1'],
  paths: ['acquirerMerchantID', 'merchantName'],
  params: z.strictObject({ weight, purchases10m: ramp, timesUsual: ramp }),
  words: {
    en: {
      title: 'Rush at a shop',
      about:
        'Far more purchases at a shop within ten minutes than it usually has. Both numbers have to be unusual: the count, and the count beside the usual one.',
      params: {
        weight: 'Once both counts are full',
        purchases10m: 'Purchases in 10 minutes: where the weight begins, and where it is full',
        timesUsual: 'And how many times the usual: begins, full',
      },
    },
    ja: {
      title: '加盟店での急増',
      about:
        '加盟店の10分間の購入が普段を大きく上回るかを見ます。回数そのものと、普段との比の両方が大きいときだけ重みが加わります。',
      params: {
        weight: '両方の上限に達したとき',
        purchases10m: '10分間の購入回数：重みが加わり始める数と、すべて加わる数',
        timesUsual: '普段に対する倍率：始まり、上限',
      },
    },
  },
  reasons: {
    rush: {
      en: 'This shop had {n} purchases in ten minutes, {ratio:times} times as many as usual.',
      ja: 'この加盟店では10分間に{n}回の購入があり、普段の{ratio:times}倍です。',
    },
  },
  silent: {
    untold: { en: 'The shop is not named.', ja: '加盟店が示されていません。' },
    ordinary: { en: 'The shop is as busy as usual.', ja: '加盟店の購入回数は普段どおりです。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.keys.merchant === undefined) return say.nothing('untold')
    const strength = Math.min(
      along(features[at.n_10m_merchant], own.purchases10m),
      along(ratioOf(features), own.timesUsual),
    )
    return strength === 0 ? say.nothing('ordinary') : say.evidence('rush', own.weight * strength)
  },
  told: ({ features }) => ({ n: features[at.n_10m_merchant] ?? 0, ratio: ratioOf(features) }),
})
