/**
 * `logistic`: log-odds = intercept + Σ weight · (value - mean) / deviation, each term within ±256, a bound that no sensible
 * model meets. A missing value adds what the file says: by default nothing, as the mean would.
 */
import { z } from 'zod'
import { toGrain } from './grain.ts'
import { checkedBy, type Model, positionsOf, refuse, type scorerAbout } from './scorer.ts'

const farthest = 256

const logisticSchema = z.strictObject({
  format: z.literal('sekisho-logistic'),
  formatVersion: z.literal(1),
  note: z.string().max(2_000).optional(),
  intercept: z.number().min(-100).max(100),
  terms: z
    .array(
      z.strictObject({
        feature: z.string().min(1).max(200),
        weight: z.number(),
        /** Mean and population standard deviation of the training. */
        mean: z.number().default(0),
        deviation: z.number().positive().default(1),
        /** Values beyond are taken as these, before they are standardised. */
        least: z.number().optional(),
        most: z.number().optional(),
        /** Log-odds where the value is missing. */
        missing: z.number().min(-farthest).max(farthest).default(0),
      }),
    )
    .max(1_024),
})
export type LogisticFile = Readonly<z.input<typeof logisticSchema>>

export function logistic(data: unknown, about: z.output<typeof scorerAbout>, engine: readonly string[]): Model {
  const { intercept, terms } = checkedBy(logisticSchema, data)
  const names = terms.map(({ feature }) => feature)
  for (const [i, { feature, least, most }] of terms.entries()) {
    if (names.indexOf(feature) < i) refuse(`terms.${i}.feature`, 'stands here twice')
    if (least !== undefined && most !== undefined && least > most) refuse(`terms.${i}.least`, 'must not be above most')
  }
  const positions = positionsOf(names, about, engine, (i) => `terms.${i}.feature`)
  const base = toGrain(intercept)
  const rows = terms.map(({ weight, mean, deviation, least, most, missing }) => ({
    weight: weight / deviation,
    mean,
    least: least ?? Number.NEGATIVE_INFINITY,
    most: most ?? Number.POSITIVE_INFINITY,
    missing: toGrain(missing),
  }))
  const termOf = (i: number, event: Float64Array): number => {
    const row = rows[i]
    const value = event[positions[i] ?? 0] ?? Number.NaN
    if (row === undefined) return 0
    if (Number.isNaN(value)) return row.missing
    const held = Math.min(Math.max(value, row.least), row.most)
    const term = row.weight * (held - row.mean)
    // An infinite value of a weight of 0 says nothing.
    return Number.isNaN(term) ? 0 : toGrain(Math.min(Math.max(term, -farthest), farthest))
  }
  return {
    features: names,
    gives: 'logOdds',
    most: Math.abs(base) + farthest * terms.length,
    score(event) {
      let sum = base
      for (let i = 0; i < rows.length; i++) sum += termOf(i, event)
      return sum
    },
    parts(event, out) {
      for (let i = 0; i < rows.length; i++) out[i] = termOf(i, event)
      return base
    },
  }
}
