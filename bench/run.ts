// npm run bench: the ACS beside a stock Express echo, interleaved in one run, so that a busy machine hits both alike.
// Goals and definitions: docs/performance.md.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { ShippedPolicy } from '../src/risk/policy.ts'
import { benchChallenges } from './challenges.ts'
import { openLoop } from './open-loop.ts'
import { benchScore } from './score.ts'
import {
  comparison,
  fsyncMedian,
  measureInTurn,
  median,
  type Server,
  startServer,
  stopServers,
  unchallenging,
} from './servers.ts'
import { benchStored } from './stored.ts'
import { benchValidation } from './validation.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    latency: { type: 'boolean', default: false },
    only: { type: 'string' },
    count: { type: 'string', default: '10000' },
    stored: { type: 'string', default: '0,1000000x4700,10000000x200' },
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

if (values.only === 'stored') {
  await benchStored(values.stored, { rounds, seconds, connections })
  process.exit(0)
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-bench-'))
const quantile = (list: readonly number[], q: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))] ?? Number.NaN

const sekisho = (name: string, port: number, policy: ShippedPolicy): Promise<Server> =>
  startServer(name, {
    script: './serve-sekisho.ts',
    port,
    args: [path.join(folder, name), unchallenging(policy, folder)],
    folder,
  })
const echo = await startServer('echo', { script: './serve-echo.ts', port: 9471, folder })
const usual = await sekisho('default', 9472, 'default')
const servers = [
  echo,
  usual,
  await sekisho('features-30', 9473, 'features-30'),
  await sekisho('rules-jp', 9474, 'rules-jp'),
]

const line = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
line(`Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}`)
line(
  `fdatasync p50 ${fsyncMedian(folder).toFixed(3)} ms; ${rounds} rounds of ${seconds} s each, ${connections} connections, closed loop`,
)
line(
  'Corpus: browser AReqs of about 3 KB with new transaction ids, 2,000 cards of a risk range, 50 shops; the engine decides and no threshold is reached; log, metrics, journal and evidence on; WAL, synchronous FULL.',
)

await measureInTurn(servers, rounds, { seconds, connections })
line(`\n${comparison(servers)}`)
line('Goal 1: ratio req/s ≥ 1.0 (floor 0.8), ratio CPU ≤ 0.95. Ratios are medians of the rounds.')

if (values.latency) {
  line('')
  line('Open loop, Poisson arrivals at half of the own maximum')
  for (const server of [echo, usual]) {
    const latencies = await openLoop(server.port, median(server.rates) / 2, seconds * 2)
    line(
      `${server.name.padEnd(22)} p50 ${quantile(latencies, 0.5).toFixed(2)} ms   p99 ${quantile(latencies, 0.99).toFixed(2)} ms   max ${Math.max(...latencies).toFixed(1)} ms`,
    )
  }
  line('Goal 2: p99 ≤ 2× the echo’s, p50 ≤ 2 ms, none above 150 ms.')
}

await stopServers(servers)
rmSync(folder, { recursive: true, force: true })
