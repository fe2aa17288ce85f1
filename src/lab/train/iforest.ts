/**
 * Isolation forest (Liu, Ting, Zhou 2008): every tree parts a small sample of the events by features and thresholds of chance
 * until each stands alone, or log2 of the sample is reached. What is set apart early is unlike the rest. No labels are read.
 * What is missing goes with the larger side.
 */
import type { IforestFile } from '../../risk/scorers/iforest.ts'
import { Chance, keyOf } from '../gen/chance.ts'
import { between } from './bins.ts'
import type { Matrix } from './matrix.ts'
import { LabTrainError } from './problem.ts'

export type IforestOptions = {
  readonly trees?: number | undefined
  readonly sampleSize?: number | undefined
  readonly seed?: string | undefined
}

type TreeFile = IforestFile['trees'][number]

/** `size` different rows of `n`, ascending (Floyd). */
function sampled(n: number, size: number, chance: Chance): Uint32Array {
  const chosen = new Set<number>()
  for (let i = n - size; i < n; i++) {
    const one = chance.below(i + 1)
    chosen.add(chosen.has(one) ? i : one)
  }
  return Uint32Array.from(chosen).sort()
}

/** Smallest and largest of what is there; undefined where all are alike. */
function span(values: Float64Array, rows: Uint32Array): { least: number; most: number } | undefined {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const row of rows) {
    const value = values[row] as number
    if (value < least) least = value
    if (value > most) most = value
  }
  return least < most && Number.isFinite(most - least) ? { least, most } : undefined
}

/** A feature whose values differ, and a threshold of chance between them. */
function cutOf(columns: readonly Float64Array[], rows: Uint32Array, chance: Chance) {
  for (const feature of chance.shuffled(columns.map((_, j) => j))) {
    const found = span(columns[feature] as Float64Array, rows)
    if (found === undefined) continue
    const drawn = found.least + chance.unit() * (found.most - found.least)
    // Few digits, and still below the largest, so that both sides hold something.
    return { feature, threshold: between(Math.max(found.least, Math.min(drawn, found.most)), found.most) }
  }
  return undefined
}

function grown({ columns }: Matrix, sample: Uint32Array, deepest: number, chance: Chance): TreeFile {
  const file: TreeFile = { feature: [], threshold: [], left: [], right: [], missingLeft: [], size: [] }
  const number = (rows: Uint32Array, depth: number): number => {
    const cut = depth >= deepest || rows.length < 2 ? undefined : cutOf(columns, rows, chance)
    if (cut === undefined) return -file.size.push(rows.length)
    const values = columns[cut.feature] as Float64Array
    const isLeft = (row: number): boolean => (values[row] as number) <= cut.threshold
    const left = rows.filter(isLeft)
    const right = rows.filter((row) => (values[row] as number) > cut.threshold)
    const missingLeft = left.length >= right.length
    const withMissing = (row: number): boolean => Number.isNaN(values[row] as number)
    const own = file.feature.push(cut.feature) - 1
    file.threshold.push(cut.threshold)
    file.missingLeft.push(missingLeft ? 1 : 0)
    file.left.push(0)
    file.right.push(0)
    file.left[own] = number(missingLeft ? rows.filter((row) => isLeft(row) || withMissing(row)) : left, depth + 1)
    file.right[own] = number(missingLeft ? right : rows.filter((row) => !isLeft(row)), depth + 1)
    return own
  }
  number(sample, 0)
  return file
}

export function fitIforest(matrix: Matrix, options: IforestOptions = {}, note?: string): IforestFile {
  const { trees = 100, sampleSize: wanted = 256, seed = 'sekisho' } = options
  if (matrix.n < 2) throw new LabTrainError('an isolation forest needs at least two events')
  const sampleSize = Math.min(wanted, matrix.n)
  const deepest = Math.ceil(Math.log2(sampleSize))
  const key = keyOf(seed, 'isolation forest')
  const grownTrees = Array.from({ length: trees }, (_, tree) => {
    const chance = new Chance().at(key, tree)
    return grown(matrix, sampled(matrix.n, sampleSize, chance), deepest, chance)
  })
  return {
    format: 'sekisho-iforest',
    formatVersion: 1,
    ...(note !== undefined && { note }),
    features: [...matrix.names],
    sampleSize,
    trees: grownTrees,
  }
}
