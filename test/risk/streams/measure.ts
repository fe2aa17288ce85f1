/** How much of each pattern is flagged, and of genuine purchases, in the time in which the engine knows the people. */
import type { PatternId } from './events.ts'
import type { Judged } from './runner.ts'
import { measured } from './stream.ts'

export type Share = { readonly n: number; readonly flagged: number }
export type Measured = { readonly genuine: Share; readonly patterns: ReadonlyMap<PatternId, Share> }

const none: Share = { n: 0, flagged: 0 }
const plus = ({ n, flagged }: Share, by: boolean): Share => ({ n: n + 1, flagged: flagged + (by ? 1 : 0) })

/** `isFlagged`: as it was decided, or as another policy would have decided with the same stream. */
export function measure(
  judged: readonly Judged[],
  isFlagged: (one: Judged) => boolean = ({ flagged }) => flagged,
): Measured {
  let genuine = none
  const patterns = new Map<PatternId, Share>()
  for (const one of judged) {
    const { pattern, ts } = one.event
    if (pattern !== undefined) patterns.set(pattern, plus(patterns.get(pattern) ?? none, isFlagged(one)))
    else if (ts >= measured.from) genuine = plus(genuine, isFlagged(one))
  }
  return { genuine, patterns }
}

export const rateOf = ({ n, flagged }: Share): number => (n === 0 ? Number.NaN : flagged / n)

export function total(all: readonly Measured[]): Measured {
  const patterns = new Map<PatternId, Share>()
  let genuine = none
  const add = (a: Share, b: Share): Share => ({ n: a.n + b.n, flagged: a.flagged + b.flagged })
  for (const one of all) {
    genuine = add(genuine, one.genuine)
    for (const [id, share] of one.patterns) patterns.set(id, add(patterns.get(id) ?? none, share))
  }
  return { genuine, patterns }
}
