// The folder of certificates when a process dies over it, and what the command line makes in it.
import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepCertificates } from '../../src/tls/keep.ts'
import { build } from '../durability/processes.ts'
import { browserAReq, frictionlessCard } from '../support/messages.ts'
import { running } from '../support/running.ts'
import { call } from './support.ts'

const patience = 240_000 // ms, for a machine that has much else to do
const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-certificates-'))
  folders.push(folder)
  return folder
}
let root: string
beforeAll(async () => {
  root = await build()
  folders.push(root)
}, patience)
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const run = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'dist/cli/main.js'), ...args], { cwd: newFolder() })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })

describe('a kill while certificates are made', () => {
  test.each([1, 2, 4, 6])(
    'with %i files there leaves a folder that the next start completes',
    async (count) => {
      const folder = newFolder()
      const keep = new URL('dist/tls/keep.js', `file://${root}/`).href
      const script = `const { keepCertificates } = await import(${JSON.stringify(keep)})
        await keepCertificates({ folder: ${JSON.stringify(folder)}, names: ['localhost'], now: Date.now() })`
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: root })
      await new Promise<void>((resolve) => {
        const watch = setInterval(() => {
          if (child.exitCode === null && readdirSync(folder).length < count) return
          clearInterval(watch)
          child.once('exit', () => resolve())
          if (child.exitCode === null) child.kill('SIGKILL')
          else resolve()
        }, 1)
      })
      const before = readdirSync(folder).includes('ca-key.pem')
        ? readFileSync(path.join(folder, 'ca-key.pem'), 'utf8')
        : undefined
      const { ca, servers, clients } = await keepCertificates({ folder, names: ['localhost'], now: Date.now() })
      if (before !== undefined) expect(before).toContain(ca.certificate)
      const authority = new X509Certificate(ca.certificate)
      for (const { certificate } of [...servers, ...Object.values(clients)])
        expect(new X509Certificate(certificate).verify(authority.publicKey)).toBe(true)
      const again = await keepCertificates({ folder, names: ['localhost'], now: Date.now() })
      expect(again.made).toEqual([])
    },
    patience,
  )
})

describe('sekisho tls', () => {
  test(
    'makes a client certificate that the mTLS port of the same folder takes',
    async () => {
      const tlsDir = path.join(newFolder(), 'tls')
      const printed = await run('tls', 'ca', '--tls-dir', tlsDir)
      expect(printed).toEqual({ code: 0, out: `${path.join(tlsDir, 'ca.pem')}\n`, err: '' })
      const out = path.join(newFolder(), 'mine.pem')
      const args = ['tls', 'client', '--role', 'ds', '--name', 'My DS', '--out', out, '--tls-dir', tlsDir]
      const made = await run(...args)
      expect([made.code, made.err]).toEqual([0, ''])
      expect(made.out).toContain(out)
      expect(made.out).not.toContain('PRIVATE')
      expect(statSync(out).mode & 0o777).toBe(0o600)
      const sekisho = await running({ tls: true, mtlsPort: 0, tlsDir })
      try {
        const ca = readFileSync(path.join(tlsDir, 'ca.pem'), 'utf8')
        const both = readFileSync(out, 'utf8')
        const body = browserAReq({ acctNumber: frictionlessCard })
        const answer = await call(`${sekisho.urls.servers}/acs/areq`, { ca, cert: both, key: both, body })
        expect(answer.json()).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
        expect((await call(`${sekisho.urls.servers}/ds/rreq`, { ca, cert: both, key: both, body })).status).toBe(403)
      } finally {
        await sekisho.close()
      }
      const again = await run(...args)
      expect([again.code, again.err]).toEqual([1, `sekisho: ${out} is there already; nothing was written.\n`])
    },
    patience,
  )

  test(
    'says in one line what is wrong',
    async () => {
      const out = path.join(newFolder(), 'x.pem')
      const role = await run('tls', 'client', '--role', 'bank', '--name', 'x', '--out', out)
      expect([role.code, role.err]).toEqual([1, 'sekisho: --role is not valid: acs, ds, 3ds-server expected\n'])
      const file = path.join(newFolder(), 'file')
      mkdirSync(file)
      const lost = await run('tls', 'client', '--role', 'ds', '--name', 'x', '--out', path.join(file, 'no', 'x.pem'))
      expect([lost.code, lost.err]).toMatchObject([
        1,
        expect.stringMatching(/^sekisho: .* cannot be written \(ENOENT\)\.\n$/),
      ])
    },
    patience,
  )
})
