// A paired run: the same streams with and without assessments, of good, of biased and of easy-going sources.
import { describe, expect, test } from 'vitest'
import { emptySource } from '../../../src/risk/sources.ts'
import { compared, flaggedBy, moreCaughtAt, moreFlagged, of, policy, worthOf } from './comparison.ts'
import { run } from './runner.ts'
import { screenedOf } from './screening.ts'
import { size, streamOf } from './stream.ts'

const all = compared([1, 2, 3, 4, 5, 6, 7, 8])

describe('with assessments, on the same streams', () => {
  test('there is something to be measured', () => {
    expect(of(all, 'genuine').length).toBeGreaterThan(12_000)
    expect(of(all, 'attack').length).toBeGreaterThan(3_000)
  })

  test('more fraud is caught where as many good customers are asked', () => {
    for (const budget of [0.01, 0.02]) {
      const { from } = moreCaughtAt(all, budget, ['without', 'noFloors'])
      expect(from).toBeGreaterThan(0)
    }
  })

  test('by the score alone no more good customers are asked, and no less fraud is caught', () => {
    expect(moreFlagged(all, 'genuine', ['without', 'noFloors']).to).toBeLessThan(0.003)
    expect(moreFlagged(all, 'attack', ['without', 'noFloors']).from).toBeGreaterThan(-0.005)
  })

  test('that an NG is always asked about has a price, and a small one', () => {
    const { by, from } = moreFlagged(all, 'genuine', ['noFloors', 'fused'])
    expect(from).toBeGreaterThan(0)
    expect(by).toBeLessThan(0.02)
  })

  test('what looks like the holder is not found by screenings either', () => {
    expect(flaggedBy(all, 'family', 'fused')).toBeLessThan(0.25)
  })
})

describe('a blind sum of the verdicts', () => {
  test('catches less fraud than the fusion where as many good customers are asked', () => {
    for (const budget of [0.005, 0.01, 0.02])
      expect(moreCaughtAt(all, budget, ['blindNoFloors', 'noFloors']).from).toBeGreaterThan(0)
  })

  test('and no more than nobody’s word', () => {
    expect(moreCaughtAt(all, 0.01, ['without', 'blindNoFloors']).from).toBeLessThan(0)
  })

  test('asks many good customers for nothing, by the word of a source that suspects everybody', () => {
    expect(moreFlagged(all, 'genuine', ['fused', 'blind']).from).toBeGreaterThan(0.05)
  })
})

describe('as feedback comes in', () => {
  const judged = run(1, streamOf(1, size), policy)
  const { screened } = screenedOf(1, judged)
  const worths = (source: 'biased' | 'sharp') =>
    screened.flatMap(({ opinions }) =>
      opinions
        .filter((one) => one.source === source)
        .map(({ own }) => worthOf({ ...emptySource, verdicts: own.verdicts }, source, 'NG')),
    )
  const quarters = (values: readonly number[]) =>
    [0, 0.25, 0.5, 0.75, 1].map((part) => values[Math.floor(part * (values.length - 1))] ?? Number.NaN)

  test('a biased source is discounted', () => {
    const found = quarters(worths('biased'))
    expect(found[0]).toBeGreaterThan(2)
    for (const [i, later] of found.slice(1).entries()) expect(later).toBeLessThan((found[i] ?? 0) + 0.05)
    expect(found.at(-1)).toBeLessThan(0.6)
  })

  test('a good one keeps its weight', () => {
    expect(Math.min(...quarters(worths('sharp')))).toBeGreaterThan(2)
  })
})
