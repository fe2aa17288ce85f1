/** What a policy makes of assessments: what they are worth, how much at most, what a conflict does, and what silence is. */
import { z } from 'zod'
import { hookProblems, type ScreeningVerdict, sourceName } from '../assessment.ts'
import { calibrated, type Opinion } from '../sources.ts'

export const conflictModes = ['cautious', 'calibrated', 'ours', 'theirs'] as const
export type ConflictMode = (typeof conflictModes)[number]

const trust = z.number().min(0).max(1)
const least = z.number().min(0).max(20)
const logOdds = z.number().min(-20).max(20)
const share = z.number().positive().max(1)

const perVerdict = <S extends z.ZodType>(value: S) =>
  z.strictObject({ OK: value, REVIEW: value, HOLD: value, NG: value })
const someVerdicts = <S extends z.ZodType>(value: S) => perVerdict(value.optional())

const sourceSchema = z.strictObject({
  trust: trust.default(1).describe('its evidence is multiplied by this; 0: it is not listened to'),
  most: z
    .strictObject({
      for: least.optional().describe('for the cardholder'),
      against: least.optional().describe('against'),
    })
    .optional()
    .describe('at most so much evidence of this source, in log-odds'),
})

export const assessmentsSchema = z.strictObject({
  mode: z
    .enum(conflictModes)
    .default('cautious')
    .describe(
      'where the shop’s side and ours contradict each other: cautious, the riskier of both and at least a challenge; calibrated, the sum; ours; theirs',
    ),
  conflictFrom: z.number().positive().max(20).default(1.5).describe('both have to be further from 0 than this'),
  average: z
    .strictObject({
      evidence: perVerdict(logOdds).describe('log-odds of each verdict of the average source'),
      usual: perVerdict(share)
        .default({ OK: 0.9, REVIEW: 0.06, HOLD: 0.02, NG: 0.02 })
        .describe('how often good purchases get each verdict'),
    })
    .describe('what is known of a source before feedback; twenty frauds of its own weigh as much'),
  most: z
    .strictObject({ for: least.default(2), against: least.default(4) })
    .default({ for: 2, against: 4 })
    .describe('at most so much evidence of all assessments together, in log-odds'),
  further: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      'of several that say the same the strongest counts whole, each other by this share: they saw the same purchase',
    ),
  unnamed: trust.default(0.25).describe('trust of sources that are not named here'),
  trustedFrom: trust
    .default(0.5)
    .describe('from this trust on the signals of a source are facts, and its verdicts may be caps'),
  sources: z.record(sourceName, sourceSchema).default({}),
  floors: someVerdicts(z.enum(['challenge', 'reject']))
    .default({ NG: 'challenge' })
    .describe('at least this, whatever the score'),
  caps: someVerdicts(z.enum(['frictionless', 'challenge']))
    .default({})
    .describe('at most this, unless a rule or another assessment wants more'),
  floorsFrom: z
    .number()
    .min(0)
    .max(20)
    .default(0)
    .describe(
      'a floor holds while feedback leaves the verdict at least this evidence: the NG of a source that says it of everybody is none',
    ),
  silence: z
    .strictObject(
      Object.fromEntries(
        ['any', ...hookProblems].map((problem) => [problem, z.number().min(0).max(10).optional()]),
      ) as { [P in 'any' | (typeof hookProblems)[number]]: z.ZodOptional<z.ZodNumber> },
    )
    .default({})
    .describe('evidence where a source was not heard, by the reason, or any; nothing said: none'),
})
export type Assessments = Readonly<z.output<typeof assessmentsSchema>>

export const trustOf = ({ sources, unnamed }: Assessments, source: string): number =>
  Object.hasOwn(sources, source) ? (sources[source]?.trust ?? unnamed) : unnamed

export const isTrusted = (section: Assessments, source: string): boolean => {
  const trust = trustOf(section, source)
  return trust > 0 && trust >= section.trustedFrom
}

export type AssessmentBound = {
  readonly atLeast?: 'challenge' | 'reject'
  readonly atMost?: 'frictionless' | 'challenge'
  readonly source: string
}

/** Where a verdict is a floor. */
export function floorOf(section: Assessments, opinion: Opinion): AssessmentBound | undefined {
  const atLeast = section.floors[opinion.verdict]
  if (atLeast === undefined || trustOf(section, opinion.source) === 0) return undefined
  if (section.floorsFrom > 0 && calibrated(opinion, section.average) < section.floorsFrom) return undefined
  return { atLeast, source: opinion.source }
}

/** Where a verdict is a cap. */
export function capOf(section: Assessments, { verdict, source }: Opinion): AssessmentBound | undefined {
  const atMost = section.caps[verdict]
  return atMost === undefined || !isTrusted(section, source) ? undefined : { atMost, source }
}

/** What a verdict of a source is called as a reason. */
export const verdictReasons = {
  OK: 'assessment.ok',
  REVIEW: 'assessment.review',
  HOLD: 'assessment.hold',
  NG: 'assessment.ng',
} as const satisfies { readonly [V in ScreeningVerdict]: string }
export const conflictReason = (mode: ConflictMode): string => `assessment-conflict.${mode}`
export const silenceReason = (problem: (typeof hookProblems)[number]): string => `assessment-silence.${problem}`
