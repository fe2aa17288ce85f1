// Fraud of merchants by month, on SQLite.
import type { Database } from 'better-sqlite3'
import type { MerchantMonth } from '../acs/hook/merchant-month.ts'
import type { MerchantShelf } from '../acs/hook/ports.ts'

const monthOf = (record: unknown): MerchantMonth => JSON.parse(String(record)) as MerchantMonth

export function openMerchantShelf(db: Database): MerchantShelf {
  const hot = {
    get: db.prepare('select record from merchant_month where tenant = ? and merchant = ? and month = ?').pluck(),
    all: db
      .prepare('select record from merchant_month where tenant = ? and month >= ? order by merchant, month')
      .pluck(),
    of: db.prepare('select record from merchant_month where tenant = ? and merchant = ? order by month').pluck(),
    put: db.prepare(
      'insert into merchant_month (tenant, merchant, month, record) values (?, ?, ?, ?) on conflict do update set record = excluded.record',
    ),
    drop: db.prepare('delete from merchant_month where tenant = ? and merchant = ? and month = ?'),
  }
  return {
    get(tenant, merchant, month) {
      const record = hot.get.get(tenant, merchant, month)
      return record === undefined ? undefined : monthOf(record)
    },
    all: (tenant, from) => hot.all.all(tenant, from).map(monthOf),
    of: (tenant, merchant) => hot.of.all(tenant, merchant).map(monthOf),
    put(tenant, one) {
      if (one.n === 0) hot.drop.run(tenant, one.merchant, one.month)
      else hot.put.run(tenant, one.merchant, one.month, JSON.stringify(one))
    },
  }
}
