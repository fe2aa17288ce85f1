// The journal on SQLite: a row per message; what belongs to no transaction is found by the ids it names.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type {
  DecidedBy,
  FaultNote,
  JournalEntry,
  JournalRecord,
  Link,
  NewJournalEntry,
  Queries,
  TransactionIds,
} from '../acs/ports.ts'
import { maskDigitRuns } from '../protocol/mask.ts'

interface JournalRow {
  readonly id: number
  readonly tenant: number
  readonly transaction_id: number | null
  readonly at: number
  readonly link: string
  readonly message_type: string | null
  readonly masked: string
  readonly raw: Buffer | null
  readonly findings: string | null
  readonly http_status: number | null
  readonly duration_ms: number | null
  readonly headers: string | null
  readonly fault: string | null
  readonly sent: string | null
  readonly party: string | null
  readonly problem: string | null
  readonly server_trans_id: string | null
}

interface JoinedRow extends JournalRow {
  readonly a: string
  readonly s: string
  readonly d: string
  readonly decided_by: string | null
}

export function entryOf(row: JournalRow): JournalEntry {
  return {
    id: row.id,
    tenant: row.tenant,
    ...(row.transaction_id !== null && { transactionId: row.transaction_id }),
    at: row.at,
    link: row.link as Link,
    masked: row.masked,
    ...(row.message_type !== null && { messageType: row.message_type }),
    ...(row.raw !== null && { raw: row.raw }),
    ...(row.findings !== null && { findings: JSON.parse(row.findings) as NonNullable<JournalEntry['findings']> }),
    ...(row.http_status !== null && { httpStatus: row.http_status }),
    ...(row.duration_ms !== null && { durationMs: row.duration_ms }),
    ...(row.headers !== null && { headers: JSON.parse(row.headers) as Record<string, string> }),
    ...(row.fault !== null && { fault: row.fault }),
    ...(row.sent !== null && { sent: row.sent }),
    ...(row.problem !== null && { problem: row.problem }),
    ...(row.server_trans_id !== null && { serverTransID: row.server_trans_id }),
    ...(row.party !== null && { party: row.party as NonNullable<JournalEntry['party']> }),
  }
}

const uuidOf = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')

const idForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const idNames = ['acsTransID', 'threeDSServerTransID', 'dsTransID'] as const

/** The ids that a message names, in lower case; it may be no message at all. */
function idsIn(masked: string): TransactionIds {
  let message: unknown
  try {
    message = JSON.parse(masked)
  } catch {
    return {}
  }
  if (typeof message !== 'object' || message === null) return {}
  const members = message as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    idNames.flatMap((name) => {
      const id = members[name]
      return typeof id === 'string' && idForm.test(id) ? [[name, id.toLowerCase()]] : []
    }),
  )
}

const recordOf = (row: JoinedRow): JournalRecord => ({
  ...entryOf(row),
  ...(row.decided_by !== null // hex() of nothing is an empty text
    ? {
        acsTransID: uuidOf(row.a),
        threeDSServerTransID: uuidOf(row.s),
        dsTransID: uuidOf(row.d),
        decidedBy: row.decided_by as DecidedBy,
      }
    : {
        ...idsIn(row.masked),
        ...(row.server_trans_id !== null && { threeDSServerTransID: row.server_trans_id }),
      }),
})

const idBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')

const joined = `select j.*, lower(hex(t.acs_trans_id)) a, lower(hex(t.threeds_server_trans_id)) s,
  lower(hex(t.ds_trans_id)) d, t.decided_by from journal j left join acs_transaction t on t.id = j.transaction_id`

/** Entries between two turns of the event loop. */
const sliceSize = 500

export interface JournalTable extends Pick<Queries, 'journalAbout' | 'scanJournal' | 'lastJournalId' | 'onJournal'> {
  add(entry: NewJournalEntry): void
  noteFault(about: FaultNote): void
  of(transactionId: number): readonly JournalEntry[]
  /** Those without a transaction that are older. */
  pruneStray(before: number): void
  /** For the writer: tells who listens, once what was added is durable. */
  readonly memory: { begin(): void; undo(): void; beforeCommit(): void; undoAll(): void; done(): void }
}

/** `transactionIdOf`: the row key of the transaction that has all of these ids; null: there are some, and none has them all. */
export function openJournalTable(
  db: Database,
  transactionIdOf: (tenant: number, ids: TransactionIds) => number | undefined,
): JournalTable {
  const insert = db.prepare(
    'insert into journal (tenant, transaction_id, at, link, message_type, masked, raw, findings, http_status, duration_ms, headers, fault, sent, party, problem, server_trans_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const insertId = db.prepare('insert or ignore into journal_id (id, journal_id) values (?, ?)')
  const markFault = db.prepare(
    'update journal set fault = ?, sent = ? where id = (select max(id) from journal where transaction_id = ? and link = ? and message_type = ?)',
  )
  const byTransaction = db.prepare('select * from journal where transaction_id = ? order by id')
  const joinedByTransaction = db.prepare(`${joined} where j.transaction_id = ? order by j.id limit ?`)
  const joinedStray = db.prepare(
    `${joined} where j.id in (select journal_id from journal_id where id = ?) and j.tenant = ? order by j.id limit ?`,
  )
  const newestBefore = db.prepare('select max(id) from journal where id < ?').pluck()
  const oldestAfter = db.prepare('select min(id) from journal where id > ?').pluck()
  const downwards = db.prepare(`${joined} where j.id <= ? and j.id > ? and j.tenant = ? order by j.id desc`)
  const upwards = db.prepare(`${joined} where j.id >= ? and j.id < ? and j.tenant = ? order by j.id`)
  const last = db.prepare('select coalesce(max(id), 0) from journal').pluck()
  const listeners = new Set<() => void>()
  let hasNew = false

  return {
    add(entry) {
      const { lastInsertRowid } = insert.run(
        entry.tenant,
        entry.transactionId ?? null,
        entry.at,
        entry.link,
        entry.messageType ?? null,
        entry.masked,
        entry.raw ?? null,
        entry.findings === undefined || entry.findings.length === 0
          ? null
          : maskDigitRuns(JSON.stringify(entry.findings)),
        entry.httpStatus ?? null,
        entry.durationMs ?? null,
        entry.headers === undefined ? null : JSON.stringify(entry.headers),
        entry.fault ?? null,
        entry.sent ?? null,
        entry.party ?? null,
        entry.problem ?? null,
        entry.serverTransID ?? null,
      )
      if (entry.transactionId === undefined) {
        const named = Object.values(idsIn(entry.masked))
        if (entry.serverTransID !== undefined) named.push(entry.serverTransID)
        for (const id of named) insertId.run(idBytes(id), lastInsertRowid)
      }
      hasNew = true
    },
    noteFault({ tenant, acsTransID, link, messageType, fault, sent }) {
      const transactionId = transactionIdOf(tenant, { acsTransID })
      if (transactionId !== undefined) markFault.run(fault, sent ?? null, transactionId, link, messageType)
    },
    of: (transactionId) => (byTransaction.all(transactionId) as JournalRow[]).map(entryOf),
    journalAbout(tenant, ids, limit) {
      const wanted = idNames.flatMap((name) => {
        const id = ids[name]
        return id === undefined ? [] : [[name, id.toLowerCase()] as const]
      })
      const [first] = wanted
      if (first === undefined) return []
      const transactionId = transactionIdOf(tenant, ids)
      const own =
        transactionId === undefined ? [] : (joinedByTransaction.all(transactionId, limit) as JoinedRow[]).map(recordOf)
      // What was refused may name the ids of a transaction that is there, too.
      const stray = (joinedStray.all(idBytes(first[1]), tenant, limit) as JoinedRow[])
        .map(recordOf)
        .filter((record) => wanted.every(([name, id]) => record[name] === id))
      return [...own, ...stray].toSorted((one, other) => one.id - other.id).slice(0, limit)
    },
    async scanJournal({ tenant, before = Number.MAX_SAFE_INTEGER, after, most }, visit) {
      const isUpwards = after !== undefined
      let searched = 0
      // Ids are counted, so a span of them is a bounded number of rows, whatever is searched for.
      let spanned = 0
      for (let edge = after ?? before; ; ) {
        const first = (isUpwards ? oldestAfter : newestBefore).get(edge) as number | null
        if (first === null) return { searched }
        const span = Math.min(sliceSize, most - spanned)
        if (span <= 0) return { searched, next: edge }
        const rows = isUpwards
          ? upwards.all(first, Math.min(first + span, before), tenant)
          : downwards.all(first, first - span, tenant)
        for (const row of rows as JoinedRow[]) {
          searched += 1
          if (!visit(recordOf(row))) return { searched, next: row.id }
        }
        edge = isUpwards ? first + span - 1 : first - span + 1
        if (isUpwards && edge >= before - 1) return { searched }
        spanned += span
        await nextTurn()
      }
    },
    lastJournalId: () => last.get() as number,
    onJournal(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pruneStray(before) {
      db.prepare(
        'delete from journal_id where journal_id in (select id from journal where transaction_id is null and at < ?)',
      ).run(before)
      db.prepare('delete from journal where transaction_id is null and at < ?').run(before)
    },
    memory: {
      begin() {},
      undo() {},
      beforeCommit() {},
      undoAll() {
        hasNew = false
      },
      done() {
        if (!hasNew) return
        hasNew = false
        for (const listener of listeners) listener()
      },
    },
  }
}
