// The lists of a tenant beside those of its policies: entries with reason and dates, and who changed what when.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { dated, isInForce, periodOf } from '../../risk/policy/dates.ts'
import { entryOf, indexOf, type ListEntry, type ListKind, listKinds } from '../../risk/policy/lists.ts'
import { hasCardNumber } from '../plan.ts'
import type { Clock, Secrets, Store } from '../ports.ts'
import type { KeptEntry, ListChange, ListName, NewEntry, PolicyShelf } from './kept.ts'
import { type CsvEntry, readListCsv } from './list-csv.ts'
import { ListProblem, type ListValue, listValueOf } from './list-value.ts'
import type { Lists } from './running.ts'

export const entryFields = {
  reason: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((text) => !hasCardNumber(text.normalize('NFKC')), 'no card numbers: it stands in records')
    .describe('why it is listed, for who reads the decision; no names of persons'),
  from: dated.optional().describe('in force from this day or time on'),
  until: dated.optional().describe('a day: to its end; a time: up to it'),
}
const csvSchema = z.strictObject({ kind: z.enum(listKinds), value: z.string().min(1), ...entryFields })

export const mostEntries = 200_000

export interface Wanted {
  readonly list: ListName
  readonly kind: ListKind
  readonly reason: string
  readonly from?: string | undefined
  readonly until?: string | undefined
}

export type Force = 'inForce' | 'notYet' | 'over'

export interface ImportProblem {
  readonly line: number
  readonly message: string
}

export interface ListDesk {
  index(): Lists
  /** Oldest first. */
  entries(list: ListName): readonly KeptEntry[]
  forceOf(entry: Pick<KeptEntry, 'from' | 'until'>): Force
  /** In the place of one of the same value. Throws ListProblem. */
  add(wanted: Wanted & ListValue, by: string): Promise<{ readonly entry: KeptEntry; readonly isNew: boolean }>
  remove(list: ListName, id: number, by: string): Promise<boolean>
  /** All or nothing. */
  importCsv(
    list: ListName,
    text: string,
    secrets: Pick<Secrets, 'panHash' | 'keyOf'>,
    by: string,
  ): Promise<{ readonly added: number; readonly changed: number } | { readonly problems: readonly ImportProblem[] }>
  changes(page: { readonly before?: number | undefined; readonly limit: number }): readonly ListChange[]
  /** Somebody else has changed entries, in a unit of work of his own. Resolves when payments are looked up in them. */
  renew(): Promise<void>
  /** How many entries more there may be. */
  room(): number
}

export interface ListDeskPorts {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  readonly tenant: number
  /** Of the issuer, in minutes: days begin and end there. */
  readonly zone: () => number
  readonly changed: () => void
}

const mostProblems = 50

export function createListDesk({ store, clock, tenant, zone, changed }: ListDeskPorts): ListDesk {
  const byId = new Map(store.policies.entries(tenant).map((entry) => [entry.id, entry]))
  let made: { readonly zone: number; readonly lists: Record<ListName, Index> } | undefined

  const index = (): Lists => {
    const offset = zone()
    if (made?.zone !== offset) {
      made = { zone: offset, lists: { allow: emptyIndex(), deny: emptyIndex() } }
      for (const entry of byId.values()) put(made.lists[entry.list], entryOf(entry, offset), 1)
    }
    return made.lists
  }
  // One by one, since a list may have very many entries, and payments wait meanwhile.
  const take = ({ entry, before }: Put): void => {
    byId.set(entry.id, entry)
    if (made === undefined) return
    if (before !== undefined) drop(made.lists[entry.list], entryOf(before, made.zone))
    put(made.lists[entry.list], entryOf(entry, made.zone), 1)
  }
  const forget = (entry: KeptEntry): void => {
    byId.delete(entry.id)
    if (made !== undefined) drop(made.lists[entry.list], entryOf(entry, made.zone))
  }
  /** One change after the other, as the store has them. */
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
  const checkRoom = (more: number): void => {
    if (byId.size + more > mostEntries)
      throw new ListProblem('', `the lists have ${byId.size} entries; ${mostEntries} are as many as there may be`)
  }

  return {
    index,
    entries: (list) => [...byId.values()].filter((entry) => entry.list === list),
    forceOf({ from, until }) {
      const now = clock.now()
      const period = periodOf({ from, until }, zone())
      return isInForce(period, now) ? 'inForce' : now < period.from ? 'notYet' : 'over'
    },
    add: (wanted, by) =>
      inTurn(async () => {
        checkRoom(1)
        const done = await store.unit((unit) => {
          const at = clock.now()
          const found = unit.policies.putEntry(tenant, { ...wanted, at, by })
          const what = found.before === undefined ? 'added' : 'changed'
          unit.policies.addChange(tenant, { ...about(found.entry), at, by, what })
          return found
        })
        take(done)
        changed()
        return { entry: done.entry, isNew: done.before === undefined }
      }),
    remove: (list, id, by) =>
      inTurn(async () => {
        const gone = await store.unit((unit) => {
          const entry = unit.policies.entry(tenant, id)
          if (entry === undefined || entry.list !== list || !unit.policies.dropEntry(tenant, id)) return undefined
          unit.policies.addChange(tenant, { ...about(entry), at: clock.now(), by, what: 'removed' })
          return entry
        })
        if (gone === undefined) return false
        forget(gone)
        changed()
        return true
      }),
    importCsv: (list, text, secrets, by) =>
      inTurn(async () => {
        const read = await readEntries(text, secrets)
        if ('problems' in read) return read
        checkRoom(read.entries.length)
        const { put: kept, counts } = await store.unit((unit) => {
          const at = clock.now()
          const all = read.entries.map((entry) => unit.policies.putEntry(tenant, { ...entry, list, at, by }))
          const changedCount = all.filter(({ before }) => before !== undefined).length
          const counted = { added: all.length - changedCount, changed: changedCount }
          if (all.length > 0) unit.policies.addChange(tenant, { at, by, what: 'imported', list, ...counted })
          return { put: all, counts: counted }
        })
        for (const [i, one] of kept.entries()) {
          if (i % sliceSize === sliceSize - 1) await nextTurn()
          take(one)
        }
        changed()
        return counts
      }),
    changes: (page) => store.policies.changes(tenant, page),
    // In turn: a change between its unit of work and `take` would be counted again, or come back after it has gone.
    renew: () =>
      inTurn(async () => {
        byId.clear()
        for (const entry of store.policies.entries(tenant)) byId.set(entry.id, entry)
        made = undefined
        changed()
      }),
    room: () => Math.max(0, mostEntries - byId.size),
  }
}

type Put = ReturnType<PolicyShelf['putEntry']>

/** Rows between which others have their turn. */
const sliceSize = 500

/** A list as payments are looked up in, to be changed in place. */
interface Index {
  size: number
  readonly byValue: Map<string, readonly ListEntry[]>
  readonly lengths: number[]
}
const emptyIndex = (): Index => ({ size: 0, byValue: new Map(), lengths: [] })

/** Under which place a list has an entry is known to the index of that entry alone. */
function put(index: Index, entry: ListEntry, more: 0 | 1): void {
  const own = indexOf([entry])
  for (const length of own.lengths) if (!index.lengths.includes(length)) index.lengths.push(length)
  for (const place of own.byValue.keys()) {
    const others = (index.byValue.get(place) ?? []).filter(({ value }) => value !== entry.value)
    if (more === 0 && others.length === 0) index.byValue.delete(place)
    else index.byValue.set(place, more === 0 ? others : [...others, entry])
  }
  index.size += more === 0 ? -1 : 1
}
const drop = (index: Index, entry: ListEntry): void => put(index, entry, 0)

const about = ({ id, list, kind, value, shown, reason }: KeptEntry) => ({
  entryId: id,
  list,
  kind,
  shown: shown ?? value,
  reason,
})

type ReadEntry = Omit<NewEntry, 'list' | 'at' | 'by'>

async function readEntries(
  text: string,
  secrets: Pick<Secrets, 'panHash' | 'keyOf'>,
): Promise<{ readonly entries: readonly ReadEntry[] } | { readonly problems: readonly ImportProblem[] }> {
  let rows: readonly CsvEntry[]
  try {
    rows = readListCsv(text)
  } catch (error) {
    return { problems: [{ line: 1, message: error instanceof Error ? error.message : 'no CSV' }] }
  }
  const problems: ImportProblem[] = []
  const entries: ReadEntry[] = []
  for (const [i, { line, entry, problem }] of rows.entries()) {
    if (problems.length >= mostProblems) break
    if (i % sliceSize === sliceSize - 1) await nextTurn()
    if (problem !== undefined) {
      problems.push({ line, message: problem })
      continue
    }
    const found = csvSchema.safeParse(entry)
    if (!found.success) {
      const [issue] = found.error.issues
      const path = issue?.path.join('.') ?? ''
      problems.push({
        line,
        message: maskDigitRuns(`${path === '' ? '' : `${path}: `}${issue?.message ?? 'not valid'}`),
      })
      continue
    }
    const { kind, value, ...rest } = found.data
    try {
      entries.push({ kind, ...rest, ...listValueOf(kind, value, secrets) })
    } catch (error) {
      if (!(error instanceof ListProblem)) throw error
      problems.push({ line, message: `${error.path}: ${error.message}` })
    }
  }
  return problems.length > 0 ? { problems } : { entries }
}
