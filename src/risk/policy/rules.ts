/** Rules that are applied in their order, after the score. Each says when, and what then. */
import { z } from 'zod'
import { isReasonOf } from '../reason-codes.ts'
import { type Condition, conditionSchema } from './condition-schema.ts'
import { backwards, dated, isBackwards } from './dates.ts'

/** How the holder may be asked, as the ACS names it. */
export const challengeKinds = [
  'emailOtp',
  'smsOtp',
  'pushOtp',
  'chooseOtp',
  'singleSelect',
  'multiSelect',
  'oob',
  'oobMatch',
  'passwordOtp',
  'infoOtp',
  'infoDecoupled',
] as const
export type WantedKind = (typeof challengeKinds)[number]

const answers = ['Y', 'A', 'N', 'R', 'U', 'I', 'challenge', 'decoupled'] as const
const reasoned: readonly string[] = ['N', 'R', 'U']

const isSendable = (code: string): boolean =>
  /^[89]\d$/.test(code) || (['2.1.0', '2.2.0', '2.3.1'] as const).some((version) => isReasonOf(code, version))

const outcomeSchema = z
  .strictObject({
    answer: z
      .enum(answers)
      .optional()
      .describe('ends the matter; challenge and decoupled as far as the protocol allows'),
    atLeast: z.enum(['challenge', 'reject']).optional().describe('a floor: what is milder becomes this'),
    atMost: z.enum(['frictionless', 'challenge']).optional().describe('a cap: what is harsher becomes this'),
    transStatusReason: z
      .string()
      .refine(isSendable, 'a transStatusReason that an ARes may carry, in quotes')
      .optional()
      .describe('with N, R and U; older versions are told the nearest that they have'),
    kind: z.enum(challengeKinds).optional().describe('with a challenge: how the holder is asked'),
  })
  .superRefine((outcome, context) => {
    const { answer, transStatusReason, kind } = outcome
    const said = ['answer', 'atLeast', 'atMost'].filter((name) => name in outcome)
    if (said.length !== 1) context.addIssue({ code: 'custom', message: 'exactly one of answer, atLeast and atMost' })
    const needsReason = answer !== undefined && reasoned.includes(answer)
    if (needsReason && transStatusReason === undefined)
      context.addIssue({ code: 'custom', path: ['transStatusReason'], message: `${answer} needs one, in quotes` })
    if (!needsReason && transStatusReason !== undefined)
      context.addIssue({ code: 'custom', path: ['transStatusReason'], message: 'only with answer: N, R or U' })
    if (kind !== undefined && answer !== 'challenge' && outcome.atLeast !== 'challenge')
      context.addIssue({ code: 'custom', path: ['kind'], message: 'only with answer: challenge or atLeast: challenge' })
  })
export type Outcome = Readonly<z.infer<typeof outcomeSchema>>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const oldOutcomes: Readonly<Record<string, object>> = {
  challenge: { atLeast: 'challenge' },
  deny: { answer: 'N' },
  reject: { answer: 'R' },
}

/** Rules of earlier releases: `when: { feature, atLeast }`, `outcome: { action, transStatusReason }`. */
function renewed(rule: unknown): unknown {
  if (!isObject(rule)) return rule
  const { when, outcome } = rule
  const { action, ...reason } = isObject(outcome) ? outcome : {}
  const old = oldOutcomes[String(action)]
  return {
    ...rule,
    ...(isObject(when) && 'feature' in when && { when: { of: `feature.${when.feature}`, ge: when.atLeast } }),
    ...(old !== undefined && { outcome: { ...old, ...reason } }),
  }
}

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower case letters, digits and hyphens')

export const writtenRule = z
  .strictObject({
    id,
    when: conditionSchema,
    outcome: outcomeSchema,
    from: dated.optional().describe('in force from this day or time on, in the zone of the issuer'),
    until: dated.optional().describe('a day: to its end; a time: up to it'),
    cite: z.string().min(1).optional().describe('what it follows, told with each decision'),
    note: z.string().optional().describe('why it is there'),
  })
  .superRefine((rule, context) => {
    if (isBackwards(rule)) context.addIssue({ code: 'custom', path: ['until'], message: backwards })
  })

export const ruleSchema = z.preprocess(renewed, writtenRule)

export type Rule = {
  readonly id: string
  readonly when: Condition
  readonly outcome: Outcome
  /** Milliseconds since 1970; without dates it is in force always. */
  readonly from: number
  readonly until: number
  readonly cite?: string | undefined
  readonly note?: string | undefined
}

export const segmentId = id
