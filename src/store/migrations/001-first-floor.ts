// The first floor: transactions, journal, profiles, challenges, effects, register, inbox. Every row has a tenant.
import { type Kysely, sql } from 'kysely'

const statements = [
  `create table acs_transaction (
    id integer primary key,
    tenant integer not null,
    at integer not null,
    acs_trans_id blob not null,
    threeds_server_trans_id blob not null,
    ds_trans_id blob not null,
    trans_status text not null,
    decided_by text not null,
    pan_hash blob not null,
    score real not null,
    record text not null,
    result_status text,
    result_reason text,
    delivery text
  )`,
  // Finds transactions by any of their ids; the newest ones are in memory and come later (see id-index.ts).
  'create table transaction_id (id blob primary key, transaction_id integer not null) without rowid',
  'create table mark (name text primary key, value integer not null) without rowid',
  `create table journal (
    id integer primary key,
    tenant integer not null,
    transaction_id integer,
    at integer not null,
    link text not null,
    message_type text,
    masked text not null,
    raw blob,
    findings text,
    http_status integer,
    duration_ms real
  )`,
  'create index journal_by_transaction on journal (transaction_id)',
  'create table profile (tenant integer not null, entity text not null, state blob not null, primary key (tenant, entity)) without rowid',
  'create table challenge (transaction_id integer primary key, state text not null)',
  `create table effect (
    id integer primary key,
    tenant integer not null,
    transaction_id integer not null,
    kind text not null,
    payload text not null,
    due_at integer not null,
    attempts integer not null default 0,
    created_at integer not null,
    done integer not null default 0
  )`,
  'create index effect_open on effect (due_at) where done = 0',
  'create index effect_by_transaction on effect (transaction_id)',
  `create table card (
    tenant integer not null,
    pan_hash blob not null,
    record text not null,
    primary key (tenant, pan_hash)
  ) without rowid`,
  `create table method_data (
    tenant integer not null,
    threeds_server_trans_id blob not null,
    at integer not null,
    data text not null,
    primary key (tenant, threeds_server_trans_id)
  ) without rowid`,
  `create table inbox (
    id integer primary key,
    tenant integer not null,
    transaction_id integer not null,
    at integer not null,
    record text not null
  )`,
  'create index inbox_by_transaction on inbox (transaction_id)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
