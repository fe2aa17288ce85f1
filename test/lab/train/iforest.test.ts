import { describe, expect, test } from 'vitest'
import { fitIforest } from '../../../src/lab/train/iforest.ts'
import { eventAt } from '../../../src/lab/train/matrix.ts'
import { searchLength } from '../../../src/risk/scorers/iforest.ts'
import { madeUp, matrixOf, namesOf, plainAuc, scoresOf, served } from './support.ts'

const raw = { kind: 'iforest', calibrator: { kind: 'platt', on: 'score', slope: 1, intercept: 0 } } as const

describe('an isolation forest', () => {
  const { matrix } = madeUp(5_000, 5, 'crowd', () => 0)
  const file = fitIforest(matrix, { trees: 60, seed: 'one' })

  test('parts each sample once, no deeper than its logarithm', () => {
    for (const tree of file.trees) {
      expect(tree.size.reduce((sum, size) => sum + size, 0)).toBe(256)
      expect(tree.feature.length).toBe(tree.size.length - 1)
    }
    expect(file.trees).toHaveLength(60)
  })

  test('finds what lies far from the crowd, and knows no labels', () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => [...eventAt(matrix, i, new Float64Array(5))])
    const far = rows.map((row, i) => (i % 100 === 0 ? row.map((value) => value + 6) : row))
    const mixed = matrixOf(namesOf(5), far)
    const scores = scoresOf(served(fitIforest(mixed, { seed: 'far' }), namesOf(5), raw), mixed)
    const y = Uint8Array.from(far, (_, i) => (i % 100 === 0 ? 1 : 0))
    expect(plainAuc(scores, y)).toBeGreaterThan(0.99)
  })

  test('gives the crowd the path length of a search in a tree, on average', () => {
    // Of distinct numbers without any structure: ranks. Insertion into a random tree has the mean depth c(n).
    const plain = matrixOf(
      ['f0'],
      Array.from({ length: 256 }, (_, i) => [i]),
    )
    const forest = fitIforest(plain, { trees: 200, seed: 'ranks' })
    const scores = scoresOf(served(forest, ['f0'], raw), plain)
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
    expect(-mean * searchLength(256)).toBeGreaterThan(0.9 * searchLength(256))
    expect(-mean * searchLength(256)).toBeLessThan(1.1 * searchLength(256))
  })

  test('is the same for the same seed', () => {
    expect(fitIforest(matrix, { trees: 60, seed: 'one' })).toEqual(file)
    expect(fitIforest(matrix, { trees: 60, seed: 'two' })).not.toEqual(file)
  })
})
