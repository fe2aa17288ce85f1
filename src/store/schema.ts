// Table types for Kysely; the columns are those of ./migrations.
import type { ColumnType, Generated } from 'kysely'

interface TransactionTable {
  id: Generated<number>
  tenant: number
  at: number
  acs_trans_id: Uint8Array
  threeds_server_trans_id: Uint8Array
  ds_trans_id: Uint8Array
  trans_status: string
  decided_by: string
  pan_hash: Uint8Array
  score: number
  record: string
  result_status: string | null
  result_reason: string | null
  delivery: string | null
  label: string | null
}

interface JournalTable {
  id: Generated<number>
  tenant: number
  transaction_id: number | null
  at: number
  link: string
  message_type: string | null
  masked: string
  raw: Uint8Array | null
  findings: string | null
  http_status: number | null
  duration_ms: number | null
  headers: string | null
  fault: string | null
  sent: string | null
  party: string | null
  problem: string | null
  server_trans_id: string | null
}

interface EffectTable {
  id: Generated<number>
  tenant: number
  transaction_id: number
  kind: string
  payload: string
  due_at: number
  attempts: number
  created_at: number
  done: ColumnType<number, number | undefined, number>
}

export interface Tables {
  acs_transaction: TransactionTable
  journal: JournalTable
  profile: { tenant: number; entity: string; state: Uint8Array }
  challenge: { transaction_id: number; state: string }
  effect: EffectTable
  card: { tenant: number; pan_hash: Uint8Array; record: string }
  method_data: { tenant: number; threeds_server_trans_id: Uint8Array; at: number; data: string }
  inbox: { id: Generated<number>; tenant: number; transaction_id: number; at: number; record: string }
}

export type TransactionRow = {
  [K in keyof TransactionTable]: TransactionTable[K] extends Generated<infer T> ? T : TransactionTable[K]
}
