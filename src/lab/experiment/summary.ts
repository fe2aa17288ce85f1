/**
 * All that an experiment has to tell, as plain JSON: what `metrics.json` and `manifest.json` hold, and what the report is made of.
 * Rates are shares of 1, times are seconds since 1970, amounts are minor units of the issuer's currency, if nothing else is said.
 */
import type { Comparison, EstimateKey, Metrics, Prices } from '../metrics/types.ts'
import type { Challenges, Consequences, Latency } from '../run/types.ts'
import type { StreamMeta } from '../stream/table.ts'
import type { Layer } from './schema.ts'

/**
 * `replay`: the stream stays as it is, so that decisions are measured. `closedLoop`: blocked cards stop, attackers adapt, so that
 * consequences are.
 */
export type Mode = 'replay' | 'closedLoop'

/** Whose assessments a variant listens to: everybody's, nobody's, or these sources'. */
export type Hears = 'all' | 'none' | readonly string[]

/** What was changed in the policy that a variant comes from. Thresholds are log-odds. */
export type Change =
  | { readonly what: 'check' | 'scorer'; readonly left: string }
  | { readonly what: 'layer'; readonly left: Layer }
  | { readonly what: 'thresholds'; readonly challenge: number; readonly reject: number }
  /** Thresholds of challenges, or all, those of segments too, moved by so much to meet another variant (`match`). */
  | { readonly what: 'shift'; readonly of: 'challenge' | 'all'; readonly by: number; readonly toMeet: string }
  | { readonly what: 'hears'; readonly hears: Hears }

/** What a variant is, before anything is run. */
export type Variant = {
  /** Such as `rules-jp`, `rules-jp/without-assessments`, `rules-jp/without-check-night`. Unique in the experiment. */
  readonly id: string
  readonly kind: 'policy' | 'assessments' | 'ablation' | 'sweep' | 'match'
  /** The variant that it is a change of; absent with one that is as its policy is written. */
  readonly of?: string
  readonly changes: readonly Change[]
  readonly hears: Hears
  readonly policy: {
    readonly name: string
    readonly version: number
    /** SHA-256 (16 hex digits) of what decides: the policy as it was resolved, its models, and whom it hears. */
    readonly hash: string
  }
  /** Log-odds; absent where prices decide instead. */
  readonly thresholds?: { readonly challenge: number; readonly reject: number }
}

/** How thresholds were moved so that a variant meets another one in one measure, on events that are not those reported on. */
export type Matched = {
  readonly variant: string
  readonly toMeet: string
  readonly measure: EstimateKey
  /** Where it was tuned: another seed of the same population, or the time before `measuredFrom`. */
  readonly on: { readonly seed: string } | { readonly from: number; readonly to: number }
  /** SHA-256 of the stream that it was tuned on. */
  readonly hash: string
  readonly by: number
  /** The measure of both there, in the end. */
  readonly reached: number
  readonly wanted: number
  /** Each shift that was tried, and the measure that it gave. */
  readonly tried: readonly { readonly by: number; readonly measure: number }[]
}

/** A published number or range that the rates of a generated stream are held against. */
export type Target = {
  readonly id: string
  readonly title: { readonly en: string; readonly ja: string }
  readonly low: number
  readonly high: number
  /** Null: there was nothing to measure it by. */
  readonly got: number | null
  /** Denominator of `got`, and what it counts. */
  readonly n: number
  readonly of: { readonly en: string; readonly ja: string }
  readonly isInside: boolean
}

/** One rate of one variant, or one difference, over whole runs with other seeds. */
export type Repeat = {
  readonly variant: string
  /** Absent: the rate itself. */
  readonly against?: string
  readonly rate: EstimateKey
  readonly bySeed: readonly { readonly seed: string; readonly value: number }[]
  readonly mean: number
  /** Sample standard deviation over seeds (n − 1); null with one seed. */
  readonly deviation: number | null
  /** 95 %, Student's t over seeds; null with one seed. */
  readonly interval: readonly [low: number, high: number] | null
}

export type VariantResult = Variant & { readonly metrics: Metrics }

export type Assumptions = { readonly challenges: Challenges; readonly consequences?: Consequences }

/** What makes the result, and nothing else: the same on every machine. */
export type Manifest = {
  readonly format: 1
  /** Of Sekisho, and its commit where it is known. */
  readonly version: string
  readonly commit?: string
  /** `partial`: it was stopped before all variants were through; those named in `left` are missing everywhere. */
  readonly state: 'whole' | 'partial'
  readonly left: readonly string[]
  /** Where none was through: all were measured on the first so many events of the stream. */
  readonly cutAt?: number
  readonly name: string
  readonly seed: string
  readonly mode: Mode
  /** Everything that the experiment file said or left to its default. */
  readonly experiment: Readonly<Record<string, unknown>>
  /** What was supposed of challenges, and in closed loop of what follows from an answer. */
  readonly assumptions: Assumptions
  readonly stream: StreamMeta
  /** SHA-256 of the files that the events were imported from. */
  readonly imported?: readonly string[]
  /** Ids of the policies as they stand in the experiment: their texts are in `policies/<id>/`. */
  readonly policies: readonly string[]
  readonly variants: readonly Variant[]
  readonly matched: readonly Matched[]
  /** SHA-256 of each file of the folder by its path, without this one and `environment.json`. */
  readonly files: Readonly<Record<string, string>>
}

/** Facts of the machine and the hour: never compared, and in no other file than `environment.json`. */
export type Environment = {
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  readonly workers: number
  /** ISO 8601. A run that was taken up again tells of its last part. */
  readonly startedAt: string
  readonly seconds: number
  /** Seconds of each phase. */
  readonly phases: Readonly<Record<string, number>>
  /** Events folded a second, all variants and threads together; null where none was folded. */
  readonly eventsPerSecond: number | null
  /** Of one decision in microseconds, by sample: features, weighing and deciding. */
  readonly latency: readonly ({ readonly variant: string } & Latency)[]
}

export type Summary = {
  /** Without the commit: the same version of Sekisho writes the same report. */
  readonly manifest: Omit<Manifest, 'files'>
  /** What the experiment is to answer, in the words of who wrote it; ja only where they gave it. */
  readonly question?: { readonly en: string; readonly ja?: string }
  readonly notes?: { readonly en: string; readonly ja?: string }
  readonly prices: Prices
  /** In the order of the experiment; those that are left are not here. */
  readonly variants: readonly VariantResult[]
  /** Id of the variant that the others are held against. */
  readonly baseline: string
  /** In the order of the experiment. One family: p values of what is claimed are corrected by Holm over all of them. */
  readonly comparisons: readonly Comparison[]
  readonly targets: readonly Target[]
  readonly repeats: readonly Repeat[]
  /** From `environment.json`; a report without it says nothing of speed. */
  readonly environment?: Environment
}
