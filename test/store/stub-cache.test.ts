// Stubs under group commit: a list in memory that never differs from what is on disk.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NewStub, Store, Stub } from '../../src/acs/ports.ts'
import { decodeProfile, encodeProfile } from '../../src/risk/profile-codec.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'

let store: Store

beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', encodeProfile, decodeProfile })
})
afterEach(() => store.close())

const planned = (change: Partial<NewStub> = {}): NewStub => ({
  tenant: 0,
  match: {},
  times: 3,
  priority: 0,
  plan: { transStatus: 'N' },
  createdAt: 1,
  ...change,
})
const add = (change: Partial<NewStub> = {}): Promise<Stub> => store.unit((unit) => unit.addStub(planned(change)))
/** Takes an answer of the first stub there is. */
const use = (): Promise<number | undefined> =>
  store.unit((unit) => {
    const [stub] = unit.stubs(0)
    if (stub === undefined) return undefined
    unit.useStub(stub)
    return stub.left
  })
const useAndFail = (): Promise<never> =>
  store.unit((unit) => {
    const [stub] = unit.stubs(0)
    if (stub !== undefined) unit.useStub(stub)
    throw new Error('bad unit')
  })

test('answers are used up one by one, then the stub is gone', async () => {
  await add()
  expect([await use(), await use(), await use(), await use()]).toEqual([3, 2, 1, undefined])
  expect(store.stubs(0)).toEqual([])
})

test('units of one group see what those before them used', async () => {
  await add()
  const left = await Promise.all(Array.from({ length: 5 }, use))
  expect(left).toEqual([3, 2, 1, undefined, undefined])
})

test('a unit that fails gives its answer back, and the others of its group use each one once', async () => {
  await add()
  const outcomes = await Promise.allSettled([use(), useAndFail(), use(), useAndFail(), use(), use()])
  const used = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))
  expect(used).toEqual([3, 'failed', 2, 'failed', 1, undefined])
  expect(store.stubs(0)).toEqual([])
})

test('a stub that was added or deleted by a unit that failed is not there, or there again', async () => {
  const kept = await add()
  await expect(
    store.unit((unit) => {
      unit.addStub(planned())
      unit.deleteStub(0, kept.id)
      throw new Error('bad unit')
    }),
  ).rejects.toThrow('bad unit')
  expect(store.stubs(0)).toEqual([kept])
  expect(await use()).toBe(3)
})

test('tenants have their own, and nobody deletes those of another', async () => {
  const [own, other] = [await add(), await add({ tenant: 1 })]
  expect([store.stubs(0), store.stubs(1)]).toEqual([[own], [other]])
  expect(await store.unit((unit) => unit.deleteStub(0, other.id))).toBe(false)
  expect(await store.unit((unit) => unit.deleteStub(1, other.id))).toBe(true)
  expect([store.stubs(0), store.stubs(1)]).toEqual([[own], []])
})

test('an id is never given again, also when its stub is gone', async () => {
  const first = await add()
  await store.unit((unit) => unit.deleteStub(0, first.id))
  expect((await add()).id).toBeGreaterThan(first.id)
})

test('a stub that expired before the time of a prune goes with it, and the others stay', async () => {
  const { id: old } = await add({ expiresAt: 10 })
  const { id: later } = await add({ expiresAt: 30 })
  const { id: ever } = await add()
  await add({ tenant: 1, expiresAt: 10 })
  await store.prune(20)
  expect(store.stubs(0).map(({ id }) => id)).toEqual([later, ever])
  expect(store.stubs(1)).toEqual([])
  expect(await store.unit((unit) => unit.deleteStub(0, old))).toBe(false)
})

test('the higher priority stands first, then the older', async () => {
  for (const priority of [0, 2, 1, 2]) await add({ priority })
  expect(store.stubs(0).map(({ id, priority }) => [id, priority])).toEqual([
    [2, 2],
    [4, 2],
    [3, 1],
    [1, 0],
  ])
  expect(await store.unit((unit) => unit.deleteStubs(0))).toBe(4)
  expect(store.stubs(0)).toEqual([])
})

test('what an earlier release has written is read', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-stub-cache-'))
  const file = path.join(folder, 'sekisho.sqlite')
  const first = await openSqliteStore({ path: file, encodeProfile, decodeProfile })
  await first.close()
  const db = new Database(file)
  const elements = { merchantName: 'Hakone Goods' }
  const record = {
    match: { card: 'a', elements },
    times: 2,
    outcome: { transStatus: 'R', transStatusReason: '11' },
    createdAt: 1,
  }
  db.prepare('insert into stub (tenant, answers_left, record) values (0, 1, ?)').run(JSON.stringify(record))
  db.close()
  const again = await openSqliteStore({ path: file, encodeProfile, decodeProfile })
  expect(again.stubs(0)).toEqual([
    {
      id: 1,
      tenant: 0,
      left: 1,
      match: { card: 'a', paths: elements },
      times: 2,
      priority: 0,
      plan: { transStatus: 'R', transStatusReason: '11' },
      createdAt: 1,
    },
  ])
  await again.close()
  rmSync(folder, { recursive: true })
})
