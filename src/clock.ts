// Clocks: the machine's, and one that is moved by hand. Timers fire in the order of their times.
import type { Clock } from './acs/ports.ts'

/** setTimeout takes at most this many milliseconds. */
const longestTimeout = 2_147_483_647

export const systemClock: Clock = {
  now: Date.now,
  schedule(at, work) {
    let timer: NodeJS.Timeout
    const arm = (): void => {
      const left = at - Date.now()
      timer = left > longestTimeout ? setTimeout(arm, longestTimeout) : setTimeout(work, Math.max(0, left))
    }
    arm()
    return () => clearTimeout(timer)
  },
}

export interface ManualClock extends Clock {
  /** Moves the clock forward; what is due on the way fires in order, each at its own time. */
  advance(ms: number): void
}

export function manualClock(start: number): ManualClock {
  let now = start
  let order = 0
  const plan = new Set<{ readonly at: number; readonly order: number; readonly work: () => void }>()
  const next = (until: number) =>
    [...plan].filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0]
  return {
    now: () => now,
    schedule(at, work) {
      order += 1
      const entry = { at, order, work }
      plan.add(entry)
      return () => plan.delete(entry)
    },
    advance(ms) {
      const until = now + ms
      for (let entry = next(until); entry !== undefined; entry = next(until)) {
        plan.delete(entry)
        now = Math.max(now, entry.at)
        entry.work()
      }
      now = until
    },
  }
}
