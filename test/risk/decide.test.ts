import { describe, expect, test } from 'vitest'
import { type Asked, type CardState, type DecideInput, decide, type SelectedOutcome } from '../../src/risk/decide.ts'
import { featureNames, positionOf } from '../../src/risk/features.ts'
import { loadPolicy } from '../../src/risk/policy.ts'
import { activeCard, defaultPolicy, plainRequest, policyText } from './support.ts'

const quiet = new Float64Array(featureNames.length)
const scores = { low: -3, medium: 0, high: 5 } as const
const bands = ['low', 'medium', 'high'] as const
const base: DecideInput = {
  score: scores.low,
  reasons: [],
  features: quiet,
  policy: defaultPolicy,
  card: activeCard,
  asked: plainRequest,
}
const asking = (changes: Partial<Asked>): Pick<DecideInput, 'asked'> => ({ asked: { ...plainRequest, ...changes } })
const wishing = (...challengeInds: readonly string[]) => asking({ challengeInds })
/** In a message of the version that has it. */
const wishingNow = (...challengeInds: readonly string[]) => asking({ challengeInds, messageVersion: '2.3.1' })
const statuses = ['Y', 'N', 'A', 'U', 'R', 'I', 'C'] as const
const selected = (transStatus: (typeof statuses)[number], transStatusReason?: string): SelectedOutcome => ({
  by: 'scenario',
  transStatus,
  transStatusReason,
})

/** The defaults per indicator, low / medium / high: section 4 of the results, with Y where an exemption is accepted. */
const table: readonly (readonly [string, string, string, string])[] = [
  ['01', 'Y', 'C', 'R'],
  ['02', 'Y', 'C', 'R'],
  ['03', 'C', 'C', 'R'],
  ['04', 'C', 'C', 'R'],
  ['05', 'Y', 'C', 'R'],
  ['06', 'I', 'I', 'I'],
  ['07', 'Y', 'C', 'R'],
  ['08', 'C', 'C', 'R'],
  ['09', 'C', 'C', 'R'],
  ['10', 'Y', 'C', 'R'],
  ['11', 'Y', 'C', 'R'],
  ['12', 'C', 'C', 'R'],
  ['13', 'C', 'C', 'R'],
  ['14', 'C', 'C', 'R'],
]

describe.each(table)('with challenge indicator %s', (challengeInd, ...expected) => {
  test.each(bands)(
    'at %s risk the engine answers as the table says (RES-CI-1, ACS-VAL-70, ACS-VAL-72, ACS-VAL-73, ACS-VAL-74)',
    (band) => {
      const decision = decide({ ...base, ...wishingNow(challengeInd), score: scores[band] })
      expect(decision.transStatus).toBe(expected[bands.indexOf(band)])
      expect(decision.band).toBe(band)
      expect(decision.because.slice(0, 2)).toEqual([`band:${band}`, `indicator:${challengeInd}`])
    },
  )

  test.each(statuses)(
    'a scripted %s is answered where the protocol allows it (RES-TS-3, RES-CI-2, ACS-VAL-64)',
    (wanted) => {
      const decision = decide({
        ...base,
        ...wishingNow(challengeInd),
        selected: selected(wanted, wanted === 'N' ? '07' : undefined),
      })
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
        const decision = decide({ ...base, ...wishing('06'), card: { ...activeCard, status }, selected: forced })
        expect(decision).toMatchObject({ transStatus, transStatusReason: reason })
        expect(decision.because).toEqual(['band:low', `card:${status}`, rule])
      }
    },
  )
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
    expect(mandatedWith(wishing('03'))).toBe('N')
    expect(mandatedWith(wishing('04'))).toBe('Y')
    expect(mandatedWith({ ...wishing('04'), selected: selected('C') })).toBe('Y')
    expect(mandatedWith(wishingNow('13'))).toBe('Y')
    expect(mandatedWith(wishingNow('14'))).toBe('N')
    expect(mandatedWith(wishingNow('03', '04'))).toBe('Y')
    const policy = { ...defaultPolicy, exemptions: { ...defaultPolicy.exemptions, scaMandated: true } }
    expect(mandatedWith({ policy })).toBe('Y')
  })
})

describe('an exemption', () => {
  const policy = {
    ...defaultPolicy,
    exemptions: { ...defaultPolicy.exemptions, requestorTra: 'I', requestorSca: 'I' } as const,
  }
  test.each(['05', '07'])(
    'of indicator %s that is only taken note of is I at low risk, C at medium (RES-EX-1)',
    (challengeInd) => {
      expect(decide({ ...base, policy, ...wishing(challengeInd) }).transStatus).toBe('I')
      expect(decide({ ...base, policy, ...wishing(challengeInd), score: 0 }).transStatus).toBe('C')
    },
  )

  test.each(['05', '07', '08', '10', '11'])(
    'of indicator %s that is refused ends in C or R (RES-EX-3)',
    (challengeInd) => {
      expect(decide({ ...base, ...wishingNow(challengeInd), score: scores.medium }).transStatus).toBe('C')
      expect(decide({ ...base, ...wishingNow(challengeInd), score: scores.high }).transStatus).toBe('R')
    },
  )

  test('of the trust list is given by the list of the issuer, not by the AReq (RES-CI-5)', () => {
    const card = { ...activeCard, merchantTrusted: true }
    expect(decide({ ...base, ...wishing('08'), card }).transStatus).toBe('Y')
    expect(decide({ ...base, ...wishing('08'), card, score: 0 }).transStatus).toBe('C')
    expect(decide({ ...base, ...wishing('08') }).transStatus).toBe('C')
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

  test.each([
    ['2.1.0', '22', '07'],
    ['2.1.0', '23', '12'],
    ['2.1.0', '26', '01'],
    ['2.1.0', '27', '03'],
    ['2.2.0', '27', '03'],
    ['2.2.0', '28', '09'],
    ['2.3.1', '27', '27'],
    ['2.3.1', '28', '28'],
  ] as const)('for %s the reason %s of a scripted N is told as %s (RES-TR-2)', (messageVersion, reason, told) => {
    const decision = decide({ ...base, ...asking({ messageVersion }), selected: selected('N', reason) })
    expect(decision.transStatusReason).toBe(told)
    expect(decision.because.includes('RES-TR-2')).toBe(reason !== told)
  })

  test('nobody gave is 07 for a U of 2.1.0, which has no 22 (RES-TR-2)', () => {
    const decision = decide({ ...base, ...asking({ messageVersion: '2.1.0' }), selected: selected('U') })
    expect(decision.transStatusReason).toBe('07')
  })

  test.each(['00', '14', '29', '30', '31', '79', '1', 'xx'])(
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
    when: { reason: email-domain.throwAway }
    outcome: { atLeast: challenge }
`,
    )
    const policy = loadPolicy(text)
    const reasons = [undefined, 'email-domain.throwAway']
    const decision = decide({ ...base, policy, reasons })
    expect(decision).toMatchObject({ transStatus: 'C', band: 'low' })
    expect(decision.because).toContain('rule:throw-away-box')
    expect(decide({ ...base, policy, reasons, score: 5 }).transStatus).toBe('R')
    expect(decide({ ...base, policy, reasons, features: busy }).because).toEqual([
      'band:low',
      'rule:throw-away-box',
      'rule:velocity-limit',
      'ACS-VAL-79',
    ])
    expect(decide({ ...base, policy }).transStatus).toBe('Y')
  })
})

describe('two challenge indicators (RES-CI-4, ACS-VAL-61)', () => {
  const answered = (...inds: readonly string[]) => decide({ ...base, ...wishingNow(...inds) })
  test.each([
    [['02', '04'], 'C', '04'],
    [['04', '02'], 'C', '04'],
    [['05', '03'], 'C', '03'],
    [['01', '03'], 'C', '03'],
    [['80', '12'], 'C', '12'],
    [['10', '11'], 'Y', '10'],
    [['03', '14'], 'C', '03'],
    [['10', '01'], 'Y', '10'],
  ] as const)('%j come to %s by %s', (inds, transStatus, indicator) => {
    const decision = answered(...inds)
    expect(decision.transStatus).toBe(transStatus)
    expect(decision.because).toContain(`indicator:${indicator}`)
  })

  test.each([[['06', '04']], [['04', '06']]])('%j: data only binds whatever stands beside it (RES-CI-2)', (inds) => {
    for (const score of Object.values(scores)) {
      expect(decide({ ...base, ...wishingNow(...inds), score }).transStatus).toBe('I')
    }
  })

  test('allow I when one of them does (RES-TS-3)', () => {
    const informing = (...inds: readonly string[]) =>
      decide({ ...base, ...wishingNow(...inds), selected: selected('I') }).transStatus
    expect(informing('03', '05')).toBe('I')
    expect(informing('03', '04')).toBe('C')
  })
})

describe('an indicator that nobody can know', () => {
  test.each(['80', '99', '15'])('%s is no preference', (indicator) => {
    expect(decide({ ...base, ...wishingNow(indicator) }).because).toContain(`indicator:${indicator}`)
    expect(decide({ ...base, ...wishingNow(indicator) }).transStatus).toBe('Y')
    expect(decide({ ...base, ...wishingNow(indicator), score: 0 }).transStatus).toBe('C')
  })

  test('is one of a later version (RES-CI-3)', () => {
    expect(decide({ ...base, ...wishing('13') }).transStatus).toBe('Y')
    expect(decide({ ...base, ...asking({ challengeInds: ['06'], messageVersion: '2.1.0' }) }).transStatus).toBe('Y')
  })
})

describe('a non-payment', () => {
  test('is answered like a payment (RES-NPA-2)', () => {
    const npa = asking({ messageCategory: '02', authenticationInd: '05' })
    expect(bands.map((band) => decide({ ...base, ...npa, score: scores[band] }).transStatus)).toEqual(['Y', 'C', 'R'])
    expect(decide({ ...base, ...npa, score: 5 }).transStatusReason).toBe('11')
  })

  test('that adds a card is challenged at low risk, too (RES-NPA-3)', () => {
    const adding = asking({ messageCategory: '02', authenticationInd: '04' })
    expect(decide({ ...base, ...adding })).toMatchObject({ transStatus: 'C', band: 'low' })
    expect(decide({ ...base, ...adding }).because).toContain('RES-NPA-3')
    expect(decide({ ...base, ...adding, score: 5 }).transStatus).toBe('R')
    expect(decide({ ...base, ...adding, selected: selected('Y') }).transStatus).toBe('Y')
    expect(decide({ ...base, ...asking({ authenticationInd: '04' }) }).transStatus).toBe('Y')
  })
})

describe('in an app', () => {
  const inApp = (changes: Partial<Asked> = {}) => asking({ deviceChannel: '01', ...changes })
  test('what needs no challenge is answered', () => {
    expect(decide({ ...base, ...inApp() }).transStatus).toBe('Y')
    expect(decide({ ...base, ...inApp(), score: 5 })).toMatchObject({ transStatus: 'R', transStatusReason: '11' })
    expect(decide({ ...base, ...inApp({ challengeInds: ['06'] }), score: 0 }).transStatus).toBe('I')
  })

  test('a challenge is U with reason 03 as long as there are none in apps, D where that was asked for (ACS-VAL-55)', () => {
    for (const forced of [undefined, selected('C')]) {
      const medium = { ...base, score: 0, selected: forced }
      expect(decide({ ...medium, ...inApp() })).toMatchObject({ transStatus: 'U', transStatusReason: '03' })
      expect(decide({ ...medium, ...inApp({ decReqInd: 'Y' }) }).transStatus).toBe('D')
      expect(decide({ ...medium, ...inApp({ decReqInd: 'F', messageVersion: '2.3.1' }) }).transStatus).toBe('U')
      expect(decide({ ...medium, ...inApp({ decReqInd: 'B', messageVersion: '2.3.1' }) }).transStatus).toBe('D')
    }
  })
})

describe('decoupled', () => {
  test('goes before a challenge in the browser where it was asked for, but no scripted challenge (RES-DEC-1)', () => {
    const wanting = asking({ decReqInd: 'Y' })
    expect(decide({ ...base, ...wanting, score: 0 })).toMatchObject({ action: 'decoupled', transStatus: 'D' })
    expect(decide({ ...base, ...wanting }).transStatus).toBe('Y')
    expect(decide({ ...base, ...wanting, score: 0, selected: selected('C') }).transStatus).toBe('C')
  })

  const only: SelectedOutcome = { by: 'scenario', transStatus: 'D' }
  test('that is the only way of a card and was not asked for is N with reason 23 (RES-DEC-10, RES-TS-2)', () => {
    const decision = decide({ ...base, selected: only })
    expect(decision).toMatchObject({ transStatus: 'N', transStatusReason: '23' })
    expect(decision.because).toEqual(expect.arrayContaining(['selected:scenario', 'RES-TS-2', 'RES-DEC-10']))
    const fallback = decide({ ...base, ...asking({ messageVersion: '2.3.1', decReqInd: 'F' }), selected: only })
    expect(fallback).toMatchObject({ transStatus: 'N', transStatusReason: '23' })
  })

  test('does not exist in 2.1.0, which says 12 for it (RES-TS-8, RES-TR-2)', () => {
    const decision = decide({ ...base, ...asking({ messageVersion: '2.1.0', decReqInd: 'Y' }), selected: only })
    expect(decision).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
    expect(decision.because).toEqual(expect.arrayContaining(['RES-TS-8', 'RES-TR-2']))
    expect(decision).not.toHaveProperty('acsDecConInd')
  })

  test('is I with data only (RES-CI-2, ACS-VAL-64)', () => {
    const asked = asking({ decReqInd: 'Y', challengeInds: ['06'] })
    expect(decide({ ...base, ...asked, selected: only }).transStatus).toBe('I')
    expect(decide({ ...base, ...asked, score: 5 }).transStatus).toBe('I')
  })
})

describe('3RI', () => {
  const collecting = (changes: Partial<Asked> = {}) =>
    asking({ deviceChannel: '03', messageVersion: '2.3.1', threeRIInd: '11', ...changes })
  const judged = (prior: DecideInput['prior'], score = 0, changes: Partial<Asked> = {}) =>
    decide({ ...base, ...collecting(changes), prior, score })

  test('of a payment that refers to an authentication of the holder is Y, unless the risk is high (RES-3RI-4)', () => {
    expect(judged('good')).toMatchObject({ transStatus: 'Y', action: 'frictionless' })
    expect(judged('good').because).toEqual(['band:medium', 'prior:good', 'RES-3RI-4'])
    expect(judged('good', 5)).toMatchObject({ transStatus: 'R', transStatusReason: '11' })
  })

  test.each([undefined, 'none', 'unknown', 'notAuthenticated', 'beyondTerms'] as const)(
    'of a payment whose reference is %s is N with reason 12, D where that was asked for (RES-3RI-4, FLOW-3RI-4, RES-DEC-11)',
    (prior) => {
      expect(judged(prior, -3)).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
      expect(judged(prior, -3).because).toContain(`prior:${prior ?? 'none'}`)
      expect(judged(prior, -3, { decReqInd: 'Y' }).transStatus).toBe('D')
      expect(judged(prior, -3, { decReqInd: 'Y', messageVersion: '2.2.0' }).transStatus).toBe('D')
    },
  )

  test('of a payment without a reference is by its risk where the policy says so (RES-3RI-4)', () => {
    const policy = { ...defaultPolicy, threeRI: { withoutPrior: 'byRisk' } as const }
    const at = (score: number) => decide({ ...base, ...collecting(), policy, score })
    expect(at(-3).transStatus).toBe('Y')
    expect(at(0)).toMatchObject({ transStatus: 'N', transStatusReason: '23' })
    expect(at(5).transStatus).toBe('R')
  })

  test('of a non-payment is by its risk; a needed challenge is N with reason 23, 12 in 2.1.0 (ACS-VAL-75, RES-3RI-1)', () => {
    const keeping = { messageCategory: '02', threeRIInd: '04' }
    expect(judged(undefined, -3, keeping).transStatus).toBe('Y')
    expect(judged(undefined, 0, keeping)).toMatchObject({ transStatus: 'N', transStatusReason: '23' })
    expect(judged(undefined, 0, { ...keeping, decReqInd: 'Y' }).transStatus).toBe('D')
    const old = judged(undefined, 0, { ...keeping, messageVersion: '2.1.0' })
    expect(old).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
    expect(judged(undefined, -3, { ...keeping, messageVersion: '2.1.0' }).transStatus).toBe('Y')
  })

  test('with a wish for a challenge is D where it can be; a demand cannot be passed over, a wish can (RES-3RI-2)', () => {
    expect(judged('good', -3, { challengeInds: ['03'], decReqInd: 'Y' }).transStatus).toBe('D')
    expect(judged('good', -3, { challengeInds: ['03'] }).transStatus).toBe('Y')
    expect(judged('good', -3, { challengeInds: ['04'] })).toMatchObject({ transStatus: 'N', transStatusReason: '23' })
  })

  test('that checks the trust list is answered by it, whatever the risk (RES-3RI-3)', () => {
    const checking = collecting({ threeRIInd: '10', messageCategory: '02' })
    const listed = { ...activeCard, merchantTrusted: true }
    for (const score of Object.values(scores)) {
      expect(decide({ ...base, ...checking, card: listed, score })).toMatchObject({
        transStatus: 'Y',
        trustListStatus: 'Y',
      })
      expect(decide({ ...base, ...checking, score })).toMatchObject({ transStatus: 'N', trustListStatus: 'N' })
    }
  })

  test('after a fallback is decoupled, and N with reason 23 where that was not asked for (RES-DEC-12, RES-DEC-13)', () => {
    expect(judged('notAuthenticated', -3, { threeRIInd: '19', decReqInd: 'Y' }).transStatus).toBe('D')
    expect(judged('notAuthenticated', -3, { threeRIInd: '19' })).toMatchObject({ transStatusReason: '23' })
  })

  test('with a scripted challenge is N with reason 23, or D (RES-TS-1, RES-3RI-2)', () => {
    const scripted = { ...base, selected: selected('C') }
    const decision = decide({ ...scripted, ...collecting() })
    expect(decision).toMatchObject({ transStatus: 'N', transStatusReason: '23' })
    expect(decision.because).toContain('RES-TS-1')
    expect(decide({ ...scripted, ...collecting({ decReqInd: 'Y' }) }).transStatus).toBe('D')
  })
})

describe('the exemption that was applied (RES-EX-4)', () => {
  const told = (ind: string, more: Partial<DecideInput> = {}) =>
    decide({ ...base, ...wishingNow(ind), ...more }).transChallengeExemption
  test('is the one asked for with Y, 79 with any other answer', () => {
    for (const ind of ['05', '10', '11']) {
      expect(told(ind)).toBe(ind)
      expect(told(ind, { score: 0 })).toBe('79')
      expect(told(ind, { score: 5 })).toBe('79')
    }
    expect(told('08')).toBe('79')
    expect(told('08', { card: { ...activeCard, merchantTrusted: true } })).toBe('08')
    expect(told('07')).toBeUndefined()
    expect(told('01')).toBeUndefined()
  })
})

test('what an AReq claims of the trust list is answered by what the issuer knows (RES-CI-5)', () => {
  const claimed = asking({ trustListStatus: 'Y' })
  expect(decide({ ...base, ...claimed }).trustListStatus).toBe('N')
  expect(decide({ ...base, ...claimed, card: { ...activeCard, merchantTrusted: true } }).trustListStatus).toBe('Y')
})
