/** From profiles and facts to a score in log-odds. Pure: the lab runs what the server runs. Sentences are made elsewhere, on demand. */
import { withChains } from './chains.ts'
import * as check from './check.ts'
import type { Facts } from './facts.ts'
import { type Features, featuresInto, newFeatures } from './features.ts'
import { assessmentParts, fused, mostOpinions, opinionReason } from './fusion.ts'
import type { Policy, ScorecardEntry } from './policy.ts'
import { type Event, emptyProfile, keeps, type Profile, type Profiles, recorded } from './profile.ts'
import * as grain from './scorers/grain.ts'
import type { Issuer } from './setting.ts'
import { labelledOf, type Opinion, type Unheard } from './sources.ts'

// What is imported is looked up at every use; what a module has of its own the compiler knows.
const { rounded, Voice, within } = check
const { grains } = grain
type Evidence = check.Evidence
type Params = check.Params
type Voice = check.Voice

/**
 * What the parts of a policy say: the checks in the policy's order, then the scorers, then the scorecard, then, where the
 * policy listens to them, assessments, silence and conflict.
 */
export type Weighed = {
  /** Log-odds, multiples of 2^-30; NaN where the part abstains. */
  readonly weights: Float64Array
  /** `check.reason`; undefined where the part abstains. */
  readonly reasons: (string | undefined)[]
  /** base + the sum of the weights, exactly and in any order. */
  score: number
}

export type Scored = Weighed & {
  readonly features: Features
  /** The profiles with this event in them; only of the entities that the AReq told of. */
  readonly nextProfiles: Profiles
}

/** Places of a policy's parts: written again for every purchase, so that scoring allocates nothing. */
export type Scratch = Weighed & {
  readonly voice: Voice
  readonly input: { issuer: Issuer; facts: Facts; features: Features }
  /** Of the policy that was weighed last. */
  card: Columns
}

/** A scorecard in columns, weights and caps in grains. */
type Columns = {
  readonly of: readonly ScorecardEntry[]
  readonly positions: Int32Array
  readonly weights: Float64Array
  readonly caps: Float64Array
}

const columnsOf = (of: readonly ScorecardEntry[]): Columns => ({
  of,
  positions: Int32Array.from(of, ({ position }) => position),
  weights: Float64Array.from(of, ({ weight }) => weight * grains),
  caps: Float64Array.from(of, ({ cap }) => cap * grains),
})

export const ownPartsOf = ({ checks, scorers, scorecard }: Policy): number =>
  checks.length + scorers.length + (scorecard.length > 0 ? 1 : 0)
export const partsOf = (policy: Policy): number =>
  ownPartsOf(policy) + (policy.assessments === undefined ? 0 : assessmentParts)

const nobody: readonly never[] = []

export function newScratch(policy: Policy, facts: Facts, features: Features): Scratch {
  const size = partsOf(policy)
  return {
    weights: new Float64Array(size),
    reasons: new Array<string | undefined>(size).fill(undefined),
    score: 0,
    voice: new Voice(),
    input: { issuer: policy.issuer, facts, features },
    card: columnsOf(policy.scorecard),
  }
}

/** Weighs what is known by a policy: for a decision, its replay, a back-test or a what-if. Returns the score. */
export function weighInto(
  out: Scratch,
  features: Features,
  facts: Facts,
  policy: Policy,
  opinions: readonly Opinion[] = nobody,
  unheard: readonly Unheard[] = nobody,
): number {
  const { weights, reasons, voice, input } = out
  input.issuer = policy.issuer
  input.facts = facts
  input.features = features
  let total = policy.base
  let part = 0
  const { checks, scorers, scorecard } = policy
  for (let i = 0; i < checks.length; i++, part++) {
    const one = checks[i]
    if (one === undefined) continue
    const said = one.run(input, voice)
    const weight = rounded(said.weight)
    weights[part] = weight
    if (Number.isNaN(weight)) reasons[part] = undefined
    else {
      reasons[part] = one.codes[said.reason]
      total += weight
    }
  }
  for (let i = 0; i < scorers.length; i++, part++) {
    const entry = scorers[i]
    if (entry === undefined) continue
    const weight = rounded(within(entry.weight * entry.scorer.logOdds(features), entry.cap))
    weights[part] = weight
    if (Number.isNaN(weight)) reasons[part] = undefined
    else {
      reasons[part] = entry.code
      total += weight
    }
  }
  if (scorecard.length > 0) {
    if (out.card.of !== scorecard) out.card = columnsOf(scorecard)
    const { positions, weights: factors, caps } = out.card
    // What `contribution` gives of each, in grains until the end.
    let sum = 0
    let speaks = false
    for (let i = 0; i < positions.length; i++) {
      const value = features[positions[i] as number] as number
      if (Number.isNaN(value)) continue
      const own = Math.round(within((factors[i] as number) * value, caps[i] as number))
      sum += own
      if (own !== 0) speaks = true
    }
    sum /= grains
    weights[part] = speaks ? sum : Number.NaN
    reasons[part] = speaks ? scorecardCode : undefined
    if (speaks) total += sum
  }
  if (policy.assessments !== undefined) total += hear(out, policy, opinions, unheard)
  out.score = total
  return total
}

/** What others said: places after those of the policy's own parts. Returns what it adds. */
function hear(
  { weights, reasons }: Scratch,
  policy: Policy,
  opinions: readonly Opinion[],
  unheard: readonly Unheard[],
): number {
  const { assessments } = policy
  const first = ownPartsOf(policy)
  weights.fill(Number.NaN, first)
  reasons.fill(undefined, first)
  if (assessments === undefined || (opinions.length === 0 && unheard.length === 0)) return 0
  let own = 0
  for (let part = 0; part < first; part++) {
    const weight = weights[part] ?? Number.NaN
    if (!Number.isNaN(weight)) own += weight
  }
  const heard = opinions.length > mostOpinions ? opinions.slice(0, mostOpinions) : opinions
  const { weights: others, silence, conflict } = fused(assessments, own, heard, unheard)
  let sum = 0
  const put = (part: number, weight: number, reason: string): void => {
    weights[part] = weight
    reasons[part] = reason
    sum += weight
  }
  for (const [i, opinion] of heard.entries()) put(first + i, others[i] ?? 0, opinionReason(opinion))
  if (silence !== undefined) put(first + mostOpinions, silence.weight, silence.reason)
  if (conflict !== undefined) put(first + mostOpinions + 1, conflict.weight, conflict.reason)
  return sum
}

export const scorecardCode = 'scorecard.sum'

/** `now` in milliseconds. `opinions`: what others said of the purchase, weighed where the policy has a section `assessments`. */
export function score(
  profiles: Profiles,
  facts: Facts,
  opinions: readonly Opinion[],
  policy: Policy,
  now: number,
  unheard: readonly Unheard[] = nobody,
): Scored {
  const ts = Math.floor(now / 1000)
  const features = featuresInto(newFeatures(), profiles, facts, ts)
  const scratch = newScratch(policy, facts, features)
  weighInto(scratch, features, facts, policy, opinions, unheard)
  const { weights, reasons } = scratch
  return { features, weights, reasons, score: scratch.score, nextProfiles: nextProfiles(profiles, facts, ts) }
}

/** What a feature adds: its value times its weight, at most its cap in either direction, nothing when it is not known. */
export function contribution({ position, weight, cap }: ScorecardEntry, features: ArrayLike<number>): number {
  const value = features[position] ?? Number.NaN
  if (Number.isNaN(value)) return 0
  return rounded(within(weight * value, cap))
}

/** What was said, part by part, with the numbers of each sentence. In the order of the policy's parts. */
export function evidenceOf(
  weighed: Weighed,
  features: Features,
  facts: Facts,
  policy: Policy,
  opinions: readonly Opinion[] = nobody,
): readonly Evidence[] {
  const { weights, reasons } = weighed
  const input = { issuer: policy.issuer, facts, features }
  const { checks, scorers, scorecard } = policy
  const evidence: Evidence[] = []
  checks.forEach(({ id, paths, told }, part) => {
    const code = reasons[part]
    if (code === undefined) return
    const params = told(input, code.slice(id.length + 1))
    evidence.push({ checkId: id, weight: weights[part] ?? 0, code, params, paths })
  })
  scorers.forEach(({ id, scorer, code }, i) => {
    const part = checks.length + i
    if (reasons[part] === undefined) return
    const params = {
      scorer: id,
      version: scorer.version,
      hash: scorer.hash.slice(0, 16),
      calibrator: scorer.calibrator.kind,
    }
    evidence.push({ checkId: id, weight: weights[part] ?? 0, code, params, paths: [] })
  })
  const last = checks.length + scorers.length
  if (scorecard.length > 0 && reasons[last] !== undefined) {
    evidence.push({
      checkId: 'scorecard',
      weight: weights[last] ?? 0,
      code: scorecardCode,
      params: scorecardParams(scorecard, features),
      paths: [],
    })
  }
  if (policy.assessments !== undefined) evidence.push(...toldByOthers(weighed, policy, opinions))
  return evidence
}

export const opinionId = (source: string): string => `assessment:${source}`
export const silenceId = 'assessment-silence'
export const conflictId = 'assessment-conflict'

function toldByOthers(
  { weights, reasons }: Weighed,
  policy: Policy,
  opinions: readonly Opinion[],
): readonly Evidence[] {
  const evidence: Evidence[] = []
  const first = ownPartsOf(policy)
  const tell = (checkId: string, part: number, params: Params): void => {
    const code = reasons[part]
    if (code !== undefined) evidence.push({ checkId, weight: weights[part] ?? 0, code, params, paths: [] })
  }
  opinions.slice(0, mostOpinions).forEach(({ source, own }, i) => {
    const { good, fraud } = labelledOf(own)
    tell(opinionId(source), first + i, { source, n: good + fraud })
  })
  tell(silenceId, first + mostOpinions, {})
  tell(conflictId, first + mostOpinions + 1, {})
  return evidence
}

function scorecardParams(entries: readonly ScorecardEntry[], features: Features): Params {
  let largest = 0
  let first: ScorecardEntry | undefined
  for (const entry of entries) {
    const part = Math.abs(contribution(entry, features))
    if (part <= largest) continue
    largest = part
    first = entry
  }
  return first === undefined ? {} : { n: entries.length, feature: first.feature, value: features[first.position] ?? 0 }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The profiles with this event in them; only of the entities that the AReq told of. */
export function nextProfiles(profiles: Profiles, facts: Facts, ts: number): Profiles {
  const { keys, marks, amount = -1, network } = facts
  const { account: before = emptyProfile } = profiles
  const isFresh = before.count === 0
  const isNewcomer = facts.isNewcomer === true
  // A gateway's or an exit's place is not where the holder is.
  const place =
    network?.lat !== undefined && network.lon !== undefined && isWhereHolderIs(network.kind)
      ? { ts, lat: network.lat, lon: network.lon, radiusKm: network.radiusKm ?? 0 }
      : undefined
  const own: Event = {
    ts,
    amount,
    isNewcomer,
    place,
    devices: marks.device,
    shipTos: marks.shipTo,
    merchants: marks.merchant,
    countries: marks.country,
    emails: marks.email,
    phones: marks.phone,
    networks: marks.network,
    methods: marks.method,
    likes: marks.likeness,
  }
  const next: Writable<Profiles> = { account: recorded(before, own, keeps.account) }
  const about = (others: number | undefined): Event => ({
    ts,
    amount,
    isFresh,
    isNewcomer,
    accounts: marks.account,
    others,
  })
  const bare = about(undefined)
  if (keys.device !== undefined) {
    const seen = { ...about(marks.shopAccount), methods: marks.method }
    next.device = after(profiles.device, seen, keeps.device)
  }
  if (keys.ip !== undefined) next.ip = after(profiles.ip, bare, keeps.ip)
  if (keys.email !== undefined) next.email = after(profiles.email, about(marks.spelling), keeps.email)
  if (keys.merchant !== undefined) next.merchant = after(profiles.merchant, bare, keeps.merchant)
  if (keys.shipTo !== undefined) next.shipTo = after(profiles.shipTo, about(marks.name), keeps.shipTo)
  if (keys.range !== undefined) next.range = after(profiles.range, bare, keeps.range)
  if (keys.phone !== undefined) next.phone = after(profiles.phone, about(marks.shopAccount), keeps.phone)
  if (keys.domain !== undefined) next.domain = after(profiles.domain, bare, keeps.domain)
  if (keys.binMerchant !== undefined) next.binMerchant = after(profiles.binMerchant, bare, keeps.binMerchant)
  if (facts.chains !== undefined) Object.assign(next, withChains(next.account ?? before, profiles, facts.chains, ts))
  return next
}

export const isWhereHolderIs = (kind: string | undefined): boolean =>
  kind !== 'vpn' && kind !== 'hosting' && kind !== 'tor' && kind !== 'relay'

const after = (profile: Profile = emptyProfile, event: Event, keep: Parameters<typeof recorded>[2]): Profile =>
  recorded(profile, event, keep)
