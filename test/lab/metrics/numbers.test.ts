import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { dateOf, LocalDays, monthName, monthOf } from '../../../src/lab/metrics/day.ts'
import { binOf, edgeOf, FineHistogram, fineBins } from '../../../src/lab/metrics/fine.ts'
import {
  chiSquaredTail,
  erfc,
  normalBelow,
  normalTwoSided,
  quantileIn,
  quantileOf,
} from '../../../src/lab/metrics/numbers.ts'
import { holm, mcNemarTest } from '../../../src/lab/metrics/paired.ts'
import { psiOf } from '../../../src/lab/metrics/psi.ts'
import { Resampler } from '../../../src/lab/metrics/resample.ts'

// Abramowitz and Stegun, table 7.1 and 26.2, and the C library's erfc.
test.each([
  [0, 1],
  [0.5, 0.4795001221869535],
  [1, 0.15729920705028513],
  [1.999, 0.004698443348629488],
  [2, 0.004677734981047266],
  [2.2, 0.0018628462979818894],
  [5, 1.5374597944280351e-12],
  [10, 2.088487583762545e-45],
  [-1, 1.8427007929497148],
])('erfc(%d)', (x, wanted) => {
  expect(Math.abs(erfc(x) - wanted)).toBeLessThan(Math.max(2e-16, wanted * 4e-13))
})

test('tails of the normal and of chi-squared with one degree of freedom agree', () => {
  expect(normalTwoSided(1.959963984540054)).toBeCloseTo(0.05, 14)
  expect(normalBelow(-1.2815515655446004)).toBeCloseTo(0.1, 14)
  expect(chiSquaredTail(3.841458820694124)).toBeCloseTo(0.05, 14)
})

property.prop([
  fc.array(fc.double({ noNaN: true, min: -5, max: 5 }), { minLength: 1, maxLength: 300 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
])('a selected quantile equals that of the sorted values', (values, q) => {
  const sorted = Float64Array.from(values).sort()
  expect(quantileIn(Float64Array.from(values), q)).toBe(quantileOf(sorted, q))
})

test('Holm steps down and never falls', () => {
  // By hand: 4 × 0.01, 3 × 0.02, 2 × 0.04 (below 0.06: raised), 1 × 0.03 raised, sorted by p.
  expect(holm([0.04, 0.01, 0.03, 0.02])).toEqual([0.06, 0.04, 0.06, 0.06])
  expect(holm([0.9, 0.8])).toEqual([1, 1])
  expect(holm([])).toEqual([])
})

test('McNemar without a discordant event has no chi-squared', () => {
  expect(mcNemarTest(0, 0)).toEqual({ exactP: 1, chi2: null, chi2P: null })
})

test('PSI: shares are floored, equal shares give 0', () => {
  expect(psiOf([10, 20, 30], [100, 200, 300])).toBeCloseTo(0, 15)
  expect(psiOf([50, 50], [25, 75])).toBeCloseTo(0.25 * Math.log(2) - 0.25 * Math.log(2 / 3), 15)
  expect(psiOf([0, 100], [50, 50])).toBeCloseTo((1e-6 - 0.5) * Math.log(1e-6 / 0.5) + (1 - 0.5) * Math.log(2), 12)
})

const score = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, min: -12, max: 12 }),
  fc.constantFrom(0, -0, 1, -1, 2 ** -40, -(2 ** -40), 1e-300, -1e-300),
)
describe('bins of scores', () => {
  property.prop([score, score])('rise with the score', (a, b) => {
    if (a < b) expect(binOf(a)).toBeLessThanOrEqual(binOf(b))
  })
  property.prop([score])('hold what lies from their edge on', (one) => {
    const bin = binOf(one)
    expect(edgeOf(bin)).toBeLessThanOrEqual(one)
    expect(edgeOf(bin + 1)).toBeGreaterThan(one)
    if (Number.isFinite(edgeOf(bin))) expect(binOf(edgeOf(bin))).toBe(bin)
  })
  property.prop([fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { minLength: 1, maxLength: 80 })])(
    'cut exactly at their edges',
    (scores) => {
      const histogram = new FineHistogram()
      for (const one of scores) histogram.add(one)
      const edges = histogram.edges([0, 0.25, 0.5, 0.75, 1])
      expect(edges[0]).toBeLessThanOrEqual(Math.min(...scores))
      expect(edges.at(-1)).toBeGreaterThan(Math.max(...scores))
      for (const edge of edges) {
        const below = scores.filter((one) => one < edge).length
        const counted = histogram.counts
          .subarray(0, Number.isFinite(edge) ? binOf(edge) : fineBins)
          .reduce((sum, n) => sum + n, 0)
        expect(counted).toBe(below)
      }
    },
  )
})

describe('local days', () => {
  test('begin at midnight of the zone', () => {
    const tokyo = new LocalDays('Asia/Tokyo')
    const midnight = Date.UTC(2026, 1, 28, 15) / 1_000
    expect(dateOf(tokyo.dayOf(midnight))).toBe('2026-03-01')
    expect(dateOf(tokyo.dayOf(midnight - 1))).toBe('2026-02-28')
    expect(tokyo.startOf(tokyo.dayOf(midnight))).toBe(midnight)
  })
  test('follow a zone into summer time and back', () => {
    const berlin = new LocalDays('Europe/Berlin')
    // 29 March 2026 has 23 hours there, 25 October 25.
    const hours = (month: number, date: number): number => {
      const day = Date.UTC(2026, month, date) / 86_400_000
      return (berlin.startOf(day + 1) - berlin.startOf(day)) / 3_600
    }
    expect([hours(2, 28), hours(2, 29), hours(2, 30), hours(9, 25)]).toEqual([24, 23, 24, 25])
    const noon = Date.UTC(2026, 2, 29, 21, 59, 59) / 1_000
    expect(dateOf(berlin.dayOf(noon))).toBe('2026-03-29')
    expect(dateOf(berlin.dayOf(noon + 1))).toBe('2026-03-30')
  })
  test('name their months', () => {
    expect(monthName(monthOf(Date.UTC(2026, 11, 31) / 86_400_000))).toBe('2026-12')
  })
})

describe('resamples', () => {
  const weightsOf = (seed: string, draw: number, cards: number): Uint16Array => {
    const weights = new Uint16Array(cards)
    new Resampler(seed).draw(draw, weights)
    return weights
  }
  test('take as many cards as there are, the same for the same seed and draw', () => {
    for (const cards of [1, 2, 3, 17, 1_000, 70_001]) {
      const weights = weightsOf('s', 5, cards)
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(cards)
      expect(weightsOf('s', 5, cards)).toEqual(weights)
      if (cards > 100) {
        expect(weightsOf('s', 6, cards)).not.toEqual(weights)
        expect(weightsOf('t', 5, cards)).not.toEqual(weights)
      }
    }
  })
  test('do not depend on what the resampler drew before', () => {
    const weights = new Uint16Array(500)
    const resampler = new Resampler('s')
    for (let draw = 0; draw < 9; draw++) resampler.draw(draw, weights)
    expect(weights).toEqual(weightsOf('s', 8, 500))
  })
  test('are multinomial: moments of single cards and of pairs', () => {
    const cards = 40
    const draws = 20_000
    const resampler = new Resampler('moments')
    const weights = new Uint16Array(cards)
    const sum = new Float64Array(cards)
    const counts = new Float64Array(8)
    let product = 0
    for (let draw = 0; draw < draws; draw++) {
      resampler.draw(draw, weights)
      for (let card = 0; card < cards; card++) {
        const weight = weights[card] as number
        sum[card] = (sum[card] as number) + weight
        counts[Math.min(7, weight)] = (counts[Math.min(7, weight)] as number) + 1
      }
      product += ((weights[3] as number) - 1) * ((weights[31] as number) - 1)
    }
    // Each weight is binomial(40, 1/40).
    for (const one of sum) expect(Math.abs(one / draws - 1)).toBeLessThan(5 * Math.sqrt(39 / 40 / draws))
    const choose = [1, 40, 780, 9_880, 91_390]
    choose.forEach((ways, weight) => {
      const p = ways * (1 / 40) ** weight * (39 / 40) ** (40 - weight)
      expect(Math.abs((counts[weight] as number) / (draws * cards) - p)).toBeLessThan(
        5 * Math.sqrt((p * (1 - p)) / (draws * cards)),
      )
    })
    // Covariance of two cards: -1/40.
    expect(Math.abs(product / draws + 1 / 40)).toBeLessThan(5 / Math.sqrt(draws))
  })
})
