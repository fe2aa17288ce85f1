// The ACS under test, by HTTP alone. Spec: section 5.1 (links), FLOW-GEN-1…4, 6.1.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { createSecureContext } from 'node:tls'
import { objectIn } from './json.ts'
import { Failed, type Members } from './world.ts'

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  /** The JSON object in the body, if it is one. */
  readonly message?: Members | undefined
}

export interface TargetOptions {
  readonly areqUrl: string
  /** PEM files: the client certificate, its key, and who is believed. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly ca?: string | undefined
  readonly withinMs?: number
}

export interface Target {
  post(body: string | Uint8Array, headers?: Readonly<Record<string, string>>, method?: string): Promise<Answer>
  /** As a browser posts a form. */
  form(url: string, fields: Readonly<Record<string, string>>): Promise<Answer>
  close(): void
}

const answerLimit = 4 * 1024 * 1024

/** An ACS that lets so many requests in a row time out answers none: the run would take hours. */
const mostTimeouts = 16

export const isHttp = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

/** Throws what the system says of a file that is no PEM, or is not there. */
export function createTarget({ areqUrl, cert, key, ca, withinMs = 30_000 }: TargetOptions): Target {
  const pem = (file: string | undefined): Buffer | undefined => (file === undefined ? undefined : readFileSync(file))
  const tls = { cert: pem(cert), key: pem(key), ca: pem(ca) }
  const ownCertificate = { ...(tls.cert && { cert: tls.cert }), ...(tls.key && { key: tls.key }) }
  const believed = tls.ca === undefined ? {} : { ca: tls.ca }
  createSecureContext(tls)
  let timeouts = 0
  const plain = new http.Agent({ keepAlive: true })
  const asServer = new https.Agent({ keepAlive: true, ...ownCertificate, ...believed })
  const asBrowser = new https.Agent({ keepAlive: true, ...believed })

  function send(url: string, agent: https.Agent, method: string, headers: http.OutgoingHttpHeaders, body: Uint8Array) {
    return new Promise<Answer>((resolve, reject) => {
      if (timeouts >= mostTimeouts) throw new Failed(`no answer: ${mostTimeouts} requests in a row timed out`)
      if (!isHttp(url)) throw new Failed('no address of http or https')
      const target = new URL(url)
      let isOver = false
      const signal = AbortSignal.timeout(withinMs)
      const isTls = target.protocol === 'https:'
      const request = (isTls ? https : http).request(target, {
        method,
        agent: isTls ? agent : plain,
        headers: { ...headers, 'content-length': body.byteLength },
        signal,
      })
      const broken = (what: string) => (error: Error) => {
        const reason = 'code' in error ? String(error.code) : error.message
        if (signal.aborted && !isOver) timeouts += 1
        isOver = true
        reject(new Failed(signal.aborted ? `no answer within ${withinMs / 1_000} s` : `${what}: ${reason}`))
      }
      request.on('error', broken('no answer'))
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > answerLimit) request.destroy(new Error('an answer of more than 4 MiB'))
          else chunks.push(chunk)
        })
        response.on('error', broken('the answer broke off'))
        response.on('end', () => {
          timeouts = 0
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            text,
            message: objectIn(text),
          })
        })
      })
      request.end(body)
    })
  }

  return {
    post: (body, headers = { 'content-type': 'application/json; charset=utf-8' }, method = 'POST') =>
      send(areqUrl, asServer, method, headers, typeof body === 'string' ? Buffer.from(body) : body),
    form: (url, fields) =>
      send(
        url,
        asBrowser,
        'POST',
        { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', 'accept-language': 'en' },
        Buffer.from(new URLSearchParams(fields).toString()),
      ),
    close: () => {
      for (const agent of [plain, asServer, asBrowser]) agent.destroy()
    },
  }
}
