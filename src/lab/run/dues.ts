/** What becomes known later: by time, and of the same second in the order in which it was put there. */

/** Counts over several `Dues`, so that it is known which of them goes first. */
export type Counter = { count: number }

export class Dues<T> {
  /** A binary heap in three rows: when, which came first, and what. */
  #times = new Float64Array(1024)
  #orders = new Float64Array(1024)
  readonly #items: T[] = []
  #n = 0
  readonly #counter: Counter
  constructor(counter: Counter = { count: 0 }) {
    this.#counter = counter
  }
  get size(): number {
    return this.#n
  }
  /** When the next one is due; Infinity: there is none. */
  get next(): number {
    return this.#n === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number)
  }
  /** Which of all that was put by this counter the next one is. */
  get nextOrder(): number {
    return this.#n === 0 ? Number.POSITIVE_INFINITY : (this.#orders[0] as number)
  }
  put(at: number, item: T): void {
    if (this.#n === this.#times.length) this.#grow()
    let i = this.#n++
    const times = this.#times
    const orders = this.#orders
    const items = this.#items
    // What is put later comes later, so that only the times are compared on the way up.
    while (i > 0) {
      const above = (i - 1) >> 1
      if ((times[above] as number) <= at) break
      times[i] = times[above] as number
      orders[i] = orders[above] as number
      items[i] = items[above] as T
      i = above
    }
    times[i] = at
    orders[i] = this.#counter.count++
    items[i] = item
  }
  take(): T | undefined {
    if (this.#n === 0) return undefined
    const items = this.#items
    const first = items[0] as T
    const n = --this.#n
    const last = items[n] as T
    items.length = n
    if (n > 0) this.#sink(this.#times[n] as number, this.#orders[n] as number, last)
    return first
  }
  #sink(at: number, order: number, item: T): void {
    const times = this.#times
    const orders = this.#orders
    const items = this.#items
    const n = this.#n
    const isBefore = (a: number, b: number): boolean =>
      (times[a] as number) < (times[b] as number) ||
      (times[a] === times[b] && (orders[a] as number) < (orders[b] as number))
    let i = 0
    for (;;) {
      let below = 2 * i + 1
      if (below >= n) break
      if (below + 1 < n && isBefore(below + 1, below)) below++
      const time = times[below] as number
      if (time > at || (time === at && (orders[below] as number) > order)) break
      times[i] = time
      orders[i] = orders[below] as number
      items[i] = items[below] as T
      i = below
    }
    times[i] = at
    orders[i] = order
    items[i] = item
  }
  #grow(): void {
    const size = this.#times.length * 2
    const times = new Float64Array(size)
    const orders = new Float64Array(size)
    times.set(this.#times)
    orders.set(this.#orders)
    this.#times = times
    this.#orders = orders
  }
}
