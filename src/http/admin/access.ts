// Who may use the admin API and the inbox: loopback without a token, anybody else with it. Spec: SEC-PCI-4.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'

export interface AccessOptions {
  /** Without a token only loopback clients that came by a name of ours, and by no proxy, are let in. */
  readonly token?: string | undefined
  /** Public addresses of this server; any other host is a page that points its own name at us. */
  readonly publicUrls: readonly string[]
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])
const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && (address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.'))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares in constant time. */
const isSame = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token))

/** The token of a Bearer header, or the password of a Basic one (which a browser asks for). */
function tokenIn(header: string | undefined): string | undefined {
  const [, scheme, value] = /^(Bearer|Basic) +(\S+)$/i.exec(header ?? '') ?? []
  if (scheme === undefined || value === undefined) return undefined
  if (scheme.toLowerCase() === 'bearer') return value
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

const hostnameOf = (host: string | undefined): string => (host ?? '').replace(/:[0-9]+$/, '').toLowerCase()

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** A proxy on this machine comes from loopback, whoever stands behind it; it mostly says so. */
const cameByProxy = (req: Request): boolean =>
  Object.keys(req.headers).some(
    (name) => name.startsWith('x-forwarded-') || ['forwarded', 'via', 'x-real-ip', 'x-client-ip'].includes(name),
  )

export function access({ token, publicUrls }: AccessOptions) {
  const known = new Set([...loopbackHosts, ...publicUrls.map((url) => new URL(url).hostname)])
  // A proxy that ends TLS or changes the host leaves only the address that was configured.
  const origins = new Set(publicUrls.map((url) => new URL(url).origin))
  return (req: Request, res: Response, next: NextFunction): void => {
    if (token !== undefined) {
      const given = tokenIn(req.get('authorization'))
      if (given === undefined || !isSame(given, token)) {
        res.set('WWW-Authenticate', 'Basic realm="Sekisho"').status(401).json({ error: 'a token is needed' })
        return
      }
    } else if (!isLoopbackAddress(req.socket.remoteAddress) || !known.has(hostnameOf(req.get('host')))) {
      res.status(403).json({ error: 'only from this machine' })
      return
    } else if (cameByProxy(req)) {
      res.status(403).json({ error: 'only from this machine; through a proxy a token is needed (--admin-token)' })
      return
    }
    if (!isSafe(req.method)) {
      // A page of another site can neither set this type nor hide its origin.
      const origin = req.get('origin')
      if (origin !== undefined && origin !== `${req.protocol}://${req.host ?? ''}` && !origins.has(origin)) {
        res.status(403).json({ error: 'not from another origin' })
        return
      }
      // What is checked may come as text: it changes nothing, and browsers tell the origin of such a request, see above.
      const type = req.get('content-type') ?? ''
      const isTextToCheck = req.path === '/lint' && /^text\/plain\b/i.test(type)
      if (!isTextToCheck && !/^application\/json\b/i.test(type)) {
        res.status(415).json({ error: 'application/json expected' })
        return
      }
    }
    next()
  }
}
