/**
 * The login study of Wiefling et al. with the freeman scorer, on the open data set that the user brings: how often users would be
 * asked again at a share of attackers that are stopped. Rows are read one after the other and never held.
 */

import type { Levels } from '../../risk/scorers/freeman.ts'
import { Chance, keyOf } from '../gen/chance.ts'
import { z975 } from '../metrics/numbers.ts'
import { FraudScores, rankingOf } from '../metrics/ranks.ts'
import { moment, rowsOf, someText, text, yesNo } from './data-file.ts'
import { LoginMemory, Numbers } from './login-memory.ts'
import { LabReproduceError } from './problem.ts'

const readings = {
  ts: { names: ['Login Timestamp'], ...moment },
  user: { names: ['User ID'], ...someText },
  address: { names: ['IP Address'], ...someText },
  country: { names: ['Country'], ...text },
  asn: { names: ['ASN'], ...text },
  userAgent: { names: ['User Agent String', 'User Agent Name and Version'], ...text },
  browser: { names: ['Browser Name and Version'], ...text },
  os: { names: ['OS Name and Version'], ...text },
  isSuccessful: { names: ['Login Successful'], ...yesNo },
  isAttackIp: { names: ['Is Attack IP'], ...yesNo },
  isTakeover: { names: ['Is Account Takeover'], ...yesNo },
} as const

/**
 * Made up, one for each login that is scored: `naive` from another country with a browser of anybody's; `vpn` from the user's country
 * with a browser of anybody's; `targeted` from the user's provider with the user's own browser. Of the data: `attackIp`, logins with
 * another's account from addresses known for attacks; `takeover`, what the service found to be taken over.
 */
const attackers = ['naive', 'vpn', 'targeted', 'attackIp', 'takeover'] as const
export type Attacker = (typeof attackers)[number]
const shares = [0.9, 0.95, 0.98, 0.99, 0.995, 0.999] as const
/** By how many logins of the user had been learnt. */
const ages = [
  { from: 1, to: 1 },
  { from: 2, to: 4 },
  { from: 5, to: 9 },
  { from: 10, to: 19 },
  { from: 20, to: Number.POSITIVE_INFINITY },
] as const

export type LoginOptions = {
  readonly seed: string
  /** At most so many rows are read. */
  readonly rows: number
  readonly workFolder: string
  readonly onProgress?: ((done: number, rows: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}
export type Reauthentication = {
  /** Share of attempts that is to be stopped (null: the threshold was not chosen by one), and what the threshold stops. */
  readonly share: number | null
  readonly stopped: { readonly hits: number; readonly n: number }
  readonly threshold: number
  /** Of logins of users: how many would be asked again. */
  readonly asked: {
    readonly hits: number
    readonly n: number
    /** Of the 95 % interval over users; null: there are fewer than two of them. */
    readonly low: number | null
    readonly high: number | null
  }
}
export type AttackerResult = {
  readonly attacker: Attacker
  readonly attempts: number
  /** Attempts that had no score or could not be made up: the account is new, or nobody else was seen there. */
  readonly left: number
  readonly auc: number | null
  readonly at: readonly Reauthentication[]
  /** At ln S = 0, where both are as likely. */
  readonly natural: Reauthentication | null
  /** Share of users' logins asked again at the threshold for 0.98, by their earlier logins. */
  readonly byAge: readonly {
    readonly from: number
    readonly to: number | null
    readonly hits: number
    readonly n: number
  }[]
  /** (false positive rate, true positive rate) from the highest score down. */
  readonly roc: readonly (readonly [number, number])[]
}
export type LoginResult = {
  readonly reproduction: 'logins'
  readonly seed: string
  readonly rows: number
  readonly isWhole: boolean
  readonly users: number
  readonly successful: number
  /** Logins of users that were scored: successful, no takeover, from no known address of attacks, with a history. */
  readonly scored: number
  readonly scoredUsers: number
  readonly withoutHistory: number
  readonly outOfOrder: number
  readonly from: number
  readonly to: number
  readonly attackers: readonly AttackerResult[]
}

class Growing {
  #values = new Float64Array(1_024)
  n = 0
  push(value: number): void {
    if (this.n === this.#values.length) {
      const more = new Float64Array(2 * this.n)
      more.set(this.#values)
      this.#values = more
    }
    this.#values[this.n++] = value
  }
  get values(): Float64Array {
    return this.#values.subarray(0, this.n)
  }
}

/** A few of many, each as likely as any other, by chance of the row alone. */
class Reservoir<T> {
  readonly #kept: T[] = []
  #seen = 0
  readonly #most: number
  constructor(most: number) {
    this.#most = most
  }
  offer(one: T, chance: Chance): void {
    this.#seen++
    if (this.#kept.length < this.#most) this.#kept.push(one)
    else {
      const place = chance.below(this.#seen)
      if (place < this.#most) this.#kept[place] = one
    }
  }
  /** One that fits, of a few that are drawn. */
  one(chance: Chance, isFit: (one: T) => boolean): T | undefined {
    for (let tries = 0; tries < 8 && this.#kept.length > 0; tries++) {
      const drawn = this.#kept[chance.below(this.#kept.length)] as T
      if (isFit(drawn)) return drawn
    }
    return undefined
  }
}

type Login = { readonly network: Levels; readonly agent: Levels }
type Seen = Login & { readonly user: number; readonly provider: string }
const kept = { everywhere: 4_096, attacks: 4_096, country: 256, provider: 64 }

/** Where made-up attackers have their networks and browsers from: what was seen before, of others. */
class Elsewhere {
  readonly #all = new Reservoir<Seen>(kept.everywhere)
  readonly #attacks = new Reservoir<Seen>(kept.attacks)
  readonly #byCountry = new Map<number, Reservoir<Seen>>()
  readonly #byProvider = new Map<string, Reservoir<Seen>>()
  readonly #last: Levels[] = []
  put(seen: Seen, isAttackIp: boolean, isLearnt: boolean, chance: Chance): void {
    if (isAttackIp) this.#attacks.offer(seen, chance)
    if (!isLearnt) return
    this.#all.offer(seen, chance)
    reservoirIn(this.#byCountry, seen.network.wide, kept.country).offer(seen, chance)
    reservoirIn(this.#byProvider, seen.provider, kept.provider).offer(seen, chance)
    this.#last[seen.user] = seen.agent
  }
  /** What an attacker would send for the account that logs in now; undefined: nobody to take it from. */
  attack(kind: 'naive' | 'vpn' | 'targeted', own: Seen, chance: Chance): Login | undefined {
    const isOther = ({ user }: Seen): boolean => user !== own.user
    const isAbroad = (one: Seen): boolean => isOther(one) && one.network.wide !== own.network.wide
    const network = (
      kind === 'naive'
        ? (this.#attacks.one(chance, isAbroad) ?? this.#all.one(chance, isAbroad))
        : kind === 'vpn'
          ? this.#byCountry.get(own.network.wide)?.one(chance, isOther)
          : this.#byProvider.get(own.provider)?.one(chance, isOther)
    )?.network
    const agent = kind === 'targeted' ? this.#last[own.user] : this.#all.one(chance, isOther)?.agent
    return network === undefined || agent === undefined ? undefined : { network, agent }
  }
}
function reservoirIn<K>(all: Map<K, Reservoir<Seen>>, key: K, most: number): Reservoir<Seen> {
  const known = all.get(key)
  if (known !== undefined) return known
  const made = new Reservoir<Seen>(most)
  all.set(key, made)
  return made
}

type Genuine = {
  readonly scores: Float64Array
  readonly users: Float64Array
  readonly ages: Float64Array
  readonly ofUsers: number
}

/**
 * Share at or above the threshold; the variance is over users, whose logins are alike. Where nobody is asked, or everybody always, users do
 * not differ: then the exact bound of the share of users of whom none (all) were seen to be so.
 */
function askedAt(threshold: number, { scores, users, ofUsers }: Genuine): Reauthentication['asked'] {
  const hitsOf = new Float64Array(ofUsers)
  const loginsOf = new Float64Array(ofUsers)
  let hits = 0
  for (let i = 0; i < scores.length; i++) {
    const user = users[i] ?? 0
    loginsOf[user] = (loginsOf[user] ?? 0) + 1
    if ((scores[i] ?? Number.NaN) >= threshold) {
      hits++
      hitsOf[user] = (hitsOf[user] ?? 0) + 1
    }
  }
  const n = scores.length
  const rate = n === 0 ? 0 : hits / n
  let squares = 0
  for (let user = 0; user < ofUsers; user++) squares += ((hitsOf[user] ?? 0) - rate * (loginsOf[user] ?? 0)) ** 2
  if (n === 0 || ofUsers < 2) return { hits, n, low: null, high: null }
  const unseen = 1 - 0.025 ** (1 / ofUsers)
  if (hits === 0) return { hits, n, low: 0, high: unseen }
  if (hits === n) return { hits, n, low: 1 - unseen, high: 1 }
  const half = (z975 * Math.sqrt((squares * ofUsers) / (ofUsers - 1))) / n
  return { hits, n, low: Math.max(0, rate - half), high: Math.min(1, rate + half) }
}

const reauthentication = (
  share: number | null,
  threshold: number,
  attempts: Float64Array,
  genuine: Genuine,
): Reauthentication => ({
  share,
  threshold,
  stopped: { hits: attempts.reduce((sum, score) => sum + (score >= threshold ? 1 : 0), 0), n: attempts.length },
  asked: askedAt(threshold, genuine),
})

const rocPoints = 100

/** Pure. */
export function attackerResult(
  attacker: Attacker,
  attempts: Float64Array,
  left: number,
  genuine: Genuine,
): AttackerResult {
  const about = { attacker, attempts: attempts.length, left }
  if (attempts.length === 0 || genuine.scores.length === 0)
    return { ...about, auc: null, at: [], natural: null, byAge: [], roc: [] }
  const falling = Float64Array.from(attempts).sort().reverse()
  /** The highest threshold that stops at least the share. */
  const thresholdFor = (share: number): number =>
    falling[Math.min(falling.length - 1, Math.max(0, Math.ceil(share * falling.length - 1e-9) - 1))] as number
  const frauds = new FraudScores(attempts)
  const bySegment = new Float64Array(frauds.segments)
  for (const score of genuine.scores) {
    const at = frauds.segmentOf(score)
    bySegment[at] = (bySegment[at] ?? 0) + 1
  }
  const into = { auc: 0, averagePrecision: 0, ks: 0, tprAt: new Float64Array(4) }
  const isRanked = rankingOf(frauds.frauds, bySegment, genuine.scores.length, into)
  const sorted = Float64Array.from(genuine.scores).sort()
  const notBelow = (threshold: number): number => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sorted[middle] as number) < threshold) low = middle + 1
      else high = middle
    }
    return sorted.length - low
  }
  const usual = thresholdFor(0.98)
  return {
    ...about,
    auc: isRanked ? into.auc : null,
    at: shares.map((share) => reauthentication(share, thresholdFor(share), attempts, genuine)),
    natural: reauthentication(null, 0, attempts, genuine),
    byAge: ages.map(({ from, to }) => {
      let hits = 0
      let n = 0
      for (let i = 0; i < genuine.scores.length; i++) {
        const age = genuine.ages[i] as number
        if (age < from || age > to) continue
        n++
        if ((genuine.scores[i] as number) >= usual) hits++
      }
      return { from, to: Number.isFinite(to) ? to : null, hits, n }
    }),
    roc: Array.from({ length: rocPoints }, (_, i) => {
      const tpr = (i + 1) / rocPoints
      return [notBelow(thresholdFor(tpr)) / sorted.length, tpr] as const
    }),
  }
}

/** @throws LabFileError, LabReproduceError */
export async function logins(path: string, options: LoginOptions): Promise<LoginResult> {
  const { seed, rows: most, workFolder, onProgress, signal } = options
  const memory = new LoginMemory()
  const elsewhere = new Elsewhere()
  const chance = new Chance()
  const key = keyOf(seed, 'logins')
  const userIds = new Map<number, number>()
  const genuine = { scores: new Growing(), users: new Growing(), ages: new Growing() }
  const attempts = Object.fromEntries(attackers.map((one) => [one, new Growing()])) as Record<Attacker, Growing>
  const left = Object.fromEntries(attackers.map((one) => [one, 0])) as Record<Attacker, number>
  const everybody = new Numbers()
  let rows = 0
  let successful = 0
  let withoutHistory = 0
  let outOfOrder = 0
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  let isWhole = true
  const put = (attacker: Attacker, score: number): void => {
    if (Number.isNaN(score)) left[attacker]++
    else attempts[attacker].push(score)
  }
  let read = 0
  const onRead = (done: number): void => {
    read = done
  }
  reading: for await (const batch of rowsOf(path, readings, {
    workFolder,
    onProgress: onRead,
  })) {
    signal?.throwIfAborted()
    for (const row of batch) {
      if (rows === most) {
        isWhole = false
        break reading
      }
      rows++
      const { ts, asn, isSuccessful, isAttackIp, isTakeover } = row
      if (ts < last) outOfOrder++
      last = Math.max(last, ts)
      from = Math.min(from, ts)
      to = Math.max(to, ts)
      const user = everybody.of(row.user)
      if (isSuccessful) successful++
      const network = memory.networkOf(row)
      const agent = memory.agentOf(row)
      const score = memory.score(user, network, agent)
      const seen: Seen = { user, network, agent, provider: `${network.wide} ${asn}` }
      if (isTakeover) put('takeover', score)
      else if (isAttackIp) put('attackIp', score)
      const isUser = isSuccessful && !isTakeover
      chance.at(key, rows)
      if (isUser && !isAttackIp) {
        if (Number.isNaN(score)) withoutHistory++
        else {
          const id = userIds.get(user) ?? userIds.size
          userIds.set(user, id)
          genuine.scores.push(score)
          genuine.users.push(id)
          genuine.ages.push(memory.earlierOf(user))
          for (const kind of ['naive', 'vpn', 'targeted'] as const) {
            const attack = elsewhere.attack(kind, seen, chance)
            put(kind, attack === undefined ? Number.NaN : memory.score(user, attack.network, attack.agent))
          }
        }
      }
      elsewhere.put(seen, isAttackIp, isUser && !isAttackIp, chance)
      if (isUser) memory.learn(user, network, agent)
    }
    onProgress?.(read, rows)
  }
  if (rows === 0) throw new LabReproduceError(`${path}: there are no rows in it`)
  const known: Genuine = {
    scores: genuine.scores.values,
    users: genuine.users.values,
    ages: genuine.ages.values,
    ofUsers: userIds.size,
  }
  return {
    reproduction: 'logins',
    seed,
    rows,
    isWhole,
    users: everybody.size,
    successful,
    scored: known.scores.length,
    scoredUsers: userIds.size,
    withoutHistory,
    outOfOrder,
    from,
    to,
    attackers: attackers.map((one) => attackerResult(one, attempts[one].values, left[one], known)),
  }
}
