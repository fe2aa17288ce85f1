/** The profile of a card: what features.ts reads of it beside the windows, `recorded` of profile.ts, and what learn.ts teaches it. */
import type { Facts, Marks } from '../facts.ts'
import * as featuresOf from '../features.ts'
import { remembered } from '../learn.ts'
import * as profile from '../profile.ts'
import * as score from '../score.ts'
import * as blocks from './blocks.ts'
import * as entities from './entity.ts'
import * as idsOf from './ids.ts'
import * as layout from './layout.ts'
import { kindAt } from './memory.ts'
import * as plans from './plan.ts'

// Of its own for speed: see ./blocks.ts.
const { deviationFrom, habitFrom, hoursFrom, positionOf, travel } = featuresOf
const { decayed, halfLives, ringSize, setSizes } = profile
const { isWhereHolderIs } = score
const { sightingsAt } = blocks
const { accountKind, accountSets, accountSizes, accountStride, noId, otherSetAt, own, setAt } = layout
const { leastMissed } = entities
const { Ids, idBits, trustedBit } = idsOf
const { rowSize, wants } = plans
type Blocks = blocks.Blocks
type Entities = entities.Entities
type Features = featuresOf.Features
type Plan = plans.Plan
type Seen = entities.Seen

const day = 86_400
const sets = accountSets.length
const at = {
  devices24h: positionOf('devices_24h_account'),
  amountLog: positionOf('amount_log'),
  amountZ: positionOf('amount_z'),
  amountRatio: positionOf('amount_ratio_log10'),
  amountUsual: positionOf('amount_usual_log'),
  habitN: positionOf('habit_n'),
  hourDistance: positionOf('hour_distance'),
  hourShare: positionOf('hour_share'),
  nightShare: positionOf('night_share'),
  isNight: positionOf('is_night'),
  deviceFirst: positionOf('device_is_first'),
  deviceTrusted: positionOf('device_is_trusted'),
  deviceSeen: positionOf('device_seen_n'),
  deviceSeenDays: positionOf('device_seen_days'),
  deviceKnown: positionOf('device_known_days'),
  devices: positionOf('devices_known'),
  likenessFirst: positionOf('likeness_is_first'),
  likenessTrusted: positionOf('likeness_is_trusted'),
  likenesses: positionOf('likenesses_known'),
  merchantFirst: positionOf('merchant_is_first'),
  merchantSeen: positionOf('merchant_seen_n'),
  merchants: positionOf('merchants_known'),
  shipToFirst: positionOf('ship_to_is_first'),
  shipToTrusted: positionOf('ship_to_is_trusted'),
  shipToKnown: positionOf('ship_to_known_days'),
  shipTos: positionOf('ship_tos_known'),
  countryFirst: positionOf('country_is_first'),
  emailFirst: positionOf('email_is_first'),
  emailTrusted: positionOf('email_is_trusted'),
  emailKnown: positionOf('email_known_days'),
  emails: positionOf('emails_known'),
  phoneFirst: positionOf('phone_is_first'),
  phoneKnown: positionOf('phone_known_days'),
  phones: positionOf('phones_known'),
  networkFirst: positionOf('network_is_first'),
  networkKnown: positionOf('network_known_days'),
  networks: positionOf('networks_known'),
  ageDays: positionOf('account_age_days'),
  idleDays: positionOf('account_idle_days'),
  passed: positionOf('challenges_passed'),
  failed: positionOf('challenges_failed'),
  abandoned: positionOf('challenges_abandoned'),
  machine: positionOf('machine_answers_30d'),
  failedDecay: positionOf('failed_decay_24h'),
  sparedN: positionOf('frictionless_n'),
  sparedSum: positionOf('frictionless_sum'),
  good: positionOf('confirmed_good_account'),
  sameAmount: positionOf('same_amount_10m_account'),
  spent: positionOf('amount_sum_24h_log'),
  methodReplayed: positionOf('method_is_replayed'),
} as const

const deviceKind: number = kindAt.device

/** Cosine and sine of the middle of each hour, as features.ts has them. */
const cosine = Float64Array.from(featuresOf.cosines)
const sine = Float64Array.from(featuresOf.sines)

export class Accounts {
  readonly #blocks: Blocks
  readonly #entities: Entities
  readonly ids = new Ids()
  readonly #found = new Int32Array(16)
  readonly #held = new Int32Array(16)
  /** Where the devices of the block lie. */
  readonly #devices = new Int32Array(setSizes.devices)
  readonly #place = { ts: 0, lat: 0, lon: 0, radiusKm: 0 }

  /** Of the block that was scanned last; 0: it has changed since. */
  #scanned = 0
  /** Sets that are kept, as bits and by number, and what else is. */
  readonly #kept: number
  readonly #keptSets: Uint8Array
  readonly #plan: Plan
  readonly #hasRing: boolean

  constructor(blocks: Blocks, entities: Entities, plan: Plan) {
    this.#plan = plan
    this.#hasRing = ((plan.kept[accountKind] ?? 0) & wants.windows) !== 0
    const kept = plan.setsKept[accountKind] ?? 0
    this.#kept = kept
    this.#keptSets = Uint8Array.from(accountSets.keys()).filter((set) => (kept & (1 << set)) !== 0)
    this.#blocks = blocks
    this.#entities = entities
  }

  /** What the sets are asked for, of those that are kept. */
  ask(marks: Marks): void {
    const { ids } = this
    const kept = this.#kept
    if ((kept & 1) !== 0) ids.ask(setAt.devices, marks.device)
    if ((kept & 2) !== 0) ids.ask(setAt.shipTos, marks.shipTo)
    if ((kept & 4) !== 0) ids.ask(setAt.merchants, marks.merchant)
    if ((kept & 8) !== 0) ids.ask(setAt.countries, marks.country)
    if ((kept & 16) !== 0) ids.ask(setAt.emails, marks.email)
    if ((kept & 32) !== 0) ids.ask(setAt.phones, marks.phone)
    if ((kept & 64) !== 0) ids.ask(setAt.networks, marks.network)
    if ((kept & 128) !== 0) ids.ask(setAt.methods, marks.method)
    if ((kept & 256) !== 0) ids.ask(setAt.likes, marks.likeness)
  }

  /** Finds what is asked for, and counts each set; once for an event's features and its record. */
  #scan(block: number): void {
    const { ids } = this
    if ((this.#scanned === block && !ids.hasChanged) || this.#kept === 0) return
    const { u32 } = this.#blocks.heap
    const { low, high } = ids
    const found = this.#found
    const held = this.#held
    const devices = this.#devices
    for (let set = 0; set < sets; set++) {
      found[set] = 0
      held[set] = 0
    }
    const from = sightingsAt(accountKind, block, (u32[block + 3] ?? 0) >>> 16)
    const end = from + ((u32[block + 4] ?? 0) & 0xffff) * accountStride
    for (let i = from; i < end; i += accountStride) {
      const said = u32[i + 1] ?? 0
      const set = said >>> 28
      const n = held[set] ?? 0
      held[set] = n + 1
      if (set === setAt.devices) devices[n] = i
      if (u32[i] === low[set] && (said & idBits) >>> 0 === high[set]) found[set] = i
    }
    this.#scanned = block
    ids.hasChanged = false
  }

  /** `block`: of the account, or a head of nothing. `device`: its block as it was found. */
  features(out: Features, plan: Plan, facts: Facts, block: number, device: number, ts: number): void {
    const { u32 } = this.#blocks.heap
    const { places } = plan
    const bits = places[rowSize - 1] ?? 0
    if ((bits & wants.windows) !== 0) this.#entities.windows(out, places, 0, accountKind, block, ts)
    if ((bits & wants.counters) !== 0) this.#entities.counters(out, places, 0, block, ts)
    if ((bits & wants.frauds) !== 0) out[places[9] ?? 0] = u32[block + 5] ?? 0
    const { amount } = facts
    if (plan.sameAtAccount)
      out[at.sameAmount] =
        amount === undefined ? Number.NaN : this.#entities.sameAmount(accountKind, block, amount, ts, 600)
    if (plan.spent) out[at.spent] = Math.log1p(this.#entities.spent(accountKind, block, ts, day))
    if (plan.habit) this.#habit(out, block, amount)
    if (plan.hours) this.#hours(out, block, facts.localHour)
    if (plan.setsRead !== 0) this.#sets(out, plan, facts.marks, block, device, ts)
    if (plan.travel) this.#travel(out, facts.network, block, ts)
    if (plan.account) this.#self(out, block, ts)
  }

  #habit(out: Features, block: number, amount: number | undefined): void {
    const { u32, f64 } = this.#blocks.heap
    const n = u32[block + own.habit] ?? 0
    const log = amount === undefined ? Number.NaN : Math.log(Math.max(amount, 1))
    out[at.amountLog] = log
    out[at.habitN] = n
    if (n < habitFrom) {
      out[at.amountZ] = Number.NaN
      out[at.amountRatio] = Number.NaN
      out[at.amountUsual] = Number.NaN
      return
    }
    const mean = f64[(block + own.logMean) >>> 1] ?? 0
    out[at.amountZ] = (log - mean) / deviationFrom(n, f64[(block + own.logM2) >>> 1] ?? 0)
    out[at.amountRatio] = (log - mean) * Math.LOG10E
    out[at.amountUsual] = mean
  }

  #hours(out: Features, block: number, localHour: number | undefined): void {
    const { u32, u8 } = this.#blocks.heap
    const hour = localHour === undefined ? Number.NaN : Math.floor(localHour)
    out[at.isNight] = localHour === undefined ? Number.NaN : hour <= 4 ? 1 : 0
    if ((u32[block + own.habit] ?? 0) < habitFrom) {
      out[at.hourDistance] = Number.NaN
      out[at.hourShare] = Number.NaN
      out[at.nightShare] = Number.NaN
      return
    }
    const hours = 4 * (block + own.hours)
    let x = 0
    let y = 0
    let all = 0
    let night = 0
    for (let i = 0; i < 24; i++) {
      const purchases = u8[hours + i] ?? 0
      x += purchases * (cosine[i] ?? 0)
      y += purchases * (sine[i] ?? 0)
      all += purchases
      if (i <= 4) night += purchases
    }
    out[at.nightShare] = all === 0 ? 0 : night / all
    if (localHour === undefined) {
      out[at.hourDistance] = Number.NaN
      out[at.hourShare] = Number.NaN
      return
    }
    out[at.hourDistance] = hoursFrom(x, y, localHour)
    out[at.hourShare] = all === 0 ? 0 : (hour >= 0 && hour < 24 ? (u8[hours + hour] ?? 0) : 0) / all
  }

  #sets(out: Features, plan: Plan, marks: Marks, block: number, device: number, ts: number): void {
    this.ask(marks)
    this.#scan(block)
    const { u32 } = this.#blocks.heap
    const found = this.#found
    const held = this.#held
    const { setsRead } = plan
    if (plan.devices24h) out[at.devices24h] = this.#devicesSince(ts)
    if ((setsRead & 1) !== 0) {
      const known = found[setAt.devices] ?? 0
      const hasDevice = marks.device !== undefined
      out[at.deviceFirst] = hasDevice ? (known === 0 ? 1 : 0) : Number.NaN
      out[at.deviceTrusted] = hasDevice ? this.#isTrusted(known) : Number.NaN
      out[at.deviceSeen] = hasDevice ? (known === 0 ? 0 : (u32[known + 4] ?? 0)) : Number.NaN
      out[at.deviceSeenDays] = known === 0 ? Number.NaN : ((u32[known + 3] ?? 0) - (u32[known + 2] ?? 0)) / day
      out[at.deviceKnown] = hasDevice ? this.#knownFor(known, ts) : Number.NaN
      out[at.devices] = held[setAt.devices] ?? 0
    }
    if ((setsRead & 256) !== 0) {
      const alike = found[setAt.likes] ?? 0
      const hasLikeness = marks.likeness !== undefined
      out[at.likenessFirst] = hasLikeness ? (alike === 0 ? 1 : 0) : Number.NaN
      out[at.likenessTrusted] = hasLikeness ? this.#isTrusted(alike) : Number.NaN
      out[at.likenesses] = held[setAt.likes] ?? 0
    }
    if ((setsRead & 4) !== 0) {
      const shop = found[setAt.merchants] ?? 0
      const hasShop = marks.merchant !== undefined
      out[at.merchantFirst] = hasShop ? (shop === 0 ? 1 : 0) : Number.NaN
      out[at.merchantSeen] = hasShop ? (shop === 0 ? 0 : (u32[shop + 4] ?? 0)) : Number.NaN
      out[at.merchants] = held[setAt.merchants] ?? 0
    }
    if ((setsRead & 2) !== 0) {
      const shipped = found[setAt.shipTos] ?? 0
      const hasShipTo = marks.shipTo !== undefined
      out[at.shipToFirst] = hasShipTo ? (shipped === 0 ? 1 : 0) : Number.NaN
      out[at.shipToTrusted] = hasShipTo ? this.#isTrusted(shipped) : Number.NaN
      out[at.shipToKnown] = hasShipTo ? this.#knownFor(shipped, ts) : Number.NaN
      out[at.shipTos] = held[setAt.shipTos] ?? 0
    }
    if ((setsRead & 8) !== 0) {
      out[at.countryFirst] = marks.country === undefined ? Number.NaN : found[setAt.countries] === 0 ? 1 : 0
    }
    if ((setsRead & 16) !== 0) {
      const mailed = found[setAt.emails] ?? 0
      const hasEmail = marks.email !== undefined
      out[at.emailFirst] = hasEmail ? (mailed === 0 ? 1 : 0) : Number.NaN
      out[at.emailTrusted] = hasEmail ? this.#isTrusted(mailed) : Number.NaN
      out[at.emailKnown] = hasEmail ? this.#knownFor(mailed, ts) : Number.NaN
      out[at.emails] = held[setAt.emails] ?? 0
    }
    if ((setsRead & 32) !== 0) {
      const called = found[setAt.phones] ?? 0
      const hasPhone = marks.phone !== undefined
      out[at.phoneFirst] = hasPhone ? (called === 0 ? 1 : 0) : Number.NaN
      out[at.phoneKnown] = hasPhone ? this.#knownFor(called, ts) : Number.NaN
      out[at.phones] = held[setAt.phones] ?? 0
    }
    if ((setsRead & 64) !== 0) {
      const network = found[setAt.networks] ?? 0
      const hasNetwork = marks.network !== undefined
      out[at.networkFirst] = hasNetwork ? (network === 0 ? 1 : 0) : Number.NaN
      out[at.networkKnown] = hasNetwork ? this.#knownFor(network, ts) : Number.NaN
      out[at.networks] = held[setAt.networks] ?? 0
    }
    if (!plan.deviceMethods) return
    if (marks.method === undefined) out[at.methodReplayed] = Number.NaN
    else if (found[setAt.methods] !== 0) out[at.methodReplayed] = 1
    else {
      const { ids } = this.#entities
      ids.ask(otherSetAt.methods, marks.method)
      out[at.methodReplayed] = this.#entities.has(deviceKind, device, otherSetAt.methods) ? 1 : 0
    }
  }

  /** Devices that were seen within a day. */
  #devicesSince(ts: number): number {
    const { u32 } = this.#blocks.heap
    const devices = this.#devices
    const held = this.#held[setAt.devices] ?? 0
    let n = 0
    for (let i = 0; i < held; i++) {
      const age = ts - (u32[(devices[i] ?? 0) + 3] ?? 0)
      if (age >= 0 && age < day) n++
    }
    return n
  }

  #isTrusted(sighting: number): number {
    return sighting !== 0 && ((this.#blocks.heap.u32[sighting + 1] ?? 0) & trustedBit) !== 0 ? 1 : 0
  }

  /** Days since it was first seen with the card. */
  #knownFor(sighting: number, ts: number): number {
    return sighting === 0 ? 0 : Math.max(0, ts - (this.#blocks.heap.u32[sighting + 2] ?? 0)) / day
  }

  #travel(out: Features, network: Facts['network'], block: number, ts: number): void {
    const { u32, f64 } = this.#blocks.heap
    if (u32[block + own.hasPlace] === 0) {
      travel(out, undefined, network, ts)
      return
    }
    const place = this.#place
    place.ts = u32[block + own.placeTs] ?? 0
    place.lat = f64[(block + own.lat) >>> 1] ?? 0
    place.lon = f64[(block + own.lon) >>> 1] ?? 0
    place.radiusKm = f64[(block + own.radiusKm) >>> 1] ?? 0
    travel(out, place, network, ts)
  }

  #self(out: Features, block: number, ts: number): void {
    const { u32, f64 } = this.#blocks.heap
    const isUsed = u32[block] !== 0
    out[at.ageDays] = isUsed ? Math.max(0, ts - (u32[block + 1] ?? 0)) / day : Number.NaN
    out[at.idleDays] = isUsed ? Math.max(0, ts - (u32[block + 2] ?? 0)) / day : Number.NaN
    out[at.passed] = u32[block + own.passed] ?? 0
    out[at.failed] = u32[block + own.failed] ?? 0
    out[at.abandoned] = u32[block + own.abandoned] ?? 0
    out[at.machine] = decayed(f64[(block + own.machine30d) >>> 1] ?? 0, ts - (u32[block + 2] ?? 0), halfLives['30d'])
    out[at.failedDecay] = decayed(
      f64[(block + own.failed24h) >>> 1] ?? 0,
      ts - (u32[block + own.failedAt] ?? 0),
      halfLives['24h'],
    )
    out[at.sparedN] = u32[block + own.spared] ?? 0
    out[at.sparedSum] = f64[(block + own.sparedSum) >>> 1] ?? 0
    out[at.good] = u32[block + own.good] ?? 0
  }

  /** One more event; the ids are asked before. Returns the block. */
  record(slot: number, seen: Seen, facts: Facts): number {
    const { ts } = seen
    const blocks = this.#blocks
    const block = this.#sighted(slot, this.#sight(blocks.whole(accountKind, slot), ts), ts, 1)
    this.#scanned = 0
    const { u32, f64 } = blocks.heap
    const machine = (block + own.machine30d) >>> 1
    const counter = f64[machine] ?? 0
    if (counter !== 0) {
      const before = u32[block + 2] ?? 0
      const last = u32[block] === 0 ? ts : Math.max(before, ts)
      f64[machine] = decayed(counter, last - before, halfLives['30d'])
    }
    this.#entities.count(accountKind, block, ts, seen)
    if (!this.#plan.travel) return block
    const { network } = facts
    if (network?.lat !== undefined && network.lon !== undefined && isWhereHolderIs(network.kind)) {
      if (u32[block + own.hasPlace] === 0 || (u32[block + own.placeTs] ?? 0) <= ts) {
        u32[block + own.hasPlace] = 1
        u32[block + own.placeTs] = ts
        f64[(block + own.lat) >>> 1] = network.lat
        f64[(block + own.lon) >>> 1] = network.lon
        f64[(block + own.radiusKm) >>> 1] = network.radiusKm ?? 0
      }
    }
    return block
  }

  /** Sees again what is known. Returns the asked sets without the asked id, as bits. */
  #sight(block: number, ts: number): number {
    if (this.#kept === 0) return 0
    this.#scan(block)
    const { u32 } = this.#blocks.heap
    const { high } = this.ids
    const found = this.#found
    const keptSets = this.#keptSets
    const { length } = keptSets
    let missing = 0
    for (let i = 0; i < length; i++) {
      const set = keptSets[i] as number
      if (high[set] === noId) continue
      const known = found[set] as number
      if (known === 0) {
        missing |= 1 << set
        continue
      }
      if (ts < (u32[known + 2] ?? 0)) u32[known + 2] = ts
      if (ts > (u32[known + 3] ?? 0)) u32[known + 3] = ts
      u32[known + 4] = (u32[known + 4] ?? 0) + 1
    }
    return missing
  }

  /** Puts what is missing into its sets, and makes room for so many events. Returns the block, which may have moved. */
  #sighted(slot: number, missing: number, ts: number, events: 0 | 1, trusted: 0 | typeof trustedBit = 0): number {
    const blocks = this.#blocks
    let block = blocks.find(accountKind, slot)
    const { u32 } = blocks.heap
    const ring = u32[block + 3] ?? 0
    const list = u32[block + 4] ?? 0
    const more = missing === 0 ? 0 : this.#placesFor(missing)
    const isFull = events === 1 && this.#hasRing && (ring & 0xff) === ring >>> 16 && ring >>> 16 < ringSize
    if (isFull || (list & 0xffff) + more > list >>> 16) block = blocks.moved(accountKind, slot, block, more)
    if (missing === 0) return block
    const from = sightingsAt(accountKind, block, (u32[block + 3] ?? 0) >>> 16)
    let end = from + (list & 0xffff) * accountStride
    const { low, high } = this.ids
    const held = this.#held
    for (let set = 0; set < sets; set++) {
      if ((missing & (1 << set)) === 0) continue
      const isFullSet = held[set] === accountSizes[set]
      const to = isFullSet ? leastMissed(u32, from, end, accountStride, set, 3) : end
      if (!isFullSet) end += accountStride
      u32[to] = low[set] ?? 0
      u32[to + 1] = ((high[set] ?? 0) | trusted) >>> 0
      u32[to + 2] = ts
      u32[to + 3] = ts
      u32[to + 4] = 1
    }
    u32[block + 4] = (u32[block + 4] ?? 0) + more
    return block
  }

  /** How many of the missing have a place left in their sets. */
  #placesFor(missing: number): number {
    const held = this.#held
    let more = 0
    for (let set = 0; set < sets; set++)
      if ((missing & (1 << set)) !== 0 && (held[set] ?? 0) < (accountSizes[set] ?? 0)) more++
    return more
  }

  /** What is known of the asked ids becomes trusted; what was pushed out of its set comes back. Not of the 3DS Method's runs. */
  trust(slot: number, marks: Marks, ts: number): void {
    const block = this.#blocks.whole(accountKind, slot)
    const { ids } = this
    this.ask(marks)
    ids.ask(setAt.methods, undefined)
    this.#scan(block)
    const { u32 } = this.#blocks.heap
    let missing = 0
    for (let set = 0; set < sets; set++) {
      if (ids.high[set] === noId) continue
      const known = this.#found[set] ?? 0
      if (known === 0) missing |= 1 << set
      else u32[known + 1] = ((u32[known + 1] ?? 0) | trustedBit) >>> 0
    }
    this.#sighted(slot, missing, ts, 0, trustedBit)
    this.#scanned = 0
  }

  /** When an id of a set was first seen with the card; NaN: it is not known. */
  firstSeen(slot: number, set: number, mark: number | undefined): number {
    const block = this.#blocks.find(accountKind, slot)
    if (block === 0 || mark === undefined) return Number.NaN
    const { ids } = this
    ids.ask(set, mark)
    const { u32 } = this.#blocks.heap
    const from = sightingsAt(accountKind, block, (u32[block + 3] ?? 0) >>> 16)
    const end = from + ((u32[block + 4] ?? 0) & 0xffff) * accountStride
    for (let i = from; i < end; i += accountStride)
      if (u32[i] === ids.low[set] && ((u32[i + 1] ?? 0) & idBits) >>> 0 === ids.high[set]) return u32[i + 2] ?? 0
    return Number.NaN
  }

  /** One more purchase of the holder's own (`withPurchase` of learn.ts). */
  purchase(slot: number, amount: number, localHour: number): void {
    if (!this.#plan.habit && !this.#plan.hours) return
    const block = this.#blocks.whole(accountKind, slot)
    const { u32, f64, u8 } = this.#blocks.heap
    const before = u32[block + own.habit] ?? 0
    const at = (block + own.logMean) >>> 1
    const squares = (block + own.logM2) >>> 1
    const logMean = f64[at] ?? 0
    const logM2 = f64[squares] ?? 0
    const log = Math.log(Math.max(amount, 1))
    const reach = 2 * deviationFrom(before, logM2)
    const seen = before >= habitFrom ? Math.min(Math.max(log, logMean - reach), logMean + reach) : log
    const n = before + 1
    const mean = logMean + (seen - logMean) / n
    const m2 = logM2 + (seen - logMean) * (seen - mean)
    u32[block + own.habit] = Math.min(n, remembered)
    f64[at] = mean
    f64[squares] = n > remembered ? (m2 * remembered) / n : m2
    const hours = 4 * (block + own.hours)
    const hour = Math.floor(localHour) % 24
    if (hour < 0 || hour > 23) return
    u8[hours + hour] = (u8[hours + hour] ?? 0) + 1
    if ((u8[hours + hour] ?? 0) >= 128) for (let i = 0; i < 24; i++) u8[hours + i] = (u8[hours + i] ?? 0) >> 1
  }
}
