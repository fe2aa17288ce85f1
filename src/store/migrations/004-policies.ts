// Policies: texts that ran, how they came to run, the draft; lists that are kept beside them, with every change.
import { type Kysely, sql } from 'kysely'

const statements = [
  // Each text once, however often it was published.
  `create table policy_text (
    tenant integer not null,
    hash text not null,
    text text not null,
    primary key (tenant, hash)
  ) without rowid`,
  `create table policy_release (
    id integer primary key autoincrement,
    tenant integer not null,
    at integer not null,
    hash text not null,
    kind text not null,
    record text not null
  )`,
  'create table policy_draft (tenant integer primary key, record text not null)',
  `create table list_entry (
    id integer primary key autoincrement,
    tenant integer not null,
    list text not null,
    kind text not null,
    value text not null,
    record text not null,
    unique (tenant, list, kind, value)
  )`,
  `create table list_change (
    id integer primary key autoincrement,
    tenant integer not null,
    at integer not null,
    record text not null
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
