/**
 * Rows of a part as the engine gets them, without an AReq: what follows from one text or from a few of them is worked out once and
 * kept, and a fact is read when somebody asks for it. Equal to `PlainReader` in every fact (test/lab/run/facts.test.ts).
 */
import type { Heard } from '../../risk/assessment.ts'
import type { Asked } from '../../risk/decide.ts'
import type { Facts } from '../../risk/facts.ts'
import { type EntitySlots, type Kept, kindAt, newSlots } from '../../risk/live/memory.ts'
import type { EntityKind, Keys } from '../../risk/profile.ts'
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
import { columnKinds } from './columns/told.ts'
import type { Wanted } from './columns/wanted.ts'
import type { EventReader, SlotOf } from './reader.ts'

const networkKinds = ['address', 'prefix', 'country'] as const
const agentKinds = ['signature', 'agent', 'platform'] as const

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
  readonly #wantsShipTo: boolean
  /** Places in `entityKinds` of those that a part has columns of. */
  readonly #places: Uint8Array
  readonly #countsChains: boolean
  readonly #areq = new RowAReq()
  #part!: Part
  #everyone = -1

  /** `wanted`: what somebody remembers; of other entities and marks none is told. */
  constructor(setting: Setting, tables: Tables, slotOf: SlotOf, wanted: Wanted) {
    const { kinds } = wanted
    this.#row = new Row(setting, tables, wanted, (kind) => (kinds.has(kind) ? (hash) => slotOf(kind, hash) : undefined))
    this.#slotOf = slotOf
    this.#wantsShipTo = kinds.has('shipTo')
    this.#places = Uint8Array.from(columnKinds.filter((kind) => kinds.has(kind)).map((kind) => kindAt[kind]))
    this.#countsChains = setting.countsChains === true
    this.facts = new RowFacts(this.#row)
    this.ownFacts = ownFactsOf(this.facts)
    this.kept = new RowKept(this.facts, this.slots)
  }

  bind(part: Part): void {
    this.#part = part
    this.#row.bind(part)
    this.facts.bind()
    this.#hearings.bindTo(part)
  }

  /** Of the bound part, by kind in the order of `entityKinds`: what memory can be told ahead. */
  get slotColumns(): readonly (Int32Array | undefined)[] {
    return this.#row.columns.slots
  }

  go(row: number, ts: number, renewal = 0): void {
    this.#row.go(row, ts * 1000, renewal)
  }

  get amount(): number {
    return this.#row.columns.amounts[this.#row.row] as number
  }

  get heard(): readonly Heard[] {
    return this.#hearings.at(this.#row.row)
  }

  hear(signals: Signals | undefined): void {
    const row = this.#row
    const { slots } = this
    const places = this.#places
    const columns = row.columns.slots
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number
      slots[place] = (columns[place] as Int32Array)[row.row] as number
    }
    if (row.renewal !== 0) slots[kindAt.account] = this.#slot(row.account, 'account')
    if (signals !== undefined) {
      row.hear(true)
      const { told } = row
      if (this.#wantsShipTo && told?.hasAddress === true) slots[kindAt.shipTo] = this.#slot(told.shipTo, 'shipTo')
    }
    if (this.#countsChains) this.#putChains()
  }

  #slot(entity: Entity | undefined, kind: EntityKind): number {
    if (entity === undefined) return -1
    if (entity.slot < 0) entity.slot = this.#slotOf(kind, entity.hash)
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
    return this.#row.columns.asked[this.#row.row] as Asked
  }

  get areq(): Readonly<Record<string, unknown>> {
    this.#areq.go(this.#part, this.#row.row)
    return this.#areq
  }
}
