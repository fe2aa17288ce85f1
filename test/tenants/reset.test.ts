// What a reset and a drop leave of a tenant, and what a restart takes up again.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { challenged, rreqsOf, shown, until } from '../http/support.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { browserAReq, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { ask, paid, stubFor, tenantOf } from './support.ts'

let ds: ListeningDs

beforeAll(async () => {
  ds = await listeningDs()
})
afterAll(() => ds.close())
beforeEach(() => {
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : '')
})

const idOf = async (at: Running): Promise<string> =>
  String((await post(`${at.acs}/acs/areq`, browserAReq({ dsURL: ds.url }))).body.acsTransID)

describe('in memory', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running({ maxTenants: 40 })
  })
  afterAll(() => sekisho.close())

  const tenants = async (): Promise<readonly string[]> => {
    const { body } = await ask(sekisho, 'GET', '/tenants')
    return (body.tenants as readonly { readonly name: string }[]).map(({ name }) => name)
  }

  test.each(['blue', 'default'])('a reset leaves nothing of %s, and nobody else knows of it', async (name) => {
    const tenant = tenantOf(sekisho, name)
    const other = tenantOf(sekisho, `beside-${name}`)
    const kept = await idOf(other)
    const { acsTransID } = await paid(tenant, '4000000000007700')
    await ask(tenant, 'POST', `/transactions/${String(acsTransID)}/challenge`, { action: 'open' })
    await ask(tenant, 'POST', '/stubs', stubFor({}, 'R', 100))
    await ask(tenant, 'POST', '/clock', { advance: '3d' })
    await ask(tenant, 'PUT', '/tenant', { overrides: true })
    expect((await ask(tenant, 'GET', '/inbox')).body.messages).toHaveLength(1)

    const { status, body } = await ask(tenant, 'POST', '/reset', {})
    expect(status).toBe(200)
    expect(body).toMatchObject({ name, clock: { mode: 'run', offsetMs: 0 } })
    expect(body.overrides).toBe(true) // a setting
    expect((await ask(tenant, 'GET', `/transactions/${String(acsTransID)}`)).status).toBe(404)
    for (const [at, member] of [
      ['/transactions', 'transactions'],
      ['/inbox', 'messages'],
      ['/stubs', 'stubs'],
    ] as const)
      expect((await ask(tenant, 'GET', at)).body[member]).toEqual([])
    expect((await paid(tenant, '4000000000005100')).transStatus).toBe('Y')
    expect((await ask(other, 'GET', `/transactions/${kept}`)).status).toBe(200)
  })

  test('equal seeds give equal ids, codes and times, again and again', async () => {
    const tenant = tenantOf(sekisho, 'seeded')
    const run = async () => {
      const { status, body } = await ask(tenant, 'POST', '/reset', { seed: 'autumn' })
      expect({ status, seed: body.seed, clock: body.clock }).toMatchObject({
        status: 200,
        seed: 'autumn',
        clock: { mode: 'frozen', now: '2026-01-01T00:00:00.000Z' },
      })
      const payment = await paid(tenant, '4000000000007700')
      await ask(tenant, 'POST', `/transactions/${String(payment.acsTransID)}/challenge`, { action: 'open' })
      const [mail] = (await ask(tenant, 'GET', '/inbox')).body.messages as readonly { code: string; at: unknown }[]
      return { payment, code: mail?.code, at: mail?.at }
    }
    const first = await run()
    expect(await run()).toEqual(first)
    const { body } = await ask(tenant, 'POST', '/reset', { seed: 'winter' })
    expect(body.seed).toBe('winter')
    expect((await paid(tenant, '4000000000007700')).acsTransID).not.toBe(first.payment.acsTransID)
    const { body: unseeded } = await ask(tenant, 'POST', '/reset', { seed: null })
    expect(unseeded).not.toHaveProperty('seed')
    expect(unseeded).toMatchObject({ clock: { mode: 'run' } })
  })

  test('a seed that is put waits for the reset, and says so', async () => {
    const tenant = tenantOf(sekisho, 'later')
    expect((await ask(tenant, 'PUT', '/tenant', { seed: 'spring' })).body).toMatchObject({ nextSeed: 'spring' })
    const { body } = await ask(tenant, 'POST', '/reset')
    expect(body).toMatchObject({ seed: 'spring' })
    expect(body).not.toHaveProperty('nextSeed')
  })

  test('a clock can be asked for: also one in the past, standing or running', async () => {
    const tenant = tenantOf(sekisho, 'past')
    const frozen = { mode: 'frozen', now: '2024-02-29T23:59:59.000Z' }
    expect((await ask(tenant, 'POST', '/reset', { clock: frozen })).body).toMatchObject({ clock: frozen })
    const { body } = await ask(tenant, 'POST', '/reset', { clock: { mode: 'run', now: '2024-02-29T23:59:59Z' } })
    expect(String((body.clock as { now: string }).now)).toMatch(/^2024-0[23]-/)
  })

  test('a scenario table of its own goes with a reset, unless it is to be kept', async () => {
    const tenant = tenantOf(sekisho, 'table')
    const { body } = await ask(tenant, 'GET', '/scenarios')
    const yaml = String(body.yaml).replace(
      /^scenarios:\n/m,
      "scenarios:\n  - { endsWith: '5100', transStatus: R, transStatusReason: '11', title: mine }\n",
    )
    const decided = async () => (await paid(tenant, '4000000000005100')).transStatus
    await ask(tenant, 'PUT', '/scenarios', { yaml })
    expect(await decided()).toBe('R')
    await ask(tenant, 'POST', '/reset', { scenarios: 'keep' })
    expect(await decided()).toBe('R')
    await ask(tenant, 'POST', '/reset')
    expect(await decided()).toBe('Y')
  })

  test('a risk policy of its own holds in its tenant, over resets, until it is taken away', async () => {
    const tenant = tenantOf(sekisho, 'policy')
    const policy = readFileSync(new URL('../../src/risk/policies/default.yaml', import.meta.url), 'utf8')
    const strict = policy.replace(/^thresholds: .*$/m, 'thresholds: { challenge: -99, reject: -90 }')
    expect(strict).not.toBe(policy)
    const decided = async (at: Running) => (await paid(at, '4111110000000005')).transStatus
    const usual = await decided(tenant)
    expect((await ask(tenant, 'POST', '/reset', { policy: strict })).body).toMatchObject({ hasPolicy: true })
    expect(await decided(tenant)).not.toBe(usual)
    expect(await decided(tenantOf(sekisho, 'no-policy'))).toBe(usual)
    expect((await ask(tenant, 'POST', '/reset')).body).toMatchObject({ hasPolicy: true })
    const refused = await ask(tenant, 'POST', '/reset', { policy: 'no: policy' })
    expect(refused).toMatchObject({ status: 400, body: { path: 'policy' } })
    expect((await ask(tenant, 'POST', '/reset', { policy: null })).body).toMatchObject({ hasPolicy: false })
    expect(await decided(tenant)).toBe(usual)
  })

  test('a payment under way ends in the tenant where it was begun; the next is one of the new', async () => {
    const tenant = tenantOf(sekisho, 'busy')
    const payments = Promise.all(Array.from({ length: 20 }, () => paid(tenant, '4000000000005100')))
    const { status } = await ask(tenant, 'POST', '/reset')
    expect(status).toBe(200)
    for (const { transStatus } of await payments) expect(transStatus).toBe('Y')
    expect((await paid(tenant, '4000000000005100')).transStatus).toBe('Y')
  })

  test('ten resets at once all come to their end', async () => {
    const tenant = tenantOf(sekisho, 'ten')
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(tenant, 'POST', '/reset')))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
  })

  test('what hangs by a fault does not hold up a reset', async () => {
    const tenant = tenantOf(sekisho, 'hung')
    await ask(tenant, 'POST', '/faults', { link: 'ACS→DS', message: 'ARes', fault: { kind: 'hang' } })
    const hung = post(`${tenant.acs}/acs/areq`, browserAReq({ dsURL: ds.url })).then(
      () => 'answered',
      () => 'cut',
    )
    await until(async () => {
      const { body } = await ask(tenant, 'GET', '/faults')
      return JSON.stringify(body).includes('"left":0') || (body.faults as readonly unknown[]).length === 0
    })
    expect((await ask(tenant, 'POST', '/reset')).status).toBe(200)
    expect(await hung).toBe('cut')
  })

  test('a tenant is dropped by itself or by the operator; asked for again it is a new one', async () => {
    const red = tenantOf(sekisho, 'red')
    const acsTransID = await idOf(red)
    expect(await tenants()).toContain('red')
    expect((await ask(sekisho, 'DELETE', '/tenants/red')).status).toBe(204)
    expect(await tenants()).not.toContain('red')
    expect((await ask(sekisho, 'DELETE', '/tenants/red')).status).toBe(404)
    expect((await ask(red, 'GET', `/transactions/${acsTransID}`)).status).toBe(404)
    expect(await tenants()).toContain('red')
    expect((await ask(red, 'DELETE', '/tenant')).status).toBe(204)
    expect(await tenants()).not.toContain('red')
  })

  test('the default one stays, whoever asks', async () => {
    expect((await ask(sekisho, 'DELETE', '/tenant')).status).toBe(409)
    expect((await ask(sekisho, 'DELETE', '/tenants/default')).status).toBe(409)
    expect(await tenants()).toContain('default')
  })

  test('the operator makes one with its settings; a tenant knows nothing of the others', async () => {
    const made = await ask(sekisho, 'PUT', '/tenants/made', { seed: 'made', overrides: true })
    expect(made).toMatchObject({ status: 201, body: { name: 'made', seed: 'made', overrides: true } })
    expect((await ask(sekisho, 'PUT', '/tenants/made', { overrides: false })).status).toBe(200)
    const tenant = tenantOf(sekisho, 'made')
    expect((await ask(tenant, 'GET', '/tenant')).body).toMatchObject({ seed: 'made', overrides: false })
    for (const [method, at] of [
      ['GET', '/tenants'],
      ['PUT', '/tenants/other'],
      ['DELETE', '/tenants/blue'],
    ] as const)
      expect([method, (await ask(tenant, method, at, method === 'PUT' ? {} : undefined)).status]).toEqual([method, 404])
    expect(await tenants()).not.toContain('other')
  })

  test.each(['Blue', 'a_b', '-a', 'a'.repeat(41)])('%s is no name for one', async (name) => {
    expect((await ask(sekisho, 'PUT', `/tenants/${name}`, {})).status).toBe(400)
  })

  test('when there are as many as there may be, the answer says what to do', async () => {
    const full = await running({ maxTenants: 1 })
    try {
      await idOf(tenantOf(full, 'one'))
      const answer = await ask(tenantOf(full, 'two'), 'GET', '/tenant')
      expect(answer.status).toBe(503)
      expect(String(answer.body.error)).toMatch(/--max-tenants.*DELETE \/api\/v1\/tenants/)
      expect((await ask(full, 'PUT', '/tenants/two', {})).status).toBe(503)
      await ask(full, 'DELETE', '/tenants/one')
      expect((await ask(tenantOf(full, 'two'), 'GET', '/tenant')).status).toBe(200)
    } finally {
      await full.close()
    }
  })
})

describe('with a data folder', () => {
  let dataDir: string
  let sekisho: Running
  const start = async (): Promise<void> => {
    sekisho = await running({ dataDir, ephemeral: false })
  }
  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
    await start()
  })
  afterEach(async () => {
    await sekisho.close()
    rmSync(dataDir, { recursive: true })
  })
  const restart = async (): Promise<void> => {
    await sekisho.close()
    await start()
  }
  const folderOf = (name: string): string => path.join(dataDir, 'tenants', name)

  test('a tenant has a folder of its own, which a drop removes and a reset empties', async () => {
    const blue = tenantOf(sekisho, 'blue')
    const acsTransID = await idOf(blue)
    expect(readdirSync(folderOf('blue'))).toEqual(
      expect.arrayContaining(['keys.json', 'sekisho.sqlite', 'tenant.json']),
    )
    expect(readdirSync(folderOf('blue'))).not.toContain('emulators.sqlite') // nobody asked for these
    await ask(blue, 'POST', '/reset')
    expect((await ask(blue, 'GET', `/transactions/${acsTransID}`)).status).toBe(404)
    expect(existsSync(folderOf('blue'))).toBe(true)
    await ask(sekisho, 'DELETE', '/tenants/blue')
    expect(existsSync(folderOf('blue'))).toBe(false)
  })

  test('a reset of the default one leaves the folders of the others', async () => {
    const kept = await idOf(tenantOf(sekisho, 'blue'))
    const gone = await idOf(sekisho)
    await ask(sekisho, 'POST', '/reset')
    expect((await ask(sekisho, 'GET', `/transactions/${gone}`)).status).toBe(404)
    expect((await ask(tenantOf(sekisho, 'blue'), 'GET', `/transactions/${kept}`)).status).toBe(200)
    await restart()
    expect((await ask(sekisho, 'GET', `/transactions/${gone}`)).status).toBe(404)
    expect((await ask(tenantOf(sekisho, 'blue'), 'GET', `/transactions/${kept}`)).status).toBe(200)
  })

  test('data, settings and clock of a tenant outlive a restart', async () => {
    const blue = tenantOf(sekisho, 'blue')
    const acsTransID = await idOf(blue)
    await ask(blue, 'PUT', '/tenant', { overrides: true })
    await ask(blue, 'POST', '/clock', { advance: '3d' })
    await ask(tenantOf(sekisho, 'still'), 'POST', '/clock', { freeze: true, at: '2100-01-01' })
    const { body: before } = await ask(blue, 'GET', '/tenant')
    await restart()
    const after = tenantOf(sekisho, 'blue')
    const listed = (await ask(sekisho, 'GET', '/tenants')).body.tenants
    expect(listed).toContainEqual({ name: 'blue', url: after.acs, isOpen: false })
    expect((await ask(after, 'GET', `/transactions/${acsTransID}`)).status).toBe(200)
    const { body } = await ask(after, 'GET', '/tenant')
    expect(body).toMatchObject({ overrides: true, createdAt: before.createdAt })
    expect((body.clock as { offsetMs: number }).offsetMs).toBe((before.clock as { offsetMs: number }).offsetMs)
    expect((await ask(tenantOf(sekisho, 'still'), 'GET', '/clock')).body).toMatchObject({
      mode: 'frozen',
      now: '2100-01-01T00:00:00.000Z',
    })
  })

  test('one whose files are broken keeps nobody else from starting, and can be dropped', async () => {
    const kept = await idOf(tenantOf(sekisho, 'blue'))
    for (const name of ['broken', 'lost']) await idOf(tenantOf(sekisho, name))
    await sekisho.close()
    for (const file of ['sekisho.sqlite', 'sekisho.sqlite-wal'])
      writeFileSync(path.join(folderOf('broken'), file), 'no database')
    writeFileSync(path.join(folderOf('lost'), 'tenant.json'), '{')
    writeFileSync(path.join(dataDir, 'tenants', 'a-file'), '')
    await start()
    expect(sekisho.log()).toContain('its files cannot be used')
    expect((await ask(tenantOf(sekisho, 'blue'), 'GET', `/transactions/${kept}`)).status).toBe(200)
    const { tenants } = (await ask(sekisho, 'GET', '/tenants')).body
    expect((tenants as { name: string }[]).map(({ name }) => name)).toEqual(['default', 'blue', 'broken', 'lost'])
    for (const name of ['broken', 'lost']) {
      expect((await fetch(`${tenantOf(sekisho, name).acs}/api/v1/tenant`)).status).toBe(500)
      expect((await ask(sekisho, 'DELETE', `/tenants/${name}`)).status).toBe(204)
      expect((await ask(tenantOf(sekisho, name), 'GET', '/tenant')).status).toBe(200)
    }
  })

  test('a timer that waited fires after a restart, though nobody asks for the tenant', async () => {
    const blue = tenantOf(sekisho, 'blue')
    await ask(blue, 'POST', '/clock', { freeze: true })
    const { acsTransID } = await challenged(blue, ds)
    await ask(blue, 'POST', '/clock', { advance: 29_000 })
    await ask(blue, 'POST', '/clock', { run: true })
    await restart()
    await ds.arrived(1)
    await until(() => rreqsOf(ds, acsTransID).length > 0)
    expect(rreqsOf(ds, acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '14' }])
    await until(async () => (await shown(tenantOf(sekisho, 'blue'), acsTransID)).delivery === 'delivered')
  })

  test('a tenant with a seed keeps its settings, and begins again at the next start', async () => {
    const blue = tenantOf(sekisho, 'blue')
    await ask(blue, 'POST', '/reset', { seed: 'autumn' })
    const first = (await paid(blue, '4000000000005100')).acsTransID
    await restart()
    expect((await ask(tenantOf(sekisho, 'blue'), 'GET', '/tenant')).body).toMatchObject({ seed: 'autumn' })
    expect((await paid(tenantOf(sekisho, 'blue'), '4000000000005100')).acsTransID).toBe(first)
  })
})
