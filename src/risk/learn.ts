/** What the outcome of a purchase teaches. Only what was approved becomes a habit; only a passed challenge gives trust. */
import type { Facts } from './facts.ts'
import { deviationOf, isHabit } from './features.ts'
import { presenceAt } from './presence.ts'
import {
  decayed,
  type EntityKind,
  emptyProfile,
  type FraudMonth,
  find,
  type Habit,
  halfLives,
  type Profile,
  type Profiles,
  setSizes,
  trusting,
} from './profile.ts'

/** What has to be kept of the facts until the challenge is over. */
export type LearnFacts = Pick<Facts, 'keys' | 'marks' | 'amount' | 'localHour'> & Partial<Pick<Facts, 'presence'>>

type Blame = {
  readonly facts: LearnFacts
  /** Calendar month of the purchase, as `monthAt` gives it. */
  readonly month: number
  /** Of the purchase, in yen: totals of merchants are held against limits in yen. */
  readonly yen: number
}

export type Outcome =
  | {
      readonly kind: 'frictionless'
      readonly facts: LearnFacts
    }
  | {
      readonly kind: 'challengePassed' | 'challengeFailed' | 'challengeAbandoned'
      readonly facts: LearnFacts
      /** The answer was entered as a machine does it. */
      readonly wasMachine?: boolean | undefined
    }
  | (Blame & {
      /** A label: somebody was told, by the holder, a chargeback or a review, what the purchase was. */
      readonly kind: 'fraud'
      /** Of the purchase, in seconds. What the card had known before it is the holder's own, and is not blamed. */
      readonly at: number
    })
  /** From all whose keys the facts hold: those that were blamed. */
  | (Blame & { readonly kind: 'fraudWithdrawn' })
  | { readonly kind: 'confirmedGood' | 'confirmedGoodWithdrawn'; readonly facts: LearnFacts }

/** The profiles that the outcome changes, as they are after it. `now` in milliseconds. */
export function learn(profiles: Profiles, outcome: Outcome, now: number): Profiles {
  const ts = Math.floor(now / 1000)
  const { facts } = outcome
  const before = profiles.account ?? emptyProfile
  const wasMachine = 'wasMachine' in outcome && outcome.wasMachine === true
  const account = wasMachine ? { ...before, machine30d: before.machine30d + 1 } : before
  switch (outcome.kind) {
    case 'frictionless':
      // What a shop collects without the holder (3RI) is nobody's habit.
      return facts.localHour === undefined || !isPurchase(facts)
        ? {}
        : { account: sparing(withHabit(account, facts), facts.amount ?? 0) }
    case 'challengePassed': {
      const { device } = profiles
      const trusted = trustedBy(account, facts, ts)
      return {
        account: withHabit(trusted, facts),
        device: facts.keys.device === undefined ? undefined : deviceTrustedBy(device ?? emptyProfile, facts, ts),
      }
    }
    case 'challengeFailed': {
      const failed24h = decayed(account.failed24h, ts - account.failedAt, halfLives['24h']) + 1
      return {
        account: { ...account, failed: account.failed + 1, failed24h, failedAt: Math.max(ts, account.failedAt) },
      }
    }
    case 'challengeAbandoned':
      return { account: { ...account, abandoned: account.abandoned + 1 } }
    case 'fraud':
    case 'fraudWithdrawn':
      return labelled(profiles, outcome, ts)
    case 'confirmedGood':
      return { account: { ...account, confirmedGood: account.confirmedGood + 1 } }
    case 'confirmedGoodWithdrawn':
      return { account: { ...account, confirmedGood: Math.max(0, account.confirmedGood - 1) } }
  }
}

/** What is paid in a currency that nobody has a rate for was spared a challenge all the same. */
export const isPurchase = (facts: Pick<LearnFacts, 'amount' | 'presence'>): boolean =>
  facts.amount !== undefined || presenceAt(facts.presence, 'purchaseAmount') === 'present'

const withHabit = (account: Profile, { amount, localHour }: LearnFacts): Profile =>
  amount === undefined || localHour === undefined ? account : withPurchase(account, amount, localHour)

const sparing = (account: Profile, amount: number): Profile => ({
  ...account,
  spared: { n: (account.spared?.n ?? 0) + 1, sum: (account.spared?.sum ?? 0) + amount },
})

/** Whom a fraud is held against: what is the thief's, or may be, and the shop's total. */
export const blamed = [
  'account',
  'device',
  'ip',
  'email',
  'shipTo',
  'phone',
  'merchant',
] as const satisfies readonly EntityKind[]
const monthsKept = 25

function labelled(profiles: Profiles, outcome: Extract<Outcome, Blame>, ts: number): Profiles {
  const { facts, month, yen } = outcome
  const sign = outcome.kind === 'fraud' ? 1 : -1
  const next: { -readonly [K in EntityKind]?: Profile | undefined } = {}
  const isSpared = (entity: (typeof blamed)[number]): boolean =>
    outcome.kind === 'fraud' && isHoldersOwn(entity, profiles.account, facts, outcome.at)
  for (const entity of blamed) {
    if (facts.keys[entity] === undefined || isSpared(entity)) continue
    const profile = profiles[entity] ?? emptyProfile
    const before = profile.frauds ?? { n: 0, last: 0, months: [] }
    const n = Math.max(0, before.n + sign)
    const months = entity === 'merchant' ? withMonth(before.months, month, sign, wholeYen(yen) * sign) : before.months
    next[entity] = {
      ...profile,
      frauds: n === 0 && months.length === 0 ? undefined : { n, last: Math.max(ts, before.last), months },
    }
  }
  return next
}

export const wholeYen = (yen: number): number => Math.min(Math.round(yen), Number.MAX_SAFE_INTEGER)

/** A thief may show the holder's browser, and have goods sent to the holder's door. */
function isHoldersOwn(
  entity: (typeof blamed)[number],
  account: Profile | undefined,
  { marks }: LearnFacts,
  at: number,
): boolean {
  if (account === undefined) return false
  const known =
    entity === 'device'
      ? find(account.devices, marks.device)
      : entity === 'email'
        ? find(account.emails, marks.email)
        : entity === 'shipTo'
          ? find(account.shipTos, marks.shipTo)
          : entity === 'phone'
            ? find(account.phones, marks.phone)
            : undefined
  return known !== undefined && known.first < at - thiefSeconds
}
/** A thief tries for a day or two until the number is blocked. */
export const thiefSeconds = 2 * 86_400

export function withMonth(months: readonly FraudMonth[], month: number, n: number, sum: number): readonly FraudMonth[] {
  const held = months.find((one) => one.month === month) ?? { month, n: 0, sum: 0 }
  const now = { month, n: Math.max(0, held.n + n), sum: Math.max(0, held.sum + sum) }
  const others = months.filter((one) => one.month !== month)
  const all = now.n === 0 ? others : [...others, now]
  return all.sort((a, b) => a.month - b.month).slice(-monthsKept)
}

function trustedBy(account: Profile, { marks }: LearnFacts, ts: number): Profile {
  return {
    ...account,
    passed: account.passed + 1,
    spared: undefined,
    emails: trusting(account.emails, marks.email, ts, setSizes.emails),
    phones: trusting(account.phones, marks.phone, ts, setSizes.phones),
    networks: trusting(account.networks, marks.network, ts, setSizes.networks),
    likes: trusting(account.likes, marks.likeness, ts, setSizes.likes),
    devices: trusting(account.devices, marks.device, ts, setSizes.devices),
    shipTos: trusting(account.shipTos, marks.shipTo, ts, setSizes.shipTos),
    merchants: trusting(account.merchants, marks.merchant, ts, setSizes.merchants),
    countries: trusting(account.countries, marks.country, ts, setSizes.countries),
  }
}

const deviceTrustedBy = (device: Profile, { marks }: LearnFacts, ts: number): Profile => ({
  ...device,
  passed: device.passed + 1,
  accounts: trusting(device.accounts, marks.account, ts, setSizes.accounts),
})

/** A habit forgets: it never holds more than so many purchases. */
export const remembered = 64

/** One unusual purchase moves a habit by at most two deviations, so that it takes several to make it usual. */
export function withPurchase(account: Profile, amount: number, localHour: number): Profile {
  const before: Habit = account.habit ?? { n: 0, logMean: 0, logM2: 0, hours: new Array<number>(24).fill(0) }
  const log = Math.log(Math.max(amount, 1))
  const reach = 2 * deviationOf(before)
  const { logMean } = before
  const seen = isHabit(before) ? Math.min(Math.max(log, logMean - reach), logMean + reach) : log
  const n = before.n + 1
  const mean = logMean + (seen - logMean) / n
  const m2 = before.logM2 + (seen - logMean) * (seen - mean)
  const hour = Math.floor(localHour) % 24
  const hours = before.hours.map((purchases, at) => (at === hour ? purchases + 1 : purchases))
  const full = (hours[hour] ?? 0) >= 128
  return {
    ...account,
    habit: {
      n: Math.min(n, remembered),
      logMean: mean,
      logM2: n > remembered ? (m2 * remembered) / n : m2,
      hours: full ? hours.map((purchases) => purchases >> 1) : hours,
    },
  }
}
