import { expect, test } from 'vitest'
import { firstAndExpensive } from '../../../src/risk/checks/first-and-expensive.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(firstAndExpensive, { weight: 2, factors: [0.5, 1.5], least: 10_000, typical: 8_000 })
const of = (yen: number, merchant_is_first: number, amount_ratio_log10 = Number.NaN) =>
  said({ areq: { ...purchase, purchaseAmount: String(yen) }, features: { merchant_is_first, amount_ratio_log10 } })

test('without a shop or an amount it says nothing', () => {
  expect(
    said({ areq: { purchaseAmount: '500', purchaseCurrency: '999' }, features: { merchant_is_first: 1 } }),
  ).toEqual({
    silent: 'untold',
  })
  expect(of(90_000, Number.NaN)).toEqual({ silent: 'untold' })
})

test('a shop that the card knows may be expensive', () => {
  expect(of(90_000, 0, 1.5)).toEqual({ silent: 'known' })
})

test('a first purchase is modest when it is usual, or small whatever the habit', () => {
  expect(of(20_000, 1, 0.5)).toEqual({ silent: 'modest' })
  expect(of(9_999, 1, 2)).toEqual({ silent: 'modest' })
})

test('the first and expensive one speaks by how expensive it is', () => {
  expect(of(30_000, 1, 1)).toEqual({ weight: 1, reason: 'expensive', told: { amount: 30_000 } })
  expect(of(300_000, 1, 3)).toMatchObject({ weight: 2 })
})

test('while the habit is not known, a typical amount takes its place', () => {
  expect(of(80_000, 1)).toMatchObject({ weight: 1, reason: 'expensive' })
  expect(of(16_000, 1)).toEqual({ silent: 'modest' })
})
