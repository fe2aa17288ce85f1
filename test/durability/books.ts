// Reads what is on disk once nobody runs: the databases of the ACS and of the emulated parties.
import { copyFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import type { Challenge } from '../../src/acs/challenge/state.ts'
import type { Card } from '../../src/acs/ports.ts'
import type { Profile } from '../../src/risk/profile.ts'
import { decodeProfile } from '../../src/risk/profile-codec.ts'
import { newFolder } from './processes.ts'

export interface Booked {
  readonly id: number
  readonly acsTransID: string
  readonly account: string
  /** By the engine: the profiles learn of it. */
  readonly isByEngine: boolean
  readonly transStatus: string
  readonly resultStatus: string | undefined
  readonly resultReason: string | undefined
  readonly delivery: string | undefined
  readonly challenge: Challenge | undefined
  readonly effects: readonly { readonly kind: string; readonly dueAt: number; readonly isDone: boolean }[]
}

export interface Books {
  readonly integrity: string
  readonly transactions: readonly Booked[]
  readonly profiles: ReadonlyMap<string, Profile>
  readonly cards: readonly Card[]
}

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

const open = (file: string): Database.Database => new Database(file, { fileMustExist: true })

export const integrityOf = (db: Database.Database): string => String(db.pragma('integrity_check', { simple: true }))

/** Of the files as a killed process left them; a copy, so that the next process finds them as they are. */
export function integrityOfCopy(file: string): string {
  const copy = path.join(newFolder(), 'copy.sqlite')
  for (const end of ['', '-wal']) if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, `${copy}${end}`)
  const db = open(copy)
  try {
    return integrityOf(db)
  } finally {
    db.close()
  }
}

export function booksOf(file: string): Books {
  const db = open(file)
  try {
    const effects = new Map<number, { kind: string; dueAt: number; isDone: boolean }[]>()
    const rows = db.prepare('select transaction_id id, kind, due_at, done from effect order by id').all() as {
      id: number
      kind: string
      due_at: number
      done: number
    }[]
    for (const { id, kind, due_at: dueAt, done } of rows) {
      effects.set(id, [...(effects.get(id) ?? []), { kind, dueAt, isDone: done === 1 }])
    }
    const transactions = db
      .prepare('select t.*, c.state from acs_transaction t left join challenge c on c.transaction_id = t.id')
      .all() as {
      id: number
      acs_trans_id: Buffer
      pan_hash: Buffer
      decided_by: string
      trans_status: string
      result_status: string | null
      result_reason: string | null
      delivery: string | null
      state: string | null
    }[]
    const profiles = db.prepare('select entity, state from profile').all() as { entity: string; state: Buffer }[]
    const cards = db.prepare('select record from card').pluck().all() as string[]
    return {
      integrity: integrityOf(db),
      transactions: transactions.map((row) => ({
        id: row.id,
        acsTransID: uuidOf(row.acs_trans_id),
        account: row.pan_hash.toString('hex'),
        isByEngine: row.decided_by === 'engine',
        transStatus: row.trans_status,
        resultStatus: row.result_status ?? undefined,
        resultReason: row.result_reason ?? undefined,
        delivery: row.delivery ?? undefined,
        challenge: row.state === null ? undefined : (JSON.parse(row.state) as Challenge),
        effects: effects.get(row.id) ?? [],
      })),
      profiles: new Map(profiles.map(({ entity, state }) => [entity, decodeProfile(state)])),
      cards: cards.map((record) => JSON.parse(record) as Card),
    }
  } finally {
    db.close()
  }
}

export interface EmulatorBooks {
  readonly integrity: string
  /** By acsTransID, those whose ARes the party has seen. */
  readonly ds: ReadonlyMap<string, { readonly aresStatus: string; readonly rreqHash: string | undefined }>
  readonly threeDSServer: ReadonlyMap<
    string,
    {
      readonly aresStatus: string
      readonly transStatus: string | undefined
      readonly settledBy: string | undefined
      readonly rreqHash: string | undefined
    }
  >
}

export function emulatorBooksOf(file: string): EmulatorBooks {
  const db = open(file)
  const rowsOf = (table: string) =>
    (db.prepare(`select * from ${table} where acsTransID is not null`).all() as Record<string, string | null>[]).map(
      (row) =>
        [
          String(row.acsTransID).toLowerCase(),
          {
            aresStatus: String(row.aresStatus),
            transStatus: row.transStatus ?? undefined,
            settledBy: row.settledBy ?? undefined,
            rreqHash: row.rreqHash ?? undefined,
          },
        ] as const,
    )
  try {
    return {
      integrity: integrityOf(db),
      ds: new Map(rowsOf('ds_transaction')),
      threeDSServer: new Map(rowsOf('threeds_server_transaction')),
    }
  } finally {
    db.close()
  }
}
