// sekisho hook: trying the risk hook without a service of one's own. send: an assessment ahead of its AReq, or as an extension to put
// into it. listen: a service that answers what it is asked, and shows what it is sent. key: a new secret.
import { randomBytes, randomUUID } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { SekishoError } from '../client/client.ts'
import { millisecondsOf } from '../faults/duration.ts'
import { assessmentExtension, extensionOf, signedAssessment } from '../protocol/crypto/assessment-extension.ts'
import { secretBytes, webhookHeaders, webhookProblem } from '../protocol/crypto/webhook-signature.ts'
import { type ScreeningVerdict, verdicts } from '../risk/assessment.ts'
import { clientOf, count, orExit, print, printJson, type RemoteOptions, withRemote } from './remote.ts'

interface Said {
  readonly source: string
  readonly key?: string
  readonly verdict: ScreeningVerdict
  readonly score?: number
  readonly reason: readonly string[]
  readonly expires?: number
  readonly forge?: boolean
}

interface SendOptions extends RemoteOptions, Said {
  readonly transaction?: string
  readonly order?: string
  readonly id?: string
  readonly door: 'ahead' | 'areq'
}

interface ListenOptions extends Said {
  readonly port: number
  readonly delay?: number
  readonly status?: number
  readonly silent?: boolean
  readonly count?: number
  readonly json?: boolean
}

function keyOf({ key = process.env.SEKISHO_HOOK_KEY, forge }: Said): string {
  if (key === undefined || secretBytes(key) === undefined)
    throw new SekishoError('--key', 0, '', 'a secret of the form whsec_… expected, or SEKISHO_HOOK_KEY')
  return forge === true ? newKey() : key
}

const newKey = (): string => `whsec_${randomBytes(32).toString('base64')}`

const assessmentBy = ({ source, verdict, score, reason, expires }: Said, about: object, now: number): object => ({
  source,
  verdict,
  ...(score !== undefined && { score }),
  reasons: reason,
  issuedAt: new Date(now).toISOString(),
  ...(expires !== undefined && { expiresAt: new Date(now + expires).toISOString() }),
  about,
})

/** By the clock of the tenant, which may stand; without a word of it, by that of the machine. */
async function timeOf(options: RemoteOptions): Promise<number> {
  try {
    const { now } = await clientOf(options).api.readClock()
    return Date.parse(now)
  } catch {
    return Date.now()
  }
}

async function send(options: SendOptions): Promise<void> {
  const key = keyOf(options)
  const now = await timeOf(options)
  const threeDSServerTransID = options.transaction ?? randomUUID()
  const about = { threeDSServerTransID, ...(options.order !== undefined && { orderId: options.order }) }
  const assessment = assessmentBy(options, about, now)
  if (options.door === 'areq') {
    const extension = extensionOf({ jws: await signedAssessment(assessment, options.source, key) })
    print(JSON.stringify(options.json === true ? { threeDSServerTransID, extension } : extension))
    return
  }
  const { url } = clientOf(options)
  const body = JSON.stringify(assessment)
  const response = await fetch(`${url.replace(/\/api\/v1$/, '')}/hook/assessments`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...webhookHeaders(key, options.id ?? `msg_${randomUUID()}`, now, body),
    },
    body,
  }).catch((cause: unknown) => {
    throw new SekishoError('hook send', 0, '', `no answer from ${url}`, { cause })
  })
  const text = await response.text()
  const told = readJson(text)
  if (options.json === true) printJson(told ?? text)
  else if (response.status === 202) print(`${options.verdict} of ${options.source} counts for ${threeDSServerTransID}.`)
  else print(`HTTP ${response.status}: ${told?.problem ?? ''} ${told?.error ?? text.slice(0, 200)}`)
  if (response.status !== 202) process.exitCode = 1
}

interface Told {
  readonly problem?: string
  readonly error?: string
  readonly type?: string
  readonly about?: { readonly threeDSServerTransID?: string }
  readonly data?: { readonly threeDSServerTransID?: string }
  readonly areq?: Readonly<Record<string, unknown>>
}

function readJson(text: string): Told | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const mostBytes = 1_048_576

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** Nothing that another party wrote may move the cursor of a terminal. */
const shown = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?').slice(0, 200)

async function answer(options: ListenOptions, key: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const bytes = await bodyOf(req)
  const told = readJson(bytes.toString('utf8'))
  const timestamp = Number(req.headers['webhook-timestamp'])
  // The clock of the tenant may be another one: what counts is that the signature is its own.
  const problem = webhookProblem(
    [options.key ?? process.env.SEKISHO_HOOK_KEY ?? ''],
    req.headers,
    bytes,
    timestamp * 1000,
  )
  const type = shown(String(told?.type ?? 'no type'))
  const about = shown(String(told?.about?.threeDSServerTransID ?? told?.data?.threeDSServerTransID ?? ''))
  const isQuestion = type === 'assessment.requested'
  if (options.json === true) print(JSON.stringify({ path: req.url, signature: problem ?? 'good', body: told ?? null }))
  else {
    const said = isQuestion ? ` → ${options.silent === true ? 'nothing' : (options.status ?? options.verdict)}` : ''
    print(`${type} ${about} signature ${problem ?? 'good'}${said}`)
  }
  if (options.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delay))
  if (!isQuestion || options.silent === true || problem !== undefined) {
    res.writeHead(problem === undefined ? 204 : 401).end()
    return
  }
  if (options.status !== undefined) {
    res.writeHead(options.status).end()
    return
  }
  const now = timestamp * 1000
  const { threeDSServerTransID } = told?.about ?? {}
  const body = JSON.stringify(assessmentBy(options, { threeDSServerTransID }, now))
  const headers = webhookHeaders(options.forge === true ? newKey() : key, `msg_${randomUUID()}`, now, body)
  res.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body)
}

async function listen(options: ListenOptions): Promise<void> {
  const key = keyOf(options)
  let left = options.count ?? Number.POSITIVE_INFINITY
  const server = http.createServer((req, res) => {
    answer(options, key, req, res)
      .catch(() => res.destroy())
      .finally(() => {
        left -= 1
        if (left <= 0) res.once('close', () => process.exit(0))
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { readonly port: number }
  print(`Listening at http://127.0.0.1:${port} as ${options.source}. Stop with Ctrl-C.`)
  // As a server that was told to end: also in the background of a script.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))
}

function fraction(text: string): number {
  const value = Number(text)
  if (text === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('a number from 0 to 1 expected.')
  return value
}

function span(text: string): number {
  const ms = millisecondsOf(text)
  if (ms === undefined) throw new InvalidArgumentError('a time such as 250ms or 10m expected.')
  return ms
}

const further = (text: string, before: readonly string[]): readonly string[] => [...before, text]

/** What is said, and by whom. */
const withWords = (command: Command): Command =>
  command
    .option('--source <name>', 'who says it', 'screening')
    .option('--key <secret>', 'its secret, whsec_… [SEKISHO_HOOK_KEY]')
    .addOption(new Option('--verdict <verdict>', 'what it says').choices(verdicts).default('OK'))
    .option('--score <number>', 'from 0 to 1, higher is riskier', fraction)
    .option('--reason <code>', 'why; may be given several times', further, [])
    .option('--expires <time>', 'how long it holds, such as 10m', span)
    .option('--forge', 'sign with another key')

export function addHook(program: Command): void {
  const hook = program.command('hook').description('try the risk hook: say something, be asked')
  withWords(withRemote(hook.command('send')))
    .description('an assessment ahead of its AReq; 1 when it is refused')
    .option('--transaction <threeDSServerTransID>', 'what it is about (a new one)')
    .option('--order <id>', 'order of the shop')
    .option('--id <id>', 'webhook-id; the same again is a replay')
    .addOption(
      new Option('--door <door>', `ahead: by POST; areq: print the extension ${assessmentExtension.id} for the AReq`)
        .choices(['ahead', 'areq'])
        .default('ahead'),
    )
    .action((options: SendOptions) => orExit(() => send(options)))
  withWords(hook.command('listen'))
    .description('a service that answers what it is asked, and prints what it is sent')
    .option('--port <port>', 'where it listens, on loopback', count, 9460)
    .option('--delay <time>', 'before it answers', span)
    .option('--status <status>', 'this HTTP status in the place of an answer', count)
    .option('--silent', 'nothing to say (204)')
    .option('--count <count>', 'end after so many', count)
    .option('--json', 'print JSON, with all of each message')
    .action((options: ListenOptions) => orExit(() => listen(options)))
  hook
    .command('key')
    .description('make a secret for a source')
    .action(() => print(newKey()))
}
