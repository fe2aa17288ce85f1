// What comes after the ARes, per version: RReqs long after, the decoupled fallback, RRes codes; at the 3DS Server and the DS.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ThreeDSServerOptions } from '../../src/emulators/threeds-server/options.ts'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import {
  areqOf,
  aresTo,
  inVersion,
  type Message,
  openEmulatorStore,
  pause,
  post,
  rreqTo,
  rresTo,
  type Served,
  type StandIn,
  startDs,
  startMerchantSide,
  startStandIn,
} from './support/loop.ts'

const versions = ['2.1.0', '2.2.0', '2.3.1'] as const
const withDecoupled = ['2.2.0', '2.3.1'] as const
const minute = 60_000
const hour = 60 * minute

const acctNumber = '4000001234567890'
const known = {
  acctNumber,
  threeDSRequestorID: 'REQ-0001',
  threeDSRequestorName: 'Example Shop',
  threeDSRequestorURL: 'https://shop.example.com/',
  acquirerBIN: '400000',
  acquirerMerchantID: 'MID-1',
  mcc: '5999',
  merchantCountryCode: '392',
  merchantName: 'Example Shop',
  purchaseAmount: '1480',
  purchaseCurrency: '392',
  purchaseExponent: '0',
}

let store = openEmulatorStore(':memory:')
let now = 0
const clock = () => now

beforeEach(() => {
  now = Date.UTC(2026, 3, 1)
  store = openEmulatorStore(':memory:')
})
afterEach(() => store.close())

const erroOf = (errorComponent: string, errorCode: string, errorDetail: unknown) => ({
  messageType: 'Erro',
  errorComponent,
  errorCode,
  errorDetail,
})

describe('the 3DS Server', () => {
  let ds: StandIn
  let site: Served

  async function restart(options: Partial<ThreeDSServerOptions> = {}): Promise<void> {
    await site?.close()
    site = await startMerchantSide(store, `${ds.url}/ds/areq`, { threeDSServer: { clock, ...options } })
  }
  const call = async (path: string, body?: object): Promise<Message> => {
    const response = await fetch(`${site.url}/3ds-server${path}`, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    return (await response.json()) as Message
  }
  const status = (id: unknown): Promise<Message> => call(`/transactions/${id}`)
  const sendRReq = (rreq: object) => post(`${site.url}/3ds-server/results`, rreq)

  /** A transaction that was answered `transStatus`. */
  async function begin(messageVersion: string, transStatus: string, change: Message = {}): Promise<Message> {
    ds.script = (areq) => ({ message: aresTo(areq, transStatus) })
    return call('/authenticate', { messageVersion, areq: { ...known, ...change } })
  }
  const decoupled = (messageVersion: string, minutes: string) =>
    begin(messageVersion, 'D', { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: minutes })

  beforeEach(async () => {
    ds = await startStandIn((areq) => ({ message: aresTo(areq, 'Y') }))
    await restart()
  })
  afterEach(() => Promise.all([site.close(), ds.close()]))

  test.each(withDecoupled)(
    'takes the result of a decoupled authentication, days later too: %s (RES-MX-14, RES-DEC-5)',
    async (version) => {
      const ares = await decoupled(version, '10080')
      expect(ares).toMatchObject({
        phase: 'decoupled',
        transStatus: 'D',
        acsDecConInd: 'Y',
        cardholderInfo: 'Please confirm in your app.',
      })
      expect(ares).not.toHaveProperty('creq')
      now += 6 * 24 * hour
      expect((await status(ares.threeDSServerTransID)).phase).toBe('decoupled')
      const rreq = rreqTo({ ...ares, messageVersion: version }, 'Y', {
        ...(version === '2.3.1'
          ? { authenticationMethod: ['12'], interactionCounter: undefined }
          : { authenticationType: '04' }),
      })
      expect((await sendRReq(rreq)).message).toMatchObject({ messageType: 'RRes', resultsStatus: '01' })
      expect(await status(ares.threeDSServerTransID)).toMatchObject({
        phase: 'settled',
        settledBy: 'RReq',
        transStatus: 'Y',
      })
    },
  )

  test.each([
    ['2.2.0', 5 * minute + 30_000],
    ['2.3.1', 5 * minute + 30_000 + hour],
  ] as const)(
    'waits the maximum time and the grace of %s, then it is not authenticated (RES-DEC-5, VER-23-32, FLOW-TMR-13)',
    async (version, wait) => {
      const ares = await decoupled(version, '00005')
      expect(ares.waitsUntil).toBe(now + wait)
      now += wait
      expect((await status(ares.threeDSServerTransID)).phase).toBe('decoupled')
      now += 1
      expect(await status(ares.threeDSServerTransID)).toMatchObject({ phase: 'settled', settledBy: 'noResult' })
    },
  )

  test('without a maximum time waits as long as one may be, in 2.2.0 (ACS-VAL-52)', async () => {
    const ares = await begin('2.2.0', 'D', { threeDSRequestorDecReqInd: 'Y' })
    expect(ares.waitsUntil).toBe(now + 10_080 * minute + 30_000)
  })

  test('takes D by 3RI too, where there is no other way to the cardholder (FLOW-3RI-3, RES-DEC-11)', async () => {
    ds.script = (areq) => ({ message: aresTo(areq, 'D') })
    const body = { ...known, threeRIInd: '01', recurringFrequency: '31', threeDSRequestorDecReqInd: 'Y' }
    const ares = await call('/authenticate', { messageVersion: '2.3.1', deviceChannel: '03', areq: body })
    expect(ares).toMatchObject({ phase: 'decoupled', deviceChannel: '03' })
    const rreq = rreqTo({ ...ares, messageVersion: '2.3.1' }, 'N', {
      authenticationMethod: ['12'],
      interactionCounter: undefined,
    })
    expect((await sendRReq(rreq)).message).toMatchObject({ resultsStatus: '01' })
  })

  test.each(['C', 'S'])('refuses %s for a 3RI (RES-TS-1, FLOW-3RI-3)', async (transStatus) => {
    ds.script = (areq) => ({ message: areq.messageType === 'AReq' ? { ...aresTo(areq, 'C'), transStatus } : {} })
    const body = { ...known, threeRIInd: '11' }
    const ares = await call('/authenticate', { messageVersion: '2.2.0', deviceChannel: '03', areq: body })
    expect(ares).toMatchObject({
      settledBy: 'Erro',
      erro: erroOf('S', '203', expect.stringContaining('transStatus')),
    })
  })

  test.each([
    ['2.1.0', '305', '301', 'acsTransID,dsTransID,threeDSServerTransID'],
    ['2.2.0', '305', '301', 'acsTransID,dsTransID,threeDSServerTransID'],
    ['2.3.1', '313', '312', 'acsTransID,dsTransID,threeDSServerTransID'],
  ])(
    'of %s says %s to an unexpected RReq and %s to a second one (FLOW-S-4, VER-23-14)',
    async (version, unexpected, second, detail) => {
      const over = await begin(version, 'Y')
      const late = await sendRReq(rreqTo({ ...over, messageVersion: version }))
      expect(late.message).toMatchObject(erroOf('S', unexpected, 'acsTransID'))
      const ares = await begin(version, 'C')
      await sendRReq(rreqTo({ ...ares, messageVersion: version }))
      const again = await sendRReq(rreqTo({ ...ares, messageVersion: version }, 'N'))
      expect(again.message).toMatchObject(erroOf('S', second, detail))
    },
  )

  test('refuses an RReq D that nobody asked for (RES-TS-5)', async () => {
    const ares = await begin('2.3.1', 'C')
    const rreq = rreqTo({ ...ares, messageVersion: '2.3.1' }, 'D', { transStatusReason: '29' })
    expect((await sendRReq(rreq)).message).toMatchObject(erroOf('S', '203', 'transStatus'))
  })

  test.each(['F', 'B'])(
    'goes on decoupled by 3RI after an RReq D when it said %s: RRes 04, then the AReq (FLOW-S-3, FLOW-S-8, RES-DEC-12)',
    async (wish) => {
      const first = await begin('2.3.1', 'C', {
        threeDSRequestorDecReqInd: wish,
        threeDSRequestorDecMaxTime: '00060',
        threeDSRequestorChallengeInd: '03',
      })
      ds.script = (areq) => ({ message: aresTo(areq, 'D') })
      const rreq = rreqTo({ ...first, messageVersion: '2.3.1' }, 'D', {
        transStatusReason: '29',
        authenticationMethod: undefined,
      })
      expect((await sendRReq(rreq)).message).toMatchObject({ messageType: 'RRes', resultsStatus: '04' })
      const [, followUp] = await ds.has(2)
      parseMessage(followUp?.bytes ?? Buffer.alloc(0), { expects: ['AReq'], leg: '3DSS-DS', profile: 'strict' })
      expect(followUp?.message).toMatchObject({
        deviceChannel: '03',
        threeRIInd: '19',
        acctNumber,
        threeDSRequestorDecReqInd: 'Y',
        threeDSRequestorDecMaxTime: '00060',
        threeDSRequestorPriorAuthenticationInfo: [
          { threeDSReqPriorRef: first.acsTransID, threeDSReqPriorAuthMethod: '02' },
        ],
      })
      expect(followUp?.message).not.toHaveProperty('threeDSRequestorChallengeInd')
      const before = await status(first.threeDSServerTransID)
      expect(before).toMatchObject({ phase: 'settled', transStatus: 'D', resultsStatus: '04' })
      expect(before.continuedBy).toBe(followUp?.message.threeDSServerTransID)
      await expect.poll(async () => (await status(before.continuedBy)).phase).toBe('decoupled')
      expect(await status(before.continuedBy)).toMatchObject({ continues: first.threeDSServerTransID })
      expect(JSON.stringify(store.threeDSServer.find(String(before.continuedBy)))).not.toContain('1234567')
    },
  )

  test('says 03 when the requestor never heard of the challenge (FLOW-S-3)', async () => {
    let answer = (): void => undefined
    const asked = new Promise<Message>((resolve) => {
      ds.script = (areq) =>
        new Promise((reply) => {
          resolve(areq)
          answer = () => reply({ message: aresTo(areq, 'C', { acsTransID, dsTransID }) })
        })
    })
    const acsTransID = randomUUID()
    const dsTransID = randomUUID()
    const request = http.request(`${site.url}/3ds-server/authenticate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    request.on('error', () => undefined)
    request.end(JSON.stringify({ messageVersion: '2.2.0', areq: known }))
    const { threeDSServerTransID } = await asked
    request.destroy()
    await pause(100) // until the server has seen it
    answer()
    await expect.poll(async () => (await status(threeDSServerTransID)).phase).toBe('challenge')
    const rreq = rreqTo({ threeDSServerTransID, acsTransID, dsTransID, messageVersion: '2.2.0' }, 'N', {
      transStatusReason: '14',
      challengeCancel: '05',
    })
    expect((await sendRReq(rreq)).message).toMatchObject({ resultsStatus: '03' })
  })
})

describe.each(versions)('the DS in %s', (version) => {
  let acs: StandIn
  let threeDSServer: StandIn
  let ds: Served

  beforeEach(async () => {
    acs = await startStandIn((areq) => ({ message: aresTo(areq, 'C') }))
    threeDSServer = await startStandIn((rreq) => ({ message: rreq.messageType === 'RReq' ? rresTo(rreq) : {} }))
    ds = await startDs(store, `${acs.url}/acs/areq`, { clock })
  })
  afterEach(() => Promise.all([ds.close(), acs.close(), threeDSServer.close()]))

  const sendAReq = (change: Message = {}) =>
    post(`${ds.url}/ds/areq`, areqOf(`${threeDSServer.url}/results`, { ...inVersion(version), ...change }))
  const sendRReq = (rreq: object) => post(`${ds.url}/ds/rreq`, rreq)
  const isNewest = version === '2.3.1'

  test('relays an AReq, the ARes byte by byte, and the RReq (FLOW-DS-4, FLOW-DS-8)', async () => {
    const { message: ares } = await sendAReq()
    const areq = acs.received[0]
    parseMessage(areq?.bytes ?? Buffer.alloc(0), { expects: ['AReq'], leg: 'DS-ACS', profile: 'strict' })
    expect(ares).toMatchObject({ messageType: 'ARes', messageVersion: version, transStatus: 'C' })
    const { message: rres } = await sendRReq(rreqTo(ares ?? {}))
    expect(rres).toMatchObject({ messageType: 'RRes', messageVersion: version, resultsStatus: '01' })
  })

  test('keeps authenticationMethod to itself up to 2.2.0, and passes it on from 2.3.1 on (FLOW-DS-7, VER-23-4)', async () => {
    const { message: ares } = await sendAReq()
    await sendRReq(rreqTo(ares ?? {}, 'Y', { authenticationMethod: isNewest ? ['02'] : '02' }))
    expect(threeDSServer.received[0]?.message.authenticationMethod).toEqual(isNewest ? ['02'] : undefined)
  })

  test('drops elements of other versions and channels (FLOW-DS-4, VER-IM-4)', async () => {
    await sendAReq({ threeRIInd: '05', spcIncompInd: undefined, whiteListStatus: 'Y', whiteListStatusSource: '01' })
    const areq = acs.received[0]?.message ?? {}
    expect(areq).not.toHaveProperty('threeRIInd')
    expect('whiteListStatus' in areq).toBe(version === '2.2.0')
  })

  test('refuses an RReq after an ARes that was no challenge, and a second one (FLOW-DS-6, VER-23-14)', async () => {
    acs.script = (areq) => ({ message: aresTo(areq, 'N') })
    const { message: over } = await sendAReq()
    const unexpected = await sendRReq(rreqTo(over ?? {}))
    expect(unexpected.message).toMatchObject(erroOf('D', isNewest ? '313' : '305', 'acsTransID'))
    acs.script = (areq) => ({ message: aresTo(areq, 'C') })
    const { message: ares } = await sendAReq()
    await sendRReq(rreqTo(ares ?? {}))
    const second = await sendRReq(rreqTo(ares ?? {}, 'N'))
    expect(second.message).toMatchObject({ errorComponent: 'D', errorCode: isNewest ? '312' : '301' })
  })

  // 2.1.0 knows no decoupled authentication.
  if (version !== '2.1.0')
    test('relays the RReq of a decoupled authentication, days later too (FLOW-DS-6)', async () => {
      acs.script = (areq) => ({ message: aresTo(areq, 'D') })
      const { message: ares } = await sendAReq({
        threeDSRequestorDecReqInd: 'Y',
        threeDSRequestorDecMaxTime: '10080',
      })
      expect(ares).toMatchObject({ transStatus: 'D' })
      now += 6 * 24 * hour
      const how = isNewest
        ? { authenticationMethod: ['12'], interactionCounter: undefined }
        : { authenticationType: '04' }
      expect((await sendRReq(rreqTo(ares ?? {}, 'Y', how))).message).toMatchObject({ messageType: 'RRes' })
    })

  test('refuses an ARes D that nobody asked for, at the ACS and at the 3DS Server (RES-TS-2, RES-TS-8, FLOW-DS-5)', async () => {
    acs.script = (areq) => ({ message: areq.messageType === 'AReq' ? aresTo(areq, 'D') : {} })
    const { message } = await sendAReq()
    expect(message).toMatchObject({ errorComponent: 'D', errorCode: '203' })
    expect(String(message?.errorDetail)).toContain('transStatus')
    await acs.has(2)
  })

  test('takes a 3RI and a non-payment (FLOW-3RI-1, RES-NPA-1)', async () => {
    acs.script = (areq) => ({ message: aresTo(areq, 'Y', { authenticationValue: undefined, eci: undefined }) })
    const { message } = await sendAReq({ deviceChannel: '03', messageCategory: '02', threeRIInd: '05' })
    expect(message).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
    expect(acs.received[0]?.message).toMatchObject({ deviceChannel: '03', threeRIInd: '05' })
    for (const name of Object.keys(acs.received[0]?.message ?? {}))
      expect(name).not.toMatch(/^browser|^notificationURL/)
  })

  test('answers a card of a range whose ACS has other versions with Erro 102 that lists them (FLOW-DS-12)', async () => {
    const others = versions.filter((one) => one !== version)
    await ds.close()
    ds = await startDs(store, '', {
      routes: () => [{ from: '400000', to: '400009', scheme: 'visa', acsUrl: `${acs.url}/acs/areq`, versions: others }],
    })
    expect((await sendAReq()).message).toMatchObject(erroOf('D', '102', others.join(',')))
    expect(acs.received).toHaveLength(0)
  })

  test('looks at the date of the purchase by a switch, in 2.3.1 only (FLOW-DS-13)', async () => {
    const wire = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)
    await ds.close()
    ds = await startDs(store, `${acs.url}/acs/areq`, { clock, isDateChecked: true })
    const near = await sendAReq({ purchaseDate: wire(now - 30 * minute) })
    expect(near.message).toMatchObject({ messageType: 'ARes' })
    const far = await sendAReq({ purchaseDate: wire(now + 31 * minute) })
    expect(far.message).toMatchObject(isNewest ? erroOf('D', '203', 'purchaseDate') : { messageType: 'ARes' })
  })
})
