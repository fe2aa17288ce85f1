import { expect, test } from 'vitest'
import { dataQuality } from '../../../src/risk/checks/data-quality.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(dataQuality, {
  weight: 2,
  most: 1,
  absent: { email: 0.25, browserIP: 0.5, billAddrLine1: 0.125 },
  phone: 0.125,
  impossible: 0.25,
  complete: -0.25,
})
const whole = {
  ...purchase,
  messageVersion: '2.2.0',
  deviceChannel: '02',
  messageCategory: '01',
  billAddrLine1: '1-1 Yumoto',
  mobilePhone: { cc: '81', subscriber: '9012345678' },
}
const without = (...names: readonly string[]) =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)))

test('a complete request speaks a little for the holder', () => {
  expect(said({ areq: whole })).toMatchObject({ weight: -0.25, reason: 'complete' })
})

test('what could have been told and was not adds up to the limit', () => {
  expect(said({ areq: without('email') })).toEqual({ weight: 0.5, reason: 'absent', told: { n: 1 } })
  expect(said({ areq: without('email', 'billAddrLine1', 'mobilePhone') })).toEqual({
    weight: 1,
    reason: 'absent',
    told: { n: 3 },
  })
  expect(said({ areq: without('email', 'billAddrLine1', 'mobilePhone', 'browserIP') })).toMatchObject({ weight: 2 })
})

test('any telephone number will do', () => {
  const areq = { ...without('mobilePhone'), workPhone: { cc: '81', subscriber: '312345678' } }
  expect(said({ areq })).toMatchObject({ reason: 'complete' })
})

test('what a channel does not have is no gap', () => {
  const areq = { ...without('browserIP'), deviceChannel: '01' }
  expect(said({ areq })).toMatchObject({ reason: 'complete' })
})

test('what cannot exist is worse than nothing', () => {
  expect(said({ areq: { ...whole, email: 'hanako@nowhere' } })).toMatchObject({ weight: 0.5, reason: 'impossible' })
  const areq = { ...whole, mobilePhone: { cc: '81', subscriber: '1' } }
  expect(said({ areq })).toMatchObject({ weight: 0.5, reason: 'impossible' })
})

test('an element that the engine does not read is refused', () => {
  const own = { weight: 1, most: 1, absent: { cardExpiryDate: 1 }, phone: 0, impossible: 0, complete: 0 }
  expect(dataQuality.bound.safeParse(own).success).toBe(false)
})
