// Policies and lists on SQLite. They change seldom, so nothing is kept in memory here.
import type { Database } from 'better-sqlite3'
import type {
  KeptEntry,
  ListChange,
  ListName,
  NewEntry,
  NewListChange,
  NewRelease,
  PolicyDraft,
  PolicyRelease,
  PolicyShelf,
  ReleaseKind,
} from '../acs/policies/kept.ts'

interface ReleaseRow {
  readonly id: number
  readonly at: number
  readonly hash: string
  readonly kind: string
  readonly record: string
}

const releaseOf = ({ id, at, hash, kind, record }: ReleaseRow): PolicyRelease => ({
  ...(JSON.parse(record) as Omit<NewRelease, 'at' | 'hash' | 'kind' | 'text'>),
  id,
  at,
  hash,
  kind: kind as ReleaseKind,
})

interface EntryRow {
  readonly id: number
  readonly list: string
  readonly kind: string
  readonly value: string
  readonly record: string
}

const entryOf = ({ id, list, kind, value, record }: EntryRow): KeptEntry => ({
  ...(JSON.parse(record) as Omit<NewEntry, 'list' | 'kind' | 'value'>),
  id,
  list: list as ListName,
  kind: kind as KeptEntry['kind'],
  value,
})

const changeOf = ({ id, at, record }: { id: number; at: number; record: string }): ListChange => ({
  ...(JSON.parse(record) as Omit<NewListChange, 'at'>),
  id,
  at,
})

const everything = Number.MAX_SAFE_INTEGER

export function openPolicyShelf(db: Database): PolicyShelf {
  const release = 'select id, at, hash, kind, record from policy_release where tenant = ?'
  const entry = 'select id, list, kind, value, record from list_entry where tenant = ?'
  const hot = {
    text: db.prepare('select text from policy_text where tenant = ? and hash = ?').pluck(),
    saveText: db.prepare('insert or ignore into policy_text (tenant, hash, text) values (?, ?, ?)'),
    release: db.prepare(`${release} and id = ?`),
    releases: db.prepare(`${release} and id < ? order by id desc limit ?`),
    lastOf: db.prepare(`${release} and kind in (select value from json_each(?)) order by id desc limit 1`),
    addRelease: db.prepare('insert into policy_release (tenant, at, hash, kind, record) values (?, ?, ?, ?, ?)'),
    draft: db.prepare('select record from policy_draft where tenant = ?').pluck(),
    saveDraft: db.prepare(
      'insert into policy_draft (tenant, record) values (?, ?) on conflict do update set record = excluded.record',
    ),
    dropDraft: db.prepare('delete from policy_draft where tenant = ?'),
    entries: db.prepare(`${entry} order by id`),
    entry: db.prepare(`${entry} and id = ?`),
    sameEntry: db.prepare(`${entry} and list = ? and kind = ? and value = ?`),
    addEntry: db.prepare('insert into list_entry (tenant, list, kind, value, record) values (?, ?, ?, ?, ?)'),
    changeEntry: db.prepare('update list_entry set record = ? where id = ?'),
    dropEntry: db.prepare('delete from list_entry where tenant = ? and id = ?'),
    changes: db.prepare('select id, at, record from list_change where tenant = ? and id < ? order by id desc limit ?'),
    addChange: db.prepare('insert into list_change (tenant, at, record) values (?, ?, ?)'),
  }
  const shelf: PolicyShelf = {
    text: (tenant, hash) => hot.text.get(tenant, hash) as string | undefined,
    release(tenant, id) {
      const row = hot.release.get(tenant, id) as ReleaseRow | undefined
      return row === undefined ? undefined : releaseOf(row)
    },
    releases: (tenant, { before = everything, limit }) =>
      (hot.releases.all(tenant, before, limit) as ReleaseRow[]).map(releaseOf),
    lastOf(tenant, kinds) {
      const row = hot.lastOf.get(tenant, JSON.stringify(kinds)) as ReleaseRow | undefined
      return row === undefined ? undefined : releaseOf(row)
    },
    addRelease(tenant, { text, ...made }) {
      const { at, hash, kind, ...rest } = made
      hot.saveText.run(tenant, hash, text)
      const { lastInsertRowid } = hot.addRelease.run(tenant, at, hash, kind, JSON.stringify(rest))
      return { ...made, id: Number(lastInsertRowid) }
    },
    draft(tenant) {
      const record = hot.draft.get(tenant) as string | undefined
      return record === undefined ? undefined : (JSON.parse(record) as PolicyDraft)
    },
    saveDraft: (tenant, draft) => void hot.saveDraft.run(tenant, JSON.stringify(draft)),
    dropDraft: (tenant) => hot.dropDraft.run(tenant).changes > 0,
    entries: (tenant) => (hot.entries.all(tenant) as EntryRow[]).map(entryOf),
    entry(tenant, id) {
      const row = hot.entry.get(tenant, id) as EntryRow | undefined
      return row === undefined ? undefined : entryOf(row)
    },
    putEntry(tenant, entry) {
      const { list, kind, value, ...rest } = entry
      const before = hot.sameEntry.get(tenant, list, kind, value) as EntryRow | undefined
      if (before !== undefined) {
        hot.changeEntry.run(JSON.stringify(rest), before.id)
        return { entry: { ...entry, id: before.id }, before: entryOf(before) }
      }
      const { lastInsertRowid } = hot.addEntry.run(tenant, list, kind, value, JSON.stringify(rest))
      return { entry: { ...entry, id: Number(lastInsertRowid) } }
    },
    dropEntry: (tenant, id) => hot.dropEntry.run(tenant, id).changes > 0,
    changes: (tenant, { before = everything, limit }) =>
      (hot.changes.all(tenant, before, limit) as { id: number; at: number; record: string }[]).map(changeOf),
    addChange: (tenant, { at, ...rest }) => void hot.addChange.run(tenant, at, JSON.stringify(rest)),
  }
  return shelf
}
