// The store on SQLite, by its port: what is kept, found again and pruned.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  methodDataLifeMs,
  type NewEffect,
  type NewTransaction,
  type Store,
  type Transaction,
} from '../../src/acs/ports.ts'
import { decodeProfile, encodeProfile } from '../../src/risk/profile-codec.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { api, shown } from '../http/support.ts'
import { browserAReq, post } from '../support/messages.ts'
import { running } from '../support/running.ts'

let folder: string
let store: Store

const open = (file = ':memory:'): Promise<Store> => openSqliteStore({ path: file, encodeProfile, decodeProfile })

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
  store = await open()
})

afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const newTransaction = (change: Partial<NewTransaction> = {}): NewTransaction => ({
  tenant: 0,
  at: 1_000,
  acsTransID: crypto.randomUUID(),
  threeDSServerTransID: crypto.randomUUID(),
  dsTransID: crypto.randomUUID(),
  messageVersion: '2.2.0',
  deviceChannel: '02',
  messageCategory: '01',
  panHash: '0123456789abcdef0123456789abcdef',
  panMask: '411111******0021',
  scheme: 'visa',
  merchantName: '箱根',
  purchaseAmount: '1',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  transStatus: 'C',
  decidedBy: 'engine',
  score: -1.25,
  details: { decision: {}, engine: {}, evidence: [], features: [null, 1.5], facts: {}, policy: 'default' },
  ...change,
})

const insert = (transaction: NewTransaction): Promise<{ readonly id: number; readonly seen: readonly string[] }> =>
  store.unit((unit) => {
    const begun = unit.beginTransaction(transaction.tenant, transaction)
    if (begun.seen.length === 0) unit.insertTransaction(begun.id, transaction)
    return begun
  })

const verdict = { transStatus: 'N', transStatusReason: '19', interactionCounter: 3, at: 5 } as const

test('a transaction comes back as it was kept', async () => {
  const transaction = newTransaction()
  const { id } = await insert(transaction)
  expect(await store.transactions({ tenant: 0, limit: 10 })).toEqual([{ ...transaction, id }])
  expect(await store.transactions({ tenant: 1, limit: 10 })).toEqual([])
})

test('a challenge gets one verdict, ever (CHL-SM-1, CHL-SM-2)', async () => {
  const { id } = await insert(newTransaction())
  await store.unit((unit) => unit.saveVerdict(id, verdict))
  await expect(store.unit((unit) => unit.saveVerdict(id, { ...verdict, transStatus: 'Y' }))).rejects.toThrow(
    'a verdict already',
  )
  const [transaction] = await store.transactions({ tenant: 0, limit: 1 })
  expect(transaction).toMatchObject({ resultStatus: 'N', resultReason: '19', delivery: 'pending' })
})

describe('ids that came before (SEC-RPL-1)', () => {
  test('are told by name, in either case, by tenant', async () => {
    const first = newTransaction()
    expect((await insert(first)).seen).toEqual([])
    expect((await insert(newTransaction({ dsTransID: first.dsTransID.toUpperCase() }))).seen).toEqual(['dsTransID'])
    expect((await insert(newTransaction({ threeDSServerTransID: first.threeDSServerTransID }))).seen).toEqual([
      'threeDSServerTransID',
    ])
    expect((await insert({ ...first, acsTransID: crypto.randomUUID() })).seen).toEqual([
      'dsTransID',
      'threeDSServerTransID',
    ])
    expect((await insert({ ...first, tenant: 1, acsTransID: crypto.randomUUID() })).seen).toEqual([])
  })

  test('of an attempt that was refused are not taken for its other id', async () => {
    const first = newTransaction()
    await insert(first)
    const second = newTransaction({ dsTransID: first.dsTransID })
    await insert(second)
    expect((await insert({ ...second, dsTransID: crypto.randomUUID() })).seen).toEqual([])
  })

  test('of a unit that failed are new', async () => {
    const transaction = newTransaction()
    await expect(
      store.unit((unit) => {
        unit.beginTransaction(0, transaction)
        throw new Error('x')
      }),
    ).rejects.toThrow('x')
    expect((await insert(transaction)).seen).toEqual([])
  })

  test('are found by transactions() by their own name', async () => {
    const [first, second] = [newTransaction(), newTransaction()]
    await insert(first)
    await insert(second)
    const found = async (filter: Partial<Transaction>): Promise<readonly string[]> =>
      (await store.transactions({ tenant: 0, limit: 9, ...filter })).map(({ acsTransID }) => acsTransID)
    expect(await found({ dsTransID: first.dsTransID })).toEqual([first.acsTransID])
    expect(await found({ threeDSServerTransID: second.threeDSServerTransID.toUpperCase() })).toEqual([
      second.acsTransID,
    ])
    expect(await found({ dsTransID: first.dsTransID, threeDSServerTransID: second.threeDSServerTransID })).toEqual([])
  })
})

describe('effects', () => {
  const effect = (transactionId: number, kind: 'timer' | 'sendRReq', dueAt: number): NewEffect => ({
    tenant: 0,
    transactionId,
    kind,
    payload: kind === 'timer' ? { timer: 'answer' } : {},
    dueAt,
    createdAt: 1,
  })

  test('that are open come back soonest first, with what they were made with', async () => {
    const { id } = await insert(newTransaction())
    const made = await store.unit((unit) => [
      unit.addEffect(effect(id, 'timer', 30)),
      unit.addEffect(effect(id, 'sendRReq', 20)),
    ])
    expect(store.openEffects()).toEqual([made[1], made[0]])
    await store.unit((unit) => unit.postponeEffect(made[1]?.id ?? 0, 99))
    expect(store.openEffects()).toEqual([made[0], { ...made[1], dueAt: 99, attempts: 1 }])
    await store.unit((unit) => unit.finishEffect(made[0]?.id ?? 0))
    expect(store.openEffects().map(({ kind }) => kind)).toEqual(['sendRReq'])
  })

  test('timers of a transaction are taken back alone', async () => {
    const [{ id: one }, { id: two }] = [await insert(newTransaction()), await insert(newTransaction())]
    await store.unit((unit) => {
      unit.addEffect(effect(one, 'timer', 1))
      unit.addEffect(effect(one, 'sendRReq', 2))
      unit.addEffect(effect(two, 'timer', 3))
      unit.clearTimers(one)
    })
    expect(store.openEffects().map(({ transactionId, kind }) => [transactionId, kind])).toEqual([
      [one, 'sendRReq'],
      [two, 'timer'],
    ])
  })
})

test('ids are not used twice, also after a restart', async () => {
  const file = path.join(folder, 'x.sqlite')
  await store.close()
  store = await open(file)
  const { id: first } = await insert(newTransaction())
  await insert({ ...newTransaction(), dsTransID: newTransaction().dsTransID })
  await store.close()
  store = await open(file)
  const { id: next } = await insert(newTransaction())
  expect(next).toBeGreaterThan(first + 1)
})

test('data of the 3DS Method are not kept once nobody asks for them, also when the clock is set back', async () => {
  const ids = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const
  const save = (id: string, at: number) => store.unit((unit) => unit.saveMethodData(0, id, { at, data: { at } }))
  const kept = () => store.unit((unit) => ids.map((id) => unit.methodData(0, id)?.at))
  const late = 10 * methodDataLifeMs
  await save(ids[0], 0)
  await save(ids[1], methodDataLifeMs - 1)
  expect(await kept()).toEqual([0, methodDataLifeMs - 1, undefined, undefined])
  await save(ids[2], late)
  expect(await kept()).toEqual([undefined, undefined, late, undefined])
  await save(ids[3], 1)
  expect(await kept()).toEqual([undefined, undefined, late, 1])
})

test('a second process cannot open the same file', async () => {
  const file = path.join(folder, 'x.sqlite')
  const first = await open(file)
  await insert(newTransaction())
  await first.unit((unit) => unit.saveMethodData(0, crypto.randomUUID(), { at: 1, data: {} }))
  await expect(open(file)).rejects.toMatchObject({ code: expect.stringMatching(/^SQLITE_BUSY/) as string })
  await first.close()
})

test('fifty AReqs of one account at once count each other, each number once, and nothing of it is lost in a restart', async () => {
  const settings = { only: ['acs' as const], ephemeral: false, dataDir: folder }
  const sekisho = await running(settings)
  const acctNumber = '4111110000007777'
  const ask = () => post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber, purchaseAmount: '1000' }))
  const answers = await Promise.all(Array.from({ length: 50 }, ask))
  expect(answers.map(({ body }) => body.messageType)).toEqual(Array.from({ length: 50 }, () => 'ARes'))
  const counts = await Promise.all(
    answers.map(async ({ body }) => {
      const { features } = await shown(sekisho, String(body.acsTransID))
      return (features as Record<string, number>).n_1h_account
    }),
  )
  expect(counts.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(Array.from({ length: 50 }, (_, i) => i))
  // The fortieth is over the limit of the policy (ACS-VAL-79).
  const denied = answers.filter(({ body }) => body.transStatusReason === '04')
  expect(denied).toHaveLength(10)
  await sekisho.close()

  const again = await running(settings)
  const { body } = await post(`${again.acs}/acs/areq`, browserAReq({ acctNumber, purchaseAmount: '1000' }))
  expect(body).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
  const { features } = await shown(again, String(body.acsTransID))
  expect((features as Record<string, number>).n_1h_account).toBe(50)
  expect(((await api(again, '/transactions?limit=500')).body.transactions as unknown[]).length).toBe(51)
  await again.close()
})
