import { expect, test } from 'vitest'
import { nightBurst } from '../../../src/risk/checks/night-burst.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(nightBurst, { weight: 2, cards10m: [2, 6], purchases1h: [4, 12] })
const of = (is_night: number, accounts_10m_merchant: number, n_1h_merchant: number) =>
  said({ areq: purchase, features: { is_night, accounts_10m_merchant, n_1h_merchant } })

test('without a shop, and without a holder, it says nothing', () => {
  expect(said({ areq: {}, features: { is_night: 1 } })).toEqual({ silent: 'untold' })
  expect(of(Number.NaN, 16, 64)).toEqual({ silent: 'untold' })
})

test('by day a rush is none of its business', () => {
  expect(of(0, 16, 64)).toEqual({ silent: 'day' })
})

test('a quiet night is ordinary', () => {
  expect(of(1, 2, 4)).toEqual({ silent: 'ordinary' })
})

test('many cards or many purchases at night speak, the fuller count of the two', () => {
  expect(of(1, 5, 8)).toEqual({ weight: 1.5, reason: 'manyCards', told: { n: 5 } })
  expect(of(1, 3, 10)).toEqual({ weight: 1.5, reason: 'busy', told: { n: 10 } })
  expect(of(1, 16, 64)).toMatchObject({ weight: 2 })
})
