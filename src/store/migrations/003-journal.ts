// The journal: transport headers, faults, entries of other parties, and the ids of entries without a transaction.
import { type Kysely, sql } from 'kysely'

const statements = [
  'alter table journal add column headers text',
  'alter table journal add column fault text',
  'alter table journal add column sent text',
  'alter table journal add column party text',
  'alter table journal add column problem text',
  // Of entries of other parties, whose messages need not say it.
  'alter table journal add column server_trans_id text',
  // Refused messages belong to no transaction, and name ids all the same.
  `create table journal_id (
    id blob not null,
    journal_id integer not null,
    primary key (id, journal_id)
  ) without rowid`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
