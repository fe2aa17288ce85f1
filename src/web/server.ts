// An Express application on HTTP servers for IPv4 and IPv6.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'

export interface Listening {
  readonly port: number
  /** Stops accepting, lets what is in flight end, then resolves. */
  close(): Promise<void>
}

/** A port that cannot be had; `message` is fit for the person at the keyboard. */
export class ListenError extends Error {}

/** A constructor like `base` whose objects are born with the given prototype. */
function bornWith<C extends new (...args: never[]) => object>(base: C, prototype: object): C {
  function Born(): void {}
  Born.prototype = prototype
  return new Proxy(base, { construct: (target, args) => Reflect.construct(target, args, Born) })
}

/**
 * Express gives every request and response its own prototype, which makes later HTTP code slow; when they are born with
 * it, that becomes a no-op. Public API only: `app.request` and `app.response` are the prototypes it wants.
 */
export function createServer(app: Express): http.Server {
  const server = http.createServer(
    {
      IncomingMessage: bornWith<typeof http.IncomingMessage>(http.IncomingMessage, app.request),
      ServerResponse: bornWith<typeof http.ServerResponse>(http.ServerResponse, app.response),
    },
    app,
  )
  server.requestTimeout = 10_000 // SEC-LIM-2
  server.headersTimeout = 10_000
  server.keepAliveTimeout = 65_000
  return server
}

const loopback = new Set(['localhost', '127.0.0.1', '::1'])

/** Both loopback addresses for a loopback host, else the host itself. */
export const addressesOf = (host: string): readonly string[] => (loopback.has(host) ? ['127.0.0.1', '::1'] : [host])

const listenOn = (server: http.Server, port: number, address: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: address, ipv6Only: address.includes(':') }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })

const closeServer = (server: http.Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })

/** Listens on every address of `host`; `port` 0 takes any free one, the same for all addresses. */
export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const servers: http.Server[] = []
  let bound = port
  for (const address of addressesOf(host)) {
    const server = createServer(app)
    try {
      bound = await listenOn(server, bound, address)
      servers.push(server)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      // A machine without IPv6 has no ::1; one loopback address is enough.
      if ((code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') && servers.length > 0) continue
      await Promise.all(servers.map(closeServer))
      if (port === 0 && code === 'EADDRINUSE' && servers.length > 0) return listen(app, host, 0)
      const reason =
        code === 'EADDRINUSE'
          ? 'is in use; choose another one'
          : code === 'EACCES'
            ? 'may not be opened by this user'
            : `cannot be opened (${code || 'unknown reason'})`
      throw new ListenError(`Port ${bound} on ${address} ${reason}.`)
    }
  }
  return {
    port: bound,
    close: async () => {
      await Promise.all(servers.map(closeServer))
    },
  }
}
