/**
 * Reads the memory of the events to come before anybody asks for it. One event after the other waits for the memory of each of its
 * entities; read in tight loops, those of many events are on their way at once. Changes nothing that anybody can see but the time.
 */
import * as blocks from './blocks.ts'
import * as layout from './layout.ts'
import * as plans from './plan.ts'

// Of its own for speed: see ./blocks.ts.
const { sightingsAt, timesAt } = blocks
const { accountKind, accountStride, blockKinds, hasAmounts, otherStride } = layout
const { wants } = plans
type Blocks = blocks.Blocks
type Plan = plans.Plan

/** Events that are read at a time: as many as there is place for what was found of them. */
const most = 128
/** Words of a line of the cache. */
const line = 16

export class Ahead {
  readonly #blocks: Blocks
  /** Of one kind: the blocks of the events, as in `Blocks.where`. */
  readonly #found: readonly Uint32Array[]
  readonly #plan: Plan
  /** So that nobody leaves the reading out. */
  touched = 0

  constructor(blocks: Blocks, plan: Plan) {
    this.#blocks = blocks
    this.#plan = plan
    this.#found = Array.from(plan.kept, (kept) => new Uint32Array(kept === 0 ? 0 : most))
  }

  /** Events `from` to before `until`. `slots`: by kind in the order of `entityKinds`, -1 where the event has none. */
  read(slots: readonly (Int32Array | undefined)[], from: number, until: number): void {
    for (let start = from; start < until; start += most) this.#some(slots, start, Math.min(most, until - start))
  }

  #some(slots: readonly (Int32Array | undefined)[], from: number, n: number): void {
    const { kept } = this.#plan
    for (let kind = 0; kind < blockKinds; kind++) {
      const column = slots[kind]
      if (kept[kind] !== 0 && column !== undefined) this.#find(kind, column, from, n)
    }
    for (let kind = 0; kind < blockKinds; kind++)
      if (kept[kind] !== 0 && slots[kind] !== undefined) this.#first(kind, n)
    for (let kind = 0; kind < blockKinds; kind++)
      if (((kept[kind] ?? 0) & (wants.windows | wants.sets)) !== 0 && slots[kind] !== undefined) this.#further(kind, n)
  }

  #find(kind: number, column: Int32Array, from: number, n: number): void {
    const found = this.#found[kind] as Uint32Array
    const where = this.#blocks.where[kind] as Uint32Array
    const { length } = where
    for (let i = 0; i < n; i++) {
      const slot = column[from + i] ?? -1
      found[i] = slot >= 0 && slot < length ? (where[slot] ?? 0) : 0
    }
  }

  /** Lines whose place is known: the head, and of an account what lies behind a short one. */
  #first(kind: number, n: number): void {
    const { u32 } = this.#blocks.heap
    const found = this.#found[kind] as Uint32Array
    let touched = 0
    if (kind === accountKind)
      for (let i = 0; i < n; i++) {
        const at = found[i] ?? 0
        touched ^= (u32[at] ?? 0) ^ (u32[at + line] ?? 0) ^ (u32[at + 2 * line] ?? 0) ^ (u32[at + 3 * line] ?? 0)
      }
    else for (let i = 0; i < n; i++) touched ^= u32[(found[i] ?? 0) & -2] ?? 0
    this.touched ^= touched
  }

  /** Lines whose place stands in the head: the end of the ring, where times are looked for and put, and the sightings. */
  #further(kind: number, n: number): void {
    const { u32 } = this.#blocks.heap
    const found = this.#found[kind] as Uint32Array
    const kept = this.#plan.kept[kind] ?? 0
    const hasTimes = (kept & wants.windows) !== 0
    const isAmount = hasTimes && hasAmounts[kind] === 1
    const hasSets = kind === accountKind ? this.#plan.setsKept[kind] !== 0 : (kept & wants.sets) !== 0
    const stride = kind === accountKind ? accountStride : otherStride
    let touched = 0
    for (let i = 0; i < n; i++) {
      const at = found[i] ?? 0
      if (at === 0 || (at & 1) === 1) continue
      const ring = u32[at + 3] ?? 0
      const room = ring >>> 16
      const times = timesAt(kind, at, room)
      if (hasTimes) {
        const next = (((ring >>> 8) & 0xff) + (ring & 0xff)) & (room - 1)
        touched ^= u32[times + next] ?? 0
        if (isAmount) touched ^= u32[times - 2 * room + 2 * next] ?? 0
      }
      if (!hasSets) continue
      const sightings = sightingsAt(kind, at, room)
      const end = sightings + ((u32[at + 4] ?? 0) & 0xffff) * stride
      for (let word = sightings; word < end; word += line) touched ^= u32[word] ?? 0
      touched ^= u32[end] ?? 0
    }
    this.touched ^= touched
  }
}
