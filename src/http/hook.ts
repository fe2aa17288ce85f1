// The hook-facing interface: POST /hook/assessments, and what it takes as JSON Schema and OpenAPI.
import { type NextFunction, type Request, type Response, Router } from 'express'
import type { createAhead } from '../acs/hook/ahead.ts'
import { BodyAborted } from '../web/body.ts'
import { hookDocument } from './hook-document.ts'
import {
  HookBusy,
  HookRefusal,
  noteRefusal,
  receiveSigned,
  type SignedPorts,
  sendBusy,
  sendRefusal,
} from './hook-signed.ts'

export interface HookPorts extends SignedPorts {
  readonly tenant: number
  readonly tellAhead: ReturnType<typeof createAhead>
  /** Base address, for the document. */
  readonly url: string
  readonly version: string
}

/** Takes what was thrown while a message was received; anything unexpected goes on. */
export function answerRefusal(error: unknown, res: Response, next: NextFunction): void {
  if (error instanceof HookRefusal) sendRefusal(res, error)
  else if (error instanceof HookBusy) sendBusy(res, error)
  else if (!(error instanceof BodyAborted)) next(error)
}

export function hookRouter(ports: HookPorts): Router {
  const router = Router()
  router.use((_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    next()
  })

  router.get('/openapi.json', (_req, res) => {
    res.json(hookDocument(ports.url, ports.version))
  })

  const tell = async (req: Request, res: Response): Promise<void> => {
    const { source, messageId, json } = await receiveSigned(ports, req, 'ahead')
    const outcome = await ports.tellAhead({ tenant: ports.tenant, source, messageId, value: json })
    if (outcome.kind === 'refused') {
      const refusal = new HookRefusal(outcome.problem, { problems: outcome.problems })
      noteRefusal(ports, 'ahead', refusal, { source: source.name, json })
      throw refusal
    }
    const { threeDSServerTransID, verdict } = outcome
    res.status(202).json({ source: source.name, verdict, threeDSServerTransID })
  }
  router
    .route('/assessments')
    .post((req, res, next) => {
      tell(req, res).catch((error: unknown) => answerRefusal(error, res, next))
    })
    .all((_req, res) => {
      res.status(405).set('allow', 'POST').json({ error: 'POST expected' })
    })
  return router
}
