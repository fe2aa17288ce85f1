import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type CardState, type DecideInput, decide, type SelectedOutcome } from '../../src/risk/decide.ts'
import { featureNames, positionOf } from '../../src/risk/features.ts'
import { loadPolicy } from '../../src/risk/policy.ts'
import { activeCard, defaultPolicy, policyText } from './support.ts'

const quiet = new Array<number>(featureNames.length).fill(0)
const scores = { low: -3, medium: 0, high: 5 } as const
const bands = ['low', 'medium', 'high'] as const
const base: DecideInput = {
  score: scores.low,
  evidence: [],
  features: quiet,
  policy: defaultPolicy,
  card: activeCard,
  channel: '02',
  category: '01',
}
const statuses = ['Y', 'N', 'A', 'U', 'R', 'I', 'C'] as const
const selected = (transStatus: (typeof statuses)[number], transStatusReason?: string): SelectedOutcome => ({
  by: 'scenario',
  transStatus,
  transStatusReason,
})

/** The defaults per indicator, low / medium / high: section 4 of the results, with Y where an exemption is accepted. */
const table: readonly (readonly [string | undefined, string, string, string])[] = [
  [undefined, 'Y', 'C', 'R'],
  ['01', 'Y', 'C', 'R'],
  ['02', 'Y', 'C', 'R'],
  ['03', 'C', 'C', 'R'],
  ['04', 'C', 'C', 'R'],
  ['05', 'Y', 'C', 'R'],
  ['06', 'I', 'I', 'I'],
  ['07', 'Y', 'C', 'R'],
  ['08', 'C', 'C', 'R'],
  ['09', 'C', 'C', 'R'],
]
const indicators = table.map(([indicator]) => indicator)

describe.each(table)('with challenge indicator %s', (challengeInd, ...expected) => {
  test.each(bands)('at %s risk the engine answers as the table says (RES-CI-1, ACS-VAL-70, 72, 73)', (band) => {
    const decision = decide({ ...base, challengeInd, score: scores[band] })
    expect(decision.transStatus).toBe(expected[bands.indexOf(band)])
    expect(decision.band).toBe(band)
    expect(decision.because.slice(0, 2)).toEqual([`band:${band}`, `indicator:${challengeInd ?? '01'}`])
  })

  test.each(statuses)(
    'a scripted %s is answered where the protocol allows it (RES-TS-3, RES-CI-2, ACS-VAL-64)',
    (wanted) => {
      const decision = decide({ ...base, challengeInd, selected: selected(wanted, wanted === 'N' ? '07' : undefined) })
      const mayInform = challengeInd === '05' || challengeInd === '06' || challengeInd === '07'
      if (wanted === 'C' && challengeInd === '06') {
        expect(decision).toMatchObject({ transStatus: 'I', action: 'inform' })
        expect(decision.because).toEqual(['band:low', 'selected:scenario', 'RES-CI-2', 'ACS-VAL-64'])
      } else if (wanted === 'I' && !mayInform) {
        expect(decision.transStatus).toBe(expected[0])
        expect(decision.because.slice(0, 3)).toEqual(['band:low', 'selected:scenario', 'RES-TS-3'])
      } else {
        expect(decision.transStatus).toBe(wanted)
        expect(decision.because).toContain('selected:scenario')
      }
      expect(decision.band).toBe('low')
    },
  )
})

describe('the bands begin at the thresholds: score < c is low, c ≤ score < x medium, else high', () => {
  const { challenge, reject } = defaultPolicy.thresholds
  test.each([
    [challenge - 1e-9, 'Y'],
    [challenge, 'C'],
    [reject - 1e-9, 'C'],
    [reject, 'R'],
  ])('a score of %d is answered with %s', (score, transStatus) => {
    expect(decide({ ...base, score }).transStatus).toBe(transStatus)
  })
})

describe('the state of the card comes before everything', () => {
  const states: readonly (readonly [CardState['status'], string, string, string])[] = [
    ['expired', 'N', '05', 'ACS-VAL-77'],
    ['stolen', 'R', '10', 'ACS-VAL-78'],
    ['blocked', 'N', '12', 'ACS-VAL-60'],
  ]
  test.each(states)(
    '%s is answered with %s and reason %s (%s), whatever is scripted',
    (status, transStatus, reason, rule) => {
      for (const wanted of [undefined, ...statuses]) {
        const forced = wanted === undefined ? undefined : selected(wanted)
        const decision = decide({ ...base, card: { ...activeCard, status }, selected: forced, challengeInd: '06' })
        expect(decision).toMatchObject({ transStatus, transStatusReason: reason })
        expect(decision.because).toEqual(['band:low', `card:${status}`, rule])
      }
    },
  )
})

describe('what this release does not do is answered with U', () => {
  test.each([
    ['a non-payment', { category: '02' }, '20', 'ACS-VAL-63'],
    ['the app channel', { channel: '01' }, '03', 'ACS-VAL-55'],
    ['3RI', { channel: '03' }, '21', 'RES-3RI-5'],
  ])('%s', (_, changes, reason, rule) => {
    for (const forced of [undefined, selected('C')]) {
      const decision = decide({ ...base, ...changes, selected: forced })
      expect(decision).toMatchObject({ action: 'unavailable', transStatus: 'U', transStatusReason: reason })
      expect(decision.because).toEqual(['band:low', rule])
    }
  })
})

describe('a challenge', () => {
  test('is U with reason 22 when the holder has no method to use, scripted or not (ACS-VAL-76)', () => {
    const card = { ...activeCard, usableMethods: 0 }
    for (const forced of [undefined, selected('C')]) {
      const decision = decide({ ...base, score: scores.medium, card, selected: forced })
      expect(decision).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
      expect(decision).not.toHaveProperty('acsChallengeMandated')
      expect(decision.because).toContain('ACS-VAL-76')
    }
    expect(decide({ ...base, card }).transStatus).toBe('Y')
  })

  test('is mandated when the requestor mandates it or the region does, else the own wish (RES-CM-1, RES-CM-2)', () => {
    const mandatedWith = (changes: Partial<DecideInput>) =>
      decide({ ...base, score: 0, ...changes }).acsChallengeMandated
    expect(mandatedWith({})).toBe('N')
    expect(mandatedWith({ challengeInd: '03' })).toBe('N')
    expect(mandatedWith({ challengeInd: '04' })).toBe('Y')
    expect(mandatedWith({ challengeInd: '04', selected: selected('C') })).toBe('Y')
    const policy = { ...defaultPolicy, exemptions: { ...defaultPolicy.exemptions, scaMandated: true } }
    expect(mandatedWith({ policy })).toBe('Y')
  })
})

describe('an exemption', () => {
  const policy = { ...defaultPolicy, exemptions: { requestorTra: 'I', requestorSca: 'I', scaMandated: false } as const }
  test.each(['05', '07'])(
    'of indicator %s that is only taken note of is I at low risk, C at medium (RES-EX-1)',
    (challengeInd) => {
      expect(decide({ ...base, policy, challengeInd }).transStatus).toBe('I')
      expect(decide({ ...base, policy, challengeInd, score: 0 }).transStatus).toBe('C')
    },
  )

  test('of the trust list is given by the list of the issuer, not by the AReq (RES-CI-5)', () => {
    const card = { ...activeCard, merchantTrusted: true }
    expect(decide({ ...base, challengeInd: '08', card }).transStatus).toBe('Y')
    expect(decide({ ...base, challengeInd: '08', card, score: 0 }).transStatus).toBe('C')
    expect(decide({ ...base, challengeInd: '08' }).transStatus).toBe('C')
  })
})

describe('a transStatusReason', () => {
  test.each([
    ['N', '01'],
    ['U', '22'],
    ['R', '11'],
  ] as const)('of a scripted %s without one is %s (RES-TR-1)', (transStatus, reason) => {
    const decision = decide({ ...base, selected: selected(transStatus) })
    expect(decision.transStatusReason).toBe(reason)
    expect(decision.because).toContain('RES-TR-1')
  })

  test.each(['01', '11', '26', '80', '99'])('%s of a scripted N is sent as it is', (reason) => {
    expect(decide({ ...base, selected: selected('N', reason) }).transStatusReason).toBe(reason)
  })

  test.each(['00', '14', '27', '30', '31', '79', '1', 'xx'])(
    '%s does not belong in an ARes of 2.2.0 and is replaced',
    (reason) => {
      expect(decide({ ...base, selected: selected('N', reason) }).transStatusReason).toBe('01')
    },
  )
})

describe('rules of the policy', () => {
  const busy = quiet.with(positionOf('n_1h_account'), 40)
  test('end the matter with N and reason 04 when a velocity limit is passed (ACS-VAL-79)', () => {
    const decision = decide({ ...base, features: busy })
    expect(decision).toMatchObject({ action: 'deny', transStatus: 'N', transStatusReason: '04' })
    expect(decision.because).toEqual(['band:low', 'rule:velocity-limit', 'ACS-VAL-79'])
    expect(decide({ ...base, features: quiet.with(positionOf('n_1h_account'), 39) }).transStatus).toBe('Y')
  })

  test('do not touch a selected outcome', () => {
    expect(decide({ ...base, features: busy, selected: selected('Y') }).transStatus).toBe('Y')
  })

  test('apply in order: a floor lifts low to medium, a refusal ends', () => {
    const text = policyText('default').replace(
      'rules:\n',
      `rules:
  - id: throw-away-box
    when: { reason: email.throw-away }
    outcome: { action: challenge }
`,
    )
    const policy = loadPolicy(text)
    const evidence = [
      { checkId: 'email-domain', code: 'email.throw-away', weight: 1, params: {}, paths: ['email'] },
    ] as const
    const decision = decide({ ...base, policy, evidence })
    expect(decision).toMatchObject({ transStatus: 'C', band: 'low' })
    expect(decision.because).toContain('rule:throw-away-box')
    expect(decide({ ...base, policy, evidence, score: 5 }).transStatus).toBe('R')
    expect(decide({ ...base, policy, evidence, features: busy }).because).toEqual([
      'band:low',
      'rule:throw-away-box',
      'rule:velocity-limit',
      'ACS-VAL-79',
    ])
    expect(decide({ ...base, policy }).transStatus).toBe('Y')
  })
})

const anything = fc.record({
  score: fc.double({ min: -10, max: 10, noNaN: true }),
  challengeInd: fc.constantFrom(...indicators),
  card: fc.record({
    status: fc.constantFrom('active', 'active', 'expired', 'stolen', 'blocked'),
    usableMethods: fc.nat({ max: 1 }),
    merchantTrusted: fc.boolean(),
  }),
  channel: fc.constantFrom('01', '02', '03'),
  category: fc.constantFrom('01', '02'),
  selected: fc.option(
    fc.record({
      by: fc.constantFrom('stub', 'override', 'scenario'),
      transStatus: fc.constantFrom(...statuses),
      transStatusReason: fc.option(fc.constantFrom('01', '14', '31', '99'), { nil: undefined }),
    }),
    { nil: undefined },
  ),
})

property.prop([anything], { numRuns: 2_000 })('whatever decides, the answer is one the protocol allows', (input) => {
  const decision = decide({ ...base, ...input })
  const { transStatus, transStatusReason, acsChallengeMandated, because } = decision
  if (input.challengeInd === '06') expect(transStatus).not.toBe('C')
  if (transStatus === 'I') expect(['05', '06', '07']).toContain(input.challengeInd)
  expect(transStatusReason !== undefined).toBe(['N', 'U', 'R'].includes(transStatus))
  expect(acsChallengeMandated !== undefined).toBe(transStatus === 'C')
  if (transStatus === 'C') expect(input.card.usableMethods).toBeGreaterThan(0)
  if (transStatusReason !== undefined) expect(['14', '31']).not.toContain(transStatusReason)
  expect(because.length).toBeGreaterThan(1)
})
