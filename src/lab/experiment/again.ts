/** A finished experiment as a job once more, from its own folder: its file, its policies as they were read then, its manifest. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { names } from './folder.ts'
import { type Job, readExperiment } from './job.ts'
import { type Candidate, loaded } from './policies.ts'
import { LabExperimentError } from './problems.ts'
import type { Hears, Manifest } from './summary.ts'
import { openManifest } from './summary-files.ts'
import { shifted } from './tuning.ts'
import { type Planned, planOf } from './variants.ts'

const policyFile = 'policy.yaml'

async function candidateIn(folder: string, id: string, hears: Hears): Promise<Candidate> {
  const place = join(folder, names.policies, id)
  const models: Record<string, string> = {}
  const files = await readdir(place).catch(() => {
    throw new LabExperimentError(place, [{ path: '', message: 'is not there: the policy cannot be run again' }])
  })
  for (const name of files.sort()) if (name !== policyFile) models[name] = await readFile(join(place, name), 'utf8')
  const text = await readFile(join(place, policyFile), 'utf8')
  return { id, hears, text, models, policy: loaded({ text, models }) }
}

export async function jobAgain(folder: string): Promise<{ readonly job: Job; readonly manifest: Manifest }> {
  const manifest = await openManifest(folder)
  const file = join(folder, names.experiment)
  const text = await readFile(file, 'utf8').catch(() => {
    throw new LabExperimentError(file, [{ path: '', message: 'is not there: the experiment cannot be run again' }])
  })
  const written = readExperiment(file, text)
  const candidates: Candidate[] = []
  for (const [i, source] of written.experiment.policies.entries())
    candidates.push(
      await candidateIn(folder, manifest.policies[i] ?? '', typeof source === 'string' ? 'all' : source.hears),
    )
  return { manifest, job: { ...written, candidates, plan: planOf(written.experiment, candidates, written.source) } }
}

/** One of the variants of a finished experiment, ready to be run; those whose thresholds were found have them. */
export function variantAgain({ job, manifest }: Awaited<ReturnType<typeof jobAgain>>, id: string): Planned | undefined {
  const own = job.plan.variants.find(({ about }) => about.id === id)
  if (own !== undefined) return own
  const match = job.plan.matches.find((one) => one.id === id)
  const matched = manifest.matched.find(({ variant }) => variant === id)
  const from = job.plan.variants.find(({ about }) => about.id === match?.variant)
  return match === undefined || matched === undefined || from === undefined
    ? undefined
    : shifted(from, match, matched.by)
}
