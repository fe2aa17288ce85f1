// The memory of the screening service: a SQLite file of its own. Orders are kept as they came, for the person who looks at them, and
// the oldest go first; keys of mail boxes, numbers, addresses and devices are keyed hashes.
import Database from 'better-sqlite3'
import { type ScreeningVerdict, verdicts } from '../../risk/assessment.ts'
import type { Label, ReviewState, ScreenedEnding } from './api.ts'
import type { History, KeyHistory, Listed } from './checks.ts'
import type { KeyKind, Keys } from './keys.ts'

export interface Screened {
  readonly orderId: string
  readonly at: number
  /** In lower case. */
  readonly threeDSServerTransID: string | undefined
  readonly verdict: ScreeningVerdict
  readonly score: number
  readonly review: ReviewState
  /** Order, findings and history, as JSON. */
  readonly record: string
  readonly note: string | undefined
  readonly reviewedAt: number | undefined
  readonly ending: ScreenedEnding | undefined
  readonly transStatus: string | undefined
  readonly wasChallenged: boolean | undefined
  readonly label: Label | undefined
  readonly labelledAt: number | undefined
  /** Yen; undefined: another currency. */
  readonly yen: number | undefined
}

export interface ListEntry {
  readonly kind: KeyKind
  readonly key: string
  readonly reason: Listed['reason']
  /** Shops that reported it, as the AReq names them. */
  readonly merchants: readonly string[]
  readonly addedAt: number
  readonly expiresAt: number
  /** What a person may see of it: t•••@example.com. */
  readonly shown: string
  readonly note: string
}

export interface Trace {
  readonly orderId: string
  readonly keys: Keys
  readonly person: string
  readonly account: string
  readonly firstOffer: boolean
}

/** Verdicts against what became of the payments. */
export interface Tally {
  readonly verdict: ScreeningVerdict
  readonly count: number
  readonly approved: number
  readonly challenged: number
  readonly refused: number
  readonly fraud: number
  readonly good: number
  /** Yen of orders that were not paid. */
  readonly stoppedYen: number
  readonly fraudYen: number
}

export interface ScreeningStore {
  find(orderId: string): Screened | undefined
  findByTransaction(threeDSServerTransID: string): Screened | undefined
  /** A new order with its keys, or the same order once more with another transaction. */
  save(screened: Screened, trace?: Trace): void
  historyOf(trace: Trace, now: number): History
  /** Open ones first, oldest first; then those that were decided, newest first. */
  reviews(limit: number): readonly Screened[]
  newest(limit: number): readonly Screened[]
  openReviews(): number
  keysOf(orderId: string): readonly { readonly kind: KeyKind; readonly key: string }[]
  /** Marks the traces of an order: it ended well, or not. */
  mark(orderId: string, isGood: boolean): void
  lists(now: number): readonly ListEntry[]
  /** A report of one shop more, or a new line. */
  list(entry: Omit<ListEntry, 'merchants'>, merchant: string): void
  unlist(kind: string, key: string, reason: string): void
  tallies(): readonly Tally[]
  /** False: the id came before. */
  isNew(messageId: string, at: number): boolean
  close(): void
}

const migrations: readonly string[] = [
  `CREATE TABLE screened (
     orderId TEXT PRIMARY KEY, at INTEGER NOT NULL, threeDSServerTransID TEXT, verdict TEXT NOT NULL, score REAL NOT NULL,
     review TEXT NOT NULL, record TEXT NOT NULL, note TEXT, reviewedAt INTEGER, ending TEXT, transStatus TEXT,
     wasChallenged INTEGER, label TEXT, labelledAt INTEGER, yen INTEGER
   ) STRICT;
   CREATE INDEX screened_transaction ON screened (threeDSServerTransID) WHERE threeDSServerTransID IS NOT NULL;
   CREATE INDEX screened_at ON screened (at);
   CREATE INDEX screened_review ON screened (review, at) WHERE review <> 'none';
   CREATE TABLE trace (
     kind TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, orderId TEXT NOT NULL, person TEXT NOT NULL,
     account TEXT NOT NULL, firstOffer INTEGER NOT NULL, isGood INTEGER, PRIMARY KEY (kind, key, at, orderId)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX trace_order ON trace (orderId);
   CREATE TABLE list_entry (
     kind TEXT NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL, merchants TEXT NOT NULL, addedAt INTEGER NOT NULL,
     expiresAt INTEGER NOT NULL, shown TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (kind, key, reason)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE seen (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
]

function migrate(db: Database.Database): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > migrations.length) throw new Error('the screening database was written by a newer version')
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${index + 1}`)
    })()
  }
}

const columns = [
  ...(['orderId', 'at', 'threeDSServerTransID', 'verdict', 'score', 'review', 'record', 'note', 'reviewedAt'] as const),
  ...(['ending', 'transStatus', 'wasChallenged', 'label', 'labelledAt', 'yen'] as const),
] as const satisfies readonly (keyof Screened)[]

type Row = Readonly<Record<string, unknown>>

/** The columns are those of Screened: the statements name them. */
const screenedOf = (row: Row): Screened => {
  const filled: Row = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value ?? undefined]))
  const { wasChallenged } = filled
  return { ...filled, wasChallenged: wasChallenged === undefined ? undefined : wasChallenged === 1 } as Screened
}

const entryOf = (row: Row): ListEntry =>
  ({ ...row, merchants: JSON.parse(String(row.merchants)) as readonly string[] }) as ListEntry

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const monthMs = 30 * dayMs
/** Orders that are kept; how often the older ones are looked for; how long ids of messages and keys are kept. */
const keptOrders = 20_000
const ordersBetweenPrunes = 200
const seenMs = hourMs
const traceMs = 400 * dayMs
const mostEntries = 500

/** Opens or makes the database; `:memory:` for one that ends with the process. */
export function openScreeningStore(path: string): ScreeningStore {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  migrate(db)
  const selected = `SELECT ${columns.join(', ')} FROM screened`
  const byOrder = db.prepare<[string], Row>(`${selected} WHERE orderId = ?`)
  const byTransaction = db.prepare<[string], Row>(`${selected} WHERE threeDSServerTransID = ? ORDER BY at DESC LIMIT 1`)
  const open = db.prepare<[number], Row>(
    `${selected} WHERE review IN ('open', 'held') ORDER BY review = 'held', at LIMIT ?`,
  )
  const decided = db.prepare<[number], Row>(
    `${selected} WHERE review IN ('passed', 'stopped') ORDER BY reviewedAt DESC LIMIT ?`,
  )
  const latest = db.prepare<[number], Row>(`${selected} ORDER BY at DESC LIMIT ?`)
  const openCount = db.prepare<[], number>(`SELECT count(*) FROM screened WHERE review IN ('open', 'held')`).pluck()
  const upsert = db.prepare(
    `INSERT OR REPLACE INTO screened (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  const addTrace = db.prepare(
    'INSERT OR REPLACE INTO trace (kind, key, at, orderId, person, account, firstOffer) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const counted = db.prepare<Readonly<Record<string, string | number>>, Row>(
    `SELECT
       coalesce(sum(at > @hour), 0) AS lastHour,
       coalesce(sum(at > @day), 0) AS lastDay,
       count(DISTINCT CASE WHEN at > @month AND person <> @person THEN person END) AS otherPeople,
       count(DISTINCT CASE WHEN account <> @account THEN account END) AS otherAccounts,
       coalesce(max(person = @person AND isGood = 1), 0) AS wasGood,
       coalesce(sum(firstOffer = 1 AND account <> @account), 0) AS firstOffers
     FROM trace WHERE kind = @kind AND key = @key AND orderId <> @orderId`,
  )
  const traced = db.prepare<[string], { kind: KeyKind; key: string }>('SELECT kind, key FROM trace WHERE orderId = ?')
  const markTrace = db.prepare<[number, string]>('UPDATE trace SET isGood = ? WHERE orderId = ?')
  const listedAs = db.prepare<[string, string, number], Row>(
    'SELECT * FROM list_entry WHERE kind = ? AND key = ? AND expiresAt > ?',
  )
  const entry = db.prepare<[string, string, string], Row>(
    'SELECT * FROM list_entry WHERE kind = ? AND key = ? AND reason = ?',
  )
  const allEntries = db.prepare<[number, number], Row>(
    'SELECT * FROM list_entry WHERE expiresAt > ? ORDER BY addedAt DESC LIMIT ?',
  )
  const putEntry = db.prepare(
    'INSERT OR REPLACE INTO list_entry (kind, key, reason, merchants, addedAt, expiresAt, shown, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const dropEntry = db.prepare<[string, string, string]>(
    'DELETE FROM list_entry WHERE kind = ? AND key = ? AND reason = ?',
  )
  const addSeen = db.prepare<[string, number]>('INSERT OR IGNORE INTO seen (id, at) VALUES (?, ?)')
  const dropSeen = db.prepare<[number]>('DELETE FROM seen WHERE at < ?')
  const dropOrders = db.prepare<[number]>(
    'DELETE FROM screened WHERE orderId IN (SELECT orderId FROM screened ORDER BY at DESC LIMIT -1 OFFSET ?)',
  )
  const dropTraces = db.prepare<[number]>('DELETE FROM trace WHERE at < ?')
  const tally = db.prepare<[], Row>(
    `SELECT verdict, count(*) AS count,
       sum(coalesce(ending = 'approved', 0)) AS approved,
       sum(coalesce(wasChallenged, 0)) AS challenged,
       sum(coalesce(ending IN ('declined', 'notAuthenticated', 'stopped'), 0)) AS refused,
       sum(coalesce(label IN ('fraud', 'chargeback'), 0)) AS fraud,
       sum(coalesce(label = 'confirmedGood', 0)) AS good,
       sum(CASE WHEN ending IN ('declined', 'notAuthenticated', 'stopped') THEN coalesce(yen, 0) ELSE 0 END) AS stoppedYen,
       sum(CASE WHEN label IN ('fraud', 'chargeback') AND ending = 'approved' THEN coalesce(yen, 0) ELSE 0 END) AS fraudYen
     FROM screened GROUP BY verdict`,
  )
  let saved = 0

  const historyOf = ({ orderId, keys, person, account }: Trace, now: number): History => {
    const of: Partial<Record<KeyKind, KeyHistory>> = {}
    const listed: Listed[] = []
    for (const [kind, key] of Object.entries(keys) as [KeyKind, string][]) {
      const since = { hour: now - hourMs, day: now - dayMs, month: now - monthMs }
      const row = counted.get({ kind, key, person, account, orderId, ...since })
      if (row !== undefined) of[kind] = { ...row, wasGood: row.wasGood === 1 } as KeyHistory
      for (const { reason, merchants } of listedAs.all(kind, key, now).map(entryOf))
        listed.push({ kind, reason, merchants: Math.max(1, merchants.length) })
    }
    return { of, listed }
  }

  return {
    find: (orderId) => {
      const row = byOrder.get(orderId)
      return row && screenedOf(row)
    },
    findByTransaction: (id) => {
      const row = byTransaction.get(id.toLowerCase())
      return row && screenedOf(row)
    },
    save(screened, trace) {
      db.transaction(() => {
        const values = { ...screened, wasChallenged: flag(screened.wasChallenged) }
        upsert.run(columns.map((column) => values[column] ?? null))
        if (trace === undefined) return
        for (const [kind, key] of Object.entries(trace.keys)) {
          const { person, account, firstOffer } = trace
          addTrace.run(kind, key, screened.at, screened.orderId, person, account, Number(firstOffer))
        }
        saved += 1
        if (saved % ordersBetweenPrunes !== 0) return
        dropOrders.run(keptOrders)
        dropTraces.run(screened.at - traceMs)
      })()
    },
    historyOf,
    reviews: (limit) => [...open.all(limit), ...decided.all(limit)].slice(0, limit).map(screenedOf),
    newest: (limit) => latest.all(limit).map(screenedOf),
    openReviews: () => openCount.get() ?? 0,
    keysOf: (orderId) => traced.all(orderId),
    mark: (orderId, isGood) => void markTrace.run(Number(isGood), orderId),
    lists: (now) => allEntries.all(now, mostEntries).map(entryOf),
    list({ kind, key, reason, addedAt, expiresAt, shown, note }, merchant) {
      const row = entry.get(kind, key, reason)
      const known = row === undefined ? undefined : entryOf(row)
      const merchants = [...new Set([...(known?.merchants ?? []), merchant])].slice(-100)
      const until = Math.max(expiresAt, known?.expiresAt ?? 0)
      putEntry.run(kind, key, reason, JSON.stringify(merchants), known?.addedAt ?? addedAt, until, shown, note)
    },
    unlist: (kind, key, reason) => void dropEntry.run(kind, key, reason),
    tallies: () => {
      const rows = tally.all() as unknown as readonly Tally[]
      return verdicts.map((verdict) => rows.find((row) => row.verdict === verdict) ?? { ...emptyTally, verdict })
    },
    isNew(messageId, at) {
      dropSeen.run(at - seenMs)
      return addSeen.run(messageId, at).changes === 1
    },
    close: () => db.close(),
  }
}

const flag = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value))

const emptyTally = {
  ...{ count: 0, approved: 0, challenged: 0, refused: 0 },
  ...{ fraud: 0, good: 0, stoppedYen: 0, fraudYen: 0 },
} as const
