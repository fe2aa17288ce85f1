// Who may use the admin API and the inbox: loopback without a token, anybody else with it. Spec: SEC-PCI-4.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'
import { ipKeyGenerator, MemoryStore } from 'express-rate-limit'

export interface AccessOptions {
  /** The operator's, which opens every tenant. Without one only loopback clients that came by a name of ours, and by no proxy, are let in. */
  readonly token?: string | undefined
  /** SHA-256 of the tenant's own token; where there is one it is needed, on loopback too. */
  readonly ownDigest?: (() => Buffer | undefined) | undefined
  /** Public addresses of this server; any other host is a page that points its own name at us. */
  readonly publicUrls: readonly string[]
  /** What a browser names when it asks for a token. */
  readonly realm?: string
  readonly limits?: AccessLimits | undefined
  /** Pages that hold no data: no token is needed, the rest is. */
  readonly isPublic?: boolean
  /** Pages whose forms bring a token of their own (SEC-CSP-9). */
  readonly takesForms?: boolean
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])
const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && (address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.'))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares with all of them, in constant time. */
const isOneOf = (given: string, digests: readonly Buffer[]): boolean => {
  const own = digest(given)
  return digests.map((one) => timingSafeEqual(own, one)).includes(true)
}

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

const minuteMs = 60_000
/** Wrong tokens a minute and address; then nobody there is let in until the minute is over. */
const wrongPerMinute = 30

/** Of a whole Sekisho: by address, over all tenants. */
export interface AccessLimits {
  isLockedOut(req: Request): Promise<boolean>
  noteWrong(req: Request): Promise<void>
  /** False: too many writes. */
  mayWrite(req: Request): Promise<boolean>
  close(): void
}

export function createAccessLimits(writesPerMinute: number): AccessLimits {
  const wrong = new MemoryStore()
  const writes = new MemoryStore()
  for (const store of [wrong, writes]) store.init({ windowMs: minuteMs } as Parameters<MemoryStore['init']>[0])
  const keyOf = (req: Request): string => ipKeyGenerator(req.ip ?? 'nowhere')
  return {
    isLockedOut: async (req) => ((await wrong.get(keyOf(req)))?.totalHits ?? 0) >= wrongPerMinute,
    noteWrong: async (req) => void (await wrong.increment(keyOf(req))),
    mayWrite: async (req) => (await writes.increment(keyOf(req))).totalHits <= writesPerMinute,
    close() {
      wrong.shutdown()
      writes.shutdown()
    },
  }
}

/** Where a request that has no token comes from: undefined, this machine and no other page's doing; otherwise what is said. */
function whyNotLocal(req: Request, known: ReadonlySet<string>): string | undefined {
  if (!isLoopbackAddress(req.socket.remoteAddress) || !known.has(hostnameOf(req.get('host'))))
    return 'only from this machine'
  return cameByProxy(req) ? 'only from this machine; through a proxy a token is needed (--admin-token)' : undefined
}

const hostsOf = (urls: readonly string[]): ReadonlySet<string> =>
  new Set([...loopbackHosts, ...urls.map((url) => new URL(url).hostname)])

/** Whose token it was; api: from this machine, where nobody needs one. */
export type Caller = 'operator' | 'tenant' | 'api'

/** A type that no form and no script of another site can send without being asked about first. */
const isOwnType = (type: string): boolean =>
  /^application\/(?:json|yaml|x-ndjson)\b|^text\/(?:(?:x-)?yaml|csv)\b/i.test(type)

/**
 * Whether a request may make a tenant by using it. The operator may; without a token whoever may use one, unless a page of
 * another site brought them here.
 */
export function mayMakeTenant({ token, publicUrls, limits }: AccessOptions) {
  const known = hostsOf(publicUrls)
  const expected = token === undefined ? [] : [digest(token)]
  return async (req: Request): Promise<boolean> => {
    if (token === undefined) return whyNotLocal(req, known) === undefined && req.get('sec-fetch-site') !== 'cross-site'
    const given = tokenIn(req.get('authorization'))
    if (given === undefined || (await limits?.isLockedOut(req)) === true) return false
    if (isOneOf(given, expected)) return true
    await limits?.noteWrong(req)
    return false
  }
}

export function access(options: AccessOptions) {
  const { token, ownDigest, publicUrls, realm = 'Sekisho', limits, isPublic = false, takesForms = false } = options
  const known = hostsOf(publicUrls)
  // A proxy that ends TLS or changes the host leaves only the address that was configured.
  const origins = new Set(publicUrls.map((url) => new URL(url).origin))
  const operators = token === undefined ? [] : [digest(token)]

  /** For histories: who does something. What came without a right token goes no further. */
  const callerOf = (req: Request, operators: readonly Buffer[]): Caller => {
    const given = tokenIn(req.get('authorization'))
    return given !== undefined && isOneOf(given, operators) ? 'operator' : 'tenant'
  }

  /** Answers by itself where it says false. */
  const hasToken = async (req: Request, res: Response, expected: readonly Buffer[]): Promise<boolean> => {
    const given = tokenIn(req.get('authorization'))
    if (given !== undefined) {
      if ((await limits?.isLockedOut(req)) === true) {
        res.set('Retry-After', '60').status(429).json({ error: 'too many wrong tokens; wait a minute' })
        return false
      }
      if (isOneOf(given, expected)) return true
      await limits?.noteWrong(req)
    }
    // A script asks its user itself; for a page the browser does.
    const mode = req.get('sec-fetch-mode')
    const scheme = mode === undefined || mode === 'navigate' ? 'Basic' : 'Bearer'
    res.set('WWW-Authenticate', `${scheme} realm="${realm}"`).status(401).json({ error: 'a token is needed' })
    return false
  }

  return async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    if (token === undefined) {
      const why = whyNotLocal(req, known)
      if (why !== undefined) {
        res.status(403).json({ error: why })
        return
      }
    }
    const own = ownDigest?.()
    const expected = own === undefined ? operators : [...operators, own]
    res.locals.caller = expected.length === 0 ? 'api' : callerOf(req, operators)
    if (!isPublic && expected.length > 0 && !(await hasToken(req, res, expected))) return
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
      // No form sends DELETE, and no script of another site without being asked about first, which is answered with no.
      const isBareDelete = req.method === 'DELETE' && type === ''
      const isForm = takesForms && /^application\/x-www-form-urlencoded\b/i.test(type)
      if (!isTextToCheck && !isBareDelete && !isForm && !isOwnType(type)) {
        res.status(415).json({ error: 'application/json expected' })
        return
      }
      if ((await limits?.mayWrite(req)) === false) {
        res.set('Retry-After', '60').status(429).json({ error: 'too many writes; wait a minute' })
        return
      }
    }
    next()
  }
}
