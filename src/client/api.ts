// A method for each operation of the admin API, typed by its document.
import { type Operations, routes } from './generated.ts'
import type { Ask } from './http.ts'

export type OperationId = keyof Operations

/** `object extends …`: nothing has to be given. */
type Given<Takes> = object extends Takes ? [given?: Takes] : [given: Takes]

/** Each takes `{ params, query, body }`, as far as the operation has them, and gives the body of the answer. */
export type Api = {
  readonly [Id in OperationId]: (...given: Given<Operations[Id]['takes']>) => Promise<Operations[Id]['gives']>
}

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: object
  readonly body?: unknown
}

const filled = (path: string, params: Parts['params'] = {}): string =>
  path.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')))

export function createApi(ask: Ask): Api {
  const methods = Object.entries(routes).map(([id, [method, path, kind, type]]) => [
    id,
    ({ params, query, body }: Parts = {}) => ask(id, method, filled(path, params), kind, { query, body, type }),
  ])
  return Object.fromEntries(methods) as Api
}
