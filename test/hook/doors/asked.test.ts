// Asked while the AReq waits: what a source answers, or does not, is told apart; the AReq waits no longer than the deadline.
import net, { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { webhookProblem } from '../../../src/protocol/crypto/webhook-signature.ts'
import {
  aboutOf,
  areqWith,
  assessmentOf,
  type Call,
  now,
  reply,
  secretOf,
  service,
  sourcesIn,
  testDoors,
} from './support.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const deadline = 150
/** A busy machine may be late by that much. */
const lateness = 1_000

const sourcesAt = (url: string, more = '') =>
  sourcesIn(`sources:
  - name: alpha
    key: { secret: ${secretOf('a')} }
    doors: [asked]
    ask: { url: ${url}, deadline: ${deadline}ms, failures: 3, openFor: 1m${more} }
`)

async function doorsTo(answer: (res: import('node:http').ServerResponse, call: Call) => void, more = '') {
  const asked = await service(answer)
  const doors = testDoors(sourcesAt(asked.url, more))
  closers.push(asked.close, doors.close)
  return { asked, doors }
}

test('a question is signed, names the transaction, and holds neither card number nor secrets; the answer is heard', async () => {
  const { asked, doors } = await doorsTo(
    (res, call) => reply(res, assessmentOf(aboutOf(call), { verdict: 'REVIEW', score: 0.6 })),
    ', share: [email]',
  )
  const areq = areqWith({ acctNumber: '4111112000000001', email: 'hanako@example.test', cardExpiryDate: '3012' })
  const { heard, unheard } = await doors.hear(areq)
  expect(unheard).toEqual([])
  expect(heard).toMatchObject([{ door: 'asked', assessment: { source: 'alpha', verdict: 'REVIEW', score: 0.6 } }])
  expect(heard[0]?.ms).toBeGreaterThan(0)
  const [call] = asked.calls
  if (call === undefined) throw new Error('nobody was asked')
  expect(call.json).toMatchObject({
    type: 'assessment.requested',
    about: { threeDSServerTransID: areq.threeDSServerTransID, acquirerMerchantID: 'HAKONE-0001' },
    areq: { purchaseAmount: areq.purchaseAmount, email: 'hanako@example.test' },
  })
  expect(call.body).not.toContain('4111112000000001')
  expect(call.body).not.toContain('3012')
  expect(webhookProblem([secretOf('a')], call.headers, Buffer.from(call.body), now)).toBeUndefined()
  expect(webhookProblem([secretOf('b')], call.headers, Buffer.from(call.body), now)).toBe('badSignature')
})

test('a source that has nothing to say answers 204, which is no problem', async () => {
  const { doors } = await doorsTo((res) => res.writeHead(204).end())
  expect(await doors.hear(areqWith())).toMatchObject({ heard: [], unheard: [] })
  expect(doors.noted).toMatchObject([{ what: 'silent', source: 'alpha' }])
})

const other = '8a880dc0-d2d2-4067-bcb1-b08d1690b26e'

describe.each<[string, string, (res: import('node:http').ServerResponse, call: Call) => void]>([
  ['is slow', 'timeout', () => {}],
  [
    'begins and does not go on',
    'timeout',
    (res) => {
      res.writeHead(200, { 'content-type': 'application/json' })
      res.write('{')
    },
  ],
  ['hangs up', 'unreachable', (res) => res.destroy()],
  ['fails', 'badStatus', (res) => res.writeHead(500).end('{}')],
  ['leads elsewhere', 'badStatus', (res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['says too much', 'tooLarge', (res) => reply(res, 'x'.repeat(20_000))],
  [
    'says too much without an end',
    'tooLarge',
    (res) => {
      res.on('error', () => {})
      res.writeHead(200)
      for (let i = 0; i < 10; i += 1) res.write('x'.repeat(10_000))
    },
  ],
  ['speaks no JSON', 'malformed', (res) => reply(res, '<html>')],
  ['says a list', 'malformed', (res) => reply(res, [])],
  ['says another verdict', 'schema', (res, call) => reply(res, assessmentOf(aboutOf(call), { verdict: 'FINE' }))],
  ['says more than there is', 'schema', (res, call) => reply(res, assessmentOf(aboutOf(call), { trust: 1 }))],
  ['is another one', 'badSignature', (res, call) => reply(res, assessmentOf(aboutOf(call)), { secret: secretOf('b') })],
  ['does not sign', 'badSignature', (res, call) => res.writeHead(200).end(JSON.stringify(assessmentOf(aboutOf(call))))],
  ['signed it long ago', 'tooOld', (res, call) => reply(res, assessmentOf(aboutOf(call)), { at: now - 400_000 })],
  ['made it long ago', 'tooOld', (res, call) => reply(res, assessmentOf(aboutOf(call), {}, now - 2 * 86_400_000))],
  ['is of the future', 'notYetValid', (res, call) => reply(res, assessmentOf(aboutOf(call), {}, now + 400_000))],
  [
    'says what has expired',
    'expired',
    (res, call) => reply(res, assessmentOf(aboutOf(call), { expiresAt: new Date(now).toISOString() })),
  ],
  ['speaks of another transaction', 'otherTransaction', (res) => reply(res, assessmentOf(other))],
  [
    'speaks of another merchant',
    'otherTransaction',
    (res, call) =>
      reply(res, assessmentOf(undefined, { about: { threeDSServerTransID: aboutOf(call), acquirerMerchantID: 'X' } })),
  ],
  ['names no transaction', 'otherTransaction', (res) => reply(res, assessmentOf(other, { about: { orderId: '1' } }))],
  [
    'speaks for another source',
    'unknownSource',
    (res, call) => reply(res, assessmentOf(aboutOf(call), { source: 'beta' })),
  ],
])('a source that %s', (_, problem, answer) => {
  test(`is not heard: ${problem}`, async () => {
    const { doors } = await doorsTo(answer)
    const { heard, unheard, took } = await doors.hear(areqWith())
    expect(heard).toEqual([])
    expect(unheard).toMatchObject([{ door: 'asked', source: 'alpha', problem }])
    expect(doors.noted.filter(({ what }) => what === 'unheard')).toMatchObject([
      { door: 'asked', source: 'alpha', problem },
    ])
    expect(took).toBeLessThan(deadline + lateness)
    expect(doors.failures).toEqual([])
  })
})

test('nobody is there', async () => {
  const doors = testDoors(sourcesAt('http://127.0.0.1:1'))
  closers.push(doors.close)
  expect((await doors.hear(areqWith())).unheard).toMatchObject([{ source: 'alpha', problem: 'unreachable' }])
})

test('who takes the connection and never speaks is waited for until the deadline', async () => {
  const sockets: net.Socket[] = []
  const server = net.createServer((socket) => void sockets.push(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => void server.close(() => resolve()))
  })
  const doors = testDoors(sourcesAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  closers.push(doors.close)
  const { unheard, took } = await doors.hear(areqWith())
  expect(unheard).toMatchObject([{ problem: 'timeout' }])
  expect(took).toBeGreaterThan(deadline - 20)
  expect(took).toBeLessThan(deadline + lateness)
})

test('an answer that came before is replayed, also where it would fit', async () => {
  const { doors } = await doorsTo((res, call) => reply(res, assessmentOf(aboutOf(call)), { id: 'always-the-same' }))
  expect((await doors.hear(areqWith())).heard).toHaveLength(1)
  expect((await doors.hear(areqWith())).unheard).toMatchObject([{ problem: 'replayed' }])
})

test('an unsigned answer counts where the sources file says that none is signed', async () => {
  const { doors } = await doorsTo(
    (res, call) => res.writeHead(200).end(JSON.stringify(assessmentOf(aboutOf(call)))),
    ', signed: false',
  )
  expect((await doors.hear(areqWith())).heard).toHaveLength(1)
})

describe('a source that failed three times in a row', () => {
  test('is not asked any more for a while, and AReqs do not wait for it', async () => {
    const { asked, doors } = await doorsTo((res) => res.writeHead(503).end())
    for (let i = 0; i < 3; i += 1) await doors.hear(areqWith())
    expect(doors.isOpen('alpha')).toBe(true)
    const { unheard } = await doors.hear(areqWith())
    expect(unheard).toMatchObject([{ source: 'alpha', problem: 'circuitOpen' }])
    expect(asked.calls).toHaveLength(3)
    expect(doors.noted.filter(({ what }) => what === 'circuit')).toEqual([
      { what: 'circuit', source: 'alpha', isOpen: true },
    ])
  })

  test('is tried once when the while is over, and asked again when that goes well', async () => {
    let isWell = false
    const asked = await service((res, call) =>
      isWell ? reply(res, assessmentOf(aboutOf(call))) : res.writeHead(503).end(),
    )
    let time = 0
    const doors = testDoors(sourcesAt(asked.url), { stopwatch: () => time })
    closers.push(asked.close, doors.close)
    for (let i = 0; i < 3; i += 1) await doors.hear(areqWith())
    time = 60_001
    expect((await doors.hear(areqWith())).unheard).toMatchObject([{ problem: 'badStatus' }])
    expect((await doors.hear(areqWith())).unheard).toMatchObject([{ problem: 'circuitOpen' }])
    time = 120_002
    isWell = true
    const both = await Promise.all([doors.hear(areqWith()), doors.hear(areqWith())])
    expect(both.flatMap(({ heard }) => heard)).toHaveLength(1)
    expect(both.flatMap(({ unheard }) => unheard)).toMatchObject([{ problem: 'circuitOpen' }])
    expect((await doors.hear(areqWith())).heard).toHaveLength(1)
    expect(doors.noted.filter(({ what }) => what === 'circuit').map(({ isOpen }) => isOpen)).toEqual([true, false])
  })
})

test('who lies is asked on: only who fails is left alone', async () => {
  const { asked, doors } = await doorsTo((res) => reply(res, assessmentOf(other)))
  for (let i = 0; i < 5; i += 1) await doors.hear(areqWith())
  expect(asked.calls).toHaveLength(5)
})

test('sources are asked at the same time: ten slow ones cost one deadline', async () => {
  const asked = await service(() => {})
  const sources = sourcesIn(
    `sources:\n${Array.from(
      { length: 10 },
      (_, i) =>
        `  - { name: slow${i}, key: { secret: ${secretOf('a')} }, ask: { url: ${asked.url}, deadline: ${deadline}ms } }\n`,
    ).join('')}`,
  )
  const doors = testDoors(sources)
  closers.push(asked.close, doors.close)
  const { unheard, took } = await doors.hear(areqWith())
  expect(unheard.map(({ problem }) => problem)).toEqual(Array.from({ length: 10 }, () => 'timeout'))
  expect(took).toBeLessThan(deadline + lateness)
})

test('a source that is asked only where it is named is not asked otherwise; what cannot be asked is told', async () => {
  const { extensionOf } = await import('../../../src/protocol/crypto/assessment-extension.ts')
  const { asked, doors } = await doorsTo((res, call) => reply(res, assessmentOf(aboutOf(call))), ', when: named')
  expect(await doors.hear(areqWith())).toMatchObject({ heard: [], unheard: [] })
  expect(asked.calls).toHaveLength(0)
  const named = areqWith({ messageExtension: [extensionOf({ ask: 'alpha' })] })
  expect((await doors.hear(named)).heard).toMatchObject([{ door: 'asked' }])
  const unknown = areqWith({ messageExtension: [extensionOf({ ask: 'nobody' })] })
  expect((await doors.hear(unknown)).unheard).toEqual([{ door: 'asked', problem: 'unknownSource' }])
})

test('fifty AReqs wait at once, and nothing is left behind', async () => {
  const warnings: string[] = []
  const note = (warning: Error): void => void warnings.push(warning.name)
  process.on('warning', note)
  const { doors } = await doorsTo(() => {}, '')
  const all = await Promise.all(Array.from({ length: 50 }, () => doors.hear(areqWith())))
  expect(all.flatMap(({ unheard }) => unheard.map(({ problem }) => problem))).toEqual(
    Array.from({ length: 50 }, () => 'timeout'),
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  process.off('warning', note)
  expect(warnings).toEqual([])
})

test('a merchant that the source may not speak about is not told to it', async () => {
  const asked = await service((res) => res.writeHead(204).end())
  const doors = testDoors(
    sourcesIn(`sources:
  - { name: alpha, key: { secret: ${secretOf('a')} }, merchants: [OTHER-1], ask: { url: ${asked.url} } }
`),
  )
  closers.push(asked.close, doors.close)
  expect(await doors.hear(areqWith())).toMatchObject({ heard: [], unheard: [] })
  expect(asked.calls).toHaveLength(0)
})
