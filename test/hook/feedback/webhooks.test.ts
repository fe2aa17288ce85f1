// What merchants and cardholders hear of a payment after it: webhooks, alerts, and the answer to "was this you?".
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { reasonFor } from '../../../src/acs/hook/alerts.ts'
import { webhookTurns } from '../../../src/acs/hook/webhooks.ts'
import type { Effect, Store, Transaction } from '../../../src/acs/ports.ts'
import { manualClock } from '../../../src/clock.ts'
import { webhookProblem } from '../../../src/protocol/crypto/webhook-signature.ts'
import { addFault, clearFaults } from '../../faults/support.ts'
import { api, newChallengeCard, put, shown, until } from '../../http/support.ts'
import { type Members, postForm } from '../../support/messages.ts'
import { type Service, service } from '../doors/support.ts'
import { newCard, pay, secretOf, thief, type WithSources, withSources } from './support.ts'

const noon = Date.parse('2026-11-22T03:00:00Z')
let receiver: Service
let sekisho: WithSources
let status = 204
beforeAll(async () => {
  receiver = await service((res) => {
    if (status === 0) res.destroy()
    else {
      res.writeHead(status)
      res.end()
    }
  })
  sekisho = await withSources({ webhooks: { beta: `${receiver.url}/told` } }, {}, { clock: manualClock(noon) })
})
afterAll(async () => {
  await sekisho.close()
  await receiver.close()
})
beforeEach(() => {
  status = 204
  receiver.calls.length = 0
})

const shopB = { acquirerMerchantID: 'SHOP-B' }
const webhooksOf = async (acsTransID: string) =>
  (await api(sekisho, `/hook/webhooks?acsTransID=${acsTransID}`)).body.webhooks as readonly Members[]
const decisionOf = async (acsTransID: string) =>
  (await webhooksOf(acsTransID)).find(({ event }) => event === 'decision')
const typesOf = (acsTransID: string): readonly string[] =>
  receiver.calls
    .map(({ json }) => json as { type: string; data: Members })
    .filter(({ data }) => data.acsTransID === acsTransID)
    .map(({ type }) => type)
const deny = (acsTransID: string) =>
  put(sekisho, '/lists/deny', { kind: 'email', transaction: acsTransID, reason: 'a test' }, 'POST')
const listedPayment = async (n: number, change: Members = {}) => {
  await deny((await pay(sekisho, thief(n))).acsTransID)
  return pay(sekisho, { ...thief(n), ...change })
}
const inboxOf = async (acsTransID: string) =>
  (await api(sekisho, `/inbox?acsTransID=${acsTransID}`)).body.messages as readonly Members[]

test('an alert is not sent for what was not refused, nor for what a stub has decided', async () => {
  const fine = await pay(sekisho, shopB)
  const acctNumber = newCard()
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  await put(sekisho, '/stubs', { match: { acctNumber }, then: { transStatus: 'N' } }, 'POST')
  const stubbed = await pay(sekisho, { ...shopB, acctNumber })
  await until(() => typesOf(fine.acsTransID).length > 0 && typesOf(stubbed.acsTransID).length > 0)
  expect(['Y', 'C']).toContain(fine.transStatus)
  expect(stubbed.transStatus).toBe('N')
  expect([await inboxOf(fine.acsTransID), await inboxOf(stubbed.acsTransID)]).toEqual([[], []])
})

describe('the reason of an alert', () => {
  const payment = (change: Partial<Transaction>, deny: readonly string[] = []): Transaction =>
    ({
      transStatus: 'Y',
      decidedBy: 'engine',
      score: 0,
      details: { terms: [-4, 0.5, 3], inputs: { listed: { allow: [], deny } } },
      ...change,
    }) as unknown as Transaction
  test.each([
    ['a frictionless Y', payment({}), undefined, 'frictionless'],
    ['an N', payment({ transStatus: 'N' }), undefined, 'declined'],
    ['an R', payment({ transStatus: 'R' }), undefined, 'declined'],
    ['an R of something listed', payment({ transStatus: 'R' }, ['x']), undefined, 'listed'],
    ['a C of something listed', payment({ transStatus: 'C' }, ['x']), undefined, 'listed'],
    ['a C', payment({ transStatus: 'C' }), undefined, undefined],
    ['a risky C that failed', payment({ transStatus: 'C', score: 1 }), 'N' as const, 'unusual'],
    ['a risky C that was passed', payment({ transStatus: 'C', score: 1 }), 'Y' as const, undefined],
    ['a C without risk that failed', payment({ transStatus: 'C', score: 0 }), 'N' as const, undefined],
    ['an N of a stub', payment({ transStatus: 'N', decidedBy: 'stub' }), undefined, undefined],
  ])('%s', (_what, transaction, verdict, reason) => {
    expect(reasonFor(transaction, verdict === undefined ? undefined : { transStatus: verdict })).toBe(reason)
  })
})

describe('a webhook', () => {
  test('tells a merchant the decision about its payment, signed', async () => {
    const paid = await pay(sekisho, shopB)
    await until(async () => (await webhooksOf(paid.acsTransID))[0]?.state === 'delivered')
    const [call] = receiver.calls
    expect(webhookProblem([secretOf('b')], call?.headers ?? {}, Buffer.from(call?.body ?? ''), noon)).toBeUndefined()
    expect(call?.json).toEqual({
      type: 'decision.made',
      timestamp: new Date(noon).toISOString(),
      data: expect.objectContaining({ ...paid, acquirerMerchantID: 'SHOP-B' }),
    })
    expect(call?.body).not.toMatch(/"score"|evidence|41111100/)
  })

  test('tells nobody else', async () => {
    const { acsTransID } = await pay(sekisho, { acquirerMerchantID: 'SHOP-A' })
    expect(await webhooksOf(acsTransID)).toEqual([])
  })

  test('follows a challenge from its first page to its result', async () => {
    const { acsTransID } = await pay(sekisho, { ...shopB, acctNumber: newChallengeCard() })
    const drive = (body: Members) => put(sekisho, `/transactions/${acsTransID}/challenge`, body, 'POST')
    expect((await drive({ action: 'open' })).status).toBe(200)
    await until(() => typesOf(acsTransID).includes('challenge.started'))
    expect((await drive({ action: 'cancel' })).status).toBe(200)
    await until(() => typesOf(acsTransID).length === 4)
    expect(new Set(typesOf(acsTransID))).toEqual(
      new Set(['decision.made', 'challenge.started', 'challenge.ended', 'result.sent']),
    )
    const result = receiver.calls.map(({ json }) => json).find(({ type }) => type === 'result.sent')
    expect(result?.data).toMatchObject({ transStatus: 'N', challengeCancel: '01' })
  })

  test('that is not taken comes again later and later, the same bytes under the same id, until it is given up', async () => {
    status = 500
    const { acsTransID } = await pay(sekisho, shopB)
    await until(async () => (await decisionOf(acsTransID))?.tries === 1)
    const waits: number[] = []
    let now = noon
    for (let tries = 1; tries < 8; tries += 1) {
      const webhook = await decisionOf(acsTransID)
      const nextAt = Number(webhook?.nextAt)
      waits.push(nextAt - now)
      now = nextAt
      await pause(50) // it is planned by then
      await put(sekisho, '/clock', { set: nextAt }, 'POST')
      await until(async () => (await decisionOf(acsTransID))?.tries === tries + 1)
    }
    const webhook = await decisionOf(acsTransID)
    expect(webhook).toMatchObject({ state: 'givenUp', tries: 8 })
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    // The challenge that nobody opened is told of as well.
    const tried = receiver.calls.filter(({ json }) => json.type === 'decision.made')
    expect(tried.length).toBe(8)
    expect(new Set(tried.map(({ body }) => body)).size).toBe(1)
    expect(new Set(tried.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(tried.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(8)
    // Once more, by hand.
    status = 200
    const again = await put(sekisho, `/hook/webhooks/${webhook?.id}/resend`, {}, 'POST')
    expect(again.status).toBe(202)
    await until(async () => (await decisionOf(acsTransID))?.state === 'delivered')
    expect(receiver.calls.at(-1)?.body).toBe(tried[0]?.body)
  })

  test.each([
    [410, 'givenUp'],
    [302, 'waiting'],
    [0, 'waiting'],
  ])('that meets %i is %s', async (met, state) => {
    status = met
    const { acsTransID } = await pay(sekisho, shopB)
    await until(async () => Number((await webhooksOf(acsTransID))[0]?.tries) === 1)
    const [webhook] = await webhooksOf(acsTransID)
    expect(webhook?.state).toBe(state)
    const again = await put(sekisho, `/hook/webhooks/${webhook?.id}/resend`, {}, 'POST')
    expect(again.status).toBe(state === 'waiting' ? 409 : 202)
  })

  test.each([
    [{ kind: 'drop' }, /^no answer \(drop/],
    [{ kind: 'status', status: 503 }, /^status 503 \(status 503/],
  ])('may meet a fault on purpose, which is told, and comes again: %j', async (fault, outcome) => {
    await addFault(sekisho, { link: 'ACS-hook', message: 'webhook', fault })
    const { acsTransID, transStatus } = await pay(sekisho, shopB)
    expect(['Y', 'C']).toContain(transStatus)
    await until(async () => Number((await decisionOf(acsTransID))?.tries) === 1)
    const met = await decisionOf(acsTransID)
    expect(met?.state).toBe('waiting')
    expect(JSON.stringify(met?.attempts)).toMatch(new RegExp(outcome.source.replace('^', '"outcome":"')))
    expect(typesOf(acsTransID)).not.toContain('decision.made')
    await clearFaults(sekisho)
    await pause(50) // it is planned by then
    await put(sekisho, '/clock', { set: Number(met?.nextAt) }, 'POST')
    await until(async () => (await decisionOf(acsTransID))?.state === 'delivered')
    expect(typesOf(acsTransID)).toContain('decision.made')
  })

  test('of a tenant is not another’s', async () => {
    const { acsTransID } = await pay(sekisho, shopB)
    await until(async () => (await webhooksOf(acsTransID)).length > 0)
    const [webhook] = await webhooksOf(acsTransID)
    const other = await fetch(`${sekisho.acs}/t/other/api/v1/hook/webhooks/${webhook?.id}`)
    expect(other.status).toBe(404)
  })
})

describe('an alert', () => {
  test('tells the cardholder of a payment with something on the deny list, and the merchant', async () => {
    const { acsTransID, transStatus } = await listedPayment(11, shopB)
    expect(transStatus).not.toBe('Y')
    await until(() => typesOf(acsTransID).includes('alert.sent'))
    const [mail] = await inboxOf(acsTransID)
    expect(mail).toMatchObject({ channel: 'email', subject: 'Was this you?' })
    expect(String(mail?.text)).toContain(`${sekisho.acs}/bank/alerts/${acsTransID}`)
    expect(String(mail?.text)).not.toMatch(/[0-9]{13}/)
    const { body } = await api(sekisho, '/hook/alerts')
    expect((body.alerts as readonly Members[])[0]).toMatchObject({ acsTransID, reason: 'listed' })
  })

  test('changes nothing of the payment', async () => {
    const { acsTransID, transStatus } = await listedPayment(12)
    await until(async () => (await inboxOf(acsTransID)).length > 0)
    const now = await shown(sekisho, acsTransID)
    expect([now.transStatus, now.resultStatus, now.label]).toEqual([transStatus, undefined, undefined])
  })

  const pageOf = async (acsTransID: string, lang = 'en') => {
    const response = await fetch(`${sekisho.acs}/bank/alerts/${acsTransID}?lang=${lang}`)
    const page = await response.text()
    return { status: response.status, page, token: /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '' }
  }
  const answer = async (acsTransID: string, fields: Record<string, string>) =>
    (await postForm(`${sekisho.acs}/bank/alerts/${acsTransID}`, fields)).status

  test.each([
    ['mine', 'confirmedGood'],
    ['notMine', 'fraud'],
  ])('that is answered %s labels the payment %s; the first answer counts', async (said, kind) => {
    const { acsTransID } = await listedPayment(said === 'mine' ? 13 : 14)
    await until(async () => (await inboxOf(acsTransID)).length > 0)
    const { page, token } = await pageOf(acsTransID)
    expect(page).toContain('Was this you?')
    expect((await shown(sekisho, acsTransID)).label).toBeUndefined() // looking is not answering
    expect([200, 303]).toContain(await answer(acsTransID, { token, answer: said }))
    expect((await shown(sekisho, acsTransID)).label).toMatchObject({ kind })
    await answer(acsTransID, { token, answer: said === 'mine' ? 'notMine' : 'mine' })
    expect((await shown(sekisho, acsTransID)).label).toMatchObject({ kind })
    expect((await pageOf(acsTransID, 'ja')).page).toContain('ありがとうございました')
    const { body } = await api(sekisho, '/hook/alerts')
    expect((body.alerts as readonly Members[]).find((one) => one.acsTransID === acsTransID)?.answer).toBe(said)
  })

  test('cannot be answered by a form of somebody else, nor where there was none', async () => {
    const { acsTransID } = await listedPayment(15)
    await until(async () => (await inboxOf(acsTransID)).length > 0)
    expect(await answer(acsTransID, { answer: 'mine' })).toBe(403)
    expect(await answer(acsTransID, { answer: 'mine', token: '0.forged' })).toBe(403)
    expect((await shown(sekisho, acsTransID)).label).toBeUndefined()
    const fine = await pay(sekisho)
    expect((await pageOf(fine.acsTransID)).status).toBe(404)
    expect((await pageOf('not-an-id')).status).toBe(404)
  })
})

test('a receiver that never answers holds up nobody else', async () => {
  const sources = ['slow', 'quick']
  const get = (_tenant: number, id: number) => ({ source: sources[id] })
  const turn = webhookTurns({ hook: { webhooks: { get } } } as unknown as Store)
  const to = (webhook: number) => ({ tenant: 0, payload: { webhook } }) as unknown as Effect
  let begun = 0
  const never = new Promise<void>(() => {})
  for (let i = 0; i < 100; i += 1)
    void turn(to(0), () => {
      begun += 1
      return never
    })
  expect(await turn(to(1), async () => 'told')).toBe('told')
  expect(begun).toBeLessThan(100)
})

test('a thousand alerts at once are all sent, and their times are counted', async () => {
  const clock = manualClock(noon)
  const busy = await withSources({}, {}, { clock })
  try {
    const first = await pay(busy, thief(21))
    await put(busy, '/lists/deny', { kind: 'email', transaction: first.acsTransID, reason: 'a test' }, 'POST')
    // A loopback takes only so many connections in one moment.
    for (let left = 1_000; left > 0; left -= 100)
      await Promise.all(Array.from({ length: 100 }, () => pay(busy, thief(21))))
    const sent = async (): Promise<number> => {
      const text = await (await fetch(`${busy.acs}/metrics`)).text()
      return Number(/^sekisho_alert_seconds_count\{[^}]*reason="listed"[^}]*\} ([0-9]+)$/m.exec(text)?.[1] ?? 0)
    }
    await until(async () => (await sent()) >= 1_000, 60_000)
    const text = await (await fetch(`${busy.acs}/metrics`)).text()
    expect(text).toMatch(/sekisho_alert_seconds_bucket\{le="15",reason="listed"\} 1000/)
  } finally {
    await busy.close()
  }
}, 180_000)
