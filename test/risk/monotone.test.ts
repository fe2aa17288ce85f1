// Where a check has several reasons of which one is told, more of any of them is never less than before.
import { expect, test } from 'vitest'
import { addressExists } from '../../src/risk/checks/address-exists.ts'
import { emailDomain } from '../../src/risk/checks/email-domain.ts'
import { mailHistory } from '../../src/risk/checks/mail-history.ts'
import { placeOfDelivery } from '../../src/risk/checks/place-of-delivery.ts'
import { saidBy } from './checks/said.ts'

test('a first fraud behind a mail box that is new to the card does not weigh less than none', () => {
  const said = saidBy(mailHistory, {
    weight: 2,
    frauds: [0, 10],
    known: { weight: -0.5, days: 30, trusted: -1 },
    unlike: 0.5,
  })
  const weightOf = (frauds_email: number) =>
    said({ areq: { email: 'taro@example.com' }, features: { email_is_first: 1, emails_known: 1, frauds_email } })
  expect(weightOf(0)).toMatchObject({ weight: 1, reason: 'unlike' })
  expect(weightOf(1)).toMatchObject({ weight: 1, reason: 'unlike' })
  expect(weightOf(8)).toMatchObject({ weight: 1.6, reason: 'fraud' })
})

test('a domain that looks like another, behind many cards, does not weigh less than an ordinary one behind as many', () => {
  const said = saidBy(emailDomain, {
    weight: 1,
    throwAway: ['mailinator.com'],
    providers: ['gmail.com'],
    lookAlike: 0.2,
    manyAccounts: { accounts24h: [0, 10], share: 1 },
  })
  const of = (email: string, accounts_24h_email: number) => said({ areq: { email }, features: { accounts_24h_email } })
  expect(of('a@shop.example', 8)).toMatchObject({ weight: 0.8, reason: 'manyAccounts' })
  expect(of('a@gmial.com', 8)).toMatchObject({ weight: 0.8, reason: 'manyAccounts' })
  expect(of('a@gmial.com', 0)).toMatchObject({ weight: 0.2, reason: 'lookAlike' })
  expect(of('a@mailinator.com', 20)).toMatchObject({ weight: 1, reason: 'throwAway' })
})

test('a forwarding company that is vacant does not weigh less than one that is not', () => {
  const kinds = { vacant: 0.5, forwarding: 1, weeklyMansion: 1, postBox: 0.2, hotel: 0.2, pickUp: 0 }
  const said = saidBy(placeOfDelivery, { weight: 1, ...kinds })
  const of = (addressKind: 'forwarding' | 'hotel', addressVacant: boolean) =>
    said({ areq: { shipAddrLine1: '1-1 Yumoto' }, signals: { addressKind, addressVacant } })
  expect(of('forwarding', false)).toMatchObject({ weight: 1, reason: 'forwarding' })
  expect(of('forwarding', true)).toMatchObject({ weight: 1, reason: 'forwarding' })
  expect(of('hotel', true)).toMatchObject({ weight: 0.5, reason: 'vacant' })
})

test('an address that a service does not know does not weigh less than one that nobody asked about', () => {
  const said = saidBy(addressExists, { weight: 1, most: 2, service: 0.3, shipping: 0.6, billing: 0.4, typed: 0.8 })
  const areq = { shipAddrCountry: '392', shipAddrPostCode: '9999999', shipAddrState: '13', shipAddrLine1: '1-1 Yumoto' }
  expect(said({ areq })).toMatchObject({ weight: 0.6, reason: 'shipping' })
  expect(said({ areq, signals: { addressExists: false } })).toMatchObject({ weight: 0.6, reason: 'shipping' })
  expect(said({ areq, signals: { addressExists: true } })).toMatchObject({ silent: 'ordinary' })
})
