import { describe, expect, test } from 'vitest'
import { blockOf } from '../../../src/risk/policy/blocks.ts'
import {
  entryOf,
  entrySchema,
  indexOf,
  type Listable,
  matches,
  type WrittenEntry,
} from '../../../src/risk/policy/lists.ts'
import { day, hour, keyOf, noon, purchase, World } from '../support.ts'

const hash = (text: string): string => `h-${Buffer.from(text).toString('hex').slice(0, 24)}`
const areq = { ...purchase, mobilePhone: { cc: '81', subscriber: '9012345678' } }
const facts = new World().factsOf(areq, noon, { deviceId: 'd-1' })
/** The keys as this file's hashes make them. */
const keys = Object.fromEntries(
  Object.entries(facts.keys).map(([kind, key]) => [kind, key === undefined || kind === 'range' ? key : hash(key)]),
)
const about: Listable = { facts: { ...facts, keys: keys as Listable['facts']['keys'] }, areq }
const indexed = (...entries: readonly object[]) =>
  indexOf(entries.map((entry) => entryOf(entrySchema.parse({ reason: 'why', ...entry }) as WrittenEntry, 540)))
const kindsOf = (entry: object, changed: Partial<Listable['areq']> = {}, now = noon) =>
  matches(indexed(entry), { ...about, areq: { ...areq, ...changed } }, now).map(({ kind }) => kind)

describe('an entry is found by', () => {
  test.each([
    ['a network address', { kind: 'ip', value: '192.0.2.10' }],
    ['a block of them', { kind: 'ip', value: '192.0.0.0/16' }],
    ['all of them', { kind: 'ip', value: '0.0.0.0/0' }],
    ['the domain of a mail address', { kind: 'email', value: 'cardholder.example' }],
    ['the domain above it, in capitals', { kind: 'email', value: 'Example.COM' }],
    ['the number of a shop', { kind: 'merchant', value: 'HAKONE-0001' }],
    ['the name of a shop', { kind: 'merchant', value: 'Hakone Goods' }],
    ['a kind of shop', { kind: 'mcc', value: '5999' }],
    ['the country of the address', { kind: 'country', value: '392' }],
    ['the country of the shop', { kind: 'merchantCountry', value: '392' }],
    ['a card', { kind: 'card', value: `key:${hash('account:4111110000000021')}` }],
    ['a device', { kind: 'device', value: `key:${hash(keyOf('device', 'id\nd-1'))}` }],
    ['a telephone', { kind: 'phone', value: `key:${hash(keyOf('phone', '+819012345678'))}` }],
  ])('%s', (_, entry) => {
    const changed = entry.value === 'Example.COM' ? 'mail.example.com' : facts.emailDomain
    const found = matches(indexed(entry), { ...about, facts: { ...about.facts, emailDomain: changed } }, noon)
    expect(found).toEqual([{ kind: entry.kind, reason: 'why' }])
  })

  test.each([
    ['a neighbour', { kind: 'ip', value: '192.0.2.11' }],
    ['the block beside', { kind: 'ip', value: '192.0.3.0/24' }],
    ['an address of the other family', { kind: 'ip', value: '::/0' }],
    ['the end of a domain that is none of it', { kind: 'email', value: 'holder.example' }],
    ['another shop', { kind: 'merchant', value: 'HAKONE-0002' }],
  ])('but not %s', (_, entry) => {
    expect(kindsOf(entry)).toEqual([])
  })

  test('IPv6 to the last bit, and IPv4 in its clothes', () => {
    const from = (browserIP: string) => ({ browserIP })
    expect(kindsOf({ kind: 'ip', value: '2001:db8:0:1::/64' }, from('2001:DB8::1:0:0:0:5'))).toEqual(['ip'])
    expect(kindsOf({ kind: 'ip', value: '2001:db8:0:1::/64' }, from('2001:db8::2:0:0:0:5'))).toEqual([])
    expect(kindsOf({ kind: 'ip', value: '::/0' }, from('2001:db8::5'))).toEqual(['ip'])
    expect(kindsOf({ kind: 'ip', value: '2001:db8::5' }, from('2001:db8::6'))).toEqual([])
    expect(kindsOf({ kind: 'ip', value: '192.0.2.0/24' }, from('::ffff:192.0.2.10'))).toEqual(['ip'])
    expect(kindsOf({ kind: 'ip', value: '192.0.2.0/24' }, from('not an address'))).toEqual([])
  })

  test('a period that ends before it begins is refused, one of a day is not', () => {
    const isRead = (from: string, until: string): boolean =>
      entrySchema.safeParse({ kind: 'mcc', value: '5999', reason: 'why', from, until }).success
    expect(isRead('2026-11-22', '2026-11-21')).toBe(false)
    expect(isRead('2026-11-22T09:00:00+09:00', '2026-11-22T00:00:00Z')).toBe(false)
    expect(isRead('2026-11-22', '2026-11-22')).toBe(true)
    // The day begins nine hours before this in Japan.
    expect(isRead('2026-11-22', '2026-11-21T20:00:00Z')).toBe(true)
  })

  test('only while it is in force', () => {
    const entry = { kind: 'mcc', value: '5999', from: '2026-11-22', until: '2026-11-23' }
    const midnight = noon - 12 * hour
    for (const [at, found] of [
      [midnight - 1, []],
      [midnight, ['mcc']],
      [midnight + 2 * day - 1, ['mcc']],
      [midnight + 2 * day, []],
    ] as const)
      expect(kindsOf(entry, {}, at)).toEqual(found)
  })
})

test.each([
  '',
  '1.2.3',
  '1.2.3.4/33',
  '1.2.3.4/',
  '1.2.3.4/8/8',
  '::/129',
  ':::',
  '1::2::3',
  '2001:db8',
  'g::',
  '::1.2.3',
  '1.2.3.256',
  `::${'0'.repeat(60)}`,
])('no block: %j', (text) => {
  expect(blockOf(text)).toBeUndefined()
})
