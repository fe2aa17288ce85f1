/** An experiment as it was written, read and planned: all that can be wrong with it before anything is run. */
import { createHash } from 'node:crypto'
import { version } from './environment.ts'
import { type Candidate, candidatesOf } from './policies.ts'
import { readYaml, type Source } from './problems.ts'
import { type Experiment, experimentSchema } from './schema.ts'
import { streamProblems } from './stream.ts'
import { type Plan, planOf } from './variants.ts'

/** An experiment as somebody wrote it. */
export type Written = { readonly experiment: Experiment; readonly source: Source; readonly text: string }

/** Throws LabExperimentError with all that is wrong, each with its path and line. `file`: its name in messages. */
export function readExperiment(file: string, text: string): Written {
  const { value, source } = readYaml(file, text, experimentSchema)
  return { experiment: value, source, text }
}

/** With its policies, read and checked: all that can be wrong before anything is run. */
export type Job = Written & { readonly candidates: readonly Candidate[]; readonly plan: Plan }

/** `base`: the folder that paths in it are relative to. */
export async function jobOf(written: Written, base: string): Promise<Job> {
  const problems = await streamProblems(written.experiment.stream, base, written.source)
  const candidates = await candidatesOf(written.experiment, base, written.source, problems)
  return { ...written, candidates, plan: planOf(written.experiment, candidates, written.source) }
}

/** Whatever decides about the results: what an earlier run has left is only taken up where this is the same. */
export function keyOf({ experiment, candidates }: Job): string {
  const { workers: _, keep: __, question: ___, notes: ____, ...decisive } = experiment
  const policies = candidates.map(({ id, hears, text, models }) => ({ id, hears, text, models }))
  return createHash('sha256')
    .update(JSON.stringify({ version: version(), decisive, policies }))
    .digest('hex')
}
