import { fc, test as prop } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { toGrain } from '../../../src/risk/scorers/grain.ts'
import { readScorer } from '../../../src/risk/scorers/read.ts'
import { sharesOf } from '../../../src/risk/scorers/shares.ts'
import { about, sumOf } from './support.ts'

const engine = ['a', 'b', 'c']
const positionOf = (name: string): number => engine.indexOf(name)
const model = JSON.stringify({
  format: 'sekisho-logistic',
  formatVersion: 1,
  intercept: -1,
  terms: [
    { feature: 'f0', weight: 1 },
    { feature: 'c', weight: -2 },
    { feature: 'a', weight: 0.5 },
  ],
})
const scorer = readScorer(about('logistic', { features: { f0: 'b' } }), model, engine)

test('features have the engine’s names and values, and stand in the order of what they added', () => {
  const entry = { scorer, weight: 0.5, cap: Number.POSITIVE_INFINITY }
  expect(sharesOf(entry, 0.5 * (-1 + 3 - 4), Float64Array.of(0, 3, 2), positionOf)).toEqual({
    base: -0.5,
    shares: [
      { feature: 'c', value: 2, share: -2 },
      { feature: 'b', value: 3, share: 1.5 },
    ],
  })
})

const number = fc.double({ min: -100, max: 100, noNaN: true })
const weight = fc.double({ min: -3, max: 3, noNaN: true })
const cap = fc.double({ min: 0.01, max: 5, noNaN: true })
prop.prop([number, number, number, weight, cap])(
  'base and shares are the weight exactly, also at its cap',
  (a, b, c, w, most) => {
    const event = Float64Array.of(a, b, c)
    const whole = toGrain(Math.min(Math.max(scorer.logOdds(event) * w, -most), most))
    const told = sharesOf({ scorer, weight: w, cap: most }, whole, event, positionOf)
    expect(sumOf(told?.base ?? Number.NaN, told?.shares.map(({ share }) => share) ?? [])).toBe(whole)
  },
)

test('who abstains has no shares', () => {
  expect(sharesOf({ scorer, weight: 1, cap: 9 }, Number.NaN, Float64Array.of(1, 2, 3), positionOf)).toBeUndefined()
})
