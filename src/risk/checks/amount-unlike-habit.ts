/** An amount far above what the holder pays. Only more than usual is unlike: small amounts are everybody's. */
import { z } from 'zod'
import { abstain, along, check, ramp, weight } from '../check.ts'
import { at, isHabit } from '../features.ts'

const paths = ['purchaseAmount', 'purchaseCurrency', 'purchaseExponent']

export const amountUnlikeHabit = check(
  'amount-unlike-habit',
  paths,
  z.strictObject({
    /** Per factor of ten above the usual amount. */
    weight,
    /** In factors of ten. */
    most: z.number().positive(),
    /** Deviations (z of the log amount) from which the factor counts, and where it counts in full. */
    z: ramp,
    /** For an amount within one deviation. */
    ordinary: weight,
    noHabit: z.strictObject({ weight, perFactorOfTen: weight, typical: z.number().positive() }),
  }),
  ({ facts: { amount }, profiles, features }, own) => {
    if (amount === undefined) return abstain('no amount in a currency with a rate')
    const habit = profiles.account?.habit
    if (!isHabit(habit)) {
      const factor = Math.min(Math.max(0, Math.log10(amount / own.noHabit.typical)), own.most)
      const total = own.noHabit.weight + own.noHabit.perFactorOfTen * factor
      return { checkId: 'amount-unlike-habit', weight: total, code: 'amount.no-habit', params: { amount }, paths }
    }
    const z = features[at.amount_z] ?? 0
    const usual = Math.round(Math.exp(habit.logMean))
    const factor = Math.min(features[at.amount_ratio_log10] ?? 0, own.most)
    const strength = factor * along(z, own.z)
    if (strength > 0) {
      const params = { amount, usual, ratio: amount / usual }
      return {
        checkId: 'amount-unlike-habit',
        weight: own.weight * strength,
        code: 'amount.unlike-habit',
        params,
        paths,
      }
    }
    const ordinary = 1 - along(Math.abs(z), [1, 2])
    if (ordinary === 0) return abstain('the amount is neither usual nor far above it')
    const params = { amount, usual }
    return { checkId: 'amount-unlike-habit', weight: own.ordinary * ordinary, code: 'amount.ordinary', params, paths }
  },
  ({ weight, most, ordinary, noHabit }) => [
    weight * most,
    ordinary,
    noHabit.weight,
    noHabit.weight + noHabit.perFactorOfTen * most,
  ],
)
