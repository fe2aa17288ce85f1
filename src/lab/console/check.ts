// What the console may run: made-up populations of a bounded size, and policies that need no file of this machine.
import { type ExperimentProblem, experimentLimits } from '../../acs/experiments.ts'
import { yamlNestsDeeper } from '../../acs/nesting.ts'
import { cardNumberIn } from '../../acs/policies/text.ts'
import { LabExperimentError, type Problem, problemAt, readYaml, type Source } from '../experiment/problems.ts'
import { type Experiment, experimentSchema } from '../experiment/schema.ts'
import { presetNames } from '../gen/config.ts'

export const presets: readonly string[] = presetNames

/** What an experiment calls itself in messages: it has no file of a person. */
export const fileName = 'experiment.yaml'

export interface Checked {
  readonly experiment: Experiment
  readonly preset: string
  readonly events: number
}

/** Paths of this machine are for who sits at it: from here they would tell what lies where. */
function refusals({ stream, policies, repeats }: Experiment, source: Source): readonly Problem[] {
  const problems: Problem[] = []
  if (!('preset' in stream)) {
    const key = 'folder' in stream ? 'folder' : 'import'
    problems.push(
      problemAt(source, ['stream', key], 'the console runs presets only; use sekisho lab run for streams in files'),
    )
  } else {
    if (!presets.includes(stream.preset))
      problems.push(problemAt(source, ['stream', 'preset'], `one of ${presets.join(', ')} expected`))
    if (stream.events > experimentLimits.events)
      problems.push(
        problemAt(
          source,
          ['stream', 'events'],
          `at most ${experimentLimits.events} from the console; use sekisho lab run for more`,
        ),
      )
    // Before it is planned: each policy is at least one variant.
    const decisions = stream.events * policies.length * (1 + repeats.length)
    if (decisions > experimentLimits.decisions) problems.push(problemAt(source, ['policies'], tooMany(decisions)))
  }
  for (const [index, policy] of policies.entries())
    if (typeof policy !== 'string' && policy.file !== undefined)
      problems.push(
        problemAt(
          source,
          ['policies', index, 'file'],
          'the console reads no files; give the name of a policy that comes with Sekisho, or write it out under policy',
        ),
      )
  return problems
}

export const tooMany = (decisions: number): string =>
  `${decisions} decisions in all; at most ${experimentLimits.decisions} from the console (fewer events, variants or repeats, or sekisho lab run)`

const told = ({ path, message, line }: Problem): ExperimentProblem => ({
  path,
  message,
  ...(line !== undefined && { line }),
})

/** The experiment of a text, or all that is wrong with it. */
export function checked(text: string): Checked | { readonly problems: readonly ExperimentProblem[] } {
  if (text.length > experimentLimits.text)
    return { problems: [{ path: '', message: `longer than ${experimentLimits.text} characters` }] }
  const line = cardNumberIn(text)
  if (line !== undefined)
    return { problems: [{ path: '', message: 'there is a card number in it; an experiment needs none', line }] }
  if (yamlNestsDeeper(text)) return { problems: [{ path: '', message: 'nested too deeply' }] }
  try {
    const { value, source } = readYaml(fileName, text, experimentSchema)
    const problems = refusals(value, source)
    const { stream } = value
    if (problems.length > 0 || !('preset' in stream)) return { problems: problems.map(told) }
    return { experiment: value, preset: stream.preset, events: stream.events }
  } catch (error) {
    if (error instanceof LabExperimentError) return { problems: error.problems.map(told) }
    throw error
  }
}
