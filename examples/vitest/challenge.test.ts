// A shop's back end under test: every outcome on demand, in process, on free ports, each test in a house of its own.
import { type Sekisho, startSekisho, type Tenant } from 'sekisho'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

let sekisho: Sekisho
let tenant: Tenant
let tests = 0

beforeAll(async () => {
  sekisho = await startSekisho()
})
afterAll(() => sekisho.close())
beforeEach(() => {
  tests += 1
  tenant = sekisho.tenant(`test-${tests}`)
})

test('the next payment of this shopper is challenged, and passed', async () => {
  await tenant.stub({ cardholderName: 'Hanako' }, { transStatus: 'C' })

  const paid = await tenant.pay({ acctNumber: '4000000000005100' }) // always frictionless otherwise

  expect(paid).toMatchObject({ wasChallenged: true, transStatus: 'Y', eci: '05' })
})

test('the issuer is not available', async () => {
  await tenant.stub({}, { transStatus: 'U', transStatusReason: '22' })

  expect(await tenant.pay()).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
})

test('the RReq arrives twice, after the browser is back', async () => {
  await tenant.stub({}, { transStatus: 'C', rreq: { when: 'afterCRes', copies: 2 } })

  const { acsTransID = '' } = await tenant.pay()

  await tenant.journal.verify({ match: { messageType: 'RReq', link: 'ACS→DS', acsTransID }, count: 2, within: '5s' })
})

test('the DS cannot reach the ACS', async () => {
  await tenant.faults.add('DS→ACS', { kind: 'drop' }, { message: 'AReq', times: 9 }) // the DS tries more than once

  expect(await tenant.pay()).toMatchObject({ wasChallenged: false, end: { phase: 'settled' } })
})

test('nobody answers for ten minutes, which take no time', async () => {
  await tenant.clock.freeze()
  const { threeDSServerTransID } = await tenant.pay({ cardholder: { action: 'leave' } })

  await tenant.clock.advance('10m')

  const state = await fetch(`${tenant.urls.threeDSServer}/transactions/${threeDSServerTransID}`)
  expect(await state.json()).toMatchObject({ transStatus: 'N', transStatusReason: '14', challengeCancel: '04' })
})
