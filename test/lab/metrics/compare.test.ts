import { expect, test } from 'vitest'
import { compare, type Side, withHolm } from '../../../src/lab/metrics/compare.ts'
import { type Ground, readGround } from '../../../src/lab/metrics/ground.ts'
import { measure } from '../../../src/lab/metrics/measure.ts'
import type { McNemar } from '../../../src/lab/metrics/types.ts'
import { atRate, type Decision, decisionsOf, fixture, fixtureRows, streamOf } from './support.ts'

const sideOf = async (ground: Ground, variant: string, list: readonly Decision[], draws = 200): Promise<Side> => {
  const decisions = decisionsOf(list, fixtureRows, 13)
  const measured = await measure(ground, decisions, {
    variant,
    mode: 'replay',
    seed: '1',
    draws,
    timeZone: 'UTC',
    scale: 'probability',
    k: 3,
    prices: { lossShare: 1, challenge: 5, margin: 0.02, review: 0 },
  })
  return { measured, decisions }
}
const found = (tests: readonly McNemar[], flags: McNemar['flags'], over: McNemar['over']): McNemar =>
  tests.find((one) => one.flags === flags && one.over === over) as McNemar

test('DeLong and McNemar of the fixture, to 1e-12', async () => {
  const ground = await readGround(streamOf(fixtureRows, { perPart: 9 }))
  const [a, b] = [await sideOf(ground, 'a', atRate('a')), await sideOf(ground, 'b', atRate('b'))]
  const { deLong, mcNemar, pairedEvents } = await compare(ground, b, a)
  const expected = fixture.expected.delong_a_minus_b
  expect(pairedEvents).toBe(80)
  expect(deLong.difference).toBeCloseTo(expected.diff, 12)
  expect(deLong.se).toBeCloseTo(expected.se, 12)
  expect(deLong.z).toBeCloseTo(expected.z, 11)
  expect(Math.abs((deLong.p ?? 1) - expected.p)).toBeLessThan(1e-12)
  const { a_only, b_only, exact_p, chi2_cc } = fixture.expected.mcnemar_20pct
  for (const flags of ['decided', 'budget'] as const) {
    const over = found(mcNemar, flags, 'events')
    expect({ a: over.onlyB, b: over.onlyA }).toEqual({ a: a_only, b: b_only })
    expect(over.exactP).toBeCloseTo(exact_p, 12)
    expect(over.chi2).toBeCloseTo(chi2_cc, 12)
    // Over fraud only: 11 frauds, 8 and 4 of them flagged.
    const frauds = found(mcNemar, flags, 'fraud')
    expect(frauds.n).toBe(11)
    expect(frauds.both + frauds.onlyB).toBe(8)
    expect(frauds.both + frauds.onlyA).toBe(4)
  }
})

test('a policy against itself shows nothing, and says so', async () => {
  const ground = await readGround(streamOf(fixtureRows))
  const a = await sideOf(ground, 'a', atRate('a'))
  const b = await sideOf(ground, 'same', atRate('a'))
  const [comparison] = withHolm([await compare(ground, a, b)])
  const claimed = comparison?.differences.filter((difference) => difference.claimed) ?? []
  expect(claimed.length).toBe(4)
  for (const { value, p, shown, why } of claimed) {
    expect({ value, p, shown, why }).toEqual({ value: 0, p: 1, shown: false, why: 'noVariance' })
  }
  expect(comparison?.deLong).toMatchObject({ difference: 0, se: 0, z: null, p: 1 })
  expect(comparison?.words).toHaveLength(4)
  expect(comparison?.words[0]?.en).toContain('nothing is claimed')
})

test('everything challenged against nothing challenged is a difference without chance in it', async () => {
  const ground = await readGround(streamOf(fixtureRows))
  const never = await sideOf(
    ground,
    'never',
    fixtureRows.map(() => ({ status: 'Y', score: 0 })),
  )
  const always = await sideOf(
    ground,
    'always',
    fixtureRows.map(() => ({ status: 'C', challenge: 1, score: 0 })),
  )
  const comparison = await compare(ground, never, always, { claims: ['frictionless', 'savings'] })
  const frictionless = comparison.differences.find(({ key }) => key === 'frictionless')
  expect(frictionless?.value).toBe(-1)
  expect(frictionless?.interval?.method).toBe('exactCards')
  expect(frictionless?.shown).toBe(true)
  // One tie of all scores: no ranking is better than another.
  expect(comparison.deLong).toMatchObject({ difference: 0, a: 0.5, b: 0.5 })
  expect(JSON.stringify(comparison)).not.toMatch(/NaN|Infinity/)
})

test('what was measured with other resamples is not compared', async () => {
  const ground = await readGround(streamOf(fixtureRows))
  const a = await sideOf(ground, 'a', atRate('a'), 100)
  const b = await sideOf(ground, 'b', atRate('b'), 101)
  await expect(compare(ground, a, b)).rejects.toThrow('measure both anew')
})

test('Holm’s correction goes over every claim of every comparison', async () => {
  const ground = await readGround(streamOf(fixtureRows))
  const a = await sideOf(ground, 'a', atRate('a'))
  const b = await sideOf(ground, 'b', atRate('b'))
  const one = await compare(ground, a, b, { claims: ['auc'] })
  const plain = one.differences.find(({ key }) => key === 'auc')?.p ?? 1
  const corrected = withHolm([one, one, one])
  const holms = corrected.map(({ differences }) => differences.find(({ key }) => key === 'auc')?.holm ?? 0)
  for (const p of holms) expect(p).toBeCloseTo(Math.min(1, 3 * plain), 12)
})
