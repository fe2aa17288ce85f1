// What the protocol allows, asked of every combination of version, channel, category, indicator, band and wanted outcome.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type Asked,
  type DecideInput,
  type Decision,
  decide,
  Statuses,
  type TransStatus,
} from '../../src/risk/decide.ts'
import { featureNames } from '../../src/risk/features.ts'
import { loadPolicy } from '../../src/risk/policy.ts'
import { activeCard, defaultPolicy, policyText } from './support.ts'

const versions = ['2.1.0', '2.2.0', '2.3.1'] as const
const channels = ['01', '02', '03'] as const
const categories = ['01', '02'] as const
const scores = { low: -3, medium: 0, high: 5 } as const
const wanted = [undefined, 'Y', 'N', 'A', 'U', 'R', 'I', 'C', 'D'] as const
const decReqInds = ['N', 'Y', 'F', 'B'] as const

/** By hand, from sections 1, 2, 4 and 9 of the results. */
const indicatorsOf = {
  '2.1.0': ['01', '02', '03', '04'],
  '2.2.0': ['01', '02', '03', '04', '05', '06', '07', '08', '09'],
  '2.3.1': ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13', '14'],
} as const
const statusesOf = { '2.1.0': 'YNUACR', '2.2.0': 'YNUACRDI', '2.3.1': 'YNUACRDI' } as const
const lastReason = { '2.1.0': '21', '2.2.0': '26', '2.3.1': '28' } as const
const decReqIndsOf = { '2.1.0': ['N'], '2.2.0': ['N', 'Y'], '2.3.1': decReqInds } as const

const base = {
  reasons: [],
  features: new Float64Array(featureNames.length),
  policy: defaultPolicy,
  card: activeCard,
} as const

interface Case {
  readonly asked: Asked
  readonly band: keyof typeof scores
  readonly selected: TransStatus | undefined
}

const cases: readonly Case[] = versions.flatMap((messageVersion) =>
  channels.flatMap((deviceChannel) =>
    categories.flatMap((messageCategory) =>
      indicatorsOf[messageVersion].flatMap((indicator) =>
        decReqIndsOf[messageVersion].flatMap((decReqInd) =>
          (['low', 'medium', 'high'] as const).flatMap((band) =>
            wanted.map((selected) => ({
              asked: { messageVersion, deviceChannel, messageCategory, challengeInds: [indicator], decReqInd },
              band,
              selected,
            })),
          ),
        ),
      ),
    ),
  ),
)

const decided = ({ asked, band, selected }: Case, more: Partial<DecideInput> = {}): Decision =>
  decide({
    ...base,
    score: scores[band],
    asked,
    ...(selected !== undefined && { selected: { by: 'scenario', transStatus: selected } }),
    ...more,
  })

const usual = cases.map((one) => ({ one, decision: decided(one) }))

/** Asks a law of all cases at once, and names the first that breaks it. */
function holds(law: (decision: Decision, about: Case) => boolean, more?: Partial<DecideInput>): void {
  const all = more === undefined ? usual : cases.map((one) => ({ one, decision: decided(one, more) }))
  expect(all.find(({ one, decision }) => !law(decision, one))).toBeUndefined()
}

const asksDecoupled = ({ messageVersion, decReqInd }: Asked): boolean =>
  (messageVersion === '2.2.0' && decReqInd === 'Y') || (messageVersion === '2.3.1' && 'YB'.includes(decReqInd))

describe('whatever is wanted, by version, channel, category, indicator, band and DecReqInd', () => {
  test('no status of a later version is sent, and no S, which needs SPC (RES-TS-8, RES-TS-4, VER-22-2)', () => {
    holds(({ transStatus }, { asked }) => statusesOf[asked.messageVersion].includes(transStatus))
  })

  test('C goes to a browser only, and never with indicator 06 (RES-TS-1, RES-3RI-2, RES-CI-2, ACS-VAL-64, MIS-RES-11)', () => {
    holds(
      ({ transStatus }, { asked }) =>
        transStatus !== 'C' || (asked.deviceChannel === '02' && !asked.challengeInds.includes('06')),
    )
  })

  test('D is answered only where it was asked for, never with indicator 06 (RES-TS-2, RES-DEC-1, RES-CI-2)', () => {
    holds(
      ({ transStatus }, { asked }) =>
        transStatus !== 'D' || (asksDecoupled(asked) && !asked.challengeInds.includes('06')),
    )
  })

  test('I needs indicator 05, 06 or 07 (RES-TS-3, RES-EX-2, RES-EX-5)', () => {
    holds(
      ({ transStatus }, { asked }) => transStatus !== 'I' || ['05', '06', '07'].includes(asked.challengeInds[0] ?? ''),
    )
  })

  test('N, U and R have a reason, and nothing else has, payment or not (RES-TR-1, RES-NPA-2)', () => {
    holds(({ transStatus, transStatusReason }) => 'NUR'.includes(transStatus) === (transStatusReason !== undefined))
  })

  test('a reason is one that the version has and an ARes may carry (RES-TR-2, VER-22-9, VER-23-13)', () => {
    for (const transStatusReason of ['14', '22', '23', '24', '25', '26', '27', '28', '29', '30', '31', '00', 'xx']) {
      const broken = cases
        .filter(({ selected }) => selected === 'N' || selected === 'U' || selected === 'R')
        .find(({ asked, band, selected = 'N' }) => {
          const decision = decide({
            ...base,
            score: scores[band],
            asked,
            selected: { by: 'stub', transStatus: selected, transStatusReason },
          })
          const { transStatusReason: sent = '' } = decision
          return !(/^\d\d$/.test(sent) && sent >= '01' && sent <= lastReason[asked.messageVersion] && sent !== '14')
        })
      expect(broken).toBeUndefined()
    }
    holds(({ transStatusReason: sent }, { asked }) => sent === undefined || sent <= lastReason[asked.messageVersion])
  })

  test('acsChallengeMandated stands with C and D only, Y with 04 and 13 (RES-CM-1, RES-CM-2)', () => {
    holds(({ transStatus, acsChallengeMandated }, { asked }) =>
      transStatus === 'C' || transStatus === 'D'
        ? acsChallengeMandated === (['04', '13'].includes(asked.challengeInds[0] ?? '') ? 'Y' : 'N')
        : acsChallengeMandated === undefined,
    )
  })

  test('acsDecConInd is Y with D, never Y without, and N only where it was asked for (RES-DEC-2, RES-DEC-3)', () => {
    holds(({ transStatus, acsDecConInd }, { asked }) =>
      transStatus === 'D' ? acsDecConInd === 'Y' : acsDecConInd === (asksDecoupled(asked) ? 'N' : undefined),
    )
  })

  test('methods stand with C and D only: an OTP, or decoupled (RES-DEC-2)', () => {
    const methods: Readonly<Record<string, string>> = { C: '05', D: '12' }
    holds(({ transStatus, authenticationMethods }) => authenticationMethods?.join() === methods[transStatus])
  })

  test('D says how long it lasts, the longest time where the request of 2.2.0 names none (RES-DEC-4, ACS-VAL-52)', () => {
    holds(({ transStatus, decoupledMinutes }) => (transStatus === 'D' ? 10_080 : undefined) === decoupledMinutes)
    holds(({ transStatus, decoupledMinutes }) => (transStatus === 'D' ? 600 : undefined) === decoupledMinutes, {
      decoupled: { minimumMinutes: 1, defaultMinutes: 600 },
    })
  })

  test('transChallengeExemption is of 2.3.1, where an exemption was asked for (RES-EX-4)', () => {
    const exemptions = ['05', '08', '10', '11']
    holds(({ transStatus, transChallengeExemption: told }, { asked }) => {
      const [one = ''] = asked.challengeInds
      if (asked.messageVersion !== '2.3.1' || !exemptions.includes(one)) return told === undefined
      // The shop is on nobody's list here.
      return told === (transStatus === 'Y' && one !== '08' ? one : '79')
    })
  })

  test('trustListStatus is told where the request is about the list, not before 2.2.0 (RES-CI-5)', () => {
    holds(
      ({ trustListStatus }, { asked }) =>
        trustListStatus === (['08', '09'].includes(asked.challengeInds[0] ?? '') ? 'N' : undefined),
    )
  })

  test('deviceBindingStatus is told where the request is about the device, not before 2.3.1 (CHL-TL-4)', () => {
    const told = (deviceBound: boolean | undefined, status: string) =>
      holds(
        ({ deviceBindingStatus }, { asked }) =>
          deviceBindingStatus ===
          (asked.messageVersion === '2.3.1' && asked.challengeInds[0] === '12' ? status : undefined),
        { card: { ...activeCard, deviceBound } },
      )
    told(true, '14')
    told(false, '01')
    told(undefined, '05')
  })

  test('a card that can be asked in no way is neither challenged nor decoupled (ACS-VAL-76)', () => {
    holds(({ transStatus }) => transStatus !== 'C' && transStatus !== 'D', {
      card: { ...activeCard, usableMethods: 0 },
    })
  })

  test('payments over 3RI in 2.1.0 are U with reason 21 (ACS-VAL-62, RES-3RI-1, RES-3RI-5, FLOW-3RI-2, VER-22-5)', () => {
    const unserved = cases.filter(
      ({ asked }) => asked.messageVersion === '2.1.0' && asked.deviceChannel === '03' && asked.messageCategory === '01',
    )
    expect(unserved.length).toBeGreaterThan(50)
    for (const one of unserved) expect(decided(one)).toMatchObject({ transStatus: 'U', transStatusReason: '21' })
  })

  test('a device that can show nothing of the issuer is U with reason 03, unless it is done decoupled (ACS-VAL-55, RES-DEC-15)', () => {
    holds(
      ({ transStatus, transStatusReason }, { asked }) =>
        asked.deviceChannel !== '01' ||
        (asksDecoupled(asked) && !asked.challengeInds.includes('06')) ||
        (transStatus === 'U' && transStatusReason === '03'),
      { supportsDevice: false },
    )
  })

  test('time that is too short means no D: C, or N with reason 25 (RES-DEC-9, ACS-VAL-80)', () => {
    const decoupled = { minimumMinutes: 10, defaultMinutes: 9 }
    holds(({ transStatus }) => transStatus !== 'D', { decoupled })
    const asked: Asked = {
      messageVersion: '2.2.0',
      deviceChannel: '02',
      messageCategory: '01',
      challengeInds: ['01'],
      decReqInd: 'Y',
      decMaxTimeMinutes: 9,
    }
    const short = { ...base, score: scores.medium, decoupled }
    expect(decide({ ...short, asked })).toMatchObject({ transStatus: 'C', acsDecConInd: 'N' })
    for (const deviceChannel of ['01', '03']) {
      const refused = { transStatus: 'N', transStatusReason: '25' }
      expect(decide({ ...short, asked: { ...asked, deviceChannel } })).toMatchObject(refused)
    }
    expect(decide({ ...short, asked: { ...asked, decMaxTimeMinutes: 10 } })).toMatchObject({
      transStatus: 'D',
      decoupledMinutes: 10,
    })
  })

  test('what decided is told, with the band (ACS-VAL-72)', () => {
    holds(({ because, band }, about) => because[0] === `band:${band}` && because.length > 1 && band === about.band)
  })
})

const anything = fc.record({
  score: fc.double({ min: -10, max: 10, noNaN: true }),
  card: fc.record({
    status: fc.constantFrom('active', 'active', 'active', 'expired', 'stolen', 'blocked'),
    usableMethods: fc.nat({ max: 1 }),
    merchantTrusted: fc.boolean(),
  }),
  asked: fc.record({
    messageVersion: fc.constantFrom(...versions),
    deviceChannel: fc.constantFrom(...channels),
    messageCategory: fc.constantFrom('01', '02', '80'),
    challengeInds: fc.array(fc.constantFrom(...indicatorsOf['2.3.1'], '80', '99'), { maxLength: 2 }),
    authenticationInd: fc.constantFrom(undefined, '01', '04'),
    threeRIInd: fc.constantFrom(undefined, '01', '10', '11', '19', '80'),
    decReqInd: fc.constantFrom(...decReqInds),
    decMaxTimeMinutes: fc.constantFrom(undefined, 1, 5, 10_080),
    trustListStatus: fc.constantFrom(undefined, 'Y', 'N'),
  }),
  prior: fc.constantFrom(undefined, 'none', 'unknown', 'notAuthenticated', 'beyondTerms', 'good'),
  supportsDevice: fc.constantFrom(undefined, true, false),
  decoupled: fc.constantFrom(undefined, { minimumMinutes: 5, defaultMinutes: 1 }),
  selected: fc.option(
    fc.record({
      by: fc.constantFrom('stub', 'override', 'scenario'),
      transStatus: fc.constantFrom('Y', 'N', 'A', 'U', 'R', 'I', 'C', 'D'),
      transStatusReason: fc.option(fc.constantFrom('01', '14', '22', '26', '27', '29', '31', '99'), { nil: undefined }),
    }),
    { nil: undefined },
  ),
} as const)

const always = loadPolicy(
  policyText('default').replace(
    /rules:\n[\s\S]*?\n\n/,
    'rules: [{ id: x, when: { of: score, exists: true }, outcome: { answer: Y } }]\n\n',
  ),
).rules
const ruled = fc.oneof(
  fc.record({ answer: fc.constantFrom('Y', 'A', 'I', 'challenge', 'decoupled') }),
  fc.record({
    answer: fc.constantFrom('N', 'R', 'U'),
    transStatusReason: fc.constantFrom('01', '04', '22', '27', '28', '99'),
  }),
  fc.record({ atLeast: fc.constantFrom('challenge', 'reject') }),
  fc.record({ atMost: fc.constantFrom('frictionless', 'challenge') }),
)

property.prop([anything, fc.option(ruled, { nil: undefined })], { numRuns: 4_000 })(
  'any request, card, wish and rule come to an answer that the protocol allows (RES-TS-1…3, 8; RES-TR-1, 2; RES-CM-1; RES-DEC-1…3)',
  (input, outcome) => {
    const rules = always.map((rule) => ({ ...rule, outcome: outcome as (typeof rule)['outcome'] }))
    const policy = outcome === undefined ? defaultPolicy : { ...defaultPolicy, rules }
    const decision = decide({ ...base, ...input, policy } as DecideInput)
    const { transStatus, transStatusReason: reason, acsChallengeMandated, acsDecConInd, because } = decision
    const { asked, card } = input
    const has = (...codes: readonly string[]): boolean => asked.challengeInds.some((one) => codes.includes(one))
    const isOpen = transStatus === 'C' || transStatus === 'D'
    expect(statusesOf[asked.messageVersion]).toContain(transStatus)
    if (transStatus === 'C') expect(asked.deviceChannel).toBe('02')
    if (transStatus === 'D') expect(asksDecoupled(asked as Asked)).toBe(true)
    if (isOpen) expect(asked.messageVersion !== '2.1.0' && has('06')).toBe(false)
    if (isOpen) expect(card.usableMethods).toBeGreaterThan(0)
    if (transStatus === 'I') expect(has('05', '06', '07')).toBe(true)
    expect(reason !== undefined).toBe('NUR'.includes(transStatus))
    if (reason !== undefined && reason !== '99') {
      expect(reason >= '01' && reason <= lastReason[asked.messageVersion]).toBe(true)
      expect(reason).not.toBe('14')
    }
    expect(acsChallengeMandated !== undefined).toBe(isOpen)
    expect(acsDecConInd === 'Y').toBe(transStatus === 'D')
    expect(because.length).toBeGreaterThan(1)
  },
)

property.prop([anything, fc.option(ruled, { nil: undefined })], { numRuns: 4_000 })(
  'transStatus alone is that of the decision, also where it is remembered',
  (input, outcome) => {
    const rules = always.map((rule) => ({ ...rule, outcome: outcome as (typeof rule)['outcome'] }))
    const policy = outcome === undefined ? defaultPolicy : { ...defaultPolicy, rules }
    const statuses = new Statuses()
    for (const score of [input.score, -10, 0, 10, input.score]) {
      const about = { ...base, ...input, score, policy } as DecideInput
      expect(statuses.of(about)).toBe(decide(about).transStatus)
    }
  },
)
