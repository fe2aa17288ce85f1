// What the engine looks up and what a provider knows, from the AReq to the record, through the running server.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { shown } from './support.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running({ only: ['acs'], simulatedProvider: true })
})
afterAll(() => sekisho.close())

async function factsOf(change: Members): Promise<Members> {
  const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: '4111110000030001', ...change }))
  const record = await shown(sekisho, String(body.acsTransID))
  return (record as unknown as { facts: Members }).facts
}

test('mail, telephone, place and network are told by their kinds, and nothing of them is kept', async () => {
  const facts = await factsOf({
    email: 'taro.secret@mailinator.com',
    mobilePhone: { cc: '81', subscriber: '5087654321' },
    browserIP: '198.18.230.7',
    shipAddrLine1: '98-76-54 Nishi-Shinjuku, Sample Hotel',
    shipAddrCity: 'Shinjuku',
    shipAddrPostCode: '160-0023',
    shipAddrState: '27',
    shipAddrCountry: '392',
  })
  expect(facts).toMatchObject({
    mail: { kind: 'throwAway', isDeliverable: true },
    phone: { kind: 'ip', country: '392' },
    network: { kind: 'vpn', country: '392' },
    shipPlace: 'hotel',
    shipPostalCode: 'contradicts',
    signals: { addressExists: true },
  })
  expect(JSON.stringify(facts)).not.toMatch(/secret|87654321|198\.18|98-76|Nishi/i)
})

test('the simulated provider knows what only others can', async () => {
  const facts = await factsOf({ email: 'nobody@example.com', mobilePhone: { cc: '81', subscriber: '9000000404' } })
  expect(facts.signals).toMatchObject({ mailDeliverable: false, phoneReachable: false })
})
