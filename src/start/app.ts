// An Express application as every port has it: quiet about itself, and with a last word for what nobody answered.
import express, { type Express, type IRouter, type NextFunction, type Request, type Response, Router } from 'express'
import type { Logger } from 'pino'

/** What is under way when a shared port closes is waited for this long. */
const drainWithinMs = 10_000

/** Hops or addresses of proxies whose X-Forwarded headers are believed; undefined: nobody's are. */
export type Proxies = number | readonly string[] | undefined

const application = (proxies: Proxies): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  if (proxies !== undefined) app.set('trust proxy', typeof proxies === 'number' ? proxies : [...proxies])
  return app
}

export interface Port {
  readonly app: Express
  /** Where parts are mounted: below the path of the public address. */
  readonly routes: IRouter
  /** To be done before the port closes. */
  drain(): Promise<void>
}

/**
 * For a port that parties share: a DS that answers an RReq calls the 3DS Server behind the same door, which must not be
 * shut before (the Erro that follows is final). Returns what to do first when the door is to be closed: new messages are
 * answered 503, which their senders try again, and those under way are waited for.
 */
function drainable(app: Express): () => Promise<void> {
  const underWay = new Set<Response>()
  let isDraining = false
  let whenDrained = (): void => undefined
  app.use((req: Request, res: Response, next: NextFunction) => {
    if (req.method !== 'POST' || req.path.toLowerCase().endsWith('/3ds-server/results')) return next()
    if (isDraining) {
      res.status(503).set('connection', 'close').json({ error: 'stopping' })
      return undefined
    }
    underWay.add(res)
    res.once('close', () => {
      underWay.delete(res)
      if (underWay.size === 0) whenDrained()
    })
    return next()
  })
  return () =>
    new Promise((resolve) => {
      isDraining = true
      const timer = setTimeout(resolve, drainWithinMs)
      whenDrained = () => {
        clearTimeout(timer)
        resolve()
      }
      if (underWay.size === 0) whenDrained()
    })
}

/** `base`: the path of the public address. A proxy may strip it or keep it; either way `req.baseUrl` has it. */
export function createPort(
  base: string,
  { proxies, isShared = false }: { readonly proxies?: Proxies; readonly isShared?: boolean },
): Port {
  const app = application(proxies)
  const drain = isShared ? drainable(app) : () => Promise.resolve()
  if (base === '') return { app, routes: app, drain }
  const routes = Router()
  const isBelow = (url: string): boolean => url.startsWith(base) && /^(?:[/?]|$)/.test(url.slice(base.length))
  app.use((req: Request, _res: Response, next: NextFunction) => {
    if (!isBelow(req.url)) req.url = `${base}${req.url}`
    next()
  })
  app.use(base, routes)
  return { app, routes, drain }
}

/** No stack trace and no input leaves the house (SEC-LOG-3). */
export const lastHandlers = (app: Express, log: Logger): void => {
  app.use((_req: Request, res: Response) => {
    res.status(404).type('txt').send('Not found\n')
  })
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error)
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500
    if (status >= 500) log.error({ err: error }, 'request failed')
    return res
      .status(status)
      .type('txt')
      .send(status >= 500 ? 'Something failed; the log says what.\n' : 'Bad request\n')
  })
}
