// The shop asks its screening service about an order before 3-D Secure, and tells it how the payment ended. Who cannot be reached
// stops nothing: the order goes on without an opinion.
import { z } from 'zod'
import { webhookHeaders } from '../../protocol/crypto/webhook-signature.ts'
import {
  type OrderAnswer,
  type OrderRequest,
  type OrderToScreen,
  type OutcomeRequest,
  orderAnswer,
  type ScreenedEnding,
  type StateAnswer,
  stateAnswer,
} from '../screening/api.ts'
import type { Order } from '../store.ts'
import { type Member, memberOf } from './accounts.ts'
import { isDigital } from './areq-elements.ts'
import type { Address } from './card-and-address.ts'
import { currencyOf, linesOf, readCart, totalOf } from './cart.ts'
import type { Checkout } from './checkout.ts'
import type { ShopSettings } from './options.ts'
import { type Step, stepsOf } from './order.ts'
import { phoneParts, screeningDoors } from './screening-choice.ts'

/** What an order keeps of it. */
const keptSchema = z.object({
  door: z.enum(screeningDoors),
  state: z.enum(['passed', 'held', 'stopped', 'unavailable']),
  /** A person has let it go on. */
  isReleased: z.boolean().optional(),
  verdict: z.string().optional(),
  score: z.number().optional(),
  reasons: z
    .array(z.object({ code: z.string(), weight: z.number(), words: z.object({ en: z.string(), ja: z.string() }) }))
    .default([]),
  review: z.string().optional(),
  note: z.string().optional(),
  /** Whether the issuer took it, where it was told ahead. */
  told: z.boolean().optional(),
})
export type Kept = z.infer<typeof keptSchema>

export const keptOf = ({ screening }: Order): Kept | undefined =>
  screening === undefined ? undefined : keptSchema.parse(JSON.parse(screening))

export const withKept = (order: Order, kept: Kept): Order => ({ ...order, screening: JSON.stringify(kept) })

type Device = OrderRequest['device']

const addressOf = ({ line1, city, state, postCode, country }: Address): OrderRequest['delivery'] => ({
  line1,
  city,
  ...(state !== '' && { state }),
  postCode,
  country,
})

/** The browser as the AReq tells of it. */
export const deviceOf = (elements: Readonly<Record<string, unknown>>): Device => {
  const text = (name: string, most: number): string | undefined => {
    const value = elements[name]
    return typeof value === 'string' ? value.slice(0, most) : undefined
  }
  const [ip, userAgent, language] = [
    text('browserIP', 45),
    text('browserUserAgent', 2_048),
    text('browserLanguage', 35),
  ]
  const [width, height, timeZone] = ['browserScreenWidth', 'browserScreenHeight', 'browserTZ'].map((name) =>
    text(name, 6),
  )
  return {
    ...(ip !== undefined && { ip }),
    ...(userAgent !== undefined && { userAgent }),
    ...(language !== undefined && { language }),
    ...(timeZone !== undefined && { timeZone: Number(timeZone) }),
    ...(width !== undefined && height !== undefined && { screen: `${width}x${height}` }),
  }
}

function buyerOf(checkout: Checkout, member: Member | undefined, hasTakenOver: boolean): OrderRequest['buyer'] {
  const phone = phoneParts(checkout.phone)
  return {
    ...(member !== undefined && {
      accountId: member.id,
      accountAgeDays: member.joined,
      earlierPurchases: member.purchases,
      passwordChangedToday: hasTakenOver,
    }),
    name: checkout.cardholderName,
    ...(checkout.kanji !== '' && { kanji: checkout.kanji }),
    ...(checkout.kana !== '' && { kana: checkout.kana }),
    email: checkout.email,
    ...(phone !== undefined && { phone }),
  }
}

export function orderToScreen(
  order: Order,
  checkout: Checkout,
  merchant: { readonly acquirerMerchantID: string; readonly merchantName: string },
  about: { readonly device: Device; readonly hasTakenOver: boolean; readonly lang: 'en' | 'ja' },
): OrderToScreen {
  const cart = readCart(order.cart)
  const lines = linesOf(cart)
  const currency = currencyOf(cart)
  const delivery = isDigital(lines) ? undefined : checkout.shipsElsewhere ? checkout.shipping : checkout.billing
  return {
    orderId: order.orderId,
    ...(order.threeDSServerTransID !== undefined && { threeDSServerTransID: order.threeDSServerTransID }),
    merchant: { acquirerMerchantID: merchant.acquirerMerchantID, name: merchant.merchantName },
    amount: { minor: String(totalOf(lines)), currency: currency.code, exponent: currency.exponent },
    items: lines.map(({ product, quantity, amount }) => ({
      productId: product.id,
      name: product.name[about.lang],
      quantity,
      amount: String(amount),
      isGiftCard: product.kind === 'giftCard',
    })),
    firstTimeOffer: checkout.firstTimeOffer,
    buyer: buyerOf(checkout, memberOf(checkout.member), about.hasTakenOver),
    billing: addressOf(checkout.billing),
    ...(delivery !== undefined && { delivery: addressOf(delivery) }),
    device: about.device,
    ...(order.card !== undefined && { card: order.card }),
    door: checkout.screening === 'off' ? 'areq' : checkout.screening,
  }
}

/** What an answer means for this order. */
export function keptFrom(answer: OrderAnswer, { screening: door, screeningUse }: Checkout): Kept {
  const { assessment, reasons, review, told } = answer
  const obeys = screeningUse === 'obey'
  const isHeld = obeys && (review === 'open' || review === 'held')
  return {
    door,
    state: obeys && assessment.verdict === 'NG' ? 'stopped' : isHeld ? 'held' : 'passed',
    verdict: assessment.verdict,
    score: assessment.score,
    reasons,
    review,
    told,
  }
}

/** How a settled payment ended; undefined: it goes on. */
export function screenedEnding(order: Order): ScreenedEnding | undefined {
  const last: Step | undefined = stepsOf(order).at(-1)
  if (last === undefined) return undefined
  if (last.kind === 'notSent') return 'abandoned'
  if (last.kind === 'authentication') return last.transStatus === undefined ? 'abandoned' : 'notAuthenticated'
  return last.responseCode === '00' ? 'approved' : 'declined'
}

export interface ScreeningClient {
  screen(order: OrderToScreen): Promise<OrderAnswer | undefined>
  stateOf(orderId: string): Promise<StateAnswer | undefined>
  tell(outcome: OutcomeRequest): Promise<void>
}

const screenWithinMs = 4_000

export function createScreeningClient({
  screening,
  fetch,
  clock,
  uuid,
  log,
}: ShopSettings): ScreeningClient | undefined {
  if (screening === undefined) return undefined
  const { api, secret } = screening
  async function call<Schema extends z.ZodType>(
    path: string,
    message: object,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const body = JSON.stringify(message)
    try {
      const response = await fetch(`${api}${path}`, {
        method: 'POST',
        headers: { ...webhookHeaders(secret, `msg_${uuid()}`, clock(), body), 'content-type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(screenWithinMs),
      })
      const text = await response.text()
      if (response.status === 200) return schema.parse(JSON.parse(text))
      log.warn({ path, status: response.status }, 'shop: the screening service did not answer')
    } catch (error) {
      log.warn({ path, reason: error instanceof Error ? error.name : '' }, 'shop: no answer of the screening service')
    }
    return undefined
  }
  return {
    screen: (order) => call('/orders', order, orderAnswer),
    stateOf: (orderId) => call('/states', { orderId }, stateAnswer),
    async tell(outcome) {
      await call('/outcomes', outcome, z.object({}))
    },
  }
}
