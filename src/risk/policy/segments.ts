/** Parts of the traffic that have thresholds or prices of their own. The first segment whose condition holds counts. */
import { z } from 'zod'
import { conditionSchema } from './condition-schema.ts'
import type { Condition, Given } from './conditions.ts'
import { type Costs, costsSchema } from './costs.ts'
import { segmentId } from './rules.ts'

export const thresholdsSchema = z
  .strictObject({
    challenge: z.number().describe('from this score on a payment is challenged'),
    reject: z.number().describe('from this score on it is rejected'),
  })
  .refine(({ challenge, reject }) => challenge <= reject, 'challenge must not be above reject')
export type Thresholds = { readonly challenge: number; readonly reject: number }

export const segmentSchema = z
  .strictObject({
    id: segmentId,
    when: conditionSchema,
    thresholds: thresholdsSchema.optional(),
    costs: costsSchema.optional(),
    note: z.string().optional().describe('why it is there'),
  })
  .refine(
    ({ thresholds, costs }) => (thresholds === undefined) !== (costs === undefined),
    'exactly one of thresholds and costs',
  )

export type Segment = {
  readonly id: string
  readonly when: Condition
  readonly thresholds?: Thresholds | undefined
  readonly costs?: Costs | undefined
  readonly note?: string | undefined
}

export function segmentFor(segments: readonly Segment[], given: Given): Segment | undefined {
  for (const segment of segments) if (segment.when.holds(given)) return segment
  return undefined
}
