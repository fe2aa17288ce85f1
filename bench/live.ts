// What the profiles of the lab cost for each event: features and learning in typed arrays, by what is asked for, beside JSON.parse
// of AReqs in the same rounds, so that a busy machine hits both. Part of npm run bench:lab.
import { readFileSync } from 'node:fs'
import { kindAt, newSlots, type Told } from '../src/risk/live/memory.ts'
import { shippedPolicy } from '../src/risk/policy.ts'
import { type EntityKind, entityKinds } from '../src/risk/profile.ts'
import { nextAReq } from './corpus.ts'

export type LiveBench = {
  readonly events: number
  readonly cards: number
  readonly rounds: number
  /** Of the rounds that read ahead: far more profiles than the processor's cache holds. */
  readonly aheadEvents: number
  readonly aheadCards: number
  /** Folder of the compiled program: what runs the sources directly wraps functions, which costs. */
  readonly compiled: URL
}

const usual: LiveBench = {
  events: 300_000,
  cards: 60_000,
  rounds: 5,
  aheadEvents: 1_000_000,
  aheadCards: 400_000,
  compiled: new URL('../dist/', import.meta.url),
}

/** Events that are read ahead at a time; 0: none. */
const batches = [0, 8, 16, 32, 64, 128] as const

/** Thirty features as a logistic regression might read them. */
const thirty = [
  ...['n_10m_account', 'n_1h_account', 'n_24h_account', 'n_7d_account', 'decay_24h_account', 'n_1h_device'],
  ...['n_24h_device', 'n_1h_ip', 'n_24h_merchant', 'decay_1h_binMerchant', 'accounts_24h_device', 'accounts_24h_ip'],
  ...['amount_log', 'amount_z', 'amount_sum_24h_log', 'habit_n', 'hour_distance', 'is_night', 'device_is_first'],
  ...['device_is_trusted', 'device_known_days', 'merchant_is_first', 'ship_to_is_first', 'ship_to_known_days'],
  ...[
    'country_is_first',
    'email_known_days',
    'network_is_first',
    'account_age_days',
    'challenges_failed',
    'travel_kmh',
  ],
]

const fastest = (list: readonly number[]): number => Math.min(...list)

/** Nanoseconds of processor time for each of `n`. */
function timed(n: number, work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return ((user + system) * 1_000) / n
}

type Columns = {
  readonly ts: Float64Array
  readonly amounts: Float64Array
  /** Entities by kind, as numbers. */
  readonly entities: readonly (readonly [kind: EntityKind, ids: Float64Array])[]
}

/** Ninety days of purchases: some cards buy more often, 8 % of purchases bring a new device and 20 % a new address. */
function columnsOf({ events, cards }: Pick<LiveBench, 'events' | 'cards'>): Columns {
  let state = 1
  const chance = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 2 ** 32
  }
  const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: events }, (_, i) => of(i))
  const card = column(() => Math.floor(cards * chance() ** 1.5))
  const cardOf = (i: number): number => card[i] ?? 0
  const shop = column(() => Math.floor(5_000 * chance() ** 3))
  let now = 1_750_000_000
  return {
    ts: column(() => {
      now += Math.floor(((2 * 90 * 86_400) / events) * chance())
      return now
    }),
    amounts: column(() => Math.floor(Math.exp(6 + 4 * chance()))),
    entities: [
      ['account', card],
      ['device', column((i) => (chance() < 0.08 ? 1e7 + i : 2 * cardOf(i) + (chance() < 0.2 ? 1 : 0)))],
      ['ip', column((i) => (chance() < 0.2 ? 1e7 + i : cardOf(i)))],
      ['email', card],
      ['merchant', shop],
      ['shipTo', column((i) => 3 * cardOf(i) + (chance() < 0.1 ? 1 : 0))],
      ['phone', card],
      ['range', column((i) => cardOf(i) % 12)],
      ['domain', column((i) => cardOf(i) % 300)],
      ['binMerchant', column((i) => (cardOf(i) % 12) * 1e6 + (shop[i] ?? 0))],
    ],
  }
}

/** Prints nanoseconds of an event, and what a memory holds. */
export async function benchLive(options: Partial<LiveBench> = {}): Promise<void> {
  const bench = { ...usual, ...options }
  const shipped = async <Module>(path: string): Promise<Module> =>
    (await import(new URL(path, bench.compiled).href)) as Module
  const { LiveProfiles } = await shipped<typeof import('../src/risk/live/live.ts')>('risk/live/live.js')
  const { everyFeature, maskOf } = await shipped<typeof import('../src/risk/live/mask.ts')>('risk/live/mask.js')
  const { maskFor } = await shipped<typeof import('../src/risk/live/reads.ts')>('risk/live/reads.js')
  const { Slots } = await shipped<typeof import('../src/risk/live/slots.ts')>('risk/live/slots.js')
  const { newFeatures } = await shipped<typeof import('../src/risk/features.ts')>('risk/features.js')
  const { loadPolicy } = await shipped<typeof import('../src/risk/policy.ts')>('risk/policy.js')
  type Facts = import('../src/risk/facts.ts').Facts
  type Writable<T> = { -readonly [K in keyof T]: T[K] }

  const { events, rounds } = bench
  const shared = new Slots()
  const prepared = (of: Pick<LiveBench, 'events' | 'cards'>, numbers: InstanceType<typeof Slots>) => {
    const { ts, amounts, entities } = columnsOf(of)
    const columns: (Int32Array | undefined)[] = entityKinds.map(() => undefined)
    for (const [kind, ids] of entities) columns[kindAt[kind]] = Int32Array.from(ids, (id) => numbers.slotOf(kind, id))
    return { ts, amounts, columns }
  }
  let { ts, amounts, columns } = prepared(bench, shared)
  const places = columns.flatMap((column, place) => (column === undefined ? [] : [place]))
  const marks: Writable<Facts['marks']> = { account: 0, country: 392 }
  const facts = {
    marks,
    amount: 0,
    localHour: 0,
    month: 24_300,
    network: { lat: 35.5, lon: 139.5, radiusKm: 20, kind: 'isp' },
    isNewcomer: false,
    missing: 0,
    presence: '',
    chains: undefined,
  } as unknown as Writable<Facts>
  const slots = newSlots()
  const markOf = (kind: number, id: number): number => ((kind * 7_919 + id * 40_503) % 65_536) * 2 ** 32 + id
  /** As the lab does it: facts of the row in one object that is used again. */
  const go = (i: number): void => {
    for (let at = 0; at < places.length; at++) slots[places[at] ?? 0] = columns[places[at] ?? 0]?.[i] ?? -1
    const card = slots[0] ?? 0
    const device = slots[kindAt.device] ?? 0
    marks.account = markOf(0, card)
    marks.device = markOf(1, device)
    marks.merchant = markOf(2, slots[kindAt.merchant] ?? 0)
    marks.shipTo = markOf(3, slots[kindAt.shipTo] ?? 0)
    marks.email = markOf(4, card)
    marks.phone = markOf(5, card)
    marks.network = markOf(6, slots[kindAt.ip] ?? 0)
    marks.likeness = markOf(7, device)
    marks.spelling = markOf(8, card)
    marks.name = markOf(9, card)
    marks.shopAccount = markOf(10, card)
    facts.amount = amounts[i] ?? 0
    facts.localHour = ((ts[i] ?? 0) % 86_400) / 3_600
  }

  const text = nextAReq()
  const rules = loadPolicy(readFileSync(shippedPolicy('rules-jp'), 'utf8'))
  const masks = { 'every feature': everyFeature, 'rules-jp': maskFor([rules]), 'thirty features': maskOf(thirty) }
  const times = new Map<string, number[]>()
  const keep = (name: string, ns: number): void => {
    times.set(name, [...(times.get(name) ?? []), ns])
  }
  const told: Told = {}
  let touched = 0
  let bytes = 0
  for (let round = 0; round < rounds; round++) {
    keep(
      'JSON.parse of an AReq',
      timed(20_000, () => {
        for (let i = 0; i < 20_000; i++) touched += (JSON.parse(text) as { readonly length?: number }).length ?? 0
      }),
    )
    const facing = timed(events, () => {
      for (let i = 0; i < events; i++) go(i)
    })
    for (const [name, mask] of Object.entries(masks)) {
      const out = newFeatures()
      const each = (featuresTimes: number, outcomes: boolean): number => {
        const memory = new LiveProfiles({ slots: shared, mask, events })
        const ns = timed(events, () => {
          for (let i = 0; i < events; i++) {
            go(i)
            const time = ts[i] ?? 0
            for (let again = 0; again < featuresTimes; again++) memory.features(out, facts, slots, time, mask)
            memory.record(facts, slots, time)
            if (!outcomes) continue
            const { amount, localHour, presence } = facts
            memory.learn(
              i % 5 === 0 ? 'challengePassed' : 'frictionless',
              { marks, amount, localHour, presence, slots },
              time,
              told,
            )
          }
        })
        touched += out[0] ?? 0
        if (mask === everyFeature) bytes = memory.bytes
        return ns - facing
      }
      const whole = each(1, false)
      keep(`${name}: features and record`, whole)
      keep(`${name}: features again, warm`, each(2, false) - whole)
      keep(`${name}: an outcome`, each(1, true) - whole)
    }
  }
  if (Number.isNaN(touched)) throw new Error('nothing was done')
  const all = entityKinds.reduce((sum, kind) => sum + shared.sizeOf(kind), 0)
  console.log(`profiles in typed arrays: ${events} events, ${bench.cards} cards, the fastest of ${rounds} rounds`)
  for (const [name, list] of times) console.log(`  ${name.padEnd(44)} ${fastest(list).toFixed(0).padStart(6)} ns`)
  console.log(`  memory: ${(bytes / 1e6).toFixed(0)} MB for ${all} entities, ${(bytes / all).toFixed(0)} bytes each`)

  const { aheadEvents, aheadCards } = bench
  const many = new Slots()
  ;({ ts, amounts, columns } = prepared({ events: aheadEvents, cards: aheadCards }, many))
  console.log(
    `  ${aheadEvents} events, ${aheadCards} cards, the second half measured, reading ahead so many events (0: none)`,
  )
  console.log(`  ${''.padEnd(44)} ${batches.map((batch) => String(batch).padStart(6)).join(' ')}`)
  for (const [name, mask] of Object.entries(masks)) {
    const took = batches.map((): number[] => [])
    for (let round = 0; round < rounds; round++)
      for (const [at, batch] of batches.entries()) {
        const memory = new LiveProfiles({ slots: many, mask, events: aheadEvents })
        const out = newFeatures()
        const half = aheadEvents / 2
        const fold = (from: number, until: number): void => {
          for (let i = from; i < until; i++) {
            if (batch !== 0 && i % batch === 0) memory.ahead(columns, i, Math.min(i + batch, aheadEvents))
            go(i)
            const time = ts[i] ?? 0
            memory.features(out, facts, slots, time, mask)
            memory.record(facts, slots, time)
          }
        }
        fold(0, half)
        took[at]?.push(timed(half, () => fold(half, aheadEvents)))
      }
    console.log(`  ${`${name}, ns`.padEnd(44)} ${took.map((list) => fastest(list).toFixed(0).padStart(6)).join(' ')}`)
  }
}
