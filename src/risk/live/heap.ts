/** Blocks of words of 4 bytes in one growing piece of memory. What is given back is given out again to who wants as much. */

/** Sizes are multiples of this: 32 bytes. */
const grain = 8
const mostWords = 4_096
const first = 1 << 18

export const grained = (words: number): number => (words + grain - 1) & -grain

export class Heap {
  /** All over the same bytes; double i lies at the words 2i and 2i + 1. Fetched anew after `reserve`. */
  u32 = new Uint32Array(first)
  f64 = new Float64Array(this.u32.buffer)
  u8 = new Uint8Array(this.u32.buffer)
  /** Word 0 belongs to nobody, so that 0 is no block. */
  #end = grain
  readonly #free = new Uint32Array(mostWords / grain + 1)

  /** From here on `alloc` gives out so many words without growing. Doubles; above 1 GB grows by a half. */
  reserve(words: number): void {
    const { length } = this.u32
    if (this.#end + words <= length) return
    const more = new Uint32Array(length < 1 << 28 ? length * 2 : grained(length * 1.5))
    more.set(this.u32.subarray(0, this.#end))
    this.u32 = more
    this.f64 = new Float64Array(more.buffer)
    this.u8 = new Uint8Array(more.buffer)
  }

  /** Zeros. `words`: a multiple of 8 that was reserved. */
  alloc(words: number): number {
    const { u32 } = this
    const kind = words / grain
    const found = this.#free[kind] ?? 0
    if (found !== 0) {
      this.#free[kind] = u32[found] ?? 0
      u32.fill(0, found, found + words)
      return found
    }
    const at = this.#end
    this.#end += words
    return at
  }

  release(at: number, words: number): void {
    const kind = words / grain
    this.u32[at] = this.#free[kind] ?? 0
    this.#free[kind] = at
  }

  /** Bytes in use, those waiting for reuse among them; pages beyond them are not touched. */
  get bytes(): number {
    return this.#end * 4
  }
}
