// What the profiles learn of: purchases that the engine decided; of those that a test decided, only when it asks for that.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserAReq, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { put, shown } from './support.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running({ only: ['acs'] })
})
afterAll(() => sekisho.close())

/** Numbers of a risk range that nobody has used. */
let cards = 0
const newCard = (): string => {
  cards += 1
  return `41111100${String(cards).padStart(7, '0')}5`
}

const pay = async (acctNumber: string): Promise<string> => {
  const { body } = await post(
    `${sekisho.acs}/acs/areq`,
    browserAReq({ acctNumber, threeDSServerTransID: randomUUID() }),
  )
  return String(body.acsTransID)
}
const featuresOf = async (acsTransID: string) =>
  (await shown(sekisho, acsTransID)).features as Readonly<Record<string, number | null>>
const stub = (acctNumber: string, then: object) =>
  put(sekisho, '/stubs', { match: { acctNumber }, times: 1, then }, 'POST')

describe('the profiles', () => {
  test('count every purchase that the engine decided', async () => {
    const card = newCard()
    const seen: (number | null | undefined)[] = []
    for (let i = 0; i < 3; i++) seen.push((await featuresOf(await pay(card))).n_1h_account)
    expect(seen).toEqual([0, 1, 2])
  })

  test.each([
    ['nothing of a purchase that a stub decided', { transStatus: 'Y' }, 0],
    ['of it when the stub says so', { transStatus: 'Y', teach: true }, 1],
    ['of it when the stub decides nothing', { delay: '1ms' }, 1],
  ])('learn %s', async (_what, then, counted) => {
    const card = newCard()
    expect((await stub(card, then)).status).toBe(201)
    const decided = await shown(sekisho, await pay(card))
    expect(decided.decidedBy).toBe('transStatus' in then ? 'stub' : 'engine')
    const features = await featuresOf(await pay(card))
    expect(features.n_1h_account).toBe(counted)
    expect(features.device_is_first).toBe(1 - counted)
  })

  test('see 0 … 49 in fifty AReqs of one account that come at once', async () => {
    const card = newCard()
    const ids = await Promise.all(Array.from({ length: 50 }, () => pay(card)))
    const seen = await Promise.all(ids.map(async (id) => (await featuresOf(id)).n_10m_account))
    expect(seen.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })
})
