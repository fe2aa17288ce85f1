/** A shop below manifest fraud, but not clean: five frauds or JPY 100,000 in two years (second tier). */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const merchantStanding = defineCheck({
  id: 'merchant-standing',
  family: 'merchant',
  seeds: ['SN-3'],
  paths: ['acquirerMerchantID', 'merchantName'],
  params: z.strictObject({ weight, frauds2y: ramp, yen2y: ramp }),
  words: {
    en: {
      title: 'Standing of the shop',
      about:
        'Confirmed frauds at the shop within two years, by number and by amount. Big shops have more of both, so it is light. High-risk goods have a check of their own.',
      params: {
        weight: 'Once one of them is full',
        frauds2y: 'Frauds in two years: where the weight begins, and where it is full',
        yen2y: 'Their amount in yen: begins, full',
      },
    },
    ja: {
      title: '加盟店の不正実績',
      about:
        '2年間に加盟店で確認された不正の件数と金額を見ます。規模の大きい加盟店ほど多くなるため軽めの重みです。高リスク商材は別のチェックで見ます。',
      params: {
        weight: 'どちらかの上限に達したとき',
        frauds2y: '2年間の不正件数：重みが加わり始める数と、すべて加わる数',
        yen2y: 'その金額（円）：始まり、上限',
      },
    },
  },
  reasons: {
    frauds: {
      en: 'At this shop {n} frauds were confirmed within two years.',
      ja: 'この加盟店では2年間に{n}件の不正が確認されています。',
    },
    amount: {
      en: 'At this shop fraud of {n} yen was confirmed within two years.',
      ja: 'この加盟店では2年間に{n}円の不正が確認されています。',
    },
  },
  silent: {
    untold: { en: 'The shop is not named.', ja: '加盟店が示されていません。' },
    ordinary: { en: 'Little fraud was confirmed at this shop.', ja: 'この加盟店で確認された不正はわずかです。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.keys.merchant === undefined) return say.nothing('untold')
    const frauds = along(features[at.merchant_frauds_2y_n], own.frauds2y)
    const amount = along(features[at.merchant_frauds_2y_sum], own.yen2y)
    const strength = Math.max(frauds, amount)
    if (strength === 0) return say.nothing('ordinary')
    return say.evidence(frauds >= amount ? 'frauds' : 'amount', own.weight * strength)
  },
  told: ({ features }, _own, reason) => ({
    n: features[reason === 'frauds' ? at.merchant_frauds_2y_n : at.merchant_frauds_2y_sum] ?? 0,
  }),
})
