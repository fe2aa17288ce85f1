// sekisho hook: what it sends is taken, what it answers is heard.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { extensionOf } from '../../../src/protocol/crypto/assessment-extension.ts'
import { secretBytes } from '../../../src/protocol/crypto/webhook-signature.ts'
import { engineCard, purchase } from '../../http/merchant-side.ts'
import { closedPort } from '../../http/support.ts'
import { browserAReq, type Members, post } from '../../support/messages.ts'
import { type Running, running } from '../../support/running.ts'
import { ask } from '../../tenants/support.ts'
import { secretOf } from './support.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-hook-cli-'))
const key = secretOf('k')
const children: ChildProcess[] = []
let sekisho: Running
let port = 0

beforeAll(async () => {
  port = await closedPort()
  const file = path.join(folder, 'sources.yaml')
  const source = `name: checks, key: { secret: ${key} }`
  writeFileSync(
    file,
    `sources:\n  - { ${source}, ask: { url: 'http://127.0.0.1:${port}/', deadline: 5s, when: named } }\n`,
  )
  sekisho = await running({ hookSources: file, clock: 'frozen' })
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill()
})
afterAll(async () => {
  await sekisho?.close()
  rmSync(folder, { recursive: true, force: true })
})

function start(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'hook', ...args], {
    env: { ...process.env, SEKISHO_HOOK_KEY: key, SEKISHO_URL: sekisho.acs },
  })
  children.push(child)
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const ended = new Promise<{ code: number; out: string }>((resolve) =>
    child.once('close', (code) => resolve({ code: code ?? -1, out })),
  )
  return { ended, out: () => out }
}

const decided = async (change: Members): Promise<Members> => {
  const areq = browserAReq({ acctNumber: engineCard(), ...purchase, ...change })
  const { body } = await post(`${sekisho.acs}/acs/areq`, areq)
  return (await ask(sekisho, 'GET', `/transactions/${String(body.acsTransID)}/decision`)).body
}

test('send tells it ahead, by the clock of the tenant; the same id again ends with 1', async () => {
  const id = crypto.randomUUID()
  const words = ['--source', 'checks', '--transaction', id, '--verdict', 'REVIEW', '--score', '0.7', '--id', 'one']
  const sent = await start('send', ...words).ended
  expect(sent).toEqual({ code: 0, out: `REVIEW of checks counts for ${id}.\n` })
  expect(await start('send', ...words).ended).toMatchObject({ code: 1, out: expect.stringContaining('409: replayed') })
  expect(await decided({ threeDSServerTransID: id })).toMatchObject({
    assessments: [{ source: 'checks', door: 'ahead', verdict: 'REVIEW', score: 0.7 }],
  })
}, 60_000)

test('send --door areq prints an extension that is heard', async () => {
  const id = crypto.randomUUID()
  const { out } = await start('send', '--source', 'checks', '--door', 'areq', '--transaction', id).ended
  expect(await decided({ threeDSServerTransID: id, messageExtension: [JSON.parse(out)] })).toMatchObject({
    assessments: [{ source: 'checks', door: 'areq', verdict: 'OK' }],
  })
}, 60_000)

test('listen answers what it is asked, and says whether the question was signed well', async () => {
  const service = start('listen', '--source', 'checks', '--port', String(port), '--verdict', 'HOLD', '--count', '1')
  await expect.poll(service.out, { timeout: 30_000 }).toContain('Stop with Ctrl-C')
  expect(await decided({ messageExtension: [extensionOf({ ask: 'checks' })] })).toMatchObject({
    assessments: [{ source: 'checks', door: 'asked', verdict: 'HOLD' }],
  })
  expect(await service.ended).toMatchObject({
    code: 0,
    out: expect.stringMatching(/requested .* signature good → HOLD/),
  })
}, 60_000)

test('key makes a secret; a wrong one is told in a line', async () => {
  const made = await start('key').ended
  expect(secretBytes(made.out.trim())).toHaveLength(32)
  const wrong = await start('send', '--key', 'hunter2').ended
  expect(wrong.code).toBe(2)
  expect(wrong.out).toMatch(/^sekisho: .*whsec_/)
  expect(wrong.out).not.toContain('hunter2')
}, 60_000)
