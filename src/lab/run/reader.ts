/** How a fold is told of one event after the other. */
import type { Heard } from '../../risk/assessment.ts'
import type { Asked } from '../../risk/decide.ts'
import { type Facts, factsOf } from '../../risk/facts.ts'
import type { EntitySlots, Kept } from '../../risk/live/memory.ts'
import { newSlots } from '../../risk/live/memory.ts'
import { type EntityKind, entityKinds } from '../../risk/profile.ts'
import type { Setting } from '../../risk/setting.ts'
import type { Signals } from '../../risk/signals.ts'
import type { Tables } from '../../risk/tables.ts'
import { type Part, textIn } from '../stream/table.ts'
import { areqOf, hashOf, heardOf, labKeyOf, methodOf, networkTold, tablesWith } from './areq.ts'

/** Gives out slots: one for each entity, the same for all who ask in one thread. */
export type SlotOf = (kind: EntityKind, hash: number) => number

/** At one row of a part at a time: what it gives holds until it goes on. */
export interface EventReader {
  /** Of own columns (`own-columns.ts`). */
  bind(part: Part): void
  /** To a row, at a time (seconds since 1970). `renewal`: how many new numbers its card has had. */
  go(row: number, ts: number, renewal?: number): void
  readonly heard: readonly Heard[]
  /** Of the row, in minor units of the issuer's currency, as the facts have it; NaN: not told. Known before `hear`. */
  readonly amount: number
  /** Signals beside the verdicts that the policy listens to. Said after `go`, before the facts are read. */
  hear(signals: Signals | undefined): void
  readonly facts: Facts
  /** The same as members of its own, as conditions look at them. */
  readonly ownFacts: Facts
  readonly slots: EntitySlots
  /** Of all rows of the part, by kind in the order of `entityKinds`, where the reader has them. */
  readonly slotColumns?: readonly (Int32Array | undefined)[] | undefined
  readonly kept: Kept
  readonly asked: Asked
  /** Elements of the AReq by name, without the card number. */
  readonly areq: Readonly<Record<string, unknown>>
}

/** Whose events these are in memory: a card under a number of its own after each renewal. */
export const accountOf = (card: string, renewal: number): string =>
  renewal === 0 ? `account:${card}` : `account:${card}#${renewal}`

const versionOf = (text: string | undefined): Asked['messageVersion'] =>
  text === '2.1.0' || text === '2.3.1' ? text : '2.2.0'

/** What is not told of a request is what most requests say. */
export const askedOf = (
  version: string | undefined,
  channel: string | undefined,
  category: string | undefined,
  challengeInd: string | undefined,
  authenticationInd: string | undefined,
): Asked => ({
  messageVersion: versionOf(version),
  deviceChannel: channel === '01' || channel === '03' ? channel : '02',
  messageCategory: category ?? '01',
  challengeInds: [challengeInd ?? '01'],
  decReqInd: 'N',
  ...(authenticationInd !== undefined && { authenticationInd }),
})

/** By `factsOf` itself: what every other reader is held against. */
export class PlainReader implements EventReader {
  facts!: Facts
  kept!: Kept
  asked!: Asked
  areq!: Readonly<Record<string, unknown>>
  heard: readonly Heard[] = []
  readonly slots = newSlots()
  get ownFacts(): Facts {
    return this.facts
  }
  #part!: Part
  #row = 0
  #ts = 0
  #renewal = 0
  readonly #setting: Setting
  readonly #tables: Tables
  readonly #slotOf: SlotOf
  constructor(setting: Setting, tables: Tables, slotOf: SlotOf) {
    this.#setting = setting
    this.#tables = tables
    this.#slotOf = slotOf
  }
  bind(part: Part): void {
    this.#part = part
  }
  go(row: number, ts: number, renewal = 0): void {
    this.#row = row
    this.#ts = ts
    this.#renewal = renewal
    this.heard = heardOf(this.#part, row)
  }
  get amount(): number {
    this.hear(undefined)
    return this.facts.amount ?? Number.NaN
  }
  hear(signals: Signals | undefined): void {
    const part = this.#part
    const row = this.#row
    const areq = areqOf(part, row)
    const facts = factsOf(areq, {
      accountKey: accountOf(textIn(part.columns.get('card'), row) ?? '', this.#renewal),
      keyOf: labKeyOf,
      method: methodOf(part, row),
      now: this.#ts * 1000,
      policy: this.#setting,
      tables: tablesWith(this.#tables, networkTold(part, row)),
      signals,
    })
    entityKinds.forEach((kind, i) => {
      const key = facts.keys[kind]
      this.slots[i] = key === undefined ? -1 : this.#slotOf(kind, hashOf(key))
    })
    this.facts = facts
    this.kept = { ...facts, slots: this.slots }
    const { acctNumber: _, ...own } = areq
    this.areq = own
    this.asked = askedOf(
      areq.messageVersion,
      areq.deviceChannel,
      areq.messageCategory,
      typeof areq.threeDSRequestorChallengeInd === 'string' ? areq.threeDSRequestorChallengeInd : undefined,
      areq.threeDSRequestorAuthenticationInd,
    )
  }
}
