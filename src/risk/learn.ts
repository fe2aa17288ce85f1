/** What the outcome of a purchase teaches. Only what was approved becomes a habit; only a passed challenge gives trust. */
import type { Facts } from './facts.ts'
import { deviationOf, isHabit } from './features.ts'
import {
  decayed,
  emptyProfile,
  type Habit,
  halfLives,
  type Profile,
  type Profiles,
  setSizes,
  trusting,
} from './profile.ts'

/** What has to be kept of the facts until the challenge is over. */
export type LearnFacts = Pick<Facts, 'keys' | 'marks' | 'amount' | 'localHour'>
export type Outcome = {
  readonly kind: 'frictionless' | 'challengePassed' | 'challengeFailed' | 'challengeAbandoned'
  readonly facts: LearnFacts
}

/** The profiles that the outcome changes, as they are after it. `now` in milliseconds. */
export function learn(profiles: Profiles, { kind, facts }: Outcome, now: number): Profiles {
  const ts = Math.floor(now / 1000)
  const account = profiles.account ?? emptyProfile
  switch (kind) {
    case 'frictionless':
      // What a shop collects without the holder (3RI) is nobody's habit.
      return facts.amount === undefined || facts.localHour === undefined
        ? {}
        : { account: withPurchase(account, facts.amount, facts.localHour) }
    case 'challengePassed': {
      const { device } = profiles
      const trusted = trustedBy(account, facts, ts)
      return {
        account:
          facts.amount === undefined || facts.localHour === undefined
            ? trusted
            : withPurchase(trusted, facts.amount, facts.localHour),
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
  }
}

function trustedBy(account: Profile, { marks }: LearnFacts, ts: number): Profile {
  return {
    ...account,
    passed: account.passed + 1,
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
const remembered = 64

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
