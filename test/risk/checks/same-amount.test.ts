import { expect, test } from 'vitest'
import { sameAmount } from '../../../src/risk/checks/same-amount.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(sameAmount, {
  weight: 2,
  card: { times10m: [1, 3], share: 1 },
  shop: { times10m: [4, 12], share: 0.5 },
})
const of = (same_amount_10m_account: number, same_amount_10m_merchant: number) =>
  said({ areq: purchase, features: { same_amount_10m_account, same_amount_10m_merchant } })

test('an amount that is not known says nothing', () => {
  expect(said({ areq: { purchaseAmount: '100', purchaseCurrency: '999' } })).toEqual({ silent: 'untold' })
})

test('twice the same, and popular things, are ordinary', () => {
  expect(of(1, 4)).toEqual({ silent: 'ordinary' })
})

test('card and shop add up, and the larger part gives the reason', () => {
  expect(of(2, 0)).toEqual({ weight: 1, reason: 'card', told: { amount: 1480, n: 2 } })
  expect(of(0, 12)).toEqual({ weight: 1, reason: 'shop', told: { amount: 1480, n: 12 } })
  expect(of(9, 40)).toMatchObject({ weight: 3, reason: 'card' })
})
