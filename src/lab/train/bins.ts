/**
 * Features cut into at most 255 bins each, so that a byte says where a value lies. A cut is a number with few digits between two
 * values that occur; at most the cut is left of it, as the server compares. Byte 0 is "missing".
 */
import { quantile, sortedSample } from './design.ts'
import type { Matrix } from './matrix.ts'

export type Binned = {
  readonly n: number
  readonly names: readonly string[]
  /** Of each feature, rising. Values in bin b (from 1) are above cut b - 2 and at most cut b - 1. */
  readonly cuts: readonly Float64Array[]
  /** Row by row, a byte for each feature. */
  readonly codes: Uint8Array
}

/** The number with the fewest digits that is at least `low` and below `high`. */
export function between(low: number, high: number): number {
  const middle = low + (high - low) / 2
  for (let digits = 1; digits < 17; digits++) {
    const short = Number(middle.toPrecision(digits))
    if (short >= low && short < high) return short
  }
  return low
}

/** Between values that occur: each of them where they are few, else at even shares of the events. */
export function cutsOf(values: Float64Array, most: number): Float64Array {
  const sorted = sortedSample(values)
  const distinct: number[] = []
  for (const value of sorted) if (distinct[distinct.length - 1] !== value) distinct.push(value)
  const cuts: number[] = []
  if (distinct.length <= most) {
    for (let i = 1; i < distinct.length; i++) cuts.push(between(distinct[i - 1] as number, distinct[i] as number))
    return Float64Array.from(cuts)
  }
  let place = 0
  for (let i = 1; i < most; i++) {
    const low = quantile(sorted, i / most)
    while (place < distinct.length && (distinct[place] as number) <= low) place++
    if (place === distinct.length) break
    const cut = between(distinct[place - 1] as number, distinct[place] as number)
    if (cuts[cuts.length - 1] !== cut) cuts.push(cut)
  }
  return Float64Array.from(cuts)
}

/** 0: missing; else 1 + the cuts that lie below the value. */
export function codeOf(cuts: Float64Array, value: number): number {
  if (Number.isNaN(value)) return 0
  let low = 0
  let high = cuts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cuts[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low + 1
}

/** `bins`: at most so many for the values of a feature, up to 255; one more is kept for what is missing. */
export function binned({ n, names, columns }: Matrix, bins = 63): Binned {
  const cuts = columns.map((values) => cutsOf(values, Math.min(bins, 255)))
  const d = names.length
  const codes = new Uint8Array(n * d)
  for (let j = 0; j < d; j++) {
    const values = columns[j] as Float64Array
    const own = cuts[j] as Float64Array
    for (let i = 0, at = j; i < n; i++, at += d) codes[at] = codeOf(own, values[i] as number)
  }
  return { n, names, cuts, codes }
}
