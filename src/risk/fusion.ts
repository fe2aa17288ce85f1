/**
 * Assessments as parts of the score: each in log-odds by what its source has turned out to be worth, all together within
 * limits, with a part of its own for silence and one for a conflict. Weights are whole grains, so that the sum stays exact.
 */
import { rounded } from './check.ts'
import {
  type Assessments,
  type ConflictMode,
  conflictReason,
  silenceReason,
  trustOf,
  verdictReasons,
} from './policy/assessments.ts'
import { calibrated, type Opinion, type Unheard } from './sources.ts'

/** More assessments of one purchase are not weighed. */
export const mostOpinions = 8
/** Places that a policy has for them: one for each assessment, one for silence, one for a conflict. */
export const assessmentParts = mostOpinions + 2

export type Fused = {
  /** One for each opinion, in their order. */
  readonly weights: readonly number[]
  readonly silence?: { readonly weight: number; readonly reason: string } | undefined
  readonly conflict?: Conflict | undefined
}

export type Conflict = {
  readonly mode: ConflictMode
  /** Log-odds of our own evidence, and of all assessments together. */
  readonly own: number
  readonly theirs: number
  /** What is added, so that the score is what the mode says. */
  readonly weight: number
  readonly reason: string
}

/** Nearer to 0, in whole grains: a limit is never passed by rounding. */
const inward = (weight: number): number => {
  const near = rounded(weight)
  return Math.abs(near) <= Math.abs(weight) ? near : near - Math.sign(near) * 2 ** -30
}

function worth(section: Assessments, opinion: Opinion): number {
  const { source } = opinion
  const trusted = trustOf(section, source) * calibrated(opinion, section.average)
  const most = Object.hasOwn(section.sources, source) ? section.sources[source]?.most : undefined
  return Math.max(
    -(most?.for ?? Number.POSITIVE_INFINITY),
    Math.min(most?.against ?? Number.POSITIVE_INFINITY, trusted),
  )
}

const before = (a: Opinion, b: Opinion): boolean => a.source < b.source || (a.source === b.source && a.door < b.door)

/** Those of one direction: the strongest counts whole, the others by a share, all together at most so much. */
function together(
  opinions: readonly Opinion[],
  worths: readonly number[],
  sign: 1 | -1,
  { further, most }: Assessments,
  into: number[],
): void {
  let strongest = -1
  for (let i = 0; i < opinions.length; i++) {
    const own = (worths[i] ?? 0) * sign
    if (!(own > 0)) continue
    const best = (worths[strongest] ?? 0) * sign
    const [one, other] = [opinions[i], opinions[strongest]]
    if (own > best || (own === best && one !== undefined && other !== undefined && before(one, other))) strongest = i
  }
  if (strongest < 0) return
  let sum = 0
  for (let i = 0; i < opinions.length; i++) {
    const own = (worths[i] ?? 0) * sign
    if (own > 0) sum += i === strongest ? own : own * further
  }
  const limit = sign > 0 ? most.against : most.for
  const scale = sum > limit ? limit / sum : 1
  for (let i = 0; i < opinions.length; i++) {
    const own = (worths[i] ?? 0) * sign
    if (own > 0) into[i] = inward(sign * own * scale * (i === strongest ? 1 : further))
  }
}

function silenceOf(
  { silence }: Assessments,
  opinions: readonly Opinion[],
  unheard: readonly Unheard[],
): Fused['silence'] {
  let weight = 0
  let reason: string | undefined
  for (const { problem, source } of unheard) {
    // It was heard at another door.
    if (source !== undefined && opinions.some((one) => one.source === source)) continue
    const own = rounded(silence[problem] ?? silence.any ?? 0)
    if (own > weight) {
      weight = own
      reason = silenceReason(problem)
    }
  }
  return reason === undefined ? undefined : { weight, reason }
}

function conflictOf({ mode, conflictFrom }: Assessments, own: number, theirs: number): Conflict | undefined {
  if (own * theirs >= 0 || Math.abs(own) <= conflictFrom || Math.abs(theirs) <= conflictFrom) return undefined
  const spared = { cautious: Math.min(own, theirs), calibrated: 0, ours: theirs, theirs: own }[mode]
  return { mode, own, theirs, weight: 0 - spared, reason: conflictReason(mode) }
}

/** `own`: the sum of what our own checks, scorers and scorecard said, without the base. */
export function fused(
  section: Assessments,
  own: number,
  opinions: readonly Opinion[],
  unheard: readonly Unheard[],
): Fused {
  const worths = opinions.map((opinion) => worth(section, opinion))
  const weights = opinions.map(() => 0)
  together(opinions, worths, 1, section, weights)
  together(opinions, worths, -1, section, weights)
  const theirs = weights.reduce((sum, weight) => sum + weight, 0)
  return {
    weights,
    silence: silenceOf(section, opinions, unheard),
    conflict: conflictOf(section, own, theirs),
  }
}

export const opinionReason = ({ verdict }: Opinion): string => verdictReasons[verdict]
