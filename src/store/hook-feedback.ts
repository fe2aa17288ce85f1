// What was told of payments after them, on SQLite.
import type { Database } from 'better-sqlite3'
import type { FeedbackRecord } from '../acs/hook/feedback-record.ts'
import type { FeedbackShelf } from '../acs/hook/ports.ts'

interface Row {
  readonly row: number
  readonly record: string
}

const recordOf = ({ record }: Row): FeedbackRecord => JSON.parse(record) as FeedbackRecord

const everything = Number.MAX_SAFE_INTEGER

export function openFeedbackShelf(db: Database): FeedbackShelf {
  const hot = {
    get: db.prepare('select id row, record from hook_feedback where tenant = ? and source = ? and feedback_id = ?'),
    list: db.prepare(
      'select id row, record from hook_feedback where tenant = ? and (? is null or source = ?) and id < ? order by id desc limit ?',
    ),
    ofTransaction: db.prepare(
      'select id row, record from hook_feedback where transaction_id = ? and tenant = ? order by id',
    ),
    put: db.prepare(
      `insert into hook_feedback (tenant, source, feedback_id, at, transaction_id, record) values (?, ?, ?, ?, ?, ?)
       on conflict (tenant, source, feedback_id) do update set transaction_id = excluded.transaction_id, record = excluded.record`,
    ),
    wait: db.prepare('insert or ignore into hook_awaited (tenant, name, source, feedback_id) values (?, ?, ?, ?)'),
    isAwaited: db.prepare('select 1 from hook_awaited where tenant = ? and name = ? limit 1'),
    awaiting: db.prepare(
      `select f.id row, f.record from hook_awaited w
         join hook_feedback f on f.tenant = w.tenant and f.source = w.source and f.feedback_id = w.feedback_id
        where w.tenant = ? and w.name = ? order by f.id`,
    ),
    hasCome: db.prepare('delete from hook_awaited where tenant = ? and source = ? and feedback_id = ?'),
    giveUp: db.prepare(
      `delete from hook_awaited where exists (
         select 1 from hook_feedback f
          where f.tenant = hook_awaited.tenant and f.source = hook_awaited.source and f.feedback_id = hook_awaited.feedback_id and f.at < ?)`,
    ),
    owe: db.prepare('insert or ignore into hook_listed (tenant, entry_id, transaction_id) values (?, ?, ?)'),
    settle: db.prepare('delete from hook_listed where tenant = ? and entry_id = ? and transaction_id = ?'),
    owed: db.prepare('select 1 from hook_listed where tenant = ? and entry_id = ? limit 1'),
  }
  // Whether it is worth looking: every AReq would.
  const tenants = new Set(db.prepare('select distinct tenant from hook_awaited').pluck().all() as number[])
  const withRow = (row: Row): FeedbackRecord & { readonly row: number } => ({ ...recordOf(row), row: row.row })
  return {
    get(tenant, source, id) {
      const row = hot.get.get(tenant, source, id) as Row | undefined
      return row === undefined ? undefined : withRow(row)
    },
    list: (tenant, { limit, before = everything, source = null }) =>
      (hot.list.all(tenant, source, source, before, limit) as Row[]).map(withRow),
    ofTransaction: (tenant, transactionId) => (hot.ofTransaction.all(transactionId, tenant) as Row[]).map(withRow),
    put(tenant, record) {
      const { row: _row, ...kept } = record
      hot.put.run(tenant, record.source, record.id, record.at, record.transactionId ?? null, JSON.stringify(kept))
      if (record.outcome !== 'unmatched' && tenants.has(tenant)) hot.hasCome.run(tenant, record.source, record.id)
    },
    isAwaited: (tenant, names) =>
      tenants.has(tenant) && names.some((name) => hot.isAwaited.get(tenant, name) !== undefined),
    awaiting(tenant, names) {
      if (!tenants.has(tenant)) return []
      const rows = names.flatMap((name) => hot.awaiting.all(tenant, name) as Row[])
      const byRow = new Map(rows.map((row) => [row.row, row]))
      return [...byRow.values()].sort((a, b) => a.row - b.row).map(withRow)
    },
    wait(tenant, name, { source, id }) {
      tenants.add(tenant)
      hot.wait.run(tenant, name, source, id)
    },
    giveUp: (before) => void hot.giveUp.run(before),
    owe: (tenant, entryId, transactionId) => void hot.owe.run(tenant, entryId, transactionId),
    settle(tenant, entryId, transactionId) {
      hot.settle.run(tenant, entryId, transactionId)
      return hot.owed.get(tenant, entryId) === undefined
    },
  }
}
