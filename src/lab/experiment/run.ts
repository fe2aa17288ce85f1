/**
 * An experiment from its file to its folder: events, thresholds that are tuned, decisions, metrics, comparisons, files. What was
 * finished before a run was stopped is taken up again; nothing but environment.json depends on threads, the machine or the hour.
 */
import { readFileSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { shippedPolicy } from '../../risk/policy.ts'
import { bandsOf } from '../gen/bands.ts'
import { openDecisions } from '../run/decision-files.ts'
import { jobAgain } from './again.ts'
import { assumptionsOf, type Decided, decide } from './deciding.ts'
import { writeDecisions } from './decisions-parquet.ts'
import { commit, machine, usualWorkers, version } from './environment.ts'
import { clear, jsonText, lookInto, names, put, readJson } from './folder.ts'
import { type Job, jobOf, keyOf, type Written } from './job.ts'
import { isLock, lock } from './lock.ts'
import { measureAll } from './measuring.ts'
import { LabExperimentError } from './problems.ts'
import { Meter, type OnProgress, type Phase } from './progress.ts'
import { repeat } from './repeats.ts'
import type { Experiment } from './schema.ts'
import { type Content, contentOf, headOf, type Making, opened, type Prepared, prepare, Stopped } from './stream.ts'
import type { Environment, Matched, Summary, Target } from './summary.ts'
import { metricsText, openManifest, openSummary, putManifest } from './summary-files.ts'
import { tablesOf } from './tables.ts'
import { tune } from './tuning.ts'
import type { Planned } from './variants.ts'

export type RunOptions = {
  /** Made, if it is not there. */
  readonly out: string
  /** Default: the folder of the file. */
  readonly base?: string | undefined
  readonly workers?: number | undefined
  /** Goes on with what an earlier run has left. */
  readonly resume?: boolean | undefined
  /** Where the events lie, if not where the experiment says. */
  readonly stream?: string | undefined
  /** Replaces the results that are there. */
  readonly again?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** Stops deciding by itself once so many events were decided, as a signal would, but always at the same place on one worker. */
  readonly stopAfter?: number | undefined
  readonly onProgress?: OnProgress | undefined
}

export type Ended = {
  readonly summary: Summary
  readonly folder: string
  /** It was whole already; nothing was run. */
  readonly wasThere?: true
}

export async function runExperiment(written: Written, options: RunOptions): Promise<Ended> {
  const base = options.base ?? dirname(resolve(written.source.file))
  return runJob(await jobOf(written, base), { ...options, base })
}

const stateFile = 'state.json'

/** Throws where a folder does not hold the whole result of this very experiment on these very events. */
async function needResult(job: Job, { stream, imported }: Content, folder: string): Promise<void> {
  const { job: earlier, manifest } = await jobAgain(folder)
  if (manifest.state !== 'whole' || manifest.version !== version() || keyOf(earlier) !== keyOf(job))
    refuseFolder(folder, 'holds the results of another experiment, policy or version; --again replaces them')
  const isSame =
    stream === undefined
      ? JSON.stringify(imported) === JSON.stringify(manifest.imported)
      : stream === manifest.stream.hash
  if (!isSame) refuseFolder(folder, 'holds the results of other events than lie there now; --again replaces them')
}

type Taken = { readonly work: string; readonly content: Content; readonly release: () => Promise<void> }

const refuseFolder = (out: string, message: string): never => {
  throw new LabExperimentError(out, [{ path: '', message }])
}

const isEnded = (out: string): Promise<boolean> =>
  openManifest(out).then(
    ({ state }) => state === 'whole',
    () => false,
  )

/** The folder is this run's until it is given back. Undefined: it holds the whole result of this experiment already. */
async function takeFolder(
  job: Job,
  { out, base, stream, resume = false, again = false }: RunOptions & { readonly base: string },
): Promise<Taken | undefined> {
  const work = join(out, names.work)
  const found = await lookInto(out)
  if (found === 'results' && !again) {
    if (!resume) refuseFolder(out, 'holds results already; --again replaces them, --out writes elsewhere')
    await needResult(job, await contentOf(job.experiment.stream, base, stream), out)
    return undefined
  }
  if (found === 'unfinished' && !resume && !again)
    refuseFolder(out, 'holds a run that was stopped; --resume goes on with it, --again begins anew')
  const release = await lock(work, out)
  try {
    // Only now nobody else writes. A refusal takes the lock's folder away with it.
    if (found === 'nothing' && (await readdir(out)).length > 1)
      refuseFolder(out, 'holds the results of a run that was faster; --again replaces them')
    const content = await contentOf(job.experiment.stream, base, stream)
    const own = { key: keyOf(job), ...content }
    const goesOn = found === 'unfinished' && resume
    // A run that was ended before it had begun has left nothing, neither for this experiment nor for another.
    const state = goesOn ? await readJson(work, stateFile) : undefined
    // Somebody else has brought it to its end since we looked.
    if (goesOn && state === undefined && (await isEnded(out))) {
      await needResult(job, content, out)
      await release()
      return undefined
    }
    if (state !== undefined && JSON.stringify(state) !== JSON.stringify(own))
      refuseFolder(out, 'holds a run of another experiment, policy or version, or on other events; --again begins anew')
    await clear(out, state === undefined ? isLock : undefined)
    await put(work, stateFile, jsonText(own))
    return { work, content, release }
  } catch (error) {
    await release()
    throw error
  }
}

/** Seconds of each phase, for environment.json. */
class Watch {
  readonly seconds: Record<string, number> = {}
  readonly startedAt = new Date().toISOString()
  readonly #start = performance.now()
  async time<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const from = performance.now()
    try {
      return await work()
    } finally {
      this.seconds[phase] = rounded((performance.now() - from) / 1_000 + (this.seconds[phase] ?? 0))
    }
  }
  get total(): number {
    return rounded((performance.now() - this.#start) / 1_000)
  }
}
const rounded = (seconds: number): number => Math.round(seconds * 1_000) / 1_000

type Found = {
  readonly decided: readonly Decided[]
  readonly matched: readonly Matched[]
  readonly prepared: Prepared
  readonly left: readonly string[]
  readonly cutAt?: number
}

export async function runJob(job: Job, options: RunOptions & { readonly base: string }): Promise<Ended> {
  const { out } = options
  const taken = await takeFolder(job, options)
  if (taken === undefined) return { summary: await openSummary(out), folder: out, wasThere: true }
  try {
    return await runInto(job, options, taken)
  } finally {
    await taken.release()
  }
}

async function runInto(
  job: Job,
  options: RunOptions & { readonly base: string },
  { work, content }: Taken,
): Promise<Ended> {
  const { experiment, plan } = job
  const { out, base } = options
  const signal = options.signal ?? new AbortController().signal
  const workers = options.workers ?? experiment.workers ?? usualWorkers()
  const meter = new Meter(options.onProgress ?? (() => undefined))
  const watch = new Watch()
  const world = { experiment, source: job.source, base, workers, signal, meter, work, seed: seedOf(experiment) }

  const prepared = await watch.time('events', () =>
    streamFor(experiment, join(work, names.stream), world, options.stream),
  )
  const tuned = await watch.time('tuning', () => tune(plan, prepared, world))
  const variants = [...plan.variants, ...tuned.map(({ one }) => one)]
  const decided = await watch.time('decisions', () =>
    decide(variants, prepared, join(work, 'variants'), { ...world, stopAfter: options.stopAfter }, 'decisions'),
  )
  const found = foundIn(
    variants,
    decided,
    prepared,
    tuned.map(({ matched }) => matched),
  )
  const isWhole = found.left.length === 0 && found.cutAt === undefined

  const measured = await watch.time('measures', () =>
    measureAll(found.decided, found.prepared, { ...world, pairs: plan.pairs, scratch: work }),
  )
  const repeats = isWhole ? await watch.time('repeats', () => repeat(variants, plan.pairs, world)) : []
  const summary: Summary = {
    manifest: manifestOf(job, found, isWhole, content),
    ...(experiment.question !== undefined && { question: textOf(experiment.question) }),
    ...(experiment.notes !== undefined && { notes: textOf(experiment.notes) }),
    prices: measured.prices,
    variants: measured.variants,
    baseline: plan.baseline,
    comparisons: measured.comparisons,
    targets: isWhole ? await targetsOf(job, found) : [],
    repeats,
  }
  await watch.time('files', () => writeAll(out, job, variants, found, summary, meter))
  if (isWhole && experiment.keep.stream && prepared.folder.startsWith(work))
    await rename(prepared.folder, join(out, names.stream))
  const environment: Environment = {
    ...machine(workers),
    startedAt: watch.startedAt,
    seconds: watch.total,
    phases: watch.seconds,
    eventsPerSecond: speedOf(decided, watch),
    latency: decided.flatMap(({ one, latency }) =>
      latency === undefined ? [] : [{ variant: one.about.id, ...latency }],
    ),
  }
  await put(out, names.environment, jsonText(environment))
  const own = commit()
  await putManifest(out, { ...summary.manifest, ...(own !== undefined && { commit: own }) })
  // Last of all: whoever is ended before this can go on. The lock takes the folder itself away.
  if (isWhole) {
    for (const entry of await readdir(work))
      if (!isLock(entry) && entry !== stateFile) await rm(join(work, entry), { recursive: true, force: true })
    await rm(join(work, stateFile), { force: true })
  }
  return { summary, folder: out }
}

const streamFor = (
  { stream }: Experiment,
  folder: string,
  making: Making,
  elsewhere: string | undefined,
): Promise<Prepared> =>
  elsewhere === undefined ? prepare(stream, folder, making) : opened(elsewhere, stream.measuredFrom)

const seedOf = ({ seed, stream }: Experiment): string => ('preset' in stream ? (stream.seed ?? seed) : seed)

const textOf = ({
  en,
  ja,
}: {
  readonly en: string
  readonly ja?: string | undefined
}): { en: string; ja?: string } => ({
  en,
  ...(ja !== undefined && { ja }),
})

function speedOf(decided: readonly Decided[], { seconds }: Watch): number | null {
  const events = decided.reduce((sum, one) => sum + (one.latency === undefined ? 0 : one.events), 0)
  const took = seconds.decisions ?? 0
  return events > 0 && took > 0 ? Math.round(events / took) : null
}

/**
 * Variants that are through. Where a run was stopped before any was, they are cut to the events that each of them has decided: the
 * same for all, so that they can be compared.
 */
function foundIn(
  variants: readonly Planned[],
  decided: readonly Decided[],
  prepared: Prepared,
  matched: readonly Matched[],
): Found {
  const whole = decided.filter(({ isComplete }) => isComplete)
  const left = (of: readonly Decided[]): readonly string[] =>
    variants.map(({ about }) => about.id).filter((id) => !of.some(({ one }) => one.about.id === id))
  if (whole.length > 0) return { decided: whole, matched, prepared, left: left(whole) }
  // One thread folds its variants part by part, so that one of them is behind the others: it does not cut them short.
  const farthest = Math.max(0, ...decided.map(({ events }) => events))
  const far = decided.filter(({ events }) => events > 0 && events >= farthest / 2)
  if (far.length === 0) throw new Stopped()
  const cutAt = Math.min(...far.map(({ events }) => events))
  const stream = headOf(prepared.stream, cutAt)
  return { decided: far, matched, prepared: { ...prepared, stream }, left: left(far), cutAt }
}

function manifestOf(
  { experiment, candidates }: Job,
  found: Found,
  isWhole: boolean,
  { imported }: Content,
): Summary['manifest'] {
  const { workers: _, ...told } = experiment
  const { meta } = found.prepared.stream
  return {
    format: 1,
    version: version(),
    state: isWhole ? 'whole' : 'partial',
    left: found.left,
    ...(found.cutAt !== undefined && { cutAt: found.cutAt }),
    name: experiment.name,
    seed: experiment.seed,
    mode: experiment.mode,
    experiment: told,
    assumptions: assumptionsOf(experiment, meta),
    stream: meta,
    ...(imported !== undefined && { imported }),
    policies: candidates.map(({ id }) => id),
    variants: found.decided.map(({ one }) => one.about),
    matched: found.matched,
  }
}

/**
 * The population of a preset is believable while its bands hold, under the policy that it was made for, as it is written. Few events
 * have too few frauds to say anything of them.
 */
const judged = { preset: 'japan', policy: 'rules-jp', events: 50_000 } as const

async function targetsOf(
  { experiment: { stream, mode } }: Job,
  { decided, prepared }: Found,
): Promise<readonly Target[]> {
  if (mode !== 'replay' || !('preset' in stream) || stream.preset !== judged.preset) return []
  if (Object.keys(stream.population).length > 0 || stream.events < judged.events) return []
  const own = decided.find(
    ({ one: { about, text } }) =>
      about.kind === 'policy' && about.policy.name === judged.policy && text === shippedText(),
  )
  if (own === undefined) return []
  const bands = await bandsOf(prepared.stream, await openDecisions(own.folder))
  return bands.map((band) => ({ ...band, got: Number.isNaN(band.got) ? null : band.got }))
}
const shippedText = (): string => readFileSync(shippedPolicy(judged.policy), 'utf8')

/** Everything but manifest and environment. */
async function writeAll(
  out: string,
  job: Job,
  variants: readonly Planned[],
  found: Found,
  summary: Summary,
  meter: Meter,
): Promise<void> {
  const { experiment, candidates, text } = job
  const of = 4
  meter.at('files', 0, of, 'files')
  await put(out, names.experiment, text)
  for (const { id, text: policy, models } of candidates) {
    await put(out, `${names.policies}/${id}/policy.yaml`, policy)
    for (const [name, model] of Object.entries(models)) await put(out, `${names.policies}/${id}/${name}`, model)
  }
  // A policy whose thresholds were found is one that somebody may want to run.
  for (const { about, text: policy } of variants)
    if (about.kind === 'match') await put(out, `${names.policies}/${about.id.replaceAll('/', '~')}.yaml`, policy)
  await put(out, names.metrics, metricsText(summary))
  for (const [name, table] of Object.entries(tablesOf(summary))) await put(out, `${names.tables}/${name}`, table)
  meter.at('files', 1, of, 'files')
  const { prepared, decided } = found
  if (experiment.keep.decisions)
    await writeDecisions(
      out,
      prepared.folder,
      found.cutAt ?? prepared.stream.meta.events,
      decided.map(({ one, folder }) => ({ variant: one.about.id, folder })),
    )
  meter.at('files', 2, of, 'files')
  if (experiment.keep.events) {
    const { exportStream } = await import('../files/export.ts')
    await exportStream(prepared.stream, { format: 'parquet', out: join(out, names.events) })
  }
  meter.at('files', 3, of, 'files')
  const { reportHtml } = await import('../report/report.ts')
  await put(out, names.report, await reportHtml(summary))
  meter.at('files', of, of, 'files')
}
