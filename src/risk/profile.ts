/**
 * What is remembered of an entity: an exact ring of its last events, decayed counters, and what it has been seen with.
 * Times are whole seconds since 1970, amounts are minor units of the issuer's currency (-1: the AReq told none).
 */
import type { History } from './scorers/freeman.ts'

export const entityKinds = [
  'account',
  'device',
  'ip',
  'email',
  'merchant',
  'shipTo',
  'range',
  'phone',
  'domain',
  'binMerchant',
  // Counts of the freeman scorer: ./chains.ts.
  'everyone',
  'country',
  'prefix',
  'address',
  'platform',
  'agent',
  'signature',
] as const
export type EntityKind = (typeof entityKinds)[number]

/** The store's keys of the entities of one AReq. What the AReq did not tell has no key. */
export type Keys = { readonly account: string } & { readonly [K in EntityKind]?: string | undefined }

/** Something an entity has been seen with. The id is 48 bits of the other's key, so that a set stays small. */
export type Known = {
  readonly id: number
  readonly first: number
  readonly last: number
  readonly count: number
  /** A challenge was passed with it. */
  readonly trusted: boolean
}

/** What the holder usually does, learnt from approved purchases only: refused attempts never become a habit. */
export type Habit = {
  readonly n: number
  /** Mean of the natural logarithm of the amount, and the sum of squared deviations from it. */
  readonly logMean: number
  readonly logM2: number
  /** Purchases per hour of the issuer's local day. */
  readonly hours: readonly number[]
}

/** Where a purchase was last made: whole seconds, degrees. */
export type Place = {
  readonly ts: number
  readonly lat: number
  readonly lon: number
  /** How far from there the holder may have been: 0 of a city, hundreds of a country. */
  readonly radiusKm: number
}

/** Confirmed fraud with an entity, by label. */
export type Frauds = {
  readonly n: number
  readonly last: number
  /** Of a merchant, per calendar month (year · 12 + month - 1) of the issuer's zone, oldest first, at most 25. */
  readonly months: readonly FraudMonth[]
}
export type FraudMonth = { readonly month: number; readonly n: number; readonly sum: number }

/** Events of a card since the freeman scorer counts, and their values. */
export type OwnChains = { readonly n: number; readonly network: History; readonly agent: History }
/** Of all cards: how many there were, events that told of a network or a browser, and distinct countries and platforms. */
export type Crowd = {
  readonly cards: number
  readonly networks: number
  readonly countries: number
  readonly agents: number
  readonly platforms: number
}

/** Purchases without a challenge since the last one that was passed. */
export type Spared = { readonly n: number; readonly sum: number }

export type Profile = {
  readonly count: number
  readonly first: number
  readonly last: number
  /** The last events, oldest first, as far as the kind keeps them. */
  readonly times: readonly number[]
  readonly amounts: readonly number[]
  /** Decayed counters, as of `last`. */
  readonly decay1h: number
  readonly decay24h: number
  readonly decay30d: number
  /** Events of cards that nobody had seen before, and of guests or new shop accounts. Decayed, as of `last`. */
  readonly fresh1h: number
  readonly newcomers30d: number
  /** Challenges that were answered as a machine answers. Decayed, as of `last`. */
  readonly machine30d: number
  readonly passed: number
  readonly failed: number
  readonly abandoned: number
  /** Failed challenges, decayed with a half-life of 24 h, as of `failedAt`. */
  readonly failed24h: number
  readonly failedAt: number
  readonly habit: Habit | undefined
  readonly place: Place | undefined
  readonly frauds: Frauds | undefined
  readonly spared: Spared | undefined
  readonly confirmedGood: number
  /** Of a value that the freeman scorer counts: distinct narrower values. */
  readonly narrower: number
  readonly chains: OwnChains | undefined
  readonly crowd: Crowd | undefined
} & { readonly [S in SetName]: readonly Known[] }

export type Profiles = { readonly [K in EntityKind]?: Profile | undefined }

export const ringSize = 64
/**
 * How many of each an entity remembers. `others`: mail boxes of a device,
 * spellings of a mail box, names at an address; `methods`: runs of the 3DS Method; `likes`: what devices look like.
 */
export const setSizes = {
  devices: 8,
  shipTos: 8,
  merchants: 12,
  countries: 6,
  accounts: 16,
  emails: 6,
  phones: 4,
  networks: 12,
  others: 12,
  methods: 8,
  likes: 6,
} as const
export const setNames = [
  'devices',
  'shipTos',
  'merchants',
  'countries',
  'accounts',
  'emails',
  'phones',
  'networks',
  'others',
  'methods',
  'likes',
] as const satisfies readonly (keyof typeof setSizes)[]
export type SetName = keyof typeof setSizes

/** What a kind keeps of its events. Windows are read of most kinds, amounts of two; a copy of a ring costs. */
export const keeps: { readonly [K in EntityKind]: 'amounts' | 'times' | 'counters' } = {
  account: 'amounts',
  device: 'times',
  ip: 'times',
  email: 'times',
  merchant: 'amounts',
  shipTo: 'times',
  range: 'counters',
  phone: 'times',
  domain: 'counters',
  binMerchant: 'times',
  everyone: 'counters',
  country: 'counters',
  prefix: 'counters',
  address: 'counters',
  platform: 'counters',
  agent: 'counters',
  signature: 'counters',
}
export const halfLives = { '1h': 3_600, '24h': 86_400, '30d': 2_592_000 } as const // seconds

const nothing: readonly never[] = []

export const emptyProfile: Profile = {
  count: 0,
  first: 0,
  last: 0,
  times: nothing,
  amounts: nothing,
  decay1h: 0,
  decay24h: 0,
  decay30d: 0,
  fresh1h: 0,
  newcomers30d: 0,
  machine30d: 0,
  passed: 0,
  failed: 0,
  abandoned: 0,
  failed24h: 0,
  failedAt: 0,
  habit: undefined,
  place: undefined,
  frauds: undefined,
  spared: undefined,
  confirmedGood: 0,
  narrower: 0,
  chains: undefined,
  crowd: undefined,
  devices: nothing,
  shipTos: nothing,
  merchants: nothing,
  countries: nothing,
  accounts: nothing,
  emails: nothing,
  phones: nothing,
  networks: nothing,
  others: nothing,
  methods: nothing,
  likes: nothing,
}

/** c · 2^(-Δt/h) as it stands after so many seconds (by exp, which is faster). A clock set back does not make it grow. */
export const decayed = (counter: number, seconds: number, halfLife: number): number =>
  counter === 0 || seconds <= 0 ? counter : counter * Math.exp((-Math.LN2 / halfLife) * seconds)

/** 48 bits of a key: two FNV-1a lanes with different starts. The keys are keyed hashes already, so none can be aimed at. */
export function markOf(key: string): number {
  let low = 0x811c9dc5
  let high = 0x2f0b4c67
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x01000193) ^ (low >>> 15)
  }
  return ((high >>> 8) & 0xffff) * 0x1_0000_0000 + (low >>> 0)
}

export function find(set: readonly Known[], id: number | undefined): Known | undefined {
  if (id === undefined) return undefined
  for (const known of set) if (known.id === id) return known
  return undefined
}

/** The set with this sighting in it. When it is full, the one not seen for longest goes, trusted ones last. */
export function sighted(
  set: readonly Known[],
  id: number | undefined,
  ts: number,
  size: number,
  trusted = false,
): readonly Known[] {
  if (id === undefined) return set
  const next = set.slice()
  for (let i = 0; i < next.length; i++) {
    const known = next[i]
    if (known === undefined || known.id !== id) continue
    next[i] = {
      id,
      first: Math.min(known.first, ts),
      last: Math.max(known.last, ts),
      count: known.count + 1,
      trusted: known.trusted || trusted,
    }
    return next
  }
  const sighting = { id, first: ts, last: ts, count: 1, trusted }
  if (next.length < size) next.push(sighting)
  else next[leastMissed(next)] = sighting
  return next
}

function leastMissed(set: readonly Known[]): number {
  let worst = 0
  for (let i = 1; i < set.length; i++) {
    const candidate = set[i]
    const held = set[worst]
    if (candidate === undefined || held === undefined) continue
    if (candidate.trusted === held.trusted ? candidate.last < held.last : held.trusted) worst = i
  }
  return worst
}

/** Marks as trusted what is known already; what was pushed out of the set meanwhile comes back. */
export function trusting(set: readonly Known[], id: number | undefined, ts: number, size: number): readonly Known[] {
  if (id === undefined) return set
  const known = find(set, id)
  if (known === undefined) return sighted(set, id, ts, size, true)
  return known.trusted ? set : set.map((other) => (other.id === id ? { ...other, trusted: true } : other))
}

export type Event = {
  readonly ts: number
  readonly amount: number
  readonly isFresh?: boolean
  readonly isNewcomer?: boolean
  readonly place?: Place | undefined
} & { readonly [S in SetName]?: number | undefined }

/** The profile after an event. Events keep the order of their times, so a window stays exact when the clock is set back. */
export function recorded(profile: Profile, event: Event, keep: (typeof keeps)[EntityKind]): Profile {
  const { ts, amount } = event
  const last = profile.count === 0 ? ts : Math.max(profile.last, ts)
  const passedBy = last - profile.last
  const late = last - ts
  let at = profile.times.length
  while (at > 0 && (profile.times[at - 1] ?? 0) > ts) at--
  return {
    count: profile.count + 1,
    first: profile.count === 0 ? ts : Math.min(profile.first, ts),
    last,
    times: keep === 'counters' ? profile.times : inserted(profile.times, at, ts),
    amounts: keep === 'amounts' ? inserted(amountsOf(profile), at, amount) : profile.amounts,
    decay1h: decayed(profile.decay1h, passedBy, halfLives['1h']) + decayed(1, late, halfLives['1h']),
    decay24h: decayed(profile.decay24h, passedBy, halfLives['24h']) + decayed(1, late, halfLives['24h']),
    decay30d: decayed(profile.decay30d, passedBy, halfLives['30d']) + decayed(1, late, halfLives['30d']),
    fresh1h:
      decayed(profile.fresh1h, passedBy, halfLives['1h']) +
      decayed(event.isFresh === true ? 1 : 0, late, halfLives['1h']),
    newcomers30d:
      decayed(profile.newcomers30d, passedBy, halfLives['30d']) +
      decayed(event.isNewcomer === true ? 1 : 0, late, halfLives['30d']),
    machine30d: decayed(profile.machine30d, passedBy, halfLives['30d']),
    passed: profile.passed,
    failed: profile.failed,
    abandoned: profile.abandoned,
    failed24h: profile.failed24h,
    failedAt: profile.failedAt,
    habit: profile.habit,
    place: laterOf(profile.place, event.place),
    frauds: profile.frauds,
    spared: profile.spared,
    confirmedGood: profile.confirmedGood,
    narrower: profile.narrower,
    chains: profile.chains,
    crowd: profile.crowd,
    devices: sighted(profile.devices, event.devices, ts, setSizes.devices),
    shipTos: sighted(profile.shipTos, event.shipTos, ts, setSizes.shipTos),
    merchants: sighted(profile.merchants, event.merchants, ts, setSizes.merchants),
    countries: sighted(profile.countries, event.countries, ts, setSizes.countries),
    accounts: sighted(profile.accounts, event.accounts, ts, setSizes.accounts),
    emails: sighted(profile.emails, event.emails, ts, setSizes.emails),
    phones: sighted(profile.phones, event.phones, ts, setSizes.phones),
    networks: sighted(profile.networks, event.networks, ts, setSizes.networks),
    others: sighted(profile.others, event.others, ts, setSizes.others),
    methods: sighted(profile.methods, event.methods, ts, setSizes.methods),
    likes: sighted(profile.likes, event.likes, ts, setSizes.likes),
  }
}

const laterOf = (before: Place | undefined, place: Place | undefined): Place | undefined =>
  place === undefined || (before !== undefined && before.ts > place.ts) ? before : place

/** One amount per time: a profile of an older program may have kept the times only. */
const amountsOf = ({ amounts, times }: Profile): readonly number[] =>
  amounts.length === times.length ? amounts : new Array<number>(times.length).fill(-1)

/** The ring with one more value before index `at`; a full ring gives up its oldest. */
function inserted(ring: readonly number[], at: number, value: number): readonly number[] {
  const dropped = ring.length === ringSize ? 1 : 0
  if (dropped > at) return ring
  const size = ring.length - dropped
  const next = new Array<number>(size + 1)
  const to = at - dropped
  for (let i = 0; i < to; i++) next[i] = ring[i + dropped] ?? 0
  next[to] = value
  for (let i = to; i < size; i++) next[i + 1] = ring[i + dropped] ?? 0
  return next
}
