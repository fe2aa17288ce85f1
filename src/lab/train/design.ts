/**
 * The columns of a logistic regression: features within their clipping ends, standardised with the training's mean and population
 * standard deviation, and, where a feature is often missing, an indicator of that. Nothing is copied: blocks of rows are made
 * standardised when they are needed, so that a million rows cost no second million.
 */
import type { Matrix } from './matrix.ts'

export type DesignColumn = {
  /** Index of the feature in the matrix. */
  readonly feature: number
  /** Instead of the value: 1 where it is missing, 0 where not. */
  readonly isIndicator: boolean
  /** Values beyond are taken as these. */
  readonly least: number
  readonly most: number
  readonly mean: number
  readonly deviation: number
}

export type Clip = { readonly low: number; readonly high: number }

/** Values that are looked at for a quantile; of more, each k-th. */
const quantileSample = 200_000

/** Values that are there, ascending; of a long column a sample at even distances. */
export function sortedSample(values: Float64Array, most = quantileSample): Float64Array {
  const step = Math.max(1, Math.floor(values.length / most))
  const out = new Float64Array(Math.ceil(values.length / step))
  let n = 0
  for (let i = 0; i < values.length; i += step) {
    const value = values[i] as number
    if (!Number.isNaN(value)) out[n++] = value
  }
  return out.subarray(0, n).sort()
}

/** The value that a share `q` of the sorted ones does not exceed. */
export const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN

/** Mean and population standard deviation of what is there, clipped. Two passes: no cancellation. */
function momentsOf(values: Float64Array, least: number, most: number) {
  let n = 0
  let sum = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += Math.min(Math.max(value, least), most)
    n++
  }
  const mean = n === 0 ? 0 : sum / n
  let squares = 0
  for (const value of values) if (!Number.isNaN(value)) squares += (Math.min(Math.max(value, least), most) - mean) ** 2
  return { n, mean, deviation: n === 0 ? 0 : Math.sqrt(squares / n) }
}

export type DesignOptions = {
  /** Shares of the values that lie beyond the clipping ends. Undefined: nothing is clipped. */
  readonly clip?: Clip | undefined
  /** An indicator of its own from this share of missing values on, as long as as many are there. Above 1: none. */
  readonly indicatorFrom?: number | undefined
}

/** Which rows are missing, as one number: features that are always missing together need one indicator, not several that cancel. */
function patternOf(values: Float64Array): number {
  let hash = 0
  for (let i = 0; i < values.length; i++)
    if (Number.isNaN(values[i] as number)) hash = (Math.imul(hash ^ i, 0x9e3779b1) + 0x85ebca6b) | 0
  return hash
}

/** Features that never change are left out: they say nothing. */
export function designOf({ n, columns }: Matrix, { clip, indicatorFrom = 2 }: DesignOptions = {}): DesignColumn[] {
  const out: DesignColumn[] = []
  const patterns = new Set<number>()
  for (const [feature, values] of columns.entries()) {
    const sorted = clip === undefined ? undefined : sortedSample(values)
    const least = sorted === undefined || clip === undefined ? Number.NEGATIVE_INFINITY : quantile(sorted, clip.low)
    const most = sorted === undefined || clip === undefined ? Number.POSITIVE_INFINITY : quantile(sorted, 1 - clip.high)
    const { n: there, mean, deviation } = momentsOf(values, least, most)
    if (deviation > 0 && Number.isFinite(deviation))
      out.push({ feature, isIndicator: false, least, most, mean, deviation })
    const missing = 1 - there / n
    if (!(missing >= indicatorFrom && 1 - missing >= indicatorFrom)) continue
    const pattern = patternOf(values)
    if (patterns.has(pattern)) continue
    patterns.add(pattern)
    out.push({
      feature,
      isIndicator: true,
      least: 0,
      most: 1,
      mean: missing,
      deviation: Math.sqrt(missing * (1 - missing)),
    })
  }
  return out
}

/** Rows `from` … `from + rows - 1`, standardised, row by row into `out`; a missing value is the mean. */
export function fillBlock(
  matrix: Matrix,
  design: readonly DesignColumn[],
  from: number,
  rows: number,
  out: Float64Array,
): void {
  const d = design.length
  for (let j = 0; j < d; j++) {
    const { feature, isIndicator, least, most, mean, deviation } = design[j] as DesignColumn
    const values = matrix.columns[feature] as Float64Array
    if (isIndicator) {
      const absent = (1 - mean) / deviation
      const there = -mean / deviation
      for (let i = 0, at = j; i < rows; i++, at += d)
        out[at] = Number.isNaN(values[from + i] as number) ? absent : there
      continue
    }
    for (let i = 0, at = j; i < rows; i++, at += d) {
      const value = values[from + i] as number
      const held = value < least ? least : value > most ? most : value
      out[at] = Number.isNaN(held) ? 0 : (held - mean) / deviation
    }
  }
}
