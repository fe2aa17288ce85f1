// The package as a user gets it: what npm packs, installed elsewhere, imported, and its types checked.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { repository } from '../docs/pages.ts'
import { buildInto } from '../support/build.ts'

const run = promisify(execFile)
const compiler = path.join(repository, 'node_modules/typescript/bin/tsc')

let root = ''
let user = ''
let packed: readonly string[] = []

/** A copy, so that nobody else's build is disturbed. */
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sekisho-package-'))
  const copy = path.join(root, 'sekisho')
  for (const name of ['src', 'public', 'spec-fixtures', 'package.json', 'tsconfig.json', 'README.md', 'LICENSE'])
    await cp(path.join(repository, name), path.join(copy, name), { recursive: true })
  await symlink(path.join(repository, 'node_modules'), path.join(copy, 'node_modules'))
  await buildInto(path.join(copy, 'dist'))
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: copy,
    maxBuffer: 20_000_000,
  })
  const [found] = z.array(z.object({ files: z.array(z.object({ path: z.string() })) })).parse(JSON.parse(stdout))
  packed = found?.files.map((file) => file.path) ?? []
  user = path.join(root, 'user')
  const home = path.join(user, 'node_modules/sekisho')
  for (const file of packed) {
    await mkdir(path.join(home, path.dirname(file)), { recursive: true })
    await cp(path.join(copy, file), path.join(home, file))
  }
  await symlink(path.join(repository, 'node_modules'), path.join(home, 'node_modules'))
  await writeFile(path.join(user, 'package.json'), '{ "type": "module" }')
}, 400_000) // copies, builds and packs, on a busy machine
afterAll(() => rm(root, { recursive: true, force: true }))

describe('the package', () => {
  test('holds what it runs on, and neither tests nor data', () => {
    for (const file of ['dist/cli/main.js', 'dist/library.js', 'dist/library.d.ts', 'public/console/app.js', 'LICENSE'])
      expect(packed).toContain(file)
    expect(packed.filter((file) => /^(?:test|bench|docs|data)\//.test(file))).toEqual([])
  })

  test('is imported and runs', async () => {
    const program = `
      import { startSekisho } from 'sekisho'
      import { createClient } from 'sekisho/client'
      import { solveChallenge } from 'sekisho/playwright'
      const sekisho = await startSekisho()
      const client = createClient({ baseUrl: sekisho.urls.acs })
      await client.stub({ merchant: 'My Shop' }, { transStatus: 'A' })
      const { transStatus } = await sekisho.client.pay()
      await sekisho.close()
      console.log(JSON.stringify({ transStatus, solve: typeof solveChallenge }))
    `
    await writeFile(path.join(user, 'program.js'), program)
    const { stdout, stderr } = await run(process.execPath, ['program.js'], { cwd: user })
    expect(JSON.parse(stdout)).toEqual({ transStatus: 'A', solve: 'function' })
    expect(stderr).toBe('')
  })

  /** What the compiler says of a program of a user. */
  async function complaints(program: string, options: object): Promise<readonly string[]> {
    await writeFile(path.join(user, 'program.ts'), program)
    const compilerOptions = { strict: true, noEmit: true, target: 'ES2022', types: [], skipLibCheck: false, ...options }
    await writeFile(path.join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
    const { stdout } = await run(process.execPath, [compiler, '-p', 'tsconfig.json'], { cwd: user }).catch(
      (error: { readonly stdout: string }) => error,
    )
    return stdout.split('\n').filter((line) => line.startsWith('program.ts') || line.includes('node_modules'))
  }

  const consumer = `
    import { startSekisho, type Tenant } from 'sekisho'
    import { createClient, SekishoError } from 'sekisho/client'
    import { solveChallenge } from 'sekisho/playwright'
    declare const page: import('sekisho/playwright').Page
    const sekisho = await startSekisho({ seed: 'x', versions: ['2.2.0'] })
    const tenant: Tenant = sekisho.tenant('mine')
    const stub = await tenant.stub({ acctNumber: '4000000000007700' }, { transStatus: 'C', rreq: { copies: 2 } }, { times: 2 })
    const left: number = stub.left
    const { outcomes } = await createClient({ tenant: 'mine' }).api.getStats({ query: { scheme: 'visa' } })
    const count: number = outcomes.Y + left
    const card: string = (await tenant.api.getCard({ params: { id: 'x' } })).holder
    const { state } = await solveChallenge(page, { client: tenant, wrong: 1 })
    if (state === 'open') throw new SekishoError(card, count, '', '')
  `

  test.each([
    ['of Node', { module: 'nodenext', lib: ['ES2022', 'DOM'] }],
    ['of a bundler', { module: 'esnext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM'] }],
  ])('has types that need nothing else, by the rules %s', async (_, options) => {
    expect(await complaints(consumer, options)).toEqual([])
  })

  test('has types that find mistakes', async () => {
    const found = await complaints(
      `
      import { createClient } from 'sekisho/client'
      const client = createClient()
      await client.stub({ acctNumber: '4' }, { transStatus: 'X' })
      await client.api.getCard()
      await client.api.noSuchOperation()
      `,
      { module: 'nodenext', lib: ['ES2022', 'DOM'] },
    )
    expect(found).toHaveLength(3)
  })
})
