/**
 * Consequences: what is answered changes what comes. A card that is blocked is not used until its holder has a new one, which is
 * another account; an attacker who is turned away goes to another shop, asks for less, or gives up; only a fraud that went through is
 * ever reported. Chance is drawn by event and attempt, so that two policies that answer alike see the same.
 */
import { type Column, numberIn, type Part, textIn } from '../stream/table.ts'
import { Chance } from './chance.ts'
import { isApproved, isDecline, notMade } from './decisions.ts'
import { Dues } from './dues.ts'
import type { Fold, Sink } from './fold.ts'
import type { EventReader } from './reader.ts'
import type { Consequences } from './types.ts'

const daySeconds = 86_400
const rejected = 'R'.charCodeAt(0)
/** Codes of `challengeEnds`: failed and abandoned. */
const isUnanswered = (end: number): boolean => end === 2 || end === 3

type CardState = { blockedUntil: number; renewals: number; failures: number[] }
/** Of one campaign and one card. */
type Target = { readonly renewals: number; inVain: number }
/** A further attempt: its row as a part of its own. */
type Attempt = { readonly part: Part; readonly event: number; readonly attempt: number }

export class ClosedLoop {
  readonly #fold: Fold
  readonly #reader: EventReader
  readonly #attemptReader: EventReader
  readonly #sink: Sink
  readonly #rules: Consequences
  readonly #retries: Chance
  readonly #waits: Chance
  readonly #shops: Chance
  readonly #lowers: Chance
  readonly #attempts = new Dues<Attempt>()
  readonly #cards = new Map<string, CardState>()
  readonly #targets = new Map<string, Target>()
  #part!: Part

  /** The readers must not be used by anybody else in between. `fold` tells this of what it learns (`onTaught`). */
  constructor(
    fold: Fold,
    reader: EventReader,
    attemptReader: EventReader,
    rules: Consequences,
    seed: string,
    sink: Sink,
  ) {
    this.#fold = fold
    this.#reader = reader
    this.#attemptReader = attemptReader
    this.#sink = sink
    this.#rules = rules
    this.#retries = new Chance(seed, 'retry')
    this.#waits = new Chance(seed, 'wait')
    this.#shops = new Chance(seed, 'shop')
    this.#lowers = new Chance(seed, 'lower')
    fold.onTaught = (kind, card, at) => this.#taught(kind, card, at)
  }

  bind(part: Part): void {
    this.#part = part
    this.#reader.bind(part)
    this.#fold.bind(part)
  }

  /** A row of the stream, after all attempts that come before it. */
  take(row: number, event: number, ts: number): void {
    this.until(ts)
    this.#fold.learnUntil(ts)
    this.#make(this.#part, this.#reader, row, event, 0, ts)
  }

  /** Attempts up to a time, which is not after the next row of the stream. */
  until(ts: number): void {
    while (this.#attempts.next <= ts) {
      const at = this.#attempts.next
      const attempt = this.#attempts.take()
      if (attempt === undefined) return
      const part = this.#part
      this.#attemptReader.bind(attempt.part)
      this.#fold.bind(attempt.part)
      this.#fold.learnUntil(at)
      this.#make(attempt.part, this.#attemptReader, 0, attempt.event, attempt.attempt, at)
      if (part !== undefined) this.#fold.bind(part)
    }
  }

  #make(part: Part, reader: EventReader, row: number, event: number, attempt: number, ts: number): void {
    const { columns } = part
    const card = textIn(columns.get('card'), row) ?? ''
    const state = this.#cards.get(card)
    const campaign = textIn(columns.get('campaign'), row)
    const renewals = state?.renewals ?? 0
    const target = campaign === undefined ? undefined : this.#targetOf(campaign, card, renewals)
    const isGone = target !== undefined && (target.renewals < renewals || target.inVain >= this.#rules.giveUpAfter)
    if (isGone || (state !== undefined && ts < state.blockedUntil)) {
      // An attempt beyond the stream that is not made never was one.
      if (attempt === 0) this.#leaveOut(reader, row, event, ts)
      return
    }
    const fold = this.#fold
    fold.card = card
    const status = fold.take(reader, row, event, attempt, ts, this.#sink, renewals)
    const end = fold.end
    if (status === rejected && this.#rules.blockAfterReject) this.#block(card, ts)
    if (target === undefined) return
    if (isApproved(status, end)) {
      target.inVain = 0
      return
    }
    target.inVain++
    if (isDecline(status) || isUnanswered(end)) this.#retry(part, row, event, attempt, ts, isUnanswered(end))
  }

  #leaveOut(reader: EventReader, row: number, event: number, ts: number): void {
    reader.go(row, ts)
    this.#sink.put(event, 0, ts, reader.amount, Number.NaN, notMade, 0, 0)
  }

  #targetOf(campaign: string, card: string, renewals: number): Target {
    const key = `${campaign}\n${card}`
    const known = this.#targets.get(key)
    if (known !== undefined) return known
    const made = { renewals, inVain: 0 }
    this.#targets.set(key, made)
    return made
  }

  #retry(part: Part, row: number, event: number, attempt: number, ts: number, wasAsked: boolean): void {
    const { retry, lower } = this.#rules
    if (attempt >= retry.most || this.#retries.of(event, attempt) >= retry.share) return
    const [from, to] = retry.minutes
    const wait = Math.round(60 * (from + (to - from) * this.#waits.of(event, attempt)))
    const factor = wasAsked && this.#lowers.of(event, attempt) < lower.share ? lower.factor : 1
    const at = ts + Math.max(1, wait)
    this.#attempts.put(at, {
      part: this.#elsewhere(part, row, at, at - ts, factor, this.#shops.of(event, attempt)),
      event,
      attempt: attempt + 1,
    })
  }

  /** The same purchase at another time, at the shop of another row, which has said nothing of it. */
  #elsewhere(part: Part, row: number, ts: number, later: number, factor: number, chance: number): Part {
    const whole = this.#part
    const shop = Math.floor(chance * whole.n)
    const columns = new Map<string, Column>()
    for (const [name, column] of part.columns) if (!isScreening(name)) columns.set(name, oneOf(column, row))
    for (const name of shopColumns) {
      const column = whole.columns.get(name)
      if (column === undefined) columns.delete(name)
      else columns.set(name, oneOf(column, shop))
    }
    const number = (value: number): Column => ({ kind: 'number', values: Float64Array.of(value) })
    columns.set('ts', number(ts))
    columns.set(
      'purchaseAmount',
      number(Math.max(1, Math.round(numberIn(part.columns.get('purchaseAmount'), row) * factor))),
    )
    columns.set('labelTs', number(numberIn(part.columns.get('labelTs'), row) + later))
    return { n: 1, first: 0, columns }
  }

  #taught(kind: string, card: string, at: number): void {
    const { blockAfterReport, blockAfterFailed } = this.#rules
    if (kind === 'fraud' && blockAfterReport) this.#block(card, at)
    if (kind !== 'challengeFailed' || blockAfterFailed <= 0) return
    const state = this.#stateOf(card)
    const failures = [...state.failures.filter((one) => one > at - daySeconds), at]
    state.failures = failures
    if (failures.length >= blockAfterFailed) this.#block(card, at)
  }

  #stateOf(card: string): CardState {
    const known = this.#cards.get(card)
    if (known !== undefined) return known
    const made: CardState = { blockedUntil: Number.NEGATIVE_INFINITY, renewals: 0, failures: [] }
    this.#cards.set(card, made)
    return made
  }

  #block(card: string, at: number): void {
    const state = this.#stateOf(card)
    if (at < state.blockedUntil) return
    state.blockedUntil = at + this.#rules.reissueDays * daySeconds
    state.renewals++
    state.failures = []
  }
}

/** What a shop is known by. */
const shopColumns = ['merchant', 'merchantName', 'mcc', 'merchantCountryCode'] as const
const isScreening = (name: string): boolean => /^merchant(Source|Verdict|Score|Signals)/.test(name)

const oneOf = (column: Column, row: number): Column =>
  column.kind === 'text'
    ? { kind: 'text', dictionary: column.dictionary, ids: Uint32Array.of(column.ids[row] ?? 0) }
    : { kind: 'number', values: Float64Array.of(column.values[row] ?? Number.NaN) }
