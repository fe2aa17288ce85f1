import type { RequestHandler } from 'express'
import type { Profile } from '../../protocol/messages/parse.ts'
import type { CardRange } from '../cards.ts'
import type { MessageLog } from '../message-log.ts'
import type { Clock, Fetch, Log, Uuid } from '../ports.ts'
import type { DsTransaction, MessageTable, Table } from '../store.ts'

/** Where the AReqs of a card range go. */
export interface DsRoute extends CardRange {
  readonly acsUrl: string
  readonly scheme: string
  readonly methodUrl?: string
}

export interface DsOptions {
  readonly store: { readonly ds: Table<DsTransaction>; readonly messages: MessageTable }
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
  /** A card outside every range: a DS-made ARes, or as a test switch Erro 305 (FLOW-DS-2). */
  readonly outsideRanges?: 'ares' | 'erro305'
  readonly clock: Clock
  readonly uuid: Uuid
  readonly log: Log
  readonly fetch?: Fetch
  /** Wait for the ARes, FLOW-TMR-2. */
  readonly aresWithinMs?: number
  /** Wait for the RRes, FLOW-TMR-10. */
  readonly rresWithinMs?: number
  /** Who may read the message log; without it nobody may. */
  readonly mayReadMessages?: RequestHandler
}

/** The options with every default filled in. */
export type DsSettings = DsOptions &
  Required<Pick<DsOptions, 'fetch' | 'aresWithinMs' | 'rresWithinMs'>> & { readonly messages: MessageLog }
