/** Events of chance for memories: few entities that meet often, times that clash and go back, and everything untold now and then. */
import type { Chains } from '../../../src/risk/chains.ts'
import { type Facts, factsOf } from '../../../src/risk/facts.ts'
import { type EntitySlots, kindAt, newSlots, type OutcomeKind, type Told } from '../../../src/risk/live/memory.ts'
import { type EntityKind, entityKinds } from '../../../src/risk/profile.ts'
import { accountKey, defaultPolicy, keyOf, purchase } from '../support.ts'

/** A 32-bit generator: enough for tests, the same everywhere. */
export function chanceOf(seed: number): (below: number) => number {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

export type Mix = {
  readonly cards: number
  /** Of every other kind. */
  readonly entities: number
  /** Seconds between two events at most. */
  readonly gap: number
  /** In a thousand: how often an element was not told. */
  readonly untold: number
  readonly chains: boolean
}

export type Step =
  | { readonly do: 'event'; readonly facts: Facts; readonly slots: EntitySlots; readonly ts: number }
  | {
      readonly do: 'learn'
      readonly kind: OutcomeKind
      readonly event: number
      readonly ts: number
      readonly told: Told
    }

const base = factsOf(purchase, { accountKey: accountKey('4111110000000021'), keyOf, now: 0, policy: defaultPolicy })

const outcomes = [
  'frictionless',
  'frictionless',
  'frictionless',
  'challengePassed',
  'challengeFailed',
  'challengeAbandoned',
  'fraud',
  'fraudWithdrawn',
  'confirmedGood',
  'confirmedGoodWithdrawn',
] as const satisfies readonly OutcomeKind[]

/** Marks of 48 bits, and for countries whatever a wire of 48 digits may hold. */
const markOf = (kind: number, i: number): number =>
  ((kind * 7_919 + i * 104_729) % 65_536) * 2 ** 32 + i * 2_654_435 + kind
const countries = [392, 840, 0, -0, -5, 2 ** 48, 1e30, 702, 36, 124]

/** `n` events with what is learnt between them. `slotOf`: of the memory that is tested. */
export function stepsOf(
  seed: number,
  n: number,
  { cards, entities, gap, untold, chains }: Mix,
  slotOf: (kind: EntityKind, hash: number) => number,
): readonly Step[] {
  const chance = chanceOf(seed)
  const maybe = <T>(value: T): T | undefined => (chance(1_000) < untold ? undefined : value)
  const steps: Step[] = []
  const events: number[] = []
  /** The event that was last learnt from. */
  let learnt = 0
  let now = 1_700_000_000 + chance(1_000_000)
  let i = 0
  /** Some of a kind turn up all the time, others once; there are more and more of them, so that sets fill late. */
  const pick = (): number =>
    chance(3) === 0
      ? chance(3)
      : chance(12) === 0
        ? 1_000_000 + chance(1 << 30)
        : chance(1 + Math.ceil((entities * i) / n))
  for (; i < n; i++) {
    now += chance(6) === 0 ? 0 : chance(40) === 0 ? chance(gap * 400) : chance(gap)
    const ts = chance(15) === 0 ? now - chance(gap * (chance(6) === 0 ? 300 : 3)) : now
    const again = chance(8) === 0 ? steps[learnt] : undefined
    if (again?.do === 'event') {
      events.push(steps.length)
      steps.push({ ...again, ts })
      continue
    }
    const slots = newSlots()
    const card = chance(cards)
    slots[kindAt.account] = slotOf('account', card * 2 ** 33 + 7)
    const marks: { -readonly [K in keyof Facts['marks']]: Facts['marks'][K] } = { account: markOf(0, card) }
    const entity = (kind: EntityKind): number | undefined => {
      const which = maybe(pick())
      if (which !== undefined) slots[kindAt[kind]] = slotOf(kind, which * 2 ** 20 + 1)
      return which === undefined ? undefined : markOf(kindAt[kind], which)
    }
    marks.device = entity('device')
    entity('ip')
    marks.email = entity('email')
    marks.merchant = entity('merchant')
    marks.shipTo = entity('shipTo')
    marks.phone = entity('phone')
    entity('range')
    entity('domain')
    entity('binMerchant')
    marks.country = maybe(countries[chance(countries.length)])
    marks.network = maybe(markOf(20, pick()))
    marks.method = maybe(markOf(21, pick()))
    marks.likeness = maybe(markOf(22, pick()))
    marks.spelling = maybe(markOf(23, pick()))
    marks.name = maybe(markOf(24, pick()))
    marks.shopAccount = maybe(markOf(25, pick()))
    const levels = (kinds: readonly [EntityKind, EntityKind, EntityKind]) => {
      const wide = chance(3)
      const middle = wide * 4 + chance(4)
      const narrow = middle * 40 + chance(chance(2) === 0 ? 3 : 40)
      ;[narrow, middle, wide].forEach((value, level) => {
        const kind = kinds[level] ?? 'country'
        slots[kindAt[kind]] = slotOf(kind, value)
      })
      return { narrow: narrow * 65_537, middle: middle * 257, wide }
    }
    let told: Chains | undefined
    if (chains && chance(10) > 0) {
      slots[kindAt.everyone] = slotOf('everyone', 1)
      told = {
        network: chance(8) === 0 ? undefined : levels(['address', 'prefix', 'country']),
        agent: chance(8) === 0 ? undefined : levels(['signature', 'agent', 'platform']),
      }
    }
    const facts: Facts = {
      ...base,
      marks,
      amount: maybe(chance(4) === 0 ? 1_000 : chance(20) === 0 ? chance(2 ** 31) * 4_194_303 : chance(50_000)),
      localHour: maybe(chance(2) === 0 ? 20.25 : chance(24 * 60) / 60),
      month: 24_300 + chance(30),
      network: maybe({
        ...(base.network as NonNullable<Facts['network']>),
        kind: ([undefined, 'isp', 'mobile', 'hosting', 'vpn'] as const)[chance(5)],
        lat: maybe(chance(180) - 90),
        lon: maybe(chance(360) - 180 + chance(100) / 100),
        radiusKm: maybe(chance(500)),
      }),
      isNewcomer: maybe(chance(3) === 0),
      giftCardAmount: maybe(chance(5_000)),
      deliveryTimeframe: maybe(1 + chance(4)),
      reordered: maybe(chance(2) === 0),
      shipAddressAge: maybe(1 + chance(4)),
      emailAlias: maybe(chance(2) === 0),
      shopAccountAge: maybe(1 + chance(5)),
      shopAccountChange: maybe(1 + chance(4)),
      shopPasswordChange: maybe(1 + chance(5)),
      shopPurchases: maybe(chance(100)),
      shopPurchasesToday: maybe(chance(10)),
      shopSuspects: maybe(chance(2) === 0),
      missing: chance(5),
      chains: told,
      presence: base.presence,
    } as Facts
    events.push(steps.length)
    steps.push({ do: 'event', facts, slots, ts })
    while (chance(2) === 0) {
      const kind = outcomes[chance(outcomes.length)] ?? 'fraud'
      const event = events[Math.max(0, events.length - 1 - chance(chance(2) === 0 ? 2 : 60))] ?? 0
      learnt = event
      steps.push({
        do: 'learn',
        kind,
        event,
        ts: now + chance(gap),
        told: {
          wasMachine: chance(6) === 0,
          month: 24_300 + chance(30),
          yen: chance(3) === 0 ? 600_000 + chance(10) / 7 : chance(10_000) / 3,
          at: now - chance(3) * 200_000,
        },
      })
    }
  }
  return steps
}

export const kindsTold = (slots: EntitySlots): readonly EntityKind[] =>
  entityKinds.filter((_, i) => (slots[i] ?? -1) >= 0)
