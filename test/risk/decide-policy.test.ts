// What a policy makes of a score: segments, rules with dates, floors and caps, lists, limits, exemptions, prices.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Asked, type DecideInput, decide } from '../../src/risk/decide.ts'
import { type FeatureName, newFeatures, positionOf } from '../../src/risk/features.ts'
import { listed } from '../../src/risk/policy/lists.ts'
import { loadPolicy, type Policy } from '../../src/risk/policy.ts'
import { activeCard, day, hour, noon, plainRequest, policyText, purchase, World } from './support.ts'

const text = policyText('default').replace(/\nscorecard:[\s\S]*?\nexemptions/, '\nexemptions')
const policyWith = (more: string, from = text): Policy => loadPolicy(`${from}\n${more}`)
const world = new World()
const factsOf = (changes: object = {}) => world.factsOf({ ...purchase, ...changes }, noon)
const features = (known: Partial<Record<FeatureName, number>> = {}) => {
  const values = newFeatures().fill(Number.NaN)
  for (const [name, value] of Object.entries(known)) values[positionOf(name as FeatureName)] = value
  return values
}
const asked = (changes: Partial<Asked>): Pick<DecideInput, 'asked'> => ({ asked: { ...plainRequest, ...changes } })
const decided = (policy: Policy, more: Partial<DecideInput> = {}) =>
  decide({
    score: -3,
    reasons: [],
    features: features(),
    policy,
    card: activeCard,
    asked: plainRequest,
    facts: factsOf(),
    areq: purchase,
    now: noon,
    ...more,
  })
/** An amount in yen; 160 are a euro. */
const paying = (yen: number): Pick<DecideInput, 'facts'> => ({ facts: factsOf({ purchaseAmount: String(yen) }) })

describe('a segment', () => {
  const policy = policyWith(`segments:
  - id: large
    when: { of: amount, ge: 50000 }
    thresholds: { challenge: -4, reject: 1 }
  - id: app
    when: { of: channel, eq: app }
    thresholds: { challenge: 2, reject: 9 }
`)
  test('has thresholds of its own, which the decision tells', () => {
    const large = decided(policy, paying(50_000))
    expect(large).toMatchObject({ transStatus: 'C', band: 'medium', segment: 'large' })
    expect(large.thresholds).toEqual({ challenge: -4, reject: 1 })
    expect(large.because.slice(0, 2)).toEqual(['band:medium', 'segment:large'])
    const usual = decided(policy)
    expect(usual).toMatchObject({ transStatus: 'Y', thresholds: { challenge: -1, reject: 3.5 } })
    expect(usual).not.toHaveProperty('segment')
  })

  test('is the first that a payment belongs to', () => {
    expect(decided(policy, { ...paying(50_000), ...asked({ deviceChannel: '01' }) }).segment).toBe('large')
    expect(decided(policy, asked({ deviceChannel: '01' }))).toMatchObject({ segment: 'app', transStatus: 'Y' })
  })
})

describe('rules', () => {
  const ruled = (rules: string): Policy => policyWith(`rules:\n${rules}`)
  const always = '{ of: score, exists: true }'

  test('raise and lower the band in their order, and every one that applied is told', () => {
    const policy = ruled(`
  - { id: floor, when: ${always}, outcome: { atLeast: reject } }
  - { id: cap, when: { of: areq.mcc, eq: '5999' }, outcome: { atMost: challenge } }
  - { id: other, when: { of: areq.mcc, eq: '5732' }, outcome: { atMost: frictionless } }
`)
    const decision = decided(policy)
    expect(decision).toMatchObject({ transStatus: 'C', band: 'low' })
    expect(decision.because).toEqual(['band:low', 'rule:floor', 'rule:cap', 'indicator:01', 'ACS-VAL-72', 'RES-CM-2'])
  })

  test('a cap lets pass what the score would stop, but not what the protocol asks', () => {
    const policy = ruled(`  - { id: cap, when: ${always}, outcome: { atMost: frictionless } }`)
    expect(decided(policy, { score: 9 }).transStatus).toBe('Y')
    expect(decided(policy, { score: 9, ...asked({ challengeInds: ['04'] }) }).transStatus).toBe('C')
    expect(
      decided(policy, { score: 9, ...asked({ messageCategory: '02', authenticationInd: '04' }) }).transStatus,
    ).toBe('C')
    expect(decided(policy, { score: 9, card: { ...activeCard, status: 'stolen' } }).transStatus).toBe('R')
  })

  test('an answer ends the matter; what comes after it does not apply', () => {
    const policy = ruled(`
  - { id: end, when: ${always}, outcome: { answer: R, transStatusReason: '11' }, cite: house rule }
  - { id: after, when: ${always}, outcome: { answer: Y } }
`)
    expect(decided(policy)).toMatchObject({ transStatus: 'R', transStatusReason: '11' })
    expect(decided(policy).because).toEqual(['band:low', 'rule:end', 'house rule'])
  })

  test.each([
    ['Y', {}, 'Y'],
    ['A', {}, 'A'],
    ['I', {}, 'Y'],
    ['I', { challengeInds: ['05'] }, 'I'],
    ['challenge', {}, 'C'],
    ['challenge', { challengeInds: ['06'] }, 'I'],
    ['challenge', { deviceChannel: '03' }, 'N'],
    ['decoupled', {}, 'N'],
    ['decoupled', { decReqInd: 'Y' }, 'D'],
  ] as const)('answer %s of a request %j is %s', (answer, request, transStatus) => {
    const policy = ruled(`  - { id: end, when: ${always}, outcome: { answer: ${answer} } }`)
    expect(decided(policy, asked(request as Partial<Asked>)).transStatus).toBe(transStatus)
  })

  test('say how the holder is asked, by an answer or a floor', () => {
    const answer = ruled(`  - { id: app, when: ${always}, outcome: { answer: challenge, kind: oob } }`)
    expect(decided(answer)).toMatchObject({ transStatus: 'C', challengeKind: 'oob' })
    const floor = ruled(`  - { id: app, when: ${always}, outcome: { atLeast: challenge, kind: oobMatch } }`)
    expect(decided(floor)).toMatchObject({ transStatus: 'C', challengeKind: 'oobMatch' })
    expect(decided(floor, { score: 9 })).not.toHaveProperty('challengeKind')
  })

  test('are in force in their days only, which begin and end in the issuer’s zone', () => {
    const policy = ruled(`
  - { id: days, when: ${always}, outcome: { atLeast: challenge }, from: '2026-11-22', until: '2026-11-22' }
`)
    const midnight = noon - 12 * hour
    for (const [now, transStatus] of [
      [midnight - 1, 'Y'],
      [midnight, 'C'],
      [midnight + day - 1, 'C'],
      [midnight + day, 'Y'],
      [undefined, 'Y'],
    ] as const)
      expect([now, decided(policy, { now }).transStatus]).toEqual([now, transStatus])
    const timed = ruled(`
  - { id: times, when: ${always}, outcome: { atLeast: challenge }, until: '2026-11-22T12:00:00+09:00' }
`)
    expect(decided(timed, { now: noon - 1 }).transStatus).toBe('C')
    expect(decided(timed, { now: noon }).transStatus).toBe('Y')
  })

  test('know nothing of a payment whose facts are not there', () => {
    const policy = ruled(
      `  - { id: shop, when: { of: areq.mcc, ne: '5732' }, outcome: { answer: R, transStatusReason: '11' } }`,
    )
    expect(decided(policy, { areq: undefined }).transStatus).toBe('Y')
  })
})

describe('lists', () => {
  const policy = loadPolicy(
    policyText('default').replace(
      '  forwarding:',
      `  deny:
    - { kind: ip, value: 192.0.2.0/28, reason: attack of November, until: '2026-11-30' }
  allow:
    - { kind: merchant, value: HAKONE-0001, reason: own shop }
  forwarding:`,
    ),
  )
  const about = (changes: object, now = noon) => ({
    listed: listed(policy.lists, { facts: factsOf(changes), areq: { ...purchase, ...changes } }, now),
  })

  test('a deny ends the matter, before an allow', () => {
    const decision = decided(policy, about({}))
    expect(decision).toMatchObject({ transStatus: 'R', transStatusReason: '11' })
    expect(decision.because).toEqual(['band:low', 'rule:deny-list'])
    expect(decided(policy, about({}, noon + 30 * day)).transStatus).toBe('Y')
  })

  test('an allow lets pass what the score would stop', () => {
    const elsewhere = { browserIP: '192.0.2.16' }
    expect(decided(policy, { score: 9, ...about(elsewhere) })).toMatchObject({ transStatus: 'Y', band: 'high' })
    expect(decided(policy, { score: 9, ...about({ ...elsewhere, acquirerMerchantID: 'X' }) }).transStatus).toBe('R')
  })
})

describe('a run of payments without a challenge', () => {
  const policy = policyWith('limits: { frictionless: { count: 3, sumEUR: 100 } }')
  const run = (frictionless_n: number, frictionless_sum: number, yen: number) =>
    decided(policy, { features: features({ frictionless_n, frictionless_sum }), ...paying(yen) })
  test.each([
    [0, 0, 1_600, 'Y'],
    [2, 3_200, 1_600, 'Y'],
    [3, 0, 1_600, 'C'],
    [1, 14_400, 1_600, 'Y'],
    [1, 14_401, 1_600, 'C'],
    [0, 0, 16_001, 'C'],
  ])('after %i with %i yen one of %i yen is %s', (n, sum, yen, transStatus) => {
    expect(run(n, sum, yen).transStatus).toBe(transStatus)
    if (transStatus === 'C') expect(run(n, sum, yen).because).toContain('limit:frictionless')
  })

  test('is over for an amount that nobody can turn into euros, once it is over', () => {
    const unknown = (frictionless_n: number, frictionless_sum: number) =>
      decided(policy, {
        features: features({ frictionless_n, frictionless_sum }),
        facts: factsOf({ purchaseCurrency: '752' }),
      }).transStatus
    expect([unknown(0, 0), unknown(3, 0), unknown(1, 16_000), unknown(1, 16_001)]).toEqual(['Y', 'C', 'Y', 'C'])
  })

  test('does not bind a request that cannot be challenged, nor one that is no purchase of the holder', () => {
    const over = { features: features({ frictionless_n: 9 }) }
    expect(decided(policy, { ...over, ...asked({ challengeInds: ['06'] }) }).transStatus).toBe('I')
    expect(decided(policy, { ...over, ...asked({ messageCategory: '02' }) }).transStatus).toBe('Y')
    expect(decided(policy, { ...over, ...asked({ deviceChannel: '03' }), prior: 'good' }).transStatus).toBe('Y')
  })
})

describe('under the European rules', () => {
  const policy = loadPolicy(policyText('rules-eu'))
  const spent = { frictionless_n: 2, frictionless_sum: 3_200 }
  const now23 = { messageVersion: '2.3.1' } as const

  test.each([
    ['a low value', 4_800, {}, 'Y', 'exemption:low-value', '10'],
    ['the sixth low value in a row', 4_800, { frictionless_n: 5 }, 'Y', 'exemption:tra', '05'],
    ['low values of more than EUR 100 together', 4_800, { frictionless_sum: 12_000 }, 'Y', 'exemption:tra', '05'],
    ['an amount within the band that the issuer reaches', 40_000, {}, 'Y', 'exemption:tra', '05'],
    ['an amount beyond it', 40_001, {}, 'C', 'exemption:none', undefined],
  ] as const)('%s', (_, yen, known, transStatus, because, exemption) => {
    const decision = decided(policy, { ...paying(yen), features: features({ ...spent, ...known }), ...asked(now23) })
    expect(decision.transStatus).toBe(transStatus)
    expect(decision.because).toContain(because)
    expect(decision.transChallengeExemption).toBe(exemption)
    if (transStatus === 'C') expect(decision.acsChallengeMandated).toBe('Y')
  })

  test('an issuer with too much fraud has no risk analysis to rely on', () => {
    const bad = { ...policy, tra: { referenceRateBps: 14, bands: policy.tra?.bands ?? [] } }
    expect(decided(bad, paying(8_000)).transStatus).toBe('C')
    expect(decided({ ...bad, tra: { ...bad.tra, referenceRateBps: 13 } }, paying(16_000)).transStatus).toBe('Y')
    expect(decided({ ...bad, tra: { ...bad.tra, referenceRateBps: 1 } }, paying(80_000)).transStatus).toBe('Y')
    expect(decided({ ...bad, tra: { ...bad.tra, referenceRateBps: 1 } }, paying(80_001)).transStatus).toBe('C')
  })

  test('nor for an amount of nothing', () => {
    const bad = { ...policy, limits: {}, tra: { referenceRateBps: 14, bands: policy.tra?.bands ?? [] } }
    expect(decided(bad, paying(0)).because).toContain('exemption:none')
    expect(decided({ ...bad, tra: { ...bad.tra, referenceRateBps: 13 } }, paying(0)).because).toContain('exemption:tra')
  })

  test('a shop on the holder’s trust list, and an exemption that the shop asks for, pass at low risk', () => {
    const large = paying(400_000)
    const trusted = decided(policy, { ...large, ...asked(now23), card: { ...activeCard, merchantTrusted: true } })
    expect(trusted).toMatchObject({ transStatus: 'Y', transChallengeExemption: '08' })
    expect(trusted.because).toContain('exemption:trust-list')
    for (const [wish, exemption] of [
      ['05', '05'],
      ['11', '11'],
    ] as const) {
      const decision = decided(policy, { ...large, ...asked({ ...now23, challengeInds: [wish] }) })
      expect(decision).toMatchObject({ transStatus: 'Y', transChallengeExemption: exemption })
      expect(decision.because).toContain(`exemption:requested-${wish}`)
    }
    expect(decided(policy, { ...large, ...asked(now23) })).not.toHaveProperty('transChallengeExemption')
  })

  test('no exemption counts where the risk is not low, or a rule of Article 18 found something', () => {
    expect(decided(policy, { ...paying(1_600), score: 0 }).transStatus).toBe('C')
    const found = decided(policy, { ...paying(1_600), reasons: ['first-device.first'], ...asked(now23) })
    expect(found).toMatchObject({ transStatus: 'C', band: 'low' })
    expect(found.because).toContain('RTS Art. 18(2)(c)(ii)')
    expect(found).not.toHaveProperty('transChallengeExemption')
  })

  test('a message before 2.3 is not told which exemption it was', () => {
    expect(decided(policy, paying(1_600))).not.toHaveProperty('transChallengeExemption')
  })

  test('an amount that nobody can turn into euros has no exemption', () => {
    const facts = factsOf({ purchaseCurrency: '752' })
    expect(facts.amount).toBeUndefined()
    expect(decided(policy, { facts }).because).toContain('exemption:none')
  })
})

describe('by prices', () => {
  const costs = `costs:
  lossShare: 1
  margin: 0.02
  challenge: 20
  passes: { genuine: 0.95, fraud: 0.1 }
`
  const policy = policyWith(costs)
  const chance = (p: number): number => Math.log(p / (1 - p))

  test('what is cheapest is done: the dearer a payment, the earlier the holder is asked', () => {
    const p = 0.01
    expect(decided(policy, { ...paying(1_000), score: chance(p) }).transStatus).toBe('Y')
    expect(decided(policy, { ...paying(100_000), score: chance(p) }).transStatus).toBe('C')
    expect(decided(policy, { ...paying(100_000), score: chance(0.5) }).transStatus).toBe('R')
  })

  test('a score that nobody has calibrated is said to be one, and so is an amount that is missing', () => {
    expect(decided(policy).because[1]).toBe('costs:score-as-probability')
    expect(decided(policyWith(`${costs}  calibrator: { platt: [1, 0] }\n`)).because[1]).toBe('costs:platt')
    const unknown = decided(policy, { facts: factsOf({ purchaseCurrency: '752' }) })
    expect(unknown.because[1]).toBe('costs:no-amount')
    expect(unknown.thresholds).toEqual({ challenge: -1, reject: 3.5 })
  })

  test('a calibrator moves the thresholds, not the probability they mean', () => {
    const plain = decided(policy, paying(10_000)).thresholds
    const [a, b] = [0.5, -2]
    const { thresholds } = decided(policyWith(`${costs}  calibrator: { platt: [${a}, ${b}] }\n`), paying(10_000))
    expect(a * thresholds.challenge + b).toBeCloseTo(plain.challenge, 12)
    expect(a * thresholds.reject + b).toBeCloseTo(plain.reject, 12)
  })

  test('a segment may have thresholds where the rest has prices', () => {
    const mixed = policyWith(`${costs}segments:
  - id: small
    when: { of: amount, lt: 500 }
    thresholds: { challenge: 50, reject: 60 }
`)
    expect(decided(mixed, { ...paying(400), score: 20 }).transStatus).toBe('Y')
  })
})

/** At the ends most of all: nothing lost by a decline, nobody who passes a challenge. */
const part = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1))
property.prop(
  [
    fc.record({
      lossShare: part,
      margin: part,
      challenge: fc.double({ min: 0, max: 500, noNaN: true }),
      genuine: part,
      fraud: part,
    }),
    fc.integer({ min: 0, max: 1_000_000 }),
    fc.double({ min: -15, max: 15, noNaN: true }),
  ],
  { numRuns: 2_000 },
)('the thresholds of prices are where the expected losses cross', (prices, yen, score) => {
  const genuine = Math.max(prices.genuine, prices.fraud)
  const fraud = Math.min(prices.genuine, prices.fraud)
  const { lossShare, margin, challenge } = prices
  const base = loadedOnce()
  const policy: Policy = {
    ...base,
    costs: { lossShare, margin, challenge, passes: { genuine, fraud }, calibrator: 'none' },
  }
  const p = 1 / (1 + Math.exp(-score))
  const losses = {
    low: p * yen * lossShare,
    medium: challenge + p * fraud * yen * lossShare + (1 - p) * (1 - genuine) * yen * margin,
    high: (1 - p) * yen * margin,
  }
  const { band } = decided(policy, { ...paying(yen), score })
  const least = Math.min(losses.low, losses.medium, losses.high)
  // Where two are as good as equal, either will do.
  expect(losses[band] - least).toBeLessThanOrEqual(1e-9 * Math.max(1, yen))
})

let once: Policy | undefined
function loadedOnce(): Policy {
  once ??= loadPolicy(text)
  return once
}
