import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { changed, partsOf } from '../../../src/lab/experiment/change.ts'
import { type Job, jobOf, readExperiment } from '../../../src/lab/experiment/job.ts'
import { hashOf } from '../../../src/lab/experiment/variants.ts'
import { loadPolicy, shippedPolicy } from '../../../src/risk/policy.ts'

const rulesJp = readFileSync(shippedPolicy('rules-jp'), 'utf8')
const amountOnly = readFileSync(shippedPolicy('amount-only'), 'utf8')

const planOf = (rest: string): Promise<Job> =>
  jobOf(readExperiment('e.yaml', `name: try\nstream: { preset: japan, events: 1000 }\n${rest}`), import.meta.dirname)
const idsOf = ({ plan }: Job): readonly string[] => plan.variants.map(({ about }) => about.id)

describe('the variants of an experiment', () => {
  test('bear the hash of the policy as the server knows it, where everybody is heard', async () => {
    const { plan } = await planOf('policies: [rules-jp]\n')
    expect(plan.variants.map(({ about }) => about.policy.hash)).toEqual([loadPolicy(rulesJp).hash])
  })

  test('have other hashes where others are heard, whatever the order of the list', () => {
    const policy = { hash: '0123456789abcdef' }
    const hashes = [hashOf(policy, 'all'), hashOf(policy, 'none'), hashOf(policy, ['a', 'b']), hashOf(policy, ['a'])]
    expect(new Set(hashes).size).toBe(4)
    expect(hashOf(policy, ['b', 'a'])).toBe(hashOf(policy, ['a', 'b']))
  })

  test('run without assessments where a policy listens to them, and only there', async () => {
    expect(
      idsOf(
        await planOf(
          'policies: [rules-jp, amount-only, { id: deaf, name: rules-jp, hears: none }]\nassessments: both\n',
        ),
      ),
    ).toEqual(['rules-jp', 'rules-jp/without-assessments', 'amount-only', 'deaf'])
  })

  test('leave out every check of the policy, one at a time', async () => {
    const { plan } = await planOf('policies: [rules-jp]\nablate: [{ each: checks }]\n')
    const { checks } = loadPolicy(rulesJp)
    expect(plan.variants).toHaveLength(1 + checks.length)
    for (const { about, text } of plan.variants.slice(1)) {
      const [change] = about.changes
      const left = change?.what === 'check' ? change.left : ''
      expect(loadPolicy(text).checks.map(({ id }) => id)).toEqual(
        checks.map(({ id }) => id).filter((id) => id !== left),
      )
    }
  })

  test('leave out each layer that the policy has', async () => {
    const { plan } = await planOf('policies: [rules-jp]\nablate: [{ each: layers }]\n')
    expect(plan.variants.slice(1).map(({ about }) => about.id)).toEqual([
      'rules-jp/without-checks',
      'rules-jp/without-assessments',
      'rules-jp/without-rules',
    ])
    const [checks, assessments, rules] = plan.variants.slice(1).map(({ text }) => loadPolicy(text))
    expect(checks?.checks).toEqual([])
    expect(assessments?.assessments).toBeUndefined()
    expect(rules?.rules).toEqual([])
    // Nothing else is changed.
    expect(rules?.checks.length).toBe(loadPolicy(rulesJp).checks.length)
  })

  test('sweep thresholds over a grid, as far as it makes sense', async () => {
    const { plan } = await planOf(
      'policies: [rules-jp]\nsweep: [{ challenge: { from: -1, to: 1, step: 1 }, reject: [0, 6] }]\n',
    )
    expect(plan.variants.slice(1).map(({ about }) => about.thresholds)).toEqual([
      { challenge: -1, reject: 0 },
      { challenge: -1, reject: 6 },
      { challenge: 0, reject: 0 },
      { challenge: 0, reject: 6 },
      { challenge: 1, reject: 6 },
    ])
  })

  test('are held against what they are a change of, once each', async () => {
    const { plan } = await planOf(
      'policies: [rules-jp, features-30]\nassessments: both\nbaseline: rules-jp/without-assessments\n',
    )
    expect(plan.pairs).toEqual([
      ['rules-jp/without-assessments', 'rules-jp'],
      ['rules-jp/without-assessments', 'features-30'],
      ['features-30', 'features-30/without-assessments'],
    ])
    const all = await planOf('policies: [rules-jp, features-30, amount-only]\ncomparisons: all\n')
    expect(all.plan.pairs).toHaveLength(3)
  })
})

describe('a policy that is changed', () => {
  test('has the parts that it says', () => {
    expect(partsOf(amountOnly)).toEqual({ checks: [], scorers: [], layers: ['segments'] })
  })

  test('moves the thresholds of its segments by as much as its own', () => {
    const moved = loadPolicy(changed(amountOnly, { what: 'shift', of: 'challenge', by: 0.25, toMeet: 'x' }))
    expect(moved.thresholds).toEqual({ challenge: 1000.25, reject: 1000.25 })
    expect(moved.segments.map(({ thresholds }) => thresholds)).toEqual([
      { challenge: -999.75, reject: 1000 },
      { challenge: -999.75, reject: 1000 },
    ])
    const all = loadPolicy(changed(amountOnly, { what: 'shift', of: 'all', by: -0.25, toMeet: 'x' }))
    expect(all.thresholds).toEqual({ challenge: 999.75, reject: 999.75 })
  })

  test('stays as it is where only somebody is not heard', () => {
    expect(changed(rulesJp, { what: 'hears', hears: 'none' })).toBe(rulesJp)
  })
})
