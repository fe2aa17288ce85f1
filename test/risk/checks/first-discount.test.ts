import { expect, test } from 'vitest'
import { firstDiscount } from '../../../src/risk/checks/first-discount.ts'
import type { FeatureName } from '../../../src/risk/features.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(firstDiscount, {
  weight: 2,
  most: 1.5,
  again: 1,
  device: { newcomers30d: [1, 5], share: 1 },
  mailBox: { newcomers30d: [1, 5], share: 0.5 },
  spellings: { spellings30d: [1, 3], share: 0.75 },
  shipTo: { newcomers30d: [1, 5], share: 0.5 },
  receivers: { names30d: [1, 3], share: 0.25 },
  offer: 0.5,
})
const of = (chAccAgeInd: string | undefined, features: Partial<Record<FeatureName, number>>, firstTimeOffer = true) =>
  said({
    areq: { ...purchase, ...(chAccAgeInd !== undefined && { acctInfo: { chAccAgeInd } }) },
    features,
    ...(firstTimeOffer && { signals: { firstTimeOffer } }),
  })

test('who has long been a member takes no first discount', () => {
  expect(of('05', { newcomers_30d_device: 9 }, false)).toEqual({ silent: 'member' })
})

test('the first one is nobody’s second', () => {
  expect(of('02', { newcomers_30d_device: 1, others_30d_email: 1 })).toEqual({ silent: 'ordinary' })
})

test('each trace has its part, and they add up to their limit', () => {
  expect(of('02', { newcomers_30d_device: 3 })).toEqual({ weight: 1, reason: 'device', told: { n: 3 } })
  expect(of('02', { newcomers_30d_email: 5 })).toMatchObject({ weight: 1, reason: 'mailBox' })
  expect(of('02', { others_30d_email: 2 })).toEqual({ weight: 0.75, reason: 'spellings', told: { n: 2 } })
  expect(of('02', { newcomers_30d_shipTo: 5 })).toMatchObject({ weight: 1, reason: 'shipTo' })
  expect(of('02', { others_30d_shipTo: 3 })).toMatchObject({ weight: 0.5, reason: 'receivers' })
  expect(of('02', { newcomers_30d_device: 9, others_30d_email: 9 })).toMatchObject({ weight: 3, reason: 'device' })
})

test('an offer that a shop tells of makes a newcomer of anybody; untold it counts less', () => {
  expect(of('05', { newcomers_30d_device: 3 })).toMatchObject({ weight: 1 })
  expect(of(undefined, { others_30d_email: 3, newcomers_30d_device: 9 }, false)).toMatchObject({ weight: 0.75 })
  expect(of(undefined, { newcomers_30d_device: 3 })).toMatchObject({ weight: 1 })
  expect(of('01', { newcomers_30d_device: 3 }, false)).toMatchObject({ weight: 0.5 })
})

test('who is new to a shop with a card that is not comes again', () => {
  expect(of('02', { merchant_is_first: 0, merchant_seen_n: 2 }, false)).toEqual({
    weight: 1,
    reason: 'again',
    told: { n: 2 },
  })
  expect(of(undefined, { merchant_is_first: 0, merchant_seen_n: 1 })).toMatchObject({ weight: 2, reason: 'again' })
  // A guest may be one as often as he likes.
  expect(of('01', { merchant_is_first: 0, merchant_seen_n: 2 }, false)).toEqual({ silent: 'ordinary' })
  expect(of('02', { merchant_is_first: 1 })).toEqual({ silent: 'ordinary' })
})
