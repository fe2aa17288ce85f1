// The client of a running Sekisho: every operation of its admin API, and what tests need most in fewer words.
import { type Api, createApi } from './api.ts'
import { type CardholderOf, cardholderOf } from './cardholder.ts'
import { type ClientOptions, createAsk, tenantUrl } from './http.ts'
import { createMoves, type Moves } from './moves.ts'
import { type Paid, type Payment, pay } from './pay.ts'

export type { Api, OperationId } from './api.ts'
export type { CardholderAction, CardholderOf, ChallengeState, Entry, Opening } from './cardholder.ts'
export type * from './generated.ts'
export { type ClientOptions, SekishoError } from './http.ts'
export type {
  ClockState,
  Duration,
  Expectation,
  Moves,
  ScenarioProblem,
  StubMatch,
  StubOptions,
} from './moves.ts'
export { UnmetExpectation } from './moves.ts'
export type { Cardholder, Paid, Payment, PaymentState } from './pay.ts'
export { challengedCard, usualPurchase } from './purchase.ts'

export interface Client extends Moves {
  /** Address of the API, such as http://localhost:9440/t/mine/api/v1. */
  readonly url: string
  readonly tenantName: string
  /** A method for each operation: `client.api.getStats({ query: { scheme: 'visa' } })`. */
  readonly api: Api
  /** A whole payment without a browser. */
  pay(payment?: Payment): Promise<Paid>
  /** The cardholder of a challenge: `await client.cardholder(acsTransID).submit()`. */
  cardholder(acsTransID: string): CardholderOf
  /** The same Sekisho for another tenant. */
  tenant(name: string, token?: string): Client
}

export function createClient(options: ClientOptions = {}): Client {
  const { baseUrl = 'http://localhost:9440', tenant } = options
  const url = `${tenantUrl(baseUrl, tenant)}/api/v1`
  const api = createApi(createAsk(url, options))
  const moves = createMoves(api)
  const about = once(() => api.getAbout())
  return {
    url,
    tenantName: tenant ?? 'default',
    api,
    ...moves,
    pay: (payment = {}) =>
      pay(payment, {
        fetch: options.fetch ?? globalThis.fetch,
        threeDSServer: async () => (await about()).urls.threeDSServer,
        code: (acsTransID) => moves.inbox.code(acsTransID),
        drive: (acsTransID, body) => api.driveChallenge({ params: { acsTransID }, body }),
      }),
    cardholder: (acsTransID) => cardholderOf(api, acsTransID),
    tenant: (name, token = options.token) => createClient({ ...options, tenant: name, token }),
  }
}

/** Asked when it is needed, and kept when it was answered. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined
  return () => {
    kept ??= work().catch((error: unknown) => {
      kept = undefined
      throw error
    })
    return kept
  }
}
