// What the parts of one tenant share.
import type { ChildProcess } from 'node:child_process'
import type { IRouter } from 'express'
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import type { Limits } from '../acs/challenge/state.ts'
import type { HookModule } from '../acs/hook/door-ports.ts'
import type { LiveIssuer } from '../acs/issuer.ts'
import type { Clock, Random, Secrets } from '../acs/ports.ts'
import type { OutgoingMode } from '../acs/result/outgoing.ts'
import type { VirtualClock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { DsRoute } from '../emulators/ds/options.ts'
import type { FaultBook } from '../faults/registry.ts'
import type { AccessLimits } from '../http/admin/access.ts'
import type { Observation } from '../observe/observer.ts'
import { maskDigitRuns } from '../protocol/mask.ts'
import type { Tables } from '../risk/tables.ts'
import type { Room } from '../tenants/room.ts'
import type { Addresses } from './addresses.ts'
import type { SourcesFile } from './hook.ts'
import type { LabTurn } from './lab.ts'
import type { Links } from './links.ts'
import type { PolicyOrigin } from './policy-source.ts'

/** What tests put in the place of the world. */
export interface Overrides {
  readonly clock?: Clock
  readonly random?: Random
  readonly limits?: Partial<Limits>
  readonly log?: Logger
  /** What a message of the ACS that breaks the table leads to; otherwise as configured (VER-IM-6). */
  readonly outgoing?: OutgoingMode
  /** Answers of the admin API that are not as its document says become failures. */
  readonly checksAnswers?: boolean
  /** How long parties wait for each other's answers, in the place of the times of the specification. */
  readonly answersWithinMs?: number
  /** How long a notificationURL may take, where no browser posts to it. */
  readonly returnsWithinMs?: number
  /** The process that runs an experiment. */
  readonly launchLab?: () => ChildProcess
  /** Waits of the shop and its 3DS Server, in milliseconds. */
  readonly shop?: {
    readonly processingScreenMs?: number
    readonly methodWithinMs?: number
    readonly returnWithinMs?: number
  }
}

/** An errorDetail repeats names and ids that the other party has chosen: they may be card numbers (SEC-LOG-3). */
export const createLog = (
  { logLevel }: Pick<Config, 'logLevel'>,
  stream: DestinationStream = destination({ sync: false, minLength: 0 }),
): Logger => pino({ level: logLevel, base: null, serializers: { errorDetail: maskedDetail } }, stream)

const maskedDetail = (detail: unknown): unknown => (typeof detail === 'string' ? maskDigitRuns(detail) : detail)

/** The ports of one process, as far as parts are mounted on them. With one port the first two are the same. */
export interface Doors {
  readonly acs: IRouter
  readonly shop: IRouter
  /** Where servers post AReqs and RReqs to the ACS and the DS, and to the 3DS Server. */
  readonly acsServers: IRouter
  readonly shopServers: IRouter
}

/** What the parts of one tenant share: each is a house of its own. */
export interface House {
  readonly config: Config
  readonly overrides: Overrides
  readonly room: Room
  readonly clock: VirtualClock
  readonly random: Random
  readonly emulatorRandom: Random
  readonly log: Logger
  readonly observation: Observation
  readonly policyOrigin: PolicyOrigin
  readonly tables: Tables
  readonly issuer: LiveIssuer
  readonly secrets: Secrets
  /** Shared by shop, screening service and ACS: `whsec_…`. */
  readonly screeningSecret: string
  readonly addresses: Addresses
  readonly links: Links
  readonly faults: FaultBook
  /** Who may speak at the hook. */
  readonly sourcesFile: SourcesFile
  /** Undefined: there is none. */
  readonly hookModule: HookModule | undefined
  readonly limits: AccessLimits
  /** Whose experiment runs in this process. */
  readonly labTurn: LabTurn
  /** Where AReqs of a card go, and what the 3DS Server knows of it. */
  readonly routes: () => readonly DsRoute[]
  /** Undone in reverse order when Sekisho stops. */
  readonly closers: (() => Promise<void> | void)[]
}
