// The shop: catalogue, cart, checkout, the window of the challenge, and the result. An order is found by the random id in
// its address, so nothing depends on cookies. Spec: sections 3.3 and 4.2; FLOW-MTH, FLOW-BRW, FLOW-IFR, MIS-FRM-1.
import { fileURLToPath } from 'node:url'
import express, { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { schemes } from '../../protocol/tables/schemes.ts'
import { mediaTypeOf } from '../../web/body.ts'
import { passedOn } from '../../web/passed-on.ts'
import { schemeOf } from '../cards.ts'
import { BadRequest, readForm as readFormBody, readJson } from '../http-form.ts'
import type { Order } from '../store.ts'
import { browserIP } from '../threeds-server/areq.ts'
import { isAtLeast } from '../versions.ts'
import { createAccounts, loginMethods, memberOf } from './accounts.ts'
import { createAcquirer } from './acquirer.ts'
import { createAuthenticating } from './authenticate.ts'
import { createAuthorising } from './authorise.ts'
import { bothSidesOf } from './both-sides.ts'
import { createCardsInMemory } from './cards-in-memory.ts'
import { emptyCart, linesOf, quantityOf, readCart, totalOf, withQuantity } from './cart.ts'
import {
  type Checkout,
  filledFor,
  isOfAnother,
  readCheckout,
  readFields,
  readForm,
  typedCardNumber,
} from './checkout.ts'
import { checkoutView, type Prefilled, yearsAhead } from './checkout-view.ts'
import { amountOf, createFollowingUp, followUpOf, followUpRows } from './follow-ups.ts'
import type { Merchant, ShopOptions, ShopSettings } from './options.ts'
import { isAskedAgain, newOrder, type Place, placeOf } from './order.ts'
import { chosenCurrency, createPages } from './pages.ts'
import { personaOf } from './personas.ts'
import { products } from './products.ts'
import { resultCardOf } from './result-card.ts'
import { createScreeningClient, type Kept, keptOf, withKept } from './screening.ts'
import { createClient } from './threeds-client.ts'

const hakoneGoods: Merchant = {
  threeDSRequestorID: 'HAKONE-GOODS-0001',
  merchantName: 'Hakone Goods',
  acquirerBIN: '400000',
  acquirerMerchantID: 'HAKONE-0001',
  mcc: '5999',
  merchantCountryCode: '392',
}

const formLimitBytes = 65_536

const browserReport = z.object({
  browserJavaEnabled: z.boolean(),
  browserLanguage: z.string().min(1).max(35),
  browserColorDepth: z.string().regex(/^\d{1,2}$/),
  browserScreenHeight: z.string().regex(/^\d{1,6}$/),
  browserScreenWidth: z.string().regex(/^\d{1,6}$/),
  browserTZ: z.string().regex(/^[+-]?\d{1,4}$/),
})

// Spec: Table A.24; nothing else may be in it (FLOW-IFR-2).
const frameSandbox = 'allow-forms allow-scripts allow-same-origin allow-pointer-lock'

const assets = fileURLToPath(new URL('../../../public/shop/', import.meta.url))

const pageOf: Readonly<Record<Place, string>> = {
  cart: '/checkout',
  processing: '/processing',
  challenge: '/challenge',
  result: '/result',
}

/** FLOW-MTH-5: 10 s, from 2.3.1 on 5 s. */
const methodLimitMs = (messageVersion = '2.2.0'): number => (isAtLeast(messageVersion, '2.3.1') ? 5_000 : 10_000)

export function createShop(options: ShopOptions): Router {
  const settings: ShopSettings = {
    fetch,
    merchant: hakoneGoods,
    acquirerUrl: `${options.publicUrl}/acquirer`,
    softDeclines: [],
    processingScreenMs: 2_000,
    methodWithinMs: 10_000,
    returnWithinMs: 6_000,
    ...options,
  }
  const { store, clock, uuid } = settings
  const pages = createPages(settings)
  const { handled, goTo } = pages
  const [everyday] = settings.cards
  const accounts = createAccounts(
    clock,
    uuid,
    everyday && { acctNumber: everyday.acctNumber, cardExpiryDate: everyday.cardExpiryDate ?? yearsAhead(clock()) },
  )
  const cards = createCardsInMemory(clock)
  const onFile = createCardsInMemory(clock)
  const threeDSServer = createClient(settings.fetch, settings.threeDSServerUrl, 30_000)
  const screening = createScreeningClient(settings)
  const parts = { settings, threeDSServer, accounts, cards, onFile, screening }
  const authenticating = createAuthenticating(parts)
  const authorising = createAuthorising(parts, authenticating)
  const followingUp = createFollowingUp(settings, threeDSServer, { cards, onFile })
  const router = Router()

  function findOrder(req: Request): Order {
    const order = store.orders.find(String(req.params.orderId))
    if (order === undefined) throw new BadRequest(404, 'no such order')
    return order
  }

  /** The order, in the currency that the query asks for: the cart keeps its goods and takes their other prices. */
  function orderInCurrency(req: Request): Order {
    const order = findOrder(req)
    const currency = chosenCurrency(req)
    const cart = readCart(order.cart)
    if (currency === undefined || order.phase !== 'cart' || cart.currency === currency) return order
    const changed = { ...order, cart: JSON.stringify({ ...cart, currency }) }
    store.orders.save(changed)
    return changed
  }

  router.use('/assets', express.static(assets, { maxAge: '1h', index: false, redirect: false }))
  router.use('/acquirer', createAcquirer(settings))

  router.get(
    '/',
    handled((req, res) => pages.show(req, res, 'catalogue', { products })),
  )

  router.post(
    '/orders',
    handled(async (req, res) => {
      const productId = (await readFormBody(req, formLimitBytes)).get('productId') ?? ''
      const cart = withQuantity(emptyCart(chosenCurrency(req) ?? '392'), productId, 1)
      const order = newOrder({
        orderId: uuid(),
        lang: pages.chosenLanguage(req),
        cart: JSON.stringify(cart),
        checkout: undefined,
        createdAt: clock(),
      })
      store.orders.save(order)
      goTo(req, res, order)
    }),
  )

  router.get(
    '/orders/:orderId/catalogue',
    handled((req, res) => pages.show(req, res, 'catalogue', { order: orderInCurrency(req), products })),
  )

  router.get(
    '/orders/:orderId',
    handled((req, res) => {
      const order = orderInCurrency(req)
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      const lines = linesOf(readCart(order.cart))
      pages.show(req, res, 'cart', { order, lines, total: totalOf(lines) })
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

  function showCheckout(req: Request, res: Response, order: Order, checkout: Checkout, form: Prefilled = {}): void {
    const lines = linesOf(readCart(order.cart))
    pages.show(req, res, 'checkout', {
      order,
      lines,
      total: totalOf(lines),
      status: (form.wrong ?? []).length > 0 ? 422 : 200,
      ...checkoutView(settings, accounts, checkout, form),
    })
  }

  router.get(
    '/orders/:orderId/checkout',
    handled((req, res) => {
      const order = orderInCurrency(req)
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      if (readCart(order.cart).lines.length === 0) return goTo(req, res, order)
      const checkout = readCheckout(order.checkout)
      const test = settings.cards[Number(req.query.try ?? Number.NaN)]
      const withTest = test === undefined ? checkout : { ...checkout, savedCard: undefined }
      showCheckout(
        req,
        res,
        order,
        req.query.frame === 'no-scripts' ? { ...withTest, frameHasScripts: false } : withTest,
        {
          testCard: test,
          notice: req.query.card === 'again' ? 'checkout.cardAgain' : undefined,
        },
      )
    }),
  )

  /** What a button of the checkout asks for before the payment: a log-in, a persona, a test card. Works without scripts. */
  function filledBy(form: URLSearchParams, order: Order, accept: string): { checkout: Checkout; test: number } {
    const kept = readCheckout(order.checkout)
    const fields = readFields(form, accept, kept)
    const [memberId, method] = (form.get('signIn') ?? '').split(':')
    const member = memberOf(memberId)
    const typed = typedCardNumber(form)
    const chosen = form.get('testCard')
    const test = chosen === null ? settings.cards.findIndex(({ acctNumber }) => acctNumber === typed) : Number(chosen)
    if (member !== undefined) {
      const loginMethod = loginMethods.find((known) => known === method) ?? '02'
      const [saved] = accounts.savedCards(member.id)
      const loggedIn = { ...fields, member: member.id, loginMethod, loggedInAt: clock(), savedCard: saved?.id }
      return { checkout: filledFor(loggedIn), test }
    }
    if (form.has('signOut')) {
      const guest = { ...fields, member: undefined, savedCard: undefined, savedAt: undefined, remembersCard: false }
      return { checkout: filledFor(guest), test }
    }
    const forgotten = form.get('forget')
    if (forgotten !== null && kept.member !== undefined) {
      accounts.forget(kept.member, forgotten)
      return { checkout: { ...fields, savedCard: undefined }, test }
    }
    const isToBeFilled = form.get('fill') === 'persona' || isOfAnother(form, fields)
    return { checkout: isToBeFilled ? filledFor(fields) : fields, test }
  }

  router.post(
    '/orders/:orderId/fill',
    handled(async (req, res) => {
      const order = findOrder(req)
      const form = await readFormBody(req, formLimitBytes)
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      const { checkout, test } = filledBy(form, order, req.headers.accept ?? '*/*')
      store.orders.save({ ...order, checkout: JSON.stringify(checkout) })
      goTo(req, res, order, settings.cards[test] === undefined ? '/checkout' : `/checkout?try=${test}`)
    }),
  )

  router.post(
    '/orders/:orderId/checkout',
    handled(async (req, res) => {
      const order = findOrder(req)
      const form = await readFormBody(req, formLimitBytes)
      if (order.phase !== 'cart') return goTo(req, res, order, '/processing')
      if (readCart(order.cart).lines.length === 0) return goTo(req, res, order)
      const kept = readCheckout(order.checkout)
      const saved = accounts.savedCards(kept.member)
      const read = readForm(form, req.headers.accept ?? '*/*', kept, (id) => saved.find((card) => card.id === id))
      const { checkout, card, wrong } = read
      const testCard = settings.cards.find(({ acctNumber }) => acctNumber === typedCardNumber(form))
      if (read.isToBeFilled) {
        return showCheckout(req, res, order, filledFor(checkout), { testCard, notice: 'checkout.filled' })
      }
      if (card === undefined) return showCheckout(req, res, order, checkout, { wrong })
      await authenticating.place(order, checkout, card)
      goTo(req, res, order, '/processing')
    }),
  )

  /** What the screening says now of an order that waits for a person. */
  async function screeningOf(order: Order): Promise<Kept | undefined> {
    const kept = keptOf(order)
    if (screening === undefined || kept?.state !== 'held') return kept
    const state = await screening.stateOf(order.orderId)
    if (state === undefined || state.review === 'open') return kept
    const now: Kept = {
      ...kept,
      ...(state.note !== undefined && { note: state.note }),
      review: state.review,
      state: state.review === 'passed' ? 'passed' : state.review === 'stopped' ? 'stopped' : 'held',
    }
    store.orders.save(withKept(order, now))
    if (now.state === 'stopped') {
      cards.drop(order.orderId)
      await screening.tell({ orderId: order.orderId, ending: 'stopped' })
    }
    return now
  }

  /** Its page at the screening service. */
  const deskOf = ({ orderId }: Order): string | undefined =>
    settings.screening && `${settings.screening.publicUrl}/orders/${orderId}`

  /** An order that the shop itself holds or has stopped; 3-D Secure knows nothing of it yet. */
  function showScreened(req: Request, res: Response, order: Order, kept: Kept): void {
    const lines = linesOf(readCart(order.cart))
    pages.show(req, res, 'screened', { order, lines, total: totalOf(lines), kept, reviewUrl: deskOf(order) })
  }

  router.get(
    '/orders/:orderId/processing',
    handled(async (req, res) => {
      const order = findOrder(req)
      const status = await authenticating.statusOf(order)
      const place = placeOf(order, status)
      if (place !== 'processing') return goTo(req, res, order, pageOf[place])
      const kept = await screeningOf(order)
      if (kept?.state === 'held' || kept?.state === 'stopped') return showScreened(req, res, order, kept)
      if (status?.phase === 'prepared' && cards.find(order.orderId) === undefined) {
        // The card did not outlive the process; the order did.
        store.orders.save({ ...order, phase: 'cart', threeDSServerTransID: undefined, progress: undefined })
        return goTo(req, res, order, '/checkout?card=again')
      }
      // A pretended device cannot run the 3DS Method: the ACS would get to know the real one.
      const hasMethod = personaOf(readCheckout(order.checkout).persona).browser === undefined
      pages.show(req, res, 'processing', {
        order,
        acsUrls: [order.threeDSMethodURL],
        hasToAsk: status?.phase === 'prepared',
        isAgain: isAskedAgain(order),
        schemeName: schemes[schemeOf(order.card ?? '') ?? '']?.name ?? '',
        threeDSMethodURL: hasMethod ? order.threeDSMethodURL : undefined,
        threeDSMethodData: order.threeDSMethodData,
        processingScreenMs: settings.processingScreenMs,
        methodWithinMs: Math.min(settings.methodWithinMs, methodLimitMs(status?.messageVersion)),
      })
    }),
  )

  // From the script of the processing page with what the browser is; from its form where scripts are off.
  router.post(
    '/orders/:orderId/authenticate',
    handled(async (req, res) => {
      const order = findOrder(req)
      const isScript = mediaTypeOf(req) === 'application/json'
      const report = isScript ? browserReport.safeParse(await readJson(req, formLimitBytes)).data : undefined
      await authenticating.run(order, report, {
        ip: browserIP(req.ip ?? '127.0.0.1'),
        userAgent: req.headers['user-agent'] ?? 'unknown',
        languages: req.headers['accept-language'] ?? '',
        language: (req.headers['accept-language'] ?? 'en').split(/[,;]/)[0]?.trim() || 'en',
        passedOn: passedOn(req.headers),
      })
      if (isScript)
        res.set('cache-control', 'no-store').json({ next: `${req.baseUrl}/orders/${order.orderId}/processing` })
      else goTo(req, res, order, '/processing')
    }),
  )

  router.get(
    '/orders/:orderId/challenge',
    handled(async (req, res) => {
      const order = findOrder(req)
      const status = await authenticating.statusOf(order)
      const place = placeOf(order, status)
      if (place !== 'challenge' || status === undefined) return goTo(req, res, order, pageOf[place])
      if (order.challengeOpenedAt === undefined) store.orders.save({ ...order, challengeOpenedAt: clock() })
      const checkout = readCheckout(order.checkout)
      const hasScripts = checkout.frameHasScripts && req.query.frame !== 'no-scripts'
      pages.show(req, res, checkout.isFullWindow ? 'challenge-full' : 'challenge', {
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
      await authenticating.giveUp(order)
      goTo(req, res, order, '/result')
    }),
  )

  // For the scripts of the pages; holds nothing that the page may not know.
  router.get(
    '/orders/:orderId/status',
    handled(async (req, res) => {
      const order = findOrder(req)
      const status = await authenticating.statusOf(order)
      res.set('cache-control', 'no-store').json({
        phase: status?.phase ?? (order.phase === 'cart' ? 'cart' : 'settled'),
        isMethodPending: status?.threeDSMethod === 'pending',
        isReturned: status?.isReturned ?? false,
      })
    }),
  )

  // The browser is back: what the result asks for is done here, once.
  router.get(
    '/orders/:orderId/result',
    handled(async (req, res) => {
      const found = findOrder(req)
      const status = await authenticating.statusOf(found)
      const place = placeOf(found, status)
      if (place === 'cart' || place === 'processing') return goTo(req, res, found, pageOf[place])
      const order = await authorising.settle(found, status)
      // A soft decline: the shop asks for a challenge at once.
      if (order.threeDSServerTransID !== found.threeDSServerTransID) return goTo(req, res, order, '/processing')
      const lines = linesOf(readCart(order.cart))
      const checkout = readCheckout(order.checkout)
      pages.show(req, res, 'result', {
        order,
        card: resultCardOf(order, checkout, status),
        transaction: status,
        persona: personaOf(checkout.persona),
        member: memberOf(checkout.member),
        consoleUrl: settings.consoleUrl,
        screened: keptOf(order),
        screenedUrl: deskOf(order),
        sides: keptOf(order) === undefined ? undefined : await bothSidesOf(settings, status?.acsTransID),
        lines,
        total: amountOf(order),
        followUp: followUpOf(order),
        followUps: followingUp.offered(order, status?.messageVersion).map((kind) => ({ kind, ...followUpRows[kind] })),
      })
    }),
  )

  // The merchant desk: what follows without the buyer has a result of its own.
  router.post(
    '/orders/:orderId/follow-ups',
    handled(async (req, res) => {
      const order = findOrder(req)
      const form = await readFormBody(req, formLimitBytes)
      const status = await authenticating.statusOf(order)
      const next = await followingUp.run(order, form, status?.messageVersion ?? '')
      goTo(req, res, next, '/result')
    }),
  )

  /** The same buyer once more: with the same cart to the checkout, or with an empty one to the shelf. */
  router.post(
    '/orders/:orderId/again',
    handled((req, res) => {
      const order = findOrder(req)
      const isEmpty = req.query.cart === 'empty'
      const cart = readCart(order.cart)
      const next = newOrder({
        orderId: uuid(),
        lang: pages.languageOf(req, order),
        cart: JSON.stringify(isEmpty ? emptyCart(cart.currency) : cart),
        checkout: order.checkout,
        createdAt: clock(),
      })
      store.orders.save(next)
      goTo(req, res, next, isEmpty ? '/catalogue' : '/checkout')
    }),
  )

  return router
}
