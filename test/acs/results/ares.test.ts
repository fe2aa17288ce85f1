// Which elements an ARes carries, by version, channel, category and outcome. Expectations are written from the handbook's
// results.md; none is taken from what the builder makes.
import { describe, expect, test } from 'vitest'
import { buildARes, type Outcome } from '../../../src/acs/result/messages.ts'
import { parseARes } from '../../../src/protocol/messages/parse.ts'
import { type Column, columns, ids, requestFor, secrets } from './support.ts'

const acsURL = 'https://acs.example/acs/challenge'

const made = (column: Column, decision: Outcome, change = {}, more = {}): Readonly<Record<string, unknown>> =>
  buildARes(
    {
      request: requestFor(column, change),
      acsTransID: ids.acsTransID,
      panHash: secrets.panHash('4000000000007700'),
      scheme: 'visa',
      decision,
      acsURL,
      nonPaymentValues: false,
      ...more,
    },
    secrets,
  )

/** RES section 3: R in every column. */
const always = [
  'messageType',
  'messageVersion',
  'threeDSServerTransID',
  'dsTransID',
  'acsTransID',
  'dsReferenceNumber',
  'acsReferenceNumber',
  'transStatus',
]
const ofApp = ['sdkTransID']
const ofApp231 = ['sdkTransID', 'deviceInfoRecognisedVersion', 'threeDSRequestorAppURLInd']

interface Row {
  readonly rule: string
  readonly decision: Outcome
  readonly versions: readonly string[]
  readonly channels: string
  /** Beside those of every ARes: of a payment, and of a non-payment without values. */
  readonly payment: readonly string[]
  readonly nonPayment: readonly string[]
}

const every = ['2.1.0', '2.2.0', '2.3.1']
const since220 = ['2.2.0', '2.3.1']

const rows: readonly Row[] = [
  {
    rule: 'RES-MX-1, RES-AV-1',
    decision: { transStatus: 'Y' },
    versions: every,
    channels: '01 02 03',
    payment: ['authenticationValue', 'eci'],
    nonPayment: [],
  },
  {
    rule: 'RES-MX-2, RES-AV-1',
    decision: { transStatus: 'A' },
    versions: every,
    channels: '01 02 03',
    payment: ['authenticationValue', 'eci'],
    nonPayment: [],
  },
  {
    rule: 'RES-MX-3, RES-TR-1, RES-AV-2',
    decision: { transStatus: 'N', transStatusReason: '01' },
    versions: every,
    channels: '01 02 03',
    payment: ['transStatusReason', 'eci'],
    nonPayment: ['transStatusReason'],
  },
  {
    rule: 'RES-MX-4, RES-TR-1, RES-AV-2',
    decision: { transStatus: 'U', transStatusReason: '03' },
    versions: every,
    channels: '01 02 03',
    payment: ['transStatusReason', 'eci'],
    nonPayment: ['transStatusReason'],
  },
  {
    rule: 'RES-MX-5, RES-TR-1, RES-AV-2',
    decision: { transStatus: 'R', transStatusReason: '11' },
    versions: every,
    channels: '01 02 03',
    payment: ['transStatusReason', 'eci'],
    nonPayment: ['transStatusReason'],
  },
  {
    rule: 'RES-MX-6, RES-CI-6, VER-22-2',
    decision: { transStatus: 'I' },
    versions: since220,
    channels: '01 02 03',
    payment: ['eci'],
    nonPayment: [],
  },
  {
    rule: 'RES-CM-1, FLOW-BRW-1, RES-AV-2',
    decision: { transStatus: 'C', acsChallengeMandated: 'N', authenticationMethods: ['05'] },
    versions: ['2.1.0', '2.2.0'],
    channels: '02',
    payment: ['acsChallengeMandated', 'acsURL', 'authenticationType'],
    nonPayment: ['acsChallengeMandated', 'acsURL', 'authenticationType'],
  },
  {
    rule: 'RES-CM-1, FLOW-BRW-1, VER-23-4',
    decision: { transStatus: 'C', acsChallengeMandated: 'Y', authenticationMethods: ['05'] },
    versions: ['2.3.1'],
    channels: '02',
    payment: ['acsChallengeMandated', 'acsURL', 'authenticationMethod'],
    nonPayment: ['acsChallengeMandated', 'acsURL', 'authenticationMethod'],
  },
  {
    rule: 'RES-DEC-2, RES-DEC-11, RES-CM-1',
    decision: { transStatus: 'D', acsChallengeMandated: 'N', acsDecConInd: 'Y', authenticationMethods: ['12'] },
    versions: ['2.2.0'],
    channels: '01 02 03',
    payment: ['acsChallengeMandated', 'acsDecConInd', 'authenticationType', 'cardholderInfo'],
    nonPayment: ['acsChallengeMandated', 'acsDecConInd', 'authenticationType', 'cardholderInfo'],
  },
  {
    rule: 'RES-DEC-2, VER-23-4, VER-23-31',
    decision: { transStatus: 'D', acsChallengeMandated: 'N', acsDecConInd: 'Y', authenticationMethods: ['12'] },
    versions: ['2.3.1'],
    channels: '01 02 03',
    payment: ['acsChallengeMandated', 'acsDecConInd', 'authenticationMethod', 'cardholderInfo'],
    nonPayment: ['acsChallengeMandated', 'acsDecConInd', 'authenticationMethod', 'cardholderInfo'],
  },
]

const cases = rows.flatMap((row) =>
  columns
    .filter(({ version, channel }) => row.versions.includes(version) && row.channels.includes(channel))
    .map((column) => ({ ...row, ...column, column, status: row.decision.transStatus })),
)

describe('an ARes has what its outcome asks for, and nothing else (RES-AR-1, RES-AR-5)', () => {
  test.each(cases)(
    '$version channel $channel category $category: $status ($rule)',
    ({ column, decision, payment, nonPayment }) => {
      const { version, channel, category } = column
      const ares = made(column, decision)
      const own = channel !== '01' ? [] : version === '2.3.1' ? ofApp231 : ofApp // RES section 3, VER-23-24, FLOW-APP-9
      expect(Object.keys(ares).sort()).toEqual(
        [...always, ...own, ...(category === '01' ? payment : nonPayment)].sort(),
      )
      expect(Object.values(ares)).not.toContain('')
      const { warnings } = parseARes(Buffer.from(JSON.stringify(ares)), {
        profile: 'strict',
        channel,
        category,
        version,
      })
      expect(warnings).toEqual([])
    },
  )

  test('covers every column of every outcome', () => {
    // Y A N U R in 17 columns each, I and D in 12 (2.2.0 and later), C in 6 (browser).
    expect(cases).toHaveLength(5 * 17 + 2 * 12 + 6)
  })
})

const browser220: Column = { version: '2.2.0', channel: '02', category: '01' }
const browser231: Column = { version: '2.3.1', channel: '02', category: '01' }
const browser210: Column = { version: '2.1.0', channel: '02', category: '01' }

describe('the values of an ARes', () => {
  test('repeats ids as they came, and says no more of the AReq (RES-AR-2, RES-AR-5)', () => {
    const upper = ids.dsTransID.toUpperCase()
    const ares = made({ ...browser231, channel: '01' }, { transStatus: 'Y' }, { dsTransID: upper })
    expect(ares).toMatchObject({ ...ids, dsTransID: upper, dsReferenceNumber: 'DS-0001', messageVersion: '2.3.1' })
    expect(ares).not.toHaveProperty('messageCategory')
    expect(ares).not.toHaveProperty('deviceChannel')
  })

  test.each([
    ['2.1.0', ['05'], { authenticationType: '02' }],
    ['2.2.0', ['05'], { authenticationType: '02' }],
    ['2.2.0', ['01'], { authenticationType: '01' }],
    ['2.2.0', ['06'], { authenticationType: '01' }],
    ['2.2.0', ['07'], { authenticationType: '03' }],
    ['2.2.0', ['11'], { authenticationType: '03' }],
    ['2.3.1', ['05', '07'], { authenticationMethod: ['05', '07'] }],
  ] as const)('%s: methods %j are told as %j (VER-23-4, RES section 6)', (version, authenticationMethods, expected) => {
    expect(made({ ...browser220, version }, { transStatus: 'C', authenticationMethods })).toMatchObject(expected)
  })

  test.each([
    [
      '2.2.0',
      { authenticationType: '04', acsDecConInd: 'Y', acsChallengeMandated: 'N', cardholderInfo: expect.any(String) },
    ],
    [
      '2.3.1',
      {
        authenticationMethod: ['12', '07'],
        acsDecConInd: 'Y',
        acsChallengeMandated: 'N',
        cardholderInfo: { text: expect.any(String) },
      },
    ],
  ] as const)(
    '%s: D confirms itself by type or method and tells the cardholder what to do (RES-DEC-2, RES-AR-6)',
    (version, expected) => {
      for (const language of ['en', 'ja', undefined]) {
        const decision = { transStatus: 'D', authenticationMethods: ['12', '07'] }
        const ares = made({ ...browser220, version }, decision, {}, { language })
        expect(ares).toMatchObject(expected)
        const info = ares.cardholderInfo
        const text = typeof info === 'string' ? info : String((info as { text: string }).text)
        expect([...text].length).toBeLessThanOrEqual(128)
        expect(text).not.toMatch(/[<>&]/)
        expect(/[\u3040-\u30ff]/.test(text)).toBe(language === 'ja')
      }
    },
  )

  test.each(['2.1.0', '2.2.0', '2.3.1'] as const)(
    '%s: the words of an issuer go with D, and with what it refuses; those of a plan before them (RES-AR-6, VER-23-31)',
    (version) => {
      const texts = { decoupled: 'In our app, please.', refused: 'Please call us.', failed: 'Never in an ARes.' }
      const infoWith = (transStatus: string, more = {}) =>
        made({ ...browser220, version }, { transStatus }, {}, { texts, ...more }).cardholderInfo
      const as = (text: string) => (version === '2.3.1' ? { text } : text)
      for (const status of ['N', 'U', 'R']) expect(infoWith(status)).toEqual(as('Please call us.'))
      for (const status of ['Y', 'A', 'I', 'C']) expect(infoWith(status)).toBeUndefined()
      if (version !== '2.1.0') expect(infoWith('D')).toEqual(as('In our app, please.'))
      expect(infoWith('N', { plan: { cardholderInfo: 'Planned.' } })).toEqual(as('Planned.'))
      expect(infoWith('N', { texts: {} })).toBeUndefined()
    },
  )

  test('a 3RI of 2.1.0 has no place for the issuer’s words (Table A.1)', () => {
    const column = { version: '2.1.0', channel: '03', category: '02' } as const
    expect(made(column, { transStatus: 'N' }, {}, { texts: { refused: 'x' } })).not.toHaveProperty('cardholderInfo')
  })

  test('deviceBindingStatus comes with its source, in 2.3.1 only (CHL-TL-4, ACS-VAL-166)', () => {
    const decision = { transStatus: 'C', deviceBindingStatus: '03' }
    expect(made({ ...browser220, version: '2.3.1' }, decision)).toMatchObject({
      deviceBindingStatus: '03',
      deviceBindingStatusSource: '03',
    })
    for (const version of ['2.1.0', '2.2.0'] as const)
      expect(Object.keys(made({ ...browser220, version }, decision)).join()).not.toContain('deviceBinding')
  })

  test.each([
    ['Y', undefined],
    ['N', 'N'],
    [undefined, undefined],
  ] as const)('acsDecConInd %s of another outcome is sent as %s (RES-DEC-3)', (acsDecConInd, expected) => {
    for (const column of [browser220, browser231])
      expect(made(column, { transStatus: 'N', transStatusReason: '01', acsDecConInd }).acsDecConInd).toBe(expected)
    expect(made(browser210, { transStatus: 'N', acsDecConInd })).not.toHaveProperty('acsDecConInd') // VER-22-1
  })

  test.each([
    ['2.1.0', {}],
    ['2.2.0', { whiteListStatus: 'Y', whiteListStatusSource: '03' }],
    ['2.3.1', { trustListStatus: 'Y', trustListStatusSource: '03' }],
  ] as const)(
    '%s names the trust list as its version does, always with the source (VER-23-3, CHL-TL-3…5)',
    (version, expected) => {
      const ares = made({ ...browser220, version }, { transStatus: 'Y', trustListStatus: 'Y' })
      expect(Object.fromEntries(Object.entries(ares).filter(([name]) => /List/.test(name)))).toEqual(expected)
    },
  )

  test('an exemption is named in 2.3.1 only (RES-EX-4)', () => {
    const decision = { transStatus: 'Y', transChallengeExemption: '05' }
    expect(made(browser231, decision).transChallengeExemption).toBe('05')
    expect(made(browser220, decision)).not.toHaveProperty('transChallengeExemption')
  })

  // RES section 2, last column of the table.
  test.each([
    ['2.1.0', 'U', '22', '07'],
    ['2.1.0', 'N', '23', '12'],
    ['2.1.0', 'N', '26', '01'],
    ['2.1.0', 'N', '27', '03'],
    ['2.1.0', 'N', '28', '09'],
    ['2.2.0', 'N', '27', '03'],
    ['2.2.0', 'N', '28', '09'],
    ['2.2.0', 'U', '22', '22'],
    ['2.2.0', 'N', '26', '26'],
    ['2.3.1', 'N', '28', '28'],
    ['2.1.0', 'N', '21', '21'],
    ['2.1.0', 'N', '85', '85'],
  ] as const)('%s: %s with reason %s says %s (RES-TR-2)', (version, transStatus, transStatusReason, expected) => {
    expect(made({ ...browser220, version }, { transStatus, transStatusReason }).transStatusReason).toBe(expected)
  })

  test('a refusal that nobody gave a reason has the usual one of its version (RES-TR-1)', () => {
    expect(made(browser210, { transStatus: 'U' }).transStatusReason).toBe('07')
    expect(made(browser220, { transStatus: 'U' }).transStatusReason).toBe('22')
    expect(made(browser220, { transStatus: 'N' }).transStatusReason).toBe('01')
    expect(made(browser220, { transStatus: 'R' }).transStatusReason).toBe('11')
  })
})

describe('ECI and authentication value', () => {
  // RES section 5 and the public tables of the schemes (card-schemes.json): Y A N U R I.
  test.each([
    ['visa', '05 06 07 07 07 07'],
    ['jcb', '05 06 07 07 07 07'],
    ['amex', '05 06 07 07 07 07'],
    ['discover', '05 06 07 07 07 07'],
    ['unionpay', '05 06 07 07 07 07'],
    ['mastercard', '02 01 00 00 00 06'],
  ])('%s: %s (RES-ECI-1)', (scheme, expected) => {
    const codes = [...'YANURI'].map((transStatus) => made(browser220, { transStatus }, {}, { scheme }).eci)
    expect(codes.join(' ')).toBe(expected)
    for (const transStatus of ['C', 'D'])
      expect(made(browser220, { transStatus }, {}, { scheme })).not.toHaveProperty('eci')
  })

  test('a scheme without codes for a status sends none', () => {
    const codes = [...'YANUR'].map((transStatus) => made(browser220, { transStatus }, {}, { scheme: 'mir' }).eci)
    expect(codes).toEqual(['02', '01', undefined, undefined, undefined])
    expect(made(browser220, { transStatus: 'Y' }, {}, { scheme: 'nobody' })).not.toHaveProperty('eci')
  })

  test.each([
    [{ challengeInds: ['06'] }, 'I', '04'],
    [{ challengeInds: ['06'] }, 'U', '04'],
    [{ challengeInds: ['02', '06'] }, 'I', '04'],
    [{ messageCategory: '80' }, 'I', '04'],
    [{ challengeInds: ['05'] }, 'I', '06'],
  ])('data only of mastercard: %j, %s has %s (RES-CI-6, RES-ECI-1)', (change, transStatus, expected) => {
    const ares = made(browser231, { transStatus }, change, { scheme: 'mastercard' })
    expect(ares.eci).toBe(expected)
    expect(ares).not.toHaveProperty('authenticationValue')
  })

  test.each(['2.1.0', '2.2.0', '2.3.1'] as const)(
    '%s: 20 octets in standard base64 with padding, 21 without for mastercard (RES-AV-4, RES-AV-5, TOL-24)',
    (version) => {
      for (const scheme of ['visa', 'jcb', 'amex', 'discover', 'mir']) {
        const value = String(made({ ...browser220, version }, { transStatus: 'Y' }, {}, { scheme }).authenticationValue)
        expect(value).toMatch(/^[A-Za-z0-9+/]{27}=$/)
        expect(Buffer.from(value, 'base64')).toHaveLength(20)
      }
      for (const [transStatus, first] of [
        ['Y', 'k'],
        ['A', 'j'],
      ] as const) {
        const ares = made({ ...browser220, version }, { transStatus }, {}, { scheme: 'mastercard' })
        expect(ares.authenticationValue).toMatch(/^[A-Za-z0-9+/]{28}$/)
        expect(Buffer.from(String(ares.authenticationValue), 'base64')).toHaveLength(21)
        expect(String(ares.authenticationValue)[0]).toBe(first)
      }
    },
  )

  test('non-payment values come by the switch, with the ECI that the scheme has for them (RES-AV-3, RES-NPA-2)', () => {
    const nonPayment: Column = { version: '2.2.0', channel: '02', category: '02' }
    const eciOf = (scheme: string): unknown[] =>
      ['Y', 'N', 'U'].map(
        (transStatus) => made(nonPayment, { transStatus }, {}, { scheme, nonPaymentValues: true }).eci,
      )
    expect(eciOf('mastercard')).toEqual(['N2', 'N0', 'N0'])
    expect(eciOf('visa')).toEqual(['05', undefined, undefined])
    expect(eciOf('jcb')).toEqual([undefined, undefined, undefined])
    expect(made(nonPayment, { transStatus: 'Y' }, {}, { nonPaymentValues: true }).authenticationValue).toHaveLength(28)
    expect(made(nonPayment, { transStatus: 'N' }, {}, { nonPaymentValues: true })).not.toHaveProperty(
      'authenticationValue',
    )
    expect(made(nonPayment, { transStatus: 'Y' }, {}, { scheme: 'mastercard' })).not.toHaveProperty('eci')
  })

  test('the value follows from transaction, card, amount, currency and status (RES-AV-6)', () => {
    const value = (change = {}, more = {}, transStatus = 'Y'): unknown =>
      made(browser220, { transStatus }, change, more).authenticationValue
    expect(value()).toBe(value())
    const others = [
      value({ purchaseAmount: '24801' }),
      value({ purchaseCurrency: '840' }),
      value({}, { acsTransID: ids.dsTransID }),
      value({}, { panHash: secrets.panHash('4000000000005100') }),
      value({}, {}, 'A'),
    ]
    expect(new Set([value(), ...others]).size).toBe(6)
  })
})
