/** The same rates cut by day, by attack and by slice. */
import { ClusterSums, mixed, ratioEstimate, varianceOf } from './cluster.ts'
import { type Collected, type DaySums, sliced } from './collect.ts'
import { dateOf } from './day.ts'
import type { Drawn } from './draw.ts'
import { withInterval } from './estimate.ts'
import type { Ground } from './ground.ts'
import { z975 } from './numbers.ts'
import type { Ordered } from './order.ts'
import { level } from './resample.ts'
import { hitsOf } from './top-list.ts'
import type { Attack, Day, Estimate, Slice, SliceValue } from './types.ts'

const refused = (estimate: Estimate, why: 'noDecisions'): Estimate => ({
  ...estimate,
  value: null,
  numerator: null,
  interval: null,
  why,
})

export function dailyOf(collected: Collected, ordered: Ordered, k: number, isDecided: boolean): readonly Day[] {
  const lists = new Map(ordered.days.map((day) => [day.day, day]))
  const rated = ordered.frauds.total > 0
  return collected.days.map((day: DaySums) => {
    const list = lists.get(day.day)
    const { clusters: _, frictionlessRate, day: number, events: __, ...sums } = day
    const rate = frictionlessRate ?? ratioEstimate(new ClusterSums(2), 1, 0, 'decided')
    return {
      ...sums,
      day: dateOf(number),
      frictionless: isDecided ? day.decided - day.challenged - day.declined : 0,
      frictionlessRate: isDecided ? rate : refused(rate, 'noDecisions'),
      precisionAtK: rated && list !== undefined ? hitsOf(list.events, k) / k : null,
      cardPrecisionAtK: rated && list !== undefined ? hitsOf(list.cards, k) / k : null,
    }
  })
}

type AttackSums = {
  n: number
  fraud: number
  amount: number
  caught: number
  stopped: number
  caughtAmount: number
  stoppedAmount: number
  cards: Set<number>
}

export function attacksOf(
  { suspects }: Collected,
  drawn: Drawn,
  kinds: readonly string[],
  isDecided: boolean,
): readonly Attack[] {
  const byKind = new Map<number, AttackSums>()
  const { card, kind, isFraud, amount, caught, stopped } = suspects
  for (let row = 0; row < kind.length; row++) {
    const of = kind.values[row] as number
    const sums = byKind.get(of) ?? {
      n: 0,
      fraud: 0,
      amount: 0,
      caught: 0,
      stopped: 0,
      caughtAmount: 0,
      stoppedAmount: 0,
      cards: new Set<number>(),
    }
    const value = amount.values[row] as number
    const isCaught = caught.values[row] as number
    const isStopped = stopped.values[row] as number
    sums.n++
    sums.fraud += isFraud.values[row] as number
    sums.amount += value
    sums.caught += isCaught
    sums.stopped += isStopped
    sums.caughtAmount += isCaught * value
    sums.stoppedAmount += isStopped * value
    sums.cards.add(card.values[row] as number)
    byKind.set(of, sums)
  }
  return [...byKind]
    .map(([of, sums]) => {
      const draws = drawn.attacks.get(of)
      const cards = sums.cards.size
      const estimate = (hits: number, n: number, values: Float64Array | undefined, isShare: boolean): Estimate => {
        const found = withInterval(
          n > 0 ? { value: hits / n, numerator: hits, n } : { value: null, numerator: null, n, why: 'noAmounts' },
          values,
          { denominator: isShare ? 'decidedPattern' : 'decidedPatternAmount', cards, isShare },
        )
        return isDecided ? found : refused(found, 'noDecisions')
      }
      return {
        kind: kinds[of] ?? '',
        n: sums.n,
        cards,
        amount: sums.amount,
        fraud: sums.fraud,
        caught: estimate(sums.caught, sums.n, draws?.caught, true),
        stopped: estimate(sums.stopped, sums.n, draws?.stopped, true),
        caughtAmount: estimate(sums.caughtAmount, sums.amount, draws?.caughtAmount, false),
        stoppedAmount: estimate(sums.stoppedAmount, sums.amount, draws?.stoppedAmount, false),
      }
    })
    .sort((a, b) => b.n - a.n || (a.kind < b.kind ? -1 : 1))
}

/** Genuine events that a value must have to be held against another: below, a rate says little. */
const gapFrom = 200

/** Frauds by value: columns frauds, caught, stopped. */
function fraudsBy({ suspects }: Collected, slice: number): Map<number, ClusterSums> {
  const byValue = new Map<number, ClusterSums>()
  const values = suspects.slices[slice]?.values ?? new Float64Array(0)
  for (let row = 0; row < values.length; row++) {
    if (suspects.isFraud.values[row] !== 1) continue
    const value = values[row] as number
    const sums = byValue.get(value) ?? new ClusterSums(3)
    const card = suspects.card.values[row] as number
    const caught = suspects.caught.values[row] === 1 ? 2 : 0
    const stopped = suspects.stopped.values[row] === 1 ? 4 : 0
    sums.tally(card, mixed(card), 1 | caught | stopped)
    byValue.set(value, sums)
  }
  return byValue
}

export function slicesOf(ground: Ground, collected: Collected, isDecided: boolean): readonly Slice[] {
  if (!isDecided) return []
  return ground.slices.map(({ column, values: names }, index) => {
    const frauds = fraudsBy(collected, index)
    const all = (collected.slices[index] ?? []).flatMap((sums, value) =>
      sums === undefined ? [] : [{ sums, frauds: frauds.get(value) ?? new ClusterSums(3), name: names[value] ?? '' }],
    )
    const values: SliceValue[] = all.map(({ sums, frauds: stolen, name }) => {
      const frictionless = ratioEstimate(sums, sliced.frictionless, sliced.decided, 'decided')
      return {
        value: name,
        decided: sums.totals[sliced.decided] as number,
        cards: frictionless.cards,
        frictionless,
        genuineFlagged: ratioEstimate(sums, sliced.flagged, sliced.genuine, 'decidedGenuine'),
        genuineLost: ratioEstimate(sums, sliced.lost, sliced.genuine, 'decidedGenuine'),
        challengePassedGenuine: ratioEstimate(sums, sliced.passed, sliced.challenged, 'challengedGenuine'),
        fraudCaught: ratioEstimate(stolen, 1, 0, 'decidedFraud'),
        fraudStopped: ratioEstimate(stolen, 2, 0, 'decidedFraud'),
      }
    })
    // Of whom it was not told is no group that could be treated worse.
    const judged = all.filter(({ name, sums }) => name !== '' && (sums.totals[sliced.genuine] as number) >= gapFrom)
    return { column, values, gap: gapOf(judged), gapFrom }
  })
}

type Named = { readonly name: string; readonly sums: ClusterSums }
const flaggedRate = ({ sums }: Named): number =>
  (sums.totals[sliced.flagged] as number) / (sums.totals[sliced.genuine] as number)

/** As if no card were in both values: of one that is, the interval is a little too wide. */
function gapOf(values: readonly Named[]): Slice['gap'] {
  const [first, ...rest] = values
  if (first === undefined || rest.length === 0) return null
  const high = values.reduce((most, value) => (flaggedRate(value) > flaggedRate(most) ? value : most), first)
  const low = values.reduce((least, value) => (flaggedRate(value) < flaggedRate(least) ? value : least), first)
  if (high === low) return null
  const parts = [high, low].map((one) => {
    const rate = flaggedRate(one)
    const { variance, cards } = varianceOf(
      one.sums,
      (data, at) => (data[at + sliced.flagged] as number) - rate * (data[at + sliced.genuine] as number),
      (data, at) => data[at + sliced.genuine] !== 0,
    )
    const n = one.sums.totals[sliced.genuine] as number
    return { variance: variance / n ** 2, cards, n }
  })
  const value = flaggedRate(high) - flaggedRate(low)
  const half = z975 * Math.sqrt(parts.reduce((sum, { variance }) => sum + variance, 0))
  const about = {
    value,
    numerator: null,
    n: parts.reduce((sum, { n }) => sum + n, 0),
    denominator: 'decidedGenuine',
    cards: parts.reduce((sum, { cards }) => sum + cards, 0),
  } as const
  const difference: Estimate = Number.isNaN(half)
    ? { ...about, interval: null, why: 'fewCards' }
    : half === 0
      ? { ...about, interval: null, why: 'noSpread' }
      : { ...about, interval: { low: value - half, high: value + half, level, method: 'cardsLinear', draws: 0 } }
  return { high: high.name, low: low.name, difference }
}
