/** Two variants on the same stream. Definitions: comparing two policies on the same stream; docs/lab-statistics.md. */
import { isChallenge, isDecided, isDecline } from '../run/decisions.ts'
import { percentiles } from './draw.ts'
import { binOf, FineHistogram, fineBins } from './fine.ts'
import { type Ground, isFraudBit, isUntoldBit } from './ground.ts'
import { Growing } from './growing.ts'
import { type JoinedPart, joined, MeasureError } from './join.ts'
import { type Estimated, type EstimateSide, type Measured, measureEstimates, type ReadDecisions } from './measure.ts'
import { normalTwoSided } from './numbers.ts'
import { deLongTest, GenuineSums, holm, mcNemarTest } from './paired.ts'
import { FraudScores } from './ranks.ts'
import { level } from './resample.ts'
import { comparisonWords } from './say.ts'
import { sharedBy } from './shared.ts'
import {
  type Comparison,
  type DeLong,
  type Difference,
  type EstimateKey,
  estimateKeys,
  familyKeys,
  type Interval,
  type McNemar,
  type MeasureOptions,
  type WhyNot,
} from './types.ts'

export type Side = { readonly measured: Measured; readonly decisions: ReadDecisions }

/** A row of each, of the same event; first attempts only. */
type Visit = (a: JoinedPart, rowA: number, b: JoinedPart, rowB: number) => void

/** Rows of one side, one at a time. */
class Cursor {
  part: JoinedPart | undefined
  row = -1
  readonly #parts: AsyncGenerator<JoinedPart>
  constructor(parts: AsyncGenerator<JoinedPart>) {
    this.#parts = parts
  }
  /** To the next first attempt. False: there is none in this part. */
  step(): boolean {
    const { part } = this
    if (part === undefined) return false
    while (++this.row < part.n) if (part.attempt[this.row] === 0) return true
    return false
  }
  async turn(): Promise<boolean> {
    const next = await this.#parts.next()
    this.part = next.done === true ? undefined : next.value
    this.row = -1
    return this.part !== undefined
  }
  async end(): Promise<void> {
    await this.#parts.return(undefined)
  }
  get event(): number {
    return this.part?.event[this.row] as number
  }
}

async function eachPair(ground: Ground, a: ReadDecisions, b: ReadDecisions, visit: Visit): Promise<void> {
  const left = new Cursor(joined(ground, a()))
  const right = new Cursor(joined(ground, b()))
  try {
    await walk(left, right, visit)
  } finally {
    await left.end()
    await right.end()
  }
}

async function walk(left: Cursor, right: Cursor, visit: Visit): Promise<void> {
  const on = async (cursor: Cursor): Promise<boolean> => {
    while (!cursor.step()) if (!(await cursor.turn())) return false
    return true
  }
  if (!(await on(left)) || !(await on(right))) return
  while (true) {
    if (left.event < right.event) {
      if (!left.step() && !(await on(left))) return
    } else if (right.event < left.event) {
      if (!right.step() && !(await on(right))) return
    } else {
      visit(left.part as JoinedPart, left.row, right.part as JoinedPart, right.row)
      if (!left.step() && !(await on(left))) return
      if (!right.step() && !(await on(right))) return
    }
  }
}

const isFlagged = (part: JoinedPart, row: number): boolean => {
  const status = part.status[row] as number
  return isChallenge(status) || isDecline(status)
}
const isPair = (a: JoinedPart, rowA: number, b: JoinedPart, rowB: number): boolean =>
  isDecided(a.status[rowA] as number) && isDecided(b.status[rowB] as number)
const hasScores = (a: JoinedPart, rowA: number, b: JoinedPart, rowB: number): boolean =>
  !Number.isNaN(a.score[rowA] as number) && !Number.isNaN(b.score[rowB] as number)
const isScoredPair = (a: JoinedPart, rowA: number, b: JoinedPart, rowB: number): boolean =>
  hasScores(a, rowA, b, rowB) && ((a.truth[rowA] as number) & isUntoldBit) === 0

/** Rightly decided by both, by one, by none: 2·(a is right) + (b is right). */
class Rightness {
  readonly events = new Float64Array(4)
  readonly fraud = new Float64Array(4)
  add(isFraud: boolean, flaggedA: boolean, flaggedB: boolean): void {
    const cell = (flaggedA === isFraud ? 2 : 0) + (flaggedB === isFraud ? 1 : 0)
    this.events[cell] = (this.events[cell] as number) + 1
    if (isFraud) this.fraud[cell] = (this.fraud[cell] as number) + 1
  }
  tests(flags: McNemar['flags'], budget: number | null): McNemar[] {
    return (['events', 'fraud'] as const).map((over) => {
      const [neither = 0, onlyB = 0, onlyA = 0, both = 0] = this[over]
      const n = neither + onlyB + onlyA + both
      const about = { over, flags, budget, n, both, onlyA, onlyB, neither }
      if (n === 0)
        return { ...about, exactP: null, chi2: null, chi2P: null, why: over === 'fraud' ? 'noFraud' : 'noEvents' }
      const tested = mcNemarTest(onlyA, onlyB)
      return tested.chi2 === null ? { ...about, ...tested, why: 'noVariance' } : { ...about, ...tested }
    })
  }
}

/** Which events are the `wanted` with the highest scores; of equal scores the last in stream order. */
class Budget {
  readonly #histogram = new FineHistogram()
  /** The bin in which the border lies, and how many of it are flagged. */
  #bin = fineBins
  #ofBin = 0
  /** Events by score, of that bin alone: scores that tie are many, those that differ are few in so narrow a bin. */
  readonly #inBin = new Map<number, number>()
  #score = Number.POSITIVE_INFINITY
  /** Of the events with the border's score: so many are passed over first. */
  #passed = 0
  count(score: number): void {
    this.#histogram.add(score)
  }
  findBin(wanted: number): void {
    let left = wanted
    let bin = fineBins
    while (left > 0 && bin > 0) {
      bin--
      const here = this.#histogram.counts[bin] as number
      if (here >= left) {
        this.#bin = bin
        this.#ofBin = left
        return
      }
      left -= here
    }
  }
  look(score: number): void {
    if (binOf(score) === this.#bin) this.#inBin.set(score, (this.#inBin.get(score) ?? 0) + 1)
  }
  findScore(): void {
    let left = this.#ofBin
    if (left === 0) return
    for (const [score, equal] of [...this.#inBin].sort(([a], [b]) => b - a)) {
      if (equal >= left) {
        this.#score = score
        this.#passed = equal - left
        return
      }
      left -= equal
    }
  }
  /** Asked in stream order, once for each event. */
  isFlagged(score: number): boolean {
    if (score !== this.#score) return score > this.#score
    if (this.#passed === 0) return true
    this.#passed--
    return false
  }
}

/** What is compared event by event. `a` and `b`: over the events that both decided, where one of the two decided others, too. */
export type Paired = {
  readonly pairedEvents: number
  readonly deLong: DeLong
  readonly mcNemar: readonly McNemar[]
  readonly a?: Estimated
  readonly b?: Estimated
}

/** What pairing needs of one of the two. */
export type PairSide = {
  readonly decisions: ReadDecisions
  readonly options: MeasureOptions
  /** Rows that it decided, and how many of these have a score. */
  readonly decided: number
  readonly scored: number
  readonly auc: number | null
}

const pairSideOf = ({ measured: { metrics, options }, decisions }: Side): PairSide => ({
  decisions,
  options,
  decided: metrics.population.decided,
  scored: metrics.population.decided - metrics.population.withoutScore,
  auc: metrics.estimates.auc.value,
})

const noDeLong = (n: number, fraud: number, why: WhyNot): DeLong => ({
  difference: null,
  a: null,
  b: null,
  se: null,
  z: null,
  p: null,
  n,
  fraud,
  why,
})

/** Everything of a comparison that needs to read the decisions. */
export async function pairEvents(ground: Ground, a: PairSide, b: PairSide): Promise<Paired> {
  const decided = new Rightness()
  const [budgetA, budgetB] = [new Budget(), new Budget()]
  const [fraudA, fraudB] = [new Growing(), new Growing()]
  let pairedEvents = 0
  let scoredByBoth = 0
  let scored = 0
  let flagged = 0
  await eachPair(ground, a.decisions, b.decisions, (partA, rowA, partB, rowB) => {
    if (!isPair(partA, rowA, partB, rowB)) return
    pairedEvents++
    const truth = partA.truth[rowA] as number
    const isFraud = (truth & isFraudBit) !== 0
    const isTold = (truth & isUntoldBit) === 0
    if (isTold) decided.add(isFraud, isFlagged(partA, rowA), isFlagged(partB, rowB))
    if (!hasScores(partA, rowA, partB, rowB)) return
    scoredByBoth++
    if (!isTold) return
    scored++
    if (isFlagged(partA, rowA)) flagged++
    budgetA.count(partA.score[rowA] as number)
    budgetB.count(partB.score[rowB] as number)
    if (!isFraud) return
    fraudA.push(partA.score[rowA] as number)
    fraudB.push(partB.score[rowB] as number)
  })
  const hasDecisions = a.options.mode !== 'scores'
  // Scores without decisions are held against each other at a fifth, decisions at what A flagged.
  const wanted = hasDecisions ? flagged : scored - Math.floor(0.8 * scored)
  budgetA.findBin(wanted)
  budgetB.findBin(wanted)
  const ranksA = new FraudScores(fraudA.values)
  const ranksB = new FraudScores(fraudB.values)
  const [aboveA, aboveB] = [fraudsAbove(ranksA), fraudsAbove(ranksB)]
  const [segmentsA, segmentsB] = [new Float64Array(ranksA.segments), new Float64Array(ranksB.segments)]
  const sums = new GenuineSums(a.auc ?? 0.5, b.auc ?? 0.5)
  await eachPair(ground, a.decisions, b.decisions, (partA, rowA, partB, rowB) => {
    if (!isPair(partA, rowA, partB, rowB) || !isScoredPair(partA, rowA, partB, rowB)) return
    const scoreA = partA.score[rowA] as number
    const scoreB = partB.score[rowB] as number
    budgetA.look(scoreA)
    budgetB.look(scoreB)
    if (((partA.truth[rowA] as number) & isFraudBit) !== 0) return
    const atA = ranksA.segmentOf(scoreA)
    const atB = ranksB.segmentOf(scoreB)
    segmentsA[atA] = (segmentsA[atA] as number) + 1
    segmentsB[atB] = (segmentsB[atB] as number) + 1
    sums.add(aboveA[atA] as number, aboveB[atB] as number)
  })
  budgetA.findScore()
  budgetB.findScore()
  const atBudget = new Rightness()
  if (wanted > 0)
    await eachPair(ground, a.decisions, b.decisions, (partA, rowA, partB, rowB) => {
      if (!isPair(partA, rowA, partB, rowB) || !isScoredPair(partA, rowA, partB, rowB)) return
      const isFraud = ((partA.truth[rowA] as number) & isFraudBit) !== 0
      // Both are asked: each counts its own ties.
      const flaggedA = budgetA.isFlagged(partA.score[rowA] as number)
      const flaggedB = budgetB.isFlagged(partB.score[rowB] as number)
      atBudget.add(isFraud, flaggedA, flaggedB)
    })
  const fraud = fraudA.length
  const about = { n: scored, fraud }
  const deLong: DeLong =
    fraud < 2 || sums.n < 2
      ? noDeLong(scored, fraud, fraud === 0 ? 'noFraud' : sums.n === 0 ? 'noGenuine' : 'fewCards')
      : {
          ...about,
          ...deLongTest(genuineBelow(ranksA, segmentsA, sums.n), genuineBelow(ranksB, segmentsB, sums.n), sums),
        }
  const isOwn = (one: PairSide): boolean => one.decided === pairedEvents && one.scored === scoredByBoth
  const part = (one: PairSide, other: PairSide): readonly EstimateSide[] =>
    isOwn(one) ? [] : [{ decisions: sharedBy(one.decisions, other.decisions), options: one.options }]
  const estimated = [...(await measureEstimates(ground, [...part(a, b), ...part(b, a)]))]
  const partA = isOwn(a) ? undefined : estimated.shift()
  const partB = estimated.shift()
  return {
    pairedEvents,
    ...(partA !== undefined && { a: partA }),
    ...(partB !== undefined && { b: partB }),
    deLong: deLong.p === null && deLong.why === undefined ? { ...deLong, why: 'noVariance' } : deLong,
    mcNemar: [
      ...(hasDecisions ? decided.tests('decided', null) : []),
      ...atBudget.tests('budget', scored > 0 ? wanted / scored : null),
    ],
  }
}

/** Share of frauds above each segment; those of its own score count one half. */
function fraudsAbove(ranks: FraudScores): Float64Array {
  const shares = new Float64Array(ranks.segments)
  let above = 0
  for (let k = 0; k < ranks.distinct.length; k++) {
    const here = ranks.frauds[k] as number
    shares[2 * k] = above / ranks.total
    shares[2 * k + 1] = (above + here / 2) / ranks.total
    above += here
  }
  shares[ranks.segments - 1] = above / ranks.total
  return shares
}

/** Of each fraud: share of genuine events below it; those of its own score count one half. */
function genuineBelow(ranks: FraudScores, segments: Float64Array, genuine: number): Float64Array {
  const byScore = new Float64Array(ranks.distinct.length)
  let above = 0
  for (let k = 0; k < byScore.length; k++) {
    above += segments[2 * k] as number
    const equal = segments[2 * k + 1] as number
    byScore[k] = (genuine - above - equal / 2) / genuine
    above += equal
  }
  return Float64Array.from(ranks.positionOf, (position) => byScore[position] as number)
}

const meanAndDeviation = (values: Float64Array): number => {
  let n = 0
  let mean = 0
  let squares = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    n++
    const step = value - mean
    mean += step / n
    squares += step * (value - mean)
  }
  return Math.sqrt(squares / (n - 1))
}

/** Two-sided p that a difference is 0, from its resamples. */
export function pOf(
  value: number,
  draws: Float64Array,
): { readonly p: number; readonly pFrom: 'draws' | 'normalTail' } {
  let n = 0
  let below = 0
  let above = 0
  for (const draw of draws) {
    if (Number.isNaN(draw)) continue
    n++
    if (draw <= 0) below++
    if (draw >= 0) above++
  }
  const far = Math.min(below, above)
  const p = Math.min(1, (2 * (far + 1)) / (n + 1))
  if (far > 0) return { p, pFrom: 'draws' }
  const deviation = meanAndDeviation(draws)
  const tail = deviation > 0 ? normalTwoSided(value / deviation) : p
  return tail < p ? { p: tail, pFrom: 'normalTail' } : { p, pFrom: 'draws' }
}

function differenceOf(key: EstimateKey, a: Estimated, b: Estimated): Difference {
  const [one, other] = [a.estimates[key], b.estimates[key]]
  const about = { key, a: one.value, b: other.value, nA: one.n, nB: other.n, claimed: false, holm: null, shown: false }
  const missing = { value: null, interval: null, p: null, pFrom: null }
  if (one.value === null || other.value === null)
    return { ...about, ...missing, why: one.why ?? other.why ?? 'noEvents' }
  const value = other.value - one.value
  const [drawsA, drawsB] = [a.draws.byKey[key], b.draws.byKey[key]]
  if (drawsA === undefined || drawsB === undefined) return { ...about, ...missing, value, why: 'fewDraws' }
  const draws = drawsA.map((drawn, draw) => (drawsB[draw] as number) - drawn)
  const found = percentiles(draws)
  if (found === null) return { ...about, ...missing, value, why: 'fewDraws' }
  if (found.low === found.high) {
    if (value === 0) return { ...about, value, interval: null, p: 1, pFrom: 'draws', why: 'noVariance' }
    const interval = bySides(one.interval, other.interval)
    const { p, pFrom } = pOf(value, draws)
    return interval === null
      ? { ...about, value, interval, p, pFrom, why: 'noSpread' }
      : { ...about, value, interval, p, pFrom }
  }
  const interval: Interval = { low: found.low, high: found.high, level, method: 'cardBootstrap', draws: found.draws }
  return { ...about, value, interval, ...pOf(value, draws) }
}

/** Each of the two had nothing or everything: what cards as trials leave open on both sides. */
function bySides(a: Interval | null, b: Interval | null): Interval | null {
  if (a?.method !== 'exactCards' || b?.method !== 'exactCards') return null
  return { low: b.low - a.high, high: b.high - a.low, level, method: 'exactCards', draws: 0 }
}

const excludesZero = ({ interval }: Difference): boolean => interval !== null && (interval.low > 0 || interval.high < 0)

export type CompareOptions = {
  /** What the comparison claims something of: corrected for, with those of the other comparisons. Default: `familyKeys`. */
  readonly claims?: readonly EstimateKey[]
}

/** @throws MeasureError where the two were measured with other resamples */
export function checkPair(one: Measured, other: Measured): void {
  const sameDraws =
    one.draws.count === other.draws.count &&
    one.draws.seed === other.draws.seed &&
    one.draws.cards === other.draws.cards
  if (!sameDraws || one.metrics.mode !== other.metrics.mode)
    throw new MeasureError(
      `${one.metrics.variant} and ${other.metrics.variant} were measured with other resamples or modes: measure both anew`,
    )
}

/** B less A, of what was measured and paired. In closed loop the difference is over what each decided: see docs/decisions/0023-statistics.md. */
export function comparisonOf(one: Measured, other: Measured, paired: Paired, options: CompareOptions = {}): Comparison {
  const { a, b, ...events } = paired
  const estimated = ({ metrics: { estimates }, draws }: Measured): Estimated => ({ estimates, draws })
  const between = (x: Estimated, y: Estimated): Difference[] =>
    estimateKeys.map((key) => {
      const difference = differenceOf(key, x, y)
      return { ...difference, shown: excludesZero(difference) }
    })
  const own = between(estimated(one), estimated(other))
  const isSame = a === undefined && b === undefined
  const both = isSame ? own : between(a ?? estimated(one), b ?? estimated(other))
  const over = one.metrics.mode === 'closedLoop' ? 'own' : 'both'
  const [first, second] = over === 'both' ? [both, own] : [own, both]
  const claims = new Set<EstimateKey>(options.claims ?? familyKeys)
  return said({
    a: one.metrics.variant,
    b: other.metrics.variant,
    mode: one.metrics.mode,
    decidedA: one.metrics.population.decided,
    decidedB: other.metrics.population.decided,
    over,
    differences: first.map((difference) => {
      const claimed = claims.has(difference.key)
      return { ...difference, claimed, holm: claimed ? difference.p : null }
    }),
    beside: isSame ? [] : second,
    ...events,
    words: [],
  })
}

/**
 * B less A. Holm's correction comes after all comparisons of an experiment: `withHolm`. Until then `holm` of what is claimed is the plain p.
 * @throws MeasureError where the two were measured with other resamples
 */
export async function compare(ground: Ground, a: Side, b: Side, options: CompareOptions = {}): Promise<Comparison> {
  checkPair(a.measured, b.measured)
  return comparisonOf(a.measured, b.measured, await pairEvents(ground, pairSideOf(a), pairSideOf(b)), options)
}

const said = (comparison: Comparison): Comparison => ({ ...comparison, words: comparisonWords(comparison) })

/** Holm's correction over every difference that is claimed, in all comparisons together. */
export function withHolm(comparisons: readonly Comparison[]): readonly Comparison[] {
  const family = comparisons.flatMap(({ differences }) => differences).filter(({ holm: claimed }) => claimed !== null)
  const adjusted = holm(family.map(({ p }) => p ?? 1))
  const corrected = new Map(family.map((difference, index) => [difference, adjusted[index] as number]))
  return comparisons.map((comparison) =>
    said({
      ...comparison,
      differences: comparison.differences.map((difference) => {
        const p = corrected.get(difference)
        return p === undefined
          ? difference
          : { ...difference, holm: p, shown: excludesZero(difference) && p <= 1 - level }
      }),
    }),
  )
}
