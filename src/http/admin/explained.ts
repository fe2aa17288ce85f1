// A decision explained, as the admin API describes it.
import { z } from 'zod'
import { doors, hookProblems, verdicts } from '../../risk/assessment.ts'
import { controllers } from '../../risk/changes/change.ts'
import { conflictModes } from '../../risk/policy/assessments.ts'

const sentence = z.strictObject({ en: z.string(), ja: z.string() })
const named = z.array(z.strictObject({ code: z.string(), text: sentence }))
const reads = z
  .array(z.strictObject({ path: z.string(), presence: z.enum(['present', 'absent', 'notAsked']).optional() }))
  .describe('what it reads, and whether that was told; notAsked: the version or channel does not have it')
const family = z.enum(['cardholder', 'merchant', 'environment', 'behaviour'])
const about = {
  checkId: z.string(),
  title: sentence,
  family: family.optional(),
  reads,
}
const way = z.strictObject({
  transStatus: z.string(),
  transStatusReason: z.string().optional(),
  score: z.number(),
  sentence,
  isSmallest: z.boolean().describe('nothing smaller was found by a search through all single changes and all pairs'),
  changes: z.array(
    z.strictObject({ id: z.string(), by: z.enum(controllers), text: sentence, paths: z.array(z.string()) }),
  ),
  differences: z
    .array(z.strictObject({ name: z.string(), from: z.json(), to: z.json() }))
    .describe('what is otherwise: features, facts and what was asked, by the names that conditions have for them'),
})

const without = z.strictObject({
  transStatus: z.string(),
  transStatusReason: z.string().optional(),
  action: z.string(),
  band: z.enum(['low', 'medium', 'high']),
  score: z.number(),
})
const assessment = z.strictObject({
  source: z.string(),
  door: z.enum(doors),
  verdict: z.enum(verdicts),
  score: z.number().optional(),
  reasons: z.array(z.string()),
  ms: z.number().optional().describe('how long asking took'),
  labelled: z
    .strictObject({ good: z.number(), fraud: z.number() })
    .describe('payments that it had spoken of, and whose end was known by then'),
  evidence: z.number().optional().describe('log-odds by its record, before trust and limits of the policy'),
  weight: z.number().describe('log-odds as they counted'),
  without: without.optional().describe('what the engine would have decided without it'),
})

export const controllable = z
  .enum(controllers)
  .optional()
  .describe('only what they could have changed; merchant: what the shop tells or wishes')

export const explainedShape = {
  score: z.number(),
  probability: z.number().describe('the score as a probability'),
  base: z.number(),
  thresholds: z.strictObject({ challenge: z.number(), reject: z.number() }).describe('of the segment'),
  band: z.enum(['low', 'medium', 'high']),
  segment: z.string().optional(),
  policy: z.strictObject({
    name: z.string(),
    hash: z.string().optional(),
    isOfTheDay: z
      .boolean()
      .describe('false: its text is not here; rules and what would have changed it are of the running one'),
  }),
  contributions: z
    .array(
      z.strictObject({
        ...about,
        code: z.string().optional(),
        weight: z.number().describe('log-odds'),
        sentence,
        features: z
          .array(z.strictObject({ feature: z.string(), value: z.number().nullable(), weight: z.number() }))
          .optional()
          .describe('of a model or the scorecard: what the features added'),
      }),
    )
    .describe('base and weights, added in this order, are the score exactly'),
  silent: z.array(z.strictObject({ ...about, reason: sentence })).describe('checks that abstained, and why'),
  scorers: z.array(
    z.strictObject({
      ...{ id: z.string(), kind: z.string(), name: z.string(), version: z.string(), hash: z.string() },
      calibrator: z.string(),
      weight: z.number(),
      contribution: z.number().optional().describe('not there: it abstained'),
    }),
  ),
  engine: z
    .strictObject({
      action: z.string(),
      transStatus: z.string(),
      transStatusReason: z.string().optional(),
      because: z.array(z.string()),
    })
    .describe('what the engine decided, or would have'),
  assessments: z.array(assessment).describe('what screenings of shops said, each with what it was worth'),
  unheard: z
    .array(
      z.strictObject({
        door: z.enum(doors),
        source: z.string().optional(),
        ms: z.number().optional(),
        fault: z.string().optional().describe('what went wrong with the question on purpose'),
        problem: z.enum(hookProblems),
        text: sentence,
      }),
    )
    .describe('who was not heard, and why'),
  withoutAll: without.optional().describe('had nobody been heard; not there: nobody was'),
  conflict: z
    .strictObject({ mode: z.enum(conflictModes), own: z.number(), theirs: z.number(), text: sentence })
    .optional()
    .describe('the screenings and our own evidence contradict each other; log-odds of both'),
  steps: named.describe('what was applied after the score, in order'),
  rules: z
    .array(
      z.strictObject({
        id: z.string(),
        when: z.json(),
        outcome: z.json(),
        text: sentence,
        cite: z.string().optional(),
        note: z.string().optional(),
      }),
    )
    .describe('rules of the policy that applied'),
  families: z.record(
    family,
    z.strictObject({ weight: z.number(), isEstablished: z.boolean(), checks: z.array(z.string()) }),
  ),
  links: named.describe('what was known with this card before'),
  riskEvents: named,
  isReplayed: z
    .boolean()
    .optional()
    .describe('the engine decides the same from the record; not there: the record does not hold all of it'),
  counterfactual: z.strictObject({
    controllable: z.enum(controllers).optional(),
    smallest: way.optional(),
    others: z.array(way).describe('one for each other outcome that there is a way to'),
    tried: z.int(),
    missing: sentence.optional().describe('why there is none'),
  }),
}
