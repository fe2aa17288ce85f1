/**
 * The data set of the Fraud Detection Handbook: transactions, its fifteen features and its split, to the letter (chapters 3.3 and 3.4).
 * Order is time, then TRANSACTION_ID. Times are read as UTC, so that days and hours are those that stand in the file.
 */

import { moment, number, rowsOf, someText } from './data-file.ts'
import { Numbers } from './login-memory.ts'
import { LabReproduceError } from './problem.ts'

const readings = {
  id: { names: ['TRANSACTION_ID'], ...number },
  ts: { names: ['TX_DATETIME'], ...moment },
  customer: { names: ['CUSTOMER_ID'], ...someText },
  terminal: { names: ['TERMINAL_ID'], ...someText },
  amount: { names: ['TX_AMOUNT'], ...number },
  isFraud: {
    names: ['TX_FRAUD'],
    expected: '0 or 1',
    read: (cell: unknown): number | undefined => {
      const value = number.read(cell)
      return value === 0 || value === 1 ? value : undefined
    },
  },
} as const

/** In order of time, then id. */
export type Transactions = {
  readonly n: number
  readonly id: Float64Array
  /** Seconds since 1970. */
  readonly ts: Float64Array
  /** Numbers in order of appearance. */
  readonly customer: Uint32Array
  readonly terminal: Uint32Array
  readonly amount: Float64Array
  readonly isFraud: Uint8Array
}

const daySeconds = 86_400
const windows = [1, 7, 30] as const // days
/** Days after which the handbook knows whether a transaction of a terminal was fraud. */
const delayDays = 7

export const featureNames = [
  'TX_AMOUNT',
  'TX_DURING_WEEKEND',
  'TX_DURING_NIGHT',
  ...windows.flatMap((days) => [`CUSTOMER_ID_NB_TX_${days}DAY_WINDOW`, `CUSTOMER_ID_AVG_AMOUNT_${days}DAY_WINDOW`]),
  ...windows.flatMap((days) => [`TERMINAL_ID_NB_TX_${days}DAY_WINDOW`, `TERMINAL_ID_RISK_${days}DAY_WINDOW`]),
] as const

/** @throws LabFileError, LabReproduceError */
export async function readTransactions(
  paths: readonly string[],
  options: { readonly workFolder: string; readonly onProgress?: ((rows: number) => void) | undefined },
): Promise<Transactions> {
  const rows: { id: number; ts: number; customer: number; terminal: number; amount: number; isFraud: number }[] = []
  const customers = new Numbers()
  const terminals = new Numbers()
  for (const path of paths)
    for await (const batch of rowsOf(path, readings, { workFolder: options.workFolder })) {
      for (const { id, ts, customer, terminal, amount, isFraud } of batch)
        rows.push({ id, ts, amount, isFraud, customer: customers.of(customer), terminal: terminals.of(terminal) })
      options.onProgress?.(rows.length)
    }
  if (rows.length === 0) throw new LabReproduceError(`${paths.join(', ')}: there are no transactions`)
  rows.sort((a, b) => a.ts - b.ts || a.id - b.id)
  for (const [i, { ts, id }] of rows.entries())
    if (i > 0 && rows[i - 1]?.id === id && rows[i - 1]?.ts === ts)
      throw new LabReproduceError(`transaction ${id} stands there twice: was a file given twice?`)
  return {
    n: rows.length,
    id: Float64Array.from(rows, ({ id }) => id),
    ts: Float64Array.from(rows, ({ ts }) => ts),
    customer: Uint32Array.from(rows, ({ customer }) => customer),
    terminal: Uint32Array.from(rows, ({ terminal }) => terminal),
    amount: Float64Array.from(rows, ({ amount }) => amount),
    isFraud: Uint8Array.from(rows, ({ isFraud }) => isFraud),
  }
}

/** Places of the rows of each entity, in order: one row after the other, entity by entity. */
function byEntity(entity: Uint32Array): { readonly order: Uint32Array; readonly starts: Uint32Array } {
  const count = entity.reduce((most, one) => Math.max(most, one + 1), 0)
  const starts = new Uint32Array(count + 1)
  for (const one of entity) starts[one + 1] = (starts[one + 1] ?? 0) + 1
  for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0)
  const next = starts.slice()
  const order = new Uint32Array(entity.length)
  for (let i = 0; i < entity.length; i++) {
    const one = entity[i] as number
    order[next[one] as number] = i
    next[one] = (next[one] as number) + 1
  }
  return { order, starts }
}

/** Saturday, Sunday. */
const isWeekend = (ts: number): number => ((Math.floor(ts / daySeconds) + 3) % 7 >= 5 ? 1 : 0)
/** Hours 0 to 6, both included, as the handbook computes it. */
const isNight = (ts: number): number => (Math.floor((ts % daySeconds) / 3_600) <= 6 ? 1 : 0)

/**
 * A column for each feature, over all rows. A window of w days at a row holds the rows before it in order and the row itself whose
 * time lies after its own less w days. Of a terminal the counts of the last seven days are taken off those of seven days more;
 * where none is left, the risk is 0.
 */
export function featuresOf({ n, ts, customer, terminal, amount, isFraud }: Transactions): readonly Float64Array[] {
  const columns = featureNames.map(() => new Float64Array(n))
  const column = (at: number): Float64Array => columns[at] as Float64Array
  for (let i = 0; i < n; i++) {
    column(0)[i] = amount[i] as number
    column(1)[i] = isWeekend(ts[i] as number)
    column(2)[i] = isNight(ts[i] as number)
  }
  const customers = byEntity(customer)
  const own = 3
  windows.forEach((days, w) => {
    const { order, starts } = customers
    for (let entity = 0; entity + 1 < starts.length; entity++) {
      let first = starts[entity] as number
      for (let at = first; at < (starts[entity + 1] as number); at++) {
        const row = order[at] as number
        const after = (ts[row] as number) - days * daySeconds
        while ((ts[order[first] as number] as number) <= after) first++
        // Summed anew, so that no rounding is carried from one window to the next.
        let sum = 0
        for (let earlier = first; earlier <= at; earlier++) sum += amount[order[earlier] as number] as number
        column(own + 2 * w)[row] = at - first + 1
        column(own + 2 * w + 1)[row] = sum / (at - first + 1)
      }
    }
  })
  const terminals = byEntity(terminal)
  const theirs = own + 2 * windows.length
  windows.forEach((days, w) => {
    const { order, starts } = terminals
    for (let entity = 0; entity + 1 < starts.length; entity++) {
      let first = starts[entity] as number
      // Rows from `known` on are too young: nobody knows of them yet.
      let known = first
      let frauds = 0
      for (let at = first; at < (starts[entity + 1] as number); at++) {
        const row = order[at] as number
        const delayed = (ts[row] as number) - delayDays * daySeconds
        const after = delayed - days * daySeconds
        while (known <= at && (ts[order[known] as number] as number) <= delayed)
          frauds += isFraud[order[known++] as number] as number
        while (first < known && (ts[order[first] as number] as number) <= after)
          frauds -= isFraud[order[first++] as number] as number
        column(theirs + 2 * w)[row] = known - first
        column(theirs + 2 * w + 1)[row] = known === first ? 0 : frauds / (known - first)
      }
    }
  })
  return columns
}

export type Split = { readonly train: Uint32Array; readonly test: Uint32Array; readonly removed: number }

/**
 * A week to train on, a week that nobody knows yet, a week to test on. Of the test, cards are left out that had a fraud in the training
 * week, and day by day those that had one seven days and one day before it.
 */
export function splitOf({ n, ts, customer, isFraud }: Transactions, start: number): Split {
  const dayOf = (i: number): number => Math.floor((ts[i] as number) / daySeconds)
  const from = start / daySeconds
  const train: number[] = []
  const frauds = new Map<number, number[]>()
  for (let i = 0; i < n; i++) {
    if (dayOf(i) >= from && dayOf(i) < from + 7) train.push(i)
    if (isFraud[i] === 1) frauds.set(dayOf(i), [...(frauds.get(dayOf(i)) ?? []), customer[i] as number])
  }
  const known = new Set(train.filter((i) => isFraud[i] === 1).map((i) => customer[i] as number))
  const test: number[] = []
  let removed = 0
  for (let day = 0; day < 7; day++) {
    for (const card of frauds.get(from + 7 + day - 1) ?? []) known.add(card)
    for (let i = 0; i < n; i++) {
      if (dayOf(i) !== from + 14 + day) continue
      if (known.has(customer[i] as number)) removed++
      else test.push(i)
    }
  }
  return { train: Uint32Array.from(train), test: Uint32Array.from(test), removed }
}
