/**
 * What a model may learn from, and what it is tested on: train, gap, test in time order, never a random split. The model is trained
 * at the moment when the test begins, with the labels that were known by then: fraud that was reported later is still taken for
 * genuine, as it would have been, and an event counts only if it is old enough or its fraud is already reported.
 */
import { Chance, keyOf } from '../gen/chance.ts'
import { LabTrainError } from './problem.ts'

const day = 86_400

/** Rows in stream order, as far as the split reads them. Times in seconds since 1970. */
export type Labelled = {
  readonly n: number
  readonly ts: Float64Array
  /** NaN: never labelled. */
  readonly labelTs: Float64Array
  /** What it was, whoever knew it. */
  readonly y: Uint8Array
  /** Position in the stream: what chance is drawn by. */
  readonly event: Float64Array
}

export type SplitOptions = {
  /** The test begins here, and the model is trained at this moment. Seconds since 1970. */
  readonly testFrom: number
  readonly testUntil?: number | undefined
  readonly trainFrom?: number | undefined
  /** Between the last event that is trained on and the test: at least the delay of the labels. */
  readonly gapDays?: number | undefined
  /** Events of this age count as genuine if nobody reported them. */
  readonly matureDays?: number | undefined
  /** Of the events before the gap, the last share is held back: for the number of trees and for the calibrator. */
  readonly heldShare?: number | undefined
  /** Share of genuine events that the training keeps. Those held back and those of the test are all kept. */
  readonly genuineKept?: number | undefined
  readonly seed?: string | undefined
}

/** Places of the rows, ascending. */
export type Split = {
  readonly train: Uint32Array
  readonly held: Uint32Array
  readonly test: Uint32Array
  /** Labels as they were known when the test began, for every row. */
  readonly known: Uint8Array
  readonly periods: {
    readonly train: Period
    readonly held: Period
    readonly test: Period
    readonly gapDays: number
  }
  /** Frauds before the gap that nobody had reported by then. */
  readonly unreported: number
  /** Rows before the gap that were left out: too young, or genuine ones that the training did not keep. */
  readonly young: number
  readonly leftOut: number
}
/** Seconds since 1970; the end is not part of it. */
export type Period = { readonly from: number; readonly until: number }

export const splitDefaults = { gapDays: 30, matureDays: 30, heldShare: 0.2, genuineKept: 1 } as const

/** Throws LabTrainError where a part would be empty. */
export function splitByTime(rows: Labelled, options: SplitOptions): Split {
  const { testFrom, testUntil = Number.POSITIVE_INFINITY, trainFrom = Number.NEGATIVE_INFINITY } = options
  const { gapDays = splitDefaults.gapDays, matureDays = splitDefaults.matureDays } = options
  const { heldShare = splitDefaults.heldShare, genuineKept = splitDefaults.genuineKept } = options
  const gapFrom = testFrom - gapDays * day
  const matureUntil = testFrom - matureDays * day
  const known = Uint8Array.from(rows.y, (label, i) => (label === 1 && (rows.labelTs[i] as number) <= testFrom ? 1 : 0))
  const eligible: number[] = []
  const test: number[] = []
  let unreported = 0
  let young = 0
  for (let i = 0; i < rows.n; i++) {
    const ts = rows.ts[i] as number
    if (ts >= testFrom) {
      if (ts < testUntil) test.push(i)
      continue
    }
    if (ts < trainFrom || ts >= gapFrom) continue
    if (ts >= matureUntil && known[i] === 0) young++
    else {
      eligible.push(i)
      if (rows.y[i] === 1 && known[i] === 0) unreported++
    }
  }
  if (eligible.length === 0)
    throw new LabTrainError('no event lies before the gap: the stream is too short, or the test begins too early')
  if (test.length === 0) throw new LabTrainError('no event lies in the test')
  // By time: rows of one second stay together.
  const heldFrom = rows.ts[eligible[Math.floor(eligible.length * (1 - heldShare))] ?? -1] ?? gapFrom
  const held = heldShare === 0 ? [] : eligible.filter((i) => (rows.ts[i] as number) >= heldFrom)
  const before = heldShare === 0 ? eligible : eligible.filter((i) => (rows.ts[i] as number) < heldFrom)
  const chance = new Chance()
  const key = keyOf(options.seed ?? 'sekisho', 'undersampling')
  const train = before.filter(
    (i) => known[i] === 1 || genuineKept >= 1 || chance.at(key, rows.event[i] as number).unit() < genuineKept,
  )
  if (train.length === 0) throw new LabTrainError('nothing is left to train on')
  const first = rows.ts[eligible[0] as number] as number
  return {
    train: Uint32Array.from(train),
    held: Uint32Array.from(held),
    test: Uint32Array.from(test),
    known,
    periods: {
      train: { from: first, until: heldShare === 0 ? gapFrom : heldFrom },
      held: { from: heldShare === 0 ? gapFrom : heldFrom, until: gapFrom },
      test: { from: testFrom, until: Math.min(testUntil, (rows.ts[test[test.length - 1] as number] as number) + 1) },
      gapDays,
    },
    unreported,
    young,
    leftOut: before.length - train.length,
  }
}

export const labelsAt = (labels: Uint8Array, places: Uint32Array): Uint8Array =>
  Uint8Array.from(places, (place) => labels[place] as number)

/** p = βq/(βq + 1 - q), as log-odds: what undersampling took away is given back. */
export const oddsShift = (genuineKept: number): number => Math.log(genuineKept)
