// Laws of the engine, for every shipped policy: contributions add up, their order is nothing, more that speaks against never lowers.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/risk/decide.ts'
import type { AReqFacts } from '../../src/risk/facts.ts'
import { at, type FeatureName, type Features, featureNames, newFeatures } from '../../src/risk/features.ts'
import { keepFeatures, readFeatures } from '../../src/risk/kept.ts'
import { type Policy, shippedPolicies } from '../../src/risk/policy.ts'
import { evidenceOf, newScratch, score, weighInto } from '../../src/risk/score.ts'
import { activeCard, day, noon, plainRequest, purchase, shipped, World } from './support.ts'

const policies = shippedPolicies.map((name): [string, Policy] => [name, shipped(name)])

const some = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined })
const areq: fc.Arbitrary<AReqFacts> = fc.record({
  acctNumber: fc.constantFrom('4111110000000021', '4111110000000039', '4111110000000047'),
  purchaseAmount: some(fc.integer({ min: 0, max: 5_000_000 }).map(String)),
  purchaseCurrency: fc.constantFrom('392', '978', '840', '752'),
  merchantName: some(fc.constantFrom('Hakone Goods', 'Odawara Codes')),
  merchantCountryCode: some(fc.constantFrom('392', '840')),
  mcc: some(fc.constantFrom('5999', '5816', '6540', '5732')),
  email: some(fc.constantFrom('hanako@cardholder.example', 'x9q8w7@mailinator.com', 'a+1@gmail.com', 'a@gmial.com')),
  browserIP: some(fc.constantFrom('192.0.2.10', '198.51.100.7', '203.0.113.9', '127.0.0.1', '2001:db8::1')),
  browserUserAgent: some(fc.constantFrom(purchase.browserUserAgent ?? '', 'python-requests/2.31', '')),
  browserLanguage: some(fc.constantFrom('ja-JP', 'en-US', 'ru')),
  browserTZ: some(fc.constantFrom('-540', '300')),
  addrMatch: some(fc.constantFrom('Y', 'N')),
  shipAddrLine1: some(fc.constantFrom('1-1 Yumoto', 'Parcel Relay 9', '2-2 Gora')),
  acctInfo: some(
    fc.record({ chAccAgeInd: some(fc.constantFrom('01', '02', '05')), chAccPwChangeInd: fc.constant('03') }),
  ),
  merchantRiskIndicator: some(
    fc.record({ shipIndicator: some(fc.constantFrom('01', '03', '05')), giftCardAmount: some(fc.constant('50000')) }),
  ),
})
/** A few purchases, close together or not. */
const stream = fc.array(fc.record({ areq, gap: fc.constantFrom(1_000, 60_000, 7_200_000, 5 * day) }), {
  minLength: 1,
  maxLength: 12,
})
type Stream = readonly { readonly areq: AReqFacts; readonly gap: number }[]

function played(policy: Policy, events: Stream) {
  const world = new World(policy).seed('4111110000000021', noon)
  let now = noon
  return events.map((event) => {
    now += event.gap
    return world.ask(event.areq, now)
  })
}

describe.each(policies)('the policy %s', (_name, policy) => {
  property.prop([stream], { numRuns: 15 })('contributions add up to the score exactly, in any order', (events) => {
    for (const asked of played(policy, events)) {
      const spoken = Array.from(asked.weights).filter((weight) => !Number.isNaN(weight))
      const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0)
      expect(asked.score).toBe(policy.base + sum(spoken))
      expect(asked.score).toBe(sum(spoken.toReversed()) + policy.base)
      expect(asked.score).toBe(sum(spoken.toSorted((a, b) => a - b)) + policy.base)
      expect(sum(asked.evidence.map(({ weight }) => weight)) + policy.base).toBe(asked.score)
    }
  })

  property.prop([stream], { numRuns: 10 })('the order of its checks does not matter', (events) => {
    const turned = { ...policy, checks: policy.checks.toReversed() }
    for (const { features, facts, score: before } of played(policy, events)) {
      expect(weighInto(newScratch(turned, facts, features), features, facts, turned)).toBe(before)
    }
  })

  property.prop([stream], { numRuns: 10 })('what was kept as JSON is weighed and decided again as it was', (events) => {
    for (const [i, asked] of played(policy, events).entries()) {
      const features = readFeatures(JSON.parse(JSON.stringify(keepFeatures(asked.features))) as (number | null)[])
      const facts = JSON.parse(JSON.stringify(asked.facts)) as typeof asked.facts
      const scratch = newScratch(policy, facts, features)
      expect(weighInto(scratch, features, facts, policy)).toBe(asked.score)
      expect(scratch.reasons).toEqual(asked.reasons)
      const { acctNumber: _, ...own } = events[i]?.areq ?? {}
      const request = { card: activeCard, asked: plainRequest, areq: own, now: asked.at }
      const again = { ...scratch, features, facts, policy, ...request }
      expect(decide(again)).toEqual(asked.decision)
      expect(evidenceOf(scratch, features, facts, policy)).toEqual(asked.evidence)
    }
  })

  property.prop([areq, fc.nat({ max: 10_000_000 })], { numRuns: 20 })(
    'the same inputs give the same score',
    (one, s) => {
      const world = new World(policy).seed('4111110000000021', noon)
      const now = noon + s * 1_000
      const facts = world.factsOf(one, now)
      const profiles = world.load(facts.keys)
      expect(score(profiles, facts, [], policy, now)).toEqual(score(profiles, facts, [], policy, now))
    },
  )
})

/** More of it never speaks for the cardholder. */
const adverse = featureNames.filter((name) =>
  /^(n_|accounts_|fresh_|same_amount_|others_|newcomers_|frauds_|failed_decay|merchant_fraud|devices_24h)/.test(name),
)

describe.each(policies)('the policy %s', (_name, policy) => {
  property.prop([areq, fc.array(fc.tuple(fc.constantFrom(...adverse), fc.nat({ max: 40 })), { maxLength: 12 })], {
    numRuns: 60,
  })('more that speaks against never lowers the score', (one, more) => {
    const world = new World(policy).seed('4111110000000021', noon)
    const asked = world.ask(one, noon)
    const worse: Features = newFeatures()
    worse.set(asked.features)
    for (const [name, by] of more) worse[at[name as FeatureName]] = (worse[at[name as FeatureName]] ?? 0) + by
    expect(weighInto(newScratch(policy, asked.facts, worse), worse, asked.facts, policy)).toBeGreaterThanOrEqual(
      asked.score,
    )
  })
})

test('adverse features are many', () => {
  expect(adverse.length).toBeGreaterThan(40)
})
