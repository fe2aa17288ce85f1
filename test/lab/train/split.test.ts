// Nothing that was not known at the moment of training may reach a model.
import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { Chance, keyOf } from '../../../src/lab/gen/chance.ts'
import { fitGbdt } from '../../../src/lab/train/gbdt.ts'
import { fitLogistic, logisticFile } from '../../../src/lab/train/logistic.ts'
import { type Matrix, rowsOf } from '../../../src/lab/train/matrix.ts'
import { type Labelled, labelsAt, oddsShift, splitByTime } from '../../../src/lab/train/split.ts'
import { plainAuc, scoresOf, served } from './support.ts'

const day = 86_400
const days = 120
const perDay = 100

/** 120 days, each with a hundred payments; fraud is reported after 1 to 60 days, a tenth of it never. */
function stream(seed: string): Labelled & { readonly risk: Float64Array } {
  const n = days * perDay
  const chance = new Chance().at(keyOf(seed, 'stream'), 0)
  const ts = Float64Array.from({ length: n }, (_, i) => Math.floor((i * day) / perDay))
  const risk = Float64Array.from({ length: n }, () => chance.normal())
  const y = Uint8Array.from(risk, (one) => (chance.unit() < 1 / (1 + Math.exp(3 - 1.5 * one)) ? 1 : 0))
  const labelTs = Float64Array.from(y, (label, i) => {
    const delay = Math.floor((1 + 59 * chance.unit()) * day)
    return label === 1 && chance.unit() > 0.1 ? (ts[i] ?? 0) + delay : Number.NaN
  })
  return { n, ts, labelTs, y, event: Float64Array.from(ts, (_, i) => i), risk }
}
const testFrom = 100 * day

describe('a split by time', () => {
  prop.prop(
    [fc.nat(100), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 60 }), fc.constantFrom(0, 0.2, 0.5)],
    { numRuns: 25 },
  )('keeps the gap, the order and what was known', (seed, gapDays, matureDays, heldShare) => {
    const rows = stream(`split ${seed}`)
    const { train, held, test, known } = splitByTime(rows, {
      testFrom,
      gapDays,
      matureDays,
      heldShare,
      genuineKept: 0.4,
    })
    const lastOf = (places: Uint32Array): number => rows.ts[places[places.length - 1] ?? -1] ?? Number.NEGATIVE_INFINITY
    if (held.length > 0) expect(lastOf(train)).toBeLessThan(rows.ts[held[0] as number] as number)
    expect(Math.max(lastOf(train), lastOf(held))).toBeLessThan(testFrom - gapDays * day)
    expect(rows.ts[test[0] as number]).toBeGreaterThanOrEqual(testFrom)
    for (const i of [...train, ...held]) {
      const isOld = (rows.ts[i] as number) < testFrom - matureDays * day
      const isReported = (rows.labelTs[i] as number) <= testFrom
      expect(isOld || isReported).toBe(true)
      expect(known[i]).toBe(rows.y[i] === 1 && isReported ? 1 : 0)
    }
    // All fraud that was known stays; of the rest about the share that was asked for.
    const eligible =
      rows.ts.filter((ts) => ts < testFrom - Math.max(gapDays, matureDays) * day).length * (1 - heldShare)
    const genuine = train.filter((i) => known[i] === 0).length
    expect(genuine / eligible).toBeGreaterThan(0.3)
    expect(genuine / eligible).toBeLessThan(0.45)
  })

  test('takes young events only where their fraud is already reported', () => {
    const rows = stream('young')
    const { train, young, unreported, known } = splitByTime(rows, {
      testFrom,
      gapDays: 0,
      matureDays: 30,
      heldShare: 0,
    })
    const recent = train.filter((i) => (rows.ts[i] as number) >= 70 * day)
    expect(recent.length).toBeGreaterThan(50)
    expect(recent.every((i) => known[i] === 1)).toBe(true)
    expect(young).toBe(30 * perDay - recent.length)
    expect(unreported).toBeGreaterThan(0)
  })

  test('says when nothing is left', () => {
    const rows = stream('short')
    expect(() => splitByTime(rows, { testFrom: 20 * day })).toThrow(/too short/)
    expect(() => splitByTime(rows, { testFrom: 200 * day })).toThrow(/no event lies in the test/)
  })
})

const matrixOf = (
  rows: Labelled & { readonly risk: Float64Array },
  more: Record<string, Float64Array> = {},
): Matrix => ({
  n: rows.n,
  names: ['risk', ...Object.keys(more)],
  columns: [rows.risk, ...Object.values(more)],
})
const options = { testFrom, gapDays: 30, heldShare: 0 }

describe('no future leaks into a model', () => {
  test('what happens or becomes known after the training changes no bit of it', () => {
    const rows = stream('leak')
    const fitOf = (own: typeof rows) => {
      const { train, known } = splitByTime(own, options)
      const matrix = rowsOf(matrixOf(own), train)
      const y = labelsAt(known, train)
      return [logisticFile(matrix, fitLogistic(matrix, y)), fitGbdt(matrix, y, { trees: 10 })]
    }
    const later = {
      ...rows,
      risk: rows.risk.map((risk, i) => ((rows.ts[i] as number) >= 70 * day ? -risk : risk)),
      // Labels that come after the training come another day, or tell the opposite.
      y: rows.y.map((label, i) => ((rows.ts[i] as number) >= testFrom ? 1 - label : label)),
      labelTs: rows.labelTs.map((ts) => (ts > testFrom ? ts + 9 * day : ts)),
    }
    expect(fitOf(later)).toEqual(fitOf(rows))
  })

  test('a feature that knows which fraud is reported too late does not help', () => {
    const rows = stream('seer')
    const late = Float64Array.from(rows.y, (label, i) =>
      label === 1 && !((rows.labelTs[i] as number) <= testFrom) ? 1 : 0,
    )
    const { train, test, known } = splitByTime(rows, options)
    const matrix = matrixOf(rows, { late })
    const fit = fitLogistic(rowsOf(matrix, train), labelsAt(known, train))
    // In the training these rows count as genuine, as they did then: what marks them speaks for them.
    expect(fit.weights[1]).toBeLessThan(0)
    const blind = matrixOf(rows)
    const scores = scoresOf(served(logisticFile(matrix, fit), matrix.names), rowsOf(matrix, test))
    const plain = logisticFile(blind, fitLogistic(rowsOf(blind, train), labelsAt(known, train)))
    const without = scoresOf(served(plain, blind.names), rowsOf(blind, test))
    const y = labelsAt(rows.y, test)
    expect(plainAuc(scores, y)).toBeLessThanOrEqual(plainAuc(without, y) + 1e-9)
  })

  test.each(['logistic', 'gbdt'] as const)('labels that were shuffled teach a %s model nothing', (kind) => {
    const rows = stream('shuffled')
    const chance = new Chance().at(keyOf('shuffled', 'labels'), 0)
    const order = chance.shuffled(Array.from({ length: rows.n }, (_, i) => i))
    const shuffled = {
      ...rows,
      y: Uint8Array.from(order, (i) => rows.y[i] as number),
      labelTs: Float64Array.from(order, (i) => ((rows.labelTs[i] as number) > 0 ? 0 : Number.NaN)),
    }
    const { train, test, known } = splitByTime(shuffled, options)
    const noise = Float64Array.from(rows.risk, () => chance.normal())
    const matrix = matrixOf(shuffled, { noise })
    const own = rowsOf(matrix, train)
    const y = labelsAt(known, train)
    const scores =
      kind === 'logistic'
        ? scoresOf(served(logisticFile(own, fitLogistic(own, y)), matrix.names), rowsOf(matrix, test))
        : scoresOf(
            served(
              { format: 'sekisho-gbdt', formatVersion: 1, features: matrix.names, ...plainTrees(own, y) },
              matrix.names,
              { kind: 'gbdt' },
            ),
            rowsOf(matrix, test),
          )
    const truth = labelsAt(shuffled.y, test)
    const frauds = truth.reduce((sum, label) => sum + label, 0)
    // Three standard errors of an AUC of no information.
    const error = Math.sqrt((truth.length + 1) / (12 * frauds * (truth.length - frauds)))
    expect(Math.abs(plainAuc(scores, truth) - 0.5)).toBeLessThan(3 * error)
  })
})

function plainTrees(matrix: Matrix, y: Uint8Array) {
  const { base, trees } = fitGbdt(matrix, y, { trees: 20 })
  return { base, trees }
}

describe('undersampling', () => {
  test('is undone by the shift of the odds', () => {
    const rows = stream('shift')
    const matrix = matrixOf(rows)
    const whole = splitByTime(rows, { ...options, gapDays: 1, matureDays: 1 })
    const part = splitByTime(rows, { ...options, gapDays: 1, matureDays: 1, genuineKept: 0.25 })
    const fitOf = ({ train, known }: typeof whole) => {
      const own = rowsOf(matrix, train)
      return logisticFile(own, fitLogistic(own, labelsAt(known, train), { c: 100 }))
    }
    const full = scoresOf(served(fitOf(whole), matrix.names), matrix)
    const shifted = scoresOf(served(fitOf(part), matrix.names, { genuineKept: 0.25 }), matrix)
    const meanOf = (scores: Float64Array) =>
      scores.reduce((sum, score) => sum + 1 / (1 + Math.exp(-score)), 0) / scores.length
    expect(meanOf(shifted) / meanOf(full)).toBeGreaterThan(0.93)
    expect(meanOf(shifted) / meanOf(full)).toBeLessThan(1.07)
    expect(oddsShift(0.25)).toBe(Math.log(0.25))
  })

  prop.prop([fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.double({ min: 1e-3, max: 1, noNaN: true })])(
    'has the formula of the definitions',
    (q, kept) => {
      const shifted = 1 / (1 + Math.exp(-(Math.log(q / (1 - q)) + oddsShift(kept))))
      expect(shifted).toBeCloseTo((kept * q) / (kept * q + 1 - q), 12)
    },
  )
})
