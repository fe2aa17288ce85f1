// The admin API: its resources under one door.
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { rangeOf, scenarioFor } from '../../acs/issuer.ts'
import type { Card } from '../../acs/ports.ts'
import { cardStateOf, isLocked } from '../../acs/register.ts'
import { maskPan } from '../../protocol/mask.ts'
import { checkAnswers } from './answers.ts'
import { authenticationValuesRouter } from './authentication-values.ts'
import { cardsRouter } from './cards.ts'
import { mountDocument } from './docs.ts'
import { elementsRouter } from './elements.ts'
import { eventsHandler } from './events.ts'
import { inboxRouter } from './inbox.ts'
import { lintRouter } from './lint.ts'
import { allOperations } from './operations.ts'
import type { AdminPorts } from './ports.ts'
import { acctNumber as acctNumberSchema, BadRequest, parse } from './request.ts'
import { mountPolicy } from './shown-policy.ts'
import { mountStats } from './stats.ts'
import { stubsRouter } from './stubs.ts'
import { transactionsRouter } from './transactions.ts'

/** What the register says of a card before anybody decides. */
const stateOf = (card: Card | undefined, at: number) => ({
  isRegistered: card?.isRegistered ?? false,
  state: card === undefined ? 'active' : cardStateOf(card, at, false).status,
  locked: card !== undefined && isLocked(card, at),
})

export function adminRouter(ports: AdminPorts): Router {
  const { store, secrets, tenant, issuer, clock } = ports
  const router = Router()
  router.use((_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    next()
  })
  if (ports.checksAnswers === true) router.use(checkAnswers)
  router.use('/lint', lintRouter()) // before the limit: recordings are longer than what the others are sent
  router.use(express.json({ limit: '64kb' }))

  router.use('/transactions', transactionsRouter(ports))
  router.use('/inbox', inboxRouter(ports))
  router.get('/events', eventsHandler(ports))
  router.use('/cards', cardsRouter(ports))
  router.use('/stubs', stubsRouter(ports))
  router.use('/authentication-values', authenticationValuesRouter(ports))
  mountStats(router, ports)

  router.use('/elements', elementsRouter())

  router.get('/scenarios', (_req, res) => {
    res.json({ ranges: issuer.ranges, scenarios: issuer.scenarios, cards: issuer.try })
  })

  // Which row would this card hit? By number, in the body, and nothing is kept of it.
  router.post('/scenarios/match', async (req, res) => {
    const { acctNumber } = parse(z.strictObject({ acctNumber: acctNumberSchema }), req.body)
    const range = rangeOf(issuer.ranges, acctNumber)
    const id = secrets.panHash(acctNumber)
    const card = await store.card(tenant, id)
    const row = range?.mode === 'scripted' ? scenarioFor(issuer.scenarios, acctNumber) : undefined
    res.json({
      panMask: maskPan(acctNumber),
      range: range ?? null,
      scenario: row ?? null,
      card: range === undefined ? null : { id, ...stateOf(card, clock.now()) },
    })
  })

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
