// No engine runs here, so the image is not built by these tests. What they show: that the files are sound, and that what
// the Dockerfile puts together, with its own environment, its own command and its own health check, runs.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { DCLinter } from 'dclint'
import { validate } from 'dockerfile-utils'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { envName, settingNames } from '../../src/config.ts'
import { freePort } from '../durability/processes.ts'
import { repository } from './pages.ts'

const run = promisify(execFile)
const read = (name: string): string => readFileSync(path.join(repository, name), 'utf8')

interface Instruction {
  readonly word: string
  readonly rest: string
}

/** Instructions with their lines joined and without comments. */
const instructions: readonly Instruction[] = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line))
  .flatMap((found) => (found === null ? [] : [{ word: found[1] ?? '', rest: found[2] ?? '' }]))

const stages: readonly { readonly name: string; readonly image: string; readonly steps: readonly Instruction[] }[] =
  instructions
    .flatMap(({ word }, index) => (word === 'FROM' ? [index] : []))
    .map((from, index, all) => {
      const [image = '', , name = ''] = (instructions[from]?.rest ?? '').split(' ')
      return { name, image, steps: instructions.slice(from + 1, all[index + 1]) }
    })
const last = stages.at(-1)
const lastOf = (word: string): string => last?.steps.findLast((step) => step.word === word)?.rest ?? ''
const words = z.array(z.string())
const command = [...words.parse(JSON.parse(lastOf('ENTRYPOINT'))), ...words.parse(JSON.parse(lastOf('CMD')))]
const healthCheck = words.parse(JSON.parse(/CMD (\[.*\])$/.exec(lastOf('HEALTHCHECK'))?.[1] ?? '[]'))
const environment = Object.fromEntries(
  (last?.steps ?? [])
    .filter(({ word }) => word === 'ENV')
    .flatMap(({ rest }) => [...rest.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value])),
)

describe('the Dockerfile', () => {
  test('has nothing that a linter finds', () => {
    expect(validate(read('Dockerfile')).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([])
  })

  test('runs as somebody who is not root, on the data volume of that somebody', () => {
    expect(lastOf('USER')).toBe('node')
    expect(environment.SEKISHO_DATA_DIR).toBe(lastOf('VOLUME'))
    const steps = last?.steps.map(({ word, rest }) => `${word} ${rest}`) ?? []
    expect(steps.indexOf('RUN mkdir /data && chown node:node /data')).toBeLessThan(steps.indexOf('USER node'))
  })

  test('stops by the signal that Sekisho listens to, and names only settings that exist', () => {
    expect(lastOf('STOPSIGNAL')).toBe('SIGTERM')
    const known = new Set(settingNames.map(envName))
    expect(Object.keys(environment).filter((name) => name.startsWith('SEKISHO_') && !known.has(name))).toEqual([])
  })

  test('pins the Node that Sekisho needs, and the same system in all stages', () => {
    expect(stages.map(({ image }) => image)).toEqual(['node:20-bookworm', 'node:20-bookworm', 'node:20-bookworm-slim'])
  })

  test('copies only what .dockerignore lets through, and no folder of data', () => {
    const [first, ...rest] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(first).toBe('*')
    const allowed = new Set(rest.map((line) => line.slice(1)))
    const copied = stages.flatMap(({ steps }) =>
      steps
        .filter(({ word, rest: what }) => word === 'COPY' && !what.startsWith('--from'))
        .flatMap(({ rest: what }) => what.split(' ').slice(0, -1)),
    )
    expect(copied.filter((name) => !allowed.has(name))).toEqual([])
    expect([...allowed].filter((name) => !copied.includes(name))).toEqual([])
    for (const name of copied) expect(existsSync(path.join(repository, name)), name).toBe(true)
  })

  test('puts a copy of every published file into the image', () => {
    const { files } = JSON.parse(read('package.json')) as { files: readonly string[] }
    const here = ['dist', 'public', 'spec-fixtures', 'src/', 'LICENSE', 'README.md']
    expect(files.filter((name) => !here.some((start) => name.startsWith(start)))).toEqual([])
  })
})

describe('compose.yaml', () => {
  const compose = z
    .object({
      services: z.record(
        z.string(),
        z.object({
          ports: z.array(z.string()),
          environment: z.record(z.string(), z.string()).default({}),
          volumes: z.array(z.string()).default([]),
          user: z.string().optional(),
          privileged: z.boolean().optional(),
        }),
      ),
      volumes: z.record(z.string(), z.unknown()),
    })
    .parse(parse(read('compose.yaml')))

  test('has nothing that a linter finds', () => {
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] })
    const results = z
      .array(z.object({ messages: z.array(z.object({ line: z.number(), rule: z.string(), message: z.string() })) }))
      .parse(linter.lintFiles([path.join(repository, 'compose.yaml')], false))
    expect(results).toHaveLength(1)
    const found = results.flatMap(({ messages }) =>
      messages.map(({ line, rule, message }) => `${line} ${rule}: ${message}`),
    )
    expect(found).toEqual([])
  })

  test('opens ports on this machine only, and keeps no secret', () => {
    for (const { ports, environment: variables } of Object.values(compose.services)) {
      for (const mapped of ports) expect(mapped).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
      for (const [name, value] of Object.entries(variables))
        if (/TOKEN|KEY|URL/.test(name)) expect(value, name).toMatch(/^\$\{\w+:[?-][^}]*\}$/)
    }
  })

  test('names only settings that exist, the port of the image and its volume', () => {
    const { sekisho } = compose.services
    const known = new Set(settingNames.map(envName))
    expect(Object.keys(sekisho?.environment ?? {}).filter((name) => !known.has(name))).toEqual([])
    expect(sekisho?.ports).toEqual([`127.0.0.1:${lastOf('EXPOSE')}:${lastOf('EXPOSE')}`])
    expect(sekisho?.volumes).toEqual([`data:${lastOf('VOLUME')}`])
    expect(Object.keys(compose.volumes)).toEqual(['data'])
  })
})

/** What a RUN line does here: packages come from the installation at hand, everything else is really run. */
async function perform(rest: string, folder: string): Promise<void> {
  if (rest === 'npm ci') return symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'))
  if (rest === 'npm ci --omit=dev') return installWithoutDev(folder)
  if (rest.includes('chown')) return undefined // the owner of the data folder: only an engine has that user
  await run('sh', ['-c', rest], { cwd: folder })
  return undefined
}

interface Locked {
  readonly dev?: boolean
  readonly devOptional?: boolean
}

/** The packages that `npm ci --omit=dev` leaves, by the lock file. */
async function installWithoutDev(folder: string): Promise<void> {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
  for (const [name, { dev = false, devOptional = false }] of Object.entries(packages)) {
    const from = path.join(repository, name)
    if (name === '' || dev || devOptional || !existsSync(from)) continue
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true })
    for (const entry of await readdir(from)) {
      if (entry !== 'node_modules')
        // its own packages have lines of their own
        await cp(path.join(from, entry), path.join(folder, name, entry), { recursive: true, mode: 2 })
    }
  }
}

describe('what the image would run', () => {
  let root = ''
  let app = ''
  const children: ChildProcess[] = []
  const data: string[] = []

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'sekisho-image-'))
    for (const { name, steps } of stages) {
      const folder = path.join(root, name || 'image')
      await mkdir(folder, { recursive: true })
      for (const { word, rest } of steps) {
        if (word === 'RUN') await perform(rest, folder)
        if (word !== 'COPY') continue
        const parts = rest.split(' ')
        const stage = parts[0]?.startsWith('--from=') === true ? parts.shift()?.slice('--from='.length) : undefined
        const target = parts.pop() ?? ''
        for (const part of parts) {
          const source =
            stage === undefined ? path.join(repository, part) : path.join(root, stage, part.replace('/app/', ''))
          const to = target === './' ? path.join(folder, part) : path.join(folder, target)
          await cp(source, to, { recursive: true, mode: 2 })
        }
      }
      app = folder
    }
  }, 180_000)
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    for (const folder of data.splice(0)) await rm(folder, { recursive: true, force: true })
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  /** The environment of the image and of whoever runs it, and nothing of ours. */
  async function container(more: Readonly<Record<string, string>>) {
    const folder = await mkdtemp(path.join(tmpdir(), 'sekisho-image-data-'))
    data.push(folder)
    const port = await freePort()
    const env = {
      PATH: process.env.PATH ?? '',
      ...environment,
      SEKISHO_DATA_DIR: folder,
      SEKISHO_ACS_PORT: String(port),
      ...more,
    }
    const start = () => {
      const [program = '', ...args] = command
      const child = spawn(program, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] })
      children.push(child)
      let printed = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (piece: string) => {
          printed += piece
        })
      return { child, printed: () => printed }
    }
    const health = async (): Promise<number> => {
      const [program = '', ...args] = healthCheck
      const child = spawn(program, args, { cwd: app, env, stdio: 'ignore' })
      const [code] = (await once(child, 'close')) as [number | null]
      return code ?? -1
    }
    const isHealthy = (): Promise<void> =>
      vi.waitFor(async () => expect(await health()).toBe(0), { timeout: 40_000, interval: 300 })
    return { base: `http://127.0.0.1:${port}`, start, health, isHealthy }
  }
  const token = 'a-token-for-this-test'

  test('needs a token, and says so in one line', async () => {
    const { start } = await container({})
    const { child, printed } = start()
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(1)
    expect(printed().trim().split('\n')).toHaveLength(1)
    expect(printed()).toContain('SEKISHO_ADMIN_TOKEN')
  })

  test('has packages without those of development', () => {
    expect(existsSync(path.join(app, 'node_modules/express/package.json'))).toBe(true)
    expect(existsSync(path.join(app, 'node_modules/typescript'))).toBe(false)
    expect(existsSync(path.join(app, 'node_modules/vitest'))).toBe(false)
  })

  test('is well with two ports, and with TLS', async () => {
    const [shopPort, mtlsPort] = [await freePort(), await freePort()]
    const two = await container({
      SEKISHO_ADMIN_TOKEN: token,
      SEKISHO_SINGLE_PORT: 'false',
      SEKISHO_SHOP_PORT: String(shopPort),
      SEKISHO_SHOP_PUBLIC_URL: `http://127.0.0.1:${shopPort}`,
    })
    two.start()
    await two.isHealthy()
    expect((await fetch(`http://127.0.0.1:${shopPort}/shop`)).status).toBe(200)

    const encrypted = await container({
      SEKISHO_ADMIN_TOKEN: token,
      SEKISHO_TLS: 'true',
      SEKISHO_MTLS_PORT: String(mtlsPort),
    })
    encrypted.start()
    await encrypted.isHealthy()
    await expect(fetch(`${encrypted.base}/shop`)).rejects.toThrow() // https only
  }, 120_000)

  test('is ill before it runs, well while it runs, authenticates, keeps its data and stops in order', async () => {
    const { base, start, health, isHealthy } = await container({ SEKISHO_ADMIN_TOKEN: token })
    expect(await health()).toBe(1)
    const first = start()
    await isHealthy()

    const shop = await fetch(`${base}/shop`)
    expect(shop.status).toBe(200)
    const inbox = (headers: Record<string, string>) => fetch(`${base}/api/v1/transactions`, { headers })
    expect((await inbox({})).status).toBe(401)

    const areq = JSON.parse(read('examples/areq.json')) as object
    const answer = await fetch(`${base}/ds/areq`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...areq, threeDSServerTransID: crypto.randomUUID() }),
    })
    expect(await answer.json()).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })

    first.child.kill('SIGTERM')
    expect(await once(first.child, 'close')).toEqual([0, null])
    expect(await health()).toBe(1)

    start()
    await isHealthy()
    const kept = await inbox({ authorization: `Bearer ${token}` })
    expect(await kept.json()).toMatchObject({ transactions: [{ transStatus: 'Y', merchantName: 'My Shop' }] })
  }, 120_000)
})
