// Assertions: so, not so, not yet, never; and what is said when it is not so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { apiJson, buy, challenged, frictionless, openChallenge, otherThan, type Purchase, seeded } from './support.ts'

let sekisho: Running
let tenant: Running
beforeAll(async () => {
  sekisho = await running()
  tenant = await seeded(sekisho, 'verify', 'verify')
})
afterAll(() => sekisho.close())

interface Verdict {
  readonly ok: boolean
  readonly expected: string
  readonly count: number
  readonly found: readonly Members[]
  readonly difference?: string
}

async function verified(expectation: Members, of = tenant): Promise<Verdict> {
  const { status, body } = await apiJson(of, '/verify', expectation)
  expect(status, JSON.stringify(body)).toBe(200)
  return body as unknown as Verdict
}

async function passed(): Promise<Purchase> {
  const purchase = await buy(tenant, challenged)
  const visit = await openChallenge(tenant, purchase)
  await visit.answer('verify', await visit.code())
  return purchase
}

describe('a count', () => {
  test('is decided at once for a transaction of which nothing can follow', async () => {
    const { acsTransID } = await passed()
    // A minute is longer than a test may take: it is not waited for.
    const verdict = await verified({
      match: { messageType: 'RReq', acsTransID, where: { transStatus: 'Y' } },
      count: 1,
      within: '60s',
    })
    expect(verdict).toMatchObject({ ok: true, count: 1, expected: expect.stringContaining('exactly 1 RReq') })
    expect(verdict.found).toMatchObject([{ link: 'ACS→DS', message: { transStatus: 'Y' } }])
    expect(await verified({ match: { messageType: 'RReq', acsTransID }, count: 0, within: '60s' })).toMatchObject({
      ok: false,
      count: 1,
    })
  })

  test('without a number is one or more, and is true with the first', async () => {
    const { acsTransID } = await passed()
    expect(await verified({ match: { event: 'verify', acsTransID }, within: '60s' })).toMatchObject({
      ok: true,
      count: 1,
    })
  })

  test('says what came nearest, and where it differs', async () => {
    const { acsTransID } = await passed()
    const verdict = await verified({
      match: { messageType: 'RReq', acsTransID, where: { transStatus: 'N', transStatusReason: { present: true } } },
      count: 1,
    })
    expect(verdict).toMatchObject({ ok: false, count: 0, found: [] })
    expect(verdict.difference).toMatch(
      /^Expected exactly 1 RReq with acsTransID [0-9a-f-]{36}, transStatus "N", transStatusReason something\.\nFound 0\.\nNearest: RReq ACS→DS at 2026-01-01T00:00:00\.000Z \(entry \d+\)\n {2}transStatus: expected "N", was "Y"\n {2}transStatusReason: expected something, was nothing$/,
    )
  })

  test('that is too great names what there is too much of', async () => {
    const { acsTransID } = await buy(tenant, challenged)
    const visit = await openChallenge(tenant, {
      acsTransID,
      threeDSServerTransID: '',
      transStatus: 'C',
      creq: await creqOf(acsTransID),
    })
    await visit.answer('verify', otherThan(await visit.code()))
    const verdict = await verified({ match: { event: 'challenge', acsTransID }, count: { max: 1 } })
    expect(verdict.difference).toMatch(
      /^Expected at most 1 challenge .*\nFound 2:\n {2}event ACS→browser at .*\n {2}event/,
    )
  })

  test('of a message that is relayed is one; a link says which of them is meant', async () => {
    const { acsTransID, threeDSServerTransID } = await passed()
    expect(await verified({ match: { messageType: 'RReq', acsTransID }, count: 1 })).toMatchObject({ ok: true })
    expect(
      await verified({ match: { messageType: 'RReq', link: 'DS-3DSS', threeDSServerTransID }, count: 1 }),
    ).toMatchObject({ ok: true, found: [{ link: 'DS→3DSS' }] })
  })

  test('over all transactions needs no id', async () => {
    const own = await seeded(sekisho, 'count-all', 'x')
    await buy(own, frictionless)
    await buy(own, frictionless)
    expect(
      await verified({ match: { messageType: 'ARes', where: { transStatus: 'Y' } }, count: 2 }, own),
    ).toMatchObject({ ok: true })
    expect(
      await verified({ match: { messageType: 'AReq', link: '3DSS-DS' }, count: { min: 1, max: 2 } }, own),
    ).toMatchObject({ ok: true })
    expect(await verified({ match: { messageType: 'Erro' }, count: 0 }, own)).toMatchObject({ ok: true })
  })
})

/** The creq of an open challenge, as the 3DS Server would give it. */
async function creqOf(acsTransID: string): Promise<string> {
  const { body } = await apiJson(tenant, `/journal?acsTransID=${acsTransID}&link=3DSS-Requestor`)
  const answers = (body.entries as readonly { message: Members }[]).flatMap(({ message }) => message.creq ?? [])
  return String(answers[0])
}

describe('what is to come', () => {
  test('is waited for, and the answer is there when it has come', async () => {
    const { acsTransID, threeDSServerTransID, transStatus, creq } = await buy(tenant, challenged)
    const waiting = verified({ match: { messageType: 'RReq', acsTransID }, within: '60s' })
    const relayed = verified({ match: { messageType: 'RReq', link: 'DS-3DSS', threeDSServerTransID }, within: '60s' })
    const anybody = verified({ match: { event: 'cancel' }, count: { min: 1 }, within: '60s' })
    const visit = await openChallenge(tenant, { acsTransID, threeDSServerTransID, transStatus, creq })
    await visit.answer('cancel')
    expect(await waiting).toMatchObject({ ok: true, found: [{ message: { challengeCancel: '01' } }] })
    expect(await relayed).toMatchObject({ ok: true })
    expect(await anybody).toMatchObject({ ok: true })
  })

  test('does not come: the time is over, and it is said', async () => {
    const { acsTransID } = await buy(tenant, challenged)
    const verdict = await verified({ match: { messageType: 'RReq', acsTransID }, within: '50ms' })
    expect(verdict).toMatchObject({ ok: false, count: 0 })
    expect(verdict.difference).toMatch(
      /^Expected at least 1 RReq .* within 0\.05 s\.\nFound 0\.\nNearest: ARes ACS→DS /,
    )
  })

  test('must not come, and comes: it is false at once', async () => {
    const purchase = await buy(tenant, challenged)
    const { acsTransID } = purchase
    const never = verified({
      match: { messageType: 'RReq', acsTransID, where: { transStatus: 'Y' } },
      count: 0,
      within: '60s',
    })
    const visit = await openChallenge(tenant, purchase)
    await visit.answer('verify', await visit.code())
    expect(await never).toMatchObject({ ok: false, count: 1 })
  })
})

describe('an order', () => {
  test('is that of the messages', async () => {
    const { acsTransID } = await passed()
    const rreq = { messageType: 'RReq', acsTransID }
    const cres = { messageType: 'CRes', acsTransID }
    expect(await verified({ order: [{ messageType: 'ARes', acsTransID }, rreq, cres] })).toMatchObject({
      ok: true,
      count: 3,
    })
    const wrong = await verified({ order: [cres, rreq] })
    expect(wrong.ok).toBe(false)
    expect(wrong.difference).toMatch(
      /RReq with .* came before CRes with .*:\n {2}RReq ACS→DS at .*\n {2}CRes ACS→browser at /,
    )
  })

  test('that is not whole names what did not come', async () => {
    const { acsTransID } = await buy(tenant, challenged)
    const { difference } = await verified({
      order: [
        { messageType: 'ARes', acsTransID },
        { messageType: 'RReq', acsTransID },
      ],
    })
    expect(difference).toMatch(/\nRReq with .* did not come after ARes with /)
  })

  test('over all parties is told apart where the clock stands', async () => {
    const own = await seeded(sekisho, 'order-all', 'x')
    await buy(own, frictionless)
    const [asked, passedOn, answered, passedBack] = [
      { messageType: 'AReq', link: '3DSS-DS' },
      { messageType: 'AReq', link: 'DS-ACS' },
      { messageType: 'ARes', link: 'ACS-DS' },
      { messageType: 'ARes', link: 'DS-3DSS' },
    ]
    expect(await verified({ order: [asked, passedOn, answered, passedBack] }, own)).toMatchObject({ ok: true })
    expect(await verified({ order: [passedOn, asked] }, own)).toMatchObject({ ok: false })
  })
})

test('a card number is looked for as it is kept, and not repeated', async () => {
  const own = await seeded(sekisho, 'verify-pan', 'x')
  await buy(own, frictionless)
  const of = (acctNumber: unknown) => verified({ match: { messageType: 'AReq', where: { acctNumber } }, count: 1 }, own)
  expect(await of(frictionless)).toMatchObject({ ok: true })
  expect(await of({ oneOf: [challenged, frictionless] })).toMatchObject({ ok: true })
  const other = await of(challenged)
  expect(other).toMatchObject({ ok: false, difference: expect.stringContaining('400000******7700') })
  expect(JSON.stringify(other)).not.toContain(challenged)
  for (const match of [{ text: challenged }, { where: { [challenged]: 'x' } }]) {
    const answer = await verified({ match: { messageType: 'AReq', ...match }, count: 1 }, own)
    expect(answer.ok).toBe(false)
    expect(JSON.stringify(answer)).not.toContain(challenged)
    expect(JSON.stringify(answer)).toContain('400000******7700')
  }
})

test('a wait ends with its tenant, and nothing is said of what might have come', async () => {
  const own = await seeded(sekisho, 'verify-dropped', 'x')
  await buy(own, frictionless)
  const none = apiJson(own, '/verify', { match: { messageType: 'Erro' }, count: 0, within: '60s' })
  const waiting = apiJson(own, '/verify', { match: { messageType: 'Erro' }, within: '60s' })
  // Both have been taken in when this is answered.
  await apiJson(own, '/verify', { match: { messageType: 'AReq' } })
  await apiJson(own, '/reset', {})
  expect((await waiting).status).toBe(503)
  expect((await none).status).toBe(503)
})

test('curl -f hears it from the status', async () => {
  const { status, body } = await apiJson(tenant, '/verify?fail=true', { match: { messageType: 'Erro' } })
  expect(status).toBe(409)
  expect(body).toMatchObject({ ok: false, difference: expect.stringContaining('Expected at least 1 Erro.') })
  const { status: fine } = await apiJson(tenant, '/verify?fail=true', { match: { messageType: 'Erro' }, count: 0 })
  expect(fine).toBe(200)
})

test.each([
  [{}, 'match'],
  [{ match: { messageType: 'RReq' }, order: [{ event: 'a' }, { event: 'b' }] }, 'match'],
  [{ order: [{ event: 'a' }, { event: 'b' }], count: 1 }, 'count'],
  [{ match: { link: 'x-y' } }, 'match.link'],
  [{ match: { messageType: 'RReq' }, within: '2h' }, 'within'],
  [{ match: { messageType: 'RReq' }, count: -1 }, 'count'],
  [{ match: { messageType: 'RReq' }, count: { min: 2, max: 1 } }, 'count'],
])('%j is refused with the path of what is wrong', async (expectation, path) => {
  const { status, body } = await apiJson(tenant, '/verify', expectation)
  expect({ status, path: body.path }).toEqual({ status: 400, path })
})
