/** Variants folded over a stream, some at a time; what an earlier run has finished is not folded again. */
import { createHash } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { genConfigSchema } from '../gen/config.ts'
import { consequencesOf } from '../gen/consequences.ts'
import { openDecisions } from '../run/decision-files.ts'
import { usualChallenges, usualConsequences } from '../run/options.ts'
import { runVariants } from '../run/run.ts'
import type { Latency } from '../run/types.ts'
import type { StreamMeta } from '../stream/table.ts'
import type { Meter, Phase } from './progress.ts'
import type { Experiment } from './schema.ts'
import type { Prepared } from './stream.ts'
import type { Assumptions } from './summary.ts'
import type { Planned } from './variants.ts'

export type Decided = {
  readonly one: Planned
  /** Where its decisions lie. */
  readonly folder: string
  /** Absent where an earlier run decided. */
  readonly latency?: Latency | undefined
  /** Events that it decided: fewer than the stream has where it was stopped. */
  readonly events: number
  readonly isComplete: boolean
}

export type Deciding = {
  readonly experiment: Experiment
  readonly workers: number
  readonly signal: AbortSignal
  /** Stops by itself once so many events were decided that no earlier run had: always at the same place on one worker. */
  readonly stopAfter?: number | undefined
  readonly meter: Meter
}

/** Fewer events than this are folded before a thread has started, which counts where runs are many. */
const worthThreads = 30_000

/** Per thread: enough to share them out evenly, few enough that a run that is stopped has finished some. */
const perThread = 2

/** What is supposed of challenges and of what follows from an answer: what the experiment says, then the stream's own knobs, then those of docs/lab-run.md. */
export function assumptionsOf(
  { mode, challenges, consequences }: Pick<Experiment, 'mode' | 'challenges' | 'consequences'>,
  { made }: Pick<StreamMeta, 'made'>,
): Assumptions {
  const knobs = genConfigSchema.safeParse(made.knobs)
  return {
    challenges: { ...usualChallenges, ...told(challenges) },
    ...(mode === 'closedLoop' && {
      consequences: {
        ...usualConsequences,
        ...(knobs.success && consequencesOf(knobs.data)),
        ...told(consequences),
      },
    }),
  }
}

type Told<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
/** Without what was left to its default. */
const told = <T extends object>(part: T): Told<T> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Told<T>

/** Of what decides, so that nothing else is ever taken for it. */
const folderName = ({ about: { id, policy } }: Planned): string =>
  createHash('sha256').update(`${id}\n${policy.hash}`).digest('hex').slice(0, 16)

/** Finished by an earlier run on the same stream. */
async function isKept(folder: string, one: Planned, { stream }: Prepared): Promise<boolean> {
  const decisions = await openDecisions(folder).catch(() => undefined)
  if (decisions === undefined) return false
  const { isComplete, variant, stream: of } = decisions.meta
  return isComplete && variant === one.about.id && of.hash === stream.meta.hash
}

/**
 * In the order of the variants; resolves also where it was stopped, then with as much as there is. `place` gets a folder for each
 * variant. `what`: the name of the stream among several, for who watches.
 */
export async function decide(
  variants: readonly Planned[],
  prepared: Prepared,
  place: string,
  { experiment, workers, signal, stopAfter = Infinity, meter }: Deciding,
  phase: Phase,
  what?: string,
): Promise<readonly Decided[]> {
  const { events } = prepared.stream.meta
  const decided = new Map<string, Decided>()
  const folderOf = (one: Planned): string => join(place, folderName(one))
  const pending: Planned[] = []
  for (const one of variants) {
    const folder = folderOf(one)
    if (await isKept(folder, one, prepared)) decided.set(one.about.id, { one, folder, events, isComplete: true })
    else pending.push(one)
  }
  const total = events * variants.length
  let before = events * decided.size
  meter.at(phase, before, total, 'events', what)
  const running = join(place, 'running')
  let own = 0
  for (let from = 0; from < pending.length && !signal.aborted && own < stopAfter; from += perThread * workers) {
    const batch = pending.slice(from, from + perThread * workers)
    await mkdir(running, { recursive: true })
    const runs = await runVariants(
      prepared.folder,
      batch.map(({ about: { id, hears }, text, models }) => ({ id, hears, policy: { text, models } })),
      {
        mode: experiment.mode,
        goodAfterDays: experiment.goodAfterDays,
        ...assumptionsOf(experiment, prepared.stream.meta),
        workers: phase === 'tuning' && events * batch.length < worthThreads ? 0 : workers,
        out: running,
        signal,
        stopAfter: stopAfter - own,
        onProgress: ({ done }) => meter.at(phase, before + done, total, 'events', what),
      },
    )
    before += events * batch.length
    for (const run of runs) {
      own += run.events
      const one = batch.find(({ about }) => about.id === run.id)
      if (one === undefined) continue
      const folder = folderOf(one)
      await rm(folder, { recursive: true, force: true })
      await rename(run.folder, folder)
      decided.set(run.id, { one, folder, latency: run.latency, events: run.events, isComplete: run.isComplete })
    }
    await rm(running, { recursive: true, force: true })
  }
  return variants.flatMap(({ about }) => decided.get(about.id) ?? [])
}
