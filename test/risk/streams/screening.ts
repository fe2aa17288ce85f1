/**
 * Screenings of the shops of a stream, made up: each has an eye of its own (how far frauds lie from good purchases in what it
 * sees) and cuts of its own (how much of the good it calls what). What they say is drawn from (seed, event); what is known of
 * them at an event are the labels that had come in by then.
 */
import type { Assessment, ScreeningVerdict } from '../../../src/risk/assessment.ts'
import { decide } from '../../../src/risk/decide.ts'
import type { Policy } from '../../../src/risk/policy.ts'
import { newScratch, weighInto } from '../../../src/risk/score.ts'
import {
  averageOf,
  counted,
  emptySource,
  type Opinion,
  opinionOf,
  type SourceRecord,
} from '../../../src/risk/sources.ts'
import { activeCard, plainRequest } from '../support.ts'
import type { StreamEvent } from './events.ts'
import { day } from './population.ts'
import { randomOf } from './random.ts'
import type { Judged } from './runner.ts'
import { measured } from './stream.ts'

type Eye = {
  /** Standard deviations between good purchases and frauds. */
  readonly apart: number
  /** Of good purchases: so many are OK, so many at most REVIEW, at most HOLD; the others are NG. */
  readonly cuts: readonly [ok: number, review: number, hold: number]
}
export const eyes = {
  sharp: { apart: 2, cuts: [0.94, 0.985, 0.99] },
  /** Sees what `sharp` sees, at the shops that have both. */
  twin: { apart: 2, cuts: [0.94, 0.985, 0.99] },
  /** Calls a third of its customers thieves. */
  biased: { apart: 0.3, cuts: [0.5, 0.62, 0.66] },
  /** Is content with everybody. */
  easy: { apart: 0.8, cuts: [0.995, 0.999, 0.9995] },
} as const satisfies Readonly<Record<string, Eye>>
export type SourceName = keyof typeof eyes
export const sourceNames = Object.keys(eyes) as readonly SourceName[]

/** Abramowitz and Stegun 26.2.17: exact to seven digits. */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    Math.exp((-x * x) / 2) *
    0.3989422804 *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x > 0 ? 1 - tail : tail
}

/** Which screenings a shop has. */
function sourcesOf(seed: number, { areq }: StreamEvent): readonly SourceName[] {
  const shop = areq.acquirerMerchantID ?? areq.merchantName ?? ''
  return randomOf(seed, 'screening', shop).weighted<readonly SourceName[]>([
    [['sharp'], 4],
    [['sharp', 'twin'], 3],
    [['biased'], 2],
    [['biased', 'sharp'], 2],
    [['easy'], 2],
    [[], 1],
  ])
}

/** What the screenings of the shop say. */
export function assessed(seed: number, event: StreamEvent): readonly Assessment[] {
  // What the holder or the family does shows nowhere.
  const isFraud = event.pattern !== undefined && event.pattern !== 'family_or_friendly'
  const random = randomOf(seed, 'screened', event.id)
  const seen = { sharp: random.normal(), biased: random.normal(), easy: random.normal() }
  const noise = random.normal()
  return sourcesOf(seed, event).map((source): Assessment => {
    const { apart, cuts } = eyes[source]
    const x = (source === 'twin' ? 0.9 * seen.sharp + 0.436 * noise : seen[source]) + (isFraud ? apart : 0)
    const place = normalBelow(x)
    const verdict: ScreeningVerdict =
      place < cuts[0] ? 'OK' : place < cuts[1] ? 'REVIEW' : place < cuts[2] ? 'HOLD' : 'NG'
    return { source, verdict, score: place, reasons: [], issuedAt: '', about: {} }
  })
}

export type Records = ReadonlyMap<string, SourceRecord>
export type Screened = { readonly judged: Judged; readonly opinions: readonly Opinion[] }

type Due = { readonly at: number; readonly event: StreamEvent; readonly end: 'good' | 'fraud' }

/** Good purchases count as such after so many days without a report. */
const goodAfter = 14 * day

/** Each event with what is said of it, and what was known by then of those who say it. `atEnd`: what is known after all of it. */
export function screenedOf(
  seed: number,
  all: readonly Judged[],
): { readonly screened: readonly Screened[]; readonly atEnd: Records } {
  const records = new Map<string, SourceRecord>()
  const due = all
    .flatMap(({ event }): Due[] => {
      const { pattern, reportedAt, ts } = event
      if (reportedAt !== undefined) return [{ at: reportedAt, event, end: 'fraud' }]
      return pattern === undefined ? [{ at: ts + goodAfter, event, end: 'good' }] : []
    })
    .toSorted((a, b) => a.at - b.at)
  let next = 0
  const screened = all.map((judged): Screened => {
    const { event } = judged
    for (let one = due[next]; one !== undefined && one.at <= event.ts; one = due[++next])
      for (const said of assessed(seed, one.event))
        records.set(said.source, counted(records.get(said.source) ?? emptySource, said, one.end))
    const opinions = assessed(seed, event).map((said) => {
      const others = [...records].filter(([name]) => name !== said.source).map(([, record]) => record)
      return opinionOf(said, 'ahead', records.get(said.source) ?? emptySource, averageOf(others))
    })
    return { judged, opinions }
  })
  return { screened, atEnd: records }
}

/** As if nothing were known of any source. */
export const unknown = (opinions: readonly Opinion[]): readonly Opinion[] =>
  opinions.map(({ source, door, verdict, reasons }) =>
    opinionOf({ source, verdict, reasons: [...reasons], issuedAt: '', about: {} }, door, emptySource, emptySource),
  )

export type Ruling = { readonly score: number; readonly flagged: boolean }

/** Replay: the stream stays as it was, each purchase is decided again with what was said of it. */
export function rulingBy(policy: Policy): (one: Screened, opinions?: readonly Opinion[]) => Ruling {
  let scratch: ReturnType<typeof newScratch> | undefined
  return ({ judged: { event, facts, features } }, opinions) => {
    scratch ??= newScratch(policy, facts, features)
    const score = weighInto(scratch, features, facts, policy, opinions)
    const { reasons } = scratch
    const { areq, ts } = event
    const decided = decide({
      ...{ score, reasons, features, facts, areq, policy, opinions },
      ...{ card: activeCard, asked: plainRequest, now: ts * 1000 },
    })
    return { score, flagged: decided.transStatus !== 'Y' }
  }
}

/** Of the time in which it is measured. */
export const isMeasured = ({ judged: { event } }: Screened): boolean =>
  event.pattern !== undefined || event.ts >= measured.from
export const isAttack = ({ judged: { event } }: Screened): boolean =>
  event.pattern !== undefined && event.pattern !== 'family_or_friendly'

/** One number for each event under either policy, and whose it is. */
export type Pair = { readonly who: string; readonly a: number; readonly b: number }

/**
 * Paired bootstrap of the difference of two means, b less a: people (all that a card or a thief does) are drawn, not events, and the same
 * ones for both. 2,000 draws; the middle 95 in 100.
 */
export function difference(pairs: readonly Pair[], seed: number): { by: number; from: number; to: number; n: number } {
  const people = new Map<string, { a: number; b: number; n: number }>()
  for (const { who, a, b } of pairs) {
    const sum = people.get(who) ?? { a: 0, b: 0, n: 0 }
    people.set(who, { a: sum.a + a, b: sum.b + b, n: sum.n + 1 })
  }
  const groups = [...people.values()]
  const random = randomOf(seed, 'bootstrap')
  const of = (drawn: readonly { a: number; b: number; n: number }[]): number => {
    let [sum, n] = [0, 0]
    for (const one of drawn) {
      sum += one.b - one.a
      n += one.n
    }
    return n === 0 ? 0 : sum / n
  }
  const draws = Array.from({ length: 2_000 }, () =>
    of(groups.map((_, __, all) => all[Math.floor(random.unit() * all.length)] ?? { a: 0, b: 0, n: 0 })),
  ).toSorted((a, b) => a - b)
  return { by: of(groups), from: draws[50] ?? 0, to: draws[1_949] ?? 0, n: pairs.length }
}
