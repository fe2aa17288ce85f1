// Who may use a tenant: the operator's token opens all, a tenant's own only that one; wrong ones are counted.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, freePort } from '../network/support.ts'
import { browserAReq } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { ask, tenantOf } from './support.ts'

const operator = 'the-token-of-the-operator'
const own = 'a-token-of-blue-alone'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`any:${token}`).toString('base64')}` })

describe('with the token of an operator', () => {
  let sekisho: Running
  let blue: Running
  beforeAll(async () => {
    sekisho = await running({ adminToken: operator })
    blue = tenantOf(sekisho, 'blue')
    const made = await ask(sekisho, 'PUT', '/tenants/blue', { token: own }, bearer(operator))
    expect(made).toMatchObject({ status: 201, body: { hasToken: true } })
    expect(JSON.stringify(made.body)).not.toContain(own)
  })
  afterAll(() => sekisho.close())

  const status = async (at: Running, headers: Record<string, string> = {}, to = '/tenant'): Promise<number> =>
    (await ask(at, 'GET', to, undefined, headers)).status

  test('each tenant opens to its own token and to that of the operator', async () => {
    expect(await status(blue)).toBe(401)
    for (const token of [own, operator]) {
      expect(await status(blue, bearer(token))).toBe(200)
      expect(await status(blue, basic(token))).toBe(200)
    }
    expect(await status(blue, bearer(`${own}!`))).toBe(401)
    const green = await ask(sekisho, 'PUT', '/tenants/green', { token: 'a-token-of-green-alone' }, bearer(operator))
    expect(green.status).toBe(201)
    expect(await status(tenantOf(sekisho, 'green'), bearer(own))).toBe(401)
  })

  test('the token of a tenant opens nothing on the bare path', async () => {
    for (const to of ['/tenant', '/tenants', '/transactions'])
      expect([to, await status(sekisho, bearer(own), to)]).toEqual([to, 401])
    expect((await ask(sekisho, 'DELETE', '/tenants/green', undefined, bearer(own))).status).toBe(401)
  })

  test('the inbox asks for it, on the path of the tenant; the page of the console does by itself', async () => {
    for (const [to, wanted] of [
      ['/inbox', 401],
      ['/', 401],
      ['/console', 200],
      ['/console/assets/app.js', 200],
    ] as const)
      expect([to, (await fetch(`${blue.acs}${to}`)).status]).toEqual([to, wanted])
    const { headers } = await call(`${blue.acs}/inbox`)
    expect(headers['www-authenticate']).toBe('Basic realm="Sekisho blue"')
    expect((await fetch(`${blue.acs}/inbox`, { headers: basic(own) })).status).toBe(200)
  })

  test('a script is told to ask by itself; a browser that navigates asks its user', async () => {
    const challenge = async (mode: string) =>
      (await call(`${blue.acs}/api/v1/tenant`, { headers: { 'sec-fetch-mode': mode } })).headers['www-authenticate']
    expect(await challenge('cors')).toMatch(/^Bearer /)
    expect(await challenge('navigate')).toMatch(/^Basic /)
  })

  test('a token is changed and taken away; the old one opens nothing any more', async () => {
    const next = 'another-token-of-blue'
    expect((await ask(blue, 'PUT', '/tenant', { token: next }, bearer(own))).status).toBe(200)
    expect(await status(blue, bearer(own))).toBe(401)
    expect(await status(blue, bearer(next))).toBe(200)
    expect((await ask(blue, 'PUT', '/tenant', { token: null }, bearer(next))).body).toMatchObject({ hasToken: false })
    expect(await status(blue, bearer(next))).toBe(401)
    await ask(blue, 'PUT', '/tenant', { token: own }, bearer(operator))
    expect(await status(blue, bearer(own))).toBe(200)
  })

  test('a token outlives a reset', async () => {
    expect((await ask(blue, 'POST', '/reset', {}, bearer(own))).status).toBe(200)
    expect(await status(blue, bearer(own))).toBe(200)
    expect(await status(blue)).toBe(401)
  })

  test.each(['short', 'with a space in it', 'ünïcode-ünïcode-ünïcode', 'x'.repeat(201)])(
    '%j is none',
    async (token) => {
      expect((await ask(blue, 'PUT', '/tenant', { token }, bearer(own))).status).toBe(400)
    },
  )

  test('the default tenant has no other one than that of the operator', async () => {
    expect((await ask(sekisho, 'PUT', '/tenant', { token: own }, bearer(operator))).status).toBe(409)
  })

  test('a stranger makes no tenant by asking for it, the operator does', async () => {
    const other = tenantOf(sekisho, 'strange')
    expect(await status(other)).toBe(404)
    expect(await status(other, bearer(own))).toBe(404)
    const areq = await fetch(`${other.acs}/acs/areq`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(browserAReq()),
    })
    expect(areq.status).toBe(404)
    expect(await status(other, bearer(operator))).toBe(200)
  })

  test('what parties send to each other needs no token, in a tenant that is there', async () => {
    const response = await fetch(`${blue.acs}/acs/areq`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(browserAReq()),
    })
    expect(await response.json()).toMatchObject({ messageType: 'ARes' })
  })

  test('the operator of a party is asked for a token, too', async () => {
    const response = await fetch(`${blue.acs}/ds/operations`, { method: 'POST' })
    expect([401, 404]).toContain(response.status)
  })
})

describe('tokens that are wrong', () => {
  test('are counted: after thirty in a minute nobody there is let in, not even with the right one', async () => {
    const sekisho = await running({ adminToken: operator })
    try {
      const blue = tenantOf(sekisho, 'blue')
      const guess = async (at: Running, n: number) =>
        (await ask(at, 'GET', '/tenant', undefined, bearer(`guess-number-${n}`))).status
      await ask(blue, 'GET', '/tenant', undefined, bearer(operator))
      // One count for all tenants, and for those that are not there.
      const places = [sekisho, blue, tenantOf(sekisho, 'nowhere')]
      const seen: number[] = []
      for (let n = 0; n < 30; n += 1) seen.push(await guess(places[n % 3] ?? sekisho, n))
      expect(new Set(seen)).toEqual(new Set([401, 404]))
      expect(await guess(sekisho, 31)).toBe(429)
      const answer = await ask(sekisho, 'GET', '/tenant', undefined, bearer(operator))
      expect(answer.status).toBe(429)
      expect(answer.headers.get('retry-after')).toBe('60')
      expect((await ask(sekisho, 'GET', '/tenant')).status).toBe(401) // who shows none has guessed nothing
    } finally {
      await sekisho.close()
    }
  })
})

describe('without a token of an operator', () => {
  let sekisho: Running
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
    sekisho = await running({ ephemeral: false, dataDir: folder, adminWritesPerMinute: 40 })
  })
  afterAll(async () => {
    await sekisho.close()
    rmSync(folder, { recursive: true })
  })

  test('a tenant may have one, which is needed then on loopback as well, and kept as a digest', async () => {
    const blue = tenantOf(sekisho, 'blue')
    expect((await ask(blue, 'PUT', '/tenant', { token: own })).status).toBe(200)
    expect((await ask(blue, 'GET', '/tenant')).status).toBe(401)
    expect((await ask(blue, 'GET', '/tenant', undefined, bearer(own))).status).toBe(200)
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    for (const file of files)
      expect([file.name, readFileSync(path.join(file.parentPath, file.name)).includes(own)]).toEqual([file.name, false])
    expect(sekisho.log()).not.toContain(own)
    // Whoever sits at this machine may drop it all the same.
    expect((await ask(sekisho, 'DELETE', '/tenants/blue')).status).toBe(204)
  })

  test('a page of another site makes no tenant, and writes nothing', async () => {
    const red = tenantOf(sekisho, 'red')
    const crossSite = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    expect((await ask(red, 'GET', '/tenant', undefined, crossSite)).status).toBe(404)
    expect((await ask(red, 'GET', '/tenant', undefined, { 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    const from = { origin: 'https://evil.example', ...crossSite }
    expect((await ask(red, 'POST', '/reset', {}, from)).status).toBe(403)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect([type, (await ask(red, 'POST', '/reset', {}, { 'content-type': type })).status]).toEqual([type, 415])
    const scripted = await ask(red, 'PUT', '/tenant', { overrides: true }, from)
    expect(scripted.status).toBe(403)
  })

  test('a host that is not ours makes none', async () => {
    const { port } = new URL(sekisho.acs)
    const headers = { host: 'evil.example' }
    const { status } = await call(`http://127.0.0.1:${port}/t/rebound/api/v1/tenant`, { headers })
    expect(status).toBe(404)
    const { body } = await ask(sekisho, 'GET', '/tenants')
    expect(JSON.stringify(body)).not.toContain('rebound')
  })

  test('writes are counted by address, over all tenants; reads go on', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 45; n += 1)
      statuses.push((await ask(tenantOf(sekisho, `many-${n % 2}`), 'PUT', '/tenant', {})).status)
    expect(statuses[0]).toBe(200)
    expect(statuses.at(-1)).toBe(429)
    expect((await ask(sekisho, 'GET', '/tenants')).status).toBe(200)
  })
})

test('a seed is for loopback only', async () => {
  const acsPort = await freePort()
  const sekisho = await running({ adminToken: operator, publicUrl: 'https://acs.example', acsPort })
  const here = { acs: `http://localhost:${acsPort}` }
  try {
    const answer = await ask(here, 'POST', '/reset', { seed: 'x' }, bearer(operator))
    expect(answer).toMatchObject({ status: 409, body: { path: 'seed' } })
    expect((await ask(here, 'PUT', '/tenants/blue', { seed: 'x' }, bearer(operator))).status).toBe(409)
  } finally {
    await sekisho.close()
  }
})
