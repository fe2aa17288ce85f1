/** Numbers of entities: the first of a kind is 0, the next 1. Open addressing in typed arrays, no eviction. */
import { type EntityKind, entityKinds } from '../profile.ts'
import { kindAt } from './memory.ts'

const smallest = 1_024
const twoTo32 = 4_294_967_296

function placeOf(hash: number, mask: number): number {
  const high = (hash / twoTo32) >>> 0
  let mixed = Math.imul((hash >>> 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b)
  mixed ^= mixed >>> 15
  return mixed & mask
}

/** Of one kind. An entity takes 8 bytes for its hash, and 4 for each place of the table, of which a third to two thirds are full. */
class Table {
  size = 0
  #hashes = new Float64Array(smallest / 2)
  /** Slot + 1; 0: free. */
  #places = new Uint32Array(smallest)

  slotOf(hash: number): number {
    const places = this.#places
    const hashes = this.#hashes
    const mask = places.length - 1
    let at = placeOf(hash, mask)
    for (;;) {
      const found = places[at] ?? 0
      if (found === 0) return this.#add(hash)
      if (hashes[found - 1] === hash) return found - 1
      at = (at + 1) & mask
    }
  }

  #add(hash: number): number {
    if (this.size === this.#hashes.length) {
      const more = new Float64Array(this.size * 2)
      more.set(this.#hashes)
      this.#hashes = more
    }
    const slot = this.size++
    this.#hashes[slot] = hash
    if (3 * this.size > 2 * this.#places.length) this.#rehash()
    else this.#put(hash, slot)
    return slot
  }

  #put(hash: number, slot: number): void {
    const places = this.#places
    const mask = places.length - 1
    let at = placeOf(hash, mask)
    while (places[at] !== 0) at = (at + 1) & mask
    places[at] = slot + 1
  }

  #rehash(): void {
    this.#places = new Uint32Array(this.#places.length * 2)
    for (let slot = 0; slot < this.size; slot++) this.#put(this.#hashes[slot] ?? 0, slot)
  }

  get bytes(): number {
    return this.#hashes.byteLength + this.#places.byteLength
  }
}

/** May be shared by several memories of one thread: what is in a slot is each one's own. */
export class Slots {
  readonly #tables = entityKinds.map(() => new Table())

  slotOf(kind: EntityKind, hash: number): number {
    return (this.#tables[kindAt[kind]] as Table).slotOf(hash)
  }

  sizeOf(kind: EntityKind): number {
    return (this.#tables[kindAt[kind]] as Table).size
  }

  get bytes(): number {
    return this.#tables.reduce((sum, { bytes }) => sum + bytes, 0)
  }
}
