/**
 * Logistic regression: the minimum of ½‖w‖² + C·Σ log(1 + exp(-ỹ·(w·x + b))), the intercept not penalised, features standardised
 * (docs/lab-train.md, Learning). It is unique. Newton's method; where a sign is demanded of a weight, Newton's method projected on
 * it (Bertsekas 1982): a weight that would have the wrong sign is 0 as long as the objective would rise if it left.
 */
import type { LogisticFile } from '../../risk/scorers/logistic.ts'
import { type DesignColumn, type DesignOptions, designOf, fillBlock } from './design.ts'
import { bothClasses, type Matrix, type Signs, signsOf } from './matrix.ts'
import { LabTrainError } from './problem.ts'
import { solveInPlace } from './solve.ts'

export type LogisticOptions = DesignOptions & {
  /** C: how much the data weigh against the penalty. */
  readonly c?: number | undefined
  readonly signs?: Signs | undefined
  /** Largest component of the gradient at the end. */
  readonly tolerance?: number | undefined
}

export type LogisticFit = {
  readonly design: readonly DesignColumn[]
  /** Of the standardised columns, in their order. */
  readonly weights: Float64Array
  readonly intercept: number
  /** Largest component of the gradient at the end; of a weight held at 0, only what would push it the allowed way. */
  readonly gradient: number
  readonly objective: number
  readonly iterations: number
}

const mostIterations = 100
/** Rows of a block: with 40 columns it stays in the nearest cache. */
const blockRows = 64
/** A start is looked for on so many rows first; the whole is walked through a few times only. */
const startRows = 50_000

type Point = { readonly objective: number; readonly gradient: Float64Array }

/** log(1 + exp(m)) without overflow. */
const softplus = (m: number): number => (m > 0 ? m + Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m)))

class Problem {
  readonly #matrix: Matrix
  readonly #design: readonly DesignColumn[]
  readonly #y: Uint8Array
  readonly #c: number
  readonly #block: Float64Array
  constructor(matrix: Matrix, design: readonly DesignColumn[], y: Uint8Array, c: number) {
    this.#matrix = matrix
    this.#design = design
    this.#y = y
    this.#c = c
    this.#block = new Float64Array(blockRows * design.length)
  }

  /** Objective and gradient at `w`, whose last place is the intercept. */
  at(w: Float64Array): Point {
    return this.#walked(w)
  }

  /** Second derivatives at `w`: the lower half, row by row. */
  curvatureAt(w: Float64Array, out: Float64Array): void {
    this.#walked(w, out)
  }

  #walked(w: Float64Array, hessian?: Float64Array): Point {
    const d = this.#design.length
    const size = d + 1
    const gradient = new Float64Array(size)
    const block = this.#block
    const y = this.#y
    const curve = new Float64Array(blockRows)
    const slope = new Float64Array(blockRows)
    let loss = 0
    hessian?.fill(0)
    for (let from = 0; from < this.#matrix.n; from += blockRows) {
      const rows = Math.min(blockRows, this.#matrix.n - from)
      fillBlock(this.#matrix, this.#design, from, rows, block)
      for (let i = 0; i < rows; i++) {
        let margin = w[d] as number
        for (let j = 0, at = i * d; j < d; j++, at++) margin += (w[j] as number) * (block[at] as number)
        const label = y[from + i] as number
        loss += softplus(label === 1 ? -margin : margin)
        const p = 1 / (1 + Math.exp(-margin))
        slope[i] = p - label
        curve[i] = p * (1 - p)
      }
      for (let i = 0; i < rows; i++) {
        const own = slope[i] as number
        for (let j = 0, at = i * d; j < d; j++, at++)
          gradient[j] = (gradient[j] as number) + own * (block[at] as number)
        gradient[d] = (gradient[d] as number) + own
      }
      if (hessian !== undefined) addCurvature(hessian, block, curve, rows, d)
    }
    let squares = 0
    for (let j = 0; j < d; j++) squares += (w[j] as number) ** 2
    for (let j = 0; j < size; j++) gradient[j] = this.#c * (gradient[j] as number) + (j < d ? (w[j] as number) : 0)
    if (hessian !== undefined)
      for (let j = 0; j < size; j++)
        for (let k = 0; k <= j; k++) {
          const at = j * size + k
          hessian[at] = this.#c * (hessian[at] as number) + (j === k && j < d ? 1 : 0)
        }
    return { objective: 0.5 * squares + this.#c * loss, gradient }
  }
}

/** Adds Σ curve·(x, 1)(x, 1)ᵀ, lower half; four rows at a time, so that a sum is fetched once for four products. */
function addCurvature(out: Float64Array, block: Float64Array, curve: Float64Array, rows: number, d: number): void {
  const size = d + 1
  for (let i = 0; i < rows; i += 4) {
    const a = i * d
    const b = a + d
    const c = b + d
    const e = c + d
    const ca = curve[i] as number
    // Rows beyond the last hold what the block before left there: they count nothing.
    const cb = i + 1 < rows ? (curve[i + 1] as number) : 0
    const cc = i + 2 < rows ? (curve[i + 2] as number) : 0
    const ce = i + 3 < rows ? (curve[i + 3] as number) : 0
    for (let j = 0; j < d; j++) {
      const xa = ca * (block[a + j] as number)
      const xb = cb * (block[b + j] as number)
      const xc = cc * (block[c + j] as number)
      const xe = ce * (block[e + j] as number)
      const row = j * size
      for (let k = 0; k <= j; k++)
        out[row + k] =
          (out[row + k] as number) +
          xa * (block[a + k] as number) +
          xb * (block[b + k] as number) +
          xc * (block[c + k] as number) +
          xe * (block[e + k] as number)
      out[d * size + j] = (out[d * size + j] as number) + xa + xb + xc + xe
    }
    out[d * size + d] = (out[d * size + d] as number) + ca + cb + cc + ce
  }
}

/** Whether a weight is held at 0: it may not have the sign that would lower the objective. */
const isHeld = (weight: number, gradient: number, sign: number): boolean =>
  sign !== 0 && weight === 0 && gradient * sign >= 0

/** The largest component that could still lower the objective. */
function largest(w: Float64Array, { gradient }: Point, signs: Int8Array): number {
  let most = 0
  for (let j = 0; j < gradient.length; j++)
    if (!isHeld(w[j] as number, gradient[j] as number, signs[j] as number))
      most = Math.max(most, Math.abs(gradient[j] as number))
  return most
}

/** Newton's step of the weights that are free; the others stay. */
function stepOf(w: Float64Array, { gradient }: Point, hessian: Float64Array, signs: Int8Array): Float64Array {
  const size = w.length
  const free: number[] = []
  for (let j = 0; j < size; j++) if (!isHeld(w[j] as number, gradient[j] as number, signs[j] as number)) free.push(j)
  const d = free.length
  const a = new Float64Array(d * d)
  const b = new Float64Array(d)
  for (const [j, own] of free.entries()) {
    b[j] = -(gradient[own] as number)
    for (let k = 0; k <= j; k++) a[j * d + k] = hessian[own * size + (free[k] as number)] as number
  }
  if (!solveInPlace(a, b, d)) throw new LabTrainError('the features are so much alike that no weights can be found')
  const step = new Float64Array(size)
  for (const [j, own] of free.entries()) step[own] = b[j] as number
  return step
}

/**
 * Second derivatives take ten times as long as first ones, and change little near the minimum: those of an earlier point do as
 * long as every step makes the gradient ten times smaller.
 */
function minimised(problem: Problem, start: Float64Array, signs: Int8Array, tolerance: number) {
  const size = start.length
  const hessian = new Float64Array(size * size)
  let w = start
  let point = problem.at(w)
  let gradient = largest(w, point, signs)
  let isFresh = false
  let isStale = true
  let iterations = 0
  while (!(gradient < tolerance) && iterations < mostIterations) {
    if (isStale) problem.curvatureAt(w, hessian)
    isFresh = isStale
    iterations++
    const next = moved(problem, w, point, stepOf(w, point, hessian, signs), signs)
    if (next === undefined) {
      if (isFresh) break
      isStale = true
      continue
    }
    w = next.w
    point = next.point
    const before = gradient
    gradient = largest(w, point, signs)
    isStale = gradient > before / 10
  }
  return { w, point, iterations, gradient }
}

/** The first of ever shorter steps that lowers the objective by a share of what its slope promises. */
function moved(problem: Problem, w: Float64Array, point: Point, step: Float64Array, signs: Int8Array) {
  for (let length = 1; length > 1e-10; length /= 2) {
    const tried = w.map((weight, j) => {
      const there = weight + length * (step[j] as number)
      return (signs[j] as number) * there < 0 ? 0 : there
    })
    let fall = 0
    for (let j = 0; j < w.length; j++) fall += (point.gradient[j] as number) * ((tried[j] as number) - (w[j] as number))
    const there = problem.at(tried)
    // Near the minimum the objective no longer changes in what a double holds; there the gradient decides.
    const noise = 1e-12 * Math.abs(point.objective)
    if (there.objective <= point.objective + 1e-4 * fall + noise) return { w: tried, point: there }
  }
  return undefined
}

/** Throws LabTrainError where no minimum is found. */
export function fitLogistic(matrix: Matrix, y: Uint8Array, options: LogisticOptions = {}): LogisticFit {
  const { c = 1, tolerance = 1e-6 } = options
  const frauds = bothClasses(y)
  const design = designOf(matrix, options)
  const d = design.length
  const ofFeature = signsOf(matrix.names, options.signs)
  const signs = new Int8Array(d + 1)
  for (const [j, { feature, isIndicator }] of design.entries()) signs[j] = isIndicator ? 0 : (ofFeature[feature] ?? 0)
  let start = new Float64Array(d + 1)
  start[d] = Math.log(frauds / (y.length - frauds))
  const step = Math.floor(matrix.n / startRows)
  if (step >= 4) start = startFrom(matrix, design, y, c * step, step, start, signs)
  const { w, point, iterations, gradient } = minimised(new Problem(matrix, design, y, c), start, signs, tolerance)
  if (!(gradient < tolerance))
    throw new LabTrainError(
      `no minimum after ${iterations} steps: the largest component of the gradient is ${gradient}`,
    )
  return {
    design,
    weights: w.slice(0, d),
    intercept: w[d] as number,
    gradient,
    objective: point.objective,
    iterations,
  }
}

/** The minimum over each k-th row, or the start where those rows do not tell. */
function startFrom(
  matrix: Matrix,
  design: readonly DesignColumn[],
  y: Uint8Array,
  c: number,
  step: number,
  start: Float64Array<ArrayBuffer>,
  signs: Int8Array,
): Float64Array<ArrayBuffer> {
  const n = Math.floor(matrix.n / step)
  const places = Uint32Array.from({ length: n }, (_, i) => i * step)
  const labels = Uint8Array.from(places, (place) => y[place] as number)
  if (!labels.includes(1) || !labels.includes(0)) return start
  // Only the columns that the design reads; those of a sample are small.
  const columns = matrix.columns.map((column) => Float64Array.from(places, (place) => column[place] as number))
  const part: Matrix = { n, names: matrix.names, columns }
  return minimised(new Problem(part, design, labels, c), start, signs, 1e-3 * n).w as Float64Array<ArrayBuffer>
}

/** Weights that came out as 0 are left out. `note`: what was trained on what, for people. */
export function logisticFile(matrix: Matrix, fit: LogisticFit, note?: string): LogisticFile {
  let { intercept } = fit
  const missing = new Map<number, number>()
  for (const [j, column] of fit.design.entries()) {
    if (!column.isIndicator) continue
    // An indicator is worth w·(1 - share)/deviation where it is 1, and less than nothing where it is 0.
    const weight = (fit.weights[j] as number) / column.deviation
    missing.set(column.feature, weight)
    intercept -= weight * column.mean
  }
  const terms: { -readonly [K in keyof LogisticFile['terms'][number]]: LogisticFile['terms'][number][K] }[] = []
  const told = new Set<number>()
  for (const [j, { feature, isIndicator, least, most, mean, deviation }] of fit.design.entries()) {
    if (isIndicator) continue
    const weight = fit.weights[j] as number
    const absent = missing.get(feature) ?? 0
    told.add(feature)
    if (weight === 0 && absent === 0) continue
    terms.push({
      feature: matrix.names[feature] ?? '',
      weight,
      mean,
      deviation,
      ...(Number.isFinite(least) && { least }),
      ...(Number.isFinite(most) && { most }),
      ...(absent !== 0 && { missing: absent }),
    })
  }
  for (const [feature, absent] of missing)
    if (!told.has(feature)) terms.push({ feature: matrix.names[feature] ?? '', weight: 0, missing: absent })
  return { format: 'sekisho-logistic', formatVersion: 1, ...(note !== undefined && { note }), intercept, terms }
}
