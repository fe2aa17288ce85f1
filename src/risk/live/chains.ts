/** Counts of the freeman scorer: what ../chains.ts keeps of all cards and in each, as numbers in arrays. */
import type { Chains } from '../chains.ts'
import { type Features, positionOf } from '../features.ts'
import { entityKinds } from '../profile.ts'
import { type ChainCounts, chainRatio, historySize, type Levels, spaces, volumeRatio } from '../scorers/freeman.ts'
import type { Blocks } from './blocks.ts'
import { grained } from './heap.ts'
import { blockKinds, own } from './layout.ts'
import { type EntitySlots, kindAt } from './memory.ts'

const at = {
  network: positionOf('freeman_network'),
  agent: positionOf('freeman_agent'),
  volume: positionOf('freeman_volume'),
} as const

const kinds = {
  network: { narrow: kindAt.address, middle: kindAt.prefix, wide: kindAt.country },
  agent: { narrow: kindAt.signature, middle: kindAt.agent, wide: kindAt.platform },
} as const
type Name = keyof typeof kinds

/** A history of a card: words of its head (values, lost, room), then of each value narrow, middle, wide and how often. */
const headWords = 4
const stride = 4
const firstRoom = 3

/** Of everyone: as `Crowd` of profile.ts names them. */
const crowdSize = 5
const crowdAt = { cards: 0, networks: 1, countries: 2, agents: 3, platforms: 4 } as const

export class ChainTallies {
  readonly #blocks: Blocks
  /** By kind after the blocks' kinds: how often each slot was seen, and how many distinct narrower values it had. */
  readonly #counts = entityKinds.slice(blockKinds).map(() => new Float64Array(256))
  readonly #narrower = entityKinds.slice(blockKinds).map(() => new Float64Array(256))
  #crowds = new Float64Array(crowdSize)

  constructor(blocks: Blocks) {
    this.#blocks = blocks
  }

  /** `block`: of the account, or a head of nothing. */
  features(out: Features, chains: Chains | undefined, slots: EntitySlots, block: number): void {
    out[at.network] = Number.NaN
    out[at.agent] = Number.NaN
    out[at.volume] = Number.NaN
    if (chains === undefined) return
    const n = this.#blocks.heap.u32[block + own.chains] ?? 0
    const everyone = slots[kindAt.everyone] ?? -1
    out[at.volume] = volumeRatio(this.#crowd(everyone, crowdAt.cards), n, this.#count(kindAt.everyone, everyone))
    if (n === 0) return
    const { network, agent } = chains
    if (network !== undefined)
      out[at.network] = chainRatio(
        this.#ofAll('network', slots),
        this.#ofCard(this.#blocks.heap.u32[block + own.network] ?? 0, network),
        spaces.network,
      )
    if (agent !== undefined)
      out[at.agent] = chainRatio(
        this.#ofAll('agent', slots),
        this.#ofCard(this.#blocks.heap.u32[block + own.agent] ?? 0, agent),
        spaces.agent,
      )
  }

  /** One more event. `block`: of the account. */
  record(chains: Chains, slots: EntitySlots, block: number): void {
    const { u32 } = this.#blocks.heap
    const isFirst = u32[block + own.chains] === 0
    u32[block + own.chains] = (u32[block + own.chains] ?? 0) + 1
    const { network, agent } = chains
    const everyone = slots[kindAt.everyone] ?? -1
    this.#add(kindAt.everyone, everyone, 0)
    if (isFirst) this.#meet(everyone, crowdAt.cards)
    if (network !== undefined) {
      this.#keep(block + own.network, network)
      this.#meet(everyone, crowdAt.networks)
      if (this.#tell('network', slots)) this.#meet(everyone, crowdAt.countries)
    }
    if (agent !== undefined) {
      this.#keep(block + own.agent, agent)
      this.#meet(everyone, crowdAt.agents)
      if (this.#tell('agent', slots)) this.#meet(everyone, crowdAt.platforms)
    }
  }

  /** Counts the values of one chain. True: the widest was new. */
  #tell(name: Name, slots: EntitySlots): boolean {
    const { narrow, middle, wide } = kinds[name]
    const narrowSlot = slots[narrow] ?? -1
    const middleSlot = slots[middle] ?? -1
    const wideSlot = slots[wide] ?? -1
    const isNarrowNew = this.#count(narrow, narrowSlot) === 0
    const isMiddleNew = this.#count(middle, middleSlot) === 0
    const isWideNew = this.#count(wide, wideSlot) === 0
    this.#add(narrow, narrowSlot, 0)
    this.#add(middle, middleSlot, isNarrowNew ? 1 : 0)
    this.#add(wide, wideSlot, isMiddleNew ? 1 : 0)
    return isWideNew
  }

  #count(kind: number, slot: number): number {
    const counts = this.#counts[kind - blockKinds] as Float64Array
    return slot >= 0 && slot < counts.length ? (counts[slot] ?? 0) : 0
  }

  #below(kind: number, slot: number): number {
    const narrower = this.#narrower[kind - blockKinds] as Float64Array
    return slot >= 0 && slot < narrower.length ? (narrower[slot] ?? 0) : 0
  }

  #add(kind: number, slot: number, below: number): void {
    if (slot < 0) return
    const i = kind - blockKinds
    let counts = this.#counts[i] as Float64Array
    if (slot >= counts.length) {
      counts = this.#counts[i] = grown(counts, slot)
      this.#narrower[i] = grown(this.#narrower[i] as Float64Array, slot)
    }
    counts[slot] = (counts[slot] ?? 0) + 1
    const narrower = this.#narrower[i] as Float64Array
    narrower[slot] = (narrower[slot] ?? 0) + below
  }

  #crowd(everyone: number, what: number): number {
    const place = everyone * crowdSize + what
    return everyone >= 0 && place < this.#crowds.length ? (this.#crowds[place] ?? 0) : 0
  }

  #meet(everyone: number, what: number): void {
    if (everyone < 0) return
    const place = everyone * crowdSize + what
    if (place >= this.#crowds.length) this.#crowds = grown(this.#crowds, place)
    this.#crowds[place] = (this.#crowds[place] ?? 0) + 1
  }

  #ofAll(name: Name, slots: EntitySlots): ChainCounts {
    const { narrow, middle, wide } = kinds[name]
    const everyone = slots[kindAt.everyone] ?? -1
    const isNetwork = name === 'network'
    return {
      events: this.#crowd(everyone, isNetwork ? crowdAt.networks : crowdAt.agents),
      wides: this.#crowd(everyone, isNetwork ? crowdAt.countries : crowdAt.platforms),
      wide: this.#count(wide, slots[wide] ?? -1),
      middles: this.#below(wide, slots[wide] ?? -1),
      middle: this.#count(middle, slots[middle] ?? -1),
      narrows: this.#below(middle, slots[middle] ?? -1),
      narrow: this.#count(narrow, slots[narrow] ?? -1),
    }
  }

  /** As `countsIn` of freeman.ts. `history`: a block, or 0. */
  #ofCard(history: number, { narrow, middle, wide }: Levels): ChainCounts {
    const { u32 } = this.#blocks.heap
    const counts = { events: 0, wides: 0, wide: 0, middles: 0, middle: 0, narrows: 0, narrow: 0 }
    if (history === 0) return counts
    const from = history + headWords
    const end = from + (u32[history] ?? 0) * stride
    for (let i = from; i < end; i += stride) {
      const count = u32[i + 3] ?? 0
      const isOtherWide = i === from || u32[i - stride + 2] !== u32[i + 2]
      counts.events += count
      if (isOtherWide) counts.wides++
      if (u32[i + 2] !== wide) continue
      counts.wide += count
      if (isOtherWide || u32[i - stride + 1] !== u32[i + 1]) counts.middles++
      if (u32[i + 1] !== middle) continue
      counts.middle += count
      counts.narrows++
      if (u32[i] === narrow) counts.narrow += count
    }
    return counts
  }

  /** As `add` of freeman.ts. `pointer`: the word that holds the history's block. */
  #keep(pointer: number, { narrow, middle, wide }: Levels): void {
    const { heap } = this.#blocks
    const { u32 } = heap
    let history = u32[pointer] ?? 0
    if (history === 0) {
      history = heap.alloc(wordsOf(firstRoom))
      u32[pointer] = history
      u32[history + 2] = firstRoom
    }
    const size = u32[history] ?? 0
    const from = history + headWords
    let place = size
    for (let i = 0; i < size; i++) {
      const value = from + i * stride
      if (u32[value + 2] !== wide) continue
      if (u32[value + 1] === middle && u32[value] === narrow) {
        u32[value + 3] = (u32[value + 3] ?? 0) + 1
        return
      }
      if (
        place === size ||
        u32[value + 1] === middle ||
        (place > 0 ? u32[from + (place - 1) * stride + 1] : undefined) !== middle
      )
        place = i + 1
    }
    if (size >= historySize) {
      u32[history + 1] = (u32[history + 1] ?? 0) + 1
      return
    }
    if (size === u32[history + 2]) history = this.#moved(pointer, history, size)
    const to = history + headWords + place * stride
    u32.copyWithin(to + stride, to, history + headWords + size * stride)
    u32[to] = narrow
    u32[to + 1] = middle
    u32[to + 2] = wide
    u32[to + 3] = 1
    u32[history] = size + 1
  }

  #moved(pointer: number, from: number, size: number): number {
    const { heap } = this.#blocks
    const { u32 } = heap
    const room = Math.min(2 * size + 2, historySize)
    const at = heap.alloc(wordsOf(room))
    u32.copyWithin(at, from, from + headWords + size * stride)
    u32[at + 2] = room
    u32[pointer] = at
    heap.release(from, wordsOf(size))
    return at
  }

  get bytes(): number {
    return [...this.#counts, ...this.#narrower].reduce((sum, { byteLength }) => sum + byteLength, 0)
  }
}

const wordsOf = (room: number): number => grained(headWords + stride * room)

function grown(array: Float64Array, place: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(Math.max(array.length * 2, place + 1))
  more.set(array)
  return more
}
