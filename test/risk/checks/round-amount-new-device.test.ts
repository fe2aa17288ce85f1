import { expect, test } from 'vitest'
import { roundAmountNewDevice } from '../../../src/risk/checks/round-amount-new-device.ts'
import type { FeatureName } from '../../../src/risk/features.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(roundAmountNewDevice, {
  weight: 1,
  trusted: 2,
  multipleOf: 1_000,
  least: 3_000,
  newForDays: 2,
})
const of = (yen: number, features: Partial<Record<FeatureName, number>>) =>
  said({ areq: { ...purchase, purchaseAmount: String(yen) }, features })

test('without a device it says nothing', () => {
  expect(said({ areq: { purchaseAmount: '5000', purchaseCurrency: '392' } })).toEqual({ silent: 'untold' })
})

test('small amounts, and such as are not round, are not looked at', () => {
  expect(of(2_000, { device_is_first: 1 })).toEqual({ silent: 'notRound' })
  expect(of(5_480, { device_is_first: 1 })).toEqual({ silent: 'notRound' })
})

test('a round amount on a device that the card has never seen speaks', () => {
  expect(of(5_000, { device_is_first: 1, device_known_days: 0 })).toEqual({
    weight: 1,
    reason: 'newDevice',
    told: { amount: 5_000 },
  })
})

test('a challenge that was passed an hour ago does not make the device old', () => {
  const features = { device_is_first: 0, device_is_trusted: 1, device_known_days: 0.04 }
  expect(of(5_000, features)).toMatchObject({ weight: 2, reason: 'justTrusted' })
  expect(of(5_000, { ...features, device_known_days: 2 })).toEqual({ silent: 'settled' })
})

test('a browser that was only emptied looks as one that the card knows', () => {
  expect(of(5_000, { device_is_first: 1, likeness_is_first: 0 })).toEqual({ silent: 'settled' })
  expect(of(5_000, { device_is_first: 1, likeness_is_first: 1 })).toMatchObject({ reason: 'newDevice' })
})
