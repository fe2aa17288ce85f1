/** A training as it is written: every key with what it means. docs/lab-train.md lists them. */
import { z } from 'zod'
import { featureNames } from '../../risk/features.ts'
import { meant } from '../../risk/policy/nearest.ts'
import { streamSchema } from '../experiment/schema.ts'
import { calibratorKinds } from './calibrate.ts'

const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,49}$/,
    'lower-case letters, digits and hyphens expected, beginning with a letter (it becomes the id of a scorer)',
  )
const seed = z
  .union([z.string().min(1).max(100), z.number()], { error: 'a text or a number expected' })
  .transform(String)
const day = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/,
    'a day such as 2026-02-01, or a UTC time such as 2026-02-01T00:00:00Z',
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), 'no such day')
const share = z.number().min(0).max(1)
const feature = z.enum(featureNames as [string, ...string[]], {
  error: ({ input }) => `no such feature: ${String(input)}${meant(String(input), featureNames)}`,
})

const signs = z
  .partialRecord(feature, z.enum(['rising', 'falling']))
  .default({})
  .describe(
    'features that may only raise the score, or only lower it: { frauds_device: rising, device_is_trusted: falling }',
  )

const common = {
  features: z
    .array(feature)
    .min(1)
    .max(featureNames.length)
    .refine((list) => new Set(list).size === list.length, 'a feature stands here twice')
    .optional()
    .describe('names of features. Default: all that the engine has, but for freeman’s'),
}

const logistic = z.strictObject({
  kind: z.literal('logistic'),
  ...common,
  signs,
  c: z.number().positive().max(1e6).default(1).describe('how much the data weigh against the penalty on the weights'),
  clip: z
    .strictObject({ low: share.max(0.5), high: share.max(0.5) })
    .prefault({ low: 0.001, high: 0.001 })
    .describe('shares of the values at either end that are taken as the value at the end'),
  indicatorFrom: z
    .number()
    .min(0)
    .max(2)
    .default(0.01)
    .describe('features of which such a share is missing get a weight for being missing; above 1: none'),
})
const gbdt = z.strictObject({
  kind: z.literal('gbdt'),
  ...common,
  signs,
  trees: z.int().min(1).max(2_000).default(200).describe('at most'),
  growth: z
    .enum(['leafWise', 'depthWise'])
    .default('leafWise')
    .describe('what is split next: the leaf that gains most, or level by level'),
  leaves: z.int().min(2).max(1_024).default(31).describe('of a tree, at most'),
  depth: z.int().min(1).max(64).default(6).describe('splits between root and leaf, at most'),
  rate: z.number().positive().max(1).default(0.1).describe('how much of each tree’s step is taken'),
  penalty: z.number().min(0).max(1e6).default(1).describe('on the square of a leaf’s value'),
  leastRows: z.int().min(1).default(20).describe('events of a leaf, at least'),
  leastCurvature: z.number().min(0).default(0.001).describe('sum of p(1 − p) of a leaf, at least'),
  mostStep: z
    .number()
    .positive()
    .max(1_000)
    .default(4)
    .describe('a leaf’s step, before the rate: at most so many log-odds'),
  leastGain: z.number().min(0).default(0.000001).describe('what a split lowers the loss by, at least'),
  bins: z.int().min(2).max(255).default(63).describe('that the values of a feature are put into'),
  rowShare: z.number().positive().max(1).default(1).describe('of the events that each tree sees'),
  featureShare: z.number().positive().max(1).default(1).describe('of the features that each tree sees'),
  patience: z
    .int()
    .min(1)
    .default(20)
    .describe('trees that may bring nothing on what is held back before growing ends'),
})
const iforest = z.strictObject({
  kind: z.literal('iforest'),
  ...common,
  trees: z.int().min(1).max(2_000).default(100),
  sampleSize: z.int().min(2).max(1_000_000).default(256).describe('events that each tree is grown on'),
})

const split = z
  .strictObject({
    testFrom: z
      .union([z.strictObject({ share: share.gt(0).lt(1) }), day], {
        error: 'a day such as 2026-02-01, or { share: 0.3 } expected',
      })
      .prefault({ share: 0.3 })
      .describe(
        'the test begins here, and the model is trained at this moment: a day (UTC), or the last share of the measured time',
      ),
    testUntil: day.optional().describe('a day (UTC). Default: the end of the stream'),
    trainFrom: day.optional().describe('a day (UTC). Default: from where the stream is measured'),
    gapDays: z
      .number()
      .min(0)
      .max(3_650)
      .default(30)
      .describe('between training and test: at least as long as labels take'),
    matureDays: z
      .number()
      .min(0)
      .max(3_650)
      .default(30)
      .describe('an event of this age that nobody reported counts as genuine'),
    heldShare: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.2)
      .describe('of the events before the gap, the last ones: they choose the number of trees and fit the calibrator'),
    genuineKept: z
      .number()
      .positive()
      .max(1)
      .default(1)
      .describe('share of the genuine events that the training keeps; the odds are shifted back'),
  })
  .prefault({})

export const trainSchema = z.strictObject({
  name: name.describe('of the model; its file is called so'),
  version: z.string().min(1).max(100).default('1'),
  seed: seed.default('1').describe('all chance comes from it: the same seed, the same bytes'),
  stream: streamSchema.describe('the events: made up (preset), stored (folder) or your own (import)'),
  policy: z
    .union([z.string().min(1), z.strictObject({ file: z.string().min(1).max(1_000) })], {
      error: 'the name of a shipped policy, or { file: … } expected',
    })
    .default('rules-jp')
    .describe('what runs while the profiles grow: its challenges teach them'),
  hears: z.enum(['all', 'none']).default('none').describe('whether that policy listens to assessments'),
  model: z.discriminatedUnion('kind', [logistic, gbdt, iforest], { error: 'kind: logistic, gbdt or iforest expected' }),
  calibrator: z.enum(calibratorKinds).default('platt').describe('platt, isotonic or none; fitted on what is held back'),
  split,
  bootstrap: z.strictObject({ draws: z.int().min(100).max(20_000).default(2_000) }).prefault({}),
  card: z
    .strictObject({
      intendedUse: z.string().max(2_000).optional(),
      limits: z.array(z.string().max(2_000)).max(50).default([]),
    })
    .prefault({})
    .describe('what is to stand in the model card beside what it says by itself'),
})
export type TrainSettings = z.output<typeof trainSchema>
export type ModelSettings = TrainSettings['model']

/** Chains of freeman are counted only while a policy has that scorer. */
export const usualFeatures: readonly string[] = featureNames.filter((one) => !one.startsWith('freeman_'))
