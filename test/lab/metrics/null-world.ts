/**
 * A world whose true rates are known in closed form, to see whether intervals and tests keep their word. Cards with 1 to 8 genuine events;
 * one card in twelve meets a thief with 1 to 4 events. A score is what the event is worth (fraud: `signal`), plus the card's own level, plus
 * what both policies see of the event, plus noise of the policy alone. So the two decide differently, and rates may be equal all the same.
 */

import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { normalBelow, z975 } from '../../../src/lab/metrics/numbers.ts'
import type { Decision, Row } from './support.ts'

export type World = {
  readonly cards: number
  /** Score of the policies from which on they challenge. */
  readonly cutA: number
  readonly cutB: number
  /** Mean score of a fraud; of a genuine event it is 0. */
  readonly signalA: number
  readonly signalB: number
  /** Share of its challenges that a policy cannot serve and answers with U, each policy by its own luck. */
  readonly unserved?: number
}
/** Standard deviations: of the card's level, of the event as both see it, of each policy's own noise. */
const spread = { card: 0.5, event: 0.6, own: 0.7 }
const whole = Math.hypot(spread.card, spread.event, spread.own)
const passGenuine = 0.9
const passFraud = 0.15
const mostGenuine = 8
const thieves = 1 / 12
const mostFraud = 4

/** About 4,500 genuine events, and 208 frauds on 83 cards; frictionless rate 0.69. */
export const nullWorld: World = { cards: 1_000, cutA: 0.55, cutB: 0.55, signalA: 1.5, signalB: 1.5 }

/** Expected events by card. */
const genuineMean = (mostGenuine + 1) / 2
const fraudMean = (thieves * (mostFraud + 1)) / 2

export type Truth = {
  readonly frictionless: number
  readonly fraudStopped: number
  readonly genuineLost: number
  readonly auc: number
}
export function truthOf(world: World, policy: 'A' | 'B'): Truth {
  const [cut, signal] = policy === 'A' ? [world.cutA, world.signalA] : [world.cutB, world.signalB]
  const genuineBelow = normalBelow(cut / whole)
  const fraudBelow = normalBelow((cut - signal) / whole)
  return {
    frictionless: (genuineMean * genuineBelow + fraudMean * fraudBelow) / (genuineMean + fraudMean),
    fraudStopped: (1 - fraudBelow) * (1 - passFraud),
    genuineLost: (1 - genuineBelow) * (1 - passGenuine),
    auc: normalBelow(signal / whole / Math.SQRT2),
  }
}

export type Drawn = { readonly rows: readonly Row[]; readonly a: readonly Decision[]; readonly b: readonly Decision[] }

export function draw(world: World, seed: string): Drawn {
  const generator = xoroshiro128plus(createHash('sha256').update(seed).digest().readInt32LE(0))
  const uniform = (): number => uniformFloat64(generator)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const upTo = (most: number): number => 1 + Math.floor(uniform() * most)
  const rows: Row[] = []
  const a: Decision[] = []
  const b: Decision[] = []
  const decide = (score: number, cut: number, passes: boolean): Decision =>
    score < cut ? { status: 'Y', score } : { status: 'C', challenge: passes ? 1 : 2, score }
  const { unserved = 0 } = world
  const served = (one: Decision): Decision =>
    unserved > 0 && one.status === 'C' && uniform() < unserved ? { status: 'U' } : one
  for (let card = 0; card < world.cards; card++) {
    const level = spread.card * normal()
    const genuine = upTo(mostGenuine)
    const frauds = uniform() < thieves ? upTo(mostFraud) : 0
    for (let event = 0; event < genuine + frauds; event++) {
      const y = event < genuine ? 0 : 1
      const seen = level + spread.event * normal()
      const u = uniform()
      const passes = u < (y === 1 ? passFraud : passGenuine)
      rows.push({ ts: 0, card: `C${card}`, y, amount: Math.round(5_000 * Math.exp(0.8 * normal())) })
      a.push(served(decide(seen + y * world.signalA + spread.own * normal(), world.cutA, passes)))
      b.push(served(decide(seen + y * world.signalB + spread.own * normal(), world.cutB, passes)))
    }
  }
  // One event a minute in the order of a shuffle that keeps cards apart; order changes no rate, but days should not be cards.
  const order = rows.map((_, at) => at)
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(uniform() * (at + 1))
    const kept = order[at] as number
    order[at] = order[other] as number
    order[other] = kept
  }
  const at = <T>(list: readonly T[], index: number): T => list[order[index] as number] as T
  return {
    rows: rows.map((_, index) => ({ ...at(rows, index), ts: index * 60 })),
    a: a.map((_, index) => at(a, index)),
    b: b.map((_, index) => at(b, index)),
  }
}

/** ∫ f(x) φ(x) dx by the trapezium rule, which is exact to rounding for smooth f. */
function expectation(f: (x: number) => number): number {
  const step = 0.02
  let sum = 0
  for (let x = -8; x <= 8; x += step) sum += f(x) * Math.exp((-x * x) / 2)
  return (sum * step) / Math.sqrt(2 * Math.PI)
}

/**
 * Mean of the difference B − A of one event's flag, its variance, and its covariance with another event of the same card. `signal` is 0 for
 * genuine events. Flag: challenged.
 */
function flagDifference(world: World, isFraud: boolean): { mean: number; variance: number; covariance: number } {
  const [signalA, signalB] = isFraud ? [world.signalA, world.signalB] : [0, 0]
  const flagA = (seen: number): number => normalBelow((seen + signalA - world.cutA) / spread.own)
  const flagB = (seen: number): number => normalBelow((seen + signalB - world.cutB) / spread.own)
  const common = Math.hypot(spread.card, spread.event)
  const a = expectation((x) => flagA(common * x))
  const b = expectation((x) => flagB(common * x))
  const both = expectation((x) => flagA(common * x) * flagB(common * x))
  const rest = Math.hypot(spread.event, spread.own)
  const byCard = (level: number): number =>
    normalBelow((level + signalB - world.cutB) / rest) - normalBelow((level + signalA - world.cutA) / rest)
  const mean = b - a
  return {
    mean,
    variance: a + b - 2 * both - mean ** 2,
    covariance: expectation((x) => byCard(spread.card * x) ** 2) - mean ** 2,
  }
}

const powerAt = (difference: number, se: number): number => {
  const z = Math.abs(difference) / se
  // Both tails, though the far one adds next to nothing.
  return normalBelow(z - z975) + normalBelow(-z - z975)
}

/** Before anything is drawn: the standard error of the difference of frictionless rates, and the power of a two-sided test at 5 %. */
export function plannedFrictionless(world: World): {
  readonly difference: number
  readonly se: number
  readonly power: number
} {
  const genuine = flagDifference(world, false)
  const fraud = flagDifference(world, true)
  const n = genuineMean + fraudMean
  const mean = (genuineMean * genuine.mean + fraudMean * fraud.mean) / n
  // E[k(k − 1)] of a uniform number of events 1 … m is (m + 1)(m − 1)/3; thieves come to one card in twelve. Pairs of a fraud and a
  // genuine event of one card are left out: one pair in twenty, of a covariance that is itself a hundredth of the variance.
  const pairs = (most: number): number => ((most + 1) * (most - 1)) / 3
  const around = (part: { mean: number; variance: number; covariance: number }, count: number, two: number): number =>
    count * (part.variance + (part.mean - mean) ** 2) + two * (part.covariance + (part.mean - mean) ** 2)
  const variance =
    around(genuine, genuineMean, pairs(mostGenuine)) + around(fraud, fraudMean, thieves * pairs(mostFraud))
  const se = Math.sqrt(variance / world.cards) / n
  return { difference: -mean, se, power: powerAt(mean, se) }
}

/** The same of fraud stopped, by count: flagged, and the challenge not passed; u is common to both. */
export function plannedStopped(world: World): {
  readonly difference: number
  readonly se: number
  readonly power: number
} {
  const flag = flagDifference(world, true)
  const stops = 1 - passFraud
  const mean = stops * flag.mean
  const variance = stops * (flag.variance + flag.mean ** 2) - mean ** 2
  const covariance = stops ** 2 * flag.covariance
  const pairs = (thieves * ((mostFraud + 1) * (mostFraud - 1))) / 3
  const se = Math.sqrt((fraudMean * variance + pairs * covariance) / world.cards) / fraudMean
  return { difference: mean, se, power: powerAt(mean, se) }
}

/** Wilson's interval of a share, for what was counted over seeds. */
export function wilson(hits: number, n: number): { readonly low: number; readonly high: number } {
  const z2 = z975 ** 2
  const centre = (hits + z2 / 2) / (n + z2)
  const half = (z975 / (n + z2)) * Math.sqrt((hits * (n - hits)) / n + z2 / 4)
  return { low: centre - half, high: centre + half }
}
