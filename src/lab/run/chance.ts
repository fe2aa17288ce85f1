/** Chance by (seed, event, what for): the same under every policy, on every machine and with any number of workers. */
import { hashOf } from './areq.ts'

/** Finalizer of MurmurHash3: every bit of the number has a say in every bit of the result. */
function mixed(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

export class Chance {
  readonly #low: number
  readonly #high: number
  constructor(seed: string, purpose: string) {
    const hash = hashOf(`${seed}\n${purpose}`)
    this.#low = hash >>> 0
    this.#high = Math.floor(hash / 2 ** 32) >>> 0
  }
  /** Uniform in [0, 1), in steps of 2^-32. `attempt`: of the same event. */
  of(event: number, attempt = 0): number {
    const first = mixed((event % 2 ** 32) ^ this.#low)
    return mixed(first + Math.imul(attempt + 1, 0x9e3779b9) + Math.floor(event / 2 ** 32) + this.#high) / 2 ** 32
  }
}
