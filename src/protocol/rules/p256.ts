// Whether a point lies on the curve P-256: y² = x³ − 3x + b (mod p). Spec: section 6.2.3.2; FIPS 186-4, D.1.2.3; ACS-VAL-54.
import { decodeBase64url } from '../base64url.ts'

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/** A coordinate of 32 octets below p. */
function coordinate(text: string): bigint | undefined {
  const octets = decodeBase64url(text)
  if (octets?.length !== 32) return undefined
  const value = BigInt(`0x${octets.toString('hex')}`)
  return value < p ? value : undefined
}

/** Coordinates as a JWK writes them. What is no coordinate at all is no point. */
export function isP256Point(x: string, y: string): boolean {
  const [a, c] = [coordinate(x), coordinate(y)]
  if (a === undefined || c === undefined) return false
  return (c * c - (a * a * a - 3n * a + b)) % p === 0n
}
