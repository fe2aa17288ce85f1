// An Express application as every port has it: quiet about itself, and with a last word for what nobody answered.
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { Logger } from 'pino'

export const application = (): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  return app
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
