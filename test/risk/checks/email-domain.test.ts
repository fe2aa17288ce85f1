import { expect, test } from 'vitest'
import { emailDomain } from '../../../src/risk/checks/email-domain.ts'
import { saidBy } from './said.ts'

const to = (email: string) => ({ email })

const own = {
  weight: 2,
  throwAway: ['maildrop.cc'],
  providers: ['gmail.com'],
  lookAlike: 0.5,
  manyAccounts: { accounts24h: [2, 4], share: 0.5 },
}
const said = saidBy(emailDomain, own)
test('the look-alikes of the tables are known without the policy naming their provider', () => {
  expect(said({ areq: to('taro@yah00.co.jp') })).toEqual({
    weight: 1,
    reason: 'lookAlike',
    told: { domain: 'yah00.co.jp', like: 'yahoo.co.jp' },
  })
})
test('a provider that is one letter from another is itself', () => {
  expect(said({ areq: to('taro@ymail.com'), features: { accounts_24h_email: 1 } })).toEqual({ silent: 'ordinary' })
})
test('the policy adds throw-away domains of its own', () => {
  expect(said({ areq: to('taro@maildrop.cc') })).toMatchObject({ weight: 2, reason: 'throwAway' })
})
