// How good each source was: what it said of payments whose end is known, and what its word is worth for that. Pure.
import { verdicts } from '../../risk/assessment.ts'
import type { Policy } from '../../risk/policy.ts'
import {
  averageOf,
  bandCount,
  calibrated,
  labelledOf,
  type SourceRecord,
  standingOf,
  type Tally,
} from '../../risk/sources.ts'

type Records = readonly (readonly [source: string, record: SourceRecord])[]

const rateOf = ({ good, fraud }: Tally): number | null => (good + fraud === 0 ? null : fraud / (good + fraud))

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
        return { verdict, ...tally, fraudRate: rateOf(tally), ...(evidence !== undefined && { evidence }) }
      }),
      bands: record.bands.map((tally, band) => ({
        from: band / bandCount,
        to: (band + 1) / bandCount,
        predicted: (band + 0.5) / bandCount,
        ...tally,
        seen: rateOf(tally),
      })),
    }
  })
