/**
 * Named numbers about one AReq and what came before it. NaN: it cannot be known, which is not 0.
 *
 * A window of w seconds at time t counts the earlier events e with t - w < e.ts <= t; the event itself is not counted.
 * A profile keeps 64 events: when a window reaches past the oldest of a full ring, its count is 64, the ring's size.
 * Distinct accounts and devices come from bounded sets in the same way (16 accounts, 8 devices).
 */
import type { Facts } from './facts.ts'
import {
  decayed,
  emptyProfile,
  find,
  type Habit,
  halfLives,
  type Known,
  type Profile,
  type Profiles,
} from './profile.ts'

export const featureNames = [
  'n_10m_account',
  'n_1h_account',
  'n_24h_account',
  'n_7d_account',
  'decay_1h_account',
  'decay_24h_account',
  'decay_30d_account',
  'n_10m_device',
  'n_1h_device',
  'n_24h_device',
  'n_7d_device',
  'decay_1h_device',
  'decay_24h_device',
  'decay_30d_device',
  'n_10m_ip',
  'n_1h_ip',
  'n_24h_ip',
  'n_7d_ip',
  'decay_1h_ip',
  'decay_24h_ip',
  'decay_30d_ip',
  'n_10m_email',
  'n_1h_email',
  'n_24h_email',
  'n_7d_email',
  'decay_1h_email',
  'decay_24h_email',
  'decay_30d_email',
  'n_10m_merchant',
  'n_1h_merchant',
  'n_24h_merchant',
  'n_7d_merchant',
  'decay_1h_merchant',
  'decay_24h_merchant',
  'decay_30d_merchant',
  'decay_1h_range',
  'decay_24h_shipTo',
  'accounts_24h_device',
  'accounts_24h_ip',
  'accounts_24h_email',
  'accounts_7d_shipTo',
  'devices_24h_account',
  'amount_log',
  'amount_z',
  'amount_ratio_log10',
  'amount_sum_24h_log',
  'habit_n',
  'hour_distance',
  'hour_share',
  'night_share',
  'is_night',
  'device_is_first',
  'device_is_trusted',
  'merchant_is_first',
  'ship_to_is_first',
  'country_is_first',
  'account_age_days',
  'account_idle_days',
  'challenges_passed',
  'challenges_failed',
  'failed_decay_24h',
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
] as const
export type FeatureName = (typeof featureNames)[number]

/** Values in the order of `featureNames`. */
export type Features = readonly number[]

const index = Object.fromEntries(featureNames.map((name, at) => [name, at]))
export const positionOf = (name: FeatureName): number => index[name] ?? -1
export const named = (features: Features): Readonly<Record<string, number>> =>
  Object.fromEntries(featureNames.map((name, at) => [name, features[at] ?? Number.NaN]))

/** Where the checks find what they read. */
export const at = {
  account: positionOf('n_10m_account'),
  device: positionOf('n_10m_device'),
  ip: positionOf('n_10m_ip'),
  email: positionOf('n_10m_email'),
  merchant: positionOf('n_10m_merchant'),
  rest: positionOf('decay_1h_range'),
  accounts_24h_device: positionOf('accounts_24h_device'),
  accounts_24h_ip: positionOf('accounts_24h_ip'),
  accounts_24h_email: positionOf('accounts_24h_email'),
  accounts_7d_shipTo: positionOf('accounts_7d_shipTo'),
  amount_z: positionOf('amount_z'),
  amount_ratio_log10: positionOf('amount_ratio_log10'),
  night_share: positionOf('night_share'),
  is_night: positionOf('is_night'),
} as const

export const windows = { '10m': 600, '1h': 3_600, '24h': 86_400, '7d': 604_800 } as const // seconds

/** Below so many purchases there is no habit to speak of. */
export const habitFrom = 5
/** A young habit is held against a wide one, as if so many purchases of this log deviation had been seen as well. */
const prior = { n: 4, logDeviation: 0.6 }

export const deviationOf = (habit: Habit): number =>
  Math.sqrt((habit.logM2 + prior.n * prior.logDeviation ** 2) / (habit.n + prior.n))

export const isHabit = (habit: Habit | undefined): habit is Habit => habit !== undefined && habit.n >= habitFrom

const angles = Array.from({ length: 24 }, (_, hour) => ((hour + 0.5) / 24) * 2 * Math.PI)
const cosines = angles.map(Math.cos)
const sines = angles.map(Math.sin)

export function featuresOf(profiles: Profiles, facts: Facts, ts: number): Features {
  const { keys, marks, amount } = facts
  const account = profiles.account ?? emptyProfile
  const out = new Array<number>(featureNames.length)
  activity(out, at.account, account, ts, true)
  activity(out, at.device, profiles.device, ts, keys.device !== undefined)
  activity(out, at.ip, profiles.ip, ts, keys.ip !== undefined)
  activity(out, at.email, profiles.email, ts, keys.email !== undefined)
  activity(out, at.merchant, profiles.merchant, ts, keys.merchant !== undefined)
  const { range, shipTo } = profiles
  let i = at.rest
  out[i++] = keys.range === undefined ? Number.NaN : decayAt(range?.decay1h, range, ts, halfLives['1h'])
  out[i++] = keys.shipTo === undefined ? Number.NaN : decayAt(shipTo?.decay24h, shipTo, ts, halfLives['24h'])
  out[i++] = keys.device === undefined ? Number.NaN : seenSince(profiles.device?.accounts, ts, windows['24h'])
  out[i++] = keys.ip === undefined ? Number.NaN : seenSince(profiles.ip?.accounts, ts, windows['24h'])
  out[i++] = keys.email === undefined ? Number.NaN : seenSince(profiles.email?.accounts, ts, windows['24h'])
  out[i++] = keys.shipTo === undefined ? Number.NaN : seenSince(shipTo?.accounts, ts, windows['7d'])
  out[i++] = seenSince(account.devices, ts, windows['24h'])

  const habit = isHabit(account.habit) ? account.habit : undefined
  const log = amount === undefined ? Number.NaN : Math.log(Math.max(amount, 1))
  out[i++] = log
  out[i++] = habit === undefined ? Number.NaN : (log - habit.logMean) / deviationOf(habit)
  out[i++] = habit === undefined ? Number.NaN : (log - habit.logMean) * Math.LOG10E
  out[i++] = Math.log1p(spentSince(account, ts, windows['24h']))
  out[i++] = account.habit?.n ?? 0

  const { localHour } = facts
  const hour = localHour === undefined ? Number.NaN : Math.floor(localHour)
  out[i++] = habit === undefined || localHour === undefined ? Number.NaN : hourDistance(habit, localHour)
  out[i++] = habit === undefined || localHour === undefined ? Number.NaN : shareOf(habit, hour, hour)
  out[i++] = habit === undefined ? Number.NaN : shareOf(habit, 0, 4)
  out[i++] = localHour === undefined ? Number.NaN : hour <= 4 ? 1 : 0

  const device = find(account.devices, marks.device)
  out[i++] = marks.device === undefined ? Number.NaN : device === undefined ? 1 : 0
  out[i++] = marks.device === undefined ? Number.NaN : device?.trusted === true ? 1 : 0
  out[i++] = isFirst(account.merchants, marks.merchant)
  out[i++] = isFirst(account.shipTos, marks.shipTo)
  out[i++] = isFirst(account.countries, marks.country)
  out[i++] = account.count === 0 ? Number.NaN : Math.max(0, ts - account.first) / 86_400
  out[i++] = account.count === 0 ? Number.NaN : Math.max(0, ts - account.last) / 86_400
  out[i++] = account.passed
  out[i++] = account.failed
  out[i++] = decayed(account.failed24h, ts - account.failedAt, halfLives['24h'])
  out[i++] = facts.giftCardAmount === undefined ? Number.NaN : Math.log1p(facts.giftCardAmount)
  out[i++] = facts.deliveryTimeframe ?? Number.NaN
  out[i++] = flag(facts.reordered)
  out[i++] = facts.shipAddressAge ?? Number.NaN
  out[i++] = flag(facts.emailAlias)
  out[i++] = facts.shopAccountAge ?? Number.NaN
  out[i++] = facts.shopAccountChange ?? Number.NaN
  out[i++] = facts.shopPasswordChange ?? Number.NaN
  out[i++] = facts.shopPurchases ?? Number.NaN
  out[i++] = facts.shopPurchasesToday ?? Number.NaN
  out[i++] = flag(facts.shopSuspects)
  out[i++] = facts.missing
  return out
}

/** Four window counts in one pass over the ring, newest first, and three decayed counters. */
function activity(out: number[], from: number, profile: Profile | undefined, ts: number, told: boolean): void {
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

const decayAt = (counter: number | undefined, profile: Profile | undefined, ts: number, halfLife: number): number =>
  counter === undefined || profile === undefined ? 0 : decayed(counter, ts - profile.last, halfLife)

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

const isFirst = (set: readonly Known[], id: number | undefined): number =>
  id === undefined ? Number.NaN : find(set, id) === undefined ? 1 : 0

/** Hours between now and the circular mean of the holder's hours, 0 to 12. */
function hourDistance(habit: Habit, localHour: number): number {
  let x = 0
  let y = 0
  for (let hour = 0; hour < 24; hour++) {
    const purchases = habit.hours[hour] ?? 0
    x += purchases * (cosines[hour] ?? 0)
    y += purchases * (sines[hour] ?? 0)
  }
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
