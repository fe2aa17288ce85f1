/** What is run over a stream, how, and what comes back. Plain data: it crosses to worker threads. */
import type { EventStream } from '../stream/table.ts'

/** A policy as text, so that a worker can read it. `models`: texts of the model files, by the name that the policy gives them. */
export type PolicySource = {
  readonly text: string
  readonly models?: Readonly<Record<string, string>> | undefined
}

/** Whose assessments a variant hears, by the name of the source. */
export type Hears = 'all' | 'none' | readonly string[]

/** One policy over the stream. An ablation or a step of a sweep is another policy, and so another variant. */
export type Variant = {
  /** Unique in a run. Its folder bears its name, with `~` for what a file name cannot hold. */
  readonly id: string
  readonly policy: PolicySource
  readonly hears: Hears
}

export const runModes = ['replay', 'closedLoop'] as const
/** `replay`: the stream stays as it is. `closedLoop`: blocked cards stop, and attackers go by what they are answered. */
export type RunMode = (typeof runModes)[number]

/** How a challenge goes where the stream does not say it. Shares of one; what is left fails. */
export type Asked = { readonly pass: number; readonly abandon: number }

export type Challenges = {
  /** From the AReq to the end of a challenge, in seconds: from then on it teaches the profiles. */
  readonly seconds: number
  /** Share of challenges that end in a technical failure, whoever is asked. They teach nothing. */
  readonly technical: number
  readonly genuine: Asked
  readonly fraud: Asked
}

/** What follows from an answer; only in closed loop. */
export type Consequences = {
  /** So many challenges failed within 24 hours block the card. 0: never. */
  readonly blockAfterFailed: number
  /** A rejection (R) blocks the card. */
  readonly blockAfterReject: boolean
  /** A reported fraud blocks the card. */
  readonly blockAfterReport: boolean
  /** Days until the holder has a new card with a new number; purchases of these days are not made. */
  readonly reissueDays: number
  /** Share of attackers who try again at another shop after a decline or a challenge that they did not pass, and how often at most. */
  readonly retry: {
    readonly share: number
    readonly most: number
    readonly minutes: readonly [from: number, to: number]
  }
  /** Share of those who then try a lower amount, and its factor. */
  readonly lower: { readonly share: number; readonly factor: number }
  /** Attempts of a campaign on one card that end in nothing until the attacker leaves the card alone. */
  readonly giveUpAfter: number
}

export type RunOptions = {
  readonly mode: RunMode
  /** Worker threads; 0 runs in this thread. The same results for any number. */
  readonly workers: number
  /** Folder that gets one folder per variant. */
  readonly out: string
  readonly challenges?: Partial<Challenges> | undefined
  readonly consequences?: Partial<Consequences> | undefined
  /**
   * Days after which a purchase without a report counts as good for the source that had spoken of it. Undefined: only what the
   * stream itself labels counts.
   */
  readonly goodAfterDays?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Stops by itself once so many events were folded, of all variants together: on one thread always at the same place, unlike a signal. */
  readonly stopAfter?: number | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** One variant is over, complete or not. */
  readonly onVariant?: ((run: VariantRun) => void) | undefined
}

/** Of all variants together: events folded, and events to be folded. */
export type Progress = { readonly done: number; readonly total: number }

/** What one variant left in its folder (`decision-files.ts`), and what it took. */
export type VariantRun = {
  readonly id: string
  readonly policyName: string
  readonly policyHash: string
  readonly folder: string
  /** Events of the stream that were folded: fewer than the stream has where it was stopped. */
  readonly events: number
  readonly rows: number
  readonly isComplete: boolean
  /** Per event in microseconds, of samples: features, weighing and deciding. Facts about the machine, not about the policy. */
  readonly latency: Latency
}
export type Latency = {
  readonly n: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** Runs every variant; resolves also where it was stopped. Throws LabRunError with a sentence for people. */
export type RunVariants = (
  stream: string | EventStream,
  variants: readonly Variant[],
  options: RunOptions,
) => Promise<readonly VariantRun[]>

export class LabRunError extends Error {
  override readonly name = 'LabRunError'
}

export type FeatureRowsOptions = {
  /** Names of features; absent: all. */
  readonly features?: readonly string[] | undefined
  /** Whose assessments the policy hears while the profiles grow. Default: none. */
  readonly hears?: Hears | undefined
  /** Seconds since 1970: rows from, and before. The profiles grow over the whole stream. */
  readonly from?: number | undefined
  readonly until?: number | undefined
  /** Share of genuine events that are kept (drawn from seed and event); frauds are kept all. Default: 1. */
  readonly genuineShare?: number | undefined
  readonly seed?: string | undefined
  readonly challenges?: Partial<Challenges> | undefined
  readonly goodAfterDays?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Rows in stream order, in columns. */
export type FeatureRows = {
  readonly n: number
  readonly names: readonly string[]
  /** One array of n values for each name; NaN: not known. */
  readonly features: readonly Float64Array[]
  readonly event: Float64Array
  readonly ts: Float64Array
  /** Seconds since 1970; NaN: never labelled. */
  readonly labelTs: Float64Array
  /** 1 fraud, 0 genuine. */
  readonly y: Uint8Array
  /** Number of the card in this run, from 0 in order of appearance. */
  readonly card: Uint32Array
  /** Minor units of the issuer's currency; NaN: not told. */
  readonly amount: Float64Array
  /** Index into `kinds`. */
  readonly kind: Uint16Array
  readonly kinds: readonly string[]
  /** The policy's own score. */
  readonly score: Float64Array
}

/** What the engine saw of every event while a policy ran in replay: for training and calibrating. */
export type ReadFeatureRows = (
  stream: string | EventStream,
  policy: PolicySource,
  options?: FeatureRowsOptions,
) => Promise<FeatureRows>
