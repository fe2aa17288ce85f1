// The rows of the list, newest first: bounded, whatever comes in.

/** @typedef {import('./summary.js').Summary} Summary */

/** Rows kept while the list follows what happens; older ones are fetched again when somebody scrolls to them. */
export const followLimit = 2_000
/** Rows a person can scroll through. */
export const scrollLimit = 50_000
/** New rows that wait while somebody reads older ones; beyond that only their number is kept. */
export const waitingLimit = 500

/** Where the row is in rows that are sorted newest first; -1 if it is not there. @param {readonly Summary[]} rows @param {number} id */
function positionOf(rows, id) {
  let low = 0
  let high = rows.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = rows[middle]?.id ?? 0
    if (found === id) return middle
    if (found > id) low = middle + 1
    else high = middle - 1
  }
  return -1
}

export function createRowBuffer() {
  /** @type {Summary[]} */
  let rows = []
  /** @type {Set<number>} */
  const ids = new Set()
  /** Newest first. @type {Summary[]} */
  let waiting = []
  let uncounted = 0
  /** Where the next page of older rows begins; undefined: there are none. @type {number | undefined} */
  let next

  /** Drops the oldest rows above `limit`; they can be fetched again. @param {number} limit */
  const trim = (limit) => {
    if (rows.length <= limit) return
    for (const row of rows.slice(limit)) ids.delete(row.id)
    rows = rows.slice(0, limit)
    next = rows.at(-1)?.id
  }

  return {
    get rows() {
      return rows
    },
    get next() {
      return next
    },
    get waiting() {
      return waiting.length + uncounted
    },
    /** More came than are kept: the newest have to be loaded. */
    get hasLost() {
      return uncounted > 0
    },
    /** @param {readonly Summary[]} page @param {number | undefined} after */
    replace(page, after) {
      rows = [...page]
      ids.clear()
      for (const { id } of rows) ids.add(id)
      waiting = []
      uncounted = 0
      next = after
    },
    /** Older rows. @param {readonly Summary[]} page @param {number | undefined} after */
    append(page, after) {
      const last = rows.at(-1)?.id ?? Number.POSITIVE_INFINITY
      for (const row of page) {
        if (row.id >= last || ids.has(row.id)) continue
        rows.push(row)
        ids.add(row.id)
      }
      next = after
    },
    /**
     * Rows that arrived by themselves. Those that are shown already are changed where they are; new ones wait until `flush`.
     * @param {readonly Summary[]} arrived
     * @param {(row: Summary) => boolean} isWanted
     */
    take(arrived, isWanted) {
      const newest = rows[0]?.id ?? 0
      let isChanged = false
      for (const row of arrived) {
        if (ids.has(row.id)) {
          const position = positionOf(rows, row.id)
          if (position >= 0) rows[position] = row
          isChanged = true
          continue
        }
        const waits = waiting.findIndex(({ id }) => id === row.id)
        if (waits >= 0) waiting[waits] = row
        else if (row.id > newest && isWanted(row)) waiting.push(row)
      }
      waiting.sort((a, b) => b.id - a.id)
      if (waiting.length > waitingLimit) {
        uncounted += waiting.length - waitingLimit
        waiting = waiting.slice(0, waitingLimit)
      }
      return isChanged
    },
    /** @param {number} id */
    positionOf: (id) => positionOf(rows, id),
    /** New rows that wait and are kept. */
    get kept() {
      return waiting.length
    },
    /** Events that were left out. @param {number} n */
    lose(n) {
      uncounted += n
    },
    /** What was lost is there again. */
    found() {
      uncounted = 0
    },
    /** Shows what waits. Only of use when nothing was lost. Returns the ids that are new. */
    flush() {
      const fresh = waiting.map(({ id }) => id)
      rows = [...waiting, ...rows]
      for (const id of fresh) ids.add(id)
      waiting = []
      trim(followLimit)
      return fresh
    },
    trim,
  }
}
