import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { fitLogistic, type LogisticFit, logisticFile } from '../../../src/lab/train/logistic.ts'
import type { Matrix } from '../../../src/lab/train/matrix.ts'
import { known, madeUp, matrixOf, namesOf, scoresOf, served } from './support.ts'

/** The objective of the definition and its gradient, written down once more and without any care for speed. */
function plainly(matrix: Matrix, y: Uint8Array, c: number, w: readonly number[], b: number) {
  const standardised = matrix.columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length)
    return column.map((value) => (value - mean) / deviation)
  })
  let objective = w.reduce((sum, weight) => sum + weight ** 2 / 2, 0)
  const gradient = [...w, 0]
  for (let i = 0; i < matrix.n; i++) {
    const sign = y[i] === 1 ? 1 : -1
    const margin = sign * w.reduce((sum, weight, j) => sum + weight * (standardised[j]?.[i] ?? 0), b)
    objective += c * Math.log(1 + Math.exp(-margin))
    const slope = (-c * sign) / (1 + Math.exp(margin))
    for (let j = 0; j < w.length; j++) gradient[j] = (gradient[j] ?? 0) + slope * (standardised[j]?.[i] ?? 0)
    gradient[w.length] = (gradient[w.length] ?? 0) + slope
  }
  return { objective, gradient }
}

const complete = (n: number, d: number, seed: string) => {
  const { matrix, y } = madeUp(n, d, seed, (row) => -1.5 + known(row[0]) - 0.4 * known(row[1]))
  return { matrix: { ...matrix, columns: matrix.columns.map((column) => column.map(known)) }, y }
}

describe('logistic regression', () => {
  prop.prop([fc.nat(1_000), fc.integer({ min: 1, max: 6 }), fc.constantFrom(0.01, 1, 30)], { numRuns: 15 })(
    'ends where the gradient of the definition is below 1e-6',
    (seed, d, c) => {
      const { matrix, y } = complete(300, d, `gradient ${seed}`)
      const fit = fitLogistic(matrix, y, { c })
      const { objective, gradient } = plainly(matrix, y, c, [...fit.weights], fit.intercept)
      expect(fit.gradient).toBeLessThan(1e-6)
      for (const component of gradient) expect(Math.abs(component)).toBeLessThan(1e-6)
      expect(fit.objective).toBeCloseTo(objective, 8)
      // It is a minimum: whichever way one goes, it rises.
      for (let j = 0; j < d; j++)
        for (const by of [-1e-3, 1e-3]) {
          const moved = [...fit.weights].map((weight, k) => (k === j ? weight + by : weight))
          expect(plainly(matrix, y, c, moved, fit.intercept).objective).toBeGreaterThan(objective)
        }
    },
  )

  test('agrees with plain gradient descent, which knows no second derivatives', () => {
    const { matrix, y } = complete(60, 2, 'descent')
    let [w0, w1, b] = [0, 0, 0]
    for (let step = 0; step < 20_000; step++) {
      const { gradient } = plainly(matrix, y, 1, [w0, w1], b)
      w0 -= 0.02 * (gradient[0] ?? 0)
      w1 -= 0.02 * (gradient[1] ?? 0)
      b -= 0.02 * (gradient[2] ?? 0)
    }
    const fit = fitLogistic(matrix, y, { tolerance: 1e-10 })
    expect(fit.weights[0]).toBeCloseTo(w0, 9)
    expect(fit.weights[1]).toBeCloseTo(w1, 9)
    expect(fit.intercept).toBeCloseTo(b, 9)
  })

  test('of one yes-or-no feature is the logarithm of the odds ratio, where the penalty is nothing against the data', () => {
    // Of 40 without it 4 are fraud, of 20 with it 10: odds 1/9 and 1, the ratio is 9.
    const rows = [
      ...Array.from({ length: 40 }, (_, i) => [0, i < 4 ? 1 : 0]),
      ...Array.from({ length: 20 }, (_, i) => [1, i < 10 ? 1 : 0]),
    ]
    const y = Uint8Array.from(rows, (row) => row[1] ?? 0)
    const fit = fitLogistic(matrixOf(['f0'], rows), y, { c: 1e7, tolerance: 1e-4 })
    const [column] = fit.design
    const perUnit = (fit.weights[0] ?? 0) / (column?.deviation ?? 0)
    expect(perUnit).toBeCloseTo(Math.log(9), 6)
    expect(fit.intercept - perUnit * (column?.mean ?? 0)).toBeCloseTo(Math.log(1 / 9), 6)
    expect(column).toMatchObject({ mean: 1 / 3, deviation: Math.sqrt(2) / 3 })
  })

  prop.prop([fc.nat(1_000)], { numRuns: 10 })(
    'with signs demanded fulfils the conditions of Karush, Kuhn and Tucker',
    (seed) => {
      const { matrix, y } = complete(300, 6, `signs ${seed}`)
      const signs = { f0: -1, f1: 1, f3: 1, f4: -1 } as const
      const fit = fitLogistic(matrix, y, { signs })
      const { gradient } = plainly(matrix, y, 1, [...fit.weights], fit.intercept)
      for (const [j, name] of namesOf(6).entries()) {
        const sign = Object.hasOwn(signs, name) ? signs[name as keyof typeof signs] : 0
        const weight = fit.weights[j] ?? Number.NaN
        expect(weight * sign).toBeGreaterThanOrEqual(0)
        if (weight === 0) expect((gradient[j] ?? 0) * sign).toBeGreaterThanOrEqual(0)
        else expect(Math.abs(gradient[j] ?? 1)).toBeLessThan(1e-6)
      }
      expect(fit.weights[0]).toBe(0) // more of f0 is riskier, and it was forbidden to say so
    },
  )

  test('turned labels turn every weight', () => {
    const { matrix, y } = complete(200, 3, 'turned')
    const fit = fitLogistic(matrix, y)
    const turned = fitLogistic(
      matrix,
      y.map((label) => 1 - label),
    )
    for (let j = 0; j < 3; j++) expect(turned.weights[j]).toBeCloseTo(-(fit.weights[j] ?? 0), 9)
    expect(turned.intercept).toBeCloseTo(-fit.intercept, 9)
  })

  test('started from a sample of many rows, comes to the same minimum', () => {
    const { matrix, y } = complete(210_000, 3, 'many')
    const fit = fitLogistic(matrix, y)
    const { gradient } = plainly(matrix, y, 1, [...fit.weights], fit.intercept)
    for (const component of gradient) expect(Math.abs(component)).toBeLessThan(2e-6)
    expect(fit.gradient).toBeLessThan(1e-6)
  })

  test('its file is scored by the server as the fit says, missing values and clipped ones included', () => {
    const { matrix, y } = madeUp(2_000, 6, 'served', (row) => -2 + known(row[0]) + (Number.isNaN(row[2]) ? 1 : 0))
    const fit = fitLogistic(matrix, y, { clip: { low: 0.01, high: 0.01 }, indicatorFrom: 0.05 })
    expect(fit.design.some(({ isIndicator }) => isIndicator)).toBe(true)
    const file = logisticFile(matrix, fit, 'made up')
    const served_ = scoresOf(served(file, matrix.names), matrix)
    for (let i = 0; i < 200; i++) expect(served_[i]).toBeCloseTo(marginAt(matrix, fit, i), 6)
    expect(file.terms.find(({ feature }) => feature === 'f2')?.missing).toBeGreaterThan(0.5)
  })

  test('tells what is always missing together once', () => {
    const { matrix, y } = madeUp(2_000, 3, 'together', (row) => -2 + (Number.isNaN(row[2]) ? 1 : 0))
    const twin = (matrix.columns[2] ?? new Float64Array()).map((value) => 2 * value + 1)
    const twins: Matrix = { n: 2_000, names: ['f0', 'f1', 'f2', 'twin'], columns: [...matrix.columns, twin] }
    const { design } = fitLogistic(twins, y, { indicatorFrom: 0.05 })
    expect(design.filter(({ isIndicator }) => isIndicator).map(({ feature }) => feature)).toEqual([2])
  })

  test('leaves out what never changes, and says when there is nothing to learn from', () => {
    const rows = Array.from({ length: 20 }, (_, i) => [i, 7, Number.NaN])
    const fit = fitLogistic(
      matrixOf(namesOf(3), rows),
      Uint8Array.from(rows, (_, i) => (i % 5 === 0 ? 1 : 0)),
    )
    expect(fit.design.map(({ feature }) => feature)).toEqual([0])
    expect(() => fitLogistic(matrixOf(namesOf(3), rows), new Uint8Array(20))).toThrow(/no fraud/)
  })
})

/** What the fit says of a row, from its standardised columns. */
function marginAt({ columns }: Matrix, { design, weights, intercept }: LogisticFit, row: number): number {
  return design.reduce((sum, { feature, isIndicator, least, most, mean, deviation }, j) => {
    const value = columns[feature]?.[row] ?? Number.NaN
    const held = isIndicator ? (Number.isNaN(value) ? 1 : 0) : Math.min(Math.max(value, least), most)
    return sum + (Number.isNaN(held) ? 0 : ((weights[j] ?? 0) * (held - mean)) / deviation)
  }, intercept)
}
