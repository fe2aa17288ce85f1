// An Express application on HTTP or HTTPS servers for IPv4 and IPv6.
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import express, { type Express } from 'express'

export interface Listening {
  readonly port: number
  /** Stops accepting, lets what is in flight end, then resolves. */
  close(): Promise<void>
}

/** A port that cannot be had; `message` is fit for the person at the keyboard. */
export class ListenError extends Error {}

/** TLS on a port. */
export interface Security {
  readonly tls: https.ServerOptions
  /** Hears of handshakes that failed. */
  readonly onRefused?: (error: Error) => void
}

/**
 * A constructor like `base` whose objects are born with the given prototype. Node's HTTP constructors are plain functions
 * and may be applied to an object; constructing through `Reflect.construct` leaves objects that are slow ever after.
 */
function bornWith<C extends new (...args: never[]) => object>(base: C, prototype: object): C {
  const plain: object = base
  function Born(this: object, first: unknown, second: unknown): void {
    Reflect.apply(plain as () => void, this, [first, second])
  }
  Born.prototype = prototype
  return Object.assign(Born, {}) as object as C
}

/**
 * Express gives every request and response its own prototype, which makes later HTTP code slow; when they are born with
 * it, that becomes a no-op. Public API only: `app.request` and `app.response` are the prototypes it wants.
 */
export function createServer(app: Express, security?: Security): http.Server {
  const options = {
    connectionsCheckingInterval: 2_000, // how often the limits below are looked at
    IncomingMessage: bornWith<typeof http.IncomingMessage>(http.IncomingMessage, app.request),
    ServerResponse: bornWith<typeof http.ServerResponse>(http.ServerResponse, app.response),
  }
  const server =
    security === undefined
      ? http.createServer(options, app)
      : https.createServer({ ...options, ...security.tls, handshakeTimeout: 10_000 }, app)
  if (security?.onRefused !== undefined) server.on('tlsClientError', security.onRefused)
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

/** What is under way when a server closes is answered within this time, or cut. */
const closeWithinMs = 10_000
/** A connection that has asked for nothing yet is given this long to make up its mind. */
const idleGraceMs = 200

interface Door {
  readonly server: http.Server
  /** Accepts nothing more, lets what is under way be answered, and does not wait for connections that idle. */
  close(): Promise<void>
}

function createDoor(app: Express, security: Security | undefined): Door {
  const server = createServer(app, security)
  const underWay = new Set<http.ServerResponse>()
  // A handshake that is not through is no connection of HTTP yet; without this it would hold the server.
  const sockets = new Set<Socket>()
  if (security !== undefined) {
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
  }
  let isClosing = false
  // Without this a connection in use when the server closes stays open for its next request, as long as the peer likes.
  const isLast = (res: http.ServerResponse): void => {
    if (!res.headersSent) res.setHeader('connection', 'close')
  }
  server.prependListener('request', (_req, res) => {
    underWay.add(res)
    res.once('close', () => underWay.delete(res))
    if (isClosing) isLast(res)
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      isClosing = true
      for (const res of underWay) isLast(res)
      const from = Date.now()
      let idleFrom = from
      const watch = setInterval(() => {
        const now = Date.now()
        if (underWay.size > 0) idleFrom = now
        if (now - idleFrom >= idleGraceMs || now - from >= closeWithinMs) {
          server.closeAllConnections()
          for (const socket of sockets) socket.destroy()
        } else server.closeIdleConnections()
      }, 50)
      server.close(() => {
        clearInterval(watch)
        resolve()
      })
    })
  return { server, close }
}

/** The port itself, or for 0 one that is free on every address of `host` right now. */
export async function choosePort(host: string, port: number): Promise<number> {
  if (port !== 0) return port
  const probe = await listen(express(), host, 0)
  await probe.close()
  return probe.port
}

/** Listens on every address of `host`; `port` 0 takes any free one, the same for all addresses. */
export async function listen(app: Express, host: string, port: number, security?: Security): Promise<Listening> {
  const doors: Door[] = []
  let bound = port
  for (const address of addressesOf(host)) {
    const door = createDoor(app, security)
    try {
      bound = await listenOn(door.server, bound, address)
      doors.push(door)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      // A machine without IPv6 has no ::1; one loopback address is enough.
      if ((code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') && doors.length > 0) continue
      await Promise.all(doors.map(({ close }) => close()))
      if (port === 0 && code === 'EADDRINUSE' && doors.length > 0) return listen(app, host, 0, security)
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
      await Promise.all(doors.map(({ close }) => close()))
    },
  }
}
