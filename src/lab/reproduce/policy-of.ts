/** The policy that a reproduction is about: a shipped one by its name, or a file. */
import { existsSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { shippedPolicies } from '../../risk/policy.ts'
import { type Candidate, candidatesOf } from '../experiment/policies.ts'
import { LabExperimentError } from '../experiment/problems.ts'

/** Throws LabExperimentError with what is wrong. `base`: the folder that paths are relative to. */
export async function policyOf(name: string, base: string): Promise<Candidate> {
  const lines = new LineCounter()
  const file = `--policy ${name}`
  try {
    const source = { file, document: parseDocument('', { lineCounter: lines }), lines }
    const [candidate] = await candidatesOf({ policies: [sourceOf(name)] }, base, source)
    if (candidate === undefined) throw new TypeError('no policy')
    return candidate
  } catch (error) {
    if (!(error instanceof LabExperimentError)) throw error
    // There is no experiment file whose list could have a place.
    const problems = error.problems.map((one) => ({ ...one, path: one.path.replace(/^policies\.0\.?/, '') }))
    throw new LabExperimentError(file, problems)
  }
}

/** What looks like a path is one; any other name is that of a shipped policy, or of a file that is there. */
export function sourceOf(
  name: string,
): { readonly name: string; readonly hears: 'all' } | { readonly file: string; readonly hears: 'all' } {
  const isFile = /[/\\]|\.ya?ml$/.test(name) || (!shippedPolicies.some((one) => one === name) && existsSync(name))
  return isFile ? { file: name, hears: 'all' } : { name, hears: 'all' }
}
