// Ids and chance: random, or the same in every run of a seed.
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Random } from './acs/ports.ts'

/** In [0,1), of 48 bits. */
const fractionOf = (bytes: Buffer): number => bytes.readUIntBE(0, 6) / 2 ** 48

export const systemRandom: Random = { uuid: randomUUID, fraction: () => fractionOf(randomBytes(6)) }

/** UUIDs v4 by form and fractions, made from the seed, a name and a counter each. */
export function seededRandom(seed: string, name: string): Random {
  let uuids = 0
  let fractions = 0
  const made = (what: string): Buffer => createHmac('sha256', seed).update(what).digest()
  return {
    uuid() {
      uuids += 1
      const bytes = made(`${name}:${uuids}`).subarray(0, 16)
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
      const hex = bytes.toString('hex')
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
    },
    fraction() {
      fractions += 1
      return fractionOf(made(`${name}:fraction:${fractions}`))
    },
  }
}
