// A Sekisho with two sources, and what they send.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Settings } from '../../../src/config.ts'
import { webhookHeaders } from '../../../src/protocol/crypto/webhook-signature.ts'
import type { Overrides } from '../../../src/start/house.ts'
import { browserAReq, type Members, post } from '../../support/messages.ts'
import { type Running, running } from '../../support/running.ts'
import { secretOf } from '../doors/support.ts'

export { secretOf } from '../doors/support.ts'

export interface WithSources extends Running {
  readonly folder: string
}

/** `alpha` speaks for every merchant and vouches for itself, `beta` for SHOP-B only. */
export async function withSources(
  more: { readonly webhooks?: { readonly alpha?: string; readonly beta?: string } } = {},
  settings: Settings = {},
  overrides: Overrides = {},
): Promise<WithSources> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-hook-'))
  const file = path.join(folder, 'sources.yaml')
  const { alpha, beta } = more.webhooks ?? {}
  writeFileSync(
    file,
    [
      'sources:',
      '  - name: alpha',
      `    key: { secret: '${secretOf('a')}' }`,
      '    vouchesForItself: true',
      ...(alpha === undefined ? [] : [`    webhook: { url: '${alpha}' }`]),
      '  - name: beta',
      `    key: { secret: '${secretOf('b')}' }`,
      '    merchants: [SHOP-B]',
      ...(beta === undefined ? [] : [`    webhook: { url: '${beta}' }`]),
      '',
    ].join('\n'),
  )
  const sekisho = await running({ only: ['acs'], hookSources: file, ...settings }, overrides)
  return {
    ...sekisho,
    folder,
    async close() {
      await sekisho.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Signing {
  readonly source?: 'alpha' | 'beta'
  readonly secret?: string
  readonly type?: string
  readonly at?: number
  readonly tenant?: string
}

/** A signed message to a door. */
export async function send(
  sekisho: Running,
  door: string,
  body: Members | string,
  { source = 'alpha', secret = secretOf(source.charAt(0)), type = 'application/json', at, tenant }: Signing = {},
): Promise<{ readonly status: number; readonly body: Members }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const base = tenant === undefined ? sekisho.acs : `${sekisho.acs}/t/${tenant}`
  const response = await fetch(`${base}/hook/${door}`, {
    method: 'POST',
    headers: {
      'content-type': type,
      'sekisho-source': source,
      ...webhookHeaders(secret, `msg_${randomUUID()}`, at ?? Date.now(), text),
    },
    body: text,
  })
  const answer = await response.text()
  return { status: response.status, body: (answer === '' ? {} : JSON.parse(answer)) as Members }
}

let cards = 0
/** A number of a risk range that nobody has used. */
export const newCard = (): string => {
  cards += 1
  return `41111100${String(cards).padStart(7, '0')}7`
}

export interface Paid {
  readonly acsTransID: string
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  readonly transStatus: string
}

/** A payment that the engine decides. */
export async function pay(sekisho: Running, change: Members = {}, tenant?: string): Promise<Paid> {
  const areq = browserAReq({ acctNumber: newCard(), threeDSServerTransID: randomUUID(), ...change })
  const base = tenant === undefined ? sekisho.acs : `${sekisho.acs}/t/${tenant}`
  const { body } = await post(`${base}/acs/areq`, areq)
  if (body.messageType !== 'ARes') throw new Error(`expected an ARes, got ${JSON.stringify(body)}`)
  return {
    acsTransID: String(body.acsTransID),
    threeDSServerTransID: String(areq.threeDSServerTransID),
    dsTransID: String(areq.dsTransID),
    transStatus: String(body.transStatus),
  }
}

/** What a thief uses that the holder never did. */
export const thief = (n: number): Members => ({
  email: `thief-${n}@mail.example.jp`,
  shipAddrLine1: `${n} Nowhere Street`,
  shipAddrCity: 'Tokyo',
  shipAddrPostCode: '160-0023',
  shipAddrCountry: '392',
})
