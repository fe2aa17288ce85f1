// npm run bench -- --only challenges: many challenges open at once – what each of them takes in memory, how long it takes until
// all their timers have fired when the clock of the tenant is moved, and how long a server needs that starts with all of them open.
// Definitions and what was measured: docs/performance.md.
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { areqOf } from '../test/http/any-areq.ts'
import { listeningDs } from '../test/support/ds.ts'
import { creqFor, type Members } from '../test/support/messages.ts'

interface Memory {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
}

interface Server {
  readonly child: ChildProcess
  readonly base: string
  readonly readyMs: number
}

const port = 9475
/** They are opened at so many different times by the clock of the tenant, a tenth of a second apart. */
const moments = 100
/** Requests that are under way at a time. */
const abreast = 16

const line = (text = ''): void => {
  process.stdout.write(`${text}\n`)
}

const ask = <T>(child: ChildProcess, message: string): Promise<T> =>
  new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as T))
    child.send(message)
  })

async function start(folder: string): Promise<Server> {
  const from = performance.now()
  const flags = { clock: 'frozen', overrides: 'true', logLevel: 'fatal', browserRequestsPerMinute: '1000000000' }
  const child = fork(
    new URL('./serve-sekisho.ts', import.meta.url),
    [String(port), folder, '', JSON.stringify(flags)],
    {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  return { child, base: `http://127.0.0.1:${port}`, readyMs: performance.now() - from }
}

async function stop({ child }: Server): Promise<void> {
  child.send('stop')
  await new Promise((resolve) => child.once('exit', resolve))
}

/** `count` times, so many abreast. */
async function repeat<T>(count: number, work: (index: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: abreast }, async () => {
      for (let index = next++; index < count; index = next++) results[index] = await work(index)
    }),
  )
  return results
}

const agent = new http.Agent({ keepAlive: true, maxSockets: abreast })

function send(url: string, contentType: string, text: string, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(text)
    const request = http.request(
      url,
      { method: 'POST', agent, headers: { 'content-type': contentType, 'content-length': length, ...headers } },
      (response) => {
        let answer = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          answer += chunk
        })
        response.on('end', () =>
          response.statusCode === 200 ? resolve(answer) : reject(new Error(`${url}: ${response.statusCode} ${answer}`)),
        )
      },
    )
    request.on('error', reject)
    request.end(text)
  })
}

/** Scripted cards of so many holders; the last digits decide. */
const cardOf = (index: number, ending: string): string => `400000${String(index % 2_000).padStart(4, '0')}000${ending}`

interface Wave {
  readonly ending: string
  /** The browser comes as well. */
  readonly isShown?: boolean
  /** The plan has the RReq lost, so that nothing is sent. */
  readonly isSilent?: boolean
}

async function open(server: Server, dsURL: string, count: number, { ending, isShown, isSilent }: Wave): Promise<void> {
  const wanted = ending === '100' ? 'Y' : 'C'
  const one = async (index: number): Promise<void> => {
    const areq = areqOf('browser-220', {
      dsURL,
      acctNumber: cardOf(index, ending),
      threeDSServerTransID: randomUUID(),
      dsTransID: randomUUID(),
    })
    const headers = isSilent === true ? { 'sekisho-override': '{"rreq":{"when":"never"}}' } : {}
    const ares = JSON.parse(
      await send(`${server.base}/acs/areq`, 'application/json', JSON.stringify(areq), headers),
    ) as Members
    if (ares.transStatus !== wanted) throw new Error(`${wanted} expected: ${JSON.stringify(ares)}`)
    if (isShown !== true) return
    const form = new URLSearchParams({ creq: creqFor(ares), threeDSSessionData: 'YmVuY2g' }).toString()
    const page = await send(`${server.base}/acs/challenge`, 'application/x-www-form-urlencoded', form)
    if (!page.includes('name="stepToken"')) throw new Error('no challenge page')
  }
  for (let opened = 0; opened < count; ) {
    const slice = Math.min(Math.ceil(count / moments), count - opened)
    const from = opened
    await repeat(slice, (index) => one(from + index))
    opened += slice
    await advance(server, '100ms')
  }
}

/** Seconds until the answer to a move of the clock is there, that is until all that was due is over. */
async function advance({ base }: Server, span: string): Promise<number> {
  const from = performance.now()
  await send(`${base}/api/v1/clock`, 'application/json', JSON.stringify({ advance: span }))
  return (performance.now() - from) / 1_000
}

const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1)

export async function benchChallenges(count = 10_000): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-bench-'))
  const ds = await listeningDs()
  const withServer = async <T>(name: string, work: (server: Server) => Promise<T>): Promise<T> => {
    const server = await start(path.join(folder, name))
    const result = await work(server)
    await stop(server)
    return result
  }
  const memory = (server: Server): Promise<Memory> => ask<Memory>(server.child, 'memory')
  try {
    line(
      `Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}; load ${os.loadavg()[0]?.toFixed(1)}`,
    )
    line(
      `${count} at once; the clock of the tenant stands; SQLite on disk, WAL, synchronous FULL; journal and evidence on`,
    )
    line()
    line('Memory after collecting garbage     before MB    after MB   more, KB each (heap)   more, KB each (RSS)')
    const waves: readonly (readonly [string, Wave])[] = [
      ['frictionless, for comparison', { ending: '100' }],
      ['awaiting the first CReq', { ending: '001' }],
      ['challenge page shown (code)', { ending: '001', isShown: true }],
      ['challenge page shown (app)', { ending: '007', isShown: true }],
    ]
    for (const [title, wave] of waves) {
      await withServer(wave.ending + String(wave.isShown === true), async (server) => {
        await open(server, ds.url, 300, wave) // warm up: code, statements and caches are there
        const before = await memory(server)
        await open(server, ds.url, count, wave)
        const after = await memory(server)
        const each = (name: keyof Memory): string => ((after[name] - before[name]) / 1_024 / count).toFixed(2)
        line(
          [
            title.padEnd(32),
            `${megabytes(before.heapUsed)}/${megabytes(before.rss)}`.padStart(12),
            `${megabytes(after.heapUsed)}/${megabytes(after.rss)}`.padStart(12),
            each('heapUsed').padStart(16),
            each('rss').padStart(22),
          ].join(' '),
        )
      })
    }
    line()
    line('All timers of so many challenges fire: the clock is moved by a bit more than the time    seconds   ms each')
    const moves: readonly (readonly [string, Wave, string])[] = [
      ['no first CReq in 30 s, RReqs lost by plan', { ending: '001', isSilent: true }, '31s'],
      ['no first CReq in 30 s, RReqs delivered and answered', { ending: '001' }, '31s'],
      ['no answer in 600 s, RReqs lost by plan', { ending: '001', isShown: true, isSilent: true }, '601s'],
      ['no answer in 600 s, RReqs delivered and answered', { ending: '001', isShown: true }, '601s'],
    ]
    for (const [index, [title, wave, span]] of moves.entries()) {
      await withServer(`move-${index}`, async (server) => {
        await open(server, ds.url, count, wave)
        const before = ds.received.length
        const seconds = await advance(server, span)
        const told = ds.received.length - before
        if (told !== (wave.isSilent === true ? 0 : count)) throw new Error(`${told} RReqs`)
        line(
          `${title.padEnd(85)} ${seconds.toFixed(1).padStart(10)} ${((seconds * 1_000) / count).toFixed(2).padStart(9)}`,
        )
      })
      ds.received.length = 0
    }
    line()
    const again = path.join('again')
    await withServer(again, (server) => open(server, ds.url, count, { ending: '001', isShown: true }))
    const empty = await withServer('empty', async ({ readyMs }) => readyMs)
    const full = await withServer(again, async (server) => {
      await advance(server, '601s')
      return server.readyMs
    })
    if (ds.received.length !== count) throw new Error(`${ds.received.length} RReqs after the restart`)
    line(
      `Start with none ${(empty / 1_000).toFixed(2)} s, with all of them open ${(full / 1_000).toFixed(2)} s; then all ended as they would have.`,
    )
  } finally {
    agent.destroy()
    await ds.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
