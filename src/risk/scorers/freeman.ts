/**
 * `freeman`: how much likelier an event is from anybody than from the cardholder (Freeman et al. 2016, in our variant):
 *
 *   ln S = Σ over chains [ ln P(x | all) - ln P(x | card) ] + ln(1/U) - ln(n/N)
 *
 * with U cards seen so far, n earlier events of the card and N of all. The chains go from narrow to wide: network (address,
 * its prefix, country) and agent (full browser signature, user agent, platform). P(x) is the product of three factors, each
 * value given the wider one, smoothed after Witten and Bell: of a wider value seen n times, with d distinct narrower ones of
 * which this was seen c times, c/(n + d); d/(n + d)/K where c = 0; 1/K where n = 0. Histories hold the events before this.
 * Read as: a value is told together with the wider ones, so that a prefix which moves to another country is another prefix.
 */
import type { z } from 'zod'
import { toGrain } from './grain.ts'
import { hashOf, type Model, positionsOf, type Scorer, scorerAbout, scorerOf } from './scorer.ts'

/** One event in one chain: short ids of the values. */
export type Levels = { readonly narrow: number; readonly middle: number; readonly wide: number }

/** How many values there could be on a level, seen or not. */
export type Spaces = Levels
export const spaces = {
  network: { narrow: 65_536, middle: 4_096, wide: 250 },
  agent: { narrow: 500, middle: 200, wide: 20 },
} as const satisfies Record<string, Spaces>

/** What a history knows of one event's values: how often each was seen, and how many distinct ones are below it. */
export type ChainCounts = {
  readonly events: number
  readonly wides: number
  readonly wide: number
  readonly middles: number
  readonly middle: number
  readonly narrows: number
  readonly narrow: number
}

/** What was seen had at least one narrower value: counts that say otherwise have lost it, and give no infinity. */
function lnFactor(c: number, n: number, distinct: number, space: number): number {
  if (n === 0) return -Math.log(space)
  const d = Math.max(1, distinct)
  return c > 0 ? Math.log(c / (n + d)) : Math.log(d / (n + d) / space)
}

/** ln P of the values that were counted. */
export const lnProbability = (counts: ChainCounts, space: Spaces): number =>
  lnFactor(counts.narrow, counts.middle, counts.narrows, space.narrow) +
  lnFactor(counts.middle, counts.wide, counts.middles, space.middle) +
  lnFactor(counts.wide, counts.events, counts.wides, space.wide)

export type Sighting = Levels & { readonly count: number }
/** The narrow values of one chain with how often each was seen, those of one prefix and of one country side by side. */
export type History = {
  readonly sightings: readonly Sighting[]
  /** Events whose values had no place any more. Above 0 the history is full, and says so. */
  readonly lost: number
}

export const emptyHistory: History = { sightings: [], lost: 0 }
/** Narrow values that the history of a card keeps, and so at most as many of each wider level. */
export const historySize = 64

/** The history with one more event; the history of all has no end (`size`: Infinity). */
export function add({ sightings, lost }: History, { narrow, middle, wide }: Levels, size = historySize): History {
  let place = sightings.length
  for (let i = 0; i < sightings.length; i++) {
    const other = sightings[i]
    if (other === undefined || other.wide !== wide) continue
    if (other.middle === middle && other.narrow === narrow)
      return { sightings: sightings.with(i, { narrow, middle, wide, count: other.count + 1 }), lost }
    // After the last of its country, or better of its prefix.
    if (place === sightings.length || other.middle === middle || sightings[place - 1]?.middle !== middle) place = i + 1
  }
  if (sightings.length >= size) return { sightings, lost: lost + 1 }
  return { sightings: sightings.toSpliced(place, 0, { narrow, middle, wide, count: 1 }), lost }
}

export function countsIn({ sightings }: History, { narrow, middle, wide }: Levels): ChainCounts {
  const counts = { events: 0, wides: 0, wide: 0, middles: 0, middle: 0, narrows: 0, narrow: 0 }
  let before: Sighting | undefined
  for (let i = 0; i < sightings.length; i++) {
    const seen = sightings[i]
    if (seen === undefined) continue
    const isOtherWide = before === undefined || before.wide !== seen.wide
    counts.events += seen.count
    if (isOtherWide) counts.wides++
    if (seen.wide === wide) {
      counts.wide += seen.count
      if (isOtherWide || before?.middle !== seen.middle) counts.middles++
      if (seen.middle === middle) {
        counts.middle += seen.count
        counts.narrows++
        if (seen.narrow === narrow) counts.narrow += seen.count
      }
    }
    before = seen
  }
  return counts
}

/** What one chain says: above 0 where anybody is likelier than the cardholder. */
export const chainRatio = (all: ChainCounts, own: ChainCounts, space: Spaces): number =>
  lnProbability(all, space) - lnProbability(own, space)

/** ln(1/U) - ln(n/N): a card that buys more often than others is likelier to be at work. NaN before its first event, and where nobody was counted. */
export const volumeRatio = (cards: number, own: number, all: number): number =>
  own === 0 || cards === 0 || all === 0 ? Number.NaN : Math.log(all / (cards * own))

export const freemanFeatures = ['freeman_network', 'freeman_agent', 'freeman_volume'] as const

/** ln S as a scorer. A chain that was not told adds nothing; without an earlier event of the card it abstains (NaN). */
export function freemanScorer(told: z.input<typeof scorerAbout>, engine: readonly string[]): Scorer {
  const about = scorerAbout.parse(told)
  const positions = positionsOf(freemanFeatures, about, engine, () => '')
  const partOf = (i: number, event: Float64Array): number => toGrain(event[positions[i] ?? 0] ?? Number.NaN)
  const chainOf = (i: number, event: Float64Array): number => {
    const part = partOf(i, event)
    return Number.isNaN(part) ? 0 : part
  }
  const model: Model = {
    features: freemanFeatures,
    gives: 'logOdds',
    most: 1_000, // three logarithms of doubles each
    score: (event) => chainOf(0, event) + chainOf(1, event) + partOf(2, event),
    parts(event, out) {
      out[0] = chainOf(0, event)
      out[1] = chainOf(1, event)
      out[2] = partOf(2, event)
      return 0
    },
  }
  // There is no model text: the counts are in the profiles. The hash stands for this file's formula.
  return scorerOf(about, hashOf('freeman 1'), model)
}
