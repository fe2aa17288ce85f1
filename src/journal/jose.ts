// Signed and encrypted values in messages, as what they say: the header, whether the signature is right, the payload masked.
// Signatures and keys are chance, and no two runs have the same. Pure.
import { constants, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { decodeBase64url } from '../protocol/base64url.ts'
import { maskMessage } from '../protocol/mask.ts'
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'

/** Three parts, or five; the first is a JSON object, which in base64url starts so. */
const compactForm = /^eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){2}(?:(?:\.[A-Za-z0-9_-]*){2})?$/

const utf8 = new TextDecoder('utf-8', { fatal: true })

function objectIn(part: string): JsonObject | undefined {
  const bytes = decodeBase64url(part)
  if (bytes === undefined) return undefined
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function keyIn({ x5c, jwk }: JsonObject): KeyObject | undefined {
  try {
    if (Array.isArray(x5c) && typeof x5c[0] === 'string')
      return new X509Certificate(Buffer.from(x5c[0], 'base64')).publicKey
    return isObject(jwk) ? createPublicKey({ key: { ...jwk }, format: 'jwk' }) : undefined
  } catch {
    return undefined
  }
}

function isRight(alg: unknown, key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean | undefined {
  const bits = /^(RS|PS|ES)(256|384|512)$/.exec(String(alg))
  if (bits === null) return alg === 'EdDSA' ? verify(null, data, key, signature) : undefined
  const hash = `sha${bits[2]}`
  if (bits[1] === 'ES') return verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  const padding = bits[1] === 'PS' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  return verify(hash, data, { key, padding }, signature)
}

/** By the key that its header names; in words where nobody can say. */
function judged(header: JsonObject, signed: string, signature: Uint8Array | undefined): true | string {
  const key = keyIn(header)
  if (key === undefined) return 'cannot be verified: no key in the header'
  if (signature === undefined) return 'cannot be verified: the signature is no base64url'
  try {
    const answer = isRight(header.alg, key, Buffer.from(signed, 'latin1'), signature)
    if (answer === undefined) return 'cannot be verified: unknown alg'
    return answer ? true : 'wrong signature'
  } catch {
    return 'cannot be verified: the key does not fit the alg'
  }
}

/** Keys, certificates and their names are made anew for every run. */
const chance: Readonly<Record<string, string>> = { x5c: '{certificates}', jwk: '{key}', kid: '{kid}', epk: '{key}' }

const shownHeader = (header: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(header).map(([name, value]) => [name, chance[name] ?? value]))

/** Payloads of keys that are made for one transaction. */
const shownPayload = (payload: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(JSON.parse(maskMessage(payload)) as JsonObject).map(([name, value]) => [
      name,
      /EphemPubKey$/.test(name) ? '{key}' : value,
    ]),
  )

/** A JSON object in base64url, as creq, cres and threeDSMethodData travel. */
const wrappedForm = /^eyJ[A-Za-z0-9_-]+={0,2}$/

/** The value itself where it is no compact JWS or JWE, and no JSON in base64url. */
export function unwrapped(value: string): unknown {
  if (wrappedForm.test(value)) {
    const inner = objectIn(value)
    return inner === undefined ? value : { base64url: JSON.parse(maskMessage(inner)) as JsonObject }
  }
  if (!compactForm.test(value)) return value
  const parts = value.split('.')
  const header = objectIn(parts[0] ?? '')
  if (header === undefined) return value
  if (parts.length === 5) return { jwe: { header: shownHeader(header) } }
  if (header.alg === undefined) return value
  const payload = objectIn(parts[1] ?? '')
  return {
    jws: {
      header: shownHeader(header),
      payload: payload === undefined ? '***' : shownPayload(payload),
      verified: judged(header, `${parts[0]}.${parts[1]}`, decodeBase64url(parts[2] ?? '')),
    },
  }
}
