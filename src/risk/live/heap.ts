/**
 * Blocks of words of 4 bytes in one growing piece of memory. What is given back is given out again to who wants as much. A block
 * begins where a line of the processor's cache begins (as large pieces are laid by the C library, 16 bytes behind a page), since
 * fetching lines is what most of the time goes into.
 */

/** A line of the cache. */
const line = 16
/** What small things have: half of one. */
const halfLine = 8
const mostWords = 4_096
const least = 1 << 18
/** 1 GB: above it grows by a half. */
const large = 1 << 28

export const grained = (words: number): number => (words + line - 1) & -line

export class Heap {
  /** All over the same bytes; double i lies at the words 2i and 2i + 1. Fetched anew after `reserve`. */
  u32: Uint32Array<ArrayBuffer>
  f64: Float64Array
  u8: Uint8Array
  /** Word 0 belongs to nobody, so that 0 is no block. */
  #end = 12
  /** Heads of lists by size in lines; 0: of halves. */
  readonly #free = new Uint32Array(mostWords / line + 1)

  /** `words`: as many as are expected. Memory that nobody has written to yet takes none. */
  constructor(words: number) {
    this.u32 = new Uint32Array(grained(Math.min(Math.max(words, least), large)))
    this.f64 = new Float64Array(this.u32.buffer)
    this.u8 = new Uint8Array(this.u32.buffer)
  }

  /** From here on `alloc` gives out so many words without growing. */
  reserve(words: number): void {
    if (this.#end + words > this.u32.length) this.#grow()
  }

  #grow(): void {
    const { length } = this.u32
    const more = new Uint32Array(length < large ? length * 2 : grained(length * 1.5))
    more.set(this.u32.subarray(0, this.#end))
    this.u32 = more
    this.f64 = new Float64Array(more.buffer)
    this.u8 = new Uint8Array(more.buffer)
  }

  /** Zeros. `words`: as `grained` gives them, reserved before. */
  alloc(words: number): number {
    const { u32 } = this
    const size = words / line
    const found = this.#free[size] ?? 0
    if (found !== 0) {
      this.#free[size] = u32[found] ?? 0
      for (let i = found; i < found + words; i++) u32[i] = 0
      return found
    }
    const at = this.#end
    this.#end += words
    return at
  }

  /** Half a line, of whatever was in it. */
  allocHalf(): number {
    const found = this.#free[0] ?? 0
    if (found !== 0) {
      this.#free[0] = this.u32[found] ?? 0
      return found
    }
    const at = this.alloc(line)
    this.releaseHalf(at + halfLine)
    return at
  }

  release(at: number, words: number): void {
    this.#put(at, words / line)
  }

  releaseHalf(at: number): void {
    this.#put(at, 0)
  }

  #put(at: number, size: number): void {
    this.u32[at] = this.#free[size] ?? 0
    this.#free[size] = at
  }

  /** Bytes in use, those waiting for reuse among them; pages beyond them are not touched. */
  get bytes(): number {
    return this.#end * 4
  }
}
