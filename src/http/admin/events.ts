// Live events for consoles that are open: which transactions, mails, cards and stubs are new or changed (SSE).
import { createChannel, createSession } from 'better-sse'
import type { Request, Response } from 'express'
import { summaryOf } from '../../acs/queries/summaries.ts'
import type { Batch } from '../../observe/live.ts'
import type { AdminPorts } from './ports.ts'

/** Consoles that may be open at once. */
const mostViewers = 32
/** A console that lets this much wait is cut; it comes back and loads what there is. */
const mostWaitingBytes = 1_000_000
const keepAliveMs = 15_000
const reconnectMs = 2_000

export function eventsHandler({ store, live, tenant, observer }: AdminPorts) {
  const channel = createChannel<object, { readonly res: Response }>()
  let stop: (() => void) | undefined

  const pass = (batch: Batch): void => {
    for (const session of channel.activeSessions) {
      if (session.state.res.writableLength > mostWaitingBytes) session.state.res.destroy()
    }
    if (batch.transactions.length > 0) {
      // Read now, so that a row is shown as it is, however often it has changed.
      const transactions = store.briefs(tenant, batch.transactions).map(summaryOf)
      channel.broadcast({ transactions, skipped: batch.skipped }, 'transactions')
    }
    if (batch.inbox.length > 0) channel.broadcast({ ids: batch.inbox }, 'inbox')
    if (batch.cards.length > 0) channel.broadcast({ ids: batch.cards }, 'cards')
    if (batch.stubs) channel.broadcast({}, 'stubs')
  }
  /** Called by a timer: what fails here would end the process, and nobody's payment depends on it. */
  const tell = (batch: Batch): void => {
    try {
      pass(batch)
    } catch (error) {
      observer.failed({ what: 'live events', error })
    }
  }
  const end = (): void => {
    for (const { state } of channel.activeSessions) state.res.end()
  }
  channel.on('session-registered', () => {
    stop ??= live.listen(tell, end)
  })
  channel.on('session-deregistered', () => {
    if (channel.sessionCount > 0) return
    stop?.()
    stop = undefined
  })

  return async (req: Request, res: Response): Promise<void> => {
    if (req.method === 'HEAD') {
      res.type('text/event-stream').end()
      return
    }
    if (channel.sessionCount >= mostViewers) {
      res.status(503).json({ error: 'too many consoles are open' })
      return
    }
    const session = await createSession(req, res, {
      keepAlive: keepAliveMs,
      retry: reconnectMs,
      headers: { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' }, // a proxy must pass events on at once
      state: { res },
    })
    if (session.isConnected) channel.register(session)
  }
}
