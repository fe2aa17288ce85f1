import { expect, test } from 'vitest'
import { merchantVelocity } from '../../../src/risk/checks/merchant-velocity.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(merchantVelocity, { weight: 2, purchases10m: [4, 24], timesUsual: [5, 25] })
const of = (n_10m_merchant: number, decay_24h_merchant: number) =>
  said({ areq: purchase, features: { n_10m_merchant, decay_24h_merchant } })

test('a shop without a name says nothing', () => {
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
})

test('a big shop is busy as usual', () => {
  // 1,440 a day, ten in ten minutes: the counter that halves in a day settles at 1,440 / ln 2.
  expect(of(10, 10 + 1_440 / Math.LN2)).toEqual({ silent: 'ordinary' })
})

test('a small shop with a handful more is ordinary, too', () => {
  expect(of(4, 5)).toEqual({ silent: 'ordinary' })
})

test('a rush speaks as far as both counts are unusual', () => {
  const rush = of(14, 14 + 144 / Math.LN2) // one in ten minutes is usual
  expect(rush).toMatchObject({ reason: 'rush', told: { n: 14 } })
  expect('told' in rush && rush.told.ratio).toBeCloseTo(14, 9)
  expect('weight' in rush && rush.weight).toBeCloseTo(2 * 0.45, 9)
  expect(of(64, 64)).toMatchObject({ weight: 2 })
})
