// Counts, rates and percentiles of transactions, as a dashboard shows them. Every rate says what it is a share of. Pure.
import { reasonText } from '../../protocol/tables/reasons.ts'
import { schemes } from '../../protocol/tables/schemes.ts'
import type { Policy } from '../../risk/policy.ts'
import type { TransactionBrief } from '../ports.ts'

const statuses = ['Y', 'N', 'A', 'U', 'R', 'I', 'C', 'D'] as const
type Status = (typeof statuses)[number]
const isStatus = (text: string): text is Status => statuses.some((status) => status === text)

/** What became of an AReq: frictionless Y, challenge C or D, decline N or R; A, I and U are none of them. */
type Way = 'frictionless' | 'challenge' | 'decline' | 'other'
const ways: Readonly<Record<Status, Way>> = {
  Y: 'frictionless',
  C: 'challenge',
  D: 'challenge',
  N: 'decline',
  R: 'decline',
  A: 'other',
  I: 'other',
  U: 'other',
}
const wayOf = (transStatus: string): Way => (isStatus(transStatus) ? ways[transStatus] : 'other')

type ChallengeEnd = 'open' | 'passed' | 'failed' | 'cancelled' | 'timedOut' | 'error'

function endOf({ challenge, resultStatus }: TransactionBrief): ChallengeEnd {
  if (challenge !== undefined && challenge.phase !== 'ended') return 'open'
  if (resultStatus === 'Y') return 'passed'
  switch (challenge?.cancel) {
    case '01':
      return 'cancelled'
    case '03':
    case '04':
    case '05':
      return 'timedOut'
    default:
      return resultStatus === 'N' ? 'failed' : 'error'
  }
}

export interface Rate {
  readonly count: number
  readonly of: number
  readonly rate: number | null
}

export interface Group {
  readonly key: string
  readonly label: string
  readonly count: number
  readonly frictionless: number
  readonly challenge: number
  readonly challengePassed: number
  readonly challengeEnded: number
  readonly decline: number
  readonly other: number
  readonly p50: number | null
  readonly p95: number | null
}

export interface Bucket {
  readonly at: number
  readonly frictionless: number
  readonly challenge: number
  readonly decline: number
  readonly other: number
  readonly p95: number | null
}

export interface Statistics {
  readonly from: number | null
  readonly to: number | null
  readonly count: number
  /** All but U, which is counted apart. */
  readonly decided: number
  readonly outcomes: Readonly<Record<Status, number>>
  readonly rates: Readonly<Record<'frictionless' | 'challenge' | 'completion' | 'decline' | 'challengeSuccess', Rate>>
  readonly reasons: readonly {
    readonly transStatus: string
    readonly transStatusReason: string
    readonly count: number
    readonly text: { readonly en: string; readonly ja: string }
  }[]
  readonly challenges: Readonly<Record<ChallengeEnd, number>>
  readonly latencyMs: {
    readonly count: number
    readonly p50: number | null
    readonly p90: number | null
    readonly p95: number | null
    readonly p99: number | null
    readonly max: number | null
  }
  readonly by: Readonly<Record<'scheme' | 'merchant' | 'amountBand' | 'decidedBy', readonly Group[]>>
  readonly series: readonly Bucket[]
}

const rateOf = (count: number, of: number): Rate => ({ count, of, rate: of === 0 ? null : count / of })

const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort()
/** The nearest rank: a value that was measured. */
const percentile = (values: Float64Array, p: number): number | null =>
  values[Math.max(0, Math.ceil(p * values.length) - 1)] ?? null

class Tally {
  readonly label: string
  count = 0
  readonly ways: Record<Way, number> = { frictionless: 0, challenge: 0, decline: 0, other: 0 }
  passed = 0
  ended = 0
  readonly durations: number[] = []

  constructor(label: string) {
    this.label = label
  }

  add(row: TransactionBrief, way: Way, end: ChallengeEnd | undefined): void {
    this.count += 1
    this.ways[way] += 1
    if (end === 'passed') this.passed += 1
    if (end !== undefined && end !== 'open') this.ended += 1
    if (row.durationMs !== undefined) this.durations.push(row.durationMs)
  }

  group(key: string): Group {
    const durations = sorted(this.durations)
    return {
      key,
      label: this.label,
      count: this.count,
      ...this.ways,
      challengePassed: this.passed,
      challengeEnded: this.ended,
      p50: percentile(durations, 0.5),
      p95: percentile(durations, 0.95),
    }
  }
}

/** Merchants beyond these are few each and many together. */
const mostGroups = 30

const byCount = (tallies: ReadonlyMap<string, Tally>): readonly Group[] =>
  [...tallies]
    .map(([key, tally]) => tally.group(key))
    .toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .slice(0, mostGroups)

/** Bounds between amounts in major units: currencies with cents, and those whose unit is about a cent. */
const bounds = { cents: [10, 50, 100, 300, 1000], whole: [1000, 5000, 10_000, 30_000, 100_000] } as const

/** The band an amount lies in, lower bound included, in the issuer's currency. */
function bandsOf({ issuer }: Pick<Policy, 'issuer'>) {
  const { alpha, exponent } = issuer.currency
  const limits = exponent === 0 ? bounds.whole : bounds.cents
  const told = (value: number): string => value.toLocaleString('en')
  const labels = [...limits, undefined].map((upper, position) => {
    const lower = limits[position - 1]
    if (lower === undefined) return `${alpha} < ${told(upper ?? 0)}`
    return upper === undefined ? `${alpha} ≥ ${told(lower)}` : `${alpha} ${told(lower)}–${told(upper)}`
  })
  const keys = [...limits, undefined].map((upper, position) => `${limits[position - 1] ?? 0}-${upper ?? ''}`)
  return {
    of(minor: number | undefined): readonly [key: string, label: string] {
      if (minor === undefined) return ['unknown', '–']
      const major = minor / 10 ** exponent
      const position = limits.findIndex((limit) => major < limit)
      const at = position < 0 ? limits.length : position
      return [keys[at] ?? '', labels[at] ?? '']
    },
    keys: [...keys, 'unknown'],
  }
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const widths = [
  second,
  5 * second,
  15 * second,
  minute,
  5 * minute,
  15 * minute,
  hour,
  3 * hour,
  6 * hour,
  day,
  7 * day,
  30 * day,
  365 * day,
]
const mostBuckets = 60

interface Point {
  readonly at: number
  readonly way: Way
  readonly durationMs: number | undefined
}

function seriesOf(points: readonly Point[], from: number, to: number): readonly Bucket[] {
  // Somebody may ask for all of time; the buckets reach to its end.
  const width =
    widths.find((one) => (to - from) / one < mostBuckets - 1) ?? Math.ceil((to - from) / day / (mostBuckets - 2)) * day
  const first = Math.floor(from / width)
  const buckets = Array.from({ length: Math.min(Math.floor(to / width) - first + 1, mostBuckets) }, () => new Tally(''))
  for (const { at, way, durationMs } of points) {
    const bucket = buckets[Math.floor(at / width) - first]
    if (bucket === undefined) continue
    bucket.ways[way] += 1
    if (durationMs !== undefined) bucket.durations.push(durationMs)
  }
  return buckets.map(({ ways: counts, durations }, position) => ({
    at: (first + position) * width,
    ...counts,
    p95: percentile(sorted(durations), 0.95),
  }))
}

export interface StatisticsCollector {
  add(row: TransactionBrief): void
  /** `from` and `to` as asked for; otherwise the first and the last transaction. */
  result(from: number | undefined, to: number | undefined): Statistics
}

export function collectStatistics(policy: Pick<Policy, 'issuer'>): StatisticsCollector {
  const bands = bandsOf(policy)
  const outcomes: Record<Status, number> = { Y: 0, N: 0, A: 0, U: 0, R: 0, I: 0, C: 0, D: 0 }
  const challenges: Record<ChallengeEnd, number> = {
    open: 0,
    passed: 0,
    failed: 0,
    cancelled: 0,
    timedOut: 0,
    error: 0,
  }
  const all = new Tally('')
  const reasons = new Map<string, { transStatus: string; transStatusReason: string; count: number }>()
  const groups = {
    scheme: new Map<string, Tally>(),
    merchant: new Map<string, Tally>(),
    amountBand: new Map<string, Tally>(),
    decidedBy: new Map<string, Tally>(),
  }
  const points: Point[] = []
  let earliest = Number.POSITIVE_INFINITY
  let latest = Number.NEGATIVE_INFINITY

  const tallyOf = (group: Map<string, Tally>, key: string, label: string): Tally => {
    const known = group.get(key)
    if (known !== undefined) return known
    const tally = new Tally(label)
    group.set(key, tally)
    return tally
  }

  return {
    add(row) {
      const { transStatus, at, durationMs } = row
      const way = wayOf(transStatus)
      const end = wayOf(transStatus) === 'challenge' ? endOf(row) : undefined
      if (isStatus(transStatus)) outcomes[transStatus] += 1
      if (end !== undefined) challenges[end] += 1
      all.add(row, way, end)
      const [band, bandLabel] = bands.of(row.issuerAmount)
      tallyOf(groups.scheme, row.scheme, schemes[row.scheme]?.name ?? row.scheme).add(row, way, end)
      tallyOf(groups.merchant, row.merchantName ?? '', row.merchantName || '–').add(row, way, end)
      tallyOf(groups.amountBand, band, bandLabel).add(row, way, end)
      tallyOf(groups.decidedBy, row.decidedBy, row.decidedBy).add(row, way, end)
      // The last word counts: that of the RReq where there was a challenge.
      const [status, reason] =
        row.resultStatus === undefined ? [transStatus, row.transStatusReason] : [row.resultStatus, row.resultReason]
      if (reason !== undefined) {
        const key = `${status}/${reason}`
        const known = reasons.get(key) ?? { transStatus: status, transStatusReason: reason, count: 0 }
        known.count += 1
        reasons.set(key, known)
      }
      points.push({ at, way, durationMs })
      earliest = Math.min(earliest, at)
      latest = Math.max(latest, at)
    },
    result(askedFrom, askedTo) {
      const decided = all.count - outcomes.U
      const durations = sorted(all.durations)
      const from = askedFrom ?? (points.length === 0 ? null : earliest)
      const to = askedTo ?? (points.length === 0 ? null : latest)
      return {
        from,
        to,
        count: all.count,
        decided,
        outcomes,
        rates: {
          frictionless: rateOf(outcomes.Y, decided),
          challenge: rateOf(outcomes.C + outcomes.D, decided),
          completion: rateOf(outcomes.Y + challenges.passed, decided),
          decline: rateOf(outcomes.N + outcomes.R, decided),
          challengeSuccess: rateOf(challenges.passed, all.ended),
        },
        reasons: [...reasons.values()]
          .toSorted((a, b) => b.count - a.count || (a.transStatusReason < b.transStatusReason ? -1 : 1))
          .map((reason) => ({ ...reason, text: reasonText(reason.transStatusReason) })),
        challenges,
        latencyMs: {
          count: durations.length,
          p50: percentile(durations, 0.5),
          p90: percentile(durations, 0.9),
          p95: percentile(durations, 0.95),
          p99: percentile(durations, 0.99),
          max: percentile(durations, 1),
        },
        by: {
          scheme: byCount(groups.scheme),
          merchant: byCount(groups.merchant),
          amountBand: bands.keys.flatMap((key) => groups.amountBand.get(key)?.group(key) ?? []),
          decidedBy: byCount(groups.decidedBy),
        },
        series: from === null || to === null || points.length === 0 ? [] : seriesOf(points, from, to),
      }
    },
  }
}
