import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { compare, type Side } from '../../../src/lab/metrics/compare.ts'
import { type Ground, readGround } from '../../../src/lab/metrics/ground.ts'
import { measure } from '../../../src/lab/metrics/measure.ts'
import type { Comparison, MeasureOptions } from '../../../src/lab/metrics/types.ts'
import { naiveAp, naiveAuc, naiveCardPrecision, naiveEce, naivePrecision } from './naive.ts'
import { type Decision, decisionsOf, type Row, streamOf } from './support.ts'

const options: MeasureOptions = {
  variant: 'v',
  mode: 'replay',
  seed: '1',
  draws: 60,
  timeZone: 'UTC',
  scale: 'probability',
  k: 3,
  prices: { lossShare: 1, challenge: 5, margin: 0.1, review: 2 },
}
const side = async (
  ground: Ground,
  variant: string,
  list: readonly Decision[],
  rows: readonly Row[],
  mode: MeasureOptions['mode'] = 'replay',
): Promise<Side> => {
  const decisions = decisionsOf(list, rows, variant === 'a' ? 7 : 11)
  return { decisions, measured: await measure(ground, decisions, { ...options, mode, variant }) }
}

type Own = { readonly status: string; readonly challenge: number; readonly score: number | undefined }
const answer = fc.record({
  status: fc.constantFrom('Y', 'Y', 'A', 'C', 'C', 'N', 'U', 'E'),
  passes: fc.boolean(),
  score: fc.option(
    fc.nat(12).map((n) => n / 12),
    { nil: undefined, freq: 8 },
  ),
})
const own = answer.map(
  ({ status, passes, score }): Own => ({ status, challenge: status === 'C' ? (passes ? 1 : 2) : 0, score }),
)
const event = fc.record({
  day: fc.nat(3),
  card: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'),
  y: fc.constantFrom(0, 0, 0, 1),
  amount: fc.nat(1_000),
  a: own,
  b: own,
})
const events = fc.array(event, { minLength: 20, maxLength: 70 }).map((list) => list.sort((x, y) => x.day - y.day))
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

const rowsOf = (list: readonly Event[]): Row[] =>
  list.map(({ day, card, y, amount }, at) => ({ ts: 86_400 * day + at, card, y, amount }))
const decisionOf = ({ status, challenge, score }: Own): Decision => ({
  status,
  challenge,
  ...(score !== undefined && { score }),
})
const hasDecided = ({ status }: Own): boolean => status !== 'U' && status !== 'E'
const isShared = ({ a, b }: Event): boolean => hasDecided(a) && hasDecided(b)
const isApproved = ({ status, challenge }: Own): boolean => 'YA'.includes(status) || (status === 'C' && challenge === 1)
const share = (all: readonly Event[], hits: (one: Event) => boolean): number | null =>
  all.length === 0 ? null : all.filter(hits).length / all.length

const of = (comparison: Comparison, key: string) => {
  const found = comparison.differences.find((one) => one.key === key)
  if (found === undefined) throw new Error(`no ${key}`)
  return found
}
const near = (got: number | null, wanted: number | null): void => {
  if (wanted === null) expect(got).toBeNull()
  else expect(got).toBeCloseTo(wanted, 12)
}

test.prop([events], { numRuns: 40 })(
  'a difference is over the events that both decided, counted by hand',
  async (list) => {
    const rows = rowsOf(list)
    const ground = await readGround(streamOf(rows, { measuredFrom: 0, perPart: 9 }))
    const [a, b] = [
      await side(
        ground,
        'a',
        list.map((one) => decisionOf(one.a)),
        rows,
      ),
      await side(
        ground,
        'b',
        list.map((one) => decisionOf(one.b)),
        rows,
      ),
    ]
    const comparison = await compare(ground, a, b)
    const both = list.filter(isShared)
    expect(comparison).toMatchObject({
      over: 'both',
      pairedEvents: both.length,
      decidedA: list.filter((one) => hasDecided(one.a)).length,
      decidedB: list.filter((one) => hasDecided(one.b)).length,
    })
    const frauds = both.filter(({ y }) => y === 1)
    const genuine = both.filter(({ y }) => y === 0)
    const ranked = both.filter((one) => one.a.score !== undefined && one.b.score !== undefined)
    for (const [key, n] of [
      ['a', 'nA'],
      ['b', 'nB'],
    ] as const) {
      near(
        of(comparison, 'frictionless')[key],
        share(both, (one) => 'YA'.includes(one[key].status)),
      )
      near(
        of(comparison, 'frictionlessA')[key],
        share(both, (one) => one[key].status === 'A'),
      )
      near(
        of(comparison, 'fraudStopped')[key],
        share(frauds, (one) => !isApproved(one[key])),
      )
      near(
        of(comparison, 'genuineLost')[key],
        share(genuine, (one) => !isApproved(one[key])),
      )
      const amount = (some: readonly Event[]): number => some.reduce((sum, one) => sum + one.amount, 0)
      near(
        of(comparison, 'fraudStoppedAmount')[key],
        amount(frauds) === 0 ? null : amount(frauds.filter((one) => !isApproved(one[key]))) / amount(frauds),
      )
      near(
        of(comparison, 'cost')[key],
        both.length === 0
          ? null
          : amount(frauds.filter((one) => isApproved(one[key]))) +
              5 * both.filter((one) => one[key].status === 'C').length +
              0.1 * amount(genuine.filter((one) => !isApproved(one[key]))) +
              2 * both.filter((one) => one[key].status === 'N').length,
      )
      expect(of(comparison, 'frictionless')[n]).toBe(both.length)
      expect(of(comparison, 'fraudStopped')[n]).toBe(frauds.length)
      expect(of(comparison, 'cost')[n]).toBe(both.length)
      const scored = ranked.map((one) => ({ ...one, score: one[key].score ?? 0, p: one[key].score ?? 0 }))
      const classes = new Set(scored.map(({ y }) => y)).size
      near(of(comparison, 'auc')[key], classes === 2 ? naiveAuc(scored) : null)
      near(of(comparison, 'averagePrecision')[key], classes === 2 ? naiveAp(scored) : null)
      near(of(comparison, 'ece')[key], scored.length === 0 ? null : naiveEce(scored))
      if (!scored.some(({ y }) => y === 1)) continue
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
      near(of(comparison, 'precisionAtK')[key], mean(naivePrecision(scored, 3)))
      near(of(comparison, 'cardPrecisionAtK')[key], mean(naiveCardPrecision(scored, 3)))
    }
  },
)

test.prop([events], { numRuns: 20 })(
  'values, intervals and p are those of a stream whose other events neither decided; what each decided stands beside',
  async (list) => {
    const rows = rowsOf(list)
    const ground = await readGround(streamOf(rows, { measuredFrom: 0 }))
    const [a, b] = [
      await side(
        ground,
        'a',
        list.map((one) => decisionOf(one.a)),
        rows,
      ),
      await side(
        ground,
        'b',
        list.map((one) => decisionOf(one.b)),
        rows,
      ),
    ]
    const known = (one: Event, mine: Own): Decision => {
      const isScored = one.a.score !== undefined && one.b.score !== undefined
      const { score, ...rest } = decisionOf(mine)
      return isShared(one) ? { ...rest, ...(isScored && score !== undefined && { score }) } : { status: 'U' }
    }
    const [onlyA, onlyB] = [
      await side(
        ground,
        'a',
        list.map((one) => known(one, one.a)),
        rows,
      ),
      await side(
        ground,
        'b',
        list.map((one) => known(one, one.b)),
        rows,
      ),
    ]
    const whole = await compare(ground, a, b)
    const part = await compare(ground, onlyA, onlyB)
    expect(part.beside).toEqual([])
    expect(whole.differences).toEqual(part.differences)
    for (const { key, a: valueA, b: valueB, nA, nB, claimed } of whole.beside) {
      expect([key, valueA, nA]).toEqual([
        key,
        a.measured.metrics.estimates[key].value,
        a.measured.metrics.estimates[key].n,
      ])
      expect([key, valueB, nB]).toEqual([
        key,
        b.measured.metrics.estimates[key].value,
        b.measured.metrics.estimates[key].n,
      ])
      expect(claimed).toBe(false)
    }
    // In closed loop what a policy has made of the events is part of the difference: the same two, the other way round.
    const [loopA, loopB] = [
      await side(
        ground,
        'a',
        list.map((one) => decisionOf(one.a)),
        rows,
        'closedLoop',
      ),
      await side(
        ground,
        'b',
        list.map((one) => decisionOf(one.b)),
        rows,
        'closedLoop',
      ),
    ]
    const loop = await compare(ground, loopA, loopB)
    expect(loop.over).toBe('own')
    if (whole.beside.length === 0) return
    const plain = ({ differences }: Pick<Comparison, 'differences'>) =>
      differences.map(({ key, value, interval }) => [key, value, interval])
    expect(plain(loop)).toEqual(plain({ differences: whole.beside }))
    expect(plain({ differences: loop.beside })).toEqual(plain(whole))
  },
)

test('further attempts of attackers belong to what each decided, never to what both did', async () => {
  const rows: Row[] = Array.from({ length: 12 }, (_, at) => ({
    ...{ ts: at * 60, card: `C${at % 6}`, amount: 100 },
    ...{ y: at % 3 === 0 ? 1 : 0, kind: at % 3 === 0 ? 'k' : '' },
  }))
  const ground = await readGround(streamOf(rows))
  const first = rows.map((_, at): Decision => ({ status: at % 3 === 0 ? 'N' : 'Y', score: at % 5, event: at }))
  const again = [...first.slice(0, 5), { status: 'Y', score: 1, event: 3, attempt: 1, ts: 250 }, ...first.slice(5)]
  const a = await side(ground, 'a', again, rows, 'closedLoop')
  const b = await side(ground, 'b', first, rows, 'closedLoop')
  const comparison = await compare(ground, a, b)
  expect(comparison).toMatchObject({ over: 'own', pairedEvents: 12, decidedA: 13, decidedB: 12 })
  expect(of(comparison, 'fraudStopped')).toMatchObject({ a: 0.8, b: 1, nA: 5, nB: 4 })
  const shared = comparison.beside.find(({ key }) => key === 'fraudStopped')
  expect(shared).toMatchObject({ a: 1, b: 1, nA: 4, nB: 4, value: 0 })
})
