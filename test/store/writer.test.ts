// Group commit: what shares a commit, what fails alone, and what is taken back.
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ProfileCache, type ProfileDisk } from '../../src/store/profile-cache.ts'
import { Writer } from '../../src/store/writer.ts'

let db: Database.Database
let commits: number
let isCommitBroken: boolean
let profiles: ProfileCache<number>
let writer: Writer
let writes: string[]

beforeEach(() => {
  db = new Database(':memory:')
  db.exec('create table note (text text primary key)')
  db.exec('create table profile (entity text primary key, state integer)')
  // A row that only the commit itself will refuse.
  db.pragma('foreign_keys = on')
  db.exec('create table parent (id integer primary key)')
  db.exec('create table child (parent integer references parent (id) deferrable initially deferred)')
  commits = 0
  isCommitBroken = false
  writes = []
  const disk: ProfileDisk<number> = {
    read(_, entities) {
      const read = db.prepare('select state from profile where entity = ?').pluck()
      return new Map(
        entities.flatMap((entity): [string, number][] => {
          const state = read.get(entity) as number | undefined
          return state === undefined ? [] : [[entity, state]]
        }),
      )
    },
    write(changed) {
      for (const { entity, profile } of changed) {
        writes.push(`${entity}=${profile}`)
        db.prepare('insert into profile values (?, ?) on conflict do update set state = excluded.state').run(
          entity,
          profile,
        )
      }
    },
  }
  profiles = new ProfileCache(disk, 3)
  writer = new Writer(db, {
    begin: () => profiles.begin(),
    undo: () => profiles.undo(),
    beforeCommit() {
      profiles.beforeCommit()
      if (isCommitBroken) db.prepare('insert into child values (77)').run()
    },
    undoAll: () => profiles.undoAll(),
    done() {
      commits += 1
      profiles.done()
    },
  })
})

afterEach(() => db.close())

const notes = (): readonly unknown[] => db.prepare('select text from note order by text').pluck().all()
const note = (text: string): void => {
  db.prepare('insert into note values (?)').run(text)
}
const add = (entity: string, by = 1): number => {
  const next = (profiles.get(0, entity) ?? 0) + by
  profiles.set(0, entity, next)
  return next
}
/** A row and a count in one unit. */
const noteAndAdd =
  (text: string, ...entities: readonly string[]) =>
  (): number => {
    note(text)
    return Math.max(...entities.map((entity) => add(entity)))
  }
const onDisk = (entity: string): unknown => db.prepare('select state from profile where entity = ?').pluck().get(entity)

describe('units of one turn', () => {
  test('share one commit and get their own results', async () => {
    const results = await Promise.all(
      ['a', 'b', 'c'].map((text) =>
        writer.unit(() => {
          note(text)
          return text.toUpperCase()
        }),
      ),
    )
    expect(results).toEqual(['A', 'B', 'C'])
    expect(commits).toBe(1)
    expect(notes()).toEqual(['a', 'b', 'c'])
  })

  test('see what those before them wrote, in rows and in profiles', async () => {
    const counts = await Promise.all(Array.from({ length: 20 }, () => writer.unit(() => add('account'))))
    expect(counts).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(onDisk('account')).toBe(20)
    expect(writes).toEqual(['account=20'])
  })

  test('are answered only when they are durable', async () => {
    const work = writer.unit(() => note('a'))
    let isDone = false
    void work.then(() => {
      isDone = true
    })
    await Promise.resolve()
    expect([isDone, notes()]).toEqual([false, []])
    await work
    expect(notes()).toEqual(['a'])
  })

  test('of which one is bad: it fails alone, with its own reason, and leaves nothing', async () => {
    const outcomes = await Promise.allSettled([
      writer.unit(noteAndAdd('a', 'account')),
      writer.unit(() => {
        note('bad')
        add('account', 100)
        add('other', 100)
        throw new Error('bad unit')
      }),
      writer.unit(() => note('a')), // breaks a constraint
      writer.unit(noteAndAdd('b', 'account')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(outcomes[1]).toMatchObject({ reason: { message: 'bad unit' } })
    expect(outcomes[2]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } })
    expect(outcomes[3]).toMatchObject({ value: 2 })
    expect(notes()).toEqual(['a', 'b'])
    expect([onDisk('account'), onDisk('other')]).toEqual([2, undefined])
    expect([profiles.get(0, 'account'), profiles.get(0, 'other')]).toEqual([2, undefined])
  })

  test('whose commit fails are all rejected, and the profiles are as before', async () => {
    await writer.unit(() => add('account'))
    isCommitBroken = true
    const outcomes = await Promise.allSettled([
      writer.unit(noteAndAdd('a', 'account', 'fresh')),
      writer.unit(noteAndAdd('b', 'account')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(notes()).toEqual([])
    expect([profiles.get(0, 'account'), profiles.get(0, 'fresh')]).toEqual([1, undefined])
    expect(onDisk('account')).toBe(1)
    isCommitBroken = false
    expect(await writer.unit(noteAndAdd('c', 'account'))).toBe(2)
    expect([notes(), onDisk('account'), db.inTransaction]).toEqual([['c'], 2, false])
  })

  test('that all fail leave nothing open behind them', async () => {
    const bad = () =>
      writer.unit(() => {
        add('account')
        return JSON.parse('{') as unknown
      })
    const outcomes = await Promise.allSettled([bad(), bad()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(db.inTransaction).toBe(false)
    expect(profiles.get(0, 'account')).toBeUndefined()
    expect(await writer.unit(() => add('account'))).toBe(1)
  })

  test('asked for while others are committed come with the next commit', async () => {
    await writer.unit(() => {
      note('outer')
      return writer.unit(() => note('inner'))
    })
    expect(notes()).toEqual(['inner', 'outer'])
  })
})

describe('a writer that is closed', () => {
  test('commits what was asked for before, and refuses what comes after', async () => {
    const before = writer.unit(() => note('a'))
    writer.close()
    await before
    expect(notes()).toEqual(['a'])
    await expect(writer.unit(() => note('b'))).rejects.toThrow('the store is closed')
    expect(notes()).toEqual(['a'])
  })
})

describe('profiles in memory', () => {
  test('are read again when they were put out', async () => {
    for (const entity of ['a', 'b', 'c', 'd', 'e']) await writer.unit(() => add(entity))
    expect(await writer.unit(() => add('a'))).toBe(2)
  })

  test('that a failed unit changed for the first time are as they are on disk', async () => {
    db.prepare('insert into profile values (?, ?)').run('known', 41)
    await expect(
      writer.unit(() => {
        add('known')
        throw new Error('x')
      }),
    ).rejects.toThrow('x')
    expect(await writer.unit(() => add('known'))).toBe(42)
  })

  test('changed twice by a failed unit and once by a good one count the good one only', async () => {
    const outcomes = await Promise.allSettled([
      writer.unit(() => add('x')),
      writer.unit(() => {
        add('x')
        add('x')
        throw new Error('x')
      }),
      writer.unit(() => add('x')),
    ])
    expect(outcomes[2]).toMatchObject({ value: 2 })
    expect(onDisk('x')).toBe(2)
  })
})

describe('profiles that are asked for together', () => {
  test('are read at once, each only while it is not in memory', () => {
    const asked: (readonly string[])[] = []
    const disk: ProfileDisk<number> = {
      read(_, entities) {
        asked.push(entities)
        return new Map(entities.filter((entity) => entity !== 'nobody').map((entity) => [entity, entity.length]))
      },
      write: () => undefined,
    }
    const cache = new ProfileCache(disk, 10)
    cache.fetch(0, ['card', 'nobody', 'shop'])
    expect([cache.get(0, 'card'), cache.get(0, 'nobody'), cache.get(0, 'shop')]).toEqual([4, undefined, 4])
    cache.fetch(0, ['card', 'shop', 'device'])
    cache.fetch(0, ['nobody', 'device'])
    cache.fetch(1, ['card'])
    expect(asked).toEqual([['card', 'nobody', 'shop'], ['device'], ['card']])
  })
})
