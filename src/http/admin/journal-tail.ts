// The journal as it grows (SSE): one event per message, each with a position to go on from after a break.
import { createSession, type Session } from 'better-sse'
import type { Request, Response } from 'express'
import { type Entry, entryOf, isOfAcs, isOwnWord } from '../../journal/entry.ts'
import { type Filter, matcherOf } from '../../journal/filter.ts'
import { entryOfPeer, type Position, peerPage, positionText, readPosition, search } from './journal-source.ts'
import type { AdminPorts } from './ports.ts'

/** Tails that may be open at once. */
const mostTails = 64
/** Who lets this much wait is cut; he comes back and goes on where he was. */
const mostWaitingBytes = 4_000_000
const keepAliveMs = 15_000
const reconnectMs = 1_000
/** Rows between two looks at the connection. */
const rowsAtOnce = 2_000
/** How often the other parties are asked while a tail is open. */
const peersEveryMs = 500

export interface TailOptions {
  readonly filter: Filter
  /** How many of the newest entries come first. */
  readonly last: number
}

export type Tail = (req: Request, res: Response, options: TailOptions) => Promise<void>

/** `position` or nothing, from Last-Event-ID. */
const resumed = (req: Request): Position | undefined => {
  const id = req.get('last-event-id')
  return id !== undefined && /^[0-9]+(?:\.[0-9]+){2}$/.test(id) ? readPosition(id) : undefined
}

async function endOf(ports: AdminPorts): Promise<Position> {
  const { store, peerMessages } = ports
  const peers: Record<string, number> = {}
  for (const party of peerMessages?.parties ?? []) {
    const [newest] = (await peerMessages?.page(party, { limit: 1 })) ?? []
    peers[party] = newest?.id ?? 0
  }
  return { acs: store.lastJournalId(), peers }
}

export function createTail(ports: AdminPorts): Tail {
  const { store, tenant, live, peerMessages, observer } = ports
  const open = new Set<Response>()

  /** Pushes what is new; `at` is moved along. */
  async function pushAcs(
    session: Session,
    at: { acs: number; peers: Record<string, number> },
    isWanted: Matcher,
    isFull: () => boolean,
  ) {
    for (let isMore = true; isMore && session.isConnected && !isFull(); ) {
      const from = at.acs
      await store.scanJournal({ tenant, after: from, most: rowsAtOnce }, (record) => {
        at.acs = record.id
        const entry = entryOf(record)
        if (isWanted(entry)) session.push(entry, 'message', positionText(at))
        return !isFull()
      })
      isMore = at.acs - from >= rowsAtOnce
    }
  }

  async function pushPeers(session: Session, at: { acs: number; peers: Record<string, number> }, isWanted: Matcher) {
    for (const party of peerMessages?.parties ?? []) {
      for (let isMore = true; isMore && session.isConnected && peerMessages !== undefined; ) {
        const messages = await peerPage(peerMessages, party, { after: at.peers[party] ?? 0 })
        isMore = messages.length > 0
        for (const message of messages) {
          at.peers[party] = message.id
          const entry = entryOfPeer(party, message)
          if (isOwnWord(entry) && isWanted(entry)) session.push(entry, 'message', positionText(at))
        }
      }
    }
  }

  return async (req, res, { filter, last }) => {
    if (open.size >= mostTails) {
      res.status(503).json({ error: 'too many tails are open' })
      return
    }
    open.add(res)
    const stops: (() => void)[] = [() => open.delete(res)]
    res.once('close', () => {
      for (const stop of stops.splice(0)) stop()
    })
    const isWanted = matcherOf(filter)
    const known = resumed(req)
    const from = known ?? (await endOf(ports))
    const at = {
      acs: from.acs ?? 0,
      peers: Object.fromEntries(Object.entries(from.peers).map(([party, id]) => [party, id ?? 0])),
    }
    const session = await createSession(req, res, {
      keepAlive: keepAliveMs,
      retry: reconnectMs,
      headers: { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
    })
    if (!session.isConnected) return
    if (known === undefined && last > 0) {
      const { entries } = await search(ports, filter, { limit: last, before: undefined })
      for (const entry of entries.toReversed()) session.push(entry, 'message', positionText(at))
    }
    session.push({ position: positionText(at) }, 'ready', positionText(at))
    /** Who does not read holds no journal in our memory. */
    const isFull = (): boolean => res.writableLength > mostWaitingBytes
    let isBusy = false
    let isWoken = false
    const pump = async (withPeers: boolean): Promise<void> => {
      if (isBusy) {
        isWoken = true
        return
      }
      isBusy = true
      try {
        do {
          isWoken = false
          await pushAcs(session, at, isWanted, isFull)
          if (withPeers && !isFull()) await pushPeers(session, at, isWanted)
          if (isFull()) res.destroy()
        } while (isWoken && session.isConnected)
      } catch (error) {
        observer.failed({ what: 'journal tail', error })
        res.destroy()
      } finally {
        isBusy = false
      }
    }
    const wake = (): void => void pump(false)
    stops.push(
      store.onJournal(wake),
      live.listen(
        () => {},
        () => res.end(),
      ),
    )
    if ((peerMessages?.parties.length ?? 0) > 0 && (filter.link === undefined || !isOfAcs({ link: filter.link }))) {
      const timer = setInterval(() => void pump(true), peersEveryMs)
      stops.push(() => clearInterval(timer))
    }
    wake()
  }
}

type Matcher = (entry: Entry) => boolean
