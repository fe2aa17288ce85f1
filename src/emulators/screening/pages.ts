// Pages of the screening service, for people: language, headers, and the data that every page has.
import type { Request, RequestHandler, Response } from 'express'
import { BodyAborted, BodyTooLarge } from '../../web/body.ts'
import { createTranslator, formatAmount, formatDateTime, type Language, pickLanguage } from '../../web/i18n.ts'
import { loadPages } from '../../web/page.ts'
import { BadRequest } from '../http-form.ts'
import type { Log } from '../ports.ts'
import type { OrderRequest } from './api.ts'
import { texts } from './texts.ts'

const translator = createTranslator(texts)
const render = loadPages(new URL('../../../src/emulators/screening/views/', import.meta.url))

export interface Pages {
  show(req: Request, res: Response, view: string, data: object, status?: number): void
  /** A handler whose problems become pages without the input in them. */
  handled(handler: (req: Request, res: Response) => Promise<void> | void): RequestHandler
  goTo(req: Request, res: Response, path: string): void
}

const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'self'",
    "img-src data: 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin', // without any, forms would come from the origin null
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const

/** Merchants here are Japanese: their clock is on the wall. */
const timeZone = 'Asia/Tokyo'

const letters: Readonly<Record<string, string>> = { '392': 'JPY', '978': 'EUR', '840': 'USD' }

const chosen = (req: Request): Language | undefined =>
  req.query.lang === 'ja' || req.query.lang === 'en' ? req.query.lang : undefined

export function createPages({
  log,
  consoleUrl,
}: {
  readonly log: Log
  readonly consoleUrl: string | undefined
}): Pages {
  function show(req: Request, res: Response, view: string, data: object, status = 200): void {
    const lang = chosen(req) ?? pickLanguage(req.headers['accept-language'])
    const otherLang = lang === 'en' ? 'ja' : 'en'
    // A language chosen by hand goes along with links and forms: no cookie is needed.
    const query = chosen(req) === undefined ? '' : `?lang=${lang}`
    const page = {
      ...{ lang, otherLang, query, view, consoleUrl },
      t: translator(lang),
      base: req.baseUrl,
      money: ({ amount }: OrderRequest) =>
        formatAmount(amount.minor, letters[amount.currency] ?? amount.currency, amount.exponent, lang),
      yen: (amount: number) => formatAmount(String(amount), 'JPY', 0, lang),
      time: (at: number) => formatDateTime(at, lang, timeZone),
      percent: (share: number | undefined) =>
        share === undefined
          ? '–'
          : new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 }).format(share),
    }
    res
      .status(status)
      .set(headers)
      .type('html')
      .send(render(`./${view}`, { ...page, ...data }))
  }

  const handled =
    (handler: (req: Request, res: Response) => Promise<void> | void): RequestHandler =>
    async (req, res) => {
      try {
        await handler(req, res)
      } catch (error) {
        if (error instanceof BodyAborted) return
        const status = error instanceof BadRequest ? error.status : error instanceof BodyTooLarge ? 413 : 500
        if (status === 500) log.error({ err: error }, 'screening: a page failed')
        show(
          req,
          res,
          'problem',
          { problem: status === 404 ? 'missing' : status === 500 ? 'failed' : 'refused', open: 0 },
          status,
        )
      }
    }

  const goTo = (req: Request, res: Response, path: string): void => {
    const lang = chosen(req)
    const query = lang === undefined ? '' : `${path.includes('?') ? '&' : '?'}lang=${lang}`
    res.redirect(303, `${req.baseUrl}${path}${query}`)
  }

  return { show, handled, goTo }
}
