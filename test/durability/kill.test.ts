// Processes are killed at any moment: one verdict stays one verdict, and what was acknowledged is never lost.
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cardFailuresPerDay } from '../../src/acs/challenge/limits.ts'
import { type Booked, type Books, booksOf, type EmulatorBooks, emulatorBooksOf, integrityOfCopy } from './books.ts'
import { type Diary, type Purchase, till } from './cardholders.ts'
import {
  build,
  chance,
  freePort,
  launch,
  newFolder,
  seed as newSeed,
  type Party,
  party,
  removeFolders,
  sleep,
  until,
} from './processes.ts'
import { type Recorder, recordingDoor } from './recorder.ts'

const kills = Number(process.env.SEKISHO_TEST_KILLS ?? 50)
const killsOfAll = 4
const tills = 5
const patience = 900_000 // ms, for a machine that has much else to do

let root: string
beforeAll(async () => {
  root = await build()
}, patience)
afterAll(removeFolders)

interface Listed {
  readonly id: number
  readonly acsTransID: string
  readonly transStatus: string
  readonly resultStatus?: string
  readonly delivery?: string
}

async function listed(acsPort: number): Promise<readonly Listed[]> {
  const all: Listed[] = []
  for (let before = ''; ; ) {
    const response = await fetch(`http://127.0.0.1:${acsPort}/api/v1/transactions?limit=500${before}`)
    const { transactions, next } = (await response.json()) as { transactions: Listed[]; next?: number }
    all.push(...transactions)
    if (next === undefined) return all
    before = `&before=${next}`
  }
}

const count = <T>(rows: Iterable<T>, keyOf: (row: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[keyOf(row)] = (counts[keyOf(row)] ?? 0) + 1
  return counts
}

const answersEvaluated = ({ challenge }: Booked): number => {
  if (challenge?.phase === 'ended') return challenge.verdict.interactionCounter
  return challenge?.phase === 'awaitingAnswer' ? challenge.interactions : 0
}

describe('fifty kills of the ACS and a few of everybody, under load', () => {
  const seed = newSeed()
  const diary: Diary = { purchases: [], answered: 0, lost: 0, surprises: [] }
  const damaged: string[] = []
  let recorder: Recorder
  let acs: Party
  let others: Party
  let api: ReadonlyMap<string, Listed>
  let books: Books
  let emulators: EmulatorBooks
  let stoppedAt: number
  let acsStarts = 0

  beforeAll(async () => {
    console.log(`SEKISHO_TEST_SEED=${seed}`)
    const random = chance(seed)
    const between = (from: number, to: number): number => from + random() * (to - from)
    const [acsPort, unusedPort, dsPort, shopPort, doorPort] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ]
    const acsFolder = newFolder()
    const othersFolder = newFolder()
    const database = path.join(acsFolder, 'sekisho.sqlite')
    const door = ['--ds-url', `http://127.0.0.1:${doorPort}/ds`]
    const quiet = ['--log-level', 'error', '--browser-requests-per-minute', '1000000']
    const acsPorts = ['--acs-port', String(acsPort), '--shop-port', String(unusedPort)]
    acs = party(root, acsPort, ['--only', 'acs', ...acsPorts, ...door, '--data-dir', acsFolder, ...quiet])
    const othersPorts = ['--acs-port', String(dsPort), '--shop-port', String(shopPort)]
    const acsUrl = ['--acs-url', `http://127.0.0.1:${acsPort}/acs`]
    others = party(root, dsPort, [
      ...['--only', 'ds,3ds-server,shop', ...othersPorts, ...acsUrl, ...door, '--data-dir', othersFolder, ...quiet],
    ])
    recorder = await recordingDoor(doorPort, dsPort)
    await Promise.all([acs.start(), others.start()])

    let isOver = false
    const world = {
      shopPort,
      acsPort,
      random: chance(seed + 1),
      isOver: () => isOver,
      hasRReq: (acsTransID: string) => recorder.rreqs.has(acsTransID.toLowerCase()),
    }
    const load = Array.from({ length: tills }, () => till(world, diary))
    /** Lets so many answers pass, however slow the machine is, and then a moment: a kill may hit anything. */
    const someLoad = async (): Promise<void> => {
      const enough = diary.answered + between(2, 60)
      const end = Date.now() + 5_000
      while (diary.answered < enough && Date.now() < end) await sleep(5)
      await sleep(between(0, 25))
    }
    for (let done = 0; done < kills; ) {
      await someLoad()
      await acs.now().end('SIGKILL')
      done += 1
      if (done % 10 === 0 && integrityOfCopy(database) !== 'ok') damaged.push(`after kill ${done}`)
      if (done < kills && random() < 0.2) {
        const starting = acs.launch() // and killed before or while it takes up what was left
        await sleep(between(100, 900))
        await starting.end('SIGKILL')
        done += 1
      }
      await acs.start()
    }
    for (let done = 0; done < killsOfAll; done += 1) {
      await someLoad()
      const order = random() < 0.5 ? [acs, others] : [others, acs]
      await Promise.all(order.map((each) => each.now().end('SIGKILL')))
      await Promise.all(order.toReversed().map((each) => each.start()))
    }
    await someLoad()
    isOver = true
    await Promise.all(load)
    await until('the delivery of every result', async () =>
      (await listed(acsPort)).every(({ delivery }) => delivery !== 'pending'),
    )
    api = new Map((await listed(acsPort)).map((row) => [row.acsTransID, row]))
    stoppedAt = Date.now()
    acsStarts = acs.starts()
    expect(await Promise.all([acs, others].map((each) => each.now().end('SIGTERM')))).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ])
    books = booksOf(database)
    emulators = emulatorBooksOf(path.join(othersFolder, 'emulators.sqlite'))
    const stored = books.transactions
    const acknowledged = new Set(diary.purchases.map(({ acsTransID }) => acsTransID))
    console.log(
      JSON.stringify({
        starts: { acs: acsStarts, others: others.starts() },
        transactions: stored.length,
        acknowledged: acknowledged.size,
        storedOnly: stored.filter(({ acsTransID }) => !acknowledged.has(acsTransID)).length,
        lostRequests: diary.lost,
        finalPages: diary.purchases.filter(({ final }) => final !== undefined).length,
        phases: count(stored, ({ challenge }) => challenge?.phase ?? 'none'),
        results: count(stored, ({ resultStatus, resultReason }) => `${resultStatus ?? '-'} ${resultReason ?? ''}`),
        deliveries: count(stored, ({ delivery }) => delivery ?? 'none'),
        rreqs: [...recorder.rreqs.values()].reduce((sum, { times }) => sum + times, 0),
        repeatedRReqs: [...recorder.rreqs.values()].filter(({ times }) => times > 1).length,
      }),
    )
  }, patience)

  afterAll(async () => {
    await Promise.all([acs, others].map((each) => each.now().end('SIGKILL')))
    await recorder.close()
  })

  const ended = (): readonly Booked[] => books.transactions.filter(({ challenge }) => challenge?.phase === 'ended')
  /** Purchases of the diary beside what was stored of them. */
  const told = (): readonly (readonly [Purchase, Booked | undefined])[] =>
    diary.purchases.map((purchase) => [purchase, bookedById().get(purchase.acsTransID)])
  let index: ReadonlyMap<string, Booked> | undefined
  const bookedById = (): ReadonlyMap<string, Booked> => {
    index ??= new Map(books.transactions.map((row) => [row.acsTransID, row]))
    return index
  }

  test('was load indeed, and everybody was killed as often as planned', () => {
    expect(acsStarts).toBeGreaterThan(kills + killsOfAll)
    expect(ended().length).toBeGreaterThan(kills)
    expect(diary.lost).toBeGreaterThan(0)
    expect(books.transactions.length).toBeGreaterThanOrEqual(diary.purchases.length)
  })

  test('nobody gets an answer that nobody should get, and no process complains', () => {
    expect(diary.surprises).toEqual([])
    expect(acs.complaints()).toBe('')
    expect(others.complaints()).toBe('')
  })

  test('every ARes that was acknowledged is in the API with its transStatus', () => {
    const missing = diary.purchases.filter(
      ({ acsTransID, transStatus }) => api.get(acsTransID)?.transStatus !== transStatus,
    )
    expect(missing).toEqual([])
  })

  test('a verdict that was shown is the verdict, and the plan of the cardholder explains it (CHL-SM-1, CHL-SM-2)', () => {
    const wrong = told().filter(([{ plan, final }, booked]) => {
      if (final === undefined) return false
      const { resultStatus, resultReason } = booked ?? {}
      if (final === 'Erro 402') return resultReason !== '14' // came to the challenge after its time
      if (final === 'Y') return resultStatus !== 'Y' || plan === 'wrong' || plan === 'cancel'
      if (plan === 'cancel') return final !== 'N' || resultStatus !== 'N' || resultReason !== '01'
      return final !== 'N' || resultStatus !== 'N' || resultReason !== '19'
    })
    expect(wrong).toEqual([])
  })

  test('the RReq is on its way before anybody sees the final page (CHL-SM-4, CHL-REP-8)', () => {
    expect(diary.purchases.filter(({ sawRReqFirst }) => sawRReqFirst === false)).toEqual([])
  })

  test('a wrong code that was answered as such is never forgotten (CHL-ATT-1, SEC-OTP-4)', () => {
    const forgotten = told().filter(
      ([{ wrongCodes }, booked]) => booked !== undefined && answersEvaluated(booked) < wrongCodes,
    )
    expect(forgotten).toEqual([])
    const counted = new Map(books.cards.map(({ panHash, failures }) => [panHash, failures]))
    const wrong = [...new Set(books.transactions.map(({ account }) => account))].flatMap((account) => {
      const rows = books.transactions.filter((row) => row.account === account)
      const evaluated = rows.reduce((sum, row) => sum + answersEvaluated(row) - (row.resultStatus === 'Y' ? 1 : 0), 0)
      const failures = counted.get(account) ?? 0
      // An answer with a card that has been locked meanwhile ends its challenge and counts no more.
      const refused =
        failures < cardFailuresPerDay ? 0 : rows.filter(({ resultReason }) => resultReason === '19').length
      return evaluated >= failures && evaluated <= failures + refused ? [] : [{ account, evaluated, failures, rows }]
    })
    expect(wrong).toEqual([])
    expect([...counted.values()].filter((failures) => failures > 0).length).toBeGreaterThan(20)
  })

  test('an ended challenge has one verdict and one RReq, whose repeats are equal byte by byte (CHL-SM-1, CHL-SM-3)', () => {
    const wrong = ended().filter(({ acsTransID, challenge, resultStatus, effects }) => {
      const texts = [...(recorder.rreqs.get(acsTransID)?.texts ?? [])]
      const [text = '{}'] = texts
      const { transStatus } = JSON.parse(text) as { transStatus?: string }
      return (
        texts.length !== 1 ||
        transStatus !== resultStatus ||
        challenge?.phase !== 'ended' ||
        challenge.verdict.transStatus !== resultStatus ||
        effects.filter(({ kind }) => kind === 'sendRReq').length !== 1 ||
        effects.some(({ isDone }) => !isDone)
      )
    })
    expect(wrong).toEqual([])
    const early = [...recorder.rreqs.keys()].filter((id) => bookedById().get(id)?.challenge?.phase !== 'ended')
    expect(early).toEqual([])
  })

  test('the 3DS Server has the result of every challenge it knows of', () => {
    const wrong = ended().filter(({ acsTransID, resultStatus, delivery }) => {
      const merchant = emulators.threeDSServer.get(acsTransID)
      if (merchant?.aresStatus !== 'C') return delivery !== 'refused' // its ARes got lost on the way: nobody waits
      return delivery !== 'delivered' || merchant.settledBy !== 'RReq' || merchant.transStatus !== resultStatus
    })
    expect(wrong).toEqual([])
    const hashes = ended().filter(({ acsTransID }) => {
      const { rreqHash } = emulators.ds.get(acsTransID) ?? {}
      const [text = ''] = recorder.rreqs.get(acsTransID)?.texts ?? []
      return rreqHash !== undefined && rreqHash !== createHash('sha256').update(text).digest('base64url')
    })
    expect(hashes).toEqual([])
  })

  test('a challenge without a verdict waits, and one timer will end it (CHL-TMR-1, CHL-TMR-3)', () => {
    const stuck = books.transactions.filter(({ challenge, effects, resultStatus }) => {
      if (challenge === undefined || challenge.phase === 'ended') return false
      const open = effects.filter(({ isDone }) => !isDone)
      const [timer] = open
      return (
        resultStatus !== undefined ||
        open.length !== 1 ||
        timer?.kind !== 'timer' ||
        timer.dueAt !== challenge.until ||
        timer.dueAt < stoppedAt - 5_000
      )
    })
    expect(stuck).toEqual([])
  })

  test('no velocity count and no lesson is lost or taken twice', () => {
    // What a scripted card does teaches nothing.
    const learnt = books.transactions.filter(({ isByEngine }) => isByEngine)
    const accounts = count(learnt, ({ account }) => account)
    const taught = ended().filter(({ isByEngine }) => isByEngine)
    expect(taught.length).toBeGreaterThan(20)
    const verdicts = count(taught, ({ account, resultStatus, resultReason }) =>
      [account, resultStatus === 'Y' ? 'passed' : resultReason === '19' ? 'failed' : 'abandoned'].join(' '),
    )
    const wrong = Object.entries(accounts).filter(([account, times]) => {
      const profile = books.profiles.get(`account:${account}`)
      return (
        profile?.count !== times ||
        (['passed', 'failed', 'abandoned'] as const).some(
          (kind) => profile[kind] !== (verdicts[`${account} ${kind}`] ?? 0),
        )
      )
    })
    expect(wrong).toEqual([])
    for (const kind of ['merchant', 'range', 'ip']) {
      const sum = [...books.profiles].reduce(
        (total, [entity, profile]) => total + (entity.startsWith(`${kind}:`) ? profile.count : 0),
        0,
      )
      expect([kind, sum]).toEqual([kind, learnt.length])
    }
  })

  test('the databases are whole, also as the killed processes left them', () => {
    expect(damaged).toEqual([])
    expect(books.integrity).toBe('ok')
    expect(emulators.integrity).toBe('ok')
  })
})

describe('a first start that is killed', () => {
  test('leaves a folder that the next start can use, whatever the moment', async () => {
    const seed = newSeed()
    console.log(`SEKISHO_TEST_SEED=${seed}`)
    const random = chance(seed)
    const main = path.join(root, 'dist', 'cli', 'main.js')
    /** What shows on disk that a start has come so far: keys, an empty database, the first tables in it. */
    const signs: readonly (readonly [file: string, bytes: number])[] = [
      ['keys.json', 0],
      ['sekisho.sqlite', 0],
      ['sekisho.sqlite-wal', 1],
      ['sekisho.sqlite-wal', 1],
      ['sekisho.sqlite-wal', 1],
      ['emulators.sqlite', 0],
    ]
    for (const [round, [file, bytes]] of signs.entries()) {
      const folder = newFolder()
      const ports = ['--acs-port', String(await freePort()), '--shop-port', String(await freePort())]
      const args = ['serve', ...ports, '--data-dir', folder, '--log-level', 'error']
      const first = launch(main, args)
      const sizeOf = () => statSync(path.join(folder, file), { throwIfNoEntry: false })?.size ?? -1
      while (sizeOf() < bytes && first.isRunning()) await sleep(1)
      if (round % 2 === 1) await sleep(random() * 40)
      await first.end('SIGKILL')
      const second = launch(main, args)
      await until('the second start', () => !second.isRunning() || second.stdout().includes('Stop with Ctrl-C'))
      expect(second.stderr()).toBe('')
      expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null })
    }
  }, 240_000)
})
