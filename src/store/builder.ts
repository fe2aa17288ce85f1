// Kysely for what is not on the hot path. Loaded when it is first needed: its modules take longer than the rest of the store.
import type Database from 'better-sqlite3'
import type { Kysely, sql } from 'kysely'
import type { Tables } from './schema.ts'

export interface Builder {
  readonly kysely: Kysely<Tables>
  readonly sql: typeof sql
}

export function lazyBuilder(db: Database.Database): () => Promise<Builder> {
  let made: Promise<Builder> | undefined
  return () => {
    made ??= import('kysely').then(({ Kysely, SqliteDialect, sql }) => ({
      kysely: new Kysely<Tables>({ dialect: new SqliteDialect({ database: db }) }),
      sql,
    }))
    return made
  }
}
