/** How far a run is. The clock is only for people: no result depends on it. */

export const phases = ['events', 'tuning', 'decisions', 'measures', 'repeats', 'files'] as const
export type Phase = (typeof phases)[number]

export type Progress = {
  readonly phase: Phase
  /** What of it is being done, where that has a name: a variant, a seed. */
  readonly variant?: string
  readonly done: number
  readonly of: number
  /** What is counted. */
  readonly unit: 'events' | 'steps' | 'seeds' | 'files'
  /** Of the last seconds; absent until something is known. */
  readonly eventsPerSecond?: number
  readonly secondsLeft?: number
}
export type OnProgress = (progress: Progress) => void

/** What of the past the rate is taken over. */
const windowMs = 10_000

type Point = { readonly at: number; readonly done: number }

/** Adds rate and time left to what is told. `now` in milliseconds of any clock that only goes forward. */
export class Meter {
  readonly #tell: OnProgress
  readonly #now: () => number
  #phase: string | undefined
  #points: Point[] = []
  constructor(tell: OnProgress, now: () => number = () => performance.now()) {
    this.#tell = tell
    this.#now = now
  }
  readonly at = (
    phase: Phase,
    done: number,
    of: number,
    unit: Progress['unit'] = 'events',
    variant?: string | undefined,
  ): void => {
    const key = `${phase} ${variant ?? ''}`
    if (key !== this.#phase) {
      this.#phase = key
      this.#points = []
    }
    const now = this.#now()
    this.#points.push({ at: now, done })
    while (this.#points.length > 2 && (this.#points[1] as Point).at <= now - windowMs) this.#points.shift()
    const first = this.#points[0] as Point
    const perMs = now > first.at ? (done - first.done) / (now - first.at) : 0
    this.#tell({
      phase,
      done,
      of,
      unit,
      ...(variant !== undefined && { variant }),
      ...(perMs > 0 && unit === 'events' && { eventsPerSecond: perMs * 1_000 }),
      ...(perMs > 0 && { secondsLeft: Math.max(0, of - done) / perMs / 1_000 }),
    })
  }
}
