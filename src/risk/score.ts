/** From profiles and facts to evidence and a score in log-odds. Pure: the lab runs what the server runs. */
import type { Assessment } from './assessment.ts'
import { type Evidence, isEvidence } from './check.ts'
import type { Facts } from './facts.ts'
import { type Features, featuresOf } from './features.ts'
import type { Policy, ScorecardEntry } from './policy.ts'
import { type Event, emptyProfile, keeps, type Profiles, recorded } from './profile.ts'

export type Scored = {
  readonly features: Features
  readonly evidence: readonly Evidence[]
  /** base + the sum of the evidence, in its order. */
  readonly score: number
  /** The profiles with this event in them; only of the entities that the AReq told of. */
  readonly nextProfiles: Profiles
}

/** `now` in milliseconds. Assessments are received and not weighed yet: no policy says what they are worth. */
export function score(
  profiles: Profiles,
  facts: Facts,
  _assessments: readonly Assessment[],
  policy: Policy,
  now: number,
): Scored {
  const ts = Math.floor(now / 1000)
  const features = featuresOf(profiles, facts, ts)
  const input = { facts, profiles, features, issuer: policy.issuer }
  const evidence: Evidence[] = []
  let total = policy.base
  for (const { run } of policy.checks) {
    const opinion = run(input)
    if (!isEvidence(opinion)) continue
    evidence.push(opinion)
    total += opinion.weight
  }
  const summed = scorecard(policy.scorecard, features)
  if (summed !== undefined) {
    evidence.push(summed)
    total += summed.weight
  }
  return { features, evidence, score: total, nextProfiles: nextProfiles(profiles, facts, ts) }
}

/** What a feature adds: its value times its weight, at most its cap in either direction, nothing when it is not known. */
export function contribution({ position, weight, cap }: ScorecardEntry, features: Features): number {
  const value = features[position] ?? Number.NaN
  if (Number.isNaN(value)) return 0
  const part = weight * value
  return part > cap ? cap : part < -cap ? -cap : part
}

/** One piece of evidence for the whole scorecard; none when nothing in it adds anything. */
function scorecard(entries: readonly ScorecardEntry[], features: Features): Evidence | undefined {
  let sum = 0
  let largest = 0
  let first: ScorecardEntry | undefined
  for (const entry of entries) {
    const part = contribution(entry, features)
    sum += part
    if (Math.abs(part) <= largest) continue
    largest = Math.abs(part)
    first = entry
  }
  if (first === undefined) return undefined
  const { feature, position } = first
  const params = { n: entries.length, feature, value: features[position] ?? 0 }
  return { checkId: 'scorecard', weight: sum, code: 'scorecard', params, paths: [] }
}

const eventOf = (ts: number, amount: number, account: number | undefined): Event => ({
  ts,
  amount,
  device: undefined,
  shipTo: undefined,
  merchant: undefined,
  country: undefined,
  account,
})

function nextProfiles(profiles: Profiles, { keys, marks, amount = -1 }: Facts, ts: number): Profiles {
  const { device, shipTo, merchant, country } = marks
  // One shape for all events, which is faster.
  const own = { ts, amount, device, shipTo, merchant, country, account: undefined }
  const withAccount = eventOf(ts, amount, marks.account)
  const bare = eventOf(ts, amount, undefined)
  const { account = emptyProfile } = profiles
  return {
    account: recorded(account, own, keeps.account),
    device:
      keys.device === undefined ? undefined : recorded(profiles.device ?? emptyProfile, withAccount, keeps.device),
    ip: keys.ip === undefined ? undefined : recorded(profiles.ip ?? emptyProfile, withAccount, keeps.ip),
    email: keys.email === undefined ? undefined : recorded(profiles.email ?? emptyProfile, withAccount, keeps.email),
    merchant:
      keys.merchant === undefined ? undefined : recorded(profiles.merchant ?? emptyProfile, bare, keeps.merchant),
    shipTo:
      keys.shipTo === undefined ? undefined : recorded(profiles.shipTo ?? emptyProfile, withAccount, keeps.shipTo),
    range: keys.range === undefined ? undefined : recorded(profiles.range ?? emptyProfile, bare, keeps.range),
  }
}
