// The store on SQLite: WAL, synchronous FULL, one writer. Hot statements are prepared here; Kysely does the rest.
import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Challenge, Verdict } from '../acs/challenge/state.ts'
import type {
  Card,
  ChallengeRow,
  DeliveryState,
  Effect,
  EffectKind,
  EffectPayload,
  InboxMessage,
  Label,
  LabelKind,
  MethodDataRow,
  NewEffect,
  NewTransaction,
  Store,
  Stub,
  Transaction,
  TransactionBrief,
  TransactionFilter,
  TransactionIds,
  UnitOfWork,
} from '../acs/ports.ts'
import { methodDataLifeMs } from '../acs/ports.ts'
import type { Profile } from '../risk/profile.ts'
import { lazyBuilder } from './builder.ts'
import { openHookShelf } from './hook-shelf.ts'
import { IdIndex, type IdIndexOptions, type IdKind, idKey } from './id-index.ts'
import { openJournalTable } from './journal-table.ts'
import { migrate } from './migrate.ts'
import { openPolicyShelf } from './policy-shelf.ts'
import { ProfileCache } from './profile-cache.ts'
import { openProfileTable } from './profile-table.ts'
import type { TransactionRow } from './schema.ts'
import { StubCache } from './stub-cache.ts'
import { Writer } from './writer.ts'

export interface SqliteOptions {
  /** A file, or ':memory:'. */
  readonly path: string
  readonly encodeProfile: (profile: Profile) => Uint8Array
  readonly decodeProfile: (bytes: Uint8Array) => Profile
  readonly cachedProfiles?: number
  readonly ids?: IdIndexOptions
}

/** 16 bytes of a UUID in either case; the 36 characters were checked by the parser. */
const idBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')
const hashBytes = (hash: string): Buffer => Buffer.from(hash, 'hex')

type Kept = Omit<NewTransaction, 'tenant' | 'at' | 'transStatus' | 'decidedBy' | 'panHash' | 'score'>

function transactionOf(row: TransactionRow): Transaction {
  const kept = JSON.parse(row.record) as Kept
  return {
    ...kept,
    id: row.id,
    tenant: row.tenant,
    at: row.at,
    transStatus: row.trans_status,
    decidedBy: row.decided_by as Transaction['decidedBy'],
    panHash: Buffer.from(row.pan_hash).toString('hex'),
    score: row.score,
    ...(row.result_status !== null && { resultStatus: row.result_status }),
    ...(row.result_reason !== null && { resultReason: row.result_reason }),
    ...(row.delivery !== null && { delivery: row.delivery as DeliveryState }),
    ...(row.label !== null && { label: JSON.parse(row.label) as Label }),
  }
}

/**
 * A record without its details, which come last in it and are long: `,"details":` is found nowhere else, since quotes
 * inside of a value are escaped.
 */
const briefColumns = `t.id, t.at, t.trans_status, t.decided_by, lower(hex(t.pan_hash)) card, t.score, t.result_status,
  t.result_reason, t.delivery, substr(t.record, 1, instr(t.record, ',"details":') - 1) head,
  json_extract(c.state, '$.phase') phase, json_extract(c.state, '$.verdict.challengeCancel') cancel,
  json_extract(t.label, '$.kind') label_kind
  from acs_transaction t left join challenge c on c.transaction_id = t.id`

interface BriefRow
  extends Pick<TransactionRow, 'id' | 'at' | 'trans_status' | 'score' | 'result_status' | 'result_reason'> {
  readonly decided_by: Transaction['decidedBy']
  readonly card: string
  readonly delivery: DeliveryState | null
  readonly head: string
  readonly phase: Challenge['phase'] | null
  readonly cancel: string | null
  readonly label_kind: LabelKind | null
}

/** One literal without spreads: a scan makes one for every row. */
function briefOf(row: BriefRow): TransactionBrief {
  const kept = JSON.parse(`${row.head}}`) as Omit<Kept, 'details'>
  return {
    id: row.id,
    at: row.at,
    acsTransID: kept.acsTransID,
    threeDSServerTransID: kept.threeDSServerTransID,
    dsTransID: kept.dsTransID,
    messageVersion: kept.messageVersion,
    panHash: row.card,
    panMask: kept.panMask,
    scheme: kept.scheme,
    merchantName: kept.merchantName,
    purchaseAmount: kept.purchaseAmount,
    purchaseCurrency: kept.purchaseCurrency,
    purchaseExponent: kept.purchaseExponent,
    transStatus: row.trans_status,
    transStatusReason: kept.transStatusReason,
    decidedBy: row.decided_by,
    engine: kept.engineStatus ?? row.trans_status,
    score: row.score,
    durationMs: kept.durationMs,
    issuerAmount: kept.issuerAmount,
    resultStatus: row.result_status ?? undefined,
    resultReason: row.result_reason ?? undefined,
    delivery: row.delivery ?? undefined,
    challenge: row.phase === null ? undefined : { phase: row.phase, cancel: row.cancel ?? undefined },
    labelKind: row.label_kind ?? undefined,
  }
}

/** Rows of a scan between two turns of the event loop; the first few mostly fill a page. */
const sliceSize = 500
const firstSliceSize = 100
/** Where rows are looked at without being read. */
const statusSliceSize = 5_000

interface StubRow {
  readonly id: number
  readonly tenant: number
  readonly answers_left: number
  readonly record: string
}

type KeptStub = Omit<Stub, 'id' | 'tenant' | 'left'>

/** As earlier releases wrote them. */
interface FirstStub {
  readonly match: {
    readonly card?: string
    readonly panMask?: string
    readonly elements: Readonly<Record<string, string>>
  }
  readonly outcome: Pick<Stub['plan'], 'transStatus' | 'transStatusReason'>
}

function keptStubOf(record: string): KeptStub {
  const kept = JSON.parse(record) as KeptStub | (Omit<KeptStub, 'match' | 'plan' | 'priority'> & FirstStub)
  if ('plan' in kept) return kept
  const { outcome, match, ...rest } = kept
  const { elements, ...card } = match
  const paths = Object.keys(elements).length === 0 ? {} : { paths: elements }
  return { ...rest, match: { ...card, ...paths }, plan: outcome, priority: 0 }
}

const stubOf = ({ id, tenant, answers_left, record }: StubRow): Stub => ({
  ...keptStubOf(record),
  id,
  tenant,
  left: answers_left,
})

interface EffectRow {
  readonly id: number
  readonly tenant: number
  readonly transaction_id: number
  readonly kind: string
  readonly payload: string
  readonly due_at: number
  readonly attempts: number
  readonly created_at: number
}

/** Ids of signed messages stay a day longer: what is not older than that could still be played again. */
const idsKeptMs = 86_400_000

const effectOf = (row: EffectRow): Effect => ({
  id: row.id,
  tenant: row.tenant,
  transactionId: row.transaction_id,
  kind: row.kind as EffectKind,
  payload: JSON.parse(row.payload) as EffectPayload,
  dueAt: row.due_at,
  attempts: row.attempts,
  createdAt: row.created_at,
})

const challengeRowOf = (row: TransactionRow & { readonly state: string }): ChallengeRow => {
  const challenge = JSON.parse(row.state) as Challenge
  return {
    transaction: transactionOf(row),
    challenge,
    ...(challenge.phase === 'ended' && { verdict: challenge.verdict }),
  }
}

const idKinds = [
  ['a', 'acsTransID'],
  ['s', 'threeDSServerTransID'],
  ['d', 'dsTransID'],
] as const satisfies readonly (readonly [IdKind, string])[]

/** Opens (and where needed creates or migrates) the database. Throws when it cannot be opened. */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const db = new Database(options.path)
  db.pragma('locking_mode = EXCLUSIVE') // one process owns timers and effects
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('busy_timeout = 2000')
  db.pragma('wal_autocheckpoint = 4000')
  db.pragma('cache_size = -65536')
  db.pragma('temp_store = MEMORY')
  const builder = lazyBuilder(db)
  await migrate(db, builder)

  const hot = {
    card: db.prepare('select record from card where tenant = ? and pan_hash = ?').pluck(),
    saveCard: db.prepare(
      'insert into card (tenant, pan_hash, record) values (?, ?, ?) on conflict do update set record = excluded.record',
    ),
    findId: db.prepare('select transaction_id from transaction_id where id = ?').pluck(),
    insertId: db.prepare('insert or replace into transaction_id (id, transaction_id) values (?, ?)'),
    removeId: db.prepare('delete from transaction_id where id = ?'),
    markIds: db.prepare("insert or replace into mark (name, value) values ('ids', ?)"),
    sweepMethodData: db.prepare('delete from method_data where at < ?'),
    methodData: db.prepare('select at, data from method_data where tenant = ? and threeds_server_trans_id = ?'),
    saveMethodData: db.prepare(
      'insert into method_data (tenant, threeds_server_trans_id, at, data) values (?, ?, ?, ?) on conflict do update set at = excluded.at, data = excluded.data',
    ),
    insertTransaction: db.prepare(
      'insert into acs_transaction (id, tenant, at, acs_trans_id, threeds_server_trans_id, ds_trans_id, trans_status, decided_by, pan_hash, score, record) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    saveVerdict: db.prepare(
      "update acs_transaction set result_status = ?, result_reason = ?, delivery = 'pending' where id = ? and result_status is null",
    ),
    replaceVerdict: db.prepare('update acs_transaction set result_status = ?, result_reason = ? where id = ?'),
    saveDelivery: db.prepare('update acs_transaction set delivery = ? where id = ?'),
    transaction: db.prepare('select * from acs_transaction where id = ?'),
    saveLabel: db.prepare('update acs_transaction set label = ? where id = ?'),
    importResult: db.prepare(
      'update acs_transaction set result_status = ?, result_reason = ?, delivery = ? where id = ?',
    ),
    challengeById: db.prepare(
      'select t.*, c.state from acs_transaction t join challenge c on c.transaction_id = t.id where t.id = ?',
    ),
    // By its timer, which every open one has: those that ended long ago are not looked at.
    waitingForApp: db.prepare(
      `select t.*, c.state from effect e indexed by effect_open
       join acs_transaction t on t.id = e.transaction_id join challenge c on c.transaction_id = t.id
       where e.done = 0 and e.kind = 'timer' and t.tenant = ? and (? is null or t.pan_hash = ?)
       and (c.state ->> '$.phase' = 'awaitingDecoupled' or c.state ->> '$.screen' in ('app', 'appMatch'))
       group by t.id order by t.id desc limit ?`,
    ),
    insertChallenge: db.prepare('insert into challenge (transaction_id, state) values (?, ?)'),
    saveChallenge: db.prepare('update challenge set state = ? where transaction_id = ?'),
    addEffect: db.prepare(
      'insert into effect (tenant, transaction_id, kind, payload, due_at, created_at) values (?, ?, ?, ?, ?, ?)',
    ),
    clearTimers: db.prepare("update effect set done = 1 where transaction_id = ? and kind = 'timer' and done = 0"),
    finishEffect: db.prepare('update effect set done = 1, attempts = attempts + 1 where id = ?'),
    postponeEffect: db.prepare('update effect set due_at = ?, attempts = attempts + 1 where id = ?'),
    moveEffect: db.prepare('update effect set due_at = ? where id = ?'),
    openEffects: db.prepare('select * from effect where done = 0 order by due_at, id'),
    addToInbox: db.prepare('insert into inbox (tenant, transaction_id, at, record) values (?, ?, ?, ?)'),
    emptyInbox: db.prepare('delete from inbox where tenant = ?'),
    removeFromInbox: db.prepare('delete from inbox where tenant = ? and id = ?'),
    insertStub: db.prepare('insert into stub (tenant, answers_left, record) values (?, ?, ?)'),
    saveStub: db.prepare('update stub set answers_left = ? where id = ?'),
    deleteStub: db.prepare('delete from stub where id = ?'),
    newestBefore: db.prepare('select max(id) from acs_transaction where id < ?').pluck(),
    slice: db.prepare(`select ${briefColumns} where t.id <= ? and t.id > ? and t.tenant = ? order by t.id desc`),
    brief: db.prepare(`select ${briefColumns} where t.id = ? and t.tenant = ?`),
  }

  const cache = new ProfileCache<Profile>(
    openProfileTable(db, { encode: options.encodeProfile, decode: options.decodeProfile }),
    options.cachedProfiles ?? 50_000,
  )
  const ids = new IdIndex(
    {
      find: (key) => hot.findId.get(key) as number | undefined,
      insert: (key, transactionId) => hot.insertId.run(key, transactionId),
      remove: (key) => hot.removeId.run(key),
      mark: (upTo) => hot.markIds.run(upTo),
    },
    options.ids,
  )
  const unindexed = db
    .prepare(
      "select id, tenant, acs_trans_id a, threeds_server_trans_id s, ds_trans_id d from acs_transaction where id > coalesce((select value from mark where name = 'ids'), 0)",
    )
    .iterate() as IterableIterator<{ id: number; tenant: number } & Record<IdKind, Buffer>>
  for (const row of unindexed) {
    for (const [kind] of idKinds) ids.load(idKey(row.tenant, kind, row[kind].toString('hex')), row.id)
  }
  /** Of all ids that are named one and the same transaction. */
  const transactionIdOf = (tenant: number, named: TransactionIds): number | undefined => {
    const found = idKinds.flatMap(([kind, name]) => {
      const uuid = named[name]
      return uuid === undefined ? [] : [ids.find(idKey(tenant, kind, uuid))]
    })
    return new Set(found).size === 1 ? found[0] : undefined
  }
  const waiting = db.prepare('select * from stub order by id').all() as StubRow[]
  const stubs = new StubCache(
    {
      insert: ({ tenant, left, ...kept }) =>
        Number(hot.insertStub.run(tenant, left, JSON.stringify(kept)).lastInsertRowid),
      saveLeft: (stubId, left) => hot.saveStub.run(left, stubId),
      remove: (stubId) => hot.deleteStub.run(stubId),
    },
    waiting.map(stubOf),
  )
  const policies = openPolicyShelf(db)
  const hookShelf = openHookShelf(db)
  const journal = openJournalTable(db, transactionIdOf)
  const memory = [cache, ids, stubs, journal.memory] as const
  const writer = new Writer(db, {
    begin: () => memory.forEach((part) => void part.begin()),
    undo: () => memory.forEach((part) => void part.undo()),
    beforeCommit: () => memory.forEach((part) => void part.beforeCommit()),
    undoAll: () => memory.forEach((part) => void part.undoAll()),
    done: () => memory.forEach((part) => void part.done()),
  })
  let sweptAt = Number.NEGATIVE_INFINITY
  // One process writes, so ids are counted here; an id whose unit failed is not used again.
  let lastTransaction = Number(db.prepare('select coalesce(max(id), 0) from acs_transaction').pluck().get())

  const unitOfWork: UnitOfWork = {
    profile: (tenant, kind, key) => cache.get(tenant, `${kind}:${key}`),
    fetchProfiles: (tenant, keys) =>
      cache.fetch(
        tenant,
        keys.map(([kind, key]) => `${kind}:${key}`),
      ),
    saveProfile: (tenant, kind, key, profile) => cache.set(tenant, `${kind}:${key}`, profile),
    card(tenant, panHash) {
      const record = hot.card.get(tenant, hashBytes(panHash)) as string | undefined
      return record === undefined ? undefined : (JSON.parse(record) as Card)
    },
    saveCard(tenant, card) {
      hot.saveCard.run(tenant, hashBytes(card.panHash), JSON.stringify(card))
    },
    beginTransaction(tenant, { dsTransID, threeDSServerTransID }) {
      const keys = {
        dsTransID: idKey(tenant, 'd', dsTransID),
        threeDSServerTransID: idKey(tenant, 's', threeDSServerTransID),
      }
      const seen = (['dsTransID', 'threeDSServerTransID'] as const).filter((name) => ids.find(keys[name]) !== undefined)
      if (seen.length > 0) return { id: 0, seen }
      lastTransaction += 1
      ids.add(keys.dsTransID, lastTransaction)
      ids.add(keys.threeDSServerTransID, lastTransaction)
      return { id: lastTransaction, seen }
    },
    methodData(tenant, threeDSServerTransID) {
      const row = hot.methodData.get(tenant, idBytes(threeDSServerTransID)) as { at: number; data: string } | undefined
      return row === undefined ? undefined : { at: row.at, data: JSON.parse(row.data) as unknown }
    },
    saveMethodData(tenant, threeDSServerTransID, row: MethodDataRow) {
      // Nobody asks for old ones any more. Seldom, since it looks at all of them; a clock may have been set back.
      if (Math.abs(row.at - sweptAt) >= methodDataLifeMs) {
        hot.sweepMethodData.run(row.at - methodDataLifeMs)
        sweptAt = row.at
      }
      hot.saveMethodData.run(tenant, idBytes(threeDSServerTransID), row.at, JSON.stringify(row.data))
    },
    insertTransaction(id, transaction) {
      const { tenant, at, transStatus, decidedBy, panHash, score, details, ...kept } = transaction
      ids.add(idKey(tenant, 'a', kept.acsTransID), id)
      hot.insertTransaction.run(
        id,
        tenant,
        at,
        idBytes(kept.acsTransID),
        idBytes(kept.threeDSServerTransID),
        idBytes(kept.dsTransID),
        transStatus,
        decidedBy,
        hashBytes(panHash),
        score,
        JSON.stringify({ ...kept, details }), // details last, see briefColumns
      )
    },
    saveVerdict(transactionId, verdict: Verdict) {
      const { changes } = hot.saveVerdict.run(verdict.transStatus, verdict.transStatusReason ?? null, transactionId)
      if (changes !== 1) throw new Error(`transaction ${transactionId} has a verdict already`)
    },
    replaceVerdict(transactionId, verdict: Verdict) {
      hot.replaceVerdict.run(verdict.transStatus, verdict.transStatusReason ?? null, transactionId)
    },
    saveDelivery(transactionId, delivery) {
      hot.saveDelivery.run(delivery, transactionId)
    },
    transaction(tenant, acsTransID) {
      const id = ids.find(idKey(tenant, 'a', acsTransID))
      const row = id === undefined ? undefined : (hot.transaction.get(id) as TransactionRow | undefined)
      return row && transactionOf(row)
    },
    transactionBy(tenant, named) {
      const id = transactionIdOf(tenant, named)
      const row = id === undefined ? undefined : (hot.transaction.get(id) as TransactionRow | undefined)
      return row && transactionOf(row)
    },
    transactionOf(transactionId) {
      const row = hot.transaction.get(transactionId) as TransactionRow | undefined
      return row && transactionOf(row)
    },
    saveLabel(transactionId, label) {
      hot.saveLabel.run(label === undefined ? null : JSON.stringify(label), transactionId)
    },
    journal: (entry) => journal.add(entry),
    noteFault: (about) => journal.noteFault(about),
    importTransaction({ transaction, challenge }) {
      const { tenant, acsTransID, resultStatus, resultReason, delivery, ...kept } = transaction
      if (ids.find(idKey(tenant, 'a', acsTransID)) !== undefined) return undefined
      const { id, seen } = unitOfWork.beginTransaction(tenant, transaction)
      if (seen.length > 0) return undefined
      unitOfWork.insertTransaction(id, { ...kept, tenant, acsTransID })
      hot.importResult.run(resultStatus ?? null, resultReason ?? null, delivery ?? null, id)
      if (challenge !== undefined) unitOfWork.insertChallenge(id, challenge)
      return id
    },
    challenge(tenant, acsTransID) {
      const id = ids.find(idKey(tenant, 'a', acsTransID))
      return id === undefined ? undefined : unitOfWork.challengeOf(id)
    },
    challengeOf(transactionId) {
      const row = hot.challengeById.get(transactionId) as (TransactionRow & { state: string }) | undefined
      return row === undefined ? undefined : challengeRowOf(row)
    },
    insertChallenge(transactionId, challenge) {
      hot.insertChallenge.run(transactionId, JSON.stringify(challenge))
    },
    saveChallenge(transactionId, challenge) {
      hot.saveChallenge.run(JSON.stringify(challenge), transactionId)
    },
    addEffect(effect: NewEffect) {
      const { tenant, transactionId, kind, payload, dueAt, createdAt } = effect
      const { lastInsertRowid } = hot.addEffect.run(
        tenant,
        transactionId,
        kind,
        JSON.stringify(payload),
        dueAt,
        createdAt,
      )
      return { ...effect, id: Number(lastInsertRowid), attempts: 0 }
    },
    clearTimers(transactionId) {
      hot.clearTimers.run(transactionId)
    },
    finishEffect(effectId) {
      hot.finishEffect.run(effectId)
    },
    postponeEffect(effectId, dueAt) {
      hot.postponeEffect.run(dueAt, effectId)
    },
    moveEffect(effectId, dueAt) {
      hot.moveEffect.run(dueAt, effectId)
    },
    removeFromInbox: (tenant, id) =>
      (id === undefined ? hot.emptyInbox.run(tenant) : hot.removeFromInbox.run(tenant, id)).changes,
    addToInbox(message) {
      const { tenant, transactionId, at, ...kept } = message
      return Number(hot.addToInbox.run(tenant, transactionId, at, JSON.stringify(kept)).lastInsertRowid)
    },
    stubs: (tenant) => stubs.of(tenant),
    addStub: (stub) => stubs.add({ ...stub, left: stub.times }),
    useStub: (stub) => stubs.use(stub),
    deleteStub(tenant, stubId) {
      if (stubs.all().find(({ id }) => id === stubId)?.tenant !== tenant) return false
      stubs.remove(stubId)
      return true
    },
    deleteStubs(tenant) {
      const own = stubs.of(tenant)
      for (const { id } of own) stubs.remove(id)
      return own.length
    },
    policies,
    hook: hookShelf,
  }

  const inboxOf = (row: {
    id: number
    tenant: number
    transaction_id: number
    at: number
    record: string
  }): InboxMessage => ({
    ...(JSON.parse(row.record) as Omit<InboxMessage, 'id' | 'tenant' | 'transactionId' | 'at'>),
    id: row.id,
    tenant: row.tenant,
    transactionId: row.transaction_id,
    at: row.at,
  })

  async function transactions(filter: TransactionFilter): Promise<readonly Transaction[]> {
    const { kysely } = await builder()
    let query = kysely.selectFrom('acs_transaction').selectAll().where('tenant', '=', filter.tenant)
    if (filter.before !== undefined) query = query.where('id', '<', filter.before)
    for (const [kind, name] of idKinds) {
      const uuid = filter[name]
      if (uuid === undefined) continue
      const id = ids.find(idKey(filter.tenant, kind, uuid))
      if (id === undefined) return []
      query = query.where('id', '=', id)
    }
    const { transStatus, limit } = filter
    if (transStatus === undefined || idKinds.some(([, name]) => filter[name] !== undefined)) {
      if (transStatus !== undefined) query = query.where('trans_status', '=', transStatus)
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(transactionOf)
    }
    // There may be few of them in a long table: in slices, as a scan.
    const found: Transaction[] = []
    for (let below = filter.before ?? Number.MAX_SAFE_INTEGER; found.length < limit; ) {
      const newest = hot.newestBefore.get(below) as number | null
      if (newest === null) break
      below = Math.max(newest - statusSliceSize + 1, 0)
      const rows = await query
        .where('trans_status', '=', transStatus)
        .where('id', '<=', newest)
        .where('id', '>=', below)
        .orderBy('id', 'desc')
        .limit(limit - found.length)
        .execute()
      found.push(...rows.map(transactionOf))
      await nextTurn()
    }
    return found
  }

  return {
    unit: (work) => writer.unit(() => work(unitOfWork)),
    openEffects: () => (hot.openEffects.all() as EffectRow[]).map(effectOf),
    transactions,
    async scan({ tenant, before = Number.MAX_SAFE_INTEGER, most }, visit) {
      let searched = 0
      // Ids are counted, so a span of them is a bounded number of rows, whatever is searched for and whosever they are.
      let spanned = 0
      for (let below = before; ; ) {
        const newest = hot.newestBefore.get(below) as number | null
        if (newest === null) return { searched }
        const span = Math.min(spanned === 0 ? firstSliceSize : sliceSize, most - spanned)
        if (span <= 0) return { searched, next: below }
        for (const row of hot.slice.all(newest, newest - span, tenant) as BriefRow[]) {
          searched += 1
          if (!visit(briefOf(row))) return { searched, next: row.id }
        }
        below = newest - span + 1
        spanned += span
        await nextTurn()
      }
    },
    briefs(tenant, transactionIds) {
      const rows = transactionIds.map((id) => hot.brief.get(id, tenant) as BriefRow | undefined)
      return rows
        .filter((row) => row !== undefined)
        .map(briefOf)
        .toSorted((a, b) => b.id - a.id)
    },
    journalOf: async (transactionId) => journal.of(transactionId),
    journalAbout: journal.journalAbout,
    scanJournal: journal.scanJournal,
    lastJournalId: journal.lastJournalId,
    onJournal: journal.onJournal,
    async effectsOf(transactionId) {
      const { kysely } = await builder()
      const rows = await kysely
        .selectFrom('effect')
        .selectAll()
        .where('transaction_id', '=', transactionId)
        .orderBy('id')
        .execute()
      return rows.map((row) => ({ ...effectOf(row), done: row.done === 1 }))
    },
    challengeSecret(transactionId) {
      const row = unitOfWork.challengeOf(transactionId)?.challenge
      return row !== undefined && 'setup' in row ? row.setup.secret : undefined
    },
    async challengeRow(tenant, acsTransID) {
      return unitOfWork.challenge(tenant, acsTransID)
    },
    waitingForApp(tenant, limit, panHash) {
      const hash = panHash === undefined ? null : hashBytes(panHash)
      const rows = hot.waitingForApp.all(tenant, hash, hash, limit) as (TransactionRow & { state: string })[]
      return rows.map(challengeRowOf)
    },
    async inbox(tenant, limit, transactionId, { channel, since, after, hasCode = false } = {}) {
      const { kysely, sql } = await builder()
      let query = kysely.selectFrom('inbox').selectAll().where('tenant', '=', tenant)
      if (transactionId !== undefined) query = query.where('transaction_id', '=', transactionId)
      if (since !== undefined) query = query.where('at', '>=', since)
      if (after !== undefined) query = query.where('id', '>', after)
      if (channel !== undefined)
        query = query.where(sql`coalesce(json_extract(record, '$.channel'), 'email')`, '=', channel)
      if (hasCode) query = query.where(sql`json_extract(record, '$.codeNumber')`, 'is not', null)
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(inboxOf)
    },
    async inboxMessage(tenant, id) {
      const { kysely } = await builder()
      const row = await kysely
        .selectFrom('inbox')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : inboxOf(row)
    },
    async cards(tenant) {
      const { kysely } = await builder()
      const rows = await kysely.selectFrom('card').select('record').where('tenant', '=', tenant).execute()
      return rows.map((row) => JSON.parse(row.record) as Card)
    },
    async card(tenant, panHash) {
      return unitOfWork.card(tenant, panHash)
    },
    stubs: (tenant) => stubs.of(tenant),
    policies,
    hook: hookShelf,
    async prune(before) {
      // Transactions that still owe something (an open effect) stay.
      const { kysely } = await builder()
      const old = await kysely
        .selectFrom('acs_transaction')
        .select(['id', 'tenant', 'acs_trans_id', 'threeds_server_trans_id', 'ds_trans_id'])
        .where('at', '<', before)
        .where('id', 'not in', (own) => own.selectFrom('effect').select('transaction_id').where('done', '=', 0))
        .execute()
      const belongings = ['inbox', 'effect', 'challenge', 'journal', 'webhook', 'hook_alert'].map((table) =>
        db.prepare(`delete from ${table} where transaction_id = ?`),
      )
      const pruneTransaction = db.prepare('delete from acs_transaction where id = ?')
      await writer.unit(() => {
        for (const { id, tenant, acs_trans_id: a, threeds_server_trans_id: s, ds_trans_id: d } of old) {
          const hex = { a, s, d }
          for (const [kind] of idKinds) ids.remove(idKey(tenant, kind, Buffer.from(hex[kind]).toString('hex')))
          for (const belonging of belongings) belonging.run(id)
          pruneTransaction.run(id)
        }
        journal.pruneStray(before)
        db.prepare('delete from method_data where at < ?').run(before)
        hookShelf.seen.sweep(before - idsKeptMs)
        hookShelf.ahead.sweep(before)
        hookShelf.feedback.giveUp(before)
        for (const { id, expiresAt } of stubs.all()) {
          if (expiresAt !== undefined && expiresAt < before) stubs.remove(id)
        }
      })
      return old.length
    },
    isReady: () => db.open,
    async close() {
      writer.close()
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    },
  }
}
