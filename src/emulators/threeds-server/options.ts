import type { AgentOptions } from 'node:https'
import type { RequestHandler } from 'express'
import type { FaultBook } from '../../faults/registry.ts'
import type { Profile } from '../../protocol/messages/parse.ts'
import type { CardRange } from '../cards.ts'
import type { MessageLog } from '../message-log.ts'
import type { Clock, Fetch, Log, Uuid } from '../ports.ts'
import type { KnownRangesRow, MessageTable, Table, ThreeDSServerTable } from '../store.ts'
import type { Version } from '../versions.ts'

/** What a PRes would have told the 3DS Server about a card range. */
export interface KnownRange extends CardRange {
  readonly methodUrl?: string
}

export interface ThreeDSServerOptions {
  readonly store: {
    readonly threeDSServer: ThreeDSServerTable
    readonly messages: MessageTable
    readonly knownRanges: Table<KnownRangesRow>
  }
  /** Versions of its own; all by default. */
  readonly versions?: readonly Version[]
  /** Whether it asks the DS for card ranges; what the DS tells then stands in the place of `ranges` (FLOW-PRE-1). */
  readonly asksForRanges?: boolean
  readonly ranges: () => readonly KnownRange[]
  /** Where AReqs go: the DS's address of `/areq`. */
  readonly dsUrl: string
  /** This router's own public address, without a slash at the end. */
  readonly publicUrl: string
  /** The threeDSServerURL, where the DS reaches `/results` by another address than browsers do. */
  readonly resultsUrl?: string
  readonly profile: Profile
  readonly referenceNumber?: string
  readonly clock: Clock
  readonly uuid: Uuid
  readonly log: Log
  readonly fetch?: Fetch
  /** What goes wrong on purpose; without it nothing does. */
  readonly faults?: FaultBook
  /** How https connections are made that meet a fault. */
  readonly tls?: AgentOptions | undefined
  /** Wait for the ARes; longer than the DS waits for the ACS (FLOW-TMR-2). */
  readonly aresWithinMs?: number
  /** Wait for the RReq once the browser is back with a cres (FLOW-S-5). */
  readonly resultWithinMs?: number
  /** Wait for the RReq if the browser never comes back: 30 s, then as many steps of 600 s as a patient cardholder takes. */
  readonly challengeWithinMs?: number
  /** Who may read the message log; without it nobody may. */
  readonly mayReadMessages?: RequestHandler
  /** Who may look at the card ranges and have them asked for; without it nobody may. */
  readonly mayOperate?: RequestHandler
}

type Defaulted =
  | 'fetch'
  | 'faults'
  | 'referenceNumber'
  | 'aresWithinMs'
  | 'resultWithinMs'
  | 'challengeWithinMs'
  | 'versions'
  | 'asksForRanges'

/** The options with every default filled in. */
export type ThreeDSServerSettings = ThreeDSServerOptions &
  Required<Pick<ThreeDSServerOptions, Defaulted>> & { readonly messages: MessageLog }
