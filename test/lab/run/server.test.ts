/**
 * The lab and the server, event by event: the same stream goes through the ACS's own use cases (authenticate, label) with a store, a
 * clock that the stream sets and keyed hashes, and through a fold. Scores and answers have to be the same to the last bit.
 */
import { describe, expect, test } from 'vitest'
import { authenticate } from '../../../src/acs/authenticate/authenticate.ts'
import { challengeLimits } from '../../../src/acs/challenge/limits.ts'
import { label } from '../../../src/acs/labels.ts'
import { onlyPolicy } from '../../../src/acs/policies/running.ts'
import type { Observer, Store } from '../../../src/acs/ports.ts'
import { readProfiles, saveProfiles } from '../../../src/acs/profiles.ts'
import { areqOf, heardOf, methodOf, networkTold, tablesWith } from '../../../src/lab/run/areq.ts'
import { challengeEnds } from '../../../src/lab/run/decisions.ts'
import { Dues } from '../../../src/lab/run/dues.ts'
import type { Sink } from '../../../src/lab/run/fold.ts'
import { ownColumns } from '../../../src/lab/run/own-columns.ts'
import { foldsOf, timesOf } from '../../../src/lab/run/pass.ts'
import { Truth } from '../../../src/lab/run/truth.ts'
import type { Part } from '../../../src/lab/stream/table.ts'
import type { AReq } from '../../../src/protocol/messages/types.ts'
import type { Hearing } from '../../../src/risk/assessment.ts'
import type { Facts } from '../../../src/risk/facts.ts'
import { learn, type Outcome } from '../../../src/risk/learn.ts'
import { loadPolicy, type Policy, type ShippedPolicy } from '../../../src/risk/policy.ts'
import { noTables, type Tables } from '../../../src/risk/tables.ts'
import { readIssuer } from '../../../src/start/files.ts'
import { shippedTables } from '../../../src/start/tables.ts'
import { openStore, secrets } from '../../policies/support.ts'
import { policyText } from '../../risk/support.ts'
import { rowsOf, streamOf } from './made-up.ts'

const base = shippedTables()
const issuer = readIssuer(new URL('../../../src/acs/data/issuer.yaml', import.meta.url))
const tenant = 0
const seconds = 45

type Answer = { readonly status: string; readonly score: number }
type Told = Answer & { readonly end: number }

/** What the lab decides. */
async function byLab(parts: readonly Part[], policy: Policy): Promise<readonly Told[]> {
  const [one] = foldsOf([{ policy, hears: 'all' }], { seed: 'server' }, { challenges: { seconds } })
  if (one === undefined) throw new Error('no fold')
  const told: Told[] = []
  const sink: Sink = {
    put: (_event, _attempt, _ts, _amount, score, status, end) =>
      void told.push({ status: String.fromCharCode(status), score, end }),
  }
  for (const part of parts) {
    const ts = timesOf(part)
    one.fold.bind(part)
    one.reader.bind(part)
    for (let row = 0; row < part.n; row++) one.fold.take(one.reader, row, part.first + row, 0, ts[row] as number, sink)
  }
  return told
}

const uuidOf = (kind: string, n: number): string =>
  `${kind.padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`

/** An ACS of which the stream is the clock, and the row tells what tables and doors know. */
class Server {
  readonly #policy: Policy
  readonly #store: Store
  #at = 0
  #ids = 0
  #tables: Tables = noTables
  #hearing: Hearing = { heard: [], unheard: [] }
  constructor(policy: Policy, store: Store) {
    this.#policy = policy
    this.#store = store
  }
  get #ports() {
    const nothing = (): void => undefined
    const tables = this.#tables
    return {
      store: this.#store,
      clock: { now: () => this.#at, schedule: () => nothing },
      stopwatch: () => 0,
      random: { uuid: () => uuidOf('a', this.#ids++), fraction: () => 0.5 },
      secrets,
      effects: {
        take: nothing,
        first: () => Promise.resolve(),
        whenSent: () => Promise.resolve(),
        forgetTimers: nothing,
        release: nothing,
      },
      observer: new Proxy({} as Observer, { get: () => nothing }),
      issuer,
      policies: onlyPolicy(this.#policy),
      limits: challengeLimits,
      acsURL: 'http://127.0.0.1/acs/creq',
      keepsRaw: false,
      takesUnlisted: () => true,
      tables,
      hook: { hear: () => Promise.resolve(this.#hearing) },
      tenant,
    } as const
  }
  async ask(part: Part, row: number, ts: number): Promise<Answer & { readonly acsTransID: string }> {
    this.#at = ts * 1000
    this.#tables = tablesWith(base, networkTold(part, row))
    this.#hearing = { heard: heardOf(part, row), unheard: [] }
    const threeDSServerTransID = uuidOf('b', part.first + row)
    const areq = {
      ...areqOf(part, row),
      messageType: 'AReq',
      threeDSServerTransID,
      dsTransID: uuidOf('c', part.first + row),
      dsReferenceNumber: 'DS',
      notificationURL: 'https://shop.example/term',
    } as unknown as AReq
    const data = methodOf(part, row)
    if (data !== undefined)
      await this.#store.unit((unit) => unit.saveMethodData(tenant, threeDSServerTransID, { at: this.#at, data }))
    const text = JSON.stringify(areq)
    const { acsTransID } = await authenticate(this.#ports, {
      tenant,
      areq,
      warnings: [],
      text,
      bytes: Buffer.from(text),
      receivedAt: this.#at,
      startedAt: 0,
    })
    const transaction = await this.#store.unit((unit) => unit.transaction(tenant, acsTransID))
    expect(transaction?.decidedBy).toBe('engine')
    return { acsTransID, status: transaction?.transStatus ?? '?', score: transaction?.score ?? Number.NaN }
  }
  /** As the end of a challenge teaches (acs/challenge/advance.ts). */
  async end(acsTransID: string, kind: Extract<Outcome['kind'], `challenge${string}`>, ts: number): Promise<void> {
    await this.#store.unit((unit) => {
      const facts = unit.transaction(tenant, acsTransID)?.details.facts as Facts
      saveProfiles(unit, tenant, facts.keys, learn(readProfiles(unit, tenant, facts.keys), { kind, facts }, ts * 1000))
    })
  }
  async label(acsTransID: string, kind: 'fraud' | 'confirmedGood', ts: number): Promise<void> {
    this.#at = ts * 1000
    await label(this.#ports, acsTransID, { kind })
  }
}

const kinds = [undefined, 'challengePassed', 'challengeFailed', 'challengeAbandoned', 'challengeAbandoned'] as const

async function byServer(parts: readonly Part[], policy: Policy, store: Store, lab: readonly Told[]): Promise<number> {
  const server = new Server(policy, store)
  const truth = new Truth()
  const dues = new Dues<(at: number) => Promise<void>>()
  let events = 0
  for (const part of parts) {
    truth.bind(part)
    const times = timesOf(part)
    for (let row = 0; row < part.n; row++) {
      const ts = times[row] as number
      while (dues.next <= ts) {
        const at = dues.next
        await dues.take()?.(at)
      }
      const told = lab[part.first + row]
      const { acsTransID, status, score } = await server.ask(part, row, ts)
      expect({ event: part.first + row, status, score }).toEqual({
        event: part.first + row,
        status: told?.status,
        score: told?.score,
      })
      const kind = kinds[told?.end ?? 0]
      if (kind !== undefined) dues.put(ts + seconds, (at) => server.end(acsTransID, kind, at))
      const labelTs = truth.labelTs(row)
      const said = truth.isFraud(row) ? 'fraud' : 'confirmedGood'
      if (labelTs >= ts) dues.put(labelTs, (at) => server.label(acsTransID, said, at))
      events++
    }
  }
  return events
}

/** What the 3DS Method told is kept for AReqs that say it ran; and a card has one number. */
const rows = rowsOf(61, 700, { wild: 0, cards: 12, step: 3_000 }).map((row) => ({
  ...row,
  bin: `4${10000 + (Number(String(row.card).slice(5)) % 4)}`,
  ...(row.threeDSCompInd !== 'Y' && { deviceId: undefined, methodData: undefined }),
}))

describe('the lab decides as the server does', () => {
  test.each(['rules-jp', 'rules-eu', 'freeman'] as const satisfies readonly ShippedPolicy[])(
    'on the same stream, bit for bit: %s',
    async (name) => {
      const own = await openStore()
      try {
        const policy = loadPolicy(policyText(name))
        const parts: Part[] = []
        for await (const part of streamOf(rows, { size: 300 }).parts()) parts.push(ownColumns(part))
        const lab = await byLab(parts, policy)
        expect(await byServer(parts, policy, own, lab)).toBe(700)
        // Something of everything was decided, and something was learnt.
        expect(new Set(lab.map(({ status }) => status)).size).toBeGreaterThan(2)
        expect(new Set(lab.map(({ end }) => challengeEnds[end])).size).toBeGreaterThan(2)
      } finally {
        await own.close()
      }
    },
  )
})
