import { describe, expect, test } from 'vitest'
import { checkWords } from '../../src/risk/check-words.ts'
import { checks } from '../../src/risk/checks.ts'
import { defaultPolicy, hour, noon, purchase, World } from './support.ts'

test('every check is told in both languages, and nothing else is', () => {
  expect(Object.keys(checkWords).sort()).toEqual(checks.map(({ id }) => id).sort())
  for (const { en, ja } of Object.values(checkWords)) {
    expect(Object.keys(ja.params)).toEqual(Object.keys(en.params))
    for (const text of [en.title, en.about, ...Object.values(en.params)]) expect(text).toMatch(/^[\x20-\x7e’]+$/)
    for (const text of [ja.title, ja.about, ...Object.values(ja.params)])
      expect(text).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
  }
})

describe('the span of a check', () => {
  test('is what the default policy says, with what speaks for the holder below zero', () => {
    const spans = Object.fromEntries(
      defaultPolicy.checks.map(({ id, span }) => [id, span.map((end) => Math.round(end * 100) / 100)]),
    )
    expect(spans).toEqual({
      'amount-unlike-habit': [-0.5, 7.2],
      'first-device': [-0.8, 1],
      'account-velocity': [0, 3],
      'device-velocity': [0, 1.6],
      'ip-velocity': [0, 1],
      'ship-to-mismatch': [-0.1, 1.5],
      night: [0, 0.6],
      'country-mismatch': [0, 1.44],
      'email-domain': [0, 1.2],
      'merchant-category': [0, 1.5],
    })
  })

  test('holds whatever a purchase looks like', () => {
    const world = new World().seed(purchase.acctNumber ?? '', noon)
    const spans = new Map(defaultPolicy.checks.map(({ id, span }) => [id, span]))
    const wild = {
      purchaseAmount: '99999999',
      merchantCountryCode: '840',
      billAddrCountry: '840',
      shipAddrCountry: '826',
      browserIP: '198.51.100.7',
      browserLanguage: 'en-US',
      browserTZ: '300',
      email: 'x@mailinator.com',
      mcc: '6051',
      shipAddrLine1: 'Parcel Relay 7',
      merchantRiskIndicator: { shipIndicator: '03', giftCardAmount: '90000', giftCardCurr: '392', giftCardCount: '9' },
    }
    let seen = 0
    for (let i = 0; i < 60; i++) {
      const { evidence } = world.ask(
        { ...purchase, ...(i % 3 === 0 ? {} : wild) },
        noon + i * 1_000 + (i % 2) * 13 * hour,
      )
      for (const { checkId, weight } of evidence) {
        const span = spans.get(checkId)
        if (span === undefined) continue // the scorecard is none of the checks
        seen += 1
        expect(weight, checkId).toBeGreaterThanOrEqual(span[0])
        expect(weight, checkId).toBeLessThanOrEqual(span[1] + 1e-9)
      }
    }
    expect(seen).toBeGreaterThan(100)
  })
})
