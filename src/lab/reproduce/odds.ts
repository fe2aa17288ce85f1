/**
 * Odds ratios of yes-or-no factors by maximum likelihood, of counts by cell. Where the answers of a policy leave no doubt the maximum
 * lies at infinity (separation): then it is said so, with a bound from the profile of the likelihood, and no infinite number is written.
 * Pure.
 */
import { student975 } from '../experiment/student.ts'
import { chiSquaredTail, normalTwoSided, z975 } from '../metrics/numbers.ts'
import { solveInPlace } from '../train/solve.ts'

/** Trials of one combination of factors, and how many of them were hits. Factors are 0 or 1. */
export type Cell = { readonly factors: readonly number[]; readonly n: number; readonly hits: number }

export type Odds = {
  /**
   * `finite`: there is a maximum. `above`, `below`: the odds ratio has no upper (lower) end. `none`: every value fits as well as any
   * other, since other factors leave nothing to explain. `constant`: all answers were the same.
   */
  readonly kind: 'finite' | 'above' | 'below' | 'none' | 'constant'
  /** Null where there is none. */
  readonly ratio: number | null
  /** Ends of the 95 % interval; null where it has none on that side. */
  readonly low: number | null
  readonly high: number | null
  /**
   * `cluster`: Wald's, with errors by cluster. The others count all trials as independent: `wald`, where there are no errors by cluster;
   * `profile`, where some factor separates.
   */
  readonly method: 'cluster' | 'wald' | 'profile' | null
  /** Of the likelihood-ratio test against the model without this factor, one degree of freedom; all trials count as independent. */
  readonly statistic: number | null
  readonly p: number | null
  /** Wald's p, where the interval is Wald's: by Student's t where it is by cluster. */
  readonly waldP: number | null
}

export type OddsFit = {
  readonly n: number
  readonly hits: number
  /** In the order of the factors. */
  readonly odds: readonly Odds[]
  readonly isSeparated: boolean
  readonly logLikelihood: number
}

/** So small a pull towards 0 changes no digit that is shown, and keeps a maximum at infinity in reach. */
const pull = 1e-10
/** A coefficient without an end goes on by about ln(1e4) from this pull to the other. */
const strongerPull = 1e-6
const apart = 1
/** 95 % point of chi-squared with one degree of freedom. */
const chi95 = z975 ** 2
const farthest = 30

const softplus = (m: number): number => (m > 0 ? m + Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m)))

type Fixed = { readonly at: number; readonly value: number }
type Fit = { readonly beta: Float64Array; readonly logLikelihood: number; readonly information: Float64Array }

/** `beta[0]` is the intercept. Newton with halved steps; the objective is strictly concave, so it always ends. */
function fitted(cells: readonly Cell[], width: number, lambda: number, fixed?: Fixed, start?: Float64Array): Fit {
  const size = width + 1
  const beta = start === undefined ? new Float64Array(size) : Float64Array.from(start)
  if (fixed !== undefined) beta[fixed.at] = fixed.value
  const levelOf = (factors: readonly number[], j: number): number => (j === 0 ? 1 : (factors[j - 1] ?? 0))
  const marginOf = (w: Float64Array, { factors }: Cell): number => {
    let sum = 0
    for (let j = 0; j < size; j++) sum += (w[j] ?? 0) * levelOf(factors, j)
    return sum
  }
  const likelihood = (w: Float64Array): number => {
    let sum = 0
    for (const cell of cells) {
      const margin = marginOf(w, cell)
      sum -= cell.hits * softplus(-margin) + (cell.n - cell.hits) * softplus(margin)
    }
    return sum
  }
  const objective = (w: Float64Array): number => {
    let squares = 0
    for (let j = 0; j < size; j++) squares += (w[j] ?? 0) ** 2
    return likelihood(w) - (lambda / 2) * squares
  }
  const free = Array.from({ length: size }, (_, j) => j).filter((j) => j !== fixed?.at)
  let value = objective(beta)
  const information = new Float64Array(size * size)
  for (let step = 0; step < 500; step++) {
    const gradient = new Float64Array(size)
    information.fill(0)
    for (const cell of cells) {
      const p = 1 / (1 + Math.exp(-marginOf(beta, cell)))
      const rest = cell.hits - cell.n * p
      const curve = cell.n * p * (1 - p)
      for (let j = 0; j < size; j++) {
        const own = levelOf(cell.factors, j)
        if (own === 0) continue
        gradient[j] = (gradient[j] ?? 0) + rest * own
        for (let k = 0; k < size; k++)
          information[j * size + k] = (information[j * size + k] ?? 0) + curve * own * levelOf(cell.factors, k)
      }
    }
    let steepest = 0
    for (const j of free) {
      gradient[j] = (gradient[j] ?? 0) - lambda * (beta[j] ?? 0)
      steepest = Math.max(steepest, Math.abs(gradient[j] ?? 0))
    }
    if (steepest < lambda * 1e-4) break
    const d = free.length
    const a = new Float64Array(d * d)
    const b = new Float64Array(d)
    for (const [row, j] of free.entries()) {
      b[row] = gradient[j] ?? 0
      for (const [column, k] of free.entries())
        a[row * d + column] = (information[j * size + k] ?? 0) + (j === k ? lambda : 0)
    }
    if (!solveInPlace(a, b, d)) break
    // At infinity curvature fades faster than the slope: a step further than this would leave what a double can hold.
    const longest = b.reduce((most, part) => Math.max(most, Math.abs(part)), 0)
    const scale = longest > 5 ? 5 / longest : 1
    let isBetter = false
    for (let length = scale; length > 1e-12; length /= 2) {
      const tried = Float64Array.from(beta)
      for (const [row, j] of free.entries()) tried[j] = (tried[j] ?? 0) + length * (b[row] ?? 0)
      const there = objective(tried)
      if (there > value) {
        beta.set(tried)
        value = there
        isBetter = true
        break
      }
    }
    if (!isBetter) break
  }
  return { beta, logLikelihood: likelihood(beta), information }
}

const without = (cells: readonly Cell[], j: number): readonly Cell[] =>
  cells.map((cell) => ({ ...cell, factors: cell.factors.filter((_, at) => at !== j) }))

const constant: Odds = {
  kind: 'constant',
  ratio: null,
  low: null,
  high: null,
  method: null,
  statistic: null,
  p: null,
  waldP: null,
}

/** Column by column. */
function inverseOf(information: Float64Array, size: number): readonly Float64Array[] | undefined {
  const columns: Float64Array[] = []
  for (let j = 0; j < size; j++) {
    const unit = new Float64Array(size)
    unit[j] = 1
    if (!solveInPlace(Float64Array.from(information), unit, size)) return undefined
    columns.push(unit)
  }
  return columns
}

/** A cluster-robust error this much smaller than that of independent trials is rounding: all clusters answered the same. */
const leastOfVariance = 1e-6

/**
 * Of each coefficient the standard error of the sandwich, by cluster, with the factor G / (G − 1). Undefined: too few clusters for so many
 * coefficients; NaN: clusters that all answer the same tell nothing of how they differ.
 */
function clusterErrors(
  clusters: readonly (readonly Cell[])[],
  beta: Float64Array,
  inverse: readonly Float64Array[],
): readonly number[] | undefined {
  const size = beta.length
  const count = clusters.length
  if (count <= size) return undefined
  const sums = new Float64Array(size)
  for (const cluster of clusters) {
    const slope = new Float64Array(size)
    for (const { factors, n, hits } of cluster) {
      const margin = factors.reduce((sum, level, j) => sum + level * (beta[j + 1] ?? 0), beta[0] ?? 0)
      const rest = hits - n / (1 + Math.exp(-margin))
      for (let j = 0; j < size; j++) slope[j] = (slope[j] ?? 0) + rest * (j === 0 ? 1 : (factors[j - 1] ?? 0))
    }
    for (const [j, column] of inverse.entries()) {
      const pulled = column.reduce((sum, value, k) => sum + value * (slope[k] ?? 0), 0)
      sums[j] = (sums[j] ?? 0) + pulled ** 2
    }
  }
  return Array.from(sums, (sum, j) => {
    const variance = (sum * count) / (count - 1)
    return variance > leastOfVariance * (inverse[j]?.[j] ?? Number.NaN) ? Math.sqrt(variance) : Number.NaN
  })
}

/** P(|T| ≥ |t|) of Student's t with whole degrees of freedom. Source: Abramowitz and Stegun, 26.7.3 and 26.7.4. */
export function studentTwoSided(t: number, degrees: number): number {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degrees))
  const cosine2 = Math.cos(angle) ** 2
  const isOdd = degrees % 2 === 1
  let term = isOdd ? Math.cos(angle) : 1
  let sum = degrees === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cosine2
    sum += term
  }
  const inside = isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
  return Math.min(1, Math.max(0, 1 - inside))
}

/** Where the profile of the likelihood has fallen by half the 95 % point; undefined: nowhere on that side. */
function profileEnd(
  cells: readonly Cell[],
  width: number,
  at: number,
  full: Fit,
  direction: 1 | -1,
): number | undefined {
  const from = Math.max(-farthest, Math.min(farthest, full.beta[at] ?? 0))
  const falls = (value: number): boolean =>
    2 * (full.logLikelihood - fitted(cells, width, pull, { at, value }, full.beta).logLikelihood) > chi95
  let inside = from
  let outside = from
  for (let step = 0.5; ; step *= 2) {
    const there = from + direction * step
    if (falls(there)) {
      outside = there
      break
    }
    inside = there
    if (step > 2 * farthest) return undefined
  }
  for (let i = 0; i < 60; i++) {
    const middle = (inside + outside) / 2
    if (falls(middle)) outside = middle
    else inside = middle
  }
  return (inside + outside) / 2
}

/** One odds ratio for each factor, the others held. `clusters`: the same trials by what makes them alike. */
export function oddsOf(all: readonly Cell[], width: number, clusters: readonly (readonly Cell[])[] = []): OddsFit {
  const cells = all.filter(({ n }) => n > 0)
  const n = cells.reduce((sum, cell) => sum + cell.n, 0)
  const hits = cells.reduce((sum, cell) => sum + cell.hits, 0)
  if (hits === 0 || hits === n)
    return { n, hits, odds: Array.from({ length: width }, () => constant), isSeparated: false, logLikelihood: 0 }
  const full = fitted(cells, width, pull)
  const held = fitted(cells, width, strongerPull)
  const goesOn = (j: number): boolean => Math.abs((full.beta[j] ?? 0) - (held.beta[j] ?? 0)) > apart
  const isSeparated = Array.from({ length: width + 1 }, (_, j) => j).some(goesOn)
  const inverse = isSeparated ? undefined : inverseOf(full.information, width + 1)
  const byCluster = inverse === undefined ? undefined : clusterErrors(clusters, full.beta, inverse)
  const odds = Array.from({ length: width }, (_, factor): Odds => {
    const at = factor + 1
    const varies = new Set(cells.map(({ factors }) => factors[factor])).size > 1
    if (!varies) return constant
    const beta = full.beta[at] ?? 0
    const less = fitted(without(cells, factor), width - 1, pull)
    const statistic = Math.max(0, 2 * (full.logLikelihood - less.logLikelihood))
    const test = { statistic, p: chiSquaredTail(statistic) }
    const wald = (method: 'cluster' | 'wald', error: number, reach: number, waldP: number): Odds => ({
      kind: 'finite',
      ratio: Math.exp(beta),
      low: Math.exp(beta - reach * error),
      high: Math.exp(beta + reach * error),
      method,
      ...test,
      waldP,
    })
    const robust = byCluster?.[at] ?? Number.NaN
    const degrees = clusters.length - 1
    if (Number.isFinite(robust))
      return wald('cluster', robust, student975(degrees), studentTwoSided(beta / robust, degrees))
    const error = Math.sqrt(inverse?.[at]?.[at] ?? Number.NaN)
    if (Number.isFinite(error)) return wald('wald', error, z975, normalTwoSided(beta / error))
    const low = profileEnd(cells, width, at, full, -1)
    const high = profileEnd(cells, width, at, full, 1)
    const kind =
      low === undefined && high === undefined
        ? 'none'
        : high === undefined
          ? 'above'
          : low === undefined
            ? 'below'
            : 'finite'
    return {
      kind,
      ratio: kind === 'finite' && !goesOn(at) ? Math.exp(beta) : null,
      low: low === undefined ? null : Math.exp(low),
      high: high === undefined ? null : Math.exp(high),
      method: 'profile',
      ...test,
      waldP: null,
    }
  })
  return { n, hits, odds, isSeparated, logLikelihood: full.logLikelihood }
}

/** Wilson's 95 % interval of a share. */
export function wilson(hits: number, n: number): { readonly low: number; readonly high: number } | null {
  if (n === 0) return null
  const z2 = z975 ** 2
  const middle = (hits + z2 / 2) / (n + z2)
  const half = (z975 / (n + z2)) * Math.sqrt((hits * (n - hits)) / n + z2 / 4)
  return { low: hits === 0 ? 0 : Math.max(0, middle - half), high: hits === n ? 1 : Math.min(1, middle + half) }
}
