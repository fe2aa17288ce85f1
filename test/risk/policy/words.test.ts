import { describe, expect, test } from 'vitest'
import { operators } from '../../../src/risk/policy/conditions.ts'
import { conditionWords, ruleWords } from '../../../src/risk/policy/words.ts'
import { loadPolicy, shippedPolicies } from '../../../src/risk/policy.ts'
import { policyText, shipped } from '../support.ts'

describe('a rule in words', () => {
  test('says its condition and what follows, in both languages', () => {
    const { rules } = loadPolicy(policyText('default'))
    expect(rules.map((rule) => ruleWords(rule, 'en'))).toEqual([
      'If something is on the deny list: the answer is R with reason 11.',
      'If something is on the allow list: passes without a challenge.',
      'If feature.n_1h_account is at least 40: the answer is N with reason 04.',
    ])
    expect(rules.map((rule) => ruleWords(rule, 'ja'))[2]).toBe(
      'feature.n_1h_account が 40 以上なら、回答は N（理由 04）。',
    )
  })

  test('of groups keeps them together', () => {
    const source = {
      all: [
        { of: 'areq.mcc', in: ['5815', '6540'] },
        { any: [{ of: 'amount', ge: 10, lt: 20 }, { reason: 'first-device.first' }] },
        { not: { listed: 'allow', kind: 'card' } },
      ],
    } as const
    expect(conditionWords(source, 'en')).toBe(
      'areq.mcc is one of 5815, 6540 and (amount is at least 10 and amount is below 20 or a check says “This card has not been used on this device before”) and not: card is on the allow list',
    )
    expect(conditionWords(source, 'ja')).toContain('「card が許可リストに該当」でない')
  })

  test.each(operators)('has words for %s', (operator) => {
    for (const lang of ['en', 'ja'] as const) {
      const text = conditionWords({ of: 'score', [operator]: 7 }, lang)
      expect(text).toMatch(/^score ?\S/)
      if (lang === 'ja') expect(text).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
    }
  })

  test.each(shippedPolicies)('of %s is a whole sentence', (name) => {
    for (const rule of shipped(name).rules)
      for (const lang of ['en', 'ja'] as const) expect(ruleWords(rule, lang)).not.toMatch(/undefined|\{|\}|…: /)
  })
})
