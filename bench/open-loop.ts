// AReqs that come when they come, whether or not the answers are there.
import http from 'node:http'
import { nextAReq } from './corpus.ts'

/** One request on a kept connection; milliseconds from when it was due. */
function once(agent: http.Agent, port: number, due: number, latencies: number[]): Promise<void> {
  const body = nextAReq()
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        port,
        host: '127.0.0.1',
        path: '/acs/areq',
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume()
        response.on('end', () => {
          latencies.push(performance.now() - due)
          resolve()
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** Open loop: arrivals come when they come (Poisson), whether or not the answers are there. */
export async function openLoop(port: number, rate: number, duration: number): Promise<readonly number[]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 512 })
  const latencies: number[] = []
  const sent: Promise<void>[] = []
  const from = performance.now()
  let due = from
  while (due < from + duration * 1_000) {
    due += (-Math.log(1 - Math.random()) / rate) * 1_000
    const wait = due - performance.now()
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait - 0.5))
    else await new Promise((resolve) => setImmediate(resolve))
    sent.push(once(agent, port, due, latencies))
  }
  await Promise.all(sent)
  agent.destroy()
  return latencies
}
