// What the other parties saw of a transaction, or of all, asked over HTTP. A peer that is not there, or keeps no log, is no error.
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Witness } from '../../journal/merge.ts'

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
  fault: z.string().max(300).optional(),
  sent: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Where messages of all transactions were asked for. */
  threeDSServerTransID: z.string().max(64).optional(),
})
export type PeerMessage = z.output<typeof peerMessage>

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

/** Where to go on in each party's log; a party that is not named is asked from the end, or the beginning. */
export interface PeerPage {
  readonly after?: number | undefined
  readonly before?: number | undefined
  readonly limit: number
}

export interface PeerMessages {
  /** Of one transaction. */
  (threeDSServerTransID: string): Promise<readonly Witness[]>
  readonly parties: readonly Peer['party'][]
  /** Of all: after an id oldest first, otherwise newest first. Undefined: it does not tell. */
  page(party: Peer['party'], page: PeerPage): Promise<readonly PeerMessage[] | undefined>
}

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

  /** Undefined: it does not tell. */
  async function get({ party, url }: Peer, path: string): Promise<readonly PeerMessage[] | undefined> {
    if ((silentUntil.get(url) ?? 0) > clock.now()) return undefined
    const signal = AbortSignal.timeout(withinMs)
    const token = messageLogToken(adminToken, party)
    try {
      const response = await call(`${url}${path}`, {
        headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        redirect: 'manual',
        signal,
      })
      if (response.status !== 200) {
        await response.body?.cancel()
        return undefined
      }
      return peerAnswer.parse(await readAnswer(response)).messages
    } catch {
      if (signal.aborted) silentUntil.set(url, clock.now() + sulkMs)
      return undefined
    }
  }

  async function ask(peer: Peer, threeDSServerTransID: string): Promise<Witness> {
    const messages = (await get(peer, `/transactions/${encodeURIComponent(threeDSServerTransID)}/messages`)) ?? []
    return {
      party: peer.party,
      messages: messages.map((message) => ({ ...message, id: `${peer.party}-${message.id}` })),
    }
  }

  const ofOne = (threeDSServerTransID: string) => Promise.all(peers.map((peer) => ask(peer, threeDSServerTransID)))
  return Object.assign(ofOne, {
    parties: peers.map(({ party }) => party),
    async page(party: Peer['party'], { after, before, limit }: PeerPage) {
      const peer = peers.find((one) => one.party === party)
      const query = Object.entries({ after, before, limit }).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${value}`],
      )
      return peer === undefined ? undefined : get(peer, `/messages?${query.join('&')}`)
    },
  })
}
