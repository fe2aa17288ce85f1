// Calls with certificates, proxies and other parties, all on this machine.
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import tls from 'node:tls'
import { creqFor, cresIn, field, type Members } from '../support/messages.ts'

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
  readonly json: () => Members
}

export interface Call extends https.RequestOptions {
  readonly body?: unknown
  readonly form?: Readonly<Record<string, string>>
}

/** One request on a connection of its own; certificates as Node's https takes them. */
export function call(url: string, { body, form, headers, ...options }: Call = {}): Promise<Answer> {
  const content =
    form !== undefined ? new URLSearchParams(form).toString() : body === undefined ? undefined : JSON.stringify(body)
  const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded'
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? https : http).request(
      url,
      {
        method: content === undefined ? 'GET' : 'POST',
        agent: false,
        headers: { ...(content !== undefined && { 'content-type': type }), ...headers },
        ...options,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          const { statusCode: status = 0, headers: received } = response
          resolve({ status, headers: received, text, json: () => JSON.parse(text) as Members })
        })
      },
    )
    request.on('error', reject)
    request.end(content)
  })
}

/** Why a call failed: the code of its error. */
export const failure = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

/** A handshake; what was agreed upon, or the code of the error. */
export const shake = (url: string, options: tls.ConnectionOptions): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = tls.connect({ host: hostname, servername: hostname, port: Number(port), ...options }, () => {
      resolve(`${socket.getProtocol() ?? ''} ${socket.getCipher().standardName}`)
      socket.destroy()
    })
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
  })

export async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface Proxy {
  readonly port: number
  close(): Promise<void>
}

export interface ProxyOptions {
  /** Where requests go: a port of this machine. */
  readonly to: () => number
  /** The path it serves, cut off or kept. */
  readonly path: string
  readonly strips: boolean
  readonly tls?: https.ServerOptions
}

/** A reverse proxy as people configure one: below a path, with X-Forwarded headers, to plain http. */
export async function reverseProxy({ to, path, strips, tls: security }: ProxyOptions): Promise<Proxy> {
  const handler: http.RequestListener = (req, res) => {
    const url = req.url ?? '/'
    if (url !== path && !url.startsWith(`${path}/`)) {
      res.writeHead(404).end('not of this proxy')
      return
    }
    const rest = url.slice(path.length)
    const request = http.request(
      {
        host: '127.0.0.1',
        port: to(),
        method: req.method,
        path: strips ? (rest === '' ? '/' : rest) : url,
        headers: {
          ...req.headers,
          'x-forwarded-for': [req.headers['x-forwarded-for'], req.socket.remoteAddress].filter(Boolean).join(', '),
          'x-forwarded-proto': security === undefined ? 'http' : 'https',
          'x-forwarded-host': req.headers.host,
        },
      },
      (response) => {
        res.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(res)
      },
    )
    request.on('error', () => res.destroy())
    res.on('close', () => request.destroy())
    req.pipe(request)
  }
  const server = security === undefined ? http.createServer(handler) : https.createServer(security, handler)
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Opens the challenge of an ARes as a browser does, and passes it with the code that `codeOf` finds. Returns the CRes. */
export async function passChallenge(
  ares: Members,
  codeOf: (acsTransID: string) => Promise<string>,
  options: Call = {},
): Promise<Members | undefined> {
  const acsURL = String(ares.acsURL)
  const opened = await call(acsURL, { ...options, form: { creq: creqFor(ares) } })
  const acsTransID = String(ares.acsTransID)
  const action = /<form\b[^>]*\baction="([^"]+)"/.exec(opened.text)?.[1] ?? ''
  const otp = await codeOf(acsTransID)
  const form = { acsTransID, stepToken: field(opened.text, 'stepToken') ?? '', action: 'verify', otp }
  const ended = await call(new URL(action, acsURL).href, { ...options, form })
  return cresIn(ended.text)
}

/** Reads codes by the admin API. */
export const codesAt =
  (acs: string, options: Call = {}) =>
  async (acsTransID: string): Promise<string> => {
    const answer = await call(`${acs}/api/v1/inbox?acsTransID=${acsTransID}`, options)
    const { messages } = answer.json() as { messages?: readonly { readonly code: string }[] }
    return messages?.[0]?.code ?? ''
  }
