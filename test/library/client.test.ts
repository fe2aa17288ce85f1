// The client against a Sekisho started by the library, as a test of a shop uses them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allOperations } from '../../src/http/admin/operations.ts'
import { challengedCard, createClient, type Sekisho, SekishoError, startSekisho } from '../../src/library.ts'

let sekisho: Sekisho
beforeAll(async () => {
  sekisho = await startSekisho()
})
afterAll(() => sekisho.close())

describe('startSekisho', () => {
  test('tells where everything is, on free ports of loopback', async () => {
    const { urls } = sekisho
    expect(new Set([new URL(urls.acs).port, new URL(urls.shop).port]).size).toBe(2)
    for (const url of [urls.shop, urls.console, urls.inbox, `${urls.api}/about`])
      expect((await fetch(url)).status, url).toBe(200)
    const about = await sekisho.client.api.getAbout()
    expect(about.urls).toMatchObject({ acs: urls.acs, threeDSServer: urls.threeDSServer })
  })

  test('runs beside another, and stops', async () => {
    const other = await startSekisho({ versions: ['2.2.0'] })
    expect(other.urls.acs).not.toBe(sekisho.urls.acs)
    await other.close()
    await expect(other.client.api.getAbout()).rejects.toThrow(/^getAbout: no answer from /)
  })

  test('refuses settings that are not valid, by name', async () => {
    await expect(startSekisho({ validation: 'loose' as 'strict' })).rejects.toThrow('--validation is not valid')
  })

  test('sends the token that it was given', async () => {
    const guarded = await startSekisho({ adminToken: 'a-token-of-the-tests' })
    try {
      expect((await guarded.client.api.getAbout()).urls.acs).toBe(guarded.urls.acs)
      const stranger = createClient({ baseUrl: guarded.urls.acs })
      await expect(stranger.api.getAbout()).rejects.toMatchObject({ name: 'SekishoError', status: 401 })
    } finally {
      await guarded.close()
    }
  })
})

describe('the client', () => {
  test('has a method for every operation', () => {
    expect(Object.keys(sekisho.client.api).toSorted()).toEqual(allOperations.map(({ id }) => id).toSorted())
  })

  test('says of a problem what it is about', async () => {
    const { client } = sekisho
    const wrong = client.stub({ acctNumber: '12' }, { transStatus: 'C' })
    await expect(wrong).rejects.toBeInstanceOf(SekishoError)
    await expect(wrong).rejects.toMatchObject({
      message: 'addStub: match.acctNumber: 13 to 19 digits expected (400)',
      status: 400,
      path: 'match.acctNumber',
      problem: '13 to 19 digits expected',
    })
    await expect(client.api.getCard({ params: { id: '0'.repeat(32) } })).rejects.toMatchObject({ status: 404 })
    const lost = createClient({ baseUrl: 'http://127.0.0.1:1' })
    await expect(lost.api.getAbout()).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining('no answer from http://127.0.0.1:1/api/v1'),
    })
  })

  test('an empty answer comes as undefined, a list of a query is said several times', async () => {
    const { client } = sekisho
    const { id } = await client.stub({ cardholderName: 'Nobody' }, { transStatus: 'N', transStatusReason: '11' })
    expect(await client.api.deleteStub({ params: { id } })).toBeUndefined()
    await expect(client.api.deleteStub({ params: { id } })).rejects.toMatchObject({ status: 404, path: 'id' })
    const { acsTransID } = await client.pay({ areq: { merchantName: 'Twice' } })
    const element = ['merchantName=Twice', 'purchaseAmount=24800']
    const { entries } = await client.journal.search({ acsTransID, element })
    expect(entries.length).toBeGreaterThan(0)
    expect((await client.journal.search({ acsTransID, element: ['merchantName=Twice', 'mcc=0'] })).entries).toEqual([])
  })
})

describe('pay', () => {
  test('tells the newest code of all, and how long it has waited for one that did not come', async () => {
    const tenant = sekisho.tenant('newest-code')
    await expect(tenant.inbox.latest({}, '20ms')).rejects.toThrow('no code came within 20 ms')
    const { acsTransID = '' } = await tenant.pay({ cardholder: { action: 'leave' } }) // with the end codes are gone
    expect((await tenant.inbox.latest()).code).toBe(await tenant.inbox.code(acsTransID))
  })

  test('goes through a challenge with the code of the inbox', async () => {
    const paid = await sekisho.client.pay({ threeDSSessionData: 'b3JkZXI' })
    expect(paid).toMatchObject({
      transStatus: 'Y',
      eci: '05',
      wasChallenged: true,
      answer: { phase: 'challenge', transStatus: 'C' },
      end: { phase: 'settled', settledBy: 'RReq' },
      cres: { messageType: 'CRes', transStatus: 'Y' },
      stoppedAt: undefined,
    })
    expect(paid.acsTransID).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('is frictionless by a stub, once', async () => {
    const { client } = sekisho
    await client.stub({ acctNumber: challengedCard, merchant: 'Tea House' }, { transStatus: 'Y' })
    const areq = { merchantName: 'Tea House' }
    expect(await client.pay({ areq })).toMatchObject({ transStatus: 'Y', wasChallenged: false })
    expect(await client.pay({ areq, cardholder: { action: 'cancel' } })).toMatchObject({
      transStatus: 'N',
      wasChallenged: true,
      end: { challengeCancel: '01' },
    })
  })

  test('goes through other screens by steps, and says where it stopped', async () => {
    const { client } = sekisho
    const paid = await client.pay({
      acctNumber: '4000000000007005',
      threeDSSessionData: 'b3JkZXI',
      cardholder: { does: ['wrong', 'submit'] },
    })
    expect(paid).toMatchObject({ transStatus: 'Y', cres: { transStatus: 'Y' }, end: { isReturned: true } })
    const steps = [{ action: 'select', value: 'push' }, 'trust'] as const
    expect(await client.pay({ acctNumber: '4000000000007004', cardholder: { does: steps } })).toMatchObject({
      transStatus: 'Y',
    })
    expect(
      await client.pay({ acctNumber: '4000000000007009', cardholder: { does: ['wrong', 'abandon'] } }),
    ).toMatchObject({ stoppedAt: 'entries, wrong', end: { phase: 'challenge' } })
  })

  test('fails by wrong codes, asks for another code, or goes away', async () => {
    const { client } = sekisho
    expect(await client.pay({ cardholder: { wrong: 3 } })).toMatchObject({ transStatus: 'N', transStatusReason: '19' })
    expect(await client.pay({ cardholder: { wrong: 1 } })).toMatchObject({ transStatus: 'Y' })
    const left = await client.pay({ cardholder: { action: 'leave' } })
    expect(left).toMatchObject({ end: { phase: 'challenge' }, stoppedAt: 'challenge-page', cres: undefined })
    expect(await client.pay({ cardholder: { code: '000' } })).toMatchObject({ stoppedAt: 'challenge-page, wrong' })
  })

  test('belongs to its tenant', async () => {
    const tenant = sekisho.tenant('house-of-tea')
    expect(tenant.urls.acs).toBe(`${sekisho.urls.acs}/t/house-of-tea`)
    await tenant.stub({}, { transStatus: 'R', transStatusReason: '11' })
    expect(await tenant.pay()).toMatchObject({ transStatus: 'R', transStatusReason: '11' })
    const { stubs } = await sekisho.client.api.listStubs()
    expect(stubs).toEqual([])
    expect((await tenant.api.getAbout()).urls.acs).toBe(tenant.urls.acs)
  })
})

describe('the cardholder of a challenge', () => {
  test('does one thing after the other, by name', async () => {
    const { client } = sekisho
    const asked = await client.pay({ acctNumber: '4000000000007004', cardholder: { does: [] } })
    const cardholder = client.cardholder(asked.acsTransID ?? '')
    expect(await cardholder.state()).toMatchObject({ kind: 'chooseOtp', screen: 'choose' })
    expect(await cardholder.select('sms')).toMatchObject({ screen: 'code', asks: { channel: 'sms' } })
    expect(await cardholder.otherWay()).toMatchObject({ screen: 'choose' })
    await client.clock.advance('31s')
    expect(await cardholder.select('email')).toMatchObject({ hint: 'resent' })
    expect(await cardholder.wrong()).toMatchObject({ hint: 'wrong', triesLeft: 2 })
    await client.clock.advance('31s')
    expect(await cardholder.resend()).toMatchObject({ hint: 'resent' })
    const code = await client.inbox.code(asked.acsTransID ?? '')
    expect(await cardholder.submit({ otp: code })).toMatchObject({
      verdict: { transStatus: 'Y' },
      returned: { status: 200 },
    })
    const inApp = await client.pay({ acctNumber: '4000000000007007', cardholder: { does: ['refuse'] } })
    expect(inApp).toMatchObject({ transStatus: 'N', wasChallenged: true })
    expect(await client.cardholder(inApp.acsTransID ?? '').approve()).toMatchObject({ verdict: { transStatus: 'N' } })
    await expect(client.cardholder(asked.threeDSServerTransID).open()).rejects.toMatchObject({ status: 404 })
  })
})
