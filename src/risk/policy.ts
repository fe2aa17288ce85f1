/**
 * A policy: what every check weighs, where the bands begin, and the rules applied after the score. Written in YAML.
 * Its parts are described in ./policy/.
 */
import { createHash } from 'node:crypto'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { bindCheck, farthestWeight, type PolicyCheck, rounded } from './check.ts'
import { checks } from './checks.ts'
import { type FeatureName, featureNames, positionOf } from './features.ts'
import { type Assessments, assessmentsSchema } from './policy/assessments.ts'
import { type Costs, costsSchema } from './policy/costs.ts'
import { periodOf } from './policy/dates.ts'
import { type Limits, limitsSchema, type Tra, traSchema } from './policy/limits.ts'
import { entryOf, indexOf } from './policy/lists.ts'
import { knowsEuros } from './policy/money.ts'
import { meant, nearest } from './policy/nearest.ts'
import { type Rule, ruleSchema, segmentId } from './policy/rules.ts'
import { type Segment, segmentSchema, type Thresholds, thresholdsSchema } from './policy/segments.ts'
import { freemanScorer } from './scorers/freeman.ts'
import { readScorer } from './scorers/read.ts'
import { ModelError, type Scorer, scorerAbout } from './scorers/scorer.ts'
import { issuerSchema, listsSchema, type Setting } from './setting.ts'

const featureName = z.enum(featureNames, {
  error: ({ input }) => `no such feature: ${String(input)}${meant(String(input), featureNames)}`,
})

const cap = z.number().positive().describe('at most so much in either direction; never more than 1000')
const logOdds = z.number().min(-farthestWeight).max(farthestWeight)

const scorecardSchema = z.strictObject({
  feature: featureName,
  weight: z.number().describe('log-odds for each 1 of the feature'),
  cap: cap.optional(),
})

const scorerSchema = scorerAbout.omit({ name: true, version: true }).extend({
  id: segmentId,
  model: z.string().min(1).optional().describe('file of the model; freeman has none'),
  version: z.string().min(1).max(100).default('1'),
  weight: z.number().min(-20).max(20).default(1).describe('the log-odds of the model are multiplied by this'),
  cap: cap.optional(),
})
export type ScorerSource = Readonly<z.output<typeof scorerSchema>>

export const policySchema = z.strictObject({
  name: z.string().min(1).max(100),
  version: z.int().positive(),
  about: z.strictObject({ en: z.string(), ja: z.string() }).optional().describe('what the policy is for'),
  issuer: issuerSchema,
  lists: listsSchema,
  base: logOdds.describe('log-odds before anything is known of a purchase').transform(rounded),
  thresholds: thresholdsSchema.describe('score < challenge: low; score < reject: medium; else high'),
  segments: z.array(segmentSchema).default([]),
  costs: costsSchema.optional().describe('instead of thresholds: the cheapest of passing, challenging and declining'),
  checks: z.strictObject(Object.fromEntries(checks.map(({ id, bound }) => [id, bound.optional()]))),
  scorers: z.array(scorerSchema).max(64).default([]),
  scorecard: z.array(scorecardSchema).max(1_000).default([]),
  assessments: assessmentsSchema
    .optional()
    .describe('what screenings of shops are worth; without it nobody is asked and nothing that they say counts'),
  rules: z.array(ruleSchema).default([]),
  limits: limitsSchema.default({}),
  tra: traSchema.optional(),
  exemptions: z.strictObject({
    requestorTra: z
      .enum(['Y', 'I'])
      .describe(
        '05 at low risk: Y, or I where the issuer does not accept the requestor’s risk analysis but lets it pass',
      ),
    requestorSca: z
      .enum(['Y', 'I'])
      .describe('07 at low risk: Y, or I where the requestor’s own authentication is only taken note of'),
    scaMandated: z
      .boolean()
      .describe('the region demands strong authentication, so that every challenge is a mandated one (RES-CM-2)'),
    otherwise: z
      .enum(['frictionless', 'challenge'])
      .default('frictionless')
      .describe('a payment of low risk to which no exemption applies'),
  }),
  threeRI: z
    .strictObject({
      withoutPrior: z
        .enum(['deny', 'byRisk'])
        .describe('a 3RI payment that refers to no authentication of the holder: refused, or by its risk (RES-3RI-4)'),
    })
    .default({ withoutPrior: 'deny' }),
})
type Written = z.output<typeof policySchema>

export type ScorecardEntry = {
  readonly feature: FeatureName
  readonly position: number
  readonly weight: number
  readonly cap: number
}

export type ScorerEntry = {
  readonly id: string
  readonly scorer: Scorer
  readonly weight: number
  readonly cap: number
  /** What it says, as a reason. */
  readonly code: string
}

export type Policy = Setting & {
  readonly name: string
  readonly version: number
  /** Of its text and of its models: policies of the same hash decide alike. */
  readonly hash: string
  readonly about?: Written['about']
  readonly base: number
  readonly thresholds: Thresholds
  /** The first that a payment belongs to has its own thresholds or prices. */
  readonly segments: readonly Segment[]
  readonly costs?: Costs | undefined
  readonly checks: readonly PolicyCheck[]
  readonly scorers: readonly ScorerEntry[]
  readonly scorecard: readonly ScorecardEntry[]
  /** Absent: the policy does not listen to assessments. */
  readonly assessments?: Assessments | undefined
  readonly rules: readonly Rule[]
  readonly limits: Limits
  readonly tra?: Tra | undefined
  readonly exemptions: Readonly<Written['exemptions']>
  readonly threeRI: Readonly<Written['threeRI']>
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

export const shippedPolicies = [
  'default',
  'always-challenge',
  'never-challenge',
  'amount-only',
  'rules-jp',
  'rules-eu',
  'freeman',
  'logistic',
  'gbdt',
  'probe-2018',
  'features-30',
] as const
export type ShippedPolicy = (typeof shippedPolicies)[number]

/** Policies that come with Sekisho, to be read by who may read files. */
export const shippedPolicy = (name: ShippedPolicy): URL =>
  new URL(`../../src/risk/policies/${name}.yaml`, import.meta.url)

export const isShipped = (name: string): name is ShippedPolicy => shippedPolicies.some((one) => one === name)

/** What the file of a model holds, or the model itself where it is no text (ONNX). Undefined: there is none. */
export type Models = (source: ScorerSource) => string | Scorer | undefined

/** Of a text alone where no model has a file: freeman counts, and has none. */
export function policyHashOf(text: string, scorers: readonly Pick<ScorerEntry, 'scorer'>[] = []): string {
  const models = scorers.flatMap(({ scorer: { kind, hash } }) => (kind === 'freeman' ? [] : [hash]))
  return createHash('sha256')
    .update([text, ...models].join('\n'))
    .digest('hex')
    .slice(0, 16)
}

/** Without models a policy that names one is refused. */
export function loadPolicy(text: string, models?: Models): Policy {
  const document = parseDocument(text)
  if (document.errors.length > 0) {
    throw new PolicyError(
      document.errors.map(({ message, linePos }) => ({ path: `line ${linePos?.[0].line ?? '?'}`, problem: message })),
    )
  }
  const read = policySchema.safeParse(valuesIn(document))
  if (!read.success) throw new PolicyError(read.error.issues.flatMap(told))
  const { data } = read
  const twice = [
    ...repeated('rules', data.rules),
    ...repeated('segments', data.segments),
    ...repeated('scorers', data.scorers),
  ]
  const unknown = knowsEuros(data.issuer) ? [] : inEuros(data)
  if (twice.length + unknown.length > 0) throw new PolicyError([...twice, ...unknown])
  const { offsetMinutes } = data.issuer.zone
  const scorers = data.scorers.map((source, i) => scorerOf(source, i, models))
  return {
    ...data,
    hash: policyHashOf(text, scorers),
    countsChains: data.scorers.some(({ kind }) => kind === 'freeman'),
    lists: {
      ...data.lists,
      deny: indexOf(data.lists.deny.map((entry) => entryOf(entry, offsetMinutes))),
      allow: indexOf(data.lists.allow.map((entry) => entryOf(entry, offsetMinutes))),
    },
    rules: data.rules.map(({ from, until, ...rule }) => ({ ...rule, ...periodOf({ from, until }, offsetMinutes) })),
    checks: checks.flatMap((check) => {
      const bound = data.checks[check.id]
      return bound === undefined ? [] : [bindCheck(check, bound)]
    }),
    scorers,
    scorecard: data.scorecard.map(({ feature, weight, cap }) => ({
      feature,
      position: positionOf(feature),
      weight,
      cap: Math.min(cap ?? farthestWeight, farthestWeight),
    })),
  }
}

/** What aliases make of a text may be nothing, or more than anybody wants to hold. */
function valuesIn(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw new PolicyError([{ path: '', problem: error instanceof Error ? error.message : 'not valid' }])
  }
}

function scorerOf(source: ScorerSource, i: number, models: Models | undefined): ScorerEntry {
  const { id, model, weight, cap = farthestWeight, ...about } = source
  const path = `scorers.${i}`
  const named = { ...about, name: id }
  const entry = (scorer: Scorer): ScorerEntry => ({
    id,
    scorer,
    weight,
    cap: Math.min(cap, farthestWeight),
    code: 'scorer.model',
  })
  try {
    if (about.kind === 'freeman') return entry(freemanScorer(named, featureNames))
    const found = model === undefined ? undefined : models?.(source)
    if (found === undefined)
      throw new PolicyError([{ path: `${path}.model`, problem: `no such model: ${model ?? '?'}` }])
    return entry(typeof found === 'string' ? readScorer(named, found, featureNames) : found)
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    throw new PolicyError(
      error.problems.map(({ path: place, problem }) => ({
        path: place === '' ? path : `${path}.model.${place}`,
        problem,
      })),
    )
  }
}

/** Limits that would never be reached, since nobody could say what an amount is in euros. */
function inEuros({ limits, tra }: Written): PolicyError['problems'] {
  const problem = 'is in euros, and issuer.rates has none for the euro (978)'
  const parts: readonly (readonly [path: string, isThere: boolean])[] = [
    ['limits.frictionless.sumEUR', limits.frictionless?.sumEUR !== undefined],
    ['limits.lowValue', limits.lowValue !== undefined],
    ['tra', tra !== undefined],
  ]
  return parts.flatMap(([path, isThere]) => (isThere ? [{ path, problem }] : []))
}

function repeated(part: string, entries: readonly { readonly id: string }[]): PolicyError['problems'] {
  const ids = new Set<string>()
  return entries.flatMap(({ id }, i) => {
    if (ids.has(id)) return [{ path: `${part}.${i}.id`, problem: `${id} is there already` }]
    ids.add(id)
    return []
  })
}

const checkIds = checks.map(({ id }) => id)
const partNames = Object.keys(policySchema.shape)

function told(issue: z.core.$ZodIssue): PolicyError['problems'] {
  const path = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [{ path, problem: issue.message }]
  return issue.keys.map((key) => {
    const names = path === 'checks' ? checkIds : path === '' ? partNames : []
    const like = nearest(key, names)
    const what = path === 'checks' ? 'no such check' : 'not known'
    return {
      path: path === '' ? key : `${path}.${key}`,
      problem: like === undefined ? what : `${what} (did you mean ${like}?)`,
    }
  })
}
