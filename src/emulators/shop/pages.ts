// The shop's pages: language, currency, headers, and the data that every page has.
import type { Request, RequestHandler, Response } from 'express'
import { BodyAborted, BodyTooLarge } from '../../web/body.ts'
import { createTranslator, formatAmount, formatDate, type Language, pickLanguage } from '../../web/i18n.ts'
import { loadPages } from '../../web/page.ts'
import { BadRequest } from '../http-form.ts'
import type { Order } from '../store.ts'
import { countOf, readCart } from './cart.ts'
import { shopHeaders } from './headers.ts'
import type { ShopSettings } from './options.ts'
import { type CurrencyCode, currencies, isCurrencyCode } from './products.ts'
import { texts } from './texts.ts'

const translator = createTranslator(texts)
const render = loadPages(new URL('../../../src/emulators/shop/views/', import.meta.url))

export interface PageData {
  readonly order?: Order
  /** Addresses of this transaction if another ACS serves it. */
  readonly acsUrls?: readonly (string | undefined)[]
  readonly status?: number
  readonly [name: string]: unknown
}

export interface Pages {
  show(req: Request, res: Response, view: string, data: PageData): void
  /** The language of a page; one chosen by hand is kept with the order. */
  languageOf(req: Request, order?: Order): Language
  /** The language of the query, if it names one. */
  chosenLanguage(req: Request): Language | undefined
  /** A handler whose problems become pages without the input in them. */
  handled(handler: (req: Request, res: Response) => Promise<void> | void): RequestHandler
  goTo(req: Request, res: Response, order: Order, page?: string): void
}

const isLanguage = (text: unknown): text is Language => text === 'ja' || text === 'en'

/** The currency of the query, if it names one. */
export const chosenCurrency = (req: Request): CurrencyCode | undefined => {
  const { currency } = req.query
  return isCurrencyCode(currency) ? currency : undefined
}

export function createPages({ store, acsPublicOrigin, log }: ShopSettings): Pages {
  const chosenLanguage = (req: Request): Language | undefined =>
    isLanguage(req.query.lang) ? req.query.lang : undefined

  function languageOf(req: Request, order?: Order): Language {
    const chosen = chosenLanguage(req)
    if (chosen !== undefined && order !== undefined && order.lang !== chosen) {
      const current = store.orders.find(order.orderId)
      if (current !== undefined) store.orders.save({ ...current, lang: chosen })
    }
    return chosen ?? (isLanguage(order?.lang) ? order.lang : pickLanguage(req.headers['accept-language']))
  }

  function show(
    req: Request,
    res: Response,
    view: string,
    { order, acsUrls = [], status = 200, ...data }: PageData,
  ): void {
    const lang = languageOf(req, order)
    const t = translator(lang)
    const cart = order === undefined ? undefined : readCart(order.cart)
    const currency = currencies[cart?.currency ?? chosenCurrency(req) ?? '392']
    const otherLang = lang === 'en' ? 'ja' : 'en'
    const inCurrency = order === undefined && currency.code !== '392' ? `&currency=${currency.code}` : ''
    res
      .status(status)
      .set(shopHeaders([acsPublicOrigin, ...acsUrls]))
      .type('html')
      .send(
        render(`./${view}`, {
          lang,
          t,
          otherLang,
          otherLangQuery: `?lang=${otherLang}${inCurrency}`,
          base: req.baseUrl,
          orderUrl: order === undefined ? undefined : `${req.baseUrl}/orders/${order.orderId}`,
          isOpen: order === undefined || order.phase === 'cart',
          itemCount: cart === undefined ? 0 : countOf(cart),
          currency,
          currencies: Object.values(currencies),
          currencyQuery: (code: string) =>
            `?currency=${code}${order === undefined && chosenLanguage(req) !== undefined ? `&lang=${lang}` : ''}`,
          money: (amount: number) => formatAmount(String(amount), currency.letters, currency.exponent, lang),
          day: (at: number) => formatDate(at, lang),
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
        if (status === 404) return show(req, res, 'missing', { status })
        if (status === 500) log.error({ err: error }, 'shop: a request failed')
        res
          .status(status)
          .type('text')
          .send(status === 500 ? 'internal failure' : 'this request cannot be used')
      }
    }

  return {
    show,
    languageOf,
    chosenLanguage,
    handled,
    goTo: (req, res, order, page = '') => res.redirect(303, `${req.baseUrl}/orders/${order.orderId}${page}`),
  }
}
