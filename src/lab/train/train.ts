/** From rows to a model, its calibrator and its card. Pure: the same rows and settings give the same bytes. */
import type { Calibrator } from '../../risk/calibrators.ts'
import { readScorer } from '../../risk/scorers/read.ts'
import type { Scorer, ScorerAbout } from '../../risk/scorers/scorer.ts'
import { Chance, keyOf } from '../gen/chance.ts'
import type { FeatureRows } from '../run/types.ts'
import type { StreamMeta } from '../stream/table.ts'
import { fitIsotonic, fitPlatt } from './calibrate.ts'
import { fileText } from './file-text.ts'
import { fitGbdt, gbdtFile } from './gbdt.ts'
import { fitIforest } from './iforest.ts'
import { fitLogistic, logisticFile } from './logistic.ts'
import { bothClasses, type Matrix, rowsOf, type Signs, taken } from './matrix.ts'
import { type Quality, qualityOf, type Tenth, tenthsOf } from './measure.ts'
import { LabTrainError } from './problem.ts'
import type { ModelSettings, TrainSettings } from './settings.ts'
import { labelsAt, type Split, splitByTime } from './split.ts'

/** How the fit ended, for the card. */
export type Ended =
  | { readonly kind: 'logistic'; readonly gradient: number; readonly objective: number; readonly iterations: number }
  | {
      readonly kind: 'gbdt'
      readonly trees: number
      readonly grown: number
      /** Mean log loss with all trees that stay, of the (undersampled) training and of what was held back. */
      readonly trainLoss: number | null
      readonly heldLoss: number | null
    }
  | { readonly kind: 'iforest'; readonly trees: number; readonly sampleSize: number }

export type FeatureTold = {
  readonly name: string
  readonly sign: 'rising' | 'falling' | null
  /** Of the events that were trained on. */
  readonly missing: number
  /** Mean of the absolute log-odds that it added, on the test. */
  readonly share: number
  /** Of the standardised feature; logistic only. */
  readonly weight: number | null
}

export type KindTold = { readonly kind: string; readonly frauds: number; readonly at1: number; readonly at5: number }

export type Counted = { readonly n: number; readonly frauds: number }

/** What training showed, without what the data were: that is the caller's to say. */
export type Trained = {
  /** Text of the model's file. */
  readonly text: string
  readonly about: {
    readonly kind: ModelSettings['kind']
    readonly name: string
    readonly version: string
    readonly genuineKept: number
    readonly calibrator: Calibrator
  }
  readonly scorer: Scorer
  readonly split: Split
  readonly counts: {
    readonly train: Counted
    readonly held: Counted
    readonly test: Counted
    readonly unreported: number
  }
  readonly ended: Ended
  readonly features: readonly FeatureTold[]
  readonly quality: Quality
  /** The policy's own score on the same events; undefined where it has none of them. */
  readonly policyQuality: Quality | undefined
  readonly tenths: readonly Tenth[]
  readonly kinds: readonly KindTold[]
  /** Scores of the test, ascending. */
  readonly testScores: Float64Array
}

export type TrainHooks = {
  readonly signal?: AbortSignal | undefined
  readonly onTree?: ((tree: number, of: number) => void) | undefined
}

const secondsPerDay = 86_400
const secondsOf = (day: string | undefined): number | undefined =>
  day === undefined ? undefined : Math.floor(Date.parse(day) / 1_000)

/** Where the test begins, in seconds since 1970. */
export function testFromOf(
  { split }: Pick<TrainSettings, 'split'>,
  meta: Pick<StreamMeta, 'to' | 'measuredFrom'>,
): number {
  const { testFrom } = split
  if (typeof testFrom === 'string') return Math.floor(Date.parse(testFrom) / 1_000)
  const length = meta.to - meta.measuredFrom
  // Whole days, so that small changes of a stream do not move it.
  return meta.measuredFrom + Math.ceil(((1 - testFrom.share) * length) / secondsPerDay) * secondsPerDay
}

const signsFrom = (signs: Readonly<Partial<Record<string, 'rising' | 'falling'>>>): Signs =>
  Object.fromEntries(Object.entries(signs).map(([name, sign]) => [name, sign === 'rising' ? 1 : -1]))

export function train(
  rows: FeatureRows,
  meta: Pick<StreamMeta, 'to' | 'measuredFrom'>,
  settings: TrainSettings,
  hooks: TrainHooks = {},
): Trained {
  const {
    model,
    split: { genuineKept, gapDays, matureDays, heldShare },
  } = settings
  const testFrom = testFromOf(settings, meta)
  const split = splitByTime(rows, {
    testFrom,
    testUntil: secondsOf(settings.split.testUntil),
    trainFrom: secondsOf(settings.split.trainFrom) ?? meta.measuredFrom,
    gapDays,
    matureDays,
    heldShare,
    genuineKept,
    seed: settings.seed,
  })
  const matrix: Matrix = { n: rows.n, names: rows.names, columns: rows.features }
  const own = rowsOf(matrix, split.train)
  const y = labelsAt(split.known, split.train)
  const fitted = fittedBy(
    own,
    y,
    model,
    settings.seed,
    heldLike(matrix, split, genuineKept, rows, settings.seed),
    hooks,
  )
  const text = fileText(fitted.file)
  // The score of an isolation forest is no log-odds, so that there are none to shift.
  const kept = model.kind === 'iforest' ? 1 : genuineKept
  const head = { kind: model.kind, name: settings.name, version: settings.version, genuineKept: kept }
  const calibrator = calibratorOf(head, text, matrix, split, settings)
  const about = { ...head, calibrator }
  const scorer = readScorer(about, text, rows.names)
  const scores = scoresOf(scorer, matrix, split.test)
  const truth = labelsAt(rows.y, split.test)
  bothClasses(truth)
  const card = Uint32Array.from(split.test, (place) => rows.card[place] as number)
  const policyScores = taken(rows.score, split.test)
  const { draws } = settings.bootstrap
  return {
    text,
    about,
    scorer,
    split,
    counts: {
      train: counted(y),
      held: counted(labelsAt(split.known, split.held)),
      test: counted(truth),
      unreported: split.unreported,
    },
    ended: fitted.ended,
    features: toldOf(scorer, own, matrix, split, model, fitted.weights),
    quality: qualityOf({ scores, y: truth, card }, settings.seed, draws),
    policyQuality: policyScores.some(Number.isNaN)
      ? undefined
      : qualityOf({ scores: policyScores, y: truth, card }, settings.seed, draws),
    tenths: tenthsOf({ scores, y: truth }),
    kinds: kindsOf(scores, truth, rows, split),
    testScores: scores.slice().sort(),
  }
}

const counted = (y: Uint8Array): Counted => ({ n: y.length, frauds: y.reduce((sum, label) => sum + label, 0) })

type Fitted = { readonly file: object; readonly ended: Ended; readonly weights: ReadonlyMap<string, number> }

function fittedBy(
  own: Matrix,
  y: Uint8Array,
  model: ModelSettings,
  seed: string,
  held: { matrix: Matrix; y: Uint8Array } | undefined,
  { signal, onTree }: TrainHooks,
): Fitted {
  const nothing = new Map<string, number>()
  switch (model.kind) {
    case 'logistic': {
      const { c, clip, indicatorFrom } = model
      const found = fitLogistic(own, y, { c, clip, indicatorFrom, signs: signsFrom(model.signs) })
      const { gradient, objective, iterations } = found
      const weights = new Map(
        found.design.flatMap(({ feature, isIndicator }, j): [string, number][] =>
          isIndicator ? [] : [[own.names[feature] ?? '', found.weights[j] as number]],
        ),
      )
      return { file: logisticFile(own, found), ended: { kind: 'logistic', gradient, objective, iterations }, weights }
    }
    case 'gbdt': {
      const { kind: _, features: __, signs, ...options } = model
      const found = fitGbdt(own, y, { ...options, signs: signsFrom(signs), seed, held, signal, onTree })
      if (found.trees.length === 0)
        throw new LabTrainError(
          `no tree lowers the loss on what was held back (${held?.y.length ?? 0} events with ${counted(held?.y ?? new Uint8Array()).frauds} frauds): more events are needed, or other settings`,
        )
      const last = found.losses[found.trees.length - 1]
      return {
        file: gbdtFile(own, found),
        ended: {
          kind: 'gbdt',
          trees: found.trees.length,
          grown: found.losses.length,
          trainLoss: last?.train ?? null,
          heldLoss: last?.held ?? null,
        },
        weights: nothing,
      }
    }
    case 'iforest': {
      const { trees, sampleSize } = model
      const file = fitIforest(own, { trees, sampleSize, seed })
      return { file, ended: { kind: 'iforest', trees, sampleSize: file.sampleSize }, weights: nothing }
    }
  }
}

/** What is held back, with as few genuine events as the training: losses of the two can be compared. */
function heldLike(matrix: Matrix, { held, known }: Split, genuineKept: number, { event }: FeatureRows, seed: string) {
  const chance = new Chance()
  const key = keyOf(seed, 'undersampling')
  const places = held.filter(
    (i) => known[i] === 1 || genuineKept >= 1 || chance.at(key, event[i] as number).unit() < genuineKept,
  )
  return places.length === 0 ? undefined : { matrix: rowsOf(matrix, places), y: labelsAt(known, places) }
}

function calibratorOf(
  head: Omit<ScorerAbout, 'calibrator'>,
  text: string,
  matrix: Matrix,
  { held, known }: Split,
  { calibrator, model }: TrainSettings,
): Calibrator {
  const on = model.kind === 'iforest' ? 'score' : 'logOdds'
  if (calibrator === 'none') {
    if (on === 'score')
      throw new LabTrainError(
        'the score of an isolation forest is no log-odds: it needs platt or isotonic',
        'calibrator',
      )
    return { kind: 'none' }
  }
  if (held.length === 0) throw new LabTrainError('a calibrator needs events that were held back', 'split.heldShare')
  const identity: Calibrator = on === 'score' ? { kind: 'platt', on, slope: 1, intercept: 0 } : { kind: 'none' }
  const scores = scoresOf(readScorer({ ...head, calibrator: identity }, text, matrix.names), matrix, held)
  const labels = labelsAt(known, held)
  return calibrator === 'platt' ? fitPlatt(scores, labels, on).calibrator : fitIsotonic(scores, labels)
}

/** Log-odds of these rows. */
function scoresOf(scorer: Scorer, { columns }: Matrix, places: Uint32Array): Float64Array {
  const event = new Float64Array(columns.length)
  return Float64Array.from(places, (place) => {
    for (let j = 0; j < columns.length; j++) event[j] = (columns[j] as Float64Array)[place] as number
    return scorer.logOdds(event)
  })
}

/** Events of the test that shares are told of: enough for two digits. */
const sharesOn = 20_000

function toldOf(
  scorer: Scorer,
  own: Matrix,
  { columns }: Matrix,
  { test }: Split,
  model: ModelSettings,
  weights: ReadonlyMap<string, number>,
): FeatureTold[] {
  const sums = new Float64Array(scorer.features.length)
  const out = new Float64Array(scorer.features.length)
  const event = new Float64Array(columns.length)
  const step = Math.max(1, Math.floor(test.length / sharesOn))
  let n = 0
  for (let i = 0; i < test.length; i += step, n++) {
    for (let j = 0; j < columns.length; j++) event[j] = (columns[j] as Float64Array)[test[i] as number] as number
    scorer.contributions(event, out)
    for (let k = 0; k < out.length; k++) sums[k] = (sums[k] as number) + Math.abs(out[k] as number)
  }
  const signs = model.kind === 'iforest' ? {} : model.signs
  return scorer.features
    .map((name, k) => {
      const column = own.columns[own.names.indexOf(name)] ?? new Float64Array()
      return {
        name,
        sign: signs[name] ?? null,
        missing: column.length === 0 ? 0 : column.filter(Number.isNaN).length / column.length,
        share: (sums[k] as number) / n,
        weight: weights.get(name) ?? null,
      }
    })
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1))
}

/** Of every pattern, what lies among the riskiest of the test. */
function kindsOf(scores: Float64Array, truth: Uint8Array, { kind, kinds }: FeatureRows, { test }: Split): KindTold[] {
  const falling = scores.slice().sort().reverse()
  const cutAt = (share: number): number => falling[Math.max(0, Math.ceil(share * falling.length) - 1)] ?? 0
  const [cut1, cut5] = [cutAt(0.01), cutAt(0.05)]
  const found = new Map<string, { frauds: number; at1: number; at5: number }>()
  for (const [i, place] of test.entries()) {
    if (truth[i] !== 1) continue
    const name = kinds[kind[place] as number] ?? ''
    const told = found.get(name) ?? { frauds: 0, at1: 0, at5: 0 }
    found.set(name, told)
    told.frauds++
    if ((scores[i] as number) >= cut1) told.at1++
    if ((scores[i] as number) >= cut5) told.at5++
  }
  return [...found]
    .map(([name, told]) => ({ kind: name, ...told }))
    .sort((a, b) => b.frauds - a.frauds || (a.kind < b.kind ? -1 : 1))
}
