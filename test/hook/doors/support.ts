// What the tests of the doors share: a merchant-side service, sources, assessments, and doors without a server around them.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HookWitness } from '../../../src/acs/hook/door-ports.ts'
import { type DoorsPorts, openDoors } from '../../../src/acs/hook/doors.ts'
import { createRefusals } from '../../../src/acs/hook/refusals.ts'
import { type HookSources, readSources } from '../../../src/acs/hook/sources.ts'
import { createHookLink } from '../../../src/outbound/hook-link.ts'
import { webhookHeaders } from '../../../src/protocol/crypto/webhook-signature.ts'
import type { AReq } from '../../../src/protocol/messages/types.ts'
import type { Assessment } from '../../../src/risk/assessment.ts'
import { browserAReq, type Members } from '../../support/messages.ts'

export const secretOf = (letter: string): string => `whsec_${Buffer.alloc(32, letter).toString('base64')}`

export const now = Date.parse('2026-11-22T03:00:00Z')

/** An assessment about the transaction, of `at`. */
export const assessmentOf = (threeDSServerTransID: unknown, change: Members = {}, at = now): Members => ({
  source: 'alpha',
  verdict: 'OK',
  reasons: ['known-customer'],
  issuedAt: new Date(at).toISOString(),
  about: { threeDSServerTransID },
  ...change,
})

export const sourcesIn = (text: string): HookSources => readSources(text, {})

export interface Call {
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
  readonly json: Members
}

export interface Service {
  readonly url: string
  readonly calls: Call[]
  close(): Promise<void>
}

/** A server on loopback that keeps its calls and answers as told. */
export async function service(answer: (res: http.ServerResponse, call: Call) => void): Promise<Service> {
  const calls: Call[] = []
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('error', () => {})
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      let json: Members = {}
      try {
        json = JSON.parse(body) as Members
      } catch {}
      const call = { headers: req.headers, body, json }
      calls.push(call)
      answer(res, call)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

let ids = 0
/** Answers with the value as JSON, signed. */
export function reply(
  res: http.ServerResponse,
  value: unknown,
  { secret = secretOf('a'), at = now, id = '' }: { secret?: string; at?: number; id?: string } = {},
): void {
  ids += 1
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  res.writeHead(200, {
    'content-type': 'application/json',
    ...webhookHeaders(secret, id === '' ? `answer_${ids}` : id, at, body),
  })
  res.end(body)
}

export const aboutOf = ({ json }: Call): string =>
  String((json.about as { threeDSServerTransID?: unknown } | undefined)?.threeDSServerTransID)

export interface Noted {
  readonly what: string
  readonly door?: string
  readonly source?: string | undefined
  readonly problem?: string
  readonly verdict?: string
  readonly ms?: number | undefined
  readonly isOpen?: boolean
}

/** Doors with their own memory, and what they told the log. */
export function testDoors(sources: HookSources, change: Partial<DoorsPorts> = {}) {
  const noted: Noted[] = []
  const failures: unknown[] = []
  const told = new Map<string, { at: number; assessment: Assessment }[]>()
  const link = createHookLink({})
  const witness: HookWitness = {
    heard: (event) => void noted.push({ what: 'heard', ...event }),
    unheard: (event) => void noted.push({ what: 'unheard', ...event }),
    silent: (event) => void noted.push({ what: 'silent', ...event }),
    circuit: (event) => void noted.push({ what: 'circuit', ...event }),
    limited: (event) => void noted.push({ what: 'limited', ...event }),
  }
  const doors = openDoors({
    sources: () => sources,
    hook: { ahead: { of: (_tenant, id) => told.get(id.toLowerCase()) ?? [] } },
    refusals: createRefusals(),
    clock: { now: () => now },
    stopwatch: () => performance.now(),
    witness,
    link,
    tenantName: 'default',
    onFailure: (error) => void failures.push(error),
    ...change,
  })
  return {
    noted,
    failures,
    told,
    close: () => link.close(),
    isOpen: doors.isOpen,
    async hear(areq: Members) {
      const from = performance.now()
      const hearing = await doors.hear(areq as AReq, { tenant: 0 })
      return { ...hearing, took: performance.now() - from }
    },
  }
}

export const areqWith = (change: Members = {}): Members => browserAReq({ acquirerMerchantID: 'HAKONE-0001', ...change })
