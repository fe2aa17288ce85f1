import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadPolicy, type Policy, shippedPolicy } from '../../../src/risk/policy.ts'
import { patterns } from './attacks.ts'
import type { PatternId } from './events.ts'
import { measure, rateOf, type Share, total } from './measure.ts'
import { replayed, run } from './runner.ts'
import { size, streamOf } from './stream.ts'

/** Not those with which the weights of rules-jp were set. */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const policy = loadPolicy(readFileSync(shippedPolicy('rules-jp'), 'utf8'))

/** The checks that are said to catch a pattern, each group of them by itself (docs/attack-patterns.md). */
const named: { readonly [P in Exclude<PatternId, 'family_or_friendly'>]: readonly (readonly string[])[] } = {
  digital_bulk: [['unfamiliar', 'same-amount']],
  resale: [['amount-unlike-habit', 'first-and-expensive'], ['unfamiliar']],
  overseas_vpn_burst: [['network-kind', 'country-mismatch']],
  enumeration: [['card-testing', 'bin-enumeration', 'device-velocity', 'automated-browser']],
  stolen_number: [['unfamiliar']],
  account_takeover: [['unfamiliar'], ['shop-account']],
  phishing_relay: [['unfamiliar'], ['round-amount-new-device', 'unfamiliar']],
  device_replay: [['device-replay']],
  first_discount: [['first-discount']],
  affiliate: [['shared-contact', 'ship-to-velocity']],
  ticket_hoarding: [['automated-browser', 'device-velocity']],
  bnpl_nonpayment: [['place-of-delivery'], ['phone-number']],
  impossible_travel: [['impossible-travel']],
}
const groups = Object.entries(named).flatMap(([id, all]) => all.map((ids) => [id as PatternId, ids] as const))
const without = (ids: readonly string[]): Policy => ({
  ...policy,
  checks: policy.checks.filter(({ id }) => !ids.includes(id)),
})

/** One pass over each stream; what a policy with fewer checks would have decided is replayed from the same features. */
const measuredAll = seeds.map((seed) => {
  const judged = run(seed, streamOf(seed, size), policy)
  const attacks = judged.filter(({ event }) => event.pattern !== undefined)
  return {
    asDecided: measure(judged),
    withoutGroup: groups.map(([, ids]) => measure(attacks, replayed(attacks, without(ids)))),
    replayedAsIs: measure(judged, replayed(judged, policy)),
  }
})
const decided = total(measuredAll.map(({ asDecided }) => asDecided))
const shareOf = (id: PatternId, all = decided): Share => all.patterns.get(id) ?? { n: 0, flagged: 0 }

describe('under rules-jp, over ten seeds', () => {
  test('at most two in a hundred genuine purchases are flagged', () => {
    expect(decided.genuine.n).toBeGreaterThan(15_000)
    expect(rateOf(decided.genuine)).toBeLessThanOrEqual(0.02)
  })

  test('not all of them are spared: people who do everything at once are asked', () => {
    expect(rateOf(decided.genuine)).toBeGreaterThan(0.005)
  })

  test.each(Object.keys(named) as PatternId[])('at least eight in ten events of %s are flagged', (id) => {
    expect(shareOf(id).n).toBeGreaterThan(40)
    expect(rateOf(shareOf(id))).toBeGreaterThanOrEqual(0.8)
  })

  test('what the holder or the family does looks like the holder', () => {
    // Reported as it is: nothing shows, so it is flagged as often as others of the house are, more or less.
    expect(shareOf('family_or_friendly').n).toBeGreaterThan(40)
    expect(rateOf(shareOf('family_or_friendly'))).toBeLessThan(0.2)
  })

  test('every pattern is there', () => {
    expect([...decided.patterns.keys()].sort()).toEqual(patterns.map(({ id }) => id).sort())
  })
})

describe('with the named checks switched off, less is flagged', () => {
  test.each(groups.map(([id, ids], i) => [id, ids.join(' and '), i] as const))('of %s without %s', (id, _, i) => {
    const off = total(
      measuredAll.map(({ withoutGroup }) => withoutGroup[i] ?? { genuine: shareOf(id), patterns: new Map() }),
    )
    expect(rateOf(shareOf(id, off))).toBeLessThan(rateOf(shareOf(id)))
  })

  test('and a replay with all of them decides as the stream did', () => {
    const again = total(measuredAll.map(({ replayedAsIs }) => replayedAsIs))
    expect(again.genuine).toEqual(decided.genuine)
    expect(again.patterns).toEqual(decided.patterns)
  })
})
