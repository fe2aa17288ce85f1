// The doors of a running Sekisho: told ahead, asked, carried. Whatever comes, the AReq is answered, and the record says what came.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { extensionOf, signedAssessment } from '../../../src/protocol/crypto/assessment-extension.ts'
import { webhookHeaders } from '../../../src/protocol/crypto/webhook-signature.ts'
import { positionOf } from '../../../src/risk/features.ts'
import { readFeatures } from '../../../src/risk/kept.ts'
import { addFault, clearFaults } from '../../faults/support.ts'
import { engineCard, purchase } from '../../http/merchant-side.ts'
import { shown } from '../../http/support.ts'
import { browserAReq, type Members, post } from '../../support/messages.ts'
import { type Running, running } from '../../support/running.ts'
import { ask, tenantOf } from '../../tenants/support.ts'
import { aboutOf, assessmentOf, type Call, reply, type Service, secretOf, service } from './support.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-hook-'))
const secret = secretOf('a')
const at = Date.parse('2026-01-01T00:00:00Z')

let sekisho: Running
let asked: Service
let answer: (res: import('node:http').ServerResponse, call: Call) => void = (res) => void res.writeHead(204).end()

beforeAll(async () => {
  asked = await service((res, call) => answer(res, call))
  const file = path.join(folder, 'sources.yaml')
  writeFileSync(
    file,
    `sources:
  - name: alpha
    label: { en: Alpha, ja: アルファ }
    key: { secret: ${secret} }
    doors: [areq, ahead]
  - name: beta
    key: { secret: ${secretOf('b')} }
    doors: [asked]
    ask: { url: '${asked.url}', deadline: 250ms, when: named, failures: 1000 }
  - { name: gamma, key: { secret: ${secretOf('c')} }, doors: [areq] }
`,
  )
  sekisho = await running({ hookSources: file, clock: 'frozen' })
})
afterAll(async () => {
  await sekisho?.close()
  await asked?.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  answer = (res) => void res.writeHead(204).end()
})

let ids = 0
/** A signed POST ahead of the AReq. */
async function tell(
  value: unknown,
  {
    to = sekisho,
    key = secret,
    id = '',
    time = at,
    headers = {},
  }: { to?: Pick<Running, 'acs'>; key?: string; id?: string; time?: number; headers?: Record<string, string> } = {},
) {
  ids += 1
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  return post(`${to.acs}/hook/assessments`, body, {
    'content-type': 'application/json',
    ...webhookHeaders(key, id === '' ? `told_${ids}` : id, time, body),
    ...headers,
  })
}

const tellable = (id: unknown, change: Members = {}) => assessmentOf(id, change, at)

const areqOf = (change: Members = {}): Members =>
  browserAReq({ acctNumber: engineCard(), acquirerMerchantID: 'HAKONE-0001', ...purchase, ...change })

const pay = async (areq: Members, to: Pick<Running, 'acs'> = sekisho): Promise<Members> => {
  const { status, body } = await post(`${to.acs}/acs/areq`, areq)
  expect(status).toBe(200)
  expect(body.messageType).toBe('ARes')
  return body
}

const decisionOf = async (ares: Members, to: Pick<Running, 'acs'> = sekisho): Promise<Members> =>
  (await ask(to, 'GET', `/transactions/${String(ares.acsTransID)}/decision`)).body

let rooms = 0
/** A tenant that nobody has paid in yet: scores of two of them can be compared. */
const fresh = (): Running => {
  rooms += 1
  return tenantOf(sekisho, `hook-fresh-${rooms}`)
}

const metric = async (line: RegExp): Promise<number> => {
  const text = await (await fetch(`${sekisho.acs}/metrics`)).text()
  return Number(line.exec(text)?.[1] ?? 0)
}

describe('told ahead', () => {
  test('an assessment is taken with 202, and is heard with its AReq', async () => {
    const areq = areqOf()
    const told = await tell(tellable(areq.threeDSServerTransID, { verdict: 'NG', score: 0.95 }))
    expect(told).toEqual({
      status: 202,
      body: { source: 'alpha', verdict: 'NG', threeDSServerTransID: areq.threeDSServerTransID },
    })
    const ares = await pay(areq)
    expect(await decisionOf(ares)).toMatchObject({
      assessments: [{ source: 'alpha', door: 'ahead', verdict: 'NG', score: 0.95 }],
      unheard: [],
    })
    expect(ares.transStatus).toBe('C') // NG is at least a challenge
  })

  test('the youngest of a source counts, in whatever order they come', async () => {
    const areq = areqOf()
    const issuedAt = (ms: number) => new Date(at + ms).toISOString()
    await tell(tellable(areq.threeDSServerTransID, { verdict: 'OK', issuedAt: issuedAt(-1_000) }))
    await tell(tellable(areq.threeDSServerTransID, { verdict: 'REVIEW', issuedAt: issuedAt(-60_000) }))
    expect(await decisionOf(await pay(areq))).toMatchObject({ assessments: [{ verdict: 'OK' }] })
  })

  test('an id counts once, also for another body', async () => {
    const areq = areqOf()
    const value = tellable(areq.threeDSServerTransID, { verdict: 'REVIEW' })
    expect((await tell(value, { id: 'once' })).status).toBe(202)
    expect(await tell(value, { id: 'once' })).toMatchObject({ status: 409, body: { problem: 'replayed' } })
    const changed = tellable(areq.threeDSServerTransID, { verdict: 'OK' })
    expect(await tell(changed, { id: 'once' })).toMatchObject({ status: 409, body: { problem: 'replayed' } })
    expect(await decisionOf(await pay(areq))).toMatchObject({ assessments: [{ verdict: 'REVIEW' }] })
  })

  test('fifty at once with one id: one is taken', async () => {
    const value = tellable(crypto.randomUUID())
    const all = await Promise.all(Array.from({ length: 50 }, () => tell(value, { id: 'crowd' })))
    expect(all.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(all.filter(({ status }) => status === 409)).toHaveLength(49)
  })

  const some = crypto.randomUUID()
  const later = (ms: number) => new Date(at + ms).toISOString()
  test.each<[string, number, string, () => ReturnType<typeof tell>]>([
    ['forged', 401, 'badSignature', () => tell(tellable(some), { key: secretOf('x') })],
    ['unsigned', 401, 'badSignature', () => tell(tellable(some), { headers: { 'webhook-signature': '' } })],
    ['signed long ago', 401, 'tooOld', () => tell(tellable(some), { time: at - 600_000 })],
    ['signed in the future', 401, 'notYetValid', () => tell(tellable(some), { time: at + 600_000 })],
    ['of nobody', 401, 'unknownSource', () => tell(tellable(some, { source: 'nobody' }))],
    ['of no name at all', 401, 'unknownSource', () => tell(tellable(some, { source: { toString: 1 } }))],
    [
      'of another than it says',
      401,
      'unknownSource',
      () => tell(tellable(some), { headers: { 'sekisho-source': 'beta' } }),
    ],
    [
      'by a door that is not its own',
      403,
      'unknownSource',
      () => tell(tellable(some, { source: 'gamma' }), { key: secretOf('c') }),
    ],
    ['no JSON', 400, 'malformed', () => tell('{"source":"alpha"')],
    ['a list', 400, 'malformed', () => tell([])],
    ['deeply nested', 400, 'malformed', () => tell(`{"source":"alpha","x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)],
    ['too large', 413, 'tooLarge', () => tell(tellable(some, { reasons: ['x'.repeat(20_000)] }))],
    ['of another schema', 422, 'schema', () => tell(tellable(some, { verdict: 'MAYBE' }))],
    ['expired', 422, 'expired', () => tell(tellable(some, { expiresAt: later(-1) }))],
    ['of tomorrow', 422, 'notYetValid', () => tell(tellable(some, { issuedAt: later(86_400_000) }))],
    ['of last week', 422, 'tooOld', () => tell(tellable(some, { issuedAt: later(-604_800_000) }))],
    ['about no transaction', 422, 'otherTransaction', () => tell(tellable(some, { about: { orderId: '1' } }))],
  ])('%s: %d, %s', async (_, status, problem, send) => {
    expect(await send()).toMatchObject({ status, body: { problem } })
  })

  test('what does not fit the schema is told with its paths, never with values', async () => {
    const { body } = await tell(tellable(some, { verdict: 'MAYBE', score: 7, more: '4111112000000001' }))
    expect(body.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'verdict' }),
        expect.objectContaining({ path: 'score' }),
        expect.objectContaining({ path: 'more' }),
      ]),
    )
    expect(JSON.stringify(body)).not.toMatch(/MAYBE|4111112000000001/)
  })

  test.each([
    ['a member', '"verdict":"NG","verdict":"OK"'],
    ['a member, written in two ways', '"verdict":"NG","v\\u0065rdict":"OK"'],
    ['its transaction', '"verdict":"OK","about":{"orderId":"7"}'],
  ])('one that says %s twice is malformed: two readers could take it for two things', async (_, members) => {
    const { threeDSServerTransID } = areqOf()
    const text = JSON.stringify(tellable(threeDSServerTransID)).replace('"verdict":"OK"', members)
    expect(await tell(text)).toMatchObject({ status: 400, body: { problem: 'malformed' } })
  })

  test.each<[string, Members]>([
    ['reasons', { reasons: ['ok', 'card-4111111111111111'] }],
    [
      'about.orderId',
      { about: { threeDSServerTransID: areqOf().threeDSServerTransID, orderId: '4111 1111 1111 1111' } },
    ],
    ['signals.rawAddress', { signals: { rawAddress: 'call 4111-1111-1111-1111' } }],
  ])('card numbers are not kept: one in %s is refused', async (name, change) => {
    const { body, status } = await tell(tellable(areqOf().threeDSServerTransID, change))
    expect({ status, body }).toMatchObject({ status: 422, body: { problems: [{ path: name }] } })
    expect(JSON.stringify(body)).not.toContain('4111')
  })

  test('other methods and media types are refused', async () => {
    expect((await fetch(`${sekisho.acs}/hook/assessments`)).status).toBe(405)
    expect((await tell(tellable(some), { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
    expect((await tell(tellable(some), { headers: { 'content-encoding': 'gzip' } })).status).toBe(415)
  })

  test('what was refused and names a transaction is told in its record, and changes nothing in its score', async () => {
    const areq = areqOf()
    const [plain, attacked] = [fresh(), fresh()]
    const forged = tellable(areq.threeDSServerTransID, { verdict: 'OK', score: 0 })
    await tell(forged, { to: attacked, key: secretOf('x') })
    await tell({ ...forged, verdict: 'FINE' }, { to: attacked })
    const one = await decisionOf(await pay(areq, plain), plain)
    const other = await decisionOf(await pay(areq, attacked), attacked)
    expect(other).toMatchObject({
      assessments: [],
      unheard: [
        { door: 'ahead', source: 'alpha', problem: 'badSignature' },
        { door: 'ahead', source: 'alpha', problem: 'schema' },
      ],
    })
    expect(other.score).toBe(one.score)
  })

  test('two tenants are apart: what one is told the other does not hear, and ids count in each', async () => {
    const [red, blue] = [tenantOf(sekisho, 'hook-red'), tenantOf(sekisho, 'hook-blue')]
    const areq = areqOf()
    const value = tellable(areq.threeDSServerTransID, { verdict: 'NG' })
    expect((await tell(value, { to: red, id: 'both' })).status).toBe(202)
    const quiet = await decisionOf(await pay(areq, blue), blue)
    expect(quiet).toMatchObject({ assessments: [], unheard: [] })
    expect(await decisionOf(await pay(areq, red), red)).toMatchObject({ assessments: [{ source: 'alpha' }] })
    expect((await tell(value, { to: blue, id: 'both' })).status).toBe(202)
    await tell(value, { to: red, key: secretOf('x') })
    expect((await tell(value, { to: red, id: 'both' })).status).toBe(409)
  })

  test('times go by the clock of the tenant', async () => {
    const green = tenantOf(sekisho, 'hook-green')
    await ask(green, 'POST', '/reset', { clock: { mode: 'frozen', now: '2031-05-05T00:00:00Z' } })
    const may = Date.parse('2031-05-05T00:00:00Z')
    const value = assessmentOf(crypto.randomUUID(), {}, may)
    expect((await tell(value, { to: green, time: may })).status).toBe(202)
    expect((await tell(tellable(some), { to: green })).body.problem).toBe('tooOld')
  })

  test('an assessment that expires before its AReq comes does not count any more', async () => {
    const late = tenantOf(sekisho, 'hook-late')
    const areq = areqOf()
    await tell(tellable(areq.threeDSServerTransID, { verdict: 'OK', expiresAt: later(60_000) }), { to: late })
    await ask(late, 'POST', '/clock', { advance: '2m' })
    expect(await decisionOf(await pay(areq, late), late)).toMatchObject({
      assessments: [],
      unheard: [{ door: 'ahead', source: 'alpha', problem: 'expired' }],
    })
  })
})

describe('asked', () => {
  const named = () => areqOf({ messageExtension: [extensionOf({ ask: 'beta' })] })

  test('the answer is heard, and how long it took is kept and counted', async () => {
    answer = (res, call) =>
      reply(res, assessmentOf(aboutOf(call), { source: 'beta', verdict: 'REVIEW' }, at), { secret: secretOf('b'), at })
    const ares = await pay(named())
    expect(await decisionOf(ares)).toMatchObject({
      assessments: [{ source: 'beta', door: 'asked', verdict: 'REVIEW' }],
    })
    expect(await metric(/sekisho_hook_asking_seconds_count\{door="asked",source="beta"\} (\d+)/)).toBeGreaterThan(0)
    expect(await metric(/sekisho_hook_assessments_total\{door="asked",source="beta",verdict="REVIEW"\} (\d+)/)).toBe(1)
  })

  test.each<[string, typeof answer]>([
    ['timeout', () => {}],
    ['badStatus', (res) => void res.writeHead(500).end()],
    ['badSignature', (res, call) => reply(res, assessmentOf(aboutOf(call), { source: 'beta' }, at), { at })],
    [
      'otherTransaction',
      (res) => reply(res, assessmentOf(crypto.randomUUID(), { source: 'beta' }, at), { secret: secretOf('b'), at }),
    ],
  ])(
    '%s: the AReq is answered without it, scored as if nobody had been there, and the problem has its counter',
    async (problem, how) => {
      answer = how
      const line = new RegExp(`sekisho_hook_problems_total\\{door="asked",source="beta",problem="${problem}"\\} (\\d+)`)
      const before = await metric(line)
      const [quiet, lying] = [fresh(), fresh()]
      const areq = named()
      await pay(areqOf(), lying) // it is made on first use
      const from = performance.now()
      const ares = await pay(areq, lying)
      expect(performance.now() - from).toBeLessThan(3_000)
      const decision = await decisionOf(ares, lying)
      expect(decision).toMatchObject({ assessments: [], unheard: [{ door: 'asked', source: 'beta', problem }] })
      expect(await metric(line)).toBe(before + 1)
      answer = (res) => void res.writeHead(204).end()
      await pay(areqOf(), quiet)
      expect(decision.score).toBe((await decisionOf(await pay(areq, quiet), quiet)).score)
    },
  )

  test('while one AReq waits for its source, others of the same card do not', async () => {
    answer = () => {}
    const acctNumber = engineCard()
    const waiting = pay({ ...named(), acctNumber })
    const from = performance.now()
    const others = await Promise.all(Array.from({ length: 5 }, () => pay(areqOf({ acctNumber }))))
    expect(performance.now() - from).toBeLessThan(2_000)
    expect(others).toHaveLength(5)
    // Profiles are read after the wait: the five have been counted by then.
    const { acsTransID } = await waiting
    const rows = await sekisho.store?.transactions({ tenant: 0, limit: 1, acsTransID: String(acsTransID) })
    const features = readFeatures(rows?.[0]?.details.features as readonly (number | null)[])
    expect(features[positionOf('n_1h_account')]).toBe(5)
  })

  const whole = (res: import('node:http').ServerResponse, call: Call): void => {
    if (aboutOf(call) === 'undefined') res.writeHead(400).end()
    else reply(res, assessmentOf(aboutOf(call), { source: 'beta', verdict: 'OK' }, at), { secret: secretOf('b'), at })
  }

  test.each([
    [{ kind: 'drop' }, 'unreachable', 'drop'],
    [{ kind: 'hang' }, 'timeout', 'hang'],
    [{ kind: 'reset' }, 'unreachable', 'reset'],
    [{ kind: 'delay', delay: '2s' }, 'timeout', 'delay'],
    [{ kind: 'status', status: 503 }, 'badStatus', 'status 503'],
    [{ kind: 'malformed' }, 'badStatus', 'malformed'],
    [{ kind: 'html' }, 'badStatus', 'html'],
    [{ kind: 'truncate' }, 'unreachable', 'truncate'],
    [{ kind: 'missing', element: 'about' }, 'badStatus', 'missing'],
  ])('a question may meet a fault on purpose: %j', async (fault, problem, name) => {
    answer = whole
    await addFault(sekisho, { link: 'ACS-hook', message: 'ask', fault })
    const decision = await decisionOf(await pay(named()))
    expect(decision).toMatchObject({ assessments: [], unheard: [{ door: 'asked', source: 'beta', problem }] })
    expect(String((decision.unheard as Members[])[0]?.fault)).toContain(name)
    await clearFaults(sekisho)
    expect(await decisionOf(await pay(named()))).toMatchObject({ assessments: [{ source: 'beta' }] })
  })

  test('a fault that signs wrongly shows whether a source looks', async () => {
    answer = whole
    await addFault(sekisho, { link: 'ACS-hook', fault: { kind: 'badSignature' } })
    await pay(named())
    const { webhookProblem } = await import('../../../src/protocol/crypto/webhook-signature.ts')
    const call = asked.calls.at(-1)
    expect(webhookProblem([secretOf('b')], call?.headers ?? {}, Buffer.from(call?.body ?? ''), at)).toBe('badSignature')
    await clearFaults(sekisho)
  })

  test('a fault comes with a plan of one transaction, too', async () => {
    answer = whole
    const areq = named()
    await addFault(sekisho, {
      link: 'ACS->hook',
      match: { threeDSServerTransID: areq.threeDSServerTransID },
      fault: { kind: 'drop' },
    })
    expect(await decisionOf(await pay(named()))).toMatchObject({ assessments: [{ source: 'beta' }] })
    expect(await decisionOf(await pay(areq))).toMatchObject({ unheard: [{ problem: 'unreachable' }] })
    await clearFaults(sekisho)
  })
})

test('carried in the AReq: the journal keeps the extension, the decision its word', async () => {
  const areq = areqOf()
  const jws = await signedAssessment(tellable(areq.threeDSServerTransID, { verdict: 'HOLD' }), 'alpha', secret)
  const ares = await pay({ ...areq, messageExtension: [extensionOf({ jws })] })
  expect(await decisionOf(ares)).toMatchObject({ assessments: [{ source: 'alpha', door: 'areq', verdict: 'HOLD' }] })
  expect(JSON.stringify((await shown(sekisho, String(ares.acsTransID))).messages)).toContain('sekisho-assessment')
})

test('a forged one in the AReq is not critical: the ARes is the same as without it', async () => {
  const areq = areqOf()
  const jws = await signedAssessment(tellable(areq.threeDSServerTransID), 'alpha', secretOf('x'))
  const [plain, forged] = [fresh(), fresh()]
  const ares = await pay({ ...areq, messageExtension: [extensionOf({ jws })] }, forged)
  const usual = await pay(areq, plain)
  expect(ares.transStatus).toBe(usual.transStatus)
  const decision = await decisionOf(ares, forged)
  expect(decision).toMatchObject({ unheard: [{ door: 'areq', source: 'alpha', problem: 'badSignature' }] })
  expect(decision.score).toBe((await decisionOf(usual, plain)).score)
})

test('the log names doors, sources and problems, and no key, no signature, no body', async () => {
  await tell(tellable(crypto.randomUUID(), { signals: { kanji: '山田太郎' } }), { key: secretOf('x') })
  const lines = sekisho.log()
  expect(lines).toContain('"problem":"badSignature"')
  for (const key of ['a', 'b', 'c', 'x']) expect(lines).not.toContain(secretOf(key).slice(6))
  expect(lines).not.toMatch(/v1,|山田|known-customer/)
})

test('unknown sources have one name in the counters, whatever they call themselves', async () => {
  for (let i = 0; i < 5; i += 1) await tell(tellable(crypto.randomUUID(), { source: `made-up-${i}` }))
  const text = await (await fetch(`${sekisho.acs}/metrics`)).text()
  expect(text).not.toContain('made-up')
  expect(text).toMatch(/sekisho_hook_problems_total\{door="ahead",source="unknown",problem="unknownSource"\}/)
})

test('the hook describes itself as OpenAPI', async () => {
  const document = (await (await fetch(`${sekisho.acs}/hook/openapi.json`)).json()) as Members
  const { valid, errors } = await new Validator().validate(document as never)
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(Object.keys(document.paths as Members)).toContain('/hook/assessments')
})
