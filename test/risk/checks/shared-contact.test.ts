import { expect, test } from 'vitest'
import { sharedContact } from '../../../src/risk/checks/shared-contact.ts'
import { saidBy } from './said.ts'

const some = (from: number, to: number, share: number) => ({ ramp: [from, to], share })
const own = {
  weight: 1,
  most: 1.25,
  names30d: [2, 6],
  boxes30d: some(2, 4, 0.5),
  cards7d: some(2, 4, 0.5),
  newcomers30d: some(1, 5, 0.5),
}
const said = saidBy(sharedContact, own)
const areq = {
  shipAddrLine1: '1-2-3',
  shipAddrPostCode: '160-0023',
  mobilePhone: { cc: '81', subscriber: '9012345678' },
}
test('a family says nothing', () => {
  const features = { others_30d_shipTo: 2, others_30d_phone: 2, accounts_7d_phone: 2, newcomers_30d_shipTo: 1 }
  expect(said({ areq, features })).toEqual({ silent: 'ordinary' })
})
test('each count is told by its own sentence, and they add up to a limit', () => {
  expect(said({ areq, features: { others_30d_shipTo: 4 } })).toEqual({ weight: 0.5, reason: 'names', told: { n: 4 } })
  expect(said({ areq, features: { others_30d_phone: 4 } })).toMatchObject({ weight: 0.5, reason: 'boxes' })
  expect(said({ areq, features: { accounts_7d_phone: 3 } })).toMatchObject({ weight: 0.25, reason: 'cards' })
  expect(said({ areq, features: { newcomers_30d_shipTo: 4.6 } })).toMatchObject({
    reason: 'newcomers',
    told: { n: 5 },
  })
  const features = { others_30d_shipTo: 6, others_30d_phone: 9, accounts_7d_phone: 9 }
  expect(said({ areq, features })).toMatchObject({ weight: 1.25, reason: 'names' })
})
test('with neither address nor telephone there is nothing', () => {
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
})
