/** How profiles are laid out in blocks: kinds, words and sizes (./blocks.ts). */
import { entityKinds, keeps, setSizes } from '../profile.ts'
import { kindAt } from './memory.ts'

/** Kinds with blocks: account … binMerchant. Those after them are counts of the freeman scorer (./chains.ts). */
export const blockKinds: number = kindAt.everyone

/**
 * Words of a head. Every kind: count, first, last, ring (events | oldest << 8 | room << 16), sightings (number | room << 16),
 * frauds; doubles from word 6: decay 1h, 24h, 30d, fresh 1h, newcomers 30d.
 */
export const headWords = 16
/**
 * Of an account besides: passed, failed, abandoned, failedAt, confirmedGood, spared, habit n, place's time, place's flag, events
 * of the chains, block of the network's chain, block of the agent's, 24 hours of a byte each (6 words); doubles from word 34:
 * failed 24h, machine 30d, spared sum, habit mean, habit M2, latitude, longitude, radius.
 */
export const accountWords = 50

/** A sighting: 32 bits of the id, the rest of it with its set, then of an account first, last and count, of others last. */
export const accountStride = 5
export const otherStride = 3

/** The sets of an account and those of all others, as they are numbered in a sighting. */
export const accountSets = [
  'devices',
  'shipTos',
  'merchants',
  'countries',
  'emails',
  'phones',
  'networks',
  'methods',
  'likes',
] as const
export const otherSets = ['accounts', 'others', 'methods'] as const
/** Where each of the latter is. */
export const otherSetAt = { accounts: 0, others: 1, methods: 2 } as const
/** As `accountSets` numbers them. */
export const setAt = {
  devices: 0,
  shipTos: 1,
  merchants: 2,
  countries: 3,
  emails: 4,
  phones: 5,
  networks: 6,
  methods: 7,
  likes: 8,
} as const satisfies { readonly [K in (typeof accountSets)[number]]: number }
const sizesOf = (names: readonly (keyof typeof setSizes)[]): Uint8Array =>
  Uint8Array.from(names, (name) => setSizes[name])
export const accountSizes = sizesOf(accountSets)
export const otherSizes = sizesOf(otherSets)

const sum = (sizes: Uint8Array): number => sizes.reduce((total, size) => total + size, 0)
const setsOf: Readonly<Record<string, readonly (keyof typeof setSizes)[]>> = {
  account: accountSets,
  device: ['accounts', 'others', 'methods'],
  email: ['accounts', 'others'],
  shipTo: ['accounts', 'others'],
  phone: ['accounts', 'others'],
}
/** Most sightings that a kind can have. */
export const mostSightings = Uint8Array.from(entityKinds, (kind) => sum(sizesOf(setsOf[kind] ?? ['accounts'])))
export const hasRing = Uint8Array.from(entityKinds, (kind) => (keeps[kind] === 'counters' ? 0 : 1))
export const hasAmounts = Uint8Array.from(entityKinds, (kind) => (keeps[kind] === 'amounts' ? 1 : 0))
export const accountKind: number = kindAt.account

/** Of the shops few are seen once, and they have amounts. */
export const maySeeOnce = Uint8Array.from(entityKinds, (kind) => (keeps[kind] === 'times' ? 1 : 0))

/** In the second word of an id: none. */
export const noId = 0xffff_ffff

/** Words of the head of an account, from the block on. */
export const own = {
  passed: 16,
  failed: 17,
  abandoned: 18,
  failedAt: 19,
  good: 20,
  spared: 21,
  habit: 22,
  placeTs: 23,
  hasPlace: 24,
  chains: 25,
  network: 26,
  agent: 27,
  hours: 28,
  failed24h: 34,
  machine30d: 36,
  sparedSum: 38,
  logMean: 40,
  logM2: 42,
  lat: 44,
  lon: 46,
  radiusKm: 48,
} as const
