import { expect, test } from 'vitest'
import { manifestFraudMerchant } from '../../../src/risk/checks/manifest-fraud-merchant.ts'
import { featuresOf, positionOf } from '../../../src/risk/features.ts'
import { learn } from '../../../src/risk/learn.ts'
import { emptyProfile } from '../../../src/risk/profile.ts'
import { day, noon, purchase, World } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(manifestFraudMerchant, { weight: 3, months: [0, 3] })
const of = (merchant_fraud_months: number) => said({ areq: purchase, features: { merchant_fraud_months } })

test('without a shop, and of a clean one, it says nothing', () => {
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
  expect(of(0)).toEqual({ silent: 'ordinary' })
})

test('speaks in full from the third month in a row', () => {
  expect(of(1)).toMatchObject({ weight: 1, reason: 'manifest' })
  expect(of(3)).toEqual({ weight: 3, reason: 'manifest', told: { n: 3 } })
  expect(of(7)).toMatchObject({ weight: 3 })
})

test('the months are those of confirmed fraud above JPY 500,000, up to the last full one', () => {
  const world = new World()
  const facts = world.factsOf(purchase, noon)
  let merchant = emptyProfile
  // Two purchases of 300,000 in each of the three months before this one, and one month of exactly the limit before them.
  for (const [monthsAgo, yen, times] of [
    [4, 500_000, 1],
    [3, 300_000, 2],
    [2, 300_000, 2],
    [1, 300_000, 2],
  ] as const) {
    for (let i = 0; i < times; i++) {
      const outcome = { kind: 'fraud', facts, month: facts.month - monthsAgo, yen, at: noon / 1000 } as const
      merchant = learn({ merchant }, outcome, noon - day).merchant ?? merchant
    }
  }
  const months = featuresOf({ merchant }, facts, noon / 1000)[positionOf('merchant_fraud_months')]
  expect(months).toBe(3)
})
