// The clients of examples/hook, run as programs against a server. Where there is no php, what the PHP one computes is read in its text.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { webhookHeaders } from '../../../src/protocol/crypto/webhook-signature.ts'
import { engineCard, purchase } from '../../http/merchant-side.ts'
import { closedPort } from '../../http/support.ts'
import { browserAReq, type Members, post } from '../../support/messages.ts'
import { type Running, running } from '../../support/running.ts'
import { ask } from '../../tenants/support.ts'
import { secretOf } from '../doors/support.ts'

const examples = path.resolve(import.meta.dirname, '../../../examples/hook')
const key = secretOf('p')
const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-hook-clients-'))
const children: ChildProcess[] = []
let sekisho: Running
let port = 0

beforeAll(async () => {
  port = await closedPort()
  const file = path.join(folder, 'sources.yaml')
  const written = readFileSync(path.join(examples, 'sources.yaml'), 'utf8')
  writeFileSync(file, written.replace(/\$\{SEKISHO_HOOK_KEY\}/, key).replace(':9459/', `:${port}/`))
  sekisho = await running({ hookSources: file })
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill()
})
afterAll(async () => {
  await sekisho?.close()
  rmSync(folder, { recursive: true, force: true })
})

const can = (program: string): boolean => spawnSync(program, ['--version']).status === 0

const languages = [
  { language: 'Python', program: 'python3', client: ['sekisho_hook.py'] },
  { language: 'PHP', program: 'php', client: ['sekisho_hook.php'] },
].map((one) => ({ ...one, isThere: can(one.program) }))

function start(program: string, args: readonly string[]) {
  const env = { ...process.env, SEKISHO_HOOK_KEY: key, SEKISHO_URL: sekisho.acs, PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(program, args, { cwd: examples, env })
  children.push(child)
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(out)))
  return { ended, out: () => out }
}

async function paid(threeDSServerTransID: string): Promise<string> {
  const { body } = await post(
    `${sekisho.acs}/acs/areq`,
    browserAReq({
      acctNumber: engineCard(),
      ...purchase,
      acquirerMerchantID: 'MY-SHOP-0001',
      threeDSServerTransID,
      messageExtension: undefined,
    }),
  )
  return String((body as Members).acsTransID)
}

/** What cannot be run here is read below. */
describe.each(languages.filter(({ isThere }) => isThere))('the client in $language', ({ program, client }) => {
  const run = (...args: readonly string[]): Promise<string> => start(program, [...client, ...args]).ended

  test('tells what the shop thinks, and it is heard', async () => {
    const payment = randomUUID()
    expect(await run('assess', payment, 'NG')).toContain('202')
    const acsTransID = await paid(payment)
    const { body } = await ask(sekisho, 'GET', `/transactions/${acsTransID}/decision`)
    expect(body.assessments).toMatchObject([{ source: 'my-shop', door: 'ahead', verdict: 'NG' }])
  })

  test('reports what became of a payment, once', async () => {
    const payment = randomUUID()
    const acsTransID = await paid(payment)
    const id = `cb-${randomUUID()}`
    const first = await run('feedback', id, 'chargeback', payment)
    expect(first).toContain('200')
    expect(first).toContain('labelled')
    expect(await run('feedback', id, 'chargeback', payment)).toContain('200')
    expect(await run('feedback', id, 'confirmedGood', payment)).toContain('409')
    const { body } = await ask(sekisho, 'GET', `/transactions/${acsTransID}`)
    expect(body.label).toMatchObject({ kind: 'fraud' })
  })
})

const python = languages.find(({ program }) => program === 'python3')

describe.runIf(python?.isThere === true)('webhooks, taken in Python', () => {
  test('one of the issuer is believed, and a forged, late or changed one is not', async () => {
    const { out } = start('python3', ['sekisho_hook.py', 'listen', String(port)])
    await vi.waitFor(() => expect(out()).toContain('Listening'), { timeout: 30_000 })
    const payment = randomUUID()
    await paid(payment)
    await vi.waitFor(() => expect(out()).toContain(`decision.made`), { timeout: 30_000 })
    expect(out()).toContain(payment)

    const body = JSON.stringify({ type: 'decision.made', data: { threeDSServerTransID: payment } })
    const deliver = async (headers: Record<string, string>, bytes: string = body): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: bytes })).status
    const now = Date.now()
    const signed = (secret: string, at: number): Record<string, string> => ({
      ...webhookHeaders(secret, 'msg_1', at, body),
    })
    expect(await deliver(signed(key, now))).toBe(204)
    // While the key is changed there are several.
    const both = { ...signed(key, now) }
    both['webhook-signature'] = `${signed(secretOf('o'), now)['webhook-signature']} ${both['webhook-signature']}`
    expect(await deliver(both)).toBe(204)
    expect(await deliver(signed(secretOf('o'), now))).toBe(401)
    expect(await deliver(signed(key, now - 3_600_000))).toBe(401)
    expect(await deliver(signed(key, now + 3_600_000))).toBe(401)
    expect(await deliver(signed(key, now), body.replace('made', 'MADE'))).toBe(401)
    expect(await deliver({ ...signed(key, now), 'webhook-timestamp': '²' })).toBe(401)
    expect(await deliver({})).toBe(401)
    expect(await deliver(signed(key, now), ' '.repeat(70_000))).toBe(401)
    expect(await deliver(signed(key, now))).toBe(204)
  })

  test('the signature is that of Standard Webhooks', () => {
    // The example of its reference libraries.
    const code = `import sekisho_hook as h; print(h.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'))`
    const { stdout } = spawnSync('python3', ['-c', code], {
      cwd: examples,
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', SEKISHO_HOOK_KEY: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    })
    expect(stdout.trim()).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })
})

describe('the client in PHP, as it is written', () => {
  // Most machines that run these tests have no php. This holds its text against what is signed; that it runs is shown above where there is one.
  const text = readFileSync(path.join(examples, 'sekisho_hook.php'), 'utf8')

  test.each([
    ['the octets of the key', `base64_decode(substr($text, 6), true)`],
    ['what is signed, and how', `'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", hookKey(), true))`],
    ['a comparison that takes as long for any signature', 'hash_equals($due, $one)'],
    ['the time within five minutes', 'abs($now - (int) $timestamp) > TOLERANCE'],
    ['the headers', "'webhook-signature: ' . hookSignature($id, $timestamp, $body)"],
    ['where assessments go', "hookPost('/hook/assessments', "],
    ['where reports go', "hookPost('/hook/feedback', "],
  ])('has %s', (_, line) => {
    expect(text).toContain(line)
  })
})
