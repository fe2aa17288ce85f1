import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Voice } from '../../../src/risk/check.ts'
import { checks } from '../../../src/risk/checks.ts'
import type { Facts } from '../../../src/risk/facts.ts'
import { at, type Features, featureNames, newFeatures } from '../../../src/risk/features.ts'
import { checkReads, featuresRead, maskFor } from '../../../src/risk/live/reads.ts'
import { loadPolicy, type Policy, shippedPolicies } from '../../../src/risk/policy.ts'
import { defaultPolicy, policyText, shipped } from '../support.ts'
import { chanceOf, stepsOf } from './stream.ts'

const textOf = (id: string): string =>
  readFileSync(new URL(`../../../src/risk/checks/${id}.ts`, import.meta.url), 'utf8')

const policies = shippedPolicies.map(shipped)
const { issuer } = defaultPolicy
const mix = { cards: 3, entities: 6, gap: 500, untold: 300, chains: false }
const facts: readonly Facts[] = stepsOf(5, 400, mix, () => 0).flatMap((step) =>
  step.do === 'event' ? [step.facts] : [],
)

/** Tells of every place that is read. */
const watched = (features: Features, seen: Set<number>): Features =>
  new Proxy(features, {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) seen.add(Number(name))
      return Reflect.get(target, name)
    },
  })

describe.each(checks.map(({ id }) => id))('the check %s', (id) => {
  test('is listed with the features that its file names', () => {
    const named = [...textOf(id).matchAll(/\bat\.([A-Za-z0-9_]+)/g)].map(([, name]) => name ?? '')
    expect([...new Set(named)].sort()).toEqual([...(checkReads[id] ?? ['not listed'])].sort())
  })
  test('reads features in no other way than by their names in its file', () => {
    const text = textOf(id)
    expect(text).not.toMatch(/positionOf|featureNames|\bnamed\(/)
    const [, imported = ''] = /import \{([^}]*)\} from '\.\.\/features\.ts'/.exec(text) ?? []
    const values = imported
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
    for (const name of values) expect(['at', 'habitFrom', 'windows', 'manifestFraudFrom']).toContain(name)
  })
  test('reads no other features of whatever purchase', () => {
    const check = policies.flatMap((policy) => policy.checks).find((one) => one.id === id)
    if (check === undefined) {
      expect(textOf(id)).not.toContain('features')
      return
    }
    const allowed = new Set((checkReads[id] ?? []).map((name) => at[name]))
    const chance = chanceOf(9)
    const seen = new Set<number>()
    const voice = new Voice()
    for (const one of facts) {
      const features = newFeatures()
      for (let i = 0; i < features.length; i++)
        features[i] = chance(4) === 0 ? Number.NaN : chance(2) === 0 ? chance(2) : chance(500) / 7
      const input = { issuer, facts: one, features: watched(features, seen) }
      const { reason, weight } = check.run(input, voice)
      if (!Number.isNaN(weight)) check.told(input, reason)
    }
    expect([...seen].filter((place) => !allowed.has(place)).map((place) => featureNames[place])).toEqual([])
  })
})

const withParts = (parts: Partial<Policy>): Policy => ({ ...defaultPolicy, checks: [], scorers: [], ...parts })

describe('a policy', () => {
  test('reads what its checks, its scorecard, its conditions and its limits read', () => {
    const policy = loadPolicy(
      `${policyText('never-challenge')}
limits: { lowValue: { upToEUR: 30, count: 5 } }
segments:
  - { id: quick, when: { any: [{ of: feature.n_10m_phone, ge: 2 }] }, thresholds: { challenge: 1, reject: 2 } }
`,
    )
    const read = featuresRead(policy)
    expect(read).toEqual(expect.arrayContaining(['n_10m_phone', 'frictionless_n', 'frictionless_sum']))
    expect(read.length).toBeLessThan(10)
  })
  test('with a check that nobody knows reads all but the counts of the freeman scorer', () => {
    const [check] = defaultPolicy.checks
    if (check === undefined) throw new Error('no check')
    const read = featuresRead(withParts({ checks: [{ ...check, id: 'made-up' }] }))
    expect(read).toEqual(featureNames.filter((name) => !name.startsWith('freeman_')))
  })
  test('with the freeman scorer reads its counts', () => {
    expect(maskFor([loadPolicy(policyText('freeman'))]).has('freeman_volume')).toBe(true)
  })
  test.each(shippedPolicies)('as shipped (%s) reads some features and not all', (name) => {
    expect(featuresRead(shipped(name)).length).toBeLessThan(featureNames.length)
  })
})
