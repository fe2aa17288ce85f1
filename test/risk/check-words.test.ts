import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { seeds as seedList } from '../../src/cli/checks-page.ts'
import { checkFiles, checkList } from '../../src/cli/generate-checks.ts'
import { checks } from '../../src/risk/checks.ts'
import { defaultPolicy, hour, noon, purchase, World } from './support.ts'

test('the list of checks is made from the files', () => {
  expect(readFileSync(new URL('../../src/risk/check-list.ts', import.meta.url), 'utf8')).toBe(checkList(checkFiles()))
})

test('every check that others name is answered by one of ours', () => {
  const answered = new Set(checks.flatMap((check) => check.seeds))
  expect(Object.keys(seedList).filter((id) => !answered.has(id))).toEqual([])
})

describe.each(checks.map((check) => [check.id, check] as const))('%s', (_id, { words, reasons, silent, seeds }) => {
  test('is told in both languages, with every parameter, reason and silence', () => {
    expect(Object.keys(words.ja.params)).toEqual(Object.keys(words.en.params))
    const sentences = [...Object.values(reasons), ...Object.values(silent)]
    for (const text of [
      words.en.title,
      words.en.about,
      ...Object.values(words.en.params),
      ...sentences.map(({ en }) => en),
    ])
      expect(text).toMatch(/^[\x20-\x7e’–]+$/)
    for (const text of [
      words.ja.title,
      words.ja.about,
      ...Object.values(words.ja.params),
      ...sentences.map(({ ja }) => ja),
    ])
      expect(text).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
    for (const { en, ja } of sentences) expect(numbersIn(ja)).toEqual(numbersIn(en))
    expect(Object.keys(reasons).length).toBeGreaterThan(0)
  })

  test('answers checks of the seed list by their ids', () => {
    for (const seed of seeds) expect(seed).toMatch(/^(EM|NA|DV|PH|BH|SN)-[1-9]$/)
  })
})

/** What a sentence tells, by name, whatever its form and order. */
const numbersIn = (sentence: string): readonly string[] => (sentence.match(/\{\w+(?::\w+)?\}/g) ?? []).sort()

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
      'failed-attempts': [0, 2],
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
