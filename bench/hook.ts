// npm run bench:hook: what the hook costs an AReq: with none, a healthy, a dead and a slow one, interleaved in one run, so that a busy
// machine hits all alike. Open loop at a fixed rate. What it means: docs/performance.md.
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { closedPort } from './closed-port.ts'
import { openLoop } from './open-loop.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    rate: { type: 'string', default: '50' },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const rate = Number(values.rate)

const folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-bench-hook-'))
const secret = `whsec_${Buffer.alloc(32, 'b').toString('base64')}`
const deadline = 300

function start(script: string, args: readonly string[]): Promise<{ child: ChildProcess; said: unknown }> {
  const log = openSync(path.join(folder, 'log'), 'a')
  const child = fork(new URL(script, import.meta.url), [...args], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', log, 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (said) => resolve({ child, said }))
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)))
  })
}

const healthy = await start('./serve-hook.ts', [secret, '2'])
const slow = await start('./serve-hook.ts', [secret, '2000'])
const nobody = await closedPort()

interface Case {
  readonly name: string
  /** Where its source is asked; undefined: there is none. */
  readonly port: number | undefined
  readonly failures: number
}

const cases: readonly Case[] = [
  { name: 'none', port: undefined, failures: 5 },
  { name: 'healthy (2 ms)', port: Number(healthy.said), failures: 5 },
  { name: 'dead', port: nobody, failures: 5 },
  { name: 'slow (2 s)', port: Number(slow.said), failures: 5 },
  { name: 'dead, no breaker', port: nobody, failures: 1000 },
  { name: 'slow, no breaker', port: Number(slow.said), failures: 1000 },
]

const servers = []
for (const [index, { name, port, failures }] of cases.entries()) {
  const file = path.join(folder, `${index}.yaml`)
  const ask = `{ url: 'http://127.0.0.1:${port}/', deadline: ${deadline}ms, failures: ${failures} }`
  const source = `  - { name: bench, key: { secret: ${secret} }, doors: [asked], ask: ${ask} }\n`
  writeFileSync(file, port === undefined ? 'sources: []\n' : `sources:\n${source}`)
  const own = 9480 + index
  const { child } = await start('./serve-sekisho.ts', [
    String(own),
    path.join(folder, String(index)),
    '',
    JSON.stringify({ hookSources: file }),
  ])
  servers.push({ name, child, port: own, latencies: [] as number[] })
}

const line = (text: string): void => void process.stdout.write(`${text}\n`)
const quantile = (list: readonly number[], q: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))] ?? Number.NaN

line(`Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}`)
line(
  `${rounds} rounds of ${seconds} s each, interleaved; open loop, Poisson, ${rate} AReqs a second; deadline ${deadline} ms`,
)
for (const { port } of servers) await openLoop(port, rate, 2) // warm up
for (let round = 0; round < rounds; round += 1)
  for (const server of servers) server.latencies.push(...(await openLoop(server.port, rate, seconds)))

line('')
line('hook                      AReqs     p50 ms     p99 ms     max ms')
for (const { name, latencies } of servers) {
  const columns = [quantile(latencies, 0.5), quantile(latencies, 0.99), Math.max(...latencies)]
  line(
    `${name.padEnd(22)} ${String(latencies.length).padStart(8)} ${columns.map((ms) => ms.toFixed(1).padStart(10)).join(' ')}`,
  )
}
line(`Goal: no p99 above that of none by more than the deadline (${deadline} ms).`)

for (const { child } of [...servers, healthy, slow]) child.send('stop')
await Promise.all([...servers, healthy, slow].map(({ child }) => new Promise((resolve) => child.once('exit', resolve))))
rmSync(folder, { recursive: true, force: true })
