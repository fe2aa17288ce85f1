// Why a transaction was decided so, over HTTP: sums, presence, silences, what would have changed it, and labels.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { api, put } from './support.ts'

interface Way extends Members {
  readonly transStatus: string
  readonly sentence: { readonly en: string; readonly ja: string }
  readonly changes: readonly { readonly id: string; readonly by: string }[]
}
interface Explained extends Members {
  readonly base: number
  readonly score: number
  readonly engine: { readonly transStatus: string }
  readonly contributions: readonly (Members & { readonly checkId: string; readonly weight: number })[]
  readonly silent: readonly (Members & { readonly checkId: string })[]
  readonly counterfactual: { readonly smallest?: Way; readonly others: readonly Way[] }
}

let sekisho: Running
beforeAll(async () => {
  sekisho = await running({ only: ['acs'] }, { clock: manualClock(Date.UTC(2026, 10, 22, 3)) })
})
afterAll(() => sekisho.close())

let cards = 0
/** A card that the scenario table never scripts. */
const newCard = (): string => {
  cards += 1
  return `41111100000${String(cards).padStart(5, '0')}`
}
const asked = async (change: Members = {}): Promise<string> => {
  const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: newCard(), ...change }))
  return String(body.acsTransID)
}
const decisionOf = async (acsTransID: string, query = ''): Promise<Explained> => {
  const { status, body } = await api(sekisho, `/transactions/${acsTransID}/decision${query}`)
  expect(status).toBe(200)
  return body as Explained
}

describe('the decision of a transaction', () => {
  const expensive = { purchaseAmount: '24800000', mcc: '6051', email: undefined }

  test('adds up to its score exactly, tells of each element whether it was there, and is the same made again', async () => {
    const explained = await decisionOf(await asked(expensive))
    expect(explained.contributions.reduce((sum, { weight }) => sum + weight, explained.base)).toBe(explained.score)
    expect(explained).toMatchObject({
      isReplayed: true,
      decidedBy: 'engine',
      policy: { name: 'default', isOfTheDay: true },
      thresholds: { challenge: -1, reject: 3.5 },
    })
    const silent = explained.silent.find(({ checkId }) => checkId === 'email-domain')
    expect(silent).toMatchObject({
      family: 'cardholder',
      reads: [{ path: 'email', presence: 'absent' }],
      reason: { en: 'No mail address was told.', ja: 'メールアドレスが示されていません。' },
    })
    const amount = explained.contributions.find(({ checkId }) => checkId === 'amount-unlike-habit')
    expect(amount).toMatchObject({
      title: { en: 'Amount unlike the habit', ja: '普段と異なる金額' },
      code: 'amount-unlike-habit.noHabit',
      reads: [{ path: 'purchaseAmount', presence: 'present' }, {}, {}],
    })
    const spoken = new Set(explained.contributions.map(({ checkId }) => checkId))
    for (const { checkId } of explained.silent) expect(spoken).not.toContain(checkId)
  })

  test('says in both languages what would have changed it, and of what the shop controls only that', async () => {
    const acsTransID = await asked(expensive)
    const { engine, counterfactual } = await decisionOf(acsTransID)
    expect(engine.transStatus).not.toBe('Y')
    expect(counterfactual.others.map(({ transStatus }) => transStatus)).toContain('Y')
    expect(counterfactual.smallest?.sentence.en).toMatch(/^It would have been .* if .*\.$/)
    expect(counterfactual.smallest?.sentence.ja).toMatch(/れば、.*。$/)
    const own = await decisionOf(acsTransID, '?controllable=merchant')
    for (const { changes } of own.counterfactual.others) for (const { by } of changes) expect(by).toBe('merchant')
    const { status } = await api(sekisho, `/transactions/${acsTransID}/decision?controllable=nobody`)
    expect(status).toBe(400)
  })

  test('of a scripted card is that of the table, and the engine’s beside it', async () => {
    const explained = await decisionOf(await asked({ acctNumber: frictionlessCard, purchaseAmount: '24800000' }))
    expect(explained).toMatchObject({ decidedBy: 'scenario', transStatus: 'Y', isReplayed: true })
    expect((explained.deciders as Members[]).find(({ by }) => by === 'scenario')).toMatchObject({ isChosen: true })
  })

  test('holds no card number, name, mail address or key of the store', async () => {
    const card = newCard()
    const acsTransID = await asked({
      acctNumber: card,
      cardholderName: 'HANAKO TEST',
      email: 'hanako.test@cardholder.example',
    })
    const text = JSON.stringify(await decisionOf(acsTransID))
    const { card: id } = (await api(sekisho, `/transactions/${acsTransID}`)).body
    for (const secret of [card, 'HANAKO', 'hanako.test', String(id)]) expect(text).not.toContain(secret)
  })

  test('of nothing that is known is refused', async () => {
    expect((await api(sekisho, `/transactions/${crypto.randomUUID()}/decision`)).status).toBe(404)
  })
})

describe('a label', () => {
  const featuresOf = async (acsTransID: string): Promise<Members> =>
    (await api(sekisho, `/transactions/${acsTransID}`)).body.features as Members
  const labelOf = async (acsTransID: string) => (await api(sekisho, `/transactions/${acsTransID}`)).body.label
  const counts = (features: Members) => ({
    account: features.frauds_account,
    device: features.frauds_device,
    shop: features.frauds_merchant,
    sum: features.merchant_frauds_2y_sum,
    good: features.confirmed_good_account,
  })
  const none = { account: 0, device: 0, shop: 0, sum: 0, good: 0 }
  const one = { ...none, account: 1, device: 1, shop: 1, sum: 2500 }

  test('of fraud is learnt once, however often it is told, and taken back without a trace', async () => {
    const card = newCard()
    const purchase = {
      acctNumber: card,
      acquirerMerchantID: 'LABEL-1',
      merchantName: 'Label Goods',
      browserUserAgent: 'a device of its own',
      purchaseAmount: '2500',
      purchaseCurrency: '392',
      purchaseExponent: '0',
    }
    const next = async () => counts(await featuresOf(await asked(purchase)))
    const first = await asked(purchase)
    expect(await next()).toEqual(none)
    const path = `/transactions/${first}/label`
    const [told, again] = await Promise.all([
      put(sekisho, path, { kind: 'fraud', note: 'chargeback' }),
      put(sekisho, path, { kind: 'fraud', note: 'chargeback' }),
    ])
    expect([told.status, again.status]).toEqual([200, 200])
    expect(told.body).toEqual(again.body)
    expect(await labelOf(first)).toMatchObject({ kind: 'fraud', note: 'chargeback' })
    const summary = await api(sekisho, '/transactions?view=summary')
    const rows = summary.body.transactions as readonly Members[]
    expect(rows.find(({ acsTransID }) => acsTransID === first)).toMatchObject({ labelKind: 'fraud' })
    expect(rows.filter(({ labelKind }) => labelKind !== undefined)).toHaveLength(1)
    expect(await next()).toEqual(one)
    expect((await put(sekisho, path, { kind: 'confirmedGood' })).body).toMatchObject({ kind: 'confirmedGood' })
    expect(await next()).toEqual({ ...none, good: 1 })
    expect((await api(sekisho, path, { method: 'DELETE' })).status).toBe(204)
    expect((await api(sekisho, path, { method: 'DELETE' })).status).toBe(204)
    expect(await next()).toEqual(none)
    expect(await labelOf(first)).toBeUndefined()
  })

  test('is heard where a plan had decided, too', async () => {
    const acsTransID = await asked({ acctNumber: frictionlessCard, browserUserAgent: 'another device' })
    await put(sekisho, `/transactions/${acsTransID}/label`, { kind: 'fraud' })
    const features = await featuresOf(await asked({ browserUserAgent: 'another device' }))
    expect(features.frauds_device).toBe(1)
  })

  test('of another kind, or of an unknown transaction, is refused; card numbers in a note are masked', async () => {
    const acsTransID = await asked()
    const path = `/transactions/${acsTransID}/label`
    expect((await put(sekisho, path, { kind: 'suspicious' })).status).toBe(400)
    expect((await put(sekisho, `/transactions/${crypto.randomUUID()}/label`, { kind: 'fraud' })).status).toBe(404)
    const { body } = await put(sekisho, path, { kind: 'fraud', note: 'card 4111110000000021' })
    expect(body.note).toBe('card 411111******0021')
    for (const written of ['4111 1100 0000 0021', '4111-1100-0000-0021', '４１１１１１００００００００２１'])
      expect((await put(sekisho, path, { kind: 'fraud', note: `card ${written}` })).body.note).toBe(
        'card 411111******0021',
      )
  })
})
