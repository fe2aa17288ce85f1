// Which elements an RReq carries, by version, channel, category and verdict. Expectations are written from the handbook's
// results.md and challenge.md.
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../../src/acs/challenge/state.ts'
import { buildFinalCRes, buildRReq, resultDetails } from '../../../src/acs/result/messages.ts'
import { parseRReq } from '../../../src/protocol/messages/parse.ts'
import { type Column, columns, ids, requestFor, secrets, transactionFor } from './support.ts'

/** RES section 6: R in every column. */
const always = [
  'messageType',
  'messageVersion',
  'messageCategory',
  'threeDSServerTransID',
  'acsTransID',
  'dsTransID',
  'transStatus',
]

const at = 0
interface Row {
  readonly rule: string
  readonly what: string
  readonly ares: 'C' | 'D'
  readonly verdict: Verdict
  readonly versions: readonly string[]
  /** Beside those of every RReq. */
  readonly payment: readonly string[]
  readonly nonPayment: readonly string[]
}

const typed = ['2.1.0', '2.2.0']
const passed: Verdict = { transStatus: 'Y', interactionCounter: 1, at }
const failed: Verdict = { transStatus: 'N', transStatusReason: '19', interactionCounter: 3, at }
const silent: Verdict = { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', interactionCounter: 1, at }
const neverCame: Verdict = {
  transStatus: 'N',
  transStatusReason: '14',
  challengeCancel: '05',
  interactionCounter: 0,
  at,
}
const refused: Verdict = { transStatus: 'N', transStatusReason: '01', interactionCounter: 0, at }
const expired: Verdict = { transStatus: 'U', transStatusReason: '24', challengeCancel: '03', interactionCounter: 0, at }
const counted = 'interactionCounter'

/** Of an app or browser; 3RI has no interactionCounter (RES section 6). */
const rows: readonly Row[] = [
  {
    rule: 'RES-MX-7, RES-AV-1',
    what: 'challenge passed',
    ares: 'C',
    verdict: passed,
    versions: typed,
    payment: [counted, 'authenticationType', 'authenticationMethod', 'authenticationValue', 'eci'],
    nonPayment: [counted, 'authenticationType', 'authenticationMethod'],
  },
  {
    rule: 'RES-MX-7, VER-23-4',
    what: 'challenge passed',
    ares: 'C',
    verdict: passed,
    versions: ['2.3.1'],
    payment: [counted, 'authenticationMethod', 'authenticationValue', 'eci'],
    nonPayment: [counted, 'authenticationMethod'],
  },
  {
    rule: 'RES-MX-8, CHL-CAN-6, RES-AV-7',
    what: 'challenge failed',
    ares: 'C',
    verdict: failed,
    versions: typed,
    payment: [counted, 'transStatusReason', 'authenticationType', 'authenticationMethod', 'eci'],
    nonPayment: [counted, 'transStatusReason', 'authenticationType', 'authenticationMethod'],
  },
  {
    rule: 'RES-MX-8, VER-23-4',
    what: 'challenge failed',
    ares: 'C',
    verdict: failed,
    versions: ['2.3.1'],
    payment: [counted, 'transStatusReason', 'authenticationMethod', 'eci'],
    nonPayment: [counted, 'transStatusReason', 'authenticationMethod'],
  },
  {
    rule: 'RES-MX-11, CHL-TMR-4',
    what: 'challenge abandoned',
    ares: 'C',
    verdict: silent,
    versions: typed,
    payment: [counted, 'transStatusReason', 'challengeCancel', 'authenticationType', 'authenticationMethod', 'eci'],
    nonPayment: [counted, 'transStatusReason', 'challengeCancel', 'authenticationType', 'authenticationMethod'],
  },
  {
    rule: 'RES-MX-10, RES-MX-16',
    what: 'challenge never started',
    ares: 'C',
    verdict: neverCame,
    versions: ['2.3.1'],
    payment: [counted, 'transStatusReason', 'challengeCancel', 'authenticationMethod', 'eci'],
    nonPayment: [counted, 'transStatusReason', 'challengeCancel', 'authenticationMethod'],
  },
  {
    rule: 'RES-MX-12, RES-AV-1',
    what: 'challenge, attempt',
    ares: 'C',
    verdict: { transStatus: 'A', interactionCounter: 1, at },
    versions: ['2.3.1'],
    payment: [counted, 'authenticationValue', 'eci'],
    nonPayment: [counted],
  },
  {
    rule: 'RES-MX-13',
    what: 'challenge, fraud found',
    ares: 'C',
    verdict: { transStatus: 'R', transStatusReason: '11', interactionCounter: 1, at },
    versions: ['2.3.1'],
    payment: [counted, 'transStatusReason', 'eci'],
    nonPayment: [counted, 'transStatusReason'],
  },
  {
    rule: 'RES-MX-14, RES-DEC-8',
    what: 'decoupled passed',
    ares: 'D',
    verdict: { transStatus: 'Y', interactionCounter: 0, at },
    versions: ['2.2.0'],
    payment: [counted, 'authenticationType', 'authenticationValue', 'eci'],
    nonPayment: [counted, 'authenticationType'],
  },
  {
    rule: 'RES-MX-14, VER-23-28',
    what: 'decoupled passed',
    ares: 'D',
    verdict: { transStatus: 'Y', interactionCounter: 0, at },
    versions: ['2.3.1'],
    payment: ['authenticationMethod', 'authenticationValue', 'eci'],
    nonPayment: ['authenticationMethod'],
  },
  {
    rule: 'RES-DEC-7',
    what: 'decoupled refused',
    ares: 'D',
    verdict: refused,
    versions: ['2.3.1'],
    payment: ['transStatusReason', 'authenticationMethod', 'eci'],
    nonPayment: ['transStatusReason', 'authenticationMethod'],
  },
  {
    rule: 'RES-MX-15, RES-DEC-6',
    what: 'decoupled expired',
    ares: 'D',
    verdict: expired,
    versions: ['2.2.0'],
    payment: [counted, 'transStatusReason', 'challengeCancel', 'eci'],
    nonPayment: [counted, 'transStatusReason', 'challengeCancel'],
  },
  {
    rule: 'RES-MX-15, RES-DEC-6',
    what: 'decoupled expired',
    ares: 'D',
    verdict: expired,
    versions: ['2.3.1'],
    payment: ['transStatusReason', 'challengeCancel', 'eci'],
    nonPayment: ['transStatusReason', 'challengeCancel'],
  },
]

/** A challenge is in the browser; an app's has elements of its own, which this release does not serve. */
const cases = rows.flatMap((row) =>
  columns
    .filter(({ version, channel }) => row.versions.includes(version) && (row.ares === 'D' || channel === '02'))
    .map((column) => ({ ...row, ...column, column })),
)

describe('an RReq has what its verdict asks for, and nothing else (RES-AR-1)', () => {
  test.each(cases)(
    '$version channel $channel category $category: $what ($rule)',
    ({ column, ares, verdict, payment, nonPayment }) => {
      const { version, channel, category } = column
      const rreq = buildRReq(transactionFor(column, ares), verdict, secrets)
      const members = (category === '01' ? payment : nonPayment).filter((name) => name !== counted || channel !== '03')
      const own = channel === '01' ? ['sdkTransID'] : []
      expect(Object.keys(rreq).sort()).toEqual([...always, ...own, ...members].sort())
      const { warnings } = parseRReq(Buffer.from(JSON.stringify(rreq)), {
        profile: 'strict',
        channel,
        category,
        version,
        context: { 'ARes.acsDecConInd': ares === 'D' ? 'Y' : 'N' },
      })
      expect(warnings).toEqual([])
    },
  )
})

const browser = (version: Column['version']): Column => ({ version, channel: '02', category: '01' })

describe('the values of an RReq', () => {
  test('says what ended it (CHL-ATT-1, RES section 6)', () => {
    const rreq = buildRReq(transactionFor(browser('2.2.0'), 'C'), silent, secrets)
    expect(rreq).toMatchObject({
      messageType: 'RReq',
      messageVersion: '2.2.0',
      messageCategory: '01',
      threeDSServerTransID: ids.threeDSServerTransID,
      acsTransID: ids.acsTransID,
      dsTransID: ids.dsTransID,
      transStatus: 'N',
      transStatusReason: '14',
      challengeCancel: '04',
      interactionCounter: '01',
      authenticationType: '02',
      authenticationMethod: '05',
      eci: '07',
    })
  })

  test.each([
    ['2.1.0', '05'],
    ['2.2.0', '05'],
    ['2.3.1', ['05']],
  ] as const)('%s: authenticationMethod is %j (VER-23-4)', (version, expected) => {
    expect(buildRReq(transactionFor(browser(version), 'C'), passed, secrets).authenticationMethod).toEqual(expected)
  })

  test('methods that the version does not have are left out (VER-22-11, RES section 6)', () => {
    const decoupled = transactionFor(browser('2.2.0'), 'D', { authenticationMethods: ['12', '11'] })
    expect(buildRReq(decoupled, passed, secrets)).toMatchObject({
      authenticationType: '04',
      authenticationMethod: '11',
    })
    const newest = transactionFor(browser('2.3.1'), 'D', { authenticationMethods: ['12', '11'] })
    expect(buildRReq(newest, passed, secrets).authenticationMethod).toEqual(['12', '11'])
  })

  test('reasons of a later version are mapped down (RES-TR-2)', () => {
    const broken: Verdict = {
      transStatus: 'U',
      transStatusReason: '22',
      challengeCancel: '06',
      interactionCounter: 0,
      at,
    }
    expect(buildRReq(transactionFor(browser('2.1.0'), 'C'), broken, secrets).transStatusReason).toBe('07')
    expect(buildRReq(transactionFor(browser('2.2.0'), 'C'), broken, secrets).transStatusReason).toBe('22')
  })

  test.each(['09', '10'])(
    'challengeCancel %s brings a copy of the Erro, in 2.3.1 only (CHL-CAN-9, VER-23-12)',
    (challengeCancel) => {
      const verdict: Verdict = {
        transStatus: 'U',
        transStatusReason: '22',
        challengeCancel,
        interactionCounter: 0,
        at,
        erro: { errorCode: '203', errorDetail: 'challengeWindowSize' },
      }
      const { challengeErrorReporting } = buildRReq(transactionFor(browser('2.3.1'), 'C'), verdict, secrets)
      expect(challengeErrorReporting).toMatchObject({
        messageType: 'Erro',
        messageVersion: '2.3.1',
        errorCode: '203',
        errorComponent: 'A',
        errorDetail: 'challengeWindowSize',
        errorMessageType: 'CReq',
        threeDSServerTransID: ids.threeDSServerTransID,
        acsTransID: ids.acsTransID,
        dsTransID: ids.dsTransID,
      })
      const older = buildRReq(transactionFor(browser('2.2.0'), 'C'), { ...verdict, challengeCancel: '06' }, secrets)
      expect(older).not.toHaveProperty('challengeErrorReporting')
    },
  )

  describe.each([
    // told by the ARes, said by the cardholder, told by the RReq
    ['2.2.0', 'P', true, 'Y'],
    ['2.2.0', 'P', false, 'R'],
    ['2.2.0', 'P', undefined, 'N'],
    ['2.2.0', 'N', undefined, 'N'],
    ['2.2.0', 'Y', undefined, 'Y'],
    ['2.2.0', 'Y', false, 'Y'],
    ['2.3.1', 'P', true, 'Y'],
    ['2.3.1', 'P', false, 'R'],
    ['2.1.0', 'P', true, undefined],
    ['2.3.1', undefined, undefined, undefined],
  ] as const)('%s: a trust list that was %s, and the answer %s', (version, trustListStatus, trustList, told) => {
    test(`is told as ${told}, with its source (CHL-TL-3, CHL-TL-4, CHL-TL-5, VER-22-11)`, () => {
      const transaction = transactionFor(browser(version), 'C', { trustListStatus })
      const verdict = trustList === undefined ? failed : { ...passed, consent: { trustList } }
      const rreq: Readonly<Record<string, unknown>> = buildRReq(transaction, verdict, secrets)
      const [name, other] = version === '2.3.1' ? ['trustList', 'whiteList'] : ['whiteList', 'trustList']
      expect([rreq[`${name}Status`], rreq[`${name}StatusSource`]]).toEqual([told, told && '03'])
      expect(rreq).not.toHaveProperty(`${other}Status`)
    })
  })

  test.each([
    ['2.3.1', '03', true, '14'],
    ['2.3.1', '03', false, '04'],
    ['2.3.1', '03', undefined, '01'],
    ['2.3.1', '14', undefined, '14'],
    ['2.3.1', '05', undefined, '05'],
    ['2.3.1', undefined, undefined, undefined],
    ['2.2.0', '03', true, undefined],
  ] as const)(
    '%s: a device binding that was %s, and the answer %s, is told as %s (CHL-TL-4, ACS-VAL-166)',
    (version, deviceBindingStatus, deviceBinding, told) => {
      const transaction = transactionFor(browser(version), 'C', { deviceBindingStatus })
      const verdict = deviceBinding === undefined ? failed : { ...passed, consent: { deviceBinding } }
      const rreq = buildRReq(transaction, verdict, secrets)
      expect([rreq.deviceBindingStatus, rreq.deviceBindingStatusSource]).toEqual([told, told && '03'])
    },
  )

  test('the issuer’s words go with what did not pass, in 2.3.1, unless the cardholder cancelled (VER-23-31)', () => {
    const info = (version: Column['version'], verdict: Verdict) =>
      buildRReq(transactionFor(browser(version), 'C', { cardholderInfo: 'Please call us.' }), verdict, secrets)
        .cardholderInfo
    expect(info('2.3.1', failed)).toEqual({ text: 'Please call us.' })
    expect(info('2.3.1', silent)).toEqual({ text: 'Please call us.' })
    expect(info('2.3.1', passed)).toBeUndefined()
    expect(info('2.3.1', { ...failed, challengeCancel: '01' })).toBeUndefined()
    expect(info('2.2.0', failed)).toBeUndefined()
  })

  test('two digits count interactions, at most 99 (CHL-ATT-1)', () => {
    const count = (interactionCounter: number) =>
      buildRReq(transactionFor(browser('2.2.0'), 'C'), { ...failed, interactionCounter }, secrets).interactionCounter
    expect([0, 3, 12, 140].map(count)).toEqual(['00', '03', '12', '99'])
  })

  test('mastercard keeps its own ECI and its 21 octets (RES-ECI-1, TOL-24)', () => {
    const transaction = transactionFor(browser('2.3.1'), 'C', {}, { scheme: 'mastercard' })
    const rreq = buildRReq(transaction, passed, secrets)
    expect(rreq.eci).toBe('02')
    expect(rreq.authenticationValue).toMatch(/^k[A-Za-z0-9+/]{27}$/)
    expect(buildRReq(transaction, failed, secrets).eci).toBe('00')
  })

  test('non-payment values follow the switch as it was at the AReq (RES-AV-3)', () => {
    const column: Column = { version: '2.2.0', channel: '02', category: '02' }
    const details = resultDetails({
      request: requestFor(column),
      decision: { transStatus: 'C' },
      nonPaymentValues: true,
    })
    const rreq = buildRReq(transactionFor(column, 'C', details, { scheme: 'mastercard' }), passed, secrets)
    expect(rreq).toMatchObject({ eci: 'N2', authenticationValue: expect.stringMatching(/^.{28}$/) })
  })

  test('every attempt has the same bytes (CHL-SM-3)', () => {
    const transaction = transactionFor(browser('2.3.1'), 'C')
    expect(JSON.stringify(buildRReq(transaction, passed, secrets))).toBe(
      JSON.stringify(buildRReq(structuredClone(transaction), structuredClone(passed), secrets)),
    )
  })
})

test.each([
  ['Y', 'Y'],
  ['N', 'N'],
  ['A', 'N'],
  ['U', 'N'],
  ['R', 'N'],
  ['D', 'D'],
] as const)(
  'a verdict %s is told to the browser as %s, and without a value (RES section 1, CHL-CTR-7, RES-AV-8)',
  (transStatus, told) => {
    const cres = buildFinalCRes(transactionFor(browser('2.3.1'), 'C'), { transStatus })
    expect(cres).toEqual({
      messageType: 'CRes',
      messageVersion: '2.3.1',
      threeDSServerTransID: ids.threeDSServerTransID,
      acsTransID: ids.acsTransID,
      transStatus: told,
    })
  },
)
