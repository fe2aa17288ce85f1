// What an SDK told of its device, encrypted for the DS: decrypted here and passed on to the ACS as deviceInfo.
// Spec: section 6.2.2, [Req 17, 420]; FLOW-DS-3.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { compactDecrypt, decodeProtectedHeader } from 'jose'
import { encodeBase64url } from '../../protocol/base64url.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import type { AReq } from '../../protocol/messages/types.ts'
import type { JsonObject } from '../../protocol/rules/conditions.ts'
import { isAtLeast } from '../versions.ts'

export interface DeviceReader {
  /** The public key for SDKs, as a JWK with its kid. */
  readonly publicKey: JsonObject
  /** The AReq with deviceInfo in the place of sdkEncData; of other channels as it is. */
  read(areq: AReq): Promise<JsonObject>
}

const kidIn = (jwe: string): string | undefined => {
  try {
    return decodeProtectedHeader(jwe).kid
  } catch {
    return undefined
  }
}

async function decrypted(jwe: string, key: KeyObject): Promise<string | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A128CBC-HS256', 'A128GCM'],
    })
    const text = Buffer.from(plaintext).toString('utf8')
    JSON.parse(text) // device data are JSON
    return text
  } catch {
    return undefined
  }
}

/** A key of its own for every process: SDKs of tests ask for it. */
export function createDeviceReader(): DeviceReader {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomUUID()
  return {
    publicKey: { ...publicKey.export({ format: 'jwk' }), kid, use: 'enc', alg: 'ECDH-ES' },
    async read(areq) {
      const { sdkEncData, messageVersion, threeDSServerTransID } = areq
      if (areq.deviceChannel !== '01' || sdkEncData === undefined) return areq
      const about = { threeDSServerTransID, messageVersion, errorMessageType: 'AReq' } as const
      const named = kidIn(sdkEncData)
      if (isAtLeast(messageVersion, '2.3.1') && named !== kid) throw new ProtocolError('311', 'sdkEncData', { about })
      const plain = await decrypted(sdkEncData, privateKey)
      if (plain === undefined) throw new ProtocolError('302', 'sdkEncData', { about })
      const { sdkEncData: _encrypted, ...rest } = areq
      return { ...rest, deviceInfo: encodeBase64url(plain) }
    },
  }
}
