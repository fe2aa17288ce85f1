// What numbers a policy may hold: whatever is written, a score is a number, exact, and held against its thresholds as it is.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { bandOf } from '../../src/risk/decide.ts'
import { featureNames, newFeatures } from '../../src/risk/features.ts'
import { loadPolicy, type Policy, PolicyError } from '../../src/risk/policy.ts'
import { newScratch, weighInto } from '../../src/risk/score.ts'
import { noon, policyText, purchase, World } from './support.ts'

const bare = policyText('always-challenge')
const withBase = (base: string): string => policyText('default').replace(/^base: .*$/m, `base: ${base}`)
const problemsOf = (text: string): readonly string[] => {
  try {
    loadPolicy(text)
    return []
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(({ path }) => path)
    throw error
  }
}

const { facts } = new World().answer(purchase, noon)
function weighed(policy: Policy, features = newFeatures()) {
  const scratch = newScratch(policy, facts, features)
  return { score: weighInto(scratch, features, facts, policy), weights: scratch.weights }
}

describe('the score', () => {
  property.prop([fc.double({ min: -1_000, max: 1_000, noNaN: true }), fc.constantFrom('default', 'rules-jp')])(
    'is base and parts in any order, whatever the base',
    (base, name) => {
      const policy = loadPolicy(policyText(name).replace(/^base: .*$/m, `base: ${base}`))
      const { score, weights } = weighed(policy)
      const spoken = [...weights].filter((weight) => !Number.isNaN(weight))
      expect(spoken.toReversed().reduce((sum, weight) => sum + weight, policy.base)).toBe(score)
      expect(spoken.reduce((sum, weight) => sum + weight, 0) + policy.base).toBe(score)
      expect(score - policy.base).toBe(spoken.reduce((sum, weight) => sum + weight, 0))
    },
  )

  property.prop([
    fc.array(
      fc.record({
        feature: fc.constantFrom(...featureNames),
        weight: fc.double({ noNaN: true, noDefaultInfinity: true }),
      }),
      { minLength: 1, maxLength: 20 },
    ),
    fc.array(fc.double({ min: -1e300, max: 1e300 }), {
      minLength: featureNames.length,
      maxLength: featureNames.length,
    }),
  ])('of whatever scorecard and features is a number', (entries, values) => {
    const rows = entries.map(({ feature, weight }) => `  - { feature: ${feature}, weight: ${JSON.stringify(weight)} }`)
    const policy = loadPolicy(`${bare}\nscorecard:\n${rows.join('\n')}\n`)
    const { score, weights } = weighed(policy, Float64Array.from(values))
    expect(Number.isFinite(score)).toBe(true)
    const sum = weights.at(-1) ?? Number.NaN
    expect(score).toBe(policy.base + (Number.isNaN(sum) ? 0 : sum))
  })

  test('reaches a threshold that is the sum of its parts', () => {
    const policy = loadPolicy(
      `${bare.replace(/^base: .*$/m, 'base: 0')}\nscorecard:\n  - { feature: n_1h_account, weight: 0.1 }\n`,
    )
    const features = newFeatures()
    features[featureNames.indexOf('n_1h_account')] = 1
    expect(bandOf(weighed(policy, features).score, { challenge: 0.1, reject: 5 })).toBe('medium')
    expect(bandOf(0, { challenge: 0.1, reject: 5 })).toBe('low')
  })
})

test.each([['1e300'], ['-2000'], ['1e999'], ['.inf'], ['.nan']])('a base of %s is refused', (base) => {
  expect(problemsOf(withBase(base))).toEqual(['base'])
})

test.each([
  ['an alias of nothing', 'base: *nothing'],
  [
    'aliases that hold each other ten times over',
    [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
        (name, i) => `${name}: &${name} [${new Array(10).fill(`*${'abcdefg'[i]}`).join(', ')}]`,
      ),
    ].join('\n'),
  ],
])('%s is a problem of the policy, and no crash', (_what, text) => {
  expect(problemsOf(text)).toEqual([''])
})

describe('limits in euros', () => {
  const withoutEuro = (more: string): string => `${bare.replace(/^( *rates: ).*$/m, "$1{ '840': 150 }")}\n${more}\n`
  test('are refused where nobody knows what a euro is', () => {
    expect(
      problemsOf(
        withoutEuro(
          'limits: { frictionless: { sumEUR: 100 }, lowValue: { upToEUR: 30 } }\ntra: { referenceRateBps: 5 }',
        ),
      ),
    ).toEqual(['limits.frictionless.sumEUR', 'limits.lowValue', 'tra'])
    expect(problemsOf(withoutEuro('limits: { frictionless: { count: 5 } }'))).toEqual([])
  })
})
