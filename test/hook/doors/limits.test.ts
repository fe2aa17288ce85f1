// How much the hook takes of one source, and of an address that nobody knows: 429 with Retry-After, and AReqs are answered all the same.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webhookHeaders } from '../../../src/protocol/crypto/webhook-signature.ts'
import { pay, secretOf, type WithSources, withSources } from '../feedback/support.ts'

const perMinute = 4
let sekisho: WithSources
beforeAll(async () => {
  sekisho = await withSources({}, { hookRequestsPerMinute: perMinute })
})
afterAll(() => sekisho.close())

const post = (source: 'alpha' | 'beta', tenant = '', secret = secretOf(source.charAt(0))): Promise<Response> => {
  const body = JSON.stringify({
    ...{ source, verdict: 'OK', issuedAt: new Date().toISOString() },
    about: { threeDSServerTransID: randomUUID() },
  })
  return fetch(`${sekisho.acs}${tenant}/hook/assessments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...webhookHeaders(secret, `id_${randomUUID()}`, Date.now(), body) },
    body,
  })
}
const statuses = async (all: readonly Promise<Response>[]): Promise<readonly number[]> =>
  (await Promise.all(all)).map(({ status }) => status).toSorted()

test('a source that sends too much is told when to come again; the others are heard', async () => {
  const some = Array.from({ length: perMinute + 2 }, () => post('alpha'))
  expect(await statuses(some)).toEqual([...Array.from({ length: perMinute }, () => 202), 429, 429])
  const refused = await post('alpha')
  expect(refused.status).toBe(429)
  const wait = Number(refused.headers.get('retry-after'))
  expect(wait).toBeGreaterThanOrEqual(1)
  expect(wait).toBeLessThanOrEqual(60)
  expect(((await refused.json()) as { error: string }).error).toMatch(/^too many messages/)
  expect((await post('beta')).status).toBe(202)
  const { transStatus } = await pay(sekisho)
  expect(['Y', 'C']).toContain(transStatus)
  const metrics = await (await fetch(`${sekisho.acs}/metrics`)).text()
  expect(metrics).toMatch(/sekisho_hook_limited_total\{source="alpha"\} 3/)
})

test('who forges does not use up what the source may send, and is shut out himself', async () => {
  const forged = Array.from({ length: perMinute }, () => post('beta', '', secretOf('x')))
  expect(await statuses(forged)).toEqual([401, 401, 401, 401])
  const again = await post('beta', '', secretOf('x'))
  expect([again.status, Number(again.headers.get('retry-after')) >= 1]).toEqual([429, true])
})
