// Signatures as Standard Webhooks has them, against its reference vector.
import { generateKeyPairSync } from 'node:crypto'
import { fc, test as prop } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { secretBytes, webhookHeaders, webhookProblem } from '../../../src/protocol/crypto/webhook-signature.ts'
import { now, secretOf } from './support.ts'

// The published vector of the specification's own tests.
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: 1_614_265_330_000,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}

test('the reference vector', () => {
  const headers = webhookHeaders(vector.secret, vector.id, vector.at, vector.body)
  expect(headers['webhook-signature']).toBe(vector.signature)
  expect(webhookProblem([vector.secret], { ...headers }, Buffer.from(vector.body), vector.at)).toBeUndefined()
})

const body = Buffer.from('{"a":1}')
const good = webhookHeaders(secretOf('a'), 'id-1', now, body)
const judged = (headers: Record<string, string | string[] | undefined>, at = now, bytes: Uint8Array = body) =>
  webhookProblem([secretOf('b'), secretOf('a')], headers, bytes, at)

test('one of several keys, and one of several signatures, is enough', () => {
  expect(judged({ ...good })).toBeUndefined()
  const several = `v1,AAAA v2,x ${good['webhook-signature']}`
  expect(judged({ ...good, 'webhook-signature': several })).toBeUndefined()
})

test('anything that is changed is a bad signature', () => {
  expect(judged({ ...good, 'webhook-id': 'id-2' })).toBe('badSignature')
  expect(judged({ ...good, 'webhook-timestamp': String(now / 1000 + 1) })).toBe('badSignature')
  expect(judged({ ...good }, now, Buffer.from('{"a":2}'))).toBe('badSignature')
  expect(judged({})).toBe('badSignature')
  expect(judged({ ...good, 'webhook-id': ['id-1', 'id-1'] })).toBe('badSignature')
  expect(judged({ ...good, 'webhook-signature': `${'v1,AAAA '.repeat(8)}${good['webhook-signature']}` })).toBe(
    'badSignature',
  )
  expect(judged({ ...good, 'webhook-signature': good['webhook-signature'].replace('v1,', 'v1a,') })).toBe(
    'badSignature',
  )
})

test('a message counts five minutes before and after its time', () => {
  expect(judged({ ...good }, now + 300_000)).toBeUndefined()
  expect(judged({ ...good }, now - 300_000)).toBeUndefined()
  expect(judged({ ...good }, now + 302_000)).toBe('tooOld')
  expect(judged({ ...good }, now - 301_000)).toBe('notYetValid')
})

test('v1a by a key pair: what the private half signs, the public half knows', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const own = privateKey.export({ format: 'jwk' }) as never
  const known = publicKey.export({ format: 'jwk' }) as never
  const headers = { ...webhookHeaders(own, 'id-1', now, body) }
  expect(headers['webhook-signature']).toMatch(/^v1a,/)
  expect(webhookProblem([known], headers, body, now)).toBeUndefined()
  expect(webhookProblem([known], headers, Buffer.from('x'), now)).toBe('badSignature')
  expect(webhookProblem([secretOf('a')], headers, body, now)).toBe('badSignature')
})

test.each(['', 'whsec_', 'whsec_AAAA', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', `whsec_${'A'.repeat(200)}`, 'whsec_ä'])(
  '%j is no secret',
  (text) => expect(secretBytes(text)).toBeUndefined(),
)

prop.prop([
  fc.dictionary(fc.constantFrom('webhook-id', 'webhook-timestamp', 'webhook-signature'), fc.string()),
  fc.uint8Array(),
])('no headers and no bytes make it throw, or pass', (headers, bytes) => {
  expect(webhookProblem([secretOf('a')], headers, bytes, now)).toBe('badSignature')
})
