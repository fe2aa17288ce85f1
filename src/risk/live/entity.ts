/** Profiles of all kinds with a block but the account's sets and habit: what features.ts reads of them, and `recorded` of profile.ts. */
import type { Features } from '../features.ts'
import * as profile from '../profile.ts'
import * as blocks from './blocks.ts'
import type { Decays } from './decay.ts'
import * as idsOf from './ids.ts'
import * as layout from './layout.ts'
import * as plans from './plan.ts'

// Of its own for speed: see ./blocks.ts.
const { ringSize } = profile
const { sightingsAt, timesAt } = blocks
const { hasAmounts, maySeeOnce, noId, otherSizes, otherStride } = layout
const { idBits, trustedBit } = idsOf
const { counts, rowSize, wants } = plans
type Blocks = blocks.Blocks
type Plan = plans.Plan

const tenMinutes = 600
const hour = 3_600
const day = 86_400
const week = 604_800
const month = 2_592_000

/** What an event is to entities that are no account. */
export type Seen = { ts: number; amount: number; isFresh: boolean; isNewcomer: boolean }

export class Entities {
  readonly #blocks: Blocks
  readonly #decays: Decays
  /** Of the event that is recorded: accounts, others, methods. */
  readonly ids = new idsOf.Ids()

  /** By kind, what of it is kept at all: bits of `wants`, and of `counts`. */
  readonly #kept: Uint8Array
  readonly #counted: Uint8Array
  readonly #setsKept: Uint16Array

  constructor(blocks: Blocks, decays: Decays, { kept, counted, setsKept }: Plan) {
    this.#blocks = blocks
    this.#decays = decays
    this.#kept = kept
    this.#counted = counted
    this.#setsKept = setsKept
  }

  /** `found`: as `Blocks.fetch` found it. */
  features(out: Features, { places }: Plan, kind: number, slot: number, found: number, ts: number): void {
    const row = kind * rowSize
    const bits = places[row + rowSize - 1] ?? 0
    if (bits === 0) return
    if (found === 0) fill(out, places, row, slot < 0 ? Number.NaN : 0)
    else if ((found & 1) === 1) this.#once(out, places, row, found - 1, ts)
    else {
      if ((bits & wants.windows) !== 0) this.windows(out, places, row, kind, found, ts)
      if ((bits & wants.counters) !== 0) this.counters(out, places, row, found, ts)
      if ((bits & wants.sets) !== 0) this.#sets(out, places, row, kind, found, ts)
      if ((bits & wants.frauds) !== 0) out[places[row + 9] ?? 0] = this.#blocks.heap.u32[found + 5] ?? 0
    }
  }

  /** Those of the four counts that are wanted. */
  windows(out: Features, places: Int32Array, row: number, kind: number, at: number, ts: number): void {
    const { u32 } = this.#blocks.heap
    const ring = u32[at + 3] ?? 0
    const oldest = (ring >>> 8) & 0xff
    const room = ring >>> 16
    const times = timesAt(kind, at, room)
    let i = before(u32, times, oldest, room - 1, (ring & 0xff) - 1, ts)
    const newest = i
    const in10m = places[row] ?? -1
    if (in10m >= 0) {
      i = before(u32, times, oldest, room - 1, i, ts - tenMinutes)
      out[in10m] = newest - i
    }
    const in1h = places[row + 1] ?? -1
    if (in1h >= 0) {
      i = before(u32, times, oldest, room - 1, i, ts - hour)
      out[in1h] = newest - i
    }
    const in24h = places[row + 2] ?? -1
    if (in24h >= 0) {
      i = before(u32, times, oldest, room - 1, i, ts - day)
      out[in24h] = newest - i
    }
    const in7d = places[row + 3] ?? -1
    if (in7d >= 0) out[in7d] = newest - before(u32, times, oldest, room - 1, i, ts - week)
  }

  counters(out: Features, places: Int32Array, row: number, at: number, ts: number): void {
    const { u32, f64 } = this.#blocks.heap
    const seconds = ts - (u32[at + 2] ?? 0)
    const d = (at + 6) >>> 1
    const { hourly, daily, monthly } = this.#decays
    const hours = places[row + 4] ?? -1
    const fresh = places[row + 7] ?? -1
    if (hours >= 0 || fresh >= 0) {
      const factor = hourly.factor(seconds)
      put(out, hours, (f64[d] ?? 0) * factor)
      put(out, fresh, (f64[d + 3] ?? 0) * factor)
    }
    const days = places[row + 5] ?? -1
    if (days >= 0) out[days] = (f64[d + 1] ?? 0) * daily.factor(seconds)
    const months = places[row + 6] ?? -1
    const newcomers = places[row + 8] ?? -1
    if (months >= 0 || newcomers >= 0) {
      const factor = monthly.factor(seconds)
      put(out, months, (f64[d + 2] ?? 0) * factor)
      put(out, newcomers, (f64[d + 4] ?? 0) * factor)
    }
  }

  /** How many accounts and others were seen with it within each window: of each set in a byte, the accounts' first. */
  #sets(out: Features, places: Int32Array, row: number, kind: number, at: number, ts: number): void {
    const { u32 } = this.#blocks.heap
    let in10m = 0
    let in24h = 0
    let in7d = 0
    let in30d = 0
    const from = sightingsAt(kind, at, (u32[at + 3] as number) >>> 16)
    const end = from + ((u32[at + 4] as number) & 0xffff) * otherStride
    for (let i = from; i < end; i += otherStride) {
      const shift = ((u32[i + 1] as number) >>> 28) << 3
      const age = ts - (u32[i + 2] as number)
      const isNow = +(age >= 0)
      in10m += (isNow & +(age < tenMinutes)) << shift
      in24h += (isNow & +(age < day)) << shift
      in7d += (isNow & +(age < week)) << shift
      in30d += (isNow & +(age < month)) << shift
    }
    put(out, places[row + 10] as number, in10m & 0xff)
    put(out, places[row + 11] as number, in24h & 0xff)
    put(out, places[row + 12] as number, in7d & 0xff)
    put(out, places[row + 13] as number, (in7d >>> 8) & 0xff)
    put(out, places[row + 14] as number, (in30d >>> 8) & 0xff)
  }

  /** All that there is to say of one event: its time, and what came with it. */
  #once(out: Features, places: Int32Array, row: number, from: number, ts: number): void {
    const { u32 } = this.#blocks.heap
    const age = ts - (u32[from] ?? 0)
    const said = u32[from + 1] ?? 0
    const has = (u32[from + 3] ?? 0) !== noId && age >= 0
    const hasOther = (u32[from + 5] ?? 0) !== noId && age >= 0
    const { hourly, daily, monthly } = this.#decays
    put(out, places[row] ?? -1, age >= 0 && age < tenMinutes ? 1 : 0)
    put(out, places[row + 1] ?? -1, age >= 0 && age < hour ? 1 : 0)
    put(out, places[row + 2] ?? -1, age >= 0 && age < day ? 1 : 0)
    put(out, places[row + 3] ?? -1, age >= 0 && age < week ? 1 : 0)
    const hours = places[row + 4] ?? -1
    if (hours >= 0) out[hours] = hourly.factor(age)
    const fresh = places[row + 7] ?? -1
    if (fresh >= 0) out[fresh] = (said & 1) * hourly.factor(age)
    const days = places[row + 5] ?? -1
    if (days >= 0) out[days] = daily.factor(age)
    const months = places[row + 6] ?? -1
    if (months >= 0) out[months] = monthly.factor(age)
    const newcomers = places[row + 8] ?? -1
    if (newcomers >= 0) out[newcomers] = ((said >>> 1) & 1) * monthly.factor(age)
    put(out, places[row + 9] ?? -1, 0)
    put(out, places[row + 10] ?? -1, has && age < tenMinutes ? 1 : 0)
    put(out, places[row + 11] ?? -1, has && age < day ? 1 : 0)
    put(out, places[row + 12] ?? -1, has && age < week ? 1 : 0)
    put(out, places[row + 13] ?? -1, hasOther && age < week ? 1 : 0)
    put(out, places[row + 14] ?? -1, hasOther && age < month ? 1 : 0)
  }

  /** Purchases of exactly this amount. Only of kinds that keep amounts. */
  sameAmount(kind: number, at: number, amount: number, ts: number, seconds: number): number {
    const { u32, f64 } = this.#blocks.heap
    const ring = u32[at + 3] ?? 0
    const oldest = (ring >>> 8) & 0xff
    const room = ring >>> 16
    const times = timesAt(kind, at, room)
    const amounts = (times - 2 * room) >>> 1
    const from = ts - seconds
    let n = 0
    for (let i = (ring & 0xff) - 1; i >= 0; i--) {
      const place = (oldest + i) & (room - 1)
      const time = u32[times + place] ?? 0
      if (time <= from) break
      if (time <= ts && f64[amounts + place] === amount) n++
    }
    return n
  }

  /** What was spent, of what was told. */
  spent(kind: number, at: number, ts: number, seconds: number): number {
    const { u32, f64 } = this.#blocks.heap
    const ring = u32[at + 3] ?? 0
    const oldest = (ring >>> 8) & 0xff
    const room = ring >>> 16
    const times = timesAt(kind, at, room)
    const amounts = (times - 2 * room) >>> 1
    const from = ts - seconds
    let sum = 0
    for (let i = (ring & 0xff) - 1; i >= 0; i--) {
      const place = (oldest + i) & (room - 1)
      const time = u32[times + place] ?? 0
      if (time <= from) break
      if (time <= ts) sum += Math.max(0, f64[amounts + place] ?? 0)
    }
    return sum
  }

  /** Whether the asked id of the set was seen with the entity. */
  has(kind: number, found: number, set: number): boolean {
    if (found === 0) return false
    const { u32 } = this.#blocks.heap
    const low = this.ids.low[set]
    const high = this.ids.high[set]
    const isOnce = (found & 1) === 1
    const from = isOnce ? found + 1 : sightingsAt(kind, found, (u32[found + 3] ?? 0) >>> 16)
    const stride = isOnce ? 2 : otherStride
    const end = isOnce ? found + 7 : from + ((u32[found + 4] ?? 0) & 0xffff) * otherStride
    for (let i = from; i < end; i += stride)
      if (u32[i] === low && ((u32[i + 1] ?? 0) & idBits) >>> 0 === high) return true
    return false
  }

  /** One more event. `found`: as `Blocks.fetch` found it. The ids are asked before. */
  record(kind: number, slot: number, found: number, seen: Seen): void {
    const blocks = this.#blocks
    if (found === 0 && maySeeOnce[kind] === 1) {
      this.#first(kind, slot, seen, this.#setsKept[kind] as number)
      return
    }
    let at = found !== 0 && (found & 1) === 0 ? found : blocks.whole(kind, slot)
    const { ts } = seen
    const kept = this.#kept[kind] as number
    const missing = (kept & wants.sets) === 0 ? 0 : this.#sight(kind, at, ts, this.#setsKept[kind] as number)
    const { u32 } = blocks.heap
    const ring = u32[at + 3] ?? 0
    const isFull = (ring & 0xff) === ring >>> 16 && ring >>> 16 < ringSize && (kept & wants.windows) !== 0 && ring !== 0
    if (isFull || missing !== 0) {
      const list = u32[at + 4] ?? 0
      const more = bitsIn(missing)
      if (isFull || (list & 0xffff) + more > list >>> 16) at = blocks.moved(kind, slot, at, more)
      this.#append(kind, at, missing, ts)
    }
    this.count(kind, at, ts, seen)
  }

  #first(kind: number, slot: number, { ts, isFresh, isNewcomer }: Seen, sets: number): void {
    const { heap } = this.#blocks
    const at = heap.allocHalf()
    const { u32 } = heap
    const { low, high } = this.ids
    u32[at] = ts
    u32[at + 1] = (isFresh ? 1 : 0) + (isNewcomer ? 2 : 0)
    for (let set = 0; set < 3; set++) {
      u32[at + 2 + 2 * set] = low[set] as number
      u32[at + 3 + 2 * set] = (sets & (1 << set)) === 0 ? noId : (high[set] as number)
    }
    this.#blocks.put(kind, slot, at + 1)
  }

  /** Counts, times and decayed counters. Expects room in the ring. */
  count(kind: number, at: number, ts: number, { amount, isFresh, isNewcomer }: Seen): void {
    const { u32, f64 } = this.#blocks.heap
    const count = u32[at] ?? 0
    const before = u32[at + 2] ?? 0
    const last = count === 0 || ts > before ? ts : before
    const passedBy = last - before
    const late = last - ts
    u32[at] = count + 1
    if (count === 0 || ts < (u32[at + 1] ?? 0)) u32[at + 1] = ts
    u32[at + 2] = last
    const counted = this.#counted[kind] ?? 0
    const d = (at + 6) >>> 1
    const { hourly, daily, monthly } = this.#decays
    if ((counted & counts.hour) !== 0)
      f64[d] = (f64[d] ?? 0) * hourly.factor(passedBy) + (late === 0 ? 1 : hourly.late(late))
    if ((counted & counts.day) !== 0)
      f64[d + 1] = (f64[d + 1] ?? 0) * daily.factor(passedBy) + (late === 0 ? 1 : daily.late(late))
    if ((counted & counts.month) !== 0)
      f64[d + 2] = (f64[d + 2] ?? 0) * monthly.factor(passedBy) + (late === 0 ? 1 : monthly.late(late))
    if ((counted & counts.fresh) !== 0) {
      const fresh = f64[d + 3] ?? 0
      if (fresh !== 0 || isFresh)
        f64[d + 3] = fresh * hourly.factor(passedBy) + (isFresh ? (late === 0 ? 1 : hourly.late(late)) : 0)
    }
    if ((counted & counts.newcomers) !== 0) {
      const newcomers = f64[d + 4] ?? 0
      if (newcomers !== 0 || isNewcomer)
        f64[d + 4] = newcomers * monthly.factor(passedBy) + (isNewcomer ? (late === 0 ? 1 : monthly.late(late)) : 0)
    }
    const ring = u32[at + 3] ?? 0
    if (ring !== 0 && ((this.#kept[kind] ?? 0) & wants.windows) !== 0) this.#insert(kind, at, ring, ts, amount)
  }

  /** Keeps the order of times; a full ring gives up its oldest, and has no place for what is older than all. */
  #insert(kind: number, at: number, ring: number, ts: number, amount: number): void {
    const { u32, f64 } = this.#blocks.heap
    const room = ring >>> 16
    const mask = room - 1
    const times = timesAt(kind, at, room)
    let oldest = (ring >>> 8) & 0xff
    let events = ring & 0xff
    let to = events
    while (to > 0 && (u32[times + ((oldest + to - 1) & mask)] ?? 0) > ts) to--
    if (events === ringSize) {
      if (to === 0) return
      oldest = (oldest + 1) & mask
      events--
      to--
    }
    const amounts = hasAmounts[kind] === 1 ? (times - 2 * room) >>> 1 : -1
    for (let i = events; i > to; i--) {
      const place = (oldest + i) & mask
      const before = (oldest + i - 1) & mask
      u32[times + place] = u32[times + before] ?? 0
      if (amounts >= 0) f64[amounts + place] = f64[amounts + before] ?? 0
    }
    const place = (oldest + to) & mask
    u32[times + place] = ts
    if (amounts >= 0) f64[amounts + place] = amount
    u32[at + 3] = ((room << 16) | (oldest << 8) | (events + 1)) >>> 0
  }

  /** Sees again what is known. Returns those of `sets` without the asked id that have a place left, as bits; full ones forget. */
  #sight(kind: number, at: number, ts: number, sets: number): number {
    const { u32 } = this.#blocks.heap
    const { high } = this.ids
    const n = (u32[at + 4] ?? 0) & 0xffff
    const from = sightingsAt(kind, at, (u32[at + 3] ?? 0) >>> 16)
    const end = from + n * otherStride
    let missing = 0
    for (let set = 0; set < 3; set++) {
      if ((sets & (1 << set)) === 0 || high[set] === noId) continue
      const known = this.#known(from, end, set)
      if (known !== 0) {
        if (ts > (u32[known + 2] ?? 0)) u32[known + 2] = ts
      } else if (this.#isFull(from, end, n, set)) this.#replace(from, end, set, ts)
      else missing |= 1 << set
    }
    return missing
  }

  #known(from: number, end: number, set: number): number {
    const { u32 } = this.#blocks.heap
    const low = this.ids.low[set] ?? 0
    const high = this.ids.high[set] ?? 0
    for (let i = from; i < end; i += otherStride)
      if (u32[i] === low && ((u32[i + 1] ?? 0) & idBits) >>> 0 === high) return i
    return 0
  }

  #isFull(from: number, end: number, n: number, set: number): boolean {
    const size = otherSizes[set] ?? 0
    if (n < size) return false
    const { u32 } = this.#blocks.heap
    let held = 0
    for (let i = from + 1; i < end; i += otherStride) if ((u32[i] ?? 0) >>> 28 === set) held++
    return held >= size
  }

  #append(kind: number, at: number, missing: number, ts: number): void {
    if (missing === 0) return
    const { u32 } = this.#blocks.heap
    const list = u32[at + 4] ?? 0
    let to = sightingsAt(kind, at, (u32[at + 3] ?? 0) >>> 16) + (list & 0xffff) * otherStride
    for (let set = 0; set < 3; set++) {
      if ((missing & (1 << set)) === 0) continue
      u32[to] = this.ids.low[set] ?? 0
      u32[to + 1] = this.ids.high[set] ?? 0
      u32[to + 2] = ts
      to += otherStride
    }
    u32[at + 4] = list + bitsIn(missing)
  }

  #replace(from: number, end: number, set: number, ts: number): void {
    const { u32 } = this.#blocks.heap
    const at = leastMissed(u32, from, end, otherStride, set, 2)
    u32[at] = this.ids.low[set] ?? 0
    u32[at + 1] = this.ids.high[set] ?? 0
    u32[at + 2] = ts
  }

  /** Marks an account as trusted by a device, which comes back where it was pushed out (`trusting` of profile.ts). */
  trust(kind: number, slot: number, ts: number): void {
    let at = this.#blocks.whole(kind, slot)
    const place = this.#placeOf(kind, at)
    if (place !== 0) {
      const { u32 } = this.#blocks.heap
      u32[place + 1] = ((u32[place + 1] ?? 0) | trustedBit) >>> 0
      return
    }
    const missing = this.#sight(kind, at, ts, 1)
    const { u32 } = this.#blocks.heap
    const list = u32[at + 4] ?? 0
    if (missing !== 0 && (list & 0xffff) === list >>> 16) at = this.#blocks.moved(kind, slot, at, 1)
    this.#append(kind, at, missing, ts)
    const now = this.#placeOf(kind, at)
    u32[now + 1] = ((u32[now + 1] ?? 0) | trustedBit) >>> 0
  }

  #placeOf(kind: number, at: number): number {
    const { u32 } = this.#blocks.heap
    const from = sightingsAt(kind, at, (u32[at + 3] ?? 0) >>> 16)
    return this.#known(from, from + ((u32[at + 4] ?? 0) & 0xffff) * otherStride, 0)
  }
}

/**
 * The last place of a ring, from `i` back, of an event not after `time`; -1: all are after it. By halves without a branch, which
 * would be guessed wrong half the time.
 */
function before(u32: Uint32Array, times: number, oldest: number, mask: number, i: number, time: number): number {
  if (i < 0 || (u32[times + ((oldest + i) & mask)] as number) <= time) return i
  if ((u32[times + oldest] as number) > time) return -1
  let from = 0
  for (let n = i; n > 1; ) {
    const half = n >>> 1
    from += half & -+((u32[times + ((oldest + from + half) & mask)] as number) <= time)
    n -= half
  }
  return from
}

/** The one of a set not seen for longest, trusted ones last, as `sighted` of profile.ts finds it. `last`: where a sighting has its time. */
export function leastMissed(
  u32: Uint32Array,
  from: number,
  end: number,
  stride: number,
  set: number,
  last: number,
): number {
  let worst = -1
  let worstTime = 0
  let isWorstTrusted = false
  for (let i = from; i < end; i += stride) {
    const said = u32[i + 1] ?? 0
    if (said >>> 28 !== set) continue
    const isTrusted = (said & trustedBit) !== 0
    const time = u32[i + last] ?? 0
    if (worst < 0 || (isTrusted === isWorstTrusted ? time < worstTime : isWorstTrusted)) {
      worst = i
      worstTime = time
      isWorstTrusted = isTrusted
    }
  }
  return worst
}

const bitsIn = (three: number): number => (three & 1) + ((three >>> 1) & 1) + ((three >>> 2) & 1)

function put(out: Features, place: number, value: number): void {
  if (place >= 0) out[place] = value
}

function fill(out: Features, places: Int32Array, row: number, value: number): void {
  for (let i = row; i < row + rowSize - 1; i++) {
    const place = places[i] ?? -1
    if (place >= 0) out[place] = value
  }
}
