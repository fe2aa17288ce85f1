// Live events for consoles that are open: which transactions, mails, cards and stubs are new or changed (SSE).
import { createChannel, createSession } from 'better-sse'
import type { Response, Router } from 'express'
import { summaryOf } from '../../acs/queries/summaries.ts'
import type { Batch } from '../../observe/live.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'

/** Consoles that may be open at once. */
const mostViewers = 32
/** A console that lets this much wait is cut; it comes back and loads what there is. */
const mostWaitingBytes = 1_000_000
const keepAliveMs = 15_000
const reconnectMs = 2_000

const getEvents = operation({
  id: 'getEvents',
  method: 'get',
  path: '/events',
  tag: 'Transactions',
  summary: 'What is new or changed, as it happens (server-sent events)',
  description: '`transactions`, `inbox`, `cards`, `stubs`; at most four batches a second, at most 32 streams at once.',
  answers: {
    200: { description: 'events until the stream is closed', contentType: 'text/event-stream' },
    503: { description: 'too many streams are open' },
  },
})

export const eventsOperations = [getEvents] as const

export function mountEvents(router: Router, { store, live, tenant, observer }: AdminPorts): void {
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

  mount(router, '', getEvents, async (_given, req, res) => {
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
  })
}
