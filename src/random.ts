// Ids: random, or the same in every run of a seed.
import { createHmac, randomUUID } from 'node:crypto'
import type { Random } from './acs/ports.ts'

export const systemRandom: Random = { uuid: randomUUID }

/** UUIDs v4 by form, made from the seed, a name and a counter. */
export function seededRandom(seed: string, name: string): Random {
  let count = 0
  return {
    uuid() {
      count += 1
      const bytes = createHmac('sha256', seed).update(`${name}:${count}`).digest().subarray(0, 16)
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
      const hex = bytes.toString('hex')
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
    },
  }
}
