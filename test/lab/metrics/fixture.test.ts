import { expect, test } from 'vitest'
import { readGround } from '../../../src/lab/metrics/ground.ts'
import { measure } from '../../../src/lab/metrics/measure.ts'
import type { MeasureOptions } from '../../../src/lab/metrics/types.ts'
import { atRate, decisionsOf, fixture, fixtureRows, streamOf } from './support.ts'

const options: MeasureOptions = {
  variant: 'v',
  mode: 'replay',
  seed: '1',
  draws: 50,
  timeZone: 'UTC',
  scale: 'probability',
  k: 3,
}

test.each(['a', 'b'] as const)('score %s has the values of the fixture to 1e-12', async (score) => {
  const ground = await readGround(streamOf(fixtureRows, { perPart: 7 }))
  const { metrics } = await measure(ground, decisionsOf(atRate(score), fixtureRows, 11), options)
  const expected = fixture.expected[score]
  const { estimates, daily } = metrics
  const near = (got: number | null | undefined, wanted: number): void => {
    expect(got).not.toBeNull()
    expect(Math.abs((got ?? Number.NaN) - wanted)).toBeLessThan(1e-12)
  }
  near(estimates.auc.value, expected.auc)
  near(estimates.averagePrecision.value, expected.average_precision)
  near(estimates.brier.value, expected.brier)
  near(estimates.logLoss.value, expected.log_loss)
  near(estimates.ece.value, expected.ece10)
  near(estimates.fraudCaught.value, expected.frictionless_80.fraud_caught_count)
  near(estimates.fraudCaughtAmount.value, expected.frictionless_80.fraud_caught_value)
  near(estimates.falsePositiveRatio.value, expected.frictionless_80.false_positive_ratio)
  expect(estimates.frictionless.numerator).toBe(expected.frictionless_80.n)
  daily.forEach((day, index) => {
    near(day.precisionAtK, expected.precision_3[index] as number)
    near(day.cardPrecisionAtK, expected.card_precision_3[index] as number)
  })
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  near(estimates.precisionAtK.value, mean(expected.precision_3))
  near(estimates.cardPrecisionAtK.value, mean(expected.card_precision_3))
  if (score === 'a') {
    near(estimates.ks.value, fixture.expected.a.ks)
    near(estimates.tprAtFpr10.value, fixture.expected.a.tpr_at_fpr_10pct)
  }
})
