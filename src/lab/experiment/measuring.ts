/** What the variants of a run are worth, and how they compare. */
import { compare, type Side, withHolm } from '../metrics/compare.ts'
import { groundColumns, readGround } from '../metrics/ground.ts'
import { measure, type ReadDecisions } from '../metrics/measure.ts'
import type { Comparison, MeasureOptions, Prices } from '../metrics/types.ts'
import { openDecisions } from '../run/decision-files.ts'
import type { DecisionPart } from '../run/decisions.ts'
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
  prepared: Prepared,
  measuring: Measuring,
): Promise<Results> {
  const { stream } = prepared
  const { experiment, pairs, signal, meter, scratch } = measuring
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
    const sides = new Map<string, Side>()
    for (const [i, { one, folder }] of decided.entries()) {
      const { id } = one.about
      const decisions = await readerOf(folder, stream.meta.events)
      sides.set(id, { decisions, measured: await measure(ground, decisions, { ...options, variant: id }) })
      meter.at('measures', i + 1, of, 'steps')
    }
    const comparisons: Comparison[] = []
    for (const [i, [a, b]] of chosen.entries()) {
      const [one, other] = [sides.get(a), sides.get(b)]
      if (one === undefined || other === undefined) continue
      comparisons.push(
        await compare(ground, one, other, experiment.claims === undefined ? {} : { claims: experiment.claims }),
      )
      meter.at('measures', decided.length + i + 1, of, 'steps')
    }
    const variants = decided.flatMap(({ one }) => {
      const side = sides.get(one.about.id)
      return side === undefined ? [] : [{ ...one.about, metrics: side.measured.metrics }]
    })
    return { variants, comparisons: withHolm(comparisons), prices: options.prices }
  } finally {
    await ground.close()
  }
}

const nothingMeasured = ({ name, measuredFrom, to }: StreamMeta): LabExperimentError =>
  new LabExperimentError(name, [
    {
      path: 'stream.measuredFrom',
      message: `no event is measured: the last is of ${timeOf(to)}, measured is from ${timeOf(measuredFrom)} on`,
    },
  ])
const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 16)

/** What was decided of the first `events` of the stream: all of it, unless the run was stopped. */
async function readerOf(folder: string, events: number): Promise<ReadDecisions> {
  const { meta, parts } = await openDecisions(folder)
  return meta.events <= events ? parts : () => upTo(parts(), events)
}

/** Rows are in the order in which they happened, so that all that came after the cut stands behind it. */
async function* upTo(parts: AsyncIterable<DecisionPart>, events: number): AsyncGenerator<DecisionPart> {
  for await (const part of parts) {
    let n = 0
    while (n < part.n && ((part.event[n] as number) < events || (part.attempt[n] as number) > 0)) n++
    if (n > 0) yield { ...part, n }
    if (n < part.n) return
  }
}
