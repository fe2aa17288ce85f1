/** When which pattern happens, whom it hits and when the issuer hears of it: drawn once for a stream, written out day by day. */
import { Chance, evenly, keyOf, normalAt } from '../chance.ts'
import { type GenConfig, type PatternId, patternIds } from '../config.ts'
import { day } from '../holders.ts'
import type { Life } from '../life.ts'
import { midnightOf, type Scene } from '../scene.ts'
import { type Deed, hour, type Stage } from './act.ts'
import { patterns } from './patterns.ts'

type Campaign = {
  readonly pattern: PatternId
  readonly n: number
  readonly start: number
  /** The first and the last deed. */
  first: number
  last: number
}
/** A deed with what is known of it afterwards. `i`: which of its campaign. */
export type Planned = {
  readonly campaign: Campaign
  readonly i: number
  readonly ts: number
  readonly deed: Deed
  /** NaN: never. */
  readonly labelTs: number
}

const tsOf = (deed: Deed): number => ('act' in deed ? deed.act.ts : deed.own.ts)
/** First the card, then when: those of one campaign on one card are reported together. */
const cardOf = (deed: Deed): string => ('act' in deed ? deed.act.card : String(deed.own.holder))
const isFraudulent = (pattern: PatternId, deed: Deed): boolean =>
  'act' in deed ? patterns[pattern].isFraud : deed.isFraud

const daysOf = (scene: Scene): number => scene.config.days

/** How frequent a pattern is on each day beside the others. */
function intensity(scene: Scene, knobs: GenConfig['attacks'][PatternId]): Float64Array {
  const days = daysOf(scene)
  const [first, last] = knobs.ramp
  const doubles = knobs.doublesOn === null ? Number.POSITIVE_INFINITY : (midnightOf(knobs.doublesOn) - scene.from) / day
  return Float64Array.from({ length: days }, (_, d) => {
    const along = days < 2 ? 0 : d / (days - 1)
    return (first + (last - first) * along) * (d >= doubles ? 2 : 1)
  })
}

function campaignsOf(scene: Scene): Campaign[] {
  const { config, seed, expected } = scene
  const all = patternIds.flatMap((pattern) => {
    const knobs = config.attacks[pattern]
    const key = keyOf(seed, `when/${pattern}`)
    const chance = new Chance()
    const shares = intensity(scene, knobs)
    const sum = shares.reduce((a, b) => a + b, 0)
    if (sum === 0) return []
    const many = Math.max(knobs.least, Math.round((knobs.per10k * expected * sum) / shares.length / 10_000))
    const night = chance.at(key, -1).unit()
    return Array.from({ length: many }, (_, n): Campaign => {
      chance.at(key, n)
      // Spread evenly over what is expected, so that a stream of any size has its share in each season.
      let left = ((n + chance.unit()) / many) * sum
      let d = 0
      while (d < shares.length - 1 && left >= (shares[d] as number)) left -= shares[d++] as number
      const isNight = evenly(night, n) < config.attackers.night
      // Machines are not tired: enumeration comes at any hour.
      const local =
        pattern === 'enumeration' ? 24 * evenly(night, n) : isNight ? chance.between(0, 5) : chance.between(5, 24)
      const start = scene.from + d * day + Math.floor(local * hour)
      return { pattern, n, start, first: start, last: start }
    })
  })
  return all.sort((a, b) => a.start - b.start || order(a.pattern) - order(b.pattern) || a.n - b.n)
}
const order = (pattern: PatternId): number => patternIds.indexOf(pattern)

/** A holder of whom nothing is known is no use to a test of habits. */
const leastPerDay = 0.03
const knownFor = 20 * day

export class Plan {
  readonly campaigns: readonly Campaign[]
  readonly #scene: Scene
  readonly #life: Life
  readonly #open = new Map<Campaign, readonly Planned[]>()
  readonly #keys: ReadonlyMap<PatternId, { readonly deeds: number; readonly victims: number; readonly reports: number }>
  #next = 0

  constructor(scene: Scene, life: Life) {
    this.#scene = scene
    this.#life = life
    this.#keys = new Map(
      patternIds.map((id) => [
        id,
        {
          deeds: keyOf(scene.seed, `deeds/${id}`),
          victims: keyOf(scene.seed, `victims/${id}`),
          reports: keyOf(scene.seed, `reports/${id}`),
        },
      ]),
    )
    this.campaigns = campaignsOf(scene)
    // In the order of time: who was attacked before has another number by then.
    for (const campaign of this.campaigns) this.#look(campaign)
  }

  #look(campaign: Campaign): void {
    const { holders, config } = this.#scene
    const planned = this.#drawn(campaign)
    const reissues = new Map<number, number>()
    for (const { ts, deed, labelTs } of planned) {
      campaign.first = Math.min(campaign.first, ts)
      campaign.last = Math.max(campaign.last, ts)
      const holder = 'act' in deed ? deed.act.holder : -1
      if (holder >= 0 && !Number.isNaN(labelTs)) reissues.set(holder, labelTs + config.attackers.reissueDays * day)
    }
    for (const [holder, at] of reissues) holders.reissue(holder, at)
  }

  #drawn(campaign: Campaign): readonly Planned[] {
    const { pattern, n, start } = campaign
    const { config, holders, to } = this.#scene
    const keys = this.#keys.get(pattern) as { deeds: number; victims: number; reports: number }
    const who = new Chance().at(keys.victims, n)
    const victim = (): number => {
      let h = 0
      for (let i = 0; i < 200; i++) {
        h = who.below(holders.n)
        const isKnown = (holders.cardFrom[h] as number) <= start - knownFor || holders.cardFrom[h] === 0
        if (isKnown && (holders.perDay[h] as number) >= leastPerDay) return h
      }
      return h
    }
    const stage: Stage = {
      scene: this.#scene,
      life: this.#life,
      chance: new Chance().at(keys.deeds, n),
      config,
      start,
      n,
      victim,
    }
    const deeds = patterns[pattern].run(stage)
    const { report } = config.attacks[pattern]
    const told = new Chance().at(keys.reports, n)
    const isTold = report !== null && !told.chance(report.never)
    const cap = told.between(...config.attackers.capDays)
    const last = new Map<string, number>()
    for (const deed of deeds) last.set(cardOf(deed), Math.max(last.get(cardOf(deed)) ?? 0, tsOf(deed)))
    const reported = new Map<string, number>()
    const begin = new Chance().at(keys.reports, -1).unit()
    let cards = 0
    for (const [card, ts] of last) {
      if (!isTold) break
      const days = report.medianDays * Math.exp(report.sigma * normalAt(evenly(begin, n + 89 * cards++)))
      reported.set(card, ts + Math.ceil(Math.min(cap, days) * day))
    }
    return deeds.flatMap((deed, i) => {
      const ts = tsOf(deed)
      if (ts < this.#scene.from || ts >= to) return []
      const isFraud = isFraudulent(pattern, deed)
      const labelTs = isFraud ? (reported.get(cardOf(deed)) ?? Number.NaN) : Number.NaN
      return [{ campaign, i, ts, deed, labelTs }]
    })
  }

  /** What happens from and before; asked for in the order of time. */
  between(from: number, to: number): readonly Planned[] {
    for (let next = this.campaigns[this.#next]; next !== undefined; next = this.campaigns[++this.#next]) {
      // Some begin before the hour that is drawn for them: at the midnight of their day.
      if (next.start - day >= to) break
      if (next.last >= from) this.#open.set(next, this.#drawn(next))
    }
    const found: Planned[] = []
    for (const [campaign, planned] of this.#open) {
      if (campaign.last < from) this.#open.delete(campaign)
      else for (const one of planned) if (one.ts >= from && one.ts < to) found.push(one)
    }
    return found
  }
}
