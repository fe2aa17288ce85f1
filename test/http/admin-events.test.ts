// Live events of the admin API (SSE): what a console hears, how often, and that it costs nothing when nobody listens.
import http from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, challenged, codeOf, opened, put, until, wrongCode } from './support.ts'

let ds: ListeningDs
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

interface Told {
  readonly type: string
  readonly data: Members
}

interface Viewer {
  readonly headers: http.IncomingHttpHeaders
  readonly told: Told[]
  /** All text that came. */
  readonly text: () => string
  readonly isOver: () => boolean
  readonly isComplete: () => boolean
  close(): void
}

/** Reads the stream as any client would, without an SSE library. */
function viewer(where: Running = sekisho): Promise<Viewer> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${where.acs}/api/v1/events`, { agent: false }, (response) => {
      let text = ''
      let rest = ''
      let isOver = false
      const told: Told[] = []
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        rest += chunk
        const blocks = rest.split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          const field = (name: string): string | undefined => new RegExp(`^${name}:(.*)$`, 'm').exec(block)?.[1]
          const type = field('event')
          if (type !== undefined) told.push({ type, data: JSON.parse(field('data') ?? '{}') as Members })
        }
      })
      response.on('close', () => {
        isOver = true
      })
      response.on('error', () => {})
      resolve({
        headers: response.headers,
        told,
        text: () => text,
        isOver: () => isOver,
        isComplete: () => response.complete,
        close: () => request.destroy(),
      })
    })
    request.on('error', reject)
  })
}

const rowsIn = (one: Viewer): readonly Members[] =>
  one.told.filter(({ type }) => type === 'transactions').flatMap(({ data }) => data.transactions as Members[])
const pay = (change: Members = {}) =>
  post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: frictionlessCard, dsURL: ds.url, ...change }))

test('a new transaction is told as its line of the list, and changes are told again', async () => {
  const one = await viewer()
  expect(one.headers['content-type']).toMatch(/^text\/event-stream/)
  expect(one.headers['cache-control']).toContain('no-store')
  const challenge = await challenged(sekisho, ds, { merchantName: 'Live Shop' })
  await until(() => rowsIn(one).length > 0)
  const { body } = await apiRows()
  expect(rowsIn(one)[0]).toEqual(body.find(({ acsTransID }) => acsTransID === challenge.acsTransID))
  expect(rowsIn(one)[0]).toMatchObject({ merchantName: 'Live Shop', challenge: 'awaitingFirstCReq' })

  const page = await opened(sekisho, challenge)
  await until(() => rowsIn(one).some((row) => row.challenge === 'awaitingAnswer'))
  await until(() => one.told.some(({ type }) => type === 'inbox'))
  const code = await codeOf(sekisho, challenge)
  await answered(sekisho, challenge, page, { otp: code })
  await until(() => rowsIn(one).some((row) => row.resultStatus === 'Y' && row.delivery === 'delivered'))
  expect(one.text()).not.toContain(code)
  one.close()
})

const apiRows = async (): Promise<{ readonly body: readonly Members[] }> => {
  const response = await fetch(`${sekisho.acs}/api/v1/transactions?view=summary`)
  return { body: ((await response.json()) as Members).transactions as Members[] }
}

test('a change of the register and a wrong code tell which card it was', async () => {
  const one = await viewer()
  const { body: card } = await put(sekisho, '/cards', { acctNumber: '4111110000000021', holder: 'New Name' }, 'POST')
  const idsTold = (): readonly unknown[] =>
    one.told.filter(({ type }) => type === 'cards').flatMap(({ data }) => data.ids as unknown[])
  await until(() => idsTold().includes(card.id))
  const challenge = await challenged(sekisho, ds)
  const page = await opened(sekisho, challenge)
  await answered(sekisho, challenge, page, { otp: wrongCode(await codeOf(sekisho, challenge)) })
  await until(() => idsTold().length === 2)
  one.close()
})

test('a burst comes in a few batches of at most a hundred lines, the newest ones, and says how many it left out', async () => {
  const one = await viewer()
  const answers = await Promise.all(Array.from({ length: 260 }, () => pay()))
  const last = new Set(answers.map(({ body }) => body.acsTransID))
  const total = (): number =>
    rowsIn(one).length +
    one.told.filter(({ type }) => type === 'transactions').reduce((sum, { data }) => sum + Number(data.skipped), 0)
  await until(() => total() >= 260)
  for (const { type, data } of one.told) {
    if (type === 'transactions') expect((data.transactions as unknown[]).length).toBeLessThanOrEqual(100)
  }
  expect(total()).toBe(260)
  expect(rowsIn(one).every(({ acsTransID }) => last.has(acsTransID))).toBe(true)
  const { body } = await apiRows()
  expect(rowsIn(one).map(({ acsTransID }) => acsTransID)).toContain(body[0]?.acsTransID)
  one.close()
})

test('every console hears it, and one that leaves is forgotten', async () => {
  const [one, two] = [await viewer(), await viewer()]
  one.close()
  await until(one.isOver)
  await pay()
  await until(() => rowsIn(two).length === 1)
  expect(rowsIn(one)).toEqual([])
  two.close()
})

test('more consoles than there may be are told so, and those that left make room', async () => {
  const all: Viewer[] = []
  while (all.length < 40) {
    const one = await viewer()
    if (one.headers['content-type']?.startsWith('text/event-stream') !== true) {
      one.close()
      break
    }
    all.push(one)
  }
  expect(all.length).toBe(32)
  for (const one of all) one.close()
  await until(async () => {
    const again = await viewer()
    again.close()
    return again.headers['content-type']?.startsWith('text/event-stream') === true
  })
})

test('a stop of Sekisho ends the streams at once', async () => {
  const other = await running({ only: ['acs'] })
  const one = await viewer(other)
  await other.close()
  await until(one.isOver)
  expect(one.isComplete()).toBe(true) // ended, not cut after the limit for what is under way
})

test('the streams stand behind the same door as the rest of the API', async () => {
  const guarded = await running({ only: ['acs'], adminToken: 'a-token-of-the-tests' })
  expect((await fetch(`${guarded.acs}/api/v1/events`)).status).toBe(401)
  await guarded.close()
})

test('who asks for the headers alone is answered at once', async () => {
  const { status, headers } = await fetch(`${sekisho.acs}/api/v1/events`, {
    method: 'HEAD',
    signal: AbortSignal.timeout(5_000),
  })
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/event-stream/)])
})
