/** Two variants of finished experiments on the same events, paired by card. */
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { meant } from '../../risk/policy/nearest.ts'
import type { Comparison } from '../metrics/types.ts'
import { jobAgain, variantAgain } from './again.ts'
import { decide } from './deciding.ts'
import { usualWorkers } from './environment.ts'
import { names } from './folder.ts'
import { measureAll } from './measuring.ts'
import { LabExperimentError } from './problems.ts'
import { Meter, type OnProgress } from './progress.ts'
import { prepare, Stopped } from './stream.ts'
import { openSummary } from './summary-files.ts'
import type { Planned } from './variants.ts'

export type CompareOptions = {
  readonly seed?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

/** `text`: as somebody typed it. */
type Named = { readonly folder: string; readonly id: string; readonly text: string }

/** `folder:variant`; the last colon counts. */
function named(text: string): Named {
  const at = text.lastIndexOf(':')
  if (at <= 0 || at === text.length - 1)
    throw new LabExperimentError(text, [{ path: '', message: 'folder:variant expected, such as results:rules-jp' }])
  return { folder: resolve(text.slice(0, at)), id: text.slice(at + 1), text }
}

/** Where a folder really lies; of one that is not there, what it is called. */
const placeOf = (folder: string): Promise<string> => realpath(folder).catch(() => folder)

/** The one that stands in the results, if both are of one experiment; otherwise both are run again. */
export async function compareVariants(a: string, b: string, options: CompareOptions): Promise<Comparison> {
  const [one, other] = [named(a), named(b)]
  if (one.id === other.id && (await placeOf(one.folder)) === (await placeOf(other.folder)))
    throw new LabExperimentError(b, [
      { path: '', message: 'is the very variant that it is to be compared with: name another one' },
    ])
  if (one.folder === other.folder && options.seed === undefined) {
    const { comparisons } = await openSummary(one.folder)
    const known = comparisons.find((pair) => pair.a === one.id && pair.b === other.id)
    if (known !== undefined) return known
  }
  return runBoth(one, other, options)
}

async function variantIn({ folder, id }: Named) {
  const again = await jobAgain(folder)
  const planned = variantAgain(again, id)
  if (planned === undefined) {
    const ids = again.manifest.variants.map((variant) => variant.id)
    throw new LabExperimentError(folder, [
      { path: '', message: `there is no variant ${id}${meant(id, ids) || `; there are ${ids.join(', ')}`}` },
    ])
  }
  return { ...again, planned }
}

async function runBoth(one: Named, other: Named, options: CompareOptions): Promise<Comparison> {
  const a = await variantIn(one)
  const b = await variantIn(other)
  const { experiment, source } = a.job
  if (
    a.manifest.stream.hash !== b.manifest.stream.hash ||
    a.manifest.stream.measuredFrom !== b.manifest.stream.measuredFrom
  )
    throw new LabExperimentError(other.folder, [
      {
        path: '',
        message: `was run on other events than ${one.folder}: only what was decided on the same events can be compared`,
      },
    ])
  if (a.manifest.mode !== b.manifest.mode)
    throw new LabExperimentError(other.folder, [{ path: '', message: 'was run in another mode' }])
  const work = await mkdtemp(join(tmpdir(), 'sekisho-compare-'))
  const meter = new Meter(options.onProgress ?? (() => undefined))
  const signal = options.signal ?? new AbortController().signal
  const seed = 'preset' in experiment.stream ? (experiment.stream.seed ?? experiment.seed) : experiment.seed
  try {
    const world = { experiment, source, base: resolve(one.folder, '..'), workers: usualWorkers(), signal, meter, seed }
    const prepared = await prepare(experiment.stream, join(work, names.stream), world)
    const variants = [renamed(a.planned, one, other), renamed(b.planned, other, one)]
    const decided = await decide(variants, prepared, join(work, 'variants'), world, 'decisions')
    if (signal.aborted) throw new Stopped()
    const ids = variants.map(({ about }) => about.id)
    const { comparisons } = await measureAll(decided, prepared, {
      experiment: { ...experiment, seed: options.seed ?? experiment.seed },
      pairs: [[ids[0] ?? '', ids[1] ?? '']],
      signal,
      meter,
      workers: world.workers,
      scratch: work,
    })
    const [comparison] = comparisons
    if (comparison === undefined) throw new TypeError('no comparison of two variants')
    return comparison
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Variants of two experiments may bear the same name. */
const renamed = (planned: Planned, own: Named, other: Named): Planned =>
  own.id === other.id ? { ...planned, about: { ...planned.about, id: own.text } } : planned
