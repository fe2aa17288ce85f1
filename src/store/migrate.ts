// The schema, brought to what this release knows.
import type Database from 'better-sqlite3'
import type { Migration } from 'kysely'
import type { Builder } from './builder.ts'

const migrations: Readonly<Record<string, () => Promise<Migration>>> = {
  '001-first-floor': () => import('./migrations/001-first-floor.ts'),
  '002-stubs': () => import('./migrations/002-stubs.ts'),
  '003-journal': () => import('./migrations/003-journal.ts'),
  '004-policies': () => import('./migrations/004-policies.ts'),
  '005-labels': () => import('./migrations/005-labels.ts'),
  '006-hook': () => import('./migrations/006-hook.ts'),
}

/** Where the names of those are kept that have been applied. */
const doneTable = 'kysely_migration'

function isDone(db: Database.Database): boolean {
  const hasTable = db.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(doneTable)
  if (hasTable === undefined) return false
  const done = db.prepare(`select name from ${doneTable} order by name`).pluck().all()
  return done.join() === Object.keys(migrations).join()
}

/** Throws where the database was made by a later release. */
export async function migrate(db: Database.Database, builder: () => Promise<Builder>): Promise<void> {
  if (isDone(db)) return
  const [{ Migrator }, { kysely }] = await Promise.all([import('kysely'), builder()])
  const getMigrations = async (): Promise<Record<string, Migration>> =>
    Object.fromEntries(
      await Promise.all(Object.entries(migrations).map(async ([name, load]) => [name, await load()] as const)),
    )
  // All of the schema or nothing: Kysely runs each statement by itself on SQLite, and a start may be killed in between.
  db.exec('begin immediate')
  const { error } = await new Migrator({ db: kysely, provider: { getMigrations } }).migrateToLatest()
  db.exec(error === undefined ? 'commit' : 'rollback')
  if (error !== undefined) throw error
}
