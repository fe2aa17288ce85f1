/**
 * `logistic`: log-odds = intercept + Σ weight · (value - mean) / deviation, each term within ±256, a bound that no sensible
 * model meets. A missing value adds what the file says: by default nothing, as the mean would.
 */
import { z } from 'zod'
import * as grain from './grain.ts'
import { checkedBy, type Model, positionsOf, refuse, type scorerAbout } from './scorer.ts'

const farthest = 256
/** Its own, not the import, which is looked up at every use. */
const { grains, toGrain } = grain

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
  const weights = Float64Array.from(terms, ({ weight, deviation }) => weight / deviation)
  const means = Float64Array.from(terms, ({ mean }) => mean)
  const leasts = Float64Array.from(terms, ({ least }) => least ?? Number.NEGATIVE_INFINITY)
  const mosts = Float64Array.from(terms, ({ most }) => most ?? Number.POSITIVE_INFINITY)
  const missings = Float64Array.from(terms, ({ missing }) => Math.round(missing * grains))
  /** Grains of a term: whole numbers, whose sum is exact. */
  const termOf = (i: number, event: Float64Array): number => {
    const value = event[positions[i] as number] as number
    if (Number.isNaN(value)) return missings[i] as number
    const least = leasts[i] as number
    const most = mosts[i] as number
    const held = value < least ? least : value > most ? most : value
    const term = (weights[i] as number) * (held - (means[i] as number))
    if (term > farthest) return farthest * grains
    if (term < -farthest) return -farthest * grains
    // An infinite value of a weight of 0 says nothing.
    return Number.isNaN(term) ? 0 : Math.round(term * grains)
  }
  return {
    features: names,
    gives: 'logOdds',
    most: Math.abs(base) + farthest * terms.length,
    score(event) {
      let sum = 0
      for (let i = 0; i < weights.length; i++) sum += termOf(i, event)
      return base + sum / grains
    },
    parts(event, out) {
      for (let i = 0; i < weights.length; i++) out[i] = termOf(i, event) / grains + 0
      return base
    },
  }
}
