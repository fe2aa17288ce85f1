import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { between, binned, codeOf, cutsOf } from '../../../src/lab/train/bins.ts'
import { fitGbdt, gbdtFile } from '../../../src/lab/train/gbdt.ts'
import { known, madeUp, matrixOf, namesOf, scoresOf, served } from './support.ts'

const value = fc.oneof(fc.constantFrom(Number.NaN, 0, 1, 2, 3), fc.double({ min: -5, max: 5, noNaN: true }))

describe('bins', () => {
  prop.prop([fc.array(value, { minLength: 1, maxLength: 60 }), fc.integer({ min: 2, max: 20 })])(
    'a code is 1 and the cuts below the value; cuts rise, and lie between values that occur',
    (values, most) => {
      const cuts = cutsOf(Float64Array.from(values), most)
      expect(cuts.length).toBeLessThan(most)
      const there = values.filter((one) => !Number.isNaN(one))
      for (const [i, cut] of cuts.entries()) {
        if (i > 0) expect(cut).toBeGreaterThan(cuts[i - 1] ?? 0)
        expect(there.some((one) => one <= cut) && there.some((one) => one > cut)).toBe(true)
      }
      for (const one of values)
        expect(codeOf(cuts, one)).toBe(Number.isNaN(one) ? 0 : 1 + cuts.filter((cut) => cut < one).length)
    },
  )
  prop.prop([fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.double({ noNaN: true, min: 1e-9, max: 1e9 })])(
    'a cut is at least the one and below the other, with few digits where there is room',
    (low, by) => {
      fc.pre(low + by > low)
      const cut = between(low, low + by)
      expect(cut >= low && cut < low + by).toBe(true)
    },
  )
  test('whole numbers are cut in their middle', () => {
    expect([...cutsOf(Float64Array.of(3, 1, 2, 2, Number.NaN), 63)]).toEqual([1.5, 2.5])
    const { codes } = binned(matrixOf(['f0'], [[1], [2], [3], [Number.NaN], [9]]))
    expect([...codes]).toEqual([1, 2, 3, 0, 4])
  })
})

type Best = { loss: number; leaves: number[] }
/** The best single split of all, by trying every one on every feature, with what is missing on either side. */
function exhaustive(rows: readonly (readonly number[])[], y: Uint8Array, base: number, penalty: number): Best {
  const p = 1 / (1 + Math.exp(-base))
  const step = (places: readonly number[]) => {
    const g = places.reduce((sum, i) => sum + p - (y[i] ?? 0), 0)
    const h = places.length * p * (1 - p)
    const leaf = -g / (h + penalty)
    return { leaf, loss: g * leaf + 0.5 * (h + penalty) * leaf * leaf }
  }
  const all = rows.map((_, i) => i)
  let best: Best = { loss: step(all).loss, leaves: [step(all).leaf] }
  for (let j = 0; j < (rows[0]?.length ?? 0); j++)
    for (const cut of new Set(rows.map((row) => row[j] ?? 0)))
      for (const missingLeft of [false, true]) {
        if (Number.isNaN(cut)) continue
        const goesLeft = (i: number): boolean => {
          const own = rows[i]?.[j] ?? Number.NaN
          return Number.isNaN(own) ? missingLeft : own <= cut
        }
        const [left, right] = [step(all.filter(goesLeft)), step(all.filter((i) => !goesLeft(i)))]
        if (all.every(goesLeft) || !all.some(goesLeft)) continue
        if (left.loss + right.loss < best.loss - 1e-12)
          best = { loss: left.loss + right.loss, leaves: [left.leaf, right.leaf] }
      }
  return best
}

describe('boosted trees', () => {
  const tiny = { rate: 1, leaves: 2, leastRows: 1, leastCurvature: 0, trees: 1, leastGain: 1e-12 } as const

  test('the first tree of four payments, worked by hand', () => {
    // Half are fraud: the base is 0, p = 1/2 and every curvature 1/4. f0 ≤ 1.5 parts them: on each side G = ∓1, H = 1/2.
    const matrix = matrixOf(['f0'], [[0], [1], [2], [3]])
    const fit = fitGbdt(matrix, Uint8Array.of(0, 0, 1, 1), tiny)
    expect(fit.base).toBe(0)
    expect(fit.trees).toEqual([
      {
        feature: [0],
        threshold: [1.5],
        left: [-1],
        right: [-2],
        missingLeft: [1],
        leaf: [-0.666667, 0.666667],
        cover: [2, 2],
      },
    ])
    expect(fit.losses[0]?.train).toBeCloseTo(Math.log(1 + Math.exp(-2 / 3)), 6)
  })

  test('a leaf goes no further than it may', () => {
    const { matrix, y } = madeUp(2_000, 3, 'steps', (row) => -4 + 3 * known(row[0]))
    const leavesOf = (mostStep: number) =>
      fitGbdt(matrix, y, { trees: 3, leastRows: 5, rate: 1, mostStep }).trees.flatMap(({ leaf }) => leaf)
    expect(Math.max(...leavesOf(100).map(Math.abs))).toBeGreaterThan(1)
    expect(Math.max(...leavesOf(0.5).map(Math.abs))).toBe(0.5)
  })

  prop.prop([
    fc.array(fc.tuple(value, value, fc.nat(1)), { minLength: 3, maxLength: 9 }).filter((rows) => {
      const frauds = rows.filter((row) => row[2] === 1).length
      return frauds > 0 && frauds < rows.length
    }),
    fc.constantFrom(0.5, 1, 3),
  ])('take the best split of all', (rows, penalty) => {
    const y = Uint8Array.from(rows, (row) => row[2])
    const features = rows.map(([a, b]) => [a, b])
    const fit = fitGbdt(matrixOf(namesOf(2), features), y, { ...tiny, penalty, bins: 255 })
    const wanted = exhaustive(features, y, fit.base, penalty)
    const [tree] = fit.trees
    // Several splits may be as good; what they are worth is the same.
    const p = 1 / (1 + Math.exp(-fit.base))
    const loss = (tree?.leaf ?? []).reduce((sum, leaf, i) => {
      const h = (tree?.cover[i] ?? 0) * p * (1 - p) + penalty
      return sum - 0.5 * h * leaf * leaf
    }, 0)
    expect(loss).toBeCloseTo(wanted.loss, 4)
    expect(tree?.leaf.length).toBe(wanted.leaves.length)
  })

  describe.each(['leafWise', 'depthWise'] as const)('%s', (growth) => {
    const { matrix, y } = madeUp(
      3_000,
      6,
      'grown',
      (row) => -2 + known(row[0]) * known(row[1]) + (Number.isNaN(row[2]) ? 1.5 : 0),
    )
    const options = { growth, trees: 12, leaves: 9, depth: 5, leastRows: 15 }
    const fit = fitGbdt(matrix, y, options)

    test('have as many leaves, levels and rows as they may, and lower the loss with every tree', () => {
      for (const tree of fit.trees) {
        expect(tree.leaf.length).toBeLessThanOrEqual(9)
        expect(tree.leaf.length).toBe(tree.feature.length + 1)
        expect(Math.min(...tree.cover)).toBeGreaterThanOrEqual(15)
        expect(tree.cover.reduce((sum, cover) => sum + cover, 0)).toBe(3_000)
        expect(depthOf(tree)).toBeLessThanOrEqual(5)
      }
      const losses = fit.losses.map(({ train }) => train)
      expect(losses).toEqual(losses.toSorted((a, b) => b - a))
    })

    test('are scored by the server as they were grown, and part what is missing from the rest', () => {
      const scores = scoresOf(served(gbdtFile(matrix, fit), matrix.names, { kind: 'gbdt' }), matrix)
      const loss =
        scores.reduce((sum, score, i) => sum + Math.log(1 + Math.exp(y[i] === 1 ? -score : score)), 0) / y.length
      expect(loss).toBeCloseTo(fit.losses.at(-1)?.train ?? 0, 6)
      const meanOf = (wanted: boolean) => {
        const own = scores.filter((_, i) => Number.isNaN(matrix.columns[2]?.[i] ?? 0) === wanted)
        return own.reduce((sum, score) => sum + score, 0) / own.length
      }
      expect(meanOf(true)).toBeGreaterThan(meanOf(false) + 0.4)
    })

    test('come out the same again, and otherwise with another seed', () => {
      const sampled = { ...options, rowShare: 0.5, featureShare: 0.5 }
      const one = fitGbdt(matrix, y, { ...sampled, seed: 'a' })
      expect(fitGbdt(matrix, y, { ...sampled, seed: 'a' })).toEqual(one)
      expect(fitGbdt(matrix, y, { ...sampled, seed: 'b' })).not.toEqual(one)
    })
  })

  prop.prop([fc.nat(1_000), fc.constantFrom('leafWise', 'depthWise'), fc.constantFrom(1 as const, -1 as const)], {
    numRuns: 12,
  })('that may only rise with a feature never fall with it, whatever the rest is', (seed, growth, sign) => {
    // It does fall: what is demanded is against the data.
    const { matrix, y } = madeUp(
      800,
      4,
      `monotone ${seed}`,
      (row) => -1 - sign * Math.sin(2 * known(row[0])) - sign * known(row[0]) + known(row[1]) / 3,
    )
    const fit = fitGbdt(matrix, y, { growth, trees: 15, leaves: 12, leastRows: 5, signs: { f0: sign }, rate: 0.5 })
    const scorer = served(gbdtFile(matrix, fit), matrix.names, { kind: 'gbdt' })
    for (let i = 0; i < 40; i++) {
      const event = Float64Array.from(matrix.columns, (column) => column[i] as number)
      let before = Number.NEGATIVE_INFINITY * sign
      for (let x = -4; x <= 4; x += 0.125) {
        event[0] = x
        const score = scorer.logOdds(event)
        expect((score - before) * sign).toBeGreaterThanOrEqual(0)
        before = score
      }
    }
  })

  test('end when rows that were held back say that it gets no better', () => {
    const { matrix, y } = madeUp(1_500, 4, 'noise', () => -1)
    const { matrix: other, y: otherY } = madeUp(1_500, 4, 'other noise', () => -1)
    const held = { matrix: other, y: otherY }
    const fit = fitGbdt(matrix, y, { trees: 200, patience: 5, rate: 0.3, held })
    expect(fit.losses.length).toBeLessThan(60)
    expect(fit.trees.length).toBe(fit.losses.length - 5)
    const least = Math.min(...fit.losses.map((loss) => loss.held ?? 0))
    if (fit.trees.length > 0) expect(fit.losses[fit.trees.length - 1]?.held).toBe(least)
  })

  test('stop when they are told to', () => {
    const { matrix, y } = madeUp(200, 2, 'stop', () => -1)
    expect(() => fitGbdt(matrix, y, { signal: AbortSignal.abort() })).toThrow(/abort/i)
  })
})

function depthOf(
  { left, right }: { readonly left: readonly number[]; readonly right: readonly number[] },
  node = 0,
): number {
  if (node < 0 || left.length === 0) return 0
  return 1 + Math.max(depthOf({ left, right }, left[node]), depthOf({ left, right }, right[node]))
}
