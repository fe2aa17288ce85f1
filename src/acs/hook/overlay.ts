// Which rules of a policy act on shops with manifest fraud, and whether they meet a given shop. Pure.

import type { Comparison, ConditionSource } from '../../risk/policy/conditions.ts'
import type { Rule } from '../../risk/policy/rules.ts'
import type { Policy } from '../../risk/policy.ts'

/** What the rules ask: months above the limit in a row, right before this one. */
const feature = 'feature.merchant_fraud_months'
const check = 'manifest-fraud-merchant'

/** on: every payment at the shop meets it. partly: those that something else is true of, too. */
export type OverlayState = 'on' | 'partly' | 'off'

export interface Overlay {
  readonly policy: string
  readonly rules: readonly { readonly id: string; readonly outcome: Rule['outcome']; readonly isInForce: boolean }[]
  /** The score goes up by degrees, too. */
  readonly isScored: boolean
}

function isAbout(source: ConditionSource): boolean {
  if ('all' in source) return source.all.some(isAbout)
  if ('any' in source) return source.any.some(isAbout)
  if ('not' in source) return isAbout(source.not)
  return 'of' in source && source.of === feature
}

function compares({ eq, ne, in: oneOf, notIn, lt, le, gt, ge, between, absent }: Comparison, n: number): boolean {
  return (
    absent !== true &&
    (eq === undefined || n === Number(eq)) &&
    (ne === undefined || n !== Number(ne)) &&
    (oneOf === undefined || oneOf.some((one) => Number(one) === n)) &&
    (notIn === undefined || !notIn.some((one) => Number(one) === n)) &&
    (lt === undefined || n < lt) &&
    (le === undefined || n <= le) &&
    (gt === undefined || n > gt) &&
    (ge === undefined || n >= ge) &&
    (between === undefined || (n >= between[0] && n <= between[1]))
  )
}

/** Undefined: that depends on the payment. */
function holdsAt(source: ConditionSource, n: number): boolean | undefined {
  if ('all' in source) {
    const parts = source.all.map((part) => holdsAt(part, n))
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true
  }
  if ('any' in source) {
    const parts = source.any.map((part) => holdsAt(part, n))
    return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false
  }
  if ('not' in source) {
    const inner = holdsAt(source.not, n)
    return inner === undefined ? undefined : !inner
  }
  return 'of' in source && source.of === feature ? compares(source, n) : undefined
}

const inForce = ({ from, until }: Rule, now: number): boolean => from <= now && now <= until
const rulesOf = ({ rules }: Policy): readonly Rule[] => rules.filter(({ when }) => isAbout(when.source))

export const overlayOf = (policy: Policy, now: number): Overlay => ({
  policy: policy.name,
  rules: rulesOf(policy).map((rule) => ({ id: rule.id, outcome: rule.outcome, isInForce: inForce(rule, now) })),
  isScored: policy.checks.some(({ id }) => id === check),
})

/** For a shop with so many full months in a row. */
export function overlayAt(policy: Policy, fullMonths: number, now: number): OverlayState {
  const met = rulesOf(policy)
    .filter((rule) => inForce(rule, now))
    .map(({ when }) => holdsAt(when.source, fullMonths))
  return met.includes(true) ? 'on' : met.includes(undefined) ? 'partly' : 'off'
}
