/**
 * Named numbers about one AReq and what came before it. NaN: it cannot be known, which is not 0.
 *
 * A window of w seconds at time t counts the earlier events e with t - w < e.ts <= t; the event itself is not counted.
 * A profile keeps 64 events: when a window reaches past the oldest of a full ring, its count is 64, the ring's size.
 * Distinct accounts and devices come from bounded sets in the same way (16 accounts, 8 devices).
 */
import { chainRatiosOf } from './chains.ts'
import type { Facts } from './facts.ts'
import { kmBetween } from './net/distance.ts'
import {
  decayed,
  emptyProfile,
  type Frauds,
  find,
  type Habit,
  halfLives,
  type Known,
  markOf,
  type Place,
  type Profile,
  type Profiles,
} from './profile.ts'

/** Kinds with four exact windows and three decayed counters each. */
const busyKinds = ['account', 'device', 'ip', 'email', 'merchant', 'shipTo', 'phone', 'binMerchant'] as const
const activities = ['n_10m', 'n_1h', 'n_24h', 'n_7d', 'decay_1h', 'decay_24h', 'decay_30d'] as const
type ActivityName = `${(typeof activities)[number]}_${(typeof busyKinds)[number]}`

const activityNames = busyKinds.flatMap((kind) => activities.map((activity): ActivityName => `${activity}_${kind}`))

const otherNames = [
  'decay_1h_range',
  'decay_24h_range',
  'decay_24h_domain',
  'accounts_10m_device',
  'accounts_10m_ip',
  'accounts_10m_merchant',
  'accounts_10m_binMerchant',
  'accounts_10m_range',
  'accounts_24h_device',
  'accounts_24h_ip',
  'accounts_24h_email',
  'accounts_24h_domain',
  'accounts_7d_shipTo',
  'accounts_7d_phone',
  'fresh_1h_range',
  'fresh_1h_binMerchant',
  'fresh_1h_merchant',
  'fresh_1h_device',
  'fresh_1h_ip',
  'same_amount_10m_account',
  'same_amount_10m_merchant',
  'others_7d_device',
  'others_30d_email',
  'others_30d_shipTo',
  'others_30d_phone',
  'newcomers_30d_device',
  'newcomers_30d_email',
  'newcomers_30d_shipTo',
  'devices_24h_account',
  'amount_log',
  'amount_z',
  'amount_ratio_log10',
  'amount_usual_log',
  'amount_sum_24h_log',
  'habit_n',
  'hour_distance',
  'hour_share',
  'night_share',
  'is_night',
  'device_is_first',
  'device_is_trusted',
  'device_seen_n',
  'device_seen_days',
  'device_known_days',
  'devices_known',
  'likeness_is_first',
  'likeness_is_trusted',
  'likenesses_known',
  'merchant_is_first',
  'merchant_seen_n',
  'merchants_known',
  'ship_to_is_first',
  'ship_to_is_trusted',
  'ship_to_known_days',
  'ship_tos_known',
  'country_is_first',
  'email_is_first',
  'email_is_trusted',
  'email_known_days',
  'emails_known',
  'phone_is_first',
  'phone_known_days',
  'phones_known',
  'network_is_first',
  'network_known_days',
  'networks_known',
  'method_is_replayed',
  'domain_age_days',
  'travel_km',
  'travel_kmh',
  'account_age_days',
  'account_idle_days',
  'challenges_passed',
  'challenges_failed',
  'challenges_abandoned',
  'machine_answers_30d',
  'failed_decay_24h',
  'frictionless_n',
  'frictionless_sum',
  'frauds_account',
  'frauds_device',
  'frauds_ip',
  'frauds_email',
  'frauds_shipTo',
  'frauds_phone',
  'frauds_merchant',
  'merchant_fraud_months',
  'merchant_frauds_2y_n',
  'merchant_frauds_2y_sum',
  'confirmed_good_account',
  'gift_card_amount_log',
  'delivery_timeframe',
  'is_reordered',
  'ship_address_age',
  'email_is_alias',
  'shop_account_age',
  'shop_account_change',
  'shop_password_change',
  'shop_purchases',
  'shop_purchases_today',
  'shop_suspects',
  'missing_elements',
  'freeman_network',
  'freeman_agent',
  'freeman_volume',
] as const

export type FeatureName = ActivityName | (typeof otherNames)[number]
export const featureNames: readonly FeatureName[] = [...activityNames, ...otherNames]

/** Values in the order of `featureNames`. */
export type Features = Float64Array

/** Where each feature is. */
export const at = Object.fromEntries(featureNames.map((name, position) => [name, position])) as {
  readonly [N in FeatureName]: number
}
/** Of which features an array holds the values: a record of another program may hold others. */
export const featureSet = markOf(featureNames.join(' ')).toString(36)
export const isFeature = (name: string): name is FeatureName => Object.hasOwn(at, name)
export const positionOf = (name: FeatureName): number => at[name]
export const named = (features: ArrayLike<number>): Readonly<Record<string, number>> =>
  Object.fromEntries(featureNames.map((name, position) => [name, features[position] ?? Number.NaN]))

export const windows = { '10m': 600, '1h': 3_600, '24h': 86_400, '7d': 604_800 } as const // seconds

/** Below so many purchases there is no habit to speak of. */
export const habitFrom = 5
/** A young habit is held against a wide one, as if so many purchases of this log deviation had been seen as well. */
const prior = { n: 4, logDeviation: 0.6 }

export const deviationOf = (habit: Habit): number => deviationFrom(habit.n, habit.logM2)

/** Of so many purchases with this sum of squared deviations. */
export const deviationFrom = (n: number, logM2: number): number =>
  Math.sqrt((logM2 + prior.n * prior.logDeviation ** 2) / (n + prior.n))

export const isHabit = (habit: Habit | undefined): habit is Habit => habit !== undefined && habit.n >= habitFrom

const angles = Array.from({ length: 24 }, (_, hour) => ((hour + 0.5) / 24) * 2 * Math.PI)
export const cosines: readonly number[] = angles.map(Math.cos)
export const sines: readonly number[] = angles.map(Math.sin)

export const newFeatures = (): Features => new Float64Array(featureNames.length)

export const featuresOf = (profiles: Profiles, facts: Facts, ts: number): Features =>
  featuresInto(newFeatures(), profiles, facts, ts)

/** Fills `out`; `ts` in whole seconds. */
export function featuresInto(out: Features, profiles: Profiles, facts: Facts, ts: number): Features {
  const { keys, marks, amount } = facts
  const account = profiles.account ?? emptyProfile
  const { device, ip, email, merchant, shipTo, phone, range, domain, binMerchant } = profiles
  const hasDevice = keys.device !== undefined
  const hasIp = keys.ip !== undefined
  const hasEmail = keys.email !== undefined
  const hasMerchant = keys.merchant !== undefined
  const hasShipTo = keys.shipTo !== undefined
  const hasPhone = keys.phone !== undefined
  const hasRange = keys.range !== undefined
  const hasDomain = keys.domain !== undefined
  const hasBoth = keys.binMerchant !== undefined
  activity(out, at.n_10m_account, account, ts, true)
  activity(out, at.n_10m_device, device, ts, hasDevice)
  activity(out, at.n_10m_ip, ip, ts, hasIp)
  activity(out, at.n_10m_email, email, ts, hasEmail)
  activity(out, at.n_10m_merchant, merchant, ts, hasMerchant)
  activity(out, at.n_10m_shipTo, shipTo, ts, hasShipTo)
  activity(out, at.n_10m_phone, phone, ts, hasPhone)
  activity(out, at.n_10m_binMerchant, binMerchant, ts, hasBoth)
  out[at.decay_1h_range] = counter(hasRange, range, range?.decay1h, ts, halfLives['1h'])
  out[at.decay_24h_range] = counter(hasRange, range, range?.decay24h, ts, halfLives['24h'])
  out[at.decay_24h_domain] = counter(hasDomain, domain, domain?.decay24h, ts, halfLives['24h'])
  out[at.accounts_10m_device] = distinct(hasDevice, device?.accounts, ts, windows['10m'])
  out[at.accounts_10m_ip] = distinct(hasIp, ip?.accounts, ts, windows['10m'])
  out[at.accounts_10m_merchant] = distinct(hasMerchant, merchant?.accounts, ts, windows['10m'])
  out[at.accounts_10m_binMerchant] = distinct(hasBoth, binMerchant?.accounts, ts, windows['10m'])
  out[at.accounts_10m_range] = distinct(hasRange, range?.accounts, ts, windows['10m'])
  out[at.accounts_24h_device] = distinct(hasDevice, device?.accounts, ts, windows['24h'])
  out[at.accounts_24h_ip] = distinct(hasIp, ip?.accounts, ts, windows['24h'])
  out[at.accounts_24h_email] = distinct(hasEmail, email?.accounts, ts, windows['24h'])
  out[at.accounts_24h_domain] = distinct(hasDomain, domain?.accounts, ts, windows['24h'])
  out[at.accounts_7d_shipTo] = distinct(hasShipTo, shipTo?.accounts, ts, windows['7d'])
  out[at.accounts_7d_phone] = distinct(hasPhone, phone?.accounts, ts, windows['7d'])
  out[at.fresh_1h_range] = counter(hasRange, range, range?.fresh1h, ts, halfLives['1h'])
  out[at.fresh_1h_binMerchant] = counter(hasBoth, binMerchant, binMerchant?.fresh1h, ts, halfLives['1h'])
  out[at.fresh_1h_merchant] = counter(hasMerchant, merchant, merchant?.fresh1h, ts, halfLives['1h'])
  out[at.fresh_1h_device] = counter(hasDevice, device, device?.fresh1h, ts, halfLives['1h'])
  out[at.fresh_1h_ip] = counter(hasIp, ip, ip?.fresh1h, ts, halfLives['1h'])
  out[at.same_amount_10m_account] = sameAmount(account, amount, ts, windows['10m'])
  out[at.same_amount_10m_merchant] = hasMerchant ? sameAmount(merchant, amount, ts, windows['10m']) : Number.NaN
  out[at.others_7d_device] = distinct(hasDevice, device?.others, ts, windows['7d'])
  out[at.others_30d_email] = distinct(hasEmail, email?.others, ts, days30)
  out[at.others_30d_shipTo] = distinct(hasShipTo, shipTo?.others, ts, days30)
  out[at.others_30d_phone] = distinct(hasPhone, phone?.others, ts, days30)
  out[at.newcomers_30d_device] = counter(hasDevice, device, device?.newcomers30d, ts, halfLives['30d'])
  out[at.newcomers_30d_email] = counter(hasEmail, email, email?.newcomers30d, ts, halfLives['30d'])
  out[at.newcomers_30d_shipTo] = counter(hasShipTo, shipTo, shipTo?.newcomers30d, ts, halfLives['30d'])
  out[at.devices_24h_account] = distinct(true, account.devices, ts, windows['24h'])

  const habit = isHabit(account.habit) ? account.habit : undefined
  const log = amount === undefined ? Number.NaN : Math.log(Math.max(amount, 1))
  out[at.amount_log] = log
  out[at.amount_z] = habit === undefined ? Number.NaN : (log - habit.logMean) / deviationOf(habit)
  out[at.amount_ratio_log10] = habit === undefined ? Number.NaN : (log - habit.logMean) * Math.LOG10E
  out[at.amount_usual_log] = habit === undefined ? Number.NaN : habit.logMean
  out[at.amount_sum_24h_log] = Math.log1p(spentSince(account, ts, windows['24h']))
  out[at.habit_n] = account.habit?.n ?? 0

  const { localHour } = facts
  const hour = localHour === undefined ? Number.NaN : Math.floor(localHour)
  const knowsHours = habit !== undefined && localHour !== undefined
  out[at.hour_distance] = knowsHours ? hourDistance(habit, localHour) : Number.NaN
  out[at.hour_share] = knowsHours ? shareOf(habit, hour, hour) : Number.NaN
  out[at.night_share] = habit === undefined ? Number.NaN : shareOf(habit, 0, 4)
  out[at.is_night] = localHour === undefined ? Number.NaN : hour <= 4 ? 1 : 0

  const known = find(account.devices, marks.device)
  out[at.device_is_first] = first(marks.device, known)
  out[at.device_is_trusted] = trusted(marks.device, known)
  out[at.device_seen_n] = marks.device === undefined ? Number.NaN : (known?.count ?? 0)
  out[at.device_seen_days] = known === undefined ? Number.NaN : (known.last - known.first) / day
  out[at.device_known_days] = knownFor(marks.device, known, ts)
  out[at.devices_known] = account.devices.length
  const alike = find(account.likes, marks.likeness)
  out[at.likeness_is_first] = first(marks.likeness, alike)
  out[at.likeness_is_trusted] = trusted(marks.likeness, alike)
  out[at.likenesses_known] = account.likes.length
  const shop = find(account.merchants, marks.merchant)
  out[at.merchant_is_first] = first(marks.merchant, shop)
  out[at.merchant_seen_n] = marks.merchant === undefined ? Number.NaN : (shop?.count ?? 0)
  out[at.merchants_known] = account.merchants.length
  const shipped = find(account.shipTos, marks.shipTo)
  out[at.ship_to_is_first] = first(marks.shipTo, shipped)
  out[at.ship_to_is_trusted] = trusted(marks.shipTo, shipped)
  out[at.ship_to_known_days] = knownFor(marks.shipTo, shipped, ts)
  out[at.ship_tos_known] = account.shipTos.length
  out[at.country_is_first] = first(marks.country, find(account.countries, marks.country))
  const mailed = find(account.emails, marks.email)
  out[at.email_is_first] = first(marks.email, mailed)
  out[at.email_is_trusted] = trusted(marks.email, mailed)
  out[at.email_known_days] = knownFor(marks.email, mailed, ts)
  out[at.emails_known] = account.emails.length
  const called = find(account.phones, marks.phone)
  out[at.phone_is_first] = first(marks.phone, called)
  out[at.phone_known_days] = knownFor(marks.phone, called, ts)
  out[at.phones_known] = account.phones.length
  const block = find(account.networks, marks.network)
  out[at.network_is_first] = first(marks.network, block)
  out[at.network_known_days] = knownFor(marks.network, block, ts)
  out[at.networks_known] = account.networks.length
  out[at.method_is_replayed] =
    marks.method === undefined
      ? Number.NaN
      : find(account.methods, marks.method) === undefined && find(device?.methods ?? none, marks.method) === undefined
        ? 0
        : 1
  out[at.domain_age_days] = !hasDomain ? Number.NaN : domain === undefined ? 0 : Math.max(0, ts - domain.first) / day
  travel(out, account.place, facts.network, ts)

  const isUsed = account.count > 0
  out[at.account_age_days] = isUsed ? Math.max(0, ts - account.first) / day : Number.NaN
  out[at.account_idle_days] = isUsed ? Math.max(0, ts - account.last) / day : Number.NaN
  out[at.challenges_passed] = account.passed
  out[at.challenges_failed] = account.failed
  out[at.challenges_abandoned] = account.abandoned
  out[at.machine_answers_30d] = counter(true, account, account.machine30d, ts, halfLives['30d'])
  out[at.failed_decay_24h] = decayed(account.failed24h, ts - account.failedAt, halfLives['24h'])
  out[at.frictionless_n] = account.spared?.n ?? 0
  out[at.frictionless_sum] = account.spared?.sum ?? 0
  out[at.frauds_account] = account.frauds?.n ?? 0
  out[at.frauds_device] = hasDevice ? (device?.frauds?.n ?? 0) : Number.NaN
  out[at.frauds_ip] = hasIp ? (ip?.frauds?.n ?? 0) : Number.NaN
  out[at.frauds_email] = hasEmail ? (email?.frauds?.n ?? 0) : Number.NaN
  out[at.frauds_shipTo] = hasShipTo ? (shipTo?.frauds?.n ?? 0) : Number.NaN
  out[at.frauds_phone] = hasPhone ? (phone?.frauds?.n ?? 0) : Number.NaN
  out[at.frauds_merchant] = hasMerchant ? (merchant?.frauds?.n ?? 0) : Number.NaN
  merchantFrauds(out, hasMerchant, merchant?.frauds, facts.month)
  out[at.confirmed_good_account] = account.confirmedGood

  told(out, facts)
  const chains = facts.chains === undefined ? undefined : chainRatiosOf(profiles, facts.chains)
  out[at.freeman_network] = chains?.network ?? Number.NaN
  out[at.freeman_agent] = chains?.agent ?? Number.NaN
  out[at.freeman_volume] = chains?.volume ?? Number.NaN
  return out
}

/** What needs no profile: features that stand side by side, from the first of these on. */
export const toldNames = [
  'gift_card_amount_log',
  'delivery_timeframe',
  'is_reordered',
  'ship_address_age',
  'email_is_alias',
  'shop_account_age',
  'shop_account_change',
  'shop_password_change',
  'shop_purchases',
  'shop_purchases_today',
  'shop_suspects',
  'missing_elements',
] as const satisfies readonly FeatureName[]
const firstTold = at[toldNames[0]]
const everyTold = Uint8Array.from(toldNames.keys())

/** `which`: of `toldNames`, by their places there. */
export function told(out: Features, facts: Facts, which: Uint8Array = everyTold): void {
  for (let i = 0; i < which.length; i++) {
    const place = which[i] as number
    out[firstTold + place] = toldOf(facts, place)
  }
}

function toldOf(facts: Facts, place: number): number {
  switch (place) {
    case 0:
      return facts.giftCardAmount === undefined ? Number.NaN : Math.log1p(facts.giftCardAmount)
    case 1:
      return facts.deliveryTimeframe ?? Number.NaN
    case 2:
      return flag(facts.reordered)
    case 3:
      return facts.shipAddressAge ?? Number.NaN
    case 4:
      return flag(facts.emailAlias)
    case 5:
      return facts.shopAccountAge ?? Number.NaN
    case 6:
      return facts.shopAccountChange ?? Number.NaN
    case 7:
      return facts.shopPasswordChange ?? Number.NaN
    case 8:
      return facts.shopPurchases ?? Number.NaN
    case 9:
      return facts.shopPurchasesToday ?? Number.NaN
    case 10:
      return flag(facts.shopSuspects)
    default:
      return facts.missing
  }
}

const day = 86_400
const none: readonly Known[] = []
const days30 = 30 * day

/** A counter as it stands now; 0 for an entity that was never seen, NaN for one that is not told. */
const counter = (
  told: boolean,
  profile: Profile | undefined,
  value: number | undefined,
  ts: number,
  halfLife: number,
): number =>
  !told ? Number.NaN : profile === undefined || value === undefined ? 0 : decayed(value, ts - profile.last, halfLife)

const distinct = (told: boolean, set: readonly Known[] | undefined, ts: number, seconds: number): number =>
  told ? seenSince(set, ts, seconds) : Number.NaN

const first = (id: number | undefined, known: Known | undefined): number =>
  id === undefined ? Number.NaN : known === undefined ? 1 : 0
/** Days since it was first seen with this card; what was refused an hour ago is no old acquaintance. */
const knownFor = (id: number | undefined, known: Known | undefined, ts: number): number =>
  id === undefined ? Number.NaN : known === undefined ? 0 : Math.max(0, ts - known.first) / day

const trusted = (id: number | undefined, known: Known | undefined): number =>
  id === undefined ? Number.NaN : known?.trusted === true ? 1 : 0

function sameAmount(profile: Profile | undefined, amount: number | undefined, ts: number, seconds: number): number {
  if (amount === undefined) return Number.NaN
  if (profile === undefined) return 0
  const { times, amounts } = profile
  let n = 0
  for (let i = times.length - 1; i >= 0; i--) {
    const time = times[i] ?? 0
    if (time <= ts - seconds) break
    if (time <= ts && amounts[i] === amount) n++
  }
  return n
}

/** A minute is the least that two places are apart in time, so that one stream of seconds is no journey at infinite speed. */
const leastTravelSeconds = 60

const travelKm = at.travel_km
const travelKmh = at.travel_kmh

export function travel(out: Features, place: Place | undefined, network: Facts['network'], ts: number): void {
  if (place === undefined || network?.lat === undefined || network.lon === undefined) {
    out[travelKm] = Number.NaN
    out[travelKmh] = Number.NaN
    return
  }
  const { lat, lon } = network
  // Most buy from where they bought before. Of a country's middle only what lies between the countries is sure.
  const between = lat === place.lat && lon === place.lon ? 0 : kmBetween(place, { lat, lon })
  const km = Math.max(0, between - place.radiusKm - (network.radiusKm ?? 0))
  out[travelKm] = km
  out[travelKmh] = km / (Math.max(Math.abs(ts - place.ts), leastTravelSeconds) / 3_600)
}

/** Fraud of a merchant in yen above which a calendar month counts. Spec: definitions, manifest-fraud merchant (Japan). */
export const manifestFraudFrom = 500_000

/** The consecutive months right before this one that were above the limit, and what two years came to. */
export function merchantFrauds(
  out: Features,
  told: boolean,
  frauds: Pick<Frauds, 'months'> | undefined,
  month: number,
): void {
  let inARow = 0
  let n = 0
  let sum = 0
  if (frauds !== undefined) {
    const { months } = frauds
    for (let i = months.length - 1; i >= 0; i--) {
      const one = months[i]
      if (one === undefined) continue
      if (one.month > month - 24) {
        n += one.n
        sum += one.sum
      }
      if (one.sum > manifestFraudFrom && one.month === month - 1 - inARow) inARow += 1
    }
  }
  out[at.merchant_fraud_months] = told ? inARow : Number.NaN
  out[at.merchant_frauds_2y_n] = told ? n : Number.NaN
  out[at.merchant_frauds_2y_sum] = told ? sum : Number.NaN
}

/** Four window counts in one pass over the ring, newest first, and three decayed counters. */
function activity(out: Features, from: number, profile: Profile | undefined, ts: number, told: boolean): void {
  if (!told || profile === undefined) {
    for (let i = from; i < from + 7; i++) out[i] = told ? 0 : Number.NaN
    return
  }
  const { times } = profile
  const newest = before(times, times.length - 1, ts)
  const in10m = before(times, newest, ts - windows['10m'])
  const in1h = before(times, in10m, ts - windows['1h'])
  const in24h = before(times, in1h, ts - windows['24h'])
  out[from] = newest - in10m
  out[from + 1] = newest - in1h
  out[from + 2] = newest - in24h
  out[from + 3] = newest - before(times, in24h, ts - windows['7d'])
  const seconds = ts - profile.last
  out[from + 4] = decayed(profile.decay1h, seconds, halfLives['1h'])
  out[from + 5] = decayed(profile.decay24h, seconds, halfLives['24h'])
  out[from + 6] = decayed(profile.decay30d, seconds, halfLives['30d'])
}

/** The last place, from `i` back, of an event not after `time`; -1 when even the oldest is after it. */
function before(times: readonly number[], i: number, time: number): number {
  if ((times[0] ?? 0) > time) return -1
  let found = i
  while (found >= 0 && (times[found] ?? 0) > time) found--
  return found
}

function seenSince(set: readonly Known[] | undefined, ts: number, seconds: number): number {
  let n = 0
  if (set !== undefined) for (const known of set) if (known.last > ts - seconds && known.last <= ts) n++
  return n
}

function spentSince({ times, amounts }: Profile, ts: number, seconds: number): number {
  let sum = 0
  for (let i = times.length - 1; i >= 0; i--) {
    const time = times[i] ?? 0
    if (time <= ts - seconds) break
    if (time <= ts) sum += Math.max(0, amounts[i] ?? 0)
  }
  return sum
}

const flag = (said: boolean | undefined): number => (said === undefined ? Number.NaN : said ? 1 : 0)

/** Hours between now and the circular mean of the holder's hours, 0 to 12. */
function hourDistance(habit: Habit, localHour: number): number {
  let x = 0
  let y = 0
  for (let hour = 0; hour < 24; hour++) {
    const purchases = habit.hours[hour] ?? 0
    x += purchases * (cosines[hour] ?? 0)
    y += purchases * (sines[hour] ?? 0)
  }
  return hoursFrom(x, y, localHour)
}

/** Hours between now and a direction on the clock. */
export function hoursFrom(x: number, y: number, localHour: number): number {
  const mean = (Math.atan2(y, x) / (2 * Math.PI)) * 24
  const apart = Math.abs(localHour - mean) % 24
  return Math.min(apart, 24 - apart)
}

function shareOf(habit: Habit, from: number, to: number): number {
  let within = 0
  let all = 0
  for (let hour = 0; hour < 24; hour++) {
    const purchases = habit.hours[hour] ?? 0
    all += purchases
    if (hour >= from && hour <= to) within += purchases
  }
  return all === 0 ? 0 : within / all
}
