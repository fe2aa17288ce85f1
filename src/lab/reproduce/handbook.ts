/** The baseline of the Fraud Detection Handbook on its own data, where the user has them: features, split, models, measures. */
import { Chance, keyOf } from '../gen/chance.ts'
import { quantileIn } from '../metrics/numbers.ts'
import { FraudScores, rankingOf } from '../metrics/ranks.ts'
import { fillBlock } from '../train/design.ts'
import { fitGbdt, type GbdtFit } from '../train/gbdt.ts'
import { fitLogistic, type LogisticFit } from '../train/logistic.ts'
import { type Matrix, rowsOf, taken } from '../train/matrix.ts'
import { grown, shareAt } from './decision-tree.ts'
import { featureNames, featuresOf, readTransactions, splitOf, type Transactions } from './handbook-data.ts'
import { LabReproduceError } from './problem.ts'
import { handbook as published } from './published.ts'

const models = ['logistic', 'treeOfTwo', 'boosted'] as const
export type Model = (typeof models)[number]
const daySeconds = 86_400
const k = 100

export type HandbookOptions = {
  readonly seed: string
  /** First day of the training week, in seconds since 1970. */
  readonly start: number
  /** Resamples of cards. */
  readonly draws: number
  readonly workFolder: string
  readonly onProgress?: ((words: string) => void) | undefined
}
export type Measure = { readonly value: number; readonly low: number; readonly high: number }
export type Measures = {
  readonly auc: Measure
  readonly averagePrecision: Measure
  /** Fraud cards among the first 100 of a day / 100, mean over days. */
  readonly cardPrecision: Measure
}
export type Measured = {
  readonly model: Model
  readonly set: 'test' | 'train'
  readonly measures: Measures
  /** As they are printed; null where these are not the data of the handbook. */
  readonly published: readonly [number, number, number] | null
  /** To the third decimal. */
  readonly isEqual: readonly [boolean, boolean, boolean] | null
}
export type HandbookResult = {
  readonly reproduction: 'handbook'
  readonly seed: string
  readonly draws: number
  readonly start: number
  readonly transactions: number
  readonly from: number
  readonly to: number
  /** Windows reach 37 days back: of the first training day they are cut where the data begin later. */
  readonly areWindowsCut: boolean
  /** Transactions and frauds from the training week to the test week, both included. */
  readonly period: { readonly n: number; readonly frauds: number }
  /** Count and frauds of that period are those that the handbook prints. */
  readonly isHandbookData: boolean
  readonly train: { readonly n: number; readonly frauds: number; readonly cards: number }
  readonly test: {
    readonly n: number
    readonly frauds: number
    readonly cards: number
    readonly removed: number
    readonly days: number
  }
  /** Largest component of the gradient at the end of the logistic regression. */
  readonly gradient: number
  readonly measured: readonly Measured[]
}

/** What is measured on: rows with their card and day. */
export type Scored = {
  readonly score: Float64Array
  readonly y: Uint8Array
  readonly card: Uint32Array
  readonly day: Int32Array
}

const noWeights = undefined

/** AUC and average precision; `weights`: how often each card was drawn. */
function ranking(
  { score, y, card }: Scored,
  frauds: FraudScores,
  places: Int32Array,
  weights: Uint16Array | undefined,
) {
  const distinct = new Float64Array(frauds.distinct.length)
  const bySegment = new Float64Array(frauds.segments)
  let genuine = 0
  for (let i = 0; i < score.length; i++) {
    const weight = weights === undefined ? 1 : (weights[card[i] as number] as number)
    const at = places[i] as number
    if (y[i] === 1) distinct[at >> 1] = (distinct[at >> 1] ?? 0) + weight
    else {
      bySegment[at] = (bySegment[at] ?? 0) + weight
      genuine += weight
    }
  }
  const into = { auc: Number.NaN, averagePrecision: Number.NaN, ks: 0, tprAt: new Float64Array(4) }
  return rankingOf(distinct, bySegment, genuine, into) ? into : undefined
}

/** Cards of each day with their highest score, falling, ties by card; frauds found among the first k are left out afterwards. */
type Days = readonly (readonly { readonly card: number; readonly score: number; readonly isFraud: boolean }[])[]
function daysOf({ score, y, card, day }: Scored): Days {
  const byDay = new Map<number, Map<number, { card: number; score: number; isFraud: boolean }>>()
  for (let i = 0; i < score.length; i++) {
    const own = byDay.get(day[i] as number) ?? new Map()
    byDay.set(day[i] as number, own)
    const known = own.get(card[i] as number) ?? {
      card: card[i] as number,
      score: Number.NEGATIVE_INFINITY,
      isFraud: false,
    }
    known.score = Math.max(known.score, score[i] as number)
    known.isFraud ||= y[i] === 1
    own.set(known.card, known)
  }
  return [...byDay.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, cards]) => [...cards.values()].sort((a, b) => b.score - a.score || a.card - b.card))
}

function cardPrecision(days: Days, weights: Uint16Array | undefined): number {
  const found = new Set<number>()
  let sum = 0
  for (const cards of days) {
    let left = k
    let hits = 0
    for (const { card, isFraud } of cards) {
      if (left === 0) break
      if (found.has(card)) continue
      const weight = Math.min(left, weights === undefined ? 1 : (weights[card] as number))
      left -= weight
      if (isFraud && weight > 0) {
        hits += weight
        found.add(card)
      }
    }
    sum += hits / k
  }
  return days.length === 0 ? Number.NaN : sum / days.length
}

/** With 95 % intervals by resampling cards. Pure. */
export function measuresOf(scored: Scored, seed: string, draws: number): Measures {
  const { score, y, card } = scored
  const frauds = new FraudScores(score.filter((_, i) => y[i] === 1))
  const places = Int32Array.from(score, (one) => frauds.segmentOf(one))
  const days = daysOf(scored)
  const point = ranking(scored, frauds, places, noWeights)
  if (point === undefined) throw new LabReproduceError('a week without fraud, or of nothing else, cannot be measured')
  const cards = [...new Set(card)]
  const weights = new Uint16Array(Math.max(...cards) + 1)
  const drawn = { auc: [] as number[], averagePrecision: [] as number[], cardPrecision: [] as number[] }
  const chance = new Chance()
  const key = keyOf(seed, 'handbook cards')
  for (let draw = 0; draw < draws; draw++) {
    weights.fill(0)
    chance.at(key, draw)
    for (let i = 0; i < cards.length; i++) {
      const one = cards[chance.below(cards.length)] as number
      weights[one] = (weights[one] as number) + 1
    }
    const there = ranking(scored, frauds, places, weights)
    if (there === undefined) continue
    drawn.auc.push(there.auc)
    drawn.averagePrecision.push(there.averagePrecision)
    drawn.cardPrecision.push(cardPrecision(days, weights))
  }
  const measure = (value: number, all: readonly number[]): Measure =>
    all.length === 0
      ? { value, low: value, high: value }
      : { value, low: quantileIn(Float64Array.from(all), 0.025), high: quantileIn(Float64Array.from(all), 0.975) }
  return {
    auc: measure(point.auc, drawn.auc),
    averagePrecision: measure(point.averagePrecision, drawn.averagePrecision),
    cardPrecision: measure(cardPrecision(days, noWeights), drawn.cardPrecision),
  }
}

function logisticScores({ design, weights, intercept }: LogisticFit, matrix: Matrix): Float64Array {
  const row = new Float64Array(design.length)
  return Float64Array.from({ length: matrix.n }, (_, i) => {
    fillBlock(matrix, design, i, 1, row)
    let margin = intercept
    for (let j = 0; j < row.length; j++) margin += (weights[j] as number) * (row[j] as number)
    return 1 / (1 + Math.exp(-margin))
  })
}

function boostedScores({ base, trees }: GbdtFit, matrix: Matrix): Float64Array {
  return Float64Array.from({ length: matrix.n }, (_, i) => {
    let sum = base
    for (const { feature, threshold, left, right, leaf } of trees) {
      let at = feature.length === 0 ? -1 : 0
      while (at >= 0) {
        const value = (matrix.columns[feature[at] as number] as Float64Array)[i] as number
        at = (value <= (threshold[at] as number) ? left[at] : right[at]) as number
      }
      sum += leaf[-at - 1] as number
    }
    return sum
  })
}

type Scorer = (matrix: Matrix) => Float64Array

/** Boosted trees have the settings that XGBoost has by itself; they are ours, by histograms, so that they come near and no nearer. */
function fitted(matrix: Matrix, y: Uint8Array, onProgress: (words: string) => void) {
  onProgress('logistic regression')
  const logistic = fitLogistic(matrix, y, { c: 1 })
  onProgress('decision tree')
  const tree = grown(matrix, y, 2)
  onProgress('boosted trees')
  const boosted = fitGbdt(matrix, y, {
    trees: 100,
    growth: 'depthWise',
    depth: 6,
    leaves: 64,
    rate: 0.3,
    penalty: 1,
    leastRows: 1,
    leastCurvature: 1,
    bins: 255,
  })
  const scorers: Readonly<Record<Model, Scorer>> = {
    logistic: (own) => logisticScores(logistic, own),
    treeOfTwo: (own) => Float64Array.from({ length: own.n }, (_, i) => shareAt(tree, own, i)),
    boosted: (own) => boostedScores(boosted, own),
  }
  return { scorers, gradient: logistic.gradient }
}

const rounded = (value: number): string => value.toFixed(3)

export async function handbook(paths: readonly string[], options: HandbookOptions): Promise<HandbookResult> {
  const { onProgress = () => undefined, workFolder } = options
  const all = await readTransactions(paths, {
    workFolder,
    onProgress: (rows) => onProgress(`${rows.toLocaleString('en')} transactions`),
  })
  return baselineOf(all, options)
}

/** Of transactions that are there. */
export function baselineOf(all: Transactions, options: HandbookOptions): HandbookResult {
  const { seed, start, draws, onProgress = () => undefined } = options
  onProgress('features')
  const whole: Matrix = { n: all.n, names: featureNames, columns: featuresOf(all) }
  const { train, test, removed } = splitOf(all, start)
  const labels = (places: Uint32Array): Uint8Array => Uint8Array.from(places, (i) => all.isFraud[i] as number)
  const sum = (values: Uint8Array): number => values.reduce((total, one) => total + one, 0)
  const sets = { train: { places: train, y: labels(train) }, test: { places: test, y: labels(test) } }
  for (const [name, { places, y }] of Object.entries(sets))
    if (places.length === 0 || sum(y) === 0 || sum(y) === y.length)
      throw new LabReproduceError(
        `the ${name === 'train' ? 'training' : 'test'} week from ${dateOf(start + (name === 'train' ? 0 : 14 * daySeconds))} on has ${places.length} transactions, ${sum(y)} of them fraud; both kinds are needed (--train-from)`,
      )
  const { scorers, gradient } = fitted(rowsOf(whole, train), sets.train.y, onProgress)
  let n = 0
  let frauds = 0
  for (let i = 0; i < all.n; i++) {
    const ts = all.ts[i] as number
    if (ts < start || ts >= start + 21 * daySeconds) continue
    n++
    frauds += all.isFraud[i] as number
  }
  const isHandbookData = n === published.transactions && frauds === published.frauds && start === handbookStart
  const cards = (places: Uint32Array): number =>
    new Set(Uint32Array.from(places, (i) => all.customer[i] as number)).size
  const measured = (['test', 'train'] as const).flatMap((set) =>
    models.map((model): Measured => {
      onProgress(`measures of ${model} (${set})`)
      const { places, y } = sets[set]
      const measures = measuresOf(
        {
          score: scorers[model](rowsOf(whole, places)),
          y,
          card: Uint32Array.from(places, (i) => all.customer[i] as number),
          day: Int32Array.from(taken(all.ts, places), (ts) => Math.floor(ts / daySeconds)),
        },
        seed,
        draws,
      )
      const values = [measures.auc, measures.averagePrecision, measures.cardPrecision].map(({ value }) => value)
      const printed = isHandbookData ? published[set][model] : null
      const isEqual = (at: 0 | 1 | 2): boolean =>
        printed !== null && rounded(values[at] as number) === rounded(printed[at])
      return {
        model,
        set,
        measures,
        published: printed,
        isEqual: printed === null ? null : [isEqual(0), isEqual(1), isEqual(2)],
      }
    }),
  )
  return {
    reproduction: 'handbook',
    seed,
    draws,
    start,
    transactions: all.n,
    from: all.ts[0] as number,
    to: all.ts[all.n - 1] as number,
    areWindowsCut: (all.ts[0] as number) > start - 36 * daySeconds,
    period: { n, frauds },
    isHandbookData,
    train: { n: train.length, frauds: sum(sets.train.y), cards: cards(train) },
    test: {
      n: test.length,
      frauds: sum(sets.test.y),
      cards: cards(test),
      removed,
      days: new Set(Array.from(test, (i) => Math.floor((all.ts[i] as number) / daySeconds))).size,
    },
    gradient,
    measured,
  }
}

/** 25 July 2018. */
export const handbookStart = Date.UTC(2018, 6, 25) / 1_000
const dateOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 10)
