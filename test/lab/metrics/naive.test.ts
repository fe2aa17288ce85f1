import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { compare } from '../../../src/lab/metrics/compare.ts'
import { readGround } from '../../../src/lab/metrics/ground.ts'
import { measure } from '../../../src/lab/metrics/measure.ts'
import { binomialTwoSided } from '../../../src/lab/metrics/numbers.ts'
import type { MeasureOptions } from '../../../src/lab/metrics/types.ts'
import {
  naiveAp,
  naiveAuc,
  naiveCardPrecision,
  naiveCoin,
  naiveDeLong,
  naiveEce,
  naivePrecision,
  naiveRoc,
} from './naive.ts'
import { type Decision, decisionsOf, type Row, streamOf } from './support.ts'

const day = 86_400
const options: MeasureOptions = {
  variant: 'v',
  mode: 'replay',
  seed: '1',
  draws: 20,
  timeZone: 'UTC',
  scale: 'probability',
  k: 3,
}

/** Few distinct scores, so that there are ties; few cards, so that they come back. */
const event = fc.record({
  day: fc.nat(4),
  card: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G'),
  y: fc.constantFrom(0, 0, 0, 1),
  a: fc.nat(12).map((n) => n / 12),
  b: fc.nat(200).map((n) => n / 200),
  amount: fc.nat(1_000),
})
const events = fc
  .array(event, { minLength: 4, maxLength: 60 })
  .filter((list) => list.filter(({ y }) => y === 1).length > 1 && list.filter(({ y }) => y === 0).length > 1)
  .map((list) => list.sort((x, y) => x.day - y.day))
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

const rowsOf = (list: readonly Event[]): Row[] =>
  list.map(({ day: number, card, y, amount }, at) => ({ ts: number * day + at, card, y, amount }))
const decided = (list: readonly Event[], key: 'a' | 'b'): Decision[] =>
  list.map((one) =>
    one[key] >= 0.5 ? { status: 'C', challenge: 2, score: one[key] } : { status: 'Y', score: one[key] },
  )

test.prop([events], { numRuns: 40 })(
  'AUC, AP, KS, TPR, ECE and both precisions equal those written another way',
  async (list) => {
    const rows = rowsOf(list)
    const ground = await readGround(streamOf(rows, { measuredFrom: 0, perPart: 5 }))
    for (const key of ['a', 'b'] as const) {
      const { metrics } = await measure(ground, decisionsOf(decided(list, key), rows, 7), options)
      const { estimates, daily } = metrics
      const scored = list.map((one) => ({ y: one.y, score: one[key] }))
      expect(estimates.auc.value).toBeCloseTo(naiveAuc(scored), 12)
      expect(estimates.averagePrecision.value).toBeCloseTo(naiveAp(scored), 12)
      const roc = naiveRoc(scored)
      expect(estimates.ks.value).toBeCloseTo(Math.max(0, ...roc.map(({ tpr, fpr }) => tpr - fpr)), 12)
      for (const [name, q] of [
        ['tprAtFpr1', 0.01],
        ['tprAtFpr10', 0.1],
      ] as const)
        expect(estimates[name].value).toBeCloseTo(
          Math.max(0, ...roc.filter(({ fpr }) => fpr <= q).map(({ tpr }) => tpr)),
          12,
        )
      expect(estimates.ece.value).toBeCloseTo(naiveEce(list.map((one) => ({ y: one.y, p: one[key] }))), 12)
      const cards = list.map((one) => ({ ...one, score: one[key] }))
      expect(daily.map(({ precisionAtK }) => precisionAtK)).toEqual(naivePrecision(cards, 3))
      expect(daily.map(({ cardPrecisionAtK }) => cardPrecisionAtK)).toEqual(naiveCardPrecision(cards, 3))
    }
  },
)

test.prop([events], { numRuns: 40 })('DeLong and McNemar equal those written another way', async (list) => {
  const rows = rowsOf(list)
  const ground = await readGround(streamOf(rows, { measuredFrom: 0, perPart: 9 }))
  const [a, b] = await Promise.all(
    (['a', 'b'] as const).map(async (key) => {
      const decisions = decisionsOf(decided(list, key), rows, 4)
      return { decisions, measured: await measure(ground, decisions, { ...options, variant: key }) }
    }),
  )
  if (a === undefined || b === undefined) throw new Error('two sides expected')
  const { deLong, mcNemar } = await compare(ground, a, b)
  const naive = naiveDeLong(list)
  expect(deLong.difference).toBeCloseTo(naive.difference, 12)
  expect(deLong.se).toBeCloseTo(naive.se, 10)
  const isRight = (one: Event, key: 'a' | 'b'): boolean => one[key] >= 0.5 === (one.y === 1)
  for (const over of ['events', 'fraud'] as const) {
    const some = list.filter(({ y }) => over === 'events' || y === 1)
    const onlyA = some.filter((one) => isRight(one, 'a') && !isRight(one, 'b')).length
    const onlyB = some.filter((one) => isRight(one, 'b') && !isRight(one, 'a')).length
    const got = mcNemar.find((one) => one.flags === 'decided' && one.over === over)
    expect(got).toMatchObject({ onlyA, onlyB, n: some.length })
    expect(got?.exactP).toBeCloseTo(naiveCoin(onlyA, onlyB), 12)
  }
  // At the same budget: as many as A flagged, by score; of equal scores the later events.
  const wanted = list.filter(({ a: score }) => score >= 0.5).length
  const top = (key: 'a' | 'b'): Set<number> =>
    new Set(
      list
        .map((_, at) => at)
        .sort((x, y) => (list[x]?.[key] ?? 0) - (list[y]?.[key] ?? 0) || x - y)
        .slice(list.length - wanted),
    )
  const [topA, topB] = [top('a'), top('b')]
  const right = (at: number, flagged: ReadonlySet<number>): boolean => flagged.has(at) === (list[at]?.y === 1)
  const got = mcNemar.find((one) => one.flags === 'budget' && one.over === 'events')
  if (wanted > 0)
    expect(got).toMatchObject({
      onlyA: list.filter((_, at) => right(at, topA) && !right(at, topB)).length,
      onlyB: list.filter((_, at) => right(at, topB) && !right(at, topA)).length,
    })
})

test.prop([fc.nat(200), fc.nat(200)])('the coin’s two-sided p equals Pascal’s triangle', (b, c) => {
  expect(binomialTwoSided(b, c)).toBeCloseTo(naiveCoin(b, c), 12)
})

test.prop([events], { numRuns: 40 })('how parts are cut changes nothing, to the last bit', async (list) => {
  const rows = rowsOf(list)
  const made = decided(list, 'a')
  const once = async (perPart: number, perDecision: number): Promise<string> => {
    const ground = await readGround(streamOf(rows, { measuredFrom: 0, perPart }))
    const { metrics, draws } = await measure(ground, decisionsOf(made, rows, perDecision), options)
    return JSON.stringify([metrics, Object.entries(draws.byKey).map(([key, values]) => [key, [...values]])])
  }
  expect(await once(3, 1_000)).toBe(await once(1_000, 3))
})
