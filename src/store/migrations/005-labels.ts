// Labels: what a transaction turned out to be.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table acs_transaction add column label text').execute(db)
}
