/**
 * Rows of a part as the engine gets them, without an AReq: what follows from one text or from a few of them is worked out once and
 * kept, and a fact is read when somebody asks for it. Equal to `PlainReader` in every fact (test/lab/run/facts.test.ts).
 */
import type { Heard } from '../../risk/assessment.ts'
import type { Asked } from '../../risk/decide.ts'
import type { Facts } from '../../risk/facts.ts'
import { type EntitySlots, type Kept, kindAt, newSlots } from '../../risk/live/memory.ts'
import { type EntityKind, entityKinds, type Keys } from '../../risk/profile.ts'
import type { Setting } from '../../risk/setting.ts'
import type { Signals } from '../../risk/signals.ts'
import type { Tables } from '../../risk/tables.ts'
import type { Part } from '../stream/table.ts'
import { hashOf } from './areq.ts'
import type { Entity } from './columns/entities.ts'
import { Hearings } from './columns/hearings.ts'
import type { ChainHalf } from './columns/places.ts'
import { Row } from './columns/row.ts'
import { RowAReq } from './columns/row-areq.ts'
import { everyoneKey, ownFactsOf, RowFacts } from './columns/row-facts.ts'
import type { EventReader, SlotOf } from './reader.ts'

const networkKinds = ['address', 'prefix', 'country'] as const
const agentKinds = ['signature', 'agent', 'platform'] as const
const isCounted: ReadonlySet<EntityKind> = new Set(['everyone', ...networkKinds, ...agentKinds])

/** What outcomes are learnt from, as long as the reader stays at the row. */
class RowKept implements Kept {
  readonly #facts: Facts
  readonly marks: Kept['marks']
  readonly slots: EntitySlots
  constructor(facts: Facts, slots: EntitySlots) {
    this.#facts = facts
    this.marks = facts.marks
    this.slots = slots
  }
  get amount(): number | undefined {
    return this.#facts.amount
  }
  get localHour(): number | undefined {
    return this.#facts.localHour
  }
  get presence(): string {
    return this.#facts.presence
  }
}

export class ColumnReader implements EventReader {
  readonly slots = newSlots()
  readonly #row: Row
  readonly facts: RowFacts
  readonly ownFacts: Facts
  readonly kept: Kept
  readonly #hearings = new Hearings()
  readonly #slotOf: SlotOf
  /** By places in `entityKinds`. */
  readonly #wanted: Uint8Array
  readonly #countsChains: boolean
  readonly #areq = new RowAReq()
  #part!: Part
  #everyone = -1

  /** `kinds`: entities whose profiles somebody reads; those of others are nobody's. */
  constructor(setting: Setting, tables: Tables, slotOf: SlotOf, kinds: ReadonlySet<EntityKind>) {
    this.#row = new Row(setting, tables)
    this.#slotOf = slotOf
    this.#wanted = Uint8Array.from(entityKinds, (kind) => (kinds.has(kind) ? 1 : 0))
    this.#countsChains = setting.countsChains === true
    this.facts = new RowFacts(this.#row)
    this.ownFacts = ownFactsOf(this.facts)
    this.kept = new RowKept(this.facts, this.slots)
  }

  bind(part: Part): void {
    this.#part = part
    this.#row.bind(part)
    this.#hearings.bindTo(part)
  }

  go(row: number, ts: number, renewal = 0): void {
    this.#row.go(row, ts * 1000, renewal)
  }

  get amount(): number {
    return this.facts.amount ?? Number.NaN
  }

  get heard(): readonly Heard[] {
    return this.#hearings.at(this.#row.row)
  }

  hear(signals: Signals | undefined): void {
    const row = this.#row
    const { slots } = this
    const wanted = this.#wanted
    if (signals !== undefined) row.hear(true)
    slots[0] = this.#slot(row.account, 0)
    if (wanted[1] === 1) slots[1] = this.#slot(row.device, 1)
    if (wanted[2] === 1) slots[2] = this.#slot(row.address?.entity, 2)
    if (wanted[3] === 1) slots[3] = this.#slot(row.mail.entity, 3)
    if (wanted[4] === 1) slots[4] = this.#slot(row.merchant, 4)
    if (wanted[5] === 1) slots[5] = this.#slot(row.shipTo, 5)
    if (wanted[6] === 1) slots[6] = this.#slot(row.range, 6)
    if (wanted[7] === 1) slots[7] = this.#slot(row.phone?.entity, 7)
    if (wanted[8] === 1) slots[8] = this.#slot(row.mail.domain, 8)
    if (wanted[9] === 1) slots[9] = this.#slot(row.binMerchant, 9)
    if (this.#countsChains) this.#putChains()
  }

  /** `kind`: its place in `entityKinds`. */
  #slot(entity: Entity | undefined, kind: number): number {
    if (entity === undefined) return -1
    if (entity.slot < 0) entity.slot = this.#slotOf(entityKinds[kind] as EntityKind, entity.hash)
    return entity.slot
  }

  #putChains(): void {
    if (this.#everyone < 0) this.#everyone = this.#slotOf('everyone', hashOf(everyoneKey))
    this.slots[kindAt.everyone] = this.#everyone
    this.#putChain(networkKinds, this.#row.networkChain)
    this.#putChain(agentKinds, this.#row.agentChain)
  }

  #putChain(kinds: typeof networkKinds | typeof agentKinds, half: ChainHalf | undefined): void {
    const known = half === undefined ? undefined : (half.slots ?? this.#slotsOf(kinds, half.keys))
    if (half !== undefined) half.slots ??= known ?? []
    kinds.forEach((kind, i) => {
      this.slots[kindAt[kind]] = known?.[i] ?? -1
    })
  }

  #slotsOf(kinds: typeof networkKinds | typeof agentKinds, keys: Partial<Keys>): readonly number[] {
    return kinds.map((kind) => {
      const key = keys[kind]
      return key === undefined ? -1 : this.#slotOf(kind, hashOf(key))
    })
  }

  get asked(): Asked {
    return this.#row.shop.askedAt(this.#row.row)
  }

  get areq(): Readonly<Record<string, unknown>> {
    this.#areq.go(this.#part, this.#row.row)
    return this.#areq
  }
}

/** Kinds whose profiles the features of a name read, beside the card's own. */
export function kindsRead(names: Iterable<string>): ReadonlySet<EntityKind> {
  const kinds = new Set<EntityKind>(['account'])
  for (const name of names) {
    const ending = name.slice(name.lastIndexOf('_') + 1)
    if (Object.hasOwn(kindAt, ending)) kinds.add(ending as EntityKind)
    if (name === 'domain_age_days') kinds.add('domain')
    if (name === 'method_is_replayed') kinds.add('device')
    if (name.startsWith('merchant_fraud')) kinds.add('merchant')
    if (name.startsWith('freeman_')) for (const kind of isCounted) kinds.add(kind)
  }
  return kinds
}
