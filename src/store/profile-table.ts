// The rows of profiles: those of one AReq are read by one statement, those of a group of commits are written by one for every 64.
import type Database from 'better-sqlite3'
import type { ProfileDisk } from './profile-cache.ts'

interface Codec<P> {
  readonly encode: (profile: P) => Uint8Array
  readonly decode: (bytes: Uint8Array) => P
}

/** Rows of one statement: its text is made once for each number of rows. */
const mostRows = 64

export function openProfileTable<P>(db: Database.Database, { encode, decode }: Codec<P>): ProfileDisk<P> {
  const one = db.prepare('select state from profile where tenant = ? and entity = ?').pluck()
  const several = db
    .prepare('select entity, state from profile where tenant = ? and entity in (select value from json_each(?))')
    .raw()
  const writers = new Map<number, Database.Statement>()
  const writerOf = (rows: number): Database.Statement => {
    const known = writers.get(rows)
    if (known !== undefined) return known
    const places = new Array<string>(rows).fill('(?, ?, ?)').join(', ')
    const made = db.prepare(
      `insert into profile (tenant, entity, state) values ${places} on conflict do update set state = excluded.state`,
    )
    writers.set(rows, made)
    return made
  }
  return {
    read(tenant, entities) {
      const [first] = entities
      const found = new Map<string, P>()
      if (first !== undefined && entities.length === 1) {
        const bytes = one.get(tenant, first) as Buffer | undefined
        if (bytes !== undefined) found.set(first, decode(bytes))
        return found
      }
      const rows = several.all(tenant, JSON.stringify(entities)) as readonly (readonly [string, Buffer])[]
      for (const [entity, bytes] of rows) found.set(entity, decode(bytes))
      return found
    },
    write(profiles) {
      for (let from = 0; from < profiles.length; from += mostRows) {
        const part = profiles.slice(from, from + mostRows)
        writerOf(part.length).run(part.flatMap(({ tenant, entity, profile }) => [tenant, entity, encode(profile)]))
      }
    },
  }
}
