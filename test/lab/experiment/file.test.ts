import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { jobOf, readExperiment } from '../../../src/lab/experiment/job.ts'
import { LabExperimentError } from '../../../src/lab/experiment/problems.ts'

const head = 'name: try\nstream: { preset: japan, events: 1000 }\n'

/** What a person reads: `e.yaml:3: policies.0: …`. */
async function problemsIn(text: string): Promise<string> {
  try {
    await jobOf(readExperiment('e.yaml', text), import.meta.dirname)
  } catch (error) {
    if (error instanceof LabExperimentError) return error.message
    throw error
  }
  return ''
}

describe('an experiment file', () => {
  test('needs a name, events and policies, and has a default for everything else', () => {
    const { experiment } = readExperiment('e.yaml', `${head}policies: [rules-jp]\n`)
    expect(experiment).toMatchObject({
      name: 'try',
      seed: '1',
      mode: 'replay',
      stream: { preset: 'japan', events: 1000, population: {} },
      policies: ['rules-jp'],
      assessments: 'asWritten',
      comparisons: 'baseline',
      bootstrap: { draws: 2000 },
      keep: { decisions: true, events: false, stream: false },
    })
  })

  test('takes a seed as a number, too', () => {
    expect(readExperiment('e.yaml', `${head}seed: 7\npolicies: [rules-jp]\n`).experiment.seed).toBe('7')
  })

  test.each([
    ['what is missing', 'name: try\n', ['e.yaml:1: stream: is missing', 'e.yaml:1: policies: is missing']],
    [
      'a key that was misspelt',
      `${head}policys: [rules-jp]\n`,
      ['e.yaml:3: policys: there is no such key here (did you mean policies?)'],
    ],
    [
      'a nested key that was misspelt',
      'name: try\nstream: { preset: japan, event: 5 }\npolicies: [rules-jp]\n',
      ['e.yaml:2: stream.event: there is no such key here (did you mean events?)'],
    ],
    [
      'keys that do not go together',
      'name: try\nstream: { folder: a, truth: b }\npolicies: [rules-jp]\n',
      ['e.yaml:2: stream.truth: does not go together with the other keys here'],
    ],
    [
      'a model whose answers are not the same everywhere',
      `${head}policies:\n  - rules-jp\n  - policy: { name: mine, scorers: [{ id: a, kind: onnx, model: a.onnx }] }\n`,
      ['e.yaml:5: policies.1: scorers of kind onnx are not run by the lab: ', 'Save the model as LightGBM or XGBoost'],
    ],
    [
      'a value that was misspelt',
      `${head}mode: replai\npolicies: [rules-jp]\n`,
      ['e.yaml:3: mode: one of replay, closedLoop expected (did you mean replay?)'],
    ],
    [
      'a value of another kind',
      'name: try\nstream: { preset: japan, events: many }\npolicies: [rules-jp]\n',
      ['e.yaml:2: stream.events: a number expected'],
    ],
    [
      'two sources of one policy',
      `${head}policies: [{ name: rules-jp, file: a.yaml }]\n`,
      ['e.yaml:3: policies.0: exactly one of name, file and policy'],
    ],
    ['an empty list', `${head}policies: []\n`, ['e.yaml:3: policies: at least 1 entry expected']],
    ['YAML that is none', 'name: [try\n', ['e.yaml:2: Flow sequence']],
    [
      'a shipped policy that was misspelt',
      `${head}policies: [rules-pj]\n`,
      ['e.yaml:3: policies.0: no policy rules-pj comes with Sekisho (did you mean rules-jp?)'],
    ],
    [
      'a file that is not there',
      `${head}policies: [{ file: nowhere.yaml }]\n`,
      ['e.yaml:3: policies.0: nowhere.yaml cannot be read (ENOENT)'],
    ],
    [
      'a policy that is none',
      `${head}policies:\n  - policy: { name: a, version: 1 }\n`,
      ['e.yaml:4: policies.0.policy.issuer: in the policy: issuer:'],
    ],
    ['the same policy twice', `${head}policies: [rules-jp, rules-jp]\n`, ['there is a policy rules-jp already']],
    [
      'a preset that was misspelt',
      'name: try\nstream: { preset: japn }\npolicies: [rules-jp]\n',
      ['e.yaml:2: stream.preset: there is no preset japn (did you mean japan?)'],
    ],
    [
      'a knob of the population that was misspelt',
      'name: try\nstream: { preset: japan, population: { screning: {} } }\npolicies: [rules-jp]\n',
      ['e.yaml:2: stream.population.screning: there is no such key here'],
    ],
    [
      'a knob out of its range',
      'name: try\nstream:\n  preset: japan\n  population:\n    days: 0\n    holders: { vpn: 7 }\npolicies: [rules-jp]\n',
      [
        'e.yaml:5: stream.population.days: at least 2 expected',
        'e.yaml:6: stream.population.holders.vpn: at most 1 expected',
      ],
    ],
    ['a key twice', `${head}name: again\npolicies: [rules-jp]\n`, ['e.yaml:3: this key is there already']],
    ['two documents', `${head}policies: [rules-jp]\n---\nname: b\n`, ['one document is expected']],
    ['a text that nests without end', `${head}policies: ${'['.repeat(20_000)}`, ['nested too deeply']],
    [
      'aliases that make more of a text than anybody holds',
      `a: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdef'[i]}`).join(', ')}]`).join('\n')}\n`,
      ['e.yaml: Excessive alias count'],
    ],
    [
      'a sweep of more variants than anybody reads',
      `${head}policies: [features-30]\nsweep: [{ challenge: { from: 0, to: 10, step: 0.1 }, reject: { from: 20, to: 30, step: 0.1 } }]\n`,
      ['e.yaml:4: sweep.0: 10202 variants: more than 500'],
    ],
    [
      'a sweep of nothing',
      `${head}policies: [features-30]\nsweep: [{ challenge: [3, 1], reject: [-5] }]\n`,
      ['e.yaml:4: sweep.0: nothing to try: challenge lies above reject everywhere'],
    ],
    [
      'a stream that is not there',
      'name: try\nstream: { folder: nowhere }\npolicies: [rules-jp]\n',
      ['e.yaml:2: stream.folder: nowhere'],
    ],
    [
      'a variant that was misspelt',
      `${head}policies: [rules-jp]\nbaseline: rules-jb\n`,
      ['e.yaml:4: baseline: there is no variant rules-jb (did you mean rules-jp?)'],
    ],
    [
      'a part that a policy does not have',
      `${head}policies: [rules-jp]\nablate: [{ each: [nihgt] }]\n`,
      ['e.yaml:4: ablate.0.each: rules-jp has no part nihgt (did you mean night?)'],
    ],
    [
      'other seeds of a stream that has none',
      'name: try\nstream: { folder: nowhere }\npolicies: [rules-jp]\nrepeats: [1]\n',
      ['stream.folder'],
    ],
    [
      'a comparison with a variant that is not there',
      `${head}policies: [rules-jp]\ncomparisons: [[rules-jp, amount]]\n`,
      ['e.yaml:4: comparisons.0.1: there is no variant amount'],
    ],
  ])('is refused with the place of %s', async (_, text, expected) => {
    const told = await problemsIn(text)
    for (const part of expected) expect(told).toContain(part)
  })

  test('is refused with all that is wrong at once', async () => {
    const told = await problemsIn(
      'name: try\nmode: replai\nstream: { preset: japan, events: many }\npolicies: [rules-pj]\n',
    )
    expect(told.split('\n')).toHaveLength(2)
  })

  test('never quotes more than a name of what stands in it', async () => {
    const told = await problemsIn(`${head}policies: [rules-jp]\n"4111 1110 0000 0021": 1\n`)
    expect(told).not.toContain('0000 0021')
  })
})

describe('an experiment of the examples', () => {
  const folder = fileURLToPath(new URL('../../../examples/lab/', import.meta.url))
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  test.each(files)('%s can be run as it is', async (name) => {
    const written = readExperiment(join(folder, name), readFileSync(join(folder, name), 'utf8'))
    const { plan } = await jobOf(written, folder)
    expect(plan.pairs.length).toBeGreaterThan(0)
    expect(written.experiment.name).toBe(name.replace('.yaml', ''))
  })

  test('asks of its placebo what it asks of the screenings that see something', () => {
    const [own, placebo] = ['verdict', 'verdict-placebo'].map(
      (name) => readExperiment(name, readFileSync(join(folder, `${name}.yaml`), 'utf8')).experiment,
    )
    expect(placebo).toMatchObject({ seed: own?.seed, policies: own?.policies, claims: own?.claims })
    expect(own?.match).toEqual(expect.arrayContaining([...(placebo?.match ?? [])]))
    expect(placebo?.stream).toEqual({ ...own?.stream, population: { screenings: { quality: 0 } } })
  })
})
