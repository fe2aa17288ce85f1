// A decision, explained: what was weighed, what was silent and why, what was applied after the score, and what would have
// changed it. Made of what was recorded, or of a purchase that nobody made. Pure.
import { type Basis, decideAgain } from '../../risk/again.ts'
import type { Door, HookProblem, ScreeningVerdict } from '../../risk/assessment.ts'
import type { Controller } from '../../risk/changes/change.ts'
import type { Family } from '../../risk/check.ts'
import { checkOf } from '../../risk/checks.ts'
import { type Counterfactual, clausesOf, counterfactuals, sentencesOf } from '../../risk/counterfactual.ts'
import type { Decision } from '../../risk/decide.ts'
import type { Facts } from '../../risk/facts.ts'
import { featureSet, isFeature, positionOf } from '../../risk/features.ts'
import { readFeatures } from '../../risk/kept.ts'
import type { ConflictMode } from '../../risk/policy/assessments.ts'
import { ruleWords } from '../../risk/policy/words.ts'
import type { Policy, ScorerEntry } from '../../risk/policy.ts'
import { type Presence, presenceAt } from '../../risk/presence.ts'
import { problemWords } from '../../risk/problem-words.ts'
import { conflictId, opinionId, silenceId } from '../../risk/score.ts'
import { sharesOf } from '../../risk/scorers/shares.ts'
import { calibrated, labelledOf } from '../../risk/sources.ts'
import type { Without } from '../authenticate/without.ts'
import type { KeptInputs } from '../kept-inputs.ts'
import type { TransactionDetails } from '../ports.ts'
import type { Words } from './deciders.ts'
import { linksOf, type Named, riskEventsOf } from './risk-events.ts'
import { type Step, stepsOf } from './steps.ts'
import { type Part, waterfallOf } from './waterfall.ts'

export interface Read {
  readonly path: string
  /** Absent: the engine keeps no note of it. */
  readonly presence?: Presence
}

interface About {
  readonly checkId: string
  readonly title: Words
  /** Absent: it is no check. */
  readonly family?: Family
  readonly reads: readonly Read[]
}
export interface Contribution extends About, Pick<Part, 'code' | 'weight' | 'features'> {
  readonly sentence: Words
}
export interface Silence extends About {
  readonly reason: Words
}

export interface FamilySummary {
  /** Log-odds of its checks together. */
  readonly weight: number
  /** Something is known, and it speaks for the cardholder. */
  readonly isEstablished: boolean
  readonly checks: readonly string[]
}

export interface Way {
  readonly transStatus: string
  readonly transStatusReason?: string
  readonly score: number
  readonly sentence: Words
  readonly isSmallest: boolean
  readonly changes: readonly {
    readonly id: string
    readonly by: Controller
    readonly text: Words
    readonly paths: readonly string[]
  }[]
  readonly differences: Counterfactual['differences']
}

/** What a source said, what it was worth, and what would have been decided without it. */
export interface AssessmentTold {
  readonly source: string
  readonly door: Door
  readonly verdict: ScreeningVerdict
  readonly score?: number
  readonly reasons: readonly string[]
  /** How long asking took. */
  readonly ms?: number
  /** Payments of the source whose end was known by then. */
  readonly labelled: { readonly good: number; readonly fraud: number }
  /** Log-odds by its record, before trust and limits; absent: the policy does not listen. */
  readonly evidence?: number
  /** As it counted. */
  readonly weight: number
  readonly without?: Omit<Without, 'source'>
}

export interface Explained {
  readonly score: number
  readonly probability: number
  readonly base: number
  readonly thresholds: { readonly challenge: number; readonly reject: number }
  readonly band: string
  readonly segment?: string
  readonly policy: {
    readonly name: string
    readonly hash?: string
    /** False: its text is not here any more; words, rules and what would have changed it are those of the running policy. */
    readonly isOfTheDay: boolean
  }
  readonly contributions: readonly Contribution[]
  readonly silent: readonly Silence[]
  readonly scorers: readonly {
    readonly id: string
    readonly kind: string
    readonly name: string
    readonly version: string
    readonly hash: string
    readonly calibrator: string
    readonly weight: number
    /** Absent: it abstained. */
    readonly contribution?: number
  }[]
  readonly engine: {
    readonly action: string
    readonly transStatus: string
    readonly transStatusReason?: string
    readonly because: readonly string[]
  }
  readonly assessments: readonly AssessmentTold[]
  /** Who was not heard, and why. */
  readonly unheard: readonly {
    readonly door: Door
    readonly source?: string
    readonly ms?: number
    /** What went wrong with the question on purpose. */
    readonly fault?: string
    readonly problem: HookProblem
    readonly text: Words
  }[]
  /** Had nobody been heard; absent: nobody was. */
  readonly withoutAll?: Omit<Without, 'source'>
  /** Log-odds of our own evidence and of theirs. */
  readonly conflict?: {
    readonly mode: ConflictMode
    readonly own: number
    readonly theirs: number
    readonly text: Words
  }
  readonly steps: readonly Step[]
  readonly rules: readonly {
    readonly id: string
    readonly when: unknown
    readonly outcome: unknown
    readonly text: Words
    readonly cite?: string
    readonly note?: string
  }[]
  readonly families: Readonly<Record<Family, FamilySummary>>
  readonly links: readonly Named[]
  readonly riskEvents: readonly Named[]
  /** Whether the engine decides the same from the record; absent: the record does not hold all that it decided by. */
  readonly isReplayed?: boolean
  readonly counterfactual: {
    readonly controllable?: Controller
    readonly smallest?: Way
    readonly others: readonly Way[]
    readonly tried: number
    /** Why there is none. */
    readonly missing?: Words
  }
}

export type EngineWord = Pick<Decision, 'action' | 'transStatus' | 'transStatusReason' | 'because' | 'segment'>

export interface ToExplain {
  readonly score: number
  readonly details: Pick<
    TransactionDetails,
    'evidence' | 'features' | 'featureSet' | 'facts' | 'terms' | 'policy' | 'policyHash' | 'without'
  > & { readonly inputs?: Pick<KeptInputs, 'opinions' | 'unheard'> | undefined }
  /** What the engine decided. */
  readonly engine: EngineWord
  readonly basis: Basis | undefined
  /** That of the decision where it is here, otherwise the running one. */
  readonly policy: Policy
  readonly isOfTheDay: boolean
  readonly controllable?: Controller | undefined
}

const titles: Readonly<Record<string, Words>> = {
  scorecard: { en: 'Scorecard', ja: 'スコアカード' },
  [silenceId]: { en: 'Screening not heard', ja: '加盟店側の審査なし' },
  [conflictId]: { en: 'Conflict with the screening', ja: '加盟店側の審査との食い違い' },
}
const assessedBy = opinionId('')
const titleOf = (checkId: string): Words => {
  if (!checkId.startsWith(assessedBy)) return titles[checkId] ?? { en: checkId, ja: checkId }
  const source = checkId.slice(assessedBy.length)
  return { en: `Screening: ${source}`, ja: `加盟店側の審査：${source}` }
}

const presenceOfPath = ({ presence, browser, signals }: Partial<Facts>, path: string): Presence | undefined => {
  if (path.startsWith('method.')) return browser === undefined ? undefined : browser.hasMethod ? 'present' : 'absent'
  if (path.startsWith('signals.')) return signals === undefined ? 'absent' : 'present'
  return presenceAt(presence, path)
}

function aboutOf({ checkId, paths }: Part, facts: Partial<Facts>): About {
  const check = checkOf(checkId)
  return {
    checkId,
    title: check === undefined ? titleOf(checkId) : { en: check.words.en.title, ja: check.words.ja.title },
    ...(check !== undefined && { family: check.family }),
    ...(checkId.startsWith(assessedBy) && { family: 'merchant' as const }),
    reads: paths.map((path) => {
      const presence = presenceOfPath(facts, path)
      return presence === undefined ? { path } : { path, presence }
    }),
  }
}

const mostFeatures = 10

/** What each feature moved in the model: along the paths of its trees, or by its weight. */
const featuresOf = (entry: ScorerEntry, features: Float64Array, weight: number): Part['features'] =>
  sharesOf(entry, weight, features, (name) => (isFeature(name) ? positionOf(name) : -1))
    ?.shares.slice(0, mostFeatures)
    .map(({ feature, value, share }) => ({ feature, value, weight: share }))

const families = ['cardholder', 'merchant', 'environment', 'behaviour'] as const satisfies readonly Family[]

function familiesOf(contributions: readonly Contribution[]): Explained['families'] {
  const summaryOf = (family: Family): FamilySummary => {
    const own = contributions.filter((one) => one.family === family)
    const weight = own.reduce((sum, one) => sum + one.weight, 0)
    return { weight, isEstablished: weight < 0, checks: own.map(({ checkId }) => checkId) }
  }
  return Object.fromEntries(families.map((family) => [family, summaryOf(family)])) as Explained['families']
}

const wayOf = (found: Counterfactual, policy: Policy): Way => ({
  transStatus: found.decision.transStatus,
  ...(found.decision.transStatusReason !== undefined && { transStatusReason: found.decision.transStatusReason }),
  score: found.score,
  sentence: sentencesOf(found, policy),
  isSmallest: found.isSmallest,
  changes: found.changes.map((chosen) => ({
    id: chosen.change.id,
    by: chosen.change.by,
    text: clausesOf(chosen, policy),
    paths: chosen.change.paths,
  })),
  differences: found.differences,
})

const notKept: Words = {
  en: 'The record does not hold all that the engine decided by, so that nothing can be tried on it.',
  ja: '判定に使われた値がすべては記録されていないため、仮定を変えて試すことができません。',
}
const nothingFound: Words = {
  en: 'Nothing that was tried would have changed the outcome.',
  ja: '試した範囲では、結果が変わる変更はありませんでした。',
}

function counterfactualOf({ basis, policy, controllable }: ToExplain): Explained['counterfactual'] {
  const asked = controllable === undefined ? {} : { controllable }
  if (basis === undefined) return { ...asked, others: [], tried: 0, missing: notKept }
  const { smallest, others, tried } = counterfactuals(basis, policy, { controllable })
  return {
    ...asked,
    ...(smallest === undefined ? { missing: nothingFound } : { smallest: wayOf(smallest, policy) }),
    others: others.map((found) => wayOf(found, policy)),
    tried,
  }
}

const withoutName = ({ source: _, ...rest }: Without): Omit<Without, 'source'> => rest

function toldByOthers(
  { details: { inputs, without = [] }, policy }: ToExplain,
  contributions: readonly Contribution[],
): Pick<Explained, 'assessments' | 'unheard' | 'withoutAll' | 'conflict'> {
  const { opinions = [], unheard = [] } = inputs ?? {}
  const own = (checkId: string) => contributions.find((one) => one.checkId === checkId)
  const nobody = without.find(({ source }) => source === undefined)
  const conflict = own(conflictId)
  const theirs = opinions.reduce((sum, { source }) => sum + (own(opinionId(source))?.weight ?? 0), 0)
  const apart = new Set([conflictId, silenceId, ...opinions.map(({ source }) => opinionId(source))])
  const ours = contributions.reduce((sum, { checkId, weight }) => (apart.has(checkId) ? sum : sum + weight), 0)
  return {
    assessments: opinions.map((opinion): AssessmentTold => {
      const { source, door, verdict, score, reasons, ms } = opinion
      const left = without.find((one) => one.source === source)
      return {
        ...{ source, door, verdict, reasons },
        ...(score !== undefined && { score }),
        ...(ms !== undefined && { ms }),
        labelled: labelledOf(opinion.own),
        ...(policy.assessments !== undefined && { evidence: calibrated(opinion, policy.assessments.average) }),
        weight: own(opinionId(source))?.weight ?? 0,
        ...(left !== undefined && { without: withoutName(left) }),
      }
    }),
    unheard: unheard.map(({ door, source, problem, ms, fault }) => ({
      door,
      ...(source !== undefined && { source }),
      ...(ms !== undefined && { ms }),
      ...(fault !== undefined && { fault }),
      problem,
      text: problemWords[problem],
    })),
    ...(nobody !== undefined && { withoutAll: withoutName(nobody) }),
    ...(conflict?.code !== undefined && {
      conflict: {
        mode: conflict.code.slice(conflictId.length + 1) as ConflictMode,
        own: ours,
        theirs,
        text: conflict.sentence,
      },
    }),
  }
}

export function explainedOf(given: ToExplain): Explained {
  const { score, details, engine, basis, policy, isOfTheDay } = given
  const facts = details.facts as Facts
  const isCurrent = details.featureSet === featureSet
  const features = readFeatures(details.features as readonly (number | null)[])
  const { parts, base, probability, thresholds, band } = waterfallOf({ score, details }, policy)
  const contributions = parts
    .filter(({ abstained }) => !abstained)
    .map((part): Contribution => {
      const { code, weight, text } = part
      const entry = isCurrent ? policy.scorers.find(({ id }) => id === part.checkId) : undefined
      const own = part.features ?? (entry && featuresOf(entry, features, weight))
      return {
        ...aboutOf(part, facts),
        ...(code !== undefined && { code }),
        weight,
        sentence: text,
        ...(own !== undefined && { features: own }),
      }
    })
  const fired = new Set(engine.because.filter((code) => code.startsWith('rule:')).map((code) => code.slice(5)))
  return {
    score,
    probability,
    base,
    thresholds,
    band,
    ...(engine.segment !== undefined && { segment: engine.segment }),
    policy: {
      name: details.policy,
      ...(details.policyHash !== undefined && { hash: details.policyHash }),
      isOfTheDay,
    },
    contributions,
    silent: parts.filter(({ abstained }) => abstained).map((part) => ({ ...aboutOf(part, facts), reason: part.text })),
    scorers: policy.scorers.map(({ id, scorer: { kind, name, version, hash, calibrator }, weight }) => {
      const said = contributions.find(({ checkId }) => checkId === id)
      return {
        ...{ id, kind, name, version, hash, calibrator: calibrator.kind, weight },
        ...(said !== undefined && { contribution: said.weight }),
      }
    }),
    engine: {
      action: engine.action,
      transStatus: engine.transStatus,
      ...(engine.transStatusReason !== undefined && { transStatusReason: engine.transStatusReason }),
      because: engine.because,
    },
    ...toldByOthers(given, contributions),
    steps: stepsOf(engine.because, policy),
    rules: policy.rules
      .filter(({ id }) => fired.has(id))
      .map(({ id, when, outcome, cite, note }) => ({
        ...{ id, when: when.source, outcome },
        text: { en: ruleWords({ when, outcome }, 'en'), ja: ruleWords({ when, outcome }, 'ja') },
        ...(cite !== undefined && { cite }),
        ...(note !== undefined && { note }),
      })),
    families: familiesOf(contributions),
    links: isCurrent ? linksOf(features, facts) : [],
    riskEvents: isCurrent ? riskEventsOf(features, facts) : [],
    ...(basis !== undefined && { isReplayed: isSame(basis, policy, given) }),
    counterfactual: counterfactualOf(given),
  }
}

function isSame(basis: Basis, policy: Policy, { score, engine }: ToExplain): boolean {
  const again = decideAgain(basis, policy)
  return (
    again.score === score &&
    again.decision.transStatus === engine.transStatus &&
    again.decision.transStatusReason === engine.transStatusReason &&
    again.decision.because.join() === engine.because.join()
  )
}
