/** Entities of the lab: what an entity is known by in memory, worked out once for each of its spellings. */
import type { KeyedKind } from '../../../risk/facts.ts'
import { markOf } from '../../../risk/profile.ts'
import { hashOf, labKeyOf, markOfHash } from '../areq.ts'

/** Counts all that there are in this thread, so that two of them can be told apart by numbers. */
let entities = 0

export class Entity {
  readonly key: string
  readonly hash: number
  /** As `markOf` of the key. */
  readonly mark: number
  /** Of the thread; -1: nobody has asked yet. */
  slot = -1
  readonly n = entities++
  constructor(key: string) {
    this.key = key
    this.hash = hashOf(key)
    this.mark = markOfHash(this.hash)
  }
}

export const entityOf = (kind: KeyedKind, value: string): Entity => new Entity(labKeyOf(kind, value))

/** Where an entity comes from: a column of texts, or several together. `of`: by id or place; they hold within a generation. */
type Source = { readonly generation: number; of(place: number): Entity | undefined }

const unknown = -2
const smallest = 1 << 10

/** What memory knows the entities of a source by, in arrays by place: a part is gone through without an object for a row. */
export class Numbered {
  readonly #source: Source
  /** Undefined: only marks are asked for. */
  readonly #slotOf: ((hash: number) => number) | undefined
  #generation = -1
  #slots = new Int32Array(0)
  #marks = new Float64Array(0)
  constructor(source: Source, slotOf: ((hash: number) => number) | undefined) {
    this.#source = source
    this.#slotOf = slotOf
  }
  bind(): void {
    if (this.#generation === this.#source.generation) return
    this.#generation = this.#source.generation
    this.#slots = new Int32Array(smallest).fill(unknown)
    this.#marks = new Float64Array(smallest)
  }
  /** -1: none. Where nobody wants slots any other number says that there is one. */
  slotAt(place: number): number {
    const slots = this.#slots
    const slot = place < slots.length ? (slots[place] as number) : unknown
    return slot === unknown ? this.#new(place) : slot
  }
  /** Once its slot was asked for; NaN: none. */
  markAt(place: number): number {
    return this.#marks[place] as number
  }
  #new(place: number): number {
    if (place >= this.#slots.length) this.#grow(place)
    const entity = this.#source.of(place)
    const slot = entity === undefined ? -1 : (this.#slotOf?.(entity.hash) ?? 0)
    this.#slots[place] = slot
    this.#marks[place] = entity?.mark ?? Number.NaN
    return slot
  }
  #grow(place: number): void {
    const size = Math.max(2 * this.#slots.length, place + 1)
    const slots = new Int32Array(size).fill(unknown)
    const marks = new Float64Array(size)
    slots.set(this.#slots)
    marks.set(this.#marks)
    this.#slots = slots
    this.#marks = marks
  }
}

/** Only its mark is kept. */
export const markFor = (kind: KeyedKind, value: string | undefined): number | undefined =>
  value === undefined ? undefined : markOf(labKeyOf(kind, value))

/** What follows from two entities together, by their numbers. Open addressing; forgotten when it has grown large. */
export class Pairs {
  #size = 0
  #left = new Int32Array(0)
  #right = new Int32Array(0)
  #values: (Entity | undefined)[] = []
  readonly #make: (left: Entity, right: Entity) => Entity
  constructor(make: (left: Entity, right: Entity) => Entity) {
    this.#make = make
    this.#clear(1 << 12)
  }
  #clear(size: number): void {
    this.#size = 0
    this.#left = new Int32Array(size).fill(-1)
    this.#right = new Int32Array(size)
    this.#values = new Array<Entity | undefined>(size).fill(undefined)
  }
  of(left: Entity, right: Entity): Entity {
    const lefts = this.#left
    const mask = lefts.length - 1
    let at = placeOf(left.n, right.n) & mask
    for (; lefts[at] !== -1; at = (at + 1) & mask)
      if (lefts[at] === left.n && this.#right[at] === right.n) return this.#values[at] as Entity
    return this.#add(left, right, at)
  }
  #add(left: Entity, right: Entity, at: number): Entity {
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
  return mixed ^ (mixed >>> 15)
}
