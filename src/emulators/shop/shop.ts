// The shop: catalogue, cart, checkout, the frame of the challenge, and the result. An order is found by the random id in its
// address, so nothing depends on cookies. Spec: sections 3.3 and 4.2; FLOW-MTH, FLOW-BRW, FLOW-IFR, MIS-FRM-1.
import { fileURLToPath } from 'node:url'
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { encodeBase64url } from '../../protocol/base64url.ts'
import { BodyAborted, BodyTooLarge, mediaTypeOf } from '../../web/body.ts'
import { createTranslator, formatAmount, type Language, pickLanguage } from '../../web/i18n.ts'
import { loadPages } from '../../web/page.ts'
import { maskCard, schemeOf } from '../cards.ts'
import { BadRequest, readForm as readFormBody, readJson } from '../http-form.ts'
import type { Order } from '../store.ts'
import type { TransactionStatus } from '../threeds-server/api.ts'
import { browserIP } from '../threeds-server/areq.ts'
import { type BrowserReport, browserElements, cardElements, purchaseElements } from './areq-elements.ts'
import { linesOf, quantityOf, readCart, totalOf, withQuantity } from './cart.ts'
import {
  type Card,
  type CheckoutField,
  challengeIndicators,
  challengeWindowSizes,
  readCheckout,
  readForm,
} from './checkout.ts'
import { shopHeaders } from './headers.ts'
import type { Merchant, ShopOptions, ShopSettings } from './options.ts'
import { outcomeOf, reasonKey, toneOf } from './outcome.ts'
import { currency, products } from './products.ts'
import { texts } from './texts.ts'
import { createClient, ThreeDSServerFailure } from './threeds-client.ts'

const hakoneGoods: Merchant = {
  threeDSRequestorID: 'HAKONE-GOODS-0001',
  merchantName: 'Hakone Goods',
  acquirerBIN: '400000',
  acquirerMerchantID: 'HAKONE-0001',
  mcc: '5999',
  merchantCountryCode: '392',
}

/** A card waits in memory this long for the 3DS Method to end. */
const cardKeptMs = 900_000
const formLimitBytes = 65_536

const browserReport = z.object({
  browserJavaEnabled: z.boolean(),
  browserLanguage: z.string().min(1).max(35),
  browserColorDepth: z.string().regex(/^\d{1,2}$/),
  browserScreenHeight: z.string().regex(/^\d{1,6}$/),
  browserScreenWidth: z.string().regex(/^\d{1,6}$/),
  browserTZ: z.string().regex(/^[+-]?\d{1,4}$/),
})

/** Widths and heights of FLOW-BRW, window sizes; the style sheet has the same. */
const frameSizes: Readonly<Record<string, string>> = {
  '01': '250 × 400',
  '02': '390 × 400',
  '03': '500 × 600',
  '04': '600 × 400',
}

/** In words, since the logos are not ours to show [Req 145, 172]. */
const schemeNames: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  jcb: 'JCB',
  amex: 'American Express',
}

// Spec: Table A.24; nothing else may be in it (FLOW-IFR-2).
const frameSandbox = 'allow-forms allow-scripts allow-same-origin allow-pointer-lock'

const translator = createTranslator(texts)
const render = loadPages(new URL('../../../src/emulators/shop/views/', import.meta.url))
const assets = fileURLToPath(new URL('../../../public/shop/', import.meta.url))

/** Where an order stands: which page it belongs on. */
type Place = 'cart' | 'processing' | 'challenge' | 'result'

function placeOf(order: Order, status: TransactionStatus | undefined): Place {
  if (order.phase === 'cart') return 'cart'
  if (status === undefined) return 'result'
  if (status.phase === 'prepared' || status.phase === 'authenticating') return 'processing'
  const isOpen = status.phase === 'challenge' && status.acsURL !== undefined && !status.isReturned
  return isOpen ? 'challenge' : 'result'
}

export function createShop(options: ShopOptions): Router {
  const settings: ShopSettings = {
    fetch,
    merchant: hakoneGoods,
    processingScreenMs: 2_000,
    methodWithinMs: 10_000,
    returnWithinMs: 6_000,
    ...options,
  }
  const { store, publicUrl, acsPublicOrigin, merchant, clock, uuid, log } = settings
  const threeDSServer = createClient(settings.fetch, settings.threeDSServerUrl, 30_000)
  const router = Router()

  /** Cards between the checkout and the AReq; they are never stored (SEC-LOG-1). */
  const cards = new Map<string, Card & { readonly until: number }>()
  const authentications = new Map<string, Promise<void>>()

  function keepCard(orderId: string, card: Card): void {
    const now = clock()
    for (const [id, { until }] of cards) if (until < now) cards.delete(id)
    cards.set(orderId, { ...card, until: now + cardKeptMs })
  }

  function findOrder(req: Request): Order {
    const order = store.orders.find(String(req.params.orderId))
    if (order === undefined) throw new BadRequest(404, 'no such order')
    return order
  }

  /** The 3DS Server knows how a placed order went on; nothing if it cannot say. */
  async function statusOf({ threeDSServerTransID, failure }: Order): Promise<TransactionStatus | undefined> {
    if (threeDSServerTransID === undefined || failure !== undefined) return undefined
    try {
      return await threeDSServer.status(threeDSServerTransID)
    } catch (error) {
      if (!(error instanceof ThreeDSServerFailure)) throw error
      log.warn({ threeDSServerTransID, reason: error.message }, 'shop: no status')
      return undefined
    }
  }

  const newOrder = (lang: Language | undefined, cart: string, checkout?: string): Order => ({
    orderId: uuid(),
    phase: 'cart',
    lang,
    cart,
    checkout,
    card: undefined,
    threeDSServerTransID: undefined,
    threeDSMethodURL: undefined,
    threeDSMethodData: undefined,
    challengeOpenedAt: undefined,
    failure: undefined,
    progress: undefined,
    createdAt: clock(),
  })

  const chosenLanguage = (req: Request): Language | undefined =>
    req.query.lang === 'ja' || req.query.lang === 'en' ? req.query.lang : undefined

  /** The language of a page; one chosen by hand is kept with the order. */
  function languageOf(req: Request, order?: Order): Language {
    const chosen = chosenLanguage(req)
    if (chosen !== undefined && order !== undefined && order.lang !== chosen) {
      const current = store.orders.find(order.orderId)
      if (current !== undefined) store.orders.save({ ...current, lang: chosen })
    }
    return (
      chosen ??
      (order?.lang === 'ja' || order?.lang === 'en' ? order.lang : pickLanguage(req.headers['accept-language']))
    )
  }

  interface PageData {
    readonly order?: Order
    readonly acsUrls?: readonly (string | undefined)[]
    readonly status?: number
    readonly [name: string]: unknown
  }

  function showPage(
    req: Request,
    res: Response,
    view: string,
    { order, acsUrls = [], status = 200, ...data }: PageData,
  ): void {
    const lang = languageOf(req, order)
    const t = translator(lang)
    const cart = order === undefined ? [] : readCart(order.cart)
    res
      .status(status)
      .set(shopHeaders([acsPublicOrigin, ...acsUrls]))
      .type('html')
      .send(
        render(`./${view}`, {
          lang,
          t,
          otherLang: lang === 'en' ? 'ja' : 'en',
          base: req.baseUrl,
          orderUrl: order === undefined ? undefined : `${req.baseUrl}/orders/${order.orderId}`,
          isOpen: order === undefined || order.phase === 'cart',
          itemCount: cart.reduce((sum, { quantity }) => sum + quantity, 0),
          money: (amount: number) => formatAmount(String(amount), currency.letters, currency.exponent, lang),
          view,
          ...data,
        }),
      )
  }

  const handled =
    (handler: (req: Request, res: Response) => Promise<void> | void): RequestHandler =>
    async (req, res) => {
      try {
        await handler(req, res)
      } catch (error) {
        if (error instanceof BodyAborted) return
        const status = error instanceof BadRequest ? error.status : error instanceof BodyTooLarge ? 413 : 500
        if (status === 404) return showPage(req, res, 'missing', { status })
        if (status === 500) log.error({ err: error }, 'shop: a request failed')
        res
          .status(status)
          .type('text')
          .send(status === 500 ? 'internal failure' : 'this request cannot be used')
      }
    }

  const goTo = (req: Request, res: Response, order: Order, page = ''): void =>
    res.redirect(303, `${req.baseUrl}/orders/${order.orderId}${page}`)

  const pageOf: Readonly<Record<Place, string>> = {
    cart: '/checkout',
    processing: '/processing',
    challenge: '/challenge',
    result: '/result',
  }

  router.use('/assets', express.static(assets, { maxAge: '1h', index: false, redirect: false }))

  router.get(
    '/',
    handled((req, res) => showPage(req, res, 'catalogue', { products })),
  )

  router.post(
    '/orders',
    handled(async (req, res) => {
      const productId = (await readFormBody(req, formLimitBytes)).get('productId') ?? ''
      const order = newOrder(chosenLanguage(req), JSON.stringify(withQuantity([], productId, 1)))
      store.orders.save(order)
      goTo(req, res, order)
    }),
  )

  router.get(
    '/orders/:orderId/catalogue',
    handled((req, res) => showPage(req, res, 'catalogue', { order: findOrder(req), products })),
  )

  router.get(
    '/orders/:orderId',
    handled((req, res) => {
      const order = findOrder(req)
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      const lines = linesOf(readCart(order.cart))
      showPage(req, res, 'cart', { order, lines, total: totalOf(lines) })
    }),
  )

  // Adds one of a product, or sets its quantity.
  router.post(
    '/orders/:orderId/items',
    handled(async (req, res) => {
      const order = findOrder(req)
      const form = await readFormBody(req, formLimitBytes)
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      const cart = readCart(order.cart)
      const productId = form.get('productId') ?? ''
      const quantity = form.get('quantity')
      const wanted = quantity === null ? quantityOf(cart, productId) + 1 : Number(quantity)
      store.orders.save({ ...order, cart: JSON.stringify(withQuantity(cart, productId, wanted)) })
      goTo(req, res, order)
    }),
  )

  router.post(
    '/orders/:orderId/remove',
    handled(async (req, res) => {
      const order = findOrder(req)
      const productId = (await readFormBody(req, formLimitBytes)).get('productId') ?? ''
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      store.orders.save({ ...order, cart: JSON.stringify(withQuantity(readCart(order.cart), productId, 0)) })
      goTo(req, res, order)
    }),
  )

  function showCheckout(
    req: Request,
    res: Response,
    order: Order,
    form: { readonly checkout: object; readonly wrong?: readonly CheckoutField[]; readonly hasLostCard?: boolean },
  ): void {
    const lines = linesOf(readCart(order.cart))
    showPage(req, res, 'checkout', {
      order,
      lines,
      total: totalOf(lines),
      cards: settings.cards,
      challengeWindowSizes,
      challengeIndicators,
      frameSizes,
      wrong: [],
      hasLostCard: false,
      status: (form.wrong ?? []).length > 0 ? 422 : 200,
      ...form,
    })
  }

  router.get(
    '/orders/:orderId/checkout',
    handled((req, res) => {
      const order = findOrder(req)
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      if (readCart(order.cart).length === 0) return goTo(req, res, order)
      const checkout = readCheckout(order.checkout)
      showCheckout(req, res, order, {
        checkout: req.query.frame === 'no-scripts' ? { ...checkout, frameHasScripts: false } : checkout,
        hasLostCard: req.query.card === 'again',
      })
    }),
  )

  router.post(
    '/orders/:orderId/checkout',
    handled(async (req, res) => {
      const order = findOrder(req)
      const form = await readFormBody(req, formLimitBytes)
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      if (readCart(order.cart).length === 0) return goTo(req, res, order)
      const { checkout, card, wrong } = readForm(form, req.headers.accept ?? '*/*')
      if (card === undefined) return showCheckout(req, res, order, { checkout, wrong })
      const placed: Order = {
        ...order,
        phase: 'placed',
        checkout: JSON.stringify(checkout),
        card: maskCard(card.acctNumber),
      }
      try {
        const versioning = await threeDSServer.versioning(card.acctNumber)
        keepCard(order.orderId, card)
        store.orders.save({
          ...placed,
          threeDSServerTransID: versioning.threeDSServerTransID,
          threeDSMethodURL: versioning.threeDSMethodURL,
          threeDSMethodData: versioning.threeDSMethodData,
        })
      } catch (error) {
        if (!(error instanceof ThreeDSServerFailure)) throw error
        store.orders.save({ ...placed, failure: error.message })
      }
      goTo(req, res, order, '/processing')
    }),
  )

  router.get(
    '/orders/:orderId/processing',
    handled(async (req, res) => {
      const order = findOrder(req)
      const status = await statusOf(order)
      const place = placeOf(order, status)
      if (place !== 'processing') return goTo(req, res, order, pageOf[place])
      if (status?.phase === 'prepared' && !cards.has(order.orderId)) {
        // The card did not outlive the process; the order did.
        store.orders.save({ ...order, phase: 'cart', threeDSServerTransID: undefined })
        return goTo(req, res, order, '/checkout?card=again')
      }
      showPage(req, res, 'processing', {
        order,
        acsUrls: [order.threeDSMethodURL],
        hasToAsk: status?.phase === 'prepared',
        schemeName: schemeNames[schemeOf(order.card ?? '') ?? ''] ?? '',
        threeDSMethodURL: order.threeDSMethodURL,
        threeDSMethodData: order.threeDSMethodData,
        processingScreenMs: settings.processingScreenMs,
        methodWithinMs: settings.methodWithinMs,
      })
    }),
  )

  /** From the kept card to the ARes; the 3DS Server remembers the rest. */
  async function authenticate(req: Request, order: Order, report: BrowserReport | undefined): Promise<void> {
    const { orderId, threeDSServerTransID } = order
    const card = cards.get(orderId)
    if (card === undefined || threeDSServerTransID === undefined) return
    cards.delete(orderId)
    const checkout = readCheckout(order.checkout)
    const { challengeWindowSize, skipsChallenge } = checkout
    try {
      const status = await threeDSServer.authenticate({
        threeDSServerTransID,
        challengeWindowSize,
        threeDSSessionData: encodeBase64url(orderId),
        returnURL: `${publicUrl}/orders/${orderId}/result`,
        areq: {
          threeDSRequestorURL: publicUrl,
          ...purchaseElements(linesOf(readCart(order.cart)), checkout, merchant),
          ...browserElements(report, {
            ip: browserIP(req.socket.remoteAddress ?? '127.0.0.1'),
            userAgent: req.headers['user-agent'] ?? 'unknown',
            acceptHeader: checkout.browserAcceptHeader,
            language: (req.headers['accept-language'] ?? 'en').split(/[,;]/)[0]?.trim() || 'en',
          }),
          ...cardElements(card),
        },
      })
      if (status.phase === 'challenge' && skipsChallenge) await threeDSServer.giveUp(threeDSServerTransID, false)
    } catch (error) {
      if (!(error instanceof ThreeDSServerFailure)) throw error
      const current = store.orders.find(orderId) ?? order
      store.orders.save({ ...current, failure: error.message })
    }
  }

  // From the script of the processing page with what the browser is; from its form where scripts are off.
  router.post(
    '/orders/:orderId/authenticate',
    handled(async (req, res) => {
      const order = findOrder(req)
      const isScript = mediaTypeOf(req) === 'application/json'
      const report = isScript ? browserReport.safeParse(await readJson(req, formLimitBytes)).data : undefined
      const running =
        authentications.get(order.orderId) ??
        authenticate(req, order, report).finally(() => authentications.delete(order.orderId))
      authentications.set(order.orderId, running)
      await running
      if (isScript)
        res.set('cache-control', 'no-store').json({ next: `${req.baseUrl}/orders/${order.orderId}/processing` })
      else goTo(req, res, order, '/processing')
    }),
  )

  router.get(
    '/orders/:orderId/challenge',
    handled(async (req, res) => {
      const order = findOrder(req)
      const status = await statusOf(order)
      const place = placeOf(order, status)
      if (place !== 'challenge' || status === undefined) return goTo(req, res, order, pageOf[place])
      if (order.challengeOpenedAt === undefined) store.orders.save({ ...order, challengeOpenedAt: clock() })
      const hasScripts = readCheckout(order.checkout).frameHasScripts && req.query.frame !== 'no-scripts'
      showPage(req, res, 'challenge', {
        order,
        acsUrls: [status.acsURL],
        acsURL: status.acsURL,
        creq: status.creq,
        threeDSSessionData: status.threeDSSessionData,
        challengeWindowSize: status.challengeWindowSize,
        sandbox: hasScripts ? frameSandbox : frameSandbox.replace(' allow-scripts', ''),
        inboxUrl: settings.inboxUrl,
        returnWithinMs: settings.returnWithinMs,
      })
    }),
  )

  router.post(
    '/orders/:orderId/give-up',
    handled(async (req, res) => {
      const order = findOrder(req)
      try {
        const isCreqSent = order.challengeOpenedAt !== undefined
        if (order.threeDSServerTransID !== undefined) await threeDSServer.giveUp(order.threeDSServerTransID, isCreqSent)
      } catch (error) {
        if (!(error instanceof ThreeDSServerFailure)) throw error // settled meanwhile: the result page says how
      }
      goTo(req, res, order, '/result')
    }),
  )

  // For the scripts of the pages; holds nothing that the page may not know.
  router.get(
    '/orders/:orderId/status',
    handled(async (req, res) => {
      const order = findOrder(req)
      const status = await statusOf(order)
      res.set('cache-control', 'no-store').json({
        phase: status?.phase ?? (order.phase === 'cart' ? 'cart' : 'settled'),
        isMethodPending: status?.threeDSMethod === 'pending',
        isReturned: status?.isReturned ?? false,
      })
    }),
  )

  router.get(
    '/orders/:orderId/result',
    handled(async (req, res) => {
      const order = findOrder(req)
      const status = await statusOf(order)
      const place = placeOf(order, status)
      if (place === 'cart' || place === 'processing') return goTo(req, res, order, pageOf[place])
      const outcome = outcomeOf(status)
      const lines = linesOf(readCart(order.cart))
      showPage(req, res, 'result', {
        order,
        outcome,
        tone: toneOf[outcome],
        transaction: status,
        failure: order.failure,
        reasonKey: status?.transStatusReason === undefined ? undefined : reasonKey(status.transStatusReason),
        card: order.card,
        lines,
        total: totalOf(lines),
      })
    }),
  )

  router.post(
    '/orders/:orderId/again',
    handled((req, res) => {
      const order = findOrder(req)
      const next = newOrder(languageOf(req, order), order.cart, order.checkout)
      store.orders.save(next)
      goTo(req, res, next, '/checkout')
    }),
  )

  return router
}
