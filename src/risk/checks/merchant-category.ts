/** Goods that thieves like: by the shop's category, and gift cards by their amount. The stronger of the two speaks. */
import { z } from 'zod'
import { abstain, along, check, ramp, weight } from '../check.ts'

const paths = ['mcc', 'merchantRiskIndicator.giftCardAmount', 'merchantRiskIndicator.giftCardCount']
const share = z.number().min(0).max(2)

export const merchantCategory = check(
  'merchant-category',
  paths,
  z.strictObject({
    weight,
    mcc: z.record(z.string().regex(/^\d{4}$/, 'four digits, in quotes'), share),
    giftCards: z.strictObject({
      /** For any gift card, and on top of it along an amount in minor units of the issuer's currency. */
      any: share,
      amount: ramp,
      more: share,
    }),
  }),
  ({ facts }, own) => {
    const { mcc, giftCardAmount = 0, giftCardCount = 0 } = facts
    const category = mcc === undefined ? 0 : (own.mcc[mcc] ?? 0)
    const holdsGiftCards = giftCardAmount > 0 || giftCardCount > 0
    const { any, more, amount } = own.giftCards
    const giftCards = holdsGiftCards ? any + more * along(giftCardAmount, amount) : 0
    if (giftCards >= category && giftCards > 0) {
      const params = { amount: giftCardAmount, n: giftCardCount }
      return {
        checkId: 'merchant-category',
        weight: own.weight * giftCards,
        code: giftCardAmount > 0 ? 'goods.gift-cards' : 'goods.gift-cards-uncounted',
        params,
        paths,
      }
    }
    if (category === 0 || mcc === undefined) return abstain('nothing risky is said of the goods')
    return {
      checkId: 'merchant-category',
      weight: own.weight * category,
      code: 'goods.risky-merchant',
      params: { mcc },
      paths,
    }
  },
  ({ weight, mcc, giftCards: { any, more } }) =>
    [any, any + more, ...Object.values(mcc)].map((share) => weight * share),
)
