// What a conformance trial may use: the ACS under test, the results it sends, the cards that are known. Spec: section 5.1.
import { maskDigitRuns } from '../protocol/mask.ts'
import type { Profile } from '../protocol/messages/parse.ts'
import type { Version } from '../protocol/tables/types.ts'
import type { Cards } from './cards.ts'
import type { ResultsEndpoint } from './results-endpoint.ts'
import type { Answer, Target } from './target.ts'

export type Members = Record<string, unknown>

/** Gives the one-time code of a challenge. */
export type OtpSource = (acsTransID: string) => Promise<string | undefined>

export interface World {
  readonly target: Target
  readonly profile: Profile
  readonly versions: readonly Version[]
  readonly cards: Cards
  /** Receives RReqs; without it nothing about results can be judged. */
  readonly results?: ResultsEndpoint | undefined
  readonly otp?: OtpSource | undefined
  /** At most so many values of a case that has many, spread over its list. */
  readonly valuesPerCase: number
  /** Trials that wait for timers of half a minute and more, too. */
  readonly isPatient: boolean
  readonly uuid: () => string
  readonly wait: (ms: number) => Promise<void>
  /** An answer of the ACS under test is judged by the rules that hold for every answer. */
  readonly judge: (answer: Answer, areq: Members | undefined, trial: string) => void
}

/** Ends a trial that cannot say anything: it counts neither as passed nor as failed. */
export class NotRun extends Error {}

/** Ends a trial with what went wrong. */
export class Failed extends Error {}

export interface Trial {
  readonly rule: string
  /** Unique in a run. */
  readonly id: string
  readonly title: string
  /** Resolves when the ACS did as the rule says; throws Failed or NotRun. */
  readonly run: (world: World) => Promise<void>
}

export type Outcome = 'passed' | 'failed' | 'notRun'

export interface Row {
  readonly rule: string
  readonly id: string
  readonly title: string
  readonly outcome: Outcome
  readonly why?: string
}

/** `count` of the list, from its first to its last. */
export const spreadOver = <T>(list: readonly T[], count: number): readonly T[] =>
  list.length <= count
    ? list
    : Array.from(
        { length: count },
        (_, index) => list[count === 1 ? 0 : Math.round((index * (list.length - 1)) / (count - 1))],
      ).filter((entry) => entry !== undefined)

/** For a report: what an ACS says may hold a PAN, or what a terminal or an XML file cannot. */
export const short = (value: unknown): string => {
  const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  const text = maskDigitRuns(written).replaceAll(/\p{Cc}/gu, '\ufffd')
  return text.length > 160 ? `${text.slice(0, 157)}…` : text
}
