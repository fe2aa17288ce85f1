/** An experiment as it is written: every key with what it means. docs/lab-experiment.md and docs/experiment.schema.json come from here. */
import { z } from 'zod'
import { mostEvents } from '../gen/limits.ts'
import { type EstimateKey, estimateKeys } from '../metrics/types.ts'

const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/,
    'letters, digits, dot, hyphen and underscore expected, beginning with a letter or digit',
  )
const variantId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}(\/[A-Za-z0-9._=+-]{1,120}){0,3}$/,
    'an id of a variant expected, such as rules-jp or rules-jp/without-assessments',
  )
const seed = z
  .union([z.string().min(1).max(100), z.number()], { error: 'a text or a number expected' })
  .transform(String)
const words = z.strictObject({
  en: z.string().min(1).max(2_000).describe('English'),
  ja: z.string().min(1).max(2_000).optional().describe('Japanese; the report falls back to English'),
})
const file = z.string().min(1).max(1_000)
const logOdds = z.number().min(-1_000).max(1_000)
const day = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/,
    'a day such as 2026-02-01, or a UTC time such as 2026-02-01T00:00:00Z',
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), 'no such day')

/** Given once, a list of it is meant; YAML makes it easy to write one. */
const measuredFrom = z
  .union([z.strictObject({ days: z.number().min(0).max(3_650).describe('after the first event') }), day], {
    error: 'a day such as 2026-02-01, or { days: 30 } expected',
  })
  .optional()
  .describe(
    'events before it let the profiles grow and are not measured: a day (UTC), or { days: 30 } after the first event. Default: as the stream says',
  )

const generated = z.strictObject({
  preset: name.describe('a population that comes with Sekisho: japan, europe, us (docs/lab-presets.md)'),
  events: z.int().min(100).max(mostEvents).default(100_000).describe('how many AReqs are made'),
  seed: seed.optional().describe('of the population and all its chance. Default: the seed of the experiment'),
  population: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('knobs of the population that differ from the preset, as in docs/lab-population.md'),
  measuredFrom,
})
const stored = z.strictObject({
  folder: file.describe('a stream that `sekisho lab gen` or `sekisho lab import` wrote; relative to this file'),
  measuredFrom,
})
const imported = z.strictObject({
  import: file.describe(
    'events in a file: CSV, Parquet, JSON lines or a journal export (docs/lab-import.md); relative to this file',
  ),
  truth: file.optional().describe('the second table: what was fraud, and when it was known'),
  measuredFrom,
})
export const streamSchema = z.union([generated, stored, imported], { error: 'preset, folder or import expected' })

const hears = z
  .union([z.enum(['all', 'none']), z.array(z.string().min(1).max(100)).min(1).max(50)], {
    error: 'all, none, or a list of sources expected',
  })
  .describe('whose assessments it listens to: all, none, or these sources')

const policySource = z.union(
  [
    name,
    z
      .strictObject({
        id: name.optional().describe('what it is called in the results. Default: its name'),
        name: name.optional().describe('a policy that comes with Sekisho (docs/policies.md)'),
        file: file.optional().describe('a policy in a file, relative to this one; its models lie beside it'),
        policy: z
          .record(z.string(), z.unknown())
          .optional()
          .describe('the policy itself, as docs/policies.md writes it'),
        hears: hears.default('all'),
      })
      .refine(
        (one) => [one.name, one.file, one.policy].filter((part) => part !== undefined).length === 1,
        'exactly one of name, file and policy',
      ),
  ],
  { error: 'the name of a shipped policy, or { id, name | file | policy, hears } expected' },
)

export const layerNames = [
  'checks',
  'scorers',
  'scorecard',
  'assessments',
  'segments',
  'rules',
  'limits',
  'tra',
] as const
export type Layer = (typeof layerNames)[number]

const ablationSchema = z.strictObject({
  of: z
    .array(variantId)
    .min(1)
    .max(20)
    .optional()
    .describe('variants that parts are left out of. Default: the baseline'),
  each: z
    .union([z.enum(['checks', 'scorers', 'layers']), z.array(z.string().min(1).max(100)).min(1).max(200)])
    .describe(
      `one part after the other is left out: checks (every check of the policy), scorers (every model), layers (${layerNames.join(', ')}, as far as the policy has them), or a list of their ids`,
    ),
})

const steps = z
  .union([
    z.array(logOdds).min(1).max(100),
    z
      .strictObject({
        from: logOdds.describe('the first'),
        to: logOdds.describe('the last, if a step ends there'),
        step: z.number().positive().max(1_000).describe('between two of them'),
      })
      .refine(
        ({ from, to, step }) => from <= to && (to - from) / step <= 100,
        'from must not be above to, and at most 100 steps lie between',
      ),
  ])
  .describe('log-odds: a list, or { from, to, step }')

const sweepSchema = z
  .strictObject({
    of: z
      .array(variantId)
      .min(1)
      .max(20)
      .optional()
      .describe('variants whose thresholds are changed. Default: the baseline'),
    challenge: steps
      .optional()
      .describe('from this score on a payment is challenged; segments keep their distance to it'),
    reject: steps.optional().describe('from this score on it is declined'),
  })
  .refine(({ challenge, reject }) => challenge !== undefined || reject !== undefined, 'challenge or reject expected')

export const measures = [
  'fraudStoppedAmount',
  'fraudStopped',
  'fraudCaughtAmount',
  'fraudCaught',
  'challenge',
  'frictionless',
  'genuineLost',
] as const satisfies readonly EstimateKey[]
export type Measure = (typeof measures)[number]

const matchSchema = z.strictObject({
  variant: variantId.describe('its thresholds are moved, all by the same'),
  id: variantId.optional().describe('what the moved variant is called. Default: <variant>/at-equal-<measure>'),
  toMeet: variantId
    .optional()
    .describe(
      'the variant that it has to meet, or itself: then its thresholds are moved as far as they can be. Default: the baseline',
    ),
  measure: z
    .enum(measures)
    .describe(
      'on the events that it is tuned on: of fraud at least as much, with the least friction; of friction at most as much, with the most fraud stopped',
    ),
  move: z
    .enum(['challenge', 'all'])
    .default('challenge')
    .describe('challenge: only where challenges begin; all: where declines begin, too'),
  on: z
    .union([z.strictObject({ seed: seed.describe('of the other population') }), z.literal('before')], {
      error: '{ seed: … } or before expected',
    })
    .describe(
      'where it is tuned, never on the events that are reported: { seed: 8 }, another population of the same preset, or before, the events before measuredFrom of this one',
    ),
  warmUpDays: z
    .number()
    .min(0)
    .max(3_650)
    .default(14)
    .describe('with before: days from the first event that are left out there, too, since all is new then'),
})

const part = z.number().min(0).max(1)
const asked = z
  .strictObject({
    pass: part.describe('share that passes'),
    abandon: part.describe('share that leaves; the rest fails'),
  })
  .refine(({ pass, abandon }) => pass + abandon <= 1, 'pass and abandon are more than 1 together')
const challengesSchema = z
  .strictObject({
    seconds: z.number().min(0).max(86_400).optional().describe('from the AReq to the end of a challenge'),
    technical: part.optional().describe('share of challenges that end in a technical failure, whoever is asked'),
    genuine: asked
      .optional()
      .describe('shares that pass and that leave, where the stream does not say it of the event: cardholders'),
    fraud: asked.optional().describe('the same of thieves'),
  })
  .prefault({})
  .describe('how challenges go (docs/lab-run.md has the defaults)')
const consequencesSchema = z
  .strictObject({
    blockAfterFailed: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe('so many failed challenges in 24 hours block the card; 0: never'),
    blockAfterReject: z.boolean().optional().describe('a rejection (R) blocks the card'),
    blockAfterReport: z.boolean().optional().describe('a reported fraud blocks the card'),
    reissueDays: z.number().min(0).max(365).optional().describe('days until the holder has a new card'),
    retry: z
      .strictObject({
        share: part.describe('of the attackers'),
        most: z.int().min(0).max(20).describe('times'),
        minutes: z.tuple([z.number().min(0), z.number().min(0)]).describe('[from, to]'),
      })
      .optional()
      .describe(
        'attackers who try again elsewhere after they were stopped: share, how often at most, after how many minutes [from, to]',
      ),
    lower: z
      .strictObject({ share: part.describe('of them'), factor: part.describe('of the amount before') })
      .optional()
      .describe('of those, share that tries a lower amount, and its factor'),
    giveUpAfter: z
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('attempts on a card that end in nothing until the attacker leaves it'),
  })
  .prefault({})
  .describe('closedLoop only: what follows from an answer (docs/lab-run.md has the defaults)')

const priceSchema = z
  .strictObject({
    lossShare: z.number().min(0).max(10).default(1).describe('of the amount of an approved fraud, what it costs'),
    challenge: z.number().min(0).default(5).describe('one challenge, in major units of the issuer’s currency'),
    margin: z
      .number()
      .min(0)
      .max(10)
      .default(0.02)
      .describe('of the amount of a genuine purchase that is lost, what it costs'),
    review: z.number().min(0).default(0).describe('one review, in major units'),
  })
  .prefault({})

export const experimentSchema = z.strictObject({
  name: name.describe('of the experiment; names the folder of the results, too'),
  question: words.optional().describe('what the experiment is to answer; stands at the head of the report'),
  notes: words.optional().describe('what readers have to know beside it; stands below the question'),
  seed: seed.default('1').describe('all chance comes from it: the same seed, the same bytes. Default: 1'),
  mode: z
    .enum(['replay', 'closedLoop'])
    .default('replay')
    .describe(
      'replay: the stream stays as it is, so that decisions are measured; closedLoop: blocked cards stop and attackers adapt, so that consequences are',
    ),
  stream: streamSchema.describe('the events: made up (preset), stored (folder) or your own (import)'),
  policies: z
    .array(policySource)
    .min(1)
    .max(50)
    .describe('a name of a shipped policy, or { id, name | file | policy, hears }'),
  baseline: variantId.optional().describe('the variant that the others are held against. Default: the first'),
  assessments: z
    .enum(['asWritten', 'both'])
    .default('asWritten')
    .describe('both: each policy that listens to assessments runs without them, too, as <id>/without-assessments'),
  ablate: z.array(ablationSchema).max(20).default([]).describe('parts of policies that are left out, one at a time'),
  sweep: z.array(sweepSchema).max(20).default([]).describe('thresholds that are tried'),
  match: z
    .array(matchSchema)
    .max(20)
    .default([])
    .describe(
      'variants whose thresholds are moved until they meet another variant in one measure, on other events: compared at equal fraud, or at equal friction',
    ),
  comparisons: z
    .union([z.enum(['baseline', 'all']), z.array(z.tuple([variantId, variantId])).max(500)])
    .default('baseline')
    .describe(
      'baseline: each variant against it; all: every pair; or a list of pairs [a, b]. One family for Holm’s correction',
    ),
  challenges: challengesSchema,
  consequences: consequencesSchema,
  goodAfterDays: z
    .int()
    .min(1)
    .max(3_650)
    .optional()
    .describe(
      'a purchase without a report counts as good for the sources that had spoken of it after so many days. Default: only what the stream labels counts',
    ),
  claims: z
    .array(z.enum(estimateKeys))
    .min(1)
    .max(10)
    .optional()
    .describe(
      'what is claimed of each comparison, named before anything is run: the family of Holm’s correction. Default: frictionless, fraudStoppedAmount, genuineLost, auc',
    ),
  prices: priceSchema.describe('what the cost of a policy is made of'),
  bootstrap: z
    .strictObject({ draws: z.int().min(100).max(20_000).default(2_000).describe('resamples of cards') })
    .prefault({})
    .describe('intervals and paired differences'),
  slices: z
    .array(z.string().min(1).max(100))
    .max(20)
    .optional()
    .describe('columns of the truth that results are cut by. Default: those of the stream'),
  repeats: z
    .array(seed)
    .max(50)
    .default([])
    .describe(
      'with a preset: the whole is run again over populations of these seeds, and rates and differences are shown seed by seed',
    ),
  workers: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('threads; the results do not depend on it. Default: one per core'),
  keep: z
    .strictObject({
      decisions: z.boolean().default(true).describe('decisions.parquet: what each variant decided on each event'),
      events: z.boolean().default(false).describe('events.parquet: the events and their truth'),
      stream: z.boolean().default(false).describe('the stream in the form that the lab reads, for other experiments'),
    })
    .prefault({})
    .describe('large files that are kept beside the results'),
})
export type Experiment = z.output<typeof experimentSchema>
export type PolicySource = Experiment['policies'][number]
export type StreamSource = Experiment['stream']
export type Match = Experiment['match'][number]
