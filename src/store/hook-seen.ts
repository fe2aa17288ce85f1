// Ids of signed messages of sources, on SQLite: none counts twice.
import type { Database } from 'better-sqlite3'
import type { SeenShelf } from '../acs/hook/ports.ts'

export function openSeenShelf(db: Database): SeenShelf {
  const hot = {
    add: db.prepare('insert or ignore into hook_seen (tenant, source, message_id, at) values (?, ?, ?, ?)'),
    sweep: db.prepare('delete from hook_seen where at < ?'),
  }
  return {
    add: (tenant, source, messageId, at) => hot.add.run(tenant, source, messageId, at).changes > 0,
    sweep: (before) => void hot.sweep.run(before),
  }
}
