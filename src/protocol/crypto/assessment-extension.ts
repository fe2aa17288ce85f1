// An assessment in the AReq: a message extension that nobody has to know (criticalityIndicator false), whose data hold a signed
// assessment as compact JWS, or the name of a source that can be asked for one. Spec: messageExtension; ACS-VAL-82…85; RFC 7515.
import { CompactSign, type JWK } from 'jose'
import { secretBytes } from './webhook-signature.ts'

/** `id` begins as a RID does (A and nine hexadecimal digits), with one that is nobody's. */
export const assessmentExtension = {
  name: 'Sekisho assessment',
  id: 'A000000000-sekisho-assessment',
} as const

/** The longest `data` of an extension has 8059 characters (ACS-VAL-84). */
export const longestToken = 8_000

export interface AssessmentData {
  readonly jws?: string | undefined
  /** A source that has something to say about this purchase. */
  readonly ask?: string | undefined
}

/** An entry of messageExtension. */
export const extensionOf = ({ jws, ask }: AssessmentData) => ({
  ...assessmentExtension,
  criticalityIndicator: false,
  data: { ...(jws !== undefined && { jws }), ...(ask !== undefined && { ask }) },
})

/** A secret (`whsec_…`, HS256) or a private key (ES256, EdDSA). */
export type TokenKey = string | JWK

/** What a key signs with; undefined: nothing that is known here. */
export function algorithmOf(key: TokenKey): 'HS256' | 'ES256' | 'EdDSA' | undefined {
  if (typeof key === 'string') return secretBytes(key) === undefined ? undefined : 'HS256'
  if (key.kty === 'EC' && key.crv === 'P-256') return 'ES256'
  return key.kty === 'OKP' && key.crv === 'Ed25519' ? 'EdDSA' : undefined
}

export const tokenType = 'assessment+jws'

/** The assessment as compact JWS; the header `kid` names the source. */
export async function signedAssessment(assessment: object, source: string, key: TokenKey): Promise<string> {
  const alg = algorithmOf(key)
  if (alg === undefined) throw new TypeError('a secret of the form whsec_… or a private JWK (P-256, Ed25519) expected')
  const signing = typeof key === 'string' ? (secretBytes(key) ?? new Uint8Array()) : key
  return new CompactSign(Buffer.from(JSON.stringify(assessment)))
    .setProtectedHeader({ alg, typ: tokenType, kid: source })
    .sign(signing)
}
