/**
 * Credit master at one shop: one number of a BIN after the other, most of which nobody has ever used. A card with a history
 * that buys there meanwhile has only met the robot.
 */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const cardTesting = defineCheck({
  id: 'card-testing',
  family: 'merchant',
  seeds: ['BH-6', 'BH-1'],
  paths: ['acctNumber', 'acquirerMerchantID', 'merchantName'],
  params: z.strictObject({
    weight,
    cards10m: ramp,
    fresh1h: ramp,
    knownShare: z.number().min(0).max(1),
  }),
  words: {
    en: {
      title: 'Card testing at a shop',
      about:
        'Different cards of one BIN at one shop within minutes, or many that have never been used before. Counts in full for a card without a history, and a little for one that has one.',
      params: {
        weight: 'Once one of the counts is full, for a card without a history',
        cards10m: 'Different cards of the BIN at the shop in 10 minutes: where the weight begins, and where it is full',
        fresh1h: 'Cards that were never used before, by a counter that halves in an hour: begins, full',
        knownShare: 'Share of the weight for a card that has a history',
      },
    },
    ja: {
      title: '加盟店でのカード番号試行（クレジットマスター）',
      about:
        '1つの加盟店で、同じBINの異なるカードが短時間に使われる、または初めて使われるカードが続くかを見ます。利用履歴のないカードにはそのまま、履歴のあるカードには一部だけ重みが加わります。',
      params: {
        weight: 'どちらかの上限に達したとき（利用履歴のないカード）',
        cards10m: '10分間のこのBINのカード枚数：重みが加わり始める数と、すべて加わる数',
        fresh1h: '初めて使われたカードの数（1時間で半減する計数）：始まり、上限',
        knownShare: '利用履歴のあるカードに対する重みの割合',
      },
    },
  },
  reasons: {
    manyCards: {
      en: 'At this shop {n} different cards of this BIN were used within ten minutes.',
      ja: 'この加盟店では10分間に、このBINの異なるカードが{n}枚使われています。',
    },
    freshCards: {
      en: 'At this shop about {n} cards of this BIN that had never been used before came within an hour.',
      ja: 'この加盟店では1時間に、このBINの初めて使われるカードが約{n}枚ありました。',
    },
  },
  silent: {
    untold: { en: 'The shop is not named.', ja: '加盟店が示されていません。' },
    ordinary: {
      en: 'Few cards of this BIN are used at this shop.',
      ja: 'この加盟店でのこのBINの利用は通常の範囲です。',
    },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.keys.binMerchant === undefined) return say.nothing('untold')
    const cards = along(features[at.accounts_10m_binMerchant], own.cards10m)
    const fresh = along(features[at.fresh_1h_binMerchant], own.fresh1h)
    const strength = Math.max(cards, fresh)
    if (strength === 0) return say.nothing('ordinary')
    // The age of a card without a history cannot be known.
    const isFresh = Number.isNaN(features[at.account_age_days] ?? Number.NaN)
    const share = isFresh ? 1 : own.knownShare
    if (share === 0) return say.nothing('ordinary')
    return say.evidence(fresh >= cards ? 'freshCards' : 'manyCards', own.weight * strength * share)
  },
  told: ({ features }, _own, reason) => ({
    n: Math.round(features[reason === 'freshCards' ? at.fresh_1h_binMerchant : at.accounts_10m_binMerchant] ?? 0),
  }),
})
