// Stubs: answers that were planned for the next AReqs.
import { type Kysely, sql } from 'kysely'

const statements = [
  // autoincrement: an id in the record of a transaction never means another stub later.
  `create table stub (
    id integer primary key autoincrement,
    tenant integer not null,
    answers_left integer not null,
    record text not null
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
