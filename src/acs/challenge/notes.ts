// What the issuer writes to its cardholder: mails and text messages with a code, push notes. Contacts are the issuer's own.
import type { Card, InboxMessage, NewTransaction } from '../ports.ts'
import { madeUpPhone } from '../register.ts'
import { channelOf, methodOf } from './method.ts'

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

/** The message with a code, by the method that the ARes has announced. */
export function codeNote(about: NoteAbout, codeNumber: number, hasMailer: boolean): Note {
  const channel = channelOf[methodOf(about.transaction)]
  return {
    ...common(about),
    channel,
    to: channel === 'sms' ? phoneOf(about.card) : about.card.email,
    codeNumber,
    via: hasMailer && channel === 'email' ? 'smtp' : 'inbox',
  }
}

/** Asks the cardholder of a decoupled authentication: who asks, how much, where (RES-DEC-2). */
export const pushNote = (about: NoteAbout): Note => ({
  ...common(about),
  channel: 'push',
  to: phoneOf(about.card),
  via: 'inbox',
})
