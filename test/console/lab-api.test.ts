// Experiments over the admin API: one at a time, from texts that reach no file of this machine, in a process of their own.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../support/running.ts'
import { ask, runningLab, yamlOf } from './lab-world.ts'
import { eventually } from './support.ts'

describe('experiments over the API', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await runningLab()
  })
  afterAll(() => sekisho.close())
  afterEach(async () => {
    for (const { id, state } of (await ask(sekisho, 'GET', '')).body.experiments) {
      if (state === 'running') await ask(sekisho, 'POST', `/${id}/stop`)
      if (state === 'running' || state === 'stopping') await ended(id)
      await ask(sekisho, 'DELETE', `/${id}`)
    }
  })

  const stateOf = async (id: string): Promise<string> => (await ask(sekisho, 'GET', `/${id}`)).body.state
  const ended = (id: string) => eventually(() => stateOf(id)).not.toMatch(/^(?:running|stopping)$/)

  test('one is started, runs, and has a report', async () => {
    const { status, body } = await ask(sekisho, 'POST', '', yamlOf('first'))
    expect(status).toBe(201)
    expect(body).toMatchObject({
      id: '0001-first',
      name: 'first',
      state: 'running',
      preset: 'japan',
      events: 2000,
      variants: 3,
      mode: 'replay',
      hasReport: false,
    })
    await eventually(() => stateOf(body.id)).toBe('done')
    const one = (await ask(sekisho, 'GET', `/${body.id}`)).body
    expect(one.hasReport).toBe(true)
    expect(one.progress).toBeUndefined()
    expect(one.endedAt).toBeGreaterThanOrEqual(one.startedAt)
    expect((await ask(sekisho, 'GET', `/${body.id}/text`)).body.yaml).toBe(yamlOf('first'))
    expect((await ask(sekisho, 'GET', '')).body.experiments).toHaveLength(1)
  })

  test('the report comes as a page that may run nothing and reach nothing', async () => {
    const { body } = await ask(sekisho, 'POST', '', yamlOf('first'))
    await ended(body.id)
    const response = await fetch(`${sekisho.acs}/api/v1/experiments/${body.id}/files/report.html`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain('sandbox')
    expect(policy).not.toContain('script')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const numbers = await fetch(`${sekisho.acs}/api/v1/experiments/${body.id}/files/metrics.json`)
    expect(numbers.headers.get('content-disposition')).toBe(`attachment; filename="${body.id}.metrics.json"`)
    for (const name of ['state.json', '..%2fstate.json', 'experiment.yaml', '.work'])
      expect((await ask(sekisho, 'GET', `/${body.id}/files/${name}`)).status, name).toBeGreaterThanOrEqual(400)
  })

  test('while it runs it says how far it is, and nobody else may start one', async () => {
    const { body } = await ask(sekisho, 'POST', '', yamlOf('slow'))
    await eventually(async () => (await ask(sekisho, 'GET', `/${body.id}`)).body.progress).toEqual({
      phase: 'decisions',
      variant: 'rules-jp',
      done: 400,
      of: 1000,
      unit: 'events',
      eventsPerSecond: 5000,
      secondsLeft: 75,
    })
    const second = await ask(sekisho, 'POST', '', yamlOf('second'))
    expect(second.status).toBe(409)
    expect(second.body.error).toContain('runs already')
    expect((await ask(sekisho, 'DELETE', `/${body.id}`)).status).toBe(409)
    expect((await ask(sekisho, 'POST', `/${body.id}/resume`)).status).toBe(409)
  })

  test('one that is stopped leaves a partial report and can be taken up again', async () => {
    const { id } = (await ask(sekisho, 'POST', '', yamlOf('slow'))).body
    expect((await ask(sekisho, 'POST', `/${id}/stop`)).body.state).toBe('stopping')
    await eventually(() => stateOf(id)).toBe('partial')
    expect((await ask(sekisho, 'GET', `/${id}/files/report.html`)).body).toContain('A partial result')
    const again = await ask(sekisho, 'POST', `/${id}/resume`)
    expect(again.status).toBe(200)
    expect(again.body).not.toHaveProperty('endedAt')
    await eventually(() => stateOf(id)).toBe('done')
    expect((await ask(sekisho, 'POST', `/${id}/resume`)).status).toBe(409)
    expect((await ask(sekisho, 'POST', `/${id}/stop`)).status).toBe(409)
  })

  test('what is written is nobody’s before the run is over', async () => {
    const { id } = (await ask(sekisho, 'POST', '', yamlOf('written'))).body
    await eventually(async () => (await ask(sekisho, 'GET', `/${id}`)).body.progress?.phase).toBe('files')
    expect((await ask(sekisho, 'GET', `/${id}`)).body).toMatchObject({ state: 'running', hasReport: false })
    for (const name of ['report.html', 'metrics.json', 'manifest.json'])
      expect((await ask(sekisho, 'GET', `/${id}/files/${name}`)).status, name).toBe(404)
    await ask(sekisho, 'POST', `/${id}/stop`)
    await ended(id)
    for (const name of ['report.html', 'metrics.json', 'manifest.json'])
      expect((await ask(sekisho, 'GET', `/${id}/files/${name}`)).status, name).toBe(200)
  })

  test('one that does not listen is ended by the second request', async () => {
    const { id } = (await ask(sekisho, 'POST', '', yamlOf('stubborn'))).body
    expect((await ask(sekisho, 'POST', `/${id}/stop`)).body.state).toBe('stopping')
    expect((await ask(sekisho, 'POST', `/${id}/stop`)).body).toMatchObject({ state: 'stopped', hasReport: false })
    expect((await ask(sekisho, 'POST', '', yamlOf('next'))).status).toBe(201)
  })

  test('one that breaks down says so, and the next one may run', async () => {
    for (const [name, words] of [
      ['crash', 'it ended before its time (code 7)'],
      ['fails', 'the disk is full'],
    ] as const) {
      const { id } = (await ask(sekisho, 'POST', '', yamlOf(name))).body
      await eventually(() => stateOf(id)).toBe('failed')
      expect((await ask(sekisho, 'GET', `/${id}`)).body.problem).toContain(words)
    }
    expect(sekisho.log()).toContain('lab: an experiment failed')
  })

  test('what is wrong is said with its path and line, and nothing is kept of it', async () => {
    const { status, body } = await ask(
      sekisho,
      'POST',
      '',
      'name: x\nstream: { preset: japan, event: 5 }\npolicies: []\n',
    )
    expect(status).toBe(400)
    expect(body.problems).toContainEqual(expect.objectContaining({ path: 'stream.event', line: 2 }))
    expect(body.problems).toContainEqual(expect.objectContaining({ path: 'policies', line: 3 }))
    const planned = await ask(sekisho, 'POST', '', yamlOf('unplanned'))
    expect(planned.status).toBe(400)
    expect(planned.body).toMatchObject({ path: 'policies.1', problems: [{ path: 'policies.1', line: 4 }] })
    expect((await ask(sekisho, 'GET', '')).body.experiments).toEqual([])
    expect((await ask(sekisho, 'POST', '/check', yamlOf('fine'))).body).toEqual({ problems: [] })
  })

  test('a text reaches no file of this machine', async () => {
    for (const [text, at] of [
      ['name: x\nstream: { folder: /etc }\npolicies: [rules-jp]\n', 'stream.folder'],
      ['name: x\nstream: { import: /etc/passwd }\npolicies: [rules-jp]\n', 'stream.import'],
      ['name: x\nstream: { preset: japan }\npolicies: [{ file: /etc/passwd }]\n', 'policies.0.file'],
      ['name: ../x\nstream: { preset: japan }\npolicies: [rules-jp]\n', 'name'],
      ['name: x\nstream: { preset: ../../etc }\npolicies: [rules-jp]\n', 'stream.preset'],
    ] as const) {
      const { status, body } = await ask(sekisho, 'POST', '', text)
      expect(status, text).toBe(400)
      expect(body.problems.map((one: { path: string }) => one.path)).toContain(at)
      expect(JSON.stringify(body)).not.toContain('root:')
    }
  })

  test.each([
    ['too many events', yamlOf('x').replace('2000', '1000001'), 'stream.events'],
    [
      'too many decisions',
      yamlOf('x', `repeats: [${Array.from({ length: 40 }, (_, seed) => seed)}]\n`).replace('2000', '1000000'),
      'policies',
    ],
    ['too long a text', `${yamlOf('x')}# ${'x'.repeat(70_000)}\n`, ''],
    ['too deep a text', `${yamlOf('x')}notes: ${'['.repeat(500)}`, ''],
    ['a card number', yamlOf('x', 'question: { en: why was 4000 0000 0000 0002 stopped }\n'), ''],
  ])('%s is refused', async (_what, text, at) => {
    const { status, body } = await ask(sekisho, 'POST', '', text)
    expect(status).toBe(400)
    expect(body.path).toBe(at)
    expect(JSON.stringify(body)).not.toContain('4000 0000 0000 0002')
  })

  test.each(['0001-none', '..', '0001-..%2f..%2fkeys', 'x', '0001-a/b'])('there is no experiment %s', async (id) => {
    expect((await ask(sekisho, 'GET', `/${id}`)).status).toBeGreaterThanOrEqual(400)
    expect((await ask(sekisho, 'DELETE', `/${id}`)).status).toBeGreaterThanOrEqual(400)
  })

  test('tells what populations there are and what one may hold', async () => {
    const { body } = await ask(sekisho, 'GET', '')
    expect(body.presets).toContain('japan')
    expect(body.limits).toEqual({ text: 65_536, events: 1_000_000, decisions: 20_000_000, kept: 50 })
  })
})

describe('experiments in the data folder', () => {
  const folders: string[] = []
  const folder = (): string => {
    const made = mkdtempSync(path.join(tmpdir(), 'sekisho-lab-test-'))
    folders.push(made)
    return made
  }
  afterAll(() => {
    for (const one of folders) rmSync(one, { recursive: true, force: true })
  })

  test('outlive the server; one that ran when it ended was stopped', async () => {
    const dataDir = folder()
    const first = await runningLab({ ephemeral: false, dataDir })
    const done = (await ask(first, 'POST', '', yamlOf('first'))).body.id
    await eventually(async () => (await ask(first, 'GET', `/${done}`)).body.state).toBe('done')
    const slow = (await ask(first, 'POST', '', yamlOf('slow'))).body.id
    expect(slow).toBe('0002-slow')
    await first.close()
    expect(readdirSync(path.join(dataDir, 'lab')).sort()).toEqual([done, slow])
    expect(JSON.parse(readFileSync(path.join(dataDir, 'lab', slow, 'state.json'), 'utf8')).state).toBe('stopped')
    const second = await runningLab({ ephemeral: false, dataDir })
    try {
      const { experiments } = (await ask(second, 'GET', '')).body
      expect(experiments.map(({ id, state }: { id: string; state: string }) => [id, state])).toEqual([
        [slow, 'stopped'],
        [done, 'done'],
      ])
      expect((await ask(second, 'POST', `/${slow}/resume`)).status).toBe(200)
      await eventually(async () => (await ask(second, 'GET', `/${slow}`)).body.state).toBe('done')
      expect((await ask(second, 'DELETE', `/${slow}`)).status).toBe(204)
      expect(existsSync(path.join(dataDir, 'lab', slow))).toBe(false)
    } finally {
      await second.close()
    }
  })

  test('belong to their tenant, and the turn is one for all', async () => {
    const dataDir = folder()
    const sekisho = await runningLab({ ephemeral: false, dataDir })
    try {
      const inTenant = (method: string, at: string, yaml?: string) =>
        ask({ ...sekisho, acs: `${sekisho.acs}/t/other` }, method, at, yaml)
      await fetch(`${sekisho.acs}/api/v1/tenants/other`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      const { id } = (await ask(sekisho, 'POST', '', yamlOf('slow'))).body
      expect((await inTenant('GET', `/${id}`)).status).toBe(404)
      expect((await inTenant('GET', '')).body.experiments).toEqual([])
      expect((await inTenant('POST', '', yamlOf('mine'))).status).toBe(409)
      await ask(sekisho, 'POST', `/${id}/stop`)
      await eventually(async () => (await ask(sekisho, 'GET', `/${id}`)).body.state).toBe('partial')
      expect((await inTenant('POST', '', yamlOf('mine'))).status).toBe(201)
      await eventually(async () => (await inTenant('GET', '/0001-mine')).body.state).toBe('done')
    } finally {
      await sekisho.close()
    }
  })
})
