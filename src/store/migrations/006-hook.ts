// The hook: what merchant-side sources said, how good they were, what became of payments, and what is told to others.
import { type Kysely, sql } from 'kysely'

const statements = [
  // Told ahead of the AReq that they are about.
  `create table hook_assessment (
    tenant integer not null,
    server_trans_id text not null,
    source text not null,
    at integer not null,
    record text not null,
    primary key (tenant, server_trans_id, source)
  ) without rowid`,
  // Ids of signed messages, so that none counts twice.
  `create table hook_seen (
    tenant integer not null,
    source text not null,
    message_id text not null,
    at integer not null,
    primary key (tenant, source, message_id)
  ) without rowid`,
  // What a source said of payments whose end is known.
  'create table hook_source (tenant integer not null, source text not null, record text not null, primary key (tenant, source)) without rowid',
  `create table hook_feedback (
    id integer primary key autoincrement,
    tenant integer not null,
    source text not null,
    feedback_id text not null,
    at integer not null,
    transaction_id integer,
    record text not null,
    unique (tenant, source, feedback_id)
  )`,
  'create index feedback_by_transaction on hook_feedback (transaction_id)',
  // By which names of a payment a report waits for it.
  `create table hook_awaited (
    tenant integer not null,
    name text not null,
    source text not null,
    feedback_id text not null,
    primary key (tenant, name, source, feedback_id)
  ) without rowid`,
  'create index awaited_by_report on hook_awaited (tenant, source, feedback_id)',
  // Which payments an entry of the deny list is owed to.
  `create table hook_listed (
    tenant integer not null,
    entry_id integer not null,
    transaction_id integer not null,
    primary key (tenant, entry_id, transaction_id)
  ) without rowid`,
  `create table merchant_month (
    tenant integer not null,
    merchant text not null,
    month integer not null,
    record text not null,
    primary key (tenant, merchant, month)
  ) without rowid`,
  `create table webhook (
    id integer primary key autoincrement,
    tenant integer not null,
    at integer not null,
    event text not null,
    transaction_id integer,
    state text not null,
    record text not null
  )`,
  'create index webhook_by_tenant on webhook (tenant, id)',
  'create table hook_alert (transaction_id integer primary key, tenant integer not null, record text not null)',
  // Log-ins, orders and answers to alerts, by the keyed hash of a shopper.
  `create table journey_event (
    id integer primary key autoincrement,
    tenant integer not null,
    at integer not null,
    shopper text not null,
    kind text not null,
    source text,
    event_id text,
    record text not null,
    unique (tenant, source, event_id)
  )`,
  'create index journey_by_shopper on journey_event (tenant, shopper, at)',
  // Which payment an order of a source belongs to.
  `create table hook_order (
    tenant integer not null,
    source text not null,
    order_id text not null,
    server_trans_id text not null,
    primary key (tenant, source, order_id)
  ) without rowid`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
