// The mTLS port: AReq/ARes and RReq/RRes, and nothing else. Spec: section 6.1; SEC-TLS-2, SEC-TLS-3.
import { TLSSocket } from 'node:tls'
import type { IRouter, NextFunction, Request, Response } from 'express'
import type { Role } from '../tls/keep.ts'
import type { clientCheck } from '../tls/links.ts'

/** Who may post where. */
const callers: Readonly<Record<string, Role>> = {
  '/acs/areq': 'ds',
  '/ds/areq': '3ds-server',
  '/ds/rreq': 'acs',
  '/3ds-server/results': 'ds',
}

/** Lets the right parties through to what is mounted after it. */
export function guardServers(routes: IRouter, isClient: ReturnType<typeof clientCheck>): void {
  routes.use((req: Request, res: Response, next: NextFunction) => {
    const role =
      callers[
        req.path
          .toLowerCase()
          .replace(/\/$/, '')
          .replace(/^\/t\/[^/]+(?=\/)/, '')
      ]
    if (role === undefined) {
      res.status(404).json({ error: 'only messages among servers are taken on this port' })
      return
    }
    const { socket } = req
    if (!(socket instanceof TLSSocket) || !isClient(socket.getPeerCertificate(), role)) {
      res.status(403).json({ error: `this client certificate is not one of a party that may post here (${role})` })
      return
    }
    next()
  })
}

/** Under TLS the browsers' ports say where these messages go (SEC-TLS-2). */
export function turnAwayServers(routes: IRouter, servers: string): void {
  for (const path of Object.keys(callers)) {
    routes.all(path, (_req, res) => {
      res.status(403).json({ error: `under TLS this message is taken at ${servers}${path}, with a client certificate` })
    })
  }
}
