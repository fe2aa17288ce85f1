// 3RI over HTTP: what a merchant may ask for without the cardholder, by version, and what an earlier authentication is worth to it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import {
  type Asked,
  ask,
  challengedIn,
  digitsOf,
  engineCard,
  goneThrough,
  purchase,
  type Version,
} from './merchant-side.ts'
import { rreqsOf, shown, until } from './support.ts'

let ds: ListeningDs
let sekisho: Running
let clock: ManualClock
beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(Date.UTC(2026, 0, 15, 3, 30))
  sekisho = await running({ only: ['acs'] }, { clock })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

/** What the elements of a series have to say (ACS-VAL-162; Table A.1, recurringExpiry). */
const series = (version: Version, threeRIInd: string): Members => ({
  ...(['01', '02'].includes(threeRIInd) && {
    recurringExpiry: '20991231',
    recurringFrequency: '31',
    ...(version === '2.3.1' && {
      recurringInd: { amountInd: '01', frequencyInd: '01' },
      recurringAmount: purchase.purchaseAmount,
      recurringCurrency: purchase.purchaseCurrency,
      recurringExponent: purchase.purchaseExponent,
      recurringDate: '20250401',
    }),
  }),
  ...(threeRIInd === '02' && { purchaseInstalData: '3' }),
})

const naming = (version: Version, threeDSReqPriorRef: string): Members => {
  const info = { threeDSReqPriorRef, threeDSReqPriorAuthMethod: '02', threeDSReqPriorAuthTimestamp: '202504011015' }
  return { threeDSRequestorPriorAuthenticationInfo: version === '2.3.1' ? [info] : info }
}

/** A payment that builds on `ref`. */
const charge = async (version: Version, threeRIInd: string, acctNumber: unknown, ref?: string, change: Members = {}) =>
  (
    await ask(sekisho, `3ri-${digitsOf(version)}`, {
      acctNumber,
      threeRIInd,
      ...purchase,
      ...series(version, threeRIInd),
      ...(ref !== undefined && naming(version, ref)),
      ...change,
    })
  ).ares

const verify = async (version: Version, threeRIInd: string, change: Members = {}) =>
  (await ask(sekisho, `3ri-npa-${digitsOf(version)}`, { acctNumber: engineCard(), threeRIInd, ...change })).ares

const passedIn = async (version: Version, change: Members = {}): Promise<Asked> => {
  const asked = await challengedIn(sekisho, ds, version, change)
  expect(await goneThrough(sekisho, ds, asked)).toMatchObject({ transStatus: 'Y' })
  return asked
}

const kinds: readonly (readonly [code: string, what: string, since: Version])[] = [
  ['01', 'a recurring payment', '2.2.0'],
  ['02', 'an instalment', '2.2.0'],
  ['06', 'a split shipment', '2.2.0'],
  ['07', 'a top-up', '2.2.0'],
  ['08', 'a mail order', '2.2.0'],
  ['09', 'a telephone order', '2.2.0'],
  ['11', 'another payment', '2.2.0'],
  ['12', 'a payment of a billing agreement', '2.3.1'],
  ['15', 'a delayed shipment', '2.3.1'],
  ['16', 'a split payment', '2.3.1'],
]

describe.each(['2.2.0', '2.3.1'] as const)('a payment by 3RI in %s', (version) => {
  let prior: Asked
  beforeAll(async () => {
    prior = await passedIn(version)
  })

  test.each(kinds.filter(([, , since]) => since <= version))(
    '%s, %s, is authenticated by the challenge that it refers to, and by nothing else (RES-3RI-1, RES-3RI-4, VER-23-25)',
    async (code) => {
      const good = await charge(version, code, prior.areq.acctNumber, prior.acsTransID)
      expect(good).toMatchObject({ transStatus: 'Y', eci: '05', authenticationValue: expect.any(String) })
      const none = await charge(version, code, prior.areq.acctNumber)
      expect(none).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
      expect(none).not.toHaveProperty('authenticationValue')
    },
  )

  test('is beyond its terms by one unit more, and by the same amount of a dearer currency (RES-3RI-4)', async () => {
    const { acctNumber } = prior.areq
    const beyond = { transStatus: 'N', transStatusReason: '12' }
    expect(await charge(version, '11', acctNumber, prior.acsTransID, { purchaseAmount: '5001' })).toMatchObject(beyond)
    const euros = { purchaseCurrency: '978', purchaseExponent: '2', purchaseAmount: '10000' }
    expect(await charge(version, '11', acctNumber, prior.acsTransID, euros)).toMatchObject(beyond)
    expect(await charge(version, '11', acctNumber, prior.acsTransID, { purchaseAmount: '1' })).toMatchObject({
      transStatus: 'Y',
    })
  })

  test('gains nothing from the challenge of another card, or by an id nobody knows (FLOW-3RI-4)', async () => {
    const refused = { messageType: 'ARes', transStatus: 'N', transStatusReason: '12' }
    expect(await charge(version, '11', engineCard(), prior.acsTransID)).toMatchObject(refused)
    expect(await charge(version, '11', prior.areq.acctNumber, crypto.randomUUID())).toMatchObject(refused)
  })

  test('gains nothing from a challenge that failed, was cancelled, or is not over (RES-3RI-4)', async () => {
    const open = await challengedIn(sekisho, ds, version)
    const failed = await challengedIn(sekisho, ds, version)
    await goneThrough(sekisho, ds, failed, 'failed')
    const cancelled = await challengedIn(sekisho, ds, version)
    await goneThrough(sekisho, ds, cancelled, 'cancelled')
    for (const one of [open, failed, cancelled]) {
      const ares = await charge(version, '11', one.areq.acctNumber, one.acsTransID)
      expect(ares).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
      const { decision } = (await shown(sekisho, String(ares.acsTransID))) as Members & { decision?: Members }
      expect(decision?.because).toContain('prior:notAuthenticated')
    }
  })

  test('gains nothing from one that was let pass without the cardholder (RES-3RI-4)', async () => {
    const { areq, ares } = await ask(sekisho, `browser-${digitsOf(version)}`, {
      ...purchase,
      acctNumber: '4111110000000021',
    })
    expect(ares.transStatus).toBe('Y')
    const again = await charge(version, '11', areq.acctNumber, String(ares.acsTransID))
    expect(again).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
  })

  test('of a series is over with the last day that was agreed (RES-3RI-4)', async () => {
    const first = { threeDSRequestorAuthenticationInd: '02', ...series(version, '01') }
    const over = await passedIn(version, { ...first, recurringExpiry: '20250131' })
    const running = await passedIn(version, first)
    expect(await charge(version, '01', over.areq.acctNumber, over.acsTransID)).toMatchObject({ transStatus: 'N' })
    expect(await charge(version, '01', running.areq.acctNumber, running.acsTransID)).toMatchObject({ transStatus: 'Y' })
  })

  test('asks the cardholder outside of the shop where that may be, and is told by an RReq (RES-DEC-11, FLOW-3RI-3)', async () => {
    const wish = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00010', dsURL: ds.url }
    const ares = await charge(version, '11', engineCard(), undefined, wish)
    expect(ares).toMatchObject({ transStatus: 'D', acsDecConInd: 'Y' })
    clock.advance(5_000)
    await until(() => rreqsOf(ds, String(ares.acsTransID)).length > 0)
    expect(rreqsOf(ds, String(ares.acsTransID))).toMatchObject([{ transStatus: 'Y', eci: '05' }])
  })
})

test('a wish for information only is an element of 3RI since 2.3.1 (RES-EX-1, RES-CI-2)', async () => {
  const wish = (threeDSRequestorChallengeInd: unknown) => ({ threeDSRequestorChallengeInd })
  const informed = await charge('2.3.1', '11', engineCard(), undefined, wish(['06']))
  expect(informed).toMatchObject({ transStatus: 'I' })
  expect(informed).not.toHaveProperty('authenticationValue')
  expect(await charge('2.2.0', '11', engineCard(), undefined, wish('06'))).toMatchObject({ transStatus: 'N' })
})

test('the amount of each payment of a series counts, whatever the first one was (RES-3RI-4, VER-23-17)', async () => {
  const recurring = { ...series('2.3.1', '01'), recurringAmount: '7000' }
  const prior = await passedIn('2.3.1', { threeDSRequestorAuthenticationInd: '02', ...recurring })
  const charged = (purchaseAmount: string, threeRIInd = '01') =>
    charge('2.3.1', threeRIInd, prior.areq.acctNumber, prior.acsTransID, { ...recurring, purchaseAmount })
  expect(await charged('7000')).toMatchObject({ transStatus: 'Y' })
  expect(await charged('7001')).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
})

describe.each(['2.1.0', '2.2.0', '2.3.1'] as const)('a non-payment by 3RI in %s', (version) => {
  test.each(['03', '04', '05'])('%s is answered without the cardholder (RES-3RI-1, RES-3RI-2)', async (code) => {
    const ares = await verify(version, code)
    expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
    for (const name of ['acsURL', 'authenticationValue']) expect(ares).not.toHaveProperty(name) // RES-NPA-2
  })

  test('that a card in trouble asks for is refused with its reason (ACS-VAL-60, ACS-VAL-78)', async () => {
    expect(await verify(version, '05', { acctNumber: '4111110000000039' })).toMatchObject({
      transStatus: 'N',
      transStatusReason: '12',
    })
    expect(await verify(version, '05', { acctNumber: '4111110000000112' })).toMatchObject({
      transStatus: 'R',
      transStatusReason: '10',
    })
  })

  test('knows no indicator of a later version (RES-3RI-1, VER-22-5, VER-23-25)', async () => {
    const [next, errorCode] = ({ '2.1.0': ['06', '203'], '2.2.0': ['12', '203'], '2.3.1': ['20', '207'] } as const)[
      version
    ]
    expect(await verify(version, next)).toMatchObject({ messageType: 'Erro', errorCode, errorDetail: 'threeRIInd' })
  })

  test('needs its indicator (FLOW-3RI-1)', async () => {
    const { ares } = await ask(sekisho, `3ri-npa-${digitsOf(version)}`, { threeRIInd: undefined })
    expect(ares).toMatchObject({ messageType: 'Erro', errorCode: '201', errorDetail: 'threeRIInd' })
  })
})

test('a payment by 3RI in 2.1.0 is U with reason 21, whatever it refers to (ACS-VAL-62, FLOW-3RI-2, RES-3RI-5)', async () => {
  const prior = await passedIn('2.1.0')
  const { ares } = await ask(sekisho, '3ri-npa-210', {
    messageCategory: '01',
    acctNumber: prior.areq.acctNumber,
    threeRIInd: '01',
    ...naming('2.1.0', prior.acsTransID),
  })
  expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'U', transStatusReason: '21' })
})

test.each(['2.2.0', '2.3.1'] as const)(
  '%s: a trust-list check is answered by the list, and with it (RES-3RI-3, CHL-TL-3, CHL-TL-4)',
  async (version) => {
    const [status, source] =
      version === '2.2.0' ? ['whiteListStatus', 'whiteListStatusSource'] : ['trustListStatus', 'trustListStatusSource']
    const shop = { acquirerMerchantID: 'MID-TRUSTED', merchantName: 'Trusted Shop' }
    const ind = version === '2.3.1' ? ['09'] : '09'
    const asked = await challengedIn(sekisho, ds, version, { ...shop, threeDSRequestorChallengeInd: ind })
    const { acctNumber } = asked.areq
    const check = (change: Members = {}) =>
      verify(version, '10', {
        acctNumber,
        ...purchase,
        purchaseDate: '20250401101530',
        ...shop,
        ...change,
      })
    expect(await check()).toMatchObject({ transStatus: 'N', transStatusReason: '12', [status]: 'N', [source]: '03' })
    await goneThrough(sekisho, ds, asked, 'passed', { trustList: 'Y' })
    expect(await check()).toMatchObject({ transStatus: 'Y', [status]: 'Y', [source]: '03' })
    expect(await check({ acquirerMerchantID: 'MID-OTHER' })).toMatchObject({ transStatus: 'N', [status]: 'N' })
    expect(await check({ acctNumber: engineCard() })).toMatchObject({ transStatus: 'N', [status]: 'N' })
  },
)

test('a check of the device binding is answered by it, about the device of what it refers to (CHL-TL-4, VER-23-3)', async () => {
  const asked = await challengedIn(sekisho, ds, '2.3.1', { threeDSRequestorChallengeInd: ['12'] })
  const { acctNumber } = asked.areq
  const check = (ref?: string, change: Members = {}) =>
    verify('2.3.1', '13', { acctNumber, ...(ref !== undefined && naming('2.3.1', ref)), ...change })
  const known = (status: string) => ({ deviceBindingStatus: status, deviceBindingStatusSource: '03' })
  expect(await check()).toMatchObject({ transStatus: 'N', transStatusReason: '12', ...known('01') })
  expect(await goneThrough(sekisho, ds, asked, 'passed', { deviceBinding: 'Y' })).toMatchObject(known('14'))
  expect(await check()).toMatchObject({ transStatus: 'Y', ...known('14') })
  expect(await check(asked.acsTransID)).toMatchObject({ transStatus: 'Y', ...known('14') })
  expect(await check(crypto.randomUUID())).toMatchObject({ transStatus: 'N', ...known('05') })
  const other = await challengedIn(sekisho, ds, '2.3.1', { acctNumber, browserUserAgent: 'Another device' })
  expect(await check(other.acsTransID)).toMatchObject({ transStatus: 'N', ...known('01') })
})
