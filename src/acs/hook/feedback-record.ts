// What was told of a payment after it, as it is kept.
import type { ScreeningVerdict } from '../../risk/assessment.ts'
import type { ListKind } from '../../risk/policy/lists.ts'

/** fraud and chargeback: somebody lost money. confirmedGood: the holder says so. review: what a person at the merchant thought. */
export const feedbackKinds = ['fraud', 'chargeback', 'confirmedGood', 'review'] as const
export type FeedbackKind = (typeof feedbackKinds)[number]

/** Why a payment was charged back; only fraud says something of who paid. */
export const chargebackReasons = ['fraud', 'notReceived', 'notAsDescribed', 'other'] as const
export type ChargebackReason = (typeof chargebackReasons)[number]

/** What of a payment may be listed by those who report it. Cards are the issuer's own, unless somebody asks for that. */
export const listable = ['card', 'device', 'email', 'phone', 'shipTo'] as const satisfies readonly ListKind[]
export type Listable = (typeof listable)[number]

export interface FeedbackAbout {
  readonly acsTransID?: string | undefined
  readonly threeDSServerTransID?: string | undefined
  readonly dsTransID?: string | undefined
  readonly orderId?: string | undefined
}

/** What of the payment goes on the deny list, and for how many days. */
export interface ListWish {
  readonly kinds?: readonly Listable[] | undefined
  readonly days?: number | undefined
}

/** unmatched: no such payment, or not one of this source. kept: it changes no label. */
export type FeedbackOutcome = 'labelled' | 'kept' | 'unmatched'

export interface FeedbackRecord {
  /** As the source names it. */
  readonly id: string
  /** Of its row, once it is kept. */
  readonly row?: number | undefined
  readonly source: string
  readonly at: number
  readonly kind: FeedbackKind
  readonly about: FeedbackAbout
  /** Of a review. */
  readonly verdict?: ScreeningVerdict | undefined
  /** Of a chargeback. */
  readonly because?: ChargebackReason | undefined
  readonly note?: string | undefined
  /** Of a fraud that found no payment yet: what is to be listed. */
  readonly list?: ListWish | false | undefined
  readonly outcome: FeedbackOutcome
  readonly transactionId?: number | undefined
  readonly acsTransID?: string | undefined
  /** Entries of the deny list that it led to. */
  readonly listed?: readonly { readonly id: number; readonly kind: ListKind; readonly until: string }[] | undefined
}
