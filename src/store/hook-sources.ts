// How good sources were, on SQLite.
import type { Database } from 'better-sqlite3'
import type { SourceShelf } from '../acs/hook/ports.ts'
import type { SourceRecord } from '../risk/sources.ts'

export function openSourceShelf(db: Database): SourceShelf {
  const hot = {
    get: db.prepare('select record from hook_source where tenant = ? and source = ?').pluck(),
    all: db.prepare('select source, record from hook_source where tenant = ? order by source'),
    put: db.prepare(
      'insert into hook_source (tenant, source, record) values (?, ?, ?) on conflict do update set record = excluded.record',
    ),
  }
  return {
    get(tenant, source) {
      const record = hot.get.get(tenant, source) as string | undefined
      return record === undefined ? undefined : (JSON.parse(record) as SourceRecord)
    },
    all: (tenant) =>
      (hot.all.all(tenant) as { source: string; record: string }[]).map(
        ({ source, record }) => [source, JSON.parse(record) as SourceRecord] as const,
      ),
    put: (tenant, source, record) => void hot.put.run(tenant, source, JSON.stringify(record)),
  }
}
