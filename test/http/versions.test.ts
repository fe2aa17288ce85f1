// Payments and non-payments of every version and channel over HTTP, and where the versions part in a browser challenge.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { parseARes, parseRReq } from '../../src/protocol/messages/parse.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { creqFor, cresIn, type Members, post, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf, cardEnding, columns } from './any-areq.ts'
import {
  answered,
  api,
  type Challenged,
  closedPort,
  codeOf,
  errosOf,
  isChallenge,
  type Page,
  rreqsOf,
  shown,
  until,
  wrongCode,
} from './support.ts'

const start = Date.UTC(2026, 0, 15, 10, 30)
let ds: ListeningDs
let clock: ManualClock
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(start)
  sekisho = await running({ only: ['acs'] }, { clock })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

beforeEach(() => {
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : '')
})

const asked = async (column: string, change: Members, at = sekisho): Promise<{ areq: Members; ares: Members }> => {
  const areq = areqOf(column, { dsURL: ds.url, ...change })
  const { body: ares } = await post(`${at.acs}/acs/areq`, areq)
  return { areq, ares }
}

const challengedIn = async (version: string, change: Members = {}, at = sekisho): Promise<Challenged> => {
  const { areq, ares } = await asked(`browser-${version}`, { acctNumber: cardEnding('700'), ...change }, at)
  if (ares.transStatus !== 'C') throw new Error(`expected a challenge, got ${JSON.stringify(ares)}`)
  return { areq, ares, acsTransID: String(ares.acsTransID) }
}

const creqOf = ({ ares }: Challenged, change: Members = {}): Record<string, string> => ({
  creq: creqFor(ares, { messageVersion: ares.messageVersion, ...change }),
  threeDSSessionData: 'c2Vzc2lvbg',
})

const open = (challenge: Challenged, change: Members = {}, at = sekisho): Promise<Page> =>
  postForm(`${at.acs}/acs/challenge`, creqOf(challenge, change))

const theRReq = async (challenge: Challenged): Promise<Members> => {
  await until(() => rreqsOf(ds, challenge.acsTransID).length > 0)
  expect(rreqsOf(ds, challenge.acsTransID)).toHaveLength(1)
  return rreqsOf(ds, challenge.acsTransID)[0] ?? {}
}

const dotted = (version: string): string => version.split('').join('.')

describe.each(['210', '220', '231'])('a browser payment of %s', (version) => {
  test('is challenged and passed, from AReq to CRes (RES-MX-7, RES-RR-8, FLOW-GEN-6)', async () => {
    const challenge = await challengedIn(version)
    const { areq, ares } = challenge
    const isNewest = version === '231'
    expect(ares).toMatchObject({
      messageVersion: dotted(version),
      acsChallengeMandated: 'N',
      acsURL: `${sekisho.acs}/acs/challenge`,
      ...(isNewest ? { authenticationMethod: ['05'] } : { authenticationType: '02' }), // VER-23-4
    })
    const page = await open(challenge)
    expect(isChallenge(page)).toBe(true)
    const done = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    const rreq = await theRReq(challenge)
    expect(rreq).toMatchObject({
      messageVersion: dotted(version),
      messageCategory: '01',
      transStatus: 'Y',
      interactionCounter: '01',
      eci: '05',
      authenticationValue: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
      ...(isNewest ? { authenticationMethod: ['05'] } : { authenticationType: '02', authenticationMethod: '05' }),
    })
    expect(Object.hasOwn(rreq, 'authenticationType')).toBe(!isNewest)
    const { warnings } = parseRReq(Buffer.from(JSON.stringify(rreq)), {
      profile: 'strict',
      channel: '02',
      category: '01',
      version: dotted(version),
      context: { AReq: areq, ARes: ares },
    })
    expect(warnings).toEqual([])
    expect(cresIn(done.page)).toEqual({
      messageType: 'CRes',
      messageVersion: dotted(version),
      threeDSServerTransID: areq.threeDSServerTransID,
      acsTransID: challenge.acsTransID,
      transStatus: 'Y',
    })
    expect(await shown(sekisho, challenge.acsTransID)).toMatchObject({ delivery: 'delivered', resultStatus: 'Y' })
  })

  test('fails with the third wrong code (RES-MX-8, CHL-TR-8)', async () => {
    const challenge = await challengedIn(version)
    let page = await open(challenge)
    const code = wrongCode(await codeOf(sekisho, challenge))
    for (let i = 0; i < 3; i += 1) page = await answered(sekisho, challenge, page, { otp: code })
    expect(await theRReq(challenge)).toMatchObject({
      transStatus: 'N',
      transStatusReason: '19',
      interactionCounter: '03',
    })
    expect(cresIn(page.page)).toMatchObject({ transStatus: 'N' })
  })

  test.each([
    ['nobody comes', 30_000, '05'],
    ['nobody answers', 600_000, '04'],
  ])('ends when %s (RES-MX-10, RES-MX-11, CHL-TMR-1, CHL-TMR-3)', async (_, after, challengeCancel) => {
    const challenge = await challengedIn(version)
    if (challengeCancel === '04') await open(challenge)
    clock.advance(after)
    expect(await theRReq(challenge)).toMatchObject({
      transStatus: 'N',
      transStatusReason: '14',
      challengeCancel,
      interactionCounter: '00',
    })
  })

  test('says in its own words that the cardholder cancelled (RES-MX-9, CHL-CAN-3, VER-23-34)', async () => {
    const challenge = await challengedIn(version)
    const page = await open(challenge)
    const again = await answered(sekisho, challenge, page, { otp: wrongCode(await codeOf(sekisho, challenge)) })
    await answered(sekisho, challenge, again, { action: 'cancel' })
    expect(await theRReq(challenge)).toMatchObject({
      transStatus: 'N',
      challengeCancel: '01',
      ...(version === '231'
        ? { transStatusReason: '19', interactionCounter: '02' }
        : { transStatusReason: '01', interactionCounter: '01' }),
    })
  })

  test('ends with an Erro to the notificationURL when the CReq is wrong (ACS-VAL-104, CHL-TR-3, CHL-CAN-9)', async () => {
    const challenge = await challengedIn(version)
    const done = await open(challenge, { challengeWindowSize: '09' })
    const erro = cresIn(done.page)
    expect(erro).toMatchObject({
      messageType: 'Erro',
      messageVersion: dotted(version),
      errorCode: '203',
      errorComponent: 'A',
      errorDetail: 'challengeWindowSize',
      errorMessageType: 'CReq',
    })
    const rreq = await theRReq(challenge)
    expect(rreq).toMatchObject({
      transStatus: 'U',
      transStatusReason: version === '210' ? '07' : '22', // RES-TR-2
      challengeCancel: version === '231' ? '10' : '06', // VER-23-12
    })
    expect(rreq.challengeErrorReporting).toEqual(version === '231' ? erro : undefined)
  })

  test('is not to be recognised any more: 101, and the challenge is over (ACS-VAL-92, ACS-VAL-169)', async () => {
    const challenge = await challengedIn(version)
    const done = await open(challenge, { messageType: 'CRex' })
    expect(cresIn(done.page)).toMatchObject({ messageType: 'Erro', errorCode: '101' })
    expect(await theRReq(challenge)).toMatchObject({
      transStatus: 'U',
      challengeCancel: version === '231' ? '10' : '06',
    })
  })

  test('of another version in its CReq is 203 (ACS-VAL-96)', async () => {
    const challenge = await challengedIn(version)
    const done = await open(challenge, { messageVersion: version === '231' ? '2.2.0' : '2.3.1' })
    expect(cresIn(done.page)).toMatchObject({
      errorCode: '203',
      errorDetail: 'messageVersion',
      messageVersion: dotted(version),
    })
  })
})

describe('a CReq that comes again', () => {
  test.each(['210', '220', '231'])('%s, the same: the challenge goes on (CHL-REP-1, ACS-VAL-100)', async (version) => {
    const challenge = await challengedIn(version)
    await open(challenge)
    const page = await open(challenge)
    expect(isChallenge(page)).toBe(true)
    const done = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
  })

  test('2.3.1, in another order and with blanks, is the same (CHL-REP-15)', async () => {
    const challenge = await challengedIn('231')
    await open(challenge)
    const { ares } = challenge
    const creq = Buffer.from(
      `{ "challengeWindowSize": "02", "acsTransID": "${ares.acsTransID}", "messageVersion": "2.3.1",
         "threeDSServerTransID": "${ares.threeDSServerTransID}", "messageType": "CReq" }`,
    ).toString('base64url')
    expect(isChallenge(await postForm(`${sekisho.acs}/acs/challenge`, { creq }))).toBe(true)
  })

  test.each([
    ['another window size', { challengeWindowSize: '05' }],
    ['another member', { threeDSRequestorAppURL: 'https://shop.example' }],
  ])('2.3.1, with %s: 305, and it is over (CHL-REP-2, CHL-TR-22, ACS-VAL-100)', async (_, change) => {
    const challenge = await challengedIn('231')
    await open(challenge)
    const done = await open(challenge, change)
    const erro = cresIn(done.page)
    expect(erro).toMatchObject({ messageType: 'Erro', errorCode: '305', errorMessageType: 'CReq' })
    const rreq = await theRReq(challenge)
    expect(rreq).toMatchObject({ transStatus: 'U', transStatusReason: '22', challengeCancel: '10' })
    expect(rreq.challengeErrorReporting).toEqual(erro)
  })

  test.each(['210', '220'])('%s, with another window size: goes on (CHL-REP-2)', async (version) => {
    const challenge = await challengedIn(version)
    await open(challenge)
    expect(isChallenge(await open(challenge, { challengeWindowSize: '05' }))).toBe(true)
    expect(rreqsOf(ds, challenge.acsTransID)).toEqual([])
  })

  test.each([
    ['210', { messageType: 'CRes', transStatus: 'N' }],
    ['220', { messageType: 'CRes', transStatus: 'N' }],
    ['231', { messageType: 'Erro', errorCode: '315', errorMessageType: 'CReq' }],
  ] as const)('%s, after the RReq: %j and no second RReq (CHL-REP-4, ACS-VAL-101)', async (version, expected) => {
    const challenge = await challengedIn(version)
    const page = await open(challenge)
    await answered(sekisho, challenge, page, { action: 'cancel' })
    const again = await open(challenge)
    expect(cresIn(again.page)).toMatchObject(expected)
    await theRReq(challenge)
    expect(await shown(sekisho, challenge.acsTransID)).toMatchObject({ resultStatus: 'N' })
  })

  test('2.3.1 after its time is told 402 (ACS-VAL-99, CHL-TMR-1)', async () => {
    const challenge = await challengedIn('231')
    clock.advance(30_000)
    const late = await open(challenge)
    expect(cresIn(late.page)).toMatchObject({ messageType: 'Erro', errorCode: '402' })
  })

  test('2.3.1 by the switch is taken as older versions do (CHL-REP-2, CHL-REP-4)', async () => {
    const other = await running({ only: ['acs'], creqRepeats: 'taken' }, { clock })
    try {
      const challenge = await challengedIn('231', {}, other)
      await open(challenge, {}, other)
      const page = await open(challenge, { challengeWindowSize: '05' }, other)
      expect(isChallenge(page)).toBe(true)
      await answered(other, challenge, page, { action: 'cancel' })
      expect(cresIn((await open(challenge, {}, other)).page)).toMatchObject({ messageType: 'CRes', transStatus: 'N' })
    } finally {
      await other.close()
    }
  })

  test.each([
    ['210', '305', '06', '305'],
    ['220', '305', '06', '305'],
    ['231', '314', '10', '315'],
  ])(
    '%s, the same, to a strict ACS: %s and cancel %s, after the RReq %s (CHL-REP-1, CHL-REP-4, ERR-314, ERR-315)',
    async (version, errorCode, challengeCancel, afterEnd) => {
      const strict = await running({ only: ['acs'], validation: 'strict' }, { clock })
      try {
        const challenge = await challengedIn(version, {}, strict)
        await open(challenge, {}, strict)
        expect(cresIn((await open(challenge, {}, strict)).page)).toMatchObject({ messageType: 'Erro', errorCode })
        expect(await theRReq(challenge)).toMatchObject({ transStatus: 'U', challengeCancel })
        const ended = await challengedIn(version, {}, strict)
        const page = await open(ended, {}, strict)
        await answered(strict, ended, page, { action: 'cancel' })
        expect(cresIn((await open(ended, {}, strict)).page)).toMatchObject({ messageType: 'Erro', errorCode: afterEnd })
      } finally {
        await strict.close()
      }
    },
  )
})

describe.each(columns)('an AReq of %s', (column) => {
  const base = areqOf(column)
  const isPayment = base.messageCategory === '01'

  test.each([
    ['100', 'Y'],
    ['201', 'N'],
    ['307', 'U'],
    ['411', 'R'],
    ['500', 'A'],
  ])(
    'of a card ending in %s gets %s, and the lists say what there is (RES-MX-1…5, RES-AR-2, RES-NPA-1, RES-NPA-2)',
    async (ending, transStatus) => {
      const { areq, ares } = await asked(column, { acctNumber: cardEnding(ending) })
      expect(ares).toMatchObject({
        messageType: 'ARes',
        messageVersion: areq.messageVersion,
        transStatus,
        threeDSServerTransID: areq.threeDSServerTransID,
        dsTransID: areq.dsTransID,
        dsReferenceNumber: areq.dsReferenceNumber,
      })
      expect(ares.sdkTransID).toBe(areq.sdkTransID)
      expect(Object.hasOwn(ares, 'authenticationValue')).toBe(isPayment && 'YA'.includes(transStatus))
      expect(Object.hasOwn(ares, 'eci')).toBe(isPayment)
      const { warnings } = parseARes(Buffer.from(JSON.stringify(ares)), {
        profile: 'strict',
        channel: String(areq.deviceChannel),
        category: String(areq.messageCategory),
        version: String(areq.messageVersion),
        context: { AReq: areq },
      })
      expect(warnings).toEqual([])

      const acsTransID = String(ares.acsTransID)
      const detail = await shown(sekisho, acsTransID)
      expect(detail).toMatchObject({ transStatus, deviceChannel: areq.deviceChannel })
      const { body } = await api(sekisho, `/transactions?view=summary&limit=1`)
      const [line] = body.transactions as Members[]
      expect(line).toMatchObject({ acsTransID })
      for (const name of ['merchantName', 'purchaseAmount', 'purchaseCurrency', 'purchaseExponent'])
        for (const told of [line, detail]) expect(told?.[name], name).toBe(areq[name])
      expect(JSON.stringify([detail, line])).not.toMatch(/"undefined"|NaN/)
    },
  )

  test('is never a C where nobody can be challenged (RES-TS-1, RES-3RI-2, FLOW-3RI-1)', async () => {
    const { areq, ares } = await asked(column, { acctNumber: cardEnding('700') })
    expect(ares.messageType).toBe('ARes')
    if (areq.deviceChannel !== '02') expect(ares.transStatus).not.toBe('C')
    else expect(ares).toMatchObject({ transStatus: 'C', acsURL: `${sekisho.acs}/acs/challenge` }) // RES-NPA-3
  })
})

test.each(['210', '220', '231'])(
  'a non-payment of %s is challenged without an amount on page and in the mail (RES-NPA-1, RES-NPA-3, CHL-UI-11)',
  async (version) => {
    const { areq, ares } = await asked(`browser-npa-${version}`, { acctNumber: cardEnding('700') })
    const challenge = { areq, ares, acsTransID: String(ares.acsTransID) }
    const page = await open(challenge)
    expect(isChallenge(page)).toBe(true)
    expect(page.page).not.toContain('data-testid="amount"')
    expect(page.page.replace(/<script[\s\S]*<\/script>/, '')).not.toMatch(/undefined|NaN/)
    const { body } = await api(sekisho, `/inbox?acsTransID=${challenge.acsTransID}`)
    const [mail] = body.messages as Members[]
    expect(String(mail?.text)).not.toMatch(/undefined|NaN|0\.00/)
    await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    const rreq = await theRReq(challenge)
    expect(rreq).toMatchObject({ messageCategory: '02', transStatus: 'Y' })
    expect(rreq).not.toHaveProperty('authenticationValue')
    expect(rreq).not.toHaveProperty('eci')
  },
)

test('non-payment values by the switch, in ARes and RReq (RES-AV-3)', async () => {
  const other = await running({ only: ['acs'], nonPaymentValues: true }, { clock })
  try {
    const { ares: frictionless } = await asked('browser-npa-231', { acctNumber: cardEnding('100', '5200003') }, other)
    expect(frictionless).toMatchObject({ eci: 'N2', authenticationValue: expect.stringMatching(/^k.{27}$/) })
    const { areq, ares } = await asked('browser-npa-231', { acctNumber: cardEnding('700') }, other)
    const challenge = { areq, ares, acsTransID: String(ares.acsTransID) }
    const page = await open(challenge, {}, other)
    await answered(other, challenge, page, { otp: await codeOf(other, challenge) })
    expect(await theRReq(challenge)).toMatchObject({ eci: '05', authenticationValue: expect.stringMatching(/=$/) })
  } finally {
    await other.close()
  }
})

test.each([
  ['210', '301'],
  ['220', '301'],
  ['231', '312'],
])('an AReq of %s that was there before is %s (SEC-RPL-1, ERR-312, VER-23-14)', async (version, errorCode) => {
  const { areq } = await asked(`browser-${version}`, { acctNumber: cardEnding('100') })
  const { body } = await post(`${sekisho.acs}/acs/areq`, areq)
  expect(body).toMatchObject({
    messageType: 'Erro',
    messageVersion: dotted(version),
    errorCode,
    errorDetail: 'dsTransID,threeDSServerTransID',
  })
})

describe('the version of an Erro (ERR-A3)', () => {
  test('is that of the message', async () => {
    const { ares } = await asked('app-210', { mcc: '' })
    expect(ares).toMatchObject({ messageType: 'Erro', messageVersion: '2.1.0', errorCode: '201' })
  })

  test('is the highest that is switched on where there is none', async () => {
    const older = await running({ only: ['acs'], versions: ['2.1.0', '2.2.0'] })
    try {
      for (const [at, version] of [
        [sekisho, '2.3.1'],
        [older, '2.2.0'],
      ] as const) {
        for (const body of ['', '[]', 'no message', { messageType: 'AReq', messageVersion: '9.9.9' }]) {
          const { body: erro } = await post(`${at.acs}/acs/areq`, body)
          expect(erro).toMatchObject({ messageType: 'Erro', messageVersion: version })
        }
      }
      const { ares } = await asked('browser-231', {}, older)
      expect(ares).toMatchObject({ errorCode: '102', errorDetail: '2.1.0,2.2.0', messageVersion: '2.2.0' })
    } finally {
      await older.close()
    }
  })
})

describe('a DS that cannot be reached in 2.3.1 (RES-RR-3, VER-23-40, CHL-RES-6)', () => {
  const passedAt = async (at: Running, version: string, port: number) => {
    const challenge = await challengedIn(version, { dsURL: `http://127.0.0.1:${port}/ds/rreq` }, at)
    const page = await open(challenge, {}, at)
    const done = await answered(at, challenge, page, { otp: await codeOf(at, challenge) })
    return { challenge, done }
  }

  test('hears U from the third try on, and the browser was told N', async () => {
    const port = await closedPort()
    const { challenge, done } = await passedAt(sekisho, '231', port)
    expect(cresIn(done.page)).toMatchObject({ messageType: 'CRes', transStatus: 'N' })
    const record = await shown(sekisho, challenge.acsTransID)
    expect(record).toMatchObject({ delivery: 'pending', resultStatus: 'U', resultReason: '22' })
    const tries = record.messages.filter(({ messageType }) => messageType === 'RReq')
    expect(tries.map(({ message }) => message.transStatus)).toEqual(['Y', 'Y'])
    const late = await listeningDs(port)
    try {
      clock.advance(10_000)
      await until(async () => (await shown(sekisho, challenge.acsTransID)).delivery === 'delivered')
      expect(late.received).toHaveLength(1)
      const rreq = late.received[0]?.message ?? {}
      expect(rreq).toMatchObject({ transStatus: 'U', transStatusReason: '22', interactionCounter: '01' })
      expect(rreq).not.toHaveProperty('authenticationValue') // CHL-RES-7
      expect(rreq).not.toHaveProperty('authenticationMethod')
      clock.advance(60_000)
      expect(late.received).toHaveLength(1)
    } finally {
      await late.close()
    }
  })

  test('with HTTP 503 is asked twice at once, so that no RReq Y follows the CRes N (RES-RR-5, RES-RR-7)', async () => {
    let isUp = false
    ds.answer = (message, res) => (isUp ? sendJson(res, rres(message)) : sendJson(res, {}, 503))
    const challenge = await challengedIn('231')
    const page = await open(challenge)
    const done = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    expect(cresIn(done.page)).toMatchObject({ messageType: 'CRes', transStatus: 'N' })
    isUp = true
    clock.advance(10_000)
    await until(async () => (await shown(sekisho, challenge.acsTransID)).delivery === 'delivered')
    const heard = ds.received.filter(({ message }) => message.acsTransID === challenge.acsTransID)
    expect(heard.map(({ message }) => message.transStatus)).toEqual(['Y', 'Y', 'U'])
  })

  test.each([
    ['same', '231'],
    ['letter', '220'],
    ['letter', '210'],
  ] as const)(
    'by --rreq-retries %s in %s hears the same again, and the browser the verdict',
    async (rreqRetries, version) => {
      const other = await running({ only: ['acs'], rreqRetries }, { clock })
      const port = await closedPort()
      try {
        const { challenge, done } = await passedAt(other, version, port)
        expect(cresIn(done.page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
        const late = await listeningDs(port)
        clock.advance(10_000)
        await until(() => late.received.length > 0)
        expect(late.received[0]?.message).toMatchObject({ transStatus: 'Y', acsTransID: challenge.acsTransID })
        await late.close()
      } finally {
        await other.close()
      }
    },
  )
})

test('a DS of 2.3.1 that takes the RReq and does not answer: the browser hears the verdict (CHL-RES-3, RES-RR-4, RES-RR-7, FLOW-TMR-9)', async () => {
  ds.answer = (message, res) => {
    if (message.messageType === 'Erro') sendJson(res, '')
  }
  const challenge = await challengedIn('231')
  const page = await open(challenge)
  const done = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
  expect(cresIn(done.page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
  await until(() => errosOf(ds, challenge.acsTransID).length > 0)
  expect(errosOf(ds, challenge.acsTransID)).toMatchObject([{ errorCode: '402', messageVersion: '2.3.1' }])
  expect(await theRReq(challenge)).toMatchObject({ transStatus: 'Y' })
})

describe('an RRes (ACS-VAL-134…141)', () => {
  const ended = async (version: string): Promise<Challenged> => {
    const challenge = await challengedIn(version)
    const page = await open(challenge)
    await answered(sekisho, challenge, page, { action: 'cancel' })
    return challenge
  }

  test.each([
    ['210', '04', '203'],
    ['220', '04', '203'],
    ['231', '04', undefined],
    ['231', '05', '207'],
    ['231', '01', undefined],
  ])(
    '%s with resultsStatus %s: Erro %s (ACS-VAL-138, ACS-VAL-141, RES-RS-1)',
    async (version, resultsStatus, errorCode) => {
      ds.answer = (message, res) =>
        sendJson(res, message.messageType === 'RReq' ? rres(message, { resultsStatus }) : '')
      const challenge = await ended(version)
      if (errorCode === undefined) {
        expect(await shown(sekisho, challenge.acsTransID)).toMatchObject({ delivery: 'delivered' })
        expect(errosOf(ds, challenge.acsTransID)).toEqual([])
        return
      }
      await until(() => errosOf(ds, challenge.acsTransID).length > 0)
      expect(errosOf(ds, challenge.acsTransID)).toMatchObject([
        { errorCode, errorDetail: 'resultsStatus', messageVersion: dotted(version), errorMessageType: 'RRes' },
      ])
    },
  )

  test.each(['210', '231'])(
    '%s of another version is 203, for another transaction 301 (ACS-VAL-136, ACS-VAL-139, RES-RS-3)',
    async (version) => {
      ds.answer = (message, res) =>
        sendJson(res, message.messageType === 'RReq' ? rres(message, { messageVersion: '2.2.0' }) : '')
      const one = await ended(version)
      await until(() => errosOf(ds, one.acsTransID).length > 0)
      expect(errosOf(ds, one.acsTransID)).toMatchObject([{ errorCode: '203', errorDetail: 'messageVersion' }])
      ds.answer = (message, res) =>
        sendJson(res, message.messageType === 'RReq' ? rres(message, { acsTransID: crypto.randomUUID() }) : '')
      const two = await ended(version)
      await until(() => errosOf(ds, two.acsTransID).length > 0)
      expect(errosOf(ds, two.acsTransID)).toMatchObject([{ errorCode: '301', errorDetail: 'acsTransID' }])
    },
  )
})
