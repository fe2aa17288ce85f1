/** What the variants of a run are worth, and how they compare. */
import { type Ground, readGround } from '../metrics/ground.ts'
import { type Measured, measure } from '../metrics/measure.ts'
import type { Comparison, MeasureOptions, Prices } from '../metrics/types.ts'
import { openDecisions } from '../run/decision-files.ts'
import type { Decided } from './deciding.ts'
import { loaded } from './policies.ts'
import type { Meter } from './progress.ts'
import type { Experiment } from './schema.ts'
import type { Prepared } from './stream.ts'
import type { VariantResult } from './summary.ts'

export type Measuring = {
  readonly experiment: Experiment
  readonly pairs: readonly (readonly [a: string, b: string])[]
  readonly signal: AbortSignal
  readonly meter: Meter
  /** For what a long stream needs beside memory. */
  readonly scratch: string
}

export type Results = {
  readonly variants: readonly VariantResult[]
  readonly comparisons: readonly Comparison[]
  readonly prices: Prices
}

/** All policies of an experiment have the same currency and zone (planOf). */
function optionsFor({ one }: Decided, experiment: Experiment): Omit<MeasureOptions, 'variant'> & { prices: Prices } {
  const { issuer } = loaded(one)
  const { lossShare, challenge, margin, review } = experiment.prices
  const minor = 10 ** issuer.currency.exponent
  return {
    mode: experiment.mode,
    seed: experiment.seed,
    draws: experiment.bootstrap.draws,
    timeZone: issuer.zone.name,
    currency: issuer.currency.alpha,
    prices: { lossShare, margin, challenge: challenge * minor, review: review * minor },
  }
}

/** `decided` is not empty. All are measured on the same events: the measured ones of the stream. */
export async function measureAll(
  decided: readonly Decided[],
  { stream }: Prepared,
  measuring: Measuring,
): Promise<Results> {
  const { experiment, meter, scratch } = measuring
  const [first] = decided
  if (first === undefined) throw new TypeError('nothing to measure')
  const options = optionsFor(first, experiment)
  const of = decided.length
  meter.at('measures', 0, of, 'variants')
  const ground = await readGround(stream, {
    scratch,
    ...(experiment.slices !== undefined && { slices: experiment.slices }),
  })
  try {
    const measured = new Map<string, Measured>()
    for (const [i, one] of decided.entries()) {
      const { id } = one.one.about
      measured.set(id, await measuredOf(one, ground, { ...options, variant: id }))
      meter.at('measures', i + 1, of, 'variants')
    }
    const variants = decided.flatMap(({ one }) => {
      const own = measured.get(one.about.id)
      return own === undefined ? [] : [{ ...one.about, metrics: own.metrics }]
    })
    return { variants, comparisons: [], prices: options.prices }
  } finally {
    await ground.close()
  }
}

/** Of what a stopped run has decided, the events that all have: the stream was cut there. */
async function measuredOf(one: Decided, ground: Ground, options: MeasureOptions): Promise<Measured> {
  const { parts } = await openDecisions(one.folder)
  return measure(ground, parts, options)
}
