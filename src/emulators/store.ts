// The memory of the emulated parties: one SQLite file of their own, so that the DS, the 3DS Server and the shop remember
// their transactions over a restart. Card numbers are kept as first six and last four digits only.
import Database from 'better-sqlite3'

/** What the DS keeps of a transaction. */
export interface DsTransaction {
  readonly dsTransID: string
  readonly threeDSServerTransID: string
  readonly acsTransID: string | undefined
  readonly messageVersion: string
  readonly deviceChannel: string
  readonly messageCategory: string
  readonly threeDSServerURL: string
  readonly acsUrl: string
  readonly scheme: string
  readonly card: string
  /** transStatus of the ARes that went to the 3DS Server. */
  readonly aresStatus: string | undefined
  readonly rreqHash: string | undefined
  /** The answer to the RReq as it was relayed: an RRes or the 3DS Server's Erro. */
  readonly rresBytes: Buffer | undefined
  readonly createdAt: number
  /** What later messages are checked against: elements of AReq and ARes, as JSON. Absent in rows of earlier releases. */
  readonly context: string | undefined
}

/** What the DS told of its card ranges so far, so that a serial number of before a restart still means something. */
export interface TellingRow {
  readonly id: string
  readonly serialNum: string
  /** As JSON: the ranges as they are told, and what changed with which serial number. */
  readonly ranges: string
  readonly log: string
}

/** The card ranges of one DS, as its 3DS Server knows them. */
export interface KnownRangesRow {
  readonly dsUrl: string
  /** Of the last PRes, to ask for what changed since. */
  readonly serialNum: string | undefined
  /** When the DS was asked last with success. */
  readonly askedAt: number
  /** As JSON. */
  readonly dsVersions: string | undefined
  readonly ranges: string
}

/** What the 3DS Server keeps of a transaction; the authentication value is the merchant's to have. */
export interface ThreeDSServerTransaction {
  readonly threeDSServerTransID: string
  readonly dsTransID: string | undefined
  readonly acsTransID: string | undefined
  readonly messageVersion: string
  readonly card: string
  readonly threeDSMethod: 'none' | 'pending' | 'completed'
  readonly phase: 'prepared' | 'authenticating' | 'challenge' | 'decoupled' | 'settled'
  /** Which event settled the transaction. */
  readonly settledBy: 'ARes' | 'RReq' | 'Erro' | 'noResult' | 'gaveUp' | undefined
  readonly transStatus: string | undefined
  readonly transStatusReason: string | undefined
  readonly eci: string | undefined
  readonly authenticationValue: string | undefined
  readonly challengeCancel: string | undefined
  readonly cardholderInfo: string | undefined
  readonly aresStatus: string | undefined
  readonly acsURL: string | undefined
  readonly challengeWindowSize: string | undefined
  readonly sessionData: string | undefined
  readonly returnURL: string | undefined
  /** The Erro that ended the transaction, as JSON. */
  readonly erro: string | undefined
  readonly rreqHash: string | undefined
  readonly rresBytes: Buffer | undefined
  readonly resultsStatus: string | undefined
  readonly gaveUpAt: number | undefined
  /** When the browser came back with a cres; never a proof of anything (FLOW-S-5). */
  readonly returnedAt: number | undefined
  readonly authenticatedAt: number | undefined
  readonly createdAt: number
  readonly deviceChannel: string
  readonly messageCategory: string
  readonly acsDecConInd: string | undefined
  /** Until when an RReq of a decoupled authentication is waited for (RES-DEC-5). */
  readonly waitsUntil: number | undefined
  /** The 3RI transaction that goes on after an RReq D, or the one that this goes on from (FLOW-S-8). */
  readonly continuedBy: string | undefined
  readonly continues: string | undefined
  /** The ARes could not be told to the requestor (FLOW-S-3). */
  readonly untoldAt: number | undefined
  readonly trustListStatus: string | undefined
  readonly deviceBindingStatus: string | undefined
  readonly transChallengeExemption: string | undefined
  /** What later messages are checked against: elements of AReq and ARes, as JSON. */
  readonly context: string | undefined
}

/** An order of the shop, found by the random id in its address: no cookie is needed (MIS-FRM-1). */
export interface Order {
  readonly orderId: string
  /** A placed order has gone to the 3DS Server, which knows how it went on. */
  readonly phase: 'cart' | 'placed'
  /** The language chosen by hand, if one was. */
  readonly lang: string | undefined
  /** Lines of the cart, as JSON. */
  readonly cart: string
  /** What the customer entered at the checkout, without the card, as JSON. */
  readonly checkout: string | undefined
  readonly card: string | undefined
  readonly threeDSServerTransID: string | undefined
  readonly threeDSMethodURL: string | undefined
  readonly threeDSMethodData: string | undefined
  readonly challengeOpenedAt: number | undefined
  /** Why no message could be sent, when that is the reason for the end. */
  readonly failure: string | undefined
  /** Authentications and authorisations so far, as JSON. */
  readonly progress: string | undefined
  /** What the screening service said of it, as JSON. */
  readonly screening: string | undefined
  readonly createdAt: number
}

/** A message as one party saw it, masked. */
export interface SeenMessage {
  readonly id: number
  /** Who saw it: the parties share one file, and nothing else. */
  readonly party: string
  /** In lower case (FLOW-GEN-7). */
  readonly threeDSServerTransID: string
  readonly at: number
  readonly link: string
  readonly messageType: string | undefined
  /** Never holds a secret. Undefined: there was no answer, and `problem` says why. */
  readonly masked: string | undefined
  readonly problem: string | undefined
  readonly httpStatus: number | undefined
  readonly durationMs: number | undefined
  /** The fault that the message met, and what left in its place where that is something else; masked, empty for nothing. */
  readonly fault?: string | undefined
  readonly sent?: string | undefined
  /** As JSON. */
  readonly findings: string | undefined
}

/** Bounded: the oldest messages make room for new ones. */
export interface MessageTable {
  add(message: Omit<SeenMessage, 'id' | 'findings'>): number
  addFindings(id: number, findings: string): void
  /** In the order in which the party saw them. */
  of(party: string, threeDSServerTransID: string): readonly SeenMessage[]
  /** Of all transactions: after an id oldest first, otherwise newest first. */
  page(party: string, page: MessagePage): readonly SeenMessage[]
}

export interface MessagePage {
  readonly after?: number | undefined
  readonly before?: number | undefined
  readonly limit: number
}

/** Rows by their first column; `undefined` is kept as NULL. */
export interface Table<Row> {
  find(id: string): Row | undefined
  save(row: Row): void
}

export interface ThreeDSServerTable extends Table<ThreeDSServerTransaction> {
  /** The newest transaction with these threeDSSessionData. */
  findBySession(sessionData: string): ThreeDSServerTransaction | undefined
}

export interface EmulatorStore {
  readonly ds: Table<DsTransaction>
  readonly threeDSServer: ThreeDSServerTable
  readonly orders: Table<Order>
  readonly messages: MessageTable
  readonly telling: Table<TellingRow>
  readonly knownRanges: Table<KnownRangesRow>
  close(): void
}

const tellingColumns = ['id', 'serialNum', 'ranges', 'log'] as const satisfies readonly (keyof TellingRow)[]

const knownRangesColumns = [
  'dsUrl',
  'serialNum',
  'askedAt',
  'dsVersions',
  'ranges',
] as const satisfies readonly (keyof KnownRangesRow)[]

const dsColumns = [
  'dsTransID',
  'threeDSServerTransID',
  'acsTransID',
  'messageVersion',
  'deviceChannel',
  'messageCategory',
  'threeDSServerURL',
  'acsUrl',
  'scheme',
  'card',
  'aresStatus',
  'rreqHash',
  'rresBytes',
  'createdAt',
  'context',
] as const satisfies readonly (keyof DsTransaction)[]

const threeDSServerColumns = [
  'threeDSServerTransID',
  'dsTransID',
  'acsTransID',
  'messageVersion',
  'card',
  'threeDSMethod',
  'phase',
  'settledBy',
  'transStatus',
  'transStatusReason',
  'eci',
  'authenticationValue',
  'challengeCancel',
  'cardholderInfo',
  'aresStatus',
  'acsURL',
  'challengeWindowSize',
  'sessionData',
  'returnURL',
  'erro',
  'rreqHash',
  'rresBytes',
  'resultsStatus',
  'gaveUpAt',
  'returnedAt',
  'authenticatedAt',
  'createdAt',
  'deviceChannel',
  'messageCategory',
  'acsDecConInd',
  'waitsUntil',
  'continuedBy',
  'continues',
  'untoldAt',
  'trustListStatus',
  'deviceBindingStatus',
  'transChallengeExemption',
  'context',
] as const satisfies readonly (keyof ThreeDSServerTransaction)[]

const orderColumns = [
  'orderId',
  'phase',
  'lang',
  'cart',
  'checkout',
  'card',
  'threeDSServerTransID',
  'threeDSMethodURL',
  'threeDSMethodData',
  'challengeOpenedAt',
  'failure',
  'progress',
  'screening',
  'createdAt',
] as const satisfies readonly (keyof Order)[]

/** One entry per `user_version`; entries are appended and never changed. */
const migrations: readonly string[] = [
  `CREATE TABLE ds_transaction (
     dsTransID TEXT PRIMARY KEY, threeDSServerTransID TEXT NOT NULL, acsTransID TEXT, messageVersion TEXT NOT NULL,
     deviceChannel TEXT NOT NULL, messageCategory TEXT NOT NULL, threeDSServerURL TEXT NOT NULL, acsUrl TEXT NOT NULL,
     scheme TEXT NOT NULL, card TEXT NOT NULL, aresStatus TEXT, rreqHash TEXT, rresBytes BLOB, createdAt INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE threeds_server_transaction (
     threeDSServerTransID TEXT PRIMARY KEY, dsTransID TEXT, acsTransID TEXT, messageVersion TEXT NOT NULL,
     card TEXT NOT NULL, threeDSMethod TEXT NOT NULL, phase TEXT NOT NULL, settledBy TEXT, transStatus TEXT,
     transStatusReason TEXT, eci TEXT, authenticationValue TEXT, challengeCancel TEXT, cardholderInfo TEXT,
     aresStatus TEXT, acsURL TEXT, challengeWindowSize TEXT, sessionData TEXT, returnURL TEXT, erro TEXT, rreqHash TEXT,
     rresBytes BLOB, resultsStatus TEXT, gaveUpAt INTEGER, returnedAt INTEGER, authenticatedAt INTEGER,
     createdAt INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX threeds_server_session ON threeds_server_transaction (sessionData) WHERE sessionData IS NOT NULL;
   CREATE TABLE shop_order (
     orderId TEXT PRIMARY KEY, phase TEXT NOT NULL, lang TEXT, cart TEXT NOT NULL, checkout TEXT, card TEXT,
     threeDSServerTransID TEXT, threeDSMethodURL TEXT, threeDSMethodData TEXT, challengeOpenedAt INTEGER, failure TEXT,
     createdAt INTEGER NOT NULL
   ) STRICT;`,
  `CREATE TABLE message (
     id INTEGER PRIMARY KEY, party TEXT NOT NULL, threeDSServerTransID TEXT NOT NULL, at INTEGER NOT NULL,
     link TEXT NOT NULL, messageType TEXT, masked TEXT, problem TEXT, httpStatus INTEGER, durationMs INTEGER, findings TEXT
   ) STRICT;
   CREATE INDEX message_transaction ON message (threeDSServerTransID);`,
  'ALTER TABLE shop_order ADD COLUMN progress TEXT',
  `ALTER TABLE ds_transaction ADD COLUMN context TEXT;
   ALTER TABLE threeds_server_transaction ADD COLUMN deviceChannel TEXT NOT NULL DEFAULT '02';
   ALTER TABLE threeds_server_transaction ADD COLUMN messageCategory TEXT NOT NULL DEFAULT '01';
   ALTER TABLE threeds_server_transaction ADD COLUMN acsDecConInd TEXT;
   ALTER TABLE threeds_server_transaction ADD COLUMN waitsUntil INTEGER;
   ALTER TABLE threeds_server_transaction ADD COLUMN continuedBy TEXT;
   ALTER TABLE threeds_server_transaction ADD COLUMN continues TEXT;
   ALTER TABLE threeds_server_transaction ADD COLUMN untoldAt INTEGER;
   ALTER TABLE threeds_server_transaction ADD COLUMN trustListStatus TEXT;
   ALTER TABLE threeds_server_transaction ADD COLUMN context TEXT;
   CREATE TABLE ds_telling (
     id TEXT PRIMARY KEY, serialNum TEXT NOT NULL, ranges TEXT NOT NULL, log TEXT NOT NULL
   ) STRICT;
   CREATE TABLE known_ranges (
     dsUrl TEXT PRIMARY KEY, serialNum TEXT, askedAt INTEGER NOT NULL, dsVersions TEXT, ranges TEXT NOT NULL
   ) STRICT;`,
  `ALTER TABLE message ADD COLUMN fault TEXT;
   ALTER TABLE message ADD COLUMN sent TEXT;`,
  `ALTER TABLE threeds_server_transaction ADD COLUMN deviceBindingStatus TEXT;
   ALTER TABLE threeds_server_transaction ADD COLUMN transChallengeExemption TEXT;`,
  'ALTER TABLE shop_order ADD COLUMN screening TEXT',
]

function migrate(db: Database.Database): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > migrations.length) throw new Error('the emulator database was written by a newer version')
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${index + 1}`)
    })()
  }
}

/** The columns are those of Row: the statements name them. */
const rowOf = <Row extends object>(row: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value ?? undefined])) as Row

function table<Row extends object>(
  db: Database.Database,
  name: string,
  columns: readonly (keyof Row & string)[],
): Table<Row> {
  const select = db.prepare<[string], Record<string, unknown>>(
    `SELECT ${columns.join(', ')} FROM ${name} WHERE ${columns[0]} = ?`,
  )
  const upsert = db.prepare(
    `INSERT OR REPLACE INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  return {
    find(id) {
      const row = select.get(id.toLowerCase())
      return row === undefined ? undefined : rowOf<Row>(row)
    },
    save(row) {
      upsert.run(columns.map((column) => row[column] ?? null))
    },
  }
}

/** How many messages are kept, and how often the older ones are looked for. */
const keptMessages = 50_000
const messagesBetweenPrunes = 500

function messageTable(db: Database.Database, kept: number): MessageTable {
  const columns = [
    'party',
    'threeDSServerTransID',
    'at',
    'link',
    'messageType',
    'masked',
    'problem',
    'httpStatus',
    'durationMs',
    'fault',
    'sent',
  ] as const satisfies readonly (keyof SeenMessage)[]
  const insert = db.prepare(`INSERT INTO message (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
  const update = db.prepare<[string, number]>('UPDATE message SET findings = ? WHERE id = ?')
  const select = db.prepare<[string, string], Record<string, unknown>>(
    `SELECT id, findings, ${columns.join(', ')} FROM message WHERE threeDSServerTransID = ? AND party = ? ORDER BY id`,
  )
  const downwards = db.prepare<[string, number, number], Record<string, unknown>>(
    `SELECT id, findings, ${columns.join(', ')} FROM message WHERE party = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  )
  const upwards = db.prepare<[string, number, number, number], Record<string, unknown>>(
    `SELECT id, findings, ${columns.join(', ')} FROM message WHERE party = ? AND id > ? AND id < ? ORDER BY id LIMIT ?`,
  )
  const prune = db.prepare<[number]>('DELETE FROM message WHERE id <= ?')
  const betweenPrunes = Math.min(messagesBetweenPrunes, Math.ceil(kept / 4))
  return {
    add(message) {
      if (!db.open) return 0 // the answer of somebody slow, after the end
      const id = Number(insert.run(columns.map((column) => message[column] ?? null)).lastInsertRowid)
      if (id % betweenPrunes === 0) prune.run(id - kept)
      return id
    },
    addFindings(id, findings) {
      if (db.open) update.run(findings, id)
    },
    page: (party, { after, before = Number.MAX_SAFE_INTEGER, limit }) =>
      (after === undefined ? downwards.all(party, before, limit) : upwards.all(party, after, before, limit)).map(
        (row) => rowOf<SeenMessage>(row),
      ),
    of: (party, threeDSServerTransID) =>
      select.all(threeDSServerTransID.toLowerCase(), party).map((row) => rowOf<SeenMessage>(row)),
  }
}

/** Opens or makes the database; `:memory:` for one that ends with the process. `messages`: how many are kept. */
export function openEmulatorStore(path: string, messages = keptMessages): EmulatorStore {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  migrate(db)
  const threeDSServer = table<ThreeDSServerTransaction>(db, 'threeds_server_transaction', threeDSServerColumns)
  const selectBySession = db
    .prepare<[string], string>(
      `SELECT threeDSServerTransID FROM threeds_server_transaction WHERE sessionData = ? ORDER BY createdAt DESC LIMIT 1`,
    )
    .pluck()
  return {
    ds: table<DsTransaction>(db, 'ds_transaction', dsColumns),
    threeDSServer: {
      ...threeDSServer,
      findBySession(sessionData) {
        const id = selectBySession.get(sessionData)
        return id === undefined ? undefined : threeDSServer.find(id)
      },
    },
    orders: table<Order>(db, 'shop_order', orderColumns),
    messages: messageTable(db, messages),
    telling: table<TellingRow>(db, 'ds_telling', tellingColumns),
    knownRanges: table<KnownRangesRow>(db, 'known_ranges', knownRangesColumns),
    close: () => db.close(),
  }
}
