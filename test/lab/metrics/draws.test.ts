import { describe, expect, test } from 'vitest'
import { CardTable } from '../../../src/lab/metrics/card-table.ts'
import { ClusterSums, ratioEstimate } from '../../../src/lab/metrics/cluster.ts'
import { collect } from '../../../src/lab/metrics/collect.ts'
import { pOf } from '../../../src/lab/metrics/compare.ts'
import { LocalDays } from '../../../src/lab/metrics/day.ts'
import { drawAll, percentiles } from '../../../src/lab/metrics/draw.ts'
import { FrozenTable, type Weights } from '../../../src/lab/metrics/frozen.ts'
import { readGround } from '../../../src/lab/metrics/ground.ts'
import { measure } from '../../../src/lab/metrics/measure.ts'
import { order } from '../../../src/lab/metrics/order.ts'
import { Resampler } from '../../../src/lab/metrics/resample.ts'
import { lastWindowOf } from '../../../src/lab/metrics/tra.ts'
import type { MeasureOptions } from '../../../src/lab/metrics/types.ts'
import { naiveAp, naiveAuc, type Scored } from './naive.ts'
import { runSeed } from './null-run.ts'
import { draw, nullWorld, truthOf, type World } from './null-world.ts'
import { decisionsOf, streamOf } from './support.ts'

const options: MeasureOptions = { variant: 'v', mode: 'replay', seed: 'x', draws: 40, timeZone: 'UTC', k: 5 }
const world: World = { ...nullWorld, cards: 60 }

test('a draw is the metric of the resampled cards, their events as often as the card was drawn', async () => {
  const { rows, a } = draw(world, 'draws')
  const ground = await readGround(streamOf(rows))
  const { draws } = await measure(ground, decisionsOf(a, rows), options)
  const cards = [...new Set(rows.map(({ card }) => card))]
  const weights = new Uint16Array(cards.length)
  const resampler = new Resampler('x')
  for (let index = 0; index < 40; index++) {
    resampler.draw(index, weights)
    const times = new Map(cards.map((card, at) => [card, weights[at] as number]))
    const again = rows.flatMap((row, at) =>
      Array.from({ length: times.get(row.card) ?? 0 }, () => ({ row, decision: a[at] })),
    )
    const scored: Scored[] = again.map(({ row, decision }) => ({ y: row.y, score: decision?.score ?? 0 }))
    const frauds = again.filter(({ row }) => row.y === 1)
    expect(draws.byKey.frictionless?.[index]).toBeCloseTo(
      again.filter(({ decision }) => decision?.status === 'Y').length / again.length,
      12,
    )
    if (frauds.length === 0) {
      expect(draws.byKey.fraudStopped?.[index]).toBeNaN()
      continue
    }
    expect(draws.byKey.fraudStopped?.[index]).toBeCloseTo(
      frauds.filter(({ decision }) => decision?.challenge === 2).length / frauds.length,
      12,
    )
    expect(draws.byKey.auc?.[index]).toBeCloseTo(naiveAuc(scored), 12)
    expect(draws.byKey.averagePrecision?.[index]).toBeCloseTo(naiveAp(scored), 12)
  }
})

test('genuine events beyond the highest scores may be drawn as a whole: the intervals hardly move', async () => {
  const { rows, a } = draw({ ...nullWorld, cards: 600 }, 'deep')
  const ground = await readGround(streamOf(rows))
  const decisions = decisionsOf(a, rows)
  const days = new LocalDays('UTC')
  const many = { ...options, draws: 1_000 }
  const collected = await collect(ground, decisions(), many, days)
  const widths = await Promise.all(
    [1 << 15, 300].map(async (top) => {
      const ordered = await order(ground, decisions(), collected, many, days, { top })
      const sample = { collected, ordered, cards: ground.cards, lastWindow: lastWindowOf(collected), options: many }
      const [drawn] = drawAll([sample])
      return (['auc', 'averagePrecision', 'ks', 'tprAtFpr5'] as const).map((key) => {
        const found = percentiles(drawn?.draws.byKey[key] ?? new Float64Array(0))
        return (found?.high ?? 0) - (found?.low ?? 0)
      })
    }),
  )
  const [all = [], few = []] = widths
  all.forEach((width, index) => {
    expect(width).toBeGreaterThan(0)
    expect(Math.abs((few[index] ?? 0) / width - 1)).toBeLessThan(0.1)
  })
})

test('a column summed four draws at a time is what weights times values give', () => {
  for (const cards of [10, 1_000]) {
    const table = new CardTable(6)
    const step = cards === 10 ? 1 : 3
    for (let card = 0; card < cards; card += step) {
      const at = table.at(card)
      table.add(at, card % 7)
      table.add(at + 1, card * 0.37)
      table.add(at + 3, card % 5)
      if (card % 30 === 0) table.add(at + 4, 0.5)
      table.add(at + 5, card / 7)
    }
    const frozen = new FrozenTable(table, cards)
    const resampler = new Resampler('frozen')
    const drawn = [0, 1, 2, 3].map((index) => {
      const some = new Uint16Array(cards)
      resampler.draw(index, some)
      return some
    })
    const weights: Weights = Uint16Array.from(
      { length: 4 * cards },
      (_, at) => drawn[at % 4]?.[Math.floor(at / 4)] as number,
    )
    const into = new Float64Array(4 * 8)
    frozen.sums(weights, into, 1, 8)
    drawn.forEach((weight, lane) => {
      const sum = (of: (card: number) => number): number =>
        [...weight].reduce((total, one, card) => total + (card % step === 0 ? one * of(card) : 0), 0)
      expect(into[lane * 8]).toBe(0)
      expect(into[lane * 8 + 1]).toBe(sum((card) => card % 7))
      expect(into[lane * 8 + 2]).toBeCloseTo(
        sum((card) => card * 0.37),
        6,
      )
      expect(into[lane * 8 + 3]).toBe(0)
      expect(into[lane * 8 + 4]).toBe(sum((card) => card % 5))
      expect(into[lane * 8 + 5]).toBe(sum((card) => (card % 30 === 0 ? 0.5 : 0)))
      expect(into[lane * 8 + 6]).toBeCloseTo(
        sum((card) => card / 7),
        6,
      )
      expect(into[lane * 8 + 7]).toBe(0)
    })
  }
})

test('a p value from resamples is two-sided, counts ties on both sides, and has a normal tail behind the last of them', () => {
  const even = Float64Array.from({ length: 999 }, (_, index) => index - 99.5)
  // 100 of 999 below 0.
  expect(pOf(400, even)).toEqual({ p: (2 * 101) / 1_000, pFrom: 'draws' })
  expect(pOf(0, new Float64Array(999))).toEqual({ p: 1, pFrom: 'draws' })
  const far = Float64Array.from({ length: 999 }, (_, index) => 10 + (index - 499) / 500)
  expect(pOf(10, far)).toMatchObject({ pFrom: 'normalTail' })
  expect(pOf(10, far).p).toBeLessThan(1e-12)
})

test('an interval needs a value in 95 % of the draws', () => {
  const draws = Float64Array.from({ length: 100 }, (_, index) => index)
  const found = percentiles(draws)
  expect(found?.low).toBeCloseTo(2.475, 12)
  expect(found?.high).toBeCloseTo(96.525, 12)
  draws.fill(Number.NaN, 0, 5)
  expect(percentiles(draws)?.draws).toBe(95)
  draws[5] = Number.NaN
  expect(percentiles(draws)).toBeNull()
})

describe('the variance over cards by linearisation', () => {
  const fill = (most: number): ClusterSums => {
    const sums = new ClusterSums(2, most)
    for (let card = 0; card < 5_000; card++) {
      const n = 1 + (card % 5)
      const hits = (card * 7_919) % (n + 1)
      for (let event = 0; event < n; event++) {
        sums.add(card, 1)
        if (event < hits) sums.add(card, 0)
      }
    }
    return sums
  }
  test('is what the bootstrap gives, and a sample of the cards gives nearly the same', () => {
    const whole = ratioEstimate(fill(10_000), 0, 1, 'decided')
    const some = ratioEstimate(fill(1_024), 0, 1, 'decided')
    expect(some.value).toBe(whole.value)
    expect(whole.cards).toBe(5_000)
    expect(Math.abs(some.cards / 5_000 - 1)).toBeLessThan(0.15)
    const width = ({ interval }: typeof whole): number => (interval?.high ?? 0) - (interval?.low ?? 0)
    expect(Math.abs(width(some) / width(whole) - 1)).toBeLessThan(0.15)
    const table = new CardTable(2)
    fill(10_000).rows((data, at) => {
      const place = table.at(table.rows)
      table.add(place, data[at] as number)
      table.add(place + 1, data[at + 1] as number)
    })
    const resampler = new Resampler('linear')
    const one = new Uint16Array(5_000)
    const weights: Weights = new Uint16Array(4 * 5_000)
    const frozen = new FrozenTable(table, 5_000)
    const ratios = new Float64Array(2_000)
    for (let first = 0; first < 2_000; first += 4) {
      for (let lane = 0; lane < 4; lane++) {
        resampler.draw(first + lane, one)
        one.forEach((weight, card) => {
          weights[4 * card + lane] = weight
        })
      }
      const into = new Float64Array(8)
      frozen.sums(weights, into, 0, 2)
      for (let lane = 0; lane < 4; lane++)
        ratios[first + lane] = (into[lane * 2] as number) / (into[lane * 2 + 1] as number)
    }
    const drawn = percentiles(ratios)
    expect(Math.abs(((drawn?.high ?? 0) - (drawn?.low ?? 0)) / width(whole) - 1)).toBeLessThan(0.08)
  })
})

// The small twin of `npm run lab:null` (docs/lab-statistics.md), on seeds that stay: bounds are what 40 seeds can say.
test('of equal policies few differences are claimed, and the intervals hold the truth', async () => {
  const small: World = { ...nullWorld, cards: 400 }
  const truth = truthOf(small, 'A')
  const seeds = 40
  let claims = 0
  let covered = 0
  for (let seed = 0; seed < seeds; seed++) {
    const { a, comparison } = await runSeed(small, `suite/${seed}`, 200)
    for (const key of ['frictionless', 'auc'] as const) {
      if (comparison.differences.find((one) => one.key === key)?.shown === true) claims++
      const { interval } = a.estimates[key]
      if (interval !== null && interval.low <= truth[key] && truth[key] <= interval.high) covered++
    }
  }
  // Of 80: 4 claims expected, 76 covered; four standard deviations either way.
  expect(claims).toBeLessThanOrEqual(11)
  expect(covered).toBeGreaterThanOrEqual(68)
})
