// What is planned, in the order of its times. A heap whose entries know their places: to plan and to take back costs the
// logarithm of how much there is, and to see what comes first nothing – ten thousand challenges have ten thousand timers.

export interface Entry {
  readonly at: number
  readonly work: () => void
}

interface Placed extends Entry {
  /** Counts up: what was planned first comes first at the same time. */
  readonly order: number
  /** In the heap; -1: it is out of it. */
  place: number
}

const isBefore = (one: Placed, other: Placed): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

export interface Schedule {
  add(at: number, work: () => void): Entry
  /** Out with it, wherever it stands. False: it was out already. */
  remove(entry: Entry): boolean
  first(): Entry | undefined
  size(): number
  clear(): void
}

export function createSchedule(): Schedule {
  const heap: Placed[] = []
  let order = 0

  const put = (entry: Placed, place: number): void => {
    heap[place] = entry
    entry.place = place
  }
  const up = (entry: Placed): void => {
    let { place } = entry
    while (place > 0) {
      const above = heap[(place - 1) >> 1] as Placed
      if (!isBefore(entry, above)) break
      const to = above.place
      put(above, place)
      place = to
    }
    put(entry, place)
  }
  const down = (entry: Placed): void => {
    let { place } = entry
    for (;;) {
      const left = heap[2 * place + 1]
      const right = heap[2 * place + 2]
      const least = left !== undefined && right !== undefined && isBefore(right, left) ? right : left
      if (least === undefined || !isBefore(least, entry)) break
      const to = least.place
      put(least, place)
      place = to
    }
    put(entry, place)
  }

  return {
    add(at, work) {
      order += 1
      const entry: Placed = { at, work, order, place: heap.length }
      up(entry)
      return entry
    },
    remove(entry) {
      const own = entry as Placed
      const { place } = own
      if (place < 0) return false
      own.place = -1
      const last = heap.pop() as Placed
      if (last === own) return true
      last.place = place
      up(last)
      down(last)
      return true
    },
    first: () => heap[0],
    size: () => heap.length,
    clear() {
      for (const entry of heap) entry.place = -1
      heap.length = 0
    },
  }
}
