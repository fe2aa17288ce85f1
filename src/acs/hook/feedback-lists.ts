// Feedback becomes entries of the deny list, with a reason and an end; and they go when it was no fraud after all.
import type { Facts } from '../../risk/facts.ts'
import type { NewEntry } from '../policies/kept.ts'
import { ListProblem, listValueIn } from '../policies/list-value.ts'
import type { Transaction, UnitOfWork } from '../ports.ts'
import type { FeedbackRecord, Listable, ListWish } from './feedback-record.ts'

const listedByDefault = ['device', 'email', 'phone', 'shipTo'] as const satisfies readonly Listable[]
export const defaultDays = 90
const dayMs = 86_400_000

const byHook = 'hook:'

export type ListedEntry = NonNullable<FeedbackRecord['listed']>[number]

/** To the second, as lists have it. */
const untilOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

/**
 * Lists what the thief used: without a wish what the fraud was held against, so that the holder's own things stay off. Entries that
 * people have made stay as they are.
 */
export function listFraud(
  unit: UnitOfWork,
  transaction: Transaction,
  {
    source,
    reason,
    wish,
    now,
    room,
  }: {
    readonly source: string
    readonly reason: string
    readonly wish: ListWish
    readonly now: number
    /** How many entries there may be besides those that there are. */
    readonly room: number
  },
): readonly ListedEntry[] {
  const { tenant, details, panMask, label } = transaction
  const blamed: readonly string[] = label?.blamed?.kinds ?? []
  const kinds = wish.kinds ?? listedByDefault.filter((kind) => blamed.includes(kind))
  const until = untilOf(now + (wish.days ?? defaultDays) * dayMs)
  const { keys } = details.facts as Facts
  const listed: ListedEntry[] = []
  for (const kind of new Set(kinds)) {
    if (listed.length >= room) break
    const value = valueIn(kind, keys, panMask)
    if (value === undefined) continue
    const wanted: NewEntry = { list: 'deny', kind, ...value, reason, until, at: now, by: `${byHook}${source}` }
    const { entry, before } = unit.policies.putEntry(tenant, wanted)
    if (before !== undefined && !before.by.startsWith(byHook)) {
      const { id: _id, ...kept } = before
      unit.policies.putEntry(tenant, kept)
      continue
    }
    if (before?.until !== undefined && before.until > until)
      unit.policies.putEntry(tenant, { ...wanted, until: before.until })
    unit.policies.addChange(tenant, {
      at: now,
      by: wanted.by,
      what: before === undefined ? 'added' : 'changed',
      list: 'deny',
      entryId: entry.id,
      kind,
      shown: entry.shown ?? entry.value,
      reason,
    })
    unit.hook.feedback.owe(tenant, entry.id, transaction.id)
    listed.push({ id: entry.id, kind, until })
  }
  return listed
}

function valueIn(kind: Listable, keys: Facts['keys'], panMask: string) {
  try {
    return listValueIn(kind, keys, panMask)
  } catch (error) {
    if (error instanceof ListProblem) return undefined // it was not told in this payment
    throw error
  }
}

/** Takes off the list what is there for this payment alone. True: something is gone. */
export function unlist(unit: UnitOfWork, { tenant, id }: Transaction, by: string, now: number): boolean {
  let hasGone = false
  for (const record of unit.hook.feedback.ofTransaction(tenant, id)) {
    if (record.listed === undefined || record.listed.length === 0) continue
    for (const { id: entryId } of record.listed) {
      const entry = unit.policies.entry(tenant, entryId)
      const isLast = unit.hook.feedback.settle(tenant, entryId, id)
      if (!isLast || entry?.by.startsWith(byHook) !== true) continue
      unit.policies.dropEntry(tenant, entryId)
      const { list, kind, value, shown, reason } = entry
      unit.policies.addChange(tenant, {
        at: now,
        by,
        what: 'removed',
        list,
        entryId,
        kind,
        shown: shown ?? value,
        reason,
      })
      hasGone = true
    }
    unit.hook.feedback.put(tenant, { ...record, listed: [] })
  }
  return hasGone
}
