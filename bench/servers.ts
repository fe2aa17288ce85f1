// What a bench measures: servers in processes of their own, driven in a closed loop, round after round in turn.
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import autocannon from 'autocannon'
import { type ShippedPolicy, shippedPolicy } from '../src/risk/policy.ts'
import { nextAReq } from './corpus.ts'

interface Usage {
  readonly cpu: NodeJS.CpuUsage
  readonly rss: number
}

export interface Server {
  readonly name: string
  readonly port: number
  readonly child: ChildProcess
  /** Requests a second, of each round. */
  readonly rates: number[]
  /** Microseconds of processor time for a request, of each round. */
  readonly cpus: number[]
}

export const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN

/** One answer to `message` from the child. */
const ask = <T>(child: ChildProcess, message: string): Promise<T> =>
  new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as T))
    child.send(message)
  })

/** `folder`: where its log goes. */
export async function startServer(
  name: string,
  { script, port, args = [], folder }: { script: string; port: number; args?: readonly string[]; folder: string },
): Promise<Server> {
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

export async function stopServers(servers: readonly Server[]): Promise<void> {
  const ended = servers.map(({ child }) => new Promise((resolve) => child.once('exit', resolve)))
  for (const { child } of servers) child.send('stop')
  await Promise.all(ended)
}

export interface Load {
  readonly seconds: number
  readonly connections: number
}

/** Closed loop: every connection sends its next AReq when the answer is there. */
async function closedLoop({ name, port }: Server, { seconds, connections }: Load) {
  const { requests, duration, non2xx, errors } = await autocannon({
    url: `http://127.0.0.1:${port}/acs/areq`,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    requests: [{ setupRequest: (request) => ({ ...request, body: nextAReq() }) }],
  })
  if (non2xx + errors > 0) throw new Error(`${name}: ${non2xx + errors} requests failed`)
  return { rate: requests.total / duration, requests: requests.total }
}

async function measure(server: Server, load: Load): Promise<void> {
  const before = await ask<Usage>(server.child, 'usage')
  const { rate, requests } = await closedLoop(server, load)
  const after = await ask<Usage>(server.child, 'usage')
  const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  server.rates.push(rate)
  server.cpus.push(cpu / requests)
}

/** Each of them in turn, so that a busy machine hits all alike; every round begins with another. */
export async function measureInTurn(servers: readonly Server[], rounds: number, load: Load): Promise<void> {
  for (const server of servers) await closedLoop(server, { ...load, seconds: 3 }) // warm up
  for (let round = 0; round < rounds; round += 1)
    for (let i = 0; i < servers.length; i += 1) {
      const server = servers[(i + round) % servers.length]
      if (server !== undefined) await measure(server, load)
    }
}

/** A table: every server against the first. Ratios are medians of the rounds. */
export function comparison(servers: readonly Server[]): string {
  const [reference] = servers
  const ratio = (own: readonly number[], theirs: readonly number[] = []): string =>
    median(own.map((value, i) => value / (theirs[i] ?? Number.NaN))).toFixed(2)
  const rows = servers.map(({ name, rates, cpus }) =>
    [
      name.padEnd(22),
      median(rates).toFixed(0).padStart(9),
      median(cpus).toFixed(1).padStart(16),
      ratio(rates, reference?.rates).padStart(13),
      ratio(cpus, reference?.cpus).padStart(11),
    ].join(' '),
  )
  return ['                          req/s   CPU µs/request   ratio req/s   ratio CPU', ...rows].join('\n')
}

/** A shipped policy whose thresholds nothing reaches: all of its work, and no challenge that a later round would meet. */
export function unchallenging(name: ShippedPolicy, folder: string): string {
  const text = readFileSync(shippedPolicy(name), 'utf8')
  const changed = text.replace(/^thresholds: .*$/m, 'thresholds: { challenge: 90, reject: 99 }')
  if (changed === text) throw new Error(`${name}: no thresholds`)
  const file = path.join(folder, `${name}.yaml`)
  writeFileSync(file, changed)
  return file
}

/** fdatasync of 8 KB appended, median in milliseconds. */
export function fsyncMedian(folder: string): number {
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
