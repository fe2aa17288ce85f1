// What the service tells the issuer: opinions ahead of the AReq, and what became known later. Signed; lost calls are lost, since
// nothing that a shop sells may wait for them.

import { webhookHeaders } from '../../protocol/crypto/webhook-signature.ts'
import type { Assessment } from '../../risk/assessment.ts'
import type { Clock, Fetch, Log, Uuid } from '../ports.ts'
import type { Label } from './api.ts'
import { sourceOfService } from './judge.ts'

export interface Feedback {
  readonly id: string
  readonly kind: Label | 'review'
  readonly threeDSServerTransID: string
  /** Of a review. */
  readonly verdict?: 'OK' | 'NG' | 'HOLD'
  readonly note?: string | undefined
}

export interface IssuerLink {
  /** Whether the issuer took it. */
  tell(assessment: Assessment): Promise<boolean>
  feedback(feedback: Feedback): Promise<boolean>
}

const longestNote = 200

export interface IssuerOptions {
  /** Where its hook is, without a slash at the end; undefined: it has none. */
  readonly hookUrl: string | undefined
  readonly secret: string
  readonly fetch: Fetch
  readonly clock: Clock
  readonly uuid: Uuid
  readonly log: Log
  readonly withinMs?: number
}

export function createIssuerLink({
  hookUrl,
  secret,
  fetch,
  clock,
  uuid,
  log,
  withinMs = 2_000,
}: IssuerOptions): IssuerLink {
  async function post(path: string, message: object): Promise<boolean> {
    if (hookUrl === undefined) return false
    const body = JSON.stringify(message)
    try {
      const response = await fetch(`${hookUrl}${path}`, {
        method: 'POST',
        headers: {
          ...webhookHeaders(secret, `msg_${uuid()}`, clock(), body),
          'sekisho-source': sourceOfService,
          'content-type': 'application/json',
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(withinMs),
      })
      await response.body?.cancel()
      if (!response.ok) log.warn({ path, status: response.status }, 'screening: the issuer did not take it')
      return response.ok
    } catch {
      log.warn({ path }, 'screening: the issuer cannot be reached')
      return false
    }
  }
  /** As long as an issuer takes it; the whole of it stays here. */
  const told = ({ note, ...feedback }: Omit<Feedback, 'threeDSServerTransID'>) => ({
    ...feedback,
    ...(note !== undefined && note !== '' && { note: note.slice(0, longestNote).trim() }),
  })
  return {
    tell: (assessment) => post('/assessments', assessment),
    feedback: ({ threeDSServerTransID, ...feedback }) =>
      post('/feedback', { source: sourceOfService, ...told(feedback), about: { threeDSServerTransID } }),
  }
}
