// What is known of a tenant's messages: the ACS's own journal, and the logs of DS and 3DS Server where they are near.
import type { JournalRecord, Store, TransactionIds } from '../../acs/ports.ts'
import { type Entry, entryOf, isOfAcs, isOwnWord } from '../../journal/entry.ts'
import { type Filter, matcherOf } from '../../journal/filter.ts'
import type { Witness } from '../../journal/merge.ts'
import { saidOrder, storyOf } from '../../journal/order.ts'
import type { PeerMessage, PeerMessages } from './peer-messages.ts'

interface SourcePorts {
  readonly store: Store
  readonly tenant: number
  readonly peerMessages?: PeerMessages | undefined
}

/** Messages of one transaction, at most; nobody's purchase has as many. */
const mostOfTransaction = 2_000
/** Rows that one request looks through, of the ACS and of each peer. */
const mostSearched = 20_000
const peerPages = 5
/** A page of a peer's log, and what is asked for where that was too long to be read. */
const peerPageSize = 200
const peerPageSizeOfLong = 50

export const entryOfPeer = (by: string, { id, findings, ...message }: PeerMessage): Entry => ({
  ...message,
  id: `${by}-${id}`,
  by,
  ...(findings !== undefined && { findings }),
})

export const entriesOfWitness = ({ party, messages }: Witness): readonly Entry[] =>
  messages.map((message) => ({ ...(message as Omit<Entry, 'by'>), by: party }))

/** Which of its logs a transaction's messages may be in. */
const hasIds = ({ acsTransID, threeDSServerTransID, dsTransID }: TransactionIds): boolean =>
  acsTransID !== undefined || threeDSServerTransID !== undefined || dsTransID !== undefined

/** What the ACS wrote down of one transaction: also what came before there was one, or was refused, and names its ids. */
export function ownEntriesAbout({ store, tenant }: SourcePorts, ids: TransactionIds): readonly Entry[] {
  const records = store.journalAbout(tenant, ids, mostOfTransaction)
  const threeDSServerTransID = records.find((record) => record.acsTransID !== undefined)?.threeDSServerTransID
  const all =
    threeDSServerTransID === undefined || ids.threeDSServerTransID !== undefined
      ? records
      : store.journalAbout(tenant, { threeDSServerTransID }, mostOfTransaction)
  return all.map(entryOf)
}

/** What all parties wrote down of one transaction. */
export async function entriesAbout(ports: SourcePorts, ids: TransactionIds): Promise<readonly Entry[]> {
  const own = ownEntriesAbout(ports, ids)
  const threeDSServerTransID =
    ids.threeDSServerTransID ?? own.find((entry) => entry.threeDSServerTransID !== undefined)?.threeDSServerTransID
  if (threeDSServerTransID === undefined) return own
  const peers = (await ports.peerMessages?.(threeDSServerTransID)) ?? []
  return [...own, ...peers.flatMap(entriesOfWitness).map((entry) => ({ ...entry, threeDSServerTransID }))]
}

/** The position in each log: rows of the ACS, and the messages of the peers. */
export interface Position {
  readonly acs?: number | undefined
  readonly peers: Readonly<Record<string, number | undefined>>
}

const partyNames = ['3DSS', 'DS'] as const

/** `12.7.9`, as the answer to a search names it. */
export const positionText = ({ acs, peers }: Position): string =>
  [acs, ...partyNames.map((party) => peers[party])].map((id) => id ?? 0).join('.')

export function readPosition(text: string): Position {
  const [acs, ...others] = text.split('.').map(Number)
  return { acs, peers: Object.fromEntries(partyNames.map((party, place) => [party, others[place]])) }
}

export interface Found {
  /** Newest first. */
  readonly entries: readonly Entry[]
  /** Where to go on; undefined: there is no more. */
  readonly next?: string | undefined
  readonly searched: number
}

/** Entries of each party that are looked at to put a page in order. */
const mostAround = 1_000

interface Source {
  /** Newest first. */
  readonly entries: readonly { readonly entry: Entry; readonly position: number }[]
  /** What was looked at, as far as it may help to put the others in order. */
  readonly around: readonly Entry[]
  /** Everything below was not looked at; 0: there is nothing below. */
  readonly floor: number
  readonly searched: number
}

const nothingFound: Source = { entries: [], around: [], floor: 0, searched: 0 }

async function searchAcs(
  { store, tenant }: SourcePorts,
  isWanted: (entry: Entry) => boolean,
  { before, from, limit }: { before?: number | undefined; from?: number | undefined; limit: number },
): Promise<Source> {
  if (before === 0) return nothingFound
  const entries: { entry: Entry; position: number }[] = []
  const around: Entry[] = []
  let isPastEnd = false
  const { searched, next = 0 } = await store.scanJournal({ tenant, before, most: mostSearched }, (record) => {
    isPastEnd = isPast(record, from)
    const entry = entryOf(record)
    if (around.length < mostAround) around.push(entry)
    if (!isPastEnd && isWanted(entry)) entries.push({ entry, position: record.id })
    return !isPastEnd && entries.length < limit
  })
  return { entries, around: around.reverse(), floor: isPastEnd ? 0 : next, searched }
}

/** An RReq is written down when its answer is there, so rows a little older than `from` do not end a search. */
const slackMs = 60_000
const isPast = ({ at }: Pick<JournalRecord, 'at'>, from: number | undefined): boolean =>
  from !== undefined && at < from - slackMs

/** A page of a peer's log; a shorter one where that is too long. */
export async function peerPage(
  peers: PeerMessages,
  party: PeerMessages['parties'][number],
  where: { readonly after?: number | undefined; readonly before?: number | undefined },
): Promise<readonly PeerMessage[]> {
  const page = await peers.page(party, { ...where, limit: peerPageSize })
  return page ?? (await peers.page(party, { ...where, limit: peerPageSizeOfLong })) ?? []
}

async function searchPeer(
  peers: PeerMessages,
  party: PeerMessages['parties'][number],
  isWanted: (entry: Entry) => boolean,
  { before, from, limit }: { before?: number | undefined; from?: number | undefined; limit: number },
): Promise<Source> {
  const entries: { entry: Entry; position: number }[] = []
  const around: Entry[] = []
  const found = (floor: number): Source => ({ entries, around: around.toReversed(), floor, searched })
  let searched = 0
  let below = before
  for (let page = 0; page < peerPages && below !== 0; page += 1) {
    const messages = await peerPage(peers, party, { before: below })
    if (messages.length === 0) return found(0)
    for (const message of messages) {
      searched += 1
      below = message.id
      if (isPast(message, from)) return found(0)
      const entry = entryOfPeer(party, message)
      if (around.length < mostAround) around.push(entry)
      if (isWanted(entry)) entries.push({ entry, position: message.id })
      if (entries.length >= limit) return found(below)
    }
  }
  return found(below ?? 0)
}

/** Whether the messages of the other parties can be among those wanted. */
const asksPeers = ({ link }: Filter): boolean => link === undefined || !isOfAcs({ link }) || link.includes('DS')

/**
 * Searches the journal, newest first. With an id of a transaction: its whole story as all parties saw it. Otherwise row by
 * row, and of the peers only what nobody else tells; a bounded number of rows in any case.
 */
export async function search(
  ports: SourcePorts,
  filter: Filter,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<Found> {
  const matches = matcherOf(filter)
  if (hasIds(filter)) {
    const { acsTransID, threeDSServerTransID, dsTransID } = filter
    const story = storyOf(await entriesAbout(ports, { acsTransID, threeDSServerTransID, dsTransID }))
    const found = story.filter(matches).toReversed()
    const from = Number(before ?? 0)
    const next = from + limit < found.length ? String(from + limit) : undefined
    return { entries: found.slice(from, from + limit), next, searched: story.length }
  }
  const position: Position = before === undefined ? { peers: {} } : readPosition(before)
  const { peerMessages } = ports
  const isPeerWanted = (entry: Entry): boolean => isOwnWord(entry) && matches(entry)
  const sources = await Promise.all([
    searchAcs(ports, matches, { before: position.acs, from: filter.from, limit }),
    ...partyNames.map((party) =>
      peerMessages?.parties.includes(party) && asksPeers(filter)
        ? searchPeer(peerMessages, party, isPeerWanted, { before: position.peers[party], from: filter.from, limit })
        : nothingFound,
    ),
  ])
  const order = saidOrder(
    sources.flatMap(({ entries }) => entries.map(({ entry }) => entry)),
    sources.flatMap(({ around }) => around),
  )
  const { taken, floors } = newestOf(sources, limit, order)
  const [acs = 0, ...others] = floors
  return {
    entries: taken.toReversed().toSorted(order).toReversed(),
    ...(floors.some((floor) => floor > 0) && {
      next: positionText({ acs, peers: Object.fromEntries(partyNames.map((party, place) => [party, others[place]])) }),
    }),
    searched: sources.reduce((sum, source) => sum + source.searched, 0),
  }
}

/** The newest of all sources, each in its own order; and where to go on in each. */
function newestOf(
  sources: readonly Source[],
  limit: number,
  order: (one: Entry, other: Entry) => number,
): { readonly taken: readonly Entry[]; readonly floors: readonly number[] } {
  const taken: Entry[] = []
  const places = sources.map(() => 0)
  const floors = sources.map(({ entries, floor }) => (entries.length === 0 ? floor : undefined))
  while (taken.length < limit) {
    let best: number | undefined
    for (const [index, { entries }] of sources.entries()) {
      const head = entries[places[index] ?? 0]
      const rival = best === undefined ? undefined : sources[best]?.entries[places[best] ?? 0]
      if (head !== undefined && (rival === undefined || order(head.entry, rival.entry) > 0)) best = index
    }
    if (best === undefined) break
    const source = sources[best]
    const place = places[best] ?? 0
    const head = source?.entries[place]
    if (source === undefined || head === undefined) break
    taken.push(head.entry)
    places[best] = place + 1
    floors[best] = place + 1 === source.entries.length ? source.floor : head.position
  }
  // Of a log of which nothing was taken everything is still to come.
  return {
    taken,
    floors: sources.map(
      ({ entries }, index) => floors[index] ?? (entries[0] === undefined ? 0 : entries[0].position + 1),
    ),
  }
}

/** Entries of all parties, each party's in its own order; undefined: there are more than `most`. */
export async function allEntries(ports: SourcePorts, most: number): Promise<readonly Entry[] | undefined> {
  const { store, tenant, peerMessages } = ports
  const entries: Entry[] = []
  const { next } = await store.scanJournal({ tenant, after: 0, most: most + 1 }, (record) => {
    entries.push(entryOf(record))
    return entries.length <= most
  })
  if (next !== undefined || entries.length > most) return undefined
  for (const party of peerMessages?.parties ?? []) {
    for (let after = 0; peerMessages !== undefined; ) {
      const messages = await peerPage(peerMessages, party, { after })
      const last = messages.at(-1)
      if (last === undefined) break
      after = last.id
      for (const message of messages) entries.push(entryOfPeer(party, message))
      if (entries.length > most) return undefined
    }
  }
  return entries
}
