import { expect, test } from 'vitest'
import { mailHistory } from '../../../src/risk/checks/mail-history.ts'
import { saidBy } from './said.ts'

const to = (email: string) => ({ email })

const said = saidBy(mailHistory, {
  weight: 2,
  frauds: [0, 2],
  known: { weight: -0.5, days: 30, trusted: -1 },
  unlike: 0.25,
})
const areq = to('taro@example.com')
const known = { email_is_first: 0, email_is_trusted: 0, email_known_days: 45.5, emails_known: 1, frauds_email: 0 }
test.each([
  [known, { weight: -0.5, reason: 'known', told: { n: 45 } }],
  [{ ...known, email_known_days: 3 }, { silent: 'young' }],
  [
    { ...known, email_is_trusted: 1, email_known_days: 0 },
    { weight: -1, reason: 'trusted' },
  ],
  [
    { ...known, email_is_first: 1 },
    { weight: 0.5, reason: 'unlike' },
  ],
  [{ ...known, email_is_first: 1, emails_known: 0 }, { silent: 'noHistory' }],
  [
    { ...known, email_is_trusted: 1, frauds_email: 1 },
    { weight: 1, reason: 'fraud', told: { n: 1 } },
  ],
])('%j', (features, expected) => {
  expect(said({ areq, features })).toMatchObject(expected)
})
