import { Chance, keyOf } from '../../../src/lab/gen/chance.ts'
import type { Matrix } from '../../../src/lab/train/matrix.ts'
import { readScorer } from '../../../src/risk/scorers/read.ts'
import type { Scorer, ScorerAbout } from '../../../src/risk/scorers/scorer.ts'

/** Rows of numbers as columns. */
export const matrixOf = (names: readonly string[], rows: readonly (readonly number[])[]): Matrix => ({
  n: rows.length,
  names,
  columns: names.map((_, j) => Float64Array.from(rows, (row) => row[j] ?? Number.NaN)),
})

/** Columns of chance: counts, spread numbers, some of them missing; labels that follow `logOddsOf`. */
export function madeUp(
  n: number,
  d: number,
  seed: string,
  logOddsOf: (row: readonly number[]) => number,
): { matrix: Matrix; y: Uint8Array } {
  const chance = new Chance().at(keyOf(seed, 'rows'), 0)
  const rows = Array.from({ length: n }, () =>
    Array.from({ length: d }, (_, j) => {
      if (j % 3 === 2 && chance.unit() < 0.2) return Number.NaN
      return j % 2 === 0 ? chance.normal() : Math.floor(8 * chance.unit() ** 3)
    }),
  )
  const y = Uint8Array.from(rows, (row) => (chance.unit() < 1 / (1 + Math.exp(-logOddsOf(row))) ? 1 : 0))
  return { matrix: matrixOf(namesOf(d), rows), y }
}

export const namesOf = (d: number): string[] => Array.from({ length: d }, (_, j) => `f${j}`)
export const known = (value: number | undefined): number => (value === undefined || Number.isNaN(value) ? 0 : value)

/** The model as the server would read it from its file. */
export const served = (file: object, names: readonly string[], about: Partial<ScorerAbout> = {}): Scorer =>
  readScorer({ kind: 'logistic', name: 'test', version: '1', ...about }, JSON.stringify(file), names)

export const scoresOf = (scorer: Scorer, matrix: Matrix): Float64Array =>
  Float64Array.from({ length: matrix.n }, (_, i) =>
    scorer.logOdds(Float64Array.from(matrix.columns, (column) => column[i] as number)),
  )

/** Mann and Whitney by all pairs: slow, and plainly right. */
export function plainAuc(scores: ArrayLike<number>, y: ArrayLike<number>): number {
  let wins = 0
  let pairs = 0
  for (let i = 0; i < y.length; i++) {
    if (y[i] !== 1) continue
    for (let j = 0; j < y.length; j++) {
      if (y[j] !== 0) continue
      pairs++
      const [a, b] = [scores[i] as number, scores[j] as number]
      wins += a > b ? 1 : a === b ? 0.5 : 0
    }
  }
  return wins / pairs
}
