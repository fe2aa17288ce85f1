// Policies and lists over the API, and what they do to the payments that come and those that came.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basisOf } from '../../src/acs/kept-inputs.ts'
import { decideAgain } from '../../src/risk/again.ts'
import { loadPolicy, policyHashOf } from '../../src/risk/policy.ts'
import { api, put } from '../http/support.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { fixtureMessage } from '../support/spec-fixtures.ts'
import { withChallengeAt } from './support.ts'

/** So little is challenged that a payment of which little is told passes. */
const lax = withChallengeAt(3)
let sekisho: Running
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
  const policy = path.join(folder, 'lax.yaml')
  writeFileSync(policy, lax)
  sekisho = await running({ only: ['acs'], unknownCards: 'engine', validation: 'lenient', policy })
})
afterAll(async () => {
  await sekisho.close()
  rmSync(folder, { recursive: true })
})

const riskCard = '4111110000009999'
const pay = async (change: Members = {}): Promise<Members> =>
  (await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: riskCard, ...change }))).body
const ask = (path: string, body: unknown, method = 'POST') => put(sekisho, path, body, method)
const runs = async (): Promise<string> => {
  const { body } = await api(sekisho, '/policies')
  return (body.running as { hash: string }).hash
}
/** Everything is challenged. */
const strict = withChallengeAt(-99).replace('name: default', 'name: strict')
const publish = async (text: string) => ask('/policies/publish', { text, basedOn: await runs(), note: 'for a test' })

test('a draft is written, looked at, published and gone back from, and each payment knows its policy', async () => {
  const before = await runs()
  expect(before).toBe(policyHashOf(lax))
  const saved = await api(sekisho, '/policies/draft', {
    method: 'PUT',
    headers: { 'content-type': 'text/yaml' },
    body: `${strict}nonsense: 1\n`,
  })
  expect(saved).toMatchObject({ status: 200, body: { revision: 1, isStale: false } })
  const line = strict.split('\n').length
  expect(saved.body.problems).toMatchObject([{ path: 'nonsense', line }])
  expect(await ask('/policies/publish', { basedOn: before })).toMatchObject({
    status: 400,
    body: { path: 'nonsense', problems: [{ line }] },
  })
  expect(await ask('/policies/draft', { text: strict, revision: 0 }, 'PUT')).toMatchObject({ status: 409 })
  expect(await ask('/policies/draft', { text: strict, revision: 1 }, 'PUT')).toMatchObject({ body: { problems: [] } })
  expect((await ask('/policies/diff', {})).body).toEqual({
    changes: [
      { part: 'name', path: 'name', what: 'changed', from: 'default', to: 'strict' },
      { part: 'thresholds', path: 'thresholds.challenge', what: 'changed', from: 3, to: -99 },
    ],
  })

  const first = await pay()
  expect(first.transStatus).toBe('Y')
  expect(await ask('/policies/publish', { basedOn: '0123456789abcdef' })).toMatchObject({ status: 409 })
  const published = await ask('/policies/publish', { basedOn: before, note: 'a trial' })
  expect(published).toMatchObject({ status: 201, body: { kind: 'published', by: 'api', note: 'a trial', runs: true } })
  const second = await pay()
  expect(second.transStatus).toBe('C')
  expect((await api(sekisho, '/policy')).body).toMatchObject({ name: 'strict' })
  expect((await api(sekisho, '/policies')).body).toMatchObject({ draft: null })

  expect(await ask('/policies/releases/1/roll-back', { note: 'enough' })).toMatchObject({
    status: 201,
    body: { kind: 'rolledBack', of: 1, hash: before },
  })
  expect((await pay()).transStatus).toBe('Y')
  const { body: history } = await api(sekisho, '/policies/releases')
  expect((history.releases as Members[]).map(({ kind, runs: isRunning }) => [kind, isRunning])).toEqual([
    ['rolledBack', true],
    ['published', false],
    ['start', false],
  ])
  const rows = (await sekisho.store?.transactions({ tenant: 0, limit: 3 })) ?? []
  expect(rows.map(({ details }) => details.policyHash)).toEqual([before, policyHashOf(strict), before])
  expect((await api(sekisho, `/policies/texts/${policyHashOf(strict)}`)).body).toMatchObject({ text: strict })
  expect((await api(sekisho, '/policies/texts/0123456789abcdef')).status).toBe(404)
})

test('policies that come with Sekisho begin a draft, and all of them are valid', async () => {
  const { body } = await api(sekisho, '/policies/shipped')
  const names = (body.policies as { name: string }[]).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['default', 'never-challenge', 'rules-eu']))
  const { body: one } = await api(sekisho, '/policies/shipped/never-challenge')
  expect((await ask('/policies/check', { text: one.text })).body).toMatchObject({ problems: [] })
  expect((await api(sekisho, '/policies/shipped/nothing')).status).toBe(404)
})

test('an entry of a list holds at once, whatever policy runs, and its value is not shown again', async () => {
  const card = '4111110000008888'
  expect((await pay({ acctNumber: card })).transStatus).toBe('Y')
  const added = await ask('/lists/deny', { kind: 'card', value: card, reason: 'reported stolen' })
  expect(added).toMatchObject({ status: 201, body: { value: '411111******8888', isHashed: true, force: 'inForce' } })
  expect(await pay({ acctNumber: card })).toMatchObject({ transStatus: 'R', transStatusReason: '11' })
  const { body: list } = await api(sekisho, '/lists/deny')
  expect(list).toMatchObject({ total: 1, entries: [{ reason: 'reported stolen' }] })
  const csv = await (await fetch(`${sekisho.acs}/api/v1/lists/deny/csv`)).text()
  for (const told of [JSON.stringify(list), csv, sekisho.log()]) expect(told).not.toContain(card)
  const entry = `/lists/deny/${String(added.body.id)}`
  expect((await api(sekisho, entry, { method: 'DELETE' })).status).toBe(204)
  expect((await pay({ acctNumber: card })).transStatus).toBe('Y')
  const imported = await api(sekisho, '/lists/allow/csv', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: csv.replaceAll('\r', ''),
  })
  expect(imported.body).toEqual({ added: 1, changed: 0 })
  const { body: changes } = await api(sekisho, '/lists/changes')
  expect((changes.changes as Members[]).map(({ what }) => what)).toEqual(['imported', 'removed', 'added'])
})

test('the mail box of a payment is listed by the payment', async () => {
  const { acsTransID } = await pay({ email: 'taro@cardholder.example' })
  const body = { kind: 'email', transaction: acsTransID, reason: 'disputed' }
  expect(await ask('/lists/deny', body)).toMatchObject({ status: 201, body: { isHashed: true } })
  expect((await pay({ email: 'Taro@cardholder.example' })).transStatus).toBe('R')
  expect(await ask('/lists/deny', { ...body, transaction: crypto.randomUUID() })).toMatchObject({ status: 404 })
})

describe('a back-test', () => {
  test('decides stored payments again, side by side, and changes nothing', async () => {
    await publish(withChallengeAt(2.5))
    for (let i = 0; i < 3; i++) await pay({ acctNumber: `411111000007${i}000` })
    await pay({ acctNumber: '4000000000007700' })
    const transactions = await sekisho.store?.transactions({ tenant: 0, limit: 500 })
    const { status, body } = await ask('/policies/backtest', { text: strict })
    expect(status).toBe(200)
    const count = transactions?.length ?? 0
    expect(body).toMatchObject({
      running: { name: 'default' },
      draft: { name: 'strict' },
      searched: count,
      replayed: count,
      isComplete: true,
      notWeighed: [],
    })
    const outcomes = body.outcomes as { transStatus: string; stored: number; running: number; draft: number }[]
    for (const column of ['stored', 'running', 'draft'] as const)
      expect(outcomes.reduce((sum, row) => sum + row[column], 0)).toBe(count)
    const passed = outcomes.find(({ transStatus }) => transStatus === 'Y')
    // The card on the list of the good passes all the same.
    expect(passed?.draft).toBeGreaterThan(0)
    const changed = (passed?.running ?? 0) - (passed?.draft ?? 0)
    expect(changed).toBeGreaterThan(2)
    expect(body).toMatchObject({ changed, moves: [{ from: 'Y', to: 'C', count: changed }] })
    expect((body.payments as Members[])[0]).toMatchObject({
      running: { transStatus: 'Y' },
      draft: { transStatus: 'C' },
      why: { weights: [], thresholds: { from: [2.5, 3.5], to: [-99, 3.5] } },
    })
    expect(await sekisho.store?.transactions({ tenant: 0, limit: 500 })).toEqual(transactions)
    expect((await ask('/policies/backtest', { text: strict, limit: 2 })).body).toMatchObject({
      searched: 2,
      isComplete: false,
    })
    const until = transactions?.[1]?.at ?? 0
    expect((await ask('/policies/backtest', { text: strict, until })).body.searched).toBe(
      transactions?.filter(({ at }) => at < until).length,
    )
  })

  test('by the policy that runs changes nothing; what it would weigh otherwise is said', async () => {
    expect((await ask('/policies/backtest', { hash: await runs() })).body).toMatchObject({ changed: 0, payments: [] })
    const other = strict.replace(/^base: .*$/m, 'base: -3')
    const { body } = await ask('/policies/backtest', { text: other })
    expect((body.payments as Members[])[0]).toMatchObject({ why: { weights: [{ part: 'base', from: -4, to: -3 }] } })
    expect(await ask('/policies/backtest', { text: 'base: x' })).toMatchObject({ status: 400 })
    expect(await ask('/policies/backtest', { hash: '0123456789abcdef' })).toMatchObject({ status: 404 })
  })
})

test('every payment of the fixtures is decided from what was kept as it was then', async () => {
  const suites = readdirSync(new URL('../../spec-fixtures/', import.meta.url)).filter((name) =>
    /^areq-(app|browser|3ri)-(npa-)?2\d\d$/.test(name),
  )
  expect(suites.length).toBeGreaterThan(10)
  const answered = await Promise.all(
    suites.flatMap((suite) =>
      (['base-minimal', 'base-full'] as const).map((base) =>
        post(`${sekisho.acs}/acs/areq`, {
          ...fixtureMessage(suite, base),
          threeDSServerTransID: crypto.randomUUID(),
          dsTransID: crypto.randomUUID(),
        }),
      ),
    ),
  )
  const ids = answered.flatMap(({ body }) => (body.messageType === 'ARes' ? [String(body.acsTransID)] : []))
  expect(ids).toHaveLength(suites.length * 2)
  const policy = loadPolicy(withChallengeAt(2.5))
  for (const acsTransID of ids) {
    const [row] = (await sekisho.store?.transactions({ tenant: 0, acsTransID, limit: 1 })) ?? []
    if (row === undefined) throw new Error(`${acsTransID} is not kept`)
    const journal = (await sekisho.store?.journalOf(row.id)) ?? []
    const basis = basisOf(row, journal.find(({ messageType }) => messageType === 'AReq')?.masked)
    if (basis === undefined) throw new Error(`${acsTransID} cannot be decided again`)
    const { score, decision } = decideAgain(basis, policy)
    expect(row.details.policyHash).toBe(policy.hash)
    expect(score).toBe(row.score)
    expect(decision).toMatchObject((row.details.engine ?? row.details.decision) as Members)
  }
})
