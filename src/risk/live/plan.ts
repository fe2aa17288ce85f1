/** A mask made ready: where the features of each kind of entity go, and which parts of an account's are wanted at all. */

import { type FeatureName, isFeature, positionOf, toldNames } from '../features.ts'
import { type EntityKind, entityKinds } from '../profile.ts'
import { blockKinds } from './layout.ts'
import { kindAt } from './memory.ts'

/** Features that several kinds have, in the order in which a row of `places` holds them. */
const shared = [
  'n_10m',
  'n_1h',
  'n_24h',
  'n_7d',
  'decay_1h',
  'decay_24h',
  'decay_30d',
  'fresh_1h',
  'newcomers_30d',
  'frauds',
  'accounts_10m',
  'accounts_24h',
  'accounts_7d',
  'others_7d',
  'others_30d',
] as const
/** Places of a row: those above, then what of it is wanted. */
export const rowSize = 16
/** What of a row is wanted, as bits. */
export const wants = { windows: 1, counters: 2, sets: 4, frauds: 8 } as const

const bitOf = (i: number): number =>
  i < 4 ? wants.windows : i < 9 ? wants.counters : i === 9 ? wants.frauds : wants.sets

/** Features of each set of an account, in their order. */
const accountSetReads: readonly (readonly FeatureName[])[] = [
  [
    'devices_24h_account',
    'device_is_first',
    'device_is_trusted',
    'device_seen_n',
    'device_seen_days',
    'device_known_days',
    'devices_known',
  ],
  ['ship_to_is_first', 'ship_to_is_trusted', 'ship_to_known_days', 'ship_tos_known'],
  ['merchant_is_first', 'merchant_seen_n', 'merchants_known'],
  ['country_is_first'],
  ['email_is_first', 'email_is_trusted', 'email_known_days', 'emails_known'],
  ['phone_is_first', 'phone_known_days', 'phones_known'],
  ['network_is_first', 'network_known_days', 'networks_known'],
  ['method_is_replayed'],
  ['likeness_is_first', 'likeness_is_trusted', 'likenesses_known'],
]
const accountSetBlamed: readonly (readonly [set: number, blamed: FeatureName])[] = [
  [0, 'frauds_device'],
  [1, 'frauds_shipTo'],
  [4, 'frauds_email'],
  [5, 'frauds_phone'],
]

/** Which decayed counters are wanted, as bits. */
export const counts = { hour: 1, day: 2, month: 4, fresh: 8, newcomers: 16 } as const

export class Plan {
  /** By kind: what of its block anything that is wanted is worked out from. */
  readonly kept = new Uint8Array(blockKinds)
  readonly counted = new Uint8Array(blockKinds)
  /** Sets that anything is read of, as bits: of each kind as `otherSets` numbers them, of an account as `accountSets` does. */
  readonly setsKept = new Uint16Array(blockKinds)
  /** Kinds but the account with any feature in `places`. */
  readonly kinds: Uint8Array
  /** Kinds of which anything is kept, the account first. */
  readonly keptKinds: Uint8Array
  /** By kind: where each feature goes, -1 where it is not wanted or the kind has none. */
  readonly places = new Int32Array(blockKinds * rowSize).fill(-1)
  /** Sets of an account that features are read of, as bits. */
  readonly setsRead: number
  readonly devices24h: boolean
  readonly habit: boolean
  readonly hours: boolean
  readonly spent: boolean
  readonly sameAtAccount: boolean
  readonly sameAtMerchant: boolean
  readonly travel: boolean
  readonly account: boolean
  readonly domainAge: boolean
  readonly deviceMethods: boolean
  readonly merchantFrauds: boolean
  /** What needs no profile, by its place in `toldNames`. */
  readonly told: Uint8Array
  readonly chains: boolean

  constructor(wanted: Uint8Array) {
    const has = (...names: readonly FeatureName[]): boolean => names.some((name) => wanted[positionOf(name)] === 1)
    for (let kind = 0; kind < blockKinds; kind++) {
      const row = kind * rowSize
      let bits = 0
      shared.forEach((name, i) => {
        const feature = `${name}_${entityKinds[kind]}`
        if (!isFeature(feature) || !has(feature)) return
        this.places[row + i] = positionOf(feature)
        bits |= bitOf(i)
        if (i >= 10) this.setsKept[kind] = (this.setsKept[kind] ?? 0) | (i < 13 ? 1 : 2)
        if (i >= 4 && i < 9) this.counted[kind] = (this.counted[kind] ?? 0) | (1 << (i - 4))
      })
      this.kept[kind] = bits
      this.places[row + rowSize - 1] = bits
    }
    this.kinds = Uint8Array.from(this.kept.keys()).filter((kind) => kind > 0 && this.kept[kind] !== 0)
    this.devices24h = has('devices_24h_account')
    let sets = 0
    for (const [set, names] of accountSetReads.entries()) if (has(...names)) sets |= 1 << set
    this.setsRead = sets
    // What the holder's own was before a fraud is not blamed, and is told by when it was first seen.
    for (const [set, name] of accountSetBlamed) if (has(name)) sets |= 1 << set
    this.setsKept[0] = sets
    this.deviceMethods = has('method_is_replayed')
    this.habit = has('amount_log', 'amount_z', 'amount_ratio_log10', 'amount_usual_log', 'habit_n')
    this.hours = has('hour_distance', 'hour_share', 'night_share', 'is_night')
    this.spent = has('amount_sum_24h_log')
    this.sameAtAccount = has('same_amount_10m_account')
    this.sameAtMerchant = has('same_amount_10m_merchant')
    this.travel = has('travel_km', 'travel_kmh')
    this.account = has(
      'account_age_days',
      'account_idle_days',
      'challenges_passed',
      'challenges_failed',
      'challenges_abandoned',
      'machine_answers_30d',
      'failed_decay_24h',
      'frictionless_n',
      'frictionless_sum',
      'confirmed_good_account',
    )
    this.domainAge = has('domain_age_days')
    this.merchantFrauds = has('merchant_fraud_months', 'merchant_frauds_2y_n', 'merchant_frauds_2y_sum')
    this.told = Uint8Array.from(toldNames.keys()).filter((i) => has(toldNames[i] as FeatureName))
    this.chains = has('freeman_network', 'freeman_agent', 'freeman_volume')
    const keep = (kind: EntityKind, bits: number): void => {
      this.kept[kindAt[kind]] = (this.kept[kindAt[kind]] ?? 0) | bits
    }
    // What an account has besides is read here and there, and taught from.
    keep('account', wants.counters | (this.spent || this.sameAtAccount ? wants.windows : 0))
    if (this.sameAtMerchant) keep('merchant', wants.windows)
    if (this.merchantFrauds) keep('merchant', wants.frauds)
    if (this.domainAge) keep('domain', wants.counters)
    if (this.deviceMethods) {
      keep('device', wants.sets)
      this.setsKept[kindAt.device] = (this.setsKept[kindAt.device] ?? 0) | 4
    }
    this.keptKinds = Uint8Array.from(this.kept.keys()).filter((kind) => this.kept[kind] !== 0)
  }
}
