import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { fitIsotonic, fitPlatt } from '../../../src/lab/train/calibrate.ts'
import { calibrated, calibratorSchema, probabilityOf } from '../../../src/risk/calibrators.ts'
import { madeUp } from './support.ts'

describe('Platt', () => {
  test('of two scores gives each its own rate', () => {
    // At 0 one of five is fraud, at 2 three of four: log-odds ln(1/4) and ln 3.
    const scores = Float64Array.of(0, 0, 0, 0, 0, 2, 2, 2, 2)
    const { calibrator } = fitPlatt(scores, Uint8Array.of(1, 0, 0, 0, 0, 1, 1, 1, 0), 'logOdds')
    expect(calibrator.intercept).toBeCloseTo(Math.log(1 / 4), 10)
    expect(calibrator.slope).toBeCloseTo((Math.log(3) - Math.log(1 / 4)) / 2, 10)
    expect(calibratorSchema.parse(calibrator)).toEqual(calibrator)
  })

  prop.prop([fc.nat(500)], { numRuns: 10 })(
    'ends with no slope left: mean probability and mean score are those of the labels',
    (seed) => {
      const { matrix, y } = madeUp(2_000, 1, `platt ${seed}`, (row) => -3 + 2 * (row[0] ?? 0))
      const scores = matrix.columns[0] ?? new Float64Array()
      const { calibrator, gradient } = fitPlatt(scores, y, 'score')
      expect(gradient).toBeLessThan(1e-9)
      const toLogOdds = calibrated(calibrator)
      let [rest, weighted] = [0, 0]
      for (const [i, score] of scores.entries()) {
        const residual = probabilityOf(toLogOdds(score)) - (y[i] ?? 0)
        rest += residual
        weighted += residual * score
      }
      expect(Math.abs(rest)).toBeLessThan(1e-6)
      expect(Math.abs(weighted)).toBeLessThan(1e-6)
    },
  )

  test('refuses what has no end, and what turns the order round', () => {
    expect(() => fitPlatt(Float64Array.of(1, 2, 3, 4), Uint8Array.of(0, 0, 1, 1), 'score')).toThrow(/no end/)
    expect(() => fitPlatt(Float64Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(1, 1, 0, 1, 0, 0), 'score')).toThrow(/order/)
    expect(() => fitPlatt(Float64Array.of(1, 1), Uint8Array.of(0, 1), 'score')).toThrow(/alike/)
  })
})

/** The rising values with the least squares, by the formula of greatest lower and least upper means: no pooling. */
function minimax(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const from = Array.from({ length: i + 1 }, (_, k) =>
      Math.min(
        ...Array.from({ length: values.length - i }, (_, m) => {
          const part = values.slice(k, i + m + 1)
          return part.reduce((sum, value) => sum + value, 0) / part.length
        }),
      ),
    )
    return Math.max(...from)
  })
}

describe('isotonic regression', () => {
  prop.prop([
    fc.array(fc.nat(1), { minLength: 2, maxLength: 12 }).filter((labels) => new Set(labels).size === 2),
    fc.nat(100),
  ])('is the rising function with the least squares', (labels, shuffle) => {
    const scores = Float64Array.from(labels, (_, i) => i * 1.5)
    // In any order of the rows.
    const order = labels.map((_, i) => i).sort((a, b) => ((a * 7 + shuffle) % 13) - ((b * 7 + shuffle) % 13) || a - b)
    const { points } = fitIsotonic(
      Float64Array.from(order, (i) => scores[i] as number),
      Uint8Array.from(order, (i) => labels[i] as number),
    )
    const at = (score: number): number => {
      const next = points.findIndex(([x]) => x >= score)
      const [x1 = 0, y1 = 0] = points[next] ?? []
      const [x0 = x1, y0 = y1] = points[Math.max(0, next - 1)] ?? []
      return x1 === x0 ? y1 : y0 + ((y1 - y0) * (score - x0)) / (x1 - x0)
    }
    const wanted = minimax(labels)
    for (const [i, score] of scores.entries()) expect(at(score)).toBeCloseTo(wanted[i] ?? -1, 12)
  })

  test('takes equal scores together first', () => {
    const { points } = fitIsotonic(Float64Array.of(1, 1, 2, 2, 3, 3), Uint8Array.of(0, 1, 0, 0, 1, 1))
    expect(points).toEqual([
      [1, 0.25],
      [2, 0.25],
      [3, 1],
    ])
  })

  test('is one that the policy reads, however many scores there are', () => {
    const { matrix, y } = madeUp(60_000, 1, 'points', (row) => -3 + 2 * (row[0] ?? 0))
    const calibrator = fitIsotonic(matrix.columns[0] ?? new Float64Array(), y)
    expect(calibratorSchema.parse(calibrator)).toEqual(calibrator)
    const rates = calibrator.points.map(([, rate]) => rate)
    expect(rates).toEqual(rates.toSorted((a, b) => a - b))
  })
})
