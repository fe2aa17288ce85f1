import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  add,
  chainRatio,
  countsIn,
  emptyHistory,
  freemanFeatures,
  freemanScorer,
  type History,
  historySize,
  type Levels,
  lnProbability,
  spaces,
  volumeRatio,
} from '../../../src/risk/scorers/freeman.ts'

type Event = { readonly card: string; readonly network: Levels; readonly agent: Levels }

const all = (history: History, levels: Levels): History => add(history, levels, Number.POSITIVE_INFINITY)

/** ln S of an event after earlier ones, as the engine puts it together. */
function lnS(before: readonly Event[], event: Event): number {
  const own = before.filter(({ card }) => card === event.card)
  const ratio = (chain: 'network' | 'agent'): number => {
    const everyone = before.reduce((history, other) => all(history, other[chain]), emptyHistory)
    const card = own.reduce((history, other) => add(history, other[chain]), emptyHistory)
    return chainRatio(countsIn(everyone, event[chain]), countsIn(card, event[chain]), spaces[chain])
  }
  const cards = new Set(before.map(({ card }) => card)).size
  return ratio('network') + ratio('agent') + volumeRatio(cards, own.length, before.length)
}

const address = {
  home: { narrow: 10, middle: 1920, wide: 392 }, // 192.0.2.10, 192.0, Japan
  office: { narrow: 77, middle: 1920, wide: 392 }, // 192.0.2.77
  abroad: { narrow: 7, middle: 19851, wide: 840 }, // 198.51.100.7, 198.51, the United States
}
const agent = {
  laptop: { narrow: 1, middle: 1, wide: 1 }, // a signature of user agent 1 on Windows
  other: { narrow: 2, middle: 1, wide: 1 }, // another signature of the same user agent
  app: { narrow: 3, middle: 3, wide: 3 },
  phone: { narrow: 4, middle: 4, wide: 4 },
}
const history: readonly Event[] = [
  { card: 'u', network: address.home, agent: agent.laptop },
  { card: 'u', network: address.home, agent: agent.laptop },
  { card: 'u', network: address.office, agent: agent.other },
  { card: 'v', network: address.abroad, agent: agent.app },
  { card: 'v', network: address.home, agent: agent.phone },
]

/*
 * Worked by hand. N = 5 events of U = 2 cards, n = 3 of card u.
 *
 * Card u from abroad, with its laptop:
 *   network, all:  US 1 of 5 events, 2 countries: 1/(5+2);   198.51 given US: 1/(1+1);    address: 1/(1+1)     → 1/28
 *   network, card: US never in 3 events, 1 country: 1/(3+1)/250; then never seen: 1/4096 · 1/65536              → 1/(1000 · 2^28)
 *   agent, all:    Windows 3 of 5, 3 platforms: 3/8;         user agent 3/(3+1);          signature 2/(3+2)   → 9/80
 *   agent, card:   Windows 3 of 3, 1 platform: 3/4;          user agent 3/4;              signature 2/5       → 9/40
 *   volume:        (1/2) / (3/5) = 5/6
 *   S = (1000 · 2^28 / 28) · (1/2) · (5/6)
 *
 * Card u from home, with its laptop:
 *   network, all:  Japan 4/(5+2); 192.0: 4/(4+1); .10: 3 of 4, 2 addresses: 3/(4+2)                             → 8/35
 *   network, card: Japan 3/(3+1); 192.0: 3/(3+1); .10: 2/(3+2)                                                  → 9/40
 *   S = (8/35)/(9/40) · (1/2) · (5/6) = 80/189
 */
describe('the example worked by hand', () => {
  test('of a card at home', () => {
    const event = { card: 'u', network: address.home, agent: agent.laptop }
    expect(lnS(history, event)).toBeCloseTo(Math.log(80 / 189), 12)
  })
  test('of a card abroad', () => {
    const event = { card: 'u', network: address.abroad, agent: agent.laptop }
    expect(lnS(history, event)).toBeCloseTo(Math.log(((1000 * 2 ** 28) / 28) * (1 / 2) * (5 / 6)), 12)
  })
  test('of a card that was never seen, which it cannot judge', () => {
    expect(lnS(history, { card: 'w', network: address.home, agent: agent.laptop })).toBeNaN()
  })
  test('of a history without events, where every value is as likely as any other', () => {
    const nothing = countsIn(emptyHistory, address.home)
    expect(lnProbability(nothing, spaces.network)).toBeCloseTo(-Math.log(65_536 * 4_096 * 250), 12)
  })
})

/** Counted again from the raw events, without a history: the definition as it reads. */
function naive(before: readonly Event[], event: Event): number {
  const lnP = (events: readonly Event[], chain: 'network' | 'agent'): number => {
    const values = events.map((other) => other[chain])
    const factor = (below: readonly number[], value: number, space: number): number => {
      const n = below.length
      const d = new Set(below).size
      const c = below.filter((other) => other === value).length
      return n === 0 ? 1 / space : c > 0 ? c / (n + d) : d / (n + d) / space
    }
    const x = event[chain]
    const k = spaces[chain]
    const inMiddle = values.filter(({ middle }) => middle === x.middle).map(({ narrow }) => narrow)
    const inWide = values.filter(({ wide }) => wide === x.wide).map(({ middle }) => middle)
    return (
      Math.log(factor(inMiddle, x.narrow, k.narrow)) +
      Math.log(factor(inWide, x.middle, k.middle)) +
      Math.log(
        factor(
          values.map(({ wide }) => wide),
          x.wide,
          k.wide,
        ),
      )
    )
  }
  const own = before.filter(({ card }) => card === event.card)
  const cards = new Set(before.map(({ card }) => card)).size
  return (
    lnP(before, 'network') -
    lnP(own, 'network') +
    lnP(before, 'agent') -
    lnP(own, 'agent') +
    Math.log(1 / cards) -
    Math.log(own.length / before.length)
  )
}

/** An address belongs to one prefix, a prefix to one country. */
const levels = fc.nat(23).map((n) => ({ narrow: n, middle: n >> 1, wide: n >> 3 }))
const anyEvent = fc.record({ card: fc.constantFrom('a', 'b', 'c', 'd'), network: levels, agent: levels })

prop.prop([fc.array(anyEvent, { minLength: 1, maxLength: 60 })])(
  'S is what a recount of the raw events gives',
  (events) => {
    for (let i = 1; i < events.length; i++) {
      const event = events[i] as Event
      const before = events.slice(0, i)
      const expected = naive(before, event)
      if (before.some(({ card }) => card === event.card)) expect(lnS(before, event)).toBeCloseTo(expected, 9)
      else expect(lnS(before, event)).toBeNaN()
    }
  },
)

test('a full history keeps its counts, takes no new value, and says so', () => {
  let card = emptyHistory
  for (let i = 0; i < historySize + 5; i++) card = add(card, { narrow: i, middle: i % 7, wide: i % 2 })
  expect(card.sightings).toHaveLength(historySize)
  expect(card.lost).toBe(5)
  const known = add(card, { narrow: 0, middle: 0, wide: 0 })
  expect(countsIn(known, { narrow: 0, middle: 0, wide: 0 })).toMatchObject({ events: historySize + 1, narrow: 2 })
  expect(countsIn(known, { narrow: 999, middle: 0, wide: 0 })).toMatchObject({ narrow: 0 })
})

describe('as a scorer', () => {
  const engine = ['other', ...freemanFeatures]
  const scorer = freemanScorer({ kind: 'freeman', name: 'freeman', version: '1' }, engine)
  const out = new Float64Array(3)

  test('it adds up its three parts', () => {
    const event = Float64Array.of(9, 3.3, -0.7, 0.1)
    const base = scorer.contributions(event, out)
    expect(scorer.logOdds(event)).toBeCloseTo(2.7, 8)
    expect(base + (out[0] ?? 0) + (out[1] ?? 0) + (out[2] ?? 0)).toBe(scorer.logOdds(event))
  })
  test('a chain that was not told says nothing', () => {
    expect(scorer.logOdds(Float64Array.of(9, Number.NaN, -0.75, 0.5))).toBe(-0.25)
  })
  test('it abstains on a card without a past', () => {
    expect(scorer.logOdds(Float64Array.of(9, 3, 2, Number.NaN))).toBeNaN()
  })
  test('an engine that does not count for it is named', () => {
    expect(() => freemanScorer({ kind: 'freeman', name: 'freeman', version: '1' }, ['other'])).toThrow(
      'the engine knows no feature "freeman_network"',
    )
  })
})
