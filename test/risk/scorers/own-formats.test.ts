import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { GbdtFile } from '../../../src/risk/scorers/gbdt.ts'
import { type IforestFile, searchLength } from '../../../src/risk/scorers/iforest.ts'
import type { LogisticFile } from '../../../src/risk/scorers/logistic.ts'
import { readScorer } from '../../../src/risk/scorers/read.ts'
import { about, contributionsOf, shuffled, sumOf } from './support.ts'

const engine = ['amount', 'age', 'speed']
const number = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(0, 1, Number.NaN))
const event = fc.tuple(number, number, number).map((values) => Float64Array.from(values))

describe('a logistic regression', () => {
  const file: LogisticFile = {
    format: 'sekisho-logistic',
    formatVersion: 1,
    intercept: -3,
    terms: [
      { feature: 'speed', weight: 0.5, mean: 10, deviation: 4, missing: 0.25 },
      { feature: 'amount', weight: -1, mean: 2, deviation: 2, least: 0, most: 6 },
    ],
  }
  const scorer = readScorer(about('logistic'), JSON.stringify(file), engine)

  test('adds up standardised values, each with its share', () => {
    const { base, out } = contributionsOf(scorer, Float64Array.of(4, 99, 18))
    expect([base, ...out]).toEqual([-3, 1, -1])
    expect(scorer.features).toEqual(['speed', 'amount'])
    expect(scorer.logOdds(Float64Array.of(4, 99, 18))).toBe(-3)
  })
  test('takes values beyond the ends as the ends', () => {
    expect(contributionsOf(scorer, Float64Array.of(1e9, 0, 10)).out[1]).toBe(-2)
    expect(contributionsOf(scorer, Float64Array.of(-7, 0, 10)).out[1]).toBe(1)
  })
  test('gives a missing value what the file says, by default what the mean would give', () => {
    expect([...contributionsOf(scorer, Float64Array.of(Number.NaN, 0, Number.NaN)).out]).toEqual([0.25, 0])
  })
  test('bounds what one value can say', () => {
    expect(scorer.logOdds(Float64Array.of(2, 0, Number.POSITIVE_INFINITY))).toBe(253)
    expect(scorer.logOdds(Float64Array.of(2, 0, -1e300))).toBe(-259)
  })
  test('shifts the odds where the training left genuine events out', () => {
    // p = 0.1 · q/(0.1 · q + 1 - q): the odds are a tenth.
    const kept = readScorer(about('logistic', { genuineKept: 0.1 }), JSON.stringify(file), engine)
    const values = Float64Array.of(4, 99, 18)
    expect(kept.logOdds(values)).toBeCloseTo(-3 + Math.log(0.1), 9)
    const { base, out } = contributionsOf(kept, values)
    expect(sumOf(base, out)).toBe(kept.logOdds(values))
  })
  prop.prop([event])('contributions sum to the log-odds exactly, in any order', (values) => {
    const { base, out } = contributionsOf(scorer, values)
    expect(sumOf(base, out)).toBe(scorer.logOdds(values))
    expect(sumOf(base, shuffled(out, 3))).toBe(scorer.logOdds(values))
  })
})

type Node =
  | { readonly leaf: number; readonly cover: number }
  | {
      readonly feature: number
      readonly cut: number
      readonly missingLeft: 0 | 1
      readonly left: Node
      readonly right: Node
    }

const node: fc.Arbitrary<Node> = fc.letrec<{ node: Node; leaf: Node; split: Node }>((tie) => ({
  leaf: fc.record({ leaf: fc.double({ min: -3, max: 3, noNaN: true }), cover: fc.integer({ min: 1, max: 99 }) }),
  split: fc.record({
    feature: fc.nat(2),
    cut: fc.oneof(fc.constantFrom(0, 1, -1), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    missingLeft: fc.constantFrom(0 as const, 1 as const),
    left: tie('node'),
    right: tie('node'),
  }),
  node: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, tie('leaf'), tie('split')),
})).node

type TreeFile = GbdtFile['trees'][number]

function columnsOf(tree: Node): TreeFile {
  const file: TreeFile = { feature: [], threshold: [], left: [], right: [], missingLeft: [], leaf: [], cover: [] }
  const number = (at: Node): number => {
    if ('leaf' in at) {
      file.cover.push(at.cover)
      return -file.leaf.push(at.leaf)
    }
    const own = file.feature.push(at.feature) - 1
    file.threshold.push(at.cut)
    file.missingLeft.push(at.missingLeft)
    file.left[own] = number(at.left)
    file.right[own] = number(at.right)
    return own
  }
  number(tree)
  return file
}

function walk(tree: Node, values: Float64Array, depth = 0): { leaf: number; cover: number; depth: number } {
  if ('leaf' in tree) return { ...tree, depth }
  const value = values[tree.feature] ?? Number.NaN
  const isLeft = Number.isNaN(value) ? tree.missingLeft === 1 : value <= tree.cut
  return walk(isLeft ? tree.left : tree.right, values, depth + 1)
}

describe('boosted trees of our own', () => {
  const gbdtOf = (trees: readonly Node[], base = 0): string =>
    JSON.stringify({ format: 'sekisho-gbdt', formatVersion: 1, features: engine, base, trees: trees.map(columnsOf) })

  prop.prop([fc.array(node, { maxLength: 11 }), fc.array(event, { minLength: 1, maxLength: 9 })])(
    'give what a plain walk gives, and contributions that sum to it',
    (trees, events) => {
      const scorer = readScorer(about('gbdt'), gbdtOf(trees, -2), engine)
      for (const values of events) {
        const plain = trees.reduce((sum, tree) => sum + walk(tree, values).leaf, -2)
        expect(Math.abs(scorer.logOdds(values) - plain)).toBeLessThan(1e-8)
        const { base, out } = contributionsOf(scorer, values)
        expect(sumOf(base, out)).toBe(scorer.logOdds(values))
        expect(sumOf(base, shuffled(out, 5))).toBe(scorer.logOdds(values))
      }
    },
  )

  prop.prop([node, event])('contribute nothing of a feature that no split asks for', (tree, values) => {
    const unasked = (at: Node): Node =>
      'leaf' in at
        ? at
        : { ...at, feature: at.feature === 1 ? 0 : at.feature, left: unasked(at.left), right: unasked(at.right) }
    const scorer = readScorer(about('gbdt'), gbdtOf([unasked(tree)]), engine)
    expect(contributionsOf(scorer, values).out[1]).toBe(0)
  })

  test('a value on the threshold goes left, one above it right, on a tree worked by hand', () => {
    const leaf = (value: number, cover: number): Node => ({ leaf: value, cover })
    const tree: Node = {
      feature: 0,
      cut: 10,
      missingLeft: 0,
      left: leaf(-1, 3),
      right: { feature: 2, cut: 0.5, missingLeft: 1, left: leaf(0, 1), right: leaf(4, 4) },
    }
    const scorer = readScorer(about('gbdt'), gbdtOf([tree], 0.5), engine)
    expect(scorer.logOdds(Float64Array.of(10, 0, 9))).toBe(-0.5)
    expect(scorer.logOdds(Float64Array.of(10.000001, 0, 9))).toBe(4.5)
    expect(scorer.logOdds(Float64Array.of(Number.NaN, 0, Number.NaN))).toBe(0.5)
    // Means by cover: right (1·0 + 4·4)/5 = 3.2, root (3·-1 + 5·3.2)/8 = 1.625.
    const { base, out } = contributionsOf(scorer, Float64Array.of(11, 0, 9))
    expect(base).toBe(2.125)
    expect([out[0], out[1], out[2]].map((part) => Math.round((part ?? 0) * 1e6) / 1e6)).toEqual([1.575, 0, 0.8])
  })
})

describe('an isolation forest', () => {
  const calibrator = { kind: 'platt', on: 'score', slope: 8, intercept: 2 } as const

  test('knows the mean search length of the paper', () => {
    expect(searchLength(1)).toBe(0)
    expect(searchLength(2)).toBe(1)
    expect(searchLength(256)).toBeCloseTo(10.24477092, 8)
  })

  prop.prop([fc.array(node, { minLength: 1, maxLength: 7 }), event])(
    'gives the logarithm of the anomaly score, which is -path length/c(sample)',
    (trees, values) => {
      const sampleSize = 256
      const file: IforestFile = {
        format: 'sekisho-iforest',
        formatVersion: 1,
        features: engine,
        sampleSize,
        trees: trees.map(columnsOf).map(({ leaf: _, cover, ...columns }) => ({ ...columns, size: cover })),
      }
      const scorer = readScorer(about('iforest', { calibrator }), JSON.stringify(file), engine)
      const lengths = trees.map((tree) => walk(tree, values)).map(({ depth, cover }) => depth + searchLength(cover))
      const length = lengths.reduce((sum, one) => sum + one, 0) / trees.length
      const anomaly = 2 ** (-length / searchLength(sampleSize))
      expect(scorer.logOdds(values)).toBeCloseTo(8 * Math.log2(anomaly) + 2, 6)
      const { base, out } = contributionsOf(scorer, values)
      expect(sumOf(base, out)).toBe(scorer.logOdds(values))
    },
  )
})
