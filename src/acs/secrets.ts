// Keyed functions: PAN hash, entity keys, OTP, step token, seal, authentication value. Each has a key of its own (SEC-TLS-5).
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import type { AuthenticationValueInput, Secrets } from './ports.ts'

/** 32 bytes each. */
export interface Keys {
  readonly panHash: Buffer
  readonly entity: Buffer
  readonly otp: Buffer
  readonly stepToken: Buffer
  readonly authenticationValue: Buffer
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Keys of values that come again and again (a shop, a device, an address); bounded, the oldest go first. */
function remembering(most: number, make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const key = known.get(text)
    if (key !== undefined) return key
    const made = make(text)
    if (known.size >= most) known.delete(known.keys().next().value ?? '')
    known.set(text, made)
    return made
  }
}

const nonceBytes = 12
const tagBytes = 16

/** Digits of a code (SEC-OTP-1). */
const otpDigits = 6

export function createSecrets(keys: Keys): Secrets {
  const sealKey = hmac(keys.stepToken, 'seal')
  const entityKey = remembering(20_000, (text) => hmac(keys.entity, text).toString('base64url', 0, 16))
  return {
    panHash: (pan) => hmac(keys.panHash, pan).toString('hex', 0, 16),
    keyOf: (kind, value) => entityKey(`${kind}:${value}`),
    otp(acsTransID, codeNumber, secret) {
      // 64 bits over a million codes: the bias is below 1e-13.
      const number =
        hmac(keys.otp, `${acsTransID}:${codeNumber}:${secret}`).readBigUInt64BE() % 10n ** BigInt(otpDigits)
      return number.toString().padStart(otpDigits, '0')
    },
    stepToken: (acsTransID, step) =>
      `${step}.${hmac(keys.stepToken, `${acsTransID}:${step}`).toString('base64url', 0, 16)}`,
    seal(acsTransID, text) {
      // The nonce follows from what is sealed, so that equal runs store equal rows; unequal texts never share one.
      const nonce = hmac(sealKey, `${acsTransID}:${text}`).subarray(0, nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(acsTransID))
      const sealed = [cipher.update(text, 'utf8'), cipher.final()]
      return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]).toString('base64url')
    },
    unseal(acsTransID, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      try {
        const cipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
          .setAAD(Buffer.from(acsTransID))
          .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
        return cipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + cipher.final('utf8')
      } catch {
        return undefined
      }
    },
    authenticationValue(input: AuthenticationValueInput) {
      const text = [
        input.acsTransID,
        input.panHash,
        input.purchaseAmount,
        input.purchaseCurrency,
        input.transStatus,
      ].join('|')
      // RES-AV-4, RES-AV-6
      const { octets = 20, lead = [] } = input.layout ?? {}
      const keyed = hmac(keys.authenticationValue, text).subarray(0, octets - lead.length)
      return Buffer.concat([Buffer.from(lead), keyed]).toString('base64')
    },
  }
}
