import { expect, test } from 'vitest'
import { shipToVelocity } from '../../../src/risk/checks/ship-to-velocity.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(shipToVelocity, { weight: 2, purchases24h: [2, 6], purchases7d: [8, 16], cards7d: [1, 5] })
const of = (n_24h_shipTo: number, n_7d_shipTo: number, accounts_7d_shipTo: number) =>
  said({ areq: purchase, features: { n_24h_shipTo, n_7d_shipTo, accounts_7d_shipTo } })

test('goods without an address say nothing', () => {
  expect(said({ areq: { purchaseAmount: '100' } })).toEqual({ silent: 'untold' })
})

test('a household is ordinary', () => {
  expect(of(2, 8, 1)).toEqual({ silent: 'ordinary' })
})

test('the fullest count speaks: the day, the week, or the cards', () => {
  expect(of(5, 9, 1)).toEqual({ weight: 1.5, reason: 'busyDay', told: { n: 5 } })
  expect(of(3, 14, 1)).toEqual({ weight: 1.5, reason: 'busyWeek', told: { n: 14 } })
  expect(of(3, 9, 4)).toEqual({ weight: 1.5, reason: 'manyCards', told: { n: 4 } })
  expect(of(64, 64, 16)).toMatchObject({ weight: 2 })
})
