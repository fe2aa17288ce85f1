// The journal by its API: everything that was said, by whatever it is searched.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entry } from '../../src/journal/entry.ts'
import { browserAReq, post, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import {
  apiJson,
  buy,
  challenged,
  fourPayments,
  frictionless,
  openChallenge,
  type Purchase,
  seeded,
} from './support.ts'

let sekisho: Running
let tenant: Running
let payments: readonly Purchase[]
beforeAll(async () => {
  sekisho = await running()
  tenant = await seeded(sekisho, 'search', 'search')
  payments = await fourPayments(tenant)
})
afterAll(() => sekisho.close())

interface Found {
  readonly entries: readonly Entry[]
  readonly next?: string
}

async function find(
  query: Record<string, string> | readonly (readonly [string, string])[],
  of = tenant,
): Promise<Found> {
  const { status, body } = await apiJson(
    of,
    `/journal?${new URLSearchParams(query as Record<string, string>).toString()}`,
  )
  expect(status, JSON.stringify(body)).toBe(200)
  return body as unknown as Found
}

const said = ({ link, messageType, message }: Entry): string =>
  `${link} ${messageType ?? (message as { page?: string; action?: string; event?: string }).page ?? (message as { action?: string }).action ?? (message as { event?: string }).event}`

describe('a transaction', () => {
  test('is told as ACS, DS and 3DS Server saw it, newest first', async () => {
    const { acsTransID } = payments[2] as Purchase
    const { entries } = await find({ acsTransID, limit: '100' })
    const story = entries.toReversed().map(said)
    expect(story).toEqual([
      'Requestor→3DSS versioning',
      '3DSS→Requestor versioning',
      'browser→3DSS threeDSMethod',
      'Requestor→3DSS authenticate',
      '3DSS→DS AReq',
      'DS→ACS AReq',
      'ACS→DS ARes',
      'DS→3DSS ARes',
      '3DSS→Requestor authenticate',
      'browser→ACS CReq',
      'ACS→browser challenge',
      'ACS→mail mail',
      'browser→ACS verify',
      'ACS→browser challenge',
      'browser→ACS verify',
      'ACS→DS RReq',
      'DS→3DSS RReq',
      '3DSS→DS RRes',
      'DS→ACS RRes',
      'ACS→browser CRes',
      'browser→3DSS CRes',
      'Requestor→3DSS status',
      '3DSS→Requestor status',
    ])
    expect(entries.every((entry) => entry.acsTransID === acsTransID)).toBe(true)
  })

  test.each(['threeDSServerTransID', 'dsTransID'] as const)('is found by %s, too', async (name) => {
    const { acsTransID } = payments[0] as Purchase
    const [entry] = (await find({ acsTransID })).entries
    const id = String(entry?.[name])
    const { entries } = await find({ [name]: id.toUpperCase(), messageType: 'ARes' })
    expect(entries.map(({ link }) => link)).toEqual(['DS→3DSS', 'ACS→DS'])
  })

  test('is paged', async () => {
    const { acsTransID } = payments[2] as Purchase
    const all = (await find({ acsTransID, limit: '100' })).entries.map(({ id }) => id)
    const pages: (string | number)[] = []
    for (let before: string | undefined = '0'; before !== undefined; ) {
      const page: Found = await find({ acsTransID, limit: '7', before })
      pages.push(...page.entries.map(({ id }) => id))
      before = page.next
    }
    expect(pages).toEqual(all)
  })

  test('carries the decision source, and of each message when and how long', async () => {
    const { acsTransID } = payments[1] as Purchase
    const { entries } = await find({ acsTransID, messageType: 'ARes', link: 'ACS-DS' })
    expect(entries).toMatchObject([{ decidedBy: 'engine', by: 'ACS', httpStatus: 200, durationMs: expect.any(Number) }])
    expect(entries[0]?.headers).toMatchObject({ 'x-response-id': acsTransID })
  })
})

describe('the whole journal', () => {
  test('is gone through in pages, each entry once, the newest first', async () => {
    const seen: (string | number)[] = []
    let last = Number.POSITIVE_INFINITY
    for (let before: string | undefined, page = 0; page < 100; page += 1) {
      const found: Found = await find({ limit: '9', ...(before !== undefined && { before }) })
      for (const { id, at } of found.entries) {
        seen.push(id)
        expect(at).toBeLessThanOrEqual(last)
        last = at
      }
      before = found.next
      if (before === undefined) break
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThan(60)
  })

  test.each([
    [{ messageType: 'RReq' }, ['DS→3DSS RReq', 'ACS→DS RReq', 'DS→3DSS RReq', 'ACS→DS RReq']],
    [{ link: 'ACS→mail' }, ['ACS→mail mail', 'ACS→mail mail']],
    [{ event: 'cancel' }, ['browser→ACS cancel']],
    [{ element: 'purchaseAmount=990', link: 'DS→ACS' }, ['DS→ACS AReq']],
    [{ element: 'transStatus=N', messageType: 'CRes' }, ['browser→3DSS CRes', 'ACS→browser CRes']],
    [{ element: 'merchantRiskIndicator.shipIndicator=02' }, []],
    [{ text: 'CHALLENGECANCEL":"01', link: 'ACS-DS' }, ['ACS→DS RReq']],
    [{ messageType: 'PReq' }, ['3DSS→DS PReq']],
  ])('is searched by %j', async (query, expected) => {
    expect((await find(query)).entries.map(said)).toEqual(expected)
  })

  test('is searched by several elements at once', async () => {
    const both = [
      ['element', 'transStatus=C'],
      ['element', 'messageVersion=2.3.1'],
      ['link', 'ACS-DS'],
    ] as const
    expect((await find(both)).entries).toHaveLength(2)
    expect((await find([...both, ['element', 'eci=05']])).entries).toHaveLength(0)
  })

  test('is searched by the time of the tenant', async () => {
    expect((await find({ from: '2026-01-01T00:00:01Z' })).entries).toEqual([])
    expect((await find({ to: '2026-01-01T00:00:00Z', limit: '1' })).entries).toHaveLength(1)
  })

  test.each([
    [{ link: 'ACS→moon' }, 'link'],
    [{ element: 'nothing' }, 'element'],
    [{ element: `x=${frictionless}` }, 'element'],
    [{ text: frictionless }, 'text'],
    [{ before: 'abc' }, 'before'],
    [{ errorCode: '1' }, 'errorCode'],
    [{ nonsense: '1' }, 'nonsense'],
  ])('says what is wrong with %j', async (query: Record<string, string>, path) => {
    const { status, body } = await apiJson(tenant, `/journal?${new URLSearchParams(query).toString()}`)
    expect({ status, path: body.path }).toEqual({ status: 400, path })
    expect(JSON.stringify(body)).not.toContain(frictionless)
  })
})

describe('what was refused', () => {
  test('is there with its findings, by the ids that it names', async () => {
    const areq = browserAReq({ purchaseAmount: 'much', acctNumber: frictionless })
    const { body } = await post(`${tenant.acs}/acs/areq`, areq)
    expect(body.errorCode).toBe('203')
    const { entries } = await find({ threeDSServerTransID: String(areq.threeDSServerTransID) })
    expect(entries.map(said)).toEqual(['ACS→DS Erro', 'DS→ACS AReq'])
    expect(entries[1]?.findings).toMatchObject([{ errorCode: '203', element: 'purchaseAmount' }])
    const byCode = (await find({ errorCode: '203' })).entries
    expect(byCode.map(said)).toEqual(['ACS→DS Erro', 'DS→ACS AReq'])
    expect(JSON.stringify(byCode)).not.toContain(frictionless)
  })

  test('is there when its body was not even read', async () => {
    const other = await seeded(sekisho, 'unread', 'x')
    await fetch(`${other.acs}/acs/areq`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', cookie: 'secret=1', authorization: 'Bearer secret' },
      body: '{}',
    })
    const { entries } = await find({}, other)
    expect(entries).toMatchObject([
      { link: 'ACS→DS', messageType: 'Erro', httpStatus: 415, message: { errorCode: '101' } },
      { link: 'DS→ACS', message: { event: 'refused', method: 'POST' }, headers: { 'content-type': 'text/plain' } },
    ])
    expect(JSON.stringify(entries)).not.toMatch(/secret|cookie|authorization/i)
  })

  test('is there when it is an Erro of the DS, or a CReq of nobody', async () => {
    const other = await seeded(sekisho, 'strange', 'x')
    const { threeDSServerTransID } = await buy(other, frictionless)
    await post(`${other.acs}/acs/areq`, {
      messageType: 'Erro',
      messageVersion: '2.2.0',
      threeDSServerTransID,
      errorCode: '101',
      errorComponent: 'D',
      errorDescription: 'x',
      errorDetail: 'x',
      errorMessageType: 'AReq',
    })
    const [erro] = (await find({ errorCode: '101' }, other)).entries
    expect(erro).toMatchObject({ link: 'DS→ACS', messageType: 'Erro', message: { errorComponent: 'D' } })
    await postForm(`${other.acs}/acs/challenge`, { creq: 'bm90IGEgbWVzc2FnZQ' })
    expect((await find({ link: 'browser→ACS' }, other)).entries).toMatchObject([
      { messageType: 'CReq', message: 'not a message' },
    ])
    expect((await find({ link: 'ACS→browser' }, other)).entries).toMatchObject([
      { message: { page: 'error', errorCode: '101' } },
    ])
  })
})

test('a message that met a fault is found by it, with what left in its place', async () => {
  const other = await seeded(sekisho, 'faulty', 'x')
  const { status, body } = await apiJson(other, '/faults', {
    link: 'ACS-DS',
    message: 'ARes',
    times: 1,
    fault: { kind: 'set', element: 'eci', value: '07' },
  })
  expect(status, JSON.stringify(body)).toBe(201)
  await buy(other, frictionless)
  const { entries } = await find({ fault: 'any' }, other)
  expect(entries).toMatchObject([{ link: 'ACS→DS', message: { eci: '05' }, sent: { eci: '07' } }])
  expect((await find({ fault: 'drip' }, other)).entries).toEqual([])
})

test('the browser of a challenge is there with the headers worth keeping', async () => {
  const purchase = await buy(tenant, challenged)
  await openChallenge(tenant, purchase)
  const { entries } = await find({ acsTransID: purchase.acsTransID, link: 'browser-ACS' })
  expect(entries[0]?.headers).toMatchObject({ 'user-agent': expect.any(String), accept: expect.any(String) })
})
