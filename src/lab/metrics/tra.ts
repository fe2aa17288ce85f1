/** Transaction risk analysis: the rolling fraud rate of Regulation (EU) 2018/389, Art. 18–19 and annex. */
import type { Collected } from './collect.ts'
import { dateOf } from './day.ts'
import type { LastWindow } from './draw.ts'
import { withInterval } from './estimate.ts'
import type { Tra, TraDay } from './types.ts'

const windowDays = 90
const bands = [
  { bps: 13, upToEur: 100 },
  { bps: 6, upToEur: 250 },
  { bps: 1, upToEur: 500 },
]

export function lastWindowOf({ days }: Collected): LastWindow {
  const from = (days.at(-1)?.day ?? 0) - windowDays + 1
  const approvedAmount = days.reduce((sum, day) => (day.day >= from ? sum + day.approvedAmount : sum), 0)
  return { from, approvedAmount }
}

/** `draws`: bps of the last window by resample. */
export function traOf(
  collected: Collected,
  firstDay: number,
  draws: Float64Array,
  cards: number,
  isTold: boolean,
): Tra {
  const { days } = collected
  const list: TraDay[] = []
  let approved = 0
  let stolen = 0
  let begin = 0
  let next = 0
  const last = days.at(-1)?.day ?? firstDay - 1
  for (let day = firstDay; day <= last; day++) {
    for (let sums = days[next]; sums !== undefined && sums.day <= day; sums = days[++next]) {
      approved += sums.approvedAmount
      stolen += sums.approvedFraudAmount
    }
    for (let sums = days[begin]; sums !== undefined && sums.day <= day - windowDays; sums = days[++begin]) {
      approved -= sums.approvedAmount
      stolen -= sums.approvedFraudAmount
    }
    const full = day - firstDay + 1 >= windowDays
    list.push({ day: dateOf(day), bps: isTold && approved > 0 ? (10_000 * stolen) / approved : null, full })
  }
  const judged = list.filter(({ full }) => full)
  const worst = (judged.length > 0 ? judged : list).reduce<TraDay | null>(
    (most, day) => (day.bps !== null && (most === null || day.bps > (most.bps ?? 0)) ? day : most),
    null,
  )
  const value = list.at(-1)?.bps ?? null
  return {
    days: list,
    last: withInterval(
      value === null
        ? { value, numerator: null, n: 0, why: isTold ? 'nothingApproved' : 'noTruth' }
        : { value, numerator: stolen, n: approved },
      draws,
      { denominator: 'approvedAmount', cards, isShare: false },
    ),
    lastFull: list.at(-1)?.full ?? false,
    worst,
    bands: bands.map(({ bps, upToEur }) => ({
      bps,
      upToEur,
      kept: keptOf(judged, bps),
    })),
  }
}

/** Null: there is no full window, or one in which nothing was approved, so that it has no rate that could be kept. */
function keptOf(judged: readonly TraDay[], most: number): boolean | null {
  if (judged.some(({ bps }) => bps !== null && bps > most)) return false
  return judged.length === 0 || judged.some(({ bps }) => bps === null) ? null : true
}
