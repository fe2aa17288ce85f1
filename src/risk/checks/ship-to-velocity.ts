/** Many parcels to one address in a short time, by whatever cards: a drop, or somebody's many accounts. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const shipToVelocity = defineCheck({
  id: 'ship-to-velocity',
  family: 'cardholder',
  seeds: ['BH-1'],
  paths: [
    'shipAddrLine1',
    'shipAddrLine2',
    'shipAddrLine3',
    'shipAddrCity',
    'shipAddrPostCode',
    'shipAddrState',
    'shipAddrCountry',
  ],
  params: z.strictObject({ weight, purchases24h: ramp, purchases7d: ramp, cards7d: ramp }),
  words: {
    en: {
      title: 'Delivery address used often',
      about: 'Many purchases that go to one address, or many cards that pay for what goes there. A household has few.',
      params: {
        weight: 'Once one of the counts is full',
        purchases24h: 'Purchases in 24 hours: where the weight begins, and where it is full',
        purchases7d: 'Purchases in seven days: begins, full',
        cards7d: 'Different cards in seven days: begins, full',
      },
    },
    ja: {
      title: '届け先の利用頻度',
      about: '同じ住所に届く購入の多さと、その支払いに使われたカードの枚数を見ます。一般の世帯では多くありません。',
      params: {
        weight: 'いずれかの上限に達したとき',
        purchases24h: '24時間の購入回数：重みが加わり始める数と、すべて加わる数',
        purchases7d: '7日間の購入回数：始まり、上限',
        cards7d: '7日間のカード枚数：始まり、上限',
      },
    },
  },
  reasons: {
    busyDay: {
      en: 'In the last 24 hours {n} purchases went to this address.',
      ja: '直近24時間に{n}回の購入がこの届け先に送られています。',
    },
    busyWeek: {
      en: 'In the last seven days {n} purchases went to this address.',
      ja: '直近7日間に{n}回の購入がこの届け先に送られています。',
    },
    manyCards: {
      en: 'In the last seven days {n} different cards paid for what goes to this address.',
      ja: '直近7日間に{n}枚の異なるカードがこの届け先の支払いに使われています。',
    },
  },
  silent: {
    untold: { en: 'No delivery address was told.', ja: '届け先の住所が示されていません。' },
    ordinary: { en: 'The delivery address is not busy.', ja: '届け先の利用頻度は通常の範囲です。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.keys.shipTo === undefined) return say.nothing('untold')
    const day = along(features[at.n_24h_shipTo], own.purchases24h)
    const week = along(features[at.n_7d_shipTo], own.purchases7d)
    const cards = along(features[at.accounts_7d_shipTo], own.cards7d)
    const strength = Math.max(day, week, cards)
    if (strength === 0) return say.nothing('ordinary')
    const reason = strength === cards ? 'manyCards' : strength === day ? 'busyDay' : 'busyWeek'
    return say.evidence(reason, own.weight * strength)
  },
  told: ({ features }, _own, reason) => {
    const position =
      reason === 'manyCards' ? at.accounts_7d_shipTo : reason === 'busyDay' ? at.n_24h_shipTo : at.n_7d_shipTo
    return { n: features[position] ?? 0 }
  },
})
