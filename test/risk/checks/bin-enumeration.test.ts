import { expect, test } from 'vitest'
import { binEnumeration } from '../../../src/risk/checks/bin-enumeration.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(binEnumeration, { weight: 2, fresh1h: [5, 25], timesUsual: [1, 3] })
const of = (fresh_1h_range: number, anHour: number, account_age_days = Number.NaN) =>
  said({
    areq: purchase,
    features: { fresh_1h_range, decay_24h_range: (anHour * 24) / Math.LN2, account_age_days },
  })

test('a card with a history is no new number', () => {
  expect(of(100, 1, 3)).toEqual({ silent: 'known' })
})

test('a big issuer has many new cards and is no robot', () => {
  expect(of(100, 5_000)).toEqual({ silent: 'ordinary' })
})

test('a few new cards of a small BIN are ordinary', () => {
  expect(of(5, 0.1)).toEqual({ silent: 'ordinary' })
})

test('new numbers speak as far as both counts are unusual', () => {
  expect(of(15, 1)).toEqual({ weight: 1, reason: 'freshCards', told: { n: 15 } })
  const besides = of(40, 20)
  expect('weight' in besides && besides.weight).toBeCloseTo(1, 9)
  expect(of(300, 2)).toMatchObject({ weight: 2 })
})
