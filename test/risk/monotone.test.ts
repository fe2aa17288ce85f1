// Where a check has several reasons of which one is told, more of any of them is never less than before.
import { expect, test } from 'vitest'
import { emailDomain } from '../../src/risk/checks/email-domain.ts'
import { mailHistory } from '../../src/risk/checks/mail-history.ts'
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
