// npm run bench:hostile: how long after its last byte hostile input is answered; the goal is 50 ms each (docs/performance.md).
// All but the last byte is sent ahead; the clock runs from the last byte to the end of the answer, as a client sees it.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { byteForms, type Hostile, structures, values } from '../test/support/hostile.ts'

const { values: options } = parseArgs({ options: { times: { type: 'string', default: '15' } } })
const times = Number(options.times)
const port = 9474
const goalMs = 50

const line = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Milliseconds from the last byte to the end of the answer, and its status. */
function once(body: Buffer): Promise<{ readonly ms: number; readonly status: number }> {
  const head = `POST /acs/areq HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`
  const whole = Buffer.concat([Buffer.from(head), body])
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    let lastAt = 0
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', reject)
    socket.on('close', () =>
      resolve({ ms: performance.now() - lastAt, status: Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(answer)?.[1] ?? 0) }),
    )
    const sendLast = async (): Promise<void> => {
      await pause(30) // until the server has read what is there
      lastAt = performance.now()
      socket.write(whole.subarray(-1))
    }
    socket.write(whole.subarray(0, -1), () => void sendLast())
  })
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-hostile-'))
const child = fork(new URL('./serve-sekisho.ts', import.meta.url), [String(port), folder], {
  execArgv: ['--import', 'tsx'],
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
})
await new Promise<void>((resolve, reject) => {
  child.once('message', () => resolve())
  child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
})

const all: readonly Hostile[] = [...structures, ...values, ...byteForms]
const harmless = Buffer.from('{"messageType":"AReq"}')
for (let i = 0; i < 200; i += 1) await once(harmless) // warm up
line(
  `Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}; each input ${times} times`,
)
line('     bytes   p50 ms   max ms   HTTP   input')
let late = 0
for (const [what, body] of all) {
  const taken: number[] = []
  let bytes = 0
  let status = 0
  for (let i = 0; i < times; i += 1) {
    const sent = Buffer.from(body() as string)
    bytes = sent.length
    const answer = await once(sent)
    taken.push(answer.ms)
    status = answer.status
  }
  taken.sort((a, b) => a - b)
  const p50 = taken[times >> 1] ?? Number.NaN
  const max = taken.at(-1) ?? Number.NaN
  if (p50 > goalMs) late += 1
  line(
    `${String(bytes).padStart(10)} ${p50.toFixed(1).padStart(8)} ${max.toFixed(1).padStart(8)} ${String(status).padStart(6)}   ${what}`,
  )
}
line(`Goal: each within ${goalMs} ms of the last byte. Later (by the median): ${late} of ${all.length}.`)
child.send('stop')
await new Promise((resolve) => child.once('exit', resolve))
rmSync(folder, { recursive: true, force: true })
process.exitCode = late > 0 ? 1 : 0
