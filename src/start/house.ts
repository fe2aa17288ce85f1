// What the parts of one running Sekisho share.
import { destination, type Logger, pino } from 'pino'
import type { Limits } from '../acs/challenge/state.ts'
import type { Issuer } from '../acs/issuer.ts'
import type { Clock, Random, Secrets } from '../acs/ports.ts'
import type { Config } from '../config.ts'
import type { Observation } from '../observe/observer.ts'
import type { Policy } from '../risk/policy.ts'

/** What tests put in the place of the world. */
export interface Overrides {
  readonly clock?: Clock
  readonly random?: Random
  readonly limits?: Partial<Limits>
  readonly log?: Logger
  /** Waits of the shop and its 3DS Server, in milliseconds. */
  readonly shop?: {
    readonly processingScreenMs?: number
    readonly methodWithinMs?: number
    readonly returnWithinMs?: number
  }
}

export const createLog = (config: Config): Logger =>
  pino({ level: config.logLevel, base: null }, destination({ sync: false, minLength: 0 }))

/** What the parts of one running Sekisho share. */
export interface House {
  readonly config: Config
  readonly overrides: Overrides
  readonly clock: Clock
  readonly random: Random
  readonly emulatorRandom: Random
  readonly log: Logger
  readonly observation: Observation
  readonly policy: Policy
  readonly issuer: Issuer
  readonly secrets: Secrets
  /** Public addresses, without a slash at the end. */
  readonly publicUrl: string
  readonly shopUrl: string
  readonly acsBase: string
  readonly dsBase: string
  /** Undone in reverse order when Sekisho stops. */
  readonly closers: (() => Promise<void> | void)[]
}
