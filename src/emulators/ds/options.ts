import type { AgentOptions } from 'node:https'
import type { RequestHandler } from 'express'
import type { FaultBook } from '../../faults/registry.ts'
import type { Profile } from '../../protocol/messages/parse.ts'
import type { AReq } from '../../protocol/messages/types.ts'
import type { JsonObject } from '../../protocol/rules/conditions.ts'
import type { CardRange } from '../cards.ts'
import type { MessageLog } from '../message-log.ts'
import type { Clock, Fetch, Log, Uuid } from '../ports.ts'
import type { DsTransaction, MessageTable, Table, TellingRow } from '../store.ts'
import type { Version } from '../versions.ts'
import type { RangeBook } from './range-book.ts'

/** Where the AReqs of a card range go. */
export interface DsRoute extends CardRange {
  readonly acsUrl: string
  readonly scheme: string
  readonly methodUrl?: string
  /** What the ACS speaks; without it all that the DS does. */
  readonly versions?: readonly Version[]
  readonly acsInfoInd?: readonly string[]
  readonly issuerCountryCode?: string
}

export interface DsOptions {
  readonly store: {
    readonly ds: Table<DsTransaction>
    readonly messages: MessageTable
    readonly telling: Table<TellingRow>
  }
  readonly profile: Profile
  readonly routes: () => readonly DsRoute[]
  /** Where the ACS sends RReqs: this DS's own public address of `/rreq`. */
  readonly dsUrl: string
  readonly referenceNumber: string
  /** Products that take part; without a list any does. An ACS outside it: Erro 303 (FLOW-DS-5). */
  readonly acsReferenceNumbers?: readonly string[]
  /** The same for 3DS Servers (FLOW-DS-12). */
  readonly threeDSServerReferenceNumbers?: readonly string[]
  /** Merchant category codes of the scheme; without a list any is good (FLOW-DS-12). */
  readonly mccs?: readonly string[]
  /** Addresses that RReqs may go to; a threeDSServerURL outside of them: Erro 303. Without it any is good. */
  readonly mayCall?: (url: string) => boolean
  /** Versions of its own; all by default. 102 lists them. */
  readonly versions?: readonly Version[]
  /** Refuse a purchaseDate that is more than 30 minutes off, in 2.3.1 (FLOW-DS-13). */
  readonly isDateChecked?: boolean
  /** Refuse the second PReq of a 3DS Server within an hour with Erro 103 (FLOW-PRE-1). */
  readonly limitsPReq?: boolean
  /** Addresses for AReqs, told to 3DS Servers of 2.3.1 (FLOW-PRE-8). */
  readonly dsUrlList?: readonly string[]
  /** Where OReqs to the 3DS Server go, unless the operator names an address (FLOW-OP-1). */
  readonly threeDSServerUrl?: string
  /** Where AReqs of a card outside every range go; undefined: nowhere. Without it none of them goes anywhere. */
  readonly fallback?: (acctNumber: string) => DsRoute | undefined
  /** A card outside every range: a DS-made ARes, or as a test switch Erro 305 (FLOW-DS-2). */
  readonly outsideRanges?: 'ares' | 'erro305'
  readonly clock: Clock
  readonly uuid: Uuid
  readonly log: Log
  readonly fetch?: Fetch
  /** What goes wrong on purpose; without it nothing does. */
  readonly faults?: FaultBook
  /** How https connections are made that meet a fault. */
  readonly tls?: AgentOptions | undefined
  /** Wait for the ARes, FLOW-TMR-2. */
  readonly aresWithinMs?: number
  /** Wait for the RRes, FLOW-TMR-10. */
  readonly rresWithinMs?: number
  /** Who may read the message log; without it nobody may. */
  readonly mayReadMessages?: RequestHandler
  /** Who may change card ranges and send OReqs; without it nobody may. */
  readonly mayOperate?: RequestHandler
  /** What ranges get that an operator adds without an ACS of their own. */
  readonly home?: Required<Pick<DsRoute, 'acsUrl' | 'methodUrl'>>
}

type Defaulted = 'fetch' | 'faults' | 'aresWithinMs' | 'rresWithinMs' | 'versions'

/** The options with every default filled in. */
export type DsSettings = DsOptions &
  Required<Pick<DsOptions, Defaulted>> & {
    readonly messages: MessageLog
    readonly book: RangeBook
    /** The AReq with what the DS makes of its encrypted device data (FLOW-DS-3). */
    readonly readDevice: (areq: AReq) => Promise<JsonObject>
  }
