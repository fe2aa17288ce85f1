/** What models are trained on: rows in stream order, a column of doubles for each feature. NaN: it could not be known. */
import { LabTrainError } from './problem.ts'

export type Matrix = {
  readonly n: number
  readonly names: readonly string[]
  /** One array of n values for each name. */
  readonly columns: readonly Float64Array[]
}

/** 1 never falls with the feature, -1 never rises with it. */
export type Signs = Readonly<Record<string, 1 | -1>>

export const signsOf = (names: readonly string[], signs: Signs = {}): Int8Array =>
  Int8Array.from(names, (name) => (Object.hasOwn(signs, name) ? (signs[name] ?? 0) : 0))

/** The rows at these places, in their order. */
export function rowsOf({ names, columns }: Matrix, places: Uint32Array): Matrix {
  return { n: places.length, names, columns: columns.map((column) => taken(column, places)) }
}

export function taken(values: Float64Array, places: Uint32Array): Float64Array {
  const out = new Float64Array(places.length)
  for (let i = 0; i < places.length; i++) out[i] = values[places[i] as number] as number
  return out
}

/** Frauds among the labels; a model of one class alone would know nothing. */
export function bothClasses(y: Uint8Array): number {
  let frauds = 0
  for (const label of y) frauds += label
  if (frauds === 0) throw new LabTrainError('no fraud that was reported in time: there is nothing to learn from')
  if (frauds === y.length) throw new LabTrainError('nothing but fraud: there is nothing to tell it from')
  return frauds
}

/** Fills one event's values at `row`, in the order of the matrix. */
export function eventAt({ columns }: Matrix, row: number, out: Float64Array): Float64Array {
  for (let j = 0; j < columns.length; j++) out[j] = (columns[j] as Float64Array)[row] as number
  return out
}
