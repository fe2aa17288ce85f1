import { expect, test } from 'vitest'
import { unfamiliar } from '../../../src/risk/checks/unfamiliar.ts'
import type { FeatureName } from '../../../src/risk/features.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(unfamiliar, {
  weight: 4,
  parts: {
    device: 1,
    unseenDevice: 0.5,
    network: 1,
    email: 1,
    phone: 0.5,
    shipTo: 0.5,
    merchant: 0.5,
    country: 0.5,
    justTrusted: 0.5,
  },
  sum: [1, 3],
  newForDays: 2,
  familiar: -1,
  fewest: 3,
})

/** A card with a history that knows everything about this purchase for a month. */
const known: Partial<Record<FeatureName, number>> = {
  habit_n: 8,
  devices_known: 2,
  device_is_first: 0,
  device_is_trusted: 0,
  device_known_days: 30,
  networks_known: 2,
  network_known_days: 30,
  emails_known: 2,
  email_is_trusted: 0,
  email_known_days: 30,
  phones_known: 2,
  phone_known_days: 30,
  ship_tos_known: 2,
  ship_to_is_trusted: 0,
  ship_to_known_days: 30,
  merchants_known: 3,
  merchant_is_first: 0,
  country_is_first: 0,
}
const of = (features: Partial<Record<FeatureName, number>>) =>
  said({ areq: purchase, method: { deviceId: 'a-browser' }, features: { ...known, ...features } })

test('a card with too little history knows nothing', () => {
  expect(of({ habit_n: 2, device_known_days: 0 })).toEqual({ silent: 'noHistory' })
})

test('when nothing is new, that speaks for the holder', () => {
  expect(of({})).toEqual({ weight: -1, reason: 'familiar', told: { n: 0 } })
})

test('one new thing is everyday', () => {
  expect(of({ device_is_first: 1, device_known_days: 0 })).toEqual({ silent: 'ordinary' })
  expect(of({ ship_to_known_days: 0, merchant_is_first: 1 })).toEqual({ silent: 'ordinary' })
})

test('many new things speak, more with each of them', () => {
  const all = { device_is_first: 1, device_known_days: 0, network_known_days: 0, email_known_days: 0 }
  expect(of({ ...all, email_known_days: 30 })).toEqual({ weight: 2, reason: 'manyNew', told: { n: 2 } })
  expect(of(all)).toEqual({ weight: 4, reason: 'manyNew', told: { n: 3 } })
  expect(of({ ...all, phone_known_days: 0, country_is_first: 1 })).toMatchObject({ weight: 4, told: { n: 5 } })
})

test('what came with a refused purchase an hour ago is still new', () => {
  const again = { device_known_days: 0.04, network_known_days: 0.04, email_known_days: 0.04 }
  expect(of(again)).toMatchObject({ weight: 4, reason: 'manyNew' })
  // Trust that was won an hour ago is worth something, but not all.
  expect(of({ ...again, device_is_trusted: 1 })).toMatchObject({ weight: 3 })
  expect(of({ ...again, device_is_trusted: 1, email_is_trusted: 1 })).toMatchObject({ weight: 2 })
})

test('what the card never told before is no news', () => {
  expect(of({ emails_known: 0, email_known_days: 0, phones_known: 0, phone_known_days: 0 })).toMatchObject({
    reason: 'familiar',
  })
  // The only mail box that it knows is the one of an hour ago.
  expect(of({ emails_known: 1, email_known_days: 0.04 })).toMatchObject({ reason: 'familiar' })
})

test('a browser that was only emptied is not new', () => {
  expect(of({ device_is_first: 1, device_known_days: 0, likeness_is_first: 0 })).toMatchObject({ reason: 'familiar' })
})

test('where the 3DS Method did not run, a device can be new by its looks only, which is less', () => {
  const features = { device_is_first: 1, device_known_days: 0, network_known_days: 0 }
  expect(said({ areq: purchase, features: { ...known, ...features } })).toMatchObject({ weight: 1, reason: 'manyNew' })
  expect(of(features)).toMatchObject({ weight: 2 })
})
