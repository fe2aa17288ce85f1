/** What can be asked of who has read a stream's ground, as plain data: one variant measured, or two of them paired. */
import { openDecisions } from '../run/decision-files.ts'
import type { DecisionPart } from '../run/decisions.ts'
import { type Paired, pairEvents } from './compare.ts'
import type { Ground } from './ground.ts'
import { type Measured, measure, type ReadDecisions } from './measure.ts'
import type { MeasureOptions } from './types.ts'

/** Decisions on disk: those of the first `events` of the stream. */
export type Stored = { readonly folder: string; readonly events: number }
type PairOf = {
  readonly stored: Stored
  readonly options: MeasureOptions
  readonly decided: number
  readonly scored: number
  readonly auc: number | null
}
export type Work =
  | { readonly what: 'measure'; readonly stored: Stored; readonly options: MeasureOptions }
  | { readonly what: 'pair'; readonly a: PairOf; readonly b: PairOf }
export type Done =
  | { readonly what: 'measure'; readonly measured: Measured }
  | { readonly what: 'pair'; readonly paired: Paired }

export const pairOf = ({ metrics: { population, estimates }, options }: Measured, stored: Stored): PairOf => ({
  stored,
  options,
  decided: population.decided,
  scored: population.decided - population.withoutScore,
  auc: estimates.auc.value,
})

export async function perform(ground: Ground, work: Work): Promise<Done> {
  const { what } = work
  if (what === 'measure') return { what, measured: await measure(ground, await readerOf(work.stored), work.options) }
  const side = async ({ stored, ...about }: PairOf) => ({ ...about, decisions: await readerOf(stored) })
  return { what, paired: await pairEvents(ground, await side(work.a), await side(work.b)) }
}

/** What was decided of the first `events` of the stream: all of it, unless the run was stopped. */
async function readerOf({ folder, events }: Stored): Promise<ReadDecisions> {
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
