import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readScorer } from '../../../src/risk/scorers/read.ts'
import { shuffled, sumOf } from './support.ts'

const folder = new URL('../../../spec-fixtures/models/', import.meta.url)
const fixture = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

type Cases = {
  readonly features: readonly string[]
  readonly inputs: readonly (readonly (number | null)[])[]
  readonly predictions: Readonly<
    Record<
      string,
      {
        readonly margin: readonly number[]
        readonly probability: readonly number[]
        readonly contributions: readonly (readonly number[])[]
      }
    >
  >
}
const cases = JSON.parse(fixture('xgboost-cases.json')) as Cases
const inputs = cases.inputs.map((row) => Float64Array.from(row, (value) => value ?? Number.NaN))

const about = { kind: 'xgboost', name: 'fixture', version: '1' } as const
const models = Object.entries(cases.predictions)

test('the fixture holds what is hard: missing values, categories, two boosters', () => {
  expect(models.map(([name]) => name)).toEqual(['xgboost-hist', 'xgboost-dart'])
  expect(inputs.length).toBeGreaterThan(200)
  expect(inputs.filter((row) => row.some(Number.isNaN)).length).toBeGreaterThan(50)
  expect(inputs.filter((row) => (row[6] ?? 0) >= 40).length).toBeGreaterThan(3)
  const sizes = [...fixture('xgboost-hist.json').matchAll(/"categories_sizes":\[([\d,]*)\]/g)].flatMap(([, list]) =>
    (list ?? '').split(',').filter(Boolean).map(Number),
  )
  expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(10) // one category against the rest
  expect(sizes.filter((size) => size > 1).length).toBeGreaterThan(10) // a set of them
})

describe.each(models)('%s', (name, predicted) => {
  const scorer = readScorer(about, fixture(`${name}.json`), cases.features)

  test('is scored as XGBoost itself does', () => {
    for (const [i, input] of inputs.entries()) {
      const logOdds = scorer.logOdds(input)
      expect(Math.abs(logOdds - (predicted.margin[i] ?? 0)), `margin of ${i}`).toBeLessThan(1e-6)
      const probability = 1 / (1 + Math.exp(-logOdds))
      expect(Math.abs(probability - (predicted.probability[i] ?? 0)), `probability of ${i}`).toBeLessThan(1e-6)
    }
    expect(predicted.margin).toHaveLength(inputs.length)
  })

  test('contributions are what XGBoost gives along the paths, and add up to the score exactly', () => {
    const out = new Float64Array(scorer.features.length)
    for (const [i, input] of inputs.entries()) {
      const base = scorer.contributions(input, out)
      expect(sumOf(base, out)).toBe(scorer.logOdds(input))
      expect(sumOf(base, shuffled(out, i))).toBe(scorer.logOdds(input))
      if (i % 5 !== 0) continue
      const own = [...out, base]
      for (const [at, contribution] of predicted.contributions[i / 5]?.entries() ?? [])
        expect(Math.abs(contribution - (own[at] ?? 0)), `contribution ${at} of ${i}`).toBeLessThan(5e-6)
    }
  })

  test('features are found by name, wherever the engine keeps them', () => {
    const engine = ['one', ...cases.features.toReversed(), 'two']
    const moved = readScorer(about, fixture(`${name}.json`), engine)
    for (const input of inputs.slice(0, 40))
      expect(moved.logOdds(Float64Array.of(7, ...input.toReversed(), 8))).toBe(scorer.logOdds(input))
  })
})

test('a model without names takes them from the policy', () => {
  const model = JSON.parse(fixture('xgboost-dart.json').replaceAll('NaN', 'null'))
  model.learner.feature_names = []
  const features = Object.fromEntries(cases.features.map((name, i) => [`f${i}`, name]))
  const scorer = readScorer({ ...about, features }, JSON.stringify(model), cases.features)
  const named = readScorer(about, fixture('xgboost-dart.json'), cases.features)
  for (const input of inputs.slice(0, 40)) expect(scorer.logOdds(input)).toBe(named.logOdds(input))
})

test('what other versions write is read as well: base_score in brackets, default_left as true and false', () => {
  const model = JSON.parse(fixture('xgboost-hist.json').replaceAll('NaN', 'null'))
  model.learner.learner_model_param.base_score = '[2E-1]'
  for (const tree of model.learner.gradient_booster.model.trees)
    tree.default_left = tree.default_left.map((flag: number) => flag === 1)
  const scorer = readScorer(about, JSON.stringify(model), cases.features)
  const plain = readScorer(about, fixture('xgboost-hist.json'), cases.features)
  for (const input of inputs.slice(0, 40)) expect(scorer.logOdds(input)).toBe(plain.logOdds(input))
})
