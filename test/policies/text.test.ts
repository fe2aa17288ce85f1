// A policy as anybody may write it: whatever it is, it is read or refused with words, and soon.
import { describe, expect, test } from 'vitest'
import { yamlNestsDeeper } from '../../src/acs/nesting.ts'
import { withNumber } from '../../src/acs/policies/set-number.ts'
import { cardNumberIn, looksLikeCard, readPolicy } from '../../src/acs/policies/text.ts'
import { loadPolicy, shippedPolicies } from '../../src/risk/policy.ts'
import { policyText } from '../risk/support.ts'
import { usual } from './support.ts'

const problemsOf = (text: string) => readPolicy(text, loadPolicy).problems

describe('a text that is nested deeper than a parser can follow', () => {
  test.each([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(30_000)],
    ['list in list', `${'- '.repeat(100_000)}x`],
    ['mapping in mapping', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['keys of keys', `${'a: ? '.repeat(5_000)}x`],
    ['a part of itself', 'a: &a\n  b: *a\n'],
  ])('of %s is refused', (_, text) => {
    expect(problemsOf(text)).toEqual([{ path: '', message: 'nested too deeply' }])
    expect(withNumber(text, ['a'], 1)).toBeUndefined()
  })

  test('is no shipped policy, and no text with brackets in its words', () => {
    for (const name of shippedPolicies) expect(yamlNestsDeeper(policyText(name)), name).toBe(false)
    const words = `${usual}# ${'[{'.repeat(500)}\n`.replace('name: default', `name: default # ${'- ? '.repeat(500)}`)
    expect(problemsOf(words)).toEqual([])
    expect(yamlNestsDeeper(`a: "${'[{'.repeat(500)}"\nb: x${'['.repeat(500)}\n`)).toBe(false)
  })
})

test('names that are there twice, or are no names, are told by line; a mapping of very many names is none of ours', () => {
  expect(problemsOf(`${usual}base: 1\n`)).toMatchObject([
    { message: 'Map keys must be unique', line: usual.split('\n').length },
  ])
  expect(problemsOf('? [a]\n: 1\n')).toMatchObject([{ message: 'a name expected', line: 1 }])
  const many = Array.from({ length: 45_000 }, (_, i) => `k${i}: 1`).join('\n')
  const began = performance.now()
  expect(problemsOf(many)).toMatchObject([{ message: 'more than 1000 names', line: 1 }])
  expect(performance.now() - began).toBeLessThan(30_000) // each with each took minutes
})

test.each([
  'pan=4111111111111111',
  'the card 4111111111111111.',
  '/4111111111111111',
  '４１１１１１１１１１１１１１１１',
  'a line\n# 4111-1111-1111-1111, seen',
])('a card number is found in %j', (text) => {
  expect(cardNumberIn(text)).toBe(text.split('\n').length)
})

test.each(['0.4111111111111111', 'key:a4111111111111111b', '4111111111111112', 'weight: 41.11111111111111'])(
  'no card number is found in %j',
  (text) => {
    expect(cardNumberIn(text)).toBeUndefined()
  },
)

describe('a name', () => {
  test.each([
    '4111111111111111',
    '４１１１１１１１１１１１１１１１',
    'card-4111 1111 1111 1111',
    '5555-5555-5555-4444',
    '3782 822463 10005',
    '378282246310005',
    '2223003122003222',
    'x.4111111111111111.y',
  ])('that is a card number is found: %s', (name) => {
    expect(looksLikeCard(name)).toBe(true)
  })

  test('with a time, a day or many digits is none, whatever their check digit', () => {
    const names = Array.from({ length: 200 }, (_, i) => [
      String(1_795_400_671_018 + i),
      `review-1027-${1_795_400_671_018 + i}`,
      `2026112302${String(3_000 + i)}`,
      `123456-20261123-${String(1_234_567_000 + i)}`,
    ]).flat()
    expect(names.filter(looksLikeCard)).toEqual([])
  })
})
