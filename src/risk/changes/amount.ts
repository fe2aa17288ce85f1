/** Amounts that might have been paid. */
import type { Basis } from '../again.ts'
import type { Words } from '../check.ts'
import type { Policy } from '../policy.ts'
import { type Change, feature, known, type Patch } from './change.ts'

/** Amounts as people name them: 1, 2, 5, 10, 20 … in major units, and the usual amount; nearest first. What is a thousand times less is another purchase. */
function amountsFor(basis: Basis, policy: Policy, direction: 'less' | 'more'): readonly number[] {
  const { amount } = basis.facts
  if (amount === undefined || amount < 1) return []
  const unit = 10 ** policy.issuer.currency.exponent
  const usual = Math.round(Math.exp(feature(basis, 'amount_usual_log')))
  const values = new Set<number>(Number.isNaN(usual) ? [] : [usual])
  for (let ten = 1; ten <= 1e9; ten *= 10) for (const digit of [1, 2, 5]) values.add(digit * ten * unit)
  const isNear = (value: number): boolean =>
    direction === 'less' ? value < amount && value >= amount / 1000 : value > amount && value <= amount * 100
  return [...values].filter(isNear).sort((a, b) => (direction === 'less' ? b - a : a - b))
}

/** The purchase with another amount, in minor units of the issuer. */
export function amountPatch(basis: Basis, to: number): Patch {
  const { facts, areq } = basis
  const from = facts.amount ?? to
  const ratio = to / from
  const log = Math.log(Math.max(to, 1))
  const shift = log - feature(basis, 'amount_log')
  const z = feature(basis, 'amount_z')
  const above = feature(basis, 'amount_ratio_log10')
  // The deviation of the habit is the one that made z of the distance; exactly at the usual amount none can be told from it.
  const deviation = z === 0 || above === 0 ? youngDeviation : (above * Math.LN10) / z
  const wire = typeof areq?.purchaseAmount === 'string' ? Number(areq.purchaseAmount) : undefined
  return {
    facts: { amount: to },
    features: {
      amount_log: log,
      ...known(basis, {
        amount_z: z + shift / deviation,
        amount_ratio_log10: above + shift * Math.LOG10E,
        same_amount_10m_account: 0,
        same_amount_10m_merchant: 0,
      }),
    },
    ...(wire !== undefined && { elements: { purchaseAmount: digitsOf(Math.max(1, Math.round(wire * ratio))) } }),
  }
}
const youngDeviation = 0.6
/** As the wire has it: no exponent, however large. */
const digitsOf = (amount: number): string => (Number.isFinite(amount) ? BigInt(amount).toString() : String(amount))

export const amountGroup = 'amount'

const amountChange = (id: string, direction: 'less' | 'more', words: Words): Change => ({
  id,
  group: amountGroup,
  by: 'cardholder',
  words,
  paths: ['purchaseAmount'],
  patches: (basis, policy) =>
    amountsFor(basis, policy, direction).map((amount) => ({ patch: amountPatch(basis, amount), params: { amount } })),
})

export const amounts: readonly Change[] = [
  amountChange('amount-less', 'less', {
    en: 'the amount had been {amount:money}',
    ja: '金額が {amount:money} であれば',
  }),
  amountChange('amount-more', 'more', {
    en: 'the amount had been {amount:money}',
    ja: '金額が {amount:money} であれば',
  }),
]
