// Alerts that were sent, on SQLite: at most one of a payment.
import type { Database } from 'better-sqlite3'
import type { AlertRecord } from '../acs/hook/alert-record.ts'
import type { AlertShelf } from '../acs/hook/ports.ts'

const alertOf = (record: unknown): AlertRecord => JSON.parse(String(record)) as AlertRecord

export function openAlertShelf(db: Database): AlertShelf {
  const hot = {
    get: db.prepare('select record from hook_alert where transaction_id = ? and tenant = ?').pluck(),
    list: db
      .prepare(
        'select record from hook_alert where tenant = ? and transaction_id < ? order by transaction_id desc limit ?',
      )
      .pluck(),
    add: db.prepare('insert into hook_alert (transaction_id, tenant, record) values (?, ?, ?)'),
  }
  return {
    get(tenant, transactionId) {
      const record = hot.get.get(transactionId, tenant)
      return record === undefined ? undefined : alertOf(record)
    },
    list: (tenant, { limit, before = Number.MAX_SAFE_INTEGER }) => hot.list.all(tenant, before, limit).map(alertOf),
    add: (tenant, alert) => void hot.add.run(alert.transactionId, tenant, JSON.stringify(alert)),
  }
}
