import { expect, test } from 'vitest'
import { mailDomainNew } from '../../../src/risk/checks/mail-domain-new.ts'
import { saidBy } from './said.ts'

const to = (email: string) => ({ email })

const own = {
  weight: 2,
  most: 1.5,
  registered: { days: [7, 37], share: 0.5 },
  seen: { days: [1, 5], share: 0.25 },
  drawnDomain: 0.5,
  drawnBox: 0.25,
  manyAccounts: { accounts24h: [2, 6], share: 1 },
}
const said = saidBy(mailDomainNew, own)
const old = { domain_age_days: 400, accounts_24h_domain: 1 }
test('a domain that is known says nothing', () => {
  expect(said({ areq: to('taro@shop.co.jp'), features: old })).toEqual({ silent: 'ordinary' })
})
test('one that is seen for the first time says a little, less each day', () => {
  expect(said({ areq: to('taro@shop.co.jp'), features: { ...old, domain_age_days: 0 } })).toMatchObject({
    weight: 0.5,
    reason: 'firstSeen',
  })
  expect(said({ areq: to('taro@shop.co.jp'), features: { ...old, domain_age_days: 3 } })).toMatchObject({
    weight: 0.25,
  })
})
test('registered lately, says the shop', () => {
  const signals = { domainAgeDays: 7 }
  expect(said({ areq: to('taro@shop.co.jp'), signals, features: old })).toEqual({
    weight: 1,
    reason: 'registeredLately',
    told: { n: 7 },
  })
})
test('drawn names and many cards add up, but not without end', () => {
  const features = { domain_age_days: 0, accounts_24h_domain: 6 }
  expect(said({ areq: to('xq7z9k2vw4@zxkqvwjh7q.com'), features })).toMatchObject({
    weight: 3,
    reason: 'manyAccounts',
    told: { n: 6 },
  })
})
test('of a provider only the box may look drawn, of a relay nothing', () => {
  const features = { domain_age_days: 0, accounts_24h_domain: 99 }
  expect(said({ areq: to('xq7z9k2vw4@gmail.com'), features })).toMatchObject({
    weight: 0.5,
    reason: 'drawnBox',
    told: {},
  })
  expect(said({ areq: to('xq7z9k2vw4@duck.com'), features })).toEqual({ silent: 'ordinary' })
})
