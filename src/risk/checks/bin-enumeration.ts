/**
 * Credit master spread over many shops, two attempts at each: no shop sees anything, the issuer sees its BIN. Cards that were
 * never used before are counted beside all that the BIN usually does in an hour, so that a big issuer is no robot.
 */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at, type Features } from '../features.ts'

/** Purchases that an hour of the BIN usually has: a steady rate r settles at r · h / ln 2. */
const usualOf = (features: Features): number => (features[at.decay_24h_range] ?? 0) * (Math.LN2 / 24)
const timesUsualOf = (features: Features): number =>
  (features[at.fresh_1h_range] ?? 0) / Math.max(usualOf(features), 0.5)

export const binEnumeration = defineCheck({
  id: 'bin-enumeration',
  family: 'merchant',
  seeds: ['BH-6'],
  paths: ['acctNumber'],
  params: z.strictObject({ weight, fresh1h: ramp, timesUsual: ramp }),
  words: {
    en: {
      title: 'Numbers of a BIN tried across shops',
      about:
        'Many cards of one BIN that have never been used before, at whatever shops, held against what the BIN usually does in an hour. Speaks of cards without a history only.',
      params: {
        weight: 'Once both counts are full',
        fresh1h:
          'Cards never used before, by a counter that halves in an hour: where the weight begins, and where it is full',
        timesUsual: 'And how many times all that the BIN usually does in an hour: begins, full',
      },
    },
    ja: {
      title: '複数の加盟店にまたがるカード番号試行',
      about:
        '加盟店を問わず、同じBINで初めて使われるカードが、そのBINの普段の1時間の利用に比べて多いかを見ます。利用履歴のないカードだけを対象にします。',
      params: {
        weight: '両方の上限に達したとき',
        fresh1h: '初めて使われたカードの数（1時間で半減する計数）：重みが加わり始める数と、すべて加わる数',
        timesUsual: 'このBINの普段の1時間の利用に対する倍率：始まり、上限',
      },
    },
  },
  reasons: {
    freshCards: {
      en: 'About {n} cards of this BIN that had never been used before came within an hour, at all shops together.',
      ja: 'すべての加盟店を合わせて、このBINの初めて使われるカードが1時間に約{n}枚ありました。',
    },
  },
  silent: {
    known: { en: 'The card has been used before.', ja: 'このカードには利用履歴があります。' },
    ordinary: {
      en: 'Few cards of this BIN come for the first time.',
      ja: 'このBINで初めて使われるカードの数は通常の範囲です。',
    },
  },
  ends: ({ weight }) => [weight],
  run: ({ features }, own, say) => {
    if (!Number.isNaN(features[at.account_age_days] ?? Number.NaN)) return say.nothing('known')
    const strength = Math.min(
      along(features[at.fresh_1h_range], own.fresh1h),
      along(timesUsualOf(features), own.timesUsual),
    )
    return strength === 0 ? say.nothing('ordinary') : say.evidence('freshCards', own.weight * strength)
  },
  told: ({ features }) => ({ n: Math.round(features[at.fresh_1h_range] ?? 0) }),
})
