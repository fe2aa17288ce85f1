/** Goods that thieves like: by the shop's category, and gift cards by their amount. The stronger of the two speaks. */
import { z } from 'zod'
import { along, defineCheck, ramp, share, weight } from '../check.ts'

export const merchantCategory = defineCheck({
  id: 'merchant-category',
  family: 'merchant',
  seeds: ['BH-5', 'SN-3'],
  paths: ['mcc', 'merchantRiskIndicator.giftCardAmount', 'merchantRiskIndicator.giftCardCount'],
  params: z.strictObject({
    weight,
    mcc: z.record(z.string().regex(/^\d{4}$/, 'four digits, in quotes'), share),
    giftCards: z.strictObject({ any: share, amount: ramp, more: share }),
  }),
  words: {
    en: {
      title: 'Goods that thieves like',
      about:
        'The category of the shop (MCC), and gift cards by their amount. The stronger of the two speaks. Shares are of the weight.',
      params: {
        weight: 'The share of the goods is multiplied by this',
        'giftCards.any': 'Share for any gift card',
        'giftCards.amount': 'Amount of gift cards, in minor units: where more begins, and where it is full',
        'giftCards.more': 'Share on top of it for a large amount',
        'mcc.4829': 'Money transfer',
        'mcc.5732': 'Electronics',
        'mcc.5815': 'Digital goods: media',
        'mcc.5816': 'Digital goods: games',
        'mcc.5817': 'Digital goods: applications',
        'mcc.5818': 'Digital goods: large merchants',
        'mcc.5944': 'Jewellery',
        'mcc.6051': 'Quasi cash',
        'mcc.6540': 'Prepaid cards',
        'mcc.7922': 'Tickets',
        'mcc.7995': 'Gambling',
      },
    },
    ja: {
      title: '狙われやすい商品',
      about: '加盟店の業種（MCC）と、ギフトカードの金額を見て、強いほうで判断します。割合は重みに掛けられます。',
      params: {
        weight: '商品の割合に掛ける重み',
        'giftCards.any': 'ギフトカードがあるとき',
        'giftCards.amount': 'ギフトカードの金額（最小単位）：増え始める額と、上限の額',
        'giftCards.more': '金額が大きいとき、さらに',
        'mcc.4829': '送金',
        'mcc.5732': '家電',
        'mcc.5815': 'デジタル商品（映像・音楽・書籍）',
        'mcc.5816': 'デジタル商品（ゲーム）',
        'mcc.5817': 'デジタル商品（アプリ）',
        'mcc.5818': 'デジタル商品（大手）',
        'mcc.5944': '宝飾品',
        'mcc.6051': '現金同等物',
        'mcc.6540': 'プリペイドカード',
        'mcc.7922': 'チケット',
        'mcc.7995': 'ギャンブル',
      },
    },
  },
  reasons: {
    riskyMerchant: {
      en: 'Shops of this kind (category {mcc}) are often used with stolen cards.',
      ja: 'この業種（MCC {mcc}）は、盗まれたカードの利用が多い業種です。',
    },
    giftCards: {
      en: 'The purchase holds gift cards for {amount:money}, which are as good as cash.',
      ja: '購入には{amount:money}のギフトカードが含まれています（現金同様に使えます）。',
    },
    giftCardsUncounted: {
      en: 'The purchase holds gift cards, which are as good as cash; their amount is not told.',
      ja: '購入にはギフトカードが含まれています（現金同様に使えます）。金額は示されていません。',
    },
  },
  silent: {
    ordinary: { en: 'Nothing risky is said of the goods.', ja: '商品に特記事項はありません。' },
  },
  ends: ({ weight, mcc, giftCards: { any, more } }) =>
    [any, any + more, ...Object.values(mcc)].map((share) => weight * share),
  run: ({ facts: { mcc, giftCardAmount = 0, giftCardCount = 0 } }, own, say) => {
    const category = mcc === undefined ? 0 : (own.mcc[mcc] ?? 0)
    const { any, more, amount } = own.giftCards
    const giftCards = giftCardAmount > 0 || giftCardCount > 0 ? any + more * along(giftCardAmount, amount) : 0
    if (giftCards >= category && giftCards > 0) {
      return say.evidence(giftCardAmount > 0 ? 'giftCards' : 'giftCardsUncounted', own.weight * giftCards)
    }
    return category === 0 ? say.nothing('ordinary') : say.evidence('riskyMerchant', own.weight * category)
  },
  told: ({ facts: { mcc = '', giftCardAmount = 0, giftCardCount = 0 } }, _own, reason) =>
    reason === 'riskyMerchant' ? { mcc } : { amount: giftCardAmount, n: giftCardCount },
})
