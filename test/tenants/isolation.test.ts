// Nothing of one tenant is visible in another.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { ask, paid, paymentOf, stubFor, tenantOf } from './support.ts'

let sekisho: Running
let ds: ListeningDs
let blue: Running
let green: Running

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running()
  blue = tenantOf(sekisho, 'blue')
  green = tenantOf(sekisho, 'green')
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

/** Each but the one where it was done. */
const others = () => [green, sekisho]

const list = async (at: Running, path: string, member: string): Promise<readonly Members[]> => {
  const { status, body } = await ask(at, 'GET', path)
  if (status !== 200) throw new Error(`${path}: HTTP ${status}`)
  return body[member] as readonly Members[]
}

/** Asked straight of the ACS of a tenant. */
const answerTo = async (at: Running, change: Members = {}): Promise<Members> =>
  (await post(`${at.acs}/acs/areq`, browserAReq({ dsURL: ds.url, ...change }))).body

test('a payment leads through the parties of its own tenant and stays there', async () => {
  const { threeDSServerTransID, acsTransID, transStatus, acsURL } = await paid(blue, '4000000000007700')
  expect(transStatus).toBe('C')
  expect(acsURL).toBe(`${blue.acs}/acs/challenge`)
  const { status, body } = await ask(blue, 'GET', `/transactions/${String(acsTransID)}`)
  expect(status).toBe(200)
  const links = (body.messages as readonly Members[]).map(({ link }) => link)
  expect(links).toEqual(expect.arrayContaining(['3DSS→DS', 'DS→ACS', 'ACS→DS', 'DS→3DSS']))
  const areq = (body.messages as readonly Members[]).find(({ link }) => link === 'DS→ACS')
  expect(areq?.message).toMatchObject({ messageType: 'AReq', dsURL: `${blue.acs}/ds/rreq` })
  for (const other of others()) {
    expect((await ask(other, 'GET', `/transactions/${String(acsTransID)}`)).status).toBe(404)
    expect(await list(other, '/transactions', 'transactions')).toEqual([])
    expect((await paymentOf(other, threeDSServerTransID)).error).toBeDefined()
    const log = await fetch(`${other.acs}/ds/transactions/${String(threeDSServerTransID)}/messages`)
    expect(JSON.stringify(await log.json())).not.toContain('AReq')
  }
})

test('a challenge is answered where it was begun, and its result goes to the 3DS Server of the same tenant', async () => {
  const { threeDSServerTransID, acsTransID } = await paid(blue, '4000000000008700')
  const at = `/transactions/${String(acsTransID)}/challenge`
  for (const other of others()) expect((await ask(other, 'POST', at, { action: 'open' })).status).toBe(404)
  expect((await ask(blue, 'POST', at, { action: 'open' })).status).toBe(200)
  const [mail] = await list(blue, `/inbox?acsTransID=${String(acsTransID)}`, 'messages')
  const { body } = await ask(blue, 'POST', at, { action: 'verify', otp: String(mail?.code) })
  expect(body.verdict).toMatchObject({ transStatus: 'Y' })
  expect(await paymentOf(blue, threeDSServerTransID)).toMatchObject({ phase: 'settled', settledBy: 'RReq' })
  for (const other of others()) expect(await list(other, '/inbox', 'messages')).toEqual([])
})

test('a stub answers in its own tenant only', async () => {
  const card = '4111110000000021'
  await ask(blue, 'POST', '/stubs', stubFor({ acctNumber: card }, 'R', 10))
  for (const other of others()) {
    expect(await list(other, '/stubs', 'stubs')).toEqual([])
    expect((await answerTo(other, { acctNumber: card })).transStatus).not.toBe('R')
  }
  expect((await answerTo(blue, { acctNumber: card })).transStatus).toBe('R')
})

test('a fault meets messages of its own tenant only', async () => {
  const fault = { link: 'ACS→DS', message: 'ARes', times: 1, fault: { kind: 'status', status: 503 } }
  expect((await ask(blue, 'POST', '/faults', fault)).status).toBe(201)
  for (const other of others()) {
    expect(await list(other, '/faults', 'faults')).toEqual([])
    expect((await post(`${other.acs}/acs/areq`, browserAReq({ dsURL: ds.url }))).status).toBe(200)
  }
  const response = await fetch(`${blue.acs}/acs/areq`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(browserAReq({ dsURL: ds.url })),
  })
  expect(response.status).toBe(503)
})

test('a clock that is moved or stands does so in its own tenant only', async () => {
  const { body: before } = await ask(green, 'GET', '/clock')
  const { body: moved } = await ask(blue, 'POST', '/clock', { advance: '2d' })
  expect(moved).toMatchObject({ mode: 'run' })
  expect(moved.offsetMs as number).toBeGreaterThan(172_000_000)
  await ask(blue, 'POST', '/clock', { freeze: true })
  expect(before).toMatchObject({ mode: 'run', offsetMs: 0 })
  for (const other of others()) {
    expect((await ask(other, 'GET', '/clock')).body).toMatchObject({ mode: 'run', offsetMs: 0 })
  }
})

test('cards of the register are those of the tenant', async () => {
  const { body: card } = await ask(blue, 'POST', '/cards', { acctNumber: '4000000000005100' })
  expect((await ask(blue, 'PUT', `/cards/${String(card.id)}`, { blocked: true })).status).toBe(200)
  expect((await answerTo(blue, { acctNumber: '4000000000005100' })).transStatus).toBe('N')
  for (const other of others())
    expect((await answerTo(other, { acctNumber: '4000000000005100' })).transStatus).toBe('Y')
})

test('hashes of cards have keys of their own: one tenant cannot know a card of another by its id', async () => {
  const ids = await Promise.all(
    [blue, green, sekisho].map(
      async (at) => (await ask(at, 'POST', '/cards', { acctNumber: '4000000000009100' })).body.id,
    ),
  )
  expect(new Set(ids).size).toBe(3)
})

test('a scenario table that is replaced is so in its own tenant only', async () => {
  const { body } = await ask(blue, 'GET', '/scenarios')
  const yaml = String(body.yaml)
  const changed = yaml.replace(
    /^scenarios:\n/m,
    "scenarios:\n  - { endsWith: '5100', transStatus: R, transStatusReason: '11', title: mine }\n",
  )
  expect(changed).not.toBe(yaml)
  expect((await ask(green, 'PUT', '/scenarios', { yaml: changed })).status).toBe(200)
  expect((await answerTo(green, { acctNumber: '4000000000015100' })).transStatus).toBe('R')
  expect((await answerTo(sekisho, { acctNumber: '4000000000015100' })).transStatus).toBe('Y')
  expect((await answerTo(tenantOf(sekisho, 'made-later'), { acctNumber: '4000000000015100' })).transStatus).toBe('Y')
})

test('what the engine has learned of a card is known in its own tenant only', async () => {
  const card = { acctNumber: '4111110000000039' }
  for (let times = 0; times < 12; times += 1) await answerTo(blue, card)
  const scoreOf = async (at: Running) => {
    const { acsTransID } = await answerTo(at, card)
    const { body } = await ask(at, 'GET', `/transactions/${String(acsTransID)}`)
    return body.score
  }
  const [inBlue, inGreen, inDefault] = [await scoreOf(blue), await scoreOf(green), await scoreOf(sekisho)]
  expect(inBlue).not.toBe(inGreen)
  expect(inGreen).toBe(inDefault)
})

test('ids that came before are refused in the tenant where they came', async () => {
  const areq = browserAReq({ dsURL: ds.url })
  const of = async (at: Running) => (await post(`${at.acs}/acs/areq`, areq)).body.messageType
  expect(await of(blue)).toBe('ARes')
  expect(await of(blue)).toBe('Erro')
  expect(await of(green)).toBe('ARes')
})

describe('pages', () => {
  test.each(['/', '/inbox', '/console', '/console/transactions'])(
    '%s of a tenant lead to the same tenant',
    async (path) => {
      const response = await fetch(`${blue.acs}${path}`)
      expect(response.status).toBe(200)
      const own = [...(await response.text()).matchAll(/(?:href|src|action)="(\/[^"]*)"/g)].map(([, url]) => url ?? '')
      expect(own.filter((url) => !url.startsWith('/t/blue') && !url.startsWith('/health'))).toEqual([])
    },
  )

  test('the shop of a tenant posts to itself', async () => {
    const response = await fetch(`${blue.shop}/shop`)
    expect(response.status).toBe(200)
    const page = await response.text()
    expect(page).toContain(`${new URL(blue.shop).pathname}/shop/orders`)
    expect(page).not.toMatch(/(?:href|src|action)="\/shop/)
  })

  test('live events are those of the tenant', async () => {
    const end = new AbortController()
    const response = await fetch(`${green.acs}/api/v1/events`, { signal: end.signal })
    let heard = ''
    const decoder = new TextDecoder()
    await answerTo(blue)
    const { acsTransID } = await answerTo(green)
    for await (const chunk of response.body ?? []) {
      heard += decoder.decode(chunk as Uint8Array, { stream: true })
      if (heard.includes(String(acsTransID))) break
    }
    end.abort()
    const ids = [...heard.matchAll(/"acsTransID":"([^"]+)"/g)].map(([, id]) => id)
    expect(ids).toEqual([acsTransID])
  })
})

test('metrics are those of all tenants together, and stand on the bare path', async () => {
  const count = async () => {
    const text = await (await fetch(`${sekisho.acs}/metrics`)).text()
    return [...text.matchAll(/^sekisho_authentications_total\{.*\} ([0-9]+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    )
  }
  const before = await count()
  for (const at of [blue, green, sekisho]) await answerTo(at)
  expect((await count()) - before).toBe(3)
})

test('log lines say which tenant they are of', async () => {
  const { acsTransID } = await answerTo(blue)
  const { acsTransID: bare } = await answerTo(sekisho)
  const lines = sekisho.log().split('\n')
  expect(lines.find((line) => line.includes(String(acsTransID)))).toContain('"tenant":"blue"')
  expect(lines.find((line) => line.includes(String(bare)))).not.toContain('"tenant"')
})

test('a name that cannot be is no tenant, on any port', async () => {
  for (const base of [sekisho.acs, sekisho.shop]) {
    for (const name of ['Blue', 'a_b', `${'x'.repeat(41)}`, 'a%20b', 'a%2fb']) {
      const response = await fetch(`${base}/t/${name}/api/v1/transactions`)
      expect([name, response.status]).toEqual([name, 404])
      expect(await response.json()).toEqual({ error: expect.stringContaining('names are made of') })
    }
    expect((await fetch(`${base}/t`)).status).toBe(404)
    expect((await fetch(`${base}/t/`)).status).toBe(404)
  }
})

test('the default tenant has a name, too', async () => {
  const { body } = await ask(tenantOf(sekisho, 'default'), 'GET', '/tenant')
  expect(body).toMatchObject({ name: 'default', url: sekisho.acs })
})
