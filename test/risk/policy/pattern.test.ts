// Patterns of policies against the regular expressions of the language, and against texts that are made to be slow.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { longestText, PatternError, patternOf } from '../../../src/risk/policy/pattern.ts'

const letters = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '0', 'é', '名')
const pattern: fc.Arbitrary<string> = fc.letrec<{ any: string; one: string }>((tie) => ({
  any: fc
    .array(
      fc
        .tuple(tie('one'), fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{1,}', '{0,2}'))
        .map(([one, times]) => `${one}${times}`),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join('')),
  one: fc.oneof(
    { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
    letters,
    tie('any').map((inner) => `(${inner})`),
    fc.tuple(tie('any'), tie('any')).map(([left, right]) => `(?:${left}|${right})`),
  ),
})).any
const edges = fc
  .tuple(fc.constantFrom('', '^'), pattern, fc.constantFrom('', '$'))
  .map((parts) => parts.join(''))
  .filter((source) => source.length < 60)
const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '0', '_', 'é', '名', '😀'), maxLength: 8 })

property.prop([edges, texts], { numRuns: 1_000 })('a pattern finds what a regular expression finds', (source, text) => {
  expect(patternOf(source)(text)).toBe(new RegExp(source, 'su').test(text))
})

describe('a pattern', () => {
  test.each([
    ['^4[0-9]{3}$', ['4111'], ['411', '41111', 'x4111']],
    ['(?i)^curl/', ['curl/8', 'CURL/7', 'Curl/'], ['a curl/8']],
    ['(?i)[k-m]', ['K', 'l'], ['J', 'n']],
    ['headless|bot|Robot', ['a bot', 'headless'], ['human']],
    ['a\\.b', ['a.b'], ['axb']],
    ['\\S+@\\S+', ['a@b'], ['@', 'a @ b']],
    ['[]a]', [']', 'a'], ['b']],
    ['[a-]', ['-', 'a'], ['b']],
    ['^$', [''], ['a']],
  ] as const)('%s', (source, yes, no) => {
    const finds = patternOf(source)
    for (const text of yes) expect([text, finds(text)]).toEqual([text, true])
    for (const text of no) expect([text, finds(text)]).toEqual([text, false])
  })

  test.each([
    ['(a', /not closed at character 3/],
    ['a)', /without \(/],
    ['[a', /not closed/],
    ['*a', /nothing to repeat at character 1/],
    ['a**', /nothing to repeat/],
    ['a+?', /lazy/],
    ['^*', /nothing to repeat/],
    ['(?=a)', /not known/],
    ['(?<!a)b', /not known/],
    ['(a)\\1', /\\1 is not known/],
    ['a{2,1}', /goes down/],
    ['a{x}', /wants numbers/],
    ['[z-a]', /goes down/],
    ['a\\', /at the end/],
    ['a'.repeat(501), /500/],
    ['(((a{99}){99}){99}){99}', /too large/],
    ['(((){999}){999}){999}', /too large/],
    ['('.repeat(40), /too many brackets/],
  ])('%s is refused', (source, message) => {
    expect(() => patternOf(source)).toThrow(PatternError)
    expect(() => patternOf(source)).toThrow(message)
  })

  test.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', 'a*a*a*a*a*a*b', '(.*)*x', '((a?){30}){1,9}b'])(
    '%s ends on a text that is made to be slow',
    (source) => {
      expect(patternOf(source)(`${'a'.repeat(longestText - 1)}!`)).toBe(false)
    },
  )

  test('looks at the beginning of a text only', () => {
    expect(patternOf('b')(`${'a'.repeat(longestText)}b`)).toBe(false)
  })
})
