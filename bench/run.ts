// npm run bench: the ACS beside a stock Express echo, interleaved in one run, so that a busy machine hits both alike.
// Goals and definitions: docs/performance.md.
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { shippedPolicy } from '../src/risk/policy.ts'
import { benchChallenges } from './challenges.ts'
import { nextAReq } from './corpus.ts'
import { openLoop } from './open-loop.ts'
import { benchScore } from './score.ts'
import { benchValidation } from './validation.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    latency: { type: 'boolean', default: false },
    only: { type: 'string' },
    count: { type: 'string', default: '10000' },
  },
})
if (values.only === 'validation') {
  await benchValidation()
  process.exit(0)
}

if (values.only === 'score') {
  await benchScore()
  process.exit(0)
}

if (values.only === 'challenges') {
  await benchChallenges(Number(values.count))
  process.exit(0)
}

const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const connections = Number(values.connections)

const folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-bench-'))
const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN
const quantile = (list: readonly number[], q: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))] ?? Number.NaN

interface Usage {
  readonly cpu: NodeJS.CpuUsage
  readonly rss: number
}

interface Server {
  readonly name: string
  readonly port: number
  readonly child: ChildProcess
  readonly rates: number[]
  readonly cpus: number[]
}

/** One answer to `message` from the child. */
const ask = <T>(child: ChildProcess, message: string): Promise<T> =>
  new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as T))
    child.send(message)
  })

async function start(name: string, script: string, port: number, args: readonly string[]): Promise<Server> {
  const log = openSync(path.join(folder, `${name}.log`), 'w')
  const child = fork(new URL(script, import.meta.url), [String(port), ...args], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', log, 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)))
  })
  return { name, port, child, rates: [], cpus: [] }
}

/** Closed loop: every connection sends its next AReq when the answer is there. Returns requests and what went wrong. */
async function closedLoop(
  server: Server,
  duration: number,
): Promise<{ readonly rate: number; readonly requests: number; readonly bad: number }> {
  const result = await autocannon({
    url: `http://127.0.0.1:${server.port}/acs/areq`,
    connections,
    duration,
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    requests: [{ setupRequest: (request) => ({ ...request, body: nextAReq() }) }],
  })
  return {
    rate: result.requests.total / result.duration,
    requests: result.requests.total,
    bad: result.non2xx + result.errors,
  }
}

async function measure(server: Server): Promise<void> {
  const before = await ask<Usage>(server.child, 'usage')
  const { rate, requests, bad } = await closedLoop(server, seconds)
  const after = await ask<Usage>(server.child, 'usage')
  if (bad > 0) throw new Error(`${server.name}: ${bad} requests failed`)
  const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  server.rates.push(rate)
  server.cpus.push(cpu / requests)
}

/** fdatasync of 8 KB appended, median in milliseconds. */
function fsyncMedian(): number {
  const file = openSync(path.join(folder, 'fsync'), 'w')
  const times: number[] = []
  for (let i = 0; i < 200; i += 1) {
    writeSync(file, Buffer.alloc(8_192, 120))
    const from = performance.now()
    fdatasyncSync(file)
    times.push(performance.now() - from)
  }
  closeSync(file)
  return median(times)
}

const echo = await start('echo', './serve-echo.ts', 9471, [])
const eight = await start('sekisho', './serve-sekisho.ts', 9472, [path.join(folder, 'eight')])
const thirty = await start('sekisho-30', './serve-sekisho.ts', 9473, [
  path.join(folder, 'thirty'),
  shippedPolicy('features-30').pathname,
])
const servers = [echo, eight, thirty]

const line = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
line(`Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}`)
line(
  `fdatasync p50 ${fsyncMedian().toFixed(3)} ms; ${rounds} rounds of ${seconds} s each, ${connections} connections, closed loop`,
)
line(
  'Corpus: browser AReqs of about 3 KB with new transaction ids, 2,000 cards, 50 shops, no challenges; log, metrics, journal and evidence on; WAL, synchronous FULL.',
)

for (const server of servers) await closedLoop(server, 3) // warm up
for (let round = 0; round < rounds; round += 1) for (const server of servers) await measure(server)

const ratio = (own: readonly number[], theirs: readonly number[]): number =>
  median(own.map((value, i) => value / (theirs[i] ?? Number.NaN)))
line('')
line('                          req/s   CPU µs/request   ratio req/s   ratio CPU')
for (const server of servers) {
  const columns = [
    server.name.padEnd(22),
    median(server.rates).toFixed(0).padStart(9),
    median(server.cpus).toFixed(1).padStart(16),
    ratio(server.rates, echo.rates).toFixed(2).padStart(13),
    ratio(server.cpus, echo.cpus).toFixed(2).padStart(11),
  ]
  line(columns.join(' '))
}
line('Goal 1: ratio req/s ≥ 1.0 (floor 0.8), ratio CPU ≤ 0.95. Ratios are medians of the rounds.')

if (values.latency) {
  line('')
  line('Open loop, Poisson arrivals at half of the own maximum')
  for (const server of [echo, eight]) {
    const latencies = await openLoop(server.port, median(server.rates) / 2, seconds * 2)
    line(
      `${server.name.padEnd(22)} p50 ${quantile(latencies, 0.5).toFixed(2)} ms   p99 ${quantile(latencies, 0.99).toFixed(2)} ms   max ${Math.max(...latencies).toFixed(1)} ms`,
    )
  }
  line('Goal 2: p99 ≤ 2× the echo’s, p50 ≤ 2 ms, none above 150 ms.')
}

for (const { child } of servers) child.send('stop')
await Promise.all(servers.map(({ child }) => new Promise((resolve) => child.once('exit', resolve))))
rmSync(folder, { recursive: true, force: true })
