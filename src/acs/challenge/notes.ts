// What the issuer writes to its cardholder: mails and text messages with a code, push notes. Contacts are the issuer's own.
import type { Card, InboxMessage, NewTransaction } from '../ports.ts'
import { madeUpPhone } from '../register.ts'
import type { OtpChannel } from './kinds.ts'

type Note = Omit<InboxMessage, 'id'>

interface NoteAbout {
  readonly transactionId: number
  readonly transaction: NewTransaction
  readonly card: Card
  readonly at: number
}

const common = ({ transactionId, transaction, card, at }: NoteAbout) => ({
  tenant: transaction.tenant,
  transactionId,
  acsTransID: transaction.acsTransID,
  at,
  language: card.language,
  merchantName: transaction.merchantName,
  purchaseAmount: transaction.purchaseAmount,
  purchaseCurrency: transaction.purchaseCurrency,
  purchaseExponent: transaction.purchaseExponent,
  panMask: transaction.panMask,
})

/** Where text messages and push notes go. */
export const phoneOf = ({ phone, panHash }: Pick<Card, 'phone' | 'panHash'>): string => phone ?? madeUpPhone(panHash)

/** The message with a code. */
export function codeNote(
  about: NoteAbout,
  { codeNumber, channel }: { readonly codeNumber: number; readonly channel: OtpChannel },
  hasMailer: boolean,
): Note {
  return {
    ...common(about),
    channel,
    to: channel === 'email' ? about.card.email : phoneOf(about.card),
    codeNumber,
    via: hasMailer && channel === 'email' ? 'smtp' : 'inbox',
  }
}

/** Asks the cardholder to open the banking app: who asks, how much, where (RES-DEC-2, FLOW-OOB-2). */
export const pushNote = (about: NoteAbout): Note => ({
  ...common(about),
  channel: 'push',
  to: phoneOf(about.card),
  via: 'inbox',
})
