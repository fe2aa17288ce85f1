/** Symmetric positive definite systems, by Cholesky. Matrices are square, row by row. */

/** x with a·x = b; `a` and `b` are written over, b becomes x. False where `a` is not positive definite. */
export function solveInPlace(a: Float64Array, b: Float64Array, d: number): boolean {
  for (let j = 0; j < d; j++) {
    let diagonal = a[j * d + j] as number
    for (let k = 0; k < j; k++) diagonal -= (a[j * d + k] as number) ** 2
    if (!(diagonal > 0)) return false
    const root = Math.sqrt(diagonal)
    a[j * d + j] = root
    for (let i = j + 1; i < d; i++) {
      let sum = a[i * d + j] as number
      for (let k = 0; k < j; k++) sum -= (a[i * d + k] as number) * (a[j * d + k] as number)
      a[i * d + j] = sum / root
    }
  }
  for (let i = 0; i < d; i++) {
    let sum = b[i] as number
    for (let k = 0; k < i; k++) sum -= (a[i * d + k] as number) * (b[k] as number)
    b[i] = sum / (a[i * d + i] as number)
  }
  for (let i = d - 1; i >= 0; i--) {
    let sum = b[i] as number
    for (let k = i + 1; k < d; k++) sum -= (a[k * d + i] as number) * (b[k] as number)
    b[i] = sum / (a[i * d + i] as number)
  }
  return true
}
