// What was heard at the doors, as the engine takes it: opinions with what their sources have been worth so far, and what they tell besides. Pure.
import { maskDigitRuns } from '../protocol/mask.ts'
import type { Heard, Hearing } from './assessment.ts'
import { mostOpinions } from './fusion.ts'
import { isTrusted, trustOf } from './policy/assessments.ts'
import type { Policy } from './policy.ts'
import type { Signals } from './signals.ts'
import { averageOf, emptySource, type Opinion, opinionOf, type SourceRecord } from './sources.ts'

type Records = readonly (readonly [source: string, record: SourceRecord])[]

/** Each source is held against the average of the others. */
export function opinionsOf(
  heard: readonly Heard[],
  records: Records,
  averageOfOthers = (source: string): SourceRecord => averageBeside(source, records),
): readonly Opinion[] {
  return heard.slice(0, mostOpinions).map(({ door, assessment, ms }) => {
    const { source } = assessment
    const own = records.find(([name]) => name === source)?.[1] ?? emptySource
    const reasons = assessment.reasons.map(maskDigitRuns)
    const opinion = opinionOf({ ...assessment, reasons }, door, own, averageOfOthers(source))
    return ms === undefined ? opinion : { ...opinion, ms }
  })
}

/** The average of all but one. */
export const averageBeside = (source: string, records: Records): SourceRecord =>
  averageOf(records.filter(([name]) => name !== source).map(([, record]) => record))

/** Entries of shared lists that one payment may have. */
const mostListed = 20

/** What trusted sources tell besides; of two that tell the same thing the more trusted one counts, then the one heard first. */
export function signalsIn({ assessments }: Policy, heard: readonly Heard[]): Signals | undefined {
  if (assessments === undefined) return undefined
  const told = heard
    .filter(({ assessment }) => assessment.signals !== undefined && isTrusted(assessments, assessment.source))
    .toSorted((a, b) => trustOf(assessments, b.assessment.source) - trustOf(assessments, a.assessment.source))
    .flatMap(({ assessment }) => (assessment.signals === undefined ? [] : [assessment.signals]))
  if (told.length === 0) return undefined
  const sharedList = told.flatMap((one) => one.sharedList ?? []).slice(0, mostListed)
  const all: Signals = Object.assign({}, ...told.toReversed())
  return sharedList.length > 0 ? { ...all, sharedList } : all
}

/** Whether it tells anything besides its verdict that is made use of. */
export const tellsSignals = (policy: Policy, { assessment: { source, signals } }: Heard): boolean =>
  signals !== undefined && policy.assessments !== undefined && isTrusted(policy.assessments, source)

/** The same with one source less. */
export const withoutSource = ({ heard, unheard }: Hearing, source: string): Hearing => ({
  heard: heard.filter(({ assessment }) => assessment.source !== source),
  unheard,
})
