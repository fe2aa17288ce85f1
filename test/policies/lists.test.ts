// Lists beside the policies: what is kept of an entry, when it is in force, import and export, who changed what.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PolicyDesk } from '../../src/acs/policies/desk.ts'
import { listCsv } from '../../src/acs/policies/list-csv.ts'
import { listValueIn, listValueOf } from '../../src/acs/policies/list-value.ts'
import { listedBy } from '../../src/acs/policies/running.ts'
import type { Store } from '../../src/acs/ports.ts'
import { type AReqFacts, factsOf } from '../../src/risk/facts.ts'
import type { ListKind } from '../../src/risk/policy/lists.ts'
import { purchase } from '../risk/support.ts'
import { clock, openDesk, openStore, secrets } from './support.ts'

let store: Store
let desk: PolicyDesk
const pan = purchase.acctNumber ?? ''
const noonAt = clock.at

beforeEach(async () => {
  clock.at = noonAt
  store = await openStore()
  desk = await openDesk(store)
})

afterEach(() => store.close())

const factsFor = (areq: AReqFacts) =>
  factsOf(areq, { accountKey: secrets.panHash(pan), keyOf: secrets.keyOf, now: clock.at, policy: desk.running() })

const deny = (kind: ListKind, value: string, dates: { from?: string; until?: string } = {}) =>
  desk.desk.add({ list: 'deny', kind, reason: 'a test', ...dates, ...listValueOf(kind, value, secrets) }, 'api')

const reasonsFor = (areq: AReqFacts = purchase): readonly string[] =>
  listedBy(desk.running(), desk.lists(), { facts: factsFor(areq), areq }, clock.at).deny.map(({ kind }) => kind)

const phoned: AReqFacts = { ...purchase, mobilePhone: { cc: '81', subscriber: '9012345678' } }

test.each([
  ['card', '4111 1100 0000 0021', '411111******0021'],
  ['email', 'Hanako@cardholder.example', 'h***@cardholder.example'],
  ['email', 'Cardholder.example', undefined],
  ['phone', '+81 090-1234-5678', '+81***78'],
  ['ip', '192.0.2.0/24', undefined],
  ['merchant', 'HAKONE-0001', undefined],
  ['mcc', '5999', undefined],
  ['merchantCountry', 'JP', undefined],
] as const)('%s %s is found in the payment that has it, and shown as %s', async (kind, value, shown) => {
  const { entry } = await deny(kind, value)
  expect(entry.shown).toBe(shown)
  expect(reasonsFor(phoned)).toEqual([kind])
  const [kept] = desk.desk.entries('deny')
  if (shown !== undefined) expect(kept?.value).toMatch(/^key:/)
  expect(JSON.stringify(store.policies.entries(0))).not.toMatch(/hanako|41111100|90-?1234/i)
})

describe('entries that somebody else changes in a unit of his own', () => {
  const wanted = (value: string) =>
    ({ list: 'deny', kind: 'merchant', reason: 'a test', value, at: clock.at, by: 'hook:alpha' }) as const
  const found = () => desk.lists().deny

  test('are there when they were renewed, and count once beside changes of others', async () => {
    expect(found().size).toBe(0)
    const added = Array.from({ length: 5 }, (_, i) => deny('merchant', `OWN-${i}`))
    const renewed = Array.from({ length: 5 }, async (_, i) => {
      await store.unit((unit) => unit.policies.putEntry(0, wanted(`THEIRS-${i}`)))
      await desk.desk.renew()
      expect(desk.desk.entries('deny').map(({ value }) => value)).toContain(`THEIRS-${i}`)
    })
    await Promise.all([...added, ...renewed])
    expect(found().size).toBe(10)
    expect(desk.desk.entries('deny').length).toBe(10)
  })

  test('do not come back after they have gone while one was added', async () => {
    expect(found().size).toBe(0)
    // The unit that adds has ended, and the desk has not taken the entry yet.
    const adding = deny('merchant', 'SHORT')
    const dropping = store.unit((unit) => {
      const [entry] = store.policies.entries(0)
      if (entry !== undefined) unit.policies.dropEntry(0, entry.id)
    })
    await dropping
    await desk.desk.renew()
    await adding
    expect(desk.desk.entries('deny').length).toBe(store.policies.entries(0).length)
    expect(found().size).toBe(store.policies.entries(0).length)
  })

  test('and a look between unit and renewal changes nothing', async () => {
    const { entry } = await deny('merchant', 'OWN')
    const removing = desk.desk.remove('deny', entry.id, 'api')
    const renewing = desk.desk.renew()
    expect(found().size).toBe(1)
    await Promise.all([removing, renewing])
    expect(found().size).toBe(0)
    expect(found().byValue.size).toBe(0)
  })
})

test.each([
  ['card', '4111'],
  ['email', 'nobody@'],
  ['phone', '090-1234-5678'],
  ['ip', '192.0.2.0/40'],
  ['mcc', '59'],
  ['country', 'Nippon'],
  ['shipTo', '1-1 Yumoto'],
  ['merchant', '4111 1100 0000 0021'],
  ['merchant', '４１１１１１００００００００２１'],
] as const)('%s %s is refused', (kind, value) => {
  expect(() => listValueOf(kind, value, secrets)).toThrow()
})

test('what a transaction was made with is listed by it', async () => {
  const { keys } = factsFor(purchase)
  await desk.desk.add({ list: 'deny', kind: 'shipTo', reason: 'r', ...listValueIn('shipTo', keys, '') }, 'api')
  await desk.desk.add({ list: 'deny', kind: 'device', reason: 'r', ...listValueIn('device', keys, '') }, 'api')
  expect(reasonsFor()).toEqual(['device', 'shipTo'])
  expect(() => listValueIn('phone', keys, '')).toThrow('not told')
})

test('days begin and end where the issuer is, by the clock of the tenant', async () => {
  const { entry } = await deny('card', pan, { from: '2026-11-23', until: '2026-11-23' })
  const states = ['2026-11-22T14:59:59Z', '2026-11-22T15:00:00Z', '2026-11-23T14:59:59Z', '2026-11-23T15:00:00Z'].map(
    (at) => {
      clock.at = Date.parse(at)
      return [desk.desk.forceOf(entry), reasonsFor().length]
    },
  )
  expect(states).toEqual([
    ['notYet', 0],
    ['inForce', 1],
    ['inForce', 1],
    ['over', 0],
  ])
})

test('the same value again changes the entry; every change is told with who and when', async () => {
  const { entry } = await deny('card', pan)
  const again = await desk.desk.add(
    { list: 'deny', kind: 'card', reason: 'another', ...listValueOf('card', pan, secrets) },
    'tenant',
  )
  expect(again).toMatchObject({ isNew: false, entry: { id: entry.id, reason: 'another' } })
  expect(await desk.desk.remove('allow', entry.id, 'api')).toBe(false)
  expect(await desk.desk.remove('deny', entry.id, 'operator')).toBe(true)
  expect(reasonsFor()).toEqual([])
  const changes = desk.desk.changes({ limit: 9 })
  expect(changes.map(({ what, by }) => [what, by])).toEqual([
    ['removed', 'operator'],
    ['changed', 'tenant'],
    ['added', 'api'],
  ])
  expect(changes[0]).toMatchObject({ entryId: entry.id, kind: 'card', shown: '411111******0021', at: clock.at })
})

test('a change of one entry does not read the others again, and counts at once', async () => {
  expect(reasonsFor()).toEqual([])
  let reads = 0
  const { policies } = store
  const entries = policies.entries.bind(policies)
  vi.spyOn(policies, 'entries').mockImplementation((tenant) => {
    reads += 1
    return entries(tenant)
  })
  const text = 'kind,value,reason\nip,192.0.2.0/24,a\nmerchantCountry,JP,a\nemail,Cardholder.example,a\n'
  const [imported, listed] = await Promise.all([
    desk.desk.importCsv('deny', text, secrets, 'api'),
    deny('email', 'cardholder.example'),
  ])
  expect(imported).toEqual({ added: 3, changed: 0 })
  expect(reasonsFor()).toEqual(['ip', 'email', 'merchantCountry'])
  for (const { id } of desk.desk.entries('deny')) if (id !== listed.entry.id) await desk.desk.remove('deny', id, 'api')
  expect(reasonsFor()).toEqual(['email'])
  expect(desk.desk.index().deny.size).toBe(1)
  await desk.desk.remove('deny', listed.entry.id, 'api')
  expect([reasonsFor(), reads]).toEqual([[], 0])
})

test('entries outlive a restart', async () => {
  await deny('card', pan)
  desk = await openDesk(store)
  expect(reasonsFor()).toEqual(['card'])
})

describe('a CSV file', () => {
  const importing = (text: string) => desk.desk.importCsv('deny', text, secrets, 'api')

  test('is imported whole, and what is exported is imported again', async () => {
    const text = [
      '\ufeffkind,value,reason,from,until',
      `card,${pan},"stolen, told by the holder",2026-11-01,`,
      '# not a line',
      'ip,192.0.2.0/24,"say ""no""",,2026-12-31',
      `card,${pan},again,,`,
      '',
    ].join('\r\n')
    expect(await importing(text)).toEqual({ added: 2, changed: 1 })
    expect(desk.desk.entries('deny')).toMatchObject([{ reason: 'again' }, { reason: 'say "no"', until: '2026-12-31' }])
    const exported = listCsv(desk.desk.entries('deny'))
    expect(exported).not.toContain(pan)
    expect(await importing(exported)).toEqual({ added: 0, changed: 2 })
    expect(desk.desk.changes({ limit: 1 })).toMatchObject([{ what: 'imported', added: 0, changed: 2 }])
  })

  test.each([';', '\t'])(
    'of a spreadsheet that separates by %j and writes days its own way is imported',
    async (separator) => {
      const text = 'kind,value,reason,from,until\nip,192.0.2.1,a test,2026/1/5,2026/12/31\n'
      expect(await importing(text.replaceAll(',', separator))).toEqual({ added: 1, changed: 0 })
      expect(desk.desk.entries('deny')).toMatchObject([{ from: '2026-01-05', until: '2026-12-31' }])
    },
  )

  test.each([
    [
      'a comma in an unquoted reason',
      'kind,value,reason\nip,192.0.2.1,attack of May, second wave\n',
      2,
      'quotation marks',
    ],
    ['another encoding', 'kind,value,reason\nip,192.0.2.1,\ufffd\ufffd\n', 1, 'UTF-8'],
    ['a column twice', 'kind,value,reason,value\nip,192.0.2.1,x,192.0.2.2\n', 1, 'names the columns'],
    ['a day that is none', 'kind,value,reason,from\nip,192.0.2.1,x,2026/2/30\n', 2, 'a day such as'],
    ['a card number as a shop', `kind,value,reason\nmerchant,${pan},x\n`, 2, 'card number'],
    [
      'a card number in a reason',
      `kind,value,reason\nip,192.0.2.1,４１１１１１００００００００２１\n`,
      2,
      'card numbers',
    ],
  ])('with %s is not imported', async (_, text, line, words) => {
    const done = await importing(text)
    expect(done).toMatchObject({ problems: [{ line, message: expect.stringContaining(words) }] })
    expect(JSON.stringify(done)).not.toMatch(/41111100|４１１/)
    expect(desk.desk.entries('deny')).toEqual([])
  })

  test('with one bad line is not imported at all, and the line is told without its value', async () => {
    const text = `kind,value,reason\nip,192.0.2.1,fine\ncard,41111100000000,wrong\nphone,0312345678,wrong\nmerchant,X,${pan}\n`
    const done = await importing(text)
    expect(done).toMatchObject({ problems: [{ line: 4 }, { line: 5 }] })
    expect(JSON.stringify(done)).not.toMatch(/0312345678|4111110000/)
    expect(desk.desk.entries('deny')).toEqual([])
  })

  test.each([
    ['without a header', 'ip,192.0.2.1,fine'],
    ['with an open quotation', 'kind,value,reason\nip,"192'],
    ['with a strange column', 'kind,value,reason,name\nip,192.0.2.1,fine,Yamada'],
  ])('%s is refused', async (_, text) => {
    expect(await importing(text)).toMatchObject({ problems: [{ line: 1 }] })
  })

  test('holds nothing that a spreadsheet would run', async () => {
    await desk.desk.add({ list: 'deny', kind: 'merchant', reason: '=HYPERLINK("x")', value: '@SUM' }, 'api')
    const exported = listCsv(desk.desk.entries('deny'))
    expect(exported).toContain(`merchant,'@SUM,"'=HYPERLINK(""x"")"`)
    expect(await importing(exported)).toEqual({ added: 0, changed: 1 })
  })
})
