import type { InboxChannel } from '../ports.ts'

/**
 * Why the cardholder hears of a payment. declined: it was refused. unusual: a risky one that was asked about, and not passed. listed:
 * something of it is on the deny list. frictionless: it went through without a question.
 */
export const alertReasons = ['declined', 'unusual', 'listed', 'frictionless'] as const
export type AlertReason = (typeof alertReasons)[number]

/** At most one of a payment. */
export interface AlertRecord {
  readonly transactionId: number
  readonly acsTransID: string
  readonly reason: AlertReason
  /** Of the AReq, and when the messages were there. */
  readonly at: number
  readonly sentAt: number
  readonly channels: readonly InboxChannel[]
}
