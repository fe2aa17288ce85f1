/**
 * Where the profile of an entity lies: one block of the heap, made of a head, a ring and a list of sightings.
 *
 * An entity other than a card or a shop that was seen once has 32 bytes; at its second event it gets a block of its own, which
 * moves to a larger one when its ring or its list is full. What no feature reads is not kept: when a device was last blamed,
 * how many challenges were passed with it, counters of kinds that have no feature for them.
 */
import * as profile from '../profile.ts'
import * as heaps from './heap.ts'
import * as layout from './layout.ts'
import type { EntitySlots } from './memory.ts'

// What is imported is looked up at every use; what a module has of its own the compiler knows. So here, and wherever time counts.
const {
  accountKind,
  accountSizes,
  accountStride,
  accountWords,
  blockKinds,
  hasAmounts,
  hasRing,
  headWords,
  mostSightings,
  noId,
  otherSizes,
  otherStride,
} = layout
const { ringSize } = profile
const { grained } = heaps

const sum = (sizes: Uint8Array): number => sizes.reduce((total, size) => total + size, 0)

/** Four sizes of blocks: ring and list grow together, since every move costs and leaves a block behind that waits for another. */
const rings = Uint8Array.of(4, 8, 16, ringSize)
const accountLists = Uint8Array.of(10, 20, 35, sum(accountSizes))
const otherLists = Uint8Array.of(4, 10, 20, sum(otherSizes))
const firstRing = 4

/** What an event adds to the profiles of a stream, more rather than less (docs/lab-profiles.md). */
const wordsPerEvent = 96

/** Room for the most that one event can ask for: a new block for each kind. */
const reserved = 16_384

export class Blocks {
  readonly heap: heaps.Heap
  /** Word of the block of each slot, by kind; 0: never seen; + 1: seen once. */
  readonly where: Uint32Array[] = Array.from({ length: blockKinds }, () => new Uint32Array(256))
  /** Of the event that was fetched last, as in `where`. */
  readonly found = new Uint32Array(blockKinds)
  /** A head of nothing, for who was never seen. */
  readonly nobody: number

  /** `events`: as many as are expected. */
  constructor(events: number) {
    this.heap = new heaps.Heap(events * wordsPerEvent)
    this.heap.reserve(reserved)
    this.nobody = this.heap.alloc(grained(accountWords))
  }

  /** Before an event changes anything: places and the heap's arrays stay as they are until the next call, but for `moved`. */
  reserve(): void {
    this.heap.reserve(reserved)
  }

  /**
   * Finds all blocks of an event at once, into `found`, and touches their lines: the processor fetches what does not depend on
   * each other side by side, which one after the other would take most of the time of an event. `kinds`: those that are kept.
   */
  fetch(slots: EntitySlots, kinds: Uint8Array): void {
    const { found, where } = this
    const { u32 } = this.heap
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i] as number
      const slot = slots[kind] as number
      const places = where[kind] as Uint32Array
      found[kind] = slot >= 0 && slot < places.length ? (places[slot] as number) : 0
    }
    let touched = 0
    for (let i = 0; i < kinds.length; i++) {
      const at = (found[kinds[i] as number] as number) & -2
      touched ^= (u32[at] as number) ^ (u32[at + 16] as number)
    }
    const account = found[accountKind] as number
    touched ^= (u32[account + 32] as number) ^ (u32[account + 48] as number)
    this.touched = touched
  }
  /** So that nobody leaves the touching out. */
  touched = 0

  find(kind: number, slot: number): number {
    const where = this.where[kind] as Uint32Array
    return slot < where.length ? (where[slot] ?? 0) : 0
  }

  put(kind: number, slot: number, at: number): void {
    let where = this.where[kind] as Uint32Array
    if (slot >= where.length) {
      const more = new Uint32Array(Math.max(where.length * 2, slot + 1))
      more.set(where)
      this.where[kind] = more
      where = more
    }
    where[slot] = at
  }

  /** An empty block. */
  create(kind: number, slot: number): number {
    const ring = hasRing[kind] === 1 ? firstRing : 0
    const room = Math.min((kind === accountKind ? accountLists[0] : otherLists[0]) ?? 0, mostSightings[kind] ?? 0)
    const at = this.heap.alloc(wordsOf(kind, ring, room))
    const { u32 } = this.heap
    u32[at + 3] = ring << 16
    u32[at + 4] = room << 16
    this.put(kind, slot, at)
    return at
  }

  /** The block of an entity that may never have been seen, or once. */
  whole(kind: number, slot: number): number {
    const found = this.find(kind, slot)
    if (found === 0) return this.create(kind, slot)
    return (found & 1) === 0 ? found : this.#unfold(kind, slot, found - 1)
  }

  /** What was seen once gets a block of its own. */
  #unfold(kind: number, slot: number, from: number): number {
    const at = this.create(kind, slot)
    const { u32, f64 } = this.heap
    const ts = u32[from] ?? 0
    const said = u32[from + 1] ?? 0
    u32[at] = 1
    u32[at + 1] = ts
    u32[at + 2] = ts
    u32[at + 3] = (firstRing << 16) | 1
    const d = (at + 6) >>> 1
    f64[d] = 1
    f64[d + 1] = 1
    f64[d + 2] = 1
    f64[d + 3] = said & 1
    f64[d + 4] = (said >>> 1) & 1
    u32[timesAt(kind, at, firstRing)] = ts
    let to = sightingsAt(kind, at, firstRing)
    let n = 0
    for (let i = from + 2; i < from + 8; i += 2) {
      const high = u32[i + 1] ?? 0
      if (high === noId) continue
      u32[to] = u32[i] ?? 0
      u32[to + 1] = high
      u32[to + 2] = ts
      to += otherStride
      n++
    }
    u32[at + 4] = ((u32[at + 4] ?? 0) & 0xffff_0000) | n
    this.heap.releaseHalf(from)
    return at
  }

  /** The same profile with room for one more event and `more` more sightings. */
  moved(kind: number, slot: number, from: number, more: number): number {
    const { u32, f64 } = this.heap
    const ring = u32[from + 3] ?? 0
    const events = ring & 0xff
    const oldest = (ring >>> 8) & 0xff
    const room = ring >>> 16
    const list = u32[from + 4] ?? 0
    const n = list & 0xffff
    const places = list >>> 16
    const leastRoom = hasRing[kind] === 1 && events === room ? Math.min(room + 1, ringSize) : room
    const lists = kind === accountKind ? accountLists : otherLists
    let size = 0
    while (size < 3 && ((rings[size] ?? 0) < leastRoom || (lists[size] ?? 0) < n + more)) size++
    const nextRoom = hasRing[kind] === 1 ? (rings[size] ?? 0) : 0
    const nextPlaces = Math.min(lists[size] ?? 0, mostSightings[kind] ?? 0)
    const at = this.heap.alloc(wordsOf(kind, nextRoom, nextPlaces))
    const head = kind === accountKind ? accountWords : headWords
    for (let i = 0; i < head; i++) u32[at + i] = u32[from + i] ?? 0
    const times = timesAt(kind, from, room)
    const nextTimes = timesAt(kind, at, nextRoom)
    for (let i = 0; i < events; i++) u32[nextTimes + i] = u32[times + ((oldest + i) & (room - 1))] ?? 0
    if (hasAmounts[kind] === 1) {
      const amounts = (from + head) >>> 1
      const nextAmounts = (at + head) >>> 1
      for (let i = 0; i < events; i++) f64[nextAmounts + i] = f64[amounts + ((oldest + i) & (room - 1))] ?? 0
    }
    const stride = kind === accountKind ? accountStride : otherStride
    const sightings = sightingsAt(kind, from, room)
    const nextSightings = sightingsAt(kind, at, nextRoom)
    for (let i = 0; i < n * stride; i++) u32[nextSightings + i] = u32[sightings + i] ?? 0
    u32[at + 3] = (nextRoom << 16) | events
    u32[at + 4] = (nextPlaces << 16) | n
    this.heap.release(from, wordsOf(kind, room, places))
    this.put(kind, slot, at)
    return at
  }

  get bytes(): number {
    return this.heap.bytes + this.where.reduce((total, { byteLength }) => total + byteLength, 0)
  }
}

const wordsOf = (kind: number, ring: number, sightings: number): number =>
  kind === accountKind
    ? grained(accountWords + 3 * ring + accountStride * sightings)
    : grained(headWords + (hasAmounts[kind] === 1 ? 3 : 1) * ring + otherStride * sightings)

/** Amounts (doubles) come first behind the head, then times, then sightings. */
const timesIn = (kind: number, at: number, room: number): number =>
  at + (kind === accountKind ? accountWords + 2 * room : hasAmounts[kind] === 1 ? headWords + 2 * room : headWords)
export const timesAt = timesIn

export const sightingsAt = (kind: number, at: number, room: number): number => timesIn(kind, at, room) + room
