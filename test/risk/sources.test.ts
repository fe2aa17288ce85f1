// What the word of a source is worth, by what became of the payments that it spoke of.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { verdicts } from '../../src/risk/assessment.ts'
import {
  averageOf,
  bandOfScore,
  calibrated,
  counted,
  emptySource,
  labelledOf,
  type Opinion,
  opinionOf,
  type Prior,
  type Said,
  type SourceRecord,
  sourceRecordSchema,
} from '../../src/risk/sources.ts'

const prior: Prior = {
  evidence: { OK: -0.6, REVIEW: 1.4, HOLD: 1, NG: 2.3 },
  usual: { OK: 0.9, REVIEW: 0.06, HOLD: 0.02, NG: 0.02 },
}
const opinion = (said: Said, own = emptySource, average = emptySource): Opinion =>
  opinionOf({ source: 'shop', reasons: [], issuedAt: '', about: {}, ...said }, 'ahead', own, average)
const worth = (said: Said, own?: SourceRecord, average?: SourceRecord): number =>
  calibrated(opinion(said, own, average), prior)
const times = (record: SourceRecord, n: number, said: Said, end: 'good' | 'fraud'): SourceRecord =>
  Array.from({ length: n }).reduce<SourceRecord>((sum) => counted(sum, said, end), record)

/** Says OK to 95 of 100 good purchases and to 30 of 100 frauds, NG to the others. */
const sharp = [
  [950, 'OK', 'good'],
  [50, 'NG', 'good'],
  [30, 'OK', 'fraud'],
  [70, 'NG', 'fraud'],
].reduce<SourceRecord>(
  (sum, [n, verdict, end]) => times(sum, n as number, { verdict: verdict as 'OK' }, end as 'good'),
  emptySource,
)

describe('a source', () => {
  test('that nobody knows is taken for the average one, normalised', () => {
    const expected = Math.log(0.9 * Math.exp(-0.6) + 0.06 * Math.exp(1.4) + 0.02 * Math.exp(1) + 0.02 * Math.exp(2.3))
    for (const verdict of verdicts) expect(worth({ verdict })).toBeCloseTo(prior.evidence[verdict] - expected, 12)
  })

  test('of many labels is worth what they say', () => {
    const many = times(sharp, 9000, { verdict: 'OK' }, 'good')
    expect(worth({ verdict: 'NG' }, sharp)).toBeCloseTo(Math.log(0.7 / 0.05), 0)
    expect(worth({ verdict: 'OK' }, sharp)).toBeCloseTo(Math.log(0.3 / 0.95), 0)
    expect(worth({ verdict: 'NG' }, many)).toBeGreaterThan(worth({ verdict: 'NG' }, sharp))
  })

  test('is shrunk towards the average by n / (n + 20), n the frauds that it spoke of', () => {
    const record = { ...emptySource, verdicts: { ...emptySource.verdicts, NG: { good: 0, fraud: 20 } } }
    // Good shares are those of the average, so that the ratio is the mean of its own and of the average one.
    const average = Math.exp(worth({ verdict: 'NG' }))
    expect(Math.exp(worth({ verdict: 'NG' }, record))).toBeCloseTo((1 / 0.02 + average) / 2, 9)
  })

  test('that says the same of everybody says nothing, after a few labels and without a fraud among them', () => {
    const biased = times(emptySource, 200, { verdict: 'NG' }, 'good')
    expect(worth({ verdict: 'NG' }, biased)).toBeLessThan(0.1)
    const easy = times(emptySource, 2000, { verdict: 'OK' }, 'good')
    expect(worth({ verdict: 'OK' }, easy)).toBeGreaterThan(-0.1)
    expect(worth({ verdict: 'NG' }, easy)).toBeGreaterThan(2)
  })

  test('is discounted step by step as feedback comes in', () => {
    const steps = [0, 5, 20, 80, 320].map((n) =>
      worth({ verdict: 'NG' }, times(emptySource, n, { verdict: 'NG' }, 'good')),
    )
    expect(steps).toEqual(steps.toSorted((a, b) => b - a))
    expect(steps.at(-1)).toBeLessThan(0.06)
  })

  test('that lies cannot make its NG speak for anybody', () => {
    const liar = times(times(emptySource, 500, { verdict: 'NG' }, 'good'), 200, { verdict: 'OK' }, 'fraud')
    for (const verdict of ['NG', 'REVIEW', 'HOLD'] as const) expect(worth({ verdict }, liar)).toBeGreaterThanOrEqual(0)
    expect(worth({ verdict: 'OK' }, liar)).toBeGreaterThan(1)
  })

  test('without a record of its own is like the others are', () => {
    expect(worth({ verdict: 'NG' }, emptySource, sharp)).toBeGreaterThan(worth({ verdict: 'NG' }) - 0.5)
    const biased = times(emptySource, 500, { verdict: 'NG' }, 'good')
    expect(worth({ verdict: 'NG' }, emptySource, biased)).toBeLessThan(0.3)
  })
})

describe('a score', () => {
  test('says nothing beside the verdict until it has been seen with frauds', () => {
    for (const verdict of verdicts) {
      expect(worth({ verdict, score: 0.95 })).toBeCloseTo(worth({ verdict }), 12)
      const goods = times(emptySource, 300, { verdict: 'OK', score: 0.05 }, 'good')
      expect(worth({ verdict, score: 0.95 }, goods)).toBeCloseTo(worth({ verdict }, goods), 12)
    }
  })

  test('says more than the verdict once it has', () => {
    let record = times(emptySource, 500, { verdict: 'OK', score: 0.05 }, 'good')
    record = times(record, 50, { verdict: 'OK', score: 0.45 }, 'good')
    record = times(record, 60, { verdict: 'OK', score: 0.45 }, 'fraud')
    expect(worth({ verdict: 'OK', score: 0.45 }, record)).toBeGreaterThan(1)
    expect(worth({ verdict: 'OK', score: 0.05 }, record)).toBeLessThan(-1)
  })

  test('has its band: the last one holds the 1', () => {
    expect([0, 0.0999, 0.1, 0.95, 1].map(bandOfScore)).toEqual([0, 0, 1, 9, 9])
  })
})

const said: fc.Arbitrary<Said> = fc.record({
  verdict: fc.constantFrom(...verdicts),
  score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
})
const history = fc.array(fc.tuple(said, fc.constantFrom('good' as const, 'fraud' as const), fc.nat({ max: 40 })), {
  maxLength: 12,
})
const recordOf = (events: readonly (readonly [Said, 'good' | 'fraud', number])[]): SourceRecord =>
  events.reduce((sum, [one, end, n]) => times(sum, n, one, end), emptySource)

describe('whatever was labelled', () => {
  property.prop([history, history, said])('the worth of a word is a number', (own, others, one) => {
    const value = worth(one, recordOf(own), recordOf(others))
    expect(Number.isFinite(value)).toBe(true)
    if (one.verdict !== 'OK') expect(value).toBeGreaterThanOrEqual(0)
  })

  property.prop([history, history, said])('a fraud more never makes the same word milder', (own, others, one) => {
    const [record, average] = [recordOf(own), recordOf(others)]
    expect(worth(one, counted(record, one, 'fraud'), average)).toBeGreaterThanOrEqual(
      worth(one, record, average) - 1e-9,
    )
  })

  property.prop([history, said])('what is counted and taken back was never there', (own, one) => {
    const record = recordOf(own)
    for (const end of ['good', 'fraud'] as const)
      expect(counted(counted(record, one, end), one, end, -1)).toEqual(record)
    expect(sourceRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record)
  })

  property.prop([fc.array(history, { maxLength: 5 })])('the average is the same in any order', (all) => {
    const records = all.map(recordOf)
    const [one, other] = [averageOf(records), averageOf(records.toReversed())]
    for (const v of verdicts) expect(one.verdicts[v].good).toBeCloseTo(other.verdicts[v].good, 9)
    expect(labelledOf(one).good).toBeLessThanOrEqual(100 * records.length + 1e-9)
  })
})
