// For machines: health and metrics.
import { Router } from 'express'
import type { Registry } from 'prom-client'

export interface OperationsPorts {
  readonly isReady: () => boolean
  readonly metrics: Registry
}

export function operationsRouter({ isReady, metrics }: OperationsPorts): Router {
  const router = Router()
  router.get('/health/live', (_req, res) => {
    res.json({ status: 'ok' })
  })
  router.get('/health/ready', (_req, res) => {
    const ready = isReady()
    res.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'stopping' })
  })
  router.get('/metrics', async (_req, res) => {
    res.set('Content-Type', metrics.contentType).send(await metrics.metrics())
  })
  return router
}
