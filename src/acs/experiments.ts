// Experiments of the lab, as the console and the admin API ask for them: what may be asked, and what is told. Who runs them is a port.

export interface ExperimentProblem {
  /** With dots; positions in lists count from 0. Empty: the text as a whole. */
  readonly path: string
  readonly message: string
  /** From 1. */
  readonly line?: number | undefined
}

/** `partial`: it was stopped, and there is a report of what was through. `stopped`: it was stopped before there was anything to show. */
export const experimentStates = ['running', 'stopping', 'done', 'partial', 'stopped', 'failed'] as const
export type ExperimentState = (typeof experimentStates)[number]

export interface ExperimentProgress {
  readonly phase: string
  /** What of it is being done, where that has a name. */
  readonly variant?: string | undefined
  readonly done: number
  readonly of: number
  readonly unit: string
  readonly eventsPerSecond?: number | undefined
  readonly secondsLeft?: number | undefined
}

export interface Experiment {
  readonly id: string
  /** As it calls itself. */
  readonly name: string
  readonly state: ExperimentState
  readonly mode: string
  readonly preset: string
  readonly events: number
  /** Known as soon as it was planned. */
  readonly variants?: number | undefined
  /** Milliseconds since 1970, by the clock of the machine. */
  readonly startedAt: number
  readonly endedAt?: number | undefined
  /** While it runs. */
  readonly progress?: ExperimentProgress | undefined
  /** Why it failed, for a person. */
  readonly problem?: string | undefined
  readonly hasReport: boolean
  /** Whether it was stopped and can be taken up again. */
  readonly canResume: boolean
}

export const experimentLimits = {
  /** Characters of the text. */
  text: 65_536,
  /** Events of one stream. */
  events: 1_000_000,
  /** Events that all variants and repeats together decide. */
  decisions: 20_000_000,
  /** Experiments that are kept. */
  kept: 50,
} as const

/** Number and name: safe as a folder and in an address. */
export const experimentId = /^[0-9]{4,8}-[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/

export type RefusedWhy = 'notValid' | 'busy' | 'full' | 'missing' | 'running' | 'nothingToStop' | 'notResumable' | 'off'

/** An expected refusal; the message is for a person. */
export class ExperimentRefused extends Error {
  readonly why: RefusedWhy
  readonly problems: readonly ExperimentProblem[]
  constructor(why: RefusedWhy, message: string, problems: readonly ExperimentProblem[] = []) {
    super(message)
    this.name = 'ExperimentRefused'
    this.why = why
    this.problems = problems
  }
}

/** One runs at a time in a Sekisho, whichever tenant it belongs to. Each call may reject with ExperimentRefused. */
export interface Experiments {
  /** Newest first. */
  list(): Promise<readonly Experiment[]>
  one(id: string): Promise<Experiment>
  /** As it was written. */
  text(id: string): Promise<string>
  /** Populations that there are. */
  presets(): Promise<readonly string[]>
  /** What is wrong with a text, as far as that can be said without running it. */
  check(text: string): Promise<readonly ExperimentProblem[]>
  /** Resolves when it was read and planned, and runs. */
  start(text: string): Promise<Experiment>
  /** Asks it to end with what is through; asked again, it ends at once. */
  stop(id: string): Promise<Experiment>
  /** Goes on with one that was stopped. */
  resume(id: string): Promise<Experiment>
  remove(id: string): Promise<void>
  /** The page, or one of the files beside it. */
  file(id: string, name: ExperimentFile): Promise<Uint8Array>
}

/** What may be taken away beside the report. */
export const experimentFiles = ['report.html', 'metrics.json', 'manifest.json'] as const
export type ExperimentFile = (typeof experimentFiles)[number]
