/** The policies of an experiment as texts with their models, so that they can cross threads and be kept beside the results. */
import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { meant } from '../../risk/policy/nearest.ts'
import {
  loadPolicy,
  type Policy,
  PolicyError,
  type ShippedPolicy,
  shippedPolicies,
  shippedPolicy,
} from '../../risk/policy.ts'
import { LabExperimentError, type Problem, problemAt, type Source } from './problems.ts'
import type { Experiment, PolicySource } from './schema.ts'
import type { Hears } from './summary.ts'

/** A policy that can be loaded anywhere. `models`: texts of the model files by the names that the policy gives them. */
export type PolicyText = { readonly text: string; readonly models: Readonly<Record<string, string>> }
export type Candidate = PolicyText & { readonly id: string; readonly hears: Hears; readonly policy: Policy }

/** Throws a PolicyError. */
export const loaded = ({ text, models }: PolicyText): Policy =>
  loadPolicy(text, ({ model }) => (model !== undefined && Object.hasOwn(models, model) ? models[model] : undefined))

const isShipped = (name: string): name is ShippedPolicy => shippedPolicies.some((one) => one === name)
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'

/** What cannot be used, by the place in the experiment that names it. */
class Unusable extends Error {}

type Found = { readonly text: string; readonly folder: string; readonly name: string }

async function found(source: Exclude<PolicySource, string>, base: string): Promise<Found> {
  const { name, file, policy } = source
  if (policy !== undefined)
    return { text: stringify(policy, { lineWidth: 0 }), folder: base, name: String(policy.name ?? 'policy') }
  if (name !== undefined) {
    if (!isShipped(name))
      throw new Unusable(
        `no policy ${name} comes with Sekisho${meant(name, shippedPolicies) || `; there are ${shippedPolicies.join(', ')}`} (a file is { file: … })`,
      )
    const url = shippedPolicy(name)
    return { text: await readFile(url, 'utf8'), folder: dirname(fileURLToPath(url)), name }
  }
  const path = resolve(base, file ?? '')
  try {
    return { text: await readFile(path, 'utf8'), folder: dirname(path), name: basename(path).replace(/\.ya?ml$/, '') }
  } catch (error) {
    throw new Unusable(`${file} cannot be read (${codeOf(error)})`)
  }
}

/** Names of the models in a text; whatever else is wrong with it is told when it is loaded. */
function modelsNamed(text: string): readonly string[] {
  const read = namesSchema.safeParse(parseDocument(text, { logLevel: 'error' }).toJS())
  if (!read.success) return []
  if (read.data.scorers.some(({ kind }) => kind === 'onnx'))
    throw new Unusable(
      'scorers of kind onnx are not run by the lab: the runtime of such a model rounds as its machine does, so that nobody could make the result again. Save the model as LightGBM or XGBoost, or let `sekisho lab score` measure scores that were made elsewhere (docs/lab-experiment.md)',
    )
  return read.data.scorers.flatMap(({ model }) => (model === undefined ? [] : [model]))
}
const namesSchema = z.object({
  scorers: z.array(z.object({ kind: z.string().optional(), model: z.string().optional() })).default([]),
})

/** Models lie beside the policy and nowhere else. */
async function withModels({ text, folder }: Found): Promise<PolicyText> {
  const models: Record<string, string> = {}
  for (const name of modelsNamed(text)) {
    const path = resolve(folder, name)
    if (!path.startsWith(folder + sep)) throw new Unusable(`the model ${name} does not lie beside the policy`)
    try {
      models[name] = await readFile(path, 'utf8')
    } catch (error) {
      throw new Unusable(`the model ${name} cannot be read (${codeOf(error)})`)
    }
  }
  return { text, models }
}

/** Every policy of the experiment, or all that is wrong with them and `others`. `base`: the folder that paths are relative to. */
export async function candidatesOf(
  { policies }: Pick<Experiment, 'policies'>,
  base: string,
  source: Source,
  others: readonly Problem[] = [],
): Promise<readonly Candidate[]> {
  const problems: Problem[] = [...others]
  const candidates: Candidate[] = []
  for (const [i, written] of policies.entries()) {
    const path = ['policies', i]
    const one = typeof written === 'string' ? { name: written, hears: 'all' as const } : written
    try {
      const where = await found(one, resolve(base))
      const text = await withModels(where)
      const id = ('id' in one ? one.id : undefined) ?? where.name
      if (candidates.some((other) => other.id === id))
        problems.push(problemAt(source, path, `there is a policy ${id} already; give one of them another id`))
      candidates.push({ ...text, id, hears: one.hears, policy: loaded(text) })
    } catch (error) {
      if (error instanceof Unusable) problems.push(problemAt(source, path, error.message))
      else if (error instanceof PolicyError)
        problems.push(
          ...error.problems.map((part) =>
            problemAt(
              source,
              'policy' in one ? [...path, 'policy', ...part.path.split('.')] : path,
              `in the policy: ${part.path === '' ? '' : `${part.path}: `}${part.problem}`,
            ),
          ),
        )
      else throw error
    }
  }
  if (problems.length > 0) throw new LabExperimentError(source.file, problems)
  return candidates
}
