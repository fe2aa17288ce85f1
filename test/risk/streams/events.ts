/** One AReq of a stream, with what comes beside it and the truth that the engine does not see. */
import type { AReqFacts } from '../../../src/risk/facts.ts'
import type { MethodData } from './device.ts'

export type PatternId =
  | 'digital_bulk'
  | 'resale'
  | 'overseas_vpn_burst'
  | 'enumeration'
  | 'stolen_number'
  | 'account_takeover'
  | 'phishing_relay'
  | 'device_replay'
  | 'first_discount'
  | 'affiliate'
  | 'ticket_hoarding'
  | 'bnpl_nonpayment'
  | 'impossible_travel'
  | 'family_or_friendly'

export type StreamEvent = {
  /** The position in the stream: ties of `ts` are broken by it. */
  readonly id: number
  /** Seconds since 1970. */
  readonly ts: number
  readonly areq: AReqFacts & { readonly acctNumber: string }
  readonly method: MethodData | undefined
  /** What a merchant-side check sent ahead. */
  readonly signals: Readonly<Record<string, unknown>> | undefined
  readonly pattern: PatternId | undefined
  /** Who this is about: a holder, or one run of a pattern. */
  readonly who: string
  /** The chance that the one at the keyboard passes the challenge. */
  readonly pass: number
  /** When the issuer hears that it was fraud; undefined: never. */
  readonly reportedAt: number | undefined
}
/** Before they are put in order. */
export type Draft = Omit<StreamEvent, 'id'>

/** By (ts, place of writing): Array.sort is stable. */
export const ordered = (drafts: readonly Draft[]): readonly StreamEvent[] =>
  drafts.toSorted((a, b) => a.ts - b.ts).map((draft, id) => ({ id, ...draft }))
