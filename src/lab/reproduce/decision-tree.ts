/**
 * A classification tree by Gini impurity, grown in full to a depth: at each node the split that lowers the impurity most, thresholds in
 * the middle between two values, values as single-precision numbers, as scikit-learn has them. Of splits that are equally good the first
 * feature's is taken (scikit-learn draws one). Pure.
 */
import type { Matrix } from '../train/matrix.ts'

export type TreeNode =
  | { readonly kind: 'leaf'; readonly n: number; readonly share: number }
  | {
      readonly kind: 'split'
      readonly feature: number
      readonly threshold: number
      readonly left: TreeNode
      readonly right: TreeNode
    }

/** Times n: frauds · genuine / n, the same order as the impurity. */
const impurity = (frauds: number, n: number): number => (n === 0 ? 0 : (frauds * (n - frauds)) / n)
/** Values nearer than this are one, as there. */
const sameValue = 1e-7

export function grown(matrix: Matrix, y: Uint8Array, depth: number, rows = Uint32Array.from(y, (_, i) => i)): TreeNode {
  const n = rows.length
  const frauds = rows.reduce((sum, row) => sum + (y[row] as number), 0)
  const leaf: TreeNode = { kind: 'leaf', n, share: n === 0 ? 0 : frauds / n }
  if (depth === 0 || frauds === 0 || frauds === n) return leaf
  let best: { feature: number; threshold: number; left: number } | undefined
  let least = Number.POSITIVE_INFINITY
  for (const [feature, column] of matrix.columns.entries()) {
    const values = Float32Array.from(rows, (row) => column[row] as number)
    const order = Uint32Array.from(rows, (_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number))
    let before = 0
    for (let i = 0; i + 1 < n; i++) {
      before += y[rows[order[i] as number] as number] as number
      const value = values[order[i] as number] as number
      const next = values[order[i + 1] as number] as number
      if (next <= value + sameValue) continue
      const left = i + 1
      const after = impurity(before, left) + impurity(frauds - before, n - left)
      // A little less is rounding, not a better split.
      if (after < least - 1e-9) {
        least = after
        best = { feature, threshold: value / 2 + next / 2, left }
      }
    }
  }
  if (best === undefined) return leaf
  const { feature, threshold } = best
  const column = matrix.columns[feature] as Float64Array
  const isLeft = (row: number): boolean => Math.fround(column[row] as number) <= threshold
  return {
    kind: 'split',
    feature,
    threshold,
    left: grown(matrix, y, depth - 1, rows.filter(isLeft)),
    right: grown(
      matrix,
      y,
      depth - 1,
      rows.filter((row) => !isLeft(row)),
    ),
  }
}

export function shareAt(node: TreeNode, matrix: Matrix, row: number): number {
  let at = node
  while (at.kind === 'split')
    at = Math.fround((matrix.columns[at.feature] as Float64Array)[row] as number) <= at.threshold ? at.left : at.right
  return at.share
}
