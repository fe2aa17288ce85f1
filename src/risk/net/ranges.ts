/** Address blocks in sorted typed arrays: a look-up is one binary search, and nothing is allocated. */
import { type Address, type Block, blockOf } from './address.ts'

type Side = {
  readonly from: Float64Array | Uint32Array
  readonly to: Float64Array | Uint32Array
  readonly value: Uint32Array
}
export type Ranges = { readonly v4: Side; readonly v6: Side }

/** Blocks may lie in each other: the smaller one wins; of two equal ones the later. */
export function rangesOf(blocks: readonly (Block & { readonly value: number })[]): Ranges {
  const side = (family: 4 | 6): Side => {
    const flat = flattened(blocks.filter((block) => block.family === family))
    const numbers = family === 4 ? Uint32Array : Float64Array
    return {
      from: numbers.from(flat.map((block) => block.from)),
      to: numbers.from(flat.map((block) => block.to)),
      value: Uint32Array.from(flat, (block) => block.value),
    }
  }
  return { v4: side(4), v6: side(6) }
}

type Piece = { from: number; to: number; value: number }

/** From left to right; wherever a block begins or the best one ends, the smallest of those that are open goes on. */
function flattened(blocks: readonly Piece[]): readonly Piece[] {
  const sorted = blocks.toSorted((a, b) => a.from - b.from)
  const out: Piece[] = []
  let open: Piece[] = []
  let next = 0
  let at = 0
  while (next < sorted.length || open.length > 0) {
    if (open.length === 0) at = Math.max(at, sorted[next]?.from ?? 0)
    for (let block = sorted[next]; block !== undefined && block.from <= at; block = sorted[++next]) open.push(block)
    open = open.filter((block) => block.to >= at)
    const first = open.reduce<Piece | undefined>((best, block) => (smaller(block, best) ? block : best), undefined)
    if (first === undefined) continue
    const to = Math.min(first.to, (sorted[next]?.from ?? Number.POSITIVE_INFINITY) - 1)
    const last = out.at(-1)
    if (last !== undefined && last.to + 1 === at && last.value === first.value) last.to = to
    else out.push({ from: at, to, value: first.value })
    at = to + 1
  }
  return out
}

const smaller = (block: Piece, than: Piece | undefined): boolean =>
  than === undefined || block.to - block.from <= than.to - than.from

/** The value of the block that an address lies in; -1: none. */
export function valueAt({ v4, v6 }: Ranges, { family, value: address }: Address): number {
  const { from, to, value } = family === 4 ? v4 : v6
  let low = 0
  let high = from.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    if ((from[middle] ?? 0) > address) high = middle - 1
    else low = middle + 1
  }
  return high >= 0 && address <= (to[high] ?? -1) ? (value[high] ?? -1) : -1
}

/** A list of blocks, one a line; # begins a comment. A line that is none is refused with its number. */
export function listOf(text: string): Ranges {
  const blocks: (Block & { value: number })[] = []
  for (const [i, line] of text.split('\n').entries()) {
    const said = line.replace(/#.*/, '').trim()
    if (said === '') continue
    const block = blockOf(said)
    if (block === undefined) throw new Error(`line ${i + 1}: "${said}" is no address block such as 192.0.2.0/24`)
    blocks.push({ ...block, value: 0 })
  }
  return rangesOf(blocks)
}

/**
 * The IPv4 blocks of a list as the program carries them: how many, where each begins, where it ends, in 32 bits each, the lowest
 * byte first. Forty thousand lines of text take ten times as long to read.
 */
export function packed({ v4 }: Ranges): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 + 8 * v4.from.length))
  bytes.setUint32(0, v4.from.length, true)
  for (const [i, from] of v4.from.entries()) {
    bytes.setUint32(4 + 4 * i, from, true)
    bytes.setUint32(4 + 4 * (v4.from.length + i), v4.to[i] ?? 0, true)
  }
  return new Uint8Array(bytes.buffer)
}

export function unpacked(bytes: Uint8Array): Ranges {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const n = view.getUint32(0, true)
  const read = (at: number): Uint32Array => {
    const numbers = new Uint32Array(n)
    for (let i = 0; i < n; i++) numbers[i] = view.getUint32(at + 4 * i, true)
    return numbers
  }
  return {
    v4: { from: read(4), to: read(4 + 4 * n), value: new Uint32Array(n) },
    v6: { from: new Float64Array(0), to: new Float64Array(0), value: new Uint32Array(0) },
  }
}
