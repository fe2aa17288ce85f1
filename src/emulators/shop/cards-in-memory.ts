// Cards of orders under way: from the checkout to the last authorisation, in memory only (SEC-LOG-1).
import type { Card } from './card-and-address.ts'

/** As long as a patient cardholder takes for a challenge, and one more. */
const keptMs = 3_600_000

export interface CardsInMemory {
  keep(orderId: string, card: Card): void
  find(orderId: string): Card | undefined
  drop(orderId: string): void
}

export function createCardsInMemory(clock: () => number): CardsInMemory {
  const cards = new Map<string, Card & { readonly until: number }>()
  return {
    keep(orderId, { acctNumber, cardExpiryDate }) {
      const now = clock()
      for (const [id, { until }] of cards) if (until < now) cards.delete(id)
      cards.set(orderId, { acctNumber, cardExpiryDate, until: now + keptMs })
    },
    find(orderId) {
      const card = cards.get(orderId)
      return card === undefined || card.until < clock() ? undefined : card
    },
    drop: (orderId) => void cards.delete(orderId),
  }
}
