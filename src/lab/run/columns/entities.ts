/** Entities of the lab: what an entity is known by in memory, worked out once for each of its spellings. */
import type { KeyedKind } from '../../../risk/facts.ts'
import { markOf } from '../../../risk/profile.ts'
import { hashOf, labKeyOf, markOfHash } from '../areq.ts'

export class Entity {
  readonly key: string
  readonly hash: number
  /** As `markOf` of the key. */
  readonly mark: number
  /** Of the thread; -1: nobody has asked yet. */
  slot = -1
  constructor(key: string) {
    this.key = key
    this.hash = hashOf(key)
    this.mark = markOfHash(this.hash)
  }
}

export const entityOf = (kind: KeyedKind, value: string): Entity => new Entity(labKeyOf(kind, value))

/** What memory knows an entity by. */
export type Known = Pick<Entity, 'hash' | 'mark'>
/** Where entities come from: a column of texts, or several together. `of`: by id or place; they hold within a generation. */
type Source = { readonly generation: number; of(place: number): Known | undefined }

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

/** A slot for each two slots that come together. Open addressing; forgotten when it has grown large. */
export class Pairs {
  #size = 0
  #left = new Int32Array(0)
  #right = new Int32Array(0)
  #slots = new Int32Array(0)
  constructor() {
    this.#clear(1 << 12)
  }
  #clear(size: number): void {
    this.#size = 0
    this.#left = new Int32Array(size).fill(-1)
    this.#right = new Int32Array(size)
    this.#slots = new Int32Array(size)
  }
  /** -1: not known. */
  of(left: number, right: number): number {
    const lefts = this.#left
    const mask = lefts.length - 1
    let at = placeOf(left, right) & mask
    for (; lefts[at] !== -1; at = (at + 1) & mask)
      if (lefts[at] === left && this.#right[at] === right) return this.#slots[at] as number
    return -1
  }
  put(left: number, right: number, slot: number): void {
    if (2 * (this.#size + 1) > this.#left.length) this.#grow()
    const mask = this.#left.length - 1
    let at = placeOf(left, right) & mask
    while (this.#left[at] !== -1) at = (at + 1) & mask
    this.#left[at] = left
    this.#right[at] = right
    this.#slots[at] = slot
    this.#size++
  }
  #grow(): void {
    const [left, right, slots] = [this.#left, this.#right, this.#slots]
    if (this.#size > mostPairs) {
      this.#clear(1 << 12)
      return
    }
    this.#clear(2 * left.length)
    for (let i = 0; i < left.length; i++)
      if (left[i] !== -1) this.put(left[i] as number, right[i] as number, slots[i] as number)
  }
}
const mostPairs = 1 << 20

function placeOf(left: number, right: number): number {
  const mixed = Math.imul(left ^ Math.imul(right, 0x9e3779b1), 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
