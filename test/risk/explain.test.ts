import { describe, expect, test } from 'vitest'
import type { Evidence, Params } from '../../src/risk/check.ts'
import { reasonCodes, sentenceFor } from '../../src/risk/checks.ts'
import { explain } from '../../src/risk/explain.ts'
import { defaultPolicy, hour, noon, purchase, World } from './support.ts'

const codes = [...reasonCodes]
const languages = ['en', 'ja'] as const
const params = {
  amount: 24800,
  usual: 2087,
  ratio: 11.88,
  n: 14,
  window: '10m',
  country: '840',
}
const ofForm: Readonly<Record<string, string | number>> = { country: '840', window: '24h', money: 24800 }
/** A value for each number of a sentence. */
const paramsOf = (code: string): Params =>
  Object.fromEntries(
    [...(sentenceFor(code)?.en ?? '').matchAll(/\{(\w+)(?::(\w+))?\}/g)].map(([, name = '', form = '']) => [
      name,
      ofForm[form] ?? 14,
    ]),
  )

describe.each(languages)('in %s', (lang) => {
  test.each(codes)('%s is a sentence without gaps', (code) => {
    const evidence: Evidence = { checkId: 'x', code, weight: 1, params: paramsOf(code), paths: ['email'] }
    const sentence = explain([evidence], lang, defaultPolicy).items[0]?.sentence ?? ''
    expect(sentence.length).toBeGreaterThan(9)
    expect(sentence).not.toMatch(/[{}?]|undefined|NaN/)
    expect(/[぀-ヿ]/.test(sentence)).toBe(lang === 'ja')
  })
})

test('a sentence says the parameters in the money, numbers and country names of its language', () => {
  const evidence: readonly Evidence[] = [
    { checkId: 'amount-unlike-habit', code: 'amount-unlike-habit.unlikeHabit', weight: 4.2, params, paths: [] },
    { checkId: 'account-velocity', code: 'account-velocity.busy', weight: 1, params, paths: [] },
    { checkId: 'country-mismatch', code: 'country-mismatch.merchant', weight: 1, params, paths: [] },
  ]
  expect(explain(evidence, 'en', defaultPolicy).items.map(({ sentence }) => sentence)).toEqual([
    'The amount of ¥24,800 is 12 times what this card usually pays (¥2,087).',
    'This card was used 14 times in the last 10 minutes.',
    'The country of the shop is United States, where this card has not been used before.',
  ])
  expect(explain(evidence, 'ja', defaultPolicy).items.map(({ sentence }) => sentence)).toEqual([
    '金額 ￥24,800 は、このカードのいつもの金額（￥2,087）の12倍です。',
    'このカードは直近10分間に14回使われています。',
    '加盟店の国（アメリカ合衆国）で、このカードが使われるのは初めてです。',
  ])
})

test('the parts of an explanation add up to the score, with the band of it', () => {
  const world = new World().seed('4111110000000021', noon)
  const asked = world.ask({ ...purchase, purchaseAmount: '24800', browserTZ: '0' }, noon + 15 * hour)
  const explained = explain(asked.evidence, 'en', defaultPolicy)
  expect(explained.total).toBe(asked.score)
  expect(explained.band).toBe(asked.decision.band)
  expect(explained.base).toBe(defaultPolicy.base)
  expect(explained.items.map(({ checkId }) => checkId)).toEqual(asked.evidence.map(({ checkId }) => checkId))
  for (const { sentence } of explained.items) expect(sentence).not.toMatch(/[{}?]/)
})
