// Assessments that were told ahead of the AReq that they are about, on SQLite.
import type { Database } from 'better-sqlite3'
import type { AheadShelf } from '../acs/hook/ports.ts'
import type { Assessment } from '../risk/assessment.ts'

export function openAheadShelf(db: Database): AheadShelf {
  const hot = {
    of: db.prepare(
      'select at, record from hook_assessment where tenant = ? and server_trans_id = ? order by at, source',
    ),
    put: db.prepare(
      `insert into hook_assessment (tenant, server_trans_id, source, at, record) values (?, ?, ?, ?, ?)
       on conflict do update set at = excluded.at, record = excluded.record`,
    ),
    sweep: db.prepare('delete from hook_assessment where at < ?'),
  }
  return {
    of: (tenant, threeDSServerTransID) =>
      (hot.of.all(tenant, threeDSServerTransID.toLowerCase()) as { at: number; record: string }[]).map(
        ({ at, record }) => ({ at, assessment: JSON.parse(record) as Assessment }),
      ),
    put: (tenant, threeDSServerTransID, at, assessment) =>
      void hot.put.run(tenant, threeDSServerTransID.toLowerCase(), assessment.source, at, JSON.stringify(assessment)),
    sweep: (before) => void hot.sweep.run(before),
  }
}
