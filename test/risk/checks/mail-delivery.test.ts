import { expect, test } from 'vitest'
import { mailDelivery } from '../../../src/risk/checks/mail-delivery.ts'
import { saidBy } from './said.ts'

const to = (email: string) => ({ email })

const said = saidBy(mailDelivery, { weight: 2, refused: 1, syntax: 0.5, suffix: 0.75, ended: 0.25, slip: 0.125 })
test.each([
  ['taro@x..jp', 1, 'syntax'],
  ['taro@nowhere.invalid', 1.5, 'suffix'],
  ['taro@mail.goo.ne.jp', 0.5, 'ended'],
  ['taro@gmeil.com', 0.25, 'slip'],
])('%s weighs %d: %s', (email, weight, reason) => {
  expect(said({ areq: to(email) })).toMatchObject({ weight, reason })
})
test('the sentence names the provider that was meant', () => {
  expect(said({ areq: to('taro@gmeil.com') })).toMatchObject({ told: { domain: 'gmeil.com', meant: 'gmail.com' } })
})
test('who has asked the mail server knows better', () => {
  expect(said({ areq: to('taro@example.com'), signals: { mailDeliverable: false } })).toMatchObject({
    weight: 2,
    reason: 'refused',
  })
  expect(said({ areq: to('taro@gmeil.com'), signals: { mailDeliverable: true } })).toEqual({ silent: 'ordinary' })
})
test('an ordinary address, or none, says nothing', () => {
  expect(said({ areq: to('taro@example.com') })).toEqual({ silent: 'ordinary' })
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
})
