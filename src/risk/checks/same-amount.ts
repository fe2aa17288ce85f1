/** One amount again and again: codes bought in bulk with one card, or one product ordered with many. */
import { z } from 'zod'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'card' | 'shop'
const parts = new Parts<Reason>()

export const sameAmount = defineCheck({
  id: 'same-amount',
  family: 'cardholder',
  seeds: ['BH-1'],
  paths: ['purchaseAmount', 'purchaseCurrency', 'purchaseExponent', 'acctNumber', 'acquirerMerchantID', 'merchantName'],
  params: z.strictObject({
    weight,
    card: z.strictObject({ times10m: ramp, share }),
    shop: z.strictObject({ times10m: ramp, share }),
  }),
  words: {
    en: {
      title: 'Same amount again',
      about:
        'The same amount within ten minutes, with this card or at this shop. Shops have popular things, so the card says more than the shop.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        'card.times10m': 'Times with this card in 10 minutes: where the part begins, and where it is full',
        'card.share': 'Part for the card',
        'shop.times10m': 'Times at this shop in 10 minutes: begins, full',
        'shop.share': 'Part for the shop',
      },
    },
    ja: {
      title: '同額の繰り返し',
      about:
        'このカードまたはこの加盟店で、10分間に同じ金額が繰り返されるかを見ます。加盟店には人気商品があるため、カードの方を重く見ます。',
      params: {
        weight: '項目の合計に掛ける重み',
        'card.times10m': 'このカードでの10分間の回数：項目が加わり始める数と、すべて加わる数',
        'card.share': 'カードの項目',
        'shop.times10m': 'この加盟店での10分間の回数：始まり、上限',
        'shop.share': '加盟店の項目',
      },
    },
  },
  reasons: {
    card: {
      en: 'This card paid {amount:money} {n} times in the last ten minutes.',
      ja: 'このカードでは直近10分間に{amount:money}の支払いが{n}回ありました。',
    },
    shop: {
      en: 'At this shop {amount:money} was paid {n} times in the last ten minutes.',
      ja: 'この加盟店では直近10分間に{amount:money}の支払いが{n}回ありました。',
    },
  },
  silent: {
    untold: { en: 'The amount is not known.', ja: '金額が分かりません。' },
    ordinary: { en: 'The amount was not repeated.', ja: '同じ金額の繰り返しはありません。' },
  },
  ends: ({ weight, card, shop }) => [weight * (card.share + shop.share)],
  run: ({ facts: { amount }, features }, { weight, card, shop }, say) => {
    if (amount === undefined) return say.nothing('untold')
    parts.begin()
    parts.add(card.share * along(features[at.same_amount_10m_account], card.times10m), 'card')
    parts.add(shop.share * along(features[at.same_amount_10m_merchant], shop.times10m), 'shop')
    const { largest } = parts
    return largest === undefined ? say.nothing('ordinary') : say.evidence(largest, weight * parts.sum)
  },
  told: ({ facts: { amount = 0 }, features }, _own, reason) => ({
    amount,
    n: features[reason === 'card' ? at.same_amount_10m_account : at.same_amount_10m_merchant] ?? 0,
  }),
})
