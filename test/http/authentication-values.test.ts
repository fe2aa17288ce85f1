// POST /api/v1/authentication-values/verify: whether a value is the one the ACS gave, without telling it again.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf, cardEnding } from './any-areq.ts'
import { answered, api, challenged, codeOf, opened, put, rreqsOf } from './support.ts'

let sekisho: Running
let ds: ListeningDs

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] }, { clock: manualClock(Date.UTC(2026, 0, 15)) })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

const ask = (body: unknown): Promise<{ status: number; body: Members }> =>
  put(sekisho, '/authentication-values/verify', body, 'POST')

const paid = async (change: Members = {}): Promise<{ areq: Members; ares: Members }> => {
  const areq = browserAReq({ acctNumber: frictionlessCard, ...change })
  return { areq, ares: (await post(`${sekisho.acs}/acs/areq`, areq)).body }
}

/** The same length and form, another value. */
const altered = (value: unknown): string => String(value).replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))

describe('the value of a frictionless payment (RES-AV-6)', () => {
  test('is confirmed by either id, with all that belongs to it', async () => {
    const { areq, ares } = await paid()
    const { authenticationValue } = ares
    for (const id of [{ acsTransID: ares.acsTransID }, { dsTransID: areq.dsTransID }]) {
      const { status, body } = await ask({ authenticationValue, ...id })
      expect(status).toBe(200)
      expect(body).toEqual({
        valid: true,
        why: 'matches',
        acsTransID: ares.acsTransID,
        dsTransID: areq.dsTransID,
        transStatus: 'Y',
        eci: '05',
        scheme: 'visa',
        name: 'CAVV',
        algorithm: {
          mac: 'HMAC-SHA-256',
          fields: ['acsTransID', 'panHash', 'purchaseAmount', 'purchaseCurrency', 'transStatus'],
          separator: '|',
          octets: 20,
          lead: '',
          encoding: 'base64',
        },
      })
    }
  })

  test('is for its own amount, currency, status and card (RES-AV-6)', async () => {
    const { areq, ares } = await paid()
    const { authenticationValue, acsTransID } = ares
    const { purchaseAmount, purchaseCurrency, acctNumber } = areq
    const right = { purchaseAmount, purchaseCurrency, acctNumber, transStatus: 'Y' }
    expect((await ask({ authenticationValue, acsTransID, ...right })).body).toMatchObject({
      valid: true,
      why: 'matches',
    })
    const wrong = { purchaseAmount: '1', purchaseCurrency: '978', acctNumber: cardEnding('100'), transStatus: 'A' }
    for (const [name, value] of Object.entries(wrong))
      expect((await ask({ authenticationValue, acsTransID, ...right, [name]: value })).body).toMatchObject({
        valid: false,
        why: 'disagrees',
        disagrees: [name],
      })
  })

  test('is no other value, and none of another transaction', async () => {
    const { ares } = await paid()
    const { ares: other } = await paid()
    const { acsTransID } = ares
    for (const authenticationValue of [altered(ares.authenticationValue), other.authenticationValue])
      expect((await ask({ authenticationValue, acsTransID })).body).toMatchObject({ valid: false, why: 'differs' })
  })

  test.each([
    ['too short', (value: string) => value.slice(4)],
    ['base64url', (value: string) => `-_${value.slice(2)}`],
    ['21 octets', (value: string) => `${value.slice(0, -1)}A`],
    ['no base64', () => 'x'],
  ])('is malformed: %s (RES-AV-4)', async (_, change) => {
    const { ares } = await paid()
    const authenticationValue = change(String(ares.authenticationValue))
    expect((await ask({ authenticationValue, acsTransID: ares.acsTransID })).body).toMatchObject({
      valid: false,
      why: 'malformed',
    })
  })
})

test('mastercard says so with its own length and first octet', async () => {
  const { ares } = await paid({ acctNumber: cardEnding('500', '5200003') })
  const { authenticationValue, acsTransID } = ares
  expect((await ask({ authenticationValue, acsTransID })).body).toMatchObject({
    valid: true,
    scheme: 'mastercard',
    transStatus: 'A',
    eci: '01',
    algorithm: { octets: 21, lead: '8c' },
  })
})

test.each(['600', '322'])(
  'data sharing has the ECI that the ARes told (card %s, RES-CI-6, RES-ECI-1)',
  async (ending) => {
    const { ares } = await paid({ acctNumber: cardEnding(ending, '5200003'), threeDSRequestorChallengeInd: '06' })
    expect(ares).toMatchObject({ eci: '04' })
    const { body } = await ask({ authenticationValue: 'A'.repeat(28), acsTransID: ares.acsTransID })
    expect(body).toMatchObject({ valid: false, why: 'noValue', transStatus: ares.transStatus, eci: '04' })
  },
)

test('the value of an RReq is checked by the last word (RES-AV-1)', async () => {
  const challenge = await challenged(sekisho, ds)
  const { acsTransID } = challenge
  const early = { authenticationValue: 'A'.repeat(27).concat('='), acsTransID }
  expect((await ask(early)).body).toMatchObject({ valid: false, why: 'noValue', transStatus: 'C' })
  const page = await opened(sekisho, challenge)
  await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
  const { authenticationValue } = rreqsOf(ds, acsTransID)[0] ?? {}
  expect((await ask({ authenticationValue, acsTransID })).body).toMatchObject({
    valid: true,
    transStatus: 'Y',
    eci: '05',
  })
})

test.each(['201', '307', '411'])('an outcome without a value has none to check (card %s, RES-AV-2)', async (ending) => {
  const { ares } = await paid({ acctNumber: cardEnding(ending) })
  const { body } = await ask({ authenticationValue: 'A'.repeat(27).concat('='), acsTransID: ares.acsTransID })
  expect(body).toMatchObject({ valid: false, why: 'noValue' })
})

test('a non-payment has none by default (RES-AV-3)', async () => {
  const { body: ares } = await post(
    `${sekisho.acs}/acs/areq`,
    areqOf('browser-npa-231', { acctNumber: cardEnding('100') }),
  )
  const { body } = await ask({ authenticationValue: 'A'.repeat(27).concat('='), acsTransID: ares.acsTransID })
  expect(body).toMatchObject({ valid: false, why: 'noValue' })
})

test('a transaction that nobody knows is no error', async () => {
  const { status, body } = await ask({ authenticationValue: 'AAAA', acsTransID: crypto.randomUUID() })
  expect([status, body]).toEqual([200, { valid: false, why: 'unknownTransaction' }])
})

describe('what is asked', () => {
  const id = crypto.randomUUID()
  test.each([
    ['nothing', {}, 'authenticationValue'],
    ['no id', { authenticationValue: 'AAAA' }, 'acsTransID'],
    ['two ids', { authenticationValue: 'AAAA', acsTransID: id, dsTransID: id }, 'acsTransID'],
    ['no id at all', { authenticationValue: 'AAAA', acsTransID: 'x' }, 'acsTransID'],
    [
      'an amount in major units',
      { authenticationValue: 'AAAA', acsTransID: id, purchaseAmount: '1.00' },
      'purchaseAmount',
    ],
    [
      'a currency in letters',
      { authenticationValue: 'AAAA', acsTransID: id, purchaseCurrency: 'JPY' },
      'purchaseCurrency',
    ],
    ['a member that is none', { authenticationValue: 'AAAA', acsTransID: id, otp: '1' }, 'otp'],
  ])('%s is 400', async (_, body, path) => {
    expect(await ask(body)).toMatchObject({ status: 400, body: { path } })
  })

  test('comes from this origin, as JSON (SEC-PCI-4)', async () => {
    const path = '/authentication-values/verify'
    const body = JSON.stringify({ authenticationValue: 'AAAA', acsTransID: id })
    const foreign = { 'content-type': 'application/json', origin: 'https://evil.example' }
    expect((await api(sekisho, path, { method: 'POST', headers: foreign, body })).status).toBe(403)
    expect((await api(sekisho, path, { method: 'POST', headers: { 'content-type': 'text/plain' }, body })).status).toBe(
      415,
    )
    expect((await api(sekisho, path)).status).toBe(404)
  })
})

test('no value stands in an answer or a log line (RES-AV-8, SEC-LOG-3)', async () => {
  const { areq, ares } = await paid()
  const { authenticationValue, acsTransID } = ares
  const answers = await Promise.all([
    ask({ authenticationValue, acsTransID }),
    ask({ authenticationValue, acsTransID, acctNumber: areq.acctNumber }),
    ask({ authenticationValue: altered(authenticationValue), acsTransID }),
    ask({ authenticationValue, acsTransID: 'x' }),
  ])
  const told = JSON.stringify(answers) + sekisho.log()
  expect(told).not.toContain(String(authenticationValue))
  expect(told).not.toContain(altered(authenticationValue))
  expect(told).not.toContain(String(areq.acctNumber))
})
