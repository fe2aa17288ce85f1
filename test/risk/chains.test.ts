import { describe, expect, test } from 'vitest'
import type { AReqFacts, Facts } from '../../src/risk/facts.ts'
import { at, type FeatureName } from '../../src/risk/features.ts'
import { loadPolicy } from '../../src/risk/policy.ts'
import { emptyProfile, entityKinds } from '../../src/risk/profile.ts'
import { encodeProfile } from '../../src/risk/profile-codec.ts'
import { evidenceOf, score } from '../../src/risk/score.ts'
import { accountKey, defaultPolicy, minute, noon, policyText, purchase, World } from './support.ts'

const policy = loadPolicy(policyText('freeman'))

const home = { browserIP: '192.0.2.10' }
const office = { browserIP: '192.0.2.77' }
const abroad = { browserIP: '198.51.100.7' }
const windows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
const laptop = { browserUserAgent: windows }
const other = { browserUserAgent: windows, browserScreenWidth: '2560' }
const phone = { browserUserAgent: iphone }
const app = { deviceChannel: '01', browserIP: undefined, browserUserAgent: undefined, appIp: '198.51.100.7' }
const u = { acctNumber: '4111110000000021' }
const v = { acctNumber: '4111110000000039' }

/** The example worked by hand in scorers/freeman.test.ts, as AReqs. */
const history: readonly Partial<AReqFacts>[] = [
  { ...u, ...home, ...laptop },
  { ...u, ...home, ...laptop },
  { ...u, ...office, ...other },
  { ...v, ...app },
  { ...v, ...home, ...phone },
]

function worldAfter(events: readonly Partial<AReqFacts>[]): World {
  const world = new World(policy)
  for (const [i, event] of events.entries()) world.ask({ ...purchase, ...event }, noon + i * minute)
  return world
}
const later = noon + 60 * minute
const features = (world: World, areq: Partial<AReqFacts>): ((name: FeatureName) => number) => {
  const { features: values } = world.answer({ ...purchase, ...areq }, later)
  return (name) => values[at[name]] ?? Number.NaN
}

describe('through facts, profiles and their bytes', () => {
  const world = worldAfter(history)

  test('a purchase from home is what the hand worked out', () => {
    const of = features(world, { ...u, ...home, ...laptop })
    expect(of('freeman_network')).toBeCloseTo(Math.log(64 / 63), 10)
    expect(of('freeman_agent')).toBeCloseTo(Math.log(1 / 2), 10)
    expect(of('freeman_volume')).toBeCloseTo(Math.log(5 / 6), 10)
  })
  test('a purchase from abroad is, too, and the scorer adds the three up', () => {
    const of = features(world, { ...u, ...abroad, ...laptop })
    expect(of('freeman_network')).toBeCloseTo(Math.log((1000 * 2 ** 28) / 28), 10)
    expect(of('freeman_agent')).toBeCloseTo(Math.log(1 / 2), 10)
    const { evidence } = world.answer({ ...purchase, ...u, ...abroad, ...laptop }, later)
    const { weight } = policy.scorers[0] ?? { weight: 0 }
    const said = evidence.find(({ checkId }) => checkId === policy.scorers[0]?.id)
    expect(said?.params).toMatchObject({
      scorer: 'freeman',
      version: '1',
      calibrator: 'none',
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(said?.weight).toBeCloseTo(weight * Math.log(((1000 * 2 ** 28) / 28) * (1 / 2) * (5 / 6)), 6)
  })
  test('a card without a past is not judged', () => {
    const of = features(world, { acctNumber: '4111110000000054', ...home, ...laptop })
    expect([of('freeman_network'), of('freeman_agent'), of('freeman_volume')]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ])
  })
  test('an address that means nothing, and a 3RI, leave a chain untold', () => {
    expect(features(world, { ...u, browserIP: '10.0.0.1', ...laptop })('freeman_network')).toBeNaN()
    const of = features(world, { ...u, deviceChannel: '03' })
    expect([of('freeman_network'), of('freeman_agent')]).toEqual([Number.NaN, Number.NaN])
    expect(of('freeman_volume')).toBeCloseTo(Math.log(5 / 6), 10)
  })
})

test('where the policy has no such scorer, nothing is counted and no profile is added', () => {
  const world = new World(defaultPolicy)
  const { facts, nextProfiles, features: values } = world.ask(purchase, noon)
  expect(facts.chains).toBeUndefined()
  expect(
    entityKinds
      .slice(entityKinds.indexOf('everyone'))
      .filter((kind) => kind in nextProfiles || facts.keys[kind] !== undefined),
  ).toEqual([])
  expect(nextProfiles.account?.chains).toBeUndefined()
  expect(values[at.freeman_volume]).toBeNaN()
})

test('counting begins with the policy: what came before is in neither history', () => {
  const before = new World(defaultPolicy)
  for (let i = 0; i < 9; i++) before.ask({ ...purchase, ...home, ...laptop }, noon + i)
  const facts = before.factsOf(purchase, noon) as Facts
  const kept = new Map([
    [`account/${accountKey(purchase.acctNumber ?? '')}`, encodeProfile(before.load(facts.keys).account as never)],
  ])
  const world = new World(policy, kept)
  expect(features(world, { ...home, ...laptop })('freeman_volume')).toBeNaN()
  for (const [i, event] of history.entries()) world.ask({ ...purchase, ...event }, noon + (20 + i) * minute)
  expect(features(world, { ...u, ...home, ...laptop })('freeman_volume')).toBeCloseTo(Math.log(5 / 6), 10)
})

test('what a card keeps for it is small, and stays so', () => {
  const bytesOf = (world: World): number => {
    const { account } = world.load({ account: accountKey(u.acctNumber) })
    if (account === undefined) throw new Error('no profile')
    return encodeProfile(account).length - encodeProfile({ ...account, chains: undefined }).length
  }
  expect(bytesOf(worldAfter([history[0] ?? {}]))).toBeLessThan(40)
  const many = Array.from({ length: 90 }, (_, i) => ({ ...u, browserIP: `203.0.113.${i}`, ...laptop }))
  const world = worldAfter(many)
  expect(bytesOf(world)).toBeLessThan(64 * 5 + 60)
  const { account } = world.load({ account: accountKey(u.acctNumber) })
  expect(account?.chains).toMatchObject({ n: 90, network: { lost: 26 }, agent: { lost: 0 } })
})

test('counts of all that were lost give no infinity', () => {
  const world = worldAfter(history)
  const at5 = world.factsOf({ ...purchase, ...u, ...abroad, ...laptop }, later)
  const profiles = world.load(at5.keys)
  const { everyone, ...others } = profiles
  const lost = { ...others, country: { ...(profiles.country ?? emptyProfile), count: 7, narrower: 0 } }
  for (const left of [
    others,
    { ...others, everyone: { ...(everyone ?? emptyProfile), crowd: undefined } },
    { ...lost, everyone },
  ]) {
    const scored = score(left, at5, [], policy, later)
    expect(scored.features.filter((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toHaveLength(0)
    expect(Number.isFinite(scored.score)).toBe(true)
  }
})

test('a payment without counts has the score of the base, and of the model there is no word', () => {
  const facts = new World(defaultPolicy).factsOf(purchase, noon)
  const scored = score({}, facts, [], policy, noon)
  expect(scored.score).toBe(policy.base)
  expect([...scored.weights]).toEqual([Number.NaN])
  expect(evidenceOf(scored, scored.features, facts, policy)).toEqual([])
})
