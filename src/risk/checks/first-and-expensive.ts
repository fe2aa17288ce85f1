/** The first purchase at a shop is nothing, and neither is an expensive one; the first and expensive one is what thieves make. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at, type Features } from '../features.ts'

/** Factors of ten above what the card pays, or above the typical amount while nothing is known. */
const factorOf = (amount: number, features: Features, typical: number): number => {
  const ratio = features[at.amount_ratio_log10] ?? Number.NaN
  return Number.isNaN(ratio) ? Math.log10(Math.max(amount, 1) / typical) : ratio
}

export const firstAndExpensive = defineCheck({
  id: 'first-and-expensive',
  family: 'cardholder',
  seeds: ['BH-3'],
  paths: ['acquirerMerchantID', 'merchantName', 'purchaseAmount', 'purchaseCurrency', 'purchaseExponent'],
  params: z.strictObject({ weight, factors: ramp, least: z.number().nonnegative(), typical: z.number().positive() }),
  words: {
    en: {
      title: 'First time here, and expensive',
      about:
        'A shop where this card has never been used, and an amount above what the card usually pays. Neither says much alone.',
      params: {
        weight: 'Once the amount is full',
        factors: 'Factors of ten above the usual amount: where the weight begins, and where it is full',
        least: 'Smaller amounts are never expensive (minor units of the issuer’s currency)',
        typical: 'What takes the place of the usual amount while it is not known',
      },
    },
    ja: {
      title: '初めての加盟店での高額購入',
      about:
        'このカードが初めて使われる加盟店で、金額がいつもより高いかを見ます。どちらか一方だけではほとんど判断材料になりません。',
      params: {
        weight: '金額の上限に達したとき',
        factors: 'いつもの金額の何桁上か：重みが加わり始める値と、すべて加わる値',
        least: 'これより少ない金額は高額とみなさない（発行会社の通貨の最小単位）',
        typical: 'いつもの金額が分からないときの標準的な金額',
      },
    },
  },
  reasons: {
    expensive: {
      en: 'This card has never been used at this shop, and {amount:money} is more than it usually pays.',
      ja: 'このカードがこの加盟店で使われるのは初めてで、金額 {amount:money} はいつもより高額です。',
    },
  },
  silent: {
    untold: { en: 'The shop or the amount is not known.', ja: '加盟店または金額が分かりません。' },
    known: { en: 'The card has been used at this shop before.', ja: 'このカードは以前この加盟店で使われています。' },
    modest: {
      en: 'The first purchase at this shop is modest.',
      ja: 'この加盟店での初めての購入は高額ではありません。',
    },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts: { amount }, features }, own, say) => {
    const isFirst = features[at.merchant_is_first] ?? Number.NaN
    if (amount === undefined || Number.isNaN(isFirst)) return say.nothing('untold')
    if (isFirst === 0) return say.nothing('known')
    const strength = amount < own.least ? 0 : along(factorOf(amount, features, own.typical), own.factors)
    return strength === 0 ? say.nothing('modest') : say.evidence('expensive', own.weight * strength)
  },
  told: ({ facts: { amount = 0 } }) => ({ amount }),
})
