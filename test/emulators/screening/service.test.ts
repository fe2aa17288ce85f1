import { randomUUID } from 'node:crypto'
import { compactVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OrderAnswer } from '../../../src/emulators/screening/api.ts'
import { assessmentExtension } from '../../../src/protocol/crypto/assessment-extension.ts'
import { secretBytes, webhookHeaders, webhookProblem } from '../../../src/protocol/crypto/webhook-signature.ts'
import { assessmentSchema } from '../../../src/risk/assessment.ts'
import { badOrder, doubtfulOrder, goodOrder, type Running, secret, startHook, startService } from './support.ts'

let hook: Awaited<ReturnType<typeof startHook>>
let service: Running
beforeEach(async () => {
  hook = await startHook()
  service = await startService({ hookUrl: hook.url })
})
afterEach(async () => {
  await service.close()
  await hook.close()
})

const screen = async (order: object): Promise<OrderAnswer> => {
  const { status, body } = await service.send('/orders', order)
  expect(status).toBe(200)
  return body as unknown as OrderAnswer
}
const tokenOn = (html: string): string => /name="token" value="([^"]+)"/.exec(html)?.[1] ?? ''
const decide = async (orderId: string, decision: string, note = '') => {
  const { html } = await service.page(`/orders/${orderId}`)
  return service.page(`/orders/${orderId}/decision`, { token: tokenOn(html), decision, note })
}

describe('an order', () => {
  test('is answered with a verdict, a score and reasons in words, signed', async () => {
    const { body, text, headers } = await service.send('/orders', badOrder())
    expect(body).toMatchObject({ assessment: { source: 'screening', verdict: 'NG' }, review: 'none' })
    const [first] = (body as unknown as OrderAnswer).reasons
    expect(first).toMatchObject({ code: 'address.forwarding', words: { ja: '転送業者の住所です' } })
    const problem = webhookProblem([secret], Object.fromEntries(headers), Buffer.from(text), Date.now())
    expect(problem).toBeUndefined()
  })

  test('by the door areq brings a signed extension', async () => {
    const order = goodOrder({ door: 'areq' })
    const { extension } = await screen(order)
    expect(extension).toMatchObject({ ...assessmentExtension, criticalityIndicator: false })
    const { jws } = (extension as { readonly data: { readonly jws: string } }).data
    const { payload, protectedHeader } = await compactVerify(jws, secretBytes(secret) ?? new Uint8Array())
    expect(protectedHeader.kid).toBe('screening')
    const assessment = assessmentSchema.parse(JSON.parse(Buffer.from(payload).toString()))
    expect(assessment.about.threeDSServerTransID).toBe(order.threeDSServerTransID)
  })

  test('by the door ahead is told to the issuer before the shop hears of it', async () => {
    const { told } = await screen(goodOrder({ door: 'ahead' }))
    expect(told).toBe(true)
    const [message] = hook.told
    expect(message).toMatchObject({ path: '/hook/assessments', body: { source: 'screening', verdict: 'OK' } })
    expect(message?.headers['sekisho-source']).toBe('screening')
    const bytes = Buffer.from(JSON.stringify(message?.body))
    expect(webhookProblem([secret], message?.headers ?? {}, bytes, Date.now())).toBeUndefined()
  })

  test('by the door asked names the service, which then answers the issuer', async () => {
    const order = goodOrder({ door: 'asked' })
    const { extension } = await screen(order)
    expect(extension).toMatchObject({ data: { ask: 'screening' } })
    const about = { threeDSServerTransID: String(order.threeDSServerTransID).toUpperCase() }
    const asked = await service.send('/assess', { type: 'assessment.requested', about })
    expect(assessmentSchema.parse(asked.body).verdict).toBe('OK')
    expect((await service.send('/assess', { about: { threeDSServerTransID: randomUUID() } })).status).toBe(204)
  })

  test('is told of an issuer that does not take it', async () => {
    await hook.close()
    expect(await screen(goodOrder({ door: 'ahead' }))).toMatchObject({ told: false, assessment: { verdict: 'OK' } })
    hook = await startHook()
  })

  test('that comes again keeps its word, for another transaction too', async () => {
    const order = doubtfulOrder()
    const first = await screen(order)
    const next = randomUUID()
    const again = await screen({ ...order, threeDSServerTransID: next })
    expect(again.assessment).toMatchObject({ verdict: first.assessment.verdict, about: { threeDSServerTransID: next } })
    expect(service.store.newest(9)).toHaveLength(1)
  })
})

describe('what is not accepted', () => {
  test.each([
    ['no signature', { 'webhook-signature': '' }, 401],
    ['another signature', { 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` }, 401],
    ['another type', { 'content-type': 'text/plain' }, 415],
  ])('%s', async (_name, change, status) => {
    expect((await service.send('/orders', goodOrder(), change)).status).toBe(status)
  })

  test('a message of ten minutes ago, and the same message twice', async () => {
    const body = JSON.stringify(goodOrder())
    const old = webhookHeaders(secret, 'msg_old', Date.now() - 600_000, body)
    expect((await service.send('/orders', body, { ...old })).status).toBe(401)
    const now = webhookHeaders(secret, 'msg_now', Date.now(), body)
    expect((await service.send('/orders', body, { ...now })).status).toBe(200)
    expect((await service.send('/orders', body, { ...now })).status).toBe(409)
  })

  test.each([
    ['no JSON', '{', 400],
    ['a member that nobody knows', { ...goodOrder(), more: 1 }, 400],
    ['an order id that is a path', goodOrder({ orderId: '../x' }), 400],
    ['a whole card number', goodOrder({ card: '4111 1111 1111 1111' }), 400],
    ['a body beyond the limit', 'x'.repeat(70_000), 413],
  ])('%s', async (_name, message, status) => {
    expect((await service.send('/orders', message)).status).toBe(status)
  })

  test('pages without an operator, and forms of others', async () => {
    const closed = await startService({ mayOperate: undefined })
    expect((await closed.page('/')).status).toBe(403)
    await closed.close()
    const { assessment } = await screen(doubtfulOrder())
    const { orderId = '' } = assessment.about
    expect((await service.page(`/orders/${orderId}/decision`, { token: 'x', decision: 'passed' })).status).toBe(403)
    expect((await service.page('/orders/none')).status).toBe(404)
  })
})

describe('a person', () => {
  test('finds a REVIEW in the queue, passes it on, and the issuer hears of it', async () => {
    const order = doubtfulOrder()
    expect(await screen(order)).toMatchObject({ review: 'open', assessment: { verdict: 'REVIEW' } })
    expect((await service.page('/reviews')).html).toContain(`data-order="${order.orderId}"`)
    await decide(order.orderId, 'passed', 'rang her up')
    expect((await service.send('/states', { orderId: order.orderId })).body).toMatchObject({
      review: 'passed',
      note: 'rang her up',
    })
    expect(await screen(order)).toMatchObject({ assessment: { verdict: 'OK' } })
    expect(hook.told.at(-1)).toMatchObject({
      path: '/hook/feedback',
      body: { kind: 'review', verdict: 'OK', note: 'rang her up' },
    })
  })

  test('tells the issuer as much of a note as it takes, and nobody a card number', async () => {
    const order = doubtfulOrder()
    await screen(order)
    const note = `card 4111 1111 1111 1111 ${'x'.repeat(400)}`
    await decide(order.orderId, 'stopped', note)
    const told = String(hook.told.at(-1)?.body.note)
    expect(told).toMatch(/^card ••• x+$/)
    expect(told.length).toBeLessThanOrEqual(200)
    const { html } = await service.page(`/orders/${order.orderId}`)
    expect(html).toContain('x'.repeat(400))
    expect(html).not.toContain('4111 1111')
  })

  test('stops one; a decision is made once', async () => {
    const order = doubtfulOrder()
    await screen(order)
    await decide(order.orderId, 'held')
    expect(service.store.find(order.orderId)?.review).toBe('held')
    await decide(order.orderId, 'stopped')
    await decide(order.orderId, 'passed')
    const { assessment } = await screen(order)
    expect(assessment).toMatchObject({ verdict: 'NG' })
    expect(assessment.reasons[0]).toBe('person.stopped')
  })

  test('sees what came from outside as text', async () => {
    const order = goodOrder({ buyer: { name: '<script>alert(1)</script>', email: 'a@example.com' } })
    await screen(order)
    const { html } = await service.page(`/orders/${order.orderId}`)
    expect(html).toContain('&lt;script&gt;')
    expect(html).not.toContain('<script>')
  })
})

describe('what became of a payment', () => {
  const tell = (message: object) => service.send('/outcomes', message)

  test('is counted by verdict', async () => {
    const [good, bad] = [goodOrder(), badOrder()]
    await screen(good)
    await screen(bad)
    await tell({ orderId: good.orderId, ending: 'approved', transStatus: 'Y', wasChallenged: false })
    await tell({ orderId: bad.orderId, ending: 'notAuthenticated', transStatus: 'N', wasChallenged: true })
    await tell({ threeDSServerTransID: bad.threeDSServerTransID, label: 'fraud' })
    const of = (verdict: string) => service.store.tallies().find((tally) => tally.verdict === verdict)
    expect(of('OK')).toMatchObject({ count: 1, approved: 1, fraud: 0 })
    expect(of('NG')).toMatchObject({ count: 1, challenged: 1, refused: 1, fraud: 1, stoppedYen: 1_480, fraudYen: 0 })
    const { html } = await service.page('/')
    expect(html).toMatch(/data-testid="learnt-caught">100%/)
  })

  test('puts the person of a fraud onto the shared list: the next order is NG, in any spelling', async () => {
    const order = goodOrder()
    await screen(order)
    await tell({ orderId: order.orderId, ending: 'approved' })
    await tell({ orderId: order.orderId, label: 'chargeback' })
    expect(hook.told.at(-1)).toMatchObject({ path: '/hook/feedback', body: { kind: 'chargeback' } })
    const next = goodOrder({ buyer: { name: 'Somebody Else', email: 'HANAKO@example.com' }, device: {} })
    const { assessment } = await screen(next)
    expect(assessment).toMatchObject({ verdict: 'NG' })
    expect(assessment.signals?.sharedList).toContainEqual({ kind: 'email', reason: 'chargeback', merchants: 1 })
    expect((await service.page('/lists')).html).not.toContain('hanako@')
  })

  test('is told to the issuer each time that it changes, under names of its own', async () => {
    const order = goodOrder()
    await screen(order)
    const from = hook.told.length
    for (const label of ['fraud', 'confirmedGood', 'fraud']) await tell({ orderId: order.orderId, label })
    const told = hook.told.slice(from).map(({ body }) => body)
    expect(told.map(({ kind }) => kind)).toEqual(['fraud', 'confirmedGood', 'fraud'])
    expect(new Set(told.map(({ id }) => id)).size).toBe(3)
  })

  test('of a good end makes the person known', async () => {
    const order = goodOrder()
    await screen(order)
    await tell({ orderId: order.orderId, ending: 'approved' })
    const { assessment } = await screen(goodOrder())
    expect(assessment.reasons).toEqual(expect.arrayContaining(['device.known', 'address.same-again']))
  })

  test('comes by the webhooks of the issuer too', async () => {
    const order = goodOrder()
    await screen(order)
    const { threeDSServerTransID } = order
    const sent = {
      type: 'result.sent',
      timestamp: '2026-01-01T00:00:00Z',
      data: { threeDSServerTransID, transStatus: 'N' },
    }
    expect((await tell(sent)).body).toEqual({ isKnown: true })
    expect(service.store.find(order.orderId)?.transStatus).toBe('N')
    const unknown = { ...sent, data: { threeDSServerTransID: randomUUID(), transStatus: 'Y' } }
    expect((await tell(unknown)).body).toEqual({ isKnown: false })
  })

  test('of an order that nobody knows is 404', async () => {
    expect((await tell({ orderId: 'nobody', ending: 'approved' })).status).toBe(404)
  })
})

test('a first-time price again is found by the telephone, under another account and mail', async () => {
  const first = goodOrder({ firstTimeOffer: true })
  await screen({ ...first, buyer: { ...first.buyer, accountId: 'one' } })
  const buyer = { ...first.buyer, accountId: 'two', email: 'other@example.com' }
  const hopping = goodOrder({ firstTimeOffer: true, buyer })
  const { assessment } = await screen(hopping)
  expect(assessment).toMatchObject({ verdict: 'REVIEW', signals: { firstTimeOffer: true } })
  expect(assessment.reasons[0]).toBe('offer.first-time-again')
})

test('a line of the list is added and removed by hand', async () => {
  const { html } = await service.page('/lists')
  const token = tokenOn(html)
  const line = { token, kind: 'phone', value: '090-1234-0311', reason: 'abuse', days: '30', note: 'returned bricks' }
  expect((await service.page('/lists', { ...line, value: '' })).html).toContain('data-testid="wrong"')
  await service.page('/lists', line)
  expect((await screen(goodOrder())).assessment.verdict).toBe('NG')
  const [entry] = service.store.lists(Date.now())
  expect(entry).toMatchObject({ shown: '•••• 0311', merchants: ['by hand'] })
  await service.page('/lists/remove', { token, kind: 'phone', key: entry?.key ?? '', reason: 'abuse' })
  expect((await screen(goodOrder({ orderId: 'next' }))).assessment.verdict).toBe('OK')
})
