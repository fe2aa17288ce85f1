/** One stream of a seed: people and all fourteen patterns at once, in one order, as an issuer would receive it. */
import { attacksOf, openings, type Scene } from './attacks.ts'
import { type Draft, ordered, type PatternId, type StreamEvent } from './events.ts'
import { cardNumber, day, drawn, populationOf, range, type Span } from './population.ts'
import { randomOf } from './random.ts'
import { shopsOf } from './world.ts'

/** Fifty days in which the engine gets to know the people, then forty in which it is measured, New Year among them. */
const begin = Date.UTC(2026, 9, 9, 15) / 1000
export const whole: Span = { from: begin, to: begin + 90 * day }
export const measured: Span = { from: begin + 50 * day, to: whole.to }

export type Size = { readonly holders: number; readonly patterns?: readonly PatternId[] }
export const size: Size = { holders: 160 }

export function streamOf(seed: number, { holders: size, patterns }: Size): readonly StreamEvent[] {
  const shops = shopsOf(seed)
  const holders = populationOf(seed, shops, whole, size)
  const genuine = drawn(seed, holders, shops, whole)
  const span = { from: measured.from, to: measured.to - 8 * day }
  const scene: Scene = { seed, shops, holders, genuine, span }
  const attacks = attacksOf(scene, patterns)
  return ordered([...reissued(seed, [...genuine, ...openings(scene, attacks)], attacks), ...attacks])
}

/** Whose number was stolen gets a new one when it is known, whatever the engine thought of it. */
function reissued(seed: number, genuine: readonly Draft[], attacks: readonly Draft[]): readonly Draft[] {
  const lost = new Map<string, number>()
  for (const { areq, reportedAt } of attacks) {
    if (reportedAt === undefined) continue
    lost.set(areq.acctNumber, Math.min(reportedAt, lost.get(areq.acctNumber) ?? reportedAt))
  }
  const next = new Map<string, string>()
  return genuine.map((draft) => {
    const { acctNumber } = draft.areq
    const since = lost.get(acctNumber)
    if (since === undefined || draft.ts <= since) return draft
    const number = next.get(acctNumber) ?? cardNumber(range, randomOf(seed, 'reissued', acctNumber))
    next.set(acctNumber, number)
    return { ...draft, areq: { ...draft.areq, acctNumber: number } }
  })
}
