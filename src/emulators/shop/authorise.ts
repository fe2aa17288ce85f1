// From a result of 3-D Secure to an authorisation, and back to 3-D Secure when the issuer wants a challenge first.
import type { Order } from '../store.ts'
import type { TransactionStatus } from '../threeds-server/api.ts'
import { type AuthorisationAnswer, type AuthorisationRequest, authorisationAnswer } from './acquirer-api.ts'
import type { Authenticating, ShopParts } from './authenticate.ts'
import type { Card } from './card-and-address.ts'
import { currencyOf, readCart } from './cart.ts'
import { type Checkout, readCheckout, wishesOf } from './checkout.ts'
import { amountOf, isPayment } from './follow-ups.ts'
import { type AuthenticationStep, isAskedAgain, type Step, stepsOf, withSteps } from './order.ts'
import { outcomeOf, verdictOf } from './outcome.ts'
import { keptOf, screenedEnding } from './screening.ts'

const acquirerWithinMs = 10_000

const flowOf = ({ followUp }: Checkout, { settledBy }: TransactionStatus): AuthorisationRequest['threeDS']['flow'] => {
  if (followUp !== undefined) return 'merchant'
  return settledBy === 'RReq' ? 'challenge' : 'frictionless'
}

export interface Authorising {
  /** What follows from a settled authentication, once: the order as it stands then. */
  settle(order: Order, status: TransactionStatus | undefined): Promise<Order>
}

export function createAuthorising(
  { settings, accounts, cards, onFile, screening }: ShopParts,
  authenticating: Authenticating,
): Authorising {
  const { store, clock, log, merchant, acquirerUrl } = settings
  const settling = new Map<string, Promise<Order>>()

  async function ask(request: AuthorisationRequest): Promise<AuthorisationAnswer | undefined> {
    try {
      const response = await settings.fetch(`${acquirerUrl}/authorisations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        redirect: 'manual',
        signal: AbortSignal.timeout(acquirerWithinMs),
      })
      return response.status === 200 ? authorisationAnswer.parse(await response.json()) : undefined
    } catch {
      return undefined
    }
  }

  function requestFor(
    order: Order,
    checkout: Checkout,
    card: Card,
    status: TransactionStatus,
    isAtOwnRisk: boolean,
  ): AuthorisationRequest {
    const cart = readCart(order.cart)
    const currency = currencyOf(cart)
    const { messageVersion, dsTransID, eci, authenticationValue } = status
    return {
      reference: status.threeDSServerTransID,
      merchantID: merchant.acquirerMerchantID,
      ...card,
      amount: String(amountOf(order)),
      currency: currency.code,
      exponent: String(currency.exponent),
      acceptance: checkout.acceptance,
      isAtOwnRisk,
      threeDS: {
        messageVersion,
        dsTransID,
        eci,
        authenticationValue,
        flow: flowOf(checkout, status),
      },
    }
  }

  const save = (order: Order): Order => {
    store.orders.save(order)
    return order
  }

  async function authorise(order: Order, checkout: Checkout, status: TransactionStatus): Promise<Order> {
    const verdict = verdictOf(outcomeOf(status), checkout.acceptance)
    const { orderId } = order
    const card = cards.find(orderId)
    const { followUp } = checkout
    if (verdict === 'stop' || (followUp !== undefined && !isPayment(followUp))) {
      cards.drop(orderId)
      return save(order)
    }
    // The card did not outlive the process; the proof of the authentication did.
    if (card === undefined) return save(withSteps(order, { kind: 'notSent', at: clock(), why: 'cardForgotten' }))
    const answer = await ask(requestFor(order, checkout, card, status, verdict === 'ownRisk'))
    if (answer === undefined) {
      cards.drop(orderId)
      return save(withSteps(order, { kind: 'notSent', at: clock(), why: 'acquirerSilent' }))
    }
    const { threeDSServerTransID } = status
    const { responseCode, cause, liability, approvalCode } = answer
    const step: Step = {
      kind: 'authorisation',
      at: clock(),
      threeDSServerTransID,
      responseCode,
      cause,
      liability,
      approvalCode,
    }
    log.info({ orderId, threeDSServerTransID, responseCode, cause }, 'shop: authorisation answered')
    const authorised = withSteps(order, step)
    // Once: an issuer that declines softly after a challenge has declined.
    if (cause === 'authenticationRequired' && !isAskedAgain(order) && followUp === undefined) {
      if (await authenticating.placeAgain(authorised, card)) return store.orders.find(orderId) ?? authorised
    }
    cards.drop(orderId)
    if (responseCode === '00' && followUp === undefined) onFile.keep(orderId, card)
    if (responseCode === '00' && checkout.member !== undefined) {
      accounts.notePaid(checkout.member, checkout.remembersCard ? card : undefined)
    }
    return save(authorised)
  }

  /** Nobody waits for it. */
  function tellScreening(order: Order, { transStatus, wasChallenged }: AuthenticationStep): void {
    if (screening === undefined || keptOf(order)?.verdict === undefined) return
    void screening.tell({
      orderId: order.orderId,
      ending: screenedEnding(order),
      ...(transStatus !== undefined && { transStatus }),
      wasChallenged,
    })
  }

  async function settleOnce(order: Order, status: TransactionStatus): Promise<Order> {
    const { threeDSServerTransID, acsTransID, transStatus, settledBy } = status
    const checkout = readCheckout(order.checkout)
    const again = isAskedAgain(order)
    const step: AuthenticationStep = {
      kind: 'authentication',
      at: clock(),
      threeDSServerTransID,
      acsTransID,
      challengeInd: again ? '04' : wishesOf(checkout, status.messageVersion).join(', '),
      threeRIInd: checkout.followUp?.threeRIInd,
      wasChallenged: settledBy === 'RReq' || settledBy === 'noResult' || settledBy === 'gaveUp',
      transStatus: settledBy === 'noResult' || settledBy === 'gaveUp' ? undefined : transStatus,
    }
    const settled = await authorise(withSteps(order, step), checkout, status)
    // A soft decline goes on with another transaction.
    if (settled.threeDSServerTransID === threeDSServerTransID) tellScreening(settled, step)
    return settled
  }

  return {
    async settle(found, status) {
      if (status === undefined || status.phase !== 'settled') return found
      const order = store.orders.find(found.orderId) ?? found // another request may have been faster
      const { threeDSServerTransID } = status
      const isDone = stepsOf(order).some(
        (step) => step.kind === 'authentication' && step.threeDSServerTransID === threeDSServerTransID,
      )
      if (isDone) return order
      const work =
        settling.get(threeDSServerTransID) ??
        settleOnce(order, status).finally(() => settling.delete(threeDSServerTransID))
      settling.set(threeDSServerTransID, work)
      return work
    },
  }
}
