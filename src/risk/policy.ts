/** A policy: what every check weighs, where the bands begin, and the rules applied after the score. Written in YAML. */
import { parseDocument } from 'yaml'
import { z } from 'zod'
import type { Bound } from './check.ts'
import { checks } from './checks.ts'
import { featureNames, positionOf } from './features.ts'
import { type ReasonCode, reasons } from './reasons.ts'
import { issuerSchema, listsSchema, type Setting } from './setting.ts'

const feature = z.enum(featureNames)
const reasonCode = z
  .string()
  .refine((code): code is ReasonCode => code in reasons, { error: ({ input }) => `no such reason code: ${input}` })

const scorecardSchema = z.strictObject({ feature, weight: z.number(), cap: z.number().positive().optional() })

const ruleSchema = z.strictObject({
  id: z.string().min(1),
  when: z.union([z.strictObject({ feature, atLeast: z.number() }), z.strictObject({ reason: reasonCode })]),
  /** `challenge` is a floor; `deny` (N) and `reject` (R) end the matter, with a transStatusReason. */
  outcome: z.discriminatedUnion('action', [
    z.strictObject({ action: z.literal('challenge') }),
    z.strictObject({ action: z.enum(['deny', 'reject']), transStatusReason: z.string().regex(/^\d{2}$/) }),
  ]),
  cite: z.string().optional(),
})
export type Rule = Readonly<z.infer<typeof ruleSchema>>

const policySchema = z.strictObject({
  name: z.string().min(1),
  version: z.int().positive(),
  issuer: issuerSchema,
  lists: listsSchema,
  /** Log-odds before anything is known of a purchase. */
  base: z.number(),
  /** score < challenge: low; score < reject: medium; else high. */
  thresholds: z
    .strictObject({ challenge: z.number(), reject: z.number() })
    .refine(({ challenge, reject }) => challenge < reject, 'challenge must be below reject'),
  checks: z.strictObject(Object.fromEntries(checks.map(({ id, bound }) => [id, bound.optional()]))),
  scorecard: z.array(scorecardSchema).default([]),
  rules: z.array(ruleSchema).default([]),
  exemptions: z.strictObject({
    /** 05 at low risk: Y, or I where the issuer does not accept the requestor's risk analysis but lets it pass. */
    requestorTra: z.enum(['Y', 'I']),
    /** 07 at low risk: Y, or I where the requestor's own authentication is only taken note of. */
    requestorSca: z.enum(['Y', 'I']),
    /** The issuer's region demands strong authentication unless an exemption was accepted (RES-CM-2). */
    scaMandated: z.boolean(),
  }),
  threeRI: z
    .strictObject({
      /** A 3RI payment that refers to no authentication of the holder: refused, or by its risk (RES-3RI-4). */
      withoutPrior: z.enum(['deny', 'byRisk']),
    })
    .default({ withoutPrior: 'deny' }),
})

export type ScorecardEntry = {
  readonly feature: (typeof featureNames)[number]
  readonly position: number
  readonly weight: number
  readonly cap: number
}

export type Policy = Setting & {
  readonly name: string
  readonly version: number
  readonly base: number
  readonly thresholds: { readonly challenge: number; readonly reject: number }
  readonly checks: readonly (Bound & { readonly id: string; readonly paths: readonly string[] })[]
  readonly scorecard: readonly ScorecardEntry[]
  readonly rules: readonly Rule[]
  readonly exemptions: Readonly<z.infer<typeof policySchema>['exemptions']>
  readonly threeRI: Readonly<z.infer<typeof policySchema>['threeRI']>
}

/** What is wrong with a policy, each with its path. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly problems: readonly { readonly path: string; readonly problem: string }[]
  constructor(problems: PolicyError['problems']) {
    super(`policy: ${problems.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`)).join('; ')}`)
    this.problems = problems
  }
}

/** Policies that come with Sekisho, to be read by who may read files. */
export const shippedPolicy = (name: 'default' | 'features-30'): URL =>
  new URL(`../../src/risk/policies/${name}.yaml`, import.meta.url)

export function loadPolicy(text: string): Policy {
  const document = parseDocument(text)
  if (document.errors.length > 0) {
    throw new PolicyError(
      document.errors.map(({ message, linePos }) => ({ path: `line ${linePos?.[0].line ?? '?'}`, problem: message })),
    )
  }
  const read = policySchema.safeParse(document.toJS())
  if (!read.success) throw new PolicyError(read.error.issues.flatMap(told))
  const { data } = read
  return {
    ...data,
    checks: checks.flatMap(({ id, paths }) => {
      const bound = data.checks[id]
      return bound === undefined ? [] : [{ id, paths, ...bound }]
    }),
    scorecard: data.scorecard.map(({ feature, weight, cap }) => ({
      feature,
      position: positionOf(feature),
      weight,
      cap: cap ?? Number.POSITIVE_INFINITY,
    })),
  }
}

function told(issue: z.core.$ZodIssue): PolicyError['problems'] {
  const path = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [{ path, problem: issue.message }]
  const what = path === 'checks' ? 'no such check' : 'not known'
  return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, problem: what }))
}
