/**
 * Calibrators: from the score of a model to log-odds of fraud that may be called a probability.
 *
 * `platt`: slope · score + intercept, fitted as a logistic regression without penalty on the log-odds of the score or, for
 * a model whose score is no probability, on the raw score; `on` says which.
 * `isotonic`: points fitted by pooling adjacent violators; linear interpolation of the probability between them, constant
 * outside. Probabilities are clipped to [1e-12, 1 - 1e-12].
 * `none`: the score as it is; a probability made of it carries that name.
 */
import { z } from 'zod'

const clip = 1e-12

const point = z.tuple([z.number(), z.number().min(0).max(1)])

export const calibratorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('platt'),
    on: z.enum(['logOdds', 'score']),
    /** Above 0: a calibrator keeps the order of the scores. */
    slope: z.number().positive().max(1_000),
    intercept: z.number().min(-100).max(100),
  }),
  z.strictObject({
    kind: z.literal('isotonic'),
    /** [score, probability], both rising; the scores strictly. */
    points: z
      .array(point)
      .min(2)
      .max(10_000)
      .superRefine((points, ctx) => {
        for (let i = 1; i < points.length; i++) {
          const [score = 0, probability = 0] = points[i] ?? []
          const [scoreBefore = 0, probabilityBefore = 0] = points[i - 1] ?? []
          if (score <= scoreBefore)
            ctx.addIssue({ code: 'custom', path: [i, 0], message: 'must be above the score before it' })
          if (probability < probabilityBefore)
            ctx.addIssue({ code: 'custom', path: [i, 1], message: 'must not be below the probability before it' })
        }
      }),
  }),
])
export type Calibrator = Readonly<z.infer<typeof calibratorSchema>>

export const uncalibrated: Calibrator = { kind: 'none' }

export const probabilityOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))

/** Log-odds of a probability, clipped so that they are finite. */
export function logOddsOf(probability: number): number {
  const p = Math.min(Math.max(probability, clip), 1 - clip)
  return Math.log(p / (1 - p))
}

/** The calibrator as a function from the score of a model to log-odds. */
export function calibrated(calibrator: Calibrator): (score: number) => number {
  switch (calibrator.kind) {
    case 'none':
      return (score) => score
    case 'platt': {
      const { slope, intercept } = calibrator
      return (score) => slope * score + intercept
    }
    case 'isotonic': {
      const scores = Float64Array.from(calibrator.points, ([score]) => score)
      const probabilities = Float64Array.from(calibrator.points, ([, probability]) => probability)
      return (score) => logOddsOf(interpolated(scores, probabilities, score))
    }
  }
}

function interpolated(xs: Float64Array, ys: Float64Array, x: number): number {
  const end = xs.length - 1
  if (x <= (xs[0] ?? 0)) return ys[0] ?? 0
  if (x >= (xs[end] ?? 0)) return ys[end] ?? 0
  let low = 0
  let high = end
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((xs[middle] ?? 0) <= x) low = middle
    else high = middle
  }
  const x0 = xs[low] ?? 0
  const y0 = ys[low] ?? 0
  return y0 + (((ys[high] ?? 0) - y0) * (x - x0)) / ((xs[high] ?? 0) - x0)
}
