// The shop's calls to its 3DS Server.
import type { z } from 'zod'
import type { PassedOn } from '../../web/passed-on.ts'
import type { Fetch } from '../ports.ts'
import type { authenticationRequest } from '../threeds-server/api.ts'
import {
  type TransactionStatus,
  transactionStatus,
  type VersioningAnswer,
  versioningAnswer,
} from '../threeds-server/api.ts'

/** The 3DS Server cannot be reached or refuses the call; the message names no value of it. */
export class ThreeDSServerFailure extends Error {}

export interface ThreeDSServerClient {
  /** `messageVersion`: none for the newest that everybody has. */
  versioning(acctNumber: string, messageVersion: string | undefined): Promise<VersioningAnswer>
  authenticate(request: z.input<typeof authenticationRequest>, passedOn?: PassedOn): Promise<TransactionStatus>
  status(threeDSServerTransID: string): Promise<TransactionStatus>
  giveUp(threeDSServerTransID: string, isCreqSent: boolean): Promise<TransactionStatus>
}

export function createClient(fetch: Fetch, baseUrl: string, withinMs: number): ThreeDSServerClient {
  async function call<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: object,
    passedOn?: PassedOn,
  ): Promise<z.output<Schema>> {
    let answer: { readonly status: number; readonly text: string }
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        ...(body !== undefined && {
          method: 'POST',
          headers: { ...passedOn, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
        redirect: 'manual',
        signal: AbortSignal.timeout(withinMs),
      })
      answer = { status: response.status, text: await response.text() }
    } catch {
      throw new ThreeDSServerFailure('the 3DS Server cannot be reached')
    }
    if (answer.status !== 200) throw new ThreeDSServerFailure(`the 3DS Server answered with HTTP ${answer.status}`)
    return schema.parse(JSON.parse(answer.text))
  }
  const transaction = (id: string): string => `/transactions/${encodeURIComponent(id)}`
  return {
    versioning: (acctNumber, messageVersion) =>
      call('/versioning', versioningAnswer, { acctNumber, ...(messageVersion !== undefined && { messageVersion }) }),
    authenticate: (request, passedOn) => call('/authenticate', transactionStatus, request, passedOn),
    status: (id) => call(transaction(id), transactionStatus),
    giveUp: (id, isCreqSent) => call(`${transaction(id)}/give-up`, transactionStatus, { isCreqSent }),
  }
}
