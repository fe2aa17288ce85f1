// How a Sekisho stops, what the next start finds, and what a start says that cannot succeed.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listeningDs, rres, sendJson } from '../support/ds.ts'
import {
  browserAReq,
  challengeCard,
  creqFor,
  cresIn,
  field,
  frictionlessCard,
  type Members,
  post,
  postForm,
} from '../support/messages.ts'
import { type Diary, till } from './cardholders.ts'
import {
  build,
  chance,
  freePort,
  type Launched,
  launch,
  newFolder,
  party,
  removeFolders,
  repository,
  until,
} from './processes.ts'

const patience = 240_000 // ms, for a machine that has much else to do
const orderly = { code: 0, signal: null }

let root: string
beforeAll(async () => {
  root = await build()
}, patience)
afterAll(removeFolders)

const cleaners: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const clean of cleaners.splice(0).toReversed()) await clean()
})

interface Set {
  readonly folder: string
  readonly acsPort: number
  readonly shopPort: number
  readonly acs: string
  start(): Promise<Launched>
  now(): Launched
}

async function sekisho(...more: readonly string[]): Promise<Set> {
  const [acsPort, shopPort, folder] = [await freePort(), await freePort(), newFolder()]
  const ports = ['--acs-port', String(acsPort), '--shop-port', String(shopPort)]
  const one = party(root, acsPort, [...ports, '--data-dir', folder, '--log-level', 'error', ...more])
  cleaners.push(() => one.now().end('SIGKILL'))
  return { folder, acsPort, shopPort, acs: `http://127.0.0.1:${acsPort}`, start: one.start, now: one.now }
}

const codeOf = async (acs: string, ares: Members): Promise<string> => {
  const response = await fetch(`${acs}/api/v1/inbox?acsTransID=${ares.acsTransID}`)
  return ((await response.json()) as { messages: { code: string }[] }).messages[0]?.code ?? ''
}

const storedOf = async (acs: string, ares: Members): Promise<Members> =>
  (await (await fetch(`${acs}/api/v1/transactions/${ares.acsTransID}`)).json()) as Members

/** A challenge whose page is open, and the form that passes it. */
async function openChallenge(acs: string, dsURL: string) {
  const { body: ares } = await post(`${acs}/acs/areq`, browserAReq({ acctNumber: challengeCard, dsURL }))
  expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'C' })
  const { page } = await postForm(`${acs}/acs/challenge`, { creq: creqFor(ares) })
  const form = {
    acsTransID: String(ares.acsTransID),
    stepToken: field(page, 'stepToken') ?? '',
    action: 'verify',
    otp: await codeOf(acs, ares),
  }
  return { ares, form }
}

describe('a stop by SIGTERM', () => {
  test(
    'ends with exit code 0 under load, and no acknowledged answer is gone at the next start',
    async () => {
      const { start, now, acsPort, shopPort, acs } = await sekisho('--browser-requests-per-minute', '1000000')
      await start()
      let isOver = false
      const diary: Diary = { purchases: [], answered: 0, lost: 0, surprises: [] }
      const world = { shopPort, acsPort, random: chance(7), isOver: () => isOver, hasRReq: () => true }
      const load = [1, 2, 3, 4].map(() => till(world, diary))
      for (let round = 0; round < 3; round += 1) {
        const enough = diary.answered + 40
        await until('load', () => diary.answered >= enough)
        expect(await now().end('SIGTERM')).toEqual(orderly)
        expect(now().stderr()).toBe('')
        await start()
      }
      isOver = true
      await Promise.all(load)
      expect(diary.surprises).toEqual([])
      await until('the delivery of every result', async () => {
        const response = await fetch(`${acs}/api/v1/transactions?limit=500`)
        const { transactions } = (await response.json()) as { transactions: Members[] }
        return transactions.every(({ delivery }) => delivery !== 'pending')
      })
      for (const { acsTransID, transStatus, final, threeDSServerTransID } of diary.purchases) {
        const stored = await storedOf(acs, { acsTransID })
        expect(stored).toMatchObject({ acsTransID, transStatus })
        if (final === undefined) continue
        expect(stored.resultStatus === 'Y').toBe(final === 'Y')
        const told = await fetch(`http://127.0.0.1:${shopPort}/3ds-server/transactions/${threeDSServerTransID}`)
        expect(await told.json()).toMatchObject({ settledBy: 'RReq', transStatus: stored.resultStatus })
      }
    },
    patience,
  )

  test(
    'answers what is under way and waits for no connection that idles',
    async () => {
      const { start, acsPort, acs } = await sekisho('--only', 'acs')
      const process = await start()
      const ds = await listeningDs()
      cleaners.push(ds.close)
      let answerRReq = (): void => {}
      ds.answer = (message, res) => {
        answerRReq = () => sendJson(res, rres(message))
      }
      const { form } = await openChallenge(acs, ds.url)
      // Connections as browsers keep them: one in use, one used before, one opened just in case.
      const agent = new http.Agent({ keepAlive: true })
      cleaners.push(() => agent.destroy())
      await new Promise<void>((resolve, reject) => {
        http
          .get({ host: '127.0.0.1', port: acsPort, path: '/health/live', agent }, (response) => {
            response.resume().on('end', resolve)
          })
          .on('error', reject)
      })
      const unused = net.connect(acsPort, '127.0.0.1')
      cleaners.push(() => unused.destroy())
      await new Promise((resolve) => unused.once('connect', resolve))
      unused.on('error', () => {})

      const finalPage = postForm(`${acs}/acs/challenge/answer`, form)
      await ds.arrived(1)
      const body = JSON.stringify(browserAReq({ acctNumber: frictionlessCard, dsURL: ds.url }))
      const half = http.request({
        host: '127.0.0.1',
        port: acsPort,
        path: '/acs/areq',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          expect: '100-continue',
        },
      })
      await new Promise<void>((resolve, reject) => {
        half.once('continue', resolve)
        half.once('error', reject)
        half.flushHeaders()
      })
      half.write(body.slice(0, 100))
      const ended = process.end('SIGTERM')
      await until('closed doors', async () => (await isRefused(acsPort)) || undefined)
      const ares = new Promise<Members>((resolve, reject) => {
        half.once('error', reject)
        half.once('response', (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Members))
        })
      })
      half.end(body.slice(100))
      expect(await ares).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
      answerRReq()
      const { status, page } = await finalPage
      expect(status).toBe(200)
      expect(cresIn(page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
      expect(await ended).toEqual(orderly)
      expect(process.stderr()).toBe('')
    },
    patience,
  )

  test(
    'cuts off a DS that does not answer; the next start sends the same RReq again (CHL-SM-3)',
    async () => {
      const { start, acs } = await sekisho('--only', 'acs')
      const process = await start()
      const ds = await listeningDs()
      cleaners.push(ds.close)
      ds.answer = () => {}
      const { ares, form } = await openChallenge(acs, ds.url)
      const finalPage = postForm(`${acs}/acs/challenge/answer`, form)
      await ds.arrived(1)
      const ended = process.end('SIGTERM')
      expect(cresIn((await finalPage).page)).toMatchObject({ transStatus: 'Y' })
      expect(await ended).toEqual(orderly)
      ds.answer = (message, res) => sendJson(res, rres(message))
      await start()
      await ds.arrived(2)
      await until('the delivery', async () => (await storedOf(acs, ares)).delivery === 'delivered')
      const texts = ds.received.map(({ text }) => text)
      expect(texts).toEqual([texts[0], texts[0]])
    },
    patience,
  )

  test(
    'leaves challenges, codes and keys as they are for the next start',
    async () => {
      const { start, now, acs, folder } = await sekisho()
      await start()
      const ds = await listeningDs()
      cleaners.push(ds.close)
      const { ares, form } = await openChallenge(acs, ds.url)
      const keys = path.join(folder, 'keys.json')
      const keysBefore = readFileSync(keys, 'utf8')
      expect(statSync(keys).mode & 0o077).toBe(0)
      expect(await now().end('SIGTERM')).toEqual(orderly)
      // A database that was closed in order needs nothing beside it.
      expect(existsSync(path.join(folder, 'sekisho.sqlite-wal'))).toBe(false)
      await start()
      expect(readFileSync(keys, 'utf8')).toBe(keysBefore)
      expect(await codeOf(acs, ares)).toBe(form.otp)
      const { page } = await postForm(`${acs}/acs/challenge/answer`, form)
      expect(cresIn(page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
      expect(ds.received.map(({ message }) => message.transStatus)).toEqual(['Y'])
      const again = await post(
        `${acs}/acs/areq`,
        browserAReq({ acctNumber: challengeCard, dsURL: ds.url, threeDSServerTransID: ares.threeDSServerTransID }),
      )
      expect(again.body).toMatchObject({ messageType: 'Erro', errorCode: '301' }) // SEC-RPL-1, over a restart too
    },
    patience,
  )
})

const isRefused = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })

/** One line for a person on stderr, exit code 1, nothing else. */
async function expectOneLine(launched: Launched, line: RegExp): Promise<void> {
  cleaners.push(() => launched.end('SIGKILL'))
  await until('the end', () => !launched.isRunning())
  expect(launched.stderr()).toMatch(/^sekisho: [^\n]+\n$/)
  expect(launched.stderr()).toMatch(line)
  expect(launched.stdout()).toBe('')
  expect(await launched.ended).toEqual({ code: 1, signal: null })
}

const serve = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Launched =>
  launch(path.join(root, 'dist', 'cli', 'main.js'), ['serve', ...args], { cwd: newFolder(), env })

describe('a start that cannot succeed says why in one line', () => {
  const occupied = (port: number, host: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const server = net.createServer()
      server.once('error', reject)
      server.listen({ port, host, ipv6Only: host.includes(':') }, resolve)
      cleaners.push(() => new Promise((closed) => server.close(closed)))
    })

  test.each([
    ['IPv4', '127.0.0.1', '--acs-port'],
    ['IPv6', '::1', '--acs-port'],
    ['IPv4', '127.0.0.1', '--shop-port'],
    ['IPv6', '::1', '--shop-port'],
  ])(
    'when another program has the port on %s only (%s, %s)',
    async (_name, host, flag) => {
      const [taken, other] = [await freePort(), await freePort()]
      await occupied(taken, host)
      const otherFlag = flag === '--acs-port' ? '--shop-port' : '--acs-port'
      await expectOneLine(
        serve([flag, String(taken), otherFlag, String(other), '--data-dir', newFolder()]),
        new RegExp(`Port ${taken} on ${host} is in use`),
      )
    },
    patience,
  )

  test(
    'when the data folder is a file, lies in one, or cannot be made',
    async () => {
      const file = path.join(newFolder(), 'file')
      writeFileSync(file, 'not a folder')
      const ports = ['--acs-port', '0', '--shop-port', '0']
      for (const folder of [file, path.join(file, 'data'), '/proc/sekisho']) {
        await expectOneLine(serve([...ports, '--data-dir', folder]), new RegExp(`data folder ${folder} cannot be`))
      }
      expect(readFileSync(file, 'utf8')).toBe('not a folder')
    },
    patience,
  )

  test(
    'when another Sekisho uses the data folder, which goes on undisturbed',
    async () => {
      const { start, folder, acs } = await sekisho()
      const first = await start()
      const ports = ['--acs-port', '0', '--shop-port', '0']
      await expectOneLine(serve([...ports, '--data-dir', folder]), /is in use by another Sekisho/)
      const prune = launch(path.join(root, 'dist', 'cli', 'main.js'), [
        ...['db', 'prune', '--older-than-days', '0', '--data-dir', folder],
      ])
      await expectOneLine(prune, /is in use by another Sekisho/)
      const { body } = await post(`${acs}/acs/areq`, browserAReq({ acctNumber: frictionlessCard }))
      expect(body).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
      expect(await first.end('SIGTERM')).toEqual(orderly)
    },
    patience,
  )

  test(
    'when the keys or the database cannot be read, without showing any of them',
    async () => {
      const ports = ['--acs-port', '0', '--shop-port', '0']
      const folder = newFolder()
      const args = [...ports, '--data-dir', folder]
      for (const content of ['', '{"panHash":"c2VjcmV0', '{"panHash":"c2VjcmV0"}']) {
        writeFileSync(path.join(folder, 'keys.json'), content)
        const launched = serve(args)
        await expectOneLine(launched, /keys in .* cannot be read/)
        expect(launched.stderr()).not.toContain('c2Vj')
      }
      rmSync(path.join(folder, 'keys.json'))
      writeFileSync(path.join(folder, 'sekisho.sqlite'), 'This is no database at all.'.repeat(400))
      await expectOneLine(serve(args), /database in .* cannot be read/)
    },
    patience,
  )

  const broken = (name: string, content: string): string => {
    const file = path.join(newFolder(), name)
    writeFileSync(file, content)
    return file
  }
  test.each<[string, () => readonly string[], NodeJS.ProcessEnv, RegExp]>([
    ['a value', () => ['--acs-port', 'abc'], {}, /--acs-port is not valid/],
    ['a value from the environment', () => [], { SEKISHO_SHOP_PORT: '70000' }, /SEKISHO_SHOP_PORT is not valid/],
    ['an unknown party', () => ['--only', 'acs,bank'], {}, /--only is not valid/],
    ['an unknown flag', () => ['--acs-prot', '1'], {}, /unknown option '--acs-prot'/],
    ['a host for everybody without a token', () => ['--host', '0.0.0.0'], {}, /--admin-token/],
    ['no such file', () => ['--config', 'none.yaml'], {}, /none\.yaml cannot be read/],
    ['no YAML', () => ['--config', broken('s.yaml', 'a: [1,\nb')], {}, /s\.yaml cannot be read/],
    ['an unknown name', () => ['--config', broken('s.yaml', 'acs-prot: 1')], {}, /is no setting/],
    ['no such policy', () => ['--policy', '/nowhere/policy.yaml'], {}, /policy\.yaml cannot be read/],
    ['a policy that is no YAML', () => ['--policy', broken('p.yaml', 'a: [1,\nb')], {}, /policy: line/],
    ['a policy of another kind', () => ['--policy', broken('p.yaml', 'name: x')], {}, /policy: /],
    ['issuer data of another kind', () => ['--issuer', broken('i.yaml', 'ranges: []')], {}, /i\.yaml is not valid/],
    ['issuer data that are no YAML', () => ['--issuer', broken('i.yaml', 'a: [1,\nb')], {}, /i\.yaml is not valid/],
  ])(
    'when a setting is bad: %s',
    async (_name, args, env, line) => {
      await expectOneLine(serve([...args(), '--data-dir', newFolder()], env), line)
    },
    patience,
  )
})

describe('npm start', () => {
  /** The package with these modules, as an installation has them. */
  async function installed(modules: readonly string[]): Promise<string> {
    const folder = newFolder()
    await cp(path.join(repository, 'package.json'), path.join(folder, 'package.json'))
    await cp(path.join(repository, 'src/cli/start.mjs'), path.join(folder, 'src/cli/start.mjs'), { recursive: true })
    mkdirSync(path.join(folder, 'node_modules'))
    for (const name of modules) {
      symlinkSync(path.join(repository, 'node_modules', name), path.join(folder, 'node_modules', name))
    }
    return folder
  }
  const start = (folder: string): Launched =>
    launch(path.join(folder, 'src/cli/start.mjs'), [], { cwd: folder, env: { NODE_ENV: 'production' } })

  test(
    'says that the packages are not installed',
    async () => {
      await expectOneLine(start(await installed([])), /npm ci/)
    },
    patience,
  )

  test(
    'says that the compiler is not installed where nothing is built',
    async () => {
      await expectOneLine(start(await installed(['express', 'better-sqlite3'])), /npm ci --include=dev/)
    },
    patience,
  )

  test(
    'says that SQLite cannot be loaded',
    async () => {
      const folder = await installed(['express'])
      mkdirSync(path.join(folder, 'dist/cli'), { recursive: true })
      writeFileSync(path.join(folder, 'dist/cli/main.js'), '')
      await expectOneLine(start(folder), /SQLite cannot be loaded/)
    },
    patience,
  )
})
