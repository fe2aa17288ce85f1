// What a shopper did at a merchant, and what became of it: log-ins and orders as told, payments and answers as seen here.

interface Common {
  readonly at: number
  /** Keyed: the merchant and its name for the shopper. */
  readonly shopper: string
  readonly source?: string | undefined
  /** Of the source; told twice it counts once. */
  readonly eventId?: string | undefined
}

export const stepUps = ['none', 'passed', 'failed'] as const
export const orderStates = ['placed', 'held', 'shipped', 'cancelled', 'refunded'] as const

export interface LoginEvent extends Common {
  readonly kind: 'login'
  readonly result: 'success' | 'failure'
  readonly stepUp?: (typeof stepUps)[number] | undefined
  /** Failed attempts that this one stands for. */
  readonly attempts?: number | undefined
  readonly passwordReset?: boolean | undefined
  readonly isNewDevice?: boolean | undefined
  /** Keyed. */
  readonly device?: string | undefined
}

export interface OrderEvent extends Common {
  readonly kind: 'order'
  readonly orderId: string
  readonly state: (typeof orderStates)[number]
  readonly threeDSServerTransID?: string | undefined
  readonly amount?: string | undefined
  readonly currency?: string | undefined
}

/** A payment of the shopper came to this ACS. */
export interface PaymentEvent extends Common {
  readonly kind: 'payment'
  readonly transactionId: number
  readonly acsTransID: string
}

export type NewJourneyEvent = LoginEvent | OrderEvent | PaymentEvent
export type JourneyEvent = NewJourneyEvent & { readonly id: number; readonly tenant: number }
