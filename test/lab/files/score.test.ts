import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { importStream } from '../../../src/lab/files/import.ts'
import { measureScores } from '../../../src/lab/files/score.ts'
import { openStream } from '../../../src/lab/stream/store.ts'
import { desk } from './support.ts'

const { folder, put, clear } = desk()
afterAll(clear)

type Row = {
  readonly id: number
  readonly day: number
  readonly card: string
  readonly y: number
  readonly a: number
  readonly b: number
  readonly amount: number
}
type Expected = {
  readonly auc: number
  readonly average_precision: number
  readonly brier: number
  readonly log_loss: number
  readonly ece10: number
  readonly card_precision_3: readonly number[]
  readonly precision_3: readonly number[]
}
const fixtures = JSON.parse(
  readFileSync(new URL('../../../spec-fixtures/lab/metric-fixtures.json', import.meta.url), 'utf8'),
) as {
  readonly rows: readonly Row[]
  readonly expected: {
    readonly a: Expected
    readonly b: Expected
    readonly delong_a_minus_b: { readonly diff: number; readonly p: number }
  }
}
const header = ['id', 'day', 'card', 'y', 'a', 'b', 'amount'] as const
const csv = [header.join(','), ...fixtures.rows.map((row) => header.map((name) => row[name]).join(','))].join('\n')
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test('scores that were imported are measured as the fixtures say, to 1e-12', async () => {
  await importStream({ events: [put('scores.csv', csv)], out: `${folder}/out`, isScores: true })
  const { metrics, comparisons } = await measureScores(await openStream(`${folder}/out`), {
    ...{ seed: '1', draws: 200, k: 3, areProbabilities: true },
  })
  expect(metrics.map(({ variant }) => variant)).toEqual(['a', 'b'])
  for (const { variant, estimates, mode } of metrics) {
    const wanted = fixtures.expected[variant as 'a' | 'b']
    expect(mode).toBe('scores')
    const pairs = [
      ['auc', wanted.auc],
      ['averagePrecision', wanted.average_precision],
      ['brier', wanted.brier],
      ['logLoss', wanted.log_loss],
      ['ece', wanted.ece10],
      ['precisionAtK', mean(wanted.precision_3)],
      ['cardPrecisionAtK', mean(wanted.card_precision_3)],
    ] as const
    for (const [key, value] of pairs) expect(estimates[key].value, `${key} of ${variant}`).toBeCloseTo(value, 12)
    expect(estimates.frictionless).toMatchObject({ value: null, why: 'noDecisions' })
  }
  const [comparison] = comparisons
  // The first is what the others are held against: b less a.
  expect(comparison?.deLong.difference).toBeCloseTo(-fixtures.expected.delong_a_minus_b.diff, 12)
  expect(comparison?.deLong.p).toBeCloseTo(fixtures.expected.delong_a_minus_b.p, 12)
})

test('a score that is not there, and a stream without scores, are told', async () => {
  const stream = await openStream(`${folder}/out`)
  await expect(measureScores(stream, { seed: '1', scores: ['c'] })).rejects.toThrow(
    'imported: there is no score c; there are a, b',
  )
  const events = put('events.csv', 'ts,card,merchant,purchaseAmount\n1,c,m,1\n')
  await importStream({ events: [events], out: `${folder}/events` })
  await expect(measureScores(await openStream(`${folder}/events`), { seed: '1' })).rejects.toThrow(/holds no scores/)
})
