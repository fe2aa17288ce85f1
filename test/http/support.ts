// What the HTTP tests share: transactions up to a given point, and raw requests that fetch cannot make.
import http from 'node:http'
import net from 'node:net'
import type { ListeningDs } from '../support/ds.ts'
import { browserAReq, creqFor, field, type Members, post, postForm } from '../support/messages.ts'
import type { Running } from '../support/running.ts'

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly page: string
}

export interface Challenged {
  readonly areq: Members
  readonly ares: Members
  readonly acsTransID: string
}

let cards = 0

/** A card that is always challenged and that no other test has used: wrong codes are counted by card. */
export const newChallengeCard = (): string => {
  cards += 1
  return `4000001${String(cards).padStart(6, '0')}700`
}

/** An AReq of a card that is always challenged, and its ARes. */
export async function challenged(sekisho: Running, ds: ListeningDs, change: Members = {}): Promise<Challenged> {
  const areq = browserAReq({ acctNumber: newChallengeCard(), dsURL: ds.url, ...change })
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  if (ares.transStatus !== 'C') throw new Error(`expected a challenge, got ${JSON.stringify(ares)}`)
  return { areq, ares, acsTransID: String(ares.acsTransID) }
}

/** The first CReq of it; the page with the form for the code. */
export const opened = (sekisho: Running, { ares }: Challenged, fields: Record<string, string> = {}): Promise<Page> =>
  postForm(`${sekisho.acs}/acs/challenge`, { creq: creqFor(ares), ...fields })

export const tokenOf = ({ page }: Page): string => field(page, 'stepToken') ?? ''
export const hintOf = ({ page }: Page): string | undefined => /data-hint="([A-Za-z]+)"/.exec(page)?.[1]

/** Posts the form of `page`, by default with the button for the code. */
export const answered = (
  sekisho: Running,
  { acsTransID }: Challenged,
  page: Page,
  fields: Record<string, string>,
): Promise<Page> =>
  postForm(`${sekisho.acs}/acs/challenge/answer`, { acsTransID, stepToken: tokenOf(page), action: 'verify', ...fields })

export async function api(
  sekisho: Running,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: Members }> {
  const response = await fetch(`${sekisho.acs}/api/v1${path}`, init)
  const text = await response.text()
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Members }
}

export const put = (sekisho: Running, path: string, body: unknown, method = 'PUT') =>
  api(sekisho, path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

interface Mail {
  readonly code: string
  readonly to: string
  readonly text: string
  readonly subject: string
}

/** Mails of a transaction, newest first. */
export async function mails(
  sekisho: Running,
  { acsTransID }: Pick<Challenged, 'acsTransID'>,
): Promise<readonly Mail[]> {
  const { body } = await api(sekisho, `/inbox?acsTransID=${acsTransID}`)
  return body.messages as readonly Mail[]
}

export const codeOf = async (sekisho: Running, challenge: Pick<Challenged, 'acsTransID'>): Promise<string> =>
  (await mails(sekisho, challenge))[0]?.code ?? ''

/** A code that is not the right one. */
export const wrongCode = (code: string): string => (code === '000000' ? '000001' : '000000')

export interface Entry {
  readonly link: string
  readonly messageType?: string
  readonly message: Members
  readonly httpStatus?: number
  readonly at: number
  readonly findings?: readonly Members[]
}

export interface Shown extends Members {
  readonly transStatus: string
  readonly decidedBy: string
  readonly delivery?: string
  readonly resultStatus?: string
  readonly resultReason?: string
  readonly messages: readonly Entry[]
  readonly steps: readonly {
    readonly kind: string
    readonly done: boolean
    readonly dueAt: number
    readonly attempts: number
  }[]
}

/** A transaction as the admin API shows it. */
export async function shown(sekisho: Running, acsTransID: string): Promise<Shown> {
  const { status, body } = await api(sekisho, `/transactions/${acsTransID}`)
  if (status !== 200) throw new Error(`transaction ${acsTransID}: HTTP ${status}`)
  return body as Shown
}

/** Waits until `test` holds; for what happens after an answer. */
export async function until(test: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await test())) {
    if (Date.now() > end) throw new Error('did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const rreqsOf = (ds: ListeningDs, acsTransID: string): readonly Members[] =>
  ds.received.map(({ message }) => message).filter((m) => m.acsTransID === acsTransID && m.messageType === 'RReq')

export const errosOf = (ds: ListeningDs, acsTransID: string): readonly Members[] =>
  ds.received.map(({ message }) => message).filter((m) => m.acsTransID === acsTransID && m.messageType === 'Erro')

export interface RawAnswer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
}

/** A request whose body goes out in pieces; without content-length it is chunked. */
export function raw(
  url: string,
  options: {
    readonly method?: string
    readonly headers?: http.OutgoingHttpHeaders
    readonly pieces?: readonly (string | Uint8Array)[]
    readonly pauseMs?: number
    readonly agent?: http.Agent
  },
): Promise<RawAnswer> {
  const { method = 'POST', headers = {}, pieces = [], pauseMs = 0, agent = false } = options
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    request.on('error', reject)
    const send = async (): Promise<void> => {
      for (const piece of pieces) {
        request.write(piece)
        if (pauseMs > 0) await new Promise((wake) => setTimeout(wake, pauseMs))
      }
      request.end()
    }
    void send()
  })
}

/** A port of this machine where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The action of the form of a page. */
export const actionOf = ({ page }: Page): string | undefined =>
  /<form\b[^>]*\baction="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')

export const errorCodeOf = ({ page }: Page): string | undefined =>
  /data-testid="error-code"[^>]*>[^<]*?([0-9]{3})</.exec(page)?.[1]

export const isChallenge = ({ page }: Page): boolean => page.includes('data-testid="challenge-page"')
export const isErrorPage = ({ page }: Page): boolean => page.includes('data-testid="error-page"')

/** A challenge of a card whose next AReq is answered with a plan. */
export async function planned(
  sekisho: Running,
  ds: ListeningDs,
  plan: Members,
  change: Members = {},
): Promise<Challenged> {
  const acctNumber = newChallengeCard()
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  const body = { match: { acctNumber }, then: { transStatus: 'C', ...plan } }
  const stub = await put(sekisho, '/stubs', body, 'POST')
  if (stub.status !== 201) throw new Error(`no stub: ${JSON.stringify(stub.body)}`)
  return challenged(sekisho, ds, { acctNumber, ...change })
}

/** What a test does in the place of the cardholder. */
export const driven = (
  sekisho: Running,
  { acsTransID }: Pick<Challenged, 'acsTransID'>,
  action: string,
  otp?: string,
): Promise<{ status: number; body: Members }> =>
  put(sekisho, `/transactions/${acsTransID}/challenge`, { action, ...(otp !== undefined && { otp }) }, 'POST')

export interface Told {
  readonly at: number
  readonly kind: string
  readonly title: { readonly en: string; readonly ja: string }
  readonly detail?: { readonly en: string; readonly ja: string }
}

export const timelineOf = async (sekisho: Running, { acsTransID }: Pick<Challenged, 'acsTransID'>) =>
  (await shown(sekisho, acsTransID)).timeline as readonly Told[]
