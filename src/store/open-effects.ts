// Whether a database that is not open has work that waits, without opening all of it.
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'

export function hasOpenEffects(file: string): boolean {
  if (!existsSync(file)) return false
  const db = new Database(file)
  try {
    const isThere = db.prepare("select 1 from sqlite_master where type = 'table' and name = 'effect'").get()
    return isThere !== undefined && db.prepare('select 1 from effect where done = 0 limit 1').get() !== undefined
  } finally {
    db.close()
  }
}
