/**
 * How far thresholds are moved until a variant meets another one. Measures move in steps (one fraud more or less), so that many shifts
 * give the same; the one that is taken is at the edge: the least friction with at least as much fraud stopped, or the most fraud
 * stopped with at most as much friction. Every try is a whole run, since a challenge more or less also teaches the profiles; so few
 * are made, several side by side.
 */
import type { Measure } from './schema.ts'

export type Tried = { readonly by: number; readonly measure: number }
/** In the order of the shifts. A measure that has no value (no fraud, say) is null. */
export type Evaluate = (shifts: readonly number[]) => Promise<readonly (number | null)[]>

/** What a search ended with; `met` false: no shift that was tried gives what is wanted. */
export type Found = {
  readonly by: number
  readonly reached: number
  readonly tried: readonly Tried[]
  readonly met: boolean
}

/** At least or at most as much as wanted; `low`: the lower a threshold the more so. */
type Rule = { readonly wants: 'atLeast' | 'atMost'; readonly low: boolean }
const moreFraud: Rule = { wants: 'atLeast', low: true }
const lessFriction: Rule = { wants: 'atMost', low: false }
const rules: Readonly<Record<Measure, Rule>> = {
  fraudStoppedAmount: moreFraud,
  fraudStopped: moreFraud,
  fraudCaughtAmount: moreFraud,
  fraudCaught: moreFraud,
  challenge: lessFriction,
  genuineLost: lessFriction,
  frictionless: { wants: 'atLeast', low: false },
}

const firstShifts = [-1.5, -0.5, 0, 0.5, 1.5]
/** Log-odds: no score of a policy is this far off. */
const farthest = 24
/** Log-odds: about as fine as any evidence. */
const narrow = 0.02
/** Of a share: what floating point leaves of equal counts. */
const grain = 1e-12

const tidy = (shift: number): number => Number(shift.toFixed(6))

/** Undefined: the measure has no value, so there is nothing to meet. */
export async function search(evaluate: Evaluate, measure: Measure, wanted: number): Promise<Found | undefined> {
  const { wants, low } = rules[measure]
  const meets = (one: Tried): boolean =>
    wants === 'atLeast' ? one.measure >= wanted - grain : one.measure <= wanted + grain
  /** From the side on which it is met to the one on which it is not. */
  const tried: Tried[] = []
  const inOrder = (): readonly Tried[] => tried.toSorted((a, b) => (low ? a.by - b.by : b.by - a.by))
  const tryAll = async (shifts: readonly number[]): Promise<boolean> => {
    const fresh = [...new Set(shifts.map(tidy))].filter((by) => !tried.some((one) => one.by === by))
    const values = await evaluate(fresh)
    for (const [i, by] of fresh.entries()) {
      const value = values[i]
      if (value === null || value === undefined) return false
      tried.push({ by, measure: value })
    }
    return true
  }
  /** The first that is not met, after one that is: all before it are met, too. */
  const edge = (): readonly [met: Tried | undefined, unmet: Tried | undefined] => {
    const sorted = inOrder()
    const at = sorted.findIndex((one) => !meets(one))
    return at < 0 ? [sorted.at(-1), undefined] : [sorted[at - 1], sorted[at]]
  }
  if (!(await tryAll(firstShifts))) return undefined
  for (let far = 3; edge().includes(undefined) && far <= farthest; far *= 2) {
    const [met] = edge()
    // Towards where it is met, or away from it.
    if (!(await tryAll([(met === undefined) === low ? -far : far]))) return undefined
  }
  for (;;) {
    const [met, unmet] = edge()
    if (met === undefined || unmet === undefined || Math.abs(unmet.by - met.by) <= narrow) break
    const quarter = (unmet.by - met.by) / 4
    if (!(await tryAll([1, 2, 3].map((part) => met.by + part * quarter)))) return undefined
  }
  const [met] = edge()
  const best = met ?? inOrder()[0]
  return best === undefined
    ? undefined
    : { by: best.by, reached: best.measure, tried: tried.toSorted((a, b) => a.by - b.by), met: met !== undefined }
}
