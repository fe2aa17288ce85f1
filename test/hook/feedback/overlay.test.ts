// Whether a policy acts on a merchant with manifest fraud, and between which bounds a rate of few payments lies.
import { describe, expect, test } from 'vitest'
import { overlayAt, overlayOf } from '../../../src/acs/hook/overlay.ts'
import { intervalOf } from '../../../src/acs/hook/reliability.ts'
import { loadPolicy } from '../../../src/risk/policy.ts'
import { policyText } from '../../risk/support.ts'

const now = Date.parse('2026-12-01T00:00:00Z')
const policyWith = (when: string, more = '') =>
  loadPolicy(
    policyText('default').replace(
      /^rules:$/m,
      `rules:\n  - id: overlay\n    when: ${when}\n    outcome: { atLeast: challenge }${more}`,
    ),
  )
const full = '{ of: feature.merchant_fraud_months, ge: 3 }'
const large = '{ of: feature.amount_log, ge: 4 }'

describe('the overlay of a policy', () => {
  test.each([
    [full, 3, 'on'],
    [full, 2, 'off'],
    [`{ all: [${full}, ${large}] }`, 3, 'partly'],
    [`{ all: [${full}, ${large}] }`, 2, 'off'],
    [`{ any: [${full}, ${large}] }`, 3, 'on'],
    ['{ not: { of: feature.merchant_fraud_months, lt: 3 } }', 3, 'on'],
    ['{ of: feature.merchant_fraud_months, between: [1, 2] }', 3, 'off'],
    [large, 3, 'off'],
  ])('by %s is, after %i months, %s', (when, months, state) => {
    expect(overlayAt(policyWith(when), months, now)).toBe(state)
  })

  test('is off before it is in force', () => {
    const policy = policyWith(full, '\n    from: 2027-01-01')
    expect(overlayAt(policy, 3, now)).toBe('off')
    expect(overlayOf(policy, now)).toMatchObject({ rules: [{ id: 'overlay', isInForce: false }] })
  })
})

// The score interval of Wilson (1927), 95 %: 0 of 10, 1 of 10, 5 of 10, 10 of 10.
test.each([
  [0, 10, 0, 0.2775],
  [1, 9, 0.0179, 0.4042],
  [5, 5, 0.2366, 0.7634],
  [10, 0, 0.7225, 1],
])('%i frauds and %i good ones lie between %d and %d', (fraud, good, low, high) => {
  const [from, to] = intervalOf({ fraud, good }) ?? []
  expect(from).toBeCloseTo(low, 3)
  expect(to).toBeCloseTo(high, 3)
})
test('nothing seen has no interval', () => {
  expect(intervalOf({ fraud: 0, good: 0 })).toBeNull()
})
