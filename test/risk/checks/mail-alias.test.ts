import { expect, test } from 'vitest'
import { mailAlias } from '../../../src/risk/checks/mail-alias.ts'
import { saidBy } from './said.ts'

const to = (email: string) => ({ email })

const said = saidBy(mailAlias, { weight: 2, spellings30d: [2, 6], newcomers: { decay30d: [1, 5], share: 0.5 } })
const areq = to('taro+shop@gmail.com')
test('an alias alone is no sin', () => {
  expect(said({ areq, features: { others_30d_email: 1, newcomers_30d_email: 9 } })).toEqual({ silent: 'ordinary' })
})
test('many spellings of one box are', () => {
  expect(said({ areq, features: { others_30d_email: 4 } })).toEqual({
    weight: 1,
    reason: 'manySpellings',
    told: { n: 4 },
  })
})
test('new accounts under a few spellings are as well', () => {
  expect(said({ areq, features: { others_30d_email: 2, newcomers_30d_email: 4.9 } })).toMatchObject({
    reason: 'newcomers',
    told: { n: 5 },
  })
})
test('no address, nothing', () => {
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
})
