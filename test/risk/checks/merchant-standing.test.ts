import { expect, test } from 'vitest'
import { merchantStanding } from '../../../src/risk/checks/merchant-standing.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(merchantStanding, { weight: 1, frauds2y: [4, 8], yen2y: [100_000, 500_000] })
const of = (merchant_frauds_2y_n: number, merchant_frauds_2y_sum: number) =>
  said({ areq: purchase, features: { merchant_frauds_2y_n, merchant_frauds_2y_sum } })

test('without a shop, and of one below the second tier, it says nothing', () => {
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
  expect(of(4, 100_000)).toEqual({ silent: 'ordinary' })
})

test('five frauds, or more than JPY 100,000, begin to speak', () => {
  expect(of(5, 20_000)).toEqual({ weight: 0.25, reason: 'frauds', told: { n: 5 } })
  expect(of(2, 300_000)).toEqual({ weight: 0.5, reason: 'amount', told: { n: 300_000 } })
  expect(of(90, 9_000_000)).toMatchObject({ weight: 1 })
})
