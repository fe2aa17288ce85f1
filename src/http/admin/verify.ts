// Assertions: waits until a journal is as expected, or cannot be any more, and says what is different.
import type { Router } from 'express'
import { z } from 'zod'
import { type Entry, entryOf, entrySchema, isOfAcs, isOwnWord } from '../../journal/entry.ts'
import type { MessageMatch } from '../../journal/filter.ts'
import { saidOrder, storyOf } from '../../journal/order.ts'
import { type Expectation, expectation, expectedText, type Judgement, judge } from '../../journal/verify.ts'
import { entriesAbout, entryOfPeer, ownEntriesAbout, peerPage } from './journal-source.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest } from './request.ts'

/** Rows that one request looks through where it names no transaction. */
const mostSearched = 20_000
/** At most so often a growing journal is looked at again, and peers are asked. */
const pauseMs = 20
const peersEveryMs = 250
const mostShown = 50

const verdict = z.strictObject({
  ok: z.boolean(),
  expected: z.string().describe('in words'),
  count: z.int().min(0).describe('how many messages fit'),
  found: z.array(entrySchema).describe('the first 50 of them'),
  difference: z.string().optional().describe('what was expected, what came nearest, and where it differs'),
  waitedMs: z.int().min(0),
})

const verifyJournal = operation({
  id: 'verifyJournal',
  method: 'post',
  path: '/verify',
  tag: 'Journal',
  summary: 'Assert that messages were exchanged, or were not',
  description:
    'Waits as long as `within` says, and no longer than needed. Without a link only what the ACS sent or received is counted, so that a message that is relayed is one.',
  query: z.strictObject({
    fail: z.enum(['true', 'false']).optional().describe('true: 409 where it is not so, for curl -f'),
  }),
  body: expectation,
  answers: {
    200: { description: 'whether it is so', schema: verdict },
    409: { description: 'it is not so, and `fail=true` was asked for', schema: verdict },
  },
})

export const verifyOperations = [verifyJournal] as const

const idsOf = ({ acsTransID, threeDSServerTransID, dsTransID }: MessageMatch) =>
  Object.fromEntries(
    Object.entries({ acsTransID, threeDSServerTransID, dsTransID }).filter(([, id]) => id !== undefined),
  )

/** Reads what there is, again and again; what was read of the whole journal is kept. */
function createReader(ports: AdminPorts, matches: readonly MessageMatch[]) {
  const { store, tenant, peerMessages } = ports
  const asksPeers = matches.some(({ link }) => link !== undefined && !isOfAcs({ link }))
  const [ids = {}] = matches.map(idsOf)
  const isOfOne = Object.keys(ids).length > 0 && matches.every((match) => Object.keys(idsOf(match)).length > 0)
  const own: Entry[] = []
  /** What the peers wrote down: all of it says in which order things were said. */
  const others: Entry[] = []
  const after = { acs: Math.max(0, store.lastJournalId() - mostSearched), peers: {} as Record<string, number> }
  return {
    asksPeers,
    async read(): Promise<readonly Entry[]> {
      if (isOfOne) {
        const entries = asksPeers ? await entriesAbout(ports, ids) : ownEntriesAbout(ports, ids)
        return storyOf(entries)
      }
      await store.scanJournal({ tenant, after: after.acs, most: mostSearched }, (record) => {
        after.acs = record.id
        own.push(entryOf(record))
        return true
      })
      if (asksPeers && peerMessages !== undefined) {
        for (const party of peerMessages.parties) {
          for (let isMore = true; isMore && others.length < mostSearched; ) {
            const messages = await peerPage(peerMessages, party, { after: after.peers[party] ?? 0 })
            isMore = messages.length > 0
            after.peers[party] = messages.at(-1)?.id ?? after.peers[party] ?? 0
            others.push(...messages.map((message) => entryOfPeer(party, message)))
          }
        }
      }
      const entries = [...own, ...others.filter(isOwnWord)]
      return entries.toSorted(saidOrder(entries, [...own, ...others]))
    },
  }
}

/** Whether no RReq of the transaction can follow any more: all that was to be done is done. */
async function isOver({ store, tenant }: AdminPorts, match: MessageMatch | undefined): Promise<boolean> {
  if (match === undefined || (match.messageType !== 'RReq' && match.messageType !== 'RRes')) return false
  if (match.link !== undefined && !isOfAcs({ link: match.link })) return false
  const ids = idsOf(match)
  if (Object.keys(ids).length === 0) return false
  const [transaction] = await store.transactions({ tenant, ...ids, limit: 1 })
  if (transaction === undefined || transaction.delivery === 'pending') return false
  const [row, effects] = await Promise.all([
    store.challengeRow(tenant, transaction.acsTransID),
    store.effectsOf(transaction.id),
  ])
  return (row === undefined || row.challenge.phase === 'ended') && effects.every(({ done }) => done)
}

/** Resolves at the next entry, and at the latest after `ms`, or when who asked went away. */
function nextEntry({ store }: AdminPorts, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let stop = (): void => {}
    const done = (): void => {
      stop()
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    stop = store.onJournal(() => setTimeout(done, Math.min(pauseMs, ms)))
    signal.addEventListener('abort', done)
  })
}

export async function verify(
  ports: AdminPorts,
  expected: Expectation,
  signal: AbortSignal,
): Promise<Judgement & { waitedMs: number }> {
  const { match, order = [], within = 0 } = expected
  const reader = createReader(ports, match === undefined ? order : [match])
  const from = performance.now()
  for (;;) {
    // Asked before the journal is read: what is over by now has left all its entries there.
    const wasOver = await isOver(ports, match)
    const judgement = judge(await reader.read(), expected)
    const waited = performance.now() - from
    const left = within - waited
    if (judgement.isDecided || wasOver || left <= 0 || signal.aborted)
      return { ...judgement, waitedMs: Math.round(waited) }
    await nextEntry(ports, Math.max(1, Math.min(left, reader.asksPeers ? peersEveryMs : left)), signal)
    if (signal.aborted) return { ...judgement, waitedMs: Math.round(performance.now() - from) }
  }
}

export function mountVerify(router: Router, ports: AdminPorts): void {
  mount(router, '', verifyJournal, async ({ query, body }, _req, res) => {
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    const takeBack = ports.live.onMail(
      () => {},
      () => gone.abort(),
    )
    const { ok, isDecided, found, difference, waitedMs } = await verify(ports, body, gone.signal).finally(takeBack)
    if (res.destroyed) return
    // What might still have come nobody will know.
    if (gone.signal.aborted && !isDecided)
      throw new BadRequest(503, 'within', 'Sekisho stopped, or the tenant was dropped, before the time was over')
    res.status(!ok && query.fail === 'true' ? 409 : 200).json({
      ok,
      expected: expectedText(body),
      count: found.length,
      found: found.slice(0, mostShown),
      ...(!ok && { difference }),
      waitedMs,
    })
  })
}
