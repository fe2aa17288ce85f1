/**
 * Profiles in typed arrays: the mathematics of profile.ts, features.ts, learn.ts and chains.ts, bit for bit, without an object for
 * an event or an entity. Nothing is forgotten: memory grows with the entities, and with what is known of each (./blocks.ts).
 */
import type { Facts } from '../facts.ts'
import * as featuresOf from '../features.ts'
import { blamed, isPurchase, thiefSeconds, wholeYen, withMonth } from '../learn.ts'
import * as profile from '../profile.ts'
import { Accounts } from './account.ts'
import { Ahead } from './ahead.ts'
import { Blocks } from './blocks.ts'
import { ChainTallies } from './chains.ts'
import { newDecays } from './decay.ts'
import { Entities, type Seen } from './entity.ts'
import * as layout from './layout.ts'
import { everyFeature, type FeatureMask } from './mask.ts'
import { type EntitySlots, type Kept, kindAt, type OutcomeKind, type ProfileMemory, type Told } from './memory.ts'
import * as plans from './plan.ts'
import { Slots } from './slots.ts'

// Of its own for speed: see ./blocks.ts.
const { merchantFrauds, positionOf, told } = featuresOf
const { decayed, halfLives } = profile
const { accountKind, otherSetAt, own, setAt } = layout
const { wants } = plans
type EntityKind = profile.EntityKind
type Features = featuresOf.Features
type FraudMonth = profile.FraudMonth
type Plan = plans.Plan

const at = {
  sameAtMerchant: positionOf('same_amount_10m_merchant'),
  domainAge: positionOf('domain_age_days'),
  fraudMonths: positionOf('merchant_fraud_months'),
  frauds: positionOf('merchant_frauds_2y_n'),
  fraudSum: positionOf('merchant_frauds_2y_sum'),
} as const
const deviceKind: number = kindAt.device
const emailKind: number = kindAt.email
const merchantKind: number = kindAt.merchant
const shipToKind: number = kindAt.shipTo
const phoneKind: number = kindAt.phone
const domainKind: number = kindAt.domain

const day = 86_400
/** Of a shop: its frauds by month, and what was read of them last. */
type Blame = { months: readonly FraudMonth[]; asOf: number; inARow: number; n: number; sum: number }

export class TimeError extends RangeError {
  override readonly name = 'TimeError'
}

/** What features are asked for that the memory was not made for. */
export class MaskError extends Error {
  override readonly name = 'MaskError'
}

export type LiveOptions = {
  /** Of several memories in one thread, so that an entity has one number for all of them. */
  readonly slots?: Slots | undefined
  /** All that will ever be asked for; what these features are not worked out from is not kept. Absent: every feature. */
  readonly mask?: FeatureMask | undefined
  /** How many events are expected, so that what grows need not be moved. More come in as well. */
  readonly events?: number | undefined
}

export class LiveProfiles implements ProfileMemory {
  readonly #slots: Slots
  readonly #mask: FeatureMask
  readonly #blocks: Blocks
  readonly #entities: Entities
  readonly #accounts: Accounts
  readonly #chains: ChainTallies
  readonly #ahead: Ahead
  /** Of the shops that were ever blamed: few. */
  readonly #blames = new Map<number, Blame>()
  readonly #seen: Seen = { ts: 0, amount: -1, isFresh: false, isNewcomer: false }
  /** The last mask that was found to ask for no more than is kept. */
  #fits: FeatureMask
  /** `Blocks.found` is of the event that features were asked for, and nothing has changed since. */
  #isFetched = false
  /** `Accounts.ids` are that event's. */
  #asksSets = false

  constructor({ slots = new Slots(), mask = everyFeature, events = 0 }: LiveOptions = {}) {
    this.#slots = slots
    this.#mask = mask
    this.#fits = mask
    this.#blocks = new Blocks(events)
    this.#chains = new ChainTallies(this.#blocks)
    this.#entities = new Entities(this.#blocks, newDecays(), mask.plan)
    this.#accounts = new Accounts(this.#blocks, this.#entities, mask.plan)
    this.#ahead = new Ahead(this.#blocks, mask.plan)
  }

  slotOf(kind: EntityKind, hash: number): number {
    return this.#slots.slotOf(kind, hash)
  }

  /**
   * Told of the slots of events to come (`from` to before `until`, by kind in the order of `entityKinds`; -1: none), it reads their
   * memory beside each other, and they cost less when they come. Nothing else changes, whether they come or not.
   */
  ahead(slots: readonly (Int32Array | undefined)[], from: number, until: number): void {
    this.#ahead.read(slots, from, until)
  }

  features(out: Features, facts: Facts, slots: EntitySlots, ts: number, wanted: FeatureMask = this.#mask): void {
    if (wanted !== this.#fits) this.#fit(wanted)
    const { plan } = wanted
    const blocks = this.#blocks
    blocks.fetch(slots, this.#mask.plan.keptKinds)
    this.#isFetched = true
    this.#asksSets = plan.setsRead !== 0
    const { found } = blocks
    const account = found[accountKind] ?? 0
    const block = account === 0 ? blocks.nobody : account
    this.#accounts.features(out, plan, facts, block, found[deviceKind] ?? 0, ts)
    const entities = this.#entities
    const { kinds } = plan
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i] ?? 0
      entities.features(out, plan, kind, slots[kind] ?? -1, found[kind] ?? 0, ts)
    }
    if (plan.sameAtMerchant || plan.merchantFrauds) this.#merchant(out, plan, facts, slots, ts)
    if (plan.domainAge) this.#domain(out, slots[domainKind] ?? -1, ts)
    if (plan.told.length > 0) told(out, facts, plan.told)
    if (plan.chains) this.#chains.features(out, facts.chains, slots, block)
  }

  #fit(wanted: FeatureMask): void {
    const more = wanted.names.filter((name) => !this.#mask.has(name))
    if (more.length > 0) throw new MaskError(`nothing is kept for these features: ${more.join(', ')}`)
    this.#fits = wanted
  }

  #merchant(out: Features, plan: Plan, { amount, month }: Facts, slots: EntitySlots, ts: number): void {
    const slot = slots[merchantKind] ?? -1
    if (plan.sameAtMerchant) {
      const found = this.#blocks.found[merchantKind] ?? 0
      out[at.sameAtMerchant] =
        slot < 0 || amount === undefined
          ? Number.NaN
          : found === 0
            ? 0
            : this.#entities.sameAmount(merchantKind, found, amount, ts, 600)
    }
    if (plan.merchantFrauds) this.#merchantFrauds(out, slot, month)
  }

  /** A shop has some in a year and is asked all the time. */
  #merchantFrauds(out: Features, slot: number, month: number): void {
    const blame = this.#blames.get(slot)
    if (blame === undefined) merchantFrauds(out, slot >= 0, undefined, month)
    else if (blame.asOf === month) {
      out[at.fraudMonths] = blame.inARow
      out[at.frauds] = blame.n
      out[at.fraudSum] = blame.sum
    } else {
      merchantFrauds(out, true, blame, month)
      blame.asOf = month
      blame.inARow = out[at.fraudMonths] as number
      blame.n = out[at.frauds] as number
      blame.sum = out[at.fraudSum] as number
    }
  }

  #domain(out: Features, slot: number, ts: number): void {
    const found = this.#blocks.found[domainKind] ?? 0
    out[at.domainAge] =
      slot < 0 ? Number.NaN : found === 0 ? 0 : Math.max(0, ts - (this.#blocks.heap.u32[found + 1] ?? 0)) / day
  }

  record(facts: Facts, slots: EntitySlots, ts: number, isAsked = false): void {
    if (ts >>> 0 !== ts) throw new TimeError(`a time must be whole seconds from 0 to 2^32 - 1: ${ts}`)
    const blocks = this.#blocks
    const { keptKinds, setsKept, chains: countsChains } = this.#mask.plan
    blocks.reserve()
    const isFound = isAsked && this.#isFetched
    if (!isFound) blocks.fetch(slots, keptKinds)
    this.#isFetched = false
    const { found } = blocks
    const { marks, amount = -1 } = facts
    const slot = slots[accountKind] ?? 0
    const seen = this.#seen
    const before = found[accountKind] ?? 0
    seen.ts = ts
    seen.amount = amount
    seen.isFresh = before === 0 || blocks.heap.u32[before] === 0
    seen.isNewcomer = facts.isNewcomer === true
    if (!isFound || !this.#asksSets) this.#accounts.ask(marks)
    const block = this.#accounts.record(slot, seen, facts)
    const entities = this.#entities
    const { ids } = entities
    for (let i = 1; i < keptKinds.length; i++) {
      const kind = keptKinds[i] as number
      const other = slots[kind] as number
      if (other < 0) continue
      const sets = setsKept[kind] as number
      if ((sets & 1) !== 0) ids.ask(otherSetAt.accounts, marks.account)
      if ((sets & 2) !== 0) ids.ask(otherSetAt.others, otherOf(kind, marks))
      if ((sets & 4) !== 0) ids.ask(otherSetAt.methods, marks.method)
      entities.record(kind, other, found[kind] as number, seen)
    }
    if (!countsChains) return
    const { chains } = facts
    if (chains !== undefined) this.#chains.record(chains, slots, block)
  }

  learn(kind: OutcomeKind, kept: Kept, ts: number, about: Told = {}): number {
    if (ts >>> 0 !== ts) throw new TimeError(`a time must be whole seconds from 0 to 2^32 - 1: ${ts}`)
    this.#blocks.reserve()
    this.#isFetched = false
    const slot = kept.slots[accountKind] ?? 0
    switch (kind) {
      case 'fraud':
      case 'fraudWithdrawn':
        return this.#label(kind, kept, about)
      case 'frictionless':
        // What a shop collects without the holder (3RI) is nobody's habit.
        if (kept.localHour === undefined || !isPurchase(kept)) return 0
        this.#answered(slot, about)
        this.#purchased(slot, kept)
        return this.#spare(slot, kept.amount ?? 0)
      case 'challengePassed':
        this.#answered(slot, about)
        return this.#pass(slot, kept, ts)
      case 'challengeFailed':
        this.#answered(slot, about)
        return this.#fail(slot, ts)
      case 'challengeAbandoned':
        this.#answered(slot, about)
        return this.#add(slot, own.abandoned, 1)
      case 'confirmedGood':
        this.#answered(slot, about)
        return this.#add(slot, own.good, 1)
      case 'confirmedGoodWithdrawn':
        this.#answered(slot, about)
        return this.#add(slot, own.good, -1)
    }
  }

  #answered(slot: number, { wasMachine }: Told): void {
    const block = this.#blocks.whole(accountKind, slot)
    if (wasMachine !== true) return
    const { f64 } = this.#blocks.heap
    const place = (block + own.machine30d) >>> 1
    f64[place] = (f64[place] ?? 0) + 1
  }

  #add(slot: number, word: number, by: number): number {
    const block = this.#blocks.whole(accountKind, slot)
    const { u32 } = this.#blocks.heap
    u32[block + word] = Math.max(0, (u32[block + word] ?? 0) + by)
    return 1 << accountKind
  }

  #purchased(slot: number, { amount, localHour }: Kept): void {
    if (amount !== undefined && localHour !== undefined) this.#accounts.purchase(slot, amount, localHour)
  }

  #spare(slot: number, amount: number): number {
    const block = this.#blocks.whole(accountKind, slot)
    const { f64 } = this.#blocks.heap
    const sum = (block + own.sparedSum) >>> 1
    f64[sum] = (f64[sum] ?? 0) + amount
    return this.#add(slot, own.spared, 1)
  }

  #pass(slot: number, kept: Kept, ts: number): number {
    const { marks, slots } = kept
    this.#accounts.trust(slot, marks, ts)
    this.#add(slot, own.passed, 1)
    const block = this.#blocks.whole(accountKind, slot)
    const { u32, f64 } = this.#blocks.heap
    u32[block + own.spared] = 0
    f64[(block + own.sparedSum) >>> 1] = 0
    this.#purchased(slot, kept)
    const device = slots[deviceKind] ?? -1
    if (device < 0) return 1 << accountKind
    if (((this.#mask.plan.setsKept[deviceKind] ?? 0) & 1) !== 0) {
      this.#entities.ids.ask(otherSetAt.accounts, marks.account)
      this.#entities.trust(deviceKind, device, ts)
    }
    return (1 << accountKind) | (1 << deviceKind)
  }

  #fail(slot: number, ts: number): number {
    const block = this.#blocks.whole(accountKind, slot)
    const { u32, f64 } = this.#blocks.heap
    const counter = (block + own.failed24h) >>> 1
    const failedAt = u32[block + own.failedAt] ?? 0
    f64[counter] = decayed(f64[counter] ?? 0, ts - failedAt, halfLives['24h']) + 1
    u32[block + own.failedAt] = Math.max(ts, failedAt)
    return this.#add(slot, own.failed, 1)
  }

  #label(kind: 'fraud' | 'fraudWithdrawn', kept: Kept, about: Told): number {
    const sign = kind === 'fraud' ? 1 : -1
    const { plan } = this.#mask
    let changed = 0
    for (const entity of blamed) {
      const place = kindAt[entity]
      const slot = kept.slots[place] ?? -1
      if (slot < 0 || ((plan.kept[place] ?? 0) & wants.frauds) === 0) continue
      if (kind === 'fraud' && this.#isHoldersOwn(entity, kept, about.at ?? 0)) continue
      changed |= 1 << place
      const block = this.#blocks.whole(place, slot)
      const { u32 } = this.#blocks.heap
      u32[block + 5] = Math.max(0, (u32[block + 5] ?? 0) + sign)
      if (entity === 'merchant' && plan.merchantFrauds) {
        const before = this.#blames.get(slot)?.months ?? []
        const months = withMonth(before, about.month ?? 0, sign, wholeYen(about.yen ?? 0) * sign)
        this.#blames.set(slot, { months, asOf: Number.NaN, inARow: 0, n: 0, sum: 0 })
      }
    }
    return changed
  }

  /** A thief may show the holder's browser, and have goods sent to the holder's door. */
  #isHoldersOwn(entity: (typeof blamed)[number], { marks, slots }: Kept, time: number): boolean {
    const slot = slots[accountKind] ?? 0
    const first =
      entity === 'device'
        ? this.#accounts.firstSeen(slot, setAt.devices, marks.device)
        : entity === 'email'
          ? this.#accounts.firstSeen(slot, setAt.emails, marks.email)
          : entity === 'shipTo'
            ? this.#accounts.firstSeen(slot, setAt.shipTos, marks.shipTo)
            : entity === 'phone'
              ? this.#accounts.firstSeen(slot, setAt.phones, marks.phone)
              : Number.NaN
    return first < time - thiefSeconds
  }

  /** In use: slots, blocks, chains. */
  get bytes(): number {
    return this.#slots.bytes + this.#blocks.bytes + this.#chains.bytes
  }
}

/** What a kind remembers as "others" (`nextProfiles` of score.ts). */
function otherOf(kind: number, marks: Facts['marks']): number | undefined {
  if (kind === deviceKind || kind === phoneKind) return marks.shopAccount
  if (kind === emailKind) return marks.spelling
  return kind === shipToKind ? marks.name : undefined
}
