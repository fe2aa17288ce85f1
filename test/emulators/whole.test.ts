// All parties of one Sekisho, over HTTP: what the emulators say, the ACS understands, in every version.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Running, running } from '../support/running.ts'
import type { Message } from './support/loop.ts'

const requestor = {
  threeDSRequestorID: 'REQ-0001',
  threeDSRequestorName: 'Example Shop',
  threeDSRequestorURL: 'https://shop.example.com/',
}
const purchase = {
  ...requestor,
  acquirerBIN: '400000',
  acquirerMerchantID: 'MID-1',
  mcc: '5999',
  merchantCountryCode: '392',
  merchantName: 'Example Shop',
  purchaseAmount: '1480',
  purchaseCurrency: '392',
  purchaseExponent: '0',
}
const frictionless = '4000000000005100'
const challenged = '4000000000007700'

let house: Running

const call = async (url: string, body?: object): Promise<Message> => {
  const response = await fetch(url, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  return (await response.json()) as Message
}
const authenticate = (body: object): Promise<Message> => call(`${house.shop}/3ds-server/authenticate`, body)
const status = (id: unknown): Promise<Message> => call(`${house.shop}/3ds-server/transactions/${id}`)

beforeAll(async () => {
  house = await running()
})
afterAll(() => house.close())

describe.each(['2.1.0', '2.2.0', '2.3.1'])('in %s', (messageVersion) => {
  test('a payment is let pass, and another one challenged (FLOW-FRI-1, FLOW-BRW-1)', async () => {
    const passed = await authenticate({ messageVersion, areq: { ...purchase, acctNumber: frictionless } })
    expect(passed).toMatchObject({ messageVersion, phase: 'settled', transStatus: 'Y', eci: '05' })
    const asked = await authenticate({ messageVersion, areq: { ...purchase, acctNumber: challenged } })
    expect(asked).toMatchObject({ messageVersion, phase: 'challenge', transStatus: 'C' })
  })

  test('a card is added with a challenge (RES-NPA-3)', async () => {
    const added = await authenticate({
      messageVersion,
      messageCategory: '02',
      areq: { ...requestor, acctNumber: challenged },
    })
    expect(added).toMatchObject({ messageCategory: '02', phase: 'challenge', transStatus: 'C' })
  })

  test('an account is verified by 3RI (FLOW-3RI-2)', async () => {
    const verified = await authenticate({
      messageVersion,
      deviceChannel: '03',
      messageCategory: '02',
      areq: { ...requestor, acctNumber: frictionless, threeRIInd: '05' },
    })
    expect(verified).toMatchObject({ deviceChannel: '03', phase: 'settled', transStatus: 'Y' })
  })
})

test('a payment by 3RI in 2.1.0 is U with reason 21, and no Erro (ACS-VAL-62, FLOW-3RI-2)', async () => {
  const paid = await authenticate({
    messageVersion: '2.1.0',
    deviceChannel: '03',
    areq: { ...purchase, acctNumber: frictionless, threeRIInd: '01' },
  })
  expect(paid).toMatchObject({ settledBy: 'ARes', transStatus: 'U', transStatusReason: '21' })
})

test.each(['2.2.0', '2.3.1'])(
  'a decoupled authentication by 3RI ends with an RReq: %s (RES-MX-14)',
  async (messageVersion) => {
    const asked = await authenticate({
      messageVersion,
      deviceChannel: '03',
      areq: {
        ...purchase,
        acctNumber: challenged,
        threeRIInd: '11',
        threeDSRequestorDecReqInd: 'Y',
        threeDSRequestorDecMaxTime: '00060',
      },
    })
    expect(asked).toMatchObject({ phase: 'decoupled', transStatus: 'D', acsDecConInd: 'Y' })
    await expect
      .poll(() => status(asked.threeDSServerTransID), { timeout: 60_000, interval: 500 })
      .toMatchObject({ phase: 'settled', settledBy: 'RReq', transStatus: 'Y', resultsStatus: '01' })
  },
  90_000,
)

test('the 3DS Server knows the ranges from the DS, with the 3DS Method of the ACS (FLOW-PRE-6)', async () => {
  const answer = await call(`${house.shop}/3ds-server/versioning`, { acctNumber: frictionless })
  expect(answer).toMatchObject({
    messageVersion: '2.3.1',
    threeDSMethodURL: `${house.acs}/acs/method`,
    cardRange: { start: '4000000000000000', end: '4000099999999999' },
  })
})

test.each(['acs', '3ds-server'])('an OReq of the DS is answered: %s (FLOW-OP-1, FLOW-OP-3)', async (to) => {
  const { answers } = await call(`${house.acs}/ds/operations`, { to, messages: [{}, {}] })
  expect(answers).toMatchObject([
    { seqNum: '01', answer: { messageType: 'ORes', opStatus: '01' } },
    { seqNum: '02', answer: { messageType: 'ORes', opStatus: '01' } },
  ])
})

test('versions that are switched off are told to nobody (ACS-VAL-9, FLOW-PRE-6)', async () => {
  const old = await running({ versions: '2.1.0,2.2.0' })
  try {
    expect(await call(`${old.shop}/3ds-server/versioning`, { acctNumber: frictionless })).toMatchObject({
      messageVersion: '2.2.0',
      cardRange: { acsProtocolVersions: [{ version: '2.1.0' }, { version: '2.2.0' }] },
    })
  } finally {
    await old.close()
  }
})
