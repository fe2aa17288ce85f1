import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { calibrated, calibratorSchema, logOddsOf, probabilityOf } from '../../../src/risk/calibrators.ts'
import { readScorer } from '../../../src/risk/scorers/read.ts'
import type { ScorerAbout } from '../../../src/risk/scorers/scorer.ts'
import { about, contributionsOf, problemsOf, sumOf } from './support.ts'

const engine = ['a', 'b']
const model = JSON.stringify({
  format: 'sekisho-logistic',
  formatVersion: 1,
  intercept: -1,
  terms: [
    { feature: 'a', weight: 2 },
    { feature: 'b', weight: -0.7 },
  ],
})
const scorerWith = (calibrator: ScorerAbout['calibrator']) =>
  readScorer(about('logistic', { calibrator }), model, engine)

const points = [
  [-2, 0.01],
  [0, 0.2],
  [3, 0.2],
  [5, 0.9],
] as [number, number][]

describe('isotonic', () => {
  const toLogOdds = calibrated({ kind: 'isotonic', points })
  const probability = (score: number): number => probabilityOf(toLogOdds(score))

  test('is linear in the probability between the points, constant outside', () => {
    expect(probability(-2)).toBeCloseTo(0.01, 12)
    expect(probability(-1)).toBeCloseTo(0.105, 12)
    expect(probability(1.5)).toBeCloseTo(0.2, 12)
    expect(probability(4)).toBeCloseTo(0.55, 12)
    expect(probability(-99)).toBeCloseTo(0.01, 12)
    expect(probability(99)).toBeCloseTo(0.9, 12)
  })
  test('gives finite log-odds of 0 and 1', () => {
    expect(logOddsOf(0)).toBeCloseTo(-logOddsOf(1), 3)
    expect(logOddsOf(1)).toBeCloseTo(Math.log(1e12), 3)
  })
  test('is refused where it would turn the order of scores around', () => {
    const problem = (bad: [number, number][]) =>
      calibratorSchema.safeParse({ kind: 'isotonic', points: bad }).error?.issues[0]
    expect(problem([...points, [6, 0.8]])).toMatchObject({ path: ['points', 4, 1] })
    expect(problem([...points, [5, 0.95]])).toMatchObject({ path: ['points', 4, 0] })
    expect(
      problem([
        [0, 1.2],
        [1, 1.3],
      ]),
    ).toMatchObject({ path: ['points', 0, 1] })
    expect(problem([[0, 0.5]])).toMatchObject({ path: ['points'] })
  })
})

test('Platt stretches and moves the log-odds, and every contribution with them', () => {
  const scorer = scorerWith({ kind: 'platt', on: 'logOdds', slope: 0.5, intercept: 0.25 })
  const values = Float64Array.of(3, 1)
  expect(scorer.logOdds(values)).toBeCloseTo(0.5 * (-1 + 6 - 0.7) + 0.25, 8)
  const { base, out } = contributionsOf(scorer, values)
  expect(base).toBeCloseTo(-0.25, 8)
  expect(out[0]).toBeCloseTo(3, 8)
})

const anyCalibrator = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.record({
    kind: fc.constant('platt' as const),
    on: fc.constant('logOdds' as const),
    slope: fc.double({ min: 0.01, max: 20, noNaN: true }),
    intercept: fc.double({ min: -20, max: 20, noNaN: true }),
  }),
  fc
    .array(fc.tuple(fc.double({ min: 1e-9, max: 3, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 2,
      maxLength: 8,
    })
    .map((steps) => {
      const probabilities = steps.map(([, probability]) => probability).sort((a, b) => a - b)
      let score = -4
      return {
        kind: 'isotonic' as const,
        points: steps.map(([step], i): [number, number] => {
          score += step
          return [score, probabilities[i] ?? 0]
        }),
      }
    }),
)
const value = fc.oneof(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.constant(Number.NaN))

prop.prop([anyCalibrator, value, value])(
  'whatever calibrates, contributions sum to the log-odds exactly',
  (calibrator, a, b) => {
    const scorer = scorerWith(calibrator)
    const values = Float64Array.of(a, b)
    const { base, out } = contributionsOf(scorer, values)
    expect(sumOf(base, out)).toBe(scorer.logOdds(values))
    expect(Number.isFinite(scorer.logOdds(values))).toBe(true)
  },
)

prop.prop([anyCalibrator, value, value])('no calibrator turns the order of scores around', (calibrator, a, b) => {
  const scorer = scorerWith(calibrator)
  const plain = scorerWith({ kind: 'none' })
  const one = Float64Array.of(a, 0)
  const other = Float64Array.of(b, 0)
  if (plain.logOdds(one) <= plain.logOdds(other)) expect(scorer.logOdds(one)).toBeLessThanOrEqual(scorer.logOdds(other))
})

describe('a calibrator that does not fit the score', () => {
  const iforest = JSON.stringify({
    format: 'sekisho-iforest',
    formatVersion: 1,
    features: engine,
    sampleSize: 8,
    trees: [{ feature: [0], threshold: [1], left: [-1], right: [-2], missingLeft: [1], size: [5, 3] }],
  })
  test('an anomaly score is no log-odds until something calibrates it', () => {
    expect(problemsOf(about('iforest'), iforest, engine)?.[0]?.path).toBe('calibrator')
    const wrong = { kind: 'platt', on: 'logOdds', slope: 1, intercept: 0 } as const
    expect(problemsOf(about('iforest', { calibrator: wrong }), iforest, engine)?.[0]?.path).toBe('calibrator.on')
    expect(
      problemsOf(about('iforest', { calibrator: { kind: 'isotonic', points }, genuineKept: 0.5 }), iforest, engine)?.[0]
        ?.path,
    ).toBe('genuineKept')
  })
  test('log-odds are calibrated as such', () => {
    const wrong = { kind: 'platt', on: 'score', slope: 1, intercept: 0 } as const
    expect(problemsOf(about('logistic', { calibrator: wrong }), model, engine)?.[0]?.path).toBe('calibrator.on')
  })
  test('a slope of 0 or below, which would turn it around, is refused', () => {
    const wrong = { kind: 'platt', on: 'logOdds', slope: -1, intercept: 0 } as const
    expect(problemsOf(about('logistic', { calibrator: wrong }), model, engine)?.[0]?.path).toBe('calibrator.slope')
  })
})
