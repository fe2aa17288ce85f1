/** What the variants of a run are worth, and how they compare. */
import { checkPair, comparisonOf, type Paired, withHolm } from '../metrics/compare.ts'
import { Crew } from '../metrics/crew.ts'
import { groundColumns, readGround } from '../metrics/ground.ts'
import type { Measured } from '../metrics/measure.ts'
import type { Comparison, MeasureOptions, Prices } from '../metrics/types.ts'
import { type Done, pairOf } from '../metrics/work.ts'
import type { StreamMeta } from '../stream/table.ts'
import type { Decided } from './deciding.ts'
import { loaded } from './policies.ts'
import { LabExperimentError } from './problems.ts'
import type { Meter } from './progress.ts'
import type { Experiment } from './schema.ts'
import { narrowed, type Prepared, Stopped } from './stream.ts'
import type { VariantResult } from './summary.ts'

export type Measuring = {
  readonly experiment: Experiment
  readonly pairs: readonly (readonly [a: string, b: string])[]
  readonly signal: AbortSignal
  readonly meter: Meter
  readonly workers: number
  /** For what a long stream needs beside memory. */
  readonly scratch: string
}

export type Results = {
  readonly variants: readonly VariantResult[]
  readonly comparisons: readonly Comparison[]
  readonly prices: Prices
}

/** Fewer events in all steps together are measured before a thread has started. */
const worthThreads = 200_000

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
  prepared: Prepared,
  measuring: Measuring,
): Promise<Results> {
  const { stream } = prepared
  const { experiment, pairs, signal, meter, scratch, workers } = measuring
  const claims = experiment.claims === undefined ? {} : { claims: experiment.claims }
  const [first] = decided
  if (first === undefined) throw new TypeError('nothing to measure')
  const options = optionsFor(first, experiment)
  const chosen = pairs.filter((pair) => pair.every((id) => decided.some(({ one }) => one.about.id === id)))
  const of = decided.length + chosen.length
  meter.at('measures', 0, of, 'steps')
  const slices = experiment.slices ?? stream.meta.slices
  const ground = await readGround(await narrowed(prepared, groundColumns(slices)), { scratch, slices })
  try {
    if (ground.events === 0) throw signal.aborted ? new Stopped() : nothingMeasured(stream.meta)
    const threads = ground.events * of < worthThreads ? 0 : Math.min(workers, decided.length)
    const crew = new Crew(ground, threads)
    let done = 0
    const told = <T>(one: T): T => {
      meter.at('measures', ++done, of, 'steps')
      return one
    }
    try {
      const sides = new Map(
        decided.map(({ one: { about }, folder }) => {
          const stored = { folder, events: stream.meta.events }
          const measured = crew.do({ what: 'measure', stored, options: { ...options, variant: about.id } })
          return [about.id, measured.then(told).then((all) => ({ stored, measured: measuredIn(all) }))]
        }),
      )
      const compared = chosen.map(async ([a, b]) => {
        const [one, other] = await Promise.all([sides.get(a), sides.get(b)])
        if (one === undefined || other === undefined) throw new TypeError(`no ${a}, no ${b}`)
        checkPair(one.measured, other.measured)
        const sidesOf = { a: pairOf(one.measured, one.stored), b: pairOf(other.measured, other.stored) }
        const paired = pairedIn(told(await crew.do({ what: 'pair', ...sidesOf })))
        return comparisonOf(one.measured, other.measured, paired, claims)
      })
      // All at once, so that nothing fails unheard.
      const [measured, comparisons] = await Promise.all([Promise.all(sides.values()), Promise.all(compared)])
      const variants = decided.flatMap(({ one: { about } }, i) => {
        const side = measured[i]
        return side === undefined ? [] : [{ ...about, metrics: side.measured.metrics }]
      })
      return { variants, comparisons: withHolm(comparisons), prices: options.prices }
    } finally {
      await crew.end()
    }
  } finally {
    await ground.close()
  }
}

const measuredIn = (done: Done): Measured => {
  if (done.what !== 'measure') throw new TypeError('a variant was asked for')
  return done.measured
}
const pairedIn = (done: Done): Paired => {
  if (done.what !== 'pair') throw new TypeError('a pair was asked for')
  return done.paired
}

const nothingMeasured = ({ name, measuredFrom, to }: StreamMeta): LabExperimentError =>
  new LabExperimentError(name, [
    {
      path: 'stream.measuredFrom',
      message: `no event is measured: the last is of ${timeOf(to)}, measured is from ${timeOf(measuredFrom)} on`,
    },
  ])
const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 16)
