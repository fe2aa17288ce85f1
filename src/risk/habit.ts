/** Profiles of a register card whose habit is described, spread evenly and the same every time. */

import { localHourAt } from './facts.ts'
import { withPurchase } from './learn.ts'
import { emptyProfile, keeps, markOf, type Profile, type Profiles, recorded, setSizes, sighted } from './profile.ts'
import type { Setting } from './setting.ts'

export type HabitSpec = {
  /** Minor units of the issuer's currency. */
  readonly amountMinor: { readonly mean: number; readonly spread: number }
  readonly perWeek: number
  readonly weeks: number
  /** First and last hour of the day, in the issuer's zone; 22 to 2 goes over midnight. */
  readonly hours: { readonly from: number; readonly to: number }
  /** Keys of the shops, as `keyOf('merchant', merchantValue(areq))` gives them. */
  readonly merchantKeys: readonly string[]
  /** ISO 3166-1 numeric codes of the shops' countries. */
  readonly countries: readonly string[]
}

const dayMs = 86_400_000
/** Multiples of the golden ratio fall evenly between 0 and 1 however many are taken; so do those of other such numbers. */
const evenly = (i: number, by: number): number => (i * by) % 1
const golden = 0.6180339887498949
const silver = 0.41421356237309515

/** The account's profile after that many weeks of habit, the last purchase a day ago. `now` in milliseconds. */
export function seedHabit(spec: HabitSpec, now: number, { issuer }: Setting): Profiles {
  const { amountMinor, hours, merchantKeys, countries } = spec
  const purchases = Math.round(spec.perWeek * spec.weeks)
  const span = (((hours.to - hours.from) % 24) + 24) % 24 || 24
  let profile: Profile = emptyProfile
  for (let i = 0; i < purchases; i++) {
    const daysAgo = 1 + Math.floor(((purchases - 1 - i) / purchases) * spec.weeks * 7)
    const midnight = now - daysAgo * dayMs - localHourAt(now, issuer) * 3_600_000
    const localHour = (hours.from + evenly(i + 1, golden) * span) % 24
    const at = Math.min(midnight + localHour * 3_600_000, now - dayMs)
    // Uniform between -1.73 and 1.73 deviations, which has the deviation 1.
    const amount = Math.max(
      1,
      Math.round(amountMinor.mean + amountMinor.spread * Math.sqrt(3) * (2 * evenly(i + 1, silver) - 1)),
    )
    const shop = merchantKeys[i % merchantKeys.length]
    const merchant = shop === undefined ? undefined : markOf(shop)
    profile = recorded(profile, { ts: Math.floor(at / 1000), amount, merchants: merchant }, keeps.account)
    for (const country of countries) {
      const ts = Math.floor(at / 1000)
      profile = { ...profile, countries: sighted(profile.countries, Number(country), ts, setSizes.countries) }
    }
    profile = withPurchase(profile, amount, localHour)
  }
  return { account: profile }
}
