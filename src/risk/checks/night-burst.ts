/** Many orders at one shop while its customers sleep: the hour and the rush together say what neither says alone. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const nightBurst = defineCheck({
  id: 'night-burst',
  family: 'merchant',
  seeds: ['BH-1', 'BH-2'],
  paths: ['acquirerMerchantID', 'merchantName', 'acctNumber'],
  params: z.strictObject({ weight, cards10m: ramp, purchases1h: ramp }),
  words: {
    en: {
      title: 'Burst at night',
      about: 'From 00:00 to 04:59 in the issuer’s time zone, many cards or many purchases at one shop in a short time.',
      params: {
        weight: 'Once one of the counts is full',
        cards10m: 'Different cards at the shop in 10 minutes: where the weight begins, and where it is full',
        purchases1h: 'Purchases at the shop in an hour: begins, full',
      },
    },
    ja: {
      title: '深夜の集中購入',
      about: '発行会社の時間帯で0時から4時59分までに、1つの加盟店でカードや購入が短時間に集中するかを見ます。',
      params: {
        weight: 'どちらかの上限に達したとき',
        cards10m: '10分間のカード枚数：重みが加わり始める数と、すべて加わる数',
        purchases1h: '1時間の購入回数：始まり、上限',
      },
    },
  },
  reasons: {
    manyCards: {
      en: 'It is night, and {n} different cards were used at this shop within ten minutes.',
      ja: '深夜に、この加盟店で10分間に{n}枚の異なるカードが使われています。',
    },
    busy: {
      en: 'It is night, and this shop had {n} purchases in the last hour.',
      ja: '深夜に、この加盟店で直近1時間に{n}回の購入がありました。',
    },
  },
  silent: {
    untold: {
      en: 'The shop is not named, or nobody is there.',
      ja: '加盟店が示されていないか、本人が操作していません。',
    },
    day: { en: 'It is not night.', ja: '深夜ではありません。' },
    ordinary: { en: 'The night is quiet at this shop.', ja: 'この加盟店の深夜の利用は通常の範囲です。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    const isNight = features[at.is_night] ?? Number.NaN
    if (facts.keys.merchant === undefined || Number.isNaN(isNight)) return say.nothing('untold')
    if (isNight === 0) return say.nothing('day')
    const cards = along(features[at.accounts_10m_merchant], own.cards10m)
    const purchases = along(features[at.n_1h_merchant], own.purchases1h)
    const strength = Math.max(cards, purchases)
    if (strength === 0) return say.nothing('ordinary')
    return say.evidence(cards >= purchases ? 'manyCards' : 'busy', own.weight * strength)
  },
  told: ({ features }, _own, reason) => ({
    n: features[reason === 'manyCards' ? at.accounts_10m_merchant : at.n_1h_merchant] ?? 0,
  }),
})
