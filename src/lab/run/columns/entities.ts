/** Entities of the lab: what an entity is known by in memory, worked out once for each of its spellings. */
import type { KeyedKind } from '../../../risk/facts.ts'
import { type EntityKind, markOf } from '../../../risk/profile.ts'
import { hashOf, labKeyOf } from '../areq.ts'
import type { SlotOf } from '../reader.ts'

export class Entity {
  readonly key: string
  readonly mark: number
  /** Of the thread; -1: nobody has asked yet. */
  #slot = -1
  /** Counts the entities of a reader, so that two of them can be told apart by numbers. */
  readonly n: number
  constructor(key: string, n: number) {
    this.key = key
    this.mark = markOf(key)
    this.n = n
  }
  slotBy(kind: EntityKind, slotOf: SlotOf): number {
    if (this.#slot < 0) this.#slot = slotOf(kind, hashOf(this.key))
    return this.#slot
  }
}

export class Entities {
  #n = 0
  of(kind: KeyedKind, value: string): Entity {
    return this.ofKey(labKeyOf(kind, value))
  }
  ofKey(key: string): Entity {
    return new Entity(key, this.#n++)
  }
}

/** Only its mark is kept. */
export const markFor = (kind: KeyedKind, value: string | undefined): number | undefined =>
  value === undefined ? undefined : markOf(labKeyOf(kind, value))

/** What follows from two entities together, by their numbers. Open addressing; forgotten when it has grown large. */
export class Pairs {
  #size = 0
  #left = new Float64Array(1 << 12)
  #right = new Float64Array(1 << 12)
  #values: (Entity | undefined)[] = []
  readonly #make: (left: Entity, right: Entity) => Entity
  constructor(make: (left: Entity, right: Entity) => Entity) {
    this.#make = make
    this.#clear(1 << 12)
  }
  #clear(size: number): void {
    this.#size = 0
    this.#left = new Float64Array(size).fill(-1)
    this.#right = new Float64Array(size)
    this.#values = new Array<Entity | undefined>(size).fill(undefined)
  }
  of(left: Entity, right: Entity): Entity {
    const mask = this.#left.length - 1
    let at = placeOf(left.n, right.n) & mask
    for (; this.#left[at] !== -1; at = (at + 1) & mask)
      if (this.#left[at] === left.n && this.#right[at] === right.n) return this.#values[at] as Entity
    const made = this.#make(left, right)
    this.#left[at] = left.n
    this.#right[at] = right.n
    this.#values[at] = made
    this.#size++
    if (2 * this.#size > this.#left.length) this.#grow()
    return made
  }
  #grow(): void {
    if (this.#size > mostPairs) {
      this.#clear(1 << 12)
      return
    }
    const [left, right, values] = [this.#left, this.#right, this.#values]
    this.#clear(2 * left.length)
    const mask = this.#left.length - 1
    for (let i = 0; i < left.length; i++) {
      if (left[i] === -1) continue
      let at = placeOf(left[i] as number, right[i] as number) & mask
      while (this.#left[at] !== -1) at = (at + 1) & mask
      this.#left[at] = left[i] as number
      this.#right[at] = right[i] as number
      this.#values[at] = values[i]
      this.#size++
    }
  }
}
const mostPairs = 1 << 20

function placeOf(left: number, right: number): number {
  const mixed = Math.imul(left ^ Math.imul(right, 0x9e3779b1), 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
