import { expect, test } from 'vitest'
import { phoneVelocity } from '../../../src/risk/checks/phone-velocity.ts'
import { saidBy } from './said.ts'

const said = saidBy(phoneVelocity, { weight: 2, purchases1h: [2, 6], purchases24h: [10, 20] })
const areq = { mobilePhone: { cc: '81', subscriber: '9012345678' } }
const of = (n_1h_phone: number, n_24h_phone: number) => said({ areq, features: { n_1h_phone, n_24h_phone } })

test('a telephone number that was not told says nothing', () => {
  expect(said({ areq: {}, features: { n_1h_phone: Number.NaN } })).toEqual({ silent: 'untold' })
})

test('a number that is used now and then is ordinary', () => {
  expect(of(2, 10)).toEqual({ silent: 'ordinary' })
})

test('the fuller of the two windows speaks, evenly up to its end', () => {
  expect(of(4, 12)).toEqual({ weight: 1, reason: 'busyHour', told: { n: 4 } })
  expect(of(3, 19)).toEqual({ weight: 1.8, reason: 'busyDay', told: { n: 19 } })
  expect(of(60, 60)).toMatchObject({ weight: 2 })
})
