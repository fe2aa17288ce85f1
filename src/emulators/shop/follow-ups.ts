// What the merchant does later, without the cardholder: 3RI. Spec: Table A.1 (threeRIInd, recurringExpiry, purchaseInstalData);
// RES-3RI-1…4, FLOW-3RI-1…4.
import { maskCard } from '../cards.ts'
import { BadRequest } from '../http-form.ts'
import type { Order } from '../store.ts'
import { followUpElements } from './areq-elements.ts'
import type { CardsInMemory } from './cards-in-memory.ts'
import { currencyOf, linesOf, readCart, totalOf } from './cart.ts'
import { type FollowUp, type FollowUpKind, followUpKinds, readCheckout } from './checkout.ts'
import type { ShopSettings } from './options.ts'
import { newOrder } from './order.ts'
import type { ThreeDSServerClient } from './threeds-client.ts'
import { ThreeDSServerFailure } from './threeds-client.ts'

interface Row {
  readonly threeRIInd: string
  /** What it pays of the order where no amount is named. */
  readonly part: keyof typeof shares
  /** Versions whose 3RI has it (RES-3RI-1). */
  readonly versions: readonly string[]
}

const since220 = ['2.2.0', '2.3.1']

const shares = { all: 1, half: 1 / 2, third: 1 / 3, tenth: 1 / 10, nothing: undefined } as const

export const followUpRows: Readonly<Record<FollowUpKind, Row>> = {
  recurring: { threeRIInd: '01', part: 'all', versions: since220 },
  instalment: { threeRIInd: '02', part: 'third', versions: since220 },
  splitShipment: { threeRIInd: '06', part: 'half', versions: since220 },
  topUp: { threeRIInd: '07', part: 'tenth', versions: since220 },
  mailOrder: { threeRIInd: '08', part: 'all', versions: since220 },
  telephoneOrder: { threeRIInd: '09', part: 'all', versions: since220 },
  trustListCheck: { threeRIInd: '10', part: 'nothing', versions: since220 },
  deviceCheck: { threeRIInd: '13', part: 'nothing', versions: ['2.3.1'] },
  accountCheck: { threeRIInd: '05', part: 'nothing', versions: ['2.1.0', '2.2.0', '2.3.1'] },
}

export const followUpsOf = (messageVersion: string): readonly FollowUpKind[] =>
  followUpKinds.filter((kind) => followUpRows[kind].versions.includes(messageVersion))

export const isPayment = ({ kind }: FollowUp): boolean => followUpRows[kind].part !== 'nothing'

export const followUpOf = (order: Order): FollowUp | undefined => readCheckout(order.checkout).followUp

/** What an order pays, in minor units. */
export function amountOf(order: Order): number {
  const followUp = followUpOf(order)
  return followUp === undefined ? totalOf(linesOf(readCart(order.cart))) : Number(followUp.amount ?? 0)
}

/** What was typed, also in full width, in minor units; nothing typed: undefined. */
function typedAmount(typed: string, exponent: number): number | undefined {
  const text = typed.normalize('NFKC').trim()
  if (text === '') return undefined
  const plain = text.replaceAll(',', '')
  const amount = /^[0-9]+(?:\.[0-9]+)?$/.test(plain) ? Math.round(Number(plain) * 10 ** exponent) : Number.NaN
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > 1e12) throw new BadRequest(400, 'no such amount')
  return amount
}

export interface FollowingUp {
  /** Which of them this order can have by now: it was paid, and its card is still in memory. */
  offered(order: Order, messageVersion: string | undefined): readonly FollowUpKind[]
  /** An order of its own, answered by the 3DS Server already. */
  run(order: Order, form: URLSearchParams, messageVersion: string): Promise<Order>
}

export function createFollowingUp(
  { store, clock, uuid, merchant, publicUrl }: ShopSettings,
  threeDSServer: ThreeDSServerClient,
  { cards, onFile }: { readonly cards: CardsInMemory; readonly onFile: CardsInMemory },
): FollowingUp {
  function offered(order: Order, messageVersion: string | undefined): readonly FollowUpKind[] {
    const isPossible = followUpOf(order) === undefined && onFile.find(order.orderId) !== undefined
    return isPossible && messageVersion !== undefined ? followUpsOf(messageVersion) : []
  }

  return {
    offered,

    async run(order, form, messageVersion) {
      const card = onFile.find(order.orderId)
      const kind = offered(order, messageVersion).find((known) => known === form.get('kind'))
      if (card === undefined || kind === undefined) throw new BadRequest(409, 'not possible any more')
      const cart = readCart(order.cart)
      const { threeRIInd, part } = followUpRows[kind]
      const share = shares[part]
      const amount =
        share === undefined
          ? undefined
          : (typedAmount(form.get('amount') ?? '', currencyOf(cart).exponent) ??
            Math.max(1, Math.round(amountOf(order) * share)))
      const followUp: FollowUp = {
        of: order.orderId,
        kind,
        threeRIInd,
        ...(amount !== undefined && { amount: String(amount) }),
      }
      const checkout = { ...readCheckout(order.checkout), followUp }
      const next: Order = {
        ...newOrder({
          orderId: uuid(),
          lang: order.lang,
          cart: order.cart,
          checkout: JSON.stringify(checkout),
          createdAt: clock(),
        }),
        phase: 'placed',
        card: maskCard(card.acctNumber),
      }
      try {
        const { threeDSServerTransID } = await threeDSServer.authenticate({
          messageVersion: messageVersion as '2.2.0',
          deviceChannel: '03',
          messageCategory: amount === undefined ? '02' : '01',
          ...(order.threeDSServerTransID !== undefined && { priorThreeDSServerTransID: order.threeDSServerTransID }),
          areq: {
            threeDSRequestorURL: publicUrl,
            ...followUpElements(cart, checkout, merchant, followUp, clock()),
            acctNumber: card.acctNumber,
            cardExpiryDate: card.cardExpiryDate,
          },
        })
        cards.keep(next.orderId, card)
        const placed = { ...next, threeDSServerTransID }
        store.orders.save(placed)
        return placed
      } catch (error) {
        if (!(error instanceof ThreeDSServerFailure)) throw error
        const failed = { ...next, failure: error.message }
        store.orders.save(failed)
        return failed
      }
    },
  }
}
