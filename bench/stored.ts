// npm run bench -- --only stored: AReqs against databases that hold much already, beside an empty one. Each stored
// transaction has its row, its three ids, a message and a profile; --stored 0,1000000x4700 says how many, and of how many
// bytes the messages of one are.
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {
  comparison,
  fsyncMedian,
  type Load,
  measureInTurn,
  type Server,
  startServer,
  stopServers,
  unchallenging,
} from './servers.ts'

const firstPort = 9476
const tenant = 0

const line = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const name = (count: number): string => (count === 0 ? 'empty' : `${count.toLocaleString('en')} stored`)

/** Rows as the program writes them, put in place by the database alone. */
function fill(file: string, count: number, bytes: number): void {
  const db = new Database(file, { fileMustExist: true })
  db.pragma('journal_mode = off')
  db.pragma('synchronous = off')
  db.pragma('temp_store = memory')
  const states = db.prepare('select state from profile limit 2000').pluck().all() as readonly Buffer[]
  if (states.length === 0) throw new Error('no profile to take after')
  let at = 0
  db.function('some_key', { deterministic: false }, () => randomBytes(24).toString('base64url'))
  db.function('some_state', { deterministic: false }, () => states[at++ % states.length] ?? null)
  const first = (db.prepare('select coalesce(max(id), 0) from acs_transaction').pluck().get() as number) + 1
  const last = first + count - 1
  const numbers = `with recursive n(i) as (select ${first} union all select i + 1 from n where i < ${last})`
  const text = 'x'.repeat(bytes)
  db.exec('begin')
  db.prepare(
    `${numbers} insert into acs_transaction
     (id, tenant, at, acs_trans_id, threeds_server_trans_id, ds_trans_id, trans_status, decided_by, pan_hash, score, record)
     select i, ${tenant}, 1000 * i, randomblob(16), randomblob(16), randomblob(16), 'Y', 'engine', randomblob(16), -3.5, '{}' from n`,
  ).run()
  db.prepare(
    `${numbers} insert into journal (tenant, transaction_id, at, link, message_type, masked)
     select ${tenant}, i, 1000 * i, 'ds-acs', 'AReq', ? from n`,
  ).run(text)
  db.exec(
    `insert into transaction_id (id, transaction_id)
     select id, at from (
       select acs_trans_id id, id at from acs_transaction where id >= ${first}
       union all select threeds_server_trans_id, id from acs_transaction where id >= ${first}
       union all select ds_trans_id, id from acs_transaction where id >= ${first}
     ) order by id`,
  )
  db.exec(`insert or replace into mark (name, value) values ('ids', ${last})`)
  db.exec(
    `${numbers} insert or ignore into profile (tenant, entity, state)
     select ${tenant}, entity, some_state() from (select some_key() entity from n order by entity)`,
  )
  db.exec('commit')
  db.pragma('journal_mode = wal')
  db.close()
}

/** Prints requests a second and processor time for each database, beside the empty one. */
export async function benchStored(wanted: string, load: Load & { readonly rounds: number }): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-bench-'))
  const policy = unchallenging('default', folder)
  const servers: Server[] = []
  try {
    const sizes = wanted.split(',').map((size) => size.split('x').map(Number))
    for (const [index, [count = 0, bytes = 200]] of sizes.entries()) {
      const dataDir = path.join(folder, String(index))
      mkdirSync(dataDir)
      const started = () =>
        startServer(name(count), {
          script: './serve-sekisho.ts',
          port: firstPort + index,
          args: [dataDir, policy],
          folder,
        })
      // Everybody has had some traffic: its profiles are what the stored ones look like.
      const young = await started()
      await measureInTurn([young], 0, load)
      await stopServers([young])
      const file = path.join(dataDir, 'sekisho.sqlite')
      if (count > 0) fill(file, count, bytes)
      line(`${name(count)}: database of ${(statSync(file).size / 2 ** 20).toFixed(0)} MiB, messages of ${bytes} bytes`)
      servers.push(await started())
    }
    line(`fdatasync p50 ${fsyncMedian(folder).toFixed(3)} ms; ${load.rounds} rounds of ${load.seconds} s each`)
    await measureInTurn(servers, load.rounds, load)
    line(`\n${comparison(servers)}`)
    line('Goal 6: ratio req/s ≥ 0.9. Ratios are medians of the rounds.')
  } finally {
    for (const { child } of servers) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}
