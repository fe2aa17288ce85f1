/**
 * Profiles as bytes: a version, then variable-length integers; times are told as distances from the last one, because
 * those are short. Written on every AReq, so small before readable.
 */

import { emptyProfile, type Habit, type Known, type Profile } from './profile.ts'

const version = 1

/** Reads and writes the eight bytes of a double in the order of this machine's processor. */
const double = new Float64Array(1)
const doubleBytes = new Uint8Array(double.buffer)

type Cursor = { readonly bytes: Uint8Array; at: number }

function putUint(to: Cursor, value: number): void {
  let rest = value
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

const setsOf = (p: Profile): number =>
  p.devices.length + p.shipTos.length + p.merchants.length + p.countries.length + p.accounts.length

export function encodeProfile(profile: Profile): Uint8Array {
  // No number takes more than 8 bytes: 19 single ones, one per time and amount, 3 and an id per sighting, 26 of a habit.
  const most = 8 * (19 + profile.times.length + profile.amounts.length + 4 * setsOf(profile) + 27)
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
  putSet(to, profile.devices, profile.last)
  putSet(to, profile.shipTos, profile.last)
  putSet(to, profile.merchants, profile.last)
  putSet(to, profile.countries, profile.last)
  putSet(to, profile.accounts, profile.last)
  return to.bytes.subarray(0, to.at)
}

/** A ring of the length that comes next. */
function ringOf(from: Cursor): number[] {
  const length = getUint(from)
  if (length > from.bytes.length) throw new RangeError('profile: more events than bytes')
  return new Array<number>(length)
}

export function decodeProfile(bytes: Uint8Array): Profile {
  const from: Cursor = { bytes, at: 0 }
  const written = getUint(from)
  if (written !== version) throw new RangeError(`profile: version ${written} is not known`)
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
    passed,
    failed,
    abandoned,
    failed24h,
    failedAt,
    habit,
    devices,
    shipTos,
    merchants,
    countries,
    accounts,
  }
}
