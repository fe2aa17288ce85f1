/**
 * The factorial probe of 2018 (Ali, Groß, van Moorsel) against any policy: device data × region × amount × site, each purchase
 * decided by the code of the server, odds ratios by maximum likelihood. See docs/lab-reproductions.md.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Policy } from '../../risk/policy.ts'
import { changed, decidesByPrices } from '../experiment/change.ts'
import { type Candidate, loaded } from '../experiment/policies.ts'
import { student975 } from '../experiment/student.ts'
import { Chance, keyOf } from '../gen/chance.ts'
import { binomialTwoSided } from '../metrics/numbers.ts'
import { ownColumns } from '../run/own-columns.ts'
import { foldsOf, timesOf } from '../run/pass.ts'
import { type Cell, type Odds, oddsOf } from './odds.ts'
import { partOf, type Row } from './part-of.ts'
import { cells, eventsOf, type Factor, factors, isChanged, type Memory, memories } from './probe-events.ts'

/** `one`: every probe meets the policy as it is written. `many`: the thresholds of each are moved by chance, as those of another issuer. */
export type Issuers = 'one' | 'many'
/** `friction`: challenged or refused, against frictionless. `challenge`: against frictionless, refused ones left out. `refusal`: against all others. */
const outcomes = ['friction', 'challenge', 'refusal'] as const
export type Outcome = (typeof outcomes)[number]

export type ProbeOptions = {
  readonly seed: string
  /** Of each cell. */
  readonly repetitions: number
  /** Of the logistic distribution by which thresholds of many issuers differ, in log-odds; 0: they are not run. */
  readonly scatter: number
  /** Default: both. */
  readonly memories?: readonly Memory[] | undefined
  readonly onProgress?: ((done: number, of: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

type CellCount = {
  readonly changed: readonly Factor[]
  readonly n: number
  readonly frictionless: number
  readonly challenged: number
  readonly refused: number
}
export type Count = { readonly hits: number; readonly n: number }
export type FactorEffect = {
  readonly factor: Factor
  readonly without: Count
  readonly with: Count
  /** Pairs of probes that differ in this alone: hit only with it, only without it. */
  readonly pairs: {
    readonly n: number
    readonly onlyWith: number
    readonly onlyWithout: number
    /** Pairs of one repetition are of one person: repetitions with such pairs, those with more hits with it, and those with fewer. */
    readonly repetitions: { readonly n: number; readonly more: number; readonly fewer: number }
    /** Of the exact sign test over repetitions. */
    readonly p: number | null
  }
  readonly odds: Odds
}
export type OutcomeResult = {
  readonly outcome: Outcome
  readonly n: number
  readonly hits: number
  readonly isSeparated: boolean
  readonly factors: readonly FactorEffect[]
}
/** What a change does to the score, in log-odds: the mean over pairs, and Student's 95 % interval over repetitions. */
type ScoreEffect = {
  readonly factor: Factor
  readonly mean: number
  readonly low: number
  readonly high: number
  readonly repetitions: number
}
export type Analysis = {
  readonly memory: Memory
  readonly issuers: Issuers
  /** Answers that are none of these (U); they count nowhere. */
  readonly unanswered: number
  readonly cells: readonly CellCount[]
  readonly outcomes: readonly OutcomeResult[]
  readonly score: readonly ScoreEffect[]
}
export type ProbeResult = {
  readonly reproduction: 'probe'
  readonly seed: string
  readonly repetitions: number
  readonly scatter: number
  readonly policy: { readonly id: string; readonly name: string; readonly version: number; readonly hash: string }
  /** Prices decide, so that there are no thresholds to move. */
  readonly isByPrices: boolean
  readonly analyses: readonly Analysis[]
}

type Answer = 'frictionless' | 'challenged' | 'refused' | 'unanswered'
export type Trial = {
  readonly repetition: number
  readonly cell: number
  readonly answer: Answer
  readonly score: number
}

const answerOf = (status: number): Answer => {
  const letter = String.fromCharCode(status)
  if ('YAI'.includes(letter)) return 'frictionless'
  if ('CDS'.includes(letter)) return 'challenged'
  return 'NR'.includes(letter) ? 'refused' : 'unanswered'
}

/** What the issuer answers to the last row, once it has seen the others. */
function asked(
  policy: Policy,
  rows: readonly Row[],
  seed: string,
): { readonly answer: Answer; readonly score: number } {
  const [folding] = foldsOf(
    [{ policy, hears: 'none' }],
    { seed, events: rows.length },
    { challenges: { technical: 0 } },
  )
  if (folding === undefined) throw new TypeError('no fold')
  const { fold, reader } = folding
  const part = ownColumns(partOf(rows))
  const ts = timesOf(part)
  let status = 0
  let last = Number.NaN
  const sink = {
    put: (_event: number, _attempt: number, _ts: number, _amount: number, score: number): void => {
      last = score
    },
  }
  fold.bind(part)
  reader.bind(part)
  for (let row = 0; row < part.n; row++) status = fold.take(reader, row, row, 0, ts[row] ?? 0, sink)
  return { answer: answerOf(status), score: last }
}

/** How far the thresholds of the issuer of one card lie from the policy's: a draw of the logistic distribution. */
function movedBy(seed: string, trial: number, scale: number): number {
  const unit = (new Chance().at(keyOf(seed, 'probe issuer'), trial).bits() + 0.5) / 2 ** 32
  return scale * Math.log(unit / (1 - unit))
}

const isHit: Readonly<Record<Outcome, (answer: Answer) => boolean | undefined>> = {
  friction: (answer) => answer !== 'frictionless',
  challenge: (answer) => (answer === 'refused' ? undefined : answer === 'challenged'),
  refusal: (answer) => answer === 'refused',
}

function outcomeOf(outcome: Outcome, trials: readonly Trial[]): OutcomeResult {
  const told = trials.flatMap(({ repetition, cell, answer }) => {
    const hit = answer === 'unanswered' ? undefined : isHit[outcome](answer)
    return hit === undefined ? [] : [{ repetition, cell, hit }]
  })
  const countOf = (isIn: (cell: number) => boolean): Count => {
    const inside = told.filter(({ cell }) => isIn(cell))
    return { hits: inside.filter(({ hit }) => hit).length, n: inside.length }
  }
  const design = Array.from({ length: cells }, (_, cell): Cell => {
    const { hits, n } = countOf((one) => one === cell)
    return { factors: factors.map((factor) => (isChanged(cell, factor) ? 1 : 0)), n, hits }
  })
  const byRepetition = new Map<number, Cell[]>()
  for (const { repetition, cell, hit } of told) {
    const own = byRepetition.get(repetition) ?? []
    own.push({ factors: design[cell]?.factors ?? [], n: 1, hits: hit ? 1 : 0 })
    byRepetition.set(repetition, own)
  }
  const fit = oddsOf(design, factors.length, [...byRepetition.values()])
  const hitOf = new Map(told.map(({ repetition, cell, hit }) => [repetition * cells + cell, hit]))
  return {
    outcome,
    n: fit.n,
    hits: fit.hits,
    isSeparated: fit.isSeparated,
    factors: factors.map((factor, at) => {
      let n = 0
      let onlyWith = 0
      let onlyWithout = 0
      const signs = new Map<number, number>()
      for (const { repetition, cell, hit } of told) {
        if (isChanged(cell, factor)) continue
        const other = hitOf.get(repetition * cells + (cell | (1 << at)))
        if (other === undefined) continue
        n++
        if (other && !hit) onlyWith++
        if (hit && !other) onlyWithout++
        signs.set(repetition, (signs.get(repetition) ?? 0) + Number(other) - Number(hit))
      }
      const sums = [...signs.values()]
      const more = sums.filter((sum) => sum > 0).length
      const fewer = sums.filter((sum) => sum < 0).length
      return {
        factor,
        without: countOf((cell) => !isChanged(cell, factor)),
        with: countOf((cell) => isChanged(cell, factor)),
        pairs: {
          n,
          onlyWith,
          onlyWithout,
          repetitions: { n: sums.length, more, fewer },
          p: n === 0 ? null : binomialTwoSided(more, fewer),
        },
        odds: fit.odds[at] as Odds,
      }
    }),
  }
}

/** Pairs differ in one thing; their differences are averaged by repetition first, since those of one repetition are no independent ones. */
function scoreEffects(trials: readonly Trial[], repetitions: number): readonly ScoreEffect[] {
  const scoreAt = new Map(trials.map(({ repetition, cell, score }) => [repetition * cells + cell, score]))
  return factors.map((factor, at) => {
    const means = Array.from({ length: repetitions }, (_, repetition) => {
      let sum = 0
      for (let cell = 0; cell < cells; cell++)
        if (!isChanged(cell, factor))
          sum +=
            (scoreAt.get(repetition * cells + (cell | (1 << at))) ?? Number.NaN) -
            (scoreAt.get(repetition * cells + cell) ?? Number.NaN)
      return sum / (cells / 2)
    })
    const mean = means.reduce((sum, one) => sum + one, 0) / repetitions
    const variance = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, repetitions - 1)
    const half = repetitions > 1 ? student975(repetitions - 1) * Math.sqrt(variance / repetitions) : 0
    return { factor, mean, low: mean - half, high: mean + half, repetitions }
  })
}

/** Pure: from what was answered to what is told of it. */
export function analysisOf(memory: Memory, issuers: Issuers, trials: readonly Trial[], repetitions: number): Analysis {
  return {
    memory,
    issuers,
    unanswered: trials.filter(({ answer }) => answer === 'unanswered').length,
    cells: Array.from({ length: cells }, (_, cell): CellCount => {
      const own = trials.filter((trial) => trial.cell === cell && trial.answer !== 'unanswered')
      const count = (answer: Answer): number => own.filter((trial) => trial.answer === answer).length
      return {
        changed: factors.filter((factor) => isChanged(cell, factor)),
        n: own.length,
        frictionless: count('frictionless'),
        challenged: count('challenged'),
        refused: count('refused'),
      }
    }),
    outcomes: outcomes.map((outcome) => outcomeOf(outcome, trials)),
    score: scoreEffects(trials, repetitions),
  }
}

export async function probe({ id, policy, text, models }: Candidate, options: ProbeOptions): Promise<ProbeResult> {
  const { seed, repetitions, scatter, onProgress, signal } = options
  const wanted = options.memories ?? memories
  const isByPrices = decidesByPrices(text)
  const kinds: readonly Issuers[] = scatter > 0 && !isByPrices ? ['one', 'many'] : ['one']
  const total = wanted.length * kinds.length * repetitions
  let done = 0
  const analyses: Analysis[] = []
  for (const issuers of kinds) {
    for (const memory of wanted) {
      const trials: Trial[] = []
      for (let repetition = 0; repetition < repetitions; repetition++) {
        for (let cell = 0; cell < cells; cell++) {
          const by = issuers === 'one' ? 0 : movedBy(seed, repetition * cells + cell, scatter)
          const own =
            by === 0 ? policy : loaded({ text: changed(text, { what: 'shift', of: 'all', by, toMeet: id }), models })
          const rows = eventsOf(seed, repetition, cell, memory, policy.issuer)
          trials.push({ repetition, cell, ...asked(own, rows, seed) })
        }
        onProgress?.(++done, total)
        await turn()
        signal?.throwIfAborted()
      }
      analyses.push(analysisOf(memory, issuers, trials, repetitions))
    }
  }
  const { name, version, hash } = policy
  return {
    reproduction: 'probe',
    seed,
    repetitions,
    scatter,
    policy: { id, name, version, hash },
    isByPrices,
    analyses,
  }
}
