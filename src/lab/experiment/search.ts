/**
 * How far thresholds are moved until a measure has a wanted value. Every try is a whole run, since a challenge more or less also
 * teaches the profiles; so few are made, several side by side.
 */

export type Tried = { readonly by: number; readonly measure: number }
/** In the order of the shifts. A measure that has no value (no fraud, say) is null. */
export type Evaluate = (shifts: readonly number[]) => Promise<readonly (number | null)[]>

/** What a search ended with; `met` false: the wanted value lies beyond what any shift gives. */
export type Found = {
  readonly by: number
  readonly reached: number
  readonly tried: readonly Tried[]
  readonly met: boolean
}

const firstShifts = [-1.5, -0.5, 0, 0.5, 1.5]
/** Log-odds: no score of a policy is this far off. */
const farthest = 24
/** Log-odds: finer than any evidence. */
const narrow = 0.001
const mostRounds = 6
/** Nearer than this, of a share, is as near as chance lets anybody see. */
const nearEnough = 0.0002

const byShift = (a: Tried, b: Tried): number => a.by - b.by
const tidy = (shift: number): number => Number(shift.toFixed(6))

/** Nearest to what is wanted; of equals the smallest shift. */
function bestOf(tried: readonly Tried[], wanted: number): Tried | undefined {
  return tried.toSorted(
    (a, b) =>
      Math.abs(a.measure - wanted) - Math.abs(b.measure - wanted) || Math.abs(a.by) - Math.abs(b.by) || a.by - b.by,
  )[0]
}

/** Two neighbours with the wanted value between them. */
function bracketOf(tried: readonly Tried[], wanted: number): readonly [Tried, Tried] | undefined {
  const sorted = tried.toSorted(byShift)
  for (let i = 1; i < sorted.length; i++) {
    const low = sorted[i - 1] as Tried
    const high = sorted[i] as Tried
    if ((low.measure - wanted) * (high.measure - wanted) <= 0) return [low, high]
  }
  return undefined
}

/** Undefined: the measure has no value, so there is nothing to meet. */
export async function search(evaluate: Evaluate, wanted: number): Promise<Found | undefined> {
  const tried: Tried[] = []
  const tryAll = async (shifts: readonly number[]): Promise<boolean> => {
    const fresh = [...new Set(shifts.map(tidy))].filter((by) => !tried.some((one) => one.by === by))
    const measures = await evaluate(fresh)
    for (const [i, by] of fresh.entries()) {
      const measure = measures[i]
      if (measure === null || measure === undefined) return false
      tried.push({ by, measure })
    }
    return true
  }
  if (!(await tryAll(firstShifts))) return undefined
  for (let far = 3; bracketOf(tried, wanted) === undefined && far <= farthest; far *= 2)
    if (!(await tryAll([-far, far]))) return undefined
  for (let round = 0; round < mostRounds; round++) {
    const bracket = bracketOf(tried, wanted)
    if (bracket === undefined) break
    const [low, high] = bracket
    const width = high.by - low.by
    const isMet = [low, high].some(({ measure }) => Math.abs(measure - wanted) <= nearEnough)
    if (width <= narrow || isMet) break
    // A step between two shifts that give the same is not to be had finer.
    const slope = (wanted - low.measure) / (high.measure - low.measure)
    const guess = low.by + width * slope
    const near = [guess, guess - width / 10, guess + width / 10].filter((by) => by > low.by && by < high.by)
    if (!(await tryAll([...near, low.by + width / 2].slice(0, 4)))) return undefined
  }
  const best = bestOf(tried, wanted)
  return best === undefined
    ? undefined
    : {
        by: best.by,
        reached: best.measure,
        tried: tried.toSorted(byShift),
        met: bracketOf(tried, wanted) !== undefined,
      }
}
