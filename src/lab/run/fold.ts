/**
 * One variant over a stream: score, decide, record and learn in the order of the server, for one event after the other. What
 * becomes known later (the end of a challenge, a report) teaches before the first event that is not before it.
 */
import type { Heard } from '../../risk/assessment.ts'
import { type CardState, type DecideInput, Statuses } from '../../risk/decide.ts'
import type { Facts } from '../../risk/facts.ts'
import { type Features, newFeatures } from '../../risk/features.ts'
import { signalsIn } from '../../risk/heed.ts'
import type { LiveProfiles } from '../../risk/live/live.ts'
import { everyFeature, type FeatureMask } from '../../risk/live/mask.ts'
import type { OutcomeKind, ProfileMemory, Told } from '../../risk/live/memory.ts'
import { listed, notListed } from '../../risk/policy/lists.ts'
import { inYen } from '../../risk/policy/money.ts'
import type { Policy } from '../../risk/policy.ts'
import { newScratch, partsOf, type Scratch, weighInto } from '../../risk/score.ts'
import type { Opinion } from '../../risk/sources.ts'
import type { Part } from '../stream/table.ts'
import { Chance } from './chance.ts'
import { type ChallengeEnd, challengeEnds, isApproved } from './decisions.ts'
import { type Counter, Dues } from './dues.ts'
import { KeptEvent } from './kept.ts'
import { usualChallenges } from './options.ts'
import { askedOf, type EventReader } from './reader.ts'
import { hearsSource, Sources } from './sources.ts'
import { Truth } from './truth.ts'
import type { Challenges, Hears } from './types.ts'

/** What a fold tells of each attempt; the features and the scratch are used again for the next one. */
export interface Sink {
  put(
    event: number,
    attempt: number,
    ts: number,
    amount: number,
    score: number,
    status: number,
    challenge: number,
    reason: number,
  ): void
}

/** `ahead`: where it is faster for being told of events to come. */
type Memory = ProfileMemory & Partial<Pick<LiveProfiles, 'ahead'>>

export type FoldSetup = {
  readonly policy: Policy
  readonly hears: Hears
  readonly memory: Memory
  /** Of the stream: luck that the stream does not tell is drawn from it. */
  readonly seed: string
  readonly challenges?: Partial<Challenges> | undefined
  /** Only what was approved is ever reported: in closed loop. */
  readonly isClosed?: boolean | undefined
  readonly goodAfterDays?: number | undefined
  /** Features that somebody reads; absent: all. */
  readonly wanted?: FeatureMask | undefined
}

/** What is decided by; used again for the next one. */
type Decided = { -readonly [K in keyof DecideInput]: DecideInput[K] } & Pick<Required<DecideInput>, 'listed'> & {
    facts: Facts
    areq: Readonly<Record<string, unknown>>
  }

const activeCard: CardState = { status: 'active', usableMethods: 1 }
const daySeconds = 86_400
/** Events that memory is told of at a time, before they come. */
const aheadOf = 64
const nobody: readonly never[] = []

const endAt = Object.fromEntries(challengeEnds.map((end, i) => [end, i])) as { readonly [E in ChallengeEnd]: number }
/** What each end of a challenge teaches: a technical failure is an answer that was never given, as on the server. */
const taughtBy: readonly (OutcomeKind | undefined)[] = [
  undefined,
  'challengePassed',
  'challengeFailed',
  'challengeAbandoned',
  'challengeAbandoned',
]

/** A lesson to come. Used again once it was taught. */
class Lesson {
  kind: OutcomeKind = 'frictionless'
  readonly kept = new KeptEvent()
  readonly told: { month: number; yen: number; at: number } = { month: 0, yen: 0, at: 0 }
  opinions: readonly Opinion[] = nobody
  /** Its opinions were counted as good before. */
  wasGood = false
  card = ''
}

export class Fold {
  readonly features: Features = newFeatures()
  readonly scratch: Scratch
  readonly truth = new Truth()
  /** Texts of reasons, in the order in which they came up; the first stands for none. */
  readonly reasons: string[] = ['']
  readonly #reasonIds = new Map<string, number>()
  readonly #policy: Policy
  readonly #hears: Hears
  readonly #memory: Memory
  readonly #wanted: FeatureMask
  readonly #challenges: Challenges
  readonly #goodAfter: number | undefined
  readonly #isClosed: boolean
  /** Whose event comes next, for who is told of lessons. */
  card = ''
  /** Told after a lesson was learnt. */
  onTaught: ((kind: OutcomeKind, card: string, at: number) => void) | undefined
  readonly #luck: Chance
  readonly #technical: Chance
  readonly #counter: Counter = { count: 0 }
  readonly #ends = new Dues<Lesson>(this.#counter)
  readonly #labels = new Dues<Lesson>(this.#counter)
  readonly #goods = new Dues<readonly Opinion[]>(this.#counter)
  readonly #pool: Lesson[] = []
  readonly #sources = new Sources()
  readonly #isHeard: boolean
  readonly #statuses = new Statuses()
  readonly #input: Decided
  readonly #isListing: boolean

  constructor(setup: FoldSetup) {
    const { policy, hears, memory, seed, challenges, goodAfterDays, wanted = everyFeature, isClosed = false } = setup
    this.#isClosed = isClosed
    this.#wanted = wanted
    this.#policy = policy
    this.#hears = hears
    this.#memory = memory
    this.#challenges = { ...usualChallenges, ...challenges }
    this.#goodAfter = goodAfterDays === undefined ? undefined : goodAfterDays * daySeconds
    this.#luck = new Chance(seed, 'challenge')
    this.#technical = new Chance(seed, 'technical')
    this.#isHeard = policy.assessments !== undefined && hears !== 'none'
    this.scratch = newScratch(policy, {} as never, this.features)
    this.#isListing = policy.lists.allow.size > 0 || policy.lists.deny.size > 0
    this.#input = {
      score: 0,
      reasons: this.scratch.reasons,
      features: this.features,
      policy,
      facts: this.scratch.input.facts,
      areq: {},
      listed: notListed,
      card: activeCard,
      asked: askedOf(undefined, undefined, undefined, undefined, undefined),
      now: 0,
      opinions: nobody,
    }
    if (partsOf(policy) > 0xffff) throw new RangeError('too many parts')
  }

  bind(part: Part): void {
    this.truth.bind(part)
    this.#rows = part.n
  }
  #rows = 0

  /** All that is known by then. */
  learnUntil(ts: number): void {
    for (;;) {
      const at = Math.min(this.#ends.next, this.#labels.next, this.#goods.next)
      if (at > ts || at === Number.POSITIVE_INFINITY) return
      const order = Math.min(
        this.#ends.next === at ? this.#ends.nextOrder : Number.POSITIVE_INFINITY,
        this.#labels.next === at ? this.#labels.nextOrder : Number.POSITIVE_INFINITY,
        this.#goods.next === at ? this.#goods.nextOrder : Number.POSITIVE_INFINITY,
      )
      if (this.#goods.nextOrder === order) {
        this.#sources.count(this.#goods.take() ?? nobody, 'good', 1)
        continue
      }
      const isEnd = this.#ends.nextOrder === order
      const lesson = (isEnd ? this.#ends : this.#labels).take()
      if (lesson !== undefined) this.#teach(lesson, at)
    }
  }

  #teach(lesson: Lesson, at: number): void {
    const { kind, kept, told, opinions } = lesson
    const isFraud = kind === 'fraud'
    this.#memory.learn(kind, kept, at, isFraud ? (told satisfies Told) : undefined)
    if (opinions.length > 0) {
      if (lesson.wasGood) this.#sources.count(opinions, 'good', -1)
      this.#sources.count(opinions, isFraud ? 'fraud' : 'good', 1)
      lesson.opinions = nobody
    }
    this.#pool.push(lesson)
    this.onTaught?.(kind, lesson.card, at)
  }

  #lesson(kind: OutcomeKind): Lesson {
    const lesson = this.#pool.pop() ?? new Lesson()
    lesson.kind = kind
    lesson.wasGood = false
    lesson.card = this.card
    return lesson
  }

  /**
   * The reader's row as event `event`, at a time that is not before that of the last one. Returns transStatus as its character
   * code; the end of a challenge lies in `end`.
   */
  end = 0
  take(reader: EventReader, row: number, event: number, attempt: number, ts: number, sink: Sink, renewal = 0): number {
    const policy = this.#policy
    const memory = this.#memory
    this.learnUntil(ts)
    if (row % aheadOf === 0 && reader.slotColumns !== undefined)
      memory.ahead?.(reader.slotColumns, row, Math.min(row + aheadOf, this.#rows))
    reader.go(row, ts, renewal)
    let heard: readonly Heard[] = nobody
    if (this.#isHeard) {
      heard = reader.heard
      if (heard.length > 0 && this.#hears !== 'all')
        heard = heard.filter(({ assessment }) => hearsSource(this.#hears, assessment.source))
    }
    reader.hear(heard.length === 0 ? undefined : signalsIn(policy, heard))
    const opinions = heard.length === 0 ? nobody : this.#sources.opinionsOf(heard)
    const { facts, slots } = reader
    const { features, scratch } = this
    memory.features(features, facts, slots, ts, this.#wanted)
    const score = weighInto(scratch, features, facts, policy, opinions)
    const now = ts * 1000
    const { areq } = reader
    const input = this.#input
    input.score = score
    input.facts = reader.ownFacts
    input.areq = areq
    input.listed = this.#isListing ? listed(policy.lists, { facts, areq }, now) : notListed
    input.asked = reader.asked
    input.now = now
    input.opinions = opinions
    const transStatus = this.#statuses.of(input)
    const status = transStatus.charCodeAt(0)
    memory.record(facts, slots, ts, true)
    let end = 0
    if (transStatus === 'Y') memory.learn('frictionless', reader.kept, ts)
    else if (transStatus === 'C' || transStatus === 'D') {
      end = this.#endOf(row, event, attempt)
      const lesson = this.#lesson(taughtBy[end] ?? 'challengeAbandoned')
      lesson.kept.take(reader.kept)
      this.#ends.put(ts + this.#challenges.seconds, lesson)
    }
    this.end = end
    if (this.#isClosed ? isApproved(status, end) : attempt === 0) this.#await(reader, row, ts, opinions)
    sink.put(event, attempt, ts, facts.amount ?? Number.NaN, score, status, end, this.#reason())
    return status
  }

  /** A report to come, and what speaks well of a source without one. */
  #await(reader: EventReader, row: number, ts: number, opinions: readonly Opinion[]): void {
    const { truth } = this
    const labelTs = truth.labelTs(row)
    const goodAt = this.#goodAfter === undefined ? Number.POSITIVE_INFINITY : ts + this.#goodAfter
    const isLabelled = labelTs >= ts
    if (opinions.length > 0 && goodAt !== Number.POSITIVE_INFINITY && !(isLabelled && labelTs <= goodAt))
      this.#goods.put(goodAt, opinions)
    if (!isLabelled) return
    const isFraud = truth.isFraud(row)
    const lesson = this.#lesson(isFraud ? 'fraud' : 'confirmedGood')
    lesson.kept.take(reader.kept)
    lesson.opinions = opinions
    lesson.wasGood = labelTs > goodAt
    if (isFraud) {
      const { facts } = reader
      lesson.told.month = facts.month
      lesson.told.yen = inYen(facts.amount, this.#policy.issuer)
      lesson.told.at = ts
    }
    this.#labels.put(labelTs, lesson)
  }

  /** Who passes is luck, the same under every policy. */
  #endOf(row: number, event: number, attempt: number): number {
    const { truth } = this
    const { genuine, fraud, technical } = this.#challenges
    if (this.#technical.of(event, attempt) < technical) return endAt.technical
    const told = attempt === 0 ? truth.luck(row) : Number.NaN
    const luck = Number.isNaN(told) ? this.#luck.of(event, attempt) : told
    const usual = truth.isFraud(row) ? fraud : genuine
    const pass = truth.pass(row)
    const abandon = truth.abandon(row)
    const passes = Number.isNaN(pass) ? usual.pass : pass
    if (luck < passes) return endAt.passed
    // One that says how many pass says how many leave: otherwise all others fail.
    const leaves = Number.isNaN(abandon) ? (Number.isNaN(pass) ? usual.abandon : 0) : abandon
    return luck < passes + leaves ? endAt.abandoned : endAt.failed
  }

  /** The one that speaks most for fraud. */
  #reason(): number {
    const { weights, reasons } = this.scratch
    let most = 0
    let reason: string | undefined
    for (let part = 0; part < weights.length; part++) {
      const weight = weights[part] as number
      if (!(weight > most)) continue
      most = weight
      reason = reasons[part]
    }
    if (reason === undefined) return 0
    const known = this.#reasonIds.get(reason)
    if (known !== undefined) return known
    const id = this.reasons.length
    this.#reasonIds.set(reason, id)
    this.reasons.push(reason)
    return id
  }
}
