// The admin API: its resources under one door.
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { checkAnswers } from './answers.ts'
import { approvalsRouter } from './approvals.ts'
import { authenticationValuesRouter } from './authentication-values.ts'
import { cardsRouter } from './cards.ts'
import { challengeRouter } from './challenge.ts'
import { mountClock } from './clock.ts'
import { decisionRouter } from './decision.ts'
import { mountDocument } from './docs.ts'
import { elementsRouter } from './elements.ts'
import { mountEvents } from './events.ts'
import { mountExplain } from './explain.ts'
import { faultsRouter } from './faults.ts'
import { hookAfterRouter } from './hook-after.ts'
import { hookSourcesRouter } from './hook-sources.ts'
import { inboxRouter } from './inbox.ts'
import { mountJournal } from './journal.ts'
import { labRouter } from './lab.ts'
import { labelsRouter } from './labels.ts'
import { lintRouter } from './lint.ts'
import { listsRouter } from './lists.ts'
import { allOperations } from './operations.ts'
import { policiesRouter } from './policies.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest } from './request.ts'
import { scenariosRouter } from './scenarios.ts'
import { mountPolicy } from './shown-policy.ts'
import { mountStats } from './stats.ts'
import { stubsRouter } from './stubs.ts'
import { mountTenants } from './tenants.ts'
import { transactionsRouter } from './transactions.ts'
import { mountVerify } from './verify.ts'

export function adminRouter(ports: AdminPorts): Router {
  const router = Router()
  router.use((_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    next()
  })
  if (ports.checksAnswers === true) router.use(checkAnswers)
  router.use('/lint', lintRouter()) // before the limit: recordings are longer than what the others are sent
  router.use('/scenarios', scenariosRouter(ports))
  router.use('/policies', policiesRouter(ports))
  router.use('/experiments', labRouter(ports))
  router.use('/lists', listsRouter(ports))
  mountExplain(router, ports) // a policy may come along
  mountJournal(router, ports) // so is the export of a run
  router.use(express.json({ limit: '64kb' }))

  router.use('/transactions', challengeRouter(ports.challenge))
  router.use('/transactions', transactionsRouter(ports))
  router.use('/transactions', decisionRouter(ports))
  router.use('/transactions', labelsRouter(ports))
  router.use('/hook', hookSourcesRouter(ports))
  router.use('/hook', hookAfterRouter(ports))
  router.use('/approvals', approvalsRouter({ ...ports.challenge, issuer: ports.issuer }))
  router.use('/inbox', inboxRouter(ports))
  mountEvents(router, ports)
  router.use('/cards', cardsRouter(ports))
  router.use('/stubs', stubsRouter(ports))
  router.use('/faults', faultsRouter(ports))
  router.use('/authentication-values', authenticationValuesRouter(ports))
  mountStats(router, ports)
  mountClock(router, ports)
  mountTenants(router, ports)
  mountVerify(router, ports)

  router.use('/elements', elementsRouter())

  mountPolicy(router, ports)
  mountDocument(router, ports, () => allOperations)

  router.use((_req, res) => {
    res.status(404).json({ error: 'no such resource' })
  })

  // The last handler: a bad body is the sender's fault, anything else ours, and neither says more than it must.
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error)
    if (error instanceof BadRequest) return res.status(error.status).json({ error: error.message, path: error.path })
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500
    if (status >= 500) return next(error)
    return res.status(status).json({ error: 'the body is not valid JSON, or too large' })
  })

  return router
}
