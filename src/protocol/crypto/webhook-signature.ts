// Signatures of messages between servers, as Standard Webhooks (standardwebhooks.com) has them: the headers webhook-id,
// webhook-timestamp and webhook-signature; v1 by a shared secret (HMAC-SHA256), v1a by a key pair (Ed25519).
import { createHmac, createPrivateKey, createPublicKey, sign, timingSafeEqual, verify } from 'node:crypto'

/** A key pair's half, as RFC 8037 writes it: `d` in the private one. */
export interface Ed25519Jwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly d?: string | undefined
}

/** `whsec_` and 16 to 64 octets in base64, or one half of a key pair. */
export type WebhookKey = string | Ed25519Jwk

export interface WebhookHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

export type WebhookProblem = 'badSignature' | 'tooOld' | 'notYetValid'

/** How far a clock may be off, by the recommendation. */
export const webhookToleranceMs = 300_000

const secretForm = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?)$/

/** The octets of a secret; undefined for what is none. */
export function secretBytes(secret: string): Buffer | undefined {
  const [, text] = secretForm.exec(secret) ?? []
  const bytes = text === undefined ? undefined : Buffer.from(text, 'base64')
  return bytes !== undefined && bytes.length >= 16 && bytes.length <= 64 ? bytes : undefined
}

/** Whether it can be an id of a message: what goes into headers, logs and rows. */
export const isMessageId = (id: string): boolean => /^[A-Za-z0-9_:-]{1,128}$/.test(id)

const signedBytes = (id: string, timestamp: string, body: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)])

function hmacOf(secret: string, bytes: Buffer): Buffer {
  const key = secretBytes(secret)
  if (key === undefined) throw new TypeError('a secret of the form whsec_… expected')
  return createHmac('sha256', key).update(bytes).digest()
}

function signatureBy(key: WebhookKey, bytes: Buffer): string {
  if (typeof key === 'string') return `v1,${hmacOf(key, bytes).toString('base64')}`
  const { kty, crv, x, d = '' } = key
  const own = createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' })
  return `v1a,${sign(null, bytes, own).toString('base64')}`
}

/** The headers of a message that is sent at that time, in milliseconds. */
export function webhookHeaders(key: WebhookKey, id: string, atMs: number, body: string | Uint8Array): WebhookHeaders {
  const timestamp = String(Math.floor(atMs / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureBy(key, signedBytes(id, timestamp, body)),
  }
}

function isBy(key: WebhookKey, bytes: Buffer, [version, text = '']: readonly string[]): boolean {
  const given = Buffer.from(text, 'base64')
  if (typeof key === 'string') {
    const due = hmacOf(key, bytes)
    return version === 'v1' && given.length === due.length && timingSafeEqual(given, due)
  }
  if (version !== 'v1a' || given.length !== 64) return false
  const { kty, crv, x } = key
  return verify(null, bytes, createPublicKey({ key: { kty, crv, x }, format: 'jwk' }), given)
}

/** More than a sender who changes its key has. */
const mostSignatures = 8

const one = (value: string | readonly string[] | undefined): string => (typeof value === 'string' ? value : '')

/** What is wrong with a message; undefined: it is signed by one of the keys, and of this time. */
export function webhookProblem(
  keys: readonly WebhookKey[],
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: Uint8Array,
  nowMs: number,
  toleranceMs: number = webhookToleranceMs,
): WebhookProblem | undefined {
  const id = one(headers['webhook-id'])
  const timestamp = one(headers['webhook-timestamp'])
  if (!isMessageId(id) || !/^[0-9]{1,12}$/.test(timestamp)) return 'badSignature'
  const bytes = signedBytes(id, timestamp, body)
  const signatures = one(headers['webhook-signature']).split(' ').slice(0, mostSignatures)
  const isSigned = signatures.some((signature) => keys.some((key) => isBy(key, bytes, signature.split(','))))
  if (!isSigned) return 'badSignature'
  const offMs = Number(timestamp) * 1000 - nowMs
  // The time is in whole seconds.
  if (offMs < -toleranceMs - 1_000) return 'tooOld'
  return offMs > toleranceMs ? 'notYetValid' : undefined
}
