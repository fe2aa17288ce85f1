// From the checkout to the ARes: the shop's side of an authentication. Spec: sections 3.3 and 4.2; FLOW-MTH, FLOW-BRW-9.
import { encodeBase64url } from '../../protocol/base64url.ts'
import type { PassedOn } from '../../web/passed-on.ts'
import { maskCard } from '../cards.ts'
import type { Order } from '../store.ts'
import type { TransactionStatus } from '../threeds-server/api.ts'
import type { Accounts } from './accounts.ts'
import { memberOf } from './accounts.ts'
import {
  askingAgain,
  type BrowserReport,
  browserElements,
  cardElements,
  isDigital,
  purchaseElements,
} from './areq-elements.ts'
import type { Card } from './card-and-address.ts'
import type { CardsInMemory } from './cards-in-memory.ts'
import { linesOf, readCart } from './cart.ts'
import { type Checkout, readCheckout } from './checkout.ts'
import type { ShopSettings } from './options.ts'
import { isAskedAgain, stepsOf } from './order.ts'
import { personaOf } from './personas.ts'
import { deviceOf, type Kept, keptFrom, keptOf, orderToScreen, type ScreeningClient, withKept } from './screening.ts'
import { type ThreeDSServerClient, ThreeDSServerFailure } from './threeds-client.ts'

/** What the HTTP request tells of the browser. */
export interface BrowserRequest {
  readonly ip: string
  readonly userAgent: string
  readonly language: string
  /** The Accept-Language header. */
  readonly languages: string
  /** How the request itself wants to be answered. */
  readonly passedOn: PassedOn
}

export interface Authenticating {
  /** The 3DS Server knows how a placed order went on; nothing if it cannot say. */
  statusOf(order: Order): Promise<TransactionStatus | undefined>
  /** Asks the 3DS Server about the card and places the order. */
  place(order: Order, checkout: Checkout, card: Card): Promise<void>
  /** A further transaction for a placed order, whose card is still there; false if the 3DS Server cannot be asked. */
  placeAgain(order: Order, card: Card): Promise<boolean>
  /** Sends the AReq, once, however often it is asked for. `report`: absent where scripts are off. */
  run(order: Order, report: BrowserReport | undefined, request: BrowserRequest): Promise<void>
  giveUp(order: Order): Promise<void>
}

export interface ShopParts {
  readonly settings: ShopSettings
  readonly threeDSServer: ThreeDSServerClient
  readonly accounts: Accounts
  readonly cards: CardsInMemory
  /** Cards of paid orders, for what the merchant does later. */
  readonly onFile: CardsInMemory
  /** Absent: there is no screening service. */
  readonly screening: ScreeningClient | undefined
}

export function createAuthenticating({
  settings,
  threeDSServer,
  accounts,
  cards,
  screening,
}: ShopParts): Authenticating {
  const { store, publicUrl, merchant, log } = settings
  const running = new Map<string, Promise<void>>()

  async function prepared(card: Card, { messageVersion }: Checkout): Promise<Partial<Order>> {
    const { threeDSServerTransID, threeDSMethodURL, threeDSMethodData } = await threeDSServer.versioning(
      card.acctNumber,
      messageVersion === 'highest' ? undefined : messageVersion,
    )
    return { threeDSServerTransID, threeDSMethodURL, threeDSMethodData }
  }

  function areqOf(
    order: Order,
    checkout: Checkout,
    card: Card,
    report: BrowserReport | undefined,
    request: BrowserRequest,
    messageVersion: string,
  ) {
    const cart = readCart(order.cart)
    const persona = personaOf(checkout.persona)
    const before = stepsOf(order).findLast((step) => step.kind === 'authentication')
    const acctInfo = accounts.acctInfo({
      member: memberOf(checkout.member),
      shipsElsewhere: checkout.shipsElsewhere,
      isDigital: isDigital(linesOf(cart)),
      hasTakenOver: persona.hasTakenOver === true,
      savedAt: checkout.savedAt,
      remembersCard: checkout.remembersCard,
    })
    return {
      threeDSRequestorURL: publicUrl,
      ...purchaseElements(cart, checkout, merchant, acctInfo, messageVersion),
      ...(isAskedAgain(order) && before !== undefined && askingAgain(before.acsTransID, before.at)),
      ...browserElements(persona, report, { ...request, acceptHeader: checkout.browserAcceptHeader }),
      ...cardElements(card),
    }
  }

  /** What the screening service says; the entry that goes into the AReq, if one does. */
  async function screened(
    order: Order,
    checkout: Checkout,
    report: BrowserReport | undefined,
    request: BrowserRequest,
  ): Promise<{ readonly kept: Kept | undefined; readonly extension?: object | undefined }> {
    if (screening === undefined || checkout.screening === 'off') return { kept: undefined }
    const persona = personaOf(checkout.persona)
    const browser = browserElements(persona, report, { ...request, acceptHeader: checkout.browserAcceptHeader })
    const about = {
      device: deviceOf(browser),
      hasTakenOver: persona.hasTakenOver === true,
      lang: order.lang === 'ja' ? 'ja' : 'en',
    } as const
    const answer = await screening.screen(orderToScreen(order, checkout, merchant, about))
    const kept: Kept =
      answer === undefined
        ? { door: checkout.screening, state: 'unavailable', reasons: [] }
        : keptFrom(answer, checkout)
    store.orders.save(withKept(store.orders.find(order.orderId) ?? order, kept))
    if (kept.state === 'stopped') {
      cards.drop(order.orderId)
      await screening.tell({ orderId: order.orderId, ending: 'stopped' })
    }
    return { kept, extension: answer?.extension }
  }

  async function authenticate(
    order: Order,
    report: BrowserReport | undefined,
    request: BrowserRequest,
    messageVersion: string,
  ): Promise<void> {
    const { orderId, threeDSServerTransID } = order
    const card = cards.find(orderId)
    if (card === undefined || threeDSServerTransID === undefined || keptOf(order)?.state === 'stopped') return
    // A browser without scripts opens the challenge in its whole window.
    const chosen = readCheckout(order.checkout)
    const checkout: Checkout =
      report === undefined ? { ...chosen, isFullWindow: true, challengeWindowSize: '05' } : chosen
    if (checkout !== chosen) {
      store.orders.save({ ...(store.orders.find(orderId) ?? order), checkout: JSON.stringify(checkout) })
    }
    const { kept, extension } = await screened(order, checkout, report, request)
    if (kept?.state === 'held' || kept?.state === 'stopped') return
    try {
      const status = await threeDSServer.authenticate(
        {
          threeDSServerTransID,
          challengeWindowSize: checkout.challengeWindowSize,
          threeDSSessionData: encodeBase64url(orderId),
          returnURL: `${publicUrl}/orders/${orderId}/result`,
          areq: {
            ...areqOf(order, checkout, card, report, request, messageVersion),
            ...(extension !== undefined && { messageExtension: [extension] }),
          },
        },
        request.passedOn,
      )
      if (status.phase === 'challenge' && checkout.skipsChallenge) {
        await threeDSServer.giveUp(threeDSServerTransID, false)
      }
    } catch (error) {
      if (!(error instanceof ThreeDSServerFailure)) throw error
      const current = store.orders.find(orderId) ?? order
      store.orders.save({ ...current, failure: error.message })
    }
  }

  return {
    async statusOf({ threeDSServerTransID, failure }) {
      if (threeDSServerTransID === undefined || failure !== undefined) return undefined
      try {
        return await threeDSServer.status(threeDSServerTransID)
      } catch (error) {
        if (!(error instanceof ThreeDSServerFailure)) throw error
        log.warn({ threeDSServerTransID, reason: error.message }, 'shop: no status')
        return undefined
      }
    },

    async place(order, checkout, card) {
      const placed: Order = {
        ...order,
        phase: 'placed',
        checkout: JSON.stringify(checkout),
        card: maskCard(card.acctNumber),
      }
      if (checkout.member !== undefined) accounts.notePlaced(checkout.member, checkout.remembersCard)
      try {
        const change = await prepared(card, checkout)
        cards.keep(order.orderId, card)
        store.orders.save({ ...placed, ...change })
      } catch (error) {
        if (!(error instanceof ThreeDSServerFailure)) throw error
        store.orders.save({ ...placed, failure: error.message })
      }
    },

    async placeAgain(order, card) {
      try {
        const change = await prepared(card, readCheckout(order.checkout))
        store.orders.save({ ...order, ...change, challengeOpenedAt: undefined })
        return true
      } catch (error) {
        if (!(error instanceof ThreeDSServerFailure)) throw error
        log.warn({ orderId: order.orderId, reason: error.message }, 'shop: no second authentication')
        return false
      }
    },

    async run(order, report, request) {
      const { threeDSServerTransID = '' } = order
      const work =
        running.get(threeDSServerTransID) ??
        threeDSServer
          .status(threeDSServerTransID)
          .then(({ phase, messageVersion }) =>
            phase === 'prepared' ? authenticate(order, report, request, messageVersion) : undefined,
          )
          .catch((error: unknown) => {
            if (!(error instanceof ThreeDSServerFailure)) throw error // the next page says what there is to say
          })
          .finally(() => running.delete(threeDSServerTransID))
      running.set(threeDSServerTransID, work)
      await work
    },

    async giveUp({ threeDSServerTransID, challengeOpenedAt }) {
      if (threeDSServerTransID === undefined) return
      try {
        await threeDSServer.giveUp(threeDSServerTransID, challengeOpenedAt !== undefined)
      } catch (error) {
        if (!(error instanceof ThreeDSServerFailure)) throw error // settled meanwhile: the result page says how
      }
    },
  }
}
