/**
 * Profiles as bytes: a version, then variable-length integers; times are told as distances from the last one, because
 * those are short. Written on every AReq, so small before readable.
 */

import {
  type Crowd,
  emptyProfile,
  type Frauds,
  type Habit,
  type Known,
  type OwnChains,
  type Place,
  type Profile,
  type SetName,
} from './profile.ts'
import type { History, Sighting } from './scorers/freeman.ts'

const version = 2

/** Sets that every profile writes, and those that are written where there is something in them, each with its flag. */
const always = ['devices', 'shipTos', 'merchants', 'countries', 'accounts'] as const satisfies readonly SetName[]
const seldom = ['emails', 'phones', 'networks', 'others', 'methods', 'likes'] as const satisfies readonly SetName[]
const flags = {
  fresh: 0x40,
  newcomers: 0x80,
  place: 0x100,
  frauds: 0x200,
  spared: 0x400,
  good: 0x800,
  machine: 0x1000,
  narrower: 0x2000,
  chains: 0x4000,
  crowd: 0x8000,
} as const

/** Reads and writes the eight bytes of a double in the order of this machine's processor. */
const double = new Float64Array(1)
const doubleBytes = new Uint8Array(double.buffer)

type Cursor = { readonly bytes: Uint8Array; at: number }

/** Sums that no double holds to the unit any more stay where they are: no number takes more than 8 bytes. */
function putUint(to: Cursor, value: number): void {
  let rest = value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : value
  while (rest >= 0x80) {
    to.bytes[to.at++] = (rest % 0x80) | 0x80
    rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80)
  }
  to.bytes[to.at++] = rest
}

function getUint(from: Cursor): number {
  let byte = from.bytes[from.at++] ?? 0
  if (byte < 0x80) return byte
  let value = byte & 0x7f
  let scale = 0x80
  do {
    if (from.at >= from.bytes.length) throw new RangeError('profile: bytes end within a number')
    byte = from.bytes[from.at++] ?? 0
    value += (byte & 0x7f) * scale
    scale *= 0x80
  } while (byte >= 0x80)
  return value
}

/** Zigzag: small distances stay short in both directions. */
const putInt = (to: Cursor, value: number): void => putUint(to, value < 0 ? -2 * value - 1 : 2 * value)
function getInt(from: Cursor): number {
  const value = getUint(from)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

function putDouble(to: Cursor, value: number): void {
  double[0] = value
  for (let i = 0; i < 8; i++) to.bytes[to.at + i] = doubleBytes[i] ?? 0
  to.at += 8
}

function getDouble(from: Cursor): number {
  if (from.at + 8 > from.bytes.length) throw new RangeError('profile: bytes end within a counter')
  for (let i = 0; i < 8; i++) doubleBytes[i] = from.bytes[from.at + i] ?? 0
  from.at += 8
  return double[0] ?? 0
}

function putSet(to: Cursor, set: readonly Known[], last: number): void {
  putUint(to, set.length)
  for (const known of set) {
    putUint(to, known.count * 2 + (known.trusted ? 1 : 0))
    for (let rest = known.id, i = 0; i < 6; i++, rest = Math.floor(rest / 0x100)) to.bytes[to.at++] = rest % 0x100
    putInt(to, last - known.last)
    putInt(to, known.last - known.first)
  }
}

function getSet(from: Cursor, last: number): readonly Known[] {
  const length = getUint(from)
  if (length === 0) return emptyProfile.accounts
  if (length > from.bytes.length) throw new RangeError('profile: more sightings than bytes')
  const set: Known[] = []
  for (let i = 0; i < length; i++) {
    const flagged = getUint(from)
    const { bytes, at } = from
    const low = ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)) >>> 0
    const high = ((bytes[at + 3] ?? 0) | ((bytes[at + 4] ?? 0) << 8) | ((bytes[at + 5] ?? 0) << 16)) >>> 0
    from.at += 6
    const seen = last - getInt(from)
    const first = seen - getInt(from)
    set.push({
      id: high * 0x100_0000 + low,
      first,
      last: seen,
      count: Math.floor(flagged / 2),
      trusted: flagged % 2 === 1,
    })
  }
  return set
}

function putHabit(to: Cursor, habit: Habit | undefined): void {
  putUint(to, habit === undefined ? 0 : habit.n + 1)
  if (habit === undefined) return
  putDouble(to, habit.logMean)
  putDouble(to, habit.logM2)
  for (const purchases of habit.hours) putUint(to, purchases)
}

function getHabit(from: Cursor): Habit | undefined {
  const n = getUint(from)
  if (n === 0) return undefined
  const logMean = getDouble(from)
  const logM2 = getDouble(from)
  const hours: number[] = []
  for (let hour = 0; hour < 24; hour++) hours.push(getUint(from))
  return { n: n - 1, logMean, logM2, hours }
}

function putFrauds(to: Cursor, frauds: Frauds): void {
  putUint(to, frauds.n)
  putUint(to, frauds.last)
  putUint(to, frauds.months.length)
  for (const { month, n, sum } of frauds.months) {
    putUint(to, month)
    putUint(to, n)
    putUint(to, sum)
  }
}

function getFrauds(from: Cursor): Frauds {
  const n = getUint(from)
  const last = getUint(from)
  const length = getUint(from)
  if (length > from.bytes.length) throw new RangeError('profile: more months than bytes')
  const months = Array.from({ length }, () => ({ month: getUint(from), n: getUint(from), sum: getUint(from) }))
  return { n, last, months }
}

function putPlace(to: Cursor, { ts, lat, lon, radiusKm }: Place): void {
  putUint(to, ts)
  putDouble(to, lat)
  putDouble(to, lon)
  putUint(to, radiusKm)
}

const getPlace = (from: Cursor): Place => ({
  ts: getUint(from),
  lat: getDouble(from),
  lon: getDouble(from),
  radiusKm: getUint(from),
})

/** Values of one prefix and of one country stand side by side, so that each of these is written once. */
function putHistory(to: Cursor, { sightings, lost }: History): void {
  putUint(to, sightings.length)
  putUint(to, lost)
  let before: Sighting | undefined
  for (const seen of sightings) {
    const sameWide = before?.wide === seen.wide
    const sameMiddle = sameWide && before?.middle === seen.middle
    putUint(to, seen.count * 4 + (sameWide ? 1 : 0) + (sameMiddle ? 2 : 0))
    if (!sameWide) putUint32(to, seen.wide)
    if (!sameMiddle) putUint32(to, seen.middle)
    putUint32(to, seen.narrow)
    before = seen
  }
}

function getHistory(from: Cursor): History {
  const length = getUint(from)
  if (length > from.bytes.length) throw new RangeError('profile: more values than bytes')
  const lost = getUint(from)
  const sightings: Sighting[] = []
  let before: Sighting | undefined
  for (let i = 0; i < length; i++) {
    const told = getUint(from)
    const wide = before !== undefined && told % 2 === 1 ? before.wide : getUint32(from)
    const middle = before !== undefined && Math.floor(told / 2) % 2 === 1 ? before.middle : getUint32(from)
    before = { narrow: getUint32(from), middle, wide, count: Math.floor(told / 4) }
    sightings.push(before)
  }
  return { sightings, lost }
}

function putUint32(to: Cursor, value: number): void {
  for (let shift = 0; shift < 32; shift += 8) to.bytes[to.at++] = (value >>> shift) & 0xff
}

function getUint32(from: Cursor): number {
  const { bytes, at } = from
  if (at + 4 > bytes.length) throw new RangeError('profile: bytes end within a value')
  from.at += 4
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  )
}

function putChains(to: Cursor, { n, network, agent }: OwnChains): void {
  putUint(to, n)
  putHistory(to, network)
  putHistory(to, agent)
}

const getChains = (from: Cursor): OwnChains => ({
  n: getUint(from),
  network: getHistory(from),
  agent: getHistory(from),
})

function putCrowd(to: Cursor, { cards, networks, countries, agents, platforms }: Crowd): void {
  for (const count of [cards, networks, countries, agents, platforms]) putUint(to, count)
}

const getCrowd = (from: Cursor): Crowd => ({
  cards: getUint(from),
  networks: getUint(from),
  countries: getUint(from),
  agents: getUint(from),
  platforms: getUint(from),
})

function setsOf(profile: Profile): number {
  let sightings = 0
  for (const name of always) sightings += profile[name].length
  for (const name of seldom) sightings += profile[name].length
  return sightings
}

function flagsOf(profile: Profile): number {
  let flag = 1
  let said = 0
  for (const name of seldom) {
    if (profile[name].length > 0) said |= flag
    flag *= 2
  }
  if (profile.fresh1h > 0) said |= flags.fresh
  if (profile.newcomers30d > 0) said |= flags.newcomers
  if (profile.place !== undefined) said |= flags.place
  if (profile.frauds !== undefined) said |= flags.frauds
  if (profile.spared !== undefined) said |= flags.spared
  if (profile.confirmedGood > 0) said |= flags.good
  if (profile.machine30d > 0) said |= flags.machine
  if (profile.narrower > 0) said |= flags.narrower
  if (profile.chains !== undefined) said |= flags.chains
  if (profile.crowd !== undefined) said |= flags.crowd
  return said
}

export function encodeProfile(profile: Profile): Uint8Array {
  const months = profile.frauds?.months.length ?? 0
  const { chains } = profile
  const values = chains === undefined ? 0 : chains.network.sightings.length + chains.agent.sightings.length
  // No number takes more than 8 bytes: 47 single ones, one per time and amount, 4 and an id per sighting, 27 of a habit, and
  // 3 for a value of a chain with its count.
  const singles = 47 + profile.times.length + profile.amounts.length
  const most = 8 * (singles + 5 * setsOf(profile) + 27 + 3 * months + 3 * values)
  const to: Cursor = { bytes: Buffer.allocUnsafe(most), at: 0 }
  putUint(to, version)
  putUint(to, profile.count)
  putUint(to, profile.last)
  putInt(to, profile.last - profile.first)
  putDouble(to, profile.decay1h)
  putDouble(to, profile.decay24h)
  putDouble(to, profile.decay30d)
  putUint(to, profile.passed)
  putUint(to, profile.abandoned)
  putUint(to, profile.failed)
  if (profile.failed > 0) {
    putDouble(to, profile.failed24h)
    putUint(to, profile.failedAt)
  }
  putUint(to, profile.times.length)
  for (let before = profile.last, i = profile.times.length - 1; i >= 0; i--) {
    const time = profile.times[i] ?? 0
    putInt(to, before - time)
    before = time
  }
  putUint(to, profile.amounts.length)
  for (const amount of profile.amounts) putUint(to, amount + 1)
  putHabit(to, profile.habit)
  for (const name of always) putSet(to, profile[name], profile.last)
  const said = flagsOf(profile)
  putUint(to, said)
  for (const name of seldom) if (profile[name].length > 0) putSet(to, profile[name], profile.last)
  if (profile.fresh1h > 0) putDouble(to, profile.fresh1h)
  if (profile.newcomers30d > 0) putDouble(to, profile.newcomers30d)
  if (profile.place !== undefined) putPlace(to, profile.place)
  if (profile.frauds !== undefined) putFrauds(to, profile.frauds)
  if (profile.spared !== undefined) {
    putUint(to, profile.spared.n)
    putUint(to, profile.spared.sum)
  }
  if (profile.confirmedGood > 0) putUint(to, profile.confirmedGood)
  if (profile.machine30d > 0) putDouble(to, profile.machine30d)
  if (profile.narrower > 0) putUint(to, profile.narrower)
  if (chains !== undefined) putChains(to, chains)
  if (profile.crowd !== undefined) putCrowd(to, profile.crowd)
  return to.bytes.subarray(0, to.at)
}

/** A ring of the length that comes next. */
function ringOf(from: Cursor): number[] {
  const length = getUint(from)
  if (length > from.bytes.length) throw new RangeError('profile: more events than bytes')
  return new Array<number>(length)
}

/** Of version 1 as well, which had nothing behind the first five sets. */
export function decodeProfile(bytes: Uint8Array): Profile {
  const from: Cursor = { bytes, at: 0 }
  const written = getUint(from)
  if (written !== version && written !== 1) throw new RangeError(`profile: version ${written} is not known`)
  const count = getUint(from)
  const last = getUint(from)
  const first = last - getInt(from)
  const decay1h = getDouble(from)
  const decay24h = getDouble(from)
  const decay30d = getDouble(from)
  const passed = getUint(from)
  const abandoned = getUint(from)
  const failed = getUint(from)
  const failed24h = failed > 0 ? getDouble(from) : 0
  const failedAt = failed > 0 ? getUint(from) : 0
  const times = ringOf(from)
  for (let before = last, i = times.length - 1; i >= 0; i--) {
    before -= getInt(from)
    times[i] = before
  }
  const amounts = ringOf(from)
  for (let i = 0; i < amounts.length; i++) amounts[i] = getUint(from) - 1
  const habit = getHabit(from)
  const devices = getSet(from, last)
  const shipTos = getSet(from, last)
  const merchants = getSet(from, last)
  const countries = getSet(from, last)
  const accounts = getSet(from, last)
  const said = written === 1 ? 0 : getUint(from)
  const none = emptyProfile.accounts
  const emails = said & 0x01 ? getSet(from, last) : none
  const phones = said & 0x02 ? getSet(from, last) : none
  const networks = said & 0x04 ? getSet(from, last) : none
  const others = said & 0x08 ? getSet(from, last) : none
  const methods = said & 0x10 ? getSet(from, last) : none
  const likes = said & 0x20 ? getSet(from, last) : none
  const fresh1h = said & flags.fresh ? getDouble(from) : 0
  const newcomers30d = said & flags.newcomers ? getDouble(from) : 0
  const place = said & flags.place ? getPlace(from) : undefined
  const frauds = said & flags.frauds ? getFrauds(from) : undefined
  const spared = said & flags.spared ? { n: getUint(from), sum: getUint(from) } : undefined
  const confirmedGood = said & flags.good ? getUint(from) : 0
  const machine30d = said & flags.machine ? getDouble(from) : 0
  const narrower = said & flags.narrower ? getUint(from) : 0
  const chains = said & flags.chains ? getChains(from) : undefined
  const crowd = said & flags.crowd ? getCrowd(from) : undefined
  if (from.at !== bytes.length) throw new RangeError('profile: bytes do not end with the profile')
  return {
    count,
    first,
    last,
    times,
    amounts,
    decay1h,
    decay24h,
    decay30d,
    fresh1h,
    newcomers30d,
    machine30d,
    passed,
    failed,
    abandoned,
    failed24h,
    failedAt,
    habit,
    place,
    frauds,
    spared,
    confirmedGood,
    narrower,
    chains,
    crowd,
    devices,
    shipTos,
    merchants,
    countries,
    accounts,
    emails,
    phones,
    networks,
    others,
    methods,
    likes,
  }
}
