import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  emptyProfile,
  find,
  type Habit,
  type Known,
  markOf,
  type Profile,
  recorded,
  ringSize,
  setSizes,
  sighted,
  trusting,
} from '../../src/risk/profile.ts'
import { decodeProfile, encodeProfile } from '../../src/risk/profile-codec.ts'

const second = fc.integer({ min: 0, max: 0xffff_ffff })
const mark = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const count = fc.nat({ max: 2 ** 40 })
const counter = fc.double({ min: 0, max: 1e9, noNaN: true })
const known: fc.Arbitrary<Known> = fc.record({
  id: mark,
  first: second,
  last: second,
  count,
  trusted: fc.boolean(),
})
const set = (max: number) => fc.array(known, { maxLength: max })
const habit: fc.Arbitrary<Habit> = fc.record({
  n: fc.nat({ max: 64 }),
  logMean: fc.double({ noNaN: true }),
  logM2: counter,
  hours: fc.array(fc.nat({ max: 255 }), { minLength: 24, maxLength: 24 }),
})
const month = fc.record({ month: fc.nat({ max: 60_000 }), n: fc.nat({ max: 1e6 }), sum: fc.nat({ max: 2 ** 50 }) })
const frauds = fc.record({ n: fc.nat({ max: 1e6 }), last: second, months: fc.array(month, { maxLength: 25 }) })
const degrees = fc.double({ min: -180, max: 180, noNaN: true })
const place = fc.record({ ts: second, lat: degrees, lon: degrees, radiusKm: fc.nat({ max: 5_000 }) })
const spared = fc.record({ n: count, sum: fc.nat({ max: 2 ** 50 }) })
const value = fc.nat({ max: 0xffff_ffff })
const history = fc.record({
  sightings: fc.array(fc.record({ narrow: value, middle: fc.nat({ max: 3 }), wide: fc.nat({ max: 2 }), count }), {
    maxLength: 64,
  }),
  lost: count,
})
const chains = fc.record({ n: count, network: history, agent: history })
const crowd = fc.record({ cards: count, networks: count, countries: count, agents: count, platforms: count })
const profile: fc.Arbitrary<Profile> = fc
  .record({
    failed: fc.nat({ max: 5 }),
    rest: fc.record({
      count,
      first: second,
      last: second,
      decay1h: counter,
      decay24h: counter,
      decay30d: counter,
      passed: count,
      abandoned: count,
      times: fc.array(second, { maxLength: ringSize }),
      amounts: fc.array(fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER - 1 }), { maxLength: ringSize }),
      habit: fc.option(habit, { nil: undefined }),
      devices: set(setSizes.devices),
      shipTos: set(setSizes.shipTos),
      merchants: set(setSizes.merchants),
      countries: set(setSizes.countries),
      accounts: set(setSizes.accounts),
      emails: set(setSizes.emails),
      phones: set(setSizes.phones),
      networks: set(setSizes.networks),
      others: set(setSizes.others),
      methods: set(setSizes.methods),
      likes: set(setSizes.likes),
      fresh1h: counter,
      newcomers30d: counter,
      machine30d: counter,
      confirmedGood: fc.nat({ max: 1e6 }),
      narrower: count,
      chains: fc.option(chains, { nil: undefined }),
      crowd: fc.option(crowd, { nil: undefined }),
      place: fc.option(place, { nil: undefined }),
      frauds: fc.option(frauds, { nil: undefined }),
      spared: fc.option(spared, { nil: undefined }),
    }),
    failed24h: counter,
    failedAt: second,
  })
  .map(({ failed, rest, failed24h, failedAt }) => ({
    ...rest,
    failed,
    failed24h: failed > 0 ? failed24h : 0,
    failedAt: failed > 0 ? failedAt : 0,
  }))

describe('a profile in bytes', () => {
  property.prop([profile], { numRuns: 500 })('decodes to the profile that was encoded', (p) => {
    expect(decodeProfile(encodeProfile(p))).toEqual(p)
  })

  property.prop([profile, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })])(
    'that were cut off is refused, not misread',
    (p, at) => {
      const bytes = encodeProfile(p)
      expect(() => decodeProfile(bytes.slice(0, Math.floor(at * bytes.length)))).toThrow(RangeError)
    },
  )

  test('of a version nobody knows is refused', () => {
    expect(() => decodeProfile(Uint8Array.of(9, 0, 0))).toThrow('version 9')
  })

  test('of the first version is read: what it did not know is empty', () => {
    const written = encodeProfile(recorded(emptyProfile, { ts: 1_790_000_000, amount: 500, devices: 7 }, 'amounts'))
    const older = Uint8Array.from(written.subarray(0, -1)) // the empty flags, which that version did not have
    older[0] = 1
    expect(decodeProfile(older)).toEqual(decodeProfile(written))
  })

  test('stays below 300 bytes for a young account and below 1.2 KB for a full one', () => {
    let young = emptyProfile
    let full = emptyProfile
    for (let i = 0; i < 200; i++) {
      const event = { ts: 1_790_000_000 + i * 40_000, amount: 148_000 + i, devices: markOf(`d${i}`) }
      const more = {
        shipTos: markOf(`s${i}`),
        merchants: markOf(`m${i}`),
        countries: i % 300,
        accounts: markOf(`a${i}`),
      }
      full = recorded(full, { ...event, ...more }, 'amounts')
      if (i < 10)
        young = recorded(young, { ...event, devices: markOf('d'), merchants: markOf('m'), countries: 392 }, 'amounts')
    }
    const hours = new Array<number>(24).fill(3)
    const habit = { n: 64, logMean: 7.6, logM2: 5, hours }
    expect(encodeProfile({ ...young, habit }).length).toBeLessThan(300)
    expect(full.times).toHaveLength(64)
    expect(encodeProfile({ ...full, habit, accounts: [] }).length).toBeLessThan(1_200)
  })
})

describe('a ring', () => {
  property.prop([fc.array(fc.nat({ max: 500 }), { maxLength: 150 })])(
    'holds the last 64 events in the order of their times, whatever order they came in',
    (times) => {
      let p: Profile = emptyProfile
      let kept: { readonly ts: number; readonly amount: number }[] = []
      for (const [amount, ts] of times.entries()) {
        p = recorded(p, { ts, amount }, 'amounts')
        kept = [...kept, { ts, amount }].sort((a, b) => a.ts - b.ts).slice(-ringSize)
        expect(p.times).toEqual(kept.map(({ ts }) => ts))
        expect(p.amounts).toEqual(kept.map(({ amount }) => amount))
      }
      expect(p.count).toBe(times.length)
      if (times.length > 0) expect([p.first, p.last]).toEqual([Math.min(...times), Math.max(...times)])
    },
  )
})

describe('a clock that was set back', () => {
  const at = (ts: number, more: object = {}) => ({ ts, amount: 1, ...more })
  test('leaves a counter as it is in the order of the times', () => {
    const inOrder = recorded(recorded(emptyProfile, at(10_000), 'counters'), at(17_200), 'counters')
    const turned = recorded(recorded(emptyProfile, at(17_200), 'counters'), at(10_000), 'counters')
    expect(turned.decay1h).toBeCloseTo(inOrder.decay1h, 12)
    expect(turned.last).toBe(17_200)
  })
  test('does not move the holder to where he was before', () => {
    const place = (ts: number, lat: number) => ({ place: { ts, lat, lon: 0, radiusKm: 0 } })
    const later = recorded(emptyProfile, at(200, place(200, 35)), 'counters')
    expect(recorded(later, at(100, place(100, 51)), 'counters').place?.lat).toBe(35)
    expect(recorded(later, at(200, place(200, 51)), 'counters').place?.lat).toBe(51)
  })
})

describe('a decayed counter', () => {
  property.prop([fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 60 })])(
    'is c · 2^(−Δt/h) + 1 at each event',
    (gaps) => {
      let p: Profile = emptyProfile
      let ts = 1_790_000_000
      let naive = 0
      for (const gap of gaps) {
        ts += gap
        naive = naive * 2 ** (-gap / 3_600) + 1
        p = recorded(p, { ts, amount: 1 }, 'counters')
        expect(p.decay1h).toBeCloseTo(naive, 9)
      }
    },
  )
})

describe('a known set', () => {
  test('forgets what was not seen for longest, what is trusted last', () => {
    let set: readonly Known[] = []
    set = trusting(set, 1, 10, 3)
    set = sighted(set, 2, 20, 3)
    set = sighted(set, 3, 30, 3)
    set = sighted(set, 2, 40, 3)
    set = sighted(set, 4, 50, 3)
    expect(set.map(({ id }) => id).sort()).toEqual([1, 2, 4])
    expect(find(set, 2)).toEqual({ id: 2, first: 20, last: 40, count: 2, trusted: false })
  })

  test('keeps trust through later sightings and gives it back to what was forgotten', () => {
    expect(find(sighted(trusting([], 1, 10, 3), 1, 20, 3), 1)?.trusted).toBe(true)
    expect(find(trusting(sighted([], 1, 10, 3), 1, 20, 3), 1)).toEqual({
      id: 1,
      first: 10,
      last: 10,
      count: 1,
      trusted: true,
    })
    expect(find(trusting([], 1, 20, 3), 1)?.trusted).toBe(true)
  })
})

property.prop([fc.string(), fc.string()])('different keys have different marks of 48 bits', (a, b) => {
  expect(markOf(a)).toBeGreaterThanOrEqual(0)
  expect(markOf(a)).toBeLessThan(2 ** 48)
  expect(markOf(a) === markOf(b)).toBe(a === b)
})
