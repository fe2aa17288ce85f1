/**
 * A memory of profiles that is told of one event after the other, and what it is asked: the lab folds a stream over one.
 * Entities are small numbers (slots), given out by kind, so that nothing is looked up by text.
 */
import type { Facts } from '../facts.ts'
import type { Features } from '../features.ts'
import type { LearnFacts, Outcome } from '../learn.ts'
import { type EntityKind, entityKinds } from '../profile.ts'
import type { FeatureMask } from './mask.ts'

/** Slots of one event's entities, in the order of `entityKinds`; -1: the AReq told of none. The account is always there. */
export type EntitySlots = Int32Array
export const newSlots = (): EntitySlots => new Int32Array(entityKinds.length).fill(-1)

/** Where each kind is in `EntitySlots`. */
export const kindAt = Object.fromEntries(entityKinds.map((kind, i) => [kind, i])) as {
  readonly [K in EntityKind]: number
}

/** What has to be kept of an event until its outcome is known. The keys of its facts are its slots. */
export type Kept = Omit<LearnFacts, 'keys'> & { readonly slots: EntitySlots }

export type OutcomeKind = Outcome['kind']

/** What an outcome tells besides its kind; a label tells all but the first. */
export type Told = {
  /** The answer to a challenge was entered as a machine does it. */
  readonly wasMachine?: boolean | undefined
  /** Of the purchase: calendar month as `monthAt` gives it, worth in yen, and seconds since 1970. */
  readonly month?: number | undefined
  readonly yen?: number | undefined
  readonly at?: number | undefined
}

/** Times are whole seconds since 1970, from 0 to 2^32 - 1. What it gives is what features.ts, score.ts and learn.ts give, bit for bit. */
export interface ProfileMemory {
  /** The slot of an entity, a new one where it has none. `hash`: a whole number from 0 to 2^53 - 1 that stands for its key. */
  slotOf(kind: EntityKind, hash: number): number
  /** Fills `out`, before the event is recorded. What stands where nothing is wanted means nothing. */
  features(out: Features, facts: Facts, slots: EntitySlots, ts: number, wanted?: FeatureMask): void
  /**
   * What `nextProfiles` of score.ts does. `isAsked`: the call before was `features` for this very event, with these slots and facts
   * as they are, so that what was found then need not be looked for again.
   */
  record(facts: Facts, slots: EntitySlots, ts: number, isAsked?: boolean): void
  /**
   * What learn.ts does; `ts`: of the outcome. Returns the kinds whose profiles have changed, a bit for each place in
   * `entityKinds`, of a label only those whose frauds are kept: it is withdrawn from them, with the slots of others set to -1.
   */
  learn(kind: OutcomeKind, kept: Kept, ts: number, told?: Told): number
}
