// The lists of a tenant beside those of its policies: entries with reason and dates, and who changed what when.
import { z } from 'zod'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { dated, isInForce, periodOf } from '../../risk/policy/dates.ts'
import { entryOf, indexOf, type ListKind, listKinds } from '../../risk/policy/lists.ts'
import { hasCardNumber } from '../plan.ts'
import type { Clock, Secrets, Store } from '../ports.ts'
import type { KeptEntry, ListChange, ListName, NewEntry } from './kept.ts'
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
  let entries = store.policies.entries(tenant)
  let made: { readonly of: typeof entries; readonly zone: number; readonly lists: Lists } | undefined

  const index = (): Lists => {
    const offset = zone()
    if (made === undefined || made.of !== entries || made.zone !== offset) {
      const of = (list: ListName) =>
        indexOf(entries.filter((entry) => entry.list === list).map((entry) => entryOf(entry, offset)))
      made = { of: entries, zone: offset, lists: { allow: of('allow'), deny: of('deny') } }
    }
    return made.lists
  }
  const reread = (): void => {
    entries = store.policies.entries(tenant)
    changed()
  }
  const checkRoom = (more: number): void => {
    if (entries.length + more > mostEntries)
      throw new ListProblem('', `the lists have ${entries.length} entries; ${mostEntries} are as many as there may be`)
  }

  return {
    index,
    entries: (list) => entries.filter((entry) => entry.list === list),
    forceOf({ from, until }) {
      const now = clock.now()
      const period = periodOf({ from, until }, zone())
      return isInForce(period, now) ? 'inForce' : now < period.from ? 'notYet' : 'over'
    },
    async add(wanted, by) {
      checkRoom(1)
      const done = await store.unit((unit) => {
        const at = clock.now()
        const { entry, before } = unit.policies.putEntry(tenant, { ...wanted, at, by })
        unit.policies.addChange(tenant, { ...about(entry), at, by, what: before === undefined ? 'added' : 'changed' })
        return { entry, isNew: before === undefined }
      })
      reread()
      return done
    },
    async remove(list, id, by) {
      const isGone = await store.unit((unit) => {
        const entry = unit.policies.entry(tenant, id)
        if (entry === undefined || entry.list !== list || !unit.policies.dropEntry(tenant, id)) return false
        unit.policies.addChange(tenant, { ...about(entry), at: clock.now(), by, what: 'removed' })
        return true
      })
      if (isGone) reread()
      return isGone
    },
    async importCsv(list, text, secrets, by) {
      const read = readEntries(text, secrets)
      if ('problems' in read) return read
      checkRoom(read.entries.length)
      const done = await store.unit((unit) => {
        const at = clock.now()
        const put = read.entries.map((entry) => unit.policies.putEntry(tenant, { ...entry, list, at, by }))
        const changedCount = put.filter(({ before }) => before !== undefined).length
        const counts = { added: put.length - changedCount, changed: changedCount }
        if (put.length > 0) unit.policies.addChange(tenant, { at, by, what: 'imported', list, ...counts })
        return counts
      })
      reread()
      return done
    },
    changes: (page) => store.policies.changes(tenant, page),
  }
}

const about = ({ id, list, kind, value, shown, reason }: KeptEntry) => ({
  entryId: id,
  list,
  kind,
  shown: shown ?? value,
  reason,
})

type ReadEntry = Omit<NewEntry, 'list' | 'at' | 'by'>

function readEntries(
  text: string,
  secrets: Pick<Secrets, 'panHash' | 'keyOf'>,
): { readonly entries: readonly ReadEntry[] } | { readonly problems: readonly ImportProblem[] } {
  let rows: readonly CsvEntry[]
  try {
    rows = readListCsv(text)
  } catch (error) {
    return { problems: [{ line: 1, message: error instanceof Error ? error.message : 'no CSV' }] }
  }
  const problems: ImportProblem[] = []
  const entries: ReadEntry[] = []
  for (const { line, entry, problem } of rows) {
    if (problems.length >= mostProblems) break
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
