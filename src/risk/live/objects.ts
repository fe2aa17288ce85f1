/** The profiles of the server in a memory of the lab: slow and plain. What `LiveProfiles` is held against. */
import type { Facts } from '../facts.ts'
import { type Features, featuresInto } from '../features.ts'
import { learn, type Outcome } from '../learn.ts'
import { type EntityKind, entityKinds, type Keys, type Profile, type Profiles } from '../profile.ts'
import { nextProfiles } from '../score.ts'
import { type EntitySlots, type Kept, kindAt, type OutcomeKind, type ProfileMemory, type Told } from './memory.ts'

/** Of an entity only whether it is there is asked. */
function keysOf(slots: EntitySlots): Keys {
  const keys: { -readonly [K in keyof Keys]: Keys[K] } = { account: 'account' }
  for (const kind of entityKinds) if ((slots[kindAt[kind]] ?? -1) >= 0) keys[kind] = kind
  return keys
}

export class ObjectProfiles implements ProfileMemory {
  readonly #slots = entityKinds.map(() => new Map<number, number>())
  readonly #profiles = entityKinds.map((): (Profile | undefined)[] => [])

  slotOf(kind: EntityKind, hash: number): number {
    const slots = this.#slots[kindAt[kind]]
    if (slots === undefined) return -1
    const found = slots.get(hash)
    if (found !== undefined) return found
    slots.set(hash, slots.size)
    return slots.size - 1
  }

  features(out: Features, facts: Facts, slots: EntitySlots, ts: number): void {
    featuresInto(out, this.load(slots), { ...facts, keys: keysOf(slots) }, ts)
  }

  record(facts: Facts, slots: EntitySlots, ts: number): void {
    this.#save(slots, nextProfiles(this.load(slots), { ...facts, keys: keysOf(slots) }, ts))
  }

  learn(kind: OutcomeKind, { slots, marks, amount, localHour, presence }: Kept, ts: number, told: Told = {}): number {
    const outcome = { ...told, kind, facts: { marks, amount, localHour, presence, keys: keysOf(slots) } } as Outcome
    return this.#save(slots, learn(this.load(slots), outcome, ts * 1000))
  }

  load(slots: EntitySlots): Profiles {
    const profiles: { -readonly [K in EntityKind]?: Profiles[K] } = {}
    entityKinds.forEach((kind, i) => {
      profiles[kind] = this.#profiles[i]?.[slots[i] ?? -1]
    })
    return profiles
  }

  #save(slots: EntitySlots, profiles: Profiles): number {
    let saved = 0
    entityKinds.forEach((kind, i) => {
      const profile = profiles[kind]
      const slot = slots[i] ?? -1
      const held = this.#profiles[i]
      if (profile === undefined || slot < 0 || held === undefined) return
      held[slot] = profile
      saved |= 1 << i
    })
    return saved
  }
}
