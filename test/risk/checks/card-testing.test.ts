import { expect, test } from 'vitest'
import { cardTesting } from '../../../src/risk/checks/card-testing.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const own = { weight: 2, cards10m: [2, 6], fresh1h: [4, 12], knownShare: 0.25 }
const of = (
  accounts_10m_binMerchant: number,
  fresh_1h_binMerchant: number,
  account_age_days = Number.NaN,
  params = own,
) =>
  saidBy(
    cardTesting,
    params,
  )({ areq: purchase, features: { accounts_10m_binMerchant, fresh_1h_binMerchant, account_age_days } })

test('without a shop it says nothing', () => {
  expect(saidBy(cardTesting, own)({ areq: { acctNumber: purchase.acctNumber } })).toEqual({ silent: 'untold' })
})

test('a few cards of a BIN at a shop are ordinary', () => {
  expect(of(2, 4)).toEqual({ silent: 'ordinary' })
})

test('one number after the other speaks, by cards or by such as were never used', () => {
  expect(of(5, 5)).toEqual({ weight: 1.5, reason: 'manyCards', told: { n: 5 } })
  expect(of(3, 10.2)).toMatchObject({ reason: 'freshCards', told: { n: 10 } })
  expect(of(16, 50)).toMatchObject({ weight: 2, reason: 'freshCards' })
})

test('a card with a history has only met the robot', () => {
  expect(of(16, 50, 40)).toMatchObject({ weight: 0.5 })
  expect(of(16, 50, 40, { ...own, knownShare: 0 })).toEqual({ silent: 'ordinary' })
})
