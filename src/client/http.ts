// How the client asks: one request, its answer, and a problem that says what it is about. Only fetch: Node 20 and browsers.

/** A request that was refused, or could not be made. The message names operation, member and problem. */
export class SekishoError extends Error {
  override readonly name = 'SekishoError'
  /** HTTP status; 0: there was no answer. */
  readonly status: number
  /** The member that the problem is about, such as `match.acctNumber`. */
  readonly path: string
  /** What is wrong with it. */
  readonly problem: string
  constructor(what: string, status: number, path: string, problem: string, options?: ErrorOptions) {
    super(`${what}: ${path === '' ? '' : `${path}: `}${problem}${status === 0 ? '' : ` (${status})`}`, options)
    this.status = status
    this.path = path
    this.problem = problem
  }
}

export interface ClientOptions {
  /** Address of the ACS port, such as http://localhost:9440 (default). */
  readonly baseUrl?: string | undefined
  /** The tenant that everything is asked of; without it the one of the bare paths. */
  readonly tenant?: string | undefined
  /** Admin token, or that of the tenant. */
  readonly token?: string | undefined
  readonly fetch?: typeof fetch | undefined
}

interface Question {
  readonly query?: object | undefined
  readonly body?: unknown
  /** Media type of the body; '' or absent: JSON. */
  readonly type?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

type Kind = 'json' | 'text' | 'stream' | 'none'

/** Asks `method path` of the API; `what` is named by problems. */
export type Ask = (what: string, method: string, path: string, kind: Kind, question?: Question) => Promise<unknown>

const textOf = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value))

/** A list is said several times. */
function queryOf(query: object | undefined): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]: [string, unknown]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    return values.filter((one) => one !== undefined).map((one): [string, string] => [name, textOf(one)])
  })
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

/** What the server said of a request that it refused; the beginning of whatever it was where it was not the API. */
function problemIn(text: string): { readonly path: string; readonly problem: string } {
  try {
    const said: unknown = JSON.parse(text)
    if (typeof said === 'object' && said !== null && 'error' in said && typeof said.error === 'string')
      return { path: 'path' in said && typeof said.path === 'string' ? said.path : '', problem: said.error }
  } catch {
    // no JSON
  }
  return { path: '', problem: text.trim().slice(0, 200) || 'refused without a word' }
}

/** Where a tenant has its paths. */
export const tenantUrl = (base: string, tenant: string | undefined): string =>
  `${base.replace(/\/+$/, '')}${tenant === undefined || tenant === 'default' ? '' : `/t/${encodeURIComponent(tenant)}`}`

const causeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined
  const deepest = cause instanceof Error ? cause : error
  const code = deepest instanceof Error && 'code' in deepest ? String(deepest.code) : ''
  const message = deepest instanceof Error ? deepest.message : String(deepest)
  return message === '' ? code : message
}

/** Asks the API at `api`, such as http://localhost:9440/api/v1. */
export function createAsk(api: string, { token, fetch: call = globalThis.fetch }: ClientOptions): Ask {
  return async (what, method, path, kind, { query, body, type = '', headers, signal } = {}) => {
    const isWrite = method !== 'GET'
    // What is no text goes as JSON, which every operation takes that takes text.
    const isJson = type === '' || type === 'application/json' || typeof body !== 'string'
    let response: Response
    try {
      response = await call(`${api}${path}${queryOf(query)}`, {
        method,
        headers: {
          accept: kind === 'stream' ? 'text/event-stream' : 'application/json, */*;q=0.5',
          ...(isWrite && { 'content-type': isJson ? 'application/json' : type }), // of every write, with a body or without
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body !== undefined && { body: isJson ? JSON.stringify(body) : body }),
        ...(signal !== undefined && { signal }),
      })
    } catch (error) {
      throw new SekishoError(what, 0, '', `no answer from ${api}: ${causeOf(error)}`, { cause: error })
    }
    if (!response.ok) {
      const { path: where, problem } = problemIn(await response.text())
      throw new SekishoError(what, response.status, where, problem)
    }
    if (kind === 'stream') return response
    const text = await response.text()
    if (kind === 'text') return text
    if (text === '') return undefined
    try {
      return JSON.parse(text)
    } catch (error) {
      throw new SekishoError(what, response.status, '', 'the answer is no JSON: is this the address of Sekisho?', {
        cause: error,
      })
    }
  }
}
