// A run as a file: out of one Sekisho, into another, and nothing of a file that is not right.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Running, running } from '../support/running.ts'
import { tenantOf } from '../tenants/support.ts'
import {
  apiJson,
  apiText,
  canonicalOf,
  fileOf,
  fourPayments,
  machineOn,
  type Purchase,
  risky,
  seeded,
} from './support.ts'

let here: Running
let there: Running
let run: Running
let file: string
let payments: readonly Purchase[]
beforeAll(async () => {
  here = await running()
  there = await running({}, { clock: machineOn('2027-07-07T00:00:00Z') })
  run = await seeded(here, 'run', 'a run')
  payments = await fourPayments(run)
  file = await fileOf(run)
})
afterAll(async () => {
  await here.close()
  await there.close()
})

const taken = async (of: Running, body: string) => {
  const response = await fetch(`${of.acs}/api/v1/journal/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const lines = (): string[] => file.trimEnd().split('\n')

test('its first line says what it is and where it comes from', () => {
  expect(JSON.parse(lines()[0] ?? '')).toMatchObject({
    format: 'sekisho-journal',
    formatVersion: 1,
    version: expect.any(String),
    tenant: 'run',
    seed: 'a run',
    clock: { mode: 'frozen', now: '2026-01-01T00:00:00.000Z' },
  })
})

describe('a run that was taken in by another Sekisho', () => {
  let guest: Running
  beforeAll(async () => {
    guest = tenantOf(there, 'guest')
    const { status, body } = await taken(guest, file)
    expect({ status, ...body }).toEqual({ status: 201, tenant: 'run', transactions: 4, messages: lines().length - 5 })
  })

  test('is the same run', async () => {
    const own = (await canonicalOf(run)).split('\n').slice(1)
    const others = (await canonicalOf(guest)).split('\n').slice(1)
    expect(others).toEqual(own)
    const { body } = await apiJson(guest, '/journal/diff', { b: file })
    expect(body).toMatchObject({ isEqual: true, text: expect.stringMatching(/^No difference/) })
  })

  test('is shown in list, record and journal with its ids', async () => {
    const { body: list } = await apiJson(guest, '/transactions?view=summary')
    const ids = (list.transactions as readonly { acsTransID: string }[]).map(({ acsTransID }) => acsTransID)
    expect(ids.toReversed()).toEqual(payments.map(({ acsTransID }) => acsTransID))
    const { acsTransID } = payments[2] as Purchase
    const [{ body: own }, { status, body: theirs }] = await Promise.all([
      apiJson(run, `/transactions/${acsTransID}`),
      apiJson(guest, `/transactions/${acsTransID}`),
    ])
    expect(status).toBe(200)
    for (const member of ['transStatus', 'decidedBy', 'resultStatus', 'delivery', 'evidence', 'features', 'waterfall'])
      expect(theirs[member], member).toEqual(own[member])
    const titles = (record: typeof own) => (record.timeline as readonly { title: unknown }[]).map(({ title }) => title)
    expect(titles(theirs)).toEqual(titles(own))
    const links = (record: typeof own) => (record.messages as readonly { link: string }[]).map(({ link }) => link)
    expect(links(theirs)).toEqual(links(own))
    const search = `/journal?acsTransID=${acsTransID}&limit=100`
    const story = async (of: Running) =>
      ((await apiJson(of, search)).body.entries as readonly { link: string; message: unknown; at: number }[]).map(
        ({ link, message, at }) => ({ link, message, at }),
      )
    expect(await story(guest)).toEqual(await story(run))
  })

  test('brings its labels along, which teach nobody, and are taken back as little', async () => {
    const { acsTransID } = payments[1] as Purchase
    const other = tenantOf(there, 'labels')
    const label = { kind: 'confirmedGood', note: 'told by the holder' }
    expect((await apiJson(run, `/transactions/${acsTransID}/label`, label, 'PUT')).status).toBe(200)
    const labelled = await fileOf(run)
    await fetch(`${run.acs}/api/v1/transactions/${acsTransID}/label`, { method: 'DELETE' })
    expect((await taken(other, labelled)).status).toBe(201)
    expect((await apiJson(other, `/transactions/${acsTransID}`)).body.label).toMatchObject(label)
    const path = `/transactions/${acsTransID}/label`
    expect((await fetch(`${other.acs}/api/v1${path}`, { method: 'DELETE' })).status).toBe(204)
    expect((await apiJson(other, `/transactions/${acsTransID}`)).body.label).toBeUndefined()
  })

  test('cannot be taken in twice, and the line is named', async () => {
    const { status, body } = await taken(guest, file)
    expect(status).toBe(422)
    expect(body.problems).toEqual(
      [2, 3, 4, 5].map((line) => ({
        line,
        path: 'acsTransID',
        message: 'a transaction with one of these ids is here already',
      })),
    )
  })

  test('goes on: the tenant takes payments of its own beside it', async () => {
    const before = (await apiJson(guest, '/transactions?view=summary')).body.transactions as readonly unknown[]
    await fourPayments(guest)
    const after = (await apiJson(guest, '/transactions?view=summary')).body.transactions as readonly unknown[]
    expect(after).toHaveLength(before.length + 4)
  })
})

describe('a file that is not right', () => {
  const changed = (line: number, change: (text: string) => string): string =>
    lines()
      .map((text, index) => (index + 1 === line ? change(text) : text))
      .join('\n')
  const members = (text: string, more: object): string => JSON.stringify({ ...(JSON.parse(text) as object), ...more })

  test.each([
    ['no JSON', () => changed(4, () => '{"kind":'), { line: 4, path: '', message: 'no JSON' }],
    ['another format', () => changed(1, (text) => members(text, { format: 'x' })), { line: 1, path: 'format' }],
    [
      'a later format',
      () => changed(1, (text) => members(text, { formatVersion: 2 })),
      { line: 1, path: 'formatVersion' },
    ],
    ['a bad id', () => changed(3, (text) => members(text, { acsTransID: 'x' })), { line: 3, path: 'acsTransID' }],
    [
      'a bad transStatus',
      () => changed(2, (text) => members(text, { transStatus: 'Q' })),
      { line: 2, path: 'transStatus' },
    ],
    [
      'a card number',
      () => changed(2, (text) => members(text, { panMask: '4000000000005100' })),
      { line: 2, path: 'panMask' },
    ],
    ['a strange link', () => changed(9, (text) => members(text, { link: 'A→B' })), { line: 9, path: 'link' }],
    ['another kind of line', () => changed(9, (text) => members(text, { kind: 'x' })), { line: 9, path: 'kind' }],
    ['a line twice', () => changed(3, () => lines()[1] ?? ''), { line: 3, path: 'acsTransID' }],
    ['no header', () => lines().slice(1).join('\n'), { line: 1, path: 'format' }],
    ['nothing in it', () => ' \n', { line: 1 }],
  ])('with %s is refused by its line, and nothing of it is kept', async (name, make, problem) => {
    const guest = tenantOf(there, `bad-${name.replaceAll(/[^a-z]/gi, '').toLowerCase()}`)
    const { status, body } = await taken(guest, make())
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { problems: expect.arrayContaining([expect.objectContaining(problem)]) },
    })
    expect(body.error).toMatch(new RegExp(`^nothing was taken in; line ${problem.line}: `))
    const { body: list } = await apiJson(guest, '/transactions')
    expect(list.transactions).toEqual([])
    expect((await apiJson(guest, '/journal')).body.entries).toEqual([])
    expect(JSON.stringify(body)).not.toContain('4000000000005100')
  })

  test.each([
    ['evidence of another form', 'details.evidence', { evidence: [null] }],
    ['a decision of another form', 'details.decision', { decision: { because: 'x' } }],
    ['a plan that is none', 'details.plan', { plan: 'x' }],
    ['facts without keys', 'details.facts.keys', { facts: {} }],
    ['facts that are no keys but a card number', 'details.facts.keys', { facts: { keys: { account: risky } } }],
    ['facts of other types', 'details.facts', { facts: { keys: { account: 'a'.repeat(32) }, challengeInds: 1 } }],
    ['fewer facts than are weighed', 'details.facts', { facts: { keys: { account: 'a'.repeat(32) } } }],
    ['fewer features than there are', 'details.features', { features: [1] }],
    ['inputs of another form', 'details.inputs', { inputs: { asked: null, card: {} } }],
    ['a hash that is none', 'details.policyHash', { policyHash: { a: 1 } }],
    ['a score for a sentence', 'details.evidence', { evidence: [['night', 'night.late', 1, { hour: { a: 1 } }]] }],
    ['a challenge without its times', 'challenge', { phase: 'awaitingAnswer' }],
    ['a verdict without its time', 'challenge', { phase: 'ended', verdict: { transStatus: 'Y' } }],
    ['a challenge that stands nowhere', 'challenge', { phase: 'x', until: 0 }],
  ])('with %s, which could not be shown, is refused', async (_name, path, wrong) => {
    const { status, body } = await taken(
      tenantOf(there, 'bad-record'),
      changed(2, (text) => {
        const { details } = JSON.parse(text) as { details: object }
        return members(text, path === 'challenge' ? { challenge: wrong } : { details: { ...details, ...wrong } })
      }),
    )
    expect({ status, body }).toMatchObject({
      status: 422,
      body: {
        problems: expect.arrayContaining([
          expect.objectContaining({ line: 2, path: expect.stringMatching(new RegExp(`^${path}`)) }),
        ]),
      },
    })
  })

  test('with a reason of a later version is shown', async () => {
    const guest = tenantOf(there, 'later-version')
    const evidence = [['a-later-check', 'a-later-reason', 1, {}]]
    const body = changed(2, (text) => {
      const { details } = JSON.parse(text) as { details: object }
      return members(text, { details: { ...details, evidence } })
    })
    expect((await taken(guest, body)).status).toBe(201)
    const { acsTransID } = JSON.parse(lines()[1] ?? '') as { acsTransID: string }
    expect(await apiText(guest, `/transactions/${acsTransID}`)).toContain('a-later-reason')
  })

  test('names every bad line', async () => {
    const body = lines()
      .map((text, index) => (index === 5 || index === 7 ? 'x' : text))
      .join('\n')
    const answer = await taken(tenantOf(there, 'two-bad'), body)
    expect((answer.body.problems as readonly { line: number }[]).map(({ line }) => line)).toEqual([6, 8])
  })
})

test('what was put into a file by hand is masked on its way in', async () => {
  const guest = tenantOf(there, 'by-hand')
  const pan = '4111110000000021'
  const byHand = lines()
    .map((text) => {
      const line = JSON.parse(text) as { kind?: string; messageType?: string; message?: object }
      return line.messageType === 'AReq'
        ? JSON.stringify({ ...line, message: { ...line.message, acctNumber: pan, cardSecurityCode: '123' }, raw: pan })
        : text
    })
    .join('\n')
  expect((await taken(guest, byHand)).status).toBe(201)
  for (const text of [await fileOf(guest), await canonicalOf(guest), await apiText(guest, '/journal?limit=500')]) {
    expect(text).toContain('411111******0021')
    expect(text).not.toContain(pan)
    expect(text).not.toContain('"123"')
  }
})

test('one transaction alone can be taken out', async () => {
  const { acsTransID } = payments[2] as Purchase
  const one = await apiText(run, `/journal/export?acsTransID=${acsTransID}`)
  const guest = tenantOf(there, 'one')
  expect((await taken(guest, one)).body).toMatchObject({ transactions: 1 })
  expect((await apiJson(run, '/journal/export?acsTransID=00000000-0000-4000-8000-000000000000')).status).toBe(404)
})
