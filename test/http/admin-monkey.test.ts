// Whatever is sent to the admin API: an answer in its own words, and never a failure.
import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { challengeCard, type Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { challenged } from './support.ts'

vi.setConfig({ testTimeout: 600_000 }) // hundreds of requests, on a busy machine

let sekisho: Running
let ds: ListeningDs
let acsTransID = ''

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] })
  acsTransID = (await challenged(sekisho, ds)).acsTransID
})

afterAll(async () => {
  await sekisho.close()
  await ds.close()
})

const names = [
  'acctNumber',
  'state',
  'note',
  'messages',
  'message',
  'transStatus',
  'name',
  'when',
  'then',
  'profile',
  'text',
  'acsTransID',
  'authenticationValue',
  'eci',
  'limit',
  'areq',
  'policy',
  'path',
  'value',
  'kind',
  'reason',
  'hash',
  'basedOn',
  'csv',
  '__proto__',
  'constructor',
]
const leaf = fc.oneof(
  fc.constantFrom(
    challengeCard,
    '4111110000000021',
    'Y',
    'C',
    'N',
    'active',
    'blocked',
    'strict',
    '',
    '0',
    '-1',
    '1e999',
    '2026-01-15T10:30:00Z',
    '../..',
  ),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), tie('tree'), { maxKeys: 5 }),
  ),
}))
const body = fc.oneof(
  { weight: 5, arbitrary: tree.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
)

const resources = [
  '/transactions',
  '/inbox',
  '/cards',
  '/stubs',
  '/scenarios',
  '/scenarios/match',
  '/policy',
  '/policies',
  '/policies/draft',
  '/policies/check',
  '/policies/edit',
  '/policies/diff',
  '/policies/backtest',
  '/policies/publish',
  '/policies/releases',
  '/policies/texts',
  '/policies/shipped',
  '/lists/deny',
  '/lists/allow/csv',
  '/lists/changes',
  '/explain',
  '/stats',
  '/authentication-values',
  '/authentication-values/verify',
  '/lint',
  '/elements',
  '/nothing',
]
const segment = fc.oneof(
  fc.constantFrom('', 'messages', 'next', 'match', 'verify', 'acctNumber', '__proto__', '%00', '..%2f', '%ff'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).map(encodeURIComponent),
  fc.constant('ACS-TRANS-ID'),
)
const query = fc.oneof(
  fc.constant(''),
  fc
    .dictionary(
      fc.constantFrom(
        'limit',
        'after',
        'before',
        'from',
        'to',
        'q',
        'acsTransID',
        'cursor',
        'messageType',
        'status',
        'version',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      { maxKeys: 4 },
    )
    .map((fields) => `?${new URLSearchParams(fields).toString()}`),
  fc.constantFrom('?limit=1e99', '?limit=-1', '?from=x&to=y', '?%', '?a[b]=1&a[__proto__]=2', '?limit=1&limit=2'),
)
const path = fc
  .tuple(fc.constantFrom(...resources), fc.array(segment, { maxLength: 2 }), query)
  .map(([resource, segments, asked]) => `/api/v1${[resource, ...segments].join('/')}${asked}`)

const ask = async (
  method: string,
  target: string,
  sent?: Uint8Array,
): Promise<{ status: number; type: string; text: string }> => {
  const response = await fetch(`${sekisho.acs}${target.replace('ACS-TRANS-ID', acsTransID)}`, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
    ...(sent !== undefined && { body: new Uint8Array(sent), headers: { 'content-type': 'application/json' } }),
  })
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() }
}

describe('the admin API', () => {
  test.prop([fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'), path, body], { numRuns: 400 })(
    'answers any write with 2xx or 4xx',
    async (method, target, sent) => {
      const { status, type, text } = await ask(method, target, sent)
      expect([status, text]).toEqual([status < 500 ? status : 'below 500', text])
      if (status >= 400 && type.includes('json')) expect(typeof (JSON.parse(text) as Members).error).toBe('string')
    },
  )

  test.prop([path.filter((target) => !target.startsWith('/api/v1/events'))], { numRuns: 200 })(
    'answers any question with 2xx, 304 or 4xx',
    async (target) => {
      const { status, text } = await ask('GET', target)
      expect([status, text]).toEqual([status < 500 ? status : 'below 500', text])
    },
  )

  test.prop([body], { numRuns: 150 })('lints anything', async (sent) => {
    const { status, text } = await ask('POST', '/api/v1/lint', sent)
    expect([status, text]).toEqual([status < 500 ? status : 'below 500', text])
  })

  test.prop([fc.constant(0)], { numRuns: 1 })('noted no failure of ours', () => {
    expect(sekisho.log()).not.toMatch(/"level":(?:50|60)/)
  })
})
