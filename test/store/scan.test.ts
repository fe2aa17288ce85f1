// Looking through transactions: newest first, bounded, in slices that let others have their turn.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NewTransaction, Store, TransactionBrief } from '../../src/acs/ports.ts'
import { decodeProfile, encodeProfile } from '../../src/risk/profile-codec.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'

let store: Store
const count = 1_700

const newTransaction = (position: number, tenant = 0): NewTransaction => ({
  tenant,
  at: 1_000 + position,
  acsTransID: crypto.randomUUID(),
  threeDSServerTransID: crypto.randomUUID(),
  dsTransID: crypto.randomUUID(),
  messageVersion: '2.2.0',
  deviceChannel: '02',
  messageCategory: '01',
  panHash: 'ab'.repeat(16),
  panMask: '411111******0021',
  scheme: 'visa',
  // What ends the short part of a record, if it were not quoted.
  merchantName: `Shop ","details":{"n":${position}}`,
  purchaseAmount: '1200',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  transStatus: 'Y',
  decidedBy: 'scenario',
  score: -1.25,
  engineStatus: 'C',
  issuerAmount: 1200,
  durationMs: 0.125,
  details: { decision: {}, evidence: [], features: [null, 1.5], facts: {}, policy: 'default' },
})

const insert = (transaction: NewTransaction): Promise<number> =>
  store.unit((unit) => {
    const { id } = unit.beginTransaction(transaction.tenant, transaction)
    unit.insertTransaction(id, transaction)
    return id
  })

beforeAll(async () => {
  store = await openSqliteStore({ path: ':memory:', encodeProfile, decodeProfile })
  await Promise.all(Array.from({ length: count }, (_, position) => insert(newTransaction(position))))
  for (let i = 0; i < 3; i += 1) await insert(newTransaction(i, 1))
  await store.prune(1_000 + 100) // the oldest are gone, and their ids with them
})
afterAll(() => store.close())

const scanned = async (before?: number, most = 100_000, until?: (row: TransactionBrief) => boolean) => {
  const rows: TransactionBrief[] = []
  const end = await store.scan({ tenant: 0, before, most }, (row) => {
    rows.push(row)
    return until?.(row) !== true
  })
  return { rows, ...end }
}

test('every transaction of the tenant is shown once, newest first', async () => {
  const { rows, searched, next } = await scanned()
  expect([searched, next]).toEqual([count - 100, undefined])
  expect(rows.map(({ at }) => at)).toEqual(Array.from({ length: count - 100 }, (_, i) => 1_000 + count - 1 - i))
  expect(rows[0]).toEqual(
    expect.objectContaining({
      merchantName: `Shop ","details":{"n":${count - 1}}`,
      panHash: 'ab'.repeat(16),
      engine: 'C',
      durationMs: 0.125,
      issuerAmount: 1200,
      challenge: undefined,
    }),
  )
})

test('a scan ends after so many rows and says where to go on, until there are no more', async () => {
  const all: number[] = []
  let before: number | undefined
  for (let i = 0; i < 20; i += 1) {
    const { rows, next, searched } = await scanned(before, 130)
    expect(searched).toBeLessThanOrEqual(130)
    all.push(...rows.map(({ at }) => at))
    before = next
    if (next === undefined) break
  }
  expect(before).toBeUndefined()
  expect(all).toEqual((await scanned()).rows.map(({ at }) => at))
})

test('a scan that was stopped goes on behind the row it was stopped at', async () => {
  const first = await scanned(undefined, undefined, ({ at }) => at === 2_000)
  const rest = await scanned(first.next)
  expect(first.rows.at(-1)?.at).toBe(2_000)
  expect(rest.rows[0]?.at).toBe(1_999)
})

test('others have their turn while it runs, and what they write does not disturb it', async () => {
  let isOver = false
  const scan = scanned().finally(() => {
    isOver = true
  })
  let turns = 0
  while (!isOver) {
    await insert(newTransaction(900_000 + turns))
    turns += 1
  }
  expect(turns).toBeGreaterThan(2)
  expect((await scan).searched).toBe(count - 100)
})

test('those of given ids are read as they are now, newest first', async () => {
  const { rows } = await scanned(undefined, 3)
  const [newest, middle, oldest] = rows.map(({ id }) => id)
  expect(store.briefs(0, [oldest ?? 0, newest ?? 0, 999_999_999]).map(({ id }) => id)).toEqual([newest, oldest])
  expect(store.briefs(1, [middle ?? 0])).toEqual([])
})

test('a status that few have is found in a long table, newest first, page by page, and others have their turn', async () => {
  const rare = [await insert({ ...newTransaction(1), transStatus: 'R' })]
  for (let i = 0; i < 12; i += 1) {
    await Promise.all(Array.from({ length: 500 }, () => insert(newTransaction(1, 1))))
  }
  rare.push(await insert({ ...newTransaction(2), transStatus: 'R' }))
  await insert({ ...newTransaction(3, 1), transStatus: 'R' })
  let turns = 0
  const counting = setInterval(() => {
    turns += 1
  }, 0)
  const asked = { tenant: 0, transStatus: 'R' } as const
  const all = await store.transactions({ ...asked, limit: 10 })
  clearInterval(counting)
  expect(all.map(({ id }) => id)).toEqual(rare.toReversed())
  expect(turns).toBeGreaterThan(0)
  expect((await store.transactions({ ...asked, limit: 1 })).map(({ id }) => id)).toEqual(rare.slice(1))
  expect((await store.transactions({ ...asked, limit: 5, before: rare[1] })).map(({ id }) => id)).toEqual(
    rare.slice(0, 1),
  )
  expect(await store.transactions({ tenant: 0, transStatus: 'I', limit: 5 })).toEqual([])
})
