// What the other parties saw of a transaction, asked over HTTP, and one story made of all: each message once, in an order
// that no party would contradict. A peer that is not there, or keeps no log, is no error.
import { createHmac } from 'node:crypto'
import { z } from 'zod'

/** One observation of a message: who saw it, when, and how long it had taken to answer. */
interface Sighting {
  readonly by: string
  readonly at: number
  readonly durationMs?: number | undefined
}

/** A message as the console gets it; the ACS's own and those of peers alike. */
export interface StoryMessage {
  readonly id: number | string
  readonly at: number
  readonly link: string
  readonly messageType?: string | undefined
  readonly message?: unknown
  /** Why there was no answer. */
  readonly problem?: string | undefined
  readonly findings?: readonly unknown[] | undefined
  readonly httpStatus?: number | undefined
  readonly durationMs?: number | undefined
  readonly seen?: readonly Sighting[]
}

/** What one party saw, in its own order. */
export interface Witness {
  readonly party: string
  readonly messages: readonly StoryMessage[]
}

const parties = 'Requestor|3DSS|DS|ACS|browser'

const peerMessage = z.object({
  id: z.number().int(),
  at: z.number().int().nonnegative(),
  link: z.string().regex(new RegExp(`^(${parties})→(${parties})$`)),
  messageType: z.string().max(16).optional(),
  /** Absent where there was no answer. */
  message: z.unknown().optional(),
  problem: z.enum(['late', 'unreachable']).optional(),
  findings: z
    .array(z.object({ errorCode: z.string().max(8), element: z.string().max(2_048), rule: z.string().max(64) }))
    .max(200)
    .optional(),
  httpStatus: z.number().int().optional(),
  durationMs: z.number().nonnegative().optional(),
})

const peerAnswer = z.object({ messages: z.array(peerMessage).max(500) })

export interface Peer {
  /** As links name it. */
  readonly party: '3DSS' | 'DS'
  /** Its base address, without a slash at the end. */
  readonly url: string
}

export interface PeerOptions {
  readonly peers: readonly Peer[]
  readonly adminToken?: string | undefined
  readonly clock: { now(): number }
  readonly fetch?: typeof fetch
  readonly withinMs?: number
}

/**
 * What a peer is shown where there is an admin token: made of it, good for this party's message log and nothing else, so that
 * a peer that is not the operator's own learns nothing of the token.
 */
export const messageLogToken = (adminToken: string | undefined, party: Peer['party']): string | undefined =>
  adminToken === undefined
    ? undefined
    : createHmac('sha256', adminToken).update(`message log of ${party}`).digest('base64url')

export type PeerMessages = (threeDSServerTransID: string) => Promise<readonly Witness[]>

/** An answer longer than this is not read. */
const answerLimitBytes = 4_194_304

/** A peer that let us wait in vain is not asked again for this long. */
const sulkMs = 10_000

async function readAnswer(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > answerLimitBytes) throw new Error('answer too long')
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

export function createPeerMessages(options: PeerOptions): PeerMessages {
  const { peers, adminToken, clock, withinMs = 2_000 } = options
  const call = options.fetch ?? fetch
  const silentUntil = new Map<string, number>()

  async function ask({ party, url }: Peer, threeDSServerTransID: string): Promise<Witness> {
    const nothing: Witness = { party, messages: [] }
    if ((silentUntil.get(url) ?? 0) > clock.now()) return nothing
    const signal = AbortSignal.timeout(withinMs)
    const token = messageLogToken(adminToken, party)
    try {
      const response = await call(`${url}/transactions/${encodeURIComponent(threeDSServerTransID)}/messages`, {
        headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        redirect: 'manual',
        signal,
      })
      if (response.status !== 200) {
        await response.body?.cancel()
        return nothing
      }
      const { messages } = peerAnswer.parse(await readAnswer(response))
      return { party, messages: messages.map((message) => ({ ...message, id: `${party}-${message.id}` })) }
    } catch {
      if (signal.aborted) silentUntil.set(url, clock.now() + sulkMs)
      return nothing
    }
  }

  return (threeDSServerTransID) => Promise.all(peers.map((peer) => ask(peer, threeDSServerTransID)))
}

/** The same for equal JSON, whatever the order of its members. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  ) ?? ''

const senderOf = (link: string): string => link.slice(0, link.indexOf('→'))

interface Node {
  message: StoryMessage
  /** Nodes that some party saw before this one. */
  readonly after: Set<Node>
  sightings: readonly Sighting[]
}

const findingsOf = (one: StoryMessage, other: StoryMessage): readonly unknown[] | undefined => {
  const all = [...(one.findings ?? []), ...(other.findings ?? [])]
  if (all.length === 0) return undefined
  return [...new Map(all.map((finding) => [canonical(finding), finding])).values()]
}

/** Both ends of an arrow: the sender's words, with what the receiver found. */
function joined(own: StoryMessage, theirs: StoryMessage, isSenders: boolean): StoryMessage {
  const [sent, received] = isSenders ? [theirs, own] : [own, theirs]
  const findings = findingsOf(sent, received)
  const said = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined))
  return { ...received, ...said, ...(findings !== undefined && { findings }) }
}

/**
 * One list of what all witnesses saw. A message that two of them saw is one entry; the n-th of several equal ones is the
 * n-th of the other party too. The order keeps that of every witness, and where nobody knows better the time's: clocks of
 * different machines need not agree.
 */
export function mergeMessages(witnesses: readonly Witness[]): readonly StoryMessage[] {
  const nodes: Node[] = []
  const known = new Map<string, Node>()
  for (const { party, messages } of witnesses) {
    const counts = new Map<string, number>()
    let before: Node | undefined
    for (const message of messages) {
      // By what was said, not by what it was taken for: an Erro may have come in the place of an RRes.
      const key = `${message.link} ${canonical(message.message)}`
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      const sighting = { by: party, at: message.at, durationMs: message.durationMs }
      let node = known.get(`${count} ${key}`)
      if (node === undefined) {
        node = { message, after: new Set(), sightings: [sighting] }
        nodes.push(node)
        known.set(`${count} ${key}`, node)
      } else {
        node.message = joined(node.message, message, senderOf(message.link) === party)
        node.sightings = [...node.sightings, sighting]
      }
      if (before !== undefined && before !== node) node.after.add(before)
      before = node
    }
  }
  return inOrder(nodes).map(({ message, sightings }) => ({
    ...message,
    seen: sightings.toSorted(
      (one, other) => Number(other.by === senderOf(message.link)) - Number(one.by === senderOf(message.link)),
    ),
  }))
}

/** Earliest first among those that nothing unsaid precedes; should witnesses contradict each other, time decides. */
function inOrder(nodes: readonly Node[]): readonly Node[] {
  const waiting = nodes.toSorted((one, other) => one.message.at - other.message.at)
  const said = new Set<Node>()
  const isFree = ({ after }: Node): boolean => [...after].every((node) => said.has(node))
  while (waiting.length > 0) {
    const [next] = waiting.splice(Math.max(0, waiting.findIndex(isFree)), 1)
    if (next !== undefined) said.add(next)
  }
  return [...said]
}
