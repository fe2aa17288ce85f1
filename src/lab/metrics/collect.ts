/** First pass over a variant's decisions: what can be counted without knowing the order of scores. */
import {
  challengeEnds,
  type DecisionPart,
  erro,
  isApproved,
  isChallenge,
  isDecided,
  isDecline,
  notMade,
} from '../run/decisions.ts'
import { CardTable } from './card-table.ts'
import { ClusterSums, mixed, ratioEstimate } from './cluster.ts'
import { type LocalDays, monthOf } from './day.ts'
import { FineHistogram } from './fine.ts'
import { type Ground, isFraudBit, isUntoldBit, passUntoldBit, wouldPassBit } from './ground.ts'
import { Growing } from './growing.ts'
import { joined, MeasureError } from './join.ts'
import { blocks, dense, fraud, lost, rare, totalColumns } from './totals.ts'
import type { Estimate, MeasureOptions } from './types.ts'

/** One local day. */
export type DaySums = {
  readonly day: number
  events: number
  decided: number
  u: number
  erro: number
  challenged: number
  declined: number
  genuine: number
  genuineFlagged: number
  fraud: number
  fraudCaught: number
  fraudStopped: number
  amount: number
  approvedAmount: number
  approvedFraudAmount: number
  /** Columns: decided, frictionless. Until the day is over: thousands of days would not fit in memory. */
  clusters: ClusterSums | undefined
  frictionlessRate: Estimate | undefined
}

/** Columns of a slice's sums. */
export const sliced = {
  decided: 0,
  frictionless: 1,
  genuine: 2,
  flagged: 3,
  lost: 4,
  challenged: 5,
  passed: 6,
} as const
const slicedColumns = Object.keys(sliced).length
const slicedBit = {
  decided: 1 << sliced.decided,
  frictionless: 1 << sliced.frictionless,
  genuine: 1 << sliced.genuine,
  flagged: 1 << sliced.flagged,
  lost: 1 << sliced.lost,
  challenged: 1 << sliced.challenged,
  passed: 1 << sliced.passed,
} as const

/** Rows that are fraud or of a pattern, decided; a column each. */
type SuspectRows = {
  readonly card: Growing
  readonly kind: Growing
  readonly isFraud: Growing
  readonly amount: Growing
  readonly caught: Growing
  readonly stopped: Growing
  readonly score: Growing
  /** Would pass a challenge: 1, 0, or NaN where it is not told. */
  readonly passes: Growing
  readonly day: Growing
  /** By slice. */
  readonly slices: readonly Growing[]
}

const reliabilityBins = 10

export type Collected = {
  readonly counts: {
    events: number
    attempts: number
    notMade: number
    u: number
    erro: number
    withoutAmount: number
    withoutScore: number
    withoutTruth: number
    to: number
  }
  readonly statuses: Float64Array
  readonly ends: Float64Array
  /** In the order of `blocks`. */
  readonly tables: readonly CardTable[]
  readonly totals: Float64Array
  readonly suspects: SuspectRows
  readonly days: readonly DaySums[]
  /** By slice, then by value. */
  readonly slices: readonly (readonly (ClusterSums | undefined)[])[]
  readonly scores: {
    readonly all: FineHistogram
    readonly firstHalf: FineHistogram
    readonly secondHalf: FineHistogram
  }
  readonly halfFrom: number
  /** Bins of p: events, frauds, sum of p. And p − y by card, for ECE under resampling. */
  readonly reliability: {
    readonly n: Float64Array
    readonly fraud: Float64Array
    readonly p: Float64Array
    readonly byCard: readonly CardTable[]
    /** Columns: events, frauds. */
    readonly clusters: readonly ClusterSums[]
  }
  /** Fraud amounts by shop and calendar month, attempted and approved: key shop · 100,000 + month. */
  readonly merchantMonths: ReadonlyMap<number, { attempted: number; approved: number }>
}
export const monthsPerMerchant = 100_000

const sumsOfDay = (day: number): DaySums => ({
  day,
  events: 0,
  decided: 0,
  u: 0,
  erro: 0,
  challenged: 0,
  declined: 0,
  genuine: 0,
  genuineFlagged: 0,
  fraud: 0,
  fraudCaught: 0,
  fraudStopped: 0,
  amount: 0,
  approvedAmount: 0,
  approvedFraudAmount: 0,
  clusters: new ClusterSums(2),
  frictionlessRate: undefined,
})

/** A clock that is put back repeats a part of a day; nothing comes two days late. */
const openDays = 2

function sealed(day: DaySums): void {
  if (day.clusters === undefined) return
  day.frictionlessRate = ratioEstimate(day.clusters, 1, 0, 'decided')
  day.clusters = undefined
}

const probabilityOf = (score: number, scale: MeasureOptions['scale']): number =>
  scale === 'probability' ? score : 1 / (1 + Math.exp(-score))
const clip = (p: number): number => Math.min(1 - 1e-15, Math.max(1e-15, p))

/** Columns of rare statuses, by character code: A I D S R. */
const rareStatus = new Int8Array(256).fill(-1)
for (const [code, index] of [
  ['A', rare.a],
  ['I', rare.i],
  ['D', rare.d],
  ['S', rare.s],
  ['R', rare.r],
] as const)
  rareStatus[code.charCodeAt(0)] = index - blocks[3].at

/** Everything that is printed of a variant, or only what a difference of estimates needs. */
export type Scope = 'all' | 'estimates'

/** @throws MeasureError where the decisions do not fit the stream */
export async function collect(
  ground: Ground,
  decisions: AsyncIterable<DecisionPart>,
  options: MeasureOptions,
  days: LocalDays,
  scope: Scope = 'all',
): Promise<Collected> {
  const { meta } = ground
  const firstDay = days.dayOf(meta.measuredFrom)
  const halfDay = firstDay + Math.ceil((days.dayOf(Math.max(meta.to, meta.measuredFrom)) - firstDay + 1) / 2)
  const isWhole = scope === 'all'
  const isProbability = (options.scale ?? 'logOdds') !== 'rank'
  const tables = blocks.map(({ width }) => new CardTable(width))
  const [denseTable, lostTable, fraudTable, rareTable] = tables as [CardTable, CardTable, CardTable, CardTable]
  const calibration = Array.from({ length: reliabilityBins }, () => new CardTable(1))
  const reliability = {
    n: new Float64Array(reliabilityBins),
    fraud: new Float64Array(reliabilityBins),
    p: new Float64Array(reliabilityBins),
    byCard: calibration,
    clusters: calibration.map(() => new ClusterSums(2)),
  }
  const counts = {
    events: 0,
    attempts: 0,
    notMade: 0,
    u: 0,
    erro: 0,
    withoutAmount: 0,
    withoutScore: 0,
    withoutTruth: 0,
    to: meta.measuredFrom,
  }
  const statuses = new Float64Array(256)
  const ends = new Float64Array(challengeEnds.length)
  const suspects: SuspectRows = {
    card: new Growing(),
    kind: new Growing(),
    isFraud: new Growing(),
    amount: new Growing(),
    caught: new Growing(),
    stopped: new Growing(),
    score: new Growing(),
    passes: new Growing(),
    day: new Growing(),
    slices: ground.slices.map(() => new Growing()),
  }
  const byDay = new Map<number, DaySums>()
  const slices: (ClusterSums | undefined)[][] = isWhole ? ground.slices.map(() => []) : []
  const scores = { all: new FineHistogram(), firstHalf: new FineHistogram(), secondHalf: new FineHistogram() }
  const merchantMonths = new Map<number, { attempted: number; approved: number }>()
  let today = sumsOfDay(Number.NaN)
  for await (const part of joined(ground, decisions, slices.length)) {
    for (let row = 0; row < part.n; row++) {
      const status = part.status[row] as number
      const ts = part.ts[row] as number
      if ((part.attempt[row] as number) > 0) counts.attempts++
      else counts.events++
      statuses[status] = (statuses[status] as number) + 1
      if (status === notMade) {
        counts.notMade++
        continue
      }
      if (ts > counts.to) counts.to = ts
      const day = days.dayOf(ts)
      if (today.day !== day) {
        today = byDay.get(day) ?? sumsOfDay(day)
        byDay.set(day, today)
        for (const [number, sums] of byDay) if (number < day - openDays) sealed(sums)
      }
      today.events++
      if (!isDecided(status)) {
        if (status === erro) {
          counts.erro++
          today.erro++
        } else {
          counts.u++
          today.u++
        }
        continue
      }
      const card = part.card[row] as number
      const truth = part.truth[row] as number
      const challenge = part.challenge[row] as number
      const score = part.score[row] as number
      const told = part.amount[row] as number
      const isFraud = (truth & isFraudBit) !== 0
      const isTold = (truth & isUntoldBit) === 0
      const isGenuine = isTold && !isFraud
      const isChallenged = isChallenge(status)
      const isDeclined = isDecline(status)
      const isFlagged = isChallenged || isDeclined
      const isLost = !isApproved(status, challenge)
      let amount = told
      if (!(told >= 0)) {
        amount = 0
        counts.withoutAmount++
      }
      const hasScore = !Number.isNaN(score)
      if (!hasScore) counts.withoutScore++
      if (!isTold) counts.withoutTruth++
      if (isChallenged) ends[challenge] = (ends[challenge] as number) + 1

      const hash = mixed(card)
      const at = denseTable.at(card)
      const sums = denseTable.data
      sums[at] = (sums[at] as number) + 1
      if (isChallenged) sums[at + dense.challenged] = (sums[at + dense.challenged] as number) + 1
      sums[at + dense.amount] = (sums[at + dense.amount] as number) + amount
      if (hasScore) {
        if (day < halfDay) scores.firstHalf.add(score)
        else scores.secondHalf.add(score)
        if (isProbability && isTold) {
          const p = probabilityOf(score, options.scale)
          const y = isFraud ? 1 : 0
          sums[at + dense.brier] = (sums[at + dense.brier] as number) + (p - y) ** 2
          sums[at + dense.logLoss] =
            (sums[at + dense.logLoss] as number) - (isFraud ? Math.log(clip(p)) : Math.log(1 - clip(p)))
          const bin = Math.max(0, Math.min(Math.floor(p * reliabilityBins), reliabilityBins - 1))
          reliability.n[bin] = (reliability.n[bin] as number) + 1
          reliability.fraud[bin] = (reliability.fraud[bin] as number) + y
          reliability.p[bin] = (reliability.p[bin] as number) + p
          const table = calibration[bin] as CardTable
          const place = table.at(card)
          table.data[place] = (table.data[place] as number) + p - y
          if (isWhole) (reliability.clusters[bin] as ClusterSums).tally(card, hash, isFraud ? 3 : 1)
        }
      }
      if (isLost) {
        const place = lostTable.at(card) - blocks[1].at
        if (isDeclined) lostTable.add(place + lost.declined, 1)
        lostTable.add(place + lost.notApproved, 1)
        lostTable.add(place + lost.notApprovedAmount, amount)
        if (isGenuine) {
          lostTable.add(place + lost.genuineLost, 1)
          lostTable.add(place + lost.genuineLostAmount, amount)
          if (isChallenged) lostTable.add(place + lost.genuineNotPassed, 1)
          if (isChallenged && challenge === 3) lostTable.add(place + lost.genuineAbandoned, 1)
        }
      }
      const rareColumn = rareStatus[status] as number
      if (rareColumn >= 0 || !isTold || !hasScore) {
        const place = rareTable.at(card) - blocks[3].at
        if (rareColumn >= 0) rareTable.add(place + rareColumn + blocks[3].at, 1)
        if (!hasScore && isTold) rareTable.add(place + (isFraud ? rare.unscoredFraud : rare.unscoredGenuine), 1)
        if (!isTold) {
          rareTable.add(place + rare.untold, 1)
          if (isChallenged) rareTable.add(place + rare.untoldChallenged, 1)
          if (isFlagged) rareTable.add(place + rare.untoldFlagged, 1)
          rareTable.add(place + rare.untoldAmount, amount)
        }
      }
      today.decided++
      today.amount += amount
      if (!isLost) today.approvedAmount += amount
      if (today.clusters === undefined) throw new MeasureError('the decisions are not in the order of time')
      if (isWhole) today.clusters.tally(card, hash, isFlagged ? 1 : 3)
      if (isChallenged) today.challenged++
      else if (isDeclined) today.declined++
      if (isGenuine) {
        today.genuine++
        if (isFlagged) today.genuineFlagged++
      }
      const kind = part.kind[row] as number
      if (isFraud) {
        const place = fraudTable.at(card) - blocks[2].at
        fraudTable.add(place + fraud.events, 1)
        fraudTable.add(place + fraud.amount, amount)
        today.fraud++
        if (isFlagged) {
          fraudTable.add(place + fraud.caught, 1)
          fraudTable.add(place + fraud.caughtAmount, amount)
          today.fraudCaught++
        }
        if (isLost) {
          fraudTable.add(place + fraud.stopped, 1)
          fraudTable.add(place + fraud.stoppedAmount, amount)
          today.fraudStopped++
        } else today.approvedFraudAmount += amount
        if (isChallenged) fraudTable.add(place + fraud.challenged, 1)
        const key = (part.merchant[row] as number) * monthsPerMerchant + monthOf(day)
        const month = merchantMonths.get(key) ?? { attempted: 0, approved: 0 }
        month.attempted += amount
        if (!isLost) month.approved += amount
        merchantMonths.set(key, month)
      }
      if (isFraud || kind !== 0) {
        suspects.card.push(card)
        suspects.kind.push(kind)
        suspects.isFraud.push(isFraud ? 1 : 0)
        suspects.amount.push(amount)
        suspects.caught.push(isFlagged ? 1 : 0)
        suspects.stopped.push(isLost ? 1 : 0)
        suspects.score.push(score)
        suspects.passes.push((truth & passUntoldBit) !== 0 ? Number.NaN : (truth & wouldPassBit) !== 0 ? 1 : 0)
        suspects.day.push(day)
      }
      const bits =
        slicedBit.decided |
        (isFlagged ? 0 : slicedBit.frictionless) |
        (isGenuine
          ? slicedBit.genuine |
            (isFlagged ? slicedBit.flagged : 0) |
            (isLost ? slicedBit.lost : 0) |
            (isChallenged ? slicedBit.challenged : 0) |
            (isChallenged && !isLost ? slicedBit.passed : 0)
          : 0)
      for (let slice = 0; slice < slices.length; slice++) {
        const value = part.slices[slice * part.capacity + row] as number
        const values = slices[slice] as (ClusterSums | undefined)[]
        let clusters = values[value]
        if (clusters === undefined) {
          clusters = new ClusterSums(slicedColumns)
          values[value] = clusters
        }
        if (isFraud || kind !== 0) (suspects.slices[slice] as Growing).push(value)
        clusters.tally(card, hash, bits)
      }
    }
  }
  scores.all.take(scores.firstHalf)
  scores.all.take(scores.secondHalf)
  for (const day of byDay.values()) sealed(day)
  const totals = new Float64Array(totalColumns)
  tables.forEach((table, index) => {
    table.sums(totals, (blocks[index] as (typeof blocks)[number]).at)
  })
  return {
    counts,
    statuses,
    ends,
    tables,
    totals,
    suspects,
    days: [...byDay.values()].sort((a, b) => a.day - b.day),
    slices,
    scores,
    halfFrom: halfDay,
    reliability,
    merchantMonths,
  }
}
