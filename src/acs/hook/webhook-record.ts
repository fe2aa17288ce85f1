// What is told to others, as it is kept: one row for each receiver and event.
export const webhookEvents = ['decision', 'challenge', 'result', 'alert'] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** waiting: also between two tries. givenUp: after the last one. */
export const webhookStates = ['waiting', 'delivered', 'givenUp'] as const
export type WebhookState = (typeof webhookStates)[number]

export interface WebhookAttempt {
  readonly at: number
  readonly durationMs: number
  /** A status, or why there was none. */
  readonly outcome: string
}

export interface NewWebhook {
  readonly at: number
  readonly event: WebhookEvent
  readonly state: WebhookState
  readonly transactionId?: number | undefined
  readonly acsTransID?: string | undefined
  /** Whom it is for: the name of a source. */
  readonly source: string
  /** The webhook-id: the same in every try. */
  readonly messageId: string
  /** The same bytes in every try. */
  readonly body: string
  /** The newest ones. */
  readonly attempts: readonly WebhookAttempt[]
  readonly tries: number
  readonly nextAt?: number | undefined
}

export interface Webhook extends NewWebhook {
  readonly id: number
  readonly tenant: number
}

export interface WebhookFilter {
  readonly limit: number
  readonly before?: number | undefined
  readonly event?: WebhookEvent | undefined
  readonly state?: WebhookState | undefined
  readonly source?: string | undefined
  readonly transactionId?: number | undefined
}
