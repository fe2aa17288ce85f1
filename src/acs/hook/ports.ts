// What the hook keeps: told ahead, seen ids, how good sources were, feedback, fraud of merchants, webhooks, journeys.
import type { Assessment } from '../../risk/assessment.ts'
import type { SourceRecord } from '../../risk/sources.ts'
import type { AlertRecord } from './alert-record.ts'
import type { FeedbackRecord } from './feedback-record.ts'
import type { JourneyEvent, NewJourneyEvent } from './journey-event.ts'
import type { MerchantMonth } from './merchant-month.ts'
import type { NewWebhook, Webhook, WebhookFilter, WebhookState } from './webhook-record.ts'

/** Told ahead of the AReq that they are about. */
export interface AheadReads {
  of(tenant: number, threeDSServerTransID: string): readonly { readonly at: number; readonly assessment: Assessment }[]
}
export interface AheadShelf extends AheadReads {
  /** In the place of what the source has told before. */
  put(tenant: number, threeDSServerTransID: string, at: number, assessment: Assessment): void
  /** Those from before are gone. */
  sweep(before: number): void
}

/** Ids of signed messages. */
export interface SeenShelf {
  /** False: it was there before. */
  add(tenant: number, source: string, messageId: string, at: number): boolean
  sweep(before: number): void
}

/** How good the sources were. */
export interface SourceReads {
  get(tenant: number, source: string): SourceRecord | undefined
  all(tenant: number): readonly (readonly [source: string, record: SourceRecord])[]
}
export interface SourceShelf extends SourceReads {
  put(tenant: number, source: string, record: SourceRecord): void
}

export interface FeedbackReads {
  get(tenant: number, source: string, id: string): FeedbackRecord | undefined
  /** Newest first. */
  list(
    tenant: number,
    page: { readonly limit: number; readonly before?: number | undefined; readonly source?: string | undefined },
  ): readonly FeedbackRecord[]
  /** Oldest first. */
  ofTransaction(tenant: number, transactionId: number): readonly FeedbackRecord[]
  /** Whether a report waits for something of one of these names. */
  isAwaited(tenant: number, names: readonly string[]): boolean
  /** Reports that wait for something of one of these names, oldest first. */
  awaiting(tenant: number, names: readonly string[]): readonly FeedbackRecord[]
}
export interface FeedbackShelf extends FeedbackReads {
  /** In the place of one with the same id of the same source. One that found its payment waits for nothing any more. */
  put(tenant: number, record: FeedbackRecord): void
  /** The report is matched when something of this name comes. */
  wait(tenant: number, name: string, report: Pick<FeedbackRecord, 'source' | 'id'>): void
  /** Reports from before wait for nothing any more. */
  giveUp(before: number): void
  /** An entry of the deny list is owed to this payment. */
  owe(tenant: number, entryId: number, transactionId: number): void
  /** It is not any more; true: it is not owed to any other either. */
  settle(tenant: number, entryId: number, transactionId: number): boolean
}

export interface MerchantReads {
  get(tenant: number, merchant: string, month: number): MerchantMonth | undefined
  /** By merchant, then by month. */
  all(tenant: number, from: number): readonly MerchantMonth[]
  of(tenant: number, merchant: string): readonly MerchantMonth[]
}
export interface MerchantShelf extends MerchantReads {
  put(tenant: number, month: MerchantMonth): void
}

export interface WebhookReads {
  get(tenant: number, id: number): Webhook | undefined
  /** Newest first. */
  list(tenant: number, filter: WebhookFilter): readonly Webhook[]
}
export interface WebhookShelf extends WebhookReads {
  add(tenant: number, webhook: NewWebhook): Webhook
  save(tenant: number, id: number, state: WebhookState, change: Partial<NewWebhook>): void
}

export interface AlertReads {
  get(tenant: number, transactionId: number): AlertRecord | undefined
  /** Newest first. */
  list(tenant: number, page: { readonly limit: number; readonly before?: number | undefined }): readonly AlertRecord[]
}
export interface AlertShelf extends AlertReads {
  add(tenant: number, alert: AlertRecord): void
}

export interface JourneyReads {
  /** Whether anything was ever told of a shopper. */
  has(tenant: number): boolean
  /** Newest first. */
  of(tenant: number, shopper: string, limit: number): readonly JourneyEvent[]
  /** Of all shoppers, newest first. */
  list(tenant: number, page: { readonly limit: number; readonly before?: number | undefined }): readonly JourneyEvent[]
  /** The server transaction that an order was paid with. */
  serverTransIDOf(tenant: number, source: string, orderId: string): string | undefined
}
export interface JourneyShelf extends JourneyReads {
  /** Undefined: the source has told an event with this id before. */
  add(tenant: number, event: NewJourneyEvent): JourneyEvent | undefined
  putOrder(tenant: number, source: string, orderId: string, threeDSServerTransID: string): void
}

export interface HookReads {
  readonly ahead: AheadReads
  readonly sources: SourceReads
  readonly feedback: FeedbackReads
  readonly merchants: MerchantReads
  readonly webhooks: WebhookReads
  readonly alerts: AlertReads
  readonly journey: JourneyReads
}

export interface HookShelf extends HookReads {
  readonly ahead: AheadShelf
  readonly seen: SeenShelf
  readonly sources: SourceShelf
  readonly feedback: FeedbackShelf
  readonly merchants: MerchantShelf
  readonly webhooks: WebhookShelf
  readonly alerts: AlertShelf
  readonly journey: JourneyShelf
}
