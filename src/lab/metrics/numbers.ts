/** Tails of the few distributions that the tests need. */

/** 1 − erf(x). Relative error about 1e-15 below 2, 1e-14 above. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x)
  if (x < 2) return 1 - erfSeries(x)
  return erfcFraction(x)
}

/** All terms have one sign, so nothing cancels. */
function erfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** Laplace's continued fraction, evaluated from its tail. */
function erfcFraction(x: number): number {
  let tail = x
  for (let k = 80; k > 0; k--) tail = x + k / 2 / tail
  return Math.exp(-x * x) / (tail * Math.sqrt(Math.PI))
}

/** P(|Z| ≥ |z|) for a standard normal Z. */
export const normalTwoSided = (z: number): number => erfc(Math.abs(z) / Math.SQRT2)

/** P(Z ≤ z) for a standard normal Z. */
export const normalBelow = (z: number): number => erfc(-z / Math.SQRT2) / 2

/** P(X ≥ x) for chi-squared with one degree of freedom. */
export const chiSquaredTail = (x: number): number => erfc(Math.sqrt(Math.max(0, x) / 2))

/** min(1, 2·P[X ≤ min(b, c)]) with X of b + c throws of a fair coin. */
export function binomialTwoSided(b: number, c: number): number {
  const n = b + c
  const k = Math.min(b, c)
  let logChoose = 0
  for (let i = 1; i <= k; i++) logChoose += Math.log((n - k + i) / i)
  let term = Math.exp(logChoose - n * Math.LN2)
  let sum = 0
  for (let i = k; i >= 0 && term > 0; i--) {
    sum += term
    term *= i / (n - i + 1)
    if (term < sum * 1e-18) break
  }
  return Math.min(1, 2 * sum)
}

/** Of sorted numbers, linear between neighbours (Hyndman–Fan type 7). */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const at = (sorted.length - 1) * q
  const low = Math.floor(at)
  const below = sorted[low] as number
  const above = sorted[Math.min(low + 1, sorted.length - 1)] as number
  return below + (above - below) * (at - low)
}

/** The k-th smallest, from 0. What is before it in the array is not larger afterwards, what is behind it not smaller. */
function select(values: Float64Array, k: number, from: number): number {
  let low = from
  let high = values.length - 1
  while (low < high) {
    const pivot = values[(low + high) >>> 1] as number
    let left = low
    let right = high
    while (left <= right) {
      while ((values[left] as number) < pivot) left++
      while ((values[right] as number) > pivot) right--
      if (left > right) break
      const kept = values[left] as number
      values[left++] = values[right] as number
      values[right--] = kept
    }
    if (k <= right) high = right
    else if (k >= left) low = left
    else break
  }
  return values[k] as number
}

/** Linear between neighbours (Hyndman–Fan type 7). Reorders the values. */
export function quantileIn(values: Float64Array, q: number): number {
  const at = (values.length - 1) * q
  const k = Math.floor(at)
  const below = select(values, k, 0)
  const above = k + 1 < values.length ? select(values, k + 1, k + 1) : below
  return below + (above - below) * (at - k)
}

/** 97.5 % point of the standard normal. */
export const z975 = 1.959963984540054
