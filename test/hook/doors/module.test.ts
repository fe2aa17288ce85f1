// A module of the operator in a thread of this process: what it returns, how it fails, and that it never holds an AReq up.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { moduleSource, sourcesOf } from '../../../src/acs/hook/sources.ts'
import { openHookModule } from '../../../src/outbound/hook-module.ts'
import { areqWith, now, testDoors } from './support.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-module-'))
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
function moduleOf(code: string, deadline = 200, lostAfterMs = 100) {
  files += 1
  const file = path.join(folder, `${files}.mjs`)
  writeFileSync(file, code)
  const problems: string[] = []
  const module = openHookModule({ file, deadline, lostAfterMs, onProblem: (problem) => void problems.push(problem) })
  const doors = testDoors(sourcesOf([moduleSource]), { module })
  closers.push(() => module.close(), doors.close)
  return { module, doors, problems }
}

test('what it returns is heard; source, time and transaction go without saying', async () => {
  const { module, doors } = moduleOf(
    `export default ({ areq, at, tenant }) => ({
      verdict: areq.merchantName === 'risky' ? 'NG' : 'OK', score: 0.4, reasons: [tenant, 'card-' + areq.acctNumber.length],
    })`,
  )
  await module.ready()
  const areq = areqWith({ merchantName: 'risky', acctNumber: '4111112000000001' })
  const { heard, unheard } = await doors.hear(areq)
  expect(unheard).toEqual([])
  expect(heard).toMatchObject([
    {
      door: 'module',
      assessment: {
        source: 'module',
        verdict: 'NG',
        issuedAt: new Date(now).toISOString(),
        about: { threeDSServerTransID: areq.threeDSServerTransID },
      },
    },
  ])
})

test('it sees the card number masked', async () => {
  const { module, doors } = moduleOf(
    `export const assess = async ({ areq }) => ({ verdict: 'OK', reasons: [areq.acctNumber.replace(/[^0-9]/g, 'x')] })`,
  )
  await module.ready()
  const { heard } = await doors.hear(areqWith({ acctNumber: '4111112000000001' }))
  expect(heard[0]?.assessment.reasons).toEqual(['411111xxxxxx0001'])
})

test('nothing is no problem', async () => {
  const { module, doors } = moduleOf('export default () => undefined')
  await module.ready()
  expect(await doors.hear(areqWith())).toMatchObject({ heard: [], unheard: [] })
})

describe.each([
  ['throws', `throw new Error('secret: ' + JSON.stringify(areq))`, 'moduleFailed'],
  ['is slow', `await new Promise((resolve) => setTimeout(resolve, 5_000))`, 'timeout'],
  ['never lets go of its thread', `for (;;);`, 'timeout'],
  ['ends the process', `process.exit(1)`, 'moduleFailed'],
  ['returns no assessment', `return { verdict: 'FINE' }`, 'schema'],
  ['returns a text', `return 'OK'`, 'malformed'],
  ['returns what cannot be written', `const a = {}; a.a = a; return a`, 'moduleFailed'],
  ['returns more than it may', `return { verdict: 'OK', reasons: ['x'.repeat(200_000)] }`, 'moduleFailed'],
  ['speaks for another source', `return { verdict: 'OK', source: 'screening' }`, 'unknownSource'],
  ['speaks of another transaction', `return { verdict: 'OK', about: { orderId: '1' } }`, 'otherTransaction'],
  ['says what has expired', `return { verdict: 'OK', expiresAt: '2020-01-01T00:00:00Z' }`, 'expired'],
])('a module that %s', (_, code, problem) => {
  test(`is not heard: ${problem}`, async () => {
    const { module, doors } = moduleOf(`export default async ({ areq }) => { ${code} }`)
    await module.ready()
    const { heard, unheard, took } = await doors.hear(areqWith())
    expect(heard).toEqual([])
    expect(unheard).toMatchObject([{ door: 'module', problem }])
    expect(took).toBeLessThan(1_200)
    expect(doors.failures).toEqual([])
  })
})

test('a thread that was lost is begun again, and the module is heard again', async () => {
  const { module, doors, problems } = moduleOf(
    `export default ({ areq }) => { if (areq.merchantName === 'stuck') for (;;); return { verdict: 'OK' } }`,
  )
  await module.ready()
  expect((await doors.hear(areqWith({ merchantName: 'stuck' }))).unheard).toMatchObject([{ problem: 'timeout' }])
  await expect
    .poll(async () => (await doors.hear(areqWith({ merchantName: 'fine' }))).heard.length, { timeout: 8_000 })
    .toBe(1)
  expect(problems.join()).toContain('begun again')
})

test('one that is only slow is not begun again', async () => {
  const { module, doors, problems } = moduleOf(
    `let calls = 0
     export default async () => { calls += 1; await new Promise((resolve) => setTimeout(resolve, calls === 1 ? 600 : 0)); return { verdict: 'OK', reasons: ['call-' + calls] } }`,
    100,
    300,
  )
  await module.ready()
  expect((await doors.hear(areqWith())).unheard).toMatchObject([{ problem: 'timeout' }])
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect((await doors.hear(areqWith())).heard).toMatchObject([{ assessment: { reasons: ['call-2'] } }])
  expect(problems).toEqual([])
})

test.each([
  ['nothing', 'null'],
  ['a text', `'hello'`],
  ['an answer that is no JSON', `{ id: 1, text: '{' }`],
  ['an answer that is no text', `{ id: 1, text: 7 }`],
])('one that posts %s itself hurts nobody', async (_, posted) => {
  const { module, doors } = moduleOf(
    `import { parentPort } from 'node:worker_threads'
     let calls = 0
     export default () => { calls += 1; if (calls === 1) parentPort.postMessage(${posted}); return { verdict: 'OK' } }`,
    5_000,
  )
  await module.ready()
  await doors.hear(areqWith())
  expect((await doors.hear(areqWith())).heard).toMatchObject([{ door: 'module' }])
  expect(doors.failures).toEqual([])
})

test('one that posts without end is ended, and begun again', async () => {
  const { module, doors, problems } = moduleOf(
    `import { parentPort } from 'node:worker_threads'
     export default ({ areq }) => {
       if (areq.merchantName === 'flood') for (let i = 0; i < 200_000; i += 1) parentPort.postMessage(i)
       return { verdict: 'OK' }
     }`,
    5_000,
  )
  await module.ready()
  expect((await doors.hear(areqWith({ merchantName: 'flood' }))).unheard).toMatchObject([{ problem: 'moduleFailed' }])
  expect(problems).toEqual(['it posts messages of its own'])
  await expect.poll(async () => (await doors.hear(areqWith())).heard.length, { timeout: 8_000 }).toBe(1)
})

test('one that takes memory without end is ended, and begun again', async () => {
  const { module, doors, problems } = moduleOf(
    `export default ({ areq }) => {
       const all = []
       while (areq.merchantName === 'hungry') all.push(Array.from({ length: 100_000 }, (_, i) => ({ i })))
       return { verdict: 'OK' }
     }`,
    60_000,
  )
  await module.ready()
  expect((await doors.hear(areqWith({ merchantName: 'hungry' }))).unheard).toMatchObject([{ problem: 'moduleFailed' }])
  expect(problems.join()).toContain('memory')
  await expect.poll(async () => (await doors.hear(areqWith())).heard.length, { timeout: 20_000 }).toBe(1)
}, 90_000)

test('one whose threads end again and again is begun less and less often', async () => {
  const { module, problems } = moduleOf(
    `setTimeout(() => { throw new Error('later') }, 100)
     export default () => ({ verdict: 'OK' })`,
  )
  await module.ready()
  await expect.poll(() => problems.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2)
  // Without pauses it would be begun ten times in a second.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(problems.length).toBeLessThan(8)
})

test.each([
  ['export const nothing = 1', /no function/],
  ['process.exit(0)', /ended/],
  ['this is no module', /.+/],
])('what cannot be used is said before anything starts: %s', async (code, words) => {
  const { module } = moduleOf(code)
  await expect(module.ready()).rejects.toThrow(words)
})
