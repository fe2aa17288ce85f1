/** Tests of two policies on the same events. Definitions: comparing two policies on the same stream. */
import { binomialTwoSided, chiSquaredTail, normalTwoSided } from './numbers.ts'

export type McNemarTest = { readonly exactP: number; readonly chi2: number | null; readonly chi2P: number | null }

/** `b` and `c`: events that only one of the two decided rightly. Without any there is no chi-squared, and nothing speaks for a difference. */
export function mcNemarTest(b: number, c: number): McNemarTest {
  if (b + c === 0) return { exactP: 1, chi2: null, chi2P: null }
  const chi2 = (Math.abs(b - c) - 1) ** 2 / (b + c)
  return { exactP: binomialTwoSided(b, c), chi2, chi2P: chiSquaredTail(chi2) }
}

/** Sums over genuine events of their components (share of frauds above), less a shift that keeps them small. */
export class GenuineSums {
  n = 0
  #a = 0
  #b = 0
  #aa = 0
  #bb = 0
  #ab = 0
  readonly #shiftA: number
  readonly #shiftB: number
  constructor(shiftA: number, shiftB: number) {
    this.#shiftA = shiftA
    this.#shiftB = shiftB
  }
  add(a: number, b: number): void {
    const x = a - this.#shiftA
    const y = b - this.#shiftB
    this.n++
    this.#a += x
    this.#b += y
    this.#aa += x * x
    this.#bb += y * y
    this.#ab += x * y
  }
  /** Sample variance (n − 1) of b − a. */
  get varianceOfDifference(): number {
    const { n } = this
    const aa = this.#aa - (this.#a * this.#a) / n
    const bb = this.#bb - (this.#b * this.#b) / n
    const ab = this.#ab - (this.#a * this.#b) / n
    return Math.max(0, (aa + bb - 2 * ab) / (n - 1))
  }
}

const meanOf = (values: Float64Array): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

const varianceOfDifference = (a: Float64Array, b: Float64Array): number => {
  const n = a.length
  const shift = meanOf(b) - meanOf(a)
  let sum = 0
  for (let i = 0; i < n; i++) sum += ((b[i] as number) - (a[i] as number) - shift) ** 2
  return sum / (n - 1)
}

export type DeLongTest = {
  readonly a: number
  readonly b: number
  readonly difference: number
  readonly se: number
  readonly z: number | null
  readonly p: number | null
}

/** b less a. Takes events as independent, which those of one card are not. Needs two frauds and two genuine events. */
export function deLongTest(ofFraudA: Float64Array, ofFraudB: Float64Array, genuine: GenuineSums): DeLongTest {
  const a = meanOf(ofFraudA)
  const b = meanOf(ofFraudB)
  const variance = varianceOfDifference(ofFraudA, ofFraudB) / ofFraudA.length + genuine.varianceOfDifference / genuine.n
  const se = Math.sqrt(variance)
  const difference = b - a
  if (se === 0) return { a, b, difference, se, z: null, p: difference === 0 ? 1 : null }
  const z = difference / se
  return { a, b, difference, se, z, p: normalTwoSided(z) }
}

/** Holm's step-down p values, in the order given. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((a, b) => (ps[a] as number) - (ps[b] as number) || a - b)
  const adjusted = new Array<number>(ps.length).fill(1)
  let reached = 0
  order.forEach((index, rank) => {
    reached = Math.max(reached, Math.min(1, (ps.length - rank) * (ps[index] as number)))
    adjusted[index] = reached
  })
  return adjusted
}
