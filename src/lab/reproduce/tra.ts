/**
 * Which policies keep the fraud rate of risk analysis (Regulation (EU) 2018/389, Art. 18 and 19, annex), and what frictionless rate
 * that buys: thresholds are swept on one population, the best that keeps a rate is picked there, and what was picked is measured on
 * another population, on which nothing was picked. Both are experiments of the lab, with nothing added.
 */
import { join } from 'node:path'
import { stringify } from 'yaml'
import { tidy } from '../experiment/change.ts'
import { lookInto } from '../experiment/folder.ts'
import { readExperiment } from '../experiment/job.ts'
import type { Candidate } from '../experiment/policies.ts'
import { LabExperimentError } from '../experiment/problems.ts'
import type { OnProgress } from '../experiment/progress.ts'
import { runExperiment } from '../experiment/run.ts'
import { Stopped } from '../experiment/stream.ts'
import type { VariantResult } from '../experiment/summary.ts'
import type { Estimate, TraDay } from '../metrics/types.ts'
import { sourceOf } from './policy-of.ts'
import { LabReproduceError } from './problem.ts'
import { referenceRates } from './published.ts'

export type TraOptions = {
  readonly seed: string
  /** Of the population on which nothing is picked. */
  readonly checkSeed: string
  readonly preset: string
  readonly events: number
  /** Shops ask for nothing: what is left of friction is the policies' own. */
  readonly isWithoutWishes: boolean
  /** How the thresholds lie from the policy's own, in log-odds. */
  readonly offsets: readonly number[]
  readonly draws: number
  readonly workers?: number | undefined
  /** Gets a folder for each of the two experiments. */
  readonly folder: string
  /** The folder that paths of policies are relative to. */
  readonly base: string
  readonly again?: boolean | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** One threshold of one policy, on one population. */
export type TraRow = {
  readonly variant: string
  readonly policy: string
  /** Null: prices decide. */
  readonly challengeFrom: number | null
  readonly isAsWritten: boolean
  readonly frictionless: Estimate
  readonly fraudStoppedAmount: Estimate
  /** The highest rate of all full windows, and of the last one with its interval. */
  readonly worst: TraDay | null
  readonly last: Estimate
  readonly fullWindows: number
  readonly kept: readonly { readonly bps: number; readonly isKept: boolean | null }[]
}
export type TraPopulation = {
  readonly seed: string
  readonly events: number
  readonly decided: number
  readonly fraud: number
  readonly fraudBpsBefore: Estimate | null
  readonly days: number
  readonly hash: string
  readonly rows: readonly TraRow[]
}
export type TraPick = {
  readonly policy: string
  readonly bps: number
  readonly upToEur: number
  /** Null: no threshold that was tried keeps the rate. */
  readonly picked: TraRow | null
  /** The same threshold on the other population. */
  readonly checked: TraRow | null
}
export type TraResult = {
  readonly reproduction: 'tra'
  readonly preset: string
  readonly isWithoutWishes: boolean
  readonly populations: readonly [picked: TraPopulation, checked: TraPopulation]
  readonly picks: readonly TraPick[]
}

/** Policies as they are written whose thresholds are not moved: the ends of the scale. */
const ends = ['never-challenge', 'always-challenge'] as const

const noWishes = { none: 1, rather: 0, exempt: 0, first: 0, dear: 0, always: 0 }

/** The experiment as somebody would write it. Pure. */
export function experimentText(policies: readonly Candidate[], options: TraOptions, seed: string): string {
  const names = policies.map(({ id }) => id)
  return stringify(
    {
      name: 'tra',
      question: {
        en: 'Which policies keep the 90-day fraud rate under 13, 6 and 1 basis points, and what frictionless rate does that buy?',
        ja: '90日間の不正率を 13・6・1 ベーシスポイント以下に保つポリシーはどれか。そのときのフリクションレス率はどれだけか。',
      },
      seed,
      stream: {
        preset: options.preset,
        events: options.events,
        ...(options.isWithoutWishes && { population: { shops: { wishes: noWishes } } }),
      },
      policies: [
        ...policies.map(({ id }) => ({ id, ...sourceOf(id) })),
        ...ends.filter((name) => !names.includes(name)).map((name) => ({ name })),
      ],
      sweep: policies.flatMap(({ id, policy: { costs, thresholds } }) =>
        costs !== undefined
          ? []
          : [
              {
                of: [id],
                challenge: options.offsets.filter((by) => by !== 0).map((by) => tidy(thresholds.challenge + by)),
              },
            ],
      ),
      comparisons: [],
      slices: [],
      bootstrap: { draws: options.draws },
      keep: { decisions: false },
    },
    { lineWidth: 0 },
  )
}

function rowOf({ id, of, thresholds, metrics }: VariantResult): TraRow {
  const { estimates, tra } = metrics
  return {
    variant: id,
    policy: of ?? id,
    challengeFrom: thresholds?.challenge ?? null,
    isAsWritten: of === undefined,
    frictionless: estimates.frictionless,
    fraudStoppedAmount: estimates.fraudStoppedAmount,
    worst: tra.days.some(({ full }) => full) ? tra.worst : null,
    last: tra.last,
    fullWindows: tra.days.filter(({ full }) => full).length,
    kept: tra.bands.map(({ bps, kept }) => ({ bps, isKept: kept })),
  }
}

const stopped = 'stopped before all was measured'

/** `name`: of its folder. */
export async function populationOf(
  policies: readonly Candidate[],
  options: TraOptions,
  seed: string,
  name: string,
): Promise<TraPopulation> {
  const file = `tra-${name}.yaml`
  const { summary } = await runExperiment(readExperiment(file, experimentText(policies, options, seed)), {
    out: join(options.folder, name),
    base: options.base,
    workers: options.workers,
    again: options.again,
    onProgress: options.onProgress,
    signal: options.signal,
  }).catch((error: unknown) => {
    if (error instanceof Stopped) throw new LabReproduceError(stopped)
    throw error
  })
  const { manifest, variants } = summary
  const [first] = variants
  if (manifest.state !== 'whole' || first === undefined) throw new LabReproduceError(stopped)
  const { population, estimates } = first.metrics
  const rows = variants.map(rowOf)
  if (rows.some(({ fullWindows }) => fullWindows === 0))
    throw new LabReproduceError(
      `the population has ${population.days} measured days: no window of 90 days is full, so that no rate can be judged`,
    )
  return {
    seed,
    events: manifest.stream.events,
    decided: population.decided,
    fraud: population.fraud,
    fraudBpsBefore: estimates.fraudBpsBefore,
    days: population.days,
    hash: manifest.stream.hash,
    rows,
  }
}

/** Of those that keep the rate in every full window the one with the most frictionless decisions. Pure. */
export function picksOf(
  policies: readonly string[],
  rows: readonly TraRow[],
  others: readonly TraRow[],
): readonly TraPick[] {
  return policies.flatMap((policy) =>
    referenceRates.map(({ bps, upToEur }): TraPick => {
      const keeping = rows.filter(
        (row) => row.policy === policy && row.kept.some((one) => one.bps === bps && one.isKept === true),
      )
      const picked = keeping.reduce<TraRow | null>(
        (best, row) => (best === null || (row.frictionless.value ?? 0) > (best.frictionless.value ?? 0) ? row : best),
        null,
      )
      const checked = others.find(({ variant }) => variant === picked?.variant) ?? null
      return { policy, bps, upToEur, picked, checked }
    }),
  )
}

/** Of both experiments before either is run: the second would be refused only when the first is done. */
async function refuseTaken({ folder, again = false }: TraOptions): Promise<void> {
  for (const name of ['picked', 'checked']) {
    const out = join(folder, name)
    const found = await lookInto(out).catch((error: unknown) => {
      if (error instanceof LabExperimentError)
        throw new LabReproduceError(`${out}: is no folder of an experiment; --keep another folder`)
      throw error
    })
    if (found === 'nothing' || again) continue
    const what = found === 'results' ? 'holds results already' : 'holds a run that was stopped'
    throw new LabReproduceError(`${out}: ${what}; --again replaces it, or --keep another folder`)
  }
}

export async function tra(policies: readonly Candidate[], options: TraOptions): Promise<TraResult> {
  const { seed, checkSeed, preset, isWithoutWishes } = options
  if (seed === checkSeed)
    throw new LabReproduceError(
      `--check-seed ${checkSeed}: thresholds are picked on this very population; another seed is needed`,
    )
  await refuseTaken(options)
  const picked = await populationOf(policies, options, seed, 'picked')
  const checked = await populationOf(policies, options, checkSeed, 'checked')
  const names = [...policies.map(({ id }) => id), ...ends.filter((end) => !policies.some(({ id }) => id === end))]
  return {
    reproduction: 'tra',
    preset,
    isWithoutWishes,
    populations: [picked, checked],
    picks: picksOf(names, picked.rows, checked.rows),
  }
}
