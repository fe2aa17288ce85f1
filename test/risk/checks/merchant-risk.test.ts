import { expect, test } from 'vitest'
import { merchantRisk } from '../../../src/risk/checks/merchant-risk.ts'
import { saidBy } from './said.ts'

const said = saidBy(merchantRisk, {
  weight: 2,
  most: 1,
  preOrder: 0.125,
  electronic: 0.25,
  sameDay: 0.25,
  overnight: 0.125,
  otherMail: 0.5,
  otherName: 0.25,
  giftCards: { count: [1, 5], share: 0.5 },
  reordered: -0.5,
})
const of = (merchantRiskIndicator: object, more: object = {}) =>
  said({ areq: { email: 'hanako@cardholder.example', merchantRiskIndicator, ...more } })

test('an order of which nothing is told says nothing', () => {
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
  expect(of({ shipIndicator: '01' })).toEqual({ silent: 'untold' })
  expect(of({ deliveryTimeframe: '04', preOrderPurchaseInd: '01', reorderItemsInd: '01' })).toEqual({
    silent: 'ordinary',
  })
})

test.each([
  ['goods that cannot be had yet', { preOrderPurchaseInd: '02' }, 0.25, 'preOrder'],
  ['delivery over the network', { deliveryTimeframe: '01' }, 0.5, 'electronic'],
  ['delivery on the same day', { deliveryTimeframe: '02' }, 0.5, 'fast'],
  ['delivery over night', { deliveryTimeframe: '03' }, 0.25, 'fast'],
  ['another mail box', { deliveryEmailAddress: 'x@cardholder.example' }, 1, 'otherMail'],
  ['three gift cards', { giftCardCount: '3' }, 0.5, 'giftCards'],
  [
    'many at once, up to the limit',
    { deliveryTimeframe: '01', deliveryEmailAddress: 'x@y.example', giftCardCount: '9' },
    2,
    'otherMail',
  ],
])('%s', (_, risk, weight, reason) => {
  expect(of(risk)).toMatchObject({ weight, reason })
})

test('the receiver’s name is not the account’s', () => {
  expect(said({ areq: { acctInfo: { shipNameIndicator: '02' } } })).toMatchObject({ weight: 0.5, reason: 'otherName' })
})

test('the holder’s own mail box in another spelling is no other', () => {
  expect(of({ deliveryEmailAddress: 'Hanako+gifts@cardholder.example' })).toEqual({ silent: 'ordinary' })
})

test('what was ordered before speaks for the holder, unless something speaks against', () => {
  expect(of({ reorderItemsInd: '02' })).toMatchObject({ weight: -0.5, reason: 'reordered' })
  expect(of({ reorderItemsInd: '02', deliveryTimeframe: '01' })).toMatchObject({ weight: 0.5, reason: 'electronic' })
})
