// How good each source was: what it said of payments whose end is known, and what its word is worth for that. Pure.
import { verdicts } from '../../risk/assessment.ts'
import type { Policy } from '../../risk/policy.ts'
import {
  averageOf,
  bandCount,
  bandWorth,
  calibrated,
  labelledOf,
  type SourceRecord,
  standingOf,
  type Tally,
} from '../../risk/sources.ts'

type Records = readonly (readonly [source: string, record: SourceRecord])[]

const rateOf = ({ good, fraud }: Tally): number | null => (good + fraud === 0 ? null : fraud / (good + fraud))

/** Of 95 %: two-sided. */
const z95 = 1.959964

/** Where the rate of frauds lies, by Wilson, so that a rate of few payments is told from one of many. */
export function intervalOf({ good, fraud }: Tally): readonly [low: number, high: number] | null {
  const n = good + fraud
  if (n === 0) return null
  const rate = fraud / n
  const square = z95 * z95
  const middle = (rate + square / (2 * n)) / (1 + square / n)
  const half = (z95 / (1 + square / n)) * Math.sqrt((rate * (1 - rate)) / n + square / (4 * n * n))
  return [fraud === 0 ? 0 : Math.max(0, middle - half), good === 0 ? 1 : Math.min(1, middle + half)]
}

export const reliabilityOf = (records: Records, { assessments }: Policy) =>
  records.map(([source, record]) => {
    const average = averageOf(records.filter(([name]) => name !== source).map(([, other]) => other))
    const worth = (verdict: (typeof verdicts)[number]): number | undefined =>
      assessments === undefined
        ? undefined
        : calibrated(
            {
              source,
              door: 'ahead',
              verdict,
              reasons: [],
              own: standingOf(record, undefined),
              average: standingOf(average, undefined),
            },
            assessments.average,
          )
    return {
      source,
      ...labelledOf(record),
      verdicts: verdicts.map((verdict) => {
        const tally = record.verdicts[verdict]
        const evidence = worth(verdict)
        return {
          verdict,
          ...tally,
          fraudRate: rateOf(tally),
          interval: intervalOf(tally),
          ...(evidence !== undefined && { evidence }),
        }
      }),
      bands: record.bands.map((tally, band) => ({
        from: band / bandCount,
        to: (band + 1) / bandCount,
        predicted: (band + 0.5) / bandCount,
        ...tally,
        seen: rateOf(tally),
        interval: intervalOf(tally),
        ...(assessments !== undefined && { evidence: bandWorth(record, band) }),
      })),
    }
  })
