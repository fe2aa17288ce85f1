// A mail, text message or push note as the journal has it: that it was sent, to whom, which code; never the code itself.
import type { InboxMessage, NewJournalEntry } from '../ports.ts'

export function mailEvent(message: Omit<InboxMessage, 'id'>): NewJournalEntry {
  const { tenant, transactionId, at, acsTransID: _id, panMask: _card, purchaseExponent: _exponent, ...told } = message
  return {
    tenant,
    transactionId,
    at,
    link: 'ACS→mail',
    masked: JSON.stringify({ event: 'mail', ...told }),
  }
}
