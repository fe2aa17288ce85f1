import { describe, expect, test } from 'vitest'
import { type Cell, oddsOf, studentTwoSided, wilson } from '../../../src/lab/reproduce/odds.ts'

const design = (width: number): readonly (readonly number[])[] =>
  Array.from({ length: 2 ** width }, (_, cell) => Array.from({ length: width }, (_, j) => (cell >> j) & 1))

describe('odds ratios', () => {
  test('of one factor are those of the two-by-two table, with Woolf’s interval', () => {
    const cells: Cell[] = [
      { factors: [0], n: 50, hits: 10 },
      { factors: [1], n: 40, hits: 24 },
    ]
    const [one] = oddsOf(cells, 1).odds
    const ratio = (24 * 40) / (16 * 10)
    const error = Math.sqrt(1 / 24 + 1 / 16 + 1 / 10 + 1 / 40)
    expect(one?.kind).toBe('finite')
    expect(one?.ratio).toBeCloseTo(ratio, 6)
    expect(one?.low).toBeCloseTo(Math.exp(Math.log(ratio) - 1.959963984540054 * error), 5)
    expect(one?.high).toBeCloseTo(Math.exp(Math.log(ratio) + 1.959963984540054 * error), 4)
    // G statistic of the same table.
    const g =
      2 *
      (10 * Math.log(10 / (50 * (34 / 90))) +
        40 * Math.log(40 / (50 * (56 / 90))) +
        24 * Math.log(24 / (40 * (34 / 90))) +
        16 * Math.log(16 / (40 * (56 / 90))))
    expect(one?.statistic).toBeCloseTo(g, 6)
  })

  test('of a model without an end to it come back from its expected counts', () => {
    const truth = [-1.2, 1.8, 1.6, 0, -0.4]
    const cells = design(4).map((factors): Cell => {
      const margin = factors.reduce((sum, value, j) => sum + value * (truth[j + 1] ?? 0), truth[0] ?? 0)
      return { factors, n: 1_000, hits: 1_000 / (1 + Math.exp(-margin)) }
    })
    const { odds, isSeparated } = oddsOf(cells, 4)
    expect(isSeparated).toBe(false)
    odds.forEach((one, j) => {
      expect(Math.log(one.ratio ?? Number.NaN)).toBeCloseTo(truth[j + 1] ?? 0, 6)
    })
  })

  test('are bounded on one side where a factor decides alone, and no number is infinite', () => {
    const cells = design(2).map(
      (factors): Cell => ({ factors, n: 30, hits: factors[0] === 1 ? 30 : factors[1] === 1 ? 12 : 10 }),
    )
    const fit = oddsOf(cells, 2)
    expect(fit.isSeparated).toBe(true)
    const [first, second] = fit.odds
    expect(first).toMatchObject({ kind: 'above', ratio: null, high: null, method: 'profile' })
    expect(first?.low).toBeGreaterThan(10)
    expect(first?.p).toBeLessThan(1e-6)
    // The other is estimated from the cells that the first leaves open.
    expect(second?.kind).toBe('finite')
    expect(second?.ratio).toBeCloseTo((12 * 20) / (18 * 10), 3)
    for (const one of fit.odds)
      for (const value of Object.values(one)) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
  })

  test('of a factor that only ever spares have no lower end', () => {
    const cells = design(1).map((factors): Cell => ({ factors, n: 20, hits: factors[0] === 1 ? 0 : 9 }))
    expect(oddsOf(cells, 1).odds[0]).toMatchObject({ kind: 'below', low: null, ratio: null })
    expect(oddsOf(cells, 1).odds[0]?.high).toBeLessThan(1)
  })

  test('of a factor that nothing is left for are not told', () => {
    const cells = design(2).map((factors): Cell => ({ factors, n: 20, hits: factors[0] === 1 ? 20 : 0 }))
    const { odds } = oddsOf(cells, 2)
    expect(odds[0]?.kind).toBe('above')
    expect(odds[1]).toMatchObject({ kind: 'none', ratio: null, low: null, high: null })
    expect(odds[1]?.p).toBeCloseTo(1, 3)
  })

  test('are not there where all answers are the same', () => {
    const cells = design(2).map((factors): Cell => ({ factors, n: 20, hits: 0 }))
    expect(oddsOf(cells, 2).odds.map(({ kind }) => kind)).toEqual(['constant', 'constant'])
  })
})

describe('errors by cluster', () => {
  const cells: Cell[] = [
    { factors: [0], n: 50, hits: 10 },
    { factors: [1], n: 40, hits: 24 },
  ]
  const woolf = Math.sqrt(1 / 24 + 1 / 16 + 1 / 10 + 1 / 40)
  const alone = cells.flatMap(({ factors, n, hits }) =>
    Array.from({ length: n }, (_, i): readonly Cell[] => [{ factors, n: 1, hits: i < hits ? 1 : 0 }]),
  )
  const errorOf = (all: readonly Cell[], clusters: readonly (readonly Cell[])[]): number => {
    const [one] = oddsOf(all, 1, clusters).odds
    expect(one?.method).toBe('cluster')
    return Math.log((one?.high ?? Number.NaN) / (one?.low ?? Number.NaN)) / 2 / 2.009
  }

  test('are Woolf’s where each trial is a cluster of its own', () => {
    expect(errorOf(cells, alone)).toBeCloseTo(woolf * Math.sqrt(90 / 89), 6)
  })

  test('do not shrink when each trial is told seven times', () => {
    const told = cells.map(({ factors, n, hits }) => ({ factors, n: 7 * n, hits: 7 * hits }))
    const often = alone.map((cluster) => Array.from({ length: 7 }, () => cluster).flat())
    expect(errorOf(told, often)).toBeCloseTo(woolf * Math.sqrt(90 / 89), 6)
    const [naive] = oddsOf(told, 1).odds
    expect(naive?.method).toBe('wald')
    expect(Math.log((naive?.high ?? 0) / (naive?.low ?? 0)) / 2 / 1.959964).toBeCloseTo(woolf / Math.sqrt(7), 6)
  })

  test('are not made of clusters that all answer the same, nor of too few', () => {
    const same: readonly Cell[] = [
      { factors: [0], n: 5, hits: 1 },
      { factors: [1], n: 4, hits: 2 },
    ]
    const sum = (count: number) => same.map(({ factors, n, hits }) => ({ factors, n: count * n, hits: count * hits }))
    expect(
      oddsOf(
        sum(10),
        1,
        Array.from({ length: 10 }, () => same),
      ).odds[0]?.method,
    ).toBe('wald')
    expect(oddsOf(cells, 1, [alone.slice(0, 30).flat(), alone.slice(30).flat()]).odds[0]?.method).toBe('wald')
  })

  test.each([
    [12.706, 1],
    [4.303, 2],
    [3.182, 3],
    [2.571, 5],
    [2.228, 10],
    [2.023, 39],
  ])('have Student’s 5 % at %d with %i degrees of freedom', (t, degrees) => {
    expect(studentTwoSided(t, degrees)).toBeCloseTo(0.05, 4)
    expect(studentTwoSided(-t, degrees)).toBe(studentTwoSided(t, degrees))
    expect(studentTwoSided(0, degrees)).toBe(1)
  })
})

test('Wilson’s interval holds the share and ends at 0 and 1', () => {
  expect(wilson(0, 20)).toEqual({ low: 0, high: expect.closeTo(0.1611, 4) })
  expect(wilson(20, 20)?.high).toBe(1)
  expect(wilson(7, 20)?.low).toBeCloseTo(0.1812, 4)
  expect(wilson(0, 0)).toBeNull()
})
