// A decision as a waterfall: what it shows adds up to the score of the engine, to the last bit.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { TransactionDetails } from '../../src/acs/ports.ts'
import { type Waterfall, waterfallOf } from '../../src/acs/queries/waterfall.ts'
import type { AReqFacts } from '../../src/risk/facts.ts'
import { keepEvidence } from '../../src/risk/kept.ts'
import { loadPolicy, type Policy } from '../../src/risk/policy.ts'
import { type Asked, defaultPolicy, hour, noon, policyText, purchase, World } from '../risk/support.ts'

const features30 = loadPolicy(policyText('features-30'))

const detailsOf = ({ evidence, features }: Asked, policy: Policy): TransactionDetails => ({
  decision: {},
  evidence: keepEvidence(evidence),
  features: Array.from(features),
  facts: {},
  policy: policy.name,
  terms: [policy.base, policy.thresholds.challenge, policy.thresholds.reject],
})

/** As it is read from disk. */
const shown = (asked: Asked, policy: Policy, running = policy): Waterfall =>
  waterfallOf(
    { score: asked.score, details: JSON.parse(JSON.stringify(detailsOf(asked, policy))) as TransactionDetails },
    running,
  )

const sumOf = ({ base, parts }: Waterfall): number => parts.reduce((sum, { weight }) => sum + weight, base)

const some = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined })
const areq: fc.Arbitrary<AReqFacts> = fc
  .record({
    purchaseAmount: some(fc.integer({ min: 0, max: 5_000_000 }).map(String)),
    purchaseCurrency: fc.constantFrom('392', '978', '840', '752'),
    merchantCountryCode: some(fc.constantFrom('392', '840', '826')),
    mcc: some(fc.constantFrom('5999', '6051', '7995', '5732')),
    email: some(fc.constantFrom('hanako@cardholder.example', 'x@mailinator.com', 'y@gmial.com')),
    shipAddrLine1: some(fc.constantFrom('1-1 Yumoto', 'Parcel Relay 7')),
    browserIP: some(fc.constantFrom('192.0.2.10', '198.51.100.7', '10.0.0.1')),
    browserLanguage: some(fc.constantFrom('ja-JP', 'en-US')),
    browserTZ: some(fc.constantFrom('-540', '300')),
    browserUserAgent: fc.constantFrom('one', 'two', 'three'),
    merchantRiskIndicator: some(
      fc.record({ shipIndicator: fc.constantFrom('01', '03', '05'), giftCardCount: fc.constantFrom('00', '05') }),
    ),
  })
  .map((change) => ({ ...purchase, ...change }))
const stream = fc.array(
  fc.tuple(areq, fc.integer({ min: 1, max: 5 * hour }), fc.constantFrom('passed', 'failed', 'left')),
  {
    minLength: 1,
    maxLength: 12,
  },
)

describe.each([
  ['default', defaultPolicy],
  ['features-30', features30],
])('under the policy %s', (_, policy) => {
  property.prop([stream], { numRuns: 40 })(
    'base and parts, added in their order, are the score of the engine',
    (purchases) => {
      const world = new World(policy).seed(purchase.acctNumber ?? '', noon)
      let at = noon
      for (const [message, wait, end] of purchases) {
        at += wait
        const asked = world.ask(message, at)
        if (end !== 'left') world.learn(end === 'passed' ? 'challengePassed' : 'challengeFailed', asked.facts, at)
        const waterfall = shown(asked, policy)
        expect(sumOf(waterfall)).toBe(asked.score)
        expect(waterfall.score).toBe(asked.score)
        expect(waterfall.band).toBe(asked.decision.band)
        for (const { features, weight, checkId } of waterfall.parts) {
          if (checkId !== 'scorecard') continue
          expect(features?.reduce((sum, part) => sum + part.weight, 0)).toBeCloseTo(weight, 12)
        }
        // Every check has spoken or stands among those that had nothing to say, once.
        const checks = waterfall.parts.map(({ checkId }) => checkId).filter((checkId) => checkId !== 'scorecard')
        expect(checks.toSorted()).toEqual(policy.checks.map(({ id }) => id).toSorted())
      }
    },
  )
})

const asked = new World().ask({ ...purchase, purchaseAmount: '248000' }, noon)

test('every part has a sentence in both languages, and those that had nothing to say no weight', () => {
  const { parts, probability } = shown(asked, defaultPolicy)
  expect(parts.some(({ abstained }) => abstained)).toBe(true)
  for (const { text, weight, abstained } of parts) {
    expect(text.en).toMatch(/^[A-Z].*\.$/)
    expect(text.ja).toMatch(/[ぁ-んァ-ヶ一-龠].*。$/)
    expect(weight === 0).toBe(abstained)
  }
  expect(probability).toBeCloseTo(1 / (1 + Math.exp(-asked.score)), 12)
})

test('base and thresholds are those of the decision, whatever policy runs now', () => {
  const stricter = loadPolicy(
    policyText('default').replace('base: -4', 'base: -3').replace('challenge: -1', 'challenge: -2'),
  )
  const waterfall = shown(asked, defaultPolicy, stricter)
  expect(waterfall.policy).toEqual({ name: 'default', recorded: true })
  expect([waterfall.base, waterfall.thresholds.challenge]).toEqual([-4, -1])
  expect(sumOf(waterfall)).toBe(asked.score)
})

test('of a transaction that was kept without them those of the running policy are shown, and it says so', () => {
  const { terms: _terms, ...details } = detailsOf(asked, defaultPolicy)
  expect(waterfallOf({ score: asked.score, details }, defaultPolicy)).toMatchObject({
    base: -4,
    policy: { name: 'default', recorded: false },
  })
})

test('a model that abstained is told among what had nothing to say', () => {
  const policy = loadPolicy(policyText('freeman'))
  const details = detailsOf({ ...asked, evidence: [] }, policy)
  expect(waterfallOf({ score: 0, details }, policy).parts).toMatchObject([
    {
      checkId: 'freeman',
      weight: 0,
      abstained: true,
      text: { en: expect.stringContaining('The model freeman abstains') },
    },
  ])
})
